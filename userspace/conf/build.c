// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From the tree of blocks to the value: names first, then gateways, then tunnels, each
 * key by its row of the schema, defaults through the same parser as what is written.
 */
#include "conf/build.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"

/* ---- names ---- */

static int by_name(const void *a, const void *b)
{
	const struct conf_block *const *x = a, *const *y = b;

	return strcmp((*x)->name.text, (*y)->name.text);
}

struct conf_block *conf_names_find(const struct conf_names *names, const char *name)
{
	struct conf_block key = { .name.text = name }, *k = &key;
	struct conf_block **found;

	found = names->n ? bsearch(&k, names->sorted, names->n, sizeof(*names->sorted), by_name) : NULL;
	return found ? *found : NULL;
}

const char *conf_names_nearest(const struct conf_names *names, const char *name)
{
	struct vd_nearest near = { .typed = name };

	for (size_t i = 0; i < names->n; i++)
		vd_nearest_offer(&near, names->sorted[i]->name.text);
	return near.best;
}

static bool is_before(const struct conf_parse *p, struct ike_pos a, struct ike_pos b)
{
	if (a.file == b.file)
		return a.line != b.line ? a.line < b.line : a.column < b.column;
	for (size_t i = 0; i < p->conf->n_files; i++)
		if (p->conf->files[i] == a.file || p->conf->files[i] == b.file)
			return p->conf->files[i] == a.file;
	return false;
}

static void report_twice(struct conf_parse *p, const struct conf_block *a, const struct conf_block *b)
{
	const struct conf_block *first = is_before(p, a->kind.pos, b->kind.pos) ? a : b;
	const struct conf_block *second = first == a ? b : a;

	conf_error(p, second->name.pos, "another name", NULL, "%s `%s` is defined twice, first in %s:%u",
		   second->kind.text, second->name.text, first->kind.pos.file, first->kind.pos.line);
}

/* All blocks of one kind, sorted; duplicates reported. */
static void collect(struct conf_build *b, const char *kind, struct conf_names *names)
{
	size_t n = 0;

	for (struct conf_block *k = b->p->blocks; k; k = k->next)
		n += !strcmp(k->kind.text, kind);
	names->sorted = conf_alloc(b->p, (n ? n : 1) * sizeof(*names->sorted));
	if (!names->sorted)
		return;
	for (struct conf_block *k = b->p->blocks; k; k = k->next)
		if (!strcmp(k->kind.text, kind))
			names->sorted[names->n++] = k;
	qsort(names->sorted, names->n, sizeof(*names->sorted), by_name);
	for (size_t i = 1; i < names->n; i++)
		if (!by_name(&names->sorted[i - 1], &names->sorted[i]))
			report_twice(b->p, names->sorted[i - 1], names->sorted[i]);
}

static void check_kinds(struct conf_build *b)
{
	static const char *const kinds[] = { "gateway", "tunnel", "addresses" };

	for (struct conf_block *k = b->p->blocks; k; k = k->next) {
		struct vd_nearest near = { .typed = k->kind.text };
		bool known = false;

		for (size_t i = 0; i < 3; i++) {
			known = known || !strcmp(k->kind.text, kinds[i]);
			vd_nearest_offer(&near, kinds[i]);
		}
		if (!known)
			conf_error(b->p, k->kind.pos, "gateway, tunnel or addresses", near.best,
				   "unknown block `%s`", k->kind.text);
	}
}

/* Names are typed in commands and shown in logs; a tunnel's is an interface's (IFNAMSIZ). */
static void check_name(struct conf_build *b, const struct conf_block *k, size_t max)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
	const char *name = k->name.text;
	struct ike_pos pos = k->name.pos;
	size_t good = strspn(name, letters);

	if (!*name) {
		conf_error(b->p, pos, NULL, NULL, "a %s without a name", k->kind.text);
	} else if (name[good]) {
		pos.column += (uint32_t)good;
		conf_error(b->p, pos, "letters, digits, `_`, `-` and `.`", NULL,
			   "`%s` is no name for a %s", name, k->kind.text);
	} else if (strlen(name) > max) {
		conf_error(b->p, pos, NULL, NULL, "the name `%s` is longer than %zu letters", name, max);
	} else if (!strcmp(name, ".") || !strcmp(name, "..") ||
		   (max == 15 && (!strcmp(name, "lo") || !strcmp(name, "all") || !strcmp(name, "default")))) {
		conf_error(b->p, pos, "another name", NULL, "`%s` can't be the name of a %s", name, k->kind.text);
	}
}

