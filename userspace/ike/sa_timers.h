/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an IKE SA does by the clock: rekey, expire, liveness (RFC 7296, 2.4, 2.8), NAT
 * keep-alives (RFC 3948, 2.3).
 */
#ifndef IKE_SA_TIMERS_H
#define IKE_SA_TIMERS_H

#include "ike/sa.h"

void ike_sa_timers_init(struct ike_sa *sa);
/* @sa is established. */
void ike_sa_timers_start(struct ike_engine *e, struct ike_sa *sa);
/* No more rekey, liveness, keep-alives; the expiry stays. */
void ike_sa_timers_quiet(struct ike_engine *e, struct ike_sa *sa);
/* Tries the rekey again soon (TEMPORARY_FAILURE, 2.25), or as the peer took it over. */
void ike_sa_rekey_again(struct ike_engine *e, struct ike_sa *sa, vd_time delay);
/* When to rekey what lives for @lifetime: 90 % of it less up to 5 %, so that both ends seldom do it at once. */
vd_time ike_soft_lifetime(struct ike_engine *e, vd_time lifetime);

#endif
