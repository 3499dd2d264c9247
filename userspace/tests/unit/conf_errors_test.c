// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What bad configurations get: each class of error with its exact place, what is wrong and the nearest word.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/common/conf_text.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static struct vd_conf_errors errors, warnings;

struct bad {
	const char	*text;
	uint32_t	line, column;
	const char	*message;	/* a part of it */
	const char	*nearest;	/* NULL: none */
};

static void check(const struct bad *b)
{
	struct vd_conf *conf = NULL;

	print_message("%s\n", b->message);
	assert_int_equal(test_conf(&conf, b->text, &errors, NULL), -EINVAL);
	assert_null(conf);
	if (errors.total != 1)
		for (uint32_t i = 0; i < errors.n; i++)
			vd_conf_error_print(stderr, &errors.e[i]);
	assert_int_equal(errors.total, 1);
	if (!strstr(errors.e[0].message, b->message))
		fail_msg("got: %s", errors.e[0].message);
	assert_string_equal(errors.e[0].file, "t.conf");
	assert_int_equal(errors.e[0].line, b->line);
	assert_int_equal(errors.e[0].column, b->column);
	assert_string_equal(errors.e[0].nearest, b->nearest ? b->nearest : "");
}

/* A whole gateway and tunnel, each with room for one more line; its lines begin at 4 and at 8. */
#define GW(line)	"gateway hq {\n    remote = 192.0.2.1\n    secret-file = k\n" line "\n}\n"
#define TUN(line)	"tunnel via0 {\n    gateway = hq\n" line "\n}\n"
#define G(line)		GW(line) TUN("")
#define T(line)		GW("") TUN(line)

static const struct bad syntax[] = {
	{ "gateway hq {\n remote 192.0.2.1\n secret-file = k\n remote = 192.0.2.1\n}\n", 2, 9, "unexpected `192.0.2.1`", NULL },
	{ G("    lifetime = 8 h"), 4, 18, "unexpected `h`", NULL },
	{ G("    local-id = \"a"), 4, 16, "without its closing quote", NULL },
	{ G("    local-id = \"a\\n\""), 4, 18, "a backslash that escapes nothing", NULL },
	{ G("    lifetime ="), 4, 5, "nothing behind `lifetime =`", NULL },
	{ G("    lifetime"), 4, 5, "`lifetime` without a `=`", NULL },
	{ G("    = 8h"), 4, 5, "unexpected `=`", NULL },
	{ G("    \x01lifetime = 8h"), 4, 5, "a control character (0x01)", NULL },
	{ "gateway hq {\n remote = 192.0.2.1\n", 3, 1, "the block `gateway hq`, begun in line 1, has no end", NULL },
	{ "gateway hq {\n remote = 192.0.2.1\ntunnel via0 {\n gateway = hq\n}\n", 3, 1,
	  "the block `gateway hq`, begun in line 1, has no end", NULL },
	{ G("") "}\n", 10, 1, "unexpected `}`", NULL },
	{ G("") "gatewy x {\n}\n", 10, 1, "unknown block `gatewy`", "gateway" },
	{ G("") "includ x.conf\n", 10, 1, "unknown statement `includ`", "include" },
	{ G("") "gateway x\n", 10, 10, "`gateway x` has no block", NULL },
	{ G("") "tunnel {\n}\n", 10, 8, "unexpected `{`", NULL },
	{ G("") "addresses\n", 10, 10, "the end of the line comes too early", NULL },
	{ G("") "include nothere.conf\n", 10, 9, "no file `nothere.conf`", NULL },
};

static void test_syntax(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(syntax); i++) {
		/* What follows a syntax error may bring more; the first is what counts. */
		struct vd_conf *conf = NULL;

		print_message("%s\n", syntax[i].message);
		assert_int_equal(test_conf(&conf, syntax[i].text, &errors, NULL), -EINVAL);
		if (!strstr(errors.e[0].message, syntax[i].message))
			fail_msg("got: %s", errors.e[0].message);
		assert_int_equal(errors.e[0].line, syntax[i].line);
		assert_int_equal(errors.e[0].column, syntax[i].column);
		assert_string_equal(errors.e[0].nearest, syntax[i].nearest ? syntax[i].nearest : "");
	}
}

