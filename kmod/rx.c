// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receive. Role, life and locks: rx.h. RFC 4303, 3.4; RFC 4301, 5.2; RFC 6040, 4.2.
 *
 * Decryption is in place only in memory that is ours alone: linear and not cloned. Anything
 * else may be shared with a file or another socket and is copied first.
 */
#include <net/esp.h>
#include <net/gro.h>
#include <net/inet_ecn.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "esp.h"
#include "expire.h"
#include "netlink.h"
#include "rx.h"
#include "sadb.h"
#include "steer.h"
#include "trace.h"

#define BACKLOG_MAX	4096		/* packets per CPU */

struct rx_cpu {
	struct napi_struct napi;
	struct sk_buff_head in;		/* as received */
	struct sk_buff_head opened;	/* completed later, in order */
};

/* A packet on its way, in skb->cb. */
struct rx_cb {
	struct net *net;
	struct vdt_sa *sa;		/* in a batch under RCU, or held */
	u64 seq;
	int err;			/* of the cipher */
	__be16 port;			/* the peer's, 0: no UDP */
	u8 family;			/* outer, AF_* */
	bool held;			/* vdt_sa_hold_async() */
	u8 drop;			/* enum viaduct_drop: verdict of the commit */
	u16 cpu;			/* whose NAPI has it */
	u16 bucket;			/* where steer.c counts it */
};

static struct rx_cpu __percpu *rx_cpus;
static struct net_device *rx_dev;	/* what the NAPI instances hang on */

static struct rx_cb *rx_cb(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct rx_cb) > sizeof(skb->cb));
	BUILD_BUG_ON(CONFIG_NR_CPUS > U16_MAX);
	return (struct rx_cb *)skb->cb;
}

/* The end of a packet that isn't delivered. */
static void rx_drop(struct sk_buff *skb, enum viaduct_drop reason)
{
	struct rx_cb *cb = rx_cb(skb);

	if (cb->sa)
		vdt_drop(cb->sa->tunnel, cb->sa, reason, 1);
	else
		vdt_net_drop(cb->net, reason, 1);
	if (cb->held)
		vdt_sa_release_async(cb->sa);
	vdt_steer_leave(cb->bucket);
	kfree_skb(skb);
}

/* --- in: onto the list --- */

void vdt_rx_enqueue(struct sk_buff *skb, struct net *net, __be16 port)
{
	struct rx_cb *cb = rx_cb(skb);
	struct rx_cpu *rx;
	__be32 buf, *spi;

	spi = skb_header_pointer(skb, 0, sizeof(buf), &buf);
	cb->net = net;
	cb->sa = NULL;
	cb->port = port;
	cb->held = false;
	cb->family = ip_hdr(skb)->version == 4 ? AF_INET : AF_INET6;

	cb->bucket = vdt_steer_enter(spi ? *spi : 0, smp_processor_id(), &cb->cpu);

	rx = per_cpu_ptr(rx_cpus, cb->cpu);
	if (unlikely(skb_queue_len_lockless(&rx->in) >= BACKLOG_MAX)) {
		rx_drop(skb, VIADUCT_DROP_RX_BACKLOG);
		return;
	}
	/* Neither lasts until the poll: the route is borrowed, the device may go. */
	skb_dst_drop(skb);
	skb_orphan(skb);
	skb->dev = NULL;
	skb_queue_tail(&rx->in, skb);
	napi_schedule(&rx->napi);
}

/* --- open --- */

/* The SA of @skb, or NULL and the reason. A batch mostly has one: @last. */
static struct vdt_sa *find_sa(struct sk_buff *skb, struct vdt_sa *last, enum viaduct_drop *drop)
{
	struct rx_cb *cb = rx_cb(skb);
	struct vdt_sa_key key;
	struct vdt_sa *sa;

	vdt_sadb_key(&key, cb->net, VIADUCT_DIR_IN, cb->family,
		     cb->family == AF_INET ? (void *)&ip_hdr(skb)->daddr :
					     (void *)&ipv6_hdr(skb)->daddr,
		     IPPROTO_ESP, ip_esp_hdr(skb)->spi);
	sa = last && !memcmp(&last->key, &key, sizeof(key)) ? last : vdt_sadb_find(&key);
	*drop = VIADUCT_DROP_RX_NO_SA;
	if (!sa || !sa->aead)
		return NULL;
	return sa;
}

