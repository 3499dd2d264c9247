// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * crypto/psk.c. No RFC has vectors for the AUTH value: these were computed with Python's hmac from
 * the formula of RFC 7296, 2.15 (psk "correct horse", octets 0, 1, … 99).
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/ops.h"
#include "crypto/psk.h"
#include "tests/common/hex.h"

static struct ike_ops ops;
static struct vd_secret psk, octets;

static int setup(void **state)
{
	uint8_t msg[100];

	for (size_t i = 0; i < sizeof(msg); i++)
		msg[i] = (uint8_t)i;
	return vd_crypto_open(&ops) || vd_secret_set(&psk, "correct horse", 13) ||
	       vd_secret_set(&octets, msg, sizeof(msg));
}

static int teardown(void **state)
{
	vd_crypto_close(&ops);
	vd_secret_free(&psk);
	vd_secret_free(&octets);
	return 0;
}

static const struct {
	enum ike_prf prf;
	const char *auth;
} vectors[] = {
	{ IKE_PRF_HMAC_SHA1, "cdcfcac8eb207591e2006004545bd80a0821d4d0" },
	{ IKE_PRF_HMAC_SHA2_256, "5086e5f0905d201b099db8a9ad3a7ce01ffb6c19273dc74158c32bdc59dbe2f4" },
	{ IKE_PRF_HMAC_SHA2_384, "60404a105f4fe5f2bfedf30e5f77050efadb1c7e03ff2f013e90f6e550c389e9"
				 "bd828493916f00114843e761bd8a1dce" },
	{ IKE_PRF_HMAC_SHA2_512, "dba1880ece12476f9e019957e2ad9d20bc856f5880192353407e852fc735f196"
				 "f4d85c8cb47ad2190e10478a076c2c668a585866b581fc2951dc5eeca6f1890d" },
};

static void test_sign_and_verify(void **state)
{
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		uint8_t want[IKE_PRF_MAX], got[IKE_PRF_MAX] = { 0 }, len = 0;
		size_t want_len = test_hex(vectors[i].auth, want, sizeof(want));

		assert_int_equal(vd_psk_sign(&ops, vectors[i].prf, &psk, &octets, got, &len), 0);
		assert_int_equal(len, want_len);
		assert_memory_equal(got, want, want_len);
		assert_int_equal(vd_psk_verify(&ops, vectors[i].prf, &psk, &octets, got, len), 0);
	}
}

static void test_every_bit_counts(void **state)
{
	uint8_t auth[IKE_PRF_MAX], len;

	assert_int_equal(vd_psk_sign(&ops, IKE_PRF_HMAC_SHA2_256, &psk, &octets, auth, &len), 0);
	for (size_t bit = 0; bit < 8u * len; bit++) {
		auth[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_equal(vd_psk_verify(&ops, IKE_PRF_HMAC_SHA2_256, &psk, &octets, auth, len), -EACCES);
		auth[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	assert_int_equal(vd_psk_verify(&ops, IKE_PRF_HMAC_SHA2_256, &psk, &octets, auth, len - 1u), -EACCES);
	assert_int_equal(vd_psk_verify(&ops, IKE_PRF_HMAC_SHA2_256, &psk, &octets, auth, len + 1u), -EACCES);
	assert_int_equal(vd_psk_verify(&ops, IKE_PRF_HMAC_SHA2_256, &psk, &octets, auth, 0), -EACCES);
	assert_int_equal(vd_psk_verify(&ops, IKE_PRF_HMAC_SHA2_256, &psk, &octets, auth, len), 0);
}

static void test_wrong_key(void **state)
{
	struct vd_secret other = { 0 };
	uint8_t auth[IKE_PRF_MAX], len;

	assert_int_equal(vd_psk_sign(&ops, IKE_PRF_HMAC_SHA2_256, &psk, &octets, auth, &len), 0);
	assert_int_equal(vd_secret_set(&other, "correct horse\n", 14), 0);
	assert_int_equal(vd_psk_verify(&ops, IKE_PRF_HMAC_SHA2_256, &other, &octets, auth, len), -EACCES);
	vd_secret_free(&other);
	/* No key is an error of its own, never a key of no octets. */
	assert_int_equal(vd_psk_verify(&ops, IKE_PRF_HMAC_SHA2_256, &other, &octets, auth, len), -ENOENT);
}

static void test_errors_leave_outputs(void **state)
{
	struct vd_secret none = { 0 };
	uint8_t auth[IKE_PRF_MAX] = { 0x77 }, len = 99;

	assert_int_equal(vd_psk_sign(&ops, IKE_PRF_HMAC_MD5, &psk, &octets, auth, &len), -ENOTSUP);
	assert_int_equal(vd_psk_sign(&ops, IKE_PRF_HMAC_SHA2_256, &none, &octets, auth, &len), -ENOENT);
	assert_int_equal(auth[0], 0x77);
	assert_int_equal(len, 99);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sign_and_verify),
		cmocka_unit_test(test_every_bit_counts),
		cmocka_unit_test(test_wrong_key),
		cmocka_unit_test(test_errors_leave_outputs),
	};

	return cmocka_run_group_tests_name("psk", tests, setup, teardown);
}
