// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the engine tells (IKE_ACT_EVENT): once into the log, to the calls that wait or
 * monitor, and to [priv] for routes.
 *
 * One cause is told once: a gateway that fails again for the reason it failed before is only
 * counted, and told again after an hour or when the reason changes. What strangers can
 * trigger is bounded by a rate besides.
 */
#include "daemon/net.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "daemon/report.h"

#define REPEAT_AFTER	(3600 * VD_SECOND)

struct vd_net_told {
	char		key[IKE_NAME_MAX + VD_TUNNEL_MAX];	/* gateway and tunnel, zero-padded */
	enum ike_cause_code code;
	char		theirs[IKE_CAUSE_VALUE];
	vd_time		when;
	uint32_t	repeated;
	UT_hash_handle	hh;
};

void vd_net_told_free(struct vd_net *net)
{
	struct vd_net_told *t, *tmp;

	HASH_ITER(hh, net->told, t, tmp) {
		HASH_DEL(net->told, t);
		free(t);
	}
}

static void told_key(char key[static IKE_NAME_MAX + VD_TUNNEL_MAX], const char *gateway,
		     const char *tunnel)
{
	memset(key, 0, IKE_NAME_MAX + VD_TUNNEL_MAX);
	snprintf(key, IKE_NAME_MAX, "%s", gateway);
	snprintf(key + IKE_NAME_MAX, VD_TUNNEL_MAX, "%s", tunnel);
}

/* It works again: the next failure is news. */
static void told_forget(struct vd_net *net, const char *gateway, const char *tunnel)
{
	char key[IKE_NAME_MAX + VD_TUNNEL_MAX];
	struct vd_net_told *t;

	told_key(key, gateway, tunnel);
	HASH_FIND(hh, net->told, key, sizeof(key), t);
	if (t) {
		HASH_DEL(net->told, t);
		free(t);
	}
}

/* Is @c to be told? *@repeated: how often it happened untold. */
static bool is_news(struct vd_net *net, const struct ike_cause *c, uint32_t *repeated)
{
	static struct vd_ratelimit strangers = { .burst = 20, .interval = 5 * VD_SECOND };
	char key[IKE_NAME_MAX + VD_TUNNEL_MAX];
	struct vd_net_told *t;
	vd_time now = vd_now();

	*repeated = 0;
	if (!c->gateway[0])
		return vd_ratelimit_pass(&strangers, now, NULL);
	told_key(key, c->gateway, c->tunnel);
	HASH_FIND(hh, net->told, key, sizeof(key), t);
	if (t && t->code == c->code && strcmp(t->theirs, c->theirs) == 0 &&
	    now - t->when < REPEAT_AFTER) {
		t->repeated++;
		return false;
	}
	if (!t) {
		t = calloc(1, sizeof(*t));
		if (!t)
			return true;
		memcpy(t->key, key, sizeof(key));
		HASH_ADD(hh, net->told, key, sizeof(t->key), t);
	}
	*repeated = t->repeated;
	t->repeated = 0;
	t->code = c->code;
	t->when = now;
	memcpy(t->theirs, c->theirs, sizeof(t->theirs));
	return true;
}

static void log_with_fields(enum vd_log_level level, const char *gateway, const char *tunnel,
			    enum ike_cause_code code, const char *text)
{
	char number[12];
	struct vd_log_field fields[3];
	size_t n = 0;

	if (gateway[0])
		fields[n++] = (struct vd_log_field){ "VIADUCT_GATEWAY", gateway };
	if (tunnel[0])
		fields[n++] = (struct vd_log_field){ "VIADUCT_TUNNEL", tunnel };
	if (code) {
		snprintf(number, sizeof(number), "%u", (unsigned int)code);
		fields[n++] = (struct vd_log_field){ "VIADUCT_CODE", number };
	}
	vd_log_fields(VD_LOG_IKE, level, fields, n, "%s", text);
}

