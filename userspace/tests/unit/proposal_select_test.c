// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ike/proposal.c: what is chosen, and what is said when nothing can be (RFC 7296,
 * 2.7, 3.3.6); at the end against a brute-force model over random proposals.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ike/proposal.h"

static const struct ike_select_rules plain = { 0 };

/* A list from "a-b-c, d-e-f"; weak algorithms included. */
static struct ike_proposal_list list_of(enum ike_protocol protocol, const char *text)
{
	struct ike_proposal_list list = { .n = 0 };

	while (*text) {
		char one[128];
		size_t len = strcspn(text, ","), at;
		const char *why = "";

		assert_true(len < sizeof(one) && list.n < IKE_PROPOSALS_MAX);
		memcpy(one, text, len);
		one[len] = '\0';
		if (ike_proposal_parse(&list.p[list.n], protocol, one, true, &at, &why))
			fail_msg("%s: %s", one, why);
		list.p[list.n].number = (uint8_t)(list.n + 1);
		list.n++;
		text += len;
		text += strspn(text, ", ");
	}
	return list;
}

static const char *suite_text(const struct ike_suite *suite)
{
	static char buf[128];
	struct vd_strbuf b = vd_strbuf_init(buf, sizeof(buf));

	ike_suite_format(&b, suite);
	return buf;
}

