// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ike/wire/encrypted.c: sealing and opening with each kind of cipher, and what a
 * forger may try (RFC 7296, 3.14; RFC 5282; RFC 7383).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ike/wire/encrypted.h"
#include "ike/wire/payload.h"
#include "tests/common/test_ops.h"

static struct ike_ops ops;

static const struct ike_suite suites[] = {
	{ .encr = IKE_ENCR_AES_GCM_16, .encr_key_bits = 256 },
	{ .encr = IKE_ENCR_AES_GCM_16, .encr_key_bits = 128 },
	{ .encr = IKE_ENCR_AES_CBC, .encr_key_bits = 256, .integ = IKE_INTEG_HMAC_SHA2_256_128 },
	{ .encr = IKE_ENCR_AES_CBC, .encr_key_bits = 128, .integ = IKE_INTEG_HMAC_SHA2_512_256 },
};
#define N_SUITES (sizeof(suites) / sizeof(suites[0]))

static const struct ike_header header = {
	.spi_i = 1, .spi_r = 2, .version = IKE_VERSION_2, .exchange = IKE_EXCHANGE_INFORMATIONAL,
	.flags = IKE_FLAG_INITIATOR, .message_id = 3,
};

static struct ike_sk_keys make_keys(const struct ike_suite *suite)
{
	const struct ike_transform_info *encr, *integ;
	struct ike_sk_keys k;

	ike_sk_keys_init(&k, suite);
	encr = ike_transform_info(IKE_T_ENCR, (uint16_t)suite->encr, suite->encr_key_bits);
	integ = ike_transform_info(IKE_T_INTEG, (uint16_t)suite->integ, 0);
	k.encr_key.len = (uint8_t)(encr->key_len + encr->salt_len);
	k.integ_key.len = (uint8_t)integ->key_len;
	memset(k.encr_key.data, 0x11, k.encr_key.len);
	memset(k.integ_key.data, 0x22, k.integ_key.len);
	return k;
}

/* A message with one Vendor ID payload of @len octets inside; none if @len is negative. */
static void seal_vendor(struct vd_secret *out, struct ike_sk_keys *k, int len)
{
	uint8_t buf[600], body[512];
	struct ike_builder b = ike_builder_init(buf, sizeof(buf));

	memset(body, 'v', sizeof(body));
	if (len >= 0)
		ike_builder_raw(&b, IKE_PAYLOAD_VENDOR, body, (size_t)len);
	assert_int_equal(ike_sk_seal(out, &ops, k, &header, &b), IKE_WIRE_OK);
}

static void test_round_trip(void **state)
{
	for (size_t s = 0; s < N_SUITES; s++) {
		struct ike_sk_keys k = make_keys(&suites[s]);

		for (int len = -1; len < 64; len++) {
			vd_auto_secret wire = { 0 };
			vd_auto_secret plain = { 0 };
			struct ike_message m;
			struct ike_chain c;

			seal_vendor(&wire, &k, len);
			assert_int_equal(ike_message_parse(&m, wire.data, wire.len, NULL), IKE_WIRE_OK);
			assert_int_equal(m.header.next_payload, IKE_PAYLOAD_SK);
			assert_int_equal(m.header.message_id, 3);
			assert_int_equal(ike_sk_open(&plain, &ops, &k, &m), IKE_WIRE_OK);
			assert_int_equal(plain.len, len < 0 ? 0 : len + 4);
			assert_true(wire.len <= plain.len + IKE_SK_OVERHEAD_MAX);
			assert_int_equal(ike_chain_parse(&c, m.sealed.first, plain.data, plain.len, NULL),
					 IKE_WIRE_OK);
			assert_int_equal(c.n, len < 0 ? 0 : 1);
			if (len > 0)
				assert_int_equal(c.p[0].body[len - 1], 'v');
		}
	}
}

