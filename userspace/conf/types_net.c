// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Types of addresses: single ones, prefixes, and traffic selectors with groups, protocols and ports.
 * The selectors' notation is that of ike_ts_format().
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "conf/schema.h"

#define GROUP_DEPTH	8

/* ---- one address ---- */

static bool looks_like_host(const char *text)
{
	return strpbrk(text, "ghijklmnopqrstuvwxyzGHIJKLMNOPQRSTUVWXYZ") && !strpbrk(text, "/:");
}

static bool parse_address(struct conf_ctx *c, const struct conf_values *vs, void *dest)
{
	const struct conf_value *v = vs->first;
	bool may_any = c->key->words != NULL;
	const char *form = may_any ? "an IPv4 or IPv6 address, or any" : "an IPv4 or IPv6 address";
	struct vd_addr a;

	if (vs->n > 1) {
		conf_error(c->p, v->next->pos, "one value", NULL, "`%s` takes no list", c->key->name);
		return false;
	}
	if (may_any && !strcmp(v->text, "any")) {
		*(struct vd_addr *)dest = (struct vd_addr){ .family = VD_FAMILY_NONE };
		return true;
	}
	if (vd_addr_parse(&a, v->text)) {
		conf_error(c->p, v->pos, form, NULL, looks_like_host(v->text) ?
			   "`%s` is no address; host names are not supported by this version" :
			   "`%s` is no address", v->text);
		return false;
	}
	*(struct vd_addr *)dest = a;
	return true;
}

static bool equal_address(const void *a, const void *b, size_t size)
{
	return vd_addr_equal(a, b);
}

const struct conf_type conf_type_address = { "address", false, parse_address, equal_address };

/* ---- prefixes ---- */

static void mask(struct vd_addr *a, uint8_t len)
{
	for (size_t bit = len; bit < 8 * vd_addr_len(a->family); bit++)
		a->bytes[bit / 8] &= (uint8_t)~(0x80 >> bit % 8);
}

/* True if @a has no host bits; else the error names the subnet that was probably meant. */
static bool check_masked(struct conf_ctx *c, const struct conf_value *v, const struct vd_addr *a, uint8_t len)
{
	struct vd_addr masked = *a;
	char addr[VD_ADDR_TEXT], nearest[VD_ADDR_TEXT + 4];

	mask(&masked, len);
	if (vd_addr_equal(&masked, a))
		return true;
	snprintf(nearest, sizeof(nearest), "%s/%u", vd_addr_text(&masked, addr), len);
	conf_error(c->p, v->pos, "a subnet without host bits", nearest, "`%s` is an address in a subnet", v->text);
	return false;
}

static bool parse_prefix_list(struct conf_ctx *c, const struct conf_values *vs, void *dest, bool routes)
{
	struct vd_conf_prefixes list = { .p = calloc(vs->n, sizeof(*list.p)) };
	const char *form = routes ? "a subnet such as 10.20.0.0/16" :
				    "an address with its length, such as 169.254.7.1/30";
	bool ok = true;

	if (!list.p || vs->n > UINT16_MAX) {
		free(list.p);
		c->p->no_memory = true;
		return false;
	}
	for (const struct conf_value *v = vs->first; v; v = v->next) {
		struct vd_conf_prefix x = { 0 };

		if (vd_prefix_parse(&x.addr, &x.len, v->text)) {
			conf_error(c->p, v->pos, form, NULL, "`%s` is no %s", v->text, routes ? "subnet" : "address");
			ok = false;
		} else if (routes && !check_masked(c, v, &x.addr, x.len)) {
			ok = false;
		} else {
			list.p[list.n++] = x;
		}
	}
	if (ok)
		*(struct vd_conf_prefixes *)dest = list;
	else
		free(list.p);
	return ok;
}

static bool parse_prefixes(struct conf_ctx *c, const struct conf_values *vs, void *dest)
{
	return parse_prefix_list(c, vs, dest, false);
}

