// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What administrators ask for (Documentation/control.md): each method of the control
 * protocol, done at once or answered later when the kernel's counters, an event, or the
 * new configuration has come.
 */
#include "daemon/net.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "base/version.h"

/* ---- names ---- */

/* What a call is about: a gateway, or one tunnel of it. */
struct subject {
	const char	*gateway;
	const char	*tunnel;	/* NULL: all of the gateway's */
};

static bool find_subject(const struct vd_net *net, const char *name, struct subject *s)
{
	size_t g, t;
	int i;

	if (!net->conf)
		return false;
	i = vd_conf_gateway_index(net->conf, name);
	if (i >= 0) {
		*s = (struct subject){ net->conf->ike.gateways[i].name, NULL };
		return true;
	}
	if (!vd_conf_tunnel_index(net->conf, name, &g, &t))
		return false;
	*s = (struct subject){ net->conf->ike.gateways[g].name,
			       net->conf->ike.gateways[g].tunnels[t].name };
	return true;
}

static void reply_no_such_name(struct vd_net *net, struct vd_call *call)
{
	struct vd_nearest near = { .typed = call->request.name };

	for (size_t g = 0; net->conf && g < net->conf->ike.n_gateways; g++) {
		const struct ike_gateway_conf *gw = &net->conf->ike.gateways[g];

		vd_nearest_offer(&near, gw->name);
		for (size_t t = 0; t < gw->n_tunnels; t++)
			vd_nearest_offer(&near, gw->tunnels[t].name);
	}
	vd_call_error(call, "NoSuchName", json_pack("{s:s, s:s*}", "name", call->request.name,
						    "nearest", near.best));
}

/* ---- status, show, counters ---- */

struct listing {
	struct vd_net		*net;
	struct vd_json_clock	clock;
	const struct vd_kernel_view *view;
	const char		*gateway;	/* NULL: all */
	const char		*tunnel;	/* NULL: all */
	bool			show;
	json_t			*out;		/* array of gateways */
	size_t			at;		/* the one whose tunnels come */
};

static int add_gateway(const struct ike_gateway_status *s, void *arg)
{
	struct listing *l = arg;
	json_t *o;

	if (l->gateway && strcmp(l->gateway, s->conf->name) != 0)
		return 0;
	o = vd_json_gateway(&l->clock, s);
	json_object_set_new(o, "tunnels", json_array());
	json_array_append_new(l->out, o);
	return 0;
}

static int add_tunnel(const struct ike_tunnel_status *s, void *arg)
{
	struct listing *l = arg;
	json_t *o;

	if (l->tunnel && strcmp(l->tunnel, s->conf->name) != 0)
		return 0;
	/* Tunnels come in the order of their gateways: one walk for all, however many there are. */
	for (; (o = json_array_get(l->out, l->at)); l->at++)
		if (strcmp(json_string_value(json_object_get(o, "name")), s->gateway->name) == 0)
			break;
	json_array_append_new(json_object_get(o, "tunnels"),
			      vd_json_tunnel(&l->clock, s, l->view, l->show));
	return 0;
}

static void list(struct vd_net *net, struct listing *l)
{
	ike_engine_each_gateway(net->engine, add_gateway, l);
	ike_engine_each_tunnel(net->engine, l->gateway, add_tunnel, l);
}

static void reply_status(struct vd_net *net, struct vd_call *call, struct listing *l)
{
	list(net, l);
	vd_call_reply(call, json_pack("{s:s, s:o, s:{s:b}}", "version", VD_VERSION, "gateways",
				      l->out, "module", "loaded", l->view != NULL));
}

static void reply_show(struct vd_net *net, struct vd_call *call, struct listing *l,
		       const struct subject *s)
{
	json_t *gateway;

	l->show = true;
	l->gateway = s->gateway;
	l->tunnel = s->tunnel;
	list(net, l);
	gateway = json_incref(json_array_get(l->out, 0));
	json_decref(l->out);
	if (gateway)
		vd_call_reply(call, json_pack("{s:o}", "gateway", gateway));
	else
		reply_no_such_name(net, call);
}

