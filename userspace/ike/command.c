// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What administrators and the kernel tell the engine.
 */
#include <errno.h>
#include <string.h>

#include "ike/child.h"
#include "ike/failure.h"
#include "ike/gateway.h"
#include "ike/sa.h"
#include "ike/xchg.h"

/* ---- up and down ---- */

static int tunnel_up(struct ike_engine *e, struct ike_tunnel *t)
{
	bool was_held = t->held;

	t->held = false;
	if (was_held)
		ike_tunnel_set_child(e, t, ike_tunnel_child(t));
	if (ike_tunnel_child(t))
		return -EALREADY;
	if (t->conf->start == IKE_START_ALWAYS)
		t->wanted = true;
	ike_disarm(e, &t->retry);
	ike_disarm(e, &t->gateway->retry);
	ike_tunnel_want(e, t);
	return 0;
}

static int gateway_up(struct ike_engine *e, struct ike_gateway *g)
{
	struct ike_tunnel *t;
	int result = -EALREADY;

	g->held = false;
	DL_FOREACH(g->tunnels, t)
		if (!tunnel_up(e, t))
			result = 0;
	return result;
}

static void admin_cause(struct ike_engine *e, struct ike_cause *c, struct ike_gateway *g,
			struct ike_tunnel *t)
{
	ike_cause_init(e, c, IKE_CAUSE_ADMIN_DOWN, g, t, NULL);
}

static int tunnel_down(struct ike_engine *e, struct ike_tunnel *t)
{
	bool was = t->held && !t->children;
	struct ike_child *c, *tmp;
	struct ike_cause cause;

	admin_cause(e, &cause, t->gateway, t);
	t->held = true;
	t->wanted = t->once = false;
	ike_disarm(e, &t->retry);
	DL_FOREACH_SAFE2(t->children, c, tmp, t_next)
		if (c->state == IKE_CHILD_UP || c->state == IKE_CHILD_REPLACED)
			ike_child_close(e, c, &cause);
	ike_tunnel_set_child(e, t, NULL);
	return was ? -EALREADY : 0;
}

static int gateway_down(struct ike_engine *e, struct ike_gateway *g)
{
	bool was = g->held && !g->sas;
	struct ike_tunnel *t;
	struct ike_sa *sa, *tmp;
	struct ike_cause cause;

	admin_cause(e, &cause, g, NULL);
	g->held = true;
	ike_disarm(e, &g->retry);
	DL_FOREACH(g->tunnels, t) {
		t->held = true;
		t->wanted = t->once = false;
		ike_disarm(e, &t->retry);
	}
	DL_FOREACH_SAFE(g->sas, sa, tmp)
		ike_sa_close(e, sa, &cause);
	DL_FOREACH(g->tunnels, t)
		ike_tunnel_set_child(e, t, NULL);
	return was ? -EALREADY : 0;
}

/* ---- rekey ---- */

static int tunnel_rekey(struct ike_engine *e, struct ike_tunnel *t)
{
	struct ike_child *c = ike_tunnel_child(t);

	if (!c)
		return -ENOTCONN;
	if (c->rekeying)
		return -EALREADY;
	ike_child_rekey(e, c);
	return 0;
}

static int gateway_rekey_children(struct ike_engine *e, struct ike_gateway *g)
{
	int result = -ENOTCONN, err;
	struct ike_tunnel *t;

	DL_FOREACH(g->tunnels, t) {
		err = tunnel_rekey(e, t);
		if (!err || result == -ENOTCONN)
			result = err;
	}
	return result;
}

static int gateway_rekey(struct ike_engine *e, struct ike_gateway *g)
{
	struct ike_sa *sa = ike_gateway_sa(g);

	if (!sa)
		return -ENOTCONN;
	if (ike_sa_doing(sa, IKE_XCHG_REKEY_IKE))
		return -EALREADY;
	return ike_task_add(e, sa, IKE_XCHG_REKEY_IKE, NULL, 0) ? 0 : -ENOMEM;
}

