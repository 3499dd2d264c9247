// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The clocks of an IKE SA. RFC 7296, 2.4 (liveness), 2.8 (rekeying); RFC 3948, 2.3 (keep-alives).
 */
#include "ike/sa_timers.h"

#include "ike/child.h"
#include "ike/failure.h"
#include "ike/gateway.h"
#include "ike/v2/v2.h"
#include "ike/xchg.h"

vd_time ike_soft_lifetime(struct ike_engine *e, vd_time lifetime)
{
	vd_time spread = lifetime / 20;

	if (!lifetime)
		return 0;
	if (spread > UINT32_MAX)
		spread = UINT32_MAX;
	return lifetime / 10 * 9 - (spread ? ike_random_below(e, (uint32_t)spread) : 0);
}

static void on_rekey(struct ike_engine *e, struct ike_timer *t)
{
	struct ike_sa *sa = ike_container(t, struct ike_sa, rekey);

	if (sa->state == IKE_SA_ESTABLISHED && !ike_sa_doing(sa, IKE_XCHG_REKEY_IKE))
		ike_task_add(e, sa, IKE_XCHG_REKEY_IKE, NULL, 0);
}

void ike_sa_rekey_again(struct ike_engine *e, struct ike_sa *sa, vd_time delay)
{
	if (sa->state == IKE_SA_ESTABLISHED)
		ike_arm(e, &sa->rekey, e->now + delay);
}

static void half_open_over(struct ike_engine *e, struct ike_sa *sa)
{
	/* The peer began and went silent: a scan or a lost peer, worth a counter, not an event. */
	ike_drop(e, IKE_DROP_HALF_OPEN);
	ike_sa_end(e, sa, NULL);
}

static void on_expire(struct ike_engine *e, struct ike_timer *t)
{
	struct ike_sa *sa = ike_container(t, struct ike_sa, expire);
	struct ike_cause c;

	switch (sa->state) {
	case IKE_SA_INIT:
	case IKE_SA_AUTH:
		half_open_over(e, sa);
		break;
	case IKE_SA_ESTABLISHED:
		ike_cause_init(e, &c, IKE_CAUSE_P1_LIFETIME, sa->gateway, NULL, &sa->path.remote);
		c.initiator = sa->initiator;
		if (sa->gateway)
			ike_fail(e, sa->gateway, NULL, &c);
		ike_sa_close(e, sa, &c);
		if (sa->gateway)
			ike_gateway_drive(e, sa->gateway, 0);
		break;
	case IKE_SA_REPLACED:
	case IKE_SA_DELETING:
	case IKE_SA_CLOSED:
	case IKE_SA_DEAD:
		ike_sa_end(e, sa, NULL);
		break;
	}
}

/* ---- liveness ---- */

static vd_time dpd_interval(const struct ike_sa *sa)
{
	return sa->gateway ? sa->gateway->conf->dpd : 0;
}

static void dpd_after(struct ike_engine *e, struct ike_sa *sa, vd_time idle)
{
	vd_time every = dpd_interval(sa);

	if (idle < 0)
		idle = 0;
	ike_arm(e, &sa->dpd, e->now + (idle < every ? every - idle : every));
}

static void dpd_check(struct ike_engine *e, struct ike_sa *sa)
{
	if (sa->state != IKE_SA_ESTABLISHED)
		return;
	/* Any exchange proves the peer alive: one under way is as good. */
	if (!sa->out && !sa->tasks)
		ike_task_add(e, sa, IKE_XCHG_LIVENESS, NULL, 0);
	dpd_after(e, sa, 0);
}

static void on_idle(struct ike_engine *e, uint64_t spi, const struct ike_result *r)
{
	struct ike_sa *sa = ike_sa_by_spi(e, spi);

	if (!sa || sa->state != IKE_SA_ESTABLISHED || !dpd_interval(sa))
		return;
	if (!r->error && r->idle < dpd_interval(sa))
		dpd_after(e, sa, r->idle);
	else
		dpd_check(e, sa);
}

/* 2.4: an SA that receives needs no liveness check. Ask the kernel about one of ours. */
static bool ask_kernel(struct ike_engine *e, struct ike_sa *sa)
{
	struct ike_action *a;
	struct ike_child *c;

	DL_FOREACH(sa->children, c) {
		if (c->state != IKE_CHILD_UP || !c->in_kernel)
			continue;
		a = ike_action_ask_late(e, IKE_ACT_SA_QUERY, sa->spi, on_idle);
		if (!a)
			return false;
		a->sa.id = ike_child_sa_id(c, true);
		a->sa.suite = c->suite;
		a->sa.local = c->path.local;
		a->sa.remote = c->path.remote;
		a->sa.encap = c->encap;
		return true;
	}
	return false;
}

static void on_dpd(struct ike_engine *e, struct ike_timer *t)
{
	struct ike_sa *sa = ike_container(t, struct ike_sa, dpd);
	vd_time idle = e->now - sa->last_heard;

	if (sa->state != IKE_SA_ESTABLISHED || !dpd_interval(sa))
		return;
	if (idle < dpd_interval(sa))
		dpd_after(e, sa, idle);
	else if (ask_kernel(e, sa))
		dpd_after(e, sa, 0);
	else
		dpd_check(e, sa);
}

static void on_keepalive(struct ike_engine *e, struct ike_timer *t)
{
	struct ike_sa *sa = ike_container(t, struct ike_sa, keepalive);
	vd_time every = sa->gateway ? sa->gateway->conf->keepalive : 0;
	struct ike_action *a;

	if (!every || sa->state != IKE_SA_ESTABLISHED)
		return;
	a = ike_action_push(e, IKE_ACT_KEEPALIVE);
	if (a)
		a->path = sa->path;
	ike_arm(e, &sa->keepalive, e->now + every);
}

static void on_retransmit(struct ike_engine *e, struct ike_timer *t)
{
	ike_v2_retransmit(e, ike_container(t, struct ike_sa, retransmit));
}

static void on_tie(struct ike_engine *e, struct ike_timer *t)
{
	ike_sa_tie_over(e, ike_container(t, struct ike_sa, tie));
}

void ike_sa_timers_init(struct ike_sa *sa)
{
	ike_timer_init(&sa->retransmit, on_retransmit);
	ike_timer_init(&sa->rekey, on_rekey);
	ike_timer_init(&sa->expire, on_expire);
	ike_timer_init(&sa->dpd, on_dpd);
	ike_timer_init(&sa->keepalive, on_keepalive);
	ike_timer_init(&sa->tie, on_tie);
}

void ike_sa_timers_start(struct ike_engine *e, struct ike_sa *sa)
{
	const struct ike_gateway_conf *g = sa->gateway ? sa->gateway->conf : NULL;

	ike_disarm(e, &sa->expire);
	if (!g)
		return;
	if (g->lifetime) {
		sa->rekey_at = e->now + ike_soft_lifetime(e, g->lifetime);
		sa->expires_at = e->now + g->lifetime;
		ike_arm(e, &sa->rekey, sa->rekey_at);
		ike_arm(e, &sa->expire, sa->expires_at);
	}
	if (g->dpd)
		ike_arm(e, &sa->dpd, e->now + g->dpd);
	if (g->keepalive && sa->nat_local)
		ike_arm(e, &sa->keepalive, e->now + g->keepalive);
}

void ike_sa_timers_quiet(struct ike_engine *e, struct ike_sa *sa)
{
	ike_disarm(e, &sa->rekey);
	ike_disarm(e, &sa->dpd);
	ike_disarm(e, &sa->keepalive);
	ike_disarm(e, &sa->tie);
}
