// SPDX-License-Identifier: GPL-2.0-only
/* Children and the packets that wait in them. Role and locks: child.h. RFC 4301, 4.4.1. */
#include <linux/netlink.h>
#include <net/dst.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "child.h"
#include "netlink.h"
#include "sa.h"
#include "trace.h"
#include "tx.h"

#define ACQUIRE_AGAIN	(10 * HZ)	/* the daemon may have missed it or restarted */
#define WAIT_MAX	(60 * HZ)	/* nobody wants an older packet */
#define DRAIN_MAX	(2 * VIADUCT_QUEUE_MAX)

struct wait_cb {
	unsigned long since;		/* jiffies */
};

static struct wait_cb *wait_cb(struct sk_buff *skb)
{
	return (struct wait_cb *)skb->cb;
}

/* --- selectors --- */

/* Publish the table of all children of @t but @skip. Under the lock. */
static int rebuild_table(struct vdt_tunnel *t, const struct vdt_child *skip)
{
	struct vdt_selector_table *table, *old;
	struct vdt_selector_entry *entries;
	struct vdt_child *child;
	unsigned long id;
	u32 n = 0;

	entries = kvcalloc(t->n_children ?: 1, sizeof(*entries), GFP_KERNEL);
	if (!entries)
		return -ENOMEM;
	xa_for_each(&t->children, id, child) {
		if (child == skip)
			continue;
		entries[n].selector = rcu_dereference_protected(child->selector,
								lockdep_is_held(&t->lock));
		entries[n++].child = child;
	}
	table = vdt_selector_table_build(entries, n);
	kvfree(entries);
	if (!table)
		return -ENOMEM;
	old = rcu_replace_pointer(t->table, table, lockdep_is_held(&t->lock));
	vdt_selector_table_free(old);
	return 0;
}

/* Read the flow of @skb, pulling as much as it takes. False: malformed. */
static bool read_flow(struct sk_buff *skb, struct vdt_flow *flow)
{
	u32 len = skb_headlen(skb);
	int need;

	for (;;) {
		need = vdt_flow_read(skb->data, len, skb->len, VIADUCT_DIR_OUT, flow);
		if (need <= 0)
			return !need;
		if (!pskb_may_pull(skb, need))
			return false;
		len = skb_headlen(skb);
	}
}

struct vdt_child *vdt_child_select(struct vdt_tunnel *t, struct sk_buff *skb,
				   enum vdt_family family, enum viaduct_drop *drop)
{
	const struct vdt_selector_table *table = rcu_dereference(t->table);
	struct vdt_child *child;
	struct vdt_flow flow;

	*drop = VIADUCT_DROP_TX_NO_CHILD;
	if (unlikely(!table))
		return NULL;
	child = vdt_selector_any(table, family);
	if (likely(child))
		return child;
	if (!read_flow(skb, &flow)) {
		*drop = VIADUCT_DROP_TX_NOT_IP;
		return NULL;
	}
	return vdt_selector_lookup(table, &flow);
}

/* --- waiting for an SA --- */

static void drop_waiting(struct vdt_child *child, struct sk_buff *skb, enum viaduct_drop reason)
{
	vdt_drop(child->tunnel, NULL, reason, max_t(u32, skb_shinfo(skb)->gso_segs, 1));
	kfree_skb(skb);
}

/* Put @skb at the end and keep the queue's bounds of length and age. Under the queue's lock. */
static void enqueue(struct vdt_child *child, struct sk_buff *skb)
{
	u32 max = READ_ONCE(child->tunnel->set.queue_len);
	struct sk_buff *head;

	skb_dst_force(skb);
	wait_cb(skb)->since = jiffies;
	__skb_queue_tail(&child->queue, skb);
	while (skb_queue_len(&child->queue) > max)
		drop_waiting(child, __skb_dequeue(&child->queue), VIADUCT_DROP_TX_QUEUE_FULL);
	while ((head = skb_peek(&child->queue)) &&
	       time_after(jiffies, wait_cb(head)->since + WAIT_MAX))
		drop_waiting(child, __skb_dequeue(&child->queue), VIADUCT_DROP_TX_QUEUE_PURGED);
}

/* Under the queue's lock. */
static bool is_time_to_ask(const struct vdt_child *child)
{
	if (!READ_ONCE(child->on_demand))
		return false;
	return !child->acquired || time_after(jiffies, child->acquired + ACQUIRE_AGAIN);
}

static void acquire(struct vdt_child *child, const struct vdt_flow *flow)
{
	bool told = vdt_netlink_acquire(child->tunnel->dev, child->id, flow);

	spin_lock(&child->queue.lock);
	child->acquired = told ? jiffies | 1 : 0;
	spin_unlock(&child->queue.lock);
}

