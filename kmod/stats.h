/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counters of a tunnel, an SA, or a network namespace. Traffic is counted per CPU;
 * drops, being rare, in one array of atomics, so that 10,000 SAs on many CPUs stay
 * small. Every packet that is not delivered counts in exactly one reason (of the SA if
 * there is one, and of its tunnel; or of the namespace when no tunnel is known).
 *
 * No lock. The writers run with bottom halves disabled; drops may be counted anywhere.
 */
#ifndef _VIADUCT_STATS_H
#define _VIADUCT_STATS_H

#include <linux/atomic.h>
#include <linux/percpu.h>
#include <linux/u64_stats_sync.h>
#include <linux/viaduct.h>

struct sk_buff;

struct vdt_stats_cpu {
	u64_stats_t tx_packets;
	u64_stats_t tx_bytes;
	u64_stats_t rx_packets;
	u64_stats_t rx_bytes;
	struct u64_stats_sync sync;
} __aligned(4 * sizeof(u64));

struct vdt_stats {
	struct vdt_stats_cpu __percpu *cpu;
	atomic64_t drops[VIADUCT_DROP_MAX + 1];
};

/* The sum over all CPUs. */
struct vdt_stats_sum {
	u64 tx_packets;
	u64 tx_bytes;
	u64 rx_packets;
	u64 rx_bytes;
};

/* -ENOMEM. May sleep. */
int vdt_stats_init(struct vdt_stats *s);
/* Also after a failed init. */
void vdt_stats_destroy(struct vdt_stats *s);

/* @packets sent as ESP with @bytes inner octets. Bottom halves disabled. */
static inline void vdt_stats_tx(struct vdt_stats *s, u32 packets, u64 bytes)
{
	struct vdt_stats_cpu *c = this_cpu_ptr(s->cpu);

	u64_stats_update_begin(&c->sync);
	u64_stats_add(&c->tx_packets, packets);
	u64_stats_add(&c->tx_bytes, bytes);
	u64_stats_update_end(&c->sync);
}

/* @packets delivered with @bytes inner octets. Bottom halves disabled. */
static inline void vdt_stats_rx(struct vdt_stats *s, u32 packets, u64 bytes)
{
	struct vdt_stats_cpu *c = this_cpu_ptr(s->cpu);

	u64_stats_update_begin(&c->sync);
	u64_stats_add(&c->rx_packets, packets);
	u64_stats_add(&c->rx_bytes, bytes);
	u64_stats_update_end(&c->sync);
}

/* @packets dropped for @reason. Any context. */
static inline void vdt_stats_drop(struct vdt_stats *s, enum viaduct_drop reason, u32 packets)
{
	atomic64_add(packets, &s->drops[reason]);
}

static inline u64 vdt_stats_drops(const struct vdt_stats *s, enum viaduct_drop reason)
{
	return atomic64_read(&s->drops[reason]);
}

/* Consistent per CPU, not over CPUs. Any context. */
void vdt_stats_read(const struct vdt_stats *s, struct vdt_stats_sum *sum);

/* All drops with a reason between VIADUCT_DROP_TX_* (or _RX_*), for the device's statistics. */
u64 vdt_stats_tx_dropped(const struct vdt_stats *s);
u64 vdt_stats_rx_dropped(const struct vdt_stats *s);

/* Emit the attributes of enum viaduct_stats_attr. -EMSGSIZE: the caller drops the message. */
int vdt_stats_put_attrs(struct sk_buff *msg, const struct vdt_stats *s);
/* The same as a nest @attrtype. */
int vdt_stats_put(struct sk_buff *msg, int attrtype, const struct vdt_stats *s);

/* A reason as a short name, for tracepoints: "rx-icv". */
const char *vdt_drop_name(enum viaduct_drop reason);

#endif /* _VIADUCT_STATS_H */
