// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Traffic selectors as sets: containment, intersection, and a responder's
 * narrowing (RFC 7296, 2.9; RFC 4301, 4.4.1.1 for OPAQUE).
 */
#include "ike/ts.h"

#include <string.h>

static int compare(const struct vd_addr *a, const struct vd_addr *b)
{
	return memcmp(a->bytes, b->bytes, vd_addr_len(a->family));
}

static bool is_any_port(const struct ike_ts *ts)
{
	return ts->port_start == 0 && ts->port_end == UINT16_MAX;
}

/* The port is unknown, as in fragments. ANY includes it, no range does. */
static bool is_opaque(const struct ike_ts *ts)
{
	return ts->port_start == UINT16_MAX && ts->port_end == 0;
}

struct ike_ts ike_ts_any(enum vd_family family)
{
	struct ike_ts ts = { .port_end = UINT16_MAX };

	ts.start.family = family;
	ts.end.family = family;
	memset(ts.end.bytes, 0xff, vd_addr_len(family));
	return ts;
}

struct ike_ts ike_ts_prefix(const struct vd_addr *addr, uint8_t prefix_len)
{
	struct ike_ts ts = ike_ts_any(addr->family);
	size_t len = vd_addr_len(addr->family);

	for (size_t i = 0; i < len; i++) {
		unsigned int bits = prefix_len >= 8 * (i + 1) ? 8 :
				    prefix_len > 8 * i ? prefix_len - (unsigned int)(8 * i) : 0;
		uint8_t mask = (uint8_t)(0xff00u >> bits);

		ts.start.bytes[i] = addr->bytes[i] & mask;
		ts.end.bytes[i] = (uint8_t)(addr->bytes[i] | ~mask);
	}
	return ts;
}

bool ike_ts_equal(const struct ike_ts *a, const struct ike_ts *b)
{
	return vd_addr_equal(&a->start, &b->start) && vd_addr_equal(&a->end, &b->end) &&
	       a->proto == b->proto && a->port_start == b->port_start && a->port_end == b->port_end;
}

static bool list_has(const struct ike_ts_list *list, const struct ike_ts *ts)
{
	for (size_t i = 0; i < list->n; i++)
		if (ike_ts_equal(&list->ts[i], ts))
			return true;
	return false;
}

bool ike_ts_list_equal(const struct ike_ts_list *a, const struct ike_ts_list *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (!list_has(b, &a->ts[i]) || !list_has(a, &b->ts[i]))
			return false;
	return true;
}

static bool ports_contain(const struct ike_ts *outer, const struct ike_ts *inner)
{
	if (is_any_port(outer))
		return true;
	if (is_opaque(outer) || is_opaque(inner))
		return is_opaque(outer) && is_opaque(inner);
	return outer->port_start <= inner->port_start && inner->port_end <= outer->port_end;
}

/* Everything but the addresses. */
static bool contains_kind(const struct ike_ts *outer, const struct ike_ts *inner)
{
	return outer->start.family == inner->start.family &&
	       (!outer->proto || outer->proto == inner->proto) && ports_contain(outer, inner);
}

bool ike_ts_contains(const struct ike_ts *outer, const struct ike_ts *inner)
{
	return contains_kind(outer, inner) && compare(&outer->start, &inner->start) <= 0 &&
	       compare(&inner->end, &outer->end) <= 0;
}

/* Adds one; false if @addr was the family's last. */
static bool increment(struct vd_addr *addr)
{
	for (size_t i = vd_addr_len(addr->family); i-- > 0;)
		if (++addr->bytes[i])
			return true;
	return false;
}

/* Among those of @outer that hold the address @at, the farthest end. NULL if none does. */
static const struct vd_addr *reach(const struct ike_ts_list *outer, const struct ike_ts *inner,
				   const struct vd_addr *at)
{
	const struct vd_addr *end = NULL;

	for (size_t i = 0; i < outer->n; i++) {
		const struct ike_ts *ts = &outer->ts[i];

		if (!contains_kind(ts, inner) || compare(&ts->start, at) > 0 ||
		    compare(at, &ts->end) > 0)
			continue;
		if (!end || compare(end, &ts->end) < 0)
			end = &ts->end;
	}
	return end;
}

/* Several of @outer together may cover a range: two halves and their whole are the same set. */
static bool is_covered(const struct ike_ts_list *outer, const struct ike_ts *inner)
{
	struct vd_addr at = inner->start;

	for (;;) {
		const struct vd_addr *end = reach(outer, inner, &at);

		if (!end)
			return false;
		if (compare(&inner->end, end) <= 0)
			return true;
		at = *end;
		if (!increment(&at))
			return false;
	}
}

bool ike_ts_list_contains(const struct ike_ts_list *outer, const struct ike_ts_list *inner)
{
	for (size_t i = 0; i < inner->n; i++)
		if (!is_covered(outer, &inner->ts[i]))
			return false;
	return true;
}

static bool intersect_ports(const struct ike_ts *a, const struct ike_ts *b, struct ike_ts *out)
{
	const struct ike_ts *inner = ports_contain(a, b) ? b : ports_contain(b, a) ? a : NULL;

	if (inner) {
		out->port_start = inner->port_start;
		out->port_end = inner->port_end;
		return true;
	}
	if (is_opaque(a) || is_opaque(b))
		return false;
	out->port_start = a->port_start > b->port_start ? a->port_start : b->port_start;
	out->port_end = a->port_end < b->port_end ? a->port_end : b->port_end;
	return out->port_start <= out->port_end;
}