/* Going down on an order, or being closed by the peer, is no fault. */
static enum vd_log_level cause_level(const struct ike_cause *c)
{
	switch ((int)c->code) {
	case IKE_CAUSE_ADMIN_DOWN:
	case IKE_CAUSE_CONF_REMOVED:
	case IKE_CAUSE_P1_DELETED:
	case IKE_CAUSE_P2_DELETED:
	case IKE_CAUSE_P2_TEMPORARY:
		return VD_LOG_NOTICE;
	}
	return VD_LOG_WARNING;
}

static void log_cause(struct vd_net *net, const struct ike_event *ev)
{
	char text[VD_REPORT_MAX];
	struct vd_strbuf b = vd_strbuf_init(text, sizeof(text));
	uint32_t repeated;

	if (!is_news(net, &ev->cause, &repeated)) {
		vd_cause_headline(&b, &ev->cause);
		vd_debug(VD_LOG_IKE, "%s (again)", text);
		return;
	}
	vd_cause_report(&b, &ev->cause);
	if (repeated) {
		vd_strbuf_str(&b, "\n  (happened ");
		vd_strbuf_u64(&b, repeated);
		vd_strbuf_str(&b, " times more since it was last told)");
	}
	log_with_fields(cause_level(&ev->cause), ev->gateway, ev->tunnel, ev->cause.code, text);
}

/* "hq/via0: up: …" */
static void log_line(enum vd_log_level level, const struct ike_event *ev)
{
	char text[1200];
	struct vd_strbuf b = vd_strbuf_init(text, sizeof(text));

	if (!vd_log_enabled(VD_LOG_IKE, level))
		return;
	vd_strbuf_str(&b, ev->gateway[0] ? ev->gateway : "(unknown)");
	if (ev->tunnel[0]) {
		vd_strbuf_char(&b, '/');
		vd_strbuf_str(&b, ev->tunnel);
	}
	vd_strbuf_str(&b, ": ");
	vd_event_text(&b, ev);
	log_with_fields(level, ev->gateway, ev->tunnel, IKE_CAUSE_NONE, text);
}

static void log_event(struct vd_net *net, const struct ike_event *ev)
{
	switch (ev->kind) {
	case IKE_EVENT_FAILED:
		if (ev->has_cause)
			log_cause(net, ev);
		else
			log_line(VD_LOG_WARNING, ev);
		break;
	case IKE_EVENT_GATEWAY_UP:
	case IKE_EVENT_TUNNEL_UP:
		told_forget(net, ev->gateway, ev->tunnel);
		log_line(VD_LOG_NOTICE, ev);
		break;
	case IKE_EVENT_GATEWAY_DOWN:
		if (ev->has_cause)
			log_cause(net, ev);
		else
			log_line(VD_LOG_NOTICE, ev);
		break;
	case IKE_EVENT_TUNNEL_DOWN:
		log_line(VD_LOG_NOTICE, ev);
		break;
	case IKE_EVENT_GATEWAY_REKEYED:
	case IKE_EVENT_TUNNEL_REKEYED:
	case IKE_EVENT_NAT:
		log_line(VD_LOG_INFO, ev);
		break;
	case IKE_EVENT_GATEWAY_CONNECTING:
	case IKE_EVENT_STEP:
		log_line(VD_LOG_DEBUG, ev);
		break;
	}
}

static void set_routes(struct vd_net *net, const struct ike_event *ev, bool up)
{
	struct vd_msg_routes m = { .up = up };

	memcpy(m.tunnel, ev->tunnel, sizeof(m.tunnel));
	if (up)
		m.remote_ts = ev->remote_ts;
	if (vd_chan_send(net->worker.priv, VD_MSG_ROUTES, 0, &m, NULL, 0, -1) < 0)
		vd_error(VD_LOG_NET, "routes of %s: [priv] does not listen", ev->tunnel);
}

void vd_net_event(struct vd_net *net, const struct ike_event *ev)
{
	if (ev->kind == IKE_EVENT_TUNNEL_UP)
		set_routes(net, ev, true);
	else if (ev->kind == IKE_EVENT_TUNNEL_DOWN)
		set_routes(net, ev, false);
	log_event(net, ev);
	vd_net_calls_event(net, ev);
}
