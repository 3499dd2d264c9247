// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The IKE core's symmetric cryptography on OpenSSL's EVP. What a transform is to
 * OpenSSL is a row of a table; the code below the tables knows no algorithm but
 * the difference between CBC and an AEAD.
 *
 * Owner: struct crypto, behind ike_ops.ctx. No lock: one thread at a time.
 */
#include "crypto/ops.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include "base/secret.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

enum md { MD_SHA1, MD_SHA256, MD_SHA384, MD_SHA512, MD_COUNT };

static const struct {
	const char	*name;
	uint8_t		len;
} mds[MD_COUNT] = {
	[MD_SHA1]   = { "SHA1", 20 },
	[MD_SHA256] = { "SHA2-256", 32 },
	[MD_SHA384] = { "SHA2-384", 48 },
	[MD_SHA512] = { "SHA2-512", 64 },
};

/* A MAC is HMAC with a hash, or AES-128-CMAC. */
enum mac { MAC_HMAC_SHA1, MAC_HMAC_SHA256, MAC_HMAC_SHA384, MAC_HMAC_SHA512, MAC_CMAC, MAC_COUNT };

static const struct {
	const char	*mac;
	const char	*param;		/* OSSL_MAC_PARAM_DIGEST or _CIPHER */
	const char	*value;
	uint8_t		len;
} macs[MAC_COUNT] = {
	[MAC_HMAC_SHA1]   = { "HMAC", OSSL_MAC_PARAM_DIGEST, "SHA1", 20 },
	[MAC_HMAC_SHA256] = { "HMAC", OSSL_MAC_PARAM_DIGEST, "SHA2-256", 32 },
	[MAC_HMAC_SHA384] = { "HMAC", OSSL_MAC_PARAM_DIGEST, "SHA2-384", 48 },
	[MAC_HMAC_SHA512] = { "HMAC", OSSL_MAC_PARAM_DIGEST, "SHA2-512", 64 },
	[MAC_CMAC]        = { "CMAC", OSSL_MAC_PARAM_CIPHER, "AES-128-CBC", 16 },
};

#define CMAC_KEY_LEN 16
static const uint8_t zero_key[CMAC_KEY_LEN];

/* RFC 2404, RFC 4868, RFC 4494: key and ICV of the integrity transforms. */
static const struct integ_row {
	enum ike_integ	integ;
	enum mac	mac;
	uint8_t		key_len;
	uint8_t		icv_len;
} integs[] = {
	{ IKE_INTEG_HMAC_SHA1_96,	MAC_HMAC_SHA1,   20, 12 },
	{ IKE_INTEG_AES_CMAC_96,	MAC_CMAC,        16, 12 },
	{ IKE_INTEG_HMAC_SHA2_256_128,	MAC_HMAC_SHA256, 32, 16 },
	{ IKE_INTEG_HMAC_SHA2_384_192,	MAC_HMAC_SHA384, 48, 24 },
	{ IKE_INTEG_HMAC_SHA2_512_256,	MAC_HMAC_SHA512, 64, 32 },
};

/*
 * RFC 3602; RFC 4106 and RFC 5282 (salt 4, IV 8); RFC 7634 (the same shape).
 * @tag_len 0: not an AEAD, the IV on the wire is the whole IV.
 */
static const struct cipher_row {
	enum ike_encr	encr;
	uint8_t		key_len;
	uint8_t		salt_len;
	uint8_t		iv_len;
	uint8_t		tag_len;
	const char	*name;
} ciphers[] = {
	{ IKE_ENCR_AES_CBC,	16, 0, 16, 0, "AES-128-CBC" },
	{ IKE_ENCR_AES_CBC,	24, 0, 16, 0, "AES-192-CBC" },
	{ IKE_ENCR_AES_CBC,	32, 0, 16, 0, "AES-256-CBC" },
	{ IKE_ENCR_AES_GCM_8,	16, 4, 8, 8, "AES-128-GCM" },
	{ IKE_ENCR_AES_GCM_8,	24, 4, 8, 8, "AES-192-GCM" },
	{ IKE_ENCR_AES_GCM_8,	32, 4, 8, 8, "AES-256-GCM" },
	{ IKE_ENCR_AES_GCM_12,	16, 4, 8, 12, "AES-128-GCM" },
	{ IKE_ENCR_AES_GCM_12,	24, 4, 8, 12, "AES-192-GCM" },
	{ IKE_ENCR_AES_GCM_12,	32, 4, 8, 12, "AES-256-GCM" },
	{ IKE_ENCR_AES_GCM_16,	16, 4, 8, 16, "AES-128-GCM" },
	{ IKE_ENCR_AES_GCM_16,	24, 4, 8, 16, "AES-192-GCM" },
	{ IKE_ENCR_AES_GCM_16,	32, 4, 8, 16, "AES-256-GCM" },
	{ IKE_ENCR_CHACHA20_POLY1305, 32, 4, 8, 16, "ChaCha20-Poly1305" },
};

