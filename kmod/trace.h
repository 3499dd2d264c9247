/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints: one per stage of a packet's way, one for every drop, one for the life of an SA.
 * Under /sys/kernel/tracing/events/viaduct.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM viaduct

#if !defined(_VIADUCT_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _VIADUCT_TRACE_H

#include <linux/tracepoint.h>

#include "sa.h"
#include "stats.h"

/* Words are copied into arrays: the string macros differ between kernels. */
#define VDT_TRACE_WORD	20

DECLARE_EVENT_CLASS(vdt_packet,
	TP_PROTO(const struct vdt_sa *sa, u64 seq, u32 packets, u32 bytes),
	TP_ARGS(sa, seq, packets, bytes),
	TP_STRUCT__entry(
		__field(u32, ifindex)
		__field(u32, spi)
		__field(u64, seq)
		__field(u32, packets)
		__field(u32, bytes)
	),
	TP_fast_assign(
		__entry->ifindex = sa->tunnel->ifindex;
		__entry->spi = ntohl(sa->spi);
		__entry->seq = seq;
		__entry->packets = packets;
		__entry->bytes = bytes;
	),
	TP_printk("ifindex=%u spi=%08x seq=%llu packets=%u bytes=%u", __entry->ifindex,
		  __entry->spi, __entry->seq, __entry->packets, __entry->bytes)
);

/* A buffer got its sequence numbers, from @seq on; ESP octets. */
DEFINE_EVENT(vdt_packet, vdt_tx,
	TP_PROTO(const struct vdt_sa *sa, u64 seq, u32 packets, u32 bytes),
	TP_ARGS(sa, seq, packets, bytes));

/* An encrypted buffer of @packets goes to the outer route; @seq of its first; ESP octets. */
DEFINE_EVENT(vdt_packet, vdt_output,
	TP_PROTO(const struct vdt_sa *sa, u64 seq, u32 packets, u32 bytes),
	TP_ARGS(sa, seq, packets, bytes));

/* An ESP packet found its SA and passed the first replay check; ESP octets. */
DEFINE_EVENT(vdt_packet, vdt_rx,
	TP_PROTO(const struct vdt_sa *sa, u64 seq, u32 packets, u32 bytes),
	TP_ARGS(sa, seq, packets, bytes));

/* An inner packet goes up the stack; inner octets. */
DEFINE_EVENT(vdt_packet, vdt_deliver,
	TP_PROTO(const struct vdt_sa *sa, u64 seq, u32 packets, u32 bytes),
	TP_ARGS(sa, seq, packets, bytes));

/* Packets were dropped; ifindex 0 when no tunnel is known, spi 0 when no SA is. */
TRACE_EVENT(vdt_drop,
	TP_PROTO(const struct vdt_tunnel *t, const struct vdt_sa *sa, enum viaduct_drop reason,
		 u32 packets),
	TP_ARGS(t, sa, reason, packets),
	TP_STRUCT__entry(
		__field(u32, ifindex)
		__field(u32, spi)
		__field(u32, packets)
		__array(char, reason, VDT_TRACE_WORD)
	),
	TP_fast_assign(
		__entry->ifindex = t ? t->ifindex : 0;
		__entry->spi = sa ? ntohl(sa->spi) : 0;
		__entry->packets = packets;
		strscpy(__entry->reason, vdt_drop_name(reason), VDT_TRACE_WORD);
	),
	TP_printk("ifindex=%u spi=%08x packets=%u reason=%s", __entry->ifindex, __entry->spi,
		  __entry->packets, __entry->reason)
);

/* An SA was added, became current, died, or was unlinked. */
TRACE_EVENT(vdt_sa,
	TP_PROTO(const struct vdt_sa *sa, const char *what),
	TP_ARGS(sa, what),
	TP_STRUCT__entry(
		__field(u32, ifindex)
		__field(u32, child)
		__field(u32, spi)
		__field(u8, dir)
		__array(char, what, VDT_TRACE_WORD)
	),
	TP_fast_assign(
		__entry->ifindex = sa->tunnel->ifindex;
		__entry->child = sa->child ? sa->child->id : 0;
		__entry->spi = ntohl(sa->spi);
		__entry->dir = sa->dir;
		strscpy(__entry->what, what, VDT_TRACE_WORD);
	),
	TP_printk("ifindex=%u child=%u dir=%s spi=%08x %s", __entry->ifindex, __entry->child,
		  __entry->dir == VIADUCT_DIR_IN ? "in" : "out", __entry->spi, __entry->what)
);

#endif /* _VIADUCT_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
