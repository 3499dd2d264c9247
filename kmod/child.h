/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A child: a pair of selector lists and the SAs that carry what they select; and the packets
 * that wait for an SA (RFC 4301, 4.4.1).
 *
 * Lock: configuration under vdt_tunnel.lock; @selector, @out and the SA lists are published
 * by RCU; the queue has its own spinlock.
 */
#ifndef _VIADUCT_CHILD_H
#define _VIADUCT_CHILD_H

#include <linux/list.h>
#include <linux/skbuff.h>

#include "netdev.h"
#include "selector.h"

struct vdt_sa;

struct vdt_child {
	struct vdt_tunnel *tunnel;
	u32 id;
	bool on_demand;
	struct vdt_selector __rcu *selector;
	struct vdt_sa __rcu *out;	/* the SA we send with, or NULL */

	/* struct vdt_sa.node, oldest first; changed under the tunnel's lock, read also under RCU */
	struct list_head in_sas;
	struct list_head out_sas;

	/* The lock inside the queue guards these as well. */
	bool waiting;			/* packets go to the queue, not to @out */
	bool gone;			/* deleted */
	unsigned long acquired;		/* jiffies of the last ACQUIRE, 0: none */
	struct sk_buff_head queue;

	struct rcu_head rcu;
};

/*
 * Create child @id of @t with the sealed @selector, which it takes over on success. Takes
 * the tunnel's lock. -EEXIST, -ENOMEM, -ENODEV, with a text.
 */
int vdt_child_new(struct vdt_tunnel *t, u32 id, bool on_demand, struct vdt_selector *selector,
		  struct netlink_ext_ack *extack);

/*
 * Replace the selectors of child @id (NULL: keep them; taken over on success) and whether it
 * is on demand (NULL: keep). Packets in the queue that no longer match are dropped when it is
 * sent. Takes the tunnel's lock. -ENOENT, -ENOMEM, -ENODEV.
 */
int vdt_child_set(struct vdt_tunnel *t, u32 id, const bool *on_demand,
		  struct vdt_selector *selector, struct netlink_ext_ack *extack);

/* Delete child @id with its SAs. Takes the tunnel's lock. -ENOENT, -ENODEV. */
int vdt_child_del(struct vdt_tunnel *t, u32 id, struct netlink_ext_ack *extack);

/* Delete all children. Under the tunnel's lock. */
void vdt_child_del_all(struct vdt_tunnel *t);

/*
 * Child @id of @t or NULL. Under the tunnel's lock, or RCU. For dumps, xa_for_each_start() over
 * vdt_tunnel.children goes by ascending id.
 */
static inline struct vdt_child *vdt_child_find(struct vdt_tunnel *t, u32 id)
{
	return xa_load(&t->children, id);
}

/* Packets that wait now. Lockless. */
static inline u32 vdt_child_queued(const struct vdt_child *child)
{
	return skb_queue_len_lockless(&child->queue);
}

/* --- SAs of a child: called by sa.c under the tunnel's lock --- */

/* Choose vdt_child.out anew (the newest usable one), the carrier, and send what waited. */
void vdt_child_choose_out(struct vdt_child *child);

/* --- datapath: under RCU, bottom halves disabled --- */

/*
 * The child of @t that selects the outgoing packet @skb, whose network header is set and
 * whose IP header is linear; @family is its IP version. NULL without one; *@drop then has
 * the reason.
 */
struct vdt_child *vdt_child_select(struct vdt_tunnel *t, struct sk_buff *skb,
				   enum vdt_family family, enum viaduct_drop *drop);

/*
 * @skb finds no SA, or others wait before it. Queues it, or drops it and counts, and sends
 * ACQUIRE if it is time; then returns NULL. If there is an SA after all and nobody waits,
 * returns it and leaves @skb alone.
 */
struct vdt_sa *vdt_child_wait(struct vdt_child *child, struct sk_buff *skb);

/* Drop all waiting packets, counted. */
void vdt_child_purge(struct vdt_child *child);

#endif /* _VIADUCT_CHILD_H */