void vd_net_on_dump(struct vd_net *net, uint64_t id, const struct vd_kernel_view *view)
{
	struct vd_call *call = net->control ? vd_control_find(net->control, id) : NULL;
	struct listing l = { .net = net, .clock = vd_net_clock(), .view = view };
	struct subject s = { 0 };

	if (!call)
		return;
	if (call->request.method == VD_CONTROL_COUNTERS) {
		json_t *o = vd_json_counters(ike_engine_counters(net->engine), view);
		json_t *ike = json_object_get(o, "ike");

		json_object_set_new(ike, "no-marker", json_integer(net->counters.no_marker));
		json_object_set_new(ike, "send-failed", json_integer(net->counters.send_failed));
		vd_call_reply(call, o);
		return;
	}
	/* The configuration may have changed since the call came. */
	if (call->request.name[0] && !find_subject(net, call->request.name, &s)) {
		reply_no_such_name(net, call);
		return;
	}
	l.out = json_array();
	if (call->request.method == VD_CONTROL_SHOW) {
		reply_show(net, call, &l, &s);
	} else {
		l.gateway = s.gateway;
		reply_status(net, call, &l);
	}
}

/* All three need the kernel's counters first. */
static void ask_dump(struct vd_net *net, struct vd_call *call)
{
	struct vd_msg_dump_request m = { 0 };
	struct subject s = { 0 };

	if (call->request.name[0] && !find_subject(net, call->request.name, &s)) {
		reply_no_such_name(net, call);
		return;
	}
	if (s.tunnel)
		snprintf(m.tunnel, sizeof(m.tunnel), "%s", s.tunnel);
	if (vd_chan_send(net->worker.priv, VD_MSG_DUMP_REQUEST, call->id, &m, NULL, 0, -1) < 0)
		vd_net_on_dump(net, call->id, NULL);
}

/* ---- up, down, rekey ---- */

struct tunnel_look {
	const char		*tunnel;	/* NULL: all */
	unsigned int		up, not_up;
	const struct ike_cause	*failure;
};

static int look_tunnel(const struct ike_tunnel_status *s, void *arg)
{
	struct tunnel_look *l = arg;

	if (l->tunnel && strcmp(l->tunnel, s->conf->name) != 0)
		return 0;
	if (s->state == IKE_TUNNEL_UP || s->state == IKE_TUNNEL_REKEYING) {
		l->up++;
	} else {
		l->not_up++;
		l->failure = s->last_failure;
	}
	return 0;
}

static struct tunnel_look look(const struct vd_net *net, const struct subject *s)
{
	struct tunnel_look l = { .tunnel = s->tunnel };

	ike_engine_each_tunnel(net->engine, s->gateway, look_tunnel, &l);
	return l;
}

static void reply_outcome(struct vd_call *call, bool done, const struct ike_cause *cause)
{
	struct vd_json_clock clock = vd_net_clock();
	json_t *o = json_object();

	json_object_set_new(o, call->request.method == VD_CONTROL_UP ? "up" : "rekeyed",
			    json_boolean(done));
	if (cause)
		json_object_set_new(o, "cause", vd_json_cause(&clock, cause));
	vd_call_reply(call, o);
}

static void reply_command_error(struct vd_net *net, struct vd_call *call, int err)
{
	if (err == -ENOENT)
		reply_no_such_name(net, call);
	else if (err == -ENOTCONN)
		vd_call_error(call, "NotUp", json_pack("{s:s}", "name", call->request.name));
	else
		vd_call_error(call, "Failed", json_pack("{s:s}", "reason", strerror(-err)));
}

