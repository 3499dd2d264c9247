// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Gateways and tunnels: from what is wanted to exchanges, and from SAs to events.
 */
#include "ike/gateway.h"

#include <string.h>

#include "ike/child.h"
#include "ike/failure.h"
#include "ike/sa.h"
#include "ike/v2/v2.h"
#include "ike/xchg.h"

bool ike_gateway_is_for(const struct ike_gateway *g, const struct ike_path *path)
{
	const struct ike_gateway_conf *c = g->conf;

	if (c->local.family != VD_FAMILY_NONE && !vd_addr_equal(&c->local, &path->local.addr))
		return false;
	return c->remote.family == VD_FAMILY_NONE || vd_addr_equal(&c->remote, &path->remote.addr);
}

bool ike_gateway_serves(const struct ike_gateway *g, const struct ike_path *path)
{
	return !g->held && ike_gateway_is_for(g, path);
}

struct ike_sa *ike_gateway_sa(const struct ike_gateway *g)
{
	struct ike_sa *sa, *found = NULL;

	DL_FOREACH(g->sas, sa)
		if (sa->state == IKE_SA_ESTABLISHED && !ike_timer_armed(&sa->tie))
			found = sa;
	return found;
}

struct ike_sa *ike_gateway_connecting(const struct ike_gateway *g)
{
	struct ike_sa *sa;

	DL_FOREACH(g->sas, sa)
		if (sa->initiator && !sa->rekeyed_from &&
		    (sa->state == IKE_SA_INIT || sa->state == IKE_SA_AUTH))
			return sa;
	return NULL;
}

void ike_gateway_update(struct ike_engine *e, struct ike_gateway *g, const struct ike_cause *cause)
{
	struct ike_sa *sa, *last = NULL;
	struct ike_event *ev;

	DL_FOREACH(g->sas, sa)
		if (sa->state == IKE_SA_ESTABLISHED)
			last = sa;
	if (g->up == (last != NULL))
		return;
	g->up = last != NULL;
	g->since = e->now;
	ev = ike_event_push(e, g->up ? IKE_EVENT_GATEWAY_UP : IKE_EVENT_GATEWAY_DOWN, last, NULL);
	if (!ev)
		return;
	memcpy(ev->gateway, g->name, sizeof(ev->gateway));
	if (!g->up && cause) {
		ev->has_cause = true;
		ev->cause = *cause;
		ev->remote = cause->peer;
	}
}

void ike_gateway_drive(struct ike_engine *e, struct ike_gateway *g, vd_time delay)
{
	struct ike_tunnel *t;

	DL_FOREACH(g->tunnels, t) {
		if (delay && t->wanted && !ike_timer_armed(&t->retry))
			ike_arm(e, &t->retry, e->now + delay);
		else
			ike_tunnel_drive(e, t);
	}
}

void ike_gateway_retry(struct ike_engine *e, struct ike_gateway *g)
{
	vd_time wait = g->conf->retry ? g->conf->retry : VD_SECOND;
	struct ike_tunnel *t;

	DL_FOREACH(g->tunnels, t) {
		if (t->once && !ike_tunnel_child(t))
			t->wanted = t->once = false;
	}
	/* Up to a tenth more, so that a peer with the same clock is not met at every try. */
	ike_arm(e, &g->retry, e->now + wait + ike_random_below(e, (uint32_t)(wait / 10 + 1)));
}

void ike_gateway_dead(struct ike_engine *e, struct ike_gateway *g)
{
	struct ike_tunnel *t;

	DL_FOREACH(g->tunnels, t) {
		if (!t->up)
			continue;
		switch (g->conf->dpd_action) {
		case IKE_DPD_RESTART:
			if (!t->wanted)
				t->wanted = t->once = true;
			break;
		case IKE_DPD_CLEAR:
		case IKE_DPD_ON_TRAFFIC:
			t->wanted = t->once = false;
			break;
		}
	}
}

struct ike_child *ike_tunnel_child(const struct ike_tunnel *t)
{
	struct ike_child *c, *found = NULL;

