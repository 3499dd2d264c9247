// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * conf/secret_file.c: what a key file may contain, and who may be able to read it.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "conf/secret_file.h"

static char dir[] = "/tmp/viaduct-psk-XXXXXX";
static char path[64];

static int setup(void **state)
{
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/it's.psk", dir);
	return 0;
}

static int teardown(void **state)
{
	unlink(path);
	return rmdir(dir);
}

static void put(const void *data, size_t len, mode_t mode)
{
	int fd;

	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, len), len);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static void test_texts(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		const char *key;
		size_t key_len;
	} good[] = {
		{ "secret", 6, "secret", 6 },
		{ "secret\n", 7, "secret", 6 },
		{ "secret\n\n", 8, "secret\n", 7 },	/* one newline only */
		{ "secret\r\n", 8, "secret\r", 7 },
		{ " se\0cret ", 9, " se\0cret ", 9 },	/* byte-exact */
		{ "0x00ffA5\n", 9, "\x00\xff\xa5", 3 },
		{ "0Xff", 4, "0Xff", 4 },
		{ "x", 1, "x", 1 },
	};
	static const char *const bad[] = { "", "\n", "0x", "0x\n", "0x0", "0xgg", "0x00 ", "0x00\n\n" };

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct vd_secret s = { 0 };
		const char *why = NULL;

		assert_int_equal(vd_secret_text_parse(good[i].text, good[i].len, &s, &why), 0);
		assert_int_equal(s.len, good[i].key_len);
		assert_memory_equal(s.data, good[i].key, s.len);
		vd_secret_free(&s);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct vd_secret s = { 0 };
		const char *why = NULL;

		assert_int_equal(vd_secret_text_parse(bad[i], strlen(bad[i]), &s, &why), -EINVAL);
		assert_non_null(why);
		assert_null(s.data);
	}
}

static void test_size(void **state)
{
	struct vd_secret_file_error err;
	struct vd_secret s = { 0 };
	char big[2 * VD_PSK_MAX + 5];

	memset(big, 'a', sizeof(big));
	put(big, VD_PSK_MAX, 0600);
	assert_int_equal(vd_secret_file_read(path, &s, &err), 0);
	assert_int_equal(s.len, VD_PSK_MAX);
	put(big, VD_PSK_MAX + 1, 0600);
	assert_int_equal(vd_secret_file_read(path, &s, &err), -EINVAL);
	assert_non_null(strstr(err.message, "longer than 1024"));
	assert_int_equal(s.len, VD_PSK_MAX);
	memcpy(big, "0x", 2);
	big[2 + 2 * VD_PSK_MAX] = '\n';
	put(big, 3 + 2 * VD_PSK_MAX, 0600);
	assert_int_equal(vd_secret_file_read(path, &s, &err), 0);
	assert_int_equal(s.len, VD_PSK_MAX);
	put(big, sizeof(big), 0600);
	assert_int_equal(vd_secret_file_read(path, &s, &err), -EINVAL);
	vd_secret_free(&s);
}

static void test_mode(void **state)
{
	static const mode_t good[] = { 0600, 0400, 0700 }, bad[] = { 0640, 0604, 0644, 0620, 0602, 0601, 0610 };
	struct vd_secret_file_error err;
	struct vd_secret s = { 0 };
	char fix[128];

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		put("k", 1, good[i]);
		assert_int_equal(vd_secret_file_read(path, &s, &err), 0);
	}
	/* The command to run is whole, whatever the name. */
	snprintf(fix, sizeof(fix), "chmod 600 '%s/it'\\''s.psk'", dir);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		put("topsecret", 9, bad[i]);
		assert_int_equal(vd_secret_file_read(path, &s, &err), -EACCES);
		assert_string_equal(err.fix, fix);
		assert_null(strstr(err.message, "topsecret"));
	}
	assert_int_equal(s.len, 1);
	vd_secret_free(&s);
}

static void test_not_a_file(void **state)
{
	struct vd_secret_file_error err;
	struct vd_secret s = { 0 };

	assert_int_equal(vd_secret_file_read(dir, &s, &err), -EINVAL);
	assert_non_null(strstr(err.message, "not a regular file"));
	unlink(path);
	assert_int_equal(vd_secret_file_read(path, &s, &err), -ENOENT);
	assert_int_equal(mkfifo(path, 0600), 0);
	/* Does not wait for a writer. */
	assert_int_equal(vd_secret_file_read(path, &s, &err), -EINVAL);
}

/* An owner who is not root and not us: only root can make such a file, elsewhere there is nothing to try. */
static void test_owner(void **state)
{
	struct vd_secret_file_error err;
	struct vd_secret s = { 0 };

	put("k", 1, 0600);
	if (geteuid()) {
		print_message("skipped: needs root\n");
		skip();
	}
	assert_int_equal(chown(path, 12345, 0), 0);
	assert_int_equal(vd_secret_file_read(path, &s, &err), -EACCES);
	assert_non_null(strstr(err.message, "uid 12345"));
	assert_non_null(strstr(err.fix, "chown root "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_mode),
		cmocka_unit_test(test_not_a_file),
		cmocka_unit_test(test_owner),
	};

	return cmocka_run_group_tests_name("secret-file", tests, setup, teardown);
}