static const struct bad names[] = {
	{ G("") GW(""), 10, 9, "gateway `hq` is defined twice, first in t.conf:1", NULL },
	{ G("") TUN(""), 10, 8, "tunnel `via0` is defined twice, first in t.conf:6", NULL },
	{ G("") "addresses a { 10.0.0.0/8 }\naddresses a { 10.0.0.0/8 }\n", 11, 11, "addresses `a` is defined twice", NULL },
	{ GW("") "tunnel hq {\n gateway = hq\n}\n", 6, 8, "`hq` is also the name of a gateway (t.conf:1)", NULL },
	{ GW("") "tunnel interface-names2 {\n gateway = hq\n}\n", 6, 8, "longer than 15 letters", NULL },
	{ GW("") "tunnel via:0 {\n gateway = hq\n}\n", 6, 11, "`via:0` is no name for a tunnel", NULL },
	{ GW("") "tunnel \"via 0\" {\n gateway = hq\n}\n", 6, 12, "`via 0` is no name for a tunnel", NULL },
	{ GW("") "tunnel \"\" {\n gateway = hq\n}\n", 6, 9, "a tunnel without a name", NULL },
	{ GW("") "tunnel lo {\n gateway = hq\n}\n", 6, 8, "`lo` can't be the name of a tunnel", NULL },
	{ GW("") "tunnel .. {\n gateway = hq\n}\n", 6, 8, "`..` can't be the name of a tunnel", NULL },
	{ "gateway hq/1 {\n remote = 192.0.2.1\n secret-file = k\n}\n", 1, 11, "`hq/1` is no name for a gateway", NULL },
	{ GW("") "tunnel via0 {\n gateway = hp\n}\n", 7, 12, "no gateway `hp`", "hq" },
	{ GW("") "tunnel via0 {\n gateway = hq, hq\n}\n", 7, 16, "`gateway` takes no list", NULL },
};

static const struct bad keys[] = {
	{ "gateway hq {\n    remte = 192.0.2.1\n    secret-file = k\n}\n" TUN(""), 2, 5, "unknown key `remte`", "remote" },
	{ G("    frobnicate = yes"), 4, 5, "unknown key `frobnicate`", NULL },
	{ G("    replay-window = 64"), 4, 5, "`replay-window` is no key of a gateway", NULL },
	{ T("    dpd = 5s"), 8, 5, "`dpd` is no key of a tunnel", NULL },
	{ G("    lifetime = 8h\n    lifetime = 7h"), 5, 5, "`lifetime` is set twice, first in line 4", NULL },
	{ "gateway hq {\n secret-file = k\n}\n" TUN(""), 1, 1, "gateway `hq` has no `remote`", NULL },
	{ "gateway hq {\n remote = 192.0.2.1\n}\n" TUN(""), 1, 1, "gateway `hq` has no `secret-file`", NULL },
	{ GW("") "tunnel via0 {\n}\n", 6, 1, "tunnel `via0` has no `gateway`", NULL },
};

/* Known to the grammar's documentation, refused by this version: never ignored. */
static const struct bad unsupported[] = {
	{ G("    ike = 1"), 4, 11, "`ike = 1` is not supported by this version", NULL },
	{ G("    mode = aggressive"), 4, 5, "`mode` is not supported by this version", NULL },
	{ G("    auth = cert"), 4, 12, "`auth = cert` is not supported by this version", NULL },
	{ G("    cert = hq.pem"), 4, 5, "`cert` is not supported by this version", NULL },
	{ G("    key = hq.key"), 4, 5, "`key` is not supported by this version", NULL },
	{ G("    ca = ca.pem"), 4, 5, "`ca` is not supported by this version", NULL },
	{ G("    pool = 10.9.0.0/24"), 4, 5, "`pool` is not supported by this version", NULL },
	{ G("    mobike = yes"), 4, 14, "`mobike = yes` is not supported by this version", NULL },
	{ G("    fragmentation = yes"), 4, 21, "`fragmentation = yes` is not supported by this version", NULL },
	{ G("    nat-traversal = off"), 4, 21, "not possible with IKEv2", NULL },
	{ T("    protocol = ah"), 8, 16, "`protocol = ah` is not supported by this version", NULL },
	{ T("    mode = transport"), 8, 12, "`mode = transport` is not supported by this version", NULL },
	{ T("    selectors = mesh"), 8, 17, "`selectors = mesh` is not supported by this version", NULL },
	{ T("    cpus = 4"), 8, 5, "`cpus` is not supported by this version", NULL },
	{ G("    proposals = aes256ccm16-prfsha256-ecp256"), 4, 17, "`aes256ccm16` in `aes256ccm16-prfsha256-ecp256` is not supported for IKE", NULL },
	{ T("    proposals = aes256-sha1"), 8, 17, "`sha1` in `aes256-sha1` is not supported for ESP", NULL },
};

