// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The control protocol's objects (control_json.h). Setting a member to NULL leaves it out,
 * which is how absent fields are made.
 */
#include "daemon/control_json.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "daemon/report.h"

static void set(json_t *o, const char *key, json_t *value)
{
	if (value)
		json_object_set_new(o, key, value);
}

static void set_text(json_t *o, const char *key, const char *value)
{
	if (value && *value)
		set(o, key, json_string(value));
}

static void set_u64(json_t *o, const char *key, uint64_t value)
{
	set(o, key, json_integer((json_int_t)value));
}

static void set_hex(json_t *o, const char *key, uint64_t value, int digits)
{
	char text[20];

	snprintf(text, sizeof(text), "%0*llx", digits, (unsigned long long)value);
	set(o, key, json_string(text));
}

static void set_endpoint(json_t *o, const char *key, const struct vd_endpoint *e)
{
	char text[VD_ENDPOINT_TEXT];

	if (e->addr.family != VD_FAMILY_NONE)
		set(o, key, json_string(vd_endpoint_text(e, text)));
}

static void set_suite(json_t *o, const struct ike_suite *suite)
{
	char text[160];
	struct vd_strbuf b = vd_strbuf_init(text, sizeof(text));

	if (suite->protocol == IKE_PROTO_NONE)
		return;
	ike_suite_format(&b, suite);
	set_text(o, "proposal", text);
}

static void set_id(json_t *o, const char *key, const struct ike_id *id)
{
	char text[IKE_ID_MAX * 4 + 16];
	struct vd_strbuf b = vd_strbuf_init(text, sizeof(text));

	if (id->type == IKE_ID_NONE)
		return;
	ike_id_format(&b, id);
	set_text(o, key, text);
}

static json_t *ts_list(const struct ike_ts_list *list)
{
	json_t *a = json_array();

	for (unsigned int i = 0; i < list->n; i++) {
		char text[128];
		struct vd_strbuf b = vd_strbuf_init(text, sizeof(text));

		ike_ts_format(&b, &list->ts[i]);
		json_array_append_new(a, json_string(text));
	}
	return a;
}

json_t *vd_json_time(const struct vd_json_clock *clock, vd_time t)
{
	char text[40];
	time_t seconds;
	struct tm tm;
	int64_t ms;
	size_t n;

	if (t == VD_NEVER || t == 0)
		return NULL;
	ms = clock->wall_ms + (t - clock->now);
	seconds = ms / 1000;
	if (!gmtime_r(&seconds, &tm))
		return NULL;
	n = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text + n, sizeof(text) - n, ".%03dZ", (int)(ms % 1000));
	return json_string(text);
}

/* ---- failures and events ---- */

json_t *vd_json_cause(const struct vd_json_clock *clock, const struct ike_cause *c)
{
	char text[VD_REPORT_MAX], id[16], addr[VD_ADDR_TEXT];
	struct vd_strbuf b;
	json_t *o = json_object();

	set_u64(o, "code", c->code);
	snprintf(id, sizeof(id), "VIA-%04u", (unsigned int)c->code);
	set_text(o, "id", id);
	set_text(o, "name", ike_cause_name(c->code));
	set_text(o, "title", ike_cause_title(c->code));
	set_text(o, "phase", ike_phase_name(c->phase));
	if (c->field != IKE_FIELD_NONE)
		set_text(o, "field", ike_field_name(c->field));
	set_text(o, "certainty", c->certainty == IKE_CERTAIN ? "certain" : "likely");
	set_text(o, "gateway", c->gateway);
	set_text(o, "tunnel", c->tunnel);
	if (c->peer.addr.family != VD_FAMILY_NONE)
		set_text(o, "peer", vd_addr_text(&c->peer.addr, addr));
	set_text(o, "ours", c->ours);
	set_text(o, "theirs", c->theirs);
	set_text(o, "file", c->file);
	if (c->line)
		set_u64(o, "line", c->line);
	set(o, "told_by_peer", json_boolean(c->told_by_peer));
	if (c->notify)
		set_u64(o, "notify", c->notify);
	b = vd_strbuf_init(text, sizeof(text));
	vd_cause_fix(&b, c);
	set_text(o, "fix", text);
	set(o, "time", vd_json_time(clock, c->when));
	b = vd_strbuf_init(text, sizeof(text));
	vd_cause_report(&b, c);
	set_text(o, "text", text);
	return o;
}

