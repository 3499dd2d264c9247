// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ike/wire: each payload's octets, both ways, and each class of malformed ones
 * (RFC 7296, 3.3 to 3.13).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ike/wire/payload.h"
#include "tests/common/hex.h"

static struct ike_payload view(uint8_t type, const char *hex)
{
	static uint8_t body[4096];

	return (struct ike_payload){
		.type = type, .body = body, .len = (uint16_t)test_hex(hex, body, sizeof(body)),
	};
}

/* The body of the only payload in @b against @hex. */
static void assert_body(const struct ike_builder *b, uint8_t type, const char *hex)
{
	uint8_t want[4096];
	size_t n = test_hex(hex, want, sizeof(want));

	assert_false(b->w.failed);
	assert_int_equal(b->first, type);
	assert_int_equal(b->w.len, n + 4);
	assert_int_equal(b->w.base[2] << 8 | b->w.base[3], n + 4);
	assert_memory_equal(b->w.base + 4, want, n);
}

/* A type, what to parse into, and a row for each malformed body: all must fail and write nothing. */
#define ASSERT_ALL_BAD(parse, output, type, rows) do { \
	output out_, before_; \
	memset(&out_, 0x5a, sizeof(out_)); \
	before_ = out_; \
	for (size_t i_ = 0; i_ < sizeof(rows) / sizeof((rows)[0]); i_++) { \
		struct ike_payload p_ = view(type, (rows)[i_]); \
		if (parse(&out_, &p_) != IKE_WIRE_SYNTAX) \
			fail_msg("accepted: %s", (rows)[i_]); \
		assert_memory_equal(&out_, &before_, sizeof(out_)); \
	} \
} while (0)

/* ---- SA ---- */

static const char sa_hex[] =
	"02 00 002c 01 01 00 04"
	"   03 00 000c 01 00 0014 800e 0100"
	"   03 00 0008 02 00 0006"
	"   03 00 0008 04 00 0013"
	"   00 00 0008 04 00 000e"
	"00 00 0028 02 03 04 03 c0ffee01"
	"   03 00 000c 01 00 000c 800e 0080"
	"   03 00 0008 03 00 000c"
	"   00 00 0008 05 00 0000";

static void test_sa(void **state)
{
	struct ike_payload p = view(IKE_PAYLOAD_SA, sa_hex);
	struct ike_proposal_list list;
	uint8_t buf[512];
	struct ike_builder b = ike_builder_init(buf, sizeof(buf));

	assert_int_equal(ike_wire_sa_parse(&list, &p), IKE_WIRE_OK);
	assert_int_equal(list.n, 2);
	assert_int_equal(list.p[0].protocol, IKE_PROTO_IKE);
	assert_int_equal(list.p[0].spi_len, 0);
	assert_int_equal(list.p[0].n, 4);
	assert_int_equal(list.p[0].t[0].id, IKE_ENCR_AES_GCM_16);
	assert_int_equal(list.p[0].t[0].key_bits, 256);
	assert_int_equal(list.p[0].t[3].type, IKE_T_DH);
	assert_int_equal(list.p[0].t[3].id, IKE_DH_MODP2048);
	assert_int_equal(list.p[1].number, 2);
	assert_int_equal(list.p[1].protocol, IKE_PROTO_ESP);
	assert_int_equal(list.p[1].spi_len, 4);
	assert_memory_equal(list.p[1].spi, "\xc0\xff\xee\x01", 4);
	ike_wire_sa_emit(&b, &list);
	assert_body(&b, IKE_PAYLOAD_SA, sa_hex);
}

