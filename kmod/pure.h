/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the pure units (replay, selector, esp_frame) need from the kernel, so that
 * the same .c files compile in userspace for fuzzing and unit tests. Nothing in
 * those units sleeps, locks or looks at a socket buffer.
 */
#ifndef _VIADUCT_PURE_H
#define _VIADUCT_PURE_H

#ifdef __KERNEL__
#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/types.h>
#else
#include "tests/kshim/kshim.h"
#endif

#endif /* _VIADUCT_PURE_H */
