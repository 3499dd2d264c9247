// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Looking in: what gateways and tunnels are doing, and what they wait for.
 */
#include "ike/child.h"
#include "ike/gateway.h"
#include "ike/sa.h"
#include "ike/xchg.h"

/* The IKE SA a status line is about: the one in use, else the one coming up. */
static const struct ike_sa *main_sa(const struct ike_gateway *g)
{
	const struct ike_sa *sa = ike_gateway_sa(g);

	if (!sa)
		sa = ike_gateway_connecting(g);
	if (!sa && g->sas)
		sa = g->sas->prev;
	return sa;
}

static enum ike_waits_for waits_of(const struct ike_sa *sa)
{
	if (sa->out)
		return sa->out->waits_for;
	if (sa->in)
		return sa->in->waits_for;
	return sa->state == IKE_SA_AUTH && !sa->initiator ? IKE_WAITS_AUTH_REQUEST :
							    IKE_WAITS_NOTHING;
}

static enum ike_gateway_state gateway_state(const struct ike_gateway *g, const struct ike_sa *sa)
{
	if (sa && sa->state == IKE_SA_ESTABLISHED)
		return IKE_GATEWAY_UP;
	if (sa && (sa->state == IKE_SA_INIT || sa->state == IKE_SA_AUTH))
		return IKE_GATEWAY_CONNECTING;
	if (ike_timer_armed(&g->retry)) {
		const struct ike_tunnel *t;

		DL_FOREACH(g->tunnels, t)
			if (t->wanted)
				return IKE_GATEWAY_RETRY_WAIT;
	}
	return IKE_GATEWAY_IDLE;
}

static void fill_gateway(const struct ike_gateway *g, struct ike_gateway_status *s)
{
	const struct ike_sa *sa = main_sa(g), *o;

	*s = (struct ike_gateway_status){ .conf = g->conf, .rekey_at = VD_NEVER,
					  .expires_at = VD_NEVER, .next_try = VD_NEVER };
	s->state = gateway_state(g, sa);
	s->since = g->since;
	s->last_failure = g->last_failure;
	if (s->state == IKE_GATEWAY_RETRY_WAIT)
		s->next_try = ike_timer_when(&g->retry);
	DL_FOREACH(g->sas, o)
		if (o->state != IKE_SA_CLOSED)
			s->sas++;
	if (!sa)
		return;
	s->waits_for = waits_of(sa);
	s->tries = sa->out ? sa->sends : 0;
	s->initiator = sa->initiator;
	s->spi_i = sa->spi_i;
	s->spi_r = sa->spi_r;
	s->path = sa->path;
	s->suite = sa->suite;
	s->remote_id = sa->remote_id;
	s->nat_local = sa->nat_local;
	s->nat_remote = sa->nat_remote;
	if (s->state != IKE_GATEWAY_UP)
		return;
	s->since = sa->since;
	s->rekey_at = sa->rekey_at;
	s->expires_at = sa->expires_at;
}

int ike_engine_each_gateway(const struct ike_engine *e,
			    int (*fn)(const struct ike_gateway_status *s, void *arg), void *arg)
{
	const struct ike_gateway *g;
	struct ike_gateway_status s;
	int result;

	for (g = e->gateways; g; g = g->hh.next) {
		fill_gateway(g, &s);
		result = fn(&s, arg);
		if (result)
			return result;
	}
	return 0;
}

static enum ike_tunnel_state tunnel_state(const struct ike_tunnel *t, const struct ike_child *c)
{
	if (c)
		return c->rekeying ? IKE_TUNNEL_REKEYING : IKE_TUNNEL_UP;
	if (t->busy || (t->wanted && ike_gateway_connecting(t->gateway)))
		return IKE_TUNNEL_CONNECTING;
	if (t->wanted && (ike_timer_armed(&t->retry) || ike_timer_armed(&t->gateway->retry)))
		return IKE_TUNNEL_RETRY_WAIT;
	return IKE_TUNNEL_IDLE;
}

static void fill_tunnel(const struct ike_tunnel *t, struct ike_tunnel_status *s)
{
	const struct ike_child *c = ike_tunnel_child(t), *o;

	*s = (struct ike_tunnel_status){ .gateway = t->gateway->conf, .conf = t->conf,
					 .child = IKE_KERNEL_CHILD, .rekey_at = VD_NEVER,
					 .expires_at = VD_NEVER };
	s->state = tunnel_state(t, c);
	s->since = t->since;
	s->last_failure = t->last_failure;
	DL_FOREACH2(t->children, o, t_next)
		if (o->state != IKE_CHILD_NEW)
			s->sas++;
	if (!c)
		return;
	s->spi_in = c->spi_in;
	s->spi_out = c->spi_out;
	s->suite = c->suite;
	s->encap = c->encap;
	s->local_ts = c->local_ts;
	s->remote_ts = c->remote_ts;
	s->rekey_at = c->rekey_at;
	s->expires_at = c->expires_at;
}

int ike_engine_each_tunnel(const struct ike_engine *e, const char *gateway,
			   int (*fn)(const struct ike_tunnel_status *s, void *arg), void *arg)
{
	const struct ike_gateway *g;
	const struct ike_tunnel *t;
	struct ike_tunnel_status s;
	int result;

	for (g = e->gateways; g; g = g->hh.next) {
		if (gateway && strcmp(gateway, g->name))
			continue;
		DL_FOREACH(g->tunnels, t) {
			fill_tunnel(t, &s);
			result = fn(&s, arg);
			if (result)
				return result;
		}
	}
	return 0;
}