/* A protocol we don't know keeps its SPI, and matches nothing later. */
static void test_sa_unknown_protocol(void **state)
{
	struct ike_payload p = view(IKE_PAYLOAD_SA, "00 00 0010 01 07 08 00 0102030405060708");
	struct ike_proposal_list list;

	assert_int_equal(ike_wire_sa_parse(&list, &p), IKE_WIRE_OK);
	assert_int_equal(list.p[0].protocol, 7);
	assert_int_equal(list.p[0].spi_len, 8);
	assert_int_equal(list.p[0].n, 0);
	/* A proposal of its header alone is well-formed. */
	p = view(IKE_PAYLOAD_SA, "00 00 0008 01 01 00 00");
	assert_int_equal(ike_wire_sa_parse(&list, &p), IKE_WIRE_OK);
	assert_int_equal(list.p[0].n, 0);
}

static void test_sa_malformed(void **state)
{
	static const char *const rows[] = {
		"",
		"00 00 00",
		"00 00 0007 01 01 00",			/* proposal shorter than its header */
		"00 00 0000 01 01 00 00",
		"00 00 0009 01 01 00 00",		/* longer than the payload */
		"00 00 0008 01 01 00 00 00",		/* octets behind the last */
		"02 00 0008 01 01 00 00",		/* another announced, absent */
		"01 00 0008 01 01 00 00",		/* 0 or 2 only */
		"00 00 0008 01 01 04 00",		/* SPI behind the proposal's end */
		"00 00 000c 01 01 04 00 01020304",	/* IKE SPIs have 8 octets or none */
		"00 00 0008 01 03 00 00",		/* ESP SPIs have 4 */
		"00 00 0010 01 03 08 00 0102030405060708",
		"00 00 0011 01 07 09 00 010203040506070809",	/* longer than any SPI */
		"00 00 0008 01 01 00 01",		/* one transform announced, none there */
		"00 00 0010 01 01 00 00 00 00 0008 01 00 000c",	/* none announced, one there */
		"00 00 000f 01 01 00 01 00 00 0007 01 00 00",	/* transform shorter than its header */
		"00 00 0010 01 01 00 01 00 00 0000 01 00 000c",
		"00 00 0010 01 01 00 01 00 00 0009 01 00 000c",	/* longer than the proposal */
		"00 00 0010 01 01 00 01 03 00 0008 01 00 000c",	/* another announced, absent */
		"00 00 0010 01 01 00 01 02 00 0008 01 00 000c",	/* 0 or 3 only */
		"00 00 0018 01 01 00 02 00 00 0008 01 00 000c 00 00 0008 02 00 0005",
		"00 00 0018 01 01 00 01 03 00 0008 01 00 000c 00 00 0008 02 00 0005",
		"00 00 0013 01 01 00 01 00 00 000b 01 00 000c 800e 01",	/* half an attribute */
		"00 00 0014 01 01 00 01 00 00 000c 01 00 000c 000e 0001", /* value behind the end */
		"00 00 0014 01 01 00 01 00 00 000c 01 00 000c 000e ffff",
	};

	ASSERT_ALL_BAD(ike_wire_sa_parse, struct ike_proposal_list, IKE_PAYLOAD_SA, rows);
}

static void test_sa_attributes(void **state)
{
	static const struct {
		const char	*attribute, *len;
		uint16_t	key_bits;
	} rows[] = {
		{ "", "0008", 0 },
		{ "800e 0080", "000c", 128 },
		{ "800e 0000", "000c", IKE_KEY_BITS_UNUSABLE },
		{ "800e 0080 800e 0100", "0010", IKE_KEY_BITS_UNUSABLE },
		{ "800f 0001", "000c", IKE_KEY_BITS_UNUSABLE },			/* unknown */
		{ "800e 0080 000f 0003 aabbcc", "0013", IKE_KEY_BITS_UNUSABLE },	/* unknown, long */
		{ "000e 0002 0080", "000e", IKE_KEY_BITS_UNUSABLE },	/* key length as TLV: 3.3.5 forbids it */
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ike_proposal_list list;
		uint8_t body[64], rest[64];
		struct vd_writer w = vd_writer_init(body, sizeof(body));
		struct ike_payload p = { .body = body };
		size_t n = test_hex(rows[i].attribute, rest, sizeof(rest));

		vd_put_u16(&w, 0);
		vd_put_u16(&w, (uint16_t)(16 + n));
		vd_put_u32(&w, 0x01010001);
		vd_put_u16(&w, 0);
		vd_put_u16(&w, (uint16_t)(8 + n));
		vd_put_u32(&w, 0x0100000c);
		vd_put_bytes(&w, rest, n);
		p.len = (uint16_t)w.len;
		assert_int_equal(ike_wire_sa_parse(&list, &p), IKE_WIRE_OK);
		assert_int_equal(list.p[0].t[0].type, IKE_T_ENCR);
		assert_int_equal(list.p[0].t[0].key_bits, rows[i].key_bits);
	}
}

