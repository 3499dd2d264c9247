// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What [net] asks of [priv]. The message's form was checked on arrival (msg.c); here it is
 * checked against the configuration: only its tunnels, only selectors within what the file allows.
 */
#include "daemon/priv.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void send_result(struct vd_priv *p, uint64_t token, const struct vd_msg_result *r)
{
	if (token)
		vd_chan_send(p->net.chan, VD_MSG_RESULT, token, r, NULL, 0, -1);
}

/* An error of the kernel that nobody waits for is at least told. */
static void finish(struct vd_priv *p, const struct vd_msg *m, const char *tunnel,
		   struct vd_msg_result *r)
{
	static struct vd_ratelimit limit = { .burst = 20, .interval = VD_SECOND };

	if (r->error && vd_ratelimit_pass(&limit, vd_now(), NULL))
		vd_log(VD_LOG_KERNEL, m->token ? VD_LOG_DEBUG : VD_LOG_WARNING, "%s: %s: %s%s%s",
		       tunnel, vd_msg_name(m->type), strerror(-r->error), r->text[0] ? ": " : "",
		       r->text);
	send_result(p, m->token, r);
}

/* The tunnel of a request; NULL after telling [net] that there is none. */
static struct vd_priv_tunnel *tunnel_of(struct vd_priv *p, const struct vd_msg *m,
					const char *name)
{
	struct vd_priv_tunnel *t = vd_priv_tunnel_find(p, name);
	struct vd_msg_result r = { .error = -ENODEV };

	if (t && t->ifindex)
		return t;
	snprintf(r.text, sizeof(r.text), "no tunnel %s is configured", name);
	finish(p, m, name, &r);
	return NULL;
}

static void on_child_set(struct vd_priv *p, const struct vd_msg *m)
{
	const struct vd_msg_child *c = &m->body->CHILD_SET;
	struct vd_priv_tunnel *t = tunnel_of(p, m, c->tunnel);
	struct vd_msg_result r = { 0 };

	if (!t)
		return;
	if (!ike_ts_list_contains(&t->ike->local_ts, &c->local_ts) ||
	    !ike_ts_list_contains(&t->ike->remote_ts, &c->remote_ts)) {
		r.error = -EPERM;
		snprintf(r.text, sizeof(r.text), "selectors wider than configured");
	} else {
		r.error = vd_kernel_child_set(p->kernel, t->ifindex, c->child, c->on_demand,
					      &c->local_ts, &c->remote_ts, r.text);
		if (r.error == -ENODEV && vd_priv_tunnel_restore(p, t) == 0)
			r.error = vd_kernel_child_set(p->kernel, t->ifindex, c->child,
						      c->on_demand, &c->local_ts, &c->remote_ts,
						      r.text);
	}
	if (!r.error)
		vd_priv_child_note(p, t, c);
	finish(p, m, c->tunnel, &r);
}

static void on_child_del(struct vd_priv *p, const struct vd_msg *m)
{
	struct ike_sa_id id = vd_msg_to_sa_id(&m->body->CHILD_DEL);
	struct vd_priv_tunnel *t = tunnel_of(p, m, id.tunnel);
	struct ike_sa_id child = { .child = id.child };
	struct vd_msg_result r = { 0 };

	if (!t)
		return;
	vd_priv_sa_forget(t, &child);
	r.error = vd_kernel_child_del(p->kernel, t->ifindex, id.child, r.text);
	if (r.error == -ENOENT)
		r.error = 0;
	finish(p, m, id.tunnel, &r);
}

static void on_spi_alloc(struct vd_priv *p, const struct vd_msg *m)
{
	struct vd_priv_tunnel *t = tunnel_of(p, m, m->body->SPI_ALLOC.id.tunnel);
	struct vd_msg_result r = { 0 };
	struct ike_sa_params params;

	if (!t)
		return;
	vd_msg_to_sa(&params, &m->body->SPI_ALLOC);
	r.error = vd_kernel_spi_alloc(p->kernel, t->ifindex, &params, &r.spi, r.text);
	if (r.error == -ENODEV && vd_priv_tunnel_restore(p, t) == 0)
		r.error = vd_kernel_spi_alloc(p->kernel, t->ifindex, &params, &r.spi, r.text);
	vd_wipe(&params, sizeof(params));
	finish(p, m, t->name, &r);
}

static void on_sa_add(struct vd_priv *p, const struct vd_msg *m)
{
	struct vd_priv_tunnel *t = tunnel_of(p, m, m->body->SA_ADD.id.tunnel);
	struct vd_msg_result r = { 0 };
	struct ike_sa_params params;

	if (!t)
		return;
	vd_msg_to_sa(&params, &m->body->SA_ADD);
	r.error = vd_kernel_sa_add(p->kernel, t->ifindex, &params, r.text);
	if (!r.error) {
		vd_priv_sa_note(p, t, &params.id);
		if (!params.id.inbound)
			vd_priv_sa_supersede(p, t);
	}
	vd_wipe(&params, sizeof(params));
	finish(p, m, t->name, &r);
}

static void on_sa_update(struct vd_priv *p, const struct vd_msg *m)
{
	struct vd_priv_tunnel *t = tunnel_of(p, m, m->body->SA_UPDATE.id.tunnel);
	struct vd_msg_result r = { 0 };
	struct ike_sa_params params;

	if (!t)
		return;
	vd_msg_to_sa(&params, &m->body->SA_UPDATE);
	r.error = vd_kernel_sa_update(p->kernel, t->ifindex, &params, r.text);
	vd_wipe(&params, sizeof(params));
	finish(p, m, t->name, &r);
}

