/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The generic netlink family (uapi/linux/viaduct.h): what the rest of the module sees
 * of it. Commands are parsed in netlink_*.c into plain structs and handed to child.h,
 * sa.h, netdev.h and udp.h; nothing else in the module reads an attribute.
 *
 * Events may be sent from softirq and under spinlocks. Without a listener they cost a
 * look at the group. They go to the network namespace of the object's tunnel.
 */
#ifndef _VIADUCT_NETLINK_H
#define _VIADUCT_NETLINK_H

#include <linux/ratelimit.h>
#include <linux/types.h>
#include <linux/viaduct.h>

struct net;
struct net_device;
struct vdt_flow;
struct vdt_sa;

int vdt_netlink_init(void);
void vdt_netlink_exit(void);

/* How often what the network can trigger is told; one per network namespace. */
struct vdt_netlink_limits {
	struct ratelimit_state acquire;
	struct ratelimit_state bad;
	struct ratelimit_state mapping;
};

void vdt_netlink_limits_init(struct vdt_netlink_limits *l);

/*
 * A packet with @flow waits on child @child_id of @dev for an SA. The caller sends one per
 * child until an SA comes, and may repeat it. Rate-limited per namespace; false: nobody was
 * told (no listener, over the limit, no memory), so ask again with the next packet.
 */
bool vdt_netlink_acquire(struct net_device *dev, u32 child_id, const struct vdt_flow *flow);

/* A soft or hard lifetime of @sa was reached. Once each per SA: not rate-limited. */
void vdt_netlink_expire(const struct vdt_sa *sa, bool hard, enum viaduct_expire cause);

/*
 * @sa was deleted, or its bad packets passed the threshold (the network can trigger that:
 * the caller counts, this limits the rate per namespace).
 */
void vdt_netlink_sa_event(const struct vdt_sa *sa, enum viaduct_sa_event event);

/*
 * An authenticated packet of inbound @sa came from @addr and @port instead of its remote
 * address and port (RFC 3948, NAT mapping moved). Rate-limited per namespace; false: not
 * sent, try again with the next packet.
 */
bool vdt_netlink_mapping(const struct vdt_sa *sa, const void *addr, u32 addr_len, __be16 port);

#endif /* _VIADUCT_NETLINK_H */
