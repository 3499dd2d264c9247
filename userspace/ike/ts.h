/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Traffic selectors (RFC 7296, 2.9 and 3.13): ranges, their intersection, and
 * the choice a responder makes.
 */
#ifndef IKE_TS_H
#define IKE_TS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/strbuf.h"

#define IKE_TS_MAX 32	/* in one list; more from a peer are ignored, which narrows */

/* Ports: 0..65535 is any; start 65535 and end 0 is OPAQUE; ICMP has type << 8 | code. */
struct ike_ts {
	struct vd_addr	start;
	struct vd_addr	end;
	uint8_t		proto;		/* 0: any */
	uint16_t	port_start;
	uint16_t	port_end;
};

struct ike_ts_list {
	uint8_t		n;
	struct ike_ts	ts[IKE_TS_MAX];
};

/* The selector of all traffic of @family. */
struct ike_ts ike_ts_any(enum vd_family family);
struct ike_ts ike_ts_prefix(const struct vd_addr *addr, uint8_t prefix_len);
bool ike_ts_equal(const struct ike_ts *a, const struct ike_ts *b);
bool ike_ts_list_equal(const struct ike_ts_list *a, const struct ike_ts_list *b);
/* True if all of @inner is within @outer. */
bool ike_ts_contains(const struct ike_ts *outer, const struct ike_ts *inner);
bool ike_ts_list_contains(const struct ike_ts_list *outer, const struct ike_ts_list *inner);
/* The common part. False and @out unchanged if there is none. */
bool ike_ts_intersect(const struct ike_ts *a, const struct ike_ts *b, struct ike_ts *out);
/*
 * Narrows @theirs to @ours (RFC 7296, 2.9): every intersection, duplicates and contained ones removed.
 * False and @out unchanged if it would be empty.
 */
bool ike_ts_narrow(const struct ike_ts_list *ours, const struct ike_ts_list *theirs,
		   struct ike_ts_list *out);
/* Configuration notation: "10.1.0.0/16", "10.0.0.1-10.0.0.9", "10.1.0.0/16[tcp/443]"; a list with ", ". */
void ike_ts_format(struct vd_strbuf *b, const struct ike_ts *ts);
void ike_ts_list_format(struct vd_strbuf *b, const struct ike_ts_list *list);

#endif
