// SPDX-License-Identifier: GPL-2.0-only
/*
 * Traffic selectors and the choice of a child: see selector.h. Everything here is
 * immutable once built; the owners (child, tunnel) publish it by RCU.
 * RFC 4301, 4.4.1.1 and 5; RFC 7296, 3.13.1. Reading a packet is in flow.c.
 */
#include "selector.h"

#define WIDTH_NONE	U32_MAX		/* selects nothing of this family */
#define PORT_MAX	U16_MAX

static bool addr_le(const struct vdt_ts_addr *a, const struct vdt_ts_addr *b)
{
	return a->hi < b->hi || (a->hi == b->hi && a->lo <= b->lo);
}

static u32 bits(u64 span)
{
	return span ? ilog2(span) + 1 : 0;
}

static bool ts_opaque(const struct vdt_ts *ts)
{
	return ts->port_start == PORT_MAX && ts->port_end == 0;
}

static bool ts_all_ports(const struct vdt_ts *ts)
{
	return ts->port_start == 0 && ts->port_end == PORT_MAX;
}

/*
 * How much a selector covers, smaller is more specific: first by addresses, then by
 * protocol, then by ports. The widths of a local and a remote selector can be added
 * without one part running into the next.
 */
static u32 ts_width(const struct vdt_ts *ts)
{
	u64 hi = ts->end.hi - ts->start.hi - (ts->end.lo < ts->start.lo);
	u64 lo = ts->end.lo - ts->start.lo;
	u32 addr = hi ? 64 + bits(hi) : bits(lo);
	u32 ports = ts_opaque(ts) ? 0 : bits(ts->port_end - ts->port_start);

	return addr << 16 | (ts->proto ? 0 : 1) << 8 | ports;
}

static u32 full_width(enum vdt_family family)
{
	return 2 * ((family == VDT_V4 ? 32 : 128) << 16 | 1 << 8 | 16);
}

static bool ts_covers_family(const struct vdt_ts *ts)
{
	u64 hi = ts->family == VDT_V4 ? 0 : U64_MAX;
	u64 lo = ts->family == VDT_V4 ? U32_MAX : U64_MAX;

	return !ts->proto && ts_all_ports(ts) && !ts->start.hi && !ts->start.lo &&
	       ts->end.hi == hi && ts->end.lo == lo;
}

static bool ts_valid(const struct vdt_ts *ts)
{
	if (ts->family >= VDT_FAMILIES || !addr_le(&ts->start, &ts->end))
		return false;
	if (ts->family == VDT_V4 && (ts->end.hi || ts->end.lo > U32_MAX))
		return false;
	if (!ts->proto)
		return ts_all_ports(ts);
	return ts->port_start <= ts->port_end || ts_opaque(ts);
}

static bool port_match(const struct vdt_ts *ts, const struct vdt_flow *flow, u16 port)
{
	if (ts_all_ports(ts))
		return true;
	if (ts_opaque(ts))
		return !flow->ports;
	return flow->ports && port >= ts->port_start && port <= ts->port_end;
}

static bool ts_match(const struct vdt_ts *ts, const struct vdt_flow *flow,
		     const struct vdt_ts_addr *addr, u16 port)
{
	return ts->family == flow->family && (!ts->proto || ts->proto == flow->proto) &&
	       addr_le(&ts->start, addr) && addr_le(addr, &ts->end) &&
	       port_match(ts, flow, port);
}

/* The narrowest of @n sorted selectors that matches: its width, or WIDTH_NONE. */
static u32 list_match(const struct vdt_ts *ts, u32 n, const struct vdt_flow *flow,
		      const struct vdt_ts_addr *addr, u16 port)
{
	const struct vdt_ts *end = ts + n;

	for (; ts < end; ts++)
		if (ts_match(ts, flow, addr, port))
			return ts->width;
	return WIDTH_NONE;
}

static u32 selector_width(const struct vdt_selector *s, const struct vdt_flow *flow)
{
	u32 local, remote;

	local = list_match(vdt_selector_local(s), s->n_local, flow, &flow->local,
			   flow->local_port);
	if (local == WIDTH_NONE)
		return WIDTH_NONE;
	remote = list_match(vdt_selector_remote(s), s->n_remote, flow, &flow->remote,
			    flow->remote_port);
	return remote == WIDTH_NONE ? WIDTH_NONE : local + remote;
}