/* Any octet changed, the header's included, is noticed. */
static void test_forged(void **state)
{
	for (size_t s = 0; s < N_SUITES; s++) {
		struct ike_sk_keys k = make_keys(&suites[s]);
		vd_auto_secret wire = { 0 };

		seal_vendor(&wire, &k, 9);
		for (size_t i = 0; i < wire.len; i++) {
			struct vd_secret plain = { 0 };
			struct ike_message m;

			wire.data[i] ^= 0x01;
			if (!ike_message_parse(&m, wire.data, wire.len, NULL) &&
			    m.sealed.type == IKE_PAYLOAD_SK) {
				assert_int_equal(ike_sk_open(&plain, &ops, &k, &m), IKE_WIRE_INTEGRITY);
				assert_null(plain.data);
			}
			wire.data[i] ^= 0x01;
		}
	}
}

/* Cut to any length, with the lengths in the headers made to fit. */
static void test_cut_short(void **state)
{
	for (size_t s = 0; s < N_SUITES; s++) {
		struct ike_sk_keys k = make_keys(&suites[s]);
		vd_auto_secret wire = { 0 };

		seal_vendor(&wire, &k, 20);
		for (size_t len = IKE_HEADER_LEN + 4; len < wire.len; len++) {
			struct vd_secret plain = { 0 };
			struct ike_message m;

			wire.data[27] = (uint8_t)len;
			wire.data[31] = (uint8_t)(len - IKE_HEADER_LEN);
			assert_int_equal(ike_message_parse(&m, wire.data, len, NULL), IKE_WIRE_OK);
			assert_int_equal(ike_sk_open(&plain, &ops, &k, &m), IKE_WIRE_INTEGRITY);
			assert_null(plain.data);
		}
	}
}

static void test_wrong_keys(void **state)
{
	for (size_t s = 0; s < N_SUITES; s++) {
		struct ike_sk_keys k = make_keys(&suites[s]), other;
		vd_auto_secret wire = { 0 };
		struct vd_secret plain = { 0 };
		struct ike_message m;

		seal_vendor(&wire, &k, 20);
		assert_int_equal(ike_message_parse(&m, wire.data, wire.len, NULL), IKE_WIRE_OK);
		other = k;
		if (suites[s].integ == IKE_INTEG_NONE)
			other.encr_key.data[0] ^= 1;
		else
			other.integ_key.data[0] ^= 1;
		assert_int_equal(ike_sk_open(&plain, &ops, &other, &m), IKE_WIRE_INTEGRITY);
		other = k;	/* keys of the wrong length never reach the cipher */
		other.encr_key.len--;
		assert_int_equal(ike_sk_open(&plain, &ops, &other, &m), IKE_WIRE_CRYPTO);
		assert_null(plain.data);
	}
}

/* Algorithms that don't go together, and those without a row, never reach the cipher. */
static void test_bad_algorithms(void **state)
{
	static const struct ike_suite bad[] = {
		{ .encr = IKE_ENCR_AES_GCM_16, .encr_key_bits = 256, .integ = IKE_INTEG_HMAC_SHA2_256_128 },
		{ .encr = IKE_ENCR_AES_CBC, .encr_key_bits = 256 },
		{ .encr = IKE_ENCR_AES_CBC, .encr_key_bits = 250, .integ = IKE_INTEG_HMAC_SHA2_256_128 },
		{ .encr = IKE_ENCR_NONE },
		{ .encr = IKE_ENCR_AES_CBC, .encr_key_bits = 256, .integ = (enum ike_integ)99 },
	};
	struct ike_sk_keys good = make_keys(&suites[0]);
	vd_auto_secret wire = { 0 };
	struct ike_message m;

	seal_vendor(&wire, &good, 20);
	assert_int_equal(ike_message_parse(&m, wire.data, wire.len, NULL), IKE_WIRE_OK);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		for (uint8_t len = 0; len <= 64; len += 4) {
			struct vd_secret plain = { 0 }, out = { 0 };
			struct ike_builder b = ike_builder_init(NULL, 0);
			struct ike_sk_keys k;

			ike_sk_keys_init(&k, &bad[i]);
			k.encr_key.len = len;
			k.integ_key.len = bad[i].integ == IKE_INTEG_NONE ? 0 : 32;
			assert_int_equal(ike_sk_open(&plain, &ops, &k, &m), IKE_WIRE_CRYPTO);
			assert_int_equal(ike_sk_seal(&out, &ops, &k, &header, &b), IKE_WIRE_CRYPTO);
			assert_true(!plain.data && !out.data);
		}
	}
}

