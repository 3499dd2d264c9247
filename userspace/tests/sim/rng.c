// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Chance from a seed: splitmix64.
 */
#include "sim.h"

uint64_t sim_rng_next(struct sim_rng *r)
{
	uint64_t z = (r->state += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

uint32_t sim_rng_below(struct sim_rng *r, uint32_t n)
{
	return n ? (uint32_t)(sim_rng_next(r) % n) : 0;
}

bool sim_rng_chance(struct sim_rng *r, uint32_t percent)
{
	return sim_rng_below(r, 100) < percent;
}
