// SPDX-License-Identifier: GPL-2.0-only
/* The tunnel device: link kind "viaduct". Role, life and locks: netdev.h. */
#include <linux/if_arp.h>
#include <linux/inetdevice.h>
#include <linux/module.h>
#include <net/addrconf.h>
#include <net/ip_tunnels.h>
#include <net/rtnetlink.h>

#include "child.h"
#include "netdev.h"
#include "output.h"
#include "sa.h"
#include "trace.h"
#include "tx.h"

#define MTU_DEFAULT	1400	/* until an SA shows the path */

static struct workqueue_struct *wq;

void vdt_drop(struct vdt_tunnel *t, struct vdt_sa *sa, enum viaduct_drop reason, u32 packets)
{
	trace_vdt_drop(t, sa, reason, packets);
	if (sa)
		vdt_stats_drop(&sa->stats, reason, packets);
	vdt_stats_drop(&t->stats, reason, packets);
}

void vdt_net_drop(struct net *net, enum viaduct_drop reason, u32 packets)
{
	trace_vdt_drop(NULL, NULL, reason, packets);
	vdt_stats_drop(&vdt_net(net)->stats, reason, packets);
}

/* --- the tunnel's work --- */

void vdt_tunnel_kick(struct vdt_tunnel *t)
{
	dev_hold(t->dev);
	if (!queue_work(wq, &t->work))
		dev_put(t->dev);	/* queued already, with a reference of its own */
}

void vdt_tunnel_todo(struct vdt_tunnel *t, enum vdt_tunnel_todo bit)
{
	if (!test_and_set_bit(bit, &t->todo))
		vdt_tunnel_kick(t);
}

/* The room on the path of the current outbound SA of @child; 0: unknown. Under the lock. */
static u32 child_room(struct vdt_child *child)
{
	struct vdt_path *path;
	struct dst_entry *dst;
	enum viaduct_drop drop;
	struct vdt_sa *sa;
	u32 room = 0;

	local_bh_disable();
	rcu_read_lock();
	sa = rcu_dereference(child->out);
	if (sa) {
		path = rcu_dereference(sa->path);
		dst = vdt_output_route(child->tunnel, path, &drop);
		if (dst) {
			room = vdt_output_room(sa, path, dst);
			dst_release(dst);
		}
	}
	rcu_read_unlock();
	local_bh_enable();
	return room;
}

/*
 * Let the MTU follow the narrowest path. IPv6 needs 1280 (RFC 8200, section 5); below that the
 * outer packets are fragmented.
 */
static void fit_mtu(struct vdt_tunnel *t)
{
	struct vdt_child *child;
	unsigned long id;
	u32 mtu = U32_MAX;

	rtnl_lock();
	mutex_lock(&t->lock);
	WRITE_ONCE(t->mtu_checked, jiffies);
	if (!t->dead && t->set.mtu_auto) {
		xa_for_each(&t->children, id, child) {
			u32 room = child_room(child);

			if (room)
				mtu = min(mtu, room);
		}
	}
	mutex_unlock(&t->lock);
	if (mtu != U32_MAX) {
		mtu = clamp_t(u32, mtu, IPV6_MIN_MTU, t->dev->max_mtu);
		if (mtu != t->dev->mtu)
			dev_set_mtu(t->dev, mtu);
	}
	rtnl_unlock();
}

static void do_work(struct work_struct *work)
{
	struct vdt_tunnel *t = container_of(work, struct vdt_tunnel, work);
	struct llist_node *list;
	struct vdt_sa *sa, *next;

	mutex_lock(&t->lock);
	list = llist_reverse_order(llist_del_all(&t->attention));
	llist_for_each_entry_safe(sa, next, list, attention) {
		vdt_sa_attend(sa);
		vdt_sa_put(sa);
	}
	mutex_unlock(&t->lock);
	if (test_and_clear_bit(VDT_TUNNEL_TODO_MTU, &t->todo))
		fit_mtu(t);
	dev_put(t->dev);
}

