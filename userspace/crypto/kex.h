/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Key exchange (RFC 7296, 3.4): MODP groups 14-18 (RFC 3526), ECP groups 19-21
 * (RFC 5903), Curve25519 and Curve448 (RFC 8031). Values are as on the wire:
 * MODP padded to the modulus, ECP x|y without a prefix, Curve25519/448 little-endian.
 *
 * Slow: tens of microseconds to tens of milliseconds. May run in any thread.
 */
#ifndef VD_CRYPTO_KEX_H
#define VD_CRYPTO_KEX_H

#include <stddef.h>
#include <stdint.h>

#include "base/secret.h"
#include "ike/transform.h"

/* Octets of the public value of @group on the wire, 0 if we can't do the group. */
size_t vd_kex_public_len(enum ike_dh group);

/*
 * Makes a fresh pair. @priv: opaque, to be given to vd_kex_derive() by any process.
 * @pub: the public value, its length in *@pub_len.
 * 0, -ENOTSUP (group), -ENOMEM, -EIO; outputs unchanged on error.
 */
int vd_kex_generate(enum ike_dh group, struct vd_secret *priv,
		    uint8_t pub[static IKE_DH_MAX], size_t *pub_len);

/*
 * The shared secret of @priv and the peer's public value: g^ir (RFC 7296, 2.14), MODP padded
 * to the modulus, ECP the x coordinate only.
 *
 * The peer's value is checked (RFC 6989): its length; MODP 1 < y < p-1; ECP on the curve;
 * Curve25519/448 no all-zero result (RFC 8031, 2.2). -EBADMSG if it fails.
 * 0, -EBADMSG, -EINVAL (@priv is not of this group), -ENOTSUP, -ENOMEM, -EIO; @shared unchanged on error.
 */
int vd_kex_derive(enum ike_dh group, const struct vd_secret *priv,
		  const uint8_t *peer, size_t peer_len, struct vd_secret *shared);

#endif
