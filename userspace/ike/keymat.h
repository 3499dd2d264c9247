/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keying material of IKEv2 (RFC 7296, 2.13 to 2.18). Pure functions of their
 * arguments; all results are secret and belong to the caller.
 *
 * Each returns 0 or a negative errno with its output untouched or wiped.
 */
#ifndef IKE_KEYMAT_H
#define IKE_KEYMAT_H

#include "base/secret.h"
#include "ike/ops.h"
#include "ike/wire/encrypted.h"
#include "ike/wire/payload.h"

/* The keys of an IKE SA (2.14). "i" is the original initiator's direction. */
struct ike_sa_keys {
	struct vd_key		d;	/* SK_d */
	struct vd_key		pi, pr;
	struct ike_sk_keys	i, r;	/* SK_ai SK_ei, SK_ar SK_er */
};
void ike_sa_keys_wipe(struct ike_sa_keys *k);

/* prf+ (2.13): @len octets to @out, at most 255 blocks. */
int ike_prf_plus(const struct ike_ops *ops, enum ike_prf prf, const struct vd_key *key,
		 const struct ike_iov *seed, size_t n_seed, uint8_t *out, size_t len);

/* SKEYSEED = prf(Ni | Nr, g^ir) (2.14). */
int ike_keymat_skeyseed(const struct ike_ops *ops, enum ike_prf prf, const struct ike_nonce *ni,
			const struct ike_nonce *nr, const struct vd_secret *shared,
			struct vd_key *out);
/* SKEYSEED of a rekeyed IKE SA (2.18): prf(SK_d (old), g^ir (new) | Ni | Nr), with the old SA's prf. */
int ike_keymat_skeyseed_rekey(const struct ike_ops *ops, enum ike_prf old_prf,
			      const struct vd_key *old_d, const struct ike_nonce *ni,
			      const struct ike_nonce *nr, const struct vd_secret *shared,
			      struct vd_key *out);
/* SK_d, SK_ai, SK_ar, SK_ei, SK_er, SK_pi, SK_pr (2.14). The SPIs are in the form of struct ike_header. */
int ike_keymat_sa(const struct ike_ops *ops, const struct ike_suite *suite,
		  const struct vd_key *skeyseed, const struct ike_nonce *ni,
		  const struct ike_nonce *nr, uint64_t spi_i, uint64_t spi_r,
		  struct ike_sa_keys *out);

/* The keys of a pair of child SAs (2.17): "i" carries data from the exchange's initiator to its responder. */
struct ike_child_keys {
	struct vd_key	encr_i, integ_i;
	struct vd_key	encr_r, integ_r;
};
void ike_child_keys_wipe(struct ike_child_keys *k);
/* KEYMAT = prf+(SK_d, [g^ir |] Ni | Nr). @shared is empty without PFS. */
int ike_keymat_child(const struct ike_ops *ops, enum ike_prf prf, const struct vd_key *sk_d,
		     const struct ike_suite *suite, const struct vd_secret *shared,
		     const struct ike_nonce *ni, const struct ike_nonce *nr,
		     struct ike_child_keys *out);

/* What AUTH is computed over (2.15): message | nonce | prf(SK_p, ID body). Replaces @out. */
int ike_keymat_auth_octets(const struct ike_ops *ops, enum ike_prf prf, const struct vd_key *sk_p,
			   const struct vd_secret *message, const struct ike_nonce *nonce,
			   const uint8_t *id_body, size_t id_len, struct vd_secret *out);

#endif
