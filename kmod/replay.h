/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The receiver's anti-replay window (RFC 4303, 3.4.3) with 64-bit extended
 * sequence numbers (RFC 4303, appendix A). Pure: no lock, no skb, no clock.
 *
 *   seq = vdt_replay_seq(r, ntohl(esp->seq_no));   guess the high half
 *   drop = vdt_replay_check(r, seq);               cheap, lockless, a hint
 *   ... authenticate with seq ...
 *   spin_lock(); drop = vdt_replay_commit(r, seq); spin_unlock();   the verdict
 *
 * The owner (an inbound SA) holds its lock around commit and takes it once for a
 * whole batch. Check and seq run without: what they read may be a batch old. That lets
 * a replay travel as far as commit, which refuses it, and is otherwise harmless.
 *
 * A window of 0 switches the protection off: check and commit accept everything,
 * commit still follows the highest number, which ESN needs.
 */
#ifndef _VIADUCT_REPLAY_H
#define _VIADUCT_REPLAY_H

#include "pure.h"
#include <linux/viaduct.h>

struct vdt_replay {
	u64 top;		/* highest authenticated sequence number, 0: none yet */
	u32 window;		/* packets, 0: off; exact, not rounded */
	u32 mask;		/* words of the ring - 1 */
	bool esn;
	u64 *ring;		/* bit n of the ring: sequence number n modulo its size */
};

/*
 * Prepare a window of @window packets (0, or 32..VIADUCT_REPLAY_MAX) whose highest
 * accepted number is @top (0 for a new SA); everything up to @top counts as seen.
 * -EINVAL, -ENOMEM. Not from softirq.
 */
int vdt_replay_init(struct vdt_replay *r, u32 window, bool esn, u64 top);
void vdt_replay_destroy(struct vdt_replay *r);

/*
 * The full sequence number of a packet that carries @low (host order). Without ESN
 * that is @low. 0, which no sender uses, when no such number exists (before the
 * first, or past 2^64).
 */
u64 vdt_replay_seq(const struct vdt_replay *r, u32 low);

/*
 * Would @seq be accepted? VIADUCT_DROP_UNSPEC (0) if so, else VIADUCT_DROP_RX_REPLAY
 * (seen) or VIADUCT_DROP_RX_LATE (left of the window). Changes nothing.
 */
enum viaduct_drop vdt_replay_check(const struct vdt_replay *r, u64 seq);

/*
 * Accept @seq, which was authenticated, and mark it as seen; the same verdicts as
 * check. A refused number changes nothing.
 */
enum viaduct_drop vdt_replay_commit(struct vdt_replay *r, u64 seq);

/* The highest number accepted, for dumps. Lockless. */
static inline u64 vdt_replay_top(const struct vdt_replay *r)
{
	return READ_ONCE(r->top);
}

#endif /* _VIADUCT_REPLAY_H */
