// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ike/wire: header, payload chains, whole messages in the clear (RFC 7296, 3.1, 3.2).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ike/wire/message.h"
#include "ike/wire/payload.h"
#include "tests/common/hex.h"

/* An IKE header with @next and the length of @body, then @body. Returns the length. */
static size_t make_message(uint8_t *out, size_t cap, uint8_t next, const char *body)
{
	size_t n = test_hex(body, out + IKE_HEADER_LEN, cap - IKE_HEADER_LEN);
	struct ike_header h = {
		.spi_i = 0x0102030405060708, .next_payload = next, .version = IKE_VERSION_2,
		.exchange = IKE_EXCHANGE_SA_INIT, .flags = IKE_FLAG_INITIATOR,
		.length = (uint32_t)(IKE_HEADER_LEN + n),
	};
	struct vd_writer w = vd_writer_init(out, cap);

	ike_header_emit(&w, &h);
	return IKE_HEADER_LEN + n;
}

static enum ike_wire_error parse(struct ike_message *m, uint8_t next, const char *body, uint8_t *at)
{
	static uint8_t data[2048];

	return ike_message_parse(m, data, make_message(data, sizeof(data), next, body), at);
}

static void test_header(void **state)
{
	static const char text[] =
		"1122334455667788 99aabbccddeeff00 29 20 25 28 00000007 0000001c";
	uint8_t wire[IKE_HEADER_LEN], again[IKE_HEADER_LEN];
	struct ike_header h;
	struct vd_writer w = vd_writer_init(again, sizeof(again));

	assert_int_equal(test_hex(text, wire, sizeof(wire)), IKE_HEADER_LEN);
	assert_int_equal(ike_header_parse(&h, wire, sizeof(wire)), IKE_WIRE_OK);
	assert_true(h.spi_i == 0x1122334455667788 && h.spi_r == 0x99aabbccddeeff00);
	assert_int_equal(h.next_payload, IKE_PAYLOAD_NOTIFY);
	assert_int_equal(h.version, IKE_VERSION_2);
	assert_int_equal(h.exchange, IKE_EXCHANGE_INFORMATIONAL);
	assert_int_equal(h.flags, IKE_FLAG_RESPONSE | IKE_FLAG_INITIATOR);
	assert_int_equal(h.message_id, 7);
	ike_header_emit(&w, &h);
	assert_memory_equal(again, wire, sizeof(wire));
}

static void test_header_errors(void **state)
{
	uint8_t wire[IKE_HEADER_LEN + 1] = { 0 };
	struct ike_header h, before;

	memset(&h, 0x5a, sizeof(h));
	before = h;
	for (size_t len = 0; len < IKE_HEADER_LEN; len++)
		assert_int_equal(ike_header_parse(&h, wire, len), IKE_WIRE_TRUNCATED);
	wire[27] = IKE_HEADER_LEN;
	assert_int_equal(ike_header_parse(&h, wire, IKE_HEADER_LEN + 1), IKE_WIRE_LENGTH);
	wire[27] = IKE_HEADER_LEN + 1;
	assert_int_equal(ike_header_parse(&h, wire, IKE_HEADER_LEN), IKE_WIRE_LENGTH);
	wire[24] = 0xff;
	assert_int_equal(ike_header_parse(&h, wire, IKE_HEADER_LEN), IKE_WIRE_LENGTH);
	assert_memory_equal(&h, &before, sizeof(h));
}

static void test_version(void **state)
{
	uint8_t wire[IKE_HEADER_LEN];
	struct ike_message m;

	make_message(wire, sizeof(wire), IKE_PAYLOAD_NONE, "");
	wire[17] = IKE_VERSION_1;
	assert_int_equal(ike_message_parse(&m, wire, sizeof(wire), NULL), IKE_WIRE_VERSION);
	wire[17] = 0x30;
	assert_int_equal(ike_message_parse(&m, wire, sizeof(wire), NULL), IKE_WIRE_VERSION);
	wire[17] = 0x2f;	/* 2.5: a higher minor version is to be accepted */
	assert_int_equal(ike_message_parse(&m, wire, sizeof(wire), NULL), IKE_WIRE_OK);
}

