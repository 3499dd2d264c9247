// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Taking a configuration: what is new starts, what is gone or negotiates otherwise is closed, the rest
 * keeps its SAs. Everything is allocated before anything changes.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ike/child.h"
#include "ike/failure.h"
#include "ike/gateway.h"
#include "ike/sa.h"
#include "ike/xchg.h"

/* ---- comparison: what both ends negotiate, or what identifies them; not positions, not local timers ---- */

static bool same_proposals(const struct ike_proposal_list *a, const struct ike_proposal_list *b)
{
	if (a->n != b->n)
		return false;
	for (uint8_t i = 0; i < a->n; i++) {
		const struct ike_proposal *p = &a->p[i], *q = &b->p[i];

		if (p->protocol != q->protocol || p->n != q->n)
			return false;
		for (uint8_t j = 0; j < p->n; j++)
			if (p->t[j].type != q->t[j].type || p->t[j].id != q->t[j].id ||
			    p->t[j].key_bits != q->t[j].key_bits)
				return false;
	}
	return true;
}

static bool same_id(const struct ike_id *a, const struct ike_id *b)
{
	return a->type == b->type && a->len == b->len && !memcmp(a->data, b->data, a->len);
}

static bool same_gateway(const struct ike_gateway_conf *a, const struct ike_gateway_conf *b)
{
	return a->version == b->version && vd_addr_equal(&a->remote, &b->remote) &&
	       a->remote_port == b->remote_port && vd_addr_equal(&a->local, &b->local) &&
	       same_id(&a->local_id, &b->local_id) && same_id(&a->remote_id, &b->remote_id) &&
	       a->auth == b->auth && a->nat == b->nat && a->lifetime == b->lifetime &&
	       same_proposals(&a->proposals, &b->proposals);
}

static bool same_tunnel(const struct ike_tunnel_conf *a, const struct ike_tunnel_conf *b)
{
	return a->protocol == b->protocol && same_proposals(&a->proposals, &b->proposals) &&
	       ike_ts_list_equal(&a->local_ts, &b->local_ts) &&
	       ike_ts_list_equal(&a->remote_ts, &b->remote_ts) && a->lifetime == b->lifetime &&
	       a->lifetime_bytes == b->lifetime_bytes &&
	       a->lifetime_packets == b->lifetime_packets && a->replay_window == b->replay_window;
}

/* ---- objects ---- */

static void on_tunnel_retry(struct ike_engine *e, struct ike_timer *t)
{
	ike_tunnel_drive(e, ike_container(t, struct ike_tunnel, retry));
}

static void on_gateway_retry(struct ike_engine *e, struct ike_timer *t)
{
	ike_gateway_drive(e, ike_container(t, struct ike_gateway, retry), 0);
}

static struct ike_tunnel *tunnel_new(struct ike_engine *e, const struct ike_tunnel_conf *conf)
{
	struct ike_tunnel *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	if (ike_timers_reserve(&e->timers, 1)) {
		free(t);
		return NULL;
	}
	memcpy(t->name, conf->name, sizeof(t->name));
	t->handle = ike_new_handle(e);
	t->conf = conf;
	t->since = e->now;
	ike_timer_init(&t->retry, on_tunnel_retry);
	return t;
}

static void tunnel_free(struct ike_engine *e, struct ike_tunnel *t)
{
	ike_disarm(e, &t->retry);
	ike_timers_release(&e->timers, 1);
	free(t->last_failure);
	free(t);
}

static void gateway_free(struct ike_engine *e, struct ike_gateway *g)
{
	struct ike_tunnel *t, *tmp;

	DL_FOREACH_SAFE(g->tunnels, t, tmp)
		tunnel_free(e, t);
	ike_disarm(e, &g->retry);
	ike_timers_release(&e->timers, 1);
	free(g->last_failure);
	free(g);
}

static struct ike_gateway *gateway_new(struct ike_engine *e, const struct ike_gateway_conf *conf)
{
	struct ike_gateway *g = calloc(1, sizeof(*g));

