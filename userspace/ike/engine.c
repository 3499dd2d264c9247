// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The engine itself: made, ended, time, and the small things everybody uses.
 * The other entry points: action.c (actions and results), configure.c, command.c, status.c,
 * v2/receive.c (datagrams).
 */
#include "ike/engine_priv.h"

#include <stdlib.h>
#include <string.h>

#include "ike/child.h"
#include "ike/gateway.h"
#include "ike/sa.h"
#include "ike/xchg.h"

const struct ike_limits ike_limits_default = {
	.cookie_threshold = 32,
	.half_open_max = 4096,
	.half_open_per_source = 64,
	.retransmit_first = 1 * VD_SECOND,
	.retransmit_tries = 6,
	.half_open_timeout = 30 * VD_SECOND,
};

struct ike_engine *ike_engine_new(const struct ike_ops *ops, const struct ike_limits *limits)
{
	struct ike_engine *e = calloc(1, sizeof(*e));

	if (!e)
		return NULL;
	e->ops = ops;
	e->limits = limits ? *limits : ike_limits_default;
	return e;
}

void ike_engine_free(struct ike_engine *e)
{
	struct ike_source *s, *tmp;

	if (!e)
		return;
	ike_gateways_free(e);
	ike_engine_reap(e);
	ike_actions_free(e);
	HASH_ITER(hh, e->sources, s, tmp) {
		HASH_DELETE(hh, e->sources, s);
		free(s);
	}
	ike_timers_free(&e->timers);
	vd_wipe(e, sizeof(*e));
	free(e);
}

void ike_engine_reap(struct ike_engine *e)
{
	while (e->dead_xchgs) {
		struct ike_xchg *x = e->dead_xchgs;

		e->dead_xchgs = x->next_dead;
		ike_xchg_free(e, x);
	}
	while (e->dead_children) {
		struct ike_child *c = e->dead_children;

		e->dead_children = c->next_dead;
		ike_child_free(e, c);
	}
	while (e->dead_sas) {
		struct ike_sa *sa = e->dead_sas;

		e->dead_sas = sa->next_dead;
		ike_sa_free(e, sa);
	}
}

void ike_engine_tick(struct ike_engine *e, vd_time now)
{
	struct ike_timer *t;

	e->now = now;
	while ((t = ike_timers_due(&e->timers, now)))
		t->fn(e, t);
	ike_engine_reap(e);
}

vd_time ike_engine_deadline(const struct ike_engine *e)
{
	return ike_timers_next(&e->timers);
}

const struct ike_counters *ike_engine_counters(const struct ike_engine *e)
{
	return &e->counters;
}

const char *ike_drop_name(enum ike_drop d)
{
	switch (d) {
	case IKE_DROP_TRUNCATED:	return "truncated";
	case IKE_DROP_LENGTH:		return "length";
	case IKE_DROP_VERSION:		return "version";
	case IKE_DROP_FLAGS:		return "flags";
	case IKE_DROP_EXCHANGE:		return "exchange";
	case IKE_DROP_UNKNOWN_SPI:	return "unknown-spi";
	case IKE_DROP_NO_GATEWAY:	return "no-gateway";
	case IKE_DROP_SYNTAX:		return "syntax";
	case IKE_DROP_INTEGRITY:	return "integrity";
	case IKE_DROP_MESSAGE_ID:	return "message-id";
	case IKE_DROP_RETRANSMIT:	return "retransmit";
	case IKE_DROP_HALF_OPEN:	return "half-open";
	case IKE_DROP_COOKIE:		return "cookie";
	case IKE_DROP_UNEXPECTED:	return "unexpected";
	case IKE_DROP_NO_MEMORY:	return "no-memory";
	case IKE_DROP_MAX:		break;
	}
	return "unknown";
}

uint32_t ike_random_below(struct ike_engine *e, uint32_t n)
{
	uint32_t v;

	if (e->ops->random(e->ops->ctx, &v, sizeof(v)))
		return 0;
	return v % n;
}

bool ike_rate_take(struct ike_engine *e, struct ike_rate *r, uint32_t burst)
{
	if (e->now - r->since >= VD_SECOND || e->now < r->since) {
		r->since = e->now;
		r->left = burst;
	}
	if (!r->left)
		return false;
	r->left--;
	return true;
}
