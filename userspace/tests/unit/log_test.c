// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * base/log.c: levels, fields, what an attacker's text can do to a log, the rate limit.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/log.h"

static struct {
	int	count;
	char	message[8192];
	char	field[64];
	enum vd_log_level level;
	enum vd_log_subsys subsys;
} seen;

static void sink(void *arg, const struct vd_log_record *r)
{
	seen.count++;
	seen.level = r->level;
	seen.subsys = r->subsys;
	snprintf(seen.message, sizeof(seen.message), "%s", r->message);
	snprintf(seen.field, sizeof(seen.field), "%s=%s", r->n_fields ? r->fields[0].name : "",
		 r->n_fields ? r->fields[0].value : "");
}

static int setup(void **state)
{
	memset(&seen, 0, sizeof(seen));
	vd_log_set_sink(sink, NULL);
	vd_log_set_level_all(VD_LOG_INFO);
	return 0;
}

static void test_levels(void **state)
{
	int evaluated = 0;

	vd_debug(VD_LOG_IKE, "not shown %d", ++evaluated);
	assert_int_equal(seen.count, 0);
	assert_int_equal(evaluated, 0);
	vd_log_set_level(VD_LOG_IKE, VD_LOG_DEBUG);
	vd_debug(VD_LOG_IKE, "shown %d", ++evaluated);
	assert_int_equal(seen.count, 1);
	assert_string_equal(seen.message, "shown 1");
	assert_int_equal(seen.level, VD_LOG_DEBUG);
	vd_debug(VD_LOG_NET, "not shown");
	assert_int_equal(seen.count, 1);
}

static void test_parse_levels(void **state)
{
	size_t at = 99;

	assert_int_equal(vd_log_parse_levels("warning,ike=debug,kernel=error", &at), 0);
	assert_int_equal(vd_log_get_level(VD_LOG_IKE), VD_LOG_DEBUG);
	assert_int_equal(vd_log_get_level(VD_LOG_KERNEL), VD_LOG_ERROR);
	assert_int_equal(vd_log_get_level(VD_LOG_NET), VD_LOG_WARNING);

	assert_int_equal(vd_log_parse_levels("debug,ikee=debug", &at), -EINVAL);
	assert_int_equal(at, 6);
	assert_int_equal(vd_log_get_level(VD_LOG_NET), VD_LOG_WARNING);
	assert_int_equal(vd_log_parse_levels("ike=loud", NULL), -EINVAL);
	assert_int_equal(vd_log_parse_levels("", &at), -EINVAL);
	assert_int_equal(vd_log_parse_levels("info,", &at), -EINVAL);
	assert_int_equal(at, 5);
}

static void test_fields_and_errno(void **state)
{
	const struct vd_log_field f = { "VIADUCT_GATEWAY", "hq" };

	errno = ENOENT;
	vd_log_fields(VD_LOG_KERNEL, VD_LOG_NOTICE, &f, 1, "up");
	assert_int_equal(errno, ENOENT);
	assert_string_equal(seen.field, "VIADUCT_GATEWAY=hq");
	assert_int_equal(seen.subsys, VD_LOG_KERNEL);
}

static void test_control_characters(void **state)
{
	vd_info(VD_LOG_IKE, "id %s", "a\x1b[2J\rb\x7f%s\n");
	assert_string_equal(seen.message, "id a?[2J?b?%s\n");
}

static void test_long_message_is_cut(void **state)
{
	char big[6000];

	memset(big, 'x', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	vd_info(VD_LOG_IKE, "%s", big);
	assert_true(strlen(seen.message) < 4096);
	assert_string_equal(seen.message + strlen(seen.message) - 6, " [cut]");
}

static void test_ratelimit(void **state)
{
	struct vd_ratelimit rl = { .burst = 3, .interval = 1000 };
	uint64_t missed = 99;
	int passed = 0;

	for (int i = 0; i < 100; i++)
		passed += vd_ratelimit_pass(&rl, 5000, &missed);
	assert_int_equal(passed, 3);
	/* One slot is free a second later, and tells of those that had none. */
	assert_true(vd_ratelimit_pass(&rl, 6000, &missed));
	assert_int_equal(missed, 97);
	assert_false(vd_ratelimit_pass(&rl, 6999, &missed));
	assert_true(vd_ratelimit_pass(&rl, 7000, &missed));
	assert_int_equal(missed, 1);
	passed = 0;
	for (int i = 0; i < 100; i++)
		passed += vd_ratelimit_pass(&rl, 1000000, &missed);
	assert_int_equal(passed, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_levels, setup),
		cmocka_unit_test_setup(test_parse_levels, setup),
		cmocka_unit_test_setup(test_fields_and_errno, setup),
		cmocka_unit_test_setup(test_control_characters, setup),
		cmocka_unit_test_setup(test_long_message_is_cut, setup),
		cmocka_unit_test(test_ratelimit),
	};

	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