/* More than we hold: read to the end, kept as far as there is room. */
static void test_sa_too_many(void **state)
{
	static uint8_t body[12288];
	struct vd_writer w = vd_writer_init(body, sizeof(body));
	struct ike_payload p = { .type = IKE_PAYLOAD_SA, .body = body };
	struct ike_proposal_list list;

	for (int i = 0; i < IKE_PROPOSALS_MAX + 5; i++) {
		bool last = i == IKE_PROPOSALS_MAX + 4;

		vd_put_u16(&w, last ? 0 : 0x0200);
		vd_put_u16(&w, 8 + 8 * 60);
		vd_put_u32(&w, 0x0001003c | (uint32_t)(i + 1) << 24);
		for (int k = 0; k < 60; k++) {
			vd_put_u16(&w, k == 59 ? 0 : 0x0300);
			vd_put_u16(&w, 8);
			vd_put_u32(&w, 0x02000000 | (uint32_t)k);
		}
	}
	assert_false(w.failed);
	p.len = (uint16_t)w.len;
	assert_int_equal(ike_wire_sa_parse(&list, &p), IKE_WIRE_OK);
	assert_int_equal(list.n, IKE_PROPOSALS_MAX);
	assert_int_equal(list.p[3].n, IKE_TRANSFORMS_MAX);
	assert_int_equal(list.p[3].t[IKE_TRANSFORMS_MAX - 1].id, IKE_TRANSFORMS_MAX - 1);
}

/* ---- KE ---- */

static void test_ke(void **state)
{
	uint8_t value[32], buf[64];
	struct ike_builder b = ike_builder_init(buf, sizeof(buf));
	struct ike_payload p;
	struct ike_ke ke;

	memset(value, 0x42, sizeof(value));
	ike_wire_ke_emit(&b, IKE_DH_CURVE25519, value, sizeof(value));
	assert_body(&b, IKE_PAYLOAD_KE,
		    "001f 0000 4242424242424242424242424242424242424242424242424242424242424242");
	p = (struct ike_payload){ .body = buf + 4, .len = 36 };
	assert_int_equal(ike_wire_ke_parse(&ke, &p), IKE_WIRE_OK);
	assert_int_equal(ke.group, IKE_DH_CURVE25519);
	assert_int_equal(ke.len, 32);
	assert_memory_equal(ke.data, value, 32);
	/* A group we don't know is the exchange's business. */
	p = view(IKE_PAYLOAD_KE, "03e8 0000 aa");
	assert_int_equal(ike_wire_ke_parse(&ke, &p), IKE_WIRE_OK);
	assert_int_equal(ke.group, 1000);
}

static void test_ke_malformed(void **state)
{
	static const char *const rows[] = {
		"", "001f", "001f 0000", "03e8 0000",	/* no value */
		"001f 0000 42",				/* too short for the group */
		"001f 0000 424242424242424242424242424242424242424242424242424242424242424242",
		"0000 0000 42",				/* NONE has no value */
	};

	ASSERT_ALL_BAD(ike_wire_ke_parse, struct ike_ke, IKE_PAYLOAD_KE, rows);
}

