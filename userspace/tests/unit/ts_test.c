// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ike/ts.c: selectors as sets, checked against a brute-force model on a small
 * address space, and their text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ike/ts.h"

static struct ike_ts ts4(uint32_t start, uint32_t end, uint8_t proto, uint16_t ps, uint16_t pe)
{
	struct ike_ts ts = { .proto = proto, .port_start = ps, .port_end = pe };

	ts.start.family = VD_FAMILY_IPV4;
	ts.end.family = VD_FAMILY_IPV4;
	for (int i = 0; i < 4; i++) {
		ts.start.bytes[i] = (uint8_t)(start >> (24 - 8 * i));
		ts.end.bytes[i] = (uint8_t)(end >> (24 - 8 * i));
	}
	return ts;
}

static struct ike_ts prefix(const char *text, uint8_t len)
{
	struct vd_addr a;

	assert_int_equal(vd_addr_parse(&a, text), 0);
	return ike_ts_prefix(&a, len);
}

static void assert_text(const struct ike_ts *ts, const char *want)
{
	char buf[128];
	struct vd_strbuf b = vd_strbuf_init(buf, sizeof(buf));

	ike_ts_format(&b, ts);
	assert_string_equal(buf, want);
}

static void test_text(void **state)
{
	struct ike_ts ts;

	ts = ike_ts_any(VD_FAMILY_IPV4);
	assert_text(&ts, "0.0.0.0/0");
	ts = ike_ts_any(VD_FAMILY_IPV6);
	assert_text(&ts, "::/0");
	ts = prefix("10.1.2.3", 16);
	assert_text(&ts, "10.1.0.0/16");
	ts = prefix("10.1.2.3", 32);
	assert_text(&ts, "10.1.2.3/32");
	ts = prefix("10.1.2.3", 31);
	assert_text(&ts, "10.1.2.2/31");
	ts = prefix("2001:db8::77", 64);
	assert_text(&ts, "2001:db8::/64");
	ts = prefix("2001:db8::77", 121);
	assert_text(&ts, "2001:db8::/121");
	ts = ts4(0x0a000001, 0x0a000009, 0, 0, 65535);
	assert_text(&ts, "10.0.0.1-10.0.0.9");
	ts = ts4(0x0a010000, 0x0a01ffff, 6, 443, 443);
	assert_text(&ts, "10.1.0.0/16[tcp/443]");
	ts = ts4(0x0a010000, 0x0a01ffff, 17, 1000, 2000);
	assert_text(&ts, "10.1.0.0/16[udp/1000-2000]");
	ts = ts4(0x0a010000, 0x0a01ffff, 89, 0, 65535);
	assert_text(&ts, "10.1.0.0/16[89]");
	ts = ts4(0x0a010000, 0x0a01ffff, 6, 65535, 0);
	assert_text(&ts, "10.1.0.0/16[tcp/opaque]");
	ts = ts4(0x0a010000, 0x0a01ffff, 1, 0x0800, 0x08ff);
	assert_text(&ts, "10.1.0.0/16[icmp/8]");
	ts = ts4(0x0a010000, 0x0a01ffff, 1, 0x0304, 0x0304);
	assert_text(&ts, "10.1.0.0/16[icmp/3.4]");
}

static void test_list_text(void **state)
{
	struct ike_ts_list list = { .n = 0 };
	char buf[128];
	struct vd_strbuf b = vd_strbuf_init(buf, sizeof(buf));

	ike_ts_list_format(&b, &list);
	assert_string_equal(buf, "none");
	list.ts[list.n++] = prefix("10.1.0.0", 16);
	list.ts[list.n++] = prefix("2001:db8::", 32);
	b = vd_strbuf_init(buf, sizeof(buf));
	ike_ts_list_format(&b, &list);
	assert_string_equal(buf, "10.1.0.0/16, 2001:db8::/32");
}

static void test_equal(void **state)
{
	struct ike_ts base = ts4(10, 20, 6, 100, 200);
	struct ike_ts others[] = {
		ts4(11, 20, 6, 100, 200), ts4(10, 21, 6, 100, 200), ts4(10, 20, 17, 100, 200),
		ts4(10, 20, 6, 101, 200), ts4(10, 20, 6, 100, 201),
	};
	struct ike_ts_list a = { .n = 2 }, b;

	a.ts[0] = base;
	for (size_t i = 0; i < 5; i++) {
		assert_false(ike_ts_equal(&base, &others[i]));
		a.ts[1] = others[i];
		b = a;
		b.ts[0] = a.ts[1];	/* the order does not matter … */
		b.ts[1] = a.ts[0];
		assert_true(ike_ts_list_equal(&a, &b));
		b.ts[1] = b.ts[0];	/* … the members do */
		assert_false(ike_ts_list_equal(&a, &b));
		assert_false(ike_ts_list_equal(&b, &a));
		b.n = 1;
		assert_false(ike_ts_list_equal(&a, &b));
	}
	assert_true(ike_ts_equal(&base, &base));
}

