// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Keying material. prf+ (RFC 7296, 2.13) is HKDF-Expand and SKEYSEED HKDF-Extract, so the vectors of RFC
 * 5869 apply as they are; AUTH is checked against strongSwan's own; the order of the keys against
 * prf+ itself.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/psk.h"
#include "ike/keymat.h"
#include "tests/common/hex.h"
#include "tests/common/test_ops.h"
#include "tests/vectors/strongswan_ike.h"

static struct ike_ops ops;

struct hkdf {
	const char	*ikm, *salt, *info, *prk, *okm;
	size_t		ni;	/* of the salt; the rest is Nr */
};

/* RFC 5869, A.1 and A.2 */
static const struct hkdf hkdf[] = {
	{
		.ikm = "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
		.salt = "000102030405060708090a0b0c", .ni = 8,
		.info = "f0f1f2f3f4f5f6f7f8f9",
		.prk = "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
		.okm = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
		       "34007208d5b887185865",
	},
	{
		.ikm = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
		       "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f"
		       "404142434445464748494a4b4c4d4e4f",
		.salt = "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f"
			"808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"
			"a0a1a2a3a4a5a6a7a8a9aaabacadaeaf", .ni = 40,
		.info = "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecf"
			"d0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeef"
			"f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
		.prk = "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
		.okm = "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
		       "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
		       "cc30c58179ec3e87c14c01d5c1f3434f1d87",
	},
};

static void test_prf_plus(void **state)
{
	for (size_t i = 0; i < sizeof(hkdf) / sizeof(hkdf[0]); i++) {
		uint8_t info[96], okm[96], out[96];
		struct vd_key prk;
		size_t n = test_hex(hkdf[i].okm, okm, sizeof(okm));
		struct ike_iov seed = { info, test_hex(hkdf[i].info, info, sizeof(info)) };

		prk.len = (uint8_t)test_hex(hkdf[i].prk, prk.data, sizeof(prk.data));
		assert_int_equal(ike_prf_plus(&ops, IKE_PRF_HMAC_SHA2_256, &prk, &seed, 1, out, n), 0);
		assert_memory_equal(out, okm, n);
		/* A shorter piece is the beginning of a longer one. */
		memset(out, 0, sizeof(out));
		assert_int_equal(ike_prf_plus(&ops, IKE_PRF_HMAC_SHA2_256, &prk, &seed, 1, out, 33), 0);
		assert_memory_equal(out, okm, 33);
		assert_int_equal(out[33], 0);
	}
}

static void test_prf_plus_limit(void **state)
{
	static uint8_t out[256 * 32];
	struct vd_key k = { .len = 32 };
	struct ike_iov seed = { "seed", 4 };

	/* 2.13: one octet counts the blocks. */
	assert_int_equal(ike_prf_plus(&ops, IKE_PRF_HMAC_SHA2_256, &k, &seed, 1, out, 255 * 32), 0);
	assert_true(ike_prf_plus(&ops, IKE_PRF_HMAC_SHA2_256, &k, &seed, 1, out, 255 * 32 + 1) < 0);
	assert_true(ike_prf_plus(&ops, IKE_PRF_NONE, &k, &seed, 1, out, 16) < 0);
}

static struct ike_nonce nonce_of(const uint8_t *data, size_t len)
{
	struct ike_nonce n = { .len = (uint16_t)len };

	memcpy(n.data, data, len);
	return n;
}

static void test_skeyseed(void **state)
{
	for (size_t i = 0; i < sizeof(hkdf) / sizeof(hkdf[0]); i++) {
		uint8_t salt[96], ikm[96], prk[32];
		size_t n = test_hex(hkdf[i].salt, salt, sizeof(salt));
		struct vd_secret shared = { ikm, test_hex(hkdf[i].ikm, ikm, sizeof(ikm)) };
		struct ike_nonce ni = nonce_of(salt, hkdf[i].ni);
		struct ike_nonce nr = nonce_of(salt + hkdf[i].ni, n - hkdf[i].ni);
		struct vd_key out;

		test_hex(hkdf[i].prk, prk, sizeof(prk));
		assert_int_equal(ike_keymat_skeyseed(&ops, IKE_PRF_HMAC_SHA2_256, &ni, &nr, &shared,
						     &out), 0);
		assert_int_equal(out.len, 32);
		assert_memory_equal(out.data, prk, 32);
	}
}

