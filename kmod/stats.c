// SPDX-License-Identifier: GPL-2.0-only
/* Counters of tunnels, SAs and network namespaces: see stats.h. Owner: whoever embeds one. */
#include <linux/slab.h>
#include <net/netlink.h>

#include "stats.h"

static const char * const drop_names[VIADUCT_DROP_MAX + 1] = {
	[VIADUCT_DROP_UNSPEC]		= "none",
	[VIADUCT_DROP_TX_NOT_IP]	= "tx-not-ip",
	[VIADUCT_DROP_TX_NO_CHILD]	= "tx-no-child",
	[VIADUCT_DROP_TX_NO_SA]		= "tx-no-sa",
	[VIADUCT_DROP_TX_QUEUE_FULL]	= "tx-queue-full",
	[VIADUCT_DROP_TX_QUEUE_PURGED]	= "tx-queue-purged",
	[VIADUCT_DROP_TX_SA_EXPIRED]	= "tx-sa-expired",
	[VIADUCT_DROP_TX_SEQ_OVERFLOW]	= "tx-seq-overflow",
	[VIADUCT_DROP_TX_NO_ROUTE]	= "tx-no-route",
	[VIADUCT_DROP_TX_LOOP]		= "tx-loop",
	[VIADUCT_DROP_TX_TOO_BIG]	= "tx-too-big",
	[VIADUCT_DROP_TX_NO_MEMORY]	= "tx-no-memory",
	[VIADUCT_DROP_TX_CRYPTO]	= "tx-crypto",
	[VIADUCT_DROP_TX_TTL]		= "tx-ttl",
	[VIADUCT_DROP_RX_TRUNCATED]	= "rx-truncated",
	[VIADUCT_DROP_RX_NO_SA]		= "rx-no-sa",
	[VIADUCT_DROP_RX_ENCAP]		= "rx-encap",
	[VIADUCT_DROP_RX_SA_EXPIRED]	= "rx-sa-expired",
	[VIADUCT_DROP_RX_REPLAY]	= "rx-replay",
	[VIADUCT_DROP_RX_LATE]		= "rx-late",
	[VIADUCT_DROP_RX_ICV]		= "rx-icv",
	[VIADUCT_DROP_RX_PADDING]	= "rx-padding",
	[VIADUCT_DROP_RX_NEXT_HEADER]	= "rx-next-header",
	[VIADUCT_DROP_RX_DUMMY]		= "rx-dummy",
	[VIADUCT_DROP_RX_INNER_HEADER]	= "rx-inner-header",
	[VIADUCT_DROP_RX_SELECTOR]	= "rx-selector",
	[VIADUCT_DROP_RX_ECN]		= "rx-ecn",
	[VIADUCT_DROP_RX_NO_MEMORY]	= "rx-no-memory",
	[VIADUCT_DROP_RX_CRYPTO]	= "rx-crypto",
	[VIADUCT_DROP_RX_BACKLOG]	= "rx-backlog",
	[VIADUCT_DROP_RX_DOWN]		= "rx-down",
};

int vdt_stats_init(struct vdt_stats *s)
{
	int cpu;

	memset(s, 0, sizeof(*s));
	s->cpu = alloc_percpu(struct vdt_stats_cpu);
	if (!s->cpu)
		return -ENOMEM;
	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(s->cpu, cpu)->sync);
	return 0;
}

void vdt_stats_destroy(struct vdt_stats *s)
{
	free_percpu(s->cpu);
	s->cpu = NULL;
}

void vdt_stats_read(const struct vdt_stats *s, struct vdt_stats_sum *sum)
{
	int cpu;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(cpu) {
		const struct vdt_stats_cpu *c = per_cpu_ptr(s->cpu, cpu);
		struct vdt_stats_sum one;
		unsigned int start;

		do {
			start = u64_stats_fetch_begin(&c->sync);
			one.tx_packets = u64_stats_read(&c->tx_packets);
			one.tx_bytes = u64_stats_read(&c->tx_bytes);
			one.rx_packets = u64_stats_read(&c->rx_packets);
			one.rx_bytes = u64_stats_read(&c->rx_bytes);
		} while (u64_stats_fetch_retry(&c->sync, start));
		sum->tx_packets += one.tx_packets;
		sum->tx_bytes += one.tx_bytes;
		sum->rx_packets += one.rx_packets;
		sum->rx_bytes += one.rx_bytes;
	}
}

static u64 sum_drops(const struct vdt_stats *s, enum viaduct_drop first, enum viaduct_drop last)
{
	u64 sum = 0;

	for (; first <= last; first++)
		sum += vdt_stats_drops(s, first);
	return sum;
}

u64 vdt_stats_tx_dropped(const struct vdt_stats *s)
{
	return sum_drops(s, VIADUCT_DROP_TX_NOT_IP, VIADUCT_DROP_RX_TRUNCATED - 1);
}

u64 vdt_stats_rx_dropped(const struct vdt_stats *s)
{
	return sum_drops(s, VIADUCT_DROP_RX_TRUNCATED, VIADUCT_DROP_MAX);
}

static int put_u64(struct sk_buff *msg, int attrtype, u64 value)
{
	return nla_put_u64_64bit(msg, attrtype, value, VIADUCT_A_STATS_PAD);
}

static int put_drops(struct sk_buff *msg, const struct vdt_stats *s)
{
	struct nlattr *nest = nla_nest_start(msg, VIADUCT_A_STATS_DROPS);
	enum viaduct_drop reason;

	if (!nest)
		return -EMSGSIZE;
	for (reason = VIADUCT_DROP_UNSPEC + 1; reason <= VIADUCT_DROP_MAX; reason++) {
		u64 n = vdt_stats_drops(s, reason);

		/* Type 0 is no reason, so it can be the padding where u64 needs one. */
		if (n && nla_put_u64_64bit(msg, reason, n, VIADUCT_DROP_UNSPEC))
			return -EMSGSIZE;
	}
	nla_nest_end(msg, nest);
	return 0;
}

int vdt_stats_put_attrs(struct sk_buff *msg, const struct vdt_stats *s)
{
	struct vdt_stats_sum sum;

	vdt_stats_read(s, &sum);
	if (put_u64(msg, VIADUCT_A_STATS_TX_PACKETS, sum.tx_packets) ||
	    put_u64(msg, VIADUCT_A_STATS_TX_BYTES, sum.tx_bytes) ||
	    put_u64(msg, VIADUCT_A_STATS_RX_PACKETS, sum.rx_packets) ||
	    put_u64(msg, VIADUCT_A_STATS_RX_BYTES, sum.rx_bytes))
		return -EMSGSIZE;
	return put_drops(msg, s);
}

int vdt_stats_put(struct sk_buff *msg, int attrtype, const struct vdt_stats *s)
{
	struct nlattr *nest = nla_nest_start(msg, attrtype);

	if (!nest || vdt_stats_put_attrs(msg, s))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

const char *vdt_drop_name(enum viaduct_drop reason)
{
	return reason <= VIADUCT_DROP_MAX ? drop_names[reason] : "unknown";
}
