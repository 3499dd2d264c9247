// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What must hold at the end: both engines and both kernels tell the same story.
 */
#include "sim.h"

#include <stdarg.h>
#include <string.h>

struct view {
	struct ike_gateway_status g;
	struct ike_tunnel_status t[SIM_TUNNELS];
	int n;
};

static int see_gateway(const struct ike_gateway_status *s, void *arg)
{
	((struct view *)arg)->g = *s;
	return 0;
}

static int see_tunnel(const struct ike_tunnel_status *s, void *arg)
{
	struct view *v = arg;

	if (v->n < SIM_TUNNELS)
		v->t[v->n++] = *s;
	return 0;
}

static void look(const struct sim_host *h, struct view *v)
{
	v->n = 0;
	ike_engine_each_gateway(h->engine, see_gateway, v);
	ike_engine_each_tunnel(h->engine, NULL, see_tunnel, v);
}

unsigned int sim_kernel_count(const struct sim_kernel *k, const char *tunnel)
{
	const struct sim_kernel_sa *s;
	unsigned int n = 0;

	for (s = k->sas; s; s = s->next)
		if (!tunnel || !strcmp(s->p.id.tunnel, tunnel))
			n++;
	return n;
}

static bool no(char *why, size_t cap, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
static bool no(char *why, size_t cap, const char *fmt, ...)
{
	va_list ap;

	if (!why)
		return false;
	va_start(ap, fmt);
	vsnprintf(why, cap, fmt, ap);
	va_end(ap);
	return false;
}

static bool same_key(const struct vd_key *a, const struct vd_key *b)
{
	return a->len == b->len && !memcmp(a->data, b->data, a->len);
}

static bool same_suite(const struct ike_suite *a, const struct ike_suite *b)
{
	return a->protocol == b->protocol && a->encr == b->encr &&
	       a->encr_key_bits == b->encr_key_bits && a->integ == b->integ && a->dh == b->dh &&
	       a->esn == b->esn;
}

/* What @from sends with is what @to receives with. */
static bool direction(struct sim_host *from, struct sim_host *to, const struct ike_tunnel_status *f,
		      const struct ike_tunnel_status *t, char *why, size_t cap)
{
	struct sim_kernel_sa *out = sim_kernel_out(&from->kernel, f->conf->name);
	struct ike_sa_id id = { .child = 1, .inbound = true, .spi = t->spi_in };
	struct sim_kernel_sa *in;

	memcpy(id.tunnel, t->conf->name, sizeof(id.tunnel));
	in = sim_kernel_find(&to->kernel, &id);
	if (!out || !in || in->larval)
		return no(why, cap, "%c->%c %s: no SA in a kernel", from->name, to->name, id.tunnel);
	if (out->p.id.spi != in->p.id.spi || f->spi_out != t->spi_in)
		return no(why, cap, "%c->%c %s: SPI %08x and %08x", from->name, to->name, id.tunnel,
			  out->p.id.spi, in->p.id.spi);
	if (!same_key(&out->p.encr_key, &in->p.encr_key) ||
	    !same_key(&out->p.integ_key, &in->p.integ_key))
		return no(why, cap, "%c->%c %s: keys differ", from->name, to->name, id.tunnel);
	if (!same_suite(&out->p.suite, &in->p.suite) || out->p.encap != in->p.encap)
		return no(why, cap, "%c->%c %s: suites differ", from->name, to->name, id.tunnel);
	if (!ike_ts_list_equal(&f->local_ts, &t->remote_ts) ||
	    !ike_ts_list_equal(&f->remote_ts, &t->local_ts))
		return no(why, cap, "%c->%c %s: selectors differ", from->name, to->name, id.tunnel);
	return true;
}

static bool agreed(struct sim_world *w, char *why, size_t cap)
{
	struct sim_host *a = &w->hosts[0], *b = &w->hosts[1];
	struct view va, vb;

	if (!a->alive || !b->alive)
		return no(why, cap, "a host is down");
	look(a, &va);
	look(b, &vb);
	if (va.g.state != IKE_GATEWAY_UP || vb.g.state != IKE_GATEWAY_UP)
		return no(why, cap, "gateways: A state %d, B state %d", va.g.state, vb.g.state);
	if (va.g.sas != 1 || vb.g.sas != 1)
		return no(why, cap, "IKE SAs: A %u, B %u", va.g.sas, vb.g.sas);
	if (va.g.spi_i != vb.g.spi_i || va.g.spi_r != vb.g.spi_r ||
	    va.g.initiator == vb.g.initiator)
		return no(why, cap, "IKE SPIs differ");
	for (int i = 0; i < va.n; i++) {
		if (va.t[i].sas != 1 || vb.t[i].sas != 1)
			return no(why, cap, "%s: pairs: A %u, B %u", va.t[i].conf->name,
				  va.t[i].sas, vb.t[i].sas);
		if (sim_kernel_count(&a->kernel, va.t[i].conf->name) != 2 ||
		    sim_kernel_count(&b->kernel, vb.t[i].conf->name) != 2)
			return no(why, cap, "%s: SAs in the kernels: A %u, B %u", va.t[i].conf->name,
				  sim_kernel_count(&a->kernel, va.t[i].conf->name),
				  sim_kernel_count(&b->kernel, vb.t[i].conf->name));
		if (!direction(a, b, &va.t[i], &vb.t[i], why, cap) ||
		    !direction(b, a, &vb.t[i], &va.t[i], why, cap))
			return false;
	}
	return true;
}

bool sim_agreed(struct sim_world *w)
{
	return agreed(w, NULL, 0);
}

void sim_explain(struct sim_world *w)
{
	char why[256] = "";

	if (w->failed)
		return;
	agreed(w, why, sizeof(why));
	sim_violation(w, "no agreement: %s", why);
}

bool sim_empty(struct sim_world *w)
{
	struct view v;

	for (int i = 0; i < w->n_hosts; i++) {
		if (!w->hosts[i].alive)
			continue;
		if (sim_kernel_count(&w->hosts[i].kernel, NULL))
			return false;
		look(&w->hosts[i], &v);
		if (v.g.sas)
			return false;
		for (int t = 0; t < v.n; t++)
			if (v.t[t].sas)
				return false;
	}
	return true;
}