static void test_chain(void **state)
{
	struct ike_message m;

	assert_int_equal(parse(&m, IKE_PAYLOAD_NOTIFY, "29 00 0008 00004004  00 80 0009 00004005 aa", NULL),
			 IKE_WIRE_OK);
	assert_int_equal(m.clear.n, 2);
	assert_int_equal(m.sealed.type, IKE_PAYLOAD_NONE);
	assert_false(m.clear.p[0].critical);
	assert_true(m.clear.p[1].critical);
	assert_int_equal(m.clear.p[1].len, 5);
	assert_int_equal(m.clear.p[1].body[4], 0xaa);
	assert_int_equal(ike_chain_count(&m.clear, IKE_PAYLOAD_NOTIFY), 2);
	assert_ptr_equal(ike_chain_next(&m.clear, &m.clear.p[0], IKE_PAYLOAD_NOTIFY), &m.clear.p[1]);
	assert_null(ike_chain_next(&m.clear, &m.clear.p[1], IKE_PAYLOAD_NOTIFY));
	assert_null(ike_chain_find(&m.clear, IKE_PAYLOAD_SA));
}

static void test_known_payloads(void **state)
{
	for (int type = 1; type < 256; type++) {
		bool known = (type >= 33 && type <= 48) || type == 53;
		uint8_t wire[] = { 0, 0x80, 0, 4 }, at = 0;
		struct ike_chain c;

		assert_int_equal(strcmp(ike_payload_name((uint8_t)type), "unknown") != 0, known);
		if (type == IKE_PAYLOAD_SK || type == IKE_PAYLOAD_SKF)
			continue;
		/* 2.5: the critical bit means nothing in a payload we know. */
		assert_int_equal(ike_chain_parse(&c, (uint8_t)type, wire, 4, &at),
				 known ? IKE_WIRE_OK : IKE_WIRE_CRITICAL);
		assert_int_equal(at, known ? 0 : type);
		wire[1] = 0;
		assert_int_equal(ike_chain_parse(&c, (uint8_t)type, wire, 4, &at), IKE_WIRE_OK);
		assert_int_equal(c.n, known);
	}
}

static void test_unknown_payloads(void **state)
{
	struct ike_message m;
	uint8_t at = 0;

	/* 2.5: unknown and not critical is skipped, in the middle and at the end. */
	assert_int_equal(parse(&m, 200, "29 00 0005 ff  c9 00 0008 00004004  00 00 0004", NULL),
			 IKE_WIRE_OK);
	assert_int_equal(m.clear.n, 1);
	assert_int_equal(m.clear.unknown, 2);
	/* The high bit is the critical one; the others are reserved and ignored. */
	assert_int_equal(parse(&m, 200, "00 7f 0004", NULL), IKE_WIRE_OK);
	assert_int_equal(parse(&m, IKE_PAYLOAD_NOTIFY, "c8 00 0008 00004004  00 80 0004", &at),
			 IKE_WIRE_CRITICAL);
	assert_int_equal(at, 200);
	/* Payloads of IKEv1 are unknown ones (RFC 2408: 1 is SA). */
	assert_int_equal(parse(&m, 1, "00 80 0004", &at), IKE_WIRE_CRITICAL);
	assert_int_equal(at, 1);
}

static void test_bad_lengths(void **state)
{
	static const struct {
		const char	*body;
		uint8_t		at;
	} rows[] = {
		{ "", IKE_PAYLOAD_NOTIFY },				/* announced, absent */
		{ "00 00 00", IKE_PAYLOAD_NOTIFY },			/* half a header */
		{ "00 00 0000", IKE_PAYLOAD_NOTIFY },			/* shorter than its header */
		{ "00 00 0003", IKE_PAYLOAD_NOTIFY },
		{ "29 00 0000 00 00 0000", IKE_PAYLOAD_NOTIFY },	/* would loop in place */
		{ "00 00 0009 00004004", IKE_PAYLOAD_NOTIFY },		/* behind the end */
		{ "00 00 ffff 00004004", IKE_PAYLOAD_NOTIFY },
		{ "00 00 0008 00004004 00", IKE_PAYLOAD_NOTIFY },	/* octets left */
		{ "28 00 0008 00004004  00 00 0003", IKE_PAYLOAD_NONCE },
	};
	struct ike_message m, before;

	memset(&m, 0x5a, sizeof(m));
	before = m;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t at = 0;

		assert_int_equal(parse(&m, IKE_PAYLOAD_NOTIFY, rows[i].body, &at), IKE_WIRE_SYNTAX);
		assert_int_equal(at, rows[i].at);
		assert_memory_equal(&m, &before, sizeof(m));
	}
	/* Octets behind a header that announces no payload. */
	assert_int_equal(parse(&m, IKE_PAYLOAD_NONE, "00000000", NULL), IKE_WIRE_SYNTAX);
}

