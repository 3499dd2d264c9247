// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Keying material of IKEv2: RFC 7296, 2.13 to 2.18.
 */
#include "ike/keymat.h"

#include <errno.h>
#include <string.h>

#include "ike/proposal.h"

static const struct ike_transform_info *prf_info(enum ike_prf prf)
{
	return ike_transform_info(IKE_T_PRF, prf, 0);
}

static void store_u64(uint8_t out[static 8], uint64_t v)
{
	struct vd_writer w = vd_writer_init(out, 8);

	vd_put_u64(&w, v);
}

void ike_sa_keys_wipe(struct ike_sa_keys *k)
{
	vd_wipe(k, sizeof(*k));
}

void ike_child_keys_wipe(struct ike_child_keys *k)
{
	vd_wipe(k, sizeof(*k));
}

#define PRF_SEED_MAX 6

int ike_prf_plus(const struct ike_ops *ops, enum ike_prf prf, const struct vd_key *key,
		 const struct ike_iov *seed, size_t n_seed, uint8_t *out, size_t len)
{
	const struct ike_transform_info *info = prf_info(prf);
	struct ike_iov in[PRF_SEED_MAX + 2];
	uint8_t t[IKE_PRF_MAX];
	uint8_t count = 0;
	size_t done = 0;
	int err = 0;

	if (!info || n_seed > PRF_SEED_MAX || len > 255u * info->icv_len)
		return -EINVAL;
	while (done < len) {
		size_t n = 0, take = len - done < info->icv_len ? len - done : info->icv_len;

		/* T1 = prf (K, S | 0x01), Tn = prf (K, Tn-1 | S | n) */
		if (count++)
			in[n++] = (struct ike_iov){ t, info->icv_len };
		for (size_t i = 0; i < n_seed; i++)
			in[n++] = seed[i];
		in[n++] = (struct ike_iov){ &count, 1 };
		err = ops->prf(ops->ctx, prf, key->data, key->len, in, n, t);
		if (err)
			break;
		memcpy(out + done, t, take);
		done += take;
	}
	vd_wipe(t, sizeof(t));
	if (err)
		vd_wipe(out, len);
	return err;
}

int ike_keymat_skeyseed(const struct ike_ops *ops, enum ike_prf prf, const struct ike_nonce *ni,
			const struct ike_nonce *nr, const struct vd_secret *shared,
			struct vd_key *out)
{
	const struct ike_transform_info *info = prf_info(prf);
	struct ike_iov in = { shared->data, shared->len };
	uint8_t key[2 * IKE_NONCE_MAX];
	size_t li = ni->len, lr = nr->len;
	int err;

	if (!info)
		return -ENOTSUP;
	/* 2.14: of these two only the first 64 bits of each nonce. */
	if (prf == IKE_PRF_AES128_XCBC || prf == IKE_PRF_AES128_CMAC)
		li = lr = 8;
	memcpy(key, ni->data, li);
	memcpy(key + li, nr->data, lr);
	err = ops->prf(ops->ctx, prf, key, li + lr, &in, 1, out->data);
	out->len = err ? 0 : (uint8_t)info->icv_len;
	return err;
}

int ike_keymat_skeyseed_rekey(const struct ike_ops *ops, enum ike_prf old_prf,
			      const struct vd_key *old_d, const struct ike_nonce *ni,
			      const struct ike_nonce *nr, const struct vd_secret *shared,
			      struct vd_key *out)
{
	const struct ike_transform_info *info = prf_info(old_prf);
	struct ike_iov in[] = {
		{ shared->data, shared->len }, { ni->data, ni->len }, { nr->data, nr->len },
	};
	int err;

	if (!info)
		return -ENOTSUP;
	err = ops->prf(ops->ctx, old_prf, old_d->data, old_d->len, in, 3, out->data);
	out->len = err ? 0 : (uint8_t)info->icv_len;
	return err;
}

/* Cuts keys off a block of keying material, in order. */
static void take(struct vd_key *k, const uint8_t **at, size_t len)
{
	memcpy(k->data, *at, len);
	k->len = (uint8_t)len;
	*at += len;
}

struct key_sizes {
	size_t	encr;	/* with the salt */
	size_t	integ;
};

