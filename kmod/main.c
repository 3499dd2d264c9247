// SPDX-License-Identifier: GPL-2.0-only
/*
 * viaduct: route-based IPsec. The module's start and end, and its part of each network
 * namespace. Order: what others use comes first and goes last.
 */
#include <linux/module.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "aead.h"
#include "main.h"
#include "netdev.h"
#include "netlink.h"
#include "proto.h"
#include "rx.h"
#include "sa.h"
#include "sadb.h"
#include "udp.h"

unsigned int vdt_net_id __read_mostly;

static int __net_init net_init(struct net *net)
{
	struct vdt_net *vn = vdt_net(net);

	vn->net = net;
	xa_init(&vn->tunnels);
	spin_lock_init(&vn->lock);
	INIT_LIST_HEAD(&vn->sockets);
	vdt_netlink_limits_init(&vn->limits);
	return vdt_stats_init(&vn->stats);
}

/* No device is left here (this is a subsystem's exit), or at least no tunnel. */
static void __net_exit net_exit_batch(struct list_head *nets)
{
	struct net *net;

	list_for_each_entry(net, nets, exit_list)
		vdt_udp_detach_all(net);
	synchronize_net();		/* nobody adds to the lists any more */
	list_for_each_entry(net, nets, exit_list)
		vdt_rx_purge(net);
	synchronize_net();		/* packets a poll had taken from its list */
	list_for_each_entry(net, nets, exit_list) {
		WARN_ON_ONCE(!xa_empty(&vdt_net(net)->tunnels));
		vdt_stats_destroy(&vdt_net(net)->stats);
	}
}

static struct pernet_operations net_ops = {
	.init = net_init,
	.exit_batch = net_exit_batch,
	.id = &vdt_net_id,
	.size = sizeof(struct vdt_net),
};

static int __init vdt_init(void)
{
	int err;

	err = vdt_aead_init();
	if (err)
		return err;
	err = vdt_sa_init();
	if (err)
		goto fail_aead;
	err = vdt_sadb_init();
	if (err)
		goto fail_sa;
	err = vdt_rx_init();
	if (err)
		goto fail_sadb;
	err = register_pernet_subsys(&net_ops);
	if (err)
		goto fail_rx;
	err = vdt_proto_init();
	if (err)
		goto fail_net;
	err = vdt_netdev_init();
	if (err)
		goto fail_proto;
	err = vdt_netlink_init();
	if (err)
		goto fail_netdev;
	return 0;

fail_netdev:
	vdt_netdev_exit();
fail_proto:
	vdt_proto_exit();
fail_net:
	unregister_pernet_subsys(&net_ops);
fail_rx:
	vdt_rx_exit();
fail_sadb:
	vdt_sadb_exit();
fail_sa:
	vdt_sa_exit();
fail_aead:
	vdt_aead_exit();
	return err;
}

static void __exit vdt_exit(void)
{
	vdt_netlink_exit();
	vdt_netdev_exit();
	vdt_proto_exit();
	unregister_pernet_subsys(&net_ops);
	vdt_rx_exit();
	vdt_sa_exit();			/* waits for SAs that are being freed */
	vdt_sadb_exit();
	vdt_aead_exit();
}

module_init(vdt_init);
module_exit(vdt_exit);
MODULE_DESCRIPTION("viaduct: route-based IPsec");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1.0");
