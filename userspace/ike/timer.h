/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Deadlines: a binary heap of timers that live inside the objects they belong to.
 *
 * Setting a timer never fails: an object reserves room for its timers when it is made.
 * Equal deadlines fire in the order they were set, so a run is the same every time.
 */
#ifndef IKE_TIMER_H
#define IKE_TIMER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/time.h"

struct ike_engine;
struct ike_timer;

typedef void (*ike_timer_fn)(struct ike_engine *e, struct ike_timer *t);

struct ike_timer {
	ike_timer_fn	fn;
	vd_time		when;
	uint64_t	order;
	size_t		at;	/* place in the heap, counted from 1; 0: not armed */
};

struct ike_timers {
	struct ike_timer **heap;
	size_t		n;
	size_t		cap;
	size_t		reserved;
	uint64_t	next_order;
};

/* Room for @n more timers. 0 or -ENOMEM. */
int  ike_timers_reserve(struct ike_timers *h, size_t n);
void ike_timers_release(struct ike_timers *h, size_t n);
void ike_timers_free(struct ike_timers *h);

void ike_timer_init(struct ike_timer *t, ike_timer_fn fn);
/* Arms @t, or moves it. VD_NEVER disarms. */
void ike_timer_set(struct ike_timers *h, struct ike_timer *t, vd_time when);
void ike_timer_stop(struct ike_timers *h, struct ike_timer *t);
static inline bool ike_timer_armed(const struct ike_timer *t)
{
	return t->at != 0;
}
/* When @t fires, VD_NEVER if it is not armed. */
static inline vd_time ike_timer_when(const struct ike_timer *t)
{
	return t->at ? t->when : VD_NEVER;
}
/* The earliest deadline, VD_NEVER without one. */
vd_time ike_timers_next(const struct ike_timers *h);
/* Takes the earliest timer off if it is due, else NULL. */
struct ike_timer *ike_timers_due(struct ike_timers *h, vd_time now);

#endif