static void test_intersect(void **state)
{
	struct ike_ts a = ts4(10, 20, 6, 100, 200), out = ike_ts_any(VD_FAMILY_IPV6), before = out;
	struct ike_ts none[] = {
		ts4(21, 30, 6, 100, 200),	/* addresses */
		ts4(10, 20, 17, 100, 200),	/* protocol */
		ts4(10, 20, 6, 201, 300),	/* ports */
		ts4(10, 20, 6, 65535, 0),	/* OPAQUE against a range (RFC 4301, 4.4.1.1) */
		ike_ts_any(VD_FAMILY_IPV6),
	};
	struct ike_ts b;

	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		assert_false(ike_ts_intersect(&a, &none[i], &out));
		assert_false(ike_ts_intersect(&none[i], &a, &out));
		assert_memory_equal(&out, &before, sizeof(out));
	}
	b = ts4(15, 30, 0, 0, 65535);
	assert_true(ike_ts_intersect(&a, &b, &out));
	b = ts4(15, 20, 6, 100, 200);
	assert_true(ike_ts_equal(&out, &b));
	/* ANY includes OPAQUE. */
	a = ts4(10, 20, 6, 65535, 0);
	b = ts4(10, 20, 6, 0, 65535);
	assert_true(ike_ts_intersect(&a, &b, &out));
	assert_true(ike_ts_equal(&out, &a));
	assert_true(ike_ts_contains(&b, &a));
	assert_false(ike_ts_contains(&a, &b));
	assert_true(ike_ts_contains(&a, &a));
}

static void test_narrow(void **state)
{
	struct ike_ts_list ours = { .n = 0 }, theirs = { .n = 0 }, out = { .n = 77 };
	struct ike_ts want;

	ours.ts[ours.n++] = prefix("10.1.0.0", 16);
	ours.ts[ours.n++] = prefix("2001:db8:1::", 48);
	theirs.ts[theirs.n++] = prefix("192.168.0.0", 16);
	assert_false(ike_ts_narrow(&ours, &theirs, &out));
	assert_int_equal(out.n, 77);

	/* Any/any of both families, with the triggering packet first (2.9): held by the wider ones. */
	theirs.n = 0;
	theirs.ts[theirs.n++] = prefix("10.1.7.7", 32);
	theirs.ts[theirs.n++] = ike_ts_any(VD_FAMILY_IPV4);
	theirs.ts[theirs.n++] = ike_ts_any(VD_FAMILY_IPV6);
	theirs.ts[theirs.n++] = prefix("10.1.128.0", 17);
	assert_true(ike_ts_narrow(&ours, &theirs, &out));
	assert_int_equal(out.n, 2);
	assert_true(ike_ts_list_equal(&out, &ours));

	/* The peer offers a part and more beyond. */
	theirs.n = 0;
	theirs.ts[theirs.n++] = prefix("10.1.4.0", 24);
	theirs.ts[theirs.n++] = prefix("10.9.0.0", 24);
	assert_true(ike_ts_narrow(&ours, &theirs, &out));
	want = prefix("10.1.4.0", 24);
	assert_int_equal(out.n, 1);
	assert_true(ike_ts_equal(&out.ts[0], &want));
}

static void test_narrow_full(void **state)
{
	struct ike_ts_list ours = { .n = 0 }, theirs = { .n = 0 }, out;

	for (uint32_t i = 0; i < IKE_TS_MAX; i++) {
		ours.ts[ours.n++] = ts4(4 * i, 4 * i + 2, 0, 0, 65535);
		theirs.ts[theirs.n++] = ts4(4 * i + 2, 4 * i + 4, 0, 0, 65535);
	}
	/* 63 intersections for 32 places: what is left out narrows. */
	assert_true(ike_ts_narrow(&ours, &theirs, &out));
	assert_int_equal(out.n, IKE_TS_MAX);
	assert_true(ike_ts_list_contains(&ours, &out));
	assert_true(ike_ts_list_contains(&theirs, &out));
}

