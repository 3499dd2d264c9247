// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit: traffic selectors, the choice among children, and reading a packet's flow
 * (RFC 4301, 4.4.1.1; RFC 7296, 3.13.1).
 */
#include <kunit/test.h>
#include <linux/inet.h>

#include "../flow.c"
#include "../selector.c"

/* "10.0.0.0" or "fd00::1" */
static void addr(struct kunit *test, struct vdt_ts_addr *a, u8 *family, const char *text)
{
	u8 octets[16];

	*family = strchr(text, ':') ? VDT_V6 : VDT_V4;
	if (*family == VDT_V4)
		KUNIT_ASSERT_EQ(test, in4_pton(text, -1, octets, -1, NULL), 1);
	else
		KUNIT_ASSERT_EQ(test, in6_pton(text, -1, octets, -1, NULL), 1);
	vdt_ts_addr_get(a, octets, *family);
}

struct ts_text {
	const char *start;
	const char *end;
	u8 proto;
	u16 port_start;
	u16 port_end;
};

#define ANY4	{ "0.0.0.0", "255.255.255.255", 0, 0, U16_MAX }
#define ANY6	{ "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 0, 0, U16_MAX }
#define NET10	{ "10.0.0.0", "10.255.255.255", 0, 0, U16_MAX }

static void fill(struct kunit *test, struct vdt_ts *ts, const struct ts_text *text)
{
	addr(test, &ts->start, &ts->family, text->start);
	addr(test, &ts->end, &ts->family, text->end);
	ts->proto = text->proto;
	ts->port_start = text->port_start;
	ts->port_end = text->port_end;
}

/* One local and one remote selector, or two of each. Freed with the test. */
static struct vdt_selector *make(struct kunit *test, u16 n, const struct ts_text *local,
				 const struct ts_text *remote)
{
	struct vdt_selector *s;
	u16 i;

	s = kunit_kzalloc(test, struct_size(s, ts, 2 * n), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, s);
	s->n_local = n;
	s->n_remote = n;
	for (i = 0; i < n; i++) {
		fill(test, &s->ts[i], &local[i]);
		fill(test, &s->ts[n + i], &remote[i]);
	}
	KUNIT_ASSERT_EQ(test, vdt_selector_seal(s), 0);
	return s;
}

static struct vdt_flow flow(struct kunit *test, const char *local, const char *remote, u8 proto,
			    u16 local_port, u16 remote_port)
{
	struct vdt_flow f = {
		.proto = proto,
		.local_port = local_port,
		.remote_port = remote_port,
		.ports = true,
	};

	addr(test, &f.local, &f.family, local);
	addr(test, &f.remote, &f.family, remote);
	return f;
}

static void seal_refuses(struct kunit *test)
{
	static const struct ts_text bad[] = {
		{ "10.0.0.1", "10.0.0.0", 0, 0, U16_MAX },	/* end below start */
		{ "fd00::1", "fd00::", 0, 0, U16_MAX },
		{ "fd00:1::", "fd00::ffff", 0, 0, U16_MAX },
		{ "10.0.0.0", "10.0.0.1", 0, 80, 80 },		/* ports without a protocol */
		{ "10.0.0.0", "10.0.0.1", 6, 81, 80 },
		{ "10.0.0.0", "10.0.0.1", 6, 65535, 1 },
	};
	struct vdt_selector *s = make(test, 1, &(struct ts_text)NET10, &(struct ts_text)NET10);
	u32 i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		fill(test, &s->ts[1], &bad[i]);
		KUNIT_EXPECT_EQ_MSG(test, vdt_selector_seal(s), -EINVAL, "case %u", i);
	}
	/* An end of the other family, and an address over 32 bits. */
	fill(test, &s->ts[1], &(struct ts_text)NET10);
	s->ts[1].end.hi = 1;
	KUNIT_EXPECT_EQ(test, vdt_selector_seal(s), -EINVAL);
	s->ts[1].end.hi = 0;
	s->ts[1].end.lo = 1ULL << 32;
	KUNIT_EXPECT_EQ(test, vdt_selector_seal(s), -EINVAL);
	s->ts[1].end.lo = U32_MAX;
	KUNIT_EXPECT_EQ(test, vdt_selector_seal(s), 0);
	s->ts[1].family = VDT_FAMILIES;
	KUNIT_EXPECT_EQ(test, vdt_selector_seal(s), -EINVAL);
}

