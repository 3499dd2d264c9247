// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Types the IKE core knows how to read: identities, proposals, groups.
 */
#include <string.h>

#include "base/nearest.h"
#include "base/strbuf.h"
#include "conf/schema.h"
#include "conf/supported.h"

/* ---- identities ---- */

static bool parse_id(struct conf_ctx *c, const struct conf_values *vs, void *dest)
{
	const struct conf_value *v = vs->first;
	struct ike_id id;

	if (vs->n > 1) {
		conf_error(c->p, v->next->pos, "one value; quote a text with commas", NULL,
			   "`%s` takes no list", c->key->name);
		return false;
	}
	if (ike_id_parse(&id, v->text)) {
		conf_error(c->p, v->pos, "an address, a name, user@name, or keyid: with text or 0x…", NULL,
			   "`%s` is no identity", v->text);
		return false;
	}
	*(struct ike_id *)dest = id;
	return true;
}

static bool equal_id(const void *a, const void *b, size_t size)
{
	const struct ike_id *x = a, *y = b;

	return x->type == y->type && x->len == y->len && !memcmp(x->data, y->data, x->len);
}

const struct conf_type conf_type_id = { "identity", false, parse_id, equal_id };

/* ---- proposals ---- */

/* The word at @at of a proposal, and the nearest word of the registry. */
static const char *nearest_algorithm(struct conf_ctx *c, const char *at, size_t n)
{
	struct vd_nearest near = { .typed = conf_copy(c->p, at, n) };
	const struct ike_transform_info *row;

	if (!near.typed)
		return NULL;
	for (size_t i = 0; (row = ike_transform_row(i)); i++)
		if (row->uses)
			vd_nearest_offer(&near, row->name);
	return near.best;
}

static void bad_proposal(struct conf_ctx *c, const struct conf_value *v, size_t at, const char *why)
{
	struct ike_pos pos = v->pos;
	size_t n = strcspn(v->text + at, "-");
	bool unknown = !strcmp(why, "unknown algorithm");

	pos.column += (uint32_t)at;
	/* "group-99" is one word to the user. */
	if (n == 5 && !memcmp(v->text + at, "group-", 6))
		n += 1 + strcspn(v->text + at + 6, "-");
	if (n)
		conf_error(c->p, pos, NULL, unknown ? nearest_algorithm(c, v->text + at, n) : NULL,
			   "`%.*s`: %s", (int)n, v->text + at, why);
	else
		conf_error(c->p, pos, NULL, NULL, "`%s`: %s", v->text, why);
}

/* The first transform that can't be carried out is named. The place is that of the whole proposal. */
static bool check_supported(struct conf_ctx *c, const struct conf_value *v, const struct ike_proposal *p)
{
	for (size_t i = 0; i < p->n; i++) {
		struct vd_strbuf b;
		char name[64];

		if (conf_transform_supported(p->protocol, &p->t[i]))
			continue;
		b = vd_strbuf_init(name, sizeof(name));
		ike_transform_format(&b, &p->t[i]);
		conf_error(c->p, v->pos, NULL, NULL, "`%s` in `%s` is not supported %s by this version",
			   name, v->text, p->protocol == IKE_PROTO_IKE ? "for IKE" : "for ESP");
		return false;
	}
	return true;
}

static bool parse_proposals(struct conf_ctx *c, const struct conf_values *vs, void *dest, enum ike_protocol protocol)
{
	struct ike_proposal_list list = { 0 };
	bool ok = true;

	for (const struct conf_value *v = vs->first; v; v = v->next) {
		struct ike_proposal *p = &list.p[list.n];
		const char *why;
		size_t at;

		if (list.n == IKE_PROPOSALS_MAX) {
			conf_error(c->p, v->pos, NULL, NULL, "more than %d proposals", IKE_PROPOSALS_MAX);
			return false;
		}
		if (ike_proposal_parse(p, protocol, v->text, c->allow_legacy, &at, &why)) {
			bad_proposal(c, v, at, why);
			ok = false;
		} else if (!check_supported(c, v, p)) {
			ok = false;
		} else {
			p->number = ++list.n;
		}
	}
	if (ok)
		*(struct ike_proposal_list *)dest = list;
	return ok;
}

static bool parse_ike(struct conf_ctx *c, const struct conf_values *vs, void *dest)
{
	return parse_proposals(c, vs, dest, IKE_PROTO_IKE);
}

