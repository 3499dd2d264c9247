// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A pretended kernel: SPIs, SAs, children, lifetimes, packets. It refuses what the real one would
 * refuse, and calls it a violation where the engine must not ask for it.
 */
#include "sim.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct sim_kernel_sa *sim_kernel_find(struct sim_kernel *k, const struct ike_sa_id *id)
{
	struct sim_kernel_sa *s;

	for (s = k->sas; s; s = s->next)
		if (s->p.id.inbound == id->inbound && s->p.id.spi == id->spi &&
		    !strcmp(s->p.id.tunnel, id->tunnel))
			return s;
	return NULL;
}

static bool spi_taken(const struct sim_kernel *k, uint32_t spi)
{
	const struct sim_kernel_sa *s;

	for (s = k->sas; s; s = s->next)
		if (s->p.id.inbound && s->p.id.spi == spi)
			return true;
	return false;
}

static struct sim_kernel_child *child_of(struct sim_kernel *k, const char *tunnel)
{
	for (int i = 0; i < SIM_TUNNELS; i++)
		if (k->children[i].there && !strcmp(k->children[i].tunnel, tunnel))
			return &k->children[i];
	return NULL;
}

static struct sim_kernel_sa *add(struct sim_kernel *k, const struct ike_sa_params *p)
{
	struct sim_kernel_sa *s = calloc(1, sizeof(*s));

	if (!s)
		abort();
	s->p = *p;
	s->order = ++k->order;
	s->next = k->sas;
	k->sas = s;
	return s;
}

static void drop(struct sim_kernel *k, struct sim_kernel_sa *gone)
{
	struct sim_kernel_sa **at = &k->sas;

	while (*at != gone)
		at = &(*at)->next;
	*at = gone->next;
	free(gone);
}

void sim_kernel_clear(struct sim_kernel *k)
{
	while (k->sas)
		drop(k, k->sas);
	memset(k, 0, sizeof(*k));
}

/* ---- actions ---- */

static void spi_alloc(struct sim_host *h, const struct ike_action *a, struct ike_result *r)
{
	struct sim_kernel_sa *s;
	uint32_t spi;

	do
		spi = (uint32_t)sim_rng_next(&h->world->rng);
	while (spi < 256 || spi_taken(&h->kernel, spi));
	s = add(&h->kernel, &a->sa);
	s->p.id.inbound = true;
	s->p.id.spi = spi;
	s->larval = true;
	r->spi = spi;
}

static void expire_later(struct sim_host *h, const struct ike_sa_params *p, vd_time after,
			 bool hard)
{
	struct sim_event *ev;

	if (!after)
		return;
	ev = sim_event_new(h->world, SIM_EXPIRE, h, after);
	ev->id = p->id;
	ev->hard = hard;
}

static void sa_add(struct sim_host *h, const struct ike_action *a, struct ike_result *r)
{
	struct sim_kernel *k = &h->kernel;
	struct sim_kernel_sa *s = sim_kernel_find(k, &a->sa.id);

	if (k->refuse_sa) {
		r->error = -EINVAL;
		r->text = "unknown algorithm";
		return;
	}
	if (!child_of(k, a->sa.id.tunnel)) {
		sim_violation(h->world, "%c adds an SA without a child in the kernel", h->name);
		r->error = -ENOENT;
		return;
	}
	if (a->sa.id.inbound ? !s || !s->larval : s != NULL) {
		sim_violation(h->world, "%c adds SA %08x %s", h->name, a->sa.id.spi,
			      a->sa.id.inbound ? "whose SPI it did not reserve" : "twice");
		r->error = -EEXIST;
		return;
	}
	if (!a->sa.encr_key.len)
		sim_violation(h->world, "%c adds an SA without a key", h->name);
	if (s)
		drop(k, s);
	s = add(k, &a->sa);
	s->heard = h->world->now;
	expire_later(h, &a->sa, a->sa.soft, false);
	expire_later(h, &a->sa, a->sa.hard, true);
}

static void sa_del(struct sim_host *h, const struct ike_action *a)
{
	struct sim_kernel_sa *s = sim_kernel_find(&h->kernel, &a->sa.id);

	if (s)
		drop(&h->kernel, s);
	else if (child_of(&h->kernel, a->sa.id.tunnel))	/* else it went with its child */
		sim_violation(h->world, "%c deletes SA %08x that is not there", h->name,
			      a->sa.id.spi);
}

static void sa_query(struct sim_host *h, const struct ike_action *a, struct ike_result *r)
{
	struct sim_kernel_sa *s = sim_kernel_find(&h->kernel, &a->sa.id);

	if (s)
		r->idle = h->world->now - s->heard;
	else
		r->error = -ENOENT;
}

static void sa_update(struct sim_host *h, const struct ike_action *a)
{
	struct sim_kernel_sa *s = sim_kernel_find(&h->kernel, &a->sa.id);

	if (!s)
		return;
	s->p.local = a->sa.local;
	s->p.remote = a->sa.remote;
}