struct match_case {
	const char *name;
	struct ts_text local;
	struct ts_text remote;
	const char *from;
	const char *to;
	u8 proto;
	u16 local_port;
	u16 remote_port;
	bool no_ports;
	bool match;
};

static const struct match_case matches[] = {
	{ "any/any", ANY4, ANY4, "1.2.3.4", "5.6.7.8", 6, 1, 2, false, true },
	{ "other family", ANY4, ANY4, "::1", "::2", 6, 1, 2, false, false },
	{ "any v6", ANY6, ANY6, "::1", "::2", 6, 1, 2, false, true },
	{ "first of a range", NET10, ANY4, "10.0.0.0", "1.1.1.1", 6, 1, 2, false, true },
	{ "last of a range", NET10, ANY4, "10.255.255.255", "1.1.1.1", 6, 1, 2, false, true },
	{ "below a range", NET10, ANY4, "9.255.255.255", "1.1.1.1", 6, 1, 2, false, false },
	{ "above a range", NET10, ANY4, "11.0.0.0", "1.1.1.1", 6, 1, 2, false, false },
	{ "remote outside", NET10, NET10, "10.0.0.1", "11.0.0.1", 6, 1, 2, false, false },
	{ "odd range", { "10.0.0.3", "10.0.0.9", 0, 0, U16_MAX }, ANY4,
	  "10.0.0.9", "1.1.1.1", 6, 1, 2, false, true },
	{ "v6 across the halves", { "fd00::ffff:ffff:ffff:ffff", "fd00:0:0:1::", 0, 0, U16_MAX },
	  ANY6, "fd00:0:0:1::", "::1", 6, 1, 2, false, true },
	{ "v6 just behind", { "fd00::ffff:ffff:ffff:ffff", "fd00:0:0:1::", 0, 0, U16_MAX },
	  ANY6, "fd00:0:0:1::1", "::1", 6, 1, 2, false, false },
	{ "protocol", { "10.0.0.0", "10.0.0.9", 17, 0, U16_MAX }, ANY4,
	  "10.0.0.1", "1.1.1.1", 17, 1, 2, false, true },
	{ "other protocol", { "10.0.0.0", "10.0.0.9", 17, 0, U16_MAX }, ANY4,
	  "10.0.0.1", "1.1.1.1", 6, 1, 2, false, false },
	{ "local port", { "10.0.0.0", "10.0.0.9", 6, 80, 90 }, ANY4,
	  "10.0.0.1", "1.1.1.1", 6, 90, 2, false, true },
	{ "local port is not the remote one", { "10.0.0.0", "10.0.0.9", 6, 80, 90 }, ANY4,
	  "10.0.0.1", "1.1.1.1", 6, 91, 80, false, false },
	{ "remote port", NET10, { "1.1.1.1", "1.1.1.1", 6, 443, 443 },
	  "10.0.0.1", "1.1.1.1", 6, 1, 443, false, true },
	{ "a fragment shows no port", NET10, { "1.1.1.1", "1.1.1.1", 6, 0, 443 },
	  "10.0.0.1", "1.1.1.1", 6, 0, 0, true, false },
	{ "a fragment and all ports", NET10, { "1.1.1.1", "1.1.1.1", 6, 0, U16_MAX },
	  "10.0.0.1", "1.1.1.1", 6, 0, 0, true, true },
	{ "OPAQUE takes a fragment", NET10, { "1.1.1.1", "1.1.1.1", 6, U16_MAX, 0 },
	  "10.0.0.1", "1.1.1.1", 6, 0, 0, true, true },
	{ "OPAQUE takes only those", NET10, { "1.1.1.1", "1.1.1.1", 6, U16_MAX, 0 },
	  "10.0.0.1", "1.1.1.1", 6, 1, U16_MAX, false, false },
	{ "ICMP echo request", { "10.0.0.0", "10.0.0.9", 1, 0x0800, 0x08ff },
	  { "1.1.1.1", "1.1.1.1", 1, 0x0800, 0x08ff }, "10.0.0.1", "1.1.1.1", 1, 0x0800, 0x0800,
	  false, true },
	{ "ICMP echo reply is another type", { "10.0.0.0", "10.0.0.9", 1, 0x0800, 0x08ff },
	  ANY4, "10.0.0.1", "1.1.1.1", 1, 0, 0, false, false },
};

