// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ike/proposal_registry.c, ike/proposal_text.c: the registry's lengths, the
 * notation both ways, the defaults.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ike/proposal.h"

static const char *text_of(const struct ike_proposal *p)
{
	static char buf[1024];
	struct vd_strbuf b = vd_strbuf_init(buf, sizeof(buf));

	ike_proposal_format(&b, p);
	return buf;
}

static void test_registry(void **state)
{
	const struct ike_transform_info *row;
	size_t n = 0;

	for (; (row = ike_transform_row(n)); n++) {
		assert_ptr_equal(ike_transform_info(row->type, row->id, row->key_bits), row);
		assert_true(row->key_len <= 64 && row->icv_len <= IKE_PRF_MAX);
		assert_true(row->dh_len <= IKE_DH_MAX);
		if (row->type == IKE_T_ENCR) {
			assert_true(row->block_len >= 1);
			assert_int_equal(row->aead, row->icv_len > 0);
			if (row->key_bits)
				assert_int_equal(row->key_len, row->key_bits / 8);
			/* CBC: a block's IV and no salt; counter modes: eight octets and a salt. */
			if (row->block_len > 1)
				assert_true(row->iv_len == row->block_len && !row->salt_len);
			else if (row->id != IKE_ENCR_NULL)
				assert_true(row->iv_len == 8 && row->salt_len);
		}
		if (row->type == IKE_T_INTEG && row->id != IKE_INTEG_NONE)
			assert_true(row->icv_len && row->icv_len <= IKE_ICV_MAX && row->key_len);
	}
	assert_true(n > 60);
}

/* A few by heart: RFC 4106, 4868, 7634, 3526, 5903, 8031. */
static void test_lengths(void **state)
{
	const struct ike_transform_info *info;

	info = ike_transform_info(IKE_T_ENCR, IKE_ENCR_AES_GCM_16, 256);
	assert_true(info->key_len == 32 && info->salt_len == 4 && info->iv_len == 8 && info->icv_len == 16);
	info = ike_transform_info(IKE_T_ENCR, IKE_ENCR_AES_CBC, 128);
	assert_true(info->key_len == 16 && info->iv_len == 16 && !info->aead);
	assert_null(ike_transform_info(IKE_T_ENCR, IKE_ENCR_AES_CBC, 0));
	assert_null(ike_transform_info(IKE_T_ENCR, IKE_ENCR_AES_CBC, 64));
	assert_null(ike_transform_info(IKE_T_ENCR, IKE_ENCR_CHACHA20_POLY1305, 256));
	assert_non_null(ike_transform_info(IKE_T_ENCR, IKE_ENCR_CHACHA20_POLY1305, 0));
	assert_int_equal(ike_transform_info(IKE_T_INTEG, IKE_INTEG_HMAC_SHA2_256_128, 0)->icv_len, 16);
	assert_int_equal(ike_transform_info(IKE_T_INTEG, IKE_INTEG_HMAC_SHA2_384_192, 0)->icv_len, 24);
	assert_int_equal(ike_transform_info(IKE_T_PRF, IKE_PRF_HMAC_SHA2_384, 0)->icv_len, 48);
	assert_int_equal(ike_transform_info(IKE_T_DH, 14, 0)->dh_len, 256);
	assert_int_equal(ike_transform_info(IKE_T_DH, 19, 0)->dh_len, 64);
	assert_int_equal(ike_transform_info(IKE_T_DH, 21, 0)->dh_len, 132);
	assert_int_equal(ike_transform_info(IKE_T_DH, 31, 0)->dh_len, 32);
	assert_null(ike_transform_info(IKE_T_DH, 22, 0));
	assert_null(ike_transform_info(6, 35, 0));
}