static void child_set(struct sim_host *h, const struct ike_action *a)
{
	struct sim_kernel_child *c = child_of(&h->kernel, a->sa.id.tunnel);

	for (int i = 0; !c && i < SIM_TUNNELS; i++)
		if (!h->kernel.children[i].there)
			c = &h->kernel.children[i];
	if (!c) {
		sim_violation(h->world, "%c: too many children", h->name);
		return;
	}
	memcpy(c->tunnel, a->sa.id.tunnel, sizeof(c->tunnel));
	c->there = true;
	c->local_ts = a->local_ts;
	c->remote_ts = a->remote_ts;
	c->on_demand = a->on_demand;
}

static void child_del(struct sim_host *h, const struct ike_action *a)
{
	struct sim_kernel_child *c = child_of(&h->kernel, a->sa.id.tunnel);
	struct sim_kernel_sa *s, *next;

	if (c)
		c->there = false;
	for (s = h->kernel.sas; s; s = next) {
		next = s->next;
		if (!strcmp(s->p.id.tunnel, a->sa.id.tunnel))
			drop(&h->kernel, s);
	}
}

void sim_kernel_act(struct sim_host *h, const struct ike_action *a, struct ike_result *r)
{
	switch (a->kind) {
	case IKE_ACT_SPI_ALLOC:
		spi_alloc(h, a, r);
		break;
	case IKE_ACT_SA_ADD:
		sa_add(h, a, r);
		break;
	case IKE_ACT_SA_DEL:
		sa_del(h, a);
		break;
	case IKE_ACT_SA_QUERY:
		sa_query(h, a, r);
		break;
	case IKE_ACT_SA_UPDATE:
		sa_update(h, a);
		break;
	case IKE_ACT_CHILD_SET:
		child_set(h, a);
		break;
	case IKE_ACT_CHILD_DEL:
		child_del(h, a);
		break;
	case IKE_ACT_SEND:
	case IKE_ACT_KEEPALIVE:
	case IKE_ACT_EVENT:
	case IKE_ACT_DH_GENERATE:
	case IKE_ACT_DH_DERIVE:
	case IKE_ACT_PSK_SIGN:
	case IKE_ACT_PSK_VERIFY:
	case IKE_ACT_ROUTE:
		break;
	}
}

/* ---- packets and lifetimes ---- */

struct sim_kernel_sa *sim_kernel_out(struct sim_kernel *k, const char *tunnel)
{
	struct sim_kernel_sa *s, *best = NULL;

	for (s = k->sas; s; s = s->next)
		if (!s->p.id.inbound && !s->larval && !strcmp(s->p.id.tunnel, tunnel) &&
		    (!best || s->order > best->order))
			best = s;
	return best;
}

void sim_kernel_packet(struct sim_host *h, const char *tunnel)
{
	struct sim_kernel_child *c = child_of(&h->kernel, tunnel);
	struct sim_kernel_sa *out = sim_kernel_out(&h->kernel, tunnel);
	struct ike_kernel_event ev = { .kind = IKE_KERNEL_ACQUIRE, .child = 1 };

	if (out) {
		h->sent++;
		sim_net_esp(h, out);
		return;
	}
	h->queued++;
	if (!c || !c->on_demand || h->world->now - c->acquired < VD_SECOND)
		return;
	c->acquired = h->world->now;
	memcpy(ev.tunnel, c->tunnel, sizeof(ev.tunnel));
	ike_engine_kernel_event(h->engine, h->world->now, &ev);
	sim_host_drain(h);
}

static bool same_key(const struct vd_key *a, const struct vd_key *b)
{
	return a->len == b->len && !memcmp(a->data, b->data, a->len);
}

void sim_kernel_receive(struct sim_host *h, const struct sim_kernel_sa *out, struct sim_host *from)
{
	struct sim_kernel_sa *s;

	for (s = h->kernel.sas; s; s = s->next)
		if (s->p.id.inbound && s->p.id.spi == out->p.id.spi)
			break;
	if (!s || s->larval) {
		from->lost_sa++;
		sim_trace(h->world, "%c drops a packet for SPI %08x", h->name, out->p.id.spi);
		return;
	}
	if (!same_key(&s->p.encr_key, &out->p.encr_key) ||
	    !same_key(&s->p.integ_key, &out->p.integ_key) ||
	    s->p.suite.encr != out->p.suite.encr || s->p.suite.integ != out->p.suite.integ ||
	    s->p.suite.esn != out->p.suite.esn || s->p.encap != out->p.encap)
		sim_violation(h->world, "%c and %c have different keys for SPI %08x", from->name,
			      h->name, s->p.id.spi);
	s->heard = h->world->now;
	from->delivered++;
}

void sim_kernel_expire(struct sim_host *h, const struct ike_sa_id *id, bool hard)
{
	struct sim_kernel_sa *s = sim_kernel_find(&h->kernel, id);
	struct ike_kernel_event ev = { .kind = IKE_KERNEL_EXPIRE, .child = 1 };

	if (!s)
		return;
	if (hard)
		drop(&h->kernel, s);
	memcpy(ev.tunnel, id->tunnel, sizeof(ev.tunnel));
	ev.inbound = id->inbound;
	ev.spi = id->spi;
	ev.hard = hard;
	sim_trace(h->world, "%c %s expiry of %08x", h->name, hard ? "hard" : "soft", id->spi);
	ike_engine_kernel_event(h->engine, h->world->now, &ev);
}
