// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's anti-replay window (kmod/replay.c) against the simplest model there is: a set
 * of all numbers ever accepted. The input is a window, ESN or not, a start, and then moves of
 * a sender and a network that repeats, delays and loses.
 */
#include <stdint.h>
#include <stdlib.h>

#include "../../../kmod/replay.c"

#define STEPS	4096
#define SLOTS	(4 * STEPS)

struct input {
	const uint8_t	*at;
	const uint8_t	*end;
};

/* The numbers accepted since the start; what was accepted before is all up to base. */
struct model {
	u64	base;
	u64	top;
	u32	window;
	bool	esn;
	u64	slots[SLOTS];
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
	if (!ok)
		abort();
}

static u64 take(struct input *in, int n)
{
	u64 v = 0;

	while (n-- && in->at < in->end)
		v = v << 8 | *in->at++;
	return v;
}

/* The slot of @seq: its own, or an empty one. */
static u64 *slot(struct model *m, u64 seq)
{
	size_t i = seq * 0x9e3779b97f4a7c15ULL >> 40;

	for (;; i++)
		if (!m->slots[i % SLOTS] || m->slots[i % SLOTS] == seq)
			return &m->slots[i % SLOTS];
}

static enum viaduct_drop model_commit(struct model *m, u64 seq)
{
	u64 *s;

	if (!m->window) {
		if (!seq && m->esn)
			return VIADUCT_DROP_RX_LATE;
		m->top = seq > m->top ? seq : m->top;
		return VIADUCT_DROP_UNSPEC;
	}
	if (!seq || (seq <= m->top && m->top - seq >= m->window))
		return VIADUCT_DROP_RX_LATE;
	s = slot(m, seq);
	if (seq <= m->base || *s == seq)
		return VIADUCT_DROP_RX_REPLAY;
	*s = seq;
	m->top = seq > m->top ? seq : m->top;
	return VIADUCT_DROP_UNSPEC;
}

/* What the guess promises for any low half: the one number in reach that ends in it. */
static void check_guess(const struct vdt_replay *r, const struct model *m, u32 low)
{
	u64 span = m->window ? m->window : 1ULL << 31;
	u64 seq = vdt_replay_seq(r, low);

	if (!m->esn) {
		require(seq == low);
		return;
	}
	if (!seq) {
		/* Only around both ends of all numbers, or for the number 0 itself. */
		require(m->top < span || m->top > UINT64_MAX - (1ULL << 32));
		return;
	}
	require((u32)seq == low);
	require(seq > m->top ? seq - m->top <= (1ULL << 32) - span : m->top - seq < span);
}

/* The next number that arrives. */
static u64 next_number(struct input *in, const struct model *m)
{
	uint8_t move = take(in, 1);
	u64 seq, far;

	switch (move & 7) {
	case 0:
		seq = m->top + 1 + take(in, 4);
		break;
	case 1:
		/* As far as the guess can follow. */
		far = (1ULL << 32) - (m->window ? m->window : 1ULL << 31);
		seq = m->top + far - take(in, 1);
		break;
	case 2:
		seq = m->top - take(in, 3);
		break;
	case 3:
		seq = m->top - m->window + (move >> 3) - 16;
		break;
	case 4:
		seq = (m->top | 0xffffffff) - 8 + (move >> 3);
		break;
	case 5:
		seq = m->top - (move >> 3);
		break;
	default:
		seq = m->top + 1 + (move >> 3);
		break;
	}
	return m->esn ? seq : (u32)seq;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct model m;
	struct input in = { data, data + size };
	struct vdt_replay r;
	int steps;

	memset(&m, 0, sizeof(m));
	m.esn = take(&in, 1) & 1;
	m.window = take(&in, 3);
	m.base = take(&in, m.esn ? 8 : 4);
	if (vdt_replay_init(&r, m.window, m.esn, m.base)) {
		require(m.window && (m.window < 32 || m.window > VIADUCT_REPLAY_MAX));
		return 0;
	}
	m.top = m.base;
	for (steps = 0; in.at < in.end && steps < STEPS; steps++) {
		u64 seq = next_number(&in, &m);
		enum viaduct_drop check = vdt_replay_check(&r, seq);

		check_guess(&r, &m, (u32)seq);
		require(vdt_replay_commit(&r, seq) == check);
		require(model_commit(&m, seq) == check);
		require(vdt_replay_top(&r) == m.top);
	}
	vdt_replay_destroy(&r);
	return 0;
}