static void test_bad_integ_key(void **state)
{
	struct ike_sk_keys k = make_keys(&suites[2]);
	vd_auto_secret wire = { 0 };
	struct vd_secret plain = { 0 };
	struct ike_message m;

	seal_vendor(&wire, &k, 20);
	assert_int_equal(ike_message_parse(&m, wire.data, wire.len, NULL), IKE_WIRE_OK);
	k.integ_key.len--;
	assert_int_equal(ike_sk_open(&plain, &ops, &k, &m), IKE_WIRE_CRYPTO);
}

/* Each message has an IV of its own; a lost one must not bring a counter back. */
static void test_ivs_differ(void **state)
{
	for (size_t s = 0; s < N_SUITES; s++) {
		struct ike_sk_keys k = make_keys(&suites[s]);
		vd_auto_secret a = { 0 };
		vd_auto_secret b = { 0 };

		k.next_iv = 0x0102030405060708;
		seal_vendor(&a, &k, 5);
		seal_vendor(&b, &k, 5);
		assert_int_equal(a.len, b.len);
		assert_memory_not_equal(a.data + 32, b.data + 32, 8);
		if (suites[s].integ == IKE_INTEG_NONE)
			assert_memory_equal(b.data + 32, "\x01\x02\x03\x04\x05\x06\x07\x09", 8);
		assert_true(k.next_iv == 0x010203040506070a);
	}
}

/* Authentic, but the pad length reaches before the text: only a broken peer can make it. */
static void test_pad_length(void **state)
{
	struct ike_sk_keys k = make_keys(&suites[0]);
	struct ike_cipher_key key = {
		.encr = k.encr, .key = k.encr_key.data, .key_len = k.encr_key.len,
	};
	uint8_t wire[IKE_HEADER_LEN + 4 + 8 + 3 + 16] = { 0 };
	struct ike_header h = header;
	struct vd_writer w = vd_writer_init(wire, sizeof(wire));
	struct ike_message m;

	h.next_payload = IKE_PAYLOAD_SK;
	h.length = sizeof(wire);
	ike_header_emit(&w, &h);
	vd_put_u32(&w, sizeof(wire) - IKE_HEADER_LEN);
	for (uint8_t pad = 0; pad < 6; pad++) {
		uint8_t text[3] = { 1, 2, pad };
		struct vd_secret plain = { 0 };

		assert_int_equal(ops.encrypt(ops.ctx, &key, wire + 32, wire, 32, text, 3, wire + 40,
					     wire + 43), 0);
		assert_int_equal(ike_message_parse(&m, wire, sizeof(wire), NULL), IKE_WIRE_OK);
		assert_int_equal(ike_sk_open(&plain, &ops, &k, &m), pad < 3 ? IKE_WIRE_OK : IKE_WIRE_SYNTAX);
		if (pad < 3)
			assert_int_equal(plain.len, 2 - pad);
		else
			assert_null(plain.data);
		vd_secret_free(&plain);
	}
}

