// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An event of the engine in one line (report.h), for the log and for `viaductctl monitor`.
 */
#include "daemon/report.h"

#include <stddef.h>

#include "ike/proposal.h"

const char *vd_event_kind_name(enum ike_event_kind kind)
{
	switch (kind) {
	case IKE_EVENT_GATEWAY_CONNECTING:
		return "gateway-connecting";
	case IKE_EVENT_GATEWAY_UP:
		return "gateway-up";
	case IKE_EVENT_GATEWAY_REKEYED:
		return "gateway-rekeyed";
	case IKE_EVENT_GATEWAY_DOWN:
		return "gateway-down";
	case IKE_EVENT_TUNNEL_UP:
		return "tunnel-up";
	case IKE_EVENT_TUNNEL_REKEYED:
		return "tunnel-rekeyed";
	case IKE_EVENT_TUNNEL_DOWN:
		return "tunnel-down";
	case IKE_EVENT_FAILED:
		return "failed";
	case IKE_EVENT_NAT:
		return "nat";
	case IKE_EVENT_STEP:
		return "step";
	}
	return "?";
}

const char *vd_step_name(enum ike_step step)
{
	switch (step) {
	case IKE_STEP_SA_INIT_SENT:
	case IKE_STEP_SA_INIT_RECEIVED:
		return "IKE_SA_INIT";
	case IKE_STEP_AUTH_SENT:
	case IKE_STEP_AUTH_RECEIVED:
		return "IKE_AUTH";
	case IKE_STEP_CREATE_CHILD_SENT:
	case IKE_STEP_CREATE_CHILD_RECEIVED:
		return "CREATE_CHILD_SA";
	case IKE_STEP_INFORMATIONAL_SENT:
	case IKE_STEP_INFORMATIONAL_RECEIVED:
		return "INFORMATIONAL";
	case IKE_STEP_COOKIE_SENT:
	case IKE_STEP_COOKIE_RECEIVED:
		return "COOKIE";
	case IKE_STEP_RETRANSMIT:
		return "retransmission";
	}
	return "?";
}

static bool step_is_sent(enum ike_step step)
{
	switch (step) {
	case IKE_STEP_SA_INIT_SENT:
	case IKE_STEP_AUTH_SENT:
	case IKE_STEP_CREATE_CHILD_SENT:
	case IKE_STEP_INFORMATIONAL_SENT:
	case IKE_STEP_COOKIE_SENT:
	case IKE_STEP_RETRANSMIT:
		return true;
	case IKE_STEP_SA_INIT_RECEIVED:
	case IKE_STEP_AUTH_RECEIVED:
	case IKE_STEP_CREATE_CHILD_RECEIVED:
	case IKE_STEP_INFORMATIONAL_RECEIVED:
	case IKE_STEP_COOKIE_RECEIVED:
		return false;
	}
	return false;
}

static void put_peer(struct vd_strbuf *b, const struct ike_event *ev)
{
	char text[VD_ENDPOINT_TEXT];

	vd_strbuf_str(b, vd_endpoint_text(&ev->remote, text));
}

static void put_step(struct vd_strbuf *b, const struct ike_event *ev)
{
	bool sent = step_is_sent(ev->step);

	vd_strbuf_str(b, vd_step_name(ev->step));
	if (ev->step != IKE_STEP_RETRANSMIT)
		vd_strbuf_str(b, ev->request ? " request" : " response");
	vd_strbuf_str(b, sent ? " sent to " : " received from ");
	put_peer(b, ev);
}

static void put_spis(struct vd_strbuf *b, const struct ike_event *ev)
{
	static const char digits[] = "0123456789abcdef";
	const uint32_t spis[2] = { ev->spi_in, ev->spi_out };

	for (int i = 0; i < 2; i++) {
		vd_strbuf_str(b, i ? ", out " : ", SPI in ");
		for (int shift = 28; shift >= 0; shift -= 4)
			vd_strbuf_char(b, digits[spis[i] >> shift & 15]);
	}
}

static void put_tunnel_up(struct vd_strbuf *b, const struct ike_event *ev, const char *verb)
{
	vd_strbuf_str(b, verb);
	ike_ts_list_format(b, &ev->local_ts);
	vd_strbuf_str(b, " to ");
	ike_ts_list_format(b, &ev->remote_ts);
	vd_strbuf_str(b, ", ");
	ike_suite_format(b, &ev->suite);
	put_spis(b, ev);
}

static void put_gateway_up(struct vd_strbuf *b, const struct ike_event *ev, const char *verb)
{
	vd_strbuf_str(b, verb);
	put_peer(b, ev);
	vd_strbuf_str(b, ", ");
	ike_suite_format(b, &ev->suite);
}

static void put_down(struct vd_strbuf *b, const struct ike_event *ev)
{
	const char *title = ev->has_cause ? ike_cause_title(ev->cause.code) : NULL;

	vd_strbuf_str(b, "down");
	if (title) {
		vd_strbuf_str(b, ": ");
		vd_strbuf_str(b, title);
	}
}

void vd_event_text(struct vd_strbuf *b, const struct ike_event *ev)
{
	switch (ev->kind) {
	case IKE_EVENT_GATEWAY_CONNECTING:
		vd_strbuf_str(b, "connecting to ");
		put_peer(b, ev);
		break;
	case IKE_EVENT_GATEWAY_UP:
		put_gateway_up(b, ev, "up with ");
		break;
	case IKE_EVENT_GATEWAY_REKEYED:
		put_gateway_up(b, ev, "IKE SA rekeyed with ");
		break;
	case IKE_EVENT_TUNNEL_UP:
		put_tunnel_up(b, ev, "up: ");
		break;
	case IKE_EVENT_TUNNEL_REKEYED:
		put_tunnel_up(b, ev, "rekeyed: ");
		break;
	case IKE_EVENT_GATEWAY_DOWN:
	case IKE_EVENT_TUNNEL_DOWN:
		put_down(b, ev);
		break;
	case IKE_EVENT_FAILED:
		if (ev->has_cause && ike_cause_title(ev->cause.code))
			vd_strbuf_str(b, ike_cause_title(ev->cause.code));
		else
			vd_strbuf_str(b, "failed");
		break;
	case IKE_EVENT_NAT:
		vd_strbuf_str(b, ev->nat_local && ev->nat_remote ? "both ends are behind a NAT" :
			      ev->nat_local ? "we are behind a NAT" :
			      ev->nat_remote ? "the peer is behind a NAT" : "no NAT on the way");
		break;
	case IKE_EVENT_STEP:
		put_step(b, ev);
		break;
	}
}