static void check_names(struct conf_build *b)
{
	for (struct conf_block *k = b->p->blocks; k; k = k->next) {
		if (!strcmp(k->kind.text, "tunnel")) {
			const struct conf_block *g = conf_names_find(&b->gateways, k->name.text);

			check_name(b, k, sizeof(((struct ike_tunnel_conf *)0)->name) - 1);
			/* `viaductctl up NAME` takes either. */
			if (g)
				conf_error(b->p, k->name.pos, "another name", NULL,
					   "`%s` is also the name of a gateway (%s:%u)", k->name.text,
					   g->kind.pos.file, g->kind.pos.line);
		} else {
			check_name(b, k, IKE_NAME_MAX - 1);
		}
	}
}

static void check_groups(struct conf_build *b)
{
	struct conf_ctx c = { .p = b->p, .groups = &b->groups };

	for (size_t i = 0; i < b->groups.n; i++) {
		const struct conf_block *g = b->groups.sorted[i];

		if (!g->entries)
			conf_error(b->p, g->name.pos, "at least one address", NULL,
				   "the group `%s` is empty", g->name.text);
		for (const struct conf_entry *e = g->entries; e; e = e->next) {
			if (e->key)
				conf_error(b->p, e->pos, "addresses, separated by commas or lines", NULL,
					   "`%s =` in a group of addresses", e->key);
			for (const struct conf_value *v = e->key ? NULL : e->values.first; v; v = v->next)
				conf_check_group_member(&c, v);
		}
	}
}

/* ---- keys ---- */

struct conf_entry *conf_find_entry(const struct conf_block *b, const char *key)
{
	for (struct conf_entry *e = b->entries; e; e = e->next)
		if (e->key && !strcmp(e->key, key))
			return e;
	return NULL;
}

struct ike_pos conf_value_pos(const struct conf_block *b, const char *key)
{
	const struct conf_entry *e = conf_find_entry(b, key);

	return e && e->values.first ? e->values.first->pos : b->name.pos;
}

static void unknown_key(struct conf_build *b, enum conf_kind kind, const struct conf_entry *e)
{
	enum conf_kind other = kind == CONF_GATEWAY ? CONF_TUNNEL : CONF_GATEWAY;
	struct vd_nearest near = { .typed = e->key };

	for (size_t i = 0; i < conf_n_keys; i++)
		if (conf_keys[i].kind == kind && conf_keys[i].type)
			vd_nearest_offer(&near, conf_keys[i].name);
	if (conf_key_find(other, e->key))
		conf_error(b->p, e->pos, other == CONF_GATEWAY ? "it in a gateway" : "it in a tunnel", near.best,
			   "`%s` is no key of a %s", e->key, kind == CONF_GATEWAY ? "gateway" : "tunnel");
	else
		conf_error(b->p, e->pos, NULL, near.best, "unknown key `%s`", e->key);
}

/* Entries that no row will read: bare words, unknown and refused keys, second ones, empty ones. */
static bool check_entries(struct conf_build *b, enum conf_kind kind, const struct conf_block *block)
{
	uint32_t before = b->p->errors->total;

	for (struct conf_entry *e = block->entries; e; e = e->next) {
		const struct conf_key *k = e->key ? conf_key_find(kind, e->key) : NULL;
		const struct conf_entry *first = e->key ? conf_find_entry(block, e->key) : NULL;

		if (!e->key)
			conf_error(b->p, e->pos, "KEY = VALUE", NULL, "`%s` without a `=`", e->values.first->text);
		else if (!k)
			unknown_key(b, kind, e);
		else if (!k->type)
			conf_error(b->p, e->pos, NULL, NULL, "`%s` is not supported by this version", e->key);
		else if (first != e)
			conf_error(b->p, e->pos, "one line with it", NULL, "`%s` is set twice, first in line %u",
				   e->key, first->pos.line);
		else if (!e->values.n)
			conf_error(b->p, e->pos, "a value", NULL, "nothing behind `%s =`", e->key);
	}
	return b->p->errors->total == before;
}

