// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a reload changes: blocks by name, keys by the schema.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "conf/schema.h"

/* A gateway or tunnel of one side, for sorting and finding by name. */
struct item {
	const char	*name;
	size_t		g, t;
};

struct side {
	const struct vd_conf	*c;
	size_t			n_gateways, n_tunnels;
	struct item		*gateways, *tunnels;	/* sorted by name */
};

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct item *)a)->name, ((const struct item *)b)->name);
}

static const struct item *find(const struct item *items, size_t n, const char *name)
{
	struct item key = { .name = name };

	return n ? bsearch(&key, items, n, sizeof(key), by_name) : NULL;
}

static int side_init(struct side *s, const struct vd_conf *c)
{
	size_t n = c ? c->ike.n_gateways : 0, tunnels = 0;

	for (size_t g = 0; g < n; g++)
		tunnels += c->ike.gateways[g].n_tunnels;
	*s = (struct side){
		.c = c, .gateways = calloc(n + 1, sizeof(struct item)),
		.tunnels = calloc(tunnels + 1, sizeof(struct item)),
	};
	if (!s->gateways || !s->tunnels)
		return -ENOMEM;
	for (size_t g = 0; g < n; g++) {
		s->gateways[s->n_gateways++] = (struct item){ c->ike.gateways[g].name, g, 0 };
		for (size_t t = 0; t < c->ike.gateways[g].n_tunnels; t++)
			s->tunnels[s->n_tunnels++] = (struct item){ c->ike.gateways[g].tunnels[t].name, g, t };
	}
	qsort(s->gateways, s->n_gateways, sizeof(struct item), by_name);
	qsort(s->tunnels, s->n_tunnels, sizeof(struct item), by_name);
	return 0;
}

static void side_free(struct side *s)
{
	free(s->gateways);
	free(s->tunnels);
}

static struct vd_conf_change *add(struct vd_conf_changes *out, enum vd_conf_op op, bool is_tunnel,
				  const char *name, const char *gateway)
{
	struct vd_conf_change *c;

	/* Grows by doubling: 1, 2, 4 … */
	if (!(out->n & (out->n - 1))) {
		c = realloc(out->c, (out->n ? 2 * out->n : 1) * sizeof(*c));
		if (!c)
			return NULL;
		out->c = c;
	}
	c = &out->c[out->n++];
	*c = (struct vd_conf_change){ .op = op, .is_tunnel = is_tunnel };
	snprintf(c->name, sizeof(c->name), "%s", name);
	snprintf(c->gateway, sizeof(c->gateway), "%s", gateway);
	return c;
}

static void add_field(struct vd_conf_change *c, const char *name)
{
	if (c->n_fields < VD_CONF_FIELDS_MAX)
		c->fields[c->n_fields++] = name;
}

/* Keys that differ. @a and @b: the ike and the other structure of one block each. */
static void compare_keys(struct vd_conf_change *c, enum conf_kind kind, void *const a[2], void *const b[2])
{
	for (size_t i = 0; i < conf_n_keys; i++) {
		const struct conf_key *k = &conf_keys[i];

		if (k->kind == kind && k->type && k->size &&
		    !k->type->equal(conf_field(k, a[0], a[1]), conf_field(k, b[0], b[1]), k->size))
			add_field(c, k->name);
	}
}

/* A change of `pfs` changes the proposals' groups with it: told once. */
static void drop_echo(struct vd_conf_change *c, const struct ike_tunnel_conf *a, const struct ike_tunnel_conf *b)
{
	struct ike_proposal_list x, y;
	bool pfs = false;
	uint8_t kept = 0;

	for (size_t i = 0; i < c->n_fields; i++)
		pfs = pfs || !strcmp(c->fields[i], "pfs");
	ike_proposal_strip_dh(&x, &a->proposals);
	ike_proposal_strip_dh(&y, &b->proposals);
	if (!pfs || !conf_type_esp_proposals.equal(&x, &y, sizeof(x)))
		return;
	for (size_t i = 0; i < c->n_fields; i++)
		if (strcmp(c->fields[i], "proposals"))
			c->fields[kept++] = c->fields[i];
	c->n_fields = kept;
}