static void event_fields(json_t *o, const struct ike_event *ev)
{
	switch (ev->kind) {
	case IKE_EVENT_STEP:
		set_text(o, "step", vd_step_name(ev->step));
		set(o, "request", json_boolean(ev->request));
		break;
	case IKE_EVENT_NAT:
		set(o, "nat_local", json_boolean(ev->nat_local));
		set(o, "nat_remote", json_boolean(ev->nat_remote));
		break;
	case IKE_EVENT_TUNNEL_UP:
	case IKE_EVENT_TUNNEL_REKEYED:
		set_suite(o, &ev->suite);
		set_hex(o, "spi_in", ev->spi_in, 8);
		set_hex(o, "spi_out", ev->spi_out, 8);
		set(o, "local_ts", ts_list(&ev->local_ts));
		set(o, "remote_ts", ts_list(&ev->remote_ts));
		break;
	case IKE_EVENT_GATEWAY_UP:
	case IKE_EVENT_GATEWAY_REKEYED:
		set_suite(o, &ev->suite);
		break;
	case IKE_EVENT_GATEWAY_CONNECTING:
	case IKE_EVENT_GATEWAY_DOWN:
	case IKE_EVENT_TUNNEL_DOWN:
	case IKE_EVENT_FAILED:
		break;
	}
}

json_t *vd_json_event(const struct vd_json_clock *clock, const struct ike_event *ev)
{
	char text[1024];
	struct vd_strbuf b = vd_strbuf_init(text, sizeof(text));
	json_t *o = json_object();

	set(o, "time", vd_json_time(clock, clock->now));
	set_text(o, "kind", vd_event_kind_name(ev->kind));
	set_text(o, "gateway", ev->gateway);
	set_text(o, "tunnel", ev->tunnel);
	vd_event_text(&b, ev);
	set_text(o, "text", text);
	set_endpoint(o, "local", &ev->local);
	set_endpoint(o, "remote", &ev->remote);
	event_fields(o, ev);
	if (ev->has_cause)
		set(o, "cause", vd_json_cause(clock, &ev->cause));
	return o;
}

/* ---- gateways, tunnels, SAs ---- */

static const char *gateway_state(enum ike_gateway_state s)
{
	switch (s) {
	case IKE_GATEWAY_IDLE:
		return "idle";
	case IKE_GATEWAY_CONNECTING:
		return "connecting";
	case IKE_GATEWAY_UP:
		return "up";
	case IKE_GATEWAY_RETRY_WAIT:
		return "retry-wait";
	}
	return "?";
}

static const char *tunnel_state(enum ike_tunnel_state s)
{
	switch (s) {
	case IKE_TUNNEL_IDLE:
		return "idle";
	case IKE_TUNNEL_CONNECTING:
		return "connecting";
	case IKE_TUNNEL_UP:
		return "up";
	case IKE_TUNNEL_REKEYING:
		return "rekeying";
	case IKE_TUNNEL_RETRY_WAIT:
		return "retry-wait";
	}
	return "?";
}

static const char *waits_for(enum ike_waits_for w)
{
	switch (w) {
	case IKE_WAITS_NOTHING:
		return NULL;
	case IKE_WAITS_SA_INIT_RESPONSE:
		return "IKE_SA_INIT response";
	case IKE_WAITS_AUTH_RESPONSE:
		return "IKE_AUTH response";
	case IKE_WAITS_AUTH_REQUEST:
		return "IKE_AUTH request";
	case IKE_WAITS_CREATE_CHILD_RESPONSE:
		return "CREATE_CHILD_SA response";
	case IKE_WAITS_INFORMATIONAL_RESPONSE:
		return "INFORMATIONAL response";
	case IKE_WAITS_DH:
		return "key exchange computation";
	case IKE_WAITS_KEYS:
		return "viaductd[keys]";
	case IKE_WAITS_KERNEL:
		return "kernel";
	}
	return NULL;
}