static void call_up(struct vd_net *net, struct vd_call *call, const struct subject *s)
{
	int err = ike_engine_command(net->engine, vd_now(), IKE_UP, s->gateway, s->tunnel);

	if (err && err != -EALREADY)
		reply_command_error(net, call, err);
	else if (err == -EALREADY && !look(net, s).not_up)
		reply_outcome(call, true, NULL);
	else if (!call->request.wait)
		reply_outcome(call, !look(net, s).not_up, NULL);
	else
		vd_call_set_timeout(call, call->request.timeout * VD_SECOND);
}

static void call_rekey(struct vd_net *net, struct vd_call *call, const struct subject *s)
{
	bool ike = call->request.rekey_ike;
	int err = ike_engine_command(net->engine, vd_now(), ike ? IKE_REKEY_IKE : IKE_REKEY_CHILD,
				     s->gateway, ike ? NULL : s->tunnel);

	if (err && err != -EALREADY) {
		reply_command_error(net, call, err);
	} else if (!call->request.wait) {
		reply_outcome(call, false, NULL);
	} else {
		call->pending = ike ? 1 : look(net, s).up;
		vd_call_set_timeout(call, call->request.timeout * VD_SECOND);
	}
}

static void call_down(struct vd_net *net, struct vd_call *call, const struct subject *s)
{
	int err = ike_engine_command(net->engine, vd_now(), IKE_DOWN, s->gateway, s->tunnel);

	if (err && err != -EALREADY && err != -ENOTCONN)
		reply_command_error(net, call, err);
	else
		vd_call_reply(call, json_object());
}

void vd_net_on_call_timeout(void *arg, struct vd_call *call)
{
	struct vd_net *net = arg;
	struct tunnel_look l = { 0 };
	struct subject s;

	if (find_subject(net, call->request.name, &s))
		l = look(net, &s);
	reply_outcome(call, false, l.failure);
}

/* ---- events for those who wait ---- */

struct event_for_calls {
	struct vd_net		*net;
	const struct ike_event	*ev;
	json_t			*object;	/* made when the first one wants it */
};

static bool concerns(const struct vd_control_call *r, const struct ike_event *ev)
{
	return !r->name[0] || strcmp(r->name, ev->gateway) == 0 ||
	       strcmp(r->name, ev->tunnel) == 0;
}

static void tell(struct event_for_calls *e, struct vd_call *call)
{
	struct vd_json_clock clock = vd_net_clock();

	if (!e->object)
		e->object = vd_json_event(&clock, e->ev);
	vd_call_more(call, json_pack("{s:O}", "event", e->object));
}

/* Does this event end a waiting Up? */
static void step_up(struct event_for_calls *e, struct vd_call *call, const struct subject *s)
{
	const struct ike_event *ev = e->ev;
	struct tunnel_look l = look(e->net, s);

	if (ev->kind == IKE_EVENT_FAILED)
		reply_outcome(call, false, ev->has_cause ? &ev->cause : NULL);
	else if (ev->kind == IKE_EVENT_TUNNEL_UP && !l.not_up)
		reply_outcome(call, true, NULL);
	else if (ev->kind == IKE_EVENT_GATEWAY_DOWN && ev->has_cause)
		reply_outcome(call, false, &ev->cause);
}

static void step_rekey(struct event_for_calls *e, struct vd_call *call)
{
	const struct ike_event *ev = e->ev;
	enum ike_event_kind wanted = call->request.rekey_ike ? IKE_EVENT_GATEWAY_REKEYED :
							       IKE_EVENT_TUNNEL_REKEYED;

	if (ev->kind == IKE_EVENT_FAILED || ev->kind == IKE_EVENT_GATEWAY_DOWN)
		reply_outcome(call, false, ev->has_cause ? &ev->cause : NULL);
	else if (ev->kind == wanted && (call->pending <= 1 || --call->pending == 0))
		reply_outcome(call, true, NULL);
}