static int command(struct ike_engine *e, enum ike_verb verb, struct ike_gateway *g,
		   struct ike_tunnel *t)
{
	switch (verb) {
	case IKE_UP:
		if (t)
			g->held = false;
		return t ? tunnel_up(e, t) : gateway_up(e, g);
	case IKE_DOWN:
		return t ? tunnel_down(e, t) : gateway_down(e, g);
	case IKE_REKEY_CHILD:
		return t ? tunnel_rekey(e, t) : gateway_rekey_children(e, g);
	case IKE_REKEY_IKE:
		return gateway_rekey(e, g);
	}
	return -EINVAL;
}

int ike_engine_command(struct ike_engine *e, vd_time now, enum ike_verb verb,
		       const char *gateway, const char *tunnel)
{
	struct ike_gateway *g = gateway ? ike_gateway_find(e, gateway) : NULL;
	struct ike_tunnel *t = tunnel ? ike_tunnel_find(e, tunnel) : NULL;
	int err;

	e->now = now;
	if (t && !gateway)
		g = t->gateway;
	if (!g || (tunnel && (!t || t->gateway != g)))
		return -ENOENT;
	err = command(e, verb, g, t);
	ike_engine_reap(e);
	return err;
}

/* ---- the kernel ---- */

static struct ike_child *find_child(struct ike_tunnel *t, const struct ike_kernel_event *ev)
{
	struct ike_child *c;

	DL_FOREACH2(t->children, c, t_next)
		if (ev->spi && (ev->inbound ? c->spi_in : c->spi_out) == ev->spi)
			return c;
	return NULL;
}

/* An SA of @c is no more: the pair is worth nothing; the tunnel gets another if it is wanted. */
static void lost(struct ike_engine *e, struct ike_child *c, bool inbound, bool expired)
{
	struct ike_cause cause;

	if (inbound)
		c->in_kernel = false;
	else
		c->out_kernel = false;
	if (c->state == IKE_CHILD_LINGER) {
		ike_child_end(e, c, NULL);
		return;
	}
	ike_cause_init(e, &cause, expired ? IKE_CAUSE_KERNEL_EXPIRED : IKE_CAUSE_KERNEL_REFUSED,
		       c->tunnel->gateway, c->tunnel, &c->path.remote);
	ike_cause_at(&cause, &c->tunnel->conf->pos_lifetime);
	cause.initiator = c->initiator;
	if (!expired)
		ike_cause_ours_str(&cause, "the SA was deleted in the kernel, not by viaductd");
	if (c->state == IKE_CHILD_UP)
		ike_fail(e, c->tunnel->gateway, c->tunnel, &cause);
	ike_child_close(e, c, &cause);
	ike_tunnel_drive(e, c->tunnel);
}

static void mapping(struct ike_engine *e, struct ike_child *c, const struct vd_endpoint *remote)
{
	struct ike_path path;

	/* 2.23: only the end that is not behind a NAT follows. */
	if (!c->sa || !c->encap || c->sa->nat_local)
		return;
	path = c->sa->path;
	path.remote = *remote;
	ike_sa_set_path(e, c->sa, &path);
}

void ike_engine_kernel_event(struct ike_engine *e, vd_time now, const struct ike_kernel_event *ev)
{
	struct ike_tunnel *t = ike_tunnel_find(e, ev->tunnel);
	struct ike_child *c = t ? find_child(t, ev) : NULL;

	e->now = now;
	if (!t)
		return;
	switch (ev->kind) {
	case IKE_KERNEL_ACQUIRE:
		if (!t->held && !t->gateway->held)
			ike_tunnel_want(e, t);
		break;
	case IKE_KERNEL_EXPIRE:
		if (c && ev->hard)
			lost(e, c, ev->inbound, true);
		else if (c)
			ike_child_rekey(e, c);
		break;
	case IKE_KERNEL_SA_GONE:
		if (c)
			lost(e, c, ev->inbound, false);
		break;
	case IKE_KERNEL_MAPPING:
		if (c)
			mapping(e, c, &ev->remote);
		break;
	}
	ike_engine_reap(e);
}
