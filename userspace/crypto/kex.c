// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Key exchange on OpenSSL's EVP. Three families, each with its own way to make a
 * key from octets; generating and deriving are common.
 *
 * The private blob is the private number, big-endian and padded (Curve25519/448: as RFC 7748
 * has it), so that it names no process and no OpenSSL object.
 */
#include "crypto/kex.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/dh.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

enum family { MODP, ECP, CURVE };

static const struct group {
	enum ike_dh	dh;
	enum family	family;
	const char	*name;		/* OpenSSL's */
	uint16_t	pub_len;	/* on the wire */
	uint16_t	secret_len;
} groups[] = {
	{ IKE_DH_MODP2048,	MODP,	"modp_2048",	256,	256 },
	{ IKE_DH_MODP3072,	MODP,	"modp_3072",	384,	384 },
	{ IKE_DH_MODP4096,	MODP,	"modp_4096",	512,	512 },
	{ IKE_DH_MODP6144,	MODP,	"modp_6144",	768,	768 },
	{ IKE_DH_MODP8192,	MODP,	"modp_8192",	1024,	1024 },
	{ IKE_DH_ECP256,	ECP,	"P-256",	64,	32 },
	{ IKE_DH_ECP384,	ECP,	"P-384",	96,	48 },
	{ IKE_DH_ECP521,	ECP,	"P-521",	132,	66 },
	{ IKE_DH_CURVE25519,	CURVE,	"X25519",	32,	32 },
	{ IKE_DH_CURVE448,	CURVE,	"X448",		56,	56 },
};

static const struct group *find_group(enum ike_dh dh)
{
	for (size_t i = 0; i < ARRAY_SIZE(groups); i++)
		if (groups[i].dh == dh)
			return &groups[i];
	return NULL;
}

size_t vd_kex_public_len(enum ike_dh dh)
{
	const struct group *g = find_group(dh);

	return g ? g->pub_len : 0;
}

static const char *type_name(const struct group *g)
{
	switch (g->family) {
	case MODP:
		return "DH";
	case ECP:
		return "EC";
	case CURVE:
		break;
	}
	return g->name;
}

/* Octets of the private blob. */
static size_t priv_len_of(const struct group *g)
{
	return g->family == ECP ? g->pub_len / 2u : g->pub_len;
}

/* ---- keys from octets ---- */

/*
 * A key of a named group from a private number, a public value in OpenSSL's encoding, or both
 * (NULL: absent). OpenSSL checks on import that a point lies on its curve.
 */
static EVP_PKEY *import_named(const struct group *g, const BIGNUM *priv, const BIGNUM *pub_number,
			      const uint8_t *point, size_t point_len)
{
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type_name(g), NULL);
	OSSL_PARAM *params = NULL;
	EVP_PKEY *key = NULL;

	if (!bld || !ctx ||
	    !OSSL_PARAM_BLD_push_utf8_string(bld, OSSL_PKEY_PARAM_GROUP_NAME, g->name, 0) ||
	    (priv && !OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_PRIV_KEY, priv)) ||
	    (pub_number && !OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_PUB_KEY, pub_number)) ||
	    (point && !OSSL_PARAM_BLD_push_octet_string(bld, OSSL_PKEY_PARAM_PUB_KEY, point, point_len)))
		goto out;
	params = OSSL_PARAM_BLD_to_param(bld);
	if (!params || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &key, priv ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, params) != 1)
		key = NULL;
out:
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(bld);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

static EVP_PKEY *import_private(const struct group *g, const struct vd_secret *priv)
{
	EVP_PKEY *key = NULL;
	BIGNUM *n;

	if (g->family == CURVE)
		return EVP_PKEY_new_raw_private_key_ex(NULL, g->name, NULL, priv->data, priv->len);
	n = BN_secure_new();
	if (n && BN_bin2bn(priv->data, (int)priv->len, n)) {
		BN_set_flags(n, BN_FLG_CONSTTIME);
		key = import_named(g, n, NULL, NULL, 0);
	}
	BN_clear_free(n);
	return key;
}