static void match_desc(const struct match_case *m, char *desc)
{
	strscpy(desc, m->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(match, matches, match_desc);

static void match_one(struct kunit *test)
{
	const struct match_case *m = test->param_value;
	struct vdt_selector *s = make(test, 1, &m->local, &m->remote);
	struct vdt_flow f = flow(test, m->from, m->to, m->proto, m->local_port, m->remote_port);
	struct vdt_selector_entry e = { s, s };
	struct vdt_selector_table *t;

	f.ports = !m->no_ports;
	KUNIT_EXPECT_EQ(test, vdt_selector_match(s, &f), m->match);
	t = vdt_selector_table_build(&e, 1);
	KUNIT_ASSERT_NOT_NULL(test, t);
	KUNIT_EXPECT_PTR_EQ(test, vdt_selector_lookup(t, &f), m->match ? (void *)s : NULL);
	vdt_selector_table_free(t);
}

/* The any/any child answers without a look at the packet, when no other could. */
static void any_child(struct kunit *test)
{
	static const struct ts_text any[] = { ANY4, ANY6 }, v4[] = { ANY4 }, v6[] = { ANY6 };
	static const struct ts_text ten[] = { NET10 };
	struct vdt_selector *both = make(test, 2, any, any);
	struct vdt_selector *only4 = make(test, 1, v4, v4);
	struct vdt_selector *only6 = make(test, 1, v6, v6);
	struct vdt_selector *narrow = make(test, 1, ten, v4);
	struct vdt_selector *half = make(test, 1, v4, ten);
	const struct {
		struct vdt_selector *children[3];
		u32 n;
		void *any4, *any6;
	} cases[] = {
		{ { NULL }, 0, NULL, NULL },
		{ { both }, 1, both, both },
		{ { only4 }, 1, only4, NULL },
		{ { only4, only6 }, 2, only4, only6 },
		{ { narrow }, 1, NULL, NULL },
		{ { half }, 1, NULL, NULL },
		{ { narrow, both }, 2, NULL, both },
		{ { both, narrow }, 2, NULL, both },
		{ { both, only4 }, 2, both, both },	/* the first wins */
		{ { only4, both }, 2, only4, both },
		{ { only6, narrow, half }, 3, NULL, only6 },
	};
	u32 i, j;

	KUNIT_EXPECT_EQ(test, both->any, BIT(VDT_V4) | BIT(VDT_V6));
	KUNIT_EXPECT_EQ(test, only6->any, BIT(VDT_V6));
	KUNIT_EXPECT_EQ(test, half->any, 0);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct vdt_selector_entry e[3] = {};
		struct vdt_selector_table *t;

		for (j = 0; j < cases[i].n; j++)
			e[j].selector = e[j].child = cases[i].children[j];
		t = vdt_selector_table_build(e, cases[i].n);
		KUNIT_ASSERT_NOT_NULL(test, t);
		KUNIT_EXPECT_PTR_EQ_MSG(test, vdt_selector_any(t, VDT_V4), cases[i].any4,
					"case %u", i);
		KUNIT_EXPECT_PTR_EQ_MSG(test, vdt_selector_any(t, VDT_V6), cases[i].any6,
					"case %u", i);
		vdt_selector_table_free(t);
	}
}

static void most_specific(struct kunit *test)
{
	static const struct ts_text any[] = { ANY4 }, ten[] = { NET10 };
	static const struct ts_text host[] = { { "10.1.1.1", "10.1.1.1", 0, 0, U16_MAX } };
	static const struct ts_text tcp[] = { { "10.0.0.0", "10.255.255.255", 6, 0, U16_MAX } };
	static const struct ts_text web[] = { { "10.0.0.0", "10.255.255.255", 6, 80, 443 } };
	struct vdt_selector *s_any = make(test, 1, any, any);
	struct vdt_selector *s_ten = make(test, 1, any, ten);
	struct vdt_selector *s_tcp = make(test, 1, any, tcp);
	struct vdt_selector *s_web = make(test, 1, any, web);
	struct vdt_selector *s_host = make(test, 1, any, host);
	struct vdt_selector_entry e[] = {
		{ s_any, s_any }, { s_host, s_host }, { s_ten, s_ten },
		{ s_web, s_web }, { s_tcp, s_tcp },
	};
	const struct {
		const char *remote;
		u8 proto;
		u16 port;
		void *child;
	} cases[] = {
		{ "11.0.0.1", 6, 80, s_any }, { "10.0.0.1", 17, 80, s_ten },
		{ "10.0.0.1", 6, 22, s_tcp }, { "10.0.0.1", 6, 80, s_web },
		{ "10.1.1.1", 17, 80, s_host }, { "10.1.1.1", 6, 80, s_host },
	};
	u32 i, turn;

	/* Whatever the order of the children. */
	for (turn = 0; turn < ARRAY_SIZE(e); turn++) {
		struct vdt_selector_entry first = e[0];
		struct vdt_selector_table *t;

		memmove(e, e + 1, sizeof(e) - sizeof(e[0]));
		e[ARRAY_SIZE(e) - 1] = first;
		t = vdt_selector_table_build(e, ARRAY_SIZE(e));
		KUNIT_ASSERT_NOT_NULL(test, t);
		for (i = 0; i < ARRAY_SIZE(cases); i++) {
			struct vdt_flow f = flow(test, "1.1.1.1", cases[i].remote, cases[i].proto,
						 1024, cases[i].port);

			KUNIT_EXPECT_PTR_EQ_MSG(test, vdt_selector_lookup(t, &f), cases[i].child,
						"case %u turn %u", i, turn);
		}
		vdt_selector_table_free(t);
	}
}

/* --- reading packets --- */

static const u8 udp4[] = {
	0x45, 0, 0, 32, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2,
	0x04, 0xd2, 0x11, 0x94, 0, 12, 0, 0, 'd', 'a', 't', 'a',
};

static const u8 tcp6_with_headers[] = {
	0x60, 0, 0, 0, 0, 40, 0 /* hop by hop */, 64,
	0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
	0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2,
	44 /* fragment */, 0, 1, 4, 0, 0, 0, 0,
	60 /* destination options */, 0, 0, 1 /* the first of several */, 0, 0, 0, 9,
	6 /* TCP */, 1, 1, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0x00, 0x50, 0x1f, 0x90, 0, 0, 0, 0,
};

/* Feed a packet octet by octet, the way a fragmented skb comes. */
static int read_growing(struct kunit *test, const u8 *packet, u32 total, enum viaduct_dir dir,
			struct vdt_flow *f)
{
	u32 len = 0;
	int ret;

	for (;;) {
		/* A copy of its own, so that KASAN sees one octet too many. */
		u8 *linear = kmemdup(packet, len ?: 1, GFP_KERNEL);

		KUNIT_ASSERT_NOT_NULL(test, linear);
		ret = vdt_flow_read(linear, len, total, dir, f);
		kfree(linear);
		if (ret <= 0)
			return ret;
		KUNIT_ASSERT_GT(test, ret, (int)len);
		KUNIT_ASSERT_LE(test, ret, (int)total);
		len = ret;
	}
}

static void read_v4(struct kunit *test)
{
	struct vdt_flow f;

	KUNIT_ASSERT_EQ(test, read_growing(test, udp4, sizeof(udp4), VIADUCT_DIR_OUT, &f), 0);
	KUNIT_EXPECT_EQ(test, f.family, VDT_V4);
	KUNIT_EXPECT_EQ(test, f.local.lo, 0x0a000001ULL);
	KUNIT_EXPECT_EQ(test, f.remote.lo, 0x0a000002ULL);
	KUNIT_EXPECT_EQ(test, f.proto, 17);
	KUNIT_EXPECT_TRUE(test, f.ports);
	KUNIT_EXPECT_EQ(test, f.local_port, 1234);
	KUNIT_EXPECT_EQ(test, f.remote_port, 4500);
	KUNIT_ASSERT_EQ(test, read_growing(test, udp4, sizeof(udp4), VIADUCT_DIR_IN, &f), 0);
	KUNIT_EXPECT_EQ(test, f.local.lo, 0x0a000002ULL);
	KUNIT_EXPECT_EQ(test, f.local_port, 4500);
	KUNIT_EXPECT_EQ(test, f.remote_port, 1234);
}

static void read_v4_special(struct kunit *test)
{
	struct vdt_flow f = {};
	u8 p[sizeof(udp4)];

	memcpy(p, udp4, sizeof(p));
	p[6] = 0x20;		/* more fragments: the first has ports */
	KUNIT_EXPECT_EQ(test, read_growing(test, p, sizeof(p), VIADUCT_DIR_OUT, &f), 0);
	KUNIT_EXPECT_TRUE(test, f.ports);
	p[7] = 1;		/* a later fragment has none */
	KUNIT_EXPECT_EQ(test, read_growing(test, p, sizeof(p), VIADUCT_DIR_OUT, &f), 0);
	KUNIT_EXPECT_FALSE(test, f.ports);
	memcpy(p, udp4, sizeof(p));
	p[9] = 1;		/* ICMP: type and code */
	KUNIT_EXPECT_EQ(test, read_growing(test, p, sizeof(p), VIADUCT_DIR_IN, &f), 0);
	KUNIT_EXPECT_EQ(test, f.local_port, 0x04d2);
	KUNIT_EXPECT_EQ(test, f.remote_port, 0x04d2);
	p[9] = 47;		/* GRE has no ports */
	KUNIT_EXPECT_EQ(test, read_growing(test, p, sizeof(p), VIADUCT_DIR_OUT, &f), 0);
	KUNIT_EXPECT_FALSE(test, f.ports);
	memcpy(p, udp4, sizeof(p));
	p[3] = 23;		/* cut off in the UDP header */
	KUNIT_EXPECT_EQ(test, read_growing(test, p, sizeof(p), VIADUCT_DIR_OUT, &f), 0);
	KUNIT_EXPECT_FALSE(test, f.ports);
}

static void read_malformed(struct kunit *test)
{
	static const struct {
		u32 at;
		u8 value;
	} bad4[] = {
		{ 0, 0x44 }, { 0, 0x4f }, { 0, 0x55 }, { 0, 0x05 }, { 2, 1 }, { 3, 33 }, { 3, 19 },
		{ 3, 0 },
	};
	struct vdt_flow f = { .proto = 111 };
	u8 p[sizeof(tcp6_with_headers)];
	u32 i;

	for (i = 0; i < ARRAY_SIZE(bad4); i++) {
		memcpy(p, udp4, sizeof(udp4));
		p[bad4[i].at] = bad4[i].value;
		KUNIT_EXPECT_EQ_MSG(test, read_growing(test, p, sizeof(udp4), VIADUCT_DIR_IN, &f),
				    -EINVAL, "case %u", i);
	}
	for (i = 0; i < 20; i++)
		KUNIT_EXPECT_EQ(test, read_growing(test, udp4, i, VIADUCT_DIR_OUT, &f), -EINVAL);
	memcpy(p, tcp6_with_headers, sizeof(p));
	p[5] = 41;		/* longer than the packet */
	KUNIT_EXPECT_EQ(test, read_growing(test, p, sizeof(p), VIADUCT_DIR_IN, &f), -EINVAL);
	p[5] = 20;		/* the destination options go past the end */
	KUNIT_EXPECT_EQ(test, read_growing(test, p, sizeof(p), VIADUCT_DIR_IN, &f), -EINVAL);
	KUNIT_EXPECT_EQ(test, f.proto, 111);
}

static void read_v6(struct kunit *test)
{
	u32 total = sizeof(tcp6_with_headers);
	u8 p[sizeof(tcp6_with_headers)];
	struct vdt_flow f = {};

	memcpy(p, tcp6_with_headers, total);
	KUNIT_ASSERT_EQ(test, read_growing(test, p, total, VIADUCT_DIR_OUT, &f), 0);
	KUNIT_EXPECT_EQ(test, f.family, VDT_V6);
	KUNIT_EXPECT_EQ(test, f.remote.hi, 0xfd00ULL << 48);
	KUNIT_EXPECT_EQ(test, f.remote.lo, 2ULL);
	KUNIT_EXPECT_EQ(test, f.proto, 6);
	KUNIT_EXPECT_EQ(test, f.local_port, 80);
	KUNIT_EXPECT_EQ(test, f.remote_port, 8080);
	p[50] = 1;		/* fragment offset: behind the first */
	KUNIT_ASSERT_EQ(test, read_growing(test, p, total, VIADUCT_DIR_OUT, &f), 0);
	KUNIT_EXPECT_EQ(test, f.proto, 60);
	KUNIT_EXPECT_FALSE(test, f.ports);
}

/* A chain of headers without end is read to its limit and no further. */
static void read_v6_chain(struct kunit *test)
{
	u32 total = 40 + 8 * 20;
	u8 *p = kunit_kzalloc(test, total, GFP_KERNEL);
	struct vdt_flow f = {};
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, p);
	memcpy(p, tcp6_with_headers, 40);
	p[5] = total - 40;
	p[6] = 60;
	for (i = 40; i < total; i += 8)
		p[i] = 60;
	KUNIT_EXPECT_EQ(test, read_growing(test, p, total, VIADUCT_DIR_OUT, &f), 0);
	KUNIT_EXPECT_EQ(test, f.proto, 60);
	KUNIT_EXPECT_FALSE(test, f.ports);
}