/* True if an unknown key is a mistyped @name: that error is enough. */
static bool mistyped(enum conf_kind kind, const struct conf_block *block, const char *name)
{
	for (const struct conf_entry *e = block->entries; e; e = e->next) {
		struct vd_nearest near = { .typed = e->key };

		if (!e->key || conf_key_find(kind, e->key))
			continue;
		vd_nearest_offer(&near, name);
		if (near.best)
			return true;
	}
	return false;
}

void conf_report_missing(struct conf_build *b, enum conf_kind kind, const struct conf_block *block, const char *key)
{
	if (!mistyped(kind, block, key))
		conf_error(b->p, block->kind.pos, NULL, NULL, "%s `%s` has no `%s`",
			   block->kind.text, block->name.text, key);
}

/* A default as the values the parser takes. */
static struct conf_values default_values(struct conf_parse *p, const char *text)
{
	struct conf_values list = { 0 };

	for (;;) {
		size_t n = strcspn(text, ",");
		struct conf_value v = { .text = conf_copy(p, text, n) };

		if (!v.text)
			return list;
		list = conf_tree_value(p, &list, &v);
		if (!text[n])
			return list;
		text += n + 1 + strspn(text + n + 1, " ");
	}
}

static bool apply_key(struct conf_build *b, struct conf_ctx *c, const struct conf_block *block, void *ike, void *vd)
{
	const struct conf_key *k = c->key;
	struct conf_entry *e = conf_find_entry(block, k->name);
	struct conf_values v = { 0 };

	if (e && k->pos_off >= 0) {
		char *base = k->pos_base == CONF_IKE ? ike : vd;

		*(struct ike_pos *)(base + k->pos_off) = e->pos;
	}
	if (e && !e->values.n)
		return false;
	if (e)
		v = e->values;
	else if (k->def)
		v = default_values(b->p, k->def);
	else if (k->required && k->type != &conf_type_ref)
		conf_report_missing(b, k->kind, block, k->name);
	return v.n ? k->type->parse(c, &v, conf_field(k, ike, vd)) : !k->required;
}

static bool apply_keys(struct conf_build *b, enum conf_kind kind, const struct conf_block *block,
		       bool *allow_legacy, void *ike, void *vd)
{
	struct conf_ctx c = { .p = b->p, .groups = &b->groups };
	bool ok = check_entries(b, kind, block);

	for (size_t i = 0; i < conf_n_keys && !b->p->no_memory; i++) {
		if (conf_keys[i].kind != kind || !conf_keys[i].type)
			continue;
		c.key = &conf_keys[i];
		c.allow_legacy = *allow_legacy;
		ok = apply_key(b, &c, block, ike, vd) && ok;
	}
	return ok;
}

/* ---- gateways and tunnels ---- */

/* The gateway a tunnel names; false with the error reported. */
static bool resolve_gateway(struct conf_build *b, struct conf_item *item)
{
	const struct conf_entry *e = conf_find_entry(item->block, "gateway");
	const struct conf_value *v = e ? e->values.first : NULL;
	const struct conf_block *g;

	if (!e)
		conf_report_missing(b, CONF_TUNNEL, item->block, "gateway");
	if (!v)
		return false;
	if (v->next) {
		conf_error(b->p, v->next->pos, "one value", NULL, "`gateway` takes no list");
		return false;
	}
	g = conf_names_find(&b->gateways, v->text);
	if (!g) {
		conf_error(b->p, v->pos, "the name of a gateway", conf_names_nearest(&b->gateways, v->text),
			   "no gateway `%s`", v->text);
		return false;
	}
	item->gateway = (uint16_t)g->index;
	return true;
}