bool ike_ts_intersect(const struct ike_ts *a, const struct ike_ts *b, struct ike_ts *out)
{
	struct ike_ts common = { .proto = a->proto ? a->proto : b->proto };

	if (a->start.family != b->start.family || (a->proto && b->proto && a->proto != b->proto))
		return false;
	common.start = compare(&a->start, &b->start) >= 0 ? a->start : b->start;
	common.end = compare(&a->end, &b->end) <= 0 ? a->end : b->end;
	if (compare(&common.start, &common.end) > 0 || !intersect_ports(a, b, &common))
		return false;
	*out = common;
	return true;
}

/*
 * Adds @ts unless one in the list holds it; those it holds go. One too many is left out, which
 * narrows.
 */
static void add_widest(struct ike_ts_list *list, const struct ike_ts *ts)
{
	uint8_t kept = 0;

	for (size_t i = 0; i < list->n; i++)
		if (ike_ts_contains(&list->ts[i], ts))
			return;
	for (size_t i = 0; i < list->n; i++)
		if (!ike_ts_contains(ts, &list->ts[i]))
			list->ts[kept++] = list->ts[i];
	list->n = kept;
	if (list->n < IKE_TS_MAX)
		list->ts[list->n++] = *ts;
}

bool ike_ts_narrow(const struct ike_ts_list *ours, const struct ike_ts_list *theirs,
		   struct ike_ts_list *out)
{
	struct ike_ts_list made = { .n = 0 };
	struct ike_ts common;

	/* The peer's first selectors matter most: they may be the packet that started it (2.9). */
	for (size_t j = 0; j < theirs->n; j++)
		for (size_t i = 0; i < ours->n; i++)
			if (ike_ts_intersect(&ours->ts[i], &theirs->ts[j], &common))
				add_widest(&made, &common);
	if (!made.n)
		return false;
	*out = made;
	return true;
}

/* ---- text ---- */

/* The length of the prefix that is exactly the range, or -1. */
static int prefix_of(const struct ike_ts *ts)
{
	int bits = (int)vd_addr_len(ts->start.family) * 8;

	for (int len = 0; len <= bits; len++) {
		struct ike_ts prefix = ike_ts_prefix(&ts->start, (uint8_t)len);

		if (vd_addr_equal(&prefix.start, &ts->start) &&
		    vd_addr_equal(&prefix.end, &ts->end))
			return len;
	}
	return -1;
}

static void format_proto(struct vd_strbuf *b, uint8_t proto)
{
	static const struct {
		uint8_t		proto;
		const char	*name;
	} names[] = {
		{ 0, "any" }, { 1, "icmp" }, { 6, "tcp" }, { 17, "udp" }, { 47, "gre" },
		{ 58, "ipv6-icmp" }, { 132, "sctp" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i].proto == proto) {
			vd_strbuf_str(b, names[i].name);
			return;
		}
	}
	vd_strbuf_u64(b, proto);
}

static bool is_icmp(uint8_t proto)
{
	return proto == 1 || proto == 58;
}

/* "443", "1000-2000", "opaque"; ICMP: "8" for a type, "3.4" for type and code. */
static void format_ports(struct vd_strbuf *b, const struct ike_ts *ts)
{
	if (is_opaque(ts)) {
		vd_strbuf_str(b, "opaque");
		return;
	}
	if (is_icmp(ts->proto) && ts->port_start >> 8 == ts->port_end >> 8) {
		bool all_codes = !(ts->port_start & 0xff) && (ts->port_end & 0xff) == 0xff;

		if (all_codes || ts->port_start == ts->port_end) {
			vd_strbuf_u64(b, ts->port_start >> 8);
			if (!all_codes) {
				vd_strbuf_char(b, '.');
				vd_strbuf_u64(b, ts->port_start & 0xff);
			}
			return;
		}
	}
	vd_strbuf_u64(b, ts->port_start);
	if (ts->port_start != ts->port_end) {
		vd_strbuf_char(b, '-');
		vd_strbuf_u64(b, ts->port_end);
	}
}

void ike_ts_format(struct vd_strbuf *b, const struct ike_ts *ts)
{
	char text[VD_ADDR_TEXT];
	int prefix = prefix_of(ts);

	vd_strbuf_str(b, vd_addr_text(&ts->start, text));
	if (prefix >= 0) {
		vd_strbuf_char(b, '/');
		vd_strbuf_u64(b, (uint64_t)prefix);
	} else {
		vd_strbuf_char(b, '-');
		vd_strbuf_str(b, vd_addr_text(&ts->end, text));
	}
	if (!ts->proto && is_any_port(ts))
		return;
	vd_strbuf_char(b, '[');
	format_proto(b, ts->proto);
	if (!is_any_port(ts)) {
		vd_strbuf_char(b, '/');
		format_ports(b, ts);
	}
	vd_strbuf_char(b, ']');
}

void ike_ts_list_format(struct vd_strbuf *b, const struct ike_ts_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		if (i)
			vd_strbuf_str(b, ", ");
		ike_ts_format(b, &list->ts[i]);
	}
	if (!list->n)
		vd_strbuf_str(b, "none");
}