#define CBC_BLOCK 16

struct crypto {
	EVP_MD		*md[MD_COUNT];
	EVP_MAC_CTX	*mac[MAC_COUNT];	/* algorithm chosen, no real key: copied for each use */
	EVP_CIPHER	*cipher[ARRAY_SIZE(ciphers)];
	EVP_MD_CTX	*md_ctx;
	EVP_CIPHER_CTX	*cipher_ctx;
};

/* ---- randomness, hash ---- */

static int op_random(void *ctx, void *out, size_t len)
{
	(void)ctx;
	if (len <= INT_MAX && RAND_bytes(out, (int)len) == 1)
		return 0;
	vd_wipe(out, len);
	ERR_clear_error();
	return -EIO;
}

static int md_of(enum ike_hash hash)
{
	switch (hash) {
	case IKE_HASH_SHA1:
		return MD_SHA1;
	case IKE_HASH_SHA2_256:
		return MD_SHA256;
	case IKE_HASH_SHA2_384:
		return MD_SHA384;
	case IKE_HASH_SHA2_512:
		return MD_SHA512;
	case IKE_HASH_MD5:
		break;
	}
	return -ENOTSUP;
}

static int op_hash(void *ctx, enum ike_hash hash, const struct ike_iov *in, size_t n_in, uint8_t *out)
{
	struct crypto *c = ctx;
	int md = md_of(hash);
	bool ok;

	if (md < 0)
		return md;
	ok = EVP_DigestInit_ex2(c->md_ctx, c->md[md], NULL) == 1;
	for (size_t i = 0; ok && i < n_in; i++)
		ok = EVP_DigestUpdate(c->md_ctx, in[i].data, in[i].len) == 1;
	ok = ok && EVP_DigestFinal_ex(c->md_ctx, out, NULL) == 1;
	if (ok)
		return 0;
	vd_wipe(out, mds[md].len);
	ERR_clear_error();
	return -EIO;
}

/* ---- MACs ---- */

/* The whole MAC, untruncated, into @out of macs[mac].len octets. */
static int mac_all(struct crypto *c, enum mac mac, const uint8_t *key, size_t key_len,
		   const struct ike_iov *in, size_t n_in, uint8_t *out)
{
	/* OpenSSL takes a NULL key for "the key set before", even with length 0. */
	static const uint8_t no_key[1];
	EVP_MAC_CTX *m = EVP_MAC_CTX_dup(c->mac[mac]);
	size_t len = 0;
	bool ok;

	if (!m)
		return -ENOMEM;
	ok = EVP_MAC_init(m, key_len ? key : no_key, key_len, NULL) == 1;
	for (size_t i = 0; ok && i < n_in; i++)
		ok = !in[i].len || EVP_MAC_update(m, in[i].data, in[i].len) == 1;
	ok = ok && EVP_MAC_final(m, out, &len, macs[mac].len) == 1 && len == macs[mac].len;
	EVP_MAC_CTX_free(m);
	if (ok)
		return 0;
	vd_wipe(out, macs[mac].len);
	ERR_clear_error();
	return -EIO;
}

static int mac_of_prf(enum ike_prf prf)
{
	switch (prf) {
	case IKE_PRF_HMAC_SHA1:
		return MAC_HMAC_SHA1;
	case IKE_PRF_HMAC_SHA2_256:
		return MAC_HMAC_SHA256;
	case IKE_PRF_HMAC_SHA2_384:
		return MAC_HMAC_SHA384;
	case IKE_PRF_HMAC_SHA2_512:
		return MAC_HMAC_SHA512;
	case IKE_PRF_AES128_CMAC:
		return MAC_CMAC;
	case IKE_PRF_NONE:
	case IKE_PRF_HMAC_MD5:
	case IKE_PRF_AES128_XCBC:
		break;
	}
	return -ENOTSUP;
}

size_t vd_crypto_prf_len(enum ike_prf prf)
{
	int mac = mac_of_prf(prf);

	return mac < 0 ? 0 : macs[mac].len;
}

