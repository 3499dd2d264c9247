// SPDX-License-Identifier: GPL-2.0-only
/* Which CPU goes on with a received packet. Role: steer.h. */
#include <linux/atomic.h>
#include <linux/hash.h>

#include "steer.h"

#define BITS	12

/* High half: the CPU; low half: packets that are queued there. */
static atomic64_t buckets[1 << BITS];

u16 vdt_steer_enter(__be32 spi, u16 here, u16 *cpu)
{
	u16 bucket = hash_32((__force u32)spi, BITS);
	s64 old = atomic64_read(&buckets[bucket]);
	s64 new;

	do {
		*cpu = lower_32_bits(old) ? upper_32_bits(old) : here;
		new = (s64)*cpu << 32 | (lower_32_bits(old) + 1);
	} while (!atomic64_try_cmpxchg(&buckets[bucket], &old, new));
	return bucket;
}

void vdt_steer_leave(u16 bucket)
{
	atomic64_dec(&buckets[bucket]);
}
