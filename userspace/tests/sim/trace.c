// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What happens, one line each, for a run with -v.
 */
#include "sim.h"

#include <stdarg.h>

#include "ike/wire/message.h"

static void stamp(struct sim_world *w)
{
	vd_time t = w->now - 1000000;

	printf("%5lld.%03lld ", (long long)(t / 1000), (long long)(t % 1000));
}

void sim_trace(struct sim_world *w, const char *fmt, ...)
{
	va_list ap;

	if (!w->trace)
		return;
	stamp(w);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
}

static const char *exchange_name(uint8_t x)
{
	switch (x) {
	case IKE_EXCHANGE_SA_INIT:		return "IKE_SA_INIT";
	case IKE_EXCHANGE_AUTH:			return "IKE_AUTH";
	case IKE_EXCHANGE_CREATE_CHILD_SA:	return "CREATE_CHILD_SA";
	case IKE_EXCHANGE_INFORMATIONAL:	return "INFORMATIONAL";
	default:				return "?";
	}
}

void sim_trace_datagram(struct sim_world *w, struct sim_host *from, const struct ike_path *path,
			const uint8_t *data, size_t len, const char *fate)
{
	struct ike_header h;

	if (!w->trace || ike_header_parse(&h, data, len) != IKE_WIRE_OK)
		return;
	stamp(w);
	printf("%c %s %-15s %s mid %u spi %04x:%04x len %zu%s %s\n", from->name,
	       path->natt ? "4500" : " 500", exchange_name(h.exchange),
	       h.flags & IKE_FLAG_RESPONSE ? "response" : "request ", h.message_id,
	       (unsigned int)(h.spi_i & 0xffff), (unsigned int)(h.spi_r & 0xffff), len,
	       h.flags & IKE_FLAG_INITIATOR ? " i" : " r", fate);
}

void sim_trace_event(struct sim_host *h, const struct ike_event *ev)
{
	static const char *const names[] = {
		[IKE_EVENT_GATEWAY_CONNECTING] = "gateway-connecting",
		[IKE_EVENT_GATEWAY_UP] = "gateway-up",
		[IKE_EVENT_GATEWAY_REKEYED] = "gateway-rekeyed",
		[IKE_EVENT_GATEWAY_DOWN] = "gateway-down",
		[IKE_EVENT_TUNNEL_UP] = "tunnel-up",
		[IKE_EVENT_TUNNEL_REKEYED] = "tunnel-rekeyed",
		[IKE_EVENT_TUNNEL_DOWN] = "tunnel-down",
		[IKE_EVENT_FAILED] = "failed",
		[IKE_EVENT_NAT] = "nat",
		[IKE_EVENT_STEP] = "step",
	};

	if (!h->world->trace || ev->kind == IKE_EVENT_STEP)
		return;
	stamp(h->world);
	printf("%c     * %s %s %s", h->name, names[ev->kind], ev->gateway, ev->tunnel);
	if (ev->spi_in)
		printf(" in %08x out %08x", ev->spi_in, ev->spi_out);
	if (ev->has_cause)
		printf(" %s: ours %s theirs %s (%s:%u)", ike_cause_name(ev->cause.code),
		       ev->cause.ours, ev->cause.theirs, ev->cause.file, ev->cause.line);
	printf("\n");
}