/* Chatter of the link (MLD, routing protocols) neither asks for an SA nor is worth keeping. */
static bool link_chatter(const struct sk_buff *skb)
{
	if (ip_hdr(skb)->version == 4)
		return ipv4_is_local_multicast(ip_hdr(skb)->daddr);
	return ipv6_addr_is_multicast(&ipv6_hdr(skb)->daddr) &&
	       IPV6_ADDR_MC_SCOPE(&ipv6_hdr(skb)->daddr) <= IPV6_ADDR_SCOPE_LINKLOCAL;
}

struct vdt_sa *vdt_child_wait(struct vdt_child *child, struct sk_buff *skb)
{
	enum viaduct_drop drop = VIADUCT_DROP_TX_NO_SA;
	struct vdt_flow flow;
	bool ask = false;
	struct vdt_sa *sa;

	spin_lock(&child->queue.lock);
	sa = rcu_dereference(child->out);
	if (sa && !vdt_sa_usable(sa)) {
		drop = VIADUCT_DROP_TX_SA_EXPIRED;
		sa = NULL;
	}
	if (child->gone || (!sa && link_chatter(skb)) ||
	    (!child->waiting && (sa || !READ_ONCE(child->on_demand)))) {
		if (child->gone)
			sa = NULL;
		spin_unlock(&child->queue.lock);
		if (!sa)
			drop_waiting(child, skb, drop);
		return sa;
	}
	child->waiting = true;
	if (!sa && is_time_to_ask(child))
		ask = read_flow(skb, &flow);
	if (ask)
		child->acquired = jiffies | 1;	/* others need not ask as well */
	enqueue(child, skb);
	spin_unlock(&child->queue.lock);
	if (ask)
		acquire(child, &flow);
	return NULL;
}

/* Does @skb, which waited, still belong to @child? */
static bool still_selected(struct vdt_child *child, struct sk_buff *skb)
{
	struct vdt_flow flow;

	return read_flow(skb, &flow) &&
	       vdt_selector_match(rcu_dereference(child->selector), &flow);
}

/*
 * Take the next packet that waits, and the SA for it. NULL: nothing waits any more, or nothing
 * can be sent; new packets are sent directly from here on if nothing waits.
 */
static struct sk_buff *dequeue(struct vdt_child *child, struct vdt_sa **sa)
{
	struct sk_buff *skb = NULL;

	spin_lock(&child->queue.lock);
	*sa = rcu_dereference(child->out);
	if (*sa && vdt_sa_usable(*sa)) {
		skb = __skb_dequeue(&child->queue);
		child->acquired = 0;
		if (!skb)
			child->waiting = false;
	}
	spin_unlock(&child->queue.lock);
	return skb;
}

/*
 * Send what waits, in order: packets that come meanwhile queue up behind. After DRAIN_MAX of
 * them, order yields to an end.
 */
static void drain(struct vdt_child *child)
{
	struct sk_buff *skb;
	struct vdt_sa *sa;
	u32 n = 0;

	for (;;) {
		local_bh_disable();
		rcu_read_lock();
		skb = dequeue(child, &sa);
		if (skb && time_after(jiffies, wait_cb(skb)->since + WAIT_MAX))
			drop_waiting(child, skb, VIADUCT_DROP_TX_QUEUE_PURGED);
		else if (skb && !still_selected(child, skb))
			drop_waiting(child, skb, VIADUCT_DROP_TX_NO_CHILD);
		else if (skb)
			vdt_tx_send(sa, skb);
		if (unlikely(++n == DRAIN_MAX))
			WRITE_ONCE(child->waiting, false);
		rcu_read_unlock();
		local_bh_enable();
		if (!skb)
			return;
		cond_resched();
	}
}

void vdt_child_purge(struct vdt_child *child)
{
	struct sk_buff_head list;
	struct sk_buff *skb;

	__skb_queue_head_init(&list);
	spin_lock_bh(&child->queue.lock);
	skb_queue_splice_init(&child->queue, &list);
	child->waiting = false;
	child->acquired = 0;
	spin_unlock_bh(&child->queue.lock);
	while ((skb = __skb_dequeue(&list)))
		drop_waiting(child, skb, VIADUCT_DROP_TX_QUEUE_PURGED);
}

/* --- configuration, under the tunnel's lock --- */

void vdt_child_choose_out(struct vdt_child *child)
{
	struct vdt_tunnel *t = child->tunnel;
	struct vdt_sa *old, *best = NULL, *sa;
	bool waiting;

	lockdep_assert_held(&t->lock);
	list_for_each_entry_reverse(sa, &child->out_sas, node) {
		if (vdt_sa_usable(sa)) {
			best = sa;
			break;
		}
	}
	old = rcu_replace_pointer(child->out, best, lockdep_is_held(&t->lock));
	if (old != best) {
		if (best)
			trace_vdt_sa(best, "current");
		vdt_tunnel_todo(t, VDT_TUNNEL_TODO_MTU);
	}
	vdt_tunnel_update_carrier(t);

	/* Who queues after this lock was free sees the new SA. */
	spin_lock_bh(&child->queue.lock);
	waiting = child->waiting;
	spin_unlock_bh(&child->queue.lock);
	if (best && waiting)
		drain(child);
}

