/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lifetimes of SAs (RFC 4301, 4.4.2.1): soft limits tell the daemon, hard limits end the SA.
 *
 * Lock: none of its own. Time limits run on vdt_sa.timer; bytes and packets are looked at by
 * the batch that reaches them; each limit is reported once (vdt_sa.fired).
 */
#ifndef _VIADUCT_EXPIRE_H
#define _VIADUCT_EXPIRE_H

#include "sa.h"

/* Prepare and start the timer of a new SA; larval ones end after @larval_ms. */
void vdt_expire_init(struct vdt_sa *sa);
void vdt_expire_start_larval(struct vdt_sa *sa, u32 larval_ms);

/* Start anew after the lifetimes were set. Reports and ends what is due already. */
void vdt_expire_start(struct vdt_sa *sa);

/* No timer runs afterwards. May sleep. */
void vdt_expire_stop(struct vdt_sa *sa);

/*
 * A batch of @packets with @bytes inner octets used @sa; only if sa->limited. False: a hard
 * limit was reached before, so the batch must not use it. Any context.
 */
bool vdt_expire_count(struct vdt_sa *sa, u32 packets, u64 bytes);

/* The sequence numbers of @sa are used up (hard), or nearly (soft). Any context. */
void vdt_expire_seq(struct vdt_sa *sa, bool hard);

#endif /* _VIADUCT_EXPIRE_H */