/*
 * All that can be said before the cipher is started. RFC 7296, 2.23: UDP is accepted also
 * where it was not agreed upon, but not its absence where it was.
 */
static enum viaduct_drop precheck(struct sk_buff *skb, struct vdt_sa *sa)
{
	struct rx_cb *cb = rx_cb(skb);

	if (!vdt_sa_usable(sa))
		return VIADUCT_DROP_RX_SA_EXPIRED;
	if (!cb->port && rcu_dereference(sa->path)->ends.remote_port)
		return VIADUCT_DROP_RX_ENCAP;
	if (!vdt_esp_len_ok(&sa->geo, skb->len))
		return VIADUCT_DROP_RX_TRUNCATED;
	cb->seq = vdt_replay_seq(&sa->replay, ntohl(ip_esp_hdr(skb)->seq_no));
	return vdt_replay_check(&sa->replay, cb->seq);
}

/* Memory to decrypt in: @skb itself, or a copy, and @skb is gone. NULL: no memory. */
static struct sk_buff *own_buffer(struct sk_buff *skb)
{
	struct sk_buff *copy;

	if (likely(!skb_cloned(skb) && !skb_is_nonlinear(skb)))
		return skb;
	copy = skb_copy(skb, GFP_ATOMIC);
	if (copy)
		consume_skb(skb);
	return copy;
}

/* A decryption ended later: hand it to the NAPI that started it. Bottom halves disabled. */
static void rx_opened(void *owner, int err)
{
	struct sk_buff *skb = owner;
	struct rx_cpu *rx = per_cpu_ptr(rx_cpus, rx_cb(skb)->cpu);

	rx_cb(skb)->err = err;
	skb_queue_tail(&rx->opened, skb);
	napi_schedule(&rx->napi);
}

/* A replay or a forgery: one event per threshold. */
static void count_bad(struct vdt_sa *sa, enum viaduct_sa_event event)
{
	u32 *bad = &sa->bad[event == VIADUCT_SA_EVENT_REPLAY];
	bool tell;

	spin_lock(&sa->lock);
	tell = ++*bad >= VDT_SA_BAD_THRESHOLD;
	if (tell)
		*bad = 0;
	spin_unlock(&sa->lock);
	if (tell)
		vdt_netlink_sa_event(sa, event);
}

static void drop_bad(struct sk_buff *skb, enum viaduct_drop reason)
{
	struct vdt_sa *sa = rx_cb(skb)->sa;

	if (reason == VIADUCT_DROP_RX_ICV)
		count_bad(sa, VIADUCT_SA_EVENT_ICV);
	else if (reason == VIADUCT_DROP_RX_REPLAY || reason == VIADUCT_DROP_RX_LATE)
		count_bad(sa, VIADUCT_SA_EVENT_REPLAY);
	rx_drop(skb, reason);
}

static void drop_err(struct sk_buff *skb, int err)
{
	drop_bad(skb, err == -EBADMSG ? VIADUCT_DROP_RX_ICV :
		      err == -ENOMEM ? VIADUCT_DROP_RX_NO_MEMORY : VIADUCT_DROP_RX_CRYPTO);
}

/* Start the decryption of @skb; what is done at once goes to the end of @ready. */
static struct vdt_sa *open_one(struct sk_buff *skb, struct vdt_sa *last,
			       struct sk_buff_head *ready)
{
	struct crypto_aead *tfm;
	enum viaduct_drop drop;
	struct sk_buff *own;
	struct vdt_sa *sa;
	bool later;
	int err;

	skb_reset_transport_header(skb);
	if (unlikely(!pskb_may_pull(skb, VDT_ESP_HDR_LEN))) {
		rx_drop(skb, VIADUCT_DROP_RX_TRUNCATED);
		return last;
	}
	sa = find_sa(skb, last, &drop);
	if (unlikely(!sa)) {
		rx_drop(skb, drop);
		return last;
	}
	rx_cb(skb)->sa = sa;
	drop = precheck(skb, sa);
	if (unlikely(drop)) {
		drop_bad(skb, drop);
		return sa;
	}
	trace_vdt_rx(sa, rx_cb(skb)->seq, 1, skb->len);
	own = own_buffer(skb);
	if (unlikely(!own)) {
		rx_drop(skb, VIADUCT_DROP_RX_NO_MEMORY);
		return sa;
	}
	tfm = vdt_aead_pick(sa->aead, vdt_sa_in_flight(sa), &later);
	if (later) {
		rx_cb(own)->held = true;
		vdt_sa_hold_async(sa);
	}
	err = vdt_esp_open(sa, tfm, own->data, own->len, rx_cb(own)->seq, rx_opened, own);
	if (err == -EINPROGRESS)
		return sa;
	if (unlikely(err))
		drop_err(own, err);
	else
		__skb_queue_tail(ready, own);
	return sa;
}

