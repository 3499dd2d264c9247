// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transmit. Role and rules: tx.h. RFC 4303, 3.3; RFC 4301, 5.1 and 8; RFC 6040, 4.1.
 *
 * Every packet is copied once, into a buffer of our own that has room for all headers, and
 * encrypted there: what the inner packet points at may be shared with others. With UDP
 * encapsulation a run of equal segments fills one buffer and leaves as one UDP GSO packet.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <net/dst.h>
#include <net/icmp.h>
#include <net/inet_ecn.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "child.h"
#include "esp.h"
#include "expire.h"
#include "output.h"
#include "trace.h"
#include "tx.h"

/* A batch buffer should come from a page order that a busy host still has. */
#define BUFFER_MAX	(SKB_WITH_OVERHEAD(PAGE_SIZE << 3))
#define SEGMENTS_MAX	64		/* UDP_MAX_SEGMENTS of every receiver */
#define MTU_AGAIN	(10 * HZ)

/* What all packets of one call have in common. */
struct tx_job {
	struct vdt_sa *sa;
	struct vdt_tunnel *t;
	struct vdt_path *path;
	struct dst_entry *dst;		/* a reference */
	struct crypto_aead *tfm;
	struct vdt_output out;
	u32 priority;
	u8 next_header;
	u8 family;			/* inner, enum vdt_family */
	bool later;			/* tfm may complete later */
	bool gso;			/* several packets per buffer */
};

/* A buffer on its way through the cipher, in skb->cb. */
struct tx_cb {
	struct vdt_sa *sa;
	u64 seq;			/* of the first packet */
	u32 bytes;			/* inner octets */
	atomic_t pending;		/* packets not yet encrypted, and the one who fills it */
	int err;
	u16 packets;
	u8 family;			/* outer, AF_* */
	bool held;			/* vdt_sa_hold_async() */
	struct vdt_output out;
};

static struct tx_cb *tx_cb(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct tx_cb) > sizeof(skb->cb));
	return (struct tx_cb *)skb->cb;
}

/* The buffer is encrypted, or can't be. Consumes it. Under RCU, bottom halves disabled. */
static void tx_finish(struct sk_buff *skb)
{
	struct tx_cb cb = *tx_cb(skb);
	struct vdt_sa *sa = cb.sa;
	struct vdt_path *path = rcu_dereference(sa->path);

	if (unlikely(cb.err)) {
		vdt_drop(sa->tunnel, sa, cb.err == -ENOMEM ? VIADUCT_DROP_TX_NO_MEMORY :
			 VIADUCT_DROP_TX_CRYPTO, cb.packets);
		kfree_skb(skb);
	} else if (unlikely(path->ends.family != cb.family)) {
		/* The peer moved to the other family meanwhile: route and headroom are wrong. */
		vdt_drop(sa->tunnel, sa, VIADUCT_DROP_TX_NO_ROUTE, cb.packets);
		kfree_skb(skb);
	} else {
		trace_vdt_output(sa, cb.seq, cb.packets, skb->len);
		WRITE_ONCE(sa->used, jiffies);
		vdt_stats_tx(&sa->stats, cb.packets, cb.bytes);
		vdt_stats_tx(&sa->tunnel->stats, cb.packets, cb.bytes);
		vdt_output_send(sa->tunnel, path, skb, &cb.out);
	}
	if (cb.held)
		vdt_sa_release_async(sa);
}

/* One packet of the buffer is encrypted. */
static void tx_done(void *owner, int err)
{
	struct sk_buff *skb = owner;
	struct tx_cb *cb = tx_cb(skb);

	if (err)
		WRITE_ONCE(cb->err, err);
	if (!atomic_dec_and_test(&cb->pending))
		return;
	rcu_read_lock();
	tx_finish(skb);
	rcu_read_unlock();
}

/*
 * Copy @skb to @to and sum it up where the sender left that to the device, which is us. A UDP
 * checksum that comes out as 0 must read as all ones (RFC 768).
 */
static void copy_and_sum(struct sk_buff *skb, u8 *to)
{
	skb_copy_and_csum_dev(skb, to);
	if (skb->ip_summed == CHECKSUM_PARTIAL) {
		__sum16 *sum = (__sum16 *)(to + skb_checksum_start_offset(skb) + skb->csum_offset);

		if (!*sum)
			*sum = CSUM_MANGLED_0;
	}
}