/* Lists of gateways and tunnels in the order of the files. */
static bool make_items(struct conf_build *b)
{
	struct conf_item *g, *t;

	b->n_gateways = b->gateways.n;
	b->n_tunnels = b->tunnels.n;
	if (b->n_gateways > UINT16_MAX || b->n_tunnels > UINT16_MAX) {
		conf_error(b->p, b->p->blocks->kind.pos, NULL, NULL, "more than %d gateways or tunnels", UINT16_MAX);
		return false;
	}
	g = b->gateway_items = conf_alloc(b->p, (b->n_gateways + 1) * sizeof(*g));
	t = b->tunnel_items = conf_alloc(b->p, (b->n_tunnels + 1) * sizeof(*t));
	if (!g || !t)
		return false;
	for (struct conf_block *k = b->p->blocks; k; k = k->next) {
		if (!strcmp(k->kind.text, "gateway")) {
			k->index = (uint32_t)(g - b->gateway_items);
			(g++)->block = k;
		} else if (!strcmp(k->kind.text, "tunnel")) {
			(t++)->block = k;
		}
	}
	return true;
}

static bool alloc_gateways(struct conf_build *b)
{
	b->conf->ike.gateways = calloc(b->n_gateways + 1, sizeof(*b->conf->ike.gateways));
	b->conf->gateways = calloc(b->n_gateways + 1, sizeof(*b->conf->gateways));
	if (b->conf->ike.gateways && b->conf->gateways) {
		b->conf->ike.n_gateways = (uint16_t)b->n_gateways;
		return true;
	}
	b->p->no_memory = true;
	return false;
}

static void build_gateway(struct conf_build *b, struct conf_item *item, size_t i)
{
	struct ike_gateway_conf *ike = &b->conf->ike.gateways[i];
	struct vd_conf_gateway *vd = &b->conf->gateways[i];

	snprintf(ike->name, sizeof(ike->name), "%s", item->block->name.text);
	ike->pos = item->block->kind.pos;
	item->ok = apply_keys(b, CONF_GATEWAY, item->block, &ike->allow_legacy, ike, vd);
	vd->pos_secret_file = ike->pos_auth;
	if (!ike->proposals.n)
		ike_proposal_default(&ike->proposals, IKE_PROTO_IKE);
}

/* Each tunnel gets its place in its gateway, and each gateway the room for its tunnels. */
static bool place_tunnels(struct conf_build *b)
{
	for (size_t i = 0; i < b->n_tunnels; i++) {
		struct conf_item *t = &b->tunnel_items[i];

		t->ok = resolve_gateway(b, t);
		if (t->ok)
			t->tunnel = b->conf->ike.gateways[t->gateway].n_tunnels++;
	}
	for (size_t i = 0; i < b->n_gateways; i++) {
		struct ike_gateway_conf *g = &b->conf->ike.gateways[i];

		g->tunnels = calloc(g->n_tunnels + 1u, sizeof(*g->tunnels));
		b->conf->gateways[i].tunnels = calloc(g->n_tunnels + 1u, sizeof(*b->conf->gateways[i].tunnels));
		if (!g->tunnels || !b->conf->gateways[i].tunnels) {
			b->p->no_memory = true;
			return false;
		}
	}
	return true;
}

/* A tunnel without a gateway is still read, for its other errors; what it is read into is thrown away. */
static void build_tunnel(struct conf_build *b, struct conf_item *item, struct ike_tunnel_conf *spare_ike,
			 struct vd_conf_tunnel *spare_vd)
{
	bool placed = item->ok, legacy = false;
	struct ike_gateway_conf *g = placed ? &b->conf->ike.gateways[item->gateway] : NULL;
	struct vd_conf_gateway *vg = placed ? &b->conf->gateways[item->gateway] : NULL;
	struct ike_tunnel_conf *ike = placed ? &g->tunnels[item->tunnel] : spare_ike;
	struct vd_conf_tunnel *vd = placed ? &vg->tunnels[item->tunnel] : spare_vd;

	snprintf(ike->name, sizeof(ike->name), "%s", item->block->name.text);
	ike->pos = item->block->kind.pos;
	if (placed) {
		ike->start = vg->start;
		legacy = g->allow_legacy;
	}
	item->ok = apply_keys(b, CONF_TUNNEL, item->block, &legacy, ike, vd) && placed;
	if (!ike->proposals.n)
		ike_proposal_default(&ike->proposals, IKE_PROTO_ESP);
	if (item->ok)
		item->ok = conf_apply_pfs_and_esn(b, item, ike, vd);
	vd->dscp_set = vd->dscp < 64;
	vd->carrier_always = ike->start == IKE_START_ON_TRAFFIC;
}