static void test_too_many(void **state)
{
	uint8_t wire[4 * (IKE_PAYLOADS_MAX + 1)] = { 0 };
	struct ike_chain c;

	for (size_t i = 0; i <= IKE_PAYLOADS_MAX; i++) {
		wire[4 * i] = i < IKE_PAYLOADS_MAX ? IKE_PAYLOAD_VENDOR : 0;
		wire[4 * i + 3] = 4;
	}
	assert_int_equal(ike_chain_parse(&c, IKE_PAYLOAD_VENDOR, wire, sizeof(wire), NULL),
			 IKE_WIRE_TOO_MANY);
	assert_int_equal(ike_chain_parse(&c, IKE_PAYLOAD_VENDOR, wire + 4, sizeof(wire) - 4, NULL),
			 IKE_WIRE_OK);
	assert_int_equal(c.n, IKE_PAYLOADS_MAX);
}

static void test_encrypted_place(void **state)
{
	struct ike_message m;

	assert_int_equal(parse(&m, IKE_PAYLOAD_NOTIFY, "2e 00 0008 00004004  23 00 0007 aabbcc", NULL),
			 IKE_WIRE_OK);
	assert_int_equal(m.clear.n, 1);
	assert_int_equal(m.sealed.type, IKE_PAYLOAD_SK);
	assert_int_equal(m.sealed.first, IKE_PAYLOAD_IDI);
	assert_int_equal(m.sealed.header_len, IKE_HEADER_LEN + 8 + 4);
	assert_int_equal(m.sealed.len, 3);
	assert_int_equal(m.sealed.body[0], 0xaa);
	/* Nothing may follow SK, whatever its next-payload octet says. */
	assert_int_equal(parse(&m, IKE_PAYLOAD_SK, "29 00 0006 aabb  00 00 0008 00004004", NULL),
			 IKE_WIRE_SYNTAX);
	assert_int_equal(parse(&m, IKE_PAYLOAD_SK, "29 00 0004", NULL), IKE_WIRE_OK);
	assert_int_equal(m.sealed.len, 0);
}

static void test_fragment_numbers(void **state)
{
	static const char *const bad[] = {
		"00 00 0009 0000 0001 aa", "00 00 0009 0001 0000 aa", "00 00 0009 0003 0002 aa",
		"00 00 0009 0000 0000 aa", "00 00 0007 000100", "00 00 0004",
	};
	struct ike_message m;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(parse(&m, IKE_PAYLOAD_SKF, bad[i], NULL), IKE_WIRE_SYNTAX);
	assert_int_equal(parse(&m, IKE_PAYLOAD_SKF, "23 00 0009 0001 ffff aa", NULL), IKE_WIRE_OK);
	assert_int_equal(m.sealed.type, IKE_PAYLOAD_SKF);
	assert_int_equal(m.sealed.fragment, 1);
	assert_int_equal(m.sealed.total, 65535);
	assert_int_equal(m.sealed.first, IKE_PAYLOAD_IDI);
	assert_int_equal(m.sealed.header_len, IKE_HEADER_LEN + 8);
	assert_int_equal(m.sealed.len, 1);
	/* RFC 7383, 2.5: only fragment 1 says what comes first. */
	assert_int_equal(parse(&m, IKE_PAYLOAD_SKF, "23 00 0009 0002 0002 aa", NULL), IKE_WIRE_OK);
	assert_int_equal(m.sealed.first, IKE_PAYLOAD_NONE);
}

static void test_encrypted_does_not_nest(void **state)
{
	uint8_t wire[16];
	struct ike_chain c;
	uint8_t at = 0;
	size_t n = test_hex("00 00 0004", wire, sizeof(wire));

	assert_int_equal(ike_chain_parse(&c, IKE_PAYLOAD_SK, wire, n, &at), IKE_WIRE_SYNTAX);
	assert_int_equal(at, IKE_PAYLOAD_SK);
	assert_int_equal(ike_chain_parse(&c, IKE_PAYLOAD_SKF, wire, n, &at), IKE_WIRE_SYNTAX);
	assert_int_equal(ike_chain_parse(&c, IKE_PAYLOAD_NONE, NULL, 0, &at), IKE_WIRE_OK);
	assert_int_equal(c.n, 0);
}