/* 2.14: with AES-CMAC only 64 bits of each nonce make the key, but all of them the message. */
static void test_skeyseed_cmac(void **state)
{
	uint8_t octets[32], key[16], expect[16];
	struct ike_nonce ni, nr;
	struct vd_secret shared = { (uint8_t *)"shared secret", 13 };
	struct ike_iov in = { shared.data, shared.len };
	struct vd_key out;

	for (int i = 0; i < 32; i++)
		octets[i] = (uint8_t)i;
	ni = nonce_of(octets, 32);
	nr = nonce_of(octets + 1, 31);
	memcpy(key, ni.data, 8);
	memcpy(key + 8, nr.data, 8);
	assert_int_equal(ops.prf(ops.ctx, IKE_PRF_AES128_CMAC, key, 16, &in, 1, expect), 0);
	assert_int_equal(ike_keymat_skeyseed(&ops, IKE_PRF_AES128_CMAC, &ni, &nr, &shared, &out), 0);
	assert_int_equal(out.len, 16);
	assert_memory_equal(out.data, expect, 16);
}

/* 2.18: prf(SK_d (old), g^ir (new) | Ni | Nr). */
static void test_skeyseed_rekey(void **state)
{
	struct vd_key old = { .len = 32, .data = { 1, 2, 3 } }, out;
	struct vd_secret shared = { (uint8_t *)"new", 3 };
	struct ike_nonce ni = { .len = 16, .data = "initiator nonce" };
	struct ike_nonce nr = { .len = 16, .data = "responder nonce" };
	uint8_t message[3 + 16 + 16], expect[32];
	struct ike_iov in = { message, sizeof(message) };

	memcpy(message, "new", 3);
	memcpy(message + 3, ni.data, 16);
	memcpy(message + 19, nr.data, 16);
	assert_int_equal(ops.prf(ops.ctx, IKE_PRF_HMAC_SHA2_256, old.data, 32, &in, 1, expect), 0);
	assert_int_equal(ike_keymat_skeyseed_rekey(&ops, IKE_PRF_HMAC_SHA2_256, &old, &ni, &nr, &shared,
						   &out), 0);
	assert_int_equal(out.len, 32);
	assert_memory_equal(out.data, expect, 32);
}

static const struct ike_nonce ni = { .len = 16, .data = "0123456789abcdef" };
static const struct ike_nonce nr = { .len = 32, .data = "fedcba9876543210fedcba9876543210" };

static void check_key(const struct vd_key *k, const uint8_t **at, size_t len)
{
	assert_int_equal(k->len, len);
	assert_memory_equal(k->data, *at, len);
	*at += len;
}

/* 2.14: SK_d, SK_ai, SK_ar, SK_ei, SK_er, SK_pi, SK_pr from prf+(SKEYSEED, Ni | Nr | SPIi | SPIr). */
static void check_sa_keys(const struct ike_suite *suite, size_t prf, size_t integ, size_t encr)
{
	static const uint8_t spis[16] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };
	struct ike_iov seed[] = { { ni.data, 16 }, { nr.data, 32 }, { spis, 16 } };
	struct vd_key skeyseed = { .len = (uint8_t)prf, .data = "skeyseed" };
	uint8_t all[512];
	const uint8_t *at = all;
	struct ike_sa_keys k;

	assert_int_equal(ike_prf_plus(&ops, suite->prf, &skeyseed, seed, 3, all,
				      3 * prf + 2 * integ + 2 * encr), 0);
	assert_int_equal(ike_keymat_sa(&ops, suite, &skeyseed, &ni, &nr, 0x0001020304050607,
				       0x08090a0b0c0d0e0f, &k), 0);
	check_key(&k.d, &at, prf);
	check_key(&k.i.integ_key, &at, integ);
	check_key(&k.r.integ_key, &at, integ);
	check_key(&k.i.encr_key, &at, encr);
	check_key(&k.r.encr_key, &at, encr);
	check_key(&k.pi, &at, prf);
	check_key(&k.pr, &at, prf);
}