static void free_tunnel(struct vd_conf_tunnel *t)
{
	free(t->addresses.p);
	free(t->routes.p);
}

static void build_tunnels(struct conf_build *b)
{
	struct ike_tunnel_conf *spare_ike = calloc(1, sizeof(*spare_ike));

	if (!spare_ike)
		b->p->no_memory = true;
	for (size_t i = 0; i < b->n_tunnels && !b->p->no_memory; i++) {
		struct vd_conf_tunnel spare_vd = { 0 };

		memset(spare_ike, 0, sizeof(*spare_ike));
		build_tunnel(b, &b->tunnel_items[i], spare_ike, &spare_vd);
		free_tunnel(&spare_vd);
	}
	free(spare_ike);
}

static void build(struct conf_build *b)
{
	check_kinds(b);
	collect(b, "gateway", &b->gateways);
	collect(b, "tunnel", &b->tunnels);
	collect(b, "addresses", &b->groups);
	check_names(b);
	check_groups(b);
	if (b->p->no_memory || !make_items(b) || !alloc_gateways(b))
		return;
	for (size_t i = 0; i < b->n_gateways; i++)
		build_gateway(b, &b->gateway_items[i], i);
	if (!place_tunnels(b))
		return;
	build_tunnels(b);
	for (size_t i = 0; i < b->n_gateways; i++)
		conf_check_gateway(b, &b->gateway_items[i]);
	for (size_t i = 0; i < b->n_tunnels; i++)
		if (b->tunnel_items[i].ok)
			conf_check_tunnel(b, &b->tunnel_items[i]);
	conf_check_all(b);
}

/* ---- the public part ---- */

void vd_conf_free(struct vd_conf *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->ike.n_gateways; i++) {
		for (size_t t = 0; c->gateways[i].tunnels && t < c->ike.gateways[i].n_tunnels; t++)
			free_tunnel(&c->gateways[i].tunnels[t]);
		free(c->gateways[i].tunnels);
		free(c->gateways[i].secret_file);
		free(c->ike.gateways[i].tunnels);
	}
	free(c->gateways);
	free(c->ike.gateways);
	for (size_t i = 0; i < c->n_files; i++)
		free(c->files[i]);
	free(c->files);
	free(c);
}

int vd_conf_gateway_index(const struct vd_conf *c, const char *name)
{
	for (size_t i = 0; i < c->ike.n_gateways; i++)
		if (!strcmp(c->ike.gateways[i].name, name))
			return (int)i;
	return -1;
}

bool vd_conf_tunnel_index(const struct vd_conf *c, const char *name, size_t *g, size_t *t)
{
	for (size_t i = 0; i < c->ike.n_gateways; i++) {
		for (size_t k = 0; k < c->ike.gateways[i].n_tunnels; k++) {
			if (!strcmp(c->ike.gateways[i].tunnels[k].name, name)) {
				*g = i;
				*t = k;
				return true;
			}
		}
	}
	return false;
}

int vd_conf_parse(struct vd_conf **out, struct vd_conf_texts *texts, vd_conf_loader load, void *arg,
		  struct vd_conf_errors *errors, struct vd_conf_errors *warnings)
{
	struct conf_parse p = {
		.errors = errors, .warnings = warnings, .texts = texts, .load = load, .load_arg = arg,
		.conf = calloc(1, sizeof(*p.conf)),
	};
	struct conf_build b = { .p = &p, .conf = p.conf };
	int err;

	errors->n = errors->total = 0;
	if (warnings)
		warnings->n = warnings->total = 0;
	p.tail = &p.blocks;
	if (!p.conf)
		return -ENOMEM;
	err = texts->n ? conf_parse_text(&p, 0) : -EINVAL;
	if (!err && !p.broken)
		build(&b);
	if (p.no_memory)
		err = -ENOMEM;
	else if (errors->total)
		err = -EINVAL;
	conf_errors_sort(errors, p.conf);
	conf_errors_sort(warnings, p.conf);
	conf_parse_free(&p);
	if (err)
		vd_conf_free(p.conf);
	else
		*out = p.conf;
	return err;
}