/* How many packets from @skb on go into one buffer; their ESP octets in *@total. */
static u32 count_run(const struct tx_job *job, const struct sk_buff *skb, u32 *total)
{
	u32 first = vdt_esp_packet_len(&job->sa->geo, skb->len);
	u32 n = 1;

	*total = first;
	while (job->gso && skb->next && n < SEGMENTS_MAX) {
		u32 len = vdt_esp_packet_len(&job->sa->geo, skb->next->len);

		if (len > first || *total + len > BUFFER_MAX - 256)
			break;
		skb = skb->next;
		*total += len;
		n++;
		if (len < first)	/* only the last one may be shorter */
			break;
	}
	return n;
}

static struct sk_buff *alloc_buffer(const struct tx_job *job, u32 total, u32 n, u64 seq)
{
	u32 head = vdt_output_headroom(job->path, job->dst);
	struct sk_buff *skb;
	struct tx_cb *cb;

	skb = alloc_skb(head + total + job->dst->dev->needed_tailroom, GFP_ATOMIC | __GFP_NOWARN);
	if (!skb)
		return NULL;
	skb_reserve(skb, head);
	skb_dst_set(skb, dst_clone(job->dst));
	skb->priority = job->priority;
	cb = tx_cb(skb);
	cb->sa = job->sa;
	cb->seq = seq;
	cb->bytes = 0;
	atomic_set(&cb->pending, 1);
	cb->err = 0;
	cb->packets = n;
	cb->family = job->path->ends.family;
	cb->held = job->later;
	cb->out = job->out;
	if (cb->held)
		vdt_sa_hold_async(job->sa);
	return skb;
}

/* Fill one buffer with the first @n packets of *@list and send it. */
static void send_buffer(struct tx_job *job, struct sk_buff **list, u32 n, u32 total, u64 seq)
{
	u32 size = vdt_esp_packet_len(&job->sa->geo, (*list)->len);
	struct sk_buff *out = alloc_buffer(job, total, n, seq);
	struct sk_buff *skb;
	int err;

	if (unlikely(!out)) {
		vdt_drop(job->t, job->sa, VIADUCT_DROP_TX_NO_MEMORY, n);
		while (n--) {
			skb = *list;
			*list = skb->next;
			skb_mark_not_on_list(skb);
			kfree_skb(skb);
		}
		return;
	}
	if (n > 1) {
		skb_shinfo(out)->gso_size = size;
		skb_shinfo(out)->gso_segs = n;
	}
	for (; n; n--, seq++) {
		u8 *esp;

		skb = *list;
		*list = skb->next;
		skb_mark_not_on_list(skb);
		esp = skb_put(out, vdt_esp_packet_len(&job->sa->geo, skb->len));
		copy_and_sum(skb, esp + vdt_esp_payload_at(job->sa));
		tx_cb(out)->bytes += skb->len;
		atomic_inc(&tx_cb(out)->pending);
		err = vdt_esp_seal(job->sa, job->tfm, esp, skb->len, job->next_header, seq,
				   tx_done, out);
		if (err != -EINPROGRESS)
			tx_done(out, err);
		consume_skb(skb);
	}
	tx_done(out, 0);
}

/*
 * Reserve @n sequence numbers, the first in *@seq; returns how many there are. RFC 4303,
 * 3.3.3: the counter must not cycle. seq_max leaves room for those who find it used up.
 */
static u32 reserve_seq(struct vdt_sa *sa, u32 n, u64 *seq)
{
	u64 before = atomic64_fetch_add(n, &sa->seq);
	u64 left = before < sa->seq_max ? sa->seq_max - before : 0;

	if (unlikely(before + n >= sa->seq_soft))
		vdt_expire_seq(sa, left < n);
	*seq = before + 1;
	return min_t(u64, n, left);
}

/*
 * Send a run of @n packets from the front of *@list in one buffer of @total octets. The numbers
 * are reserved here and not for the whole list, so that CPUs that share an SA get ahead of each
 * other by a buffer at most: the receiver's replay window may be no wider than 64. False: they
 * are used up.
 */
static bool send_run(struct tx_job *job, struct sk_buff **list, u32 n, u32 total, u32 *sent)
{
	u64 seq;
	u32 usable = reserve_seq(job->sa, n, &seq);

	trace_vdt_tx(job->sa, seq, usable, total);
	*sent += usable;
	if (likely(usable == n)) {
		send_buffer(job, list, n, total, seq);
		return true;
	}
	for (; usable; usable--, seq++)
		send_buffer(job, list, 1, vdt_esp_packet_len(&job->sa->geo, (*list)->len), seq);
	return false;
}

