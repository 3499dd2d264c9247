// SPDX-License-Identifier: GPL-2.0-only
/* The outer headers and the route to the peer. Role and rules: output.h. */
#include <linux/udp.h>
#include <net/addrconf.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/route.h>
#include <net/udp.h>

#include "esp_frame.h"
#include "output.h"

static u8 outer_proto(const struct vdt_path *path)
{
	return path->ends.remote_port ? IPPROTO_UDP : IPPROTO_ESP;
}

static struct dst_entry *route4(const struct vdt_tunnel *t, struct vdt_path *path)
{
	struct flowi4 fl4 = {
		.flowi4_proto = outer_proto(path),
		.flowi4_mark = READ_ONCE(t->set.mark),
		.saddr = path->ends.local.v4,
		.daddr = path->ends.remote.v4,
		.fl4_sport = path->ends.local_port,
		.fl4_dport = path->ends.remote_port,
	};
	struct rtable *rt;

	rt = __ip_route_output_key(t->net, &fl4);
	if (IS_ERR(rt))
		return NULL;
	dst_cache_set_ip4(&path->cache, &rt->dst, fl4.saddr);
	return &rt->dst;
}

static struct dst_entry *route6(const struct vdt_tunnel *t, struct vdt_path *path)
{
	struct flowi6 fl6 = {
		.flowi6_proto = outer_proto(path),
		.flowi6_mark = READ_ONCE(t->set.mark),
		.saddr = path->ends.local.v6,
		.daddr = path->ends.remote.v6,
		.fl6_sport = path->ends.local_port,
		.fl6_dport = path->ends.remote_port,
	};
	struct dst_entry *dst;

	dst = ip6_route_output(t->net, NULL, &fl6);
	if (dst->error) {
		dst_release(dst);
		return NULL;
	}
	dst_cache_set_ip6(&path->cache, dst, &fl6.saddr);
	return dst;
}

struct dst_entry *vdt_output_route(const struct vdt_tunnel *t, struct vdt_path *path,
				   enum viaduct_drop *drop)
{
	struct dst_entry *dst = dst_cache_get(&path->cache);

	if (!dst)
		dst = path->ends.family == AF_INET ? route4(t, path) : route6(t, path);
	if (unlikely(!dst)) {
		*drop = VIADUCT_DROP_TX_NO_ROUTE;
		return NULL;
	}
	if (unlikely(dst->dev == t->dev)) {
		dst_cache_reset(&path->cache);
		dst_release(dst);
		*drop = VIADUCT_DROP_TX_LOOP;
		return NULL;
	}
	return dst;
}

u32 vdt_output_room(const struct vdt_sa *sa, const struct vdt_path *path,
		    const struct dst_entry *dst)
{
	u32 mtu = dst_mtu(dst);

	if (mtu <= path->overhead)
		return 0;
	return vdt_esp_payload_max(&sa->geo, mtu - path->overhead);
}

bool vdt_output_can_gso(const struct vdt_path *path, const struct dst_entry *dst)
{
	netdev_features_t csum = path->ends.family == AF_INET ? NETIF_F_IP_CSUM :
								NETIF_F_IPV6_CSUM;

	/* Without both, the stack would cut the batch up and sum every octet of it. */
	return path->ends.remote_port && (dst->dev->features & NETIF_F_GSO_UDP_L4) &&
	       (dst->dev->features & (csum | NETIF_F_HW_CSUM));
}

/*
 * UDP in front of ESP. RFC 3948, 2.1: the checksum SHOULD be 0 over IPv4; over IPv6 it must
 * not (RFC 8200, 8.1), and UDP GSO can't do without.
 */
static void push_udp(struct sk_buff *skb, const struct vdt_path *path)
{
	const struct vdt_ends *ends = &path->ends;
	struct udphdr *uh;

	__skb_push(skb, sizeof(*uh));
	skb_reset_transport_header(skb);
	uh = udp_hdr(skb);
	uh->source = ends->local_port;
	uh->dest = ends->remote_port;
	uh->len = htons(skb->len);
	uh->check = 0;

	if (skb_shinfo(skb)->gso_size) {
		skb_shinfo(skb)->gso_type = SKB_GSO_UDP_L4;
		skb->ip_summed = CHECKSUM_PARTIAL;
		skb->csum_start = skb_transport_header(skb) - skb->head;
		skb->csum_offset = offsetof(struct udphdr, check);
		if (ends->family == AF_INET)
			uh->check = ~udp_v4_check(skb->len, ends->local.v4, ends->remote.v4, 0);
		else
			uh->check = ~udp_v6_check(skb->len, &ends->local.v6, &ends->remote.v6, 0);
	} else if (ends->family == AF_INET6) {
		udp6_set_csum(false, skb, &ends->local.v6, &ends->remote.v6, skb->len);
	}
}

static void send4(const struct vdt_tunnel *t, const struct vdt_path *path, struct sk_buff *skb,
		  const struct vdt_output *out)
{
	u8 ttl = READ_ONCE(t->set.ttl);
	struct iphdr *iph;

	__skb_push(skb, sizeof(*iph));
	skb_reset_network_header(skb);
	memset(IPCB(skb), 0, sizeof(*IPCB(skb)));
	skb->protocol = htons(ETH_P_IP);
	iph = ip_hdr(skb);
	iph->version = 4;
	iph->ihl = sizeof(*iph) / 4;
	iph->tos = out->tos;
	iph->frag_off = out->df ? htons(IP_DF) : 0;
	iph->ttl = ttl ?: ip4_dst_hoplimit(skb_dst(skb));
	iph->protocol = outer_proto(path);
	iph->saddr = path->ends.local.v4;
	iph->daddr = path->ends.remote.v4;
	__ip_select_ident(t->net, iph, skb_shinfo(skb)->gso_segs ?: 1);
	ip_local_out(t->net, NULL, skb);
}

static void send6(const struct vdt_tunnel *t, const struct vdt_path *path, struct sk_buff *skb,
		  const struct vdt_output *out)
{
	u8 ttl = READ_ONCE(t->set.ttl);
	struct ipv6hdr *ip6h;

	__skb_push(skb, sizeof(*ip6h));
	skb_reset_network_header(skb);
	memset(IP6CB(skb), 0, sizeof(*IP6CB(skb)));
	skb->protocol = htons(ETH_P_IPV6);
	skb->ignore_df = !out->df;
	ip6h = ipv6_hdr(skb);
	ip6_flow_hdr(ip6h, out->tos, 0);
	ip6h->payload_len = htons(skb->len - sizeof(*ip6h));
	ip6h->nexthdr = outer_proto(path);
	ip6h->hop_limit = ttl ?: ip6_dst_hoplimit(skb_dst(skb));
	ip6h->saddr = path->ends.local.v6;
	ip6h->daddr = path->ends.remote.v6;
	ip6_local_out(t->net, NULL, skb);
}

void vdt_output_send(const struct vdt_tunnel *t, const struct vdt_path *path,
		     struct sk_buff *skb, const struct vdt_output *out)
{
	skb->mark = READ_ONCE(t->set.mark);
	skb_set_transport_header(skb, 0);
	if (path->ends.remote_port)
		push_udp(skb, path);
	if (path->ends.family == AF_INET)
		send4(t, path, skb, out);
	else
		send6(t, path, skb, out);
}
