// SPDX-License-Identifier: GPL-2.0-only
/*
 * Anti-replay window: see replay.h. The bitmap is a ring indexed by the sequence
 * number itself (RFC 6479), so moving the window clears whole words and shifts nothing.
 * The ring has at least 64 bits more than the window: the word that the window's right
 * edge enters never holds a bit that still counts. Owner and lock: the inbound SA.
 */
#include "replay.h"

#define WORD_SHIFT	6
#define WORD_BITS	64
/* How far back numbers are taken as old when there is no window to say (window 0). */
#define GUESS_SPAN	BIT(31)

static u64 *ring_word(const struct vdt_replay *r, u64 seq)
{
	return &r->ring[(seq >> WORD_SHIFT) & r->mask];
}

static u64 ring_bit(u64 seq)
{
	return 1ULL << (seq & (WORD_BITS - 1));
}

int vdt_replay_init(struct vdt_replay *r, u32 window, bool esn, u64 top)
{
	u64 *ring = NULL;
	u32 words = 0;

	if (window && (window < 32 || window > VIADUCT_REPLAY_MAX))
		return -EINVAL;
	if (!esn && top > U32_MAX)
		return -EINVAL;
	if (window) {
		words = roundup_pow_of_two(window + WORD_BITS) / WORD_BITS;
		ring = kvcalloc(words, sizeof(*ring), GFP_KERNEL);
		if (!ring)
			return -ENOMEM;
		/* Seen: all up to top. What lies ahead is cleared as the window moves. */
		memset(ring, 0xff, words * sizeof(*ring));
		ring[(top >> WORD_SHIFT) & (words - 1)] = ring_bit(top) | (ring_bit(top) - 1);
	}
	r->top = top;
	r->window = window;
	r->mask = words ? words - 1 : 0;
	r->esn = esn;
	r->ring = ring;
	return 0;
}

void vdt_replay_destroy(struct vdt_replay *r)
{
	kvfree(r->ring);
	r->ring = NULL;
}

/* RFC 4303, A2.2: the window either lies in one subspace of 2^32 or spans two. */
u64 vdt_replay_seq(const struct vdt_replay *r, u32 low)
{
	u64 top = READ_ONCE(r->top);
	u32 top_high = upper_32_bits(top);
	u32 top_low = lower_32_bits(top);
	u32 span = r->window ? r->window : GUESS_SPAN;
	u32 bottom = top_low - span + 1;
	u32 high = top_high;

	if (!r->esn)
		return low;
	if (top_low >= span - 1) {
		if (low < bottom && ++high == 0)
			return 0;
	} else if (low >= bottom && high-- == 0) {
		return 0;
	}
	return (u64)high << 32 | low;
}

enum viaduct_drop vdt_replay_check(const struct vdt_replay *r, u64 seq)
{
	u64 top = READ_ONCE(r->top);

	if (!r->window)
		return !seq && r->esn ? VIADUCT_DROP_RX_LATE : VIADUCT_DROP_UNSPEC;
	if (!seq)
		return VIADUCT_DROP_RX_LATE;
	if (seq > top)
		return VIADUCT_DROP_UNSPEC;
	if (top - seq >= r->window)
		return VIADUCT_DROP_RX_LATE;
	if (READ_ONCE(*ring_word(r, seq)) & ring_bit(seq))
		return VIADUCT_DROP_RX_REPLAY;
	return VIADUCT_DROP_UNSPEC;
}

/* Move the right edge to @seq: the words between were never part of this window. */
static void advance(struct vdt_replay *r, u64 seq)
{
	u64 old = r->top >> WORD_SHIFT;
	u64 words = min_t(u64, (seq >> WORD_SHIFT) - old, (u64)r->mask + 1);
	u64 i;

	for (i = 1; i <= words; i++)
		WRITE_ONCE(r->ring[(old + i) & r->mask], 0);
	WRITE_ONCE(r->top, seq);
}

enum viaduct_drop vdt_replay_commit(struct vdt_replay *r, u64 seq)
{
	enum viaduct_drop drop = vdt_replay_check(r, seq);
	u64 *word;

	if (drop)
		return drop;
	if (!r->window) {
		if (seq > r->top)
			WRITE_ONCE(r->top, seq);
		return VIADUCT_DROP_UNSPEC;
	}
	if (seq > r->top)
		advance(r, seq);
	word = ring_word(r, seq);
	WRITE_ONCE(*word, *word | ring_bit(seq));
	return VIADUCT_DROP_UNSPEC;
}