static void call_event(void *arg, struct vd_call *call)
{
	struct event_for_calls *e = arg;
	const struct vd_control_call *r = &call->request;
	struct subject s;
	bool mine;

	if (r->method == VD_CONTROL_MONITOR) {
		if (concerns(r, e->ev))
			tell(e, call);
		return;
	}
	if ((r->method != VD_CONTROL_UP && r->method != VD_CONTROL_REKEY) ||
	    !find_subject(e->net, r->name, &s))
		return;
	/* A gateway's own events concern a call about one of its tunnels, other tunnels' do not. */
	mine = strcmp(s.gateway, e->ev->gateway) == 0 &&
	       (!s.tunnel || !e->ev->tunnel[0] || strcmp(s.tunnel, e->ev->tunnel) == 0);
	if (!mine)
		return;
	if (r->more)
		tell(e, call);
	if (r->method == VD_CONTROL_UP)
		step_up(e, call, &s);
	else
		step_rekey(e, call);
}

void vd_net_calls_event(struct vd_net *net, const struct ike_event *ev)
{
	struct event_for_calls e = { .net = net, .ev = ev };

	vd_control_each(net->control, call_event, &e);
	json_decref(e.object);
}

/* ---- reload ---- */

static void log_changes(const struct vd_conf_changes *changes)
{
	unsigned int n[3] = { 0 };

	for (size_t i = 0; i < changes->n; i++)
		n[changes->c[i].op]++;
	vd_notice(VD_LOG_CONF, "configuration loaded: %u added, %u removed, %u changed",
		  n[VD_CONF_ADD], n[VD_CONF_REMOVE], n[VD_CONF_CHANGE]);
}

static void log_errors(const struct vd_conf_errors *errors)
{
	for (uint32_t i = 0; i < errors->n; i++) {
		const struct vd_conf_error *e = &errors->e[i];

		vd_error(VD_LOG_CONF, "%s:%u:%u: %s%s%s%s%s", e->file, e->line, e->column,
			 e->message, e->expected[0] ? "; expected " : "", e->expected,
			 e->fix[0] ? "; fix: " : "", e->fix);
	}
	vd_error(VD_LOG_CONF, "the configuration has errors: the one in use is kept");
}

void vd_net_reload_done(struct vd_net *net, const struct vd_conf_changes *changes,
			const struct vd_conf_errors *errors)
{
	struct vd_call *call = net->control && net->reload_call ?
			       vd_control_find(net->control, net->reload_call) : NULL;

	net->reload_call = 0;
	if (call && errors)
		vd_call_error(call, "ConfigInvalid",
			      json_pack("{s:o}", "errors", vd_json_conf_errors(errors)));
	else if (call)
		vd_call_reply(call, json_pack("{s:o}", "changes", vd_json_changes(changes)));
	if (errors)
		log_errors(errors);
	else if (!call || !call->request.dry_run)
		log_changes(changes);
}

static void call_reload(struct vd_net *net, struct vd_call *call)
{
	int err = vd_net_reload(net, call->id, call->request.dry_run);

	if (err)
		vd_call_error(call, "Failed", json_pack("{s:s}", "reason",
				err == -EBUSY ? "a reload is under way" : strerror(-err)));
}

/* ---- the methods ---- */

void vd_net_on_call(void *arg, struct vd_call *call)
{
	struct vd_net *net = arg;
	struct subject s;

	switch (call->request.method) {
	case VD_CONTROL_STATUS:
	case VD_CONTROL_SHOW:
	case VD_CONTROL_COUNTERS:
		ask_dump(net, call);
		return;
	case VD_CONTROL_RELOAD:
		call_reload(net, call);
		return;
	case VD_CONTROL_UP:
	case VD_CONTROL_DOWN:
	case VD_CONTROL_REKEY:
	case VD_CONTROL_MONITOR:
		break;
	}
	if (call->request.name[0] && !find_subject(net, call->request.name, &s)) {
		reply_no_such_name(net, call);
		return;
	}
	if (call->request.method == VD_CONTROL_UP)
		call_up(net, call, &s);
	else if (call->request.method == VD_CONTROL_DOWN)
		call_down(net, call, &s);
	else if (call->request.method == VD_CONTROL_REKEY)
		call_rekey(net, call, &s);
	vd_net_pump(net);
}