static void test_parse_and_format(void **state)
{
	static const struct {
		enum ike_protocol	protocol;
		const char		*text, *again;
	} rows[] = {
		{ IKE_PROTO_IKE, "aes256-sha256-modp2048", "aes256-sha256-modp2048" },
		{ IKE_PROTO_IKE, "aes256gcm16-prfsha384-ecp384", "aes256gcm16-prfsha384-ecp384" },
		{ IKE_PROTO_IKE, "ecp256-prfsha256-aes128gcm16", "aes128gcm16-prfsha256-ecp256" },
		{ IKE_PROTO_IKE, "aes256-sha256-prfsha512-group-14-group-31",
		  "aes256-sha256-prfsha512-modp2048-curve25519" },
		{ IKE_PROTO_IKE, "aes256-aes128-sha256-sha384-x25519", "aes256-aes128-sha256-sha384-curve25519" },
		{ IKE_PROTO_IKE, "aes256-sha256-prfsha256-modp2048", "aes256-sha256-modp2048" },
		{ IKE_PROTO_IKE, "aes256-sha256-aes256-modp2048", "aes256-sha256-modp2048" },
		{ IKE_PROTO_IKE, "aes256gcm16-sha384-ecp384", "aes256gcm16-prfsha384-ecp384" },
		{ IKE_PROTO_IKE, "AES256-SHA256-Group-19", "aes256-sha256-ecp256" },
		{ IKE_PROTO_IKE, "aes256-sha256-group-20", "aes256-sha256-ecp384" },
		{ IKE_PROTO_IKE, "aes-sha-modp2048", "aes128-sha1-modp2048" },
		{ IKE_PROTO_IKE, "chacha20poly1305-prfsha256-x448", "chacha20poly1305-prfsha256-curve448" },
		{ IKE_PROTO_ESP, "aes256gcm16", "aes256gcm16" },
		{ IKE_PROTO_ESP, "aes256gcm128-esn", "aes256gcm16-esn" },
		{ IKE_PROTO_ESP, "aes256-sha256-noesn", "aes256-sha256" },
		{ IKE_PROTO_ESP, "aes256-sha256-modp2048-esn-noesn", "aes256-sha256-modp2048-esn-noesn" },
		{ IKE_PROTO_ESP, "aes256-sha256-modp2048-modpnone", "aes256-sha256-modp2048-modpnone" },
		{ IKE_PROTO_ESP, "null-sha256", "null-sha256" },
		{ IKE_PROTO_AH, "sha256", "sha256" },
		{ IKE_PROTO_AH, "sha512-ecp521-esn", "sha512-ecp521-esn" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ike_proposal p, again;
		const char *why = "";
		size_t at;

		if (ike_proposal_parse(&p, rows[i].protocol, rows[i].text, false, &at, &why))
			fail_msg("%s: %s", rows[i].text, why);
		assert_int_equal(p.protocol, rows[i].protocol);
		assert_int_equal(p.number, 1);
		assert_string_equal(text_of(&p), rows[i].again);
		assert_int_equal(ike_proposal_parse(&again, rows[i].protocol, rows[i].again, false, &at, &why), 0);
		assert_true(ike_proposal_equal(&p, &again));
	}
}

static void test_implied(void **state)
{
	struct ike_proposal p;
	const char *why;
	size_t at;

	assert_int_equal(ike_proposal_parse(&p, IKE_PROTO_IKE, "aes256-sha256-sha384-modp2048", false, &at, &why), 0);
	assert_int_equal(p.n, 6);	/* with the PRFs of both hashes */
	assert_int_equal(p.t[3].type, IKE_T_PRF);
	assert_int_equal(p.t[4].id, IKE_PRF_HMAC_SHA2_384);
	assert_int_equal(ike_proposal_parse(&p, IKE_PROTO_ESP, "aes256gcm16", false, &at, &why), 0);
	assert_int_equal(p.n, 2);
	assert_int_equal(p.t[1].type, IKE_T_ESN);
	assert_int_equal(p.t[1].id, IKE_ESN_NO);
}

static void test_errors(void **state)
{
	static const struct {
		enum ike_protocol	protocol;
		const char		*text;
		size_t			at;
		const char		*why;		/* part of it */
	} rows[] = {
		{ IKE_PROTO_IKE, "", 0, "unknown" },
		{ IKE_PROTO_IKE, "-", 0, "unknown" },
		{ IKE_PROTO_IKE, "aes256-", 7, "unknown" },
		{ IKE_PROTO_IKE, "aes256--sha256", 7, "unknown" },
		{ IKE_PROTO_IKE, "aes256-sha256-modp2049", 14, "unknown" },
		{ IKE_PROTO_IKE, "aes257-sha256-modp2048", 0, "unknown" },
		{ IKE_PROTO_IKE, "aes256-sha256-group", 14, "unknown" },
		{ IKE_PROTO_IKE, "aes256-sha256-group-", 14, "unknown" },
		{ IKE_PROTO_IKE, "aes256-sha256-group-0", 14, "unknown" },
		{ IKE_PROTO_IKE, "aes256-sha256-group-22", 14, "unknown" },
		{ IKE_PROTO_IKE, "aes256-sha256-group-14x", 14, "unknown" },
		{ IKE_PROTO_IKE, "aes256-sha256-group-65550", 14, "unknown" },
		{ IKE_PROTO_IKE, "aes256-aesaesaesaesaesaesaesaes-modp2048", 7, "unknown" },
		{ IKE_PROTO_IKE, "aes256-sha256-noauth-modp2048", 14, "unknown" },
		{ IKE_PROTO_IKE, "aesaesaesaesaesaesaesaesaesaesaesaesaesaesaesaes", 0, "unknown" },
		{ IKE_PROTO_IKE, "3des-sha256-modp2048", 0, "weak" },
		{ IKE_PROTO_IKE, "aes256-md5-modp2048", 7, "weak" },
		{ IKE_PROTO_IKE, "aes256-sha256-modp1024", 14, "weak" },
		{ IKE_PROTO_IKE, "aes256-sha256-group-5", 14, "weak" },
		{ IKE_PROTO_IKE, "null-sha256-modp2048", 0, "not for IKE" },
		{ IKE_PROTO_IKE, "aes256-sha256-modp2048-esn", 23, "not for IKE" },
		{ IKE_PROTO_IKE, "aes256-sha256-modpnone", 14, "not for IKE" },
		{ IKE_PROTO_ESP, "aes256-sha256-prfsha256", 14, "not for ESP" },
		{ IKE_PROTO_AH, "aes256-sha256", 0, "not for AH" },
		{ IKE_PROTO_IKE, "sha256-modp2048", 0, "cipher is missing" },
		{ IKE_PROTO_IKE, "aes256-modp2048", 15, "hash is missing" },
		{ IKE_PROTO_IKE, "aes256gcm16-modp2048", 20, "PRF is missing" },
		{ IKE_PROTO_IKE, "aes256-sha256", 13, "DH group is missing" },
		{ IKE_PROTO_IKE, "aes256-aes256gcm16-sha256-modp2048", 0, "a proposal each" },
		{ IKE_PROTO_ESP, "aes256gcm16-sha256", 0, "no hash" },
		{ IKE_PROTO_ESP, "aes256", 6, "hash is missing" },
		{ IKE_PROTO_AH, "esn", 3, "hash is missing" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ike_proposal p, before;
		const char *why = NULL;
		size_t at = 999;

		memset(&p, 0x5a, sizeof(p));
		before = p;
		if (ike_proposal_parse(&p, rows[i].protocol, rows[i].text, false, &at, &why) != -EINVAL)
			fail_msg("accepted: %s", rows[i].text);
		if (at != rows[i].at || !strstr(why, rows[i].why))
			fail_msg("%s: at %zu: %s", rows[i].text, at, why);
		assert_memory_equal(&p, &before, sizeof(p));
	}
}

static void test_weak_allowed(void **state)
{
	struct ike_proposal p;
	const char *why;
	size_t at;

	assert_int_equal(ike_proposal_parse(&p, IKE_PROTO_IKE, "3des-md5-group-2", true, &at, &why), 0);
	assert_string_equal(text_of(&p), "3des-md5-modp1024");
}

static void test_foreign(void **state)
{
	struct ike_proposal p = { .protocol = IKE_PROTO_IKE, .n = 8, .t = {
		{ IKE_T_ENCR, 99, 0 }, { IKE_T_ENCR, IKE_ENCR_AES_CBC, 100 }, { IKE_T_ENCR, 12, IKE_KEY_BITS_UNUSABLE },
		{ IKE_T_INTEG, 12, 128 }, { IKE_T_PRF, 77, 0 }, { IKE_T_DH, 22, 0 }, { IKE_T_ESN, 7, 0 },
		{ 6, 35, 0 },
	} };
	struct ike_proposal none = { .n = 0 };

	assert_string_equal(text_of(&p), "encr-99-encr-12/100-encr-12/?-integ-12/128-prf-77-group-22-esn-7-type6-35");
	assert_string_equal(text_of(&none), "none");
}

static void test_defaults(void **state)
{
	static const struct {
		enum ike_protocol	protocol;
		size_t			n;
	} rows[] = { { IKE_PROTO_IKE, 3 }, { IKE_PROTO_ESP, 4 }, { IKE_PROTO_AH, 1 } };

	for (size_t i = 0; i < 3; i++) {
		struct ike_proposal_list list;

		ike_proposal_default(&list, rows[i].protocol);
		assert_int_equal(list.n, rows[i].n);	/* every line of the table parses */
		for (size_t k = 0; k < list.n; k++) {
			assert_int_equal(list.p[k].number, k + 1);
			assert_int_equal(list.p[k].protocol, rows[i].protocol);
			for (size_t t = 0; t < list.p[k].n; t++)
				assert_false(ike_transform_info(list.p[k].t[t].type, list.p[k].t[t].id,
								list.p[k].t[t].key_bits)->weak);
		}
	}
}

static void test_suite_text(void **state)
{
	static const struct ike_suite gcm = {
		.protocol = IKE_PROTO_IKE, .encr = IKE_ENCR_AES_GCM_16, .encr_key_bits = 256,
		.prf = IKE_PRF_HMAC_SHA2_384, .dh = IKE_DH_ECP384,
	};
	static const struct ike_suite esp = {
		.protocol = IKE_PROTO_ESP, .encr = IKE_ENCR_AES_CBC, .encr_key_bits = 128,
		.integ = IKE_INTEG_HMAC_SHA2_256_128, .dh = IKE_DH_MODP2048, .esn = IKE_ESN_YES,
	};
	char buf[128];
	struct vd_strbuf b = vd_strbuf_init(buf, sizeof(buf));

	ike_suite_format(&b, &gcm);
	assert_string_equal(buf, "aes256gcm16-prfsha384-ecp384");
	b = vd_strbuf_init(buf, sizeof(buf));
	ike_suite_format(&b, &esp);
	assert_string_equal(buf, "aes128-sha256-modp2048-esn");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_registry),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_parse_and_format),
		cmocka_unit_test(test_implied),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_weak_allowed),
		cmocka_unit_test(test_foreign),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_suite_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
