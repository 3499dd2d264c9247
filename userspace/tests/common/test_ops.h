/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The product's own cryptography with randomness from a seed: what the simulation
 * and the fuzzers give the IKE engine, so that a run can be repeated exactly.
 */
#ifndef TESTS_COMMON_TEST_OPS_H
#define TESTS_COMMON_TEST_OPS_H

#include <stddef.h>
#include <stdint.h>

#include "base/secret.h"
#include "ike/ops.h"

/* Aborts if the cryptography can't be opened: a test has no use for less. */
void test_ops_open(struct ike_ops *ops, uint64_t seed);
void test_ops_close(struct ike_ops *ops);
/* Starts the sequence anew. */
void test_ops_seed(struct ike_ops *ops, uint64_t seed);
/* The next number of the sequence. */
uint64_t test_ops_next(struct ike_ops *ops);

/*
 * vd_kex_generate() with randomness from the seed; MODP and Curve25519/448 groups only (-ENOTSUP).
 * The pair is good for vd_kex_derive().
 */
int test_ops_kex_generate(struct ike_ops *ops, enum ike_dh group, struct vd_secret *priv,
			  uint8_t pub[static IKE_DH_MAX], size_t *pub_len);

#endif