static const struct bad values[] = {
	{ G("    start = alwys"), 4, 13, "`alwys` is no value of `start`", "always" },
	{ G("    start = always, respond"), 4, 21, "`start` takes no list", NULL },
	{ G("    allow-legacy = true"), 4, 20, "`true` is no value of `allow-legacy`", "yes" },
	{ G("    allow-legacy = off"), 4, 20, "`off` is no value of `allow-legacy`", "no" },
	{ G("    local = 192.0.2"), 4, 13, "`192.0.2` is no address", NULL },
	{ G("    local = gw.example.org"), 4, 13, "host names are not supported by this version", NULL },
	{ G("    local = 192.0.2.2, 192.0.2.3"), 4, 24, "`local` takes no list", NULL },
	{ G("    remote-port = 0"), 4, 19, "`0` is out of the range of `remote-port`", NULL },
	{ G("    remote-port = 65536"), 4, 19, "`65536` is out of the range of `remote-port`", NULL },
	{ G("    remote-port = 5OO"), 4, 19, "`5OO` is no value of `remote-port`", NULL },
	{ G("    remote-port = -1"), 4, 19, "`-1` is no value of `remote-port`", NULL },
	{ G("    lifetime = 8"), 4, 16, "`8` is no value of `lifetime`", NULL },
	{ G("    lifetime = 8x"), 4, 16, "`8x` is no value of `lifetime`", NULL },
	{ G("    lifetime = 30m1h"), 4, 16, "`30m1h` is no value of `lifetime`", NULL },
	{ G("    lifetime = 1s"), 4, 16, "`1s` is out of the range of `lifetime`", NULL },
	{ G("    lifetime = 31d"), 4, 16, "`31d` is out of the range of `lifetime`", NULL },
	{ G("    lifetime = 99999999999999999999d"), 4, 16, "is no value of `lifetime`", NULL },
	{ G("    lifetime = 999999999999999999d"), 4, 16, "is no value of `lifetime`", NULL },
	{ G("    lifetime = off"), 4, 16, "`off` is no value of `lifetime`", NULL },
	{ T("    lifetime-bytes = 10X"), 8, 22, "`10X` is no value of `lifetime-bytes`", NULL },
	{ T("    lifetime-bytes = 99999999T"), 8, 22, "`99999999T` is", NULL },
	{ T("    lifetime-bytes = 1K"), 8, 22, "`1K` is out of the range", NULL },
	{ T("    replay-window = 31"), 8, 21, "`31` is out of the range of `replay-window`", NULL },
	{ T("    mtu = 70000"), 8, 11, "`70000` is out of the range of `mtu`", NULL },
	{ T("    dscp = 64"), 8, 12, "`64` is out of the range of `dscp`", NULL },
	{ T("    mark = 0x100000000"), 8, 12, "`0x100000000` is out of the range of `mark`", NULL },
	{ T("    mark = 0xg"), 8, 12, "`0xg` is no value of `mark`", NULL },
	{ T("    address = 169.254.7.1/33"), 8, 15, "`169.254.7.1/33` is no address", NULL },
	{ T("    routes = 10.0.0.0/8, 10.20.1.0/16"), 8, 26, "`10.20.1.0/16` is an address in a subnet", "10.20.0.0/16" },
	{ T("    routes = 10.0.0.0/8, x"), 8, 26, "`x` is no subnet", NULL },
	{ G("    secret-file = \"\""), 4, 5, "`secret-file` is set twice", NULL },
	{ G("    local-id = keyid:0xabc"), 4, 16, "`keyid:0xabc` is no identity", NULL },
};

static const struct bad algorithms[] = {
	{ G("    proposals = aes256-sha256-group-99"), 4, 31, "`group-99`: unknown algorithm", NULL },
	{ G("    proposals = aes256-sha265-modp2048"), 4, 24, "`sha265`: unknown algorithm", "sha256" },
	{ G("    proposals = aes256-sha256-modp2048, aes256-sha256"), 4, 54, "a DH group is missing", NULL },
	{ G("    proposals = 3des-sha256-modp2048"), 4, 17, "`3des`: this algorithm is weak; allow-legacy = yes permits it", NULL },
	{ G("    allow-legacy = yes\n    proposals = 3des-sha256-modp2048"), 5, 17, "`3des` in `3des-sha256-modp2048` is not supported for IKE", NULL },
	{ T("    proposals = aes256gcm16-sha256"), 8, 17, "takes no hash", NULL },
	{ T("    pfs = group-99"), 8, 11, "`group-99` is no group", NULL },
	{ T("    pfs = aes128"), 8, 11, "`aes128` is no group", NULL },
	{ T("    pfs = modp2048-modp3072"), 8, 11, "is no group", NULL },
	{ T("    pfs = group-2"), 8, 11, "`group-2` is weak", NULL },
	{ T("    pfs = none\n    proposals = aes256-sha256-ecp256"), 8, 11, "`pfs` is set, and `proposals` names the group ecp256", NULL },
	{ T("    esn = yes\n    proposals = aes256gcm16-noesn"), 8, 11, "`esn` is set, and `aes256gcm16-noesn` says it too", NULL },
};