/* Send all packets of @list, @n of them with @bytes octets. */
static void send_list(struct tx_job *job, struct sk_buff *list, u32 n, u64 bytes)
{
	struct vdt_sa *sa = job->sa;
	u32 sent = 0, total, run;

	if (unlikely(sa->limited && !vdt_expire_count(sa, n, bytes))) {
		vdt_drop(job->t, sa, VIADUCT_DROP_TX_SA_EXPIRED, n);
		kfree_skb_list(list);
		return;
	}
	do {
		job->tfm = vdt_aead_pick(sa->aead, vdt_sa_in_flight(sa), &job->later);
		run = count_run(job, list, &total);
	} while (send_run(job, &list, run, total, &sent) && list);

	if (unlikely(list)) {
		vdt_drop(job->t, sa, VIADUCT_DROP_TX_SEQ_OVERFLOW, n - sent);
		kfree_skb_list(list);
	}
}

/* The inner IP header decides the outer one (RFC 4301, 5.1.2; RFC 6040, 4.1). */
static enum viaduct_drop read_inner(struct tx_job *job, struct sk_buff *skb)
{
	const struct vdt_tunnel_settings *set = &job->t->set;
	u8 tos, ttl, df = READ_ONCE(set->df);

	if (ip_hdr(skb)->version == 4) {
		job->family = VDT_V4;
		job->next_header = IPPROTO_IPIP;
		tos = ip_hdr(skb)->tos;
		ttl = ip_hdr(skb)->ttl;
		job->out.df = ip_hdr(skb)->frag_off & htons(IP_DF);
	} else {
		job->family = VDT_V6;
		job->next_header = IPPROTO_IPV6;
		tos = ipv6_get_dsfield(ipv6_hdr(skb));
		ttl = ipv6_hdr(skb)->hop_limit;
		job->out.df = true;
	}
	if (!ttl)
		return VIADUCT_DROP_TX_TTL;
	if (df != VIADUCT_DF_COPY)
		job->out.df = df == VIADUCT_DF_SET;
	job->out.tos = tos;
	if (READ_ONCE(set->dscp) == VIADUCT_DSCP_SET)
		job->out.tos = READ_ONCE(set->dscp_value) << 2 | (tos & INET_ECN_MASK);
	return VIADUCT_DROP_UNSPEC;
}

/* Tell the sender of @skb how much fits (RFC 4301, 8.2.1). */
static void send_too_big(const struct tx_job *job, struct sk_buff *skb, u32 room)
{
	skb_dst_update_pmtu_no_confirm(skb, room);
	if (job->family == VDT_V4)
		icmp_ndo_send(skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, htonl(room));
	else
		icmpv6_ndo_send(skb, ICMPV6_PKT_TOOBIG, 0, room);
}

/*
 * The device's MTU is not what this path allows: have it computed anew. At once where the path
 * got narrower; now and then where it is wider, which another child's path may well forbid.
 */
static void watch_mtu(const struct tx_job *job, u32 room)
{
	struct vdt_tunnel *t = job->t;
	u32 mtu = READ_ONCE(t->dev->mtu);

	if (likely(room == mtu) || !READ_ONCE(t->set.mtu_auto))
		return;
	if (room < mtu ? mtu > IPV6_MIN_MTU :
			 time_after(jiffies, READ_ONCE(t->mtu_checked) + MTU_AGAIN))
		vdt_tunnel_todo(t, VDT_TUNNEL_TODO_MTU);
}

/*
 * Does @skb fit into the path? If not, either the outer packet may be fragmented or the sender
 * hears of it. An IPv6 packet of 1280 octets gets through whatever the path is like (RFC 8200,
 * section 5).
 */
static enum viaduct_drop fit(struct tx_job *job, struct sk_buff *skb)
{
	u32 room = vdt_output_room(job->sa, job->path, job->dst);

	watch_mtu(job, room);
	if (likely(skb_is_gso(skb) ? skb_gso_validate_network_len(skb, room) : skb->len <= room))
		return VIADUCT_DROP_UNSPEC;
	job->gso = false;
	if (!job->out.df)
		return VIADUCT_DROP_UNSPEC;
	room = max_t(u32, room, job->family == VDT_V4 ? IPV4_MIN_MTU : IPV6_MIN_MTU);
	if (skb_is_gso(skb) ? skb_gso_validate_network_len(skb, room) : skb->len <= room) {
		job->out.df = false;
		return VIADUCT_DROP_UNSPEC;
	}
	send_too_big(job, skb, room);
	return VIADUCT_DROP_TX_TOO_BIG;
}

