/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tunnel: a network device of kind "viaduct" and the root of everything that belongs to
 * it.
 *
 * Lock: vdt_tunnel.lock, a mutex, orders all configuration of one tunnel: its settings, its
 * children, their SAs. It nests inside RTNL (device deletion takes it) and never the other
 * way round. The datapath takes no lock and reads what RCU publishes.
 *
 * Life: whoever uses a tunnel outside of RCU holds a reference on its device. @dead is set
 * under the lock when the device goes; afterwards nothing can be added to it.
 */
#ifndef _VIADUCT_NETDEV_H
#define _VIADUCT_NETDEV_H

#include <linux/llist.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include "main.h"
#include "selector.h"
#include "stats.h"

struct netlink_ext_ack;
struct vdt_sa;

#define VDT_TUNNEL_QUEUE_LEN	256	/* packets per child that wait for an SA, default */

/* Settings of a tunnel. Written under the lock with WRITE_ONCE, read anywhere. */
struct vdt_tunnel_settings {
	u32 queue_len;		/* 0..VIADUCT_QUEUE_MAX */
	u32 mark;
	u8 carrier;		/* enum viaduct_carrier */
	u8 df;			/* enum viaduct_df */
	u8 dscp;		/* enum viaduct_dscp */
	u8 dscp_value;		/* 0..63 */
	u8 ttl;			/* 0: default of the outer namespace */
	bool mtu_auto;
};

/* Bits of vdt_tunnel.todo: what the tunnel's work has to do. */
enum vdt_tunnel_todo {
	VDT_TUNNEL_TODO_MTU,	/* the path or the SAs changed: compute the MTU */
};

struct vdt_tunnel {
	struct net_device *dev;
	struct net *net;		/* the outer namespace; it outlives the tunnel */
	struct vdt_net *vn;
	/* The tunnel's name there: the device's index when it was created, also after a move. */
	u32 ifindex;
	bool dead;			/* under lock */
	struct mutex lock;
	struct vdt_tunnel_settings set;

	struct vdt_selector_table __rcu *table;	/* selectors -> struct vdt_child */
	struct xarray children;		/* id -> struct vdt_child; changed under lock, RCU */
	u32 n_children;			/* under lock */
	u32 n_sas;			/* under lock, larval ones too */
	struct list_head larval;	/* struct vdt_sa.node without a child, under lock */
	u64 sa_serial;			/* under lock */

	struct vdt_stats stats;

	unsigned long mtu_checked;	/* jiffies of the last look at the paths */
	unsigned long todo;		/* enum vdt_tunnel_todo */
	struct llist_head attention;	/* SAs whose vdt_sa.todo is not empty */
	struct work_struct work;	/* does todo and attention; holds the device while queued */
};

/*
 * Count and trace @packets that are dropped: in @sa if there is one, and in its tunnel @t. Any
 * context. The one place where a drop of a known tunnel is counted.
 */
void vdt_drop(struct vdt_tunnel *t, struct vdt_sa *sa, enum viaduct_drop reason, u32 packets);

/* The same where no tunnel is known. */
void vdt_net_drop(struct net *net, enum viaduct_drop reason, u32 packets);

/* Register and unregister the link kind. */
int vdt_netdev_init(void);
void vdt_netdev_exit(void);

/* Is @dev a tunnel of ours? */
bool vdt_netdev_is(const struct net_device *dev);

/*
 * The tunnel with @ifindex in the outer namespace @net (see vdt_tunnel.ifindex), with a
 * reference; NULL if there is none. Process context, no lock needed.
 */
struct vdt_tunnel *vdt_tunnel_get(struct net *net, u32 ifindex);

/* The same by the device's name; only devices that are in @net now. */
struct vdt_tunnel *vdt_tunnel_get_by_name(struct net *net, const char *name);

/*
 * For dumps: the tunnel of @net with the lowest index not below *@ifindex, which is updated;
 * with a reference. NULL at the end.
 */
struct vdt_tunnel *vdt_tunnel_get_next(struct net *net, unsigned long *ifindex);

void vdt_tunnel_put(struct vdt_tunnel *t);

/*
 * Replace the settings of @t by @set, whose values have been validated. Takes the lock.
 * -ENODEV: the device is going.
 */
int vdt_tunnel_set(struct vdt_tunnel *t, const struct vdt_tunnel_settings *set,
		   struct netlink_ext_ack *extack);

/* Set the carrier after the SAs or the settings changed. Under the lock. */
void vdt_tunnel_update_carrier(struct vdt_tunnel *t);

/* Have @bit done by the tunnel's work. Under RCU or with a reference; any context. */
void vdt_tunnel_todo(struct vdt_tunnel *t, enum vdt_tunnel_todo bit);

/* Have the tunnel's work run. Under RCU or with a reference; any context. */
void vdt_tunnel_kick(struct vdt_tunnel *t);

#endif /* _VIADUCT_NETDEV_H */
