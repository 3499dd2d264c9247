/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The AUTH value from a pre-shared key (RFC 7296, 2.15):
 *
 *	AUTH = prf(prf(psk, "Key Pad for IKEv2"), octets)
 *
 * Runs where the keys are (viaductd[keys]); the IKE core only sees the result.
 */
#ifndef VD_CRYPTO_PSK_H
#define VD_CRYPTO_PSK_H

#include <stddef.h>
#include <stdint.h>

#include "base/secret.h"
#include "ike/ops.h"

/*
 * @octets: message | nonce | prf(SK_p, ID). @auth gets the prf's output, its length goes to *@auth_len.
 * 0, -ENOTSUP (prf), -ENOENT (@psk is empty), or what the prf returns; outputs unchanged on error.
 */
int vd_psk_sign(const struct ike_ops *ops, enum ike_prf prf, const struct vd_secret *psk,
		const struct vd_secret *octets, uint8_t auth[static IKE_PRF_MAX], uint8_t *auth_len);

/* 0 if @auth is the value for @psk and @octets, -EACCES if it is not (in constant time), else as vd_psk_sign(). */
int vd_psk_verify(const struct ike_ops *ops, enum ike_prf prf, const struct vd_secret *psk,
		  const struct vd_secret *octets, const uint8_t *auth, size_t auth_len);

#endif
