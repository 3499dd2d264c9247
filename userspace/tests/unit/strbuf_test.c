// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * base/strbuf.c: bounds, escapes, numbers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/strbuf.h"

static void test_pieces(void **state)
{
	char buf[64];
	struct vd_strbuf b = vd_strbuf_init(buf, sizeof(buf));

	assert_string_equal(buf, "");
	vd_strbuf_str(&b, "n=");
	vd_strbuf_u64(&b, 0);
	vd_strbuf_char(&b, ',');
	vd_strbuf_u64(&b, UINT64_MAX);
	vd_strbuf_char(&b, ' ');
	vd_strbuf_hex(&b, "\x00\xfe\x1a", 3);
	assert_string_equal(buf, "n=0,18446744073709551615 00fe1a");
	assert_int_equal(b.len, strlen(buf));
	assert_false(b.cut);
}

/* Whatever is appended, the text stays terminated and within its buffer. */
static void test_cut(void **state)
{
	for (size_t cap = 1; cap < 20; cap++) {
		char buf[32];
		struct vd_strbuf b;

		memset(buf, '#', sizeof(buf));
		b = vd_strbuf_init(buf, cap);
		vd_strbuf_str(&b, "abcdef");
		vd_strbuf_u64(&b, 12345);
		vd_strbuf_untrusted(&b, "\n\n", 2);
		assert_int_equal(strlen(buf), b.len);
		assert_true(b.len < cap);
		assert_int_equal(buf[cap], '#');
		assert_true(b.cut);
		assert_memory_equal(buf, "abcdef12345\\x0a\\x0a", b.len);
	}
}

static void test_nothing_after_a_cut(void **state)
{
	char buf[5];
	struct vd_strbuf b = vd_strbuf_init(buf, sizeof(buf));

	vd_strbuf_u64(&b, 1234567);	/* all or nothing: part of a number would be another one */
	assert_string_equal(buf, "");
	vd_strbuf_char(&b, 'x');
	assert_string_equal(buf, "");
	assert_true(b.cut);
}

static void test_untrusted(void **state)
{
	char buf[2000];
	struct vd_strbuf b = vd_strbuf_init(buf, sizeof(buf));
	uint8_t all[256];

	for (size_t i = 0; i < sizeof(all); i++)
		all[i] = (uint8_t)i;
	vd_strbuf_untrusted(&b, all, sizeof(all));
	assert_false(b.cut);
	for (size_t i = 0; i < b.len; i++)
		assert_in_range(buf[i], ' ', '~');
	b = vd_strbuf_init(buf, sizeof(buf));
	vd_strbuf_untrusted(&b, "a%s\\\x1b[31m\x7f\xff", 11);
	assert_string_equal(buf, "a%s\\x5c\\x1b[31m\\x7f\\xff");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_nothing_after_a_cut),
		cmocka_unit_test(test_untrusted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