static void test_choice(void **state)
{
	static const struct {
		enum ike_protocol	protocol;
		const char		*ours, *theirs;
		bool			prefer_theirs;
		enum ike_dh		ke;
		const char		*want;
	} rows[] = {
		{ IKE_PROTO_IKE, "aes256-sha256-modp2048", "aes256-sha256-modp2048", false, 0,
		  "aes256-sha256-modp2048" },
		/* Whose order counts, inside a proposal and among proposals. */
		{ IKE_PROTO_IKE, "aes256-aes128-sha256-ecp256", "aes128-aes256-sha256-ecp256", false, 0,
		  "aes256-sha256-ecp256" },
		{ IKE_PROTO_IKE, "aes256-aes128-sha256-ecp256", "aes128-aes256-sha256-ecp256", true, 0,
		  "aes128-sha256-ecp256" },
		{ IKE_PROTO_ESP, "aes256gcm16, aes128gcm16", "aes128gcm16, aes256gcm16", false, 0, "aes256gcm16" },
		{ IKE_PROTO_ESP, "aes256gcm16, aes128gcm16", "aes128gcm16, aes256gcm16", true, 0, "aes128gcm16" },
		/* The KE payload's group saves a round trip, in whichever proposal it is. */
		{ IKE_PROTO_IKE, "aes256-sha256-ecp384-modp2048", "aes256-sha256-modp2048-ecp384", false,
		  IKE_DH_MODP2048, "aes256-sha256-modp2048" },
		{ IKE_PROTO_IKE, "aes256-sha256-ecp384, aes128-sha256-ecp256",
		  "aes256-sha256-ecp384, aes128-sha256-ecp256", false, IKE_DH_ECP256, "aes128-sha256-ecp256" },
		{ IKE_PROTO_IKE, "aes256-sha256-ecp384", "aes256-sha256-ecp256-ecp384", false, IKE_DH_ECP256,
		  "aes256-sha256-ecp384" },
		/* Optional PFS: taken if the peer sends a KE, left if it does not. */
		{ IKE_PROTO_ESP, "aes128gcm16-ecp256-modpnone", "aes128gcm16-ecp256", false, IKE_DH_ECP256,
		  "aes128gcm16-ecp256" },
		{ IKE_PROTO_ESP, "aes128gcm16-ecp256-modpnone", "aes128gcm16", false, 0, "aes128gcm16" },
		{ IKE_PROTO_ESP, "aes128gcm16-ecp256-modpnone", "aes128gcm16-ecp256-modpnone", false, 0,
		  "aes128gcm16" },
		{ IKE_PROTO_ESP, "aes128gcm16-ecp256-modpnone", "aes128gcm16-ecp256-modpnone", false, IKE_DH_ECP256,
		  "aes128gcm16-ecp256" },
		{ IKE_PROTO_ESP, "aes128-sha256-esn-noesn", "aes128-sha256-noesn-esn", false, 0,
		  "aes128-sha256-esn" },
		{ IKE_PROTO_AH, "sha512-sha256", "sha256", false, 0, "sha256" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ike_proposal_list ours = list_of(rows[i].protocol, rows[i].ours);
		struct ike_proposal_list theirs = list_of(rows[i].protocol, rows[i].theirs);
		struct ike_select_rules rules = {
			.prefer_theirs = rows[i].prefer_theirs, .ke_group = rows[i].ke,
		};
		struct ike_selection sel;

		assert_true(ike_proposal_select(&ours, &theirs, &rules, &sel, NULL));
		assert_string_equal(suite_text(&sel.suite), rows[i].want);
		assert_int_equal(sel.chosen.number, theirs.p[sel.theirs].number);
	}
}

static void test_differences(void **state)
{
	static const struct {
		enum ike_protocol	protocol;
		const char		*ours, *theirs;
		enum ike_field		field;
		const char		*ours_text, *theirs_text;
	} rows[] = {
		{ IKE_PROTO_IKE, "aes256-sha256-modp2048", "3des-sha256-modp2048", IKE_FIELD_ENCR,
		  "aes256", "3des" },
		{ IKE_PROTO_IKE, "aes256-sha256-modp2048", "aes128-aes192-sha256-modp2048", IKE_FIELD_KEY_LENGTH,
		  "aes256", "aes128, aes192" },
		{ IKE_PROTO_IKE, "aes256-sha256-modp2048", "aes256-sha1-prfsha256-modp2048", IKE_FIELD_INTEG,
		  "sha256", "sha1" },
		{ IKE_PROTO_IKE, "aes256-sha256-modp2048", "aes256-sha256-prfsha1-modp2048", IKE_FIELD_PRF,
		  "prfsha256", "prfsha1" },
		/* One word sets hash and PRF: it is named as the hash. */
		{ IKE_PROTO_IKE, "aes256-sha256-modp2048", "aes256-sha1-modp2048", IKE_FIELD_INTEG,
		  "sha256", "sha1" },
		{ IKE_PROTO_IKE, "aes256gcm16-prfsha256-ecp256", "aes256gcm16-prfsha384-ecp256", IKE_FIELD_PRF,
		  "prfsha256", "prfsha384" },
		{ IKE_PROTO_IKE, "aes256-sha256-modp2048", "aes256-sha256-ecp256-modp1024", IKE_FIELD_DH,
		  "modp2048", "ecp256, modp1024" },
		{ IKE_PROTO_IKE, "aes256gcm16-prfsha256-ecp256", "aes256-sha256-ecp256", IKE_FIELD_ENCR,
		  "aes256gcm16", "aes256" },
		/* Only the group differs in every pair, whatever else does in some. */
		{ IKE_PROTO_IKE, "aes256gcm16-prfsha256-ecp256, aes256-sha256-ecp256", "aes256-sha256-modp2048",
		  IKE_FIELD_DH, "ecp256", "modp2048" },
		/* Beside an AEAD, integrity can't be compared; the other proposal tells. */
		{ IKE_PROTO_ESP, "aes256gcm16, aes256-sha256", "aes256-sha1", IKE_FIELD_INTEG, "sha256", "sha1" },
		{ IKE_PROTO_ESP, "aes256gcm16-modp2048", "aes256gcm16", IKE_FIELD_PFS,
		  "PFS group modp2048", "no PFS" },
		{ IKE_PROTO_ESP, "aes256gcm16", "aes256gcm16-ecp256-ecp384", IKE_FIELD_PFS,
		  "no PFS", "PFS group ecp256, ecp384" },
		{ IKE_PROTO_ESP, "aes256gcm16-modp2048", "aes256gcm16-ecp256", IKE_FIELD_DH, "modp2048", "ecp256" },
		{ IKE_PROTO_ESP, "aes256gcm16-esn", "aes256gcm16", IKE_FIELD_ESN, "esn", "noesn" },
		{ IKE_PROTO_ESP, "aes256-sha256, aes128-sha1", "aes256-sha1", IKE_FIELD_COMBINATION,
		  "aes256-sha256, aes128-sha1", "aes256-sha1" },
		{ IKE_PROTO_AH, "sha256", "sha512", IKE_FIELD_INTEG, "sha256", "sha512" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ike_proposal_list ours = list_of(rows[i].protocol, rows[i].ours);
		struct ike_proposal_list theirs = list_of(rows[i].protocol, rows[i].theirs);
		struct ike_selection sel = { .theirs = 77 };
		struct ike_proposal_diff diff;
		char a[128], b[128];
		struct vd_strbuf ta = vd_strbuf_init(a, sizeof(a)), tb = vd_strbuf_init(b, sizeof(b));

		assert_false(ike_proposal_select(&ours, &theirs, &plain, &sel, &diff));
		assert_int_equal(sel.theirs, 77);
		assert_int_equal(diff.field, rows[i].field);
		ike_proposal_diff_format(&ta, &tb, &ours, &theirs, &diff);
		assert_string_equal(a, rows[i].ours_text);
		assert_string_equal(b, rows[i].theirs_text);
	}
}

static void test_nearest_pair(void **state)
{
	struct ike_proposal_list ours = list_of(IKE_PROTO_IKE,
		"aes256gcm16-prfsha384-ecp384, aes256-sha256-modp2048");
	struct ike_proposal_list theirs = list_of(IKE_PROTO_IKE,
		"3des-md5-modp1024, aes256-sha256-modp1024");
	struct ike_proposal_diff diff;

	assert_false(ike_proposal_select(&ours, &theirs, &plain, NULL, &diff));
	assert_int_equal(diff.field, IKE_FIELD_DH);
	assert_int_equal(diff.types, 1 << IKE_T_DH);
	assert_int_equal(diff.ours, 1);
	assert_int_equal(diff.theirs, 1);
}

static void test_protocols(void **state)
{
	struct ike_proposal_list esp = list_of(IKE_PROTO_ESP, "aes256-sha256");
	struct ike_proposal_list ah = list_of(IKE_PROTO_AH, "sha256"), empty = { .n = 0 };
	struct ike_proposal_diff diff = { .field = IKE_FIELD_NONE };
	char a[32], b[32];
	struct vd_strbuf ta = vd_strbuf_init(a, sizeof(a)), tb = vd_strbuf_init(b, sizeof(b));

	assert_false(ike_proposal_select(&esp, &ah, &plain, NULL, &diff));
	assert_int_equal(diff.field, IKE_FIELD_PROTOCOL);
	ike_proposal_diff_format(&ta, &tb, &esp, &ah, &diff);
	assert_string_equal(a, "esp");
	assert_string_equal(b, "ah");
	diff.field = IKE_FIELD_NONE;
	assert_false(ike_proposal_select(&esp, &empty, &plain, NULL, &diff));
	assert_int_equal(diff.field, IKE_FIELD_PROTOCOL);
	assert_false(ike_proposal_select(&empty, &esp, &plain, NULL, &diff));
	assert_false(ike_proposal_select(&esp, &ah, &plain, NULL, NULL));
}

static void add(struct ike_proposal *p, uint8_t type, uint16_t id, uint16_t bits)
{
	p->t[p->n++] = (struct ike_transform){ type, id, bits };
}

/* NONE said aloud is repeated in the answer; NONE by silence is not (3.3.6). */
static void test_none(void **state)
{
	struct ike_proposal_list ours = list_of(IKE_PROTO_ESP, "aes256gcm16");
	struct ike_proposal_list theirs = ours;
	struct ike_selection sel;

	assert_true(ike_proposal_select(&ours, &theirs, &plain, &sel, NULL));
	assert_int_equal(sel.chosen.n, 2);
	add(&theirs.p[0], IKE_T_INTEG, IKE_INTEG_NONE, 0);
	add(&theirs.p[0], IKE_T_DH, IKE_DH_NONE, 0);
	assert_true(ike_proposal_select(&ours, &theirs, &plain, &sel, NULL));
	assert_int_equal(sel.chosen.n, 4);
	assert_int_equal(sel.suite.integ, IKE_INTEG_NONE);
	assert_int_equal(sel.suite.dh, IKE_DH_NONE);
	/* The peer offers an AEAD with a hash only: against 3.3, and no match. */
	theirs = ours;
	add(&theirs.p[0], IKE_T_INTEG, IKE_INTEG_HMAC_SHA2_256_128, 0);
	assert_false(ike_proposal_select(&ours, &theirs, &plain, &sel, NULL));
	/* Encryption without integrity is never chosen. */
	ours = list_of(IKE_PROTO_ESP, "aes256-sha256");
	theirs = ours;
	theirs.p[0].t[1].id = IKE_INTEG_NONE;
	assert_false(ike_proposal_select(&ours, &theirs, &plain, &sel, NULL));
}

static void test_no_dh_in_ike_auth(void **state)
{
	static const struct ike_select_rules auth = { .ignore_dh = true };
	struct ike_proposal_list ours = list_of(IKE_PROTO_ESP, "aes256gcm16-ecp256");
	struct ike_proposal_list theirs = list_of(IKE_PROTO_ESP, "aes256gcm16");
	struct ike_proposal_list stripped;
	struct ike_selection sel;

	assert_false(ike_proposal_select(&ours, &theirs, &plain, &sel, NULL));
	assert_true(ike_proposal_select(&ours, &theirs, &auth, &sel, NULL));
	assert_int_equal(sel.suite.dh, IKE_DH_NONE);
	assert_true(ike_proposal_has_dh(&ours));
	assert_int_equal(ike_proposal_first_group(&ours), IKE_DH_ECP256);
	assert_true(ike_proposal_list_has_group(&ours, IKE_DH_ECP256));
	assert_false(ike_proposal_list_has_group(&ours, IKE_DH_ECP384));
	ike_proposal_strip_dh(&stripped, &ours);
	assert_false(ike_proposal_has_dh(&stripped));
	assert_true(ike_proposal_list_equal(&stripped, &theirs));
	ike_proposal_strip_dh(&ours, &ours);	/* in place too */
	assert_true(ike_proposal_list_equal(&ours, &theirs));
}

static void test_unknown_transforms(void **state)
{
	struct ike_proposal_list ours = list_of(IKE_PROTO_IKE, "aes256-sha256-ecp256");
	struct ike_proposal_list theirs = list_of(IKE_PROTO_IKE, "aes256-sha256-ecp256, aes256-sha256-ecp256");
	struct ike_proposal_diff diff;
	struct ike_selection sel;

	/* 3.3.6: an unknown type spoils its proposal, an unknown id or attribute only itself. */
	add(&theirs.p[0], 6, 35, 0);
	assert_true(ike_proposal_select(&ours, &theirs, &plain, &sel, NULL));
	assert_int_equal(sel.theirs, 1);
	assert_int_equal(sel.chosen.number, 2);
	theirs.n = 1;
	assert_false(ike_proposal_select(&ours, &theirs, &plain, &sel, &diff));
	assert_int_equal(diff.field, IKE_FIELD_COMBINATION);
	assert_int_equal(diff.types, 1);
	theirs.p[0].t[theirs.p[0].n - 1] = (struct ike_transform){ IKE_T_ENCR, 999, 0 };
	add(&theirs.p[0], IKE_T_ENCR, IKE_ENCR_AES_CBC, IKE_KEY_BITS_UNUSABLE);
	assert_true(ike_proposal_select(&ours, &theirs, &plain, &sel, NULL));
	assert_int_equal(sel.suite.encr_key_bits, 256);
	assert_int_equal(sel.chosen.n, 4);
	/* A type that does not belong to the protocol. */
	add(&theirs.p[0], IKE_T_ESN, IKE_ESN_NO, 0);
	assert_false(ike_proposal_select(&ours, &theirs, &plain, &sel, &diff));
	assert_int_equal(diff.field, IKE_FIELD_ESN);
}

static void test_missing_mandatory(void **state)
{
	static const char *const texts[] = { "aes256-sha256-ecp256", "aes256-sha256" };

	for (size_t i = 0; i < 2; i++) {
		struct ike_proposal_list ours = list_of(i ? IKE_PROTO_ESP : IKE_PROTO_IKE, texts[i]);

		/* Without any one of its types, no proposal matches (3.3.3). */
		for (size_t gone = 0; gone < ours.p[0].n; gone++) {
			struct ike_proposal_list theirs = ours;

			theirs.p[0].t[gone] = theirs.p[0].t[--theirs.p[0].n];
			assert_false(ike_proposal_select(&ours, &theirs, &plain, NULL, NULL));
		}
	}
}

static void test_answer(void **state)
{
	static const struct ike_select_rules answer = { .answer = true };
	struct ike_proposal_list ours = list_of(IKE_PROTO_IKE, "aes256-aes128-sha256-ecp256-ecp384");
	struct ike_proposal_list good = list_of(IKE_PROTO_IKE, "aes128-sha256-ecp384");
	struct ike_proposal_list two = list_of(IKE_PROTO_IKE, "aes128-sha256-ecp384, aes256-sha256-ecp384");
	struct ike_proposal_list wide = list_of(IKE_PROTO_IKE, "aes128-sha256-ecp384-ecp256");
	struct ike_proposal_list other = list_of(IKE_PROTO_IKE, "aes128-sha256-modp2048");
	struct ike_proposal_diff diff;
	struct ike_selection sel;

	assert_true(ike_proposal_select(&ours, &good, &answer, &sel, NULL));
	assert_string_equal(suite_text(&sel.suite), "aes128-sha256-ecp384");
	assert_false(ike_proposal_select(&ours, &two, &answer, &sel, NULL));
	assert_false(ike_proposal_select(&ours, &wide, &answer, &sel, NULL));
	assert_false(ike_proposal_select(&ours, &other, &answer, &sel, &diff));
	assert_int_equal(diff.field, IKE_FIELD_DH);
}

static void test_equal(void **state)
{
	struct ike_proposal_list a = list_of(IKE_PROTO_ESP, "aes256gcm16, aes128gcm16"), b = a;

	a.p[0].spi_len = b.p[0].spi_len = 4;
	assert_true(ike_proposal_list_equal(&a, &b));
	b.n = 1;
	assert_false(ike_proposal_list_equal(&a, &b));
	b = a;
	b.p[1].number = 3;
	assert_false(ike_proposal_list_equal(&a, &b));
	b = a;
	b.p[0].protocol = IKE_PROTO_AH;
	assert_false(ike_proposal_list_equal(&a, &b));
	b = a;
	b.p[0].spi_len = 0;
	assert_false(ike_proposal_list_equal(&a, &b));
	b = a;
	b.p[0].spi[3] = 1;
	assert_false(ike_proposal_list_equal(&a, &b));
	b.p[0].spi[3] = 0;
	b.p[0].spi[4] = 1;	/* behind the SPI's end */
	assert_true(ike_proposal_list_equal(&a, &b));
	b = a;
	b.p[1].t[0].key_bits = 256;
	assert_false(ike_proposal_list_equal(&a, &b));
	b = a;
	b.p[1].t[1].id = IKE_ESN_YES;
	assert_false(ike_proposal_list_equal(&a, &b));
	b = a;
	b.p[1].t[1].type = IKE_T_DH;
	assert_false(ike_proposal_list_equal(&a, &b));
	b = a;
	b.p[1].n--;
	assert_false(ike_proposal_list_equal(&a, &b));
}

static void test_spi(void **state)
{
	struct ike_proposal_list ours = list_of(IKE_PROTO_ESP, "aes256gcm16"), theirs = ours;
	struct ike_selection sel;

	theirs.p[0].number = 9;
	theirs.p[0].spi_len = 4;
	memcpy(theirs.p[0].spi, "\xc0\xff\xee\x01", 4);
	assert_true(ike_proposal_select(&ours, &theirs, &plain, &sel, NULL));
	assert_int_equal(sel.chosen.number, 9);
	assert_int_equal(sel.chosen.spi_len, 4);
	assert_memory_equal(sel.chosen.spi, "\xc0\xff\xee\x01", 4);
}

static void test_defaults_meet(void **state)
{
	static const enum ike_protocol protocols[] = { IKE_PROTO_IKE, IKE_PROTO_ESP, IKE_PROTO_AH };

	for (size_t i = 0; i < 3; i++) {
		struct ike_proposal_list list;
		struct ike_selection sel;

		ike_proposal_default(&list, protocols[i]);
		assert_true(ike_proposal_select(&list, &list, &plain, &sel, NULL));
		assert_int_equal(sel.theirs, 0);
	}
}

/* ---- against a model ---- */

static uint32_t next_random(uint32_t *x)
{
	*x = *x * 1664525 + 1013904223;
	return *x >> 8;
}

/* Each transform of the pool with even odds, so that some proposals lack a type or mix AEADs with others. */
static struct ike_proposal_list random_list(uint32_t *seed, enum ike_protocol protocol)
{
	static const struct ike_transform ike[] = {
		{ IKE_T_ENCR, IKE_ENCR_AES_GCM_16, 256 }, { IKE_T_ENCR, IKE_ENCR_AES_CBC, 256 },
		{ IKE_T_ENCR, IKE_ENCR_AES_CBC, 128 }, { IKE_T_INTEG, IKE_INTEG_HMAC_SHA2_256_128, 0 },
		{ IKE_T_INTEG, IKE_INTEG_NONE, 0 }, { IKE_T_PRF, IKE_PRF_HMAC_SHA2_256, 0 },
		{ IKE_T_PRF, IKE_PRF_HMAC_SHA2_384, 0 }, { IKE_T_DH, IKE_DH_ECP256, 0 },
		{ IKE_T_DH, IKE_DH_MODP2048, 0 },
	};
	static const struct ike_transform esp[] = {
		{ IKE_T_ENCR, IKE_ENCR_AES_GCM_16, 256 }, { IKE_T_ENCR, IKE_ENCR_AES_CBC, 256 },
		{ IKE_T_ENCR, IKE_ENCR_AES_GCM_16, 128 }, { IKE_T_INTEG, IKE_INTEG_HMAC_SHA2_256_128, 0 },
		{ IKE_T_INTEG, IKE_INTEG_NONE, 0 }, { IKE_T_DH, IKE_DH_NONE, 0 }, { IKE_T_DH, IKE_DH_ECP256, 0 },
		{ IKE_T_ESN, IKE_ESN_NO, 0 }, { IKE_T_ESN, IKE_ESN_YES, 0 },
	};
	const struct ike_transform *pool = protocol == IKE_PROTO_IKE ? ike : esp;
	struct ike_proposal_list list = { .n = 0 };

	list.n = (uint8_t)(1 + next_random(seed) % 3);
	for (size_t i = 0; i < list.n; i++) {
		struct ike_proposal *p = &list.p[i];
		size_t first = next_random(seed) % 9;

		p->number = (uint8_t)(i + 1);
		p->protocol = protocol;
		for (size_t k = 0; k < 9; k++)
			if (next_random(seed) % 2)
				p->t[p->n++] = pool[(first + k) % 9];
	}
	return list;
}

static bool offers(const struct ike_proposal *p, uint8_t type, uint16_t id, uint16_t bits)
{
	bool any = false;

	for (size_t i = 0; i < p->n; i++) {
		if (p->t[i].type != type)
			continue;
		any = true;
		if (p->t[i].id == id && p->t[i].key_bits == bits)
			return true;
	}
	/* NONE by silence. */
	return !any && id == 0 && type != IKE_T_ESN;
}

/* Is @s one of the suites that @p stands for? Written from the RFC, not from the code. */
static bool stands_for(const struct ike_proposal *p, const struct ike_suite *s)
{
	bool gcm = s->encr == IKE_ENCR_AES_GCM_16;

	if (!offers(p, IKE_T_ENCR, (uint16_t)s->encr, s->encr_key_bits) || s->encr == IKE_ENCR_NONE)
		return false;
	if (!offers(p, IKE_T_INTEG, (uint16_t)s->integ, 0) || gcm != (s->integ == IKE_INTEG_NONE))
		return false;
	if (!offers(p, IKE_T_DH, (uint16_t)s->dh, 0))
		return false;
	if (p->protocol == IKE_PROTO_IKE)
		return s->dh != IKE_DH_NONE && s->prf != IKE_PRF_NONE &&
		       offers(p, IKE_T_PRF, (uint16_t)s->prf, 0);
	return s->prf == IKE_PRF_NONE && offers(p, IKE_T_ESN, (uint16_t)s->esn, 0);
}

static bool list_stands_for(const struct ike_proposal_list *list, const struct ike_suite *s)
{
	for (size_t i = 0; i < list->n; i++)
		if (stands_for(&list->p[i], s))
			return true;
	return false;
}

/* Does any suite at all exist that a proposal of each list stands for? */
static bool can_agree(enum ike_protocol protocol, const struct ike_proposal_list *a,
		      const struct ike_proposal_list *b)
{
	static const struct { enum ike_encr encr; uint16_t bits; } ciphers[] = {
		{ IKE_ENCR_AES_GCM_16, 256 }, { IKE_ENCR_AES_GCM_16, 128 },
		{ IKE_ENCR_AES_CBC, 256 }, { IKE_ENCR_AES_CBC, 128 },
	};
	static const enum ike_integ integs[] = { IKE_INTEG_NONE, IKE_INTEG_HMAC_SHA2_256_128 };
	static const enum ike_prf prfs[] = { IKE_PRF_NONE, IKE_PRF_HMAC_SHA2_256, IKE_PRF_HMAC_SHA2_384 };
	static const enum ike_dh groups[] = { IKE_DH_NONE, IKE_DH_ECP256, IKE_DH_MODP2048 };

	for (size_t i = 0; i < 4 * 2 * 3 * 3 * 2; i++) {
		struct ike_suite s = {
			.protocol = protocol, .encr = ciphers[i % 4].encr, .encr_key_bits = ciphers[i % 4].bits,
			.integ = integs[i / 4 % 2], .prf = prfs[i / 8 % 3], .dh = groups[i / 24 % 3],
			.esn = (enum ike_esn)(i / 72),
		};

		if (list_stands_for(a, &s) && list_stands_for(b, &s))
			return true;
	}
	return false;
}

static void check_round(uint32_t *seed, enum ike_protocol protocol)
{
	struct ike_proposal_list a = random_list(seed, protocol), b = random_list(seed, protocol);
	struct ike_select_rules rules = {
		.prefer_theirs = next_random(seed) % 2,
		.ke_group = (enum ike_dh[]){ IKE_DH_NONE, IKE_DH_ECP256, IKE_DH_MODP2048 }[next_random(seed) % 3],
	}, answer = { .answer = true };
	struct ike_selection sel, back;
	struct ike_proposal_diff diff = { .field = IKE_FIELD_NONE };
	struct ike_proposal_list reply = { .n = 1 };
	bool agreed = ike_proposal_select(&a, &b, &rules, &sel, &diff);

	assert_int_equal(agreed, can_agree(protocol, &a, &b));
	assert_int_equal(agreed, ike_proposal_select(&b, &a, &rules, &back, NULL));
	if (!agreed) {
		assert_int_not_equal(diff.field, IKE_FIELD_NONE);
		return;
	}
	assert_true(list_stands_for(&a, &sel.suite));
	assert_true(stands_for(&b.p[sel.theirs], &sel.suite));
	assert_true(list_stands_for(&a, &back.suite) && list_stands_for(&b, &back.suite));
	/* What the responder answers, the initiator accepts, and reads the same suite from it. */
	reply.p[0] = sel.chosen;
	assert_true(ike_proposal_select(&b, &reply, &answer, &back, NULL));
	assert_string_equal(suite_text(&back.suite), suite_text(&sel.suite));
	assert_int_equal(back.suite.encr_key_bits, sel.suite.encr_key_bits);
	assert_int_equal(back.suite.esn, sel.suite.esn);
}

static void test_model(void **state)
{
	uint32_t seed = 1;

	for (int i = 0; i < 20000; i++)
		check_round(&seed, i % 2 ? IKE_PROTO_IKE : IKE_PROTO_ESP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_choice),
		cmocka_unit_test(test_differences),
		cmocka_unit_test(test_nearest_pair),
		cmocka_unit_test(test_protocols),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_no_dh_in_ike_auth),
		cmocka_unit_test(test_unknown_transforms),
		cmocka_unit_test(test_missing_mandatory),
		cmocka_unit_test(test_answer),
		cmocka_unit_test(test_equal),
		cmocka_unit_test(test_spi),
		cmocka_unit_test(test_defaults_meet),
		cmocka_unit_test(test_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