static bool parse_esp(struct conf_ctx *c, const struct conf_values *vs, void *dest)
{
	return parse_proposals(c, vs, dest, IKE_PROTO_ESP);
}

static bool equal_proposal(const struct ike_proposal *a, const struct ike_proposal *b)
{
	if (a->protocol != b->protocol || a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (a->t[i].type != b->t[i].type || a->t[i].id != b->t[i].id ||
		    a->t[i].key_bits != b->t[i].key_bits)
			return false;
	return true;
}

static bool equal_proposals(const void *a, const void *b, size_t size)
{
	const struct ike_proposal_list *x = a, *y = b;

	if (x->n != y->n)
		return false;
	for (size_t i = 0; i < x->n; i++)
		if (!equal_proposal(&x->p[i], &y->p[i]))
			return false;
	return true;
}

const struct conf_type conf_type_ike_proposals = { "list of proposals", true, parse_ike, equal_proposals };
const struct conf_type conf_type_esp_proposals = { "list of proposals", true, parse_esp, equal_proposals };

/* ---- PFS ---- */

/* The group a word names: the notation of proposals knows them all, so ask it. */
static bool parse_group(struct conf_ctx *c, const struct conf_value *v, uint16_t *group)
{
	static const char head[] = "aes128-sha256-";
	struct ike_proposal p;
	char text[128];
	const char *why;
	size_t at;

	if (!strcmp(v->text, "none")) {
		*group = IKE_DH_NONE;
		return true;
	}
	if ((size_t)snprintf(text, sizeof(text), "%s%s", head, v->text) >= sizeof(text) ||
	    ike_proposal_parse(&p, IKE_PROTO_ESP, text, true, &at, &why))
		return false;
	for (size_t i = 0, others = 0; i < p.n; i++) {
		if (p.t[i].type == IKE_T_DH)
			*group = p.t[i].id;
		else
			others++;
		/* AES, SHA and "no ESN", which the parser adds, and one group. */
		if (i + 1 == p.n)
			return others == 3 && p.n == 4;
	}
	return false;
}

static const char *nearest_group(const char *text)
{
	struct vd_nearest near = { .typed = text };
	const struct ike_transform_info *row;

	vd_nearest_offer(&near, "none");
	for (size_t i = 0; (row = ike_transform_row(i)); i++)
		if (row->type == IKE_T_DH && row->id && !row->weak)
			vd_nearest_offer(&near, row->name);
	return near.best;
}

static bool parse_pfs(struct conf_ctx *c, const struct conf_values *vs, void *dest)
{
	struct vd_conf_pfs pfs = { .set = true };

	for (const struct conf_value *v = vs->first; v; v = v->next) {
		const struct ike_transform_info *info;
		struct ike_transform t = { .type = IKE_T_DH };

		if (!parse_group(c, v, &t.id)) {
			conf_error(c->p, v->pos, "groups such as group-14, ecp256, curve25519; or none",
				   nearest_group(v->text), "`%s` is no group", v->text);
			return false;
		}
		info = ike_transform_info(IKE_T_DH, t.id, 0);
		if (info && info->weak && !c->allow_legacy) {
			conf_error(c->p, v->pos, "allow-legacy = yes in the gateway, or a stronger group", NULL,
				   "`%s` is weak", v->text);
			return false;
		}
		if (!conf_transform_supported(IKE_PROTO_ESP, &t)) {
			conf_error(c->p, v->pos, NULL, NULL, "`%s` is not supported by this version", v->text);
			return false;
		}
		if (t.id == IKE_DH_NONE && vs->n == 1)
			break;
		if (pfs.n == sizeof(pfs.groups) / sizeof(pfs.groups[0])) {
			conf_error(c->p, v->pos, NULL, NULL, "more than %u groups", (unsigned int)pfs.n);
			return false;
		}
		pfs.groups[pfs.n++] = t.id;
	}
	*(struct vd_conf_pfs *)dest = pfs;
	return true;
}

static bool equal_pfs(const void *a, const void *b, size_t size)
{
	const struct vd_conf_pfs *x = a, *y = b;

	return x->set == y->set && x->n == y->n && !memcmp(x->groups, y->groups, x->n * sizeof(x->groups[0]));
}

const struct conf_type conf_type_pfs = { "list of groups", true, parse_pfs, equal_pfs };
