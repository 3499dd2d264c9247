// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * crypto/ops.c against published vectors, and its behaviour on wrong input.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/ops.h"
#include "tests/common/hex.h"
#include "tests/common/test_ops.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static struct ike_ops ops;

static int open_ops(void **state)
{
	return vd_crypto_open(&ops);
}

static int close_ops(void **state)
{
	vd_crypto_close(&ops);
	return ops.ctx != NULL;
}

/* ---- hashes: FIPS 180-4, "abc" ---- */

static void test_hash(void **state)
{
	static const struct {
		enum ike_hash hash;
		const char *out;
	} v[] = {
		{ IKE_HASH_SHA1, "a9993e364706816aba3e25717850c26c9cd0d89d" },
		{ IKE_HASH_SHA2_256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ IKE_HASH_SHA2_384, "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
				     "8086072ba1e7cc2358baeca134c825a7" },
		{ IKE_HASH_SHA2_512, "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
				     "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f" },
	};
	/* The same message in pieces, one of them empty. */
	const struct ike_iov in[] = { { "a", 1 }, { NULL, 0 }, { "bc", 2 } };

	for (size_t i = 0; i < ARRAY_SIZE(v); i++) {
		uint8_t want[64], got[64];
		size_t n = test_hex(v[i].out, want, sizeof(want));

		assert_int_equal(ops.hash(ops.ctx, v[i].hash, in, 3, got), 0);
		assert_memory_equal(got, want, n);
	}
	assert_int_equal(ops.hash(ops.ctx, IKE_HASH_MD5, in, 3, (uint8_t[16]){ 0 }), -ENOTSUP);
}

/* ---- PRF ---- */

#define A16 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define KEY_131 A16 A16 A16 A16 A16 A16 A16 A16 "aaaaaa"
#define JEFE "4a656665"
#define WHAT "7768617420646f2079612077616e7420666f72206e6f7468696e673f"
#define LARGER "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a" \
	       "65204b6579202d2048617368204b6579204669727374"
#define K20 "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"
#define HI "4869205468657265"

