/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The outside of a tunnel: the route to the peer, the room it leaves, and the UDP and IP
 * headers in front of ESP (RFC 4303, 3.1.2; RFC 3948; RFC 6040).
 *
 * XFRM has no say here: routes are looked up without its policies.
 *
 * No lock. Under RCU, bottom halves disabled.
 */
#ifndef _VIADUCT_OUTPUT_H
#define _VIADUCT_OUTPUT_H

#include "sa.h"

/* What the outer header of a packet says beyond the path. */
struct vdt_output {
	u8 tos;			/* DSCP and ECN */
	bool df;		/* may not be fragmented */
};

/*
 * The route along @path for tunnel @t, with a reference; NULL and the reason in *@drop.
 * Cached in the path.
 */
struct dst_entry *vdt_output_route(const struct vdt_tunnel *t, struct vdt_path *path,
				   enum viaduct_drop *drop);

/* The largest inner packet that fits unfragmented into @dst's path MTU; 0: none does. */
u32 vdt_output_room(const struct vdt_sa *sa, const struct vdt_path *path,
		    const struct dst_entry *dst);

/* Octets to leave free in front of ESP. */
static inline u32 vdt_output_headroom(const struct vdt_path *path, const struct dst_entry *dst)
{
	return LL_RESERVED_SPACE(dst->dev) + path->overhead;
}

/* Does the egress of @dst take several UDP packets in one buffer (UDP GSO)? */
bool vdt_output_can_gso(const struct vdt_path *path, const struct dst_entry *dst);

/*
 * Put the outer headers in front of @skb, which begins with ESP and has its route set, and
 * send it. Consumes @skb, whose cb is free for use. With skb_shinfo()->gso_size set it holds
 * several ESP packets of that size, the last maybe shorter.
 */
void vdt_output_send(const struct vdt_tunnel *t, const struct vdt_path *path,
		     struct sk_buff *skb, const struct vdt_output *out);

#endif /* _VIADUCT_OUTPUT_H */
