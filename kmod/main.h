/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the module keeps per network namespace, and its start and end. A namespace here is
 * always the *outer* one: the one a tunnel was created from, where its ESP packets, its SAs,
 * its UDP sockets and the daemon live. The device itself may be moved elsewhere; it takes
 * inner packets there, and everything else stays (as WireGuard does it).
 *
 * Lock: vdt_net.lock, a spinlock taken with bottom halves disabled, for the list of sockets.
 * The tunnels are an xarray with its own lock; readers use RCU.
 */
#ifndef _VIADUCT_MAIN_H
#define _VIADUCT_MAIN_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/xarray.h>
#include <net/netns/generic.h>

#include "netlink.h"
#include "stats.h"

struct vdt_net {
	struct net *net;
	struct xarray tunnels;		/* vdt_tunnel.ifindex -> struct vdt_tunnel, RCU */
	spinlock_t lock;		/* of sockets */
	struct list_head sockets;	/* struct vdt_sock, udp.c */
	struct vdt_stats stats;		/* of packets no tunnel can be charged with */
	struct vdt_netlink_limits limits;	/* vdt_netlink_limits_init() */
	atomic_t genid;			/* +1 with every change a dump could show (cb->seq) */
};

extern unsigned int vdt_net_id;

/* The module's part of @net. Valid as long as @net is. */
static inline struct vdt_net *vdt_net(const struct net *net)
{
	return net_generic(net, vdt_net_id);
}

/* Something a dump shows has changed in @vn. Any context. */
static inline void vdt_net_changed(struct vdt_net *vn)
{
	atomic_inc(&vn->genid);
}

#endif /* _VIADUCT_MAIN_H */