/* --- carrier and settings --- */

void vdt_tunnel_update_carrier(struct vdt_tunnel *t)
{
	struct vdt_child *child;
	unsigned long id;
	bool up;

	lockdep_assert_held(&t->lock);
	up = t->set.carrier == VIADUCT_CARRIER_ALWAYS;
	xa_for_each(&t->children, id, child) {
		if (up)
			break;
		up = rcu_access_pointer(child->out);
	}
	if (up)
		netif_carrier_on(t->dev);
	else
		netif_carrier_off(t->dev);
}

/* The mark decides about routes: forget the cached ones. Under the lock. */
static void forget_routes(struct vdt_tunnel *t)
{
	struct vdt_child *child;
	struct vdt_path *path;
	unsigned long id;
	struct vdt_sa *sa;

	xa_for_each(&t->children, id, child) {
		list_for_each_entry(sa, &child->out_sas, node) {
			path = rcu_dereference_protected(sa->path, lockdep_is_held(&t->lock));
			dst_cache_reset(&path->cache);
		}
	}
}

int vdt_tunnel_set(struct vdt_tunnel *t, const struct vdt_tunnel_settings *set,
		   struct netlink_ext_ack *extack)
{
	bool remark;

	mutex_lock(&t->lock);
	if (t->dead) {
		mutex_unlock(&t->lock);
		NL_SET_ERR_MSG(extack, "the device is being deleted");
		return -ENODEV;
	}
	remark = t->set.mark != set->mark;
	WRITE_ONCE(t->set.queue_len, set->queue_len);
	WRITE_ONCE(t->set.mark, set->mark);
	WRITE_ONCE(t->set.carrier, set->carrier);
	WRITE_ONCE(t->set.df, set->df);
	WRITE_ONCE(t->set.dscp, set->dscp);
	WRITE_ONCE(t->set.dscp_value, set->dscp_value);
	WRITE_ONCE(t->set.ttl, set->ttl);
	WRITE_ONCE(t->set.mtu_auto, set->mtu_auto);
	if (remark)
		forget_routes(t);
	vdt_tunnel_update_carrier(t);
	vdt_tunnel_todo(t, VDT_TUNNEL_TODO_MTU);
	vdt_net_changed(t->vn);
	mutex_unlock(&t->lock);
	return 0;
}

/* --- finding a tunnel --- */

bool vdt_netdev_is(const struct net_device *dev)
{
	return dev->netdev_ops && dev->netdev_ops->ndo_start_xmit == vdt_tx_xmit;
}

struct vdt_tunnel *vdt_tunnel_get(struct net *net, u32 ifindex)
{
	struct vdt_tunnel *t;

	rcu_read_lock();
	t = xa_load(&vdt_net(net)->tunnels, ifindex);
	if (t)
		dev_hold(t->dev);
	rcu_read_unlock();
	return t;
}

struct vdt_tunnel *vdt_tunnel_get_by_name(struct net *net, const char *name)
{
	struct vdt_tunnel *t = NULL;
	struct net_device *dev;

	dev = dev_get_by_name(net, name);
	if (!dev)
		return NULL;
	if (vdt_netdev_is(dev)) {
		t = netdev_priv(dev);
		if (t->net != net)
			t = NULL;	/* it is only here on a visit */
	}
	if (!t)
		dev_put(dev);
	return t;
}

struct vdt_tunnel *vdt_tunnel_get_next(struct net *net, unsigned long *ifindex)
{
	struct vdt_tunnel *t;

	rcu_read_lock();
	t = xa_find(&vdt_net(net)->tunnels, ifindex, ULONG_MAX, XA_PRESENT);
	if (t)
		dev_hold(t->dev);
	rcu_read_unlock();
	return t;
}

void vdt_tunnel_put(struct vdt_tunnel *t)
{
	dev_put(t->dev);
}

/* --- the device --- */

static int tunnel_init(struct net_device *dev)
{
	struct vdt_tunnel *t = netdev_priv(dev);

	return vdt_stats_init(&t->stats);
}

