// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit: the anti-replay window and the guess of extended sequence numbers (RFC 4303, 3.4.3
 * and appendix A): cases by hand, and random walks against a model that remembers each number.
 */
#include <kunit/test.h>
#include <linux/prandom.h>

#include "../replay.c"

#define OK	VIADUCT_DROP_UNSPEC
#define LATE	VIADUCT_DROP_RX_LATE
#define SEEN	VIADUCT_DROP_RX_REPLAY

static void start(struct kunit *test, struct vdt_replay *r, u32 window, bool esn, u64 top)
{
	KUNIT_ASSERT_EQ(test, vdt_replay_init(r, window, esn, top), 0);
}

static void init_ranges(struct kunit *test)
{
	struct vdt_replay r = { .top = 77 };

	KUNIT_EXPECT_EQ(test, vdt_replay_init(&r, 1, false, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, vdt_replay_init(&r, 31, false, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, vdt_replay_init(&r, VIADUCT_REPLAY_MAX + 1, false, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, vdt_replay_init(&r, 32, false, 1ULL << 32), -EINVAL);
	KUNIT_EXPECT_EQ(test, r.top, 77ULL);
	start(test, &r, 32, true, 1ULL << 32);
	vdt_replay_destroy(&r);
	start(test, &r, VIADUCT_REPLAY_MAX, false, U32_MAX);
	vdt_replay_destroy(&r);
	vdt_replay_destroy(&r);
}

static void in_order(struct kunit *test)
{
	struct vdt_replay r;
	u64 seq;

	start(test, &r, 64, false, 0);
	for (seq = 1; seq < 1000; seq++) {
		KUNIT_ASSERT_EQ(test, vdt_replay_check(&r, seq), OK);
		KUNIT_ASSERT_EQ(test, vdt_replay_commit(&r, seq), OK);
		KUNIT_ASSERT_EQ(test, vdt_replay_check(&r, seq), SEEN);
		KUNIT_ASSERT_EQ(test, vdt_replay_commit(&r, seq), SEEN);
	}
	KUNIT_EXPECT_EQ(test, vdt_replay_top(&r), 999ULL);
	KUNIT_EXPECT_EQ(test, vdt_replay_commit(&r, 0), LATE);
	vdt_replay_destroy(&r);
}

/* The window is exactly as wide as asked for, whatever the words of the ring. */
static void edges(struct kunit *test)
{
	static const u32 windows[] = { 32, 33, 63, 64, 65, 127, 128, 1000, 4096, 65535, 65536 };
	struct vdt_replay r;
	u64 top;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(windows); i++)
		for (top = 200000; top < 200000 + 130; top++) {
			start(test, &r, windows[i], false, 0);
			KUNIT_ASSERT_EQ(test, vdt_replay_commit(&r, top), OK);
			KUNIT_ASSERT_EQ(test, vdt_replay_commit(&r, top - windows[i]), LATE);
			KUNIT_ASSERT_EQ(test, vdt_replay_commit(&r, top - windows[i] + 1), OK);
			KUNIT_ASSERT_EQ(test, vdt_replay_commit(&r, top - windows[i] + 1), SEEN);
			KUNIT_ASSERT_EQ(test, vdt_replay_commit(&r, top + 1), OK);
			KUNIT_ASSERT_EQ(test, vdt_replay_commit(&r, top - windows[i] + 1), LATE);
			vdt_replay_destroy(&r);
		}
}

/* A gap larger than the window, and than the ring, forgets all and nothing else. */
static void gaps(struct kunit *test)
{
	static const u64 jumps[] = { 32, 64, 128, 129, 4096, 1 << 20, U32_MAX - 5000 };
	struct vdt_replay r;
	u32 i, back;

	for (i = 0; i < ARRAY_SIZE(jumps); i++) {
		u64 top = 1000 + jumps[i];

		start(test, &r, 64, false, 1000);
		KUNIT_ASSERT_EQ(test, vdt_replay_commit(&r, top), OK);
		for (back = 1; back < 64; back++)
			KUNIT_EXPECT_EQ_MSG(test, vdt_replay_commit(&r, top - back),
					    back >= jumps[i] ? SEEN : OK, "jump %llu back %u",
					    jumps[i], back);
		KUNIT_EXPECT_EQ(test, vdt_replay_commit(&r, top - 64), LATE);
		vdt_replay_destroy(&r);
	}
}

/* What was accepted before the SA came here counts as seen. */
static void resumes(struct kunit *test)
{
	struct vdt_replay r;

	start(test, &r, 64, true, (5ULL << 32) + 10);
	KUNIT_EXPECT_EQ(test, vdt_replay_commit(&r, (5ULL << 32) + 10), SEEN);
	KUNIT_EXPECT_EQ(test, vdt_replay_commit(&r, (5ULL << 32) - 20), SEEN);
	KUNIT_EXPECT_EQ(test, vdt_replay_commit(&r, (5ULL << 32) - 54), LATE);
	KUNIT_EXPECT_EQ(test, vdt_replay_commit(&r, (5ULL << 32) + 11), OK);
	vdt_replay_destroy(&r);
}

static void switched_off(struct kunit *test)
{
	struct vdt_replay r;

	start(test, &r, 0, false, 0);
	KUNIT_EXPECT_EQ(test, vdt_replay_commit(&r, 5), OK);
	KUNIT_EXPECT_EQ(test, vdt_replay_commit(&r, 5), OK);
	KUNIT_EXPECT_EQ(test, vdt_replay_commit(&r, 0), OK);
	KUNIT_EXPECT_EQ(test, vdt_replay_top(&r), 5ULL);
	vdt_replay_destroy(&r);

	/* With ESN the high half is guessed by what is nearest. */
	start(test, &r, 0, true, (1ULL << 32) - 2);
	KUNIT_EXPECT_EQ(test, vdt_replay_seq(&r, 3), (1ULL << 32) + 3);
	KUNIT_EXPECT_EQ(test, vdt_replay_seq(&r, U32_MAX - 100), (u64)U32_MAX - 100);
	KUNIT_EXPECT_EQ(test, vdt_replay_commit(&r, (1ULL << 32) + 3), OK);
	KUNIT_EXPECT_EQ(test, vdt_replay_seq(&r, U32_MAX), (u64)U32_MAX);
	vdt_replay_destroy(&r);
}

struct guess {
	const char *name;
	u32 window;
	u64 top;
	u32 low;
	u64 seq;
};

#define HIGH(n)	((u64)(n) << 32)

static const struct guess guesses[] = {
	{ "first packet", 64, 0, 1, 1 },
	{ "before the first, none sends it", 64, 0, U32_MAX - 10, 0 },
	{ "before the first, window not full", 64, 10, U32_MAX, 0 },
	{ "case A, ahead", 64, HIGH(7) + 1000, 2000, HIGH(7) + 2000 },
	{ "case A, right edge", 64, HIGH(7) + 1000, 1000, HIGH(7) + 1000 },
	{ "case A, left edge", 64, HIGH(7) + 1000, 937, HIGH(7) + 937 },
	{ "case A, left of it is the next subspace", 64, HIGH(7) + 1000, 936, HIGH(8) + 936 },
	{ "case A, wrap", 64, HIGH(7) + U32_MAX, 0, HIGH(8) },
	{ "case A, window just fits", 64, HIGH(7) + 63, 0, HIGH(7) },
	{ "case B, window spans two, low part", 64, HIGH(7) + 62, U32_MAX, HIGH(6) + U32_MAX },
	{ "case B, left edge", 64, HIGH(7) + 10, U32_MAX - 52, HIGH(6) + U32_MAX - 52 },
	{ "case B, left of it", 64, HIGH(7) + 10, U32_MAX - 53, HIGH(7) + U32_MAX - 53 },
	{ "case B, ahead", 64, HIGH(7) + 10, 11, HIGH(7) + 11 },
	{ "largest window", 65536, HIGH(1) + 1, U32_MAX - 65533, HIGH(0) + U32_MAX - 65533 },
	{ "past the end of all numbers", 64, HIGH(U32_MAX) + U32_MAX, 5, 0 },
	{ "last number", 64, HIGH(U32_MAX) + 5000, U32_MAX, HIGH(U32_MAX) + U32_MAX },
};

static void guess_desc(const struct guess *g, char *desc)
{
	strscpy(desc, g->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(guess, guesses, guess_desc);

static void guess_high(struct kunit *test)
{
	const struct guess *g = test->param_value;
	struct vdt_replay r;

	start(test, &r, g->window, true, g->top);
	KUNIT_EXPECT_EQ(test, vdt_replay_seq(&r, g->low), g->seq);
	if (!g->seq)
		KUNIT_EXPECT_EQ(test, vdt_replay_check(&r, g->seq), LATE);
	vdt_replay_destroy(&r);
}

/* Without ESN the number on the wire is the number, and it ends at 2^32. */
static void no_esn(struct kunit *test)
{
	struct vdt_replay r;

	start(test, &r, 64, false, U32_MAX - 5);
	KUNIT_EXPECT_EQ(test, vdt_replay_seq(&r, 3), 3ULL);
	KUNIT_EXPECT_EQ(test, vdt_replay_commit(&r, 3), LATE);
	KUNIT_EXPECT_EQ(test, vdt_replay_commit(&r, U32_MAX), OK);
	KUNIT_EXPECT_EQ(test, vdt_replay_commit(&r, 0), LATE);
	vdt_replay_destroy(&r);
}

/* --- random walks against a model --- */

#define SPAN	(1U << 22)	/* numbers a walk stays within */

struct model {
	u64 base;		/* the number of bit 0 */
	u64 top;
	u32 window;
	unsigned long *seen;
};

static enum viaduct_drop model_commit(struct model *m, u64 seq)
{
	if (!seq || (seq <= m->top && m->top - seq >= m->window))
		return LATE;
	if (test_bit(seq - m->base, m->seen))
		return SEEN;
	set_bit(seq - m->base, m->seen);
	m->top = max(m->top, seq);
	return OK;
}

/* Mostly near the edge, sometimes far ahead, often again. */
static u64 next_number(struct rnd_state *rnd, const struct model *m)
{
	u32 x = prandom_u32_state(rnd), y = prandom_u32_state(rnd);
	u64 lowest = m->base + 2 * m->window + 2;
	u64 seq;

	switch (x % 8) {
	case 0:
		seq = m->top + 1 + (y % (3 * m->window) >> (x >> 27));
		break;
	case 1:
	case 2:
		seq = m->top + 1 + y % 3;
		break;
	default:
		seq = m->top - y % (2 * m->window);
		break;
	}
	return clamp(seq, lowest, m->base + SPAN - 1);
}

struct walk {
	u32 window;
	bool esn;
	u64 base;
};

/* The walk crosses a multiple of 2^32 soon after its start. */
#define WRAP(window, high) { window, true, HIGH(high) - 4 * (window) - 1000 }

static const struct walk walks[] = {
	{ 32, false, 0 }, { 33, false, 0 }, { 64, false, U32_MAX - SPAN },
	{ 100, false, 1000000 }, { 1024, false, 0 }, { 65536, false, 5 },
	{ 32, true, 0 }, WRAP(32, 1), WRAP(64, 1), WRAP(257, 2), WRAP(4096, 77),
	WRAP(65536, 1), WRAP(65536, U32_MAX),
};

static void walk_desc(const struct walk *w, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "window %u%s from %#llx", w->window,
		 w->esn ? " esn" : "", w->base);
}

KUNIT_ARRAY_PARAM(walk, walks, walk_desc);

static void random_walk(struct kunit *test)
{
	const struct walk *w = test->param_value;
	struct model m = { .base = w->base, .window = w->window };
	struct vdt_replay r;
	struct rnd_state rnd;
	u32 step;

	prandom_seed_state(&rnd, w->window + w->base + w->esn);
	m.top = w->base + 2 * w->window + 1;
	m.seen = kvzalloc(SPAN / 8, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, m.seen);
	bitmap_set(m.seen, 0, 2 * w->window + 2);
	if (vdt_replay_init(&r, w->window, w->esn, m.top)) {
		kvfree(m.seen);
		KUNIT_FAIL(test, "no replay window");
		return;
	}
	for (step = 0; step < 100000 && test->status == KUNIT_SUCCESS; step++) {
		u64 seq = next_number(&rnd, &m);
		u64 top = m.top;
		enum viaduct_drop want;

		/* Left of the window the guess is the next subspace: no number of this walk. */
		if (seq + m.window > m.top)
			KUNIT_EXPECT_EQ(test, vdt_replay_seq(&r, lower_32_bits(seq)), seq);
		want = vdt_replay_check(&r, seq);
		KUNIT_EXPECT_EQ(test, vdt_replay_commit(&r, seq), want);
		KUNIT_EXPECT_EQ_MSG(test, model_commit(&m, seq), want, "step %u seq %llu top %llu",
				    step, seq, top);
		KUNIT_EXPECT_EQ(test, vdt_replay_top(&r), m.top);
	}
	KUNIT_EXPECT_GT(test, m.top, w->base + 5 * w->window + 2000);
	vdt_replay_destroy(&r);
	kvfree(m.seen);
}

static struct kunit_case replay_cases[] = {
	KUNIT_CASE(init_ranges),
	KUNIT_CASE(in_order),
	KUNIT_CASE(edges),
	KUNIT_CASE(gaps),
	KUNIT_CASE(resumes),
	KUNIT_CASE(switched_off),
	KUNIT_CASE(no_esn),
	KUNIT_CASE_PARAM(guess_high, guess_gen_params),
	KUNIT_CASE_PARAM(random_walk, walk_gen_params),
	{}
};

static struct kunit_suite replay_suite = {
	.name = "viaduct_replay",
	.test_cases = replay_cases,
};

kunit_test_suite(replay_suite);

MODULE_DESCRIPTION("viaduct: tests of the anti-replay window");
MODULE_LICENSE("GPL");
