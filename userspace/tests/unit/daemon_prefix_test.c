// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * daemon/prefix.c: ranges as the fewest prefixes, against a walk over every address;
 * daemon/conf_pack.c: texts there and back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/conf_pack.h"
#include "daemon/prefix.h"

static struct ike_ts range4(uint32_t start, uint32_t end)
{
	uint8_t s[4] = { start >> 24, start >> 16, start >> 8, start };
	uint8_t e[4] = { end >> 24, end >> 16, end >> 8, end };

	return (struct ike_ts){ vd_addr_make(s, 4), vd_addr_make(e, 4), 0, 0, 65535 };
}

static uint32_t first(const struct vd_conf_prefix *p)
{
	const uint8_t *a = p->addr.bytes;

	return (uint32_t)a[0] << 24 | a[1] << 16 | a[2] << 8 | a[3];
}

/* The prefixes lie side by side from the start to the end, each on its own boundary. */
static void covers(uint32_t start, uint32_t end, unsigned int expected)
{
	struct vd_conf_prefixes list = { 0 };
	struct ike_ts ts = range4(start, end);
	uint64_t at = start;

	assert_int_equal(vd_prefixes_of_ts(&list, &ts), 0);
	assert_int_equal(list.n, expected);
	for (unsigned int i = 0; i < list.n; i++) {
		uint64_t size = 1ull << (32 - list.p[i].len);

		assert_int_equal(first(&list.p[i]), at);
		assert_int_equal(at % size, 0);
		at += size;
	}
	if (expected)
		assert_true(at == (uint64_t)end + 1);
	vd_prefixes_free(&list);
}

static void test_ranges(void **state)
{
	covers(0x0a010000, 0x0a01ffff, 1);
	covers(0x0a000001, 0x0a000001, 1);
	covers(0x0a000001, 0x0a000006, 4);
	covers(0, 0x7fffffff, 1);
	covers(0x80000000, 0xffffffff, 1);
	covers(1, 0xffffffff, 32);
	covers(1, 0xfffffffe, 62);
	covers(0xffffffff, 0xffffffff, 1);
	covers(0, 0xffffffff, 0);	/* any: no route */
}

static void test_ipv6(void **state)
{
	struct vd_conf_prefixes list = { 0 };
	struct ike_ts ts = ike_ts_any(VD_FAMILY_IPV6);
	struct vd_addr a;
	uint8_t len;

	assert_int_equal(vd_prefixes_of_ts(&list, &ts), 0);
	assert_int_equal(list.n, 0);
	assert_int_equal(vd_prefix_parse(&a, &len, "2001:db8::/48"), 0);
	ts = ike_ts_prefix(&a, len);
	assert_int_equal(vd_prefixes_of_ts(&list, &ts), 0);
	assert_int_equal(list.n, 1);
	assert_int_equal(list.p[0].len, 48);
	vd_prefixes_free(&list);
}

static void test_list(void **state)
{
	struct vd_conf_prefixes list = { 0 };
	struct vd_conf_prefix a = { vd_addr_make((const uint8_t[]){ 10, 0, 0, 0 }, 4), 8 }, b = a;

	b.len = 9;
	assert_int_equal(vd_prefixes_add(&list, &a), 0);
	assert_int_equal(vd_prefixes_add(&list, &a), 0);
	assert_int_equal(vd_prefixes_add(&list, &b), 0);
	assert_int_equal(list.n, 2);
	vd_prefixes_remove(&list, &a);
	assert_int_equal(list.n, 1);
	assert_true(vd_prefixes_have(&list, &b));
	assert_false(vd_prefixes_have(&list, &a));
	vd_prefixes_free(&list);
}

static void test_pack(void **state)
{
	struct vd_conf_texts in = { 0 }, out;
	struct vd_conf_errors *e = calloc(2, sizeof(*e));
	struct vd_secret packed = { 0 }, read = { 0 };
	static const char data[] = "gateway hq {\n\0\xff}";
	int fd;

	assert_int_equal(vd_conf_texts_add(&in, "", "/etc/v.conf", data, sizeof(data)), 0);
	assert_int_equal(vd_conf_texts_add(&in, "/etc/c/*", "/etc/c/1", "", 0), 0);
	e[0].n = e[0].total = 1;
	strcpy(e[0].e[0].message, "what");
	e[0].e[0].line = 7;
	assert_int_equal(vd_conf_pack(&packed, &in, &e[0]), 0);
	fd = vd_memfd_make("test", packed.data, packed.len);
	assert_true(fd >= 0);
	assert_true(vd_memfd_read(fd, packed.len - 1, &read) < 0);	/* over the limit */
	assert_int_equal(vd_memfd_read(fd, 1 << 20, &read), 0);
	assert_true(write(fd, "x", 1) < 0);				/* sealed */
	close(fd);
	assert_int_equal(vd_conf_unpack(&out, &e[1], read.data, read.len), 0);
	assert_int_equal(out.n, 2);
	assert_int_equal(out.t[0].len, sizeof(data));
	assert_memory_equal(out.t[0].data, data, sizeof(data));
	assert_string_equal(out.t[1].pattern, "/etc/c/*");
	assert_string_equal(e[1].e[0].message, "what");
	assert_int_equal(e[1].e[0].line, 7);
	vd_conf_texts_free(&out);
	for (size_t len = 0; len < read.len; len++)		/* no piece of it passes */
		assert_true(vd_conf_unpack(&out, &e[1], read.data, len) < 0);
	vd_conf_texts_free(&in);
	vd_secret_free(&packed);
	vd_secret_free(&read);
	free(e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_ipv6),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_pack),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