/* A group without a key, to learn its modulus. */
static EVP_PKEY *group_params(const struct group *g)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "DH", NULL);
	OSSL_PARAM params[2];
	EVP_PKEY *key = NULL;

	params[0] = OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, (char *)g->name, 0);
	params[1] = OSSL_PARAM_construct_end();
	if (!ctx || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_KEY_PARAMETERS, params) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(ctx);
	return key;
}

/*
 * 1 < y < p - 1 (RFC 6989, 2.1). With these safe primes that leaves no element of small order.
 * 0, -EBADMSG, or -EIO.
 */
static int check_range(const struct group *g, const BIGNUM *y)
{
	EVP_PKEY *params = group_params(g);
	BIGNUM *p = NULL;
	int err = -EIO;

	if (!params || EVP_PKEY_get_bn_param(params, OSSL_PKEY_PARAM_FFC_P, &p) != 1 ||
	    !BN_sub_word(p, 1))
		goto out;
	err = BN_is_zero(y) || BN_is_one(y) || BN_cmp(y, p) >= 0 ? -EBADMSG : 0;
out:
	BN_free(p);
	EVP_PKEY_free(params);
	return err;
}

static int import_modp_public(const struct group *g, const uint8_t *pub, EVP_PKEY **key)
{
	BIGNUM *y = BN_bin2bn(pub, g->pub_len, NULL);
	int err = y ? check_range(g, y) : -ENOMEM;

	if (!err) {
		*key = import_named(g, NULL, y, NULL, 0);
		err = *key ? 0 : -EIO;
	}
	BN_free(y);
	return err;
}

static int import_public(const struct group *g, const uint8_t *pub, EVP_PKEY **key)
{
	uint8_t point[1 + 132];

	switch (g->family) {
	case MODP:
		return import_modp_public(g, pub, key);
	case ECP:
		/* RFC 5903, 7: x | y on the wire; OpenSSL wants SEC 1's uncompressed form. */
		point[0] = 4;
		memcpy(point + 1, pub, g->pub_len);
		*key = import_named(g, NULL, NULL, point, 1u + g->pub_len);
		return *key ? 0 : -EBADMSG;
	case CURVE:
		*key = EVP_PKEY_new_raw_public_key_ex(NULL, g->name, NULL, pub, g->pub_len);
		return *key ? 0 : -EIO;
	}
	return -ENOTSUP;
}

/* ---- octets from keys ---- */

static int export_private(const struct group *g, const EVP_PKEY *key, struct vd_secret *priv)
{
	size_t len = priv_len_of(g);
	vd_auto_secret s = { 0 };
	BIGNUM *n = NULL;
	int err = vd_secret_alloc(&s, len);

	if (err)
		return err;
	if (g->family == CURVE)
		err = EVP_PKEY_get_raw_private_key(key, s.data, &len) == 1 ? 0 : -EIO;
	else if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PRIV_KEY, &n) != 1 ||
		 BN_bn2binpad(n, s.data, (int)len) < 0)
		err = -EIO;
	BN_clear_free(n);
	if (!err)
		vd_secret_move(priv, &s);
	return err;
}

static int export_ecp_public(const struct group *g, const EVP_PKEY *key, uint8_t *pub)
{
	BIGNUM *x = NULL, *y = NULL;
	int half = g->pub_len / 2, err = 0;

	if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_EC_PUB_X, &x) != 1 ||
	    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_EC_PUB_Y, &y) != 1 ||
	    BN_bn2binpad(x, pub, half) < 0 || BN_bn2binpad(y, pub + half, half) < 0)
		err = -EIO;
	BN_free(x);
	BN_free(y);
	return err;
}

