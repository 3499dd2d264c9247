// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ike/cause.c: the one table of causes, and the names that JSON carries.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ike/cause.h"

static const enum ike_cause_code codes[] = {
#define X(number, NAME, title, fix) IKE_CAUSE_##NAME,
	IKE_CAUSE_CODES(X)
#undef X
};

static void test_table(void **state)
{
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		assert_true(codes[i] >= 1000 && codes[i] <= 9999);
		assert_true(strlen(ike_cause_title(codes[i])) > 0);
		assert_true(strlen(ike_cause_fix(codes[i])) > 0);
		assert_non_null(ike_cause_name(codes[i]));
		for (size_t k = 0; k < i; k++)	/* a number and a name have one meaning each */
			assert_true(codes[k] != codes[i] &&
				    strcmp(ike_cause_name(codes[k]), ike_cause_name(codes[i])));
	}
	assert_string_equal(ike_cause_name(IKE_CAUSE_P2_PFS), "P2_PFS");
	assert_null(ike_cause_title(IKE_CAUSE_NONE));
	assert_null(ike_cause_fix((enum ike_cause_code)1));
	assert_null(ike_cause_name((enum ike_cause_code)9999));
}

/* Only the four placeholders of cause_codes.h, each closed. */
static void test_placeholders(void **state)
{
	static const char *const known[] = { "{ours}", "{theirs}", "{peer}", "{pos}" };

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		const char *at = ike_cause_fix(codes[i]);

		while ((at = strchr(at, '{'))) {
			size_t k = 0;

			while (k < 4 && strncmp(at, known[k], strlen(known[k])))
				k++;
			assert_in_range(k, 0, 3);
			at++;
		}
	}
}

static void test_names(void **state)
{
	assert_string_equal(ike_phase_name(IKE_PHASE_2), "phase2");
	assert_string_equal(ike_field_name(IKE_FIELD_PFS), "pfs");
	for (int f = IKE_FIELD_NONE; f <= IKE_FIELD_COMBINATION; f++)
		for (int g = IKE_FIELD_NONE; g < f; g++)
			assert_string_not_equal(ike_field_name((enum ike_field)f),
						ike_field_name((enum ike_field)g));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_placeholders),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