/* ---- Nonce ---- */

static void test_nonce(void **state)
{
	static uint8_t body[IKE_NONCE_MAX + 1];
	struct ike_nonce nonce, before;

	memset(&nonce, 0x5a, sizeof(nonce));
	before = nonce;
	for (size_t len = 0; len <= IKE_NONCE_MAX + 1; len++) {
		struct ike_payload p = { .body = body, .len = (uint16_t)len };
		bool fits = len >= 16 && len <= 256;

		nonce = before;
		assert_int_equal(ike_wire_nonce_parse(&nonce, &p), fits ? IKE_WIRE_OK : IKE_WIRE_SYNTAX);
		if (fits)
			assert_int_equal(nonce.len, len);
		else
			assert_memory_equal(&nonce, &before, sizeof(nonce));
	}
}

/* ---- ID ---- */

static void test_id(void **state)
{
	static const char hex[] = "02 000000 68712e6578616d706c65";
	struct ike_payload p = view(IKE_PAYLOAD_IDI, "02 abcdef 68712e6578616d706c65");
	uint8_t buf[64], body[IKE_ID_BODY_MAX];
	struct ike_builder b = ike_builder_init(buf, sizeof(buf));
	struct ike_id id;

	assert_int_equal(ike_wire_id_parse(&id, &p), IKE_WIRE_OK);
	assert_int_equal(id.type, IKE_ID_FQDN);
	assert_int_equal(id.len, 10);
	assert_memory_equal(id.data, "hq.example", 10);
	ike_wire_id_emit(&b, IKE_PAYLOAD_IDR, &id);
	assert_body(&b, IKE_PAYLOAD_IDR, hex);
	assert_int_equal(ike_wire_id_body(&id, body), 14);
	assert_memory_equal(body, b.w.base + 4, 14);
	p = view(IKE_PAYLOAD_IDI, "c8 000000");	/* a type we don't know: carried, matches nothing */
	assert_int_equal(ike_wire_id_parse(&id, &p), IKE_WIRE_OK);
	assert_int_equal(id.type, 200);
	assert_int_equal(id.len, 0);
}

static void test_id_malformed(void **state)
{
	static const char *const rows[] = {
		"", "02", "02 0000",		/* shorter than its header */
		"02 000000",			/* empty name */
		"0b 000000", "09 000000", "03 000000",
		"01 000000 c00002", "01 000000 c000020101", "05 000000 c0000201",	/* address length */
		"00 000000 aa",			/* reserved */
	};
	static uint8_t body[4 + IKE_ID_MAX + 1] = { IKE_ID_KEY_ID };
	struct ike_payload p = { .body = body, .len = sizeof(body) };
	struct ike_id id;

	ASSERT_ALL_BAD(ike_wire_id_parse, struct ike_id, IKE_PAYLOAD_IDI, rows);
	assert_int_equal(ike_wire_id_parse(&id, &p), IKE_WIRE_SYNTAX);
	p.len--;
	assert_int_equal(ike_wire_id_parse(&id, &p), IKE_WIRE_OK);
	assert_int_equal(id.len, IKE_ID_MAX);
}

/* ---- AUTH ---- */

static void test_auth(void **state)
{
	static const char *const rows[] = { "", "02", "02 0000", "02 000000" };
	struct ike_payload p = view(IKE_PAYLOAD_AUTH, "02 ffffff a1b2c3");
	uint8_t buf[32];
	struct ike_builder b = ike_builder_init(buf, sizeof(buf));
	struct ike_auth auth;

	assert_int_equal(ike_wire_auth_parse(&auth, &p), IKE_WIRE_OK);
	assert_int_equal(auth.method, IKE_AUTH_METHOD_SHARED_KEY);
	assert_int_equal(auth.len, 3);
	ike_wire_auth_emit(&b, IKE_AUTH_METHOD_SHARED_KEY, auth.data, auth.len);
	assert_body(&b, IKE_PAYLOAD_AUTH, "02 000000 a1b2c3");
	ASSERT_ALL_BAD(ike_wire_auth_parse, struct ike_auth, IKE_PAYLOAD_AUTH, rows);
}

