// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What concerns more than one key, or more than one block: keys that act on others,
 * values that contradict each other, and what is allowed but unwise (warnings).
 */
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "conf/build.h"

/* ---- pfs, esn ---- */

static bool has_type(const struct ike_proposal *p, uint8_t type)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->t[i].type == type)
			return true;
	return false;
}

static const char *first_group(const struct ike_proposal_list *list, char *buf, size_t cap)
{
	struct vd_strbuf b = vd_strbuf_init(buf, cap);

	for (size_t i = 0; i < list->n; i++) {
		for (size_t k = 0; k < list->p[i].n; k++) {
			if (list->p[i].t[k].type == IKE_T_DH) {
				ike_transform_format(&b, &list->p[i].t[k]);
				return buf;
			}
		}
	}
	return NULL;
}

static void remove_type(struct ike_proposal *p, uint8_t type)
{
	uint8_t kept = 0;

	for (size_t i = 0; i < p->n; i++)
		if (p->t[i].type != type)
			p->t[kept++] = p->t[i];
	p->n = kept;
}

static bool append(struct ike_proposal *p, uint8_t type, uint16_t id)
{
	if (p->n == IKE_TRANSFORMS_MAX)
		return false;
	p->t[p->n++] = (struct ike_transform){ .type = type, .id = id };
	return true;
}

/* Groups go in front of ESN, as the notation and the wire have them. */
static bool add_groups(struct ike_proposal *p, const struct vd_conf_pfs *pfs)
{
	struct ike_proposal esn = *p;
	bool ok = true;

	remove_type(p, IKE_T_ESN);
	for (size_t i = 0; i < pfs->n; i++)
		ok = append(p, IKE_T_DH, pfs->groups[i]) && ok;
	for (size_t i = 0; i < esn.n; i++)
		if (esn.t[i].type == IKE_T_ESN)
			ok = append(p, IKE_T_ESN, esn.t[i].id) && ok;
	return ok;
}

/* "esn" or "noesn" among the words of a proposal. */
static bool names_esn(const char *text)
{
	for (;;) {
		size_t n = strcspn(text, "-");

		if ((n == 3 && !memcmp(text, "esn", 3)) || (n == 5 && !memcmp(text, "noesn", 5)))
			return true;
		if (!text[n])
			return false;
		text += n + 1;
	}
}

static bool check_esn_once(struct conf_build *b, const struct conf_item *item)
{
	const struct conf_entry *e = conf_find_entry(item->block, "proposals");

	for (const struct conf_value *v = e ? e->values.first : NULL; v; v = v->next) {
		if (names_esn(v->text)) {
			conf_error(b->p, conf_value_pos(item->block, "esn"), "either `esn` or the word in `proposals`",
				   NULL, "`esn` is set, and `%s` says it too", v->text);
			return false;
		}
	}
	return true;
}

bool conf_apply_pfs_and_esn(struct conf_build *b, const struct conf_item *item,
			    struct ike_tunnel_conf *ike, const struct vd_conf_tunnel *vd)
{
	const char *group;
	char name[64];
	bool ok = true;

	group = vd->pfs.set ? first_group(&ike->proposals, name, sizeof(name)) : NULL;
	if (group) {
		conf_error(b->p, conf_value_pos(item->block, "pfs"), "either `pfs` or the groups in `proposals`", NULL,
			   "`pfs` is set, and `proposals` names the group %s", group);
		return false;
	}
	if (vd->esn != VD_CONF_ESN_PROPOSALS && !check_esn_once(b, item))
		return false;
	for (size_t i = 0; i < ike->proposals.n; i++) {
		struct ike_proposal *p = &ike->proposals.p[i];

		if (vd->pfs.set)
			ok = add_groups(p, &vd->pfs) && ok;
		if (vd->esn != VD_CONF_ESN_PROPOSALS) {
			remove_type(p, IKE_T_ESN);
			ok = append(p, IKE_T_ESN, vd->esn == VD_CONF_ESN_YES ? IKE_ESN_YES : IKE_ESN_NO) && ok;
		}
	}
	if (!ok)
		conf_error(b->p, conf_value_pos(item->block, "pfs"), NULL, NULL, "too many algorithms in one proposal");
	/* The line to change when the peer's PFS differs. */
	if (!ike->pos_pfs.line && ike->proposals.n && has_type(&ike->proposals.p[0], IKE_T_DH))
		ike->pos_pfs = ike->pos_proposals;
	return ok;
}

/* ---- one gateway ---- */

void conf_check_gateway(struct conf_build *b, const struct conf_item *item)
{
	const struct ike_gateway_conf *g = &b->conf->ike.gateways[item->block->index];
	const struct vd_conf_gateway *vd = &b->conf->gateways[item->block->index];

	if (g->auth == IKE_AUTH_PSK && !conf_find_entry(item->block, "secret-file"))
		conf_report_missing(b, CONF_GATEWAY, item->block, "secret-file");
	if (!item->ok)
		return;
	if (g->local.family && g->remote.family && g->local.family != g->remote.family)
		conf_error(b->p, conf_value_pos(item->block, "local"), "both IPv4 or both IPv6", NULL,
			   "`local` and `remote` are of different families");
	if (!g->remote.family && vd->start != IKE_START_RESPOND)
		conf_error(b->p, conf_value_pos(item->block, "remote"), "`start = respond`, or the peer's address", NULL,
			   "a peer with any address can't be called");
	if (!g->n_tunnels)
		conf_warn(b->p, item->block->kind.pos, "no tunnel leads to gateway `%s`", g->name);
}

