// SPDX-License-Identifier: GPL-2.0-only
/* ESP without UDP. Role: proto.h. No lock; handlers run in softirq under RCU. RFC 4303, 3.4.2. */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/route.h>
#include <net/sock.h>
#include <net/xfrm.h>

#include "proto.h"
#include "rx.h"
#include "sadb.h"

/* Above everyone else: esp4 and esp6 at 0, xfrm interfaces at 10, vti at 100. */
#define PRIORITY	1000

/* Is there an SA for this packet? Nothing of @skb may change before that is known. */
static bool is_ours(struct sk_buff *skb, struct net *net, u8 family, const void *dest)
{
	struct vdt_sa_key key;
	__be32 buf, *spi;

	spi = skb_header_pointer(skb, 0, sizeof(buf), &buf);
	if (!spi)
		return false;
	vdt_sadb_key(&key, net, VIADUCT_DIR_IN, family, dest, IPPROTO_ESP, *spi);
	return vdt_sadb_find(&key);
}

/*
 * A packet without an SA of ours: XFRM's, if there is anything of it in this namespace; else
 * there is nobody to whom it could belong (RFC 4303, 3.4.2: discard and audit).
 */
static int not_ours(struct sk_buff *skb, struct net *net)
{
	if (net->xfrm.state_num || xa_empty(&vdt_net(net)->tunnels))
		return -EINVAL;
	vdt_net_drop(net, VIADUCT_DROP_RX_NO_SA, 1);
	kfree_skb(skb);
	return 0;
}

static int esp4_rcv(struct sk_buff *skb)
{
	struct net *net = dev_net(skb->dev);

	if (!is_ours(skb, net, AF_INET, &ip_hdr(skb)->daddr))
		return not_ours(skb, net);
	vdt_rx_enqueue(skb, net, 0);
	return 0;
}

static int esp6_rcv(struct sk_buff *skb)
{
	struct net *net = dev_net(skb->dev);

	if (!is_ours(skb, net, AF_INET6, &ipv6_hdr(skb)->daddr))
		return not_ours(skb, net);
	vdt_rx_enqueue(skb, net, 0);
	return 0;
}

static int esp_input(struct sk_buff *skb, int nexthdr, __be32 spi, int encap_type)
{
	return -EINVAL;		/* of another encapsulation: not for us */
}

static int esp_cb(struct sk_buff *skb, int err)
{
	return 1;		/* whose packet it is will be found further on */
}

/* Did @spi to @dest leave from here? An ICMP error must quote what we sent. */
static bool sent_by_us(struct net *net, u8 family, const void *dest, __be32 spi)
{
	struct vdt_sa_key key;

	vdt_sadb_key(&key, net, VIADUCT_DIR_OUT, family, dest, IPPROTO_ESP, spi);
	return vdt_sadb_find(&key);
}

/* An ICMP error about a packet of ours: only the path MTU counts (RFC 4301, 6.1.1 and 8.2). */
static int esp4_err(struct sk_buff *skb, u32 info)
{
	const struct iphdr *iph = (const struct iphdr *)skb->data;
	const struct ip_esp_hdr *esp = (const void *)(skb->data + (iph->ihl << 2));
	struct net *net = dev_net(skb->dev);

	if (!sent_by_us(net, AF_INET, &iph->daddr, esp->spi))
		return -EINVAL;
	if (icmp_hdr(skb)->type == ICMP_DEST_UNREACH && icmp_hdr(skb)->code == ICMP_FRAG_NEEDED)
		ipv4_update_pmtu(skb, net, info, 0, IPPROTO_ESP);
	return 0;
}

static int esp6_err(struct sk_buff *skb, struct inet6_skb_parm *opt, u8 type, u8 code, int offset,
		    __be32 info)
{
	const struct ipv6hdr *ip6h = (const struct ipv6hdr *)skb->data;
	const struct ip_esp_hdr *esp = (const void *)(skb->data + offset);
	struct net *net = dev_net(skb->dev);

	if (!sent_by_us(net, AF_INET6, &ip6h->daddr, esp->spi))
		return -EINVAL;
	if (type == ICMPV6_PKT_TOOBIG)
		ip6_update_pmtu(skb, net, info, 0, 0, sock_net_uid(net, NULL));
	return 0;
}

static struct xfrm4_protocol esp4_protocol = {
	.handler = esp4_rcv,
	.input_handler = esp_input,
	.cb_handler = esp_cb,
	.err_handler = esp4_err,
	.priority = PRIORITY,
};

static struct xfrm6_protocol esp6_protocol = {
	.handler = esp6_rcv,
	.input_handler = esp_input,
	.cb_handler = esp_cb,
	.err_handler = esp6_err,
	.priority = PRIORITY,
};

int vdt_proto_init(void)
{
	int err;

	err = xfrm4_protocol_register(&esp4_protocol, IPPROTO_ESP);
	if (err)
		return err;
	err = xfrm6_protocol_register(&esp6_protocol, IPPROTO_ESP);
	if (err)
		xfrm4_protocol_deregister(&esp4_protocol, IPPROTO_ESP);
	return err;
}

void vdt_proto_exit(void)
{
	xfrm6_protocol_deregister(&esp6_protocol, IPPROTO_ESP);
	xfrm4_protocol_deregister(&esp4_protocol, IPPROTO_ESP);
}