	DL_FOREACH2(t->children, c, t_next)
		if (c->state == IKE_CHILD_UP)
			found = c;
	return found;
}

struct ike_child *ike_tunnel_child_on(const struct ike_tunnel *t, const struct ike_sa *sa)
{
	struct ike_child *c;

	DL_FOREACH2(t->children, c, t_next)
		if (c->state == IKE_CHILD_UP && c->sa == sa)
			return c;
	return NULL;
}

void ike_tunnel_update(struct ike_engine *e, struct ike_tunnel *t, const struct ike_cause *cause)
{
	struct ike_child *c = ike_tunnel_child(t);
	struct ike_event *ev;

	if (t->up == (c != NULL))
		return;
	t->up = c != NULL;
	t->since = e->now;
	ev = ike_event_push(e, t->up ? IKE_EVENT_TUNNEL_UP : IKE_EVENT_TUNNEL_DOWN, c ? c->sa : NULL,
			    c);
	if (ev) {
		memcpy(ev->gateway, t->gateway->name, sizeof(ev->gateway));
		memcpy(ev->tunnel, t->name, sizeof(ev->tunnel));
		if (!t->up && cause) {
			ev->has_cause = true;
			ev->cause = *cause;
		}
	}
	if (!t->up && t->narrowed)
		ike_tunnel_set_child(e, t, NULL);
}

/* A child that is up, or being made. */
static bool has_child(const struct ike_tunnel *t)
{
	struct ike_child *c;

	DL_FOREACH2(t->children, c, t_next)
		if (c->state == IKE_CHILD_NEW || c->state == IKE_CHILD_UP)
			return true;
	return false;
}

void ike_tunnel_drive(struct ike_engine *e, struct ike_tunnel *t)
{
	struct ike_gateway *g = t->gateway;
	struct ike_sa *sa;

	if (!t->wanted || t->held || g->held || t->busy || ike_timer_armed(&t->retry) ||
	    ike_timer_armed(&g->retry) || has_child(t))
		return;
	sa = ike_gateway_sa(g);
	if (sa) {
		if (!ike_task_add(e, sa, IKE_XCHG_NEW_CHILD, t, 0))
			ike_tunnel_retry(e, t, 0);
	} else if (!ike_gateway_connecting(g)) {
		ike_v2_connect(e, g, t);
	}
}

void ike_tunnel_want(struct ike_engine *e, struct ike_tunnel *t)
{
	if (!t->wanted)
		t->wanted = t->once = true;
	ike_tunnel_drive(e, t);
}

void ike_tunnel_retry(struct ike_engine *e, struct ike_tunnel *t, vd_time delay)
{
	if (!delay) {
		if (t->once) {
			t->wanted = t->once = false;
			return;
		}
		delay = t->gateway->conf->retry ? t->gateway->conf->retry : VD_SECOND;
	}
	if (t->wanted)
		ike_arm(e, &t->retry, e->now + delay + ike_random_below(e, (uint32_t)(delay / 10 + 1)));
}

void ike_tunnel_set_child(struct ike_engine *e, struct ike_tunnel *t, const struct ike_child *c)
{
	struct ike_action *a = ike_action_push(e, IKE_ACT_CHILD_SET);

	if (!a)
		return;
	memcpy(a->sa.id.tunnel, t->name, sizeof(a->sa.id.tunnel));
	a->sa.id.child = IKE_KERNEL_CHILD;
	a->local_ts = c ? c->local_ts : t->conf->local_ts;
	a->remote_ts = c ? c->remote_ts : t->conf->remote_ts;
	a->on_demand = !t->held && !t->gateway->held &&
		       (t->conf->start != IKE_START_RESPOND ||
			t->gateway->conf->dpd_action == IKE_DPD_ON_TRAFFIC);
	t->narrowed = c && (!ike_ts_list_equal(&c->local_ts, &t->conf->local_ts) ||
			    !ike_ts_list_equal(&c->remote_ts, &t->conf->remote_ts));
}