static const struct bad selectors[] = {
	{ T("    remote-subnets = 10.0.0.0/8[tpc/443]"), 8, 33, "`tpc` is no protocol", "tcp" },
	{ T("    remote-subnets = 10.0.0.0/8[256]"), 8, 33, "`256` is no protocol", NULL },
	{ T("    remote-subnets = 10.0.0.0/8[tcp/65536]"), 8, 37, "`65536` is no port", NULL },
	{ T("    remote-subnets = 10.0.0.0/8[tcp/90-80]"), 8, 37, "`90-80` is no port", NULL },
	{ T("    remote-subnets = 10.0.0.0/8[icmp/256]"), 8, 38, "`256` is no port", NULL },
	{ T("    remote-subnets = 10.0.0.0/8[tcp"), 8, 22, "has a `[` without a `]`", NULL },
	{ T("    remote-subnets = 10.0.0.0/8["), 8, 22, "has a `[` without a `]`", NULL },
	{ T("    remote-subnets = 10.0.0.0/8[]"), 8, 33, "`` is no protocol", NULL },
	{ T("    remote-subnets = 10.0.0.9-10.0.0.1"), 8, 22, "`10.0.0.9-10.0.0.1` is no range", NULL },
	{ T("    remote-subnets = 10.0.0.1-::1"), 8, 22, "`10.0.0.1-::1` is no range", NULL },
	{ T("    remote-subnets = 10.0.0.1/8"), 8, 22, "is an address in a subnet", "10.0.0.0/8" },
	{ T("    remote-subnets = 10.0.0.0/8, brnch") "addresses branch { 10.1.0.0/16 }\n", 8, 34, "`brnch` is no subnet and no group", "branch" },
	{ T("    local-subnets = 10.0.0.0/8\n    remote-subnets = 2001:db8::/32"), 9, 22, "no address family in common", NULL },
	{ G("") "addresses a {\n}\n", 10, 11, "the group `a` is empty", NULL },
	{ G("") "addresses a {\n b = 10.0.0.0/8\n}\n", 11, 2, "`b =` in a group of addresses", NULL },
	{ G("") "addresses a {\n 10.0.0.0/8[tcp]\n}\n", 11, 2, "has a protocol", NULL },
	{ G("") "addresses a {\n 10.0.0.0/8, 10.0.0.1/8\n}\n", 11, 14, "is an address in a subnet", "10.0.0.0/8" },
	{ T("    remote-subnets = a") "addresses a { b }\naddresses b { a }\n", 8, 22, "the group `a` contains itself", NULL },
	{ T("    remote-subnets = a") "addresses a { b }\naddresses b { c }\naddresses c { d }\naddresses d { e }\n"
	  "addresses e { f }\naddresses f { g }\naddresses g { h }\naddresses h { i }\naddresses i { ::/0 }\n", 8, 22,
	  "the group `i` is too deep within others", NULL },
};

static const struct bad cross[] = {
	{ G("    local = 2001:db8::1"), 4, 13, "`local` and `remote` are of different families", NULL },
	{ "gateway hq {\n remote = any\n secret-file = k\n}\n" TUN(""), 2, 11, "a peer with any address can't be called", NULL },
	{ "gateway hq {\n remote = any\n secret-file = k\n start = respond\n}\n" TUN(" start = always"), 8, 10, "gateway `hq` has any address", NULL },
	{ T("    mtu = 1000\n    address = 2001:db8::1/64"), 8, 11, "too small for the IPv6 address", NULL },
	{ G("") "gateway hq2 {\n remote = 192.0.2.1\n secret-file = k\n}\n", 10, 1, "gateways `hq` and `hq2` can't be told apart", NULL },
};

#define TABLE_TEST(table)						\
	static void test_##table(void **state)				\
	{								\
		for (size_t i = 0; i < ARRAY_SIZE(table); i++)		\
			check(&table[i]);				\
	}
TABLE_TEST(names)
TABLE_TEST(keys)
TABLE_TEST(unsupported)
TABLE_TEST(values)
TABLE_TEST(algorithms)
TABLE_TEST(selectors)
TABLE_TEST(cross)