static struct vdt_child *child_alloc(struct vdt_tunnel *t, u32 id)
{
	struct vdt_child *child = kzalloc(sizeof(*child), GFP_KERNEL);

	if (!child)
		return NULL;
	child->tunnel = t;
	child->id = id;
	INIT_LIST_HEAD(&child->in_sas);
	INIT_LIST_HEAD(&child->out_sas);
	skb_queue_head_init(&child->queue);
	return child;
}

int vdt_child_new(struct vdt_tunnel *t, u32 id, bool on_demand, struct vdt_selector *selector,
		  struct netlink_ext_ack *extack)
{
	struct vdt_child *child = child_alloc(t, id);
	int err;

	if (!child)
		return -ENOMEM;
	child->on_demand = on_demand;
	RCU_INIT_POINTER(child->selector, selector);

	mutex_lock(&t->lock);
	if (t->dead) {
		err = -ENODEV;
		goto fail;
	}
	err = xa_insert(&t->children, id, child, GFP_KERNEL);
	if (err == -EBUSY) {
		NL_SET_ERR_MSG(extack, "the tunnel has a child of this id");
		err = -EEXIST;
	}
	if (err)
		goto fail;
	t->n_children++;
	err = rebuild_table(t, NULL);
	if (err) {
		xa_erase(&t->children, id);
		t->n_children--;
		goto fail;
	}
	vdt_net_changed(t->vn);
	mutex_unlock(&t->lock);
	return 0;
fail:
	mutex_unlock(&t->lock);
	kfree_rcu(child, rcu);	/* others may have seen it in the xarray */
	return err;
}

int vdt_child_set(struct vdt_tunnel *t, u32 id, const bool *on_demand,
		  struct vdt_selector *selector, struct netlink_ext_ack *extack)
{
	struct vdt_selector *old = NULL;
	struct vdt_child *child;
	int err = 0;

	mutex_lock(&t->lock);
	child = t->dead ? NULL : vdt_child_find(t, id);
	if (!child) {
		err = t->dead ? -ENODEV : -ENOENT;
		NL_SET_ERR_MSG(extack, "the tunnel has no child of this id");
		goto out;
	}
	if (selector) {
		old = rcu_replace_pointer(child->selector, selector, lockdep_is_held(&t->lock));
		err = rebuild_table(t, NULL);
		if (err) {
			rcu_assign_pointer(child->selector, old);
			/* Readers may still use what the caller is going to free after a while. */
			goto out;
		}
		vdt_selector_free(old);
	}
	if (on_demand)
		WRITE_ONCE(child->on_demand, *on_demand);
	vdt_net_changed(t->vn);
out:
	mutex_unlock(&t->lock);
	return err;
}

/* Take @child, which no packet finds any more, apart. */
static void child_destroy(struct vdt_child *child)
{
	struct vdt_tunnel *t = child->tunnel;
	struct vdt_sa *sa, *next;

	list_for_each_entry_safe(sa, next, &child->out_sas, node)
		vdt_sa_unlink(sa, true);
	list_for_each_entry_safe(sa, next, &child->in_sas, node)
		vdt_sa_unlink(sa, true);
	RCU_INIT_POINTER(child->out, NULL);
	spin_lock_bh(&child->queue.lock);
	child->gone = true;		/* nobody queues behind the purge */
	spin_unlock_bh(&child->queue.lock);
	vdt_child_purge(child);
	vdt_selector_free(rcu_dereference_protected(child->selector, lockdep_is_held(&t->lock)));
	kfree_rcu(child, rcu);
}

int vdt_child_del(struct vdt_tunnel *t, u32 id, struct netlink_ext_ack *extack)
{
	struct vdt_child *child;
	int err;

	mutex_lock(&t->lock);
	child = t->dead ? NULL : vdt_child_find(t, id);
	if (!child) {
		NL_SET_ERR_MSG(extack, "the tunnel has no child of this id");
		err = t->dead ? -ENODEV : -ENOENT;
		goto out;
	}
	err = rebuild_table(t, child);
	if (err)
		goto out;
	xa_erase(&t->children, id);
	t->n_children--;
	child_destroy(child);
	vdt_tunnel_update_carrier(t);
	vdt_net_changed(t->vn);
out:
	mutex_unlock(&t->lock);
	return err;
}

void vdt_child_del_all(struct vdt_tunnel *t)
{
	struct vdt_child *child;
	unsigned long id;

	lockdep_assert_held(&t->lock);
	vdt_selector_table_free(rcu_replace_pointer(t->table, NULL, lockdep_is_held(&t->lock)));
	xa_for_each(&t->children, id, child) {
		xa_erase(&t->children, id);
		child_destroy(child);
	}
	t->n_children = 0;
	vdt_net_changed(t->vn);
}
