// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ike/id.c: the configuration's notation, comparison, text safe to show.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ike/id.h"

static const char *text_of(const struct ike_id *id)
{
	static char buf[4 * IKE_ID_MAX + 32];
	struct vd_strbuf b = vd_strbuf_init(buf, sizeof(buf));

	ike_id_format(&b, id);
	assert_false(b.cut);
	return buf;
}

static struct ike_id make(enum ike_id_type type, const void *data, size_t len)
{
	struct ike_id id = { .type = (uint8_t)type, .len = (uint16_t)len };

	memcpy(id.data, data, len);
	return id;
}

static void test_parse(void **state)
{
	static const struct {
		const char	*text, *again;
		enum ike_id_type type;
		const char	*data;
		size_t		len;
	} rows[] = {
		{ "192.0.2.1", "192.0.2.1", IKE_ID_IPV4_ADDR, "\xc0\x00\x02\x01", 4 },
		{ "ipv4:192.0.2.1", "192.0.2.1", IKE_ID_IPV4_ADDR, "\xc0\x00\x02\x01", 4 },
		{ "::1", "::1", IKE_ID_IPV6_ADDR, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16 },
		{ "hq.example", "hq.example", IKE_ID_FQDN, "hq.example", 10 },
		{ "@hq.example", "hq.example", IKE_ID_FQDN, "hq.example", 10 },
		{ "@192.0.2.1", "fqdn:192.0.2.1", IKE_ID_FQDN, "192.0.2.1", 9 },
		{ "fqdn:any", "fqdn:any", IKE_ID_FQDN, "any", 3 },
		{ "admin@hq.example", "admin@hq.example", IKE_ID_RFC822_ADDR, "admin@hq.example", 16 },
		{ "email:admin", "email:admin", IKE_ID_RFC822_ADDR, "admin", 5 },
		{ "keyid:group1", "keyid:group1", IKE_ID_KEY_ID, "group1", 6 },
		{ "keyid:0x0001FF", "keyid:0x0001ff", IKE_ID_KEY_ID, "\x00\x01\xff", 3 },
		{ "keyid:0xaf9009FA", "keyid:0xaf9009fa", IKE_ID_KEY_ID, "\xaf\x90\x09\xfa", 4 },
		{ "az-AZ_09.z9", "az-AZ_09.z9", IKE_ID_FQDN, "az-AZ_09.z9", 11 },
		{ "keyid:0x3078", "keyid:0x3078", IKE_ID_KEY_ID, "0x", 2 },
		{ "any", "any", IKE_ID_NONE, "", 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ike_id id, again;

		assert_int_equal(ike_id_parse(&id, rows[i].text), 0);
		assert_int_equal(id.type, rows[i].type);
		assert_int_equal(id.len, rows[i].len);
		assert_memory_equal(id.data, rows[i].data, id.len);
		assert_string_equal(text_of(&id), rows[i].again);
		assert_int_equal(ike_id_parse(&again, rows[i].again), 0);
		assert_memory_equal(&again, &id, sizeof(id));
	}
}

static void test_parse_errors(void **state)
{
	static const char *const rows[] = {
		"", "@", "fqdn:", "email:", "keyid:", "keyid:0x", "keyid:0x1", "keyid:0xgg", "ipv4:",
		"ipv4:::1", "ipv6:192.0.2.1", "two words", "CN=hq, O=example", "a/b", "192.0.2.1/24",
		"@two words", "keyid:a\nb", "admin@hq\x1b[31m", "back\\slash@x", "@back\\slash", "h\xc3\xa9",
	};
	struct ike_id id, before;
	char text[IKE_ID_MAX + 2];

	memset(&id, 0x5a, sizeof(id));
	before = id;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (ike_id_parse(&id, rows[i]) != -EINVAL)
			fail_msg("accepted: %s", rows[i]);
		assert_memory_equal(&id, &before, sizeof(id));
	}
	memset(text, 'a', sizeof(text));
	text[IKE_ID_MAX + 1] = '\0';
	assert_int_equal(ike_id_parse(&id, text), -EINVAL);
	text[IKE_ID_MAX] = '\0';
	assert_int_equal(ike_id_parse(&id, text), 0);
	assert_int_equal(id.len, IKE_ID_MAX);
}