/* ---- one tunnel ---- */

static bool has_family(const struct ike_ts_list *list, enum vd_family family)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->ts[i].start.family == family)
			return true;
	return false;
}

static bool families_meet(const struct ike_ts_list *a, const struct ike_ts_list *b)
{
	return (has_family(a, VD_FAMILY_IPV4) && has_family(b, VD_FAMILY_IPV4)) ||
	       (has_family(a, VD_FAMILY_IPV6) && has_family(b, VD_FAMILY_IPV6));
}

/* A route the selectors do not cover leads packets into the tunnel that it must drop. */
static void check_routes(struct conf_build *b, const struct conf_item *item,
			 const struct ike_tunnel_conf *ike, const struct vd_conf_tunnel *vd)
{
	const struct conf_entry *e = conf_find_entry(item->block, "routes");
	const struct conf_value *v = e ? e->values.first : NULL;

	for (size_t i = 0; v && i < vd->routes.n; i++, v = v->next) {
		struct ike_ts route = ike_ts_prefix(&vd->routes.p[i].addr, vd->routes.p[i].len), common;
		bool met = false;

		for (size_t k = 0; k < ike->remote_ts.n && !met; k++)
			met = ike_ts_intersect(&route, &ike->remote_ts.ts[k], &common);
		if (!met)
			conf_warn(b->p, v->pos, "route `%s` is outside `remote-subnets`: the tunnel will drop what it brings",
				  v->text);
	}
}

void conf_check_tunnel(struct conf_build *b, const struct conf_item *item)
{
	const struct ike_gateway_conf *g = &b->conf->ike.gateways[item->gateway];
	const struct ike_tunnel_conf *ike = &g->tunnels[item->tunnel];
	const struct vd_conf_tunnel *vd = &b->conf->gateways[item->gateway].tunnels[item->tunnel];
	const char *key = conf_find_entry(item->block, "remote-subnets") ? "remote-subnets" : "local-subnets";

	if (!families_meet(&ike->local_ts, &ike->remote_ts))
		conf_error(b->p, conf_value_pos(item->block, key), "both with IPv4, or both with IPv6", NULL,
			   "`local-subnets` and `remote-subnets` have no address family in common");
	if (b->gateway_items[item->gateway].ok && !g->remote.family && ike->start != IKE_START_RESPOND &&
	    conf_find_entry(item->block, "start"))
		conf_error(b->p, conf_value_pos(item->block, "start"), "respond", NULL,
			   "gateway `%s` has any address and can't be called", g->name);
	for (size_t i = 0; i < vd->addresses.n; i++) {
		if (vd->mtu && vd->mtu < 1280 && vd->addresses.p[i].addr.family == VD_FAMILY_IPV6) {
			conf_error(b->p, conf_value_pos(item->block, "mtu"), "at least 1280 (RFC 8200, 5)", NULL,
				   "an MTU of %u is too small for the IPv6 address", vd->mtu);
			break;
		}
	}
	check_routes(b, item, ike, vd);
}

/* ---- all together ---- */

static int compare_addr(const struct vd_addr *a, const struct vd_addr *b)
{
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes));
}

static int compare_id(const struct ike_id *a, const struct ike_id *b)
{
	if (a->type != b->type)
		return a->type < b->type ? -1 : 1;
	if (a->len != b->len)
		return a->len < b->len ? -1 : 1;
	return memcmp(a->data, b->data, a->len);
}

/* Whatever an incoming IKE_AUTH can be told by. */
static int by_peer(const void *x, const void *y)
{
	const struct ike_gateway_conf *a = *(const struct ike_gateway_conf *const *)x;
	const struct ike_gateway_conf *b = *(const struct ike_gateway_conf *const *)y;
	int d = compare_addr(&a->remote, &b->remote);

	if (!d && a->remote_port != b->remote_port)
		d = a->remote_port < b->remote_port ? -1 : 1;
	if (!d)
		d = compare_addr(&a->local, &b->local);
	if (!d)
		d = compare_id(&a->local_id, &b->local_id);
	return d ? d : compare_id(&a->remote_id, &b->remote_id);
}

void conf_check_all(struct conf_build *b)
{
	const struct ike_gateway_conf **sorted = conf_alloc(b->p, (b->n_gateways + 1) * sizeof(*sorted));
	size_t n = 0;

	for (size_t i = 0; sorted && i < b->n_gateways; i++)
		if (b->gateway_items[i].ok)
			sorted[n++] = &b->conf->ike.gateways[i];
	if (!n)
		return;
	qsort(sorted, n, sizeof(*sorted), by_peer);
	for (size_t i = 1; i < n; i++) {
		/* In the array of gateways the later one is the one to complain about. */
		const struct ike_gateway_conf *first = sorted[i - 1] < sorted[i] ? sorted[i - 1] : sorted[i];
		const struct ike_gateway_conf *second = first == sorted[i] ? sorted[i - 1] : sorted[i];

		if (by_peer(&sorted[i - 1], &sorted[i]) || !strcmp(first->name, second->name))
			continue;
		conf_error(b->p, second->pos, "another remote, local, local-id or remote-id", NULL,
			   "gateways `%s` and `%s` can't be told apart", first->name, second->name);
	}
}