static int op_prf(void *ctx, enum ike_prf prf, const uint8_t *key, size_t key_len,
		  const struct ike_iov *in, size_t n_in, uint8_t *out)
{
	struct crypto *c = ctx;
	uint8_t k[CMAC_KEY_LEN];
	struct ike_iov key_iov = { key, key_len };
	int mac = mac_of_prf(prf), err;

	if (mac < 0)
		return mac;
	if (mac != MAC_CMAC || key_len == CMAC_KEY_LEN)
		return mac_all(c, (enum mac)mac, key, key_len, in, n_in, out);
	/* RFC 4615, 3: a key of another length is first brought to 128 bits by the MAC itself. */
	err = mac_all(c, MAC_CMAC, zero_key, sizeof(zero_key), &key_iov, 1, k);
	if (!err)
		err = mac_all(c, MAC_CMAC, k, sizeof(k), in, n_in, out);
	else
		vd_wipe(out, macs[mac].len);
	vd_wipe(k, sizeof(k));
	return err;
}

static int op_integ(void *ctx, enum ike_integ integ, const uint8_t *key, size_t key_len,
		    const struct ike_iov *in, size_t n_in, uint8_t *out)
{
	const struct integ_row *row = NULL;
	uint8_t full[IKE_PRF_MAX];
	int err;

	for (size_t i = 0; i < ARRAY_SIZE(integs); i++)
		if (integs[i].integ == integ)
			row = &integs[i];
	if (!row)
		return -ENOTSUP;
	err = key_len == row->key_len ? mac_all(ctx, row->mac, key, key_len, in, n_in, full) : -EINVAL;
	if (err)
		vd_wipe(out, row->icv_len);
	else
		memcpy(out, full, row->icv_len);
	vd_wipe(full, sizeof(full));
	return err;
}

/* ---- ciphers ---- */

/* The index of the row, or -ENOTSUP; -EINVAL if only the key's length is wrong. */
static int find_cipher(const struct ike_cipher_key *key)
{
	int err = -ENOTSUP;

	for (size_t i = 0; i < ARRAY_SIZE(ciphers); i++) {
		if (ciphers[i].encr != key->encr)
			continue;
		if (key->key_len == (size_t)ciphers[i].key_len + ciphers[i].salt_len)
			return (int)i;
		err = -EINVAL;
	}
	return err;
}

/* Key and nonce into the context. The nonce of an AEAD is salt | IV (RFC 5282, 4; RFC 7634, 2). */
static bool cipher_start(struct crypto *c, int index, const struct ike_cipher_key *key,
			 const uint8_t *iv, int encrypt)
{
	const struct cipher_row *row = &ciphers[index];
	uint8_t nonce[CBC_BLOCK];

	memcpy(nonce, key->key + row->key_len, row->salt_len);
	memcpy(nonce + row->salt_len, iv, row->iv_len);
	return EVP_CIPHER_CTX_reset(c->cipher_ctx) == 1 &&
	       EVP_CipherInit_ex2(c->cipher_ctx, c->cipher[index], key->key, nonce, encrypt, NULL) == 1 &&
	       EVP_CIPHER_CTX_set_padding(c->cipher_ctx, 0) == 1;
}

static bool cipher_run(struct crypto *c, const uint8_t *aad, size_t aad_len,
		       const uint8_t *in, size_t len, uint8_t *out)
{
	int n = 0;

	if (aad_len && EVP_CipherUpdate(c->cipher_ctx, NULL, &n, aad, (int)aad_len) != 1)
		return false;
	n = 0;
	if (len && EVP_CipherUpdate(c->cipher_ctx, out, &n, in, (int)len) != 1)
		return false;
	return n == (int)len;
}

static bool cipher_final(struct crypto *c)
{
	/* Neither kind of mode has anything left to give here, but OpenSSL wants a place for it. */
	uint8_t none[CBC_BLOCK];
	int n = 0;

	return EVP_CipherFinal_ex(c->cipher_ctx, none, &n) == 1 && n == 0;
}

static bool lengths_ok(const struct cipher_row *row, size_t aad_len, size_t len)
{
	if (len > INT_MAX || aad_len > INT_MAX)
		return false;
	return row->tag_len || len % CBC_BLOCK == 0;
}

static int op_encrypt(void *ctx, const struct ike_cipher_key *key, const uint8_t *iv,
		      const uint8_t *aad, size_t aad_len,
		      const uint8_t *in, size_t len, uint8_t *out, uint8_t *tag)
{
	struct crypto *c = ctx;
	int index = find_cipher(key), err = -EIO;
	const struct cipher_row *row;

	if (index < 0) {
		vd_wipe(out, len);
		return index;
	}
	row = &ciphers[index];
	if (!lengths_ok(row, aad_len, len))
		err = -EINVAL;
	else if (cipher_start(c, index, key, iv, 1) &&
		 cipher_run(c, row->tag_len ? aad : NULL, row->tag_len ? aad_len : 0, in, len, out) &&
		 cipher_final(c) &&
		 (!row->tag_len || EVP_CIPHER_CTX_ctrl(c->cipher_ctx, EVP_CTRL_AEAD_GET_TAG,
						       row->tag_len, tag) == 1))
		err = 0;
	if (err) {
		vd_wipe(out, len);
		vd_wipe(tag, row->tag_len);
		ERR_clear_error();
	}
	EVP_CIPHER_CTX_reset(c->cipher_ctx);
	return err;
}