/* Cut a GSO packet into a list, without copying what it holds; else it is a list of one. */
static struct sk_buff *segment(struct sk_buff *skb, u32 *n, u64 *bytes)
{
	struct sk_buff *list = skb, *at;

	if (skb_is_gso(skb)) {
		list = skb_gso_segment(skb, NETIF_F_SG | NETIF_F_HW_CSUM | NETIF_F_HIGHDMA);
		if (IS_ERR(list))
			return NULL;
		if (list)
			consume_skb(skb);
		else
			list = skb;
	}
	*n = 0;
	*bytes = 0;
	for (at = list; at; at = at->next) {
		*n += 1;
		*bytes += at->len;
	}
	return list;
}

void vdt_tx_send(struct vdt_sa *sa, struct sk_buff *skb)
{
	struct tx_job job = {
		.sa = sa,
		.t = sa->tunnel,
		.path = rcu_dereference(sa->path),
		.priority = skb->priority,
	};
	enum viaduct_drop drop;
	struct sk_buff *list;
	u64 bytes;
	u32 n = 1;

	drop = read_inner(&job, skb);
	if (unlikely(drop))
		goto drop;
	/* Summing up expects all in front of the sum's start in the linear part. */
	if (unlikely(skb->ip_summed == CHECKSUM_PARTIAL &&
		     skb_checksum_start_offset(skb) > (int)skb_headlen(skb) && skb_linearize(skb))) {
		drop = VIADUCT_DROP_TX_NO_MEMORY;
		goto drop;
	}
	job.dst = vdt_output_route(job.t, job.path, &drop);
	if (unlikely(!job.dst))
		goto drop;
	job.gso = skb_is_gso(skb) && vdt_output_can_gso(job.path, job.dst);
	drop = fit(&job, skb);
	if (unlikely(drop))
		goto release;
	list = segment(skb, &n, &bytes);
	if (unlikely(!list)) {
		drop = VIADUCT_DROP_TX_NO_MEMORY;
		goto release;
	}
	send_list(&job, list, n, bytes);
	dst_release(job.dst);
	return;

release:
	dst_release(job.dst);
drop:
	vdt_drop(job.t, sa, drop, max_t(u32, skb_shinfo(skb)->gso_segs, 1));
	kfree_skb(skb);
}

/* Is @skb an IP packet whose header agrees with its length? */
static bool is_ip(struct sk_buff *skb, enum vdt_family *family)
{
	skb_reset_network_header(skb);
	if (skb->protocol == htons(ETH_P_IP)) {
		*family = VDT_V4;
		return pskb_may_pull(skb, sizeof(struct iphdr)) && ip_hdr(skb)->version == 4 &&
		       ip_hdr(skb)->ihl >= 5 && pskb_may_pull(skb, ip_hdrlen(skb));
	}
	*family = VDT_V6;
	return skb->protocol == htons(ETH_P_IPV6) &&
	       pskb_may_pull(skb, sizeof(struct ipv6hdr)) && ipv6_hdr(skb)->version == 6;
}

netdev_tx_t vdt_tx_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct vdt_tunnel *t = netdev_priv(dev);
	enum viaduct_drop drop = VIADUCT_DROP_TX_NOT_IP;
	enum vdt_family family;
	struct vdt_child *child;
	struct vdt_sa *sa;

	rcu_read_lock();
	if (unlikely(!is_ip(skb, &family)))
		goto drop;
	child = vdt_child_select(t, skb, family, &drop);
	if (unlikely(!child))
		goto drop;
	sa = rcu_dereference(child->out);
	if (unlikely(!sa || !vdt_sa_usable(sa) || READ_ONCE(child->waiting)))
		sa = vdt_child_wait(child, skb);
	if (likely(sa))
		vdt_tx_send(sa, skb);
	rcu_read_unlock();
	return NETDEV_TX_OK;
drop:
	vdt_drop(t, NULL, drop, max_t(u32, skb_shinfo(skb)->gso_segs, 1));
	rcu_read_unlock();
	kfree_skb(skb);
	return NETDEV_TX_OK;
}
