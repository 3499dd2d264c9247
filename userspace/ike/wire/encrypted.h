/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The Encrypted payload (RFC 7296, 3.14; RFC 5282 for AEAD) and the Encrypted
 * Fragment (RFC 7383, 2.5): framing here, the cipher in struct ike_ops.
 */
#ifndef IKE_WIRE_ENCRYPTED_H
#define IKE_WIRE_ENCRYPTED_H

#include "base/secret.h"
#include "ike/ops.h"
#include "ike/wire/chain.h"
#include "ike/wire/message.h"

/*
 * One direction of an IKE SA. Keys are as long as the registry says, the salt behind the
 * encryption key; integ NONE with an AEAD, and its key empty.
 */
struct ike_sk_keys {
	enum ike_encr	encr;
	uint16_t	encr_key_bits;
	enum ike_integ	integ;
	struct vd_key	encr_key;
	struct vd_key	integ_key;
	uint64_t	next_iv;	/* sealing with AEAD and CTR: the next explicit IV, never used twice */
};

/* Sets the algorithms of @k from @suite; keys are left to the caller. */
void ike_sk_keys_init(struct ike_sk_keys *k, const struct ike_suite *suite);

/* Octets a sealed message has more than its chain, at most: headers, IV, padding, ICV. */
#define IKE_SK_OVERHEAD_MAX (IKE_HEADER_LEN + IKE_PAYLOAD_HEADER_LEN + 4 + 16 + 16 + IKE_ICV_MAX)

/*
 * Encrypts the chain of @b (may be empty) as the only payload of a message with header @h. @out
 * is replaced. @k->next_iv advances. SPACE if @b failed or the message is over 65,535 octets,
 * CRYPTO, NO_MEMORY; @out unchanged then.
 */
IKE_MUST_CHECK enum ike_wire_error
ike_sk_seal(struct vd_secret *out, const struct ike_ops *ops, struct ike_sk_keys *k,
	    const struct ike_header *h, const struct ike_builder *b);

/*
 * The same for one fragment: @part of the chain as fragment @number of @total; @first counts in
 * number 1 only.
 */
IKE_MUST_CHECK enum ike_wire_error
ike_skf_seal(struct vd_secret *out, const struct ike_ops *ops, struct ike_sk_keys *k,
	     const struct ike_header *h, uint8_t first, uint16_t number, uint16_t total,
	     const uint8_t *part, size_t len);

/*
 * Verifies, then decrypts the Encrypted payload of @m: *@plain holds the inner chain, or a
 * fragment's part of it, without padding; it is replaced. Take it apart with ike_chain_parse(..,
 * m->sealed.first, ..). INTEGRITY (any failure of ICV or tag: drop silently), SYNTAX (authentic,
 * but lengths are impossible), UNEXPECTED (@m has no Encrypted payload), CRYPTO, NO_MEMORY;
 * @plain unchanged then.
 */
IKE_MUST_CHECK enum ike_wire_error
ike_sk_open(struct vd_secret *plain, const struct ike_ops *ops, const struct ike_sk_keys *k,
	    const struct ike_message *m);

#endif
