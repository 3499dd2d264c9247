// SPDX-License-Identifier: GPL-2.0-only
/* KUnit: padding, trailer and lengths of ESP packets (RFC 4303, 2.4 to 2.8). */
#include <kunit/test.h>

#include "../esp_frame.c"

static const struct vdt_esp_geometry geometries[] = {
	{ .iv = 8, .icv = 16, .align = 4 },	/* AES-GCM */
	{ .iv = 16, .icv = 16, .align = 16 },	/* AES-CBC, HMAC-SHA2-256-128 */
	{ .iv = 16, .icv = 32, .align = 16 },	/* AES-CBC, HMAC-SHA2-512-256 */
	{ .iv = 8, .icv = 12, .align = 8 },	/* 3DES-CBC, HMAC-SHA1-96 */
	{ .iv = 0, .icv = 12, .align = 4 },	/* NULL, HMAC-SHA1-96 */
};

static void geometry_desc(const struct vdt_esp_geometry *g, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "iv %u icv %u align %u", g->iv, g->icv, g->align);
}

KUNIT_ARRAY_PARAM(geometry, geometries, geometry_desc);

static void lengths(struct kunit *test)
{
	const struct vdt_esp_geometry *g = test->param_value;
	u32 payload;

	for (payload = 0; payload <= 70000; payload += payload < 3000 ? 1 : 61) {
		u32 trailer = vdt_esp_trailer_len(g, payload);
		u32 len = vdt_esp_packet_len(g, payload);

		KUNIT_ASSERT_GE(test, trailer, 2);
		KUNIT_ASSERT_LE(test, trailer, g->align + 1);
		KUNIT_ASSERT_EQ(test, (payload + trailer) % g->align, 0);
		KUNIT_ASSERT_EQ(test, len, 8 + g->iv + payload + trailer + g->icv);
		KUNIT_ASSERT_TRUE(test, vdt_esp_len_ok(g, len));
		KUNIT_ASSERT_FALSE(test, vdt_esp_len_ok(g, len - 1));
		KUNIT_ASSERT_FALSE(test, vdt_esp_len_ok(g, len + 1));
	}
	KUNIT_EXPECT_FALSE(test, vdt_esp_len_ok(g, 0));
	KUNIT_EXPECT_FALSE(test, vdt_esp_len_ok(g, 8 + g->iv + g->icv));
	KUNIT_EXPECT_TRUE(test, vdt_esp_len_ok(g, 8 + g->iv + g->align + g->icv));
}

/* The largest payload for a room fits, and one octet more does not. */
static void largest_payload(struct kunit *test)
{
	const struct vdt_esp_geometry *g = test->param_value;
	u32 smallest = vdt_esp_packet_len(g, 0);
	u32 room;

	for (room = 0; room <= 2000; room++) {
		u32 payload = vdt_esp_payload_max(g, room);

		if (room < smallest) {
			KUNIT_ASSERT_EQ(test, payload, 0);
			continue;
		}
		KUNIT_ASSERT_LE(test, vdt_esp_packet_len(g, payload), room);
		KUNIT_ASSERT_GT(test, vdt_esp_packet_len(g, payload + 1), room);
	}
}

static void trailer_roundtrip(struct kunit *test)
{
	u8 *buf = kunit_kzalloc(test, 512, GFP_KERNEL);
	u32 payload, trailer, got;
	u8 next;

	KUNIT_ASSERT_NOT_NULL(test, buf);
	for (trailer = 2; trailer <= VDT_ESP_TRAILER_MAX; trailer++)
		for (payload = 0; payload < 20; payload++) {
			u32 len = payload + trailer;

			memset(buf, 0xee, 512);
			vdt_esp_trailer_put(buf + payload, trailer, 4);
			KUNIT_ASSERT_EQ(test, buf[len], 0xee);
			KUNIT_ASSERT_EQ(test, buf[len - 1], 4);
			KUNIT_ASSERT_EQ(test, buf[len - 2], trailer - 2);
			KUNIT_ASSERT_EQ(test, (u32)vdt_esp_trailer_check(buf, len, len, &got, &next),
					0);
			KUNIT_ASSERT_EQ(test, got, payload);
			KUNIT_ASSERT_EQ(test, next, 4);
			/* Only the end is linear. */
			got = min_t(u32, len, VDT_ESP_TRAILER_MAX);
			KUNIT_ASSERT_EQ(test, (u32)vdt_esp_trailer_check(buf + len - got, got, len,
									 &got, &next), 0);
			KUNIT_ASSERT_EQ(test, got, payload);
		}
}

/* Every padding octet counts, and on failure nothing is written. */
static void trailer_damaged(struct kunit *test)
{
	u8 buf[64], next = 99;
	u32 got = 12345, i;

	vdt_esp_trailer_put(buf + 8, 56, 41);
	for (i = 8; i < 62; i++) {
		buf[i] ^= 0x40;
		KUNIT_EXPECT_EQ(test, vdt_esp_trailer_check(buf, 64, 64, &got, &next),
				VIADUCT_DROP_RX_PADDING);
		buf[i] ^= 0x40;
	}
	/* A pad length that reaches before the payload. */
	buf[62] = 63;
	KUNIT_EXPECT_EQ(test, vdt_esp_trailer_check(buf, 64, 64, &got, &next),
			VIADUCT_DROP_RX_PADDING);
	buf[62] = 255;
	KUNIT_EXPECT_EQ(test, vdt_esp_trailer_check(buf, 64, 64, &got, &next),
			VIADUCT_DROP_RX_PADDING);
	KUNIT_EXPECT_EQ(test, got, 12345);
	KUNIT_EXPECT_EQ(test, next, 99);
}

static void trailer_truncated(struct kunit *test)
{
	u8 buf[2] = { 0, 4 }, next = 99;
	u32 got = 12345;

	KUNIT_EXPECT_EQ(test, vdt_esp_trailer_check(buf, 0, 0, &got, &next),
			VIADUCT_DROP_RX_TRUNCATED);
	KUNIT_EXPECT_EQ(test, vdt_esp_trailer_check(buf, 1, 1, &got, &next),
			VIADUCT_DROP_RX_TRUNCATED);
	KUNIT_EXPECT_EQ(test, vdt_esp_trailer_check(buf, 2, 100, &got, &next),
			VIADUCT_DROP_RX_TRUNCATED);
	KUNIT_EXPECT_EQ(test, vdt_esp_trailer_check(buf, 2, 1, &got, &next),
			VIADUCT_DROP_RX_TRUNCATED);
	KUNIT_EXPECT_EQ(test, got, 12345);
	/* No padding, no payload: a packet may be empty. */
	KUNIT_EXPECT_EQ(test, (u32)vdt_esp_trailer_check(buf, 2, 2, &got, &next), 0);
	KUNIT_EXPECT_EQ(test, got, 0);
	KUNIT_EXPECT_EQ(test, next, 4);
}

static struct kunit_case esp_frame_cases[] = {
	KUNIT_CASE_PARAM(lengths, geometry_gen_params),
	KUNIT_CASE_PARAM(largest_payload, geometry_gen_params),
	KUNIT_CASE(trailer_roundtrip),
	KUNIT_CASE(trailer_damaged),
	KUNIT_CASE(trailer_truncated),
	{}
};

static struct kunit_suite esp_frame_suite = {
	.name = "viaduct_esp_frame",
	.test_cases = esp_frame_cases,
};

kunit_test_suite(esp_frame_suite);

MODULE_DESCRIPTION("viaduct: tests of ESP framing");
MODULE_LICENSE("GPL");
