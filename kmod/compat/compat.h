/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All differences between kernels, included before every file of the module. The code is
 * written for one kernel, the newest; what an older or other one lacks is made here from the
 * answers of probe.sh. No other file asks which kernel it is.
 */
#ifndef _VIADUCT_COMPAT_H
#define _VIADUCT_COMPAT_H

#include <linux/crypto.h>
#include <linux/netdevice.h>
#include <linux/timer.h>
#include <linux/version.h>
#include <net/gro.h>
#include <net/inet_sock.h>
#include <net/rtnetlink.h>
#include <net/udp_tunnel.h>

#include "compat/features.h"

#ifdef VDT_HAVE_GSO_HEADER
#include <net/gso.h>		/* skb_gso_segment(), in netdevice.h before */
#endif
#ifdef VDT_HAVE_UNALIGNED_HEADER
#include <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

/* rtnl_link_ops.newlink: the parameters as a structure since 6.15. */
#ifdef VDT_HAVE_NEWLINK_PARAMS
#define VDT_NEWLINK(name, dev, link_net, mtu_attr, extack)				\
	static int name##_do(struct net *link_net, struct net_device *dev,		\
			     struct nlattr *mtu_attr, struct netlink_ext_ack *extack);	\
	static int name(struct net_device *dev, struct rtnl_newlink_params *params,	\
			struct netlink_ext_ack *extack)					\
	{										\
		return name##_do(rtnl_newlink_link_net(params), dev,			\
				 params->tb[IFLA_MTU], extack);				\
	}										\
	static int name##_do(struct net *link_net, struct net_device *dev,		\
			     struct nlattr *mtu_attr, struct netlink_ext_ack *extack)
#else
#define VDT_NEWLINK(name, dev, link_net, mtu_attr, extack)				\
	static int name##_do(struct net *link_net, struct net_device *dev,		\
			     struct nlattr *mtu_attr, struct netlink_ext_ack *extack);	\
	static int name(struct net *src_net, struct net_device *dev, struct nlattr **tb,	\
			struct nlattr **data, struct netlink_ext_ack *extack)		\
	{										\
		return name##_do(src_net, dev, tb[IFLA_MTU], extack);			\
	}										\
	static int name##_do(struct net *link_net, struct net_device *dev,		\
			     struct nlattr *mtu_attr, struct netlink_ext_ack *extack)
#endif

/* Transmission without the queue's lock: a feature bit before 6.12. */
static inline void vdt_compat_set_lltx(struct net_device *dev)
{
#ifdef VDT_HAVE_DEV_LLTX
	dev->lltx = true;
#else
	dev->features |= NETIF_F_LLTX;
#endif
}

/* What a crypto completion is called with: the caller's data, before 6.3 the request. */
#ifdef VDT_HAVE_COMPLETION_DATA
#define VDT_COMPLETION_ARG void *
#define vdt_completion_data(arg) (arg)
#else
#define VDT_COMPLETION_ARG struct crypto_async_request *
#define vdt_completion_data(arg) ((arg)->data)
#endif

#ifndef VDT_HAVE_TIMER_CONTAINER_OF
#define timer_container_of(var, timer, field)	from_timer(var, timer, field)
#endif

/* The device a NAPI instance hangs on that serves many devices. */
#ifdef VDT_HAVE_DUMMY_ALLOC
static inline struct net_device *vdt_compat_dummy_alloc(void)
{
	return alloc_netdev_dummy(0);
}

static inline void vdt_compat_dummy_free(struct net_device *dev)
{
	free_netdev(dev);
}
#else
static inline struct net_device *vdt_compat_dummy_alloc(void)
{
	struct net_device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);

	if (dev)
		init_dummy_netdev(dev);
	return dev;
}

static inline void vdt_compat_dummy_free(struct net_device *dev)
{
	kfree(dev);
}
#endif

#ifndef VDT_HAVE_NAPI_GRO_FLUSH
#define napi_gro_flush(napi, old)	gro_flush_normal(&(napi)->gro, old)
#endif

static inline void vdt_compat_tunnel_sock(struct net *net, struct socket *sock,
					  struct udp_tunnel_sock_cfg *cfg)
{
#ifdef VDT_HAVE_TUNNEL_SOCK_SK
	setup_udp_tunnel_sock(net, sock->sk, cfg);
#else
	setup_udp_tunnel_sock(net, sock, cfg);
#endif
}

/* Whether the socket loops multicast: an atomic flag since 6.6. */
#ifdef VDT_HAVE_INET_SET_BIT
#define vdt_compat_mc_loop(sk)		inet_test_bit(MC_LOOP, sk)
#define vdt_compat_set_mc_loop(sk, on)	inet_assign_bit(MC_LOOP, sk, on)
#else
#define vdt_compat_mc_loop(sk)		((bool)inet_sk(sk)->mc_loop)
#define vdt_compat_set_mc_loop(sk, on)	(inet_sk(sk)->mc_loop = (on))
#endif

#endif /* _VIADUCT_COMPAT_H */
