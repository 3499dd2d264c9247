// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The timer heap against a list: the same timers fire in the same order.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ike/timer.h"

#define N 64

static uint64_t seed = 42;

static uint32_t chance(uint32_t n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(seed >> 33) % n;
}

/* The armed timer with the least (when, order), or NULL. */
static struct ike_timer *least(struct ike_timer *t)
{
	struct ike_timer *best = NULL;

	for (int i = 0; i < N; i++) {
		if (!ike_timer_armed(&t[i]))
			continue;
		if (!best || t[i].when < best->when ||
		    (t[i].when == best->when && t[i].order < best->order))
			best = &t[i];
	}
	return best;
}

static void test_against_list(void **state)
{
	struct ike_timers h = { 0 };
	struct ike_timer t[N];
	vd_time now = 0;

	assert_int_equal(ike_timers_reserve(&h, N), 0);
	for (int i = 0; i < N; i++)
		ike_timer_init(&t[i], NULL);
	for (int round = 0; round < 20000; round++) {
		struct ike_timer *x = &t[chance(N)], *want;

		switch (chance(4)) {
		case 0:
		case 1:
			ike_timer_set(&h, x, now + chance(50));
			assert_true(ike_timer_armed(x));
			break;
		case 2:
			ike_timer_stop(&h, x);
			assert_false(ike_timer_armed(x));
			assert_true(ike_timer_when(x) == VD_NEVER);
			break;
		case 3:
			now += chance(10);
			while ((want = least(t)) && want->when <= now) {
				assert_true(ike_timers_next(&h) == want->when);
				assert_ptr_equal(ike_timers_due(&h, now), want);
				assert_false(ike_timer_armed(want));
			}
			assert_null(ike_timers_due(&h, now));
			break;
		}
		want = least(t);
		assert_true(ike_timers_next(&h) == (want ? want->when : VD_NEVER));
	}
	ike_timers_release(&h, N);
	ike_timers_free(&h);
}

static void test_never(void **state)
{
	struct ike_timers h = { 0 };
	struct ike_timer t;

	assert_int_equal(ike_timers_reserve(&h, 1), 0);
	ike_timer_init(&t, NULL);
	ike_timer_set(&h, &t, 5);
	ike_timer_set(&h, &t, VD_NEVER);
	assert_false(ike_timer_armed(&t));
	assert_true(ike_timers_next(&h) == VD_NEVER);
	ike_timers_free(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_against_list),
		cmocka_unit_test(test_never),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
