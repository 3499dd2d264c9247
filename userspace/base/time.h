/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Time as an argument. Nothing below daemon/ reads a clock.
 */
#ifndef VD_BASE_TIME_H
#define VD_BASE_TIME_H

#include <stdint.h>

/* Milliseconds on a clock that only goes forward, of any origin. */
typedef int64_t vd_time;

#define VD_SECOND	((vd_time)1000)
#define VD_NEVER	INT64_MAX

#endif