static void test_list_contains(void **state)
{
	struct ike_ts_list outer = { .n = 0 }, inner = { .n = 0 };

	outer.ts[outer.n++] = prefix("10.0.0.128", 25);
	outer.ts[outer.n++] = prefix("10.0.0.0", 25);
	inner.ts[inner.n++] = prefix("10.0.0.0", 24);
	assert_true(ike_ts_list_contains(&outer, &inner));	/* two halves are the whole */
	outer.ts[0] = prefix("10.0.0.129", 32);
	assert_false(ike_ts_list_contains(&outer, &inner));
	inner.n = 0;
	assert_true(ike_ts_list_contains(&outer, &inner));
	/* The walk ends at the last address. */
	outer.n = inner.n = 1;
	outer.ts[0] = prefix("255.255.255.0", 24);
	inner.ts[0] = prefix("255.255.0.0", 16);
	assert_false(ike_ts_list_contains(&outer, &inner));
	inner.ts[0] = prefix("255.255.255.128", 25);
	assert_true(ike_ts_list_contains(&outer, &inner));
}

/* ---- against a model: eight addresses, three protocols, ports 0, 1, 65535 and OPAQUE ---- */

static uint32_t next_random(uint32_t *x)
{
	*x = *x * 1664525 + 1013904223;
	return *x >> 8;
}

static struct ike_ts random_ts(uint32_t *seed)
{
	static const uint16_t ports[][2] = {
		{ 0, 65535 }, { 0, 0 }, { 1, 1 }, { 0, 1 }, { 65535, 65535 }, { 65535, 0 }, { 1, 65535 },
	};
	static const uint8_t protos[] = { 0, 6, 17 };
	uint32_t a = next_random(seed) % 8, b = next_random(seed) % 8;
	size_t p = next_random(seed) % 7;

	return ts4(a < b ? a : b, a < b ? b : a, protos[next_random(seed) % 3], ports[p][0],
		   ports[p][1]);
}

/* Does @ts hold the packet? @port -1: unknown (OPAQUE). @proto 5 stands for all others. */
static bool holds(const struct ike_ts *ts, uint8_t addr, uint8_t proto, int port)
{
	bool opaque = ts->port_start == 65535 && ts->port_end == 0;
	bool any = ts->port_start == 0 && ts->port_end == 65535;

	if (addr < ts->start.bytes[3] || addr > ts->end.bytes[3] || (ts->proto && ts->proto != proto))
		return false;
	if (port < 0)
		return any || opaque;
	return !opaque && port >= ts->port_start && port <= ts->port_end;
}

static bool list_holds(const struct ike_ts_list *list, uint8_t addr, uint8_t proto, int port)
{
	for (size_t i = 0; i < list->n; i++)
		if (holds(&list->ts[i], addr, proto, port))
			return true;
	return false;
}

#define FOR_EACH_PACKET(addr, proto, port) \
	for (uint8_t addr = 0; addr < 8; addr++) \
		for (int pi_ = 0, proto = 5; pi_ < 3; proto = pi_ == 0 ? 6 : 17, pi_++) \
			for (int qi_ = 0, port = -1; qi_ < 5; \
			     port = (int[]){ 0, 1, 2, 65535, 0 }[qi_], qi_++)

static void test_model(void **state)
{
	uint32_t seed = 1;

	for (int round = 0; round < 3000; round++) {
		struct ike_ts_list a = { .n = 0 }, b = { .n = 0 }, out = { .n = 0 };
		bool some = false, within = true, narrowed;

		while (a.n < 1 + round % 3)
			a.ts[a.n++] = random_ts(&seed);
		while (b.n < 1 + round % 4)
			b.ts[b.n++] = random_ts(&seed);
		narrowed = ike_ts_narrow(&a, &b, &out);
		FOR_EACH_PACKET(addr, proto, port) {
			bool both = list_holds(&a, addr, (uint8_t)proto, port) &&
				    list_holds(&b, addr, (uint8_t)proto, port);

			some |= both;
			assert_int_equal(list_holds(&out, addr, (uint8_t)proto, port), both);
			if (list_holds(&b, addr, (uint8_t)proto, port) &&
			    !list_holds(&a, addr, (uint8_t)proto, port))
				within = false;
		}
		assert_int_equal(narrowed, some);
		assert_true(!narrowed || (ike_ts_list_contains(&a, &out) && ike_ts_list_contains(&b, &out)));
		/* Containment may miss what several protocols or ports cover together, but never invents any. */
		if (ike_ts_list_contains(&a, &b))
			assert_true(within);
		if (a.n == 1 && b.n == 1)
			assert_int_equal(ike_ts_contains(&a.ts[0], &b.ts[0]), within);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_list_text),
		cmocka_unit_test(test_equal),
		cmocka_unit_test(test_intersect),
		cmocka_unit_test(test_narrow),
		cmocka_unit_test(test_narrow_full),
		cmocka_unit_test(test_list_contains),
		cmocka_unit_test(test_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
