// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What viaductctl prints: cleaned text, spans, sizes, times; replies that are not what they should
 * be; the nearest word.
 */
#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/nearest.h"
#include "ctl/client.h"
#include "ctl/text.h"

static void assert_clean(const char *in, const char *want)
{
	char *got = vd_text_clean(in);

	assert_string_equal(got, want);
	free(got);
}

static void test_clean(void **state)
{
	assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
	assert_clean("", "");
	assert_clean("hq.example.org ~", "hq.example.org ~");
	assert_clean("a\033[31mb\r\n\t\177", "a\\x1b[31mb\\x0d\\x0a\\x09\\x7f");
	assert_clean("M\xc3\xbcller", "M\xc3\xbcller");
	assert_clean("\xc2\x9b", "\\xc2\\x9b");			/* C1 control sequence introducer */
	assert_clean("\xe2\x80\xae", "\\xe2\\x80\\xae");	/* right-to-left override */
	assert_clean("\xc3", "\\xc3");				/* cut short */
	assert_clean("\xc0\x80", "\\xc0\\x80");			/* overlong */
	assert_clean("\xed\xa0\x80", "\\xed\\xa0\\x80");	/* a surrogate */
	assert_clean("\\x1b", "\\x1b");				/* escaped already: left */
	assert_non_null(setlocale(LC_CTYPE, "C"));
	assert_clean("M\xc3\xbcller", "M\\xc3\\xbcller");
}

static void test_span(void **state)
{
	static const struct {
		int64_t		seconds;
		const char	*want;
	} cases[] = {
		{ -5, "0s" }, { 0, "0s" }, { 59, "59s" }, { 60, "1m" }, { 61, "1m 1s" }, { 3599, "59m 59s" },
		{ 3600, "1h" }, { 7530, "2h 5m" }, { 86399, "23h 59m" }, { 86400, "1d" }, { 93600, "1d 2h" },
		{ INT64_MAX, "106751991167300d 15h" },
	};
	char buf[VD_SPAN_TEXT];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(vd_span_text(cases[i].seconds, buf), cases[i].want);
}

static void test_bytes(void **state)
{
	static const struct {
		int64_t		bytes;
		const char	*want;
	} cases[] = {
		{ 0, "0 B" }, { 1023, "1023 B" }, { 1024, "1.0 KiB" }, { 1536, "1.5 KiB" }, { 10240, "10 KiB" },
		{ 1048575, "1.0 MiB" }, { 1320702444, "1.2 GiB" }, { INT64_MAX, "8.0 EiB" },
	};
	char buf[VD_BYTES_TEXT];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(vd_bytes_text(cases[i].bytes, buf), cases[i].want);
}

static void test_iso(void **state)
{
	static const char *const wrong[] = {
		"", "2026-11-20", "2026-11-20T18:20:01", "2026-11-20T18:20:01+01:00", "2026-13-20T18:20:01Z",
		"2026-11-20T18:20:01ZZ", "1960-01-01T00:00:00Z", "\0332026-11-20T18:20:01Z", "2026-11-20T18:20:01.Z ",
	};
	int64_t ms = 7;

	assert_true(vd_iso_parse("1970-01-01T00:00:00Z", &ms));
	assert_int_equal(ms, 0);
	assert_true(vd_iso_parse("2026-11-20T18:20:01.25Z", &ms));
	assert_int_equal(ms, 1795198801250);
	assert_true(vd_iso_parse("2026-11-20T18:20:01.123456789Z", &ms));
	assert_int_equal(ms, 1795198801123);
	ms = 7;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(vd_iso_parse(wrong[i], &ms));
	assert_int_equal(ms, 7);
}

static void test_since(void **state)
{
	struct vd_ctl ctl = { .now_ms = 1795198801250 };
	json_t *o = json_pack("{s:s, s:s, s:i}", "past", "2026-11-20T16:14:31Z", "future", "2026-11-20T18:20:31Z",
			      "odd", 1);
	char buf[VD_SPAN_TEXT];

	assert_string_equal(vd_since_text(&ctl, o, "past", buf), "2h 5m");
	assert_string_equal(vd_since_text(&ctl, o, "future", buf), "29s");
	assert_string_equal(vd_since_text(&ctl, o, "odd", buf), "");
	assert_string_equal(vd_since_text(&ctl, o, "none", buf), "");
	json_decref(o);
}

static void test_reply(void **state)
{
	static const char *const wrong[] = {
		"", "null", "[]", "7", "{", "{\"parameters\":[]}", "{\"error\":1}", "{\"continues\":\"yes\"}",
		"{\"parameters\":{},\"parameters\":{}}", "{} {}", "{\"parameters\":{\"a\":\"\\u0000\"}}",
	};
	struct vd_reply r = { 0 };

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(vd_reply_parse(&r, wrong[i], strlen(wrong[i])), -EPROTO);
		assert_null(r.message);
	}
	assert_int_equal(vd_reply_parse(&r, "{}", 2), 0);
	assert_true(json_is_object(r.parameters));
	assert_null(r.error);
	assert_false(r.continues);
	vd_reply_free(&r);
	assert_int_equal(vd_reply_parse(&r, "{\"continues\":true}", 18), 0);
	assert_true(r.continues);
	vd_reply_free(&r);
	/* An error is always the last. */
	assert_int_equal(vd_reply_parse(&r, "{\"error\":\"a.b\",\"continues\":true}", 32), 0);
	assert_string_equal(r.error, "a.b");
	assert_false(r.continues);
	vd_reply_free(&r);
	assert_null(r.message);
}

static void test_nearest(void **state)
{
	struct vd_nearest n = { .typed = "stauts" };
	char longest[VD_NEAREST_MAX + 1];

	assert_int_equal(vd_nearest_distance("", ""), 0);
	assert_int_equal(vd_nearest_distance("abc", ""), 3);
	assert_int_equal(vd_nearest_distance("", "abc"), 3);
	assert_int_equal(vd_nearest_distance("kitten", "sitting"), 3);
	assert_int_equal(vd_nearest_distance("stauts", "status"), 1);
	memset(longest, 'a', sizeof(longest));
	longest[VD_NEAREST_MAX] = '\0';
	assert_int_equal(vd_nearest_distance(longest, "a"), UINT_MAX);
	vd_nearest_offer(&n, "frobnicate");
	assert_null(n.best);
	vd_nearest_offer(&n, "stats");
	vd_nearest_offer(&n, "status");
	vd_nearest_offer(&n, "state");
	assert_string_equal(n.best, "stats");	/* the first of the nearest */
	n = (struct vd_nearest){ .typed = longest };
	vd_nearest_offer(&n, "status");
	assert_null(n.best);
	n = (struct vd_nearest){ .typed = "hp" };
	vd_nearest_offer(&n, "xy");
	assert_null(n.best);
	vd_nearest_offer(&n, "hq");
	assert_string_equal(n.best, "hq");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_span),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_iso),
		cmocka_unit_test(test_since),
		cmocka_unit_test(test_reply),
		cmocka_unit_test(test_nearest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