/* All errors of one text come at once, in the order of the lines. */
static void test_all_at_once(void **state)
{
	static const uint32_t lines[] = { 2, 4, 8, 9, 12 };
	struct vd_conf *conf = NULL;

	assert_int_equal(test_conf(&conf, "gateway hq {\n    remte = 192.0.2.1\n    secret-file = k\n    dpd = 5x\n}\n"
				   "tunnel via0 {\n    gateway = hq\n    mtu = big\n    routes 10.0.0.0/8\n}\n"
				   "addresses a {\n    10.0.0.1/8\n}\n", &errors, NULL), -EINVAL);
	assert_int_equal(errors.total, ARRAY_SIZE(lines));
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		assert_int_equal(errors.e[i].line, lines[i]);
}

static void test_twenty_and_no_more(void **state)
{
	char text[4096] = "gateway hq {\n";
	struct vd_conf *conf = NULL;

	for (int i = 0; i < 50; i++)
		strcat(text, "frobnicate = 1\n");
	strcat(text, "}\n");
	assert_int_equal(test_conf(&conf, text, &errors, NULL), -EINVAL);
	assert_int_equal(errors.n, VD_CONF_ERRORS_MAX);
	assert_true(errors.total >= 50);
}

static void test_warnings(void **state)
{
	struct vd_conf *conf = NULL;

	assert_int_equal(test_conf(&conf, GW(""), &errors, &warnings), 0);
	assert_int_equal(warnings.n, 1);
	assert_string_equal(warnings.e[0].message, "no tunnel leads to gateway `hq`");
	vd_conf_free(conf);
	assert_int_equal(test_conf(&conf, T("    routes = 10.0.0.0/8, 10.20.0.0/16\n    remote-subnets = 10.21.0.0/16"),
				   &errors, &warnings), 0);
	assert_int_equal(warnings.n, 1);
	assert_int_equal(warnings.e[0].line, 8);
	assert_int_equal(warnings.e[0].column, 26);
	vd_conf_free(conf);
}

static void test_print(void **state)
{
	struct vd_conf_error e = { .file = "hq.conf", .line = 9, .column = 5, .message = "unknown key `remte`",
				   .expected = "a key", .nearest = "remote", .fix = "vi hq.conf" };
	char buf[256] = { 0 };
	FILE *f = fmemopen(buf, sizeof(buf), "w");

	vd_conf_error_print(f, &e);
	fclose(f);
	assert_string_equal(buf, "hq.conf:9:5: unknown key `remte`; expected a key; did you mean `remote`?; run: vi hq.conf\n");
}

/* What is quoted from the file is fit for JSON and for a terminal. */
static void test_quoted_text_is_clean(void **state)
{
	static const struct {
		const char *value, *shown;
	} v[] = {
		{ "gr\xc3\xbc\xc3\x9f" "e", "gr\xc3\xbc\xc3\x9f" "e" },	/* UTF-8 stays */
		{ "\xe2\x82\xac\xf0\x9f\x98\x80", "\xe2\x82\xac\xf0\x9f\x98\x80" },
		{ "a\xffz", "a?z" },
		{ "a\xc3", "a?" },
		{ "\xc0\xaf", "??" },				/* overlong */
		{ "\xed\xa0\x80", "???" },			/* a surrogate */
		{ "\xc2\x9b" "2J", "??2J" },			/* CSI of the C1 set */
		{ "\"\x1b[2J\"", "?[2J" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(v); i++) {
		struct vd_conf *conf = NULL;
		char text[256], want[128];

		snprintf(text, sizeof(text), "gateway hq {\n remote = %s\n secret-file = k\n}\n" TUN(""), v[i].value);
		snprintf(want, sizeof(want), "`%s` is no address", v[i].shown);
		assert_int_equal(test_conf(&conf, text, &errors, NULL), -EINVAL);
		assert_int_equal(errors.n, 1);
		if (!strstr(errors.e[0].message, want) && !strstr(errors.e[0].message, "host names"))
			fail_msg("got: %s", errors.e[0].message);
		assert_non_null(strstr(errors.e[0].message, v[i].shown));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_syntax),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_unsupported),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_algorithms),
		cmocka_unit_test(test_selectors),
		cmocka_unit_test(test_cross),
		cmocka_unit_test(test_all_at_once),
		cmocka_unit_test(test_twenty_and_no_more),
		cmocka_unit_test(test_warnings),
		cmocka_unit_test(test_print),
		cmocka_unit_test(test_quoted_text_is_clean),
	};

	return cmocka_run_group_tests_name("conf-errors", tests, NULL, NULL);
}