static int export_public(const struct group *g, const EVP_PKEY *key, uint8_t *pub)
{
	size_t len = g->pub_len;
	BIGNUM *n = NULL;
	int err = 0;

	switch (g->family) {
	case MODP:
		if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PUB_KEY, &n) != 1 ||
		    BN_bn2binpad(n, pub, g->pub_len) < 0)
			err = -EIO;
		BN_free(n);
		return err;
	case ECP:
		return export_ecp_public(g, key, pub);
	case CURVE:
		return EVP_PKEY_get_raw_public_key(key, pub, &len) == 1 ? 0 : -EIO;
	}
	return -ENOTSUP;
}

/* ---- the two operations ---- */

static EVP_PKEY *generate(const struct group *g)
{
	if (g->family == CURVE)
		return EVP_PKEY_Q_keygen(NULL, NULL, g->name);
	if (g->family == ECP)
		return EVP_PKEY_Q_keygen(NULL, NULL, "EC", g->name);

	EVP_PKEY *params = group_params(g), *key = NULL;
	EVP_PKEY_CTX *ctx = params ? EVP_PKEY_CTX_new_from_pkey(NULL, params, NULL) : NULL;

	if (!ctx || EVP_PKEY_keygen_init(ctx) != 1 || EVP_PKEY_generate(ctx, &key) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(params);
	return key;
}

int vd_kex_generate(enum ike_dh dh, struct vd_secret *priv,
		    uint8_t pub[static IKE_DH_MAX], size_t *pub_len)
{
	const struct group *g = find_group(dh);
	uint8_t value[IKE_DH_MAX];
	EVP_PKEY *key;
	int err;

	if (!g)
		return -ENOTSUP;
	key = generate(g);
	err = key ? export_public(g, key, value) : -EIO;
	if (!err)
		err = export_private(g, key, priv);
	EVP_PKEY_free(key);
	if (err) {
		ERR_clear_error();
		return err;
	}
	memcpy(pub, value, g->pub_len);
	*pub_len = g->pub_len;
	return 0;
}

static bool is_zero_ct(const uint8_t *p, size_t n)
{
	uint8_t any = 0;

	for (size_t i = 0; i < n; i++)
		any |= p[i];
	return any == 0;
}

static int derive(const struct group *g, EVP_PKEY *ours, EVP_PKEY *theirs, struct vd_secret *shared)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, ours, NULL);
	vd_auto_secret s = { 0 };
	size_t len = g->secret_len;
	int err = vd_secret_alloc(&s, len);

	if (err)
		goto out;
	err = -EIO;
	/* Validated on import already; OpenSSL's own check of MODP would cost a second exponentiation. */
	if (!ctx || EVP_PKEY_derive_init(ctx) != 1 ||
	    (g->family == MODP && EVP_PKEY_CTX_set_dh_pad(ctx, 1) != 1) ||
	    EVP_PKEY_derive_set_peer_ex(ctx, theirs, g->family == ECP) != 1)
		goto out;
	/* The only input left that can make it fail is the peer's value: RFC 8031, 2.2 for Curve25519/448. */
	err = -EBADMSG;
	if (EVP_PKEY_derive(ctx, s.data, &len) != 1 || len != g->secret_len ||
	    is_zero_ct(s.data, s.len))
		goto out;
	err = 0;
	vd_secret_move(shared, &s);
out:
	EVP_PKEY_CTX_free(ctx);
	return err;
}

int vd_kex_derive(enum ike_dh dh, const struct vd_secret *priv,
		  const uint8_t *peer, size_t peer_len, struct vd_secret *shared)
{
	const struct group *g = find_group(dh);
	EVP_PKEY *ours = NULL, *theirs = NULL;
	int err;

	if (!g)
		return -ENOTSUP;
	if (priv->len != priv_len_of(g))
		return -EINVAL;
	if (peer_len != g->pub_len)
		return -EBADMSG;
	err = import_public(g, peer, &theirs);
	if (err)
		goto out;
	ours = import_private(g, priv);
	err = ours ? derive(g, ours, theirs, shared) : -EINVAL;
out:
	EVP_PKEY_free(ours);
	EVP_PKEY_free(theirs);
	if (err)
		ERR_clear_error();
	return err;
}
