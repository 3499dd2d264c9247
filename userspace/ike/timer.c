// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The timer heap. No lock: one engine, one thread.
 */
#include "ike/timer.h"

#include <errno.h>
#include <stdlib.h>

int ike_timers_reserve(struct ike_timers *h, size_t n)
{
	size_t want = h->reserved + n;

	if (want > h->cap) {
		size_t cap = h->cap ? h->cap * 2 : 64;
		struct ike_timer **heap;

		while (cap < want)
			cap *= 2;
		heap = realloc(h->heap, cap * sizeof(struct ike_timer *));
		if (!heap)
			return -ENOMEM;
		h->heap = heap;
		h->cap = cap;
	}
	h->reserved = want;
	return 0;
}

void ike_timers_release(struct ike_timers *h, size_t n)
{
	h->reserved -= n;
}

void ike_timers_free(struct ike_timers *h)
{
	free(h->heap);
	*h = (struct ike_timers){ 0 };
}

void ike_timer_init(struct ike_timer *t, ike_timer_fn fn)
{
	*t = (struct ike_timer){ .fn = fn };
}

static bool before(const struct ike_timer *a, const struct ike_timer *b)
{
	return a->when < b->when || (a->when == b->when && a->order < b->order);
}

static void put(struct ike_timers *h, size_t at, struct ike_timer *t)
{
	h->heap[at - 1] = t;
	t->at = at;
}

static void sift_up(struct ike_timers *h, struct ike_timer *t)
{
	size_t at = t->at;

	while (at > 1 && before(t, h->heap[at / 2 - 1])) {
		put(h, at, h->heap[at / 2 - 1]);
		at /= 2;
	}
	put(h, at, t);
}

static void sift_down(struct ike_timers *h, struct ike_timer *t)
{
	size_t at = t->at;

	for (;;) {
		size_t kid = at * 2;

		if (kid > h->n)
			break;
		if (kid < h->n && before(h->heap[kid], h->heap[kid - 1]))
			kid++;
		if (!before(h->heap[kid - 1], t))
			break;
		put(h, at, h->heap[kid - 1]);
		at = kid;
	}
	put(h, at, t);
}

void ike_timer_stop(struct ike_timers *h, struct ike_timer *t)
{
	struct ike_timer *last;

	if (!t->at)
		return;
	last = h->heap[--h->n];
	if (last != t) {
		put(h, t->at, last);
		sift_up(h, last);
		sift_down(h, last);
	}
	t->at = 0;
}

void ike_timer_set(struct ike_timers *h, struct ike_timer *t, vd_time when)
{
	ike_timer_stop(h, t);
	if (when == VD_NEVER)
		return;
	t->when = when;
	t->order = h->next_order++;
	put(h, ++h->n, t);
	sift_up(h, t);
}

vd_time ike_timers_next(const struct ike_timers *h)
{
	return h->n ? h->heap[0]->when : VD_NEVER;
}

struct ike_timer *ike_timers_due(struct ike_timers *h, vd_time now)
{
	struct ike_timer *t = h->n ? h->heap[0] : NULL;

	if (!t || t->when > now)
		return NULL;
	ike_timer_stop(h, t);
	return t;
}