static bool parse_routes(struct conf_ctx *c, const struct conf_values *vs, void *dest)
{
	return parse_prefix_list(c, vs, dest, true);
}

static bool equal_prefixes(const void *a, const void *b, size_t size)
{
	const struct vd_conf_prefixes *x = a, *y = b;

	if (x->n != y->n)
		return false;
	for (size_t i = 0; i < x->n; i++)
		if (x->p[i].len != y->p[i].len || !vd_addr_equal(&x->p[i].addr, &y->p[i].addr))
			return false;
	return true;
}

const struct conf_type conf_type_prefixes = { "list of addresses", true, parse_prefixes, equal_prefixes };
const struct conf_type conf_type_routes = { "list of subnets", true, parse_routes, equal_prefixes };

/* ---- selectors ---- */

static const struct {
	const char	*name;
	uint8_t		proto;
} protos[] = {
	{ "any", 0 }, { "icmp", 1 }, { "tcp", 6 }, { "udp", 17 }, { "gre", 47 }, { "esp", 50 }, { "ah", 51 },
	{ "ipv6-icmp", 58 }, { "icmpv6", 58 }, { "ospf", 89 }, { "sctp", 132 },
};

/* Decimal, at most @max, the whole of @n octets. */
static bool decimal(const char *at, size_t n, uint32_t max, uint32_t *out)
{
	uint32_t v = 0;

	if (!n || n > 5)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (at[i] < '0' || at[i] > '9')
			return false;
		v = v * 10 + (uint32_t)(at[i] - '0');
	}
	*out = v;
	return v <= max;
}

static bool parse_proto(const char *at, size_t n, uint8_t *proto)
{
	uint32_t v;

	for (size_t i = 0; i < sizeof(protos) / sizeof(protos[0]); i++) {
		if (strlen(protos[i].name) == n && !memcmp(protos[i].name, at, n)) {
			*proto = protos[i].proto;
			return true;
		}
	}
	if (!decimal(at, n, 255, &v))
		return false;
	*proto = (uint8_t)v;
	return true;
}

/* "8" or "3.4": ICMP type and code share the port field (RFC 7296, 3.13.1). */
static bool parse_icmp(struct ike_ts *ts, const char *at, size_t n)
{
	const char *dot = memchr(at, '.', n);
	size_t type_len = dot ? (size_t)(dot - at) : n;
	uint32_t type, code;

	if (!decimal(at, type_len, 255, &type))
		return false;
	if (!dot) {
		ts->port_start = (uint16_t)(type << 8);
		ts->port_end = (uint16_t)(type << 8 | 0xff);
		return true;
	}
	if (!decimal(dot + 1, n - type_len - 1, 255, &code))
		return false;
	ts->port_start = ts->port_end = (uint16_t)(type << 8 | code);
	return true;
}

static bool parse_ports(struct ike_ts *ts, const char *at, size_t n)
{
	const char *dash = memchr(at, '-', n);
	size_t first = dash ? (size_t)(dash - at) : n;
	uint32_t start, end;

	if (n == 6 && !memcmp(at, "opaque", 6)) {
		ts->port_start = UINT16_MAX;
		ts->port_end = 0;
		return true;
	}
	if ((ts->proto == 1 || ts->proto == 58) && !dash)
		return parse_icmp(ts, at, n);
	if (!decimal(at, first, UINT16_MAX, &start))
		return false;
	end = start;
	if (dash && (!decimal(dash + 1, n - first - 1, UINT16_MAX, &end) || end < start))
		return false;
	ts->port_start = (uint16_t)start;
	ts->port_end = (uint16_t)end;
	return true;
}