/* ---- Notify ---- */

static void test_notify(void **state)
{
	struct ike_payload p = view(IKE_PAYLOAD_NOTIFY, "03 04 4009 c0ffee01 aabb");
	uint8_t buf[32];
	struct ike_builder b = ike_builder_init(buf, sizeof(buf));
	struct ike_notify n;

	assert_int_equal(ike_wire_notify_parse(&n, &p), IKE_WIRE_OK);
	assert_int_equal(n.type, IKE_NOTIFY_REKEY_SA);
	assert_int_equal(n.protocol, IKE_PROTO_ESP);
	assert_true(ike_notify_spi(&n) == 0xc0ffee01);
	assert_int_equal(n.len, 2);
	assert_int_equal(ike_notify_u16(&n), 0xaabb);
	ike_wire_notify_emit_spi(&b, IKE_NOTIFY_REKEY_SA, IKE_PROTO_ESP, 0xc0ffee01);
	assert_body(&b, IKE_PAYLOAD_NOTIFY, "03 04 4009 c0ffee01");
	p = view(IKE_PAYLOAD_NOTIFY, "00 00 0011 0013");
	assert_int_equal(ike_wire_notify_parse(&n, &p), IKE_WIRE_OK);
	assert_true(ike_notify_is_error(n.type));
	assert_int_equal(ike_notify_u16(&n), IKE_DH_ECP256);
	assert_true(ike_notify_spi(&n) == 0);
}

static void test_notify_malformed(void **state)
{
	static const char *const rows[] = {
		"", "00 00 40",
		"03 04 4009 c0ffee",		/* SPI behind the end */
		"03 ff 4009 c0ffee01",
	};

	ASSERT_ALL_BAD(ike_wire_notify_parse, struct ike_notify, IKE_PAYLOAD_NOTIFY, rows);
}

static void test_notify_in_chain(void **state)
{
	static const char hex[] = "29 00 0008 00ff4006 29 00 0008 00004006 29 00 0008 0000400a 00 00 0008 00000018";
	uint8_t wire[64];
	size_t len = test_hex(hex, wire, sizeof(wire));
	struct ike_chain c;
	struct ike_notify n;

	assert_int_equal(ike_chain_parse(&c, IKE_PAYLOAD_NOTIFY, wire, len, NULL), IKE_WIRE_OK);
	assert_true(ike_chain_notify(&c, IKE_NOTIFY_COOKIE, &n) == true);
	assert_int_equal(n.type, IKE_NOTIFY_COOKIE);
	assert_false(ike_chain_notify(&c, IKE_NOTIFY_REKEY_SA, &n));
	assert_int_equal(n.type, IKE_NOTIFY_COOKIE);
	assert_true(ike_chain_notify_error(&c, &n));
	assert_int_equal(n.type, IKE_NOTIFY_AUTHENTICATION_FAILED);
	assert_int_equal(ike_chain_notify_check(&c), IKE_WIRE_SYNTAX);	/* the first one's SPI */
	assert_int_equal(ike_chain_parse(&c, IKE_PAYLOAD_NOTIFY, wire + 8, len - 8, NULL), IKE_WIRE_OK);
	assert_int_equal(ike_chain_notify_check(&c), IKE_WIRE_OK);
	/* A malformed error tells nothing: the next one counts. */
	len = test_hex("29 00 0008 00ff000e 00 00 0008 00000018", wire, sizeof(wire));
	assert_int_equal(ike_chain_parse(&c, IKE_PAYLOAD_NOTIFY, wire, len, NULL), IKE_WIRE_OK);
	assert_true(ike_chain_notify_error(&c, &n));
	assert_int_equal(n.type, IKE_NOTIFY_AUTHENTICATION_FAILED);
	c.n = 1;
	assert_false(ike_chain_notify_error(&c, &n));
}