/* --- commit --- */

/* An authentic packet came from elsewhere than the peer was (RFC 7296, 2.23). */
static void notice_move(struct vdt_sa *sa, struct sk_buff *skb)
{
	const struct vdt_ends *ends = &rcu_dereference(sa->path)->ends;
	struct rx_cb *cb = rx_cb(skb);
	union vdt_addr from;
	u32 len;

	if (!cb->port || !ends->remote_port || cb->family != ends->family)
		return;
	memset(&from, 0, sizeof(from));
	len = cb->family == AF_INET ? 4 : 16;
	if (cb->family == AF_INET)
		from.v4 = ip_hdr(skb)->saddr;
	else
		from.v6 = ipv6_hdr(skb)->saddr;
	if (likely(cb->port == ends->remote_port && !memcmp(&from, &ends->remote, len)))
		return;
	sa->moved = *ends;
	sa->moved.remote = from;
	sa->moved.remote_port = cb->port;
	if (!sa->moved_pending) {
		sa->moved_pending = true;
		vdt_sa_todo(sa, VDT_SA_TODO_MAPPING);
	}
}

/* The verdict about the packets of one SA from @skb on; the first that isn't one of them. */
static struct sk_buff *commit_run(struct sk_buff_head *ready, struct sk_buff *skb)
{
	struct vdt_sa *sa = rx_cb(skb)->sa;

	spin_lock(&sa->lock);
	skb_queue_walk_from(ready, skb) {
		struct rx_cb *cb = rx_cb(skb);

		if (cb->sa != sa)
			break;
		cb->drop = vdt_replay_commit(&sa->replay, cb->seq);
		/* Only the newest packet says where the peer is now. */
		if (!cb->drop && cb->seq == vdt_replay_top(&sa->replay))
			notice_move(sa, skb);
	}
	spin_unlock(&sa->lock);
	return skb;
}

/* The replay window's verdict about every packet of @ready, the lock taken once per SA. */
static void commit(struct sk_buff_head *ready)
{
	struct sk_buff *skb = skb_peek(ready);

	while (skb && skb != (struct sk_buff *)ready)
		skb = commit_run(ready, skb);
}

/* --- deliver --- */

/* Is the payload the inner packet it claims to be? Trims what is behind it (RFC 4303, 2.7). */
static enum viaduct_drop check_inner(struct sk_buff *skb, u8 next_header, enum vdt_family *family)
{
	u32 len;

	skb_reset_network_header(skb);
	switch (next_header) {
	case IPPROTO_IPIP:
		if (skb->len < sizeof(struct iphdr) || ip_hdr(skb)->version != 4 ||
		    ip_hdr(skb)->ihl < 5)
			return VIADUCT_DROP_RX_INNER_HEADER;
		len = ntohs(ip_hdr(skb)->tot_len);
		if (len > skb->len || len < ip_hdrlen(skb))
			return VIADUCT_DROP_RX_INNER_HEADER;
		skb->protocol = htons(ETH_P_IP);
		*family = VDT_V4;
		break;
	case IPPROTO_IPV6:
		if (skb->len < sizeof(struct ipv6hdr) || ipv6_hdr(skb)->version != 6)
			return VIADUCT_DROP_RX_INNER_HEADER;
		len = ntohs(ipv6_hdr(skb)->payload_len) + sizeof(struct ipv6hdr);
		if (len > skb->len)
			return VIADUCT_DROP_RX_INNER_HEADER;
		skb->protocol = htons(ETH_P_IPV6);
		*family = VDT_V6;
		break;
	case VDT_ESP_NXT_DUMMY:
		return VIADUCT_DROP_RX_DUMMY;
	default:
		return VIADUCT_DROP_RX_NEXT_HEADER;
	}
	skb_trim(skb, len);
	return VIADUCT_DROP_UNSPEC;
}