static void test_sa_keys(void **state)
{
	check_sa_keys(&(struct ike_suite){ .encr = IKE_ENCR_AES_CBC, .encr_key_bits = 256,
					   .integ = IKE_INTEG_HMAC_SHA2_256_128,
					   .prf = IKE_PRF_HMAC_SHA2_256 }, 32, 32, 32);
	/* An AEAD: no SK_a, the salt behind SK_e. */
	check_sa_keys(&(struct ike_suite){ .encr = IKE_ENCR_AES_GCM_16, .encr_key_bits = 128,
					   .prf = IKE_PRF_HMAC_SHA2_384 }, 48, 0, 20);
	check_sa_keys(&(struct ike_suite){ .encr = IKE_ENCR_AES_CBC, .encr_key_bits = 128,
					   .integ = IKE_INTEG_HMAC_SHA2_512_256,
					   .prf = IKE_PRF_HMAC_SHA2_512 }, 64, 64, 16);
}

static void check_child_keys(const struct ike_suite *suite, const char *shared, size_t encr,
			     size_t integ)
{
	struct vd_secret secret = { (uint8_t *)shared, strlen(shared) };
	struct ike_iov seed[] = { { shared, secret.len }, { ni.data, 16 }, { nr.data, 32 } };
	struct vd_key d = { .len = 32, .data = "sk_d" };
	uint8_t all[256];
	const uint8_t *at = all;
	struct ike_child_keys k;

	assert_int_equal(ike_prf_plus(&ops, IKE_PRF_HMAC_SHA2_256, &d, seed, 3, all,
				      2 * (encr + integ)), 0);
	assert_int_equal(ike_keymat_child(&ops, IKE_PRF_HMAC_SHA2_256, &d, suite, &secret, &ni, &nr,
					  &k), 0);
	/* 2.17: the initiator's direction first; encryption before integrity. */
	check_key(&k.encr_i, &at, encr);
	check_key(&k.integ_i, &at, integ);
	check_key(&k.encr_r, &at, encr);
	check_key(&k.integ_r, &at, integ);
}

static void test_child_keys(void **state)
{
	struct ike_suite gcm = { .protocol = IKE_PROTO_ESP, .encr = IKE_ENCR_AES_GCM_16,
				 .encr_key_bits = 256 };
	struct ike_suite cbc = { .protocol = IKE_PROTO_ESP, .encr = IKE_ENCR_AES_CBC,
				 .encr_key_bits = 128, .integ = IKE_INTEG_HMAC_SHA2_256_128 };
	struct ike_suite bad = { .protocol = IKE_PROTO_ESP, .encr = 4711 };
	struct vd_secret none = { 0 };
	struct vd_key d = { .len = 32 };
	struct ike_child_keys k;

	check_child_keys(&gcm, "", 36, 0);
	check_child_keys(&gcm, "g^ir", 36, 0);
	check_child_keys(&cbc, "", 16, 32);
	assert_true(ike_keymat_child(&ops, IKE_PRF_HMAC_SHA2_256, &d, &bad, &none, &ni, &nr, &k) < 0);
}

/* ---- strongSwan's AUTH values (2.15) ---- */

struct side {
	const char		*init;		/* its IKE_SA_INIT message */
	const char		*other;		/* the other's: the nonce */
	const char		*auth;		/* its IKE_AUTH message */
	const char		*sk_p;
	uint8_t			id;
};