/* The device goes: no packet comes any more, but SAs may still be found until here. */
static void tunnel_uninit(struct net_device *dev)
{
	struct vdt_tunnel *t = netdev_priv(dev);
	struct vdt_sa *sa, *next;

	mutex_lock(&t->lock);
	t->dead = true;
	list_for_each_entry_safe(sa, next, &t->larval, node)
		vdt_sa_unlink(sa, false);
	vdt_child_del_all(t);
	mutex_unlock(&t->lock);
	if (t->ifindex)
		xa_erase(&t->vn->tunnels, t->ifindex);
}

/* After the last reference and a grace period. */
static void tunnel_free(struct net_device *dev)
{
	struct vdt_tunnel *t = netdev_priv(dev);

	xa_destroy(&t->children);
	vdt_stats_destroy(&t->stats);
}

/*
 * Inner packets are none of XFRM's business (its policies would encrypt them once more, or drop
 * what we decrypted), and addresses are given by the daemon or the admin.
 */
static int tunnel_open(struct net_device *dev)
{
	struct in_device *in_dev = __in_dev_get_rtnl(dev);
	struct inet6_dev *idev = __in6_dev_get(dev);

	if (in_dev) {
		IN_DEV_CONF_SET(in_dev, NOXFRM, 1);
		IN_DEV_CONF_SET(in_dev, NOPOLICY, 1);
		IN_DEV_CONF_SET(in_dev, SEND_REDIRECTS, 0);
		IPV4_DEVCONF_ALL(dev_net(dev), SEND_REDIRECTS) = 0;
	}
	if (idev) {
		WRITE_ONCE(idev->cnf.disable_policy, 1);
		WRITE_ONCE(idev->cnf.addr_gen_mode, IN6_ADDR_GEN_MODE_NONE);
	}
	return 0;
}

static int tunnel_stop(struct net_device *dev)
{
	struct vdt_tunnel *t = netdev_priv(dev);
	struct vdt_child *child;
	unsigned long id;

	mutex_lock(&t->lock);
	xa_for_each(&t->children, id, child)
		vdt_child_purge(child);
	mutex_unlock(&t->lock);
	return 0;
}

static void tunnel_stats(struct net_device *dev, struct rtnl_link_stats64 *stats)
{
	struct vdt_tunnel *t = netdev_priv(dev);
	struct vdt_stats_sum sum;

	vdt_stats_read(&t->stats, &sum);
	stats->tx_packets = sum.tx_packets;
	stats->tx_bytes = sum.tx_bytes;
	stats->rx_packets = sum.rx_packets;
	stats->rx_bytes = sum.rx_bytes;
	stats->tx_dropped = vdt_stats_tx_dropped(&t->stats);
	stats->rx_dropped = vdt_stats_rx_dropped(&t->stats);
	stats->rx_crc_errors = vdt_stats_drops(&t->stats, VIADUCT_DROP_RX_ICV);
	stats->tx_carrier_errors = vdt_stats_drops(&t->stats, VIADUCT_DROP_TX_NO_SA) +
				   vdt_stats_drops(&t->stats, VIADUCT_DROP_TX_NO_ROUTE);
}

static const struct net_device_ops netdev_ops = {
	.ndo_init = tunnel_init,
	.ndo_uninit = tunnel_uninit,
	.ndo_open = tunnel_open,
	.ndo_stop = tunnel_stop,
	.ndo_start_xmit = vdt_tx_xmit,
	.ndo_get_stats64 = tunnel_stats,
};

static const struct device_type device_type = { .name = "viaduct" };