static int diff_gateway(struct vd_conf_changes *out, const struct side *old, const struct vd_conf *new, size_t g)
{
	struct ike_gateway_conf *ike = &new->ike.gateways[g];
	const struct item *was = find(old->gateways, old->n_gateways, ike->name);
	struct vd_conf_change c = { .op = VD_CONF_CHANGE }, *added;

	if (was)
		compare_keys(&c, CONF_GATEWAY,
			     (void *[]){ &old->c->ike.gateways[was->g], &old->c->gateways[was->g] },
			     (void *[]){ ike, &new->gateways[g] });
	if (was && !c.n_fields)
		return 0;
	added = add(out, was ? VD_CONF_CHANGE : VD_CONF_ADD, false, ike->name, ike->name);
	if (!added)
		return -ENOMEM;
	memcpy(added->fields, c.fields, sizeof(c.fields));
	added->n_fields = c.n_fields;
	return 0;
}

static int diff_tunnel(struct vd_conf_changes *out, const struct side *old, const struct vd_conf *new,
		       size_t g, size_t t)
{
	struct ike_tunnel_conf *ike = &new->ike.gateways[g].tunnels[t];
	const char *gateway = new->ike.gateways[g].name;
	const struct item *was = find(old->tunnels, old->n_tunnels, ike->name);
	struct vd_conf_change c = { .op = VD_CONF_CHANGE }, *added;

	if (was) {
		struct ike_tunnel_conf *old_ike = &old->c->ike.gateways[was->g].tunnels[was->t];

		if (strcmp(old->c->ike.gateways[was->g].name, gateway))
			add_field(&c, "gateway");
		compare_keys(&c, CONF_TUNNEL, (void *[]){ old_ike, &old->c->gateways[was->g].tunnels[was->t] },
			     (void *[]){ ike, &new->gateways[g].tunnels[t] });
		drop_echo(&c, old_ike, ike);
	}
	if (was && !c.n_fields)
		return 0;
	added = add(out, was ? VD_CONF_CHANGE : VD_CONF_ADD, true, ike->name, gateway);
	if (!added)
		return -ENOMEM;
	memcpy(added->fields, c.fields, sizeof(c.fields));
	added->n_fields = c.n_fields;
	return 0;
}

/* What @old has and @new has not. */
static int diff_removed(struct vd_conf_changes *out, const struct vd_conf *old, const struct side *new, bool tunnels)
{
	for (size_t g = 0; old && g < old->ike.n_gateways; g++) {
		const struct ike_gateway_conf *gw = &old->ike.gateways[g];

		if (!tunnels && !find(new->gateways, new->n_gateways, gw->name) &&
		    !add(out, VD_CONF_REMOVE, false, gw->name, gw->name))
			return -ENOMEM;
		for (size_t t = 0; tunnels && t < gw->n_tunnels; t++)
			if (!find(new->tunnels, new->n_tunnels, gw->tunnels[t].name) &&
			    !add(out, VD_CONF_REMOVE, true, gw->tunnels[t].name, gw->name))
				return -ENOMEM;
	}
	return 0;
}

static int diff_all(struct vd_conf_changes *out, const struct side *old, const struct side *new)
{
	int err = diff_removed(out, old->c, new, false);

	for (size_t g = 0; !err && g < new->c->ike.n_gateways; g++)
		err = diff_gateway(out, old, new->c, g);
	if (!err)
		err = diff_removed(out, old->c, new, true);
	for (size_t g = 0; !err && g < new->c->ike.n_gateways; g++)
		for (size_t t = 0; !err && t < new->c->ike.gateways[g].n_tunnels; t++)
			err = diff_tunnel(out, old, new->c, g, t);
	return err;
}

int vd_conf_diff(const struct vd_conf *old, const struct vd_conf *new, struct vd_conf_changes *out)
{
	struct vd_conf_changes made = { 0 };
	struct side a = { 0 }, b = { 0 };
	int err = side_init(&a, old);

	if (!err)
		err = side_init(&b, new);
	if (!err)
		err = diff_all(&made, &a, &b);
	side_free(&a);
	side_free(&b);
	if (err)
		vd_conf_changes_free(&made);
	else
		*out = made;
	return err;
}

void vd_conf_changes_free(struct vd_conf_changes *c)
{
	free(c->c);
	*c = (struct vd_conf_changes){ 0 };
}