static int sizes_of(const struct ike_suite *suite, struct key_sizes *s)
{
	const struct ike_transform_info *encr, *integ;

	*s = (struct key_sizes){ 0 };
	if (suite->encr != IKE_ENCR_NONE) {
		encr = ike_transform_info(IKE_T_ENCR, suite->encr, suite->encr_key_bits);
		if (!encr)
			return -ENOTSUP;
		s->encr = (size_t)encr->key_len + encr->salt_len;
	}
	if (suite->integ != IKE_INTEG_NONE) {
		integ = ike_transform_info(IKE_T_INTEG, suite->integ, 0);
		if (!integ)
			return -ENOTSUP;
		s->integ = integ->key_len;
	}
	return s->encr > VD_KEY_MAX || s->integ > VD_KEY_MAX ? -ENOTSUP : 0;
}

int ike_keymat_sa(const struct ike_ops *ops, const struct ike_suite *suite,
		  const struct vd_key *skeyseed, const struct ike_nonce *ni,
		  const struct ike_nonce *nr, uint64_t spi_i, uint64_t spi_r,
		  struct ike_sa_keys *out)
{
	const struct ike_transform_info *prf = prf_info(suite->prf);
	uint8_t block[3 * IKE_PRF_MAX + 4 * VD_KEY_MAX], spis[16];
	struct ike_iov seed[] = {
		{ ni->data, ni->len }, { nr->data, nr->len }, { spis, sizeof(spis) },
	};
	const uint8_t *at = block;
	struct key_sizes s;
	size_t len;
	int err = sizes_of(suite, &s);

	if (err)
		return err;
	if (!prf)
		return -ENOTSUP;
	store_u64(spis, spi_i);
	store_u64(spis + 8, spi_r);
	len = 3 * (size_t)prf->key_len + 2 * (s.encr + s.integ);
	err = ike_prf_plus(ops, suite->prf, skeyseed, seed, 3, block, len);
	if (err)
		return err;
	ike_sk_keys_init(&out->i, suite);
	ike_sk_keys_init(&out->r, suite);
	take(&out->d, &at, prf->key_len);
	take(&out->i.integ_key, &at, s.integ);
	take(&out->r.integ_key, &at, s.integ);
	take(&out->i.encr_key, &at, s.encr);
	take(&out->r.encr_key, &at, s.encr);
	take(&out->pi, &at, prf->key_len);
	take(&out->pr, &at, prf->key_len);
	vd_wipe(block, sizeof(block));
	return 0;
}

int ike_keymat_child(const struct ike_ops *ops, enum ike_prf prf, const struct vd_key *sk_d,
		     const struct ike_suite *suite, const struct vd_secret *shared,
		     const struct ike_nonce *ni, const struct ike_nonce *nr,
		     struct ike_child_keys *out)
{
	uint8_t block[4 * VD_KEY_MAX];
	struct ike_iov seed[] = {
		{ shared->data, shared->len }, { ni->data, ni->len }, { nr->data, nr->len },
	};
	size_t skip = shared->len ? 0 : 1;
	const uint8_t *at = block;
	struct key_sizes s;
	int err = sizes_of(suite, &s);

	if (err)
		return err;
	err = ike_prf_plus(ops, prf, sk_d, seed + skip, 3 - skip, block, 2 * (s.encr + s.integ));
	if (err)
		return err;
	/* 2.17: initiator to responder first; encryption before integrity. */
	take(&out->encr_i, &at, s.encr);
	take(&out->integ_i, &at, s.integ);
	take(&out->encr_r, &at, s.encr);
	take(&out->integ_r, &at, s.integ);
	vd_wipe(block, sizeof(block));
	return 0;
}

int ike_keymat_auth_octets(const struct ike_ops *ops, enum ike_prf prf, const struct vd_key *sk_p,
			   const struct vd_secret *message, const struct ike_nonce *nonce,
			   const uint8_t *id_body, size_t id_len, struct vd_secret *out)
{
	const struct ike_transform_info *info = prf_info(prf);
	struct ike_iov id = { id_body, id_len };
	vd_auto_secret octets = { 0 };
	struct vd_writer w;
	uint8_t mac[IKE_PRF_MAX];
	int err;

	if (!info)
		return -ENOTSUP;
	err = ops->prf(ops->ctx, prf, sk_p->data, sk_p->len, &id, 1, mac);
	if (!err)
		err = vd_secret_alloc(&octets, message->len + nonce->len + info->icv_len);
	if (err)
		return err;
	w = vd_writer_init(octets.data, octets.len);
	vd_put_bytes(&w, message->data, message->len);
	vd_put_bytes(&w, nonce->data, nonce->len);
	vd_put_bytes(&w, mac, info->icv_len);
	vd_secret_free(out);
	vd_secret_move(out, &octets);
	return 0;
}