static void test_match(void **state)
{
	struct ike_id any = { .type = IKE_ID_NONE };
	struct ike_id name = make(IKE_ID_FQDN, "Hq.Example", 10);
	struct ike_id same = make(IKE_ID_FQDN, "hq.eXAMPLE", 10);
	struct ike_id longer = make(IKE_ID_FQDN, "hq.example.", 11);
	struct ike_id mail = make(IKE_ID_RFC822_ADDR, "hq.example", 10);
	struct ike_id key = make(IKE_ID_KEY_ID, "hq.example", 10);
	struct ike_id upper = make(IKE_ID_KEY_ID, "HQ.example", 10);
	struct ike_id nul = make(IKE_ID_FQDN, "hq\0example", 10);

	same.data[10] = 'x';	/* behind the end: no part of it */
	assert_true(ike_id_match(&any, &name));
	assert_true(ike_id_match(&name, &same));
	assert_false(ike_id_match(&name, &longer));
	assert_false(ike_id_match(&name, &mail));
	assert_false(ike_id_match(&name, &key));
	assert_false(ike_id_match(&key, &upper));	/* opaque octets */
	assert_false(ike_id_match(&name, &nul));
	assert_false(ike_id_match(&name, &any));
}

/* What a peer calls itself never reaches a terminal as anything but printable ASCII. */
static void test_hostile_text(void **state)
{
	static const uint8_t types[] = { 1, 2, 3, 5, 9, 11, 200 };
	struct ike_id id;

	id = make(IKE_ID_FQDN, "a\nb%n\x1b]0;x\a", 11);
	assert_string_equal(text_of(&id), "fqdn:a\\x0ab%n\\x1b]0;x\\x07");
	id = make(IKE_ID_FQDN, "any", 3);
	assert_string_equal(text_of(&id), "fqdn:any");
	id = make(IKE_ID_FQDN, "192.0.2.1", 9);
	assert_string_equal(text_of(&id), "fqdn:192.0.2.1");
	id = make(IKE_ID_RFC822_ADDR, "hq", 2);
	assert_string_equal(text_of(&id), "email:hq");
	id = make(IKE_ID_FQDN, "keyid:x", 7);
	assert_string_equal(text_of(&id), "fqdn:keyid:x");
	id = make(IKE_ID_DER_ASN1_DN, "\x30\x00", 2);
	assert_string_equal(text_of(&id), "dn:0x3000");
	id = make((enum ike_id_type)200, "\x01", 1);
	assert_string_equal(text_of(&id), "type200:0x01");
	for (size_t t = 0; t < sizeof(types); t++) {
		for (int shift = 0; shift < 256; shift += 5) {
			const char *text;

			id.type = types[t];
			id.len = types[t] == 1 ? 4 : types[t] == 5 ? 16 : IKE_ID_MAX;
			for (int i = 0; i < IKE_ID_MAX; i++)
				id.data[i] = (uint8_t)(i + shift);
			for (text = text_of(&id); *text; text++)
				assert_in_range(*text, ' ', '~');
		}
	}
}

static void test_from_addr(void **state)
{
	struct vd_addr a = { .family = VD_FAMILY_NONE };

	assert_int_equal(ike_id_from_addr(&a).type, IKE_ID_NONE);
	assert_int_equal(vd_addr_parse(&a, "2001:db8::1"), 0);
	assert_int_equal(ike_id_from_addr(&a).type, IKE_ID_IPV6_ADDR);
	assert_int_equal(ike_id_from_addr(&a).len, 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_parse_errors),
		cmocka_unit_test(test_match),
		cmocka_unit_test(test_hostile_text),
		cmocka_unit_test(test_from_addr),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