static const struct mac_vector {
	const char *name;
	int id;
	const char *key, *data, *out;
} prf_vectors[] = {
	{ "RFC 2202, 3, case 1", IKE_PRF_HMAC_SHA1, K20, HI, "b617318655057264e28bc0b6fb378c8ef146be00" },
	{ "RFC 2202, 3, case 2", IKE_PRF_HMAC_SHA1, JEFE, WHAT, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79" },
	{ "RFC 4231, 4.2", IKE_PRF_HMAC_SHA2_256, K20, HI,
	  "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7" },
	{ "RFC 4231, 4.2", IKE_PRF_HMAC_SHA2_384, K20, HI,
	  "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59c"
	  "faea9ea9076ede7f4af152e8b2fa9cb6" },
	{ "RFC 4231, 4.2", IKE_PRF_HMAC_SHA2_512, K20, HI,
	  "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
	  "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854" },
	{ "RFC 4231, 4.3", IKE_PRF_HMAC_SHA2_256, JEFE, WHAT,
	  "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
	{ "RFC 4231, 4.3", IKE_PRF_HMAC_SHA2_384, JEFE, WHAT,
	  "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e"
	  "8e2240ca5e69e2c78b3239ecfab21649" },
	{ "RFC 4231, 4.3", IKE_PRF_HMAC_SHA2_512, JEFE, WHAT,
	  "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
	  "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737" },
	{ "RFC 4231, 4.7", IKE_PRF_HMAC_SHA2_256, KEY_131, LARGER,
	  "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54" },
	{ "RFC 4231, 4.7", IKE_PRF_HMAC_SHA2_384, KEY_131, LARGER,
	  "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c6"
	  "0c2ef6ab4030fe8296248df163f44952" },
	{ "RFC 4231, 4.7", IKE_PRF_HMAC_SHA2_512, KEY_131, LARGER,
	  "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
	  "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598" },
	{ "RFC 4615, 4, 18 octets", IKE_PRF_AES128_CMAC, "000102030405060708090a0b0c0d0e0fedcb",
	  "000102030405060708090a0b0c0d0e0f10111213", "84a348a4a45d235babfffc0d2b4da09a" },
	{ "RFC 4615, 4, 16 octets", IKE_PRF_AES128_CMAC, "000102030405060708090a0b0c0d0e0f",
	  "000102030405060708090a0b0c0d0e0f10111213", "980ae87b5f4c9c5214f5b6a8455e4c2d" },
	{ "RFC 4615, 4, 10 octets", IKE_PRF_AES128_CMAC, "00010203040506070809",
	  "000102030405060708090a0b0c0d0e0f10111213", "290d9e112edb09ee141fcf64c0b72f3d" },
	/* No published vector: an empty key is a key of zeros (RFC 2104, 2), here Python's hmac agrees. */
	{ "empty key", IKE_PRF_HMAC_SHA2_256, "", "", "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad" },
};

static void test_prf(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(prf_vectors); i++) {
		const struct mac_vector *v = &prf_vectors[i];
		uint8_t key[160], data[160], want[IKE_PRF_MAX], got[IKE_PRF_MAX + 1];
		size_t key_len = test_hex(v->key, key, sizeof(key));
		size_t data_len = test_hex(v->data, data, sizeof(data));
		size_t want_len = test_hex(v->out, want, sizeof(want));
		size_t half = data_len / 2;
		struct ike_iov one = { data, data_len };
		struct ike_iov two[] = { { data, half }, { data + half, data_len - half } };

		print_message("%s\n", v->name);
		assert_int_equal(vd_crypto_prf_len((enum ike_prf)v->id), want_len);
		memset(got, 0x77, sizeof(got));
		assert_int_equal(ops.prf(ops.ctx, (enum ike_prf)v->id, key, key_len, &one, 1, got), 0);
		assert_memory_equal(got, want, want_len);
		assert_int_equal(got[want_len], 0x77);
		assert_int_equal(ops.prf(ops.ctx, (enum ike_prf)v->id, key, key_len, two, 2, got), 0);
		assert_memory_equal(got, want, want_len);
	}
	assert_int_equal(ops.prf(ops.ctx, IKE_PRF_HMAC_MD5, NULL, 0, NULL, 0, NULL), -ENOTSUP);
	assert_int_equal(ops.prf(ops.ctx, IKE_PRF_AES128_XCBC, NULL, 0, NULL, 0, NULL), -ENOTSUP);
	assert_int_equal(vd_crypto_prf_len(IKE_PRF_NONE), 0);
}

/* ---- integrity ---- */

#define K32 "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"
#define K48 K32 "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"
#define K64 K32 K32
#define CMAC_KEY "2b7e151628aed2a6abf7158809cf4f3c"

static const struct mac_vector integ_vectors[] = {
	{ "RFC 2404", IKE_INTEG_HMAC_SHA1_96, K20, HI, "b617318655057264e28bc0b6" },
	{ "RFC 4868, 2.7.2.1", IKE_INTEG_HMAC_SHA2_256_128, K32, HI, "198a607eb44bfbc69903a0f1cf2bbdc5" },
	{ "RFC 4868, 2.7.2.2", IKE_INTEG_HMAC_SHA2_384_192, K48, HI,
	  "b6a8d5636f5c6a7224f9977dcf7ee6c7fb6d0c48cbdee973" },
	{ "RFC 4868, 2.7.2.3", IKE_INTEG_HMAC_SHA2_512_256, K64, HI,
	  "637edc6e01dce7e6742a99451aae82df23da3e92439e590e43e761b33e910fb8" },
	{ "RFC 4494, 4, case 1", IKE_INTEG_AES_CMAC_96, CMAC_KEY, "", "bb1d6929e95937287fa37d12" },
	{ "RFC 4494, 4, case 2", IKE_INTEG_AES_CMAC_96, CMAC_KEY, "6bc1bee22e409f96e93d7e117393172a",
	  "070a16b46b4d4144f79bdd9d" },
	{ "RFC 4494, 4, case 3", IKE_INTEG_AES_CMAC_96, CMAC_KEY,
	  "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411",
	  "dfa66747de9ae63030ca3261" },
	{ "RFC 4494, 4, case 4", IKE_INTEG_AES_CMAC_96, CMAC_KEY,
	  "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
	  "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
	  "51f0bebf7e3b9d92fc497417" },
};

static void test_integ(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(integ_vectors); i++) {
		const struct mac_vector *v = &integ_vectors[i];
		uint8_t key[64], data[64], want[IKE_ICV_MAX], got[IKE_ICV_MAX + 1];
		size_t key_len = test_hex(v->key, key, sizeof(key));
		struct ike_iov in = { data, test_hex(v->data, data, sizeof(data)) };
		size_t want_len = test_hex(v->out, want, sizeof(want));

		print_message("%s\n", v->name);
		memset(got, 0x77, sizeof(got));
		assert_int_equal(ops.integ(ops.ctx, (enum ike_integ)v->id, key, key_len, &in, 1, got), 0);
		assert_memory_equal(got, want, want_len);
		assert_int_equal(got[want_len], 0x77);
		assert_int_equal(ops.integ(ops.ctx, (enum ike_integ)v->id, key, key_len - 1, &in, 1, got), -EINVAL);
	}
	assert_int_equal(ops.integ(ops.ctx, IKE_INTEG_HMAC_MD5_96, NULL, 0, NULL, 0, NULL), -ENOTSUP);
	assert_int_equal(ops.integ(ops.ctx, IKE_INTEG_NONE, NULL, 0, NULL, 0, NULL), -ENOTSUP);
}