static void test_fragments(void **state)
{
	uint8_t chain[30];

	for (size_t s = 0; s < N_SUITES; s++) {
		struct ike_sk_keys k = make_keys(&suites[s]);

		for (uint16_t number = 1; number <= 3; number++) {
			vd_auto_secret wire = { 0 };
			vd_auto_secret plain = { 0 };
			struct vd_secret forged = { 0 };
			struct ike_message m;

			memset(chain, number, sizeof(chain));
			assert_int_equal(ike_skf_seal(&wire, &ops, &k, &header, IKE_PAYLOAD_IDI, number, 3,
						      chain, sizeof(chain)), IKE_WIRE_OK);
			assert_int_equal(ike_message_parse(&m, wire.data, wire.len, NULL), IKE_WIRE_OK);
			assert_int_equal(m.sealed.type, IKE_PAYLOAD_SKF);
			assert_int_equal(m.sealed.fragment, number);
			assert_int_equal(m.sealed.total, 3);
			assert_int_equal(m.sealed.first, number == 1 ? IKE_PAYLOAD_IDI : IKE_PAYLOAD_NONE);
			assert_int_equal(ike_sk_open(&plain, &ops, &k, &m), IKE_WIRE_OK);
			assert_int_equal(plain.len, sizeof(chain));
			assert_memory_equal(plain.data, chain, sizeof(chain));
			/* Number and total are authentic too. */
			wire.data[IKE_HEADER_LEN + 7] = 9;
			assert_int_equal(ike_message_parse(&m, wire.data, wire.len, NULL), IKE_WIRE_OK);
			assert_int_equal(ike_sk_open(&forged, &ops, &k, &m), IKE_WIRE_INTEGRITY);
		}
	}
}

static void test_too_long(void **state)
{
	static uint8_t buf[70000], body[65000];
	struct ike_sk_keys k = make_keys(&suites[0]);
	struct ike_builder b = ike_builder_init(buf, sizeof(buf));
	struct vd_secret out = { 0 };

	ike_builder_raw(&b, IKE_PAYLOAD_VENDOR, body, sizeof(body));
	assert_int_equal(ike_sk_seal(&out, &ops, &k, &header, &b), IKE_WIRE_OK);
	ike_builder_raw(&b, IKE_PAYLOAD_VENDOR, body, 500);
	assert_int_equal(ike_sk_seal(&out, &ops, &k, &header, &b), IKE_WIRE_SPACE);
	assert_non_null(out.data);	/* what was there stays */
	b = ike_builder_init(buf, 10);
	ike_builder_raw(&b, IKE_PAYLOAD_VENDOR, body, 20);
	assert_int_equal(ike_sk_seal(&out, &ops, &k, &header, &b), IKE_WIRE_SPACE);
	/* 28 header, 8 fragment header, 8 IV, 1 pad length, 16 tag: 65,474 fit. */
	vd_secret_free(&out);
	assert_int_equal(ike_skf_seal(&out, &ops, &k, &header, 0, 1, 1, buf, 65474), IKE_WIRE_OK);
	assert_int_equal(out.len, 65535);
	assert_int_equal(ike_skf_seal(&out, &ops, &k, &header, 0, 1, 1, buf, 65475), IKE_WIRE_SPACE);
	vd_secret_free(&out);
}

static void test_clear_message(void **state)
{
	struct ike_sk_keys k = make_keys(&suites[0]);
	struct ike_message m = { .len = 0 };
	struct vd_secret plain = { 0 };

	assert_int_equal(ike_sk_open(&plain, &ops, &k, &m), IKE_WIRE_UNEXPECTED);
}

static int setup(void **state)
{
	test_ops_open(&ops, 1);
	return 0;
}

static int teardown(void **state)
{
	test_ops_close(&ops);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_forged),
		cmocka_unit_test(test_cut_short),
		cmocka_unit_test(test_wrong_keys),
		cmocka_unit_test(test_bad_algorithms),
		cmocka_unit_test(test_bad_integ_key),
		cmocka_unit_test(test_ivs_differ),
		cmocka_unit_test(test_pad_length),
		cmocka_unit_test(test_fragments),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_clear_message),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