static void tunnel_setup(struct net_device *dev)
{
	const netdev_features_t features = NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_HW_CSUM |
					   NETIF_F_RXCSUM | NETIF_F_GSO_SOFTWARE | NETIF_F_HIGHDMA;
	struct vdt_tunnel *t = netdev_priv(dev);

	dev->netdev_ops = &netdev_ops;
	dev->header_ops = &ip_tunnel_header_ops;
	dev->type = ARPHRD_NONE;
	dev->flags = IFF_POINTOPOINT | IFF_NOARP | IFF_MULTICAST;
	dev->priv_flags |= IFF_NO_QUEUE;
	dev->features |= features;
	dev->hw_features |= features;
	dev->hw_enc_features |= features;
	vdt_compat_set_lltx(dev);
	dev->mtu = MTU_DEFAULT;
	dev->min_mtu = IPV4_MIN_MTU;
	dev->max_mtu = IP_MAX_MTU - 256;
	dev->needs_free_netdev = true;
	dev->priv_destructor = tunnel_free;
	SET_NETDEV_DEVTYPE(dev, &device_type);
	netif_keep_dst(dev);

	t->dev = dev;
	mutex_init(&t->lock);
	xa_init(&t->children);
	INIT_LIST_HEAD(&t->larval);
	init_llist_head(&t->attention);
	INIT_WORK(&t->work, do_work);
	t->set.queue_len = VDT_TUNNEL_QUEUE_LEN;
	t->set.mtu_auto = true;
}

VDT_NEWLINK(tunnel_newlink, dev, link_net, mtu_attr, extack)
{
	struct vdt_tunnel *t = netdev_priv(dev);
	int err;

	t->net = link_net;
	t->vn = vdt_net(link_net);
	if (mtu_attr)
		t->set.mtu_auto = false;
	netif_carrier_off(dev);
	err = register_netdevice(dev);
	if (err)
		return err;
	err = xa_insert(&t->vn->tunnels, dev->ifindex, t, GFP_KERNEL);
	if (err) {
		if (err == -EBUSY)
			NL_SET_ERR_MSG(extack, "a tunnel that was moved away has this ifindex");
		unregister_netdevice(dev);
		return err;
	}
	t->ifindex = dev->ifindex;
	vdt_net_changed(t->vn);
	return 0;
}

static struct net *tunnel_link_net(const struct net_device *dev)
{
	const struct vdt_tunnel *t = netdev_priv(dev);

	return READ_ONCE(t->net);
}

static struct rtnl_link_ops link_ops __read_mostly = {
	.kind = "viaduct",
	.priv_size = sizeof(struct vdt_tunnel),
	.setup = tunnel_setup,
	.newlink = tunnel_newlink,
	.get_link_net = tunnel_link_net,
};

/*
 * The outer namespace ends: its tunnels go, wherever their devices are. Devices of other
 * namespaces that were moved here are deleted by the core.
 */
static void __net_exit net_exit_batch(struct list_head *nets)
{
	struct vdt_tunnel *t;
	unsigned long index;
	LIST_HEAD(kill);
	struct net *net;

	rtnl_lock();
	list_for_each_entry(net, nets, exit_list)
		xa_for_each(&vdt_net(net)->tunnels, index, t)
			unregister_netdevice_queue(t->dev, &kill);
	unregister_netdevice_many(&kill);
	rtnl_unlock();
}

/* As a device's operations these end before those of main.c, which the tunnels need. */
static struct pernet_operations net_ops = {
	.exit_batch = net_exit_batch,
};

int vdt_netdev_init(void)
{
	int err;

	wq = alloc_workqueue("viaduct", WQ_UNBOUND, 0);
	if (!wq)
		return -ENOMEM;
	err = register_pernet_device(&net_ops);
	if (err)
		goto fail_wq;
	err = rtnl_link_register(&link_ops);
	if (err)
		goto fail_net;
	return 0;
fail_net:
	unregister_pernet_device(&net_ops);
fail_wq:
	destroy_workqueue(wq);
	return err;
}

void vdt_netdev_exit(void)
{
	rtnl_link_unregister(&link_ops);	/* deletes all tunnels */
	unregister_pernet_device(&net_ops);
	destroy_workqueue(wq);
}

MODULE_ALIAS_RTNL_LINK("viaduct");