/* ---- ciphers ---- */

#define GCM_KEY "feffe9928665731c6d6a8f9467308308"
#define GCM_IV "facedbaddecaf888"	/* its first four octets, cafebabe, are the salt */
#define GCM_AAD "feedfacedeadbeeffeedfacedeadbeefabaddad2"
#define GCM_IN "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72" \
	       "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
#define GCM_OUT_128 "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e" \
		    "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091"
#define CHACHA_KEY "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3"
#define CBC_IN "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
#define CBC_IV "000102030405060708090a0b0c0d0e0f"

static const struct cipher_vector {
	const char *name;
	enum ike_encr encr;
	const char *key, *iv, *aad, *in, *out, *tag;
} cipher_vectors[] = {
	{ "RFC 3602, 4, case 1", IKE_ENCR_AES_CBC, "06a9214036b8a15b512e03d534120006",
	  "3dafba429d9eb430b422da802c9fac41", "", "53696e676c6520626c6f636b206d7367",
	  "e353779c1079aeb82708942dbe77181a", "" },
	{ "RFC 3602, 4, case 2", IKE_ENCR_AES_CBC, "c286696d887c9aa0611bbb3e2025a45a",
	  "562e17996d093d28ddb3ba695a2e6f58", "",
	  "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
	  "d296cd94c2cccf8a3a863028b5e1dc0a7586602d253cfff91b8266bea6d61ab1", "" },
	{ "SP 800-38A, F.2.3", IKE_ENCR_AES_CBC, "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
	  CBC_IV, "", CBC_IN, "4f021db243bc633d7178183a9fa071e8b4d9ada9ad7dedf4e5e738763f69145a", "" },
	{ "SP 800-38A, F.2.5", IKE_ENCR_AES_CBC,
	  "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
	  CBC_IV, "", CBC_IN, "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d", "" },
	{ "GCM specification, case 4", IKE_ENCR_AES_GCM_16, GCM_KEY "cafebabe", GCM_IV, GCM_AAD, GCM_IN,
	  GCM_OUT_128, "5bc94fbc3221a5db94fae95ae7121a47" },
	{ "GCM specification, case 10", IKE_ENCR_AES_GCM_16, GCM_KEY "feffe9928665731c" "cafebabe",
	  GCM_IV, GCM_AAD, GCM_IN,
	  "3980ca0b3c00e841eb06fac4872a2757859e1ceaa6efd984628593b40ca1e19c"
	  "7d773d00c144c525ac619d18c84a3f4718e2448b2fe324d9ccda2710", "2519498e80f1478f37ba55bd6d27618c" },
	{ "GCM specification, case 16", IKE_ENCR_AES_GCM_16, GCM_KEY GCM_KEY "cafebabe",
	  GCM_IV, GCM_AAD, GCM_IN,
	  "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
	  "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662", "76fc6ece0f4e1768cddf8853bb2d551b" },
	/* SP 800-38D, 7.1: a shorter tag is the first octets of the long one. */
	{ "GCM, tag of 12", IKE_ENCR_AES_GCM_12, GCM_KEY "cafebabe", GCM_IV, GCM_AAD, GCM_IN,
	  GCM_OUT_128, "5bc94fbc3221a5db94fae95a" },
	{ "GCM, tag of 8", IKE_ENCR_AES_GCM_8, GCM_KEY "cafebabe", GCM_IV, GCM_AAD, GCM_IN,
	  GCM_OUT_128, "5bc94fbc3221a5db" },
	{ "RFC 7634, appendix A", IKE_ENCR_CHACHA20_POLY1305, CHACHA_KEY, "1011121314151617", "0102030400000005",
	  "45000054a6f200004001e778c6336405c000020508005b7a3a080000553bec10"
	  "0007362708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20212223"
	  "2425262728292a2b2c2d2e2f303132333435363701020204",
	  "24039428b97f417e3c13753a4f05087b67c352e6a7fab1b982d466ef407ae5c6"
	  "14ee8099d52844eb61aa95dfab4c02f72aa71e7c4c4f64c9befe2facc638e8f3"
	  "cbec163fac469b502773f6fb94e664da9165b82829f641e0", "76aaa8266b7fb0f7b11b369907e1ad43" },
	{ "RFC 7634, appendix B", IKE_ENCR_CHACHA20_POLY1305, CHACHA_KEY, "1011121314151617",
	  "c0c1c2c3c4c5c6c7d0d1d2d3d4d5d6d72e202500000000090000004529000029",
	  "0000000c000040010000000a00", "610394701f8d017f7c12924889", "6b71bfe25236efd7cdc67066906315b2" },
};

