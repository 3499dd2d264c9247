// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit: ESP packets through the kernel's ciphers. Known packets: AES-GCM of
 * draft-mcgrew-gcm-test-01 (the packets behind RFC 4106) and AES-CBC of RFC 3602, section 4,
 * with an ICV by HMAC-SHA2-256-128 (RFC 4868) computed elsewhere. And each algorithm both
 * ways, with every octet damaged in turn.
 */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/skbuff.h>

#include "../aead.c"
#include "../esp.c"
#include "../esp_frame.c"
#include "../xform.c"
#include "esp_vectors.h"

/* IKEv2 transform IDs: 20 is ENCR_AES_GCM_16; 12 ENCR_AES_CBC, and AUTH_HMAC_SHA2_256_128. */
struct packet {
	const char *name;
	u16 encr;
	u16 integ;
	bool esn;
	u64 seq;
	const char *key;	/* with the salt */
	const char *esp;	/* from the SPI to the ICV */
	const char *plain;	/* with the trailer */
	u32 payload;
	u8 next_header;
};

static const struct packet packets[] = {
	{
		.name = "mcgrew page 6: AES-128, ESN", .encr = 20, .esn = true,
		.seq = 0x8765432100000000ULL,
		.key = MCGREW_6_KEY,
		.esp = MCGREW_6_ESP,
		.plain = MCGREW_6_PLAIN,
		.payload = 68, .next_header = 1,
	}, {
		.name = "mcgrew page 7: AES-128", .encr = 20, .seq = 10,
		.key = MCGREW_7_KEY,
		.esp = MCGREW_7_ESP,
		.plain = MCGREW_7_PLAIN,
		.payload = 62, .next_header = 1,
	}, {
		.name = "mcgrew page 8: AES-256", .encr = 20, .seq = 2,
		.key = MCGREW_8_KEY,
		.esp = MCGREW_8_ESP,
		.plain = MCGREW_8_PLAIN,
		.payload = 48, .next_header = 1,
	}, {
		.name = "mcgrew page 11: AES-192", .encr = 20, .seq = 10,
		.key = MCGREW_11_KEY,
		.esp = MCGREW_11_ESP,
		.plain = MCGREW_11_PLAIN,
		.payload = 38, .next_header = 1,
	}, {
		.name = "mcgrew page 13: AES-256, ESN", .encr = 20, .esn = true,
		.seq = 0x156f3126dd0db99bULL,
		.key = MCGREW_13_KEY,
		.esp = MCGREW_13_ESP,
		.plain = MCGREW_13_PLAIN,
		.payload = 38, .next_header = 1,
	}, {
		.name = "RFC 3602 case 5: AES-CBC", .encr = 12, .integ = 12, .seq = 1,
		.key = "90d382b410eeba7ad938c46cec1a82bf",
		.esp = RFC3602_5_HEAD RFC3602_5_BODY "29dcb883222069e2a5465186d6e51f05",
		.plain = RFC3602_5_PLAIN,
		.payload = 64, .next_header = 1,
	}, {
		.name = "RFC 3602 case 7: AES-CBC", .encr = 12, .integ = 12, .seq = 2,
		.key = "0123456789abcdef0123456789abcdef",
		.esp = RFC3602_7_HEAD RFC3602_7_BODY "771b0a4d2be28767cb0b5c901fcc563e",
		.plain = RFC3602_7_PLAIN,
		.payload = 84, .next_header = 4,
	}, {
		.name = "RFC 3602 case 5 with ESN", .encr = 12, .integ = 12, .esn = true, .seq = 0x500000001ULL,
		.key = "90d382b410eeba7ad938c46cec1a82bf",
		.esp = RFC3602_5_HEAD RFC3602_5_BODY "fe7ac8550e7b5257c4973a9617e1a733",
		.plain = RFC3602_5_PLAIN,
		.payload = 64, .next_header = 1,
	},
};

