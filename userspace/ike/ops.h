/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The symmetric cryptography and the random numbers the IKE core needs, as a
 * table given to the engine. userspace/crypto/ fills it with OpenSSL; the tests
 * fill it with the same crypto and a seeded generator.
 *
 * All calls are synchronous and quick. Lengths follow from the transform (see
 * the registry in proposal.h). Return 0, or a negative errno with outputs wiped;
 * -ENOTSUP for a transform the provider does not have.
 */
#ifndef IKE_OPS_H
#define IKE_OPS_H

#include <stddef.h>
#include <stdint.h>

#include "ike/transform.h"

/* A piece of input; several form one message. */
struct ike_iov {
	const void	*data;
	size_t		len;
};

enum ike_hash {
	IKE_HASH_SHA1,		/* NAT detection (RFC 7296, 2.23), nothing else in v2 */
	IKE_HASH_MD5,		/* v1 */
	IKE_HASH_SHA2_256,	/* cookies, v1 */
	IKE_HASH_SHA2_384,
	IKE_HASH_SHA2_512,
};

/* For encrypt/decrypt: one SK payload or one v1 body. */
struct ike_cipher_key {
	enum ike_encr	encr;
	const uint8_t	*key;		/* with the salt behind it for AEAD and CTR */
	size_t		key_len;
};

struct ike_ops {
	void *ctx;

	int (*random)(void *ctx, void *out, size_t len);
	int (*hash)(void *ctx, enum ike_hash hash, const struct ike_iov *in, size_t n_in, uint8_t *out);
	/* prf(key, in...). Any key length. @out: the prf's output length. */
	int (*prf)(void *ctx, enum ike_prf prf, const uint8_t *key, size_t key_len,
		   const struct ike_iov *in, size_t n_in, uint8_t *out);
	/* Truncated MAC. @key: the transform's key length. @out: its ICV length. */
	int (*integ)(void *ctx, enum ike_integ integ, const uint8_t *key, size_t key_len,
		     const struct ike_iov *in, size_t n_in, uint8_t *out);
	/*
	 * @len octets from @in to @out (may be the same buffer). CBC: @len is a multiple of the block, @iv
	 * a block, @aad and @tag unused (NULL). AEAD: @iv the explicit 8 octets, @tag the ICV.
	 */
	int (*encrypt)(void *ctx, const struct ike_cipher_key *key, const uint8_t *iv,
		       const uint8_t *aad, size_t aad_len,
		       const uint8_t *in, size_t len, uint8_t *out, uint8_t *tag);
	/* As above. -EBADMSG if the tag is wrong; @out is wiped then. */
	int (*decrypt)(void *ctx, const struct ike_cipher_key *key, const uint8_t *iv,
		       const uint8_t *aad, size_t aad_len,
		       const uint8_t *in, size_t len, uint8_t *out, const uint8_t *tag);
};

#endif
