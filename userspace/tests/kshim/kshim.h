/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * As much of the kernel as kmod's pure units use, so that fuzz targets and unit tests
 * can include their .c files (see kmod/pure.h). Not for anything else.
 */
#ifndef VIADUCT_TESTS_KSHIM_H
#define VIADUCT_TESTS_KSHIM_H

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

struct rcu_head {
	void *unused;
};

#define U16_MAX			UINT16_MAX
#define U32_MAX			UINT32_MAX
#define U64_MAX			UINT64_MAX
#define GFP_KERNEL		0

#define BIT(n)			(1UL << (n))
#define READ_ONCE(x)		(x)
#define WRITE_ONCE(x, v)	((x) = (v))
#define upper_32_bits(n)	((u32)((n) >> 32))
#define lower_32_bits(n)	((u32)(n))
#define min(a, b)		((a) < (b) ? (a) : (b))
#define min_t(t, a, b)		((t)(a) < (t)(b) ? (t)(a) : (t)(b))
#define swap(a, b)		do { __typeof__(a) t_ = (a); (a) = (b); (b) = t_; } while (0)
#define ALIGN(x, a)		(((x) + (a) - 1) & ~((a) - 1))
#define ALIGN_DOWN(x, a)	((x) & ~((a) - 1))
#define IS_ALIGNED(x, a)	(((x) & ((a) - 1)) == 0)
#define struct_size(p, m, n)	(sizeof(*(p)) + (n) * sizeof(*(p)->m))

static inline unsigned int ilog2(u64 v)
{
	return 63 - __builtin_clzll(v);
}

static inline u32 roundup_pow_of_two(u32 v)
{
	return v <= 1 ? 1 : 1u << (32 - __builtin_clz(v - 1));
}

static inline void *kvcalloc(size_t n, size_t size, int flags)
{
	(void)flags;
	return calloc(n, size);
}

static inline void *kvzalloc(size_t size, int flags)
{
	(void)flags;
	return calloc(1, size);
}

#define kvfree(p)		free(p)
#define kvfree_rcu(p, member)	free(p)

static inline void sort(void *base, size_t n, size_t size,
			int (*compare)(const void *, const void *), void *swap_func)
{
	(void)swap_func;
	qsort(base, n, size, compare);
}

#endif