struct cipher_case {
	uint8_t key[64], iv[16], aad[64], in[128], out[128], tag[16];
	size_t key_len, aad_len, len, tag_len;
	struct ike_cipher_key k;
};

static void load(struct cipher_case *c, const struct cipher_vector *v)
{
	memset(c, 0, sizeof(*c));
	c->key_len = test_hex(v->key, c->key, sizeof(c->key));
	test_hex(v->iv, c->iv, sizeof(c->iv));
	c->aad_len = test_hex(v->aad, c->aad, sizeof(c->aad));
	c->len = test_hex(v->in, c->in, sizeof(c->in));
	assert_int_equal(test_hex(v->out, c->out, sizeof(c->out)), c->len);
	c->tag_len = test_hex(v->tag, c->tag, sizeof(c->tag));
	c->k = (struct ike_cipher_key){ v->encr, c->key, c->key_len };
}

static void test_encrypt(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(cipher_vectors); i++) {
		struct cipher_case c;
		uint8_t out[128], tag[17];

		print_message("%s\n", cipher_vectors[i].name);
		load(&c, &cipher_vectors[i]);
		memset(tag, 0x77, sizeof(tag));
		assert_int_equal(ops.encrypt(ops.ctx, &c.k, c.iv, c.aad, c.aad_len, c.in, c.len, out, tag), 0);
		assert_memory_equal(out, c.out, c.len);
		assert_memory_equal(tag, c.tag, c.tag_len);
		assert_int_equal(tag[c.tag_len], 0x77);
		/* In place. */
		memcpy(out, c.in, c.len);
		assert_int_equal(ops.encrypt(ops.ctx, &c.k, c.iv, c.aad, c.aad_len, out, c.len, out, tag), 0);
		assert_memory_equal(out, c.out, c.len);
	}
}

static void test_decrypt(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(cipher_vectors); i++) {
		struct cipher_case c;
		uint8_t out[128];

		load(&c, &cipher_vectors[i]);
		assert_int_equal(ops.decrypt(ops.ctx, &c.k, c.iv, c.aad, c.aad_len, c.out, c.len, out, c.tag), 0);
		assert_memory_equal(out, c.in, c.len);
		memcpy(out, c.out, c.len);
		assert_int_equal(ops.decrypt(ops.ctx, &c.k, c.iv, c.aad, c.aad_len, out, c.len, out, c.tag), 0);
		assert_memory_equal(out, c.in, c.len);
	}
}

static void assert_refused(struct cipher_case *c)
{
	static const uint8_t zero[128];
	uint8_t out[128];

	memset(out, 0x77, sizeof(out));
	assert_int_equal(ops.decrypt(ops.ctx, &c->k, c->iv, c->aad, c->aad_len, c->out, c->len, out, c->tag),
			 -EBADMSG);
	assert_memory_equal(out, zero, c->len);
	assert_int_equal(out[c->len], 0x77);
}