static void test_check(void **state)
{
	static const struct ike_payload_rule rules[] = {
		{ IKE_PAYLOAD_NONCE, 1, 1 }, { IKE_PAYLOAD_NOTIFY, 0, 2 }, { IKE_PAYLOAD_KE, 0, 0 },
	};
	static const struct {
		uint8_t			types[4];
		enum ike_wire_error	want;
		uint8_t			at;
	} rows[] = {
		{ { IKE_PAYLOAD_NONCE }, IKE_WIRE_OK, 0 },
		{ { IKE_PAYLOAD_NOTIFY, IKE_PAYLOAD_NONCE, IKE_PAYLOAD_NOTIFY }, IKE_WIRE_OK, 0 },
		{ { 0 }, IKE_WIRE_MISSING, IKE_PAYLOAD_NONCE },
		{ { IKE_PAYLOAD_NOTIFY }, IKE_WIRE_MISSING, IKE_PAYLOAD_NONCE },
		{ { IKE_PAYLOAD_NONCE, IKE_PAYLOAD_NONCE }, IKE_WIRE_UNEXPECTED, IKE_PAYLOAD_NONCE },
		{ { IKE_PAYLOAD_NONCE, IKE_PAYLOAD_KE }, IKE_WIRE_UNEXPECTED, IKE_PAYLOAD_KE },
		{ { IKE_PAYLOAD_SA, IKE_PAYLOAD_NONCE }, IKE_WIRE_UNEXPECTED, IKE_PAYLOAD_SA },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ike_chain c = { .n = 0 };
		uint8_t at = 0;

		for (size_t k = 0; k < 4 && rows[i].types[k]; k++)
			c.p[c.n++].type = rows[i].types[k];
		assert_int_equal(ike_chain_check(&c, rules, 3, &at), rows[i].want);
		assert_int_equal(at, rows[i].at);
	}
}

static void test_build(void **state)
{
	static const char want[] = "0000000000000001 0000000000000002 28 20 22 08 00000000 0000003c"
		"29 00 0014 000102030405060708090a0b0c0d0e0f"
		"00 00 000c 00004004 deadbeef";
	struct ike_header h = {
		.spi_i = 1, .spi_r = 2, .version = IKE_VERSION_2,
		.exchange = IKE_EXCHANGE_SA_INIT, .flags = IKE_FLAG_INITIATOR,
	};
	struct ike_nonce nonce = { .len = 16 };
	uint8_t buf[64], wire[64];
	struct ike_builder b = ike_builder_init(buf, sizeof(buf));
	vd_auto_secret out = { 0 };
	struct ike_message m;

	for (uint8_t i = 0; i < 16; i++)
		nonce.data[i] = i;
	ike_wire_nonce_emit(&b, &nonce);
	ike_wire_notify_emit(&b, IKE_NOTIFY_NAT_DETECTION_SOURCE_IP, "\xde\xad\xbe\xef", 4);
	assert_int_equal(ike_message_emit(&out, &h, &b), IKE_WIRE_OK);
	assert_int_equal(out.len, test_hex(want, wire, sizeof(wire)));
	assert_memory_equal(out.data, wire, out.len);
	assert_int_equal(ike_message_parse(&m, out.data, out.len, NULL), IKE_WIRE_OK);
	assert_int_equal(m.clear.n, 2);
}

/* A payload's length has 16 bits, its header included. */
static void test_build_too_long(void **state)
{
	static uint8_t buf[70000], body[65536];

	for (size_t len = 65530; len < 65536; len++) {
		struct ike_builder b = ike_builder_init(buf, sizeof(buf));
		struct ike_header h = { .version = IKE_VERSION_2 };
		vd_auto_secret out = { 0 };

		ike_builder_raw(&b, IKE_PAYLOAD_VENDOR, body, len);
		assert_int_equal(b.w.failed, len + 4 > 65535);
		assert_int_equal(ike_message_emit(&out, &h, &b), IKE_WIRE_SPACE);
	}
}

static void test_build_no_space(void **state)
{
	struct ike_header h = { .version = IKE_VERSION_2 };
	uint8_t data[64] = { 0 };

	for (size_t cap = 0; cap < 4 + 64; cap++) {
		uint8_t buf[128];
		struct ike_builder b = ike_builder_init(buf, cap);
		struct vd_secret out = { 0 };

		ike_builder_raw(&b, IKE_PAYLOAD_VENDOR, data, sizeof(data));
		ike_builder_raw(&b, IKE_PAYLOAD_VENDOR, data, 0);
		assert_int_equal(ike_message_emit(&out, &h, &b), IKE_WIRE_SPACE);
		assert_null(out.data);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_header_errors),
		cmocka_unit_test(test_version),
		cmocka_unit_test(test_chain),
		cmocka_unit_test(test_known_payloads),
		cmocka_unit_test(test_unknown_payloads),
		cmocka_unit_test(test_bad_lengths),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_encrypted_place),
		cmocka_unit_test(test_fragment_numbers),
		cmocka_unit_test(test_encrypted_does_not_nest),
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_build),
		cmocka_unit_test(test_build_too_long),
		cmocka_unit_test(test_build_no_space),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
