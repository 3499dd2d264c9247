/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Traffic selectors (RFC 4301, 4.4.1.1; RFC 7296, 3.13.1) and the choice of a child.
 * Pure: the packet comes in as a struct vdt_flow.
 *
 * A struct vdt_selector is what one child selects: a list of local and one of remote
 * ranges. A packet matches when one of the local and one of the remote ranges match.
 * A struct vdt_selector_table is all children of one tunnel, most specific first.
 * Both are immutable once built and published by RCU; their owner (child, tunnel)
 * replaces them whole.
 *
 * "Local" is our side: source when we send, destination when we receive.
 */
#ifndef _VIADUCT_SELECTOR_H
#define _VIADUCT_SELECTOR_H

#include "pure.h"
#include <linux/viaduct.h>

/* Index of a family. An inner packet's IP version gives it without a look at more. */
enum vdt_family {
	VDT_V4,
	VDT_V6,
	VDT_FAMILIES,
};

/* An address in host order, so that ranges compare as numbers. IPv4: in lo. */
struct vdt_ts_addr {
	u64 hi;
	u64 lo;
};

/* One traffic selector. */
struct vdt_ts {
	struct vdt_ts_addr start;
	struct vdt_ts_addr end;
	u16 port_start;		/* ICMP: type << 8 | code; MH: type << 8 */
	u16 port_end;		/* 65535, 0: OPAQUE, only packets that show no port */
	u8 family;		/* enum vdt_family */
	u8 proto;		/* 0: any */
	u32 width;		/* how much it selects; set by vdt_selector_seal() */
};

/* What a child selects. */
struct vdt_selector {
	struct rcu_head rcu;
	u8 any;			/* bit VDT_V4, VDT_V6: the whole family is selected */
	u16 n_local;
	u16 n_remote;
	struct vdt_ts ts[];	/* n_local local ones, then n_remote remote ones */
};

static inline const struct vdt_ts *vdt_selector_local(const struct vdt_selector *s)
{
	return s->ts;
}

static inline const struct vdt_ts *vdt_selector_remote(const struct vdt_selector *s)
{
	return s->ts + s->n_local;
}

/* What selectors look at in one inner packet. */
struct vdt_flow {
	struct vdt_ts_addr local;
	struct vdt_ts_addr remote;
	u16 local_port;		/* ICMP: type << 8 | code in both; MH: type << 8 in both */
	u16 remote_port;
	u8 family;		/* enum vdt_family */
	u8 proto;		/* behind IPv6 extension headers */
	bool ports;		/* the ports are known: not a later fragment, not cut off */
};

/*
 * Read the flow of an inner IP packet from its first @len octets at @data (linear).
 * @dir: VIADUCT_DIR_OUT takes the source as local, VIADUCT_DIR_IN the destination.
 * @total: octets of the packet, which may be more than are linear.
 * 0: @flow is filled. Positive: more of the packet is needed, so many octets in all
 * (never more than @total): pull and call again. -EINVAL: malformed. IPv6 extension
 * headers are walked (at most 8); where they can't be, the ports stay unknown.
 */
int vdt_flow_read(const u8 *data, u32 len, u32 total, enum viaduct_dir dir,
		  struct vdt_flow *flow);

/* Put 4 or 16 octets in network order into host order, and back. */
void vdt_ts_addr_get(struct vdt_ts_addr *addr, const void *octets, enum vdt_family family);
void vdt_ts_addr_put(void *octets, const struct vdt_ts_addr *addr, enum vdt_family family);

/*
 * A selector with room for both lists (1..VIADUCT_TS_MAX each), zeroed; the caller fills
 * ts[] and seals it. NULL without memory. Free with vdt_selector_free(), which waits for
 * a grace period (NULL is allowed); readers in flight are safe.
 */
struct vdt_selector *vdt_selector_alloc(u16 n_local, u16 n_remote);
void vdt_selector_free(struct vdt_selector *s);

/*
 * Check the ranges, sort each list most specific first and note whether a whole family
 * is selected. -EINVAL: a range whose end is below its start, or ports with a protocol
 * of 0. After it the selector is immutable.
 */
int vdt_selector_seal(struct vdt_selector *s);

/* Does @flow belong to @s? The check of RFC 4301, 5.2, step 4 after decryption. */
bool vdt_selector_match(const struct vdt_selector *s, const struct vdt_flow *flow);

/* A child in a tunnel's table. Both are borrowed: they outlive the table by RCU. */
struct vdt_selector_entry {
	const struct vdt_selector *selector;
	void *child;
};

/* All children of a tunnel. */
struct vdt_selector_table {
	struct rcu_head rcu;
	void *any[VDT_FAMILIES];	/* the only child that could match, and always does */
	u32 n;
	struct {
		const struct vdt_selector *selector;
		void *child;
		u32 width[VDT_FAMILIES];	/* the narrowest pair of ranges in it */
	} e[];
};

/*
 * Build a table of @n children (0 is allowed). Children of equal width keep their order,
 * and the first that matches wins. NULL without memory. Free with
 * vdt_selector_table_free(), after a grace period; NULL is allowed.
 */
struct vdt_selector_table *vdt_selector_table_build(const struct vdt_selector_entry *entries,
						    u32 n);
void vdt_selector_table_free(struct vdt_selector_table *t);

/*
 * The child of a whole family without looking at the packet; NULL when the flow has to be
 * read and looked up. The any/any case of a route-based tunnel ends here.
 */
static inline void *vdt_selector_any(const struct vdt_selector_table *t, enum vdt_family family)
{
	return t->any[family];
}

/* The most specific child that selects @flow, or NULL. Under rcu_read_lock(). */
void *vdt_selector_lookup(const struct vdt_selector_table *t, const struct vdt_flow *flow);

#endif /* _VIADUCT_SELECTOR_H */
