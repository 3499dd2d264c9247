// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tunnels in [priv] (priv.h): the interface with its settings, addresses and routes, made as the
 * configuration and the tunnel's state want them; and which SAs in the kernel are whose, so that
 * what a former [net] left can be deleted when its successor has set up the tunnel anew.
 */
#include "daemon/priv.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/prefix.h"

struct vd_priv_tunnel *vd_priv_tunnel_find(struct vd_priv *p, const char *name)
{
	struct vd_priv_tunnel *t;

	HASH_FIND(by_name, p->by_name, name, strlen(name), t);
	return t;
}

struct vd_priv_tunnel *vd_priv_tunnel_by_index(struct vd_priv *p, uint32_t ifindex)
{
	struct vd_priv_tunnel *t;

	HASH_FIND(by_index, p->by_index, &ifindex, sizeof(ifindex), t);
	return t;
}

/* ---- whose SA is it ---- */

static bool same_sa(const struct ike_sa_id *a, const struct ike_sa_id *b)
{
	return a->child == b->child && a->spi == b->spi && a->inbound == b->inbound;
}

static void sa_free(struct vd_priv_sa *s)
{
	free(s->child);
	free(s);
}

/* The entry of @id, made if there is none; NULL without memory. */
static struct vd_priv_sa *note(struct vd_priv *p, struct vd_priv_tunnel *t,
			       const struct ike_sa_id *id)
{
	struct vd_priv_sa *s = t->sas;

	while (s && !same_sa(&s->id, id))
		s = s->next;
	if (!s) {
		s = calloc(1, sizeof(*s));
		if (!s) {
			vd_error(VD_LOG_KERNEL, "out of memory: an SA of %s is not tracked", t->name);
			return NULL;
		}
		s->id = *id;
		s->next = t->sas;
		t->sas = s;
	}
	s->generation = p->generation;
	return s;
}

void vd_priv_sa_note(struct vd_priv *p, struct vd_priv_tunnel *t, const struct ike_sa_id *id)
{
	note(p, t, id);
}

void vd_priv_child_note(struct vd_priv *p, struct vd_priv_tunnel *t, const struct vd_msg_child *c)
{
	struct ike_sa_id id = { .child = c->child };
	struct vd_priv_sa *s = note(p, t, &id);

	if (s && !s->child)
		s->child = malloc(sizeof(*s->child));
	if (s && s->child)
		*s->child = *c;
}

bool vd_priv_sa_known(const struct vd_priv_tunnel *t, const struct ike_sa_id *id)
{
	for (const struct vd_priv_sa *s = t->sas; s; s = s->next)
		if (same_sa(&s->id, id))
			return true;
	return false;
}

bool vd_priv_sa_forget(struct vd_priv_tunnel *t, const struct ike_sa_id *id)
{
	for (struct vd_priv_sa **s = &t->sas; *s; s = &(*s)->next) {
		if (same_sa(&(*s)->id, id)) {
			struct vd_priv_sa *gone = *s;

			*s = gone->next;
			sa_free(gone);
			return true;
		}
	}
	return false;
}

void vd_priv_sa_supersede(struct vd_priv *p, struct vd_priv_tunnel *t)
{
	struct vd_priv_sa **at = &t->sas, *s;

	while ((s = *at)) {
		if (s->generation == p->generation) {
			at = &s->next;
			continue;
		}
		*at = s->next;
		/* spi 0: the child itself. One gone already is no matter. */
		if (s->id.spi)
			vd_kernel_sa_del(p->kernel, t->ifindex, &s->id, NULL);
		else
			vd_kernel_child_del(p->kernel, t->ifindex, s->id.child, NULL);
		sa_free(s);
	}
}

/* Forgets all; @children: also what was noted of children. */
static void sas_free(struct vd_priv_tunnel *t, bool children)
{
	struct vd_priv_sa **at = &t->sas, *s;

	while ((s = *at)) {
		if (s->child && !children) {
			at = &s->next;
			continue;
		}
		*at = s->next;
		sa_free(s);
	}
}