	if (!g)
		return NULL;
	if (ike_timers_reserve(&e->timers, 1)) {
		free(g);
		return NULL;
	}
	memcpy(g->name, conf->name, sizeof(g->name));
	g->handle = ike_new_handle(e);
	g->conf = conf;
	g->since = e->now;
	ike_timer_init(&g->retry, on_gateway_retry);
	for (uint16_t i = 0; i < conf->n_tunnels; i++) {
		struct ike_tunnel *t = tunnel_new(e, &conf->tunnels[i]);

		if (!t) {
			gateway_free(e, g);
			return NULL;
		}
		t->gateway = g;
		DL_APPEND(g->tunnels, t);
	}
	return g;
}

/* ---- leaving ---- */

static void push_child_del(struct ike_engine *e, const struct ike_tunnel *t)
{
	struct ike_action *a = ike_action_push(e, IKE_ACT_CHILD_DEL);

	if (!a)
		return;
	memcpy(a->sa.id.tunnel, t->name, sizeof(a->sa.id.tunnel));
	a->sa.id.child = IKE_KERNEL_CHILD;
}

/* The tunnel is unlinked from its gateway by the caller. */
static void tunnel_leave(struct ike_engine *e, struct ike_tunnel *t)
{
	struct ike_cause cause;
	struct ike_child *c;

	ike_cause_init(e, &cause, IKE_CAUSE_CONF_REMOVED, t->gateway, t, NULL);
	t->held = true;
	t->wanted = false;
	ike_xchg_forget_tunnel(e, t->gateway, t);
	while ((c = t->children)) {
		/* The peer is told by SPI: nothing may refer to the tunnel when the Delete is answered. */
		if (c->sa && (c->state == IKE_CHILD_UP || c->state == IKE_CHILD_REPLACED))
			ike_task_delete_spi(e, c->sa, c->protocol, c->spi_in);
		ike_child_end(e, c, &cause);
	}
	push_child_del(e, t);
	ike_tunnel_unindex(e, t);
	HASH_DELETE(hh, e->tunnels, t);
}

static void gateway_leave(struct ike_engine *e, struct ike_gateway *g)
{
	struct ike_tunnel *t, *tmp;
	struct ike_sa *sa, *next;
	struct ike_cause cause;

	ike_cause_init(e, &cause, IKE_CAUSE_CONF_REMOVED, g, NULL, NULL);
	g->held = true;
	DL_FOREACH(g->tunnels, t)
		t->wanted = false;
	DL_FOREACH_SAFE(g->sas, sa, next)
		ike_sa_close(e, sa, &cause);
	DL_FOREACH_SAFE(g->tunnels, t, tmp)
		tunnel_leave(e, t);
	DL_FOREACH_SAFE(g->sas, sa, next)
		ike_sa_move(e, sa, NULL);
	HASH_DELETE(hh, e->gateways, g);
	ike_gateway_unindex(e, g);
	ike_engine_reap(e);
	gateway_free(e, g);
}

void ike_gateways_free(struct ike_engine *e)
{
	struct ike_gateway *g, *tmp;
	struct ike_tunnel *t;
	struct ike_sa *sa, *next;

	HASH_ITER(hh, e->gateways, g, tmp) {
		g->held = true;
		DL_FOREACH(g->tunnels, t)
			t->wanted = false;
	}
	HASH_ITER(hh_spi, e->sas, sa, next)
		ike_sa_end(e, sa, NULL);
	HASH_ITER(hh, e->gateways, g, tmp)
		gateway_leave(e, g);
}

/* ---- coming ---- */

static void tunnel_start(struct ike_engine *e, struct ike_tunnel *t)
{
	t->wanted = t->conf->start == IKE_START_ALWAYS;
	t->once = false;
	ike_tunnel_set_child(e, t, NULL);
}

static bool tunnel_enter(struct ike_engine *e, struct ike_gateway *g, struct ike_tunnel *t)
{
	t->gateway = g;
	HASH_ADD(hh, e->tunnels, name, (unsigned int)strlen(t->name), t);
	if (!t->hh.tbl)
		return false;
	if (!ike_tunnel_index(e, t)) {
		HASH_DELETE(hh, e->tunnels, t);
		return false;
	}
	DL_APPEND(g->tunnels, t);
	tunnel_start(e, t);
	return true;
}