static void test_notify_names(void **state)
{
	assert_string_equal(ike_notify_name(14), "NO_PROPOSAL_CHOSEN");
	assert_string_equal(ike_notify_name(16393), "REKEY_SA");
	assert_null(ike_notify_name(0));
	assert_null(ike_notify_name(65535));
	assert_false(ike_notify_is_error(16384));
	assert_false(ike_notify_is_error(0));
}

/* ---- Delete ---- */

static void test_delete(void **state)
{
	static const uint32_t spis[] = { 0xc0ffee01, 2 };
	struct ike_payload p = view(IKE_PAYLOAD_DELETE, "03 04 0002 c0ffee01 00000002");
	uint8_t buf[32];
	struct ike_builder b = ike_builder_init(buf, sizeof(buf));
	struct ike_delete d;

	assert_int_equal(ike_wire_delete_parse(&d, &p), IKE_WIRE_OK);
	assert_int_equal(d.n, 2);
	assert_true(ike_delete_spi(&d, 0) == 0xc0ffee01);
	assert_true(ike_delete_spi(&d, 1) == 2);
	assert_true(ike_delete_spi(&d, 2) == 0);
	ike_wire_delete_emit(&b, IKE_PROTO_ESP, spis, 2);
	assert_body(&b, IKE_PAYLOAD_DELETE, "03 04 0002 c0ffee01 00000002");
	b = ike_builder_init(buf, sizeof(buf));
	ike_wire_delete_emit(&b, IKE_PROTO_IKE, NULL, 0);
	assert_body(&b, IKE_PAYLOAD_DELETE, "01 00 0000");
	p = view(IKE_PAYLOAD_DELETE, "01 00 0000");
	assert_int_equal(ike_wire_delete_parse(&d, &p), IKE_WIRE_OK);
	assert_int_equal(d.protocol, IKE_PROTO_IKE);
}

static void test_delete_malformed(void **state)
{
	static const char *const rows[] = {
		"", "03 04 00",
		"03 04 0001", "03 04 0001 c0ffee", "03 04 ffff c0ffee01",	/* SPIs behind the end */
		"03 04 0001 c0ffee01 00",				/* octets left */
		"03 08 0001 0102030405060708", "03 00 0001", "03 00 ffff",
		"01 08 0001 0102030405060708", "01 00 0001", "01 04 0000",	/* IKE: none */
		"00 04 0001 c0ffee01", "04 04 0001 c0ffee01",		/* protocols without SAs */
	};

	ASSERT_ALL_BAD(ike_wire_delete_parse, struct ike_delete, IKE_PAYLOAD_DELETE, rows);
}

/* ---- TS ---- */

static const char ts_hex[] =
	"03 000000"
	"07 00 0010 0000 ffff 0a010000 0a01ffff"
	"07 06 0010 01bb 01bb c0000201 c0000201"
	"08 00 0028 ffff 0000 20010db8000000000000000000000000 20010db800000000ffffffffffffffff";

static void test_ts(void **state)
{
	struct ike_payload p = view(IKE_PAYLOAD_TSI, ts_hex);
	uint8_t buf[128];
	struct ike_builder b = ike_builder_init(buf, sizeof(buf));
	struct ike_ts_list list;

	assert_int_equal(ike_wire_ts_parse(&list, &p), IKE_WIRE_OK);
	assert_int_equal(list.n, 3);
	assert_int_equal(list.ts[0].start.family, VD_FAMILY_IPV4);
	assert_int_equal(list.ts[1].proto, 6);
	assert_int_equal(list.ts[1].port_start, 443);
	assert_int_equal(list.ts[2].end.family, VD_FAMILY_IPV6);
	assert_int_equal(list.ts[2].port_start, 65535);	/* OPAQUE */
	ike_wire_ts_emit(&b, IKE_PAYLOAD_TSR, &list);
	assert_body(&b, IKE_PAYLOAD_TSR, ts_hex);
}

