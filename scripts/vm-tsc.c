// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vm-tsc: prints the frequency of this processor's time stamp counter in kHz, for scripts/vm. The
 * emulated processor counts with the same counter; left to find its rate out, the guest's kernel
 * gets it wrong by factors on a busy machine, and then seconds last as long as they like there.
 *
 * Each reading of the clock lies between two of the counter; of many tries the tightest counts, so
 * being preempted does no harm.
 */
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <x86intrin.h>

struct sample {
	uint64_t tsc;
	uint64_t ns;
};

static struct sample sample(void)
{
	struct sample best = { 0, 0 };
	uint64_t spread = UINT64_MAX;

	for (int i = 0; i < 200; i++) {
		uint64_t before = __rdtsc(), after;
		struct timespec t;

		clock_gettime(CLOCK_MONOTONIC_RAW, &t);
		after = __rdtsc();
		if (after - before < spread) {
			spread = after - before;
			best.tsc = before + spread / 2;
			best.ns = (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
		}
	}
	return best;
}

int main(void)
{
	struct timespec nap = { .tv_sec = 0, .tv_nsec = 200000000 };
	struct sample a = sample(), b;

	nanosleep(&nap, NULL);
	b = sample();
	if (b.ns <= a.ns || b.tsc <= a.tsc)
		return 1;
	printf("%llu\n", (unsigned long long)((double)(b.tsc - a.tsc) * 1e6 / (double)(b.ns - a.ns)));
	return 0;
}