static void gateway_enter(struct ike_engine *e, struct ike_gateway *g)
{
	struct ike_tunnel *t, *tmp, *list = g->tunnels;

	HASH_ADD(hh, e->gateways, name, (unsigned int)strlen(g->name), g);
	if (!g->hh.tbl || !ike_gateway_index(e, g)) {
		if (g->hh.tbl)
			HASH_DELETE(hh, e->gateways, g);
		gateway_free(e, g);
		return;
	}
	g->tunnels = NULL;
	DL_FOREACH_SAFE(list, t, tmp) {
		if (!tunnel_enter(e, g, t))
			tunnel_free(e, t);
	}
}

/* ---- staying ---- */

static void tunnel_stay(struct ike_engine *e, struct ike_tunnel *t, struct ike_tunnel *fresh)
{
	enum ike_start before = t->conf->start;

	t->conf = fresh->conf;
	if (before == t->conf->start)
		return;
	t->wanted = t->conf->start == IKE_START_ALWAYS || (t->wanted && t->once);
	if (t->conf->start == IKE_START_ALWAYS)
		t->once = false;
	ike_tunnel_set_child(e, t, ike_tunnel_child(t));
}

/*
 * @fresh has the new configuration of @g. Its tunnels that @g has already are freed, those of @g that
 * are gone or changed leave.
 */
static void gateway_stay(struct ike_engine *e, struct ike_gateway *g, struct ike_gateway *fresh)
{
	struct ike_tunnel *t, *tmp, *with, *table = NULL;

	DL_FOREACH(fresh->tunnels, t)
		HASH_ADD(hh, table, name, (unsigned int)strlen(t->name), t);
	g->conf = fresh->conf;
	DL_FOREACH_SAFE(g->tunnels, t, tmp) {
		HASH_FIND(hh, table, t->name, (unsigned int)strlen(t->name), with);
		if (with && same_tunnel(t->conf, with->conf)) {
			tunnel_stay(e, t, with);
			HASH_DELETE(hh, table, with);
			DL_DELETE(fresh->tunnels, with);
			tunnel_free(e, with);
			continue;
		}
		DL_DELETE(g->tunnels, t);
		tunnel_leave(e, t);
		ike_engine_reap(e);
		tunnel_free(e, t);
	}
	HASH_CLEAR(hh, table);
}

static void gateway_fill(struct ike_engine *e, struct ike_gateway *g, struct ike_gateway *fresh)
{
	struct ike_tunnel *t, *tmp, *list = fresh->tunnels;

	fresh->tunnels = NULL;
	DL_FOREACH_SAFE(list, t, tmp) {
		if (!tunnel_enter(e, g, t))
			tunnel_free(e, t);
	}
	gateway_free(e, fresh);
}

int ike_engine_configure(struct ike_engine *e, vd_time now, const struct ike_config *cfg)
{
	struct ike_gateway **fresh = calloc((size_t)cfg->n_gateways + 1, sizeof(*fresh));
	struct ike_gateway *g, *tmp, *table = NULL, *old;

	e->now = now;
	if (!fresh)
		return -ENOMEM;
	for (uint16_t i = 0; i < cfg->n_gateways; i++) {
		fresh[i] = gateway_new(e, &cfg->gateways[i]);
		if (!fresh[i]) {
			while (i-- > 0)
				gateway_free(e, fresh[i]);
			HASH_CLEAR(hh, table);
			free(fresh);
			return -ENOMEM;
		}
		HASH_ADD(hh, table, name, (unsigned int)strlen(fresh[i]->name), fresh[i]);
	}
	/* First what leaves: a name or a peer may come back in another gateway. */
	HASH_ITER(hh, e->gateways, g, tmp) {
		HASH_FIND(hh, table, g->name, (unsigned int)strlen(g->name), old);
		if (!old || !same_gateway(g->conf, old->conf))
			gateway_leave(e, g);
	}
	HASH_CLEAR(hh, table);
	e->config = cfg;
	for (uint16_t i = 0; i < cfg->n_gateways; i++) {
		g = ike_gateway_find(e, fresh[i]->name);
		if (g)
			gateway_stay(e, g, fresh[i]);
	}
	for (uint16_t i = 0; i < cfg->n_gateways; i++) {
		g = ike_gateway_find(e, fresh[i]->name);
		if (g)
			gateway_fill(e, g, fresh[i]);
		else
			gateway_enter(e, fresh[i]);
	}
	free(fresh);
	HASH_ITER(hh, e->gateways, g, tmp)
		ike_gateway_drive(e, g, 0);
	ike_engine_reap(e);
	return 0;
}