static void test_ts_unknown_type(void **state)
{
	struct ike_payload p = view(IKE_PAYLOAD_TSI,
		"02 000000 09 00 000a aabbccddeeff 07 00 0010 0000 ffff 0a010000 0a01ffff");
	struct ike_ts_list list;

	assert_int_equal(ike_wire_ts_parse(&list, &p), IKE_WIRE_OK);
	assert_int_equal(list.n, 1);
	p = view(IKE_PAYLOAD_TSI, "01 000000 09 00 0004");
	assert_int_equal(ike_wire_ts_parse(&list, &p), IKE_WIRE_OK);
	assert_int_equal(list.n, 0);
}

static void test_ts_too_many(void **state)
{
	static uint8_t body[4 + 16 * 255];
	struct vd_writer w = vd_writer_init(body, sizeof(body));
	struct ike_payload p = { .body = body, .len = sizeof(body) };
	struct ike_ts_list list;

	vd_put_u32(&w, 0xff000000);
	for (uint32_t i = 0; i < 255; i++) {
		vd_put_u64(&w, 0x070000100000ffff);
		vd_put_u32(&w, i);
		vd_put_u32(&w, i);
	}
	assert_false(w.failed);
	assert_int_equal(ike_wire_ts_parse(&list, &p), IKE_WIRE_OK);
	assert_int_equal(list.n, IKE_TS_MAX);
}

static void test_ts_malformed(void **state)
{
	static const char *const rows[] = {
		"", "01 0000", "00 000000",			/* no selector */
		"01 000000", "01 000000 07 00 00",
		"01 000000 07 00 0003",				/* shorter than its header */
		"01 000000 07 00 0000",
		"01 000000 07 00 000f 0000 ffff 0a010000 0a01ff",	/* too short for its type */
		"01 000000 07 00 0011 0000 ffff 0a010000 0a01ffff 00",	/* too long */
		"01 000000 08 00 0010 0000 ffff 0a010000 0a01ffff",
		"01 000000 07 00 0028 0000 ffff 0a010000 0a01ffff",	/* behind the end */
		"01 000000 09 00 0028 0000",				/* the same, unknown type */
		"02 000000 07 00 0010 0000 ffff 0a010000 0a01ffff",	/* fewer than announced */
		"01 000000 07 00 0010 0000 ffff 0a010000 0a01ffff 00",	/* octets left */
		"01 000000 07 00 0010 0000 ffff 0a01ffff 0a010000",	/* ends before it starts */
		"01 000000 07 06 0010 0050 0035 0a010000 0a01ffff",
	};

	ASSERT_ALL_BAD(ike_wire_ts_parse, struct ike_ts_list, IKE_PAYLOAD_TSI, rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sa),
		cmocka_unit_test(test_sa_unknown_protocol),
		cmocka_unit_test(test_sa_malformed),
		cmocka_unit_test(test_sa_attributes),
		cmocka_unit_test(test_sa_too_many),
		cmocka_unit_test(test_ke),
		cmocka_unit_test(test_ke_malformed),
		cmocka_unit_test(test_nonce),
		cmocka_unit_test(test_id),
		cmocka_unit_test(test_id_malformed),
		cmocka_unit_test(test_auth),
		cmocka_unit_test(test_notify),
		cmocka_unit_test(test_notify_malformed),
		cmocka_unit_test(test_notify_in_chain),
		cmocka_unit_test(test_notify_names),
		cmocka_unit_test(test_delete),
		cmocka_unit_test(test_delete_malformed),
		cmocka_unit_test(test_ts),
		cmocka_unit_test(test_ts_unknown_type),
		cmocka_unit_test(test_ts_too_many),
		cmocka_unit_test(test_ts_malformed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
