/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The IKE core's table of symmetric cryptography and randomness (ike/ops.h),
 * filled with OpenSSL 3. Every algorithm is fetched once, at vd_crypto_open().
 *
 * Encryption: AES-CBC, AES-GCM (8, 12, 16), ChaCha20-Poly1305. Integrity: HMAC with SHA-1,
 * SHA-2, AES-CMAC. PRF: HMAC with SHA-1, SHA-2, AES-CMAC. All else is -ENOTSUP.
 */
#ifndef VD_CRYPTO_OPS_H
#define VD_CRYPTO_OPS_H

#include "ike/ops.h"

/*
 * Fills @ops. Returns 0, -ENOMEM, or -ENOTSUP when OpenSSL lacks something this product can't do
 * without (a broken or restricted installation); @ops is unchanged then. One thread at a time may use one table.
 */
int  vd_crypto_open(struct ike_ops *ops);
/* Frees what vd_crypto_open() took; @ops is zeroed. */
void vd_crypto_close(struct ike_ops *ops);

/* Octets the prf yields, 0 for one we don't have. */
size_t vd_crypto_prf_len(enum ike_prf prf);

#endif