/* Every single flipped bit of tag, text, IV, AAD is found, and nothing of the plaintext is left. */
static void test_forgery(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(cipher_vectors); i++) {
		struct cipher_case c;

		load(&c, &cipher_vectors[i]);
		if (!c.tag_len)
			continue;
		for (size_t bit = 0; bit < 8 * c.tag_len; bit++) {
			c.tag[bit / 8] ^= (uint8_t)(1 << bit % 8);
			assert_refused(&c);
			c.tag[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
		c.out[c.len - 1] ^= 1;
		assert_refused(&c);
		c.out[c.len - 1] ^= 1;
		c.iv[0] ^= 0x80;
		assert_refused(&c);
		c.iv[0] ^= 0x80;
		c.aad[c.aad_len - 1] ^= 1;
		assert_refused(&c);
		c.aad_len--;
		assert_refused(&c);
	}
}

static void test_bad_arguments(void **state)
{
	struct cipher_case c;
	uint8_t out[128], tag[16];

	load(&c, &cipher_vectors[0]);
	assert_int_equal(ops.encrypt(ops.ctx, &c.k, c.iv, NULL, 0, c.in, 15, out, NULL), -EINVAL);
	assert_int_equal(ops.decrypt(ops.ctx, &c.k, c.iv, NULL, 0, c.in, 17, out, NULL), -EINVAL);
	assert_int_equal(ops.encrypt(ops.ctx, &c.k, c.iv, NULL, 0, c.in, 0, out, NULL), 0);
	c.k.key_len = 17;
	assert_int_equal(ops.encrypt(ops.ctx, &c.k, c.iv, NULL, 0, c.in, 16, out, NULL), -EINVAL);
	c.k.key_len = 16;
	c.k.encr = IKE_ENCR_AES_GCM_16;		/* without its salt */
	assert_int_equal(ops.encrypt(ops.ctx, &c.k, c.iv, NULL, 0, c.in, 16, out, tag), -EINVAL);
	c.k.encr = IKE_ENCR_3DES;
	memset(out, 0x77, sizeof(out));
	assert_int_equal(ops.encrypt(ops.ctx, &c.k, c.iv, NULL, 0, c.in, 16, out, NULL), -ENOTSUP);
	assert_int_equal(out[0], 0);
	c.k.encr = IKE_ENCR_NULL;
	assert_int_equal(ops.decrypt(ops.ctx, &c.k, c.iv, NULL, 0, c.in, 16, out, NULL), -ENOTSUP);
}

/* An AEAD's empty message still has a tag; the plain CBC case above has none. */
static void test_empty_message(void **state)
{
	/* GCM specification, case 1: all zero, no text. */
	const uint8_t key[20] = { 0 }, iv[8] = { 0 };
	const struct ike_cipher_key k = { IKE_ENCR_AES_GCM_16, key, sizeof(key) };
	uint8_t want[16], tag[16];

	test_hex("58e2fccefa7e3061367f1d57a4e7455a", want, sizeof(want));
	assert_int_equal(ops.encrypt(ops.ctx, &k, iv, NULL, 0, NULL, 0, NULL, tag), 0);
	assert_memory_equal(tag, want, 16);
	assert_int_equal(ops.decrypt(ops.ctx, &k, iv, NULL, 0, NULL, 0, NULL, tag), 0);
	tag[15] ^= 1;
	assert_int_equal(ops.decrypt(ops.ctx, &k, iv, NULL, 0, NULL, 0, NULL, tag), -EBADMSG);
}

static void test_random(void **state)
{
	uint8_t a[32] = { 0 }, b[32] = { 0 };

	assert_int_equal(ops.random(ops.ctx, a, sizeof(a)), 0);
	assert_int_equal(ops.random(ops.ctx, b, sizeof(b)), 0);
	assert_memory_not_equal(a, b, sizeof(a));
}

/* The tests' table repeats itself from a seed, and is the product's otherwise. */
static void test_seeded(void **state)
{
	struct ike_ops t;
	uint8_t a[13], b[13], c[13], prf_a[32], prf_b[32];
	struct ike_iov in = { "abc", 3 };

	test_ops_open(&t, 7);
	assert_int_equal(t.random(t.ctx, a, sizeof(a)), 0);
	assert_int_equal(t.random(t.ctx, b, sizeof(b)), 0);
	test_ops_seed(&t, 7);
	assert_int_equal(t.random(t.ctx, c, sizeof(c)), 0);
	assert_memory_equal(a, c, sizeof(a));
	assert_memory_not_equal(a, b, sizeof(a));
	assert_int_equal(t.prf(t.ctx, IKE_PRF_HMAC_SHA2_256, a, sizeof(a), &in, 1, prf_a), 0);
	assert_int_equal(ops.prf(ops.ctx, IKE_PRF_HMAC_SHA2_256, a, sizeof(a), &in, 1, prf_b), 0);
	assert_memory_equal(prf_a, prf_b, 32);
	test_ops_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hash),
		cmocka_unit_test(test_prf),
		cmocka_unit_test(test_integ),
		cmocka_unit_test(test_encrypt),
		cmocka_unit_test(test_decrypt),
		cmocka_unit_test(test_forgery),
		cmocka_unit_test(test_bad_arguments),
		cmocka_unit_test(test_empty_message),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_seeded),
	};

	return cmocka_run_group_tests_name("crypto", tests, open_ops, close_ops);
}