json_t *vd_json_gateway(const struct vd_json_clock *clock, const struct ike_gateway_status *s)
{
	bool talking = s->state == IKE_GATEWAY_UP || s->state == IKE_GATEWAY_CONNECTING;
	struct vd_endpoint remote = { .addr = s->conf->remote, .port = s->conf->remote_port };
	json_t *o = json_object();

	set_text(o, "name", s->conf->name);
	set_text(o, "state", gateway_state(s->state));
	set_text(o, "waits_for", waits_for(s->waits_for));
	if (s->waits_for != IKE_WAITS_NOTHING && s->tries)
		set_u64(o, "tries", s->tries);
	set_u64(o, "ike", s->conf->version);
	if (talking) {
		set_text(o, "role", s->initiator ? "initiator" : "responder");
		set_endpoint(o, "local", &s->path.local);
		set_hex(o, "spi_i", s->spi_i, 16);
		set_hex(o, "spi_r", s->spi_r, 16);
	}
	set_endpoint(o, "remote", s->path.remote.addr.family != VD_FAMILY_NONE ? &s->path.remote :
		     &remote);
	set_id(o, "local_id", &s->conf->local_id);
	set_id(o, "remote_id", s->remote_id.type ? &s->remote_id : &s->conf->remote_id);
	if (s->state == IKE_GATEWAY_UP) {
		set_text(o, "nat", s->nat_local && s->nat_remote ? "both" : s->nat_local ? "local" :
			 s->nat_remote ? "remote" : "none");
		set_suite(o, &s->suite);
		set(o, "rekey_at", vd_json_time(clock, s->rekey_at));
		set(o, "expires_at", vd_json_time(clock, s->expires_at));
	}
	set(o, "since", vd_json_time(clock, s->since));
	if (s->state == IKE_GATEWAY_RETRY_WAIT)
		set(o, "next_try", vd_json_time(clock, s->next_try));
	set_u64(o, "sas", s->sas);
	if (s->last_failure)
		set(o, "last_failure", vd_json_cause(clock, s->last_failure));
	return o;
}

static json_t *drops(const struct vd_kernel_stats *s)
{
	json_t *o = json_object();

	for (unsigned int i = 0; i < VD_KERNEL_DROPS; i++)
		if (s->drops[i] && vd_kernel_drop_name(i))
			set_u64(o, vd_kernel_drop_name(i), s->drops[i]);
	return o;
}

static json_t *sa_object(const struct vd_kernel_sa *sa, const struct ike_suite *suite)
{
	json_t *o = json_object();

	set_text(o, "dir", sa->inbound ? "in" : "out");
	set_hex(o, "spi", sa->spi, 8);
	set_endpoint(o, "local", &sa->local);
	set_endpoint(o, "remote", &sa->remote);
	set(o, "encap", json_boolean(sa->encap));
	/* The kernel does not tell key lengths; the tunnel's suite does when it is the same one. */
	if (sa->encr == suite->encr && sa->integ == suite->integ)
		set_suite(o, suite);
	set_text(o, "driver", sa->driver);
	set(o, "esn", json_boolean(sa->esn));
	set_u64(o, "replay_window", sa->replay_window);
	set_u64(o, "seq", sa->seq);
	set_u64(o, "bytes", sa->inbound ? sa->stats.rx_bytes : sa->stats.tx_bytes);
	set_u64(o, "packets", sa->inbound ? sa->stats.rx_packets : sa->stats.tx_packets);
	set_u64(o, "age_ms", sa->age);
	set_u64(o, "idle_ms", sa->idle);
	set(o, "current", json_boolean(sa->current));
	set(o, "drops", drops(&sa->stats));
	return o;
}

static json_t *sa_array(const struct ike_tunnel_status *s, const struct vd_kernel_view *view)
{
	json_t *a = json_array();

	for (size_t i = 0; i < view->n_sas; i++) {
		const struct vd_kernel_sa *sa = &view->sas[i];

		if (!sa->larval && strncmp(sa->tunnel, s->conf->name, sizeof(sa->tunnel)) == 0)
			json_array_append_new(a, sa_object(sa, &s->suite));
	}
	return a;
}

/* Both kinds of entry begin with the tunnel's name. */
static int by_name(const void *name, const void *entry)
{
	return strncmp(name, entry, 16);
}

_Static_assert(offsetof(struct vd_kernel_tunnel_stats, tunnel) == 0, "the name comes first");

static void tunnel_counters(json_t *o, const struct ike_tunnel_status *s,
			    const struct vd_kernel_view *view)
{
	const struct vd_kernel_tunnel_stats *t = bsearch(s->conf->name, view->tunnels,
							 view->n_tunnels, sizeof(*t), by_name);

	if (!t)
		return;
	set_u64(o, "bytes_in", t->stats.rx_bytes);
	set_u64(o, "bytes_out", t->stats.tx_bytes);
	set_u64(o, "packets_in", t->stats.rx_packets);
	set_u64(o, "packets_out", t->stats.tx_packets);
	set(o, "drops", drops(&t->stats));
}