static void on_sa_del(struct vd_priv *p, const struct vd_msg *m)
{
	struct ike_sa_id id = vd_msg_to_sa_id(&m->body->SA_DEL);
	struct vd_priv_tunnel *t = tunnel_of(p, m, id.tunnel);
	struct vd_msg_result r = { 0 };

	if (!t)
		return;
	/* Forgotten first: the kernel's own notice of it then concerns nobody. */
	vd_priv_sa_forget(t, &id);
	r.error = vd_kernel_sa_del(p->kernel, t->ifindex, &id, r.text);
	if (r.error == -ENOENT)
		r.error = 0;
	finish(p, m, t->name, &r);
}

static void on_sa_query(struct vd_priv *p, const struct vd_msg *m)
{
	struct ike_sa_id id = vd_msg_to_sa_id(&m->body->SA_QUERY);
	struct vd_priv_tunnel *t = tunnel_of(p, m, id.tunnel);
	struct vd_kernel_sa sa = { 0 };
	struct vd_msg_result r = { 0 };

	if (!t)
		return;
	r.error = vd_kernel_sa_get(p->kernel, t->ifindex, &id, &sa, r.text);
	r.idle = sa.idle;
	finish(p, m, t->name, &r);
}

static void on_routes(struct vd_priv *p, const struct vd_msg *m)
{
	const struct vd_msg_routes *q = &m->body->ROUTES;
	struct vd_priv_tunnel *t = tunnel_of(p, m, q->tunnel);

	if (!t)
		return;
	if (!ike_ts_list_contains(&t->ike->remote_ts, &q->remote_ts)) {
		vd_warning(VD_LOG_ROUTE, "%s: [net] asks for routes wider than configured", t->name);
		return;
	}
	vd_priv_tunnel_set_up(p, t, q->up, &q->remote_ts);
}

static void on_route_get(struct vd_priv *p, const struct vd_msg *m)
{
	struct vd_msg_result r = { 0 };

	r.error = vd_route_source(&m->body->ROUTE_GET.peer, 0, &r.local);
	send_result(p, m->token, &r);
}

static void on_log(const struct vd_msg *m)
{
	const struct vd_msg_log *l = &m->body->NET_LOG;
	struct vd_log_field fields[3];
	char code[12];
	size_t n = 0;

	if (l->gateway[0])
		fields[n++] = (struct vd_log_field){ "VIADUCT_GATEWAY", l->gateway };
	if (l->tunnel[0])
		fields[n++] = (struct vd_log_field){ "VIADUCT_TUNNEL", l->tunnel };
	if (l->code) {
		snprintf(code, sizeof(code), "%u", l->code);
		fields[n++] = (struct vd_log_field){ "VIADUCT_CODE", code };
	}
	vd_log_fields((enum vd_log_subsys)l->subsys, (enum vd_log_level)l->level, fields, n, "%.*s",
		      (int)m->tail_len, (const char *)m->tail);
}

static void on_applied(struct vd_priv *p)
{
	vd_priv_config_applied(p);
	if (!p->ready)
		vd_priv_ready(p);
}

void vd_priv_on_net_message(void *arg, struct vd_msg *m)
{
	struct vd_priv_child *c = arg;
	struct vd_priv *p = c->priv;

	c->alive = vd_now();
	if (m->type == VD_MSG_NET_LOG)
		on_log(m);
	else if (m->type == VD_MSG_CONFIG_VERDICT)
		vd_priv_config_verdict(p, &m->body->CONFIG_VERDICT);
	else if (m->type == VD_MSG_APPLIED)
		on_applied(p);
	else if (m->type == VD_MSG_STOPPED)
		vd_priv_stopped(p);
	else if (m->type == VD_MSG_RELOAD)
		vd_priv_config_reload(p, m->token, m->body->RELOAD.dry_run != 0);
	else if (m->type == VD_MSG_CHILD_SET)
		on_child_set(p, m);
	else if (m->type == VD_MSG_CHILD_DEL)
		on_child_del(p, m);
	else if (m->type == VD_MSG_SPI_ALLOC)
		on_spi_alloc(p, m);
	else if (m->type == VD_MSG_SA_ADD)
		on_sa_add(p, m);
	else if (m->type == VD_MSG_SA_UPDATE)
		on_sa_update(p, m);
	else if (m->type == VD_MSG_SA_DEL)
		on_sa_del(p, m);
	else if (m->type == VD_MSG_SA_QUERY)
		on_sa_query(p, m);
	else if (m->type == VD_MSG_DUMP_REQUEST)
		vd_priv_kernel_dump(p, m->token, m->body->DUMP_REQUEST.tunnel);
	else if (m->type == VD_MSG_ROUTES)
		on_routes(p, m);
	else if (m->type == VD_MSG_ROUTE_GET)
		on_route_get(p, m);
}

void vd_priv_on_keys_message(void *arg, struct vd_msg *m)
{
	struct vd_priv_child *c = arg;

	c->alive = vd_now();
	if (m->type == VD_MSG_KEYS_LOG)
		on_log(m);
	else if (m->type == VD_MSG_SECRET_VERDICT)
		vd_priv_secret_verdict(c->priv, m->token, &m->body->SECRET_VERDICT);
}