static void addresses(struct kunit *test)
{
	struct vdt_ts_addr a;
	u8 in[16], out[16];
	u32 i;

	for (i = 0; i < 16; i++)
		in[i] = 0xa0 + i;
	vdt_ts_addr_get(&a, in, VDT_V6);
	KUNIT_EXPECT_EQ(test, a.hi, 0xa0a1a2a3a4a5a6a7ULL);
	KUNIT_EXPECT_EQ(test, a.lo, 0xa8a9aaabacadaeafULL);
	vdt_ts_addr_put(out, &a, VDT_V6);
	KUNIT_EXPECT_EQ(test, memcmp(in, out, 16), 0);
	vdt_ts_addr_get(&a, in, VDT_V4);
	KUNIT_EXPECT_EQ(test, a.hi, 0ULL);
	KUNIT_EXPECT_EQ(test, a.lo, 0xa0a1a2a3ULL);
	memset(out, 0, 16);
	vdt_ts_addr_put(out, &a, VDT_V4);
	KUNIT_EXPECT_EQ(test, memcmp(in, out, 4), 0);
	KUNIT_EXPECT_EQ(test, out[4], 0);
}

static struct kunit_case selector_cases[] = {
	KUNIT_CASE(addresses),
	KUNIT_CASE(seal_refuses),
	KUNIT_CASE_PARAM(match_one, match_gen_params),
	KUNIT_CASE(any_child),
	KUNIT_CASE(most_specific),
	KUNIT_CASE(read_v4),
	KUNIT_CASE(read_v4_special),
	KUNIT_CASE(read_v6),
	KUNIT_CASE(read_v6_chain),
	KUNIT_CASE(read_malformed),
	{}
};

static struct kunit_suite selector_suite = {
	.name = "viaduct_selector",
	.test_cases = selector_cases,
};

kunit_test_suite(selector_suite);

MODULE_DESCRIPTION("viaduct: tests of traffic selectors");
MODULE_LICENSE("GPL");
