/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Keeps the received packets of one SA in order although they arrive on several CPUs: as long as
 * any of them is queued, all others go to the same CPU. Where they arrive on one CPU anyway
 * (a NIC that hashes flows), that CPU is always the one. SAs share buckets by a hash of the
 * SPI; sharing costs parallelism, never order.
 *
 * Without it, a CPU that is behind by more packets than the replay window is wide would see all
 * of them refused (RFC 4303, 3.4.3).
 *
 * No lock: one atomic word per bucket.
 */
#ifndef _VIADUCT_STEER_H
#define _VIADUCT_STEER_H

#include <linux/types.h>

/*
 * A packet of @spi is going to be queued: the bucket it counts in, and in *@cpu whose list it
 * goes to, @here if it is free to choose. Bottom halves disabled.
 */
u16 vdt_steer_enter(__be32 spi, u16 here, u16 *cpu);

/* It was delivered or dropped. Any context. */
void vdt_steer_leave(u16 bucket);

#endif /* _VIADUCT_STEER_H */