static void packet_desc(const struct packet *p, char *desc)
{
	strscpy(desc, p->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(packet, packets, packet_desc);

/* --- an SA without a tunnel --- */

static u32 octets(struct kunit *test, u8 *to, const char *hex)
{
	u32 n = strlen(hex) / 2;

	KUNIT_ASSERT_EQ(test, hex2bin(to, hex, n), 0);
	return n;
}

static struct vdt_sa *make_sa(struct kunit *test, u16 encr, u16 integ, bool esn, const char *key)
{
	struct vdt_sa *sa = kunit_kzalloc(test, sizeof(*sa), GFP_KERNEL);
	u8 encr_key[64], integ_key[64];
	struct vdt_sa_config cfg = {
		.encr = encr,
		.integ = integ,
		.esn = esn,
		.encr_key = encr_key,
		.integ_key = integ_key,
	};

	KUNIT_ASSERT_NOT_NULL(test, sa);
	cfg.encr_key_len = octets(test, encr_key, key);
	if (integ)
		cfg.integ_key_len = octets(test, integ_key, HMAC_KEY);
	sa->encr = vdt_xform_encr(encr);
	sa->integ = integ ? vdt_xform_integ(integ) : NULL;
	KUNIT_ASSERT_NOT_NULL(test, sa->encr);
	KUNIT_ASSERT_TRUE(test, vdt_xform_encr_key_ok(sa->encr, cfg.encr_key_len));
	sa->esn = esn;
	sa->spi = htonl(0x12345678);
	sa->iv_salt = 0x1122334455667788ULL;
	sa->geo.iv = sa->encr->iv;
	sa->geo.icv = integ ? sa->integ->icv : sa->encr->icv;
	sa->geo.align = sa->encr->align;
	sa->aead = vdt_aead_new(sa->encr, sa->integ, &cfg, NULL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, sa->aead);
	return sa;
}

/* One operation to its end, however the transform completes. */
struct waiter {
	struct completion done;
	int err;
};

static void wake_up_waiter(void *owner, int err)
{
	struct waiter *w = owner;

	w->err = err;
	complete(&w->done);
}

static int crypt_and_wait(const struct vdt_sa *sa, struct crypto_aead *tfm, bool encrypt, u8 *esp,
			  u32 len, u64 seq)
{
	struct waiter w;
	int err;

	init_completion(&w.done);
	local_bh_disable();
	if (encrypt)
		err = vdt_aead_encrypt(sa->aead, tfm, esp, len, seq, wake_up_waiter, &w);
	else
		err = vdt_aead_decrypt(sa->aead, tfm, esp, len, seq, wake_up_waiter, &w);
	local_bh_enable();
	if (err != -EINPROGRESS)
		return err;
	wait_for_completion(&w.done);
	return w.err;
}

/* The transforms of an SA: the one that may complete later, the one that never does. */
static u32 transforms(const struct vdt_sa *sa, struct crypto_aead *tfms[2])
{
	tfms[0] = sa->aead->tfm;
	tfms[1] = sa->aead->sync;
	return tfms[1] && tfms[1] != tfms[0] ? 2 : 1;
}

/* --- known packets --- */

static void known_packet(struct kunit *test)
{
	const struct packet *p = test->param_value;
	struct vdt_sa *sa = make_sa(test, p->encr, p->integ, p->esn, p->key);
	u8 wire[256], plain[256], *buf = kunit_kzalloc(test, 256, GFP_KERNEL);
	u32 len = octets(test, wire, p->esp), n = octets(test, plain, p->plain);
	u32 at = vdt_esp_payload_at(sa), payload, i;
	struct crypto_aead *tfms[2];
	u8 next;

	KUNIT_ASSERT_NOT_NULL(test, buf);
	KUNIT_EXPECT_EQ(test, len, vdt_esp_packet_len(&sa->geo, p->payload));
	KUNIT_EXPECT_TRUE(test, vdt_esp_len_ok(&sa->geo, len));
	for (i = 0; i < transforms(sa, tfms); i++) {
		memcpy(buf, wire, len);
		KUNIT_EXPECT_EQ(test, crypt_and_wait(sa, tfms[i], false, buf, len, p->seq), 0);
		KUNIT_EXPECT_EQ(test, memcmp(buf + at, plain, n), 0);
		KUNIT_EXPECT_EQ(test, (u32)vdt_esp_trailer_check(buf + at, n, n, &payload, &next), 0);
		KUNIT_EXPECT_EQ(test, payload, p->payload);
		KUNIT_EXPECT_EQ(test, next, p->next_header);

		memset(buf + at + n, 0, sa->geo.icv);
		KUNIT_EXPECT_EQ(test, crypt_and_wait(sa, tfms[i], true, buf, len, p->seq), 0);
		KUNIT_EXPECT_EQ(test, memcmp(buf, wire, len), 0);
	}
	vdt_aead_free(sa->aead);
}

/* One bit of any octet, or of the half of the sequence number that is not sent. */
static void damaged_packet(struct kunit *test)
{
	const struct packet *p = test->param_value;
	struct vdt_sa *sa = make_sa(test, p->encr, p->integ, p->esn, p->key);
	u8 wire[256], *buf = kunit_kzalloc(test, 256, GFP_KERNEL);
	u32 len = octets(test, wire, p->esp), i, octet;
	struct crypto_aead *tfms[2];

	KUNIT_ASSERT_NOT_NULL(test, buf);
	for (i = 0; i < transforms(sa, tfms); i++) {
		for (octet = 0; octet < len; octet++) {
			memcpy(buf, wire, len);
			buf[octet] ^= 1 << octet % 8;
			KUNIT_EXPECT_EQ_MSG(test, crypt_and_wait(sa, tfms[i], false, buf, len,
								 p->seq), -EBADMSG, "octet %u", octet);
		}
		memcpy(buf, wire, len);
		KUNIT_EXPECT_EQ(test, crypt_and_wait(sa, tfms[i], false, buf, len,
						     p->seq + (1ULL << 32)),
				p->esn ? -EBADMSG : 0);
	}
	vdt_aead_free(sa->aead);
}

/* --- each algorithm, both ways --- */

struct algorithm {
	const char *name;
	u16 encr;
	u16 integ;
	bool esn;
	const char *key;
};

#define KEY16 "000102030405060708090a0b0c0d0e0f"

static const struct algorithm algorithms[] = {
	{ "AES-GCM-128", 20, 0, false, KEY16 "11111111" },
	{ "AES-GCM-256, ESN", 20, 0, true, KEY16 KEY16 "11111111" },
	{ "AES-CBC-128, SHA2-256", 12, 12, false, KEY16 },
	{ "AES-CBC-256, SHA2-256, ESN", 12, 12, true, KEY16 KEY16 },
};

static void algorithm_desc(const struct algorithm *a, char *desc)
{
	strscpy(desc, a->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(algorithm, algorithms, algorithm_desc);

static int seal_and_wait(const struct vdt_sa *sa, struct crypto_aead *tfm, u8 *esp, u32 payload,
			 u64 seq)
{
	struct waiter w;
	int err;

	init_completion(&w.done);
	local_bh_disable();
	err = vdt_esp_seal(sa, tfm, esp, payload, 4, seq, wake_up_waiter, &w);
	local_bh_enable();
	if (err != -EINPROGRESS)
		return err;
	wait_for_completion(&w.done);
	return w.err;
}

static void seal_open_strip(struct kunit *test)
{
	const struct algorithm *a = test->param_value;
	struct vdt_sa *sa = make_sa(test, a->encr, a->integ, a->esn, a->key);
	u32 at = vdt_esp_payload_at(sa), payload, i;
	u8 *sent = kunit_kzalloc(test, 2048, GFP_KERNEL);
	struct crypto_aead *tfms[2];
	u64 seq = 0xfffffff0;

	KUNIT_ASSERT_NOT_NULL(test, sent);
	get_random_bytes(sent, 2048);
	for (payload = 0; payload <= 1500; payload += 1 + payload / 8)
		for (i = 0; i < transforms(sa, tfms); i++, seq++) {
			u32 len = vdt_esp_packet_len(&sa->geo, payload);
			struct sk_buff *skb = alloc_skb(len, GFP_KERNEL);
			u8 next = 0;

			KUNIT_ASSERT_NOT_NULL(test, skb);
			memcpy(skb_put(skb, len) + at, sent, payload);
			KUNIT_EXPECT_EQ(test, seal_and_wait(sa, tfms[i], skb->data, payload, seq), 0);
			KUNIT_EXPECT_EQ(test, get_unaligned_be32(skb->data), 0x12345678);
			KUNIT_EXPECT_EQ(test, get_unaligned_be32(skb->data + 4),
					lower_32_bits(seq));
			if (payload >= 16)
				KUNIT_EXPECT_NE(test, memcmp(skb->data + at, sent, payload), 0);
			KUNIT_EXPECT_EQ(test, crypt_and_wait(sa, tfms[i], false, skb->data, len,
							     seq), 0);
			KUNIT_EXPECT_EQ(test, (u32)vdt_esp_strip(sa, skb, &next), 0);
			KUNIT_EXPECT_EQ(test, skb->len, payload);
			KUNIT_EXPECT_EQ(test, next, 4);
			KUNIT_EXPECT_EQ(test, memcmp(skb->data, sent, payload), 0);
			kfree_skb(skb);
		}
	vdt_aead_free(sa->aead);
}

/* No IV twice: counters differ by construction, random ones by chance of 2^-128. */
static void fresh_ivs(struct kunit *test)
{
	const struct algorithm *a = test->param_value;
	struct vdt_sa *sa = make_sa(test, a->encr, a->integ, a->esn, a->key);
	u8 *ivs = kunit_kzalloc(test, 64 * 16, GFP_KERNEL);
	u8 *buf = kunit_kzalloc(test, 256, GFP_KERNEL);
	u32 i, j;

	KUNIT_ASSERT_NOT_NULL(test, ivs);
	KUNIT_ASSERT_NOT_NULL(test, buf);
	for (i = 0; i < 64; i++) {
		KUNIT_EXPECT_EQ(test, seal_and_wait(sa, sa->aead->tfm, buf, 64, 1 + i), 0);
		memcpy(ivs + 16 * i, buf + VDT_ESP_HDR_LEN, sa->geo.iv);
		for (j = 0; j < i; j++)
			KUNIT_EXPECT_NE(test, memcmp(ivs + 16 * i, ivs + 16 * j, 16), 0);
	}
	vdt_aead_free(sa->aead);
}

static void registry(struct kunit *test)
{
	const struct vdt_xform_encr *gcm = vdt_xform_encr(20), *cbc = vdt_xform_encr(12);
	const struct vdt_xform_integ *sha256 = vdt_xform_integ(12);

	KUNIT_ASSERT_NOT_NULL(test, gcm);
	KUNIT_ASSERT_NOT_NULL(test, cbc);
	KUNIT_ASSERT_NOT_NULL(test, sha256);
	KUNIT_EXPECT_NULL(test, vdt_xform_encr(0));
	KUNIT_EXPECT_NULL(test, vdt_xform_encr(65535));
	KUNIT_EXPECT_NULL(test, vdt_xform_integ(0));
	KUNIT_EXPECT_TRUE(test, vdt_xform_encr_key_ok(gcm, 20));
	KUNIT_EXPECT_TRUE(test, vdt_xform_encr_key_ok(gcm, 36));
	KUNIT_EXPECT_FALSE(test, vdt_xform_encr_key_ok(gcm, 16));
	KUNIT_EXPECT_FALSE(test, vdt_xform_encr_key_ok(gcm, 0));
	KUNIT_EXPECT_TRUE(test, vdt_xform_encr_key_ok(cbc, 32));
	KUNIT_EXPECT_FALSE(test, vdt_xform_encr_key_ok(cbc, 36));
	KUNIT_EXPECT_EQ(test, sha256->key_len, 32);	/* RFC 4868, 2.1.1 */
	KUNIT_EXPECT_EQ(test, sha256->icv, 16);
}

static int esp_suite_init(struct kunit_suite *suite)
{
	return vdt_aead_init();
}

static void esp_suite_exit(struct kunit_suite *suite)
{
	vdt_aead_exit();
}

static struct kunit_case esp_cases[] = {
	KUNIT_CASE(registry),
	KUNIT_CASE_PARAM(known_packet, packet_gen_params),
	KUNIT_CASE_PARAM(damaged_packet, packet_gen_params),
	KUNIT_CASE_PARAM(seal_open_strip, algorithm_gen_params),
	KUNIT_CASE_PARAM(fresh_ivs, algorithm_gen_params),
	{}
};

static struct kunit_suite esp_suite = {
	.name = "viaduct_esp",
	.suite_init = esp_suite_init,
	.suite_exit = esp_suite_exit,
	.test_cases = esp_cases,
};

kunit_test_suite(esp_suite);

MODULE_DESCRIPTION("viaduct: tests of ESP packets");
MODULE_LICENSE("GPL");
