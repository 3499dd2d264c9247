// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * base/addr.c, base/addr_text.c: values, text, socket addresses.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/addr.h"

static void test_text_round_trip(void **state)
{
	static const char *const texts[] = {
		"0.0.0.0", "192.0.2.1", "255.255.255.255", "::", "::1", "2001:db8::1",
		"2001:db8:1:2:3:4:5:6", "9:a:f:0:1:2:3:4", "::9fa0", "::ffff:192.0.2.1",
	};
	char buf[VD_ADDR_TEXT];

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct vd_addr a = { 0 };

		assert_int_equal(vd_addr_parse(&a, texts[i]), 0);
		assert_int_equal(a.family, strchr(texts[i], ':') ? VD_FAMILY_IPV6 : VD_FAMILY_IPV4);
		assert_string_equal(vd_addr_text(&a, buf), texts[i]);
	}
}

static void test_bad_addresses(void **state)
{
	static const char *const texts[] = {
		"", " 192.0.2.1", "192.0.2.1 ", "192.0.2", "192.0.2.256", "192.0.2.01", "0192.0.2.1", "192.0.2.0001", "192.0.2.1000", "192.0.2.",
		"1:2:3:4:5:6:7:8:9", "1::2::3", "1:2:3:4:5:6:7:1.2.3.4", "12345::", "1:", ":1", ":", ":::",
		"1:2:3:4:5:6:7::8", "::1.2.3.4:1", "1:2:3:4:5:6:7:8::", "0x7f.1", "1.2.3.4.5",
		"2001:db8", "::g", "fe80::1%eth0", "[::1]", "192.0.2.1/24", "any",
	};
	const struct vd_addr before = { VD_FAMILY_IPV4, { 9, 9, 9, 9 } };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct vd_addr a = before;

		assert_int_equal(vd_addr_parse(&a, texts[i]), -EINVAL);
		assert_memory_equal(&a, &before, sizeof(a));
	}
}

static void test_prefix(void **state)
{
	static const struct {
		const char *text, *addr;
		int len;
	} good[] = {
		{ "10.0.0.0/8", "10.0.0.0", 8 }, { "10.1.2.3", "10.1.2.3", 32 },
		{ "0.0.0.0/0", "0.0.0.0", 0 }, { "169.254.7.1/30", "169.254.7.1", 30 },
		{ "2001:db8::/32", "2001:db8::", 32 }, { "::/0", "::", 0 }, { "::1", "::1", 128 },
	};
	static const char *const bad[] = {
		"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/ 8", "10.0.0.0/8 ",
		"10.0.0.0/8/8", "10.0.0.0/0x8", "10.0.0.0/0008", "::/129", "/8", "10.0.0.0/99999999999999999999",
		"1111:1111:1111:1111:1111:1111:1111:1111:1111:1111:1111:1111/8",
	};
	char buf[VD_ADDR_TEXT];

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct vd_addr a = { 0 };
		uint8_t len = 77;

		assert_int_equal(vd_prefix_parse(&a, &len, good[i].text), 0);
		assert_string_equal(vd_addr_text(&a, buf), good[i].addr);
		assert_int_equal(len, good[i].len);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct vd_addr a = { 0 };
		uint8_t len = 77;

		assert_int_equal(vd_prefix_parse(&a, &len, bad[i]), -EINVAL);
		assert_int_equal(a.family, VD_FAMILY_NONE);
		assert_int_equal(len, 77);
	}
}

static void test_values(void **state)
{
	struct vd_addr four = vd_addr_make((const uint8_t[]){ 192, 0, 2, 1 }, 4);
	struct vd_addr mapped, none = vd_addr_make((const uint8_t[]){ 1, 2, 3 }, 3);
	struct vd_addr junk = four;

	assert_int_equal(none.family, VD_FAMILY_NONE);
	assert_int_equal(vd_addr_parse(&mapped, "::ffff:192.0.2.1"), 0);
	assert_false(vd_addr_equal(&four, &mapped));
	/* Only the four octets count, whatever is behind them. */
	junk.bytes[7] = 1;
	assert_true(vd_addr_equal(&four, &junk));
	junk.bytes[3] = 2;
	assert_false(vd_addr_equal(&four, &junk));
	assert_int_equal(vd_addr_len(VD_FAMILY_IPV4), 4);
	assert_int_equal(vd_addr_len(VD_FAMILY_IPV6), 16);
	assert_int_equal(vd_addr_len(VD_FAMILY_NONE), 0);
}

static void test_endpoints(void **state)
{
	static const char *const addrs[] = { "192.0.2.1", "2001:db8::1" };
	static const char *const texts[] = { "192.0.2.1:4500", "[2001:db8::1]:4500" };
	char buf[VD_ENDPOINT_TEXT];

	for (size_t i = 0; i < 2; i++) {
		struct vd_endpoint e = { .port = 4500 }, back = { 0 };
		struct sockaddr_storage ss;

		assert_int_equal(vd_addr_parse(&e.addr, addrs[i]), 0);
		assert_string_equal(vd_endpoint_text(&e, buf), texts[i]);
		assert_in_range(vd_endpoint_to_sockaddr(&e, &ss), 16, sizeof(ss));
		assert_int_equal(vd_endpoint_from_sockaddr(&back, &ss), 0);
		assert_true(vd_endpoint_equal(&e, &back));
		ss.ss_family = AF_UNIX;
		assert_int_equal(vd_endpoint_from_sockaddr(&back, &ss), -EAFNOSUPPORT);
		assert_true(vd_endpoint_equal(&e, &back));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_round_trip),
		cmocka_unit_test(test_bad_addresses),
		cmocka_unit_test(test_prefix),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_endpoints),
	};

	return cmocka_run_group_tests_name("addr", tests, NULL, NULL);
}