static int op_decrypt(void *ctx, const struct ike_cipher_key *key, const uint8_t *iv,
		      const uint8_t *aad, size_t aad_len,
		      const uint8_t *in, size_t len, uint8_t *out, const uint8_t *tag)
{
	struct crypto *c = ctx;
	int index = find_cipher(key), err = -EIO;
	uint8_t expected[IKE_ICV_MAX];
	const struct cipher_row *row;

	if (index < 0) {
		vd_wipe(out, len);
		return index;
	}
	row = &ciphers[index];
	if (!lengths_ok(row, aad_len, len)) {
		err = -EINVAL;
	} else if (cipher_start(c, index, key, iv, 0)) {
		bool ok = true;

		if (row->tag_len) {
			/* OpenSSL takes the tag to compare with as not const. */
			memcpy(expected, tag, row->tag_len);
			ok = EVP_CIPHER_CTX_ctrl(c->cipher_ctx, EVP_CTRL_AEAD_SET_TAG,
						 row->tag_len, expected) == 1;
		}
		ok = ok && cipher_run(c, row->tag_len ? aad : NULL, row->tag_len ? aad_len : 0,
				      in, len, out);
		if (ok)
			err = cipher_final(c) ? 0 : row->tag_len ? -EBADMSG : -EIO;
	}
	if (err) {
		vd_wipe(out, len);
		ERR_clear_error();
	}
	EVP_CIPHER_CTX_reset(c->cipher_ctx);
	return err;
}

/* ---- opening and closing ---- */

static void crypto_free(struct crypto *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < MD_COUNT; i++)
		EVP_MD_free(c->md[i]);
	for (size_t i = 0; i < MAC_COUNT; i++)
		EVP_MAC_CTX_free(c->mac[i]);
	for (size_t i = 0; i < ARRAY_SIZE(ciphers); i++)
		EVP_CIPHER_free(c->cipher[i]);
	EVP_MD_CTX_free(c->md_ctx);
	EVP_CIPHER_CTX_free(c->cipher_ctx);
	free(c);
}

static EVP_MAC_CTX *fetch_mac(enum mac mac)
{
	EVP_MAC *alg = EVP_MAC_fetch(NULL, macs[mac].mac, NULL);
	EVP_MAC_CTX *m = alg ? EVP_MAC_CTX_new(alg) : NULL;
	OSSL_PARAM params[2] = { OSSL_PARAM_construct_end(), OSSL_PARAM_construct_end() };

	/* The parameter is only read, whatever its type says. */
	params[0] = OSSL_PARAM_construct_utf8_string(macs[mac].param, (char *)macs[mac].value, 0);
	/* A key of zeros, since OpenSSL copies no CMAC context that never had one. */
	if (m && EVP_MAC_init(m, zero_key, sizeof(zero_key), params) != 1) {
		EVP_MAC_CTX_free(m);
		m = NULL;
	}
	EVP_MAC_free(alg);
	return m;
}

static bool fetch_all(struct crypto *c)
{
	bool ok = true;

	for (size_t i = 0; i < MD_COUNT; i++)
		ok = (c->md[i] = EVP_MD_fetch(NULL, mds[i].name, NULL)) && ok;
	for (size_t i = 0; i < MAC_COUNT; i++)
		ok = (c->mac[i] = fetch_mac((enum mac)i)) && ok;
	for (size_t i = 0; i < ARRAY_SIZE(ciphers); i++)
		ok = (c->cipher[i] = EVP_CIPHER_fetch(NULL, ciphers[i].name, NULL)) && ok;
	return ok;
}

int vd_crypto_open(struct ike_ops *ops)
{
	struct crypto *c = calloc(1, sizeof(*c));
	int err = -ENOMEM;

	if (!c)
		return err;
	c->md_ctx = EVP_MD_CTX_new();
	c->cipher_ctx = EVP_CIPHER_CTX_new();
	if (!c->md_ctx || !c->cipher_ctx)
		goto fail;
	err = -ENOTSUP;
	if (!fetch_all(c))
		goto fail;
	*ops = (struct ike_ops){
		.ctx = c, .random = op_random, .hash = op_hash, .prf = op_prf,
		.integ = op_integ, .encrypt = op_encrypt, .decrypt = op_decrypt,
	};
	return 0;
fail:
	ERR_clear_error();
	crypto_free(c);
	return err;
}

void vd_crypto_close(struct ike_ops *ops)
{
	crypto_free(ops->ctx);
	*ops = (struct ike_ops){ 0 };
}