/* The narrowest selector of a family in a sorted list. */
static u32 list_width(const struct vdt_ts *ts, u32 n, enum vdt_family family)
{
	const struct vdt_ts *end = ts + n;

	for (; ts < end; ts++)
		if (ts->family == family)
			return ts->width;
	return WIDTH_NONE;
}

static bool list_covers_family(const struct vdt_ts *ts, u32 n, enum vdt_family family)
{
	const struct vdt_ts *end = ts + n;

	for (; ts < end; ts++)
		if (ts->family == family && ts_covers_family(ts))
			return true;
	return false;
}

static int ts_compare(const void *a, const void *b)
{
	const struct vdt_ts *x = a, *y = b;

	return x->width < y->width ? -1 : x->width > y->width;
}

struct vdt_selector *vdt_selector_alloc(u16 n_local, u16 n_remote)
{
	struct vdt_selector *s;

	s = kvzalloc(struct_size(s, ts, (size_t)n_local + n_remote), GFP_KERNEL);
	if (!s)
		return NULL;
	s->n_local = n_local;
	s->n_remote = n_remote;
	return s;
}

void vdt_selector_free(struct vdt_selector *s)
{
	if (s)
		kvfree_rcu(s, rcu);
}

int vdt_selector_seal(struct vdt_selector *s)
{
	struct vdt_ts *remote = s->ts + s->n_local;
	enum vdt_family family;
	u32 i;

	for (i = 0; i < (u32)s->n_local + s->n_remote; i++) {
		if (!ts_valid(&s->ts[i]))
			return -EINVAL;
		s->ts[i].width = ts_width(&s->ts[i]);
	}
	sort(s->ts, s->n_local, sizeof(s->ts[0]), ts_compare, NULL);
	sort(remote, s->n_remote, sizeof(s->ts[0]), ts_compare, NULL);
	s->any = 0;
	for (family = VDT_V4; family < VDT_FAMILIES; family++)
		if (list_covers_family(s->ts, s->n_local, family) &&
		    list_covers_family(remote, s->n_remote, family))
			s->any |= BIT(family);
	return 0;
}

bool vdt_selector_match(const struct vdt_selector *s, const struct vdt_flow *flow)
{
	return s->any & BIT(flow->family) || selector_width(s, flow) != WIDTH_NONE;
}

/*
 * The child that takes all of @family whatever the packet: it is the first that selects
 * anything of it, and no later one is narrower than everything.
 */
static void *table_any(const struct vdt_selector_table *t, enum vdt_family family)
{
	void *any = NULL;
	u32 i;

	for (i = 0; i < t->n; i++) {
		if (t->e[i].width[family] == WIDTH_NONE)
			continue;
		if (!any) {
			if (!(t->e[i].selector->any & BIT(family)))
				return NULL;
			any = t->e[i].child;
		} else if (t->e[i].width[family] < full_width(family)) {
			return NULL;
		}
	}
	return any;
}

struct vdt_selector_table *vdt_selector_table_build(const struct vdt_selector_entry *entries,
						    u32 n)
{
	struct vdt_selector_table *t;
	enum vdt_family family;
	u32 i;

	t = kvzalloc(struct_size(t, e, n), GFP_KERNEL);
	if (!t)
		return NULL;
	t->n = n;
	for (i = 0; i < n; i++) {
		const struct vdt_selector *s = entries[i].selector;

		t->e[i].selector = s;
		t->e[i].child = entries[i].child;
		for (family = VDT_V4; family < VDT_FAMILIES; family++) {
			u32 local = list_width(vdt_selector_local(s), s->n_local, family);
			u32 remote = list_width(vdt_selector_remote(s), s->n_remote, family);

			t->e[i].width[family] = local == WIDTH_NONE || remote == WIDTH_NONE ?
						WIDTH_NONE : local + remote;
		}
	}
	for (family = VDT_V4; family < VDT_FAMILIES; family++)
		t->any[family] = table_any(t, family);
	return t;
}

void vdt_selector_table_free(struct vdt_selector_table *t)
{
	if (t)
		kvfree_rcu(t, rcu);
}

void *vdt_selector_lookup(const struct vdt_selector_table *t, const struct vdt_flow *flow)
{
	u32 best = WIDTH_NONE;
	void *child = NULL;
	u32 i;

	for (i = 0; i < t->n; i++) {
		u32 width;

		/* Even its narrowest pair would not win. */
		if (t->e[i].width[flow->family] >= best)
			continue;
		width = selector_width(t->e[i].selector, flow);
		if (width < best) {
			best = width;
			child = t->e[i].child;
		}
	}
	return child;
}
