// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * viaduct.conf(5) tells the keys as the schema has them: the part between its two marks is what
 * vd_conf_schema_scdoc() writes. With VIADUCT_UPDATE=1 the page is rewritten instead.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "conf/conf.h"

#define BEGIN	"; schema begin\n"
#define END	"; schema end\n"

/* The page, beside this file in the tree: userspace/tests/unit/ → Documentation/man/. */
static void page_path(char *path, size_t cap)
{
	const char *self = __FILE__;
	const char *top = strstr(self, "userspace/tests/unit/");

	assert_non_null(top);
	snprintf(path, cap, "%.*sDocumentation/man/viaduct.conf.5.scd", (int)(top - self), self);
}

/* Not inlined: gcc 12 at -O2 would take what getdelim() allocates for the local pointer to it, and warn. */
static __attribute__((noinline)) char *read_all(const char *path)
{
	FILE *f = fopen(path, "re");
	char *text = NULL;
	size_t len = 0;

	assert_non_null(f);
	assert_true(getdelim(&text, &len, '\0', f) > 0);
	fclose(f);
	return text;
}

static void rewrite(const char *path, const char *page, const char *begin, const char *keys, const char *end)
{
	FILE *f = fopen(path, "we");

	assert_non_null(f);
	fprintf(f, "%.*s%s%s", (int)(begin - page), page, keys, end);
	assert_int_equal(fclose(f), 0);
}

static void test_page_is_the_schema(void **state)
{
	char path[4096], *page, *keys = NULL;
	const char *begin, *end, *update = getenv("VIADUCT_UPDATE");
	size_t len;
	FILE *f;

	page_path(path, sizeof(path));
	page = read_all(path);
	begin = strstr(page, BEGIN);
	end = strstr(page, END);
	assert_true(begin && end && begin < end);
	begin += strlen(BEGIN);

	f = open_memstream(&keys, &len);
	vd_conf_schema_scdoc(f);
	fclose(f);
	assert_true(len > 1000);
	if (update && !strcmp(update, "1")) {
		rewrite(path, page, begin, keys, end);
	} else if ((size_t)(end - begin) != len || strncmp(begin, keys, len)) {
		fail_msg("%s: not the schema's keys; run this test with VIADUCT_UPDATE=1", path);
	}
	free(keys);
	free(page);
}

/* Every key's row says enough to be documented. */
static void test_rows_are_complete(void **state)
{
	struct vd_conf_key_doc d;
	size_t n = 0;

	for (; vd_conf_schema(n, &d); n++) {
		assert_true(!strcmp(d.block, "gateway") || !strcmp(d.block, "tunnel"));
		assert_true(d.key[0] && d.doc[0]);
		assert_int_equal(d.doc[strlen(d.doc) - 1], '.');
		assert_true(!d.supported || d.type[0]);
	}
	assert_true(n > 30);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_page_is_the_schema),
		cmocka_unit_test(test_rows_are_complete),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