/* ---- addresses and routes ---- */

static int sync_addresses(struct vd_priv *p, struct vd_priv_tunnel *t, char *why)
{
	const struct vd_conf_prefixes *want = &t->conf->addresses;
	int err = 0;

	for (unsigned int i = t->addresses.n; i-- > 0;) {
		struct vd_conf_prefix a = t->addresses.p[i];

		if (vd_prefixes_have(want, &a))
			continue;
		vd_link_address_del(p->rtnl, t->ifindex, &a.addr, a.len);
		vd_prefixes_remove(&t->addresses, &a);
	}
	for (unsigned int i = 0; !err && i < want->n; i++) {
		err = vd_link_address_add(p->rtnl, t->ifindex, &want->p[i].addr, want->p[i].len,
					  why);
		if (!err)
			err = vd_prefixes_add(&t->addresses, &want->p[i]);
	}
	return err;
}

/* Routes are wanted while the tunnel is up; on demand always, or no packet could demand it. */
static int wanted_routes(const struct vd_priv_tunnel *t, struct vd_conf_prefixes *want)
{
	int err = 0;

	if (!t->up && t->ike->start != IKE_START_ON_TRAFFIC)
		return 0;
	for (unsigned int i = 0; !err && i < t->conf->routes.n; i++)
		err = vd_prefixes_add(want, &t->conf->routes.p[i]);
	if (!t->conf->add_route)
		return err;
	if (t->up)
		for (unsigned int i = 0; !err && i < t->remote_ts.n; i++)
			err = vd_prefixes_of_ts(want, &t->remote_ts.ts[i]);
	else
		for (unsigned int i = 0; !err && i < t->ike->remote_ts.n; i++)
			err = vd_prefixes_of_ts(want, &t->ike->remote_ts.ts[i]);
	return err;
}

static void route_warning(const struct vd_priv_tunnel *t, const struct vd_conf_prefix *r,
			  const char *why)
{
	char text[VD_ADDR_TEXT];

	vd_warning(VD_LOG_ROUTE, "%s: no route to %s/%u: %s", t->name, vd_addr_text(&r->addr, text),
		   r->len, why);
}

static void sync_routes(struct vd_priv *p, struct vd_priv_tunnel *t)
{
	struct vd_conf_prefixes want = { 0 };
	char why[VD_LINK_TEXT] = "";

	if (wanted_routes(t, &want) < 0)
		vd_error(VD_LOG_ROUTE, "%s: out of memory for routes", t->name);
	for (unsigned int i = t->routes.n; i-- > 0;) {
		struct vd_conf_prefix r = t->routes.p[i];

		if (vd_prefixes_have(&want, &r))
			continue;
		vd_route_del(p->rtnl, t->ifindex, &r.addr, r.len);
		vd_prefixes_remove(&t->routes, &r);
	}
	for (unsigned int i = 0; i < want.n; i++) {
		if (vd_prefixes_have(&t->routes, &want.p[i]))
			continue;
		if (vd_route_add(p->rtnl, t->ifindex, &want.p[i].addr, want.p[i].len, why) < 0 ||
		    vd_prefixes_add(&t->routes, &want.p[i]) < 0)
			route_warning(t, &want.p[i], why);
	}
	vd_prefixes_free(&want);
}

void vd_priv_tunnel_set_up(struct vd_priv *p, struct vd_priv_tunnel *t, bool up,
			   const struct ike_ts_list *remote_ts)
{
	t->up = up;
	t->remote_ts = *remote_ts;
	sync_routes(p, t);
}

/* ---- which interfaces are ours: known to the next daemon after a crash ---- */

struct vd_priv_made {
	char		name[VD_TUNNEL_MAX];
	UT_hash_handle	hh;
};