/* "[tcp/443]" at @at, to the end of the text. False with the error reported. */
static bool parse_kind(struct conf_ctx *c, const struct conf_value *v, const char *at, struct ike_ts *ts)
{
	struct ike_pos pos = v->pos;
	size_t n = strlen(at), proto_len;

	pos.column += (uint32_t)(at - v->text) + 1;
	if (at[n - 1] != ']') {
		conf_error(c->p, v->pos, "`]` at the end, as in 10.1.0.0/16[tcp/443]", NULL,
			   "`%s` has a `[` without a `]`", v->text);
		return false;
	}
	at++;
	n -= 2;
	proto_len = memchr(at, '/', n) ? (size_t)((const char *)memchr(at, '/', n) - at) : n;
	if (!parse_proto(at, proto_len, &ts->proto)) {
		struct vd_nearest near = { 0 };
		char *word = conf_copy(c->p, at, proto_len);

		near.typed = word ? word : "";
		for (size_t i = 0; i < sizeof(protos) / sizeof(protos[0]); i++)
			vd_nearest_offer(&near, protos[i].name);
		conf_error(c->p, pos, "a protocol: tcp, udp, icmp, any … or its number", near.best,
			   "`%.*s` is no protocol", (int)proto_len, at);
		return false;
	}
	if (proto_len == n)
		return true;
	at += proto_len + 1;
	n -= proto_len + 1;
	pos.column += (uint32_t)proto_len + 1;
	if (!parse_ports(ts, at, n)) {
		conf_error(c->p, pos, "a port such as 443, a range such as 1000-2000, or opaque; with icmp a type", NULL,
			   "`%.*s` is no port", (int)n, at);
		return false;
	}
	return true;
}

enum found { FOUND, NOT_AN_ADDRESS, WRONG };

/* "10.1.0.0/16", "10.0.0.1-10.0.0.9", "10.0.0.1". WRONG: reported. */
static enum found parse_range(struct conf_ctx *c, const struct conf_value *v, const char *text, struct ike_ts *ts)
{
	const char *dash = strchr(text, '-');
	struct vd_addr a, b;
	uint8_t len;
	char *first;

	if (!vd_prefix_parse(&a, &len, text)) {
		if (!check_masked(c, v, &a, len))
			return WRONG;
		*ts = ike_ts_prefix(&a, len);
		return FOUND;
	}
	first = dash ? conf_copy(c->p, text, (size_t)(dash - text)) : NULL;
	if (!first || vd_addr_parse(&a, first) || vd_addr_parse(&b, dash + 1))
		return NOT_AN_ADDRESS;
	if (a.family != b.family || memcmp(a.bytes, b.bytes, sizeof(a.bytes)) > 0) {
		conf_error(c->p, v->pos, "first the lower, then the higher address of one family", NULL,
			   "`%s` is no range", v->text);
		return WRONG;
	}
	*ts = ike_ts_any(a.family);
	ts->start = a;
	ts->end = b;
	return FOUND;
}

static bool add_ts(struct conf_ctx *c, const struct conf_value *v, struct ike_ts_list *list, const struct ike_ts *ts)
{
	for (size_t i = 0; i < list->n; i++)
		if (ike_ts_equal(&list->ts[i], ts))
			return true;
	if (list->n == IKE_TS_MAX) {
		conf_error(c->p, v->pos, NULL, NULL, "more than %d subnets in `%s`", IKE_TS_MAX, c->key->name);
		return false;
	}
	list->ts[list->n++] = *ts;
	return true;
}

static void unknown_subnet(struct conf_ctx *c, const struct conf_value *v, const char *text)
{
	conf_error(c->p, v->pos, "a subnet, a range, an address, or the name of an `addresses` block",
		   conf_names_nearest(c->groups, text), "`%s` is no subnet and no group of addresses", text);
}

static bool expand_group(struct conf_ctx *c, const struct conf_value *v, struct conf_block *g,
			 const struct ike_ts *kind, struct ike_ts_list *list, unsigned int depth);