/* RFC 4301, 5.2: what came through the SA must be what the SA is for. */
static enum viaduct_drop check_selector(const struct vdt_sa *sa, const struct sk_buff *skb,
					enum vdt_family family)
{
	const struct vdt_selector *selector = rcu_dereference(sa->child->selector);
	struct vdt_flow flow;

	if (likely(selector->any & BIT(family)))
		return VIADUCT_DROP_UNSPEC;
	if (vdt_flow_read(skb->data, skb->len, skb->len, VIADUCT_DIR_IN, &flow))
		return VIADUCT_DROP_RX_INNER_HEADER;
	return vdt_selector_match(selector, &flow) ? VIADUCT_DROP_UNSPEC :
						     VIADUCT_DROP_RX_SELECTOR;
}

/* Congestion marked on the outer way belongs on the inner packet (RFC 6040, 4.2). */
static enum viaduct_drop merge_ecn(struct sk_buff *skb, u8 outer)
{
	u8 inner = skb->protocol == htons(ETH_P_IP) ? ip_hdr(skb)->tos :
						      ipv6_get_dsfield(ipv6_hdr(skb));

	return INET_ECN_decapsulate(skb, outer, inner) > 1 ? VIADUCT_DROP_RX_ECN :
							     VIADUCT_DROP_UNSPEC;
}

/* Turn the decrypted ESP packet into the inner packet. */
static enum viaduct_drop unwrap(struct vdt_sa *sa, struct sk_buff *skb)
{
	u8 outer_tos = rx_cb(skb)->family == AF_INET ? ip_hdr(skb)->tos :
						       ipv6_get_dsfield(ipv6_hdr(skb));
	enum viaduct_drop drop;
	enum vdt_family family;
	u8 next_header;

	drop = vdt_esp_strip(sa, skb, &next_header) ?: check_inner(skb, next_header, &family);
	if (unlikely(drop))
		return drop;
	return check_selector(sa, skb, family) ?: merge_ecn(skb, outer_tos);
}

/* True: @skb was delivered, and maybe still is in GRO; false: dropped. */
static bool deliver_one(struct napi_struct *napi, struct sk_buff *skb)
{
	struct rx_cb cb = *rx_cb(skb);
	struct vdt_sa *sa = cb.sa;
	struct vdt_tunnel *t = sa->tunnel;
	enum viaduct_drop drop;

	drop = cb.drop ?: unwrap(sa, skb);
	if (unlikely(drop)) {
		drop_bad(skb, drop);
		return false;
	}
	WRITE_ONCE(sa->used, jiffies);
	if (unlikely(sa->limited && !vdt_expire_count(sa, 1, skb->len))) {
		rx_drop(skb, VIADUCT_DROP_RX_SA_EXPIRED);
		return false;
	}
	if (unlikely(!netif_running(t->dev))) {
		rx_drop(skb, VIADUCT_DROP_RX_DOWN);
		return false;
	}
	trace_vdt_deliver(sa, cb.seq, 1, skb->len);
	vdt_stats_rx(&sa->stats, 1, skb->len);
	vdt_stats_rx(&t->stats, 1, skb->len);

	skb->dev = t->dev;
	skb_reset_mac_header(skb);
	skb_reset_transport_header(skb);
	skb->mac_len = 0;
	skb_clear_hash(skb);
	skb_set_queue_mapping(skb, 0);
	skb_scrub_packet(skb, !net_eq(t->net, dev_net(t->dev)));
	/* Authentic: what the peer's stack summed up or had checked arrived as it was. */
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	skb->csum_level = ~0;
	napi_gro_receive(napi, skb);
	if (cb.held)
		vdt_sa_release_async(sa);
	return true;
}

/* Deliver all of @ready; afterwards GRO holds nothing, and who comes later comes later. */
static void deliver(struct napi_struct *napi, struct sk_buff_head *ready)
{
	u16 left[NAPI_POLL_WEIGHT];
	struct sk_buff *skb;
	u32 n = 0;

	while ((skb = __skb_dequeue(ready))) {
		left[n] = rx_cb(skb)->bucket;
		n += deliver_one(napi, skb);
	}
	napi_gro_flush(napi, false);	/* nothing stays behind: see rx.h */
	while (n)
		vdt_steer_leave(left[--n]);
}