/* Reads once, at the first use. */
static void read_made(struct vd_priv *p)
{
	char path[256], line[64];
	struct vd_priv_made *m;
	FILE *f;

	if (p->made_read)
		return;
	p->made_read = true;
	f = fopen(vd_priv_path(p, "links", path), "re");
	while (f && fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = 0;
		m = strlen(line) < sizeof(m->name) ? calloc(1, sizeof(*m)) : NULL;
		if (!m)
			continue;
		strcpy(m->name, line);
		HASH_ADD_STR(p->made, name, m);
	}
	if (f)
		fclose(f);
}

static bool made_before(struct vd_priv *p, const char *name)
{
	struct vd_priv_made *m;

	HASH_FIND_STR(p->made, name, m);
	return m != NULL;
}

void vd_priv_tunnels_orphans(struct vd_priv *p)
{
	struct vd_priv_made *m, *tmp;
	uint32_t ifindex;

	HASH_ITER(hh, p->made, m, tmp) {
		if (vd_priv_tunnel_find(p, m->name) || vd_link_find(p->rtnl, m->name, &ifindex) < 0)
			continue;
		vd_notice(VD_LOG_ROUTE, "%s: made by an earlier viaductd and configured no more: removed",
			  m->name);
		vd_link_remove(p->rtnl, ifindex);
	}
}

static void forget_made(struct vd_priv *p)
{
	struct vd_priv_made *m, *tmp;

	HASH_ITER(hh, p->made, m, tmp) {
		HASH_DEL(p->made, m);
		free(m);
	}
}

static void write_made(struct vd_priv *p)
{
	char path[256], part[256];
	FILE *f = fopen(vd_priv_path(p, "links.new", part), "we");
	bool ok = f != NULL;

	for (struct vd_priv_tunnel *t = p->by_name; ok && t; t = t->by_name.next)
		if (t->created)
			ok = fprintf(f, "%s\n", t->name) > 0;
	if (f)
		ok = fclose(f) == 0 && ok;
	if (!ok || rename(part, vd_priv_path(p, "links", path)) < 0)
		vd_warning(VD_LOG_DAEMON, "cannot note which interfaces are ours in %s",
			   p->options->run_dir);
}

/* ---- apply ---- */

static int set_up_link(struct vd_priv *p, struct vd_priv_tunnel *t, char *why)
{
	struct vd_kernel_tunnel k = {
		.carrier_always = t->conf->carrier_always,
		.queue_len = t->conf->queue,
		.df = t->conf->df,
		.dscp_set = t->conf->dscp_set,
		.dscp = t->conf->dscp,
		.ttl = t->conf->ttl,
		.mark = t->conf->mark,
		.mtu_auto = t->conf->mtu == 0,
	};
	bool created = false;
	uint32_t ifindex;
	int err = vd_link_ensure(p->rtnl, t->name, t->gateway->name, t->conf->mtu, &ifindex,
				 &created, why);

	if (err)
		return err;
	if (t->ifindex && t->ifindex != ifindex) {
		/* Deleted and made again behind our back: nothing of ours is on the new one. */
		HASH_DELETE(by_index, p->by_index, t);
		t->ifindex = 0;
		sas_free(t, false);
		vd_prefixes_free(&t->addresses);
		vd_prefixes_free(&t->routes);
	}
	if (!t->ifindex) {
		t->ifindex = ifindex;
		HASH_ADD(by_index, p->by_index, ifindex, sizeof(t->ifindex), t);
		t->created = created || made_before(p, t->name);
	}
	t->created |= created;
	err = vd_kernel_tunnel_set(p->kernel, ifindex, &k, why);
	if (!err)
		err = sync_addresses(p, t, why);
	if (!err)
		sync_routes(p, t);
	return err;
}

int vd_priv_tunnel_restore(struct vd_priv *p, struct vd_priv_tunnel *t)
{
	char why[VD_LINK_TEXT] = "";
	int err = set_up_link(p, t, why);

	for (struct vd_priv_sa *s = t->sas; !err && s; s = s->next)
		if (s->child)
			err = vd_kernel_child_set(p->kernel, t->ifindex, s->child->child,
						  s->child->on_demand, &s->child->local_ts,
						  &s->child->remote_ts, why);
	if (err)
		vd_error(VD_LOG_ROUTE, "%s: the interface was deleted, and cannot be made again: %s",
			 t->name, why[0] ? why : strerror(-err));
	else
		vd_warning(VD_LOG_ROUTE, "%s: the interface was deleted; made again", t->name);
	return err;
}