/* One member. Bad ones are reported where they stand, once, by conf_check_group_member(). */
static bool expand_member(struct conf_ctx *c, const struct conf_value *v, const struct conf_value *m,
			  const struct ike_ts *kind, struct ike_ts_list *list, unsigned int depth)
{
	struct conf_block *inner = conf_names_find(c->groups, m->text);
	struct vd_conf_errors *kept = c->p->errors;
	struct ike_ts ts;
	enum found f;

	c->p->errors = NULL;
	f = parse_range(c, m, m->text, &ts);
	c->p->errors = kept;
	if (f == NOT_AN_ADDRESS && inner)
		return expand_group(c, v, inner, kind, list, depth + 1);
	if (f != FOUND)
		return true;
	ts.proto = kind->proto;
	ts.port_start = kind->port_start;
	ts.port_end = kind->port_end;
	return add_ts(c, v, list, &ts);
}

/* Adds a group's members with @kind's protocol and ports. A group met again in one expansion adds nothing. */
static bool expand_group(struct conf_ctx *c, const struct conf_value *v, struct conf_block *g,
			 const struct ike_ts *kind, struct ike_ts_list *list, unsigned int depth)
{
	bool ok = true;

	if (g->busy || depth > GROUP_DEPTH) {
		conf_error(c->p, v->pos, NULL, NULL, g->busy ? "the group `%s` contains itself" :
			   "the group `%s` is too deep within others", g->name.text);
		return false;
	}
	if (g->stamp == c->p->stamp)
		return true;
	g->stamp = c->p->stamp;
	g->busy = true;
	for (const struct conf_entry *e = g->entries; e; e = e->next)
		for (const struct conf_value *m = e->key ? NULL : e->values.first; m && ok; m = m->next)
			ok = expand_member(c, v, m, kind, list, depth);
	g->busy = false;
	return ok;
}

static bool parse_selector(struct conf_ctx *c, const struct conf_value *v, struct ike_ts_list *list)
{
	size_t n = strcspn(v->text, "[");
	char *text = conf_copy(c->p, v->text, n);
	struct ike_ts kind = ike_ts_any(VD_FAMILY_IPV4), ts;
	struct conf_block *group;

	if (!text || (v->text[n] && !parse_kind(c, v, v->text + n, &kind)))
		return false;
	switch (parse_range(c, v, text, &ts)) {
	case WRONG:
		return false;
	case FOUND:
		ts.proto = kind.proto;
		ts.port_start = kind.port_start;
		ts.port_end = kind.port_end;
		return add_ts(c, v, list, &ts);
	case NOT_AN_ADDRESS:
		break;
	}
	group = conf_names_find(c->groups, text);
	c->p->stamp++;
	if (group)
		return expand_group(c, v, group, &kind, list, 1);
	unknown_subnet(c, v, text);
	return false;
}

static bool parse_selectors(struct conf_ctx *c, const struct conf_values *vs, void *dest)
{
	struct ike_ts_list list = { 0 };
	bool ok = true;

	for (const struct conf_value *v = vs->first; v; v = v->next)
		ok = parse_selector(c, v, &list) && ok;
	/* Only a group can leave nothing: an empty selector would mean nothing passes, or everything. */
	if (ok && !list.n) {
		conf_error(c->p, vs->first->pos, "at least one subnet", NULL, "`%s` is empty", c->key->name);
		ok = false;
	}
	if (ok)
		*(struct ike_ts_list *)dest = list;
	return ok;
}

static bool equal_selectors(const void *a, const void *b, size_t size)
{
	return ike_ts_list_equal(a, b);
}

const struct conf_type conf_type_selectors = { "list of selectors", true, parse_selectors, equal_selectors };

void conf_check_group_member(struct conf_ctx *c, const struct conf_value *v)
{
	struct ike_ts ts;

	if (strchr(v->text, '['))
		conf_error(c->p, v->pos, "addresses only; protocol and port go where the group is used", NULL,
			   "`%s` has a protocol", v->text);
	else if (parse_range(c, v, v->text, &ts) == NOT_AN_ADDRESS && !conf_names_find(c->groups, v->text))
		unknown_subnet(c, v, v->text);
}
