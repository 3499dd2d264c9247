/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One step of the walk along a payload chain, for chain.c and message.c only.
 */
#ifndef IKE_WIRE_CHAIN_WALK_H
#define IKE_WIRE_CHAIN_WALK_H

#include "ike/wire/chain.h"

/*
 * Reads the payload of type *@next: its view to *@p, the type of the one behind it to *@next.
 * SYNTAX if its length is impossible.
 */
IKE_MUST_CHECK enum ike_wire_error
ike_chain_step(struct vd_reader *r, uint8_t *next, struct ike_payload *p);
/* Keeps @p, or skips it if it is unknown. CRITICAL, TOO_MANY. */
IKE_MUST_CHECK enum ike_wire_error
ike_chain_add(struct ike_chain *c, const struct ike_payload *p);

#endif