static void nonce_from(const char *hex, struct ike_nonce *n)
{
	uint8_t wire[1024];
	struct ike_message m;

	assert_int_equal(ike_message_parse(&m, wire, test_hex(hex, wire, sizeof(wire)), NULL),
			 IKE_WIRE_OK);
	assert_int_equal(ike_wire_nonce_parse(n, ike_chain_find(&m.clear, IKE_PAYLOAD_NONCE)),
			 IKE_WIRE_OK);
}

static void check_auth(const struct strongswan_session *s, const struct side *side, bool initiator)
{
	uint8_t wire[1024], first[1024];
	vd_auto_secret plain = { 0 }, octets = { 0 }, psk = { 0 };
	struct vd_secret init = { first, test_hex(side->init, first, sizeof(first)) };
	const struct ike_payload *id;
	struct ike_sk_keys k;
	struct ike_message m;
	struct ike_chain c;
	struct ike_auth auth;
	struct ike_nonce n;
	struct vd_key sk_p;

	ike_sk_keys_init(&k, &s->suite);
	k.encr_key.len = (uint8_t)test_hex(initiator ? s->sk_ei : s->sk_er, k.encr_key.data, VD_KEY_MAX);
	k.integ_key.len = (uint8_t)test_hex(initiator ? s->sk_ai : s->sk_ar, k.integ_key.data, VD_KEY_MAX);
	sk_p.len = (uint8_t)test_hex(side->sk_p, sk_p.data, VD_KEY_MAX);
	nonce_from(side->other, &n);
	assert_int_equal(ike_message_parse(&m, wire, test_hex(side->auth, wire, sizeof(wire)), NULL),
			 IKE_WIRE_OK);
	assert_int_equal(ike_sk_open(&plain, &ops, &k, &m), IKE_WIRE_OK);
	assert_int_equal(ike_chain_parse(&c, m.sealed.first, plain.data, plain.len, NULL), IKE_WIRE_OK);
	id = ike_chain_find(&c, side->id);
	assert_non_null(id);
	assert_int_equal(ike_wire_auth_parse(&auth, ike_chain_find(&c, IKE_PAYLOAD_AUTH)), IKE_WIRE_OK);
	assert_int_equal(vd_secret_set(&psk, "lab-psk-0123456789", 18), 0);
	assert_int_equal(ike_keymat_auth_octets(&ops, s->suite.prf, &sk_p, &init, &n, id->body, id->len,
						&octets), 0);
	assert_int_equal(vd_psk_verify(&ops, s->suite.prf, &psk, &octets, auth.data, auth.len), 0);
	octets.data[0] ^= 1;
	assert_true(vd_psk_verify(&ops, s->suite.prf, &psk, &octets, auth.data, auth.len) < 0);
}

static void test_strongswan_auth(void **state)
{
	for (size_t i = 0; i < sizeof(strongswan_sessions) / sizeof(strongswan_sessions[0]); i++) {
		const struct strongswan_session *s = &strongswan_sessions[i];
		struct side initiator = { s->messages[0], s->messages[1], s->messages[2], s->sk_pi,
					  IKE_PAYLOAD_IDI };
		struct side responder = { s->messages[1], s->messages[0], s->messages[3], s->sk_pr,
					  IKE_PAYLOAD_IDR };

		check_auth(s, &initiator, true);
		check_auth(s, &responder, false);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_prf_plus),
		cmocka_unit_test(test_prf_plus_limit),
		cmocka_unit_test(test_skeyseed),
		cmocka_unit_test(test_skeyseed_cmac),
		cmocka_unit_test(test_skeyseed_rekey),
		cmocka_unit_test(test_sa_keys),
		cmocka_unit_test(test_child_keys),
		cmocka_unit_test(test_strongswan_auth),
	};
	int failed;

	test_ops_open(&ops, 1);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	test_ops_close(&ops);
	return failed;
}