json_t *vd_json_tunnel(const struct vd_json_clock *clock, const struct ike_tunnel_status *s,
		       const struct vd_kernel_view *view, bool list)
{
	bool up = s->state == IKE_TUNNEL_UP || s->state == IKE_TUNNEL_REKEYING;
	json_t *o = json_object();

	set_text(o, "name", s->conf->name);
	set_text(o, "state", tunnel_state(s->state));
	set_text(o, "protocol", s->conf->protocol == IKE_PROTO_AH ? "ah" : "esp");
	if (up) {
		set_suite(o, &s->suite);
		set(o, "encap", json_boolean(s->encap));
		set_hex(o, "spi_in", s->spi_in, 8);
		set_hex(o, "spi_out", s->spi_out, 8);
		set(o, "rekey_at", vd_json_time(clock, s->rekey_at));
		set(o, "expires_at", vd_json_time(clock, s->expires_at));
	}
	set(o, "local_ts", ts_list(up ? &s->local_ts : &s->conf->local_ts));
	set(o, "remote_ts", ts_list(up ? &s->remote_ts : &s->conf->remote_ts));
	set(o, "since", vd_json_time(clock, s->since));
	set_u64(o, "sas", s->sas);
	if (view)
		tunnel_counters(o, s, view);
	if (view && list)
		set(o, "sa_list", sa_array(s, view));
	if (s->last_failure)
		set(o, "last_failure", vd_json_cause(clock, s->last_failure));
	return o;
}

/* ---- configuration and counters ---- */

json_t *vd_json_conf_error(const struct vd_conf_error *e)
{
	json_t *o = json_object();

	set_text(o, "file", e->file);
	if (e->line) {
		set_u64(o, "line", e->line);
		set_u64(o, "column", e->column);
	}
	set_text(o, "message", e->message);
	set_text(o, "expected", e->expected);
	set_text(o, "nearest", e->nearest);
	set_text(o, "fix", e->fix);
	return o;
}

json_t *vd_json_conf_errors(const struct vd_conf_errors *errors)
{
	json_t *a = json_array();

	for (uint32_t i = 0; i < errors->n; i++)
		json_array_append_new(a, vd_json_conf_error(&errors->e[i]));
	return a;
}

static const char *op_name(enum vd_conf_op op)
{
	switch (op) {
	case VD_CONF_ADD:
		return "add";
	case VD_CONF_REMOVE:
		return "remove";
	case VD_CONF_CHANGE:
		return "change";
	}
	return "?";
}

json_t *vd_json_changes(const struct vd_conf_changes *changes)
{
	json_t *a = json_array();

	for (size_t i = 0; i < changes->n; i++) {
		const struct vd_conf_change *c = &changes->c[i];
		json_t *o = json_object(), *fields = json_array();

		set_text(o, "op", op_name(c->op));
		set_text(o, "kind", c->is_tunnel ? "tunnel" : "gateway");
		set_text(o, "name", c->name);
		if (c->is_tunnel)
			set_text(o, "gateway", c->gateway);
		for (unsigned int f = 0; f < c->n_fields; f++)
			json_array_append_new(fields, json_string(c->fields[f]));
		set(o, "fields", fields);
		json_array_append_new(a, o);
	}
	return a;
}

json_t *vd_json_counters(const struct ike_counters *c, const struct vd_kernel_view *view)
{
	json_t *o = json_object(), *ike = json_object();

	set_u64(ike, "received", c->received);
	set_u64(ike, "sent", c->sent);
	set_u64(ike, "retransmitted", c->retransmitted);
	for (int i = 0; i < IKE_DROP_MAX; i++)
		set_u64(ike, ike_drop_name(i), c->drops[i]);
	set(o, "ike", ike);
	if (view)
		set(o, "kernel", drops(&view->none));
	return o;
}

/* ---- the kernel's dump ---- */

bool vd_kernel_view_init(struct vd_kernel_view *v, const void *data, size_t len,
			 uint32_t tunnels, uint32_t sas)
{
	size_t want = sizeof(v->none) + (size_t)tunnels * sizeof(*v->tunnels) +
		      (size_t)sas * sizeof(*v->sas);

	if (len != want)
		return false;
	memcpy(&v->none, data, sizeof(v->none));
	v->n_tunnels = tunnels;
	v->n_sas = sas;
	v->tunnels = (const void *)((const char *)data + sizeof(v->none));
	v->sas = (const void *)(v->tunnels + tunnels);
	return true;
}
