// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The network between the hosts: loss, repetition, delay (and so reordering), a NAT before host A.
 */
#include "sim.h"

#include <stdlib.h>
#include <string.h>

#define NAT_BASE 50000	/* the NAT maps port P of host A to NAT_BASE + P */

static struct sim_host *host_of(struct sim_world *w, const struct vd_addr *addr)
{
	for (int i = 0; i < w->n_hosts; i++)
		if (vd_addr_equal(&w->hosts[i].addr, addr))
			return &w->hosts[i];
	return NULL;
}

/* Where a packet from @src to @dst arrives, and from where it seems to come. NULL: nowhere. */
static struct sim_host *route(struct sim_world *w, struct vd_endpoint *src, struct vd_endpoint *dst)
{
	struct sim_host *a = &w->hosts[0];

	if (!w->net.nat)
		return host_of(w, &dst->addr);
	if (vd_addr_equal(&src->addr, &a->addr)) {
		src->addr = w->net.nat_addr;
		src->port = (uint16_t)(src->port + NAT_BASE);
		return host_of(w, &dst->addr);
	}
	/* From outside only what the NAT has a mapping for. */
	if (vd_addr_equal(&dst->addr, &w->net.nat_addr)) {
		if (dst->port < NAT_BASE)
			return NULL;
		dst->addr = a->addr;
		dst->port = (uint16_t)(dst->port - NAT_BASE);
		return a;
	}
	return vd_addr_equal(&dst->addr, &a->addr) ? NULL : host_of(w, &dst->addr);
}

static vd_time delay(struct sim_world *w)
{
	return w->net.delay_min + sim_rng_below(&w->rng, w->net.delay_max - w->net.delay_min + 1);
}

static void deliver(struct sim_world *w, struct sim_host *to, const struct vd_endpoint *src,
		    const struct vd_endpoint *dst, const uint8_t *data, size_t len)
{
	struct sim_event *ev = sim_event_new(w, SIM_DATAGRAM, to, delay(w));

	ev->path.local = *dst;
	ev->path.remote = *src;
	ev->path.natt = dst->port == 4500;
	ev->data = malloc(len ? len : 1);
	if (!ev->data)
		abort();
	memcpy(ev->data, data, len);
	ev->len = len;
}

void sim_net_send(struct sim_host *from, const struct ike_path *path, const uint8_t *data,
		  size_t len)
{
	struct sim_world *w = from->world;
	struct vd_endpoint src = path->local, dst = path->remote;
	struct sim_host *to;
	struct ike_header h;
	const char *fate = "";
	int copies = 1;

	if (src.port != (path->natt ? 4500 : 500))
		sim_violation(w, "%c sends from port %u with natt %d", from->name, src.port,
			      path->natt);
	to = route(w, &src, &dst);
	if (!to || !to->alive || w->net.cut || (w->net.block_4500 && path->natt))
		copies = 0;
	else if (w->net.filter && ike_header_parse(&h, data, len) == IKE_WIRE_OK &&
		 !w->net.filter(w, from, &h))
		copies = 0;
	else if (sim_rng_chance(&w->rng, w->net.loss))
		copies = 0;
	else if (sim_rng_chance(&w->rng, w->net.repeat))
		copies = 2;
	fate = copies == 0 ? "LOST" : copies == 2 ? "twice" : "";
	sim_trace_datagram(w, from, path, data, len, fate);
	while (copies--)
		deliver(w, to, &src, &dst, data, len);
}

void sim_net_esp(struct sim_host *from, const struct sim_kernel_sa *out)
{
	struct sim_world *w = from->world;
	struct vd_endpoint src = out->p.local, dst = out->p.remote;
	struct sim_host *to;
	struct sim_event *ev;

	if (!out->p.encap)
		src.port = dst.port = 4500;	/* protocol 50 has no ports; the pretended NAT wants some */
	to = route(w, &src, &dst);
	if (!to || !to->alive || w->net.cut)
		return;
	ev = sim_event_new(w, SIM_ESP, to, delay(w));
	ev->esp = malloc(sizeof(*ev->esp));
	if (!ev->esp)
		abort();
	*ev->esp = *out;
	ev->from = from;
}
