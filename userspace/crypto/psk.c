// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * AUTH from a pre-shared key, RFC 7296, 2.15.
 */
#include "crypto/psk.h"

#include <errno.h>
#include <string.h>

#include "crypto/ops.h"

/* 17 characters, no terminator (RFC 7296, 2.15). */
static const char key_pad[] = "Key Pad for IKEv2";

int vd_psk_sign(const struct ike_ops *ops, enum ike_prf prf, const struct vd_secret *psk,
		const struct vd_secret *octets, uint8_t auth[static IKE_PRF_MAX], uint8_t *auth_len)
{
	struct ike_iov pad = { key_pad, sizeof(key_pad) - 1 };
	struct ike_iov msg = { octets->data, octets->len };
	uint8_t key[IKE_PRF_MAX], value[IKE_PRF_MAX];
	size_t len = vd_crypto_prf_len(prf);
	int err;

	if (!len)
		return -ENOTSUP;
	if (!psk->len)
		return -ENOENT;
	err = ops->prf(ops->ctx, prf, psk->data, psk->len, &pad, 1, key);
	if (!err)
		err = ops->prf(ops->ctx, prf, key, len, &msg, 1, value);
	if (!err) {
		memcpy(auth, value, len);
		*auth_len = (uint8_t)len;
	}
	vd_wipe(key, sizeof(key));
	vd_wipe(value, sizeof(value));
	return err;
}

int vd_psk_verify(const struct ike_ops *ops, enum ike_prf prf, const struct vd_secret *psk,
		  const struct vd_secret *octets, const uint8_t *auth, size_t auth_len)
{
	uint8_t ours[IKE_PRF_MAX], ours_len;
	int err = vd_psk_sign(ops, prf, psk, octets, ours, &ours_len);

	if (err)
		return err;
	/* The length is no secret: the prf was negotiated in the clear. */
	if (auth_len != ours_len || !vd_equal_ct(ours, auth, auth_len))
		err = -EACCES;
	vd_wipe(ours, sizeof(ours));
	return err;
}
