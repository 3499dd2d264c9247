/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Diffie-Hellman for tests: really commutative, of no strength, any group's length, and a
 * thousand times faster than the real one.
 */
#ifndef TESTS_COMMON_FAKE_DH_H
#define TESTS_COMMON_FAKE_DH_H

#include <stddef.h>
#include <stdint.h>

#include "ike/transform.h"

#define FAKE_DH_PRIVATE 8
#define FAKE_DH_SHARED 32

/* The public value of the pair made from @chance. Returns its length. */
size_t fake_dh_generate(enum ike_dh group, uint64_t chance, uint8_t priv[static FAKE_DH_PRIVATE],
			uint8_t pub[static IKE_DH_MAX]);
/* 0, or -EBADMSG for a value that is none. */
int fake_dh_derive(enum ike_dh group, const uint8_t *priv, size_t priv_len, const uint8_t *peer,
		   size_t peer_len, uint8_t shared[static FAKE_DH_SHARED]);

#endif