static int apply_tunnel(struct vd_priv *p, const struct vd_conf *conf, size_t g, size_t i,
			char *why)
{
	const struct ike_gateway_conf *gw = &conf->ike.gateways[g];
	struct vd_priv_tunnel *t = vd_priv_tunnel_find(p, gw->tunnels[i].name);
	char reason[VD_LINK_TEXT] = "";
	int err;

	if (!t) {
		t = calloc(1, sizeof(*t));
		if (!t)
			return -ENOMEM;
		snprintf(t->name, sizeof(t->name), "%s", gw->tunnels[i].name);
		HASH_ADD_KEYPTR(by_name, p->by_name, t->name, strlen(t->name), t);
	}
	t->leaving = false;
	t->gateway = gw;
	t->ike = &gw->tunnels[i];
	t->conf = &conf->gateways[g].tunnels[i];
	err = set_up_link(p, t, reason);
	if (err)
		snprintf(why, VD_MSG_TEXT, "interface %s: %.200s", t->name,
			 reason[0] ? reason : strerror(-err));
	return err;
}

int vd_priv_tunnels_apply(struct vd_priv *p, const struct vd_conf *conf, char why[static VD_MSG_TEXT])
{
	int err = 0;

	read_made(p);
	for (struct vd_priv_tunnel *t = p->by_name; t; t = t->by_name.next)
		t->leaving = true;
	for (size_t g = 0; !err && g < conf->ike.n_gateways; g++)
		for (size_t i = 0; !err && i < conf->ike.gateways[g].n_tunnels; i++)
			err = apply_tunnel(p, conf, g, i, why);
	write_made(p);
	return err;
}

/* ---- the end of a tunnel ---- */

static void remove_ours(struct vd_priv *p, struct vd_priv_tunnel *t)
{
	if (!t->ifindex)
		return;
	if (t->created) {
		vd_link_remove(p->rtnl, t->ifindex);
		return;
	}
	/* The administrator's interface stays, without what we put on it. */
	vd_kernel_child_flush(p->kernel, t->ifindex, NULL);
	for (unsigned int i = 0; i < t->routes.n; i++)
		vd_route_del(p->rtnl, t->ifindex, &t->routes.p[i].addr, t->routes.p[i].len);
	for (unsigned int i = 0; i < t->addresses.n; i++)
		vd_link_address_del(p->rtnl, t->ifindex, &t->addresses.p[i].addr,
				    t->addresses.p[i].len);
}

static void tunnel_free(struct vd_priv *p, struct vd_priv_tunnel *t)
{
	HASH_DELETE(by_name, p->by_name, t);
	if (t->ifindex)
		HASH_DELETE(by_index, p->by_index, t);
	sas_free(t, true);
	vd_prefixes_free(&t->addresses);
	vd_prefixes_free(&t->routes);
	free(t);
}

void vd_priv_tunnels_prune(struct vd_priv *p)
{
	struct vd_priv_tunnel *t, *tmp;
	bool any = false;

	HASH_ITER(by_name, p->by_name, t, tmp) {
		if (!t->leaving)
			continue;
		remove_ours(p, t);
		tunnel_free(p, t);
		any = true;
	}
	if (any)
		write_made(p);
}

void vd_priv_tunnels_end(struct vd_priv *p, bool keep)
{
	struct vd_priv_tunnel *t, *tmp;

	if (keep)
		write_made(p);
	HASH_ITER(by_name, p->by_name, t, tmp) {
		if (!keep)
			remove_ours(p, t);
		tunnel_free(p, t);
	}
	if (!keep)
		write_made(p);
	forget_made(p);
}
