// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The product's cryptography with a seeded generator. The generator (splitmix64)
 * is for repetition, not for secrets.
 */
#include "tests/common/test_ops.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/kex.h"
#include "crypto/ops.h"

struct test_ops {
	struct ike_ops	real;
	uint64_t	state;
};

static uint64_t next(struct test_ops *t)
{
	uint64_t z = t->state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static int op_random(void *ctx, void *out, size_t len)
{
	uint8_t *p = out;

	while (len) {
		uint64_t v = next(ctx);
		size_t n = len < sizeof(v) ? len : sizeof(v);

		memcpy(p, &v, n);
		p += n;
		len -= n;
	}
	return 0;
}

static int op_hash(void *ctx, enum ike_hash hash, const struct ike_iov *in, size_t n_in, uint8_t *out)
{
	struct test_ops *t = ctx;

	return t->real.hash(t->real.ctx, hash, in, n_in, out);
}

static int op_prf(void *ctx, enum ike_prf prf, const uint8_t *key, size_t key_len,
		  const struct ike_iov *in, size_t n_in, uint8_t *out)
{
	struct test_ops *t = ctx;

	return t->real.prf(t->real.ctx, prf, key, key_len, in, n_in, out);
}

static int op_integ(void *ctx, enum ike_integ integ, const uint8_t *key, size_t key_len,
		    const struct ike_iov *in, size_t n_in, uint8_t *out)
{
	struct test_ops *t = ctx;

	return t->real.integ(t->real.ctx, integ, key, key_len, in, n_in, out);
}

static int op_encrypt(void *ctx, const struct ike_cipher_key *key, const uint8_t *iv,
		      const uint8_t *aad, size_t aad_len,
		      const uint8_t *in, size_t len, uint8_t *out, uint8_t *tag)
{
	struct test_ops *t = ctx;

	return t->real.encrypt(t->real.ctx, key, iv, aad, aad_len, in, len, out, tag);
}

static int op_decrypt(void *ctx, const struct ike_cipher_key *key, const uint8_t *iv,
		      const uint8_t *aad, size_t aad_len,
		      const uint8_t *in, size_t len, uint8_t *out, const uint8_t *tag)
{
	struct test_ops *t = ctx;

	return t->real.decrypt(t->real.ctx, key, iv, aad, aad_len, in, len, out, tag);
}

void test_ops_open(struct ike_ops *ops, uint64_t seed)
{
	struct test_ops *t = calloc(1, sizeof(*t));

	if (!t || vd_crypto_open(&t->real))
		abort();
	t->state = seed;
	*ops = (struct ike_ops){
		.ctx = t, .random = op_random, .hash = op_hash, .prf = op_prf,
		.integ = op_integ, .encrypt = op_encrypt, .decrypt = op_decrypt,
	};
}

void test_ops_close(struct ike_ops *ops)
{
	struct test_ops *t = ops->ctx;

	vd_crypto_close(&t->real);
	free(t);
	*ops = (struct ike_ops){ 0 };
}

void test_ops_seed(struct ike_ops *ops, uint64_t seed)
{
	((struct test_ops *)ops->ctx)->state = seed;
}

uint64_t test_ops_next(struct ike_ops *ops)
{
	return next(ops->ctx);
}

/*
 * The public value is the generator raised to (times) the private one, which is what deriving with the
 * generator as the peer's value yields: 2 for MODP, u = 9 and u = 5 for the curves (RFC 7748, 4).
 */
int test_ops_kex_generate(struct ike_ops *ops, enum ike_dh group, struct vd_secret *priv,
			  uint8_t pub[static IKE_DH_MAX], size_t *pub_len)
{
	size_t len = vd_kex_public_len(group), secret_len = len;
	uint8_t generator[IKE_DH_MAX] = { 0 };
	vd_auto_secret p = { 0 };
	vd_auto_secret value = { 0 };
	int err;

	if (group >= IKE_DH_ECP256 && group <= IKE_DH_ECP521)
		return -ENOTSUP;
	if (group == IKE_DH_CURVE25519 || group == IKE_DH_CURVE448) {
		generator[0] = group == IKE_DH_CURVE25519 ? 9 : 5;
	} else if (len) {
		generator[len - 1] = 2;
		secret_len = 32;
	}
	err = len ? vd_secret_alloc(&p, len) : -ENOTSUP;
	if (err)
		return err;
	op_random(ops->ctx, p.data + len - secret_len, secret_len);
	err = vd_kex_derive(group, &p, generator, len, &value);
	if (err)
		return err;
	memcpy(pub, value.data, len);
	*pub_len = len;
	vd_secret_move(priv, &p);
	return 0;
}