/* Take up to @max packets from @from. */
static void take(struct sk_buff_head *from, struct sk_buff_head *to, u32 max)
{
	struct sk_buff *skb;

	if (skb_queue_empty_lockless(from))
		return;
	spin_lock_irq(&from->lock);
	while (max-- && (skb = __skb_dequeue(from)))
		__skb_queue_tail(to, skb);
	spin_unlock_irq(&from->lock);
}

/* Set aside what failed later; the rest is ready. Returns how many there were. */
static u32 take_opened(struct rx_cpu *rx, struct sk_buff_head *ready, u32 max)
{
	struct sk_buff_head list;
	struct sk_buff *skb;
	u32 n;

	__skb_queue_head_init(&list);
	take(&rx->opened, &list, max);
	n = skb_queue_len(&list);
	while ((skb = __skb_dequeue(&list))) {
		if (unlikely(rx_cb(skb)->err))
			drop_err(skb, rx_cb(skb)->err);
		else
			__skb_queue_tail(ready, skb);
	}
	return n;
}

static int rx_poll(struct napi_struct *napi, int budget)
{
	struct rx_cpu *rx = container_of(napi, struct rx_cpu, napi);
	struct sk_buff_head in, ready;
	int work, most = min(budget, NAPI_POLL_WEIGHT);
	struct vdt_sa *last = NULL;
	struct sk_buff *skb;

	if (unlikely(budget <= 0))	/* netpoll: transmit only */
		return 0;
	__skb_queue_head_init(&in);
	__skb_queue_head_init(&ready);
	rcu_read_lock();
	work = take_opened(rx, &ready, most);
	take(&rx->in, &in, most - work);
	work += skb_queue_len(&in);
	while ((skb = __skb_dequeue(&in)))
		last = open_one(skb, last, &ready);
	commit(&ready);
	deliver(napi, &ready);
	rcu_read_unlock();

	/* Whoever adds a packet schedules afterwards, so completing can't lose one. */
	if (work < most)
		napi_complete_done(napi, work);
	else
		work = budget;		/* poll again */
	return work;
}

/* --- life --- */

/* Drop what is in @list and belongs to @net (NULL: everything). */
static void purge_list(struct sk_buff_head *list, const struct net *net)
{
	struct sk_buff_head gone;
	struct sk_buff *skb, *next;

	__skb_queue_head_init(&gone);
	spin_lock_irq(&list->lock);
	skb_queue_walk_safe(list, skb, next) {
		if (!net || rx_cb(skb)->net == net) {
			__skb_unlink(skb, list);
			__skb_queue_tail(&gone, skb);
		}
	}
	spin_unlock_irq(&list->lock);
	while ((skb = __skb_dequeue(&gone)))
		rx_drop(skb, VIADUCT_DROP_RX_DOWN);
}

void vdt_rx_purge(const struct net *net)
{
	int cpu;

	/* Packets in asynchronous decryption keep a device, which is older than this. */
	for_each_possible_cpu(cpu)
		purge_list(&per_cpu_ptr(rx_cpus, cpu)->in, net);
}

int vdt_rx_init(void)
{
	int cpu;

	rx_dev = vdt_compat_dummy_alloc();
	if (!rx_dev)
		return -ENOMEM;
	rx_cpus = alloc_percpu(struct rx_cpu);
	if (!rx_cpus) {
		vdt_compat_dummy_free(rx_dev);
		return -ENOMEM;
	}
	for_each_possible_cpu(cpu) {
		struct rx_cpu *rx = per_cpu_ptr(rx_cpus, cpu);

		skb_queue_head_init(&rx->in);
		skb_queue_head_init(&rx->opened);
		netif_napi_add(rx_dev, &rx->napi, rx_poll);
		napi_enable(&rx->napi);
	}
	return 0;
}

void vdt_rx_exit(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		struct rx_cpu *rx = per_cpu_ptr(rx_cpus, cpu);

		napi_disable(&rx->napi);
		netif_napi_del(&rx->napi);
		purge_list(&rx->in, NULL);
		purge_list(&rx->opened, NULL);
	}
	synchronize_net();
	free_percpu(rx_cpus);
	vdt_compat_dummy_free(rx_dev);
}
