/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A whole IKEv2 message: header, clear payloads, and where the encrypted payload
 * lies, if there is one (RFC 7296, 3.1, 3.2, 3.14; RFC 7383, 2.5).
 */
#ifndef IKE_WIRE_MESSAGE_H
#define IKE_WIRE_MESSAGE_H

#include "base/secret.h"
#include "ike/wire/chain.h"
#include "ike/wire/header.h"

/* The Encrypted payload, still sealed; always the message's last. */
struct ike_sealed {
	uint8_t		type;		/* IKE_PAYLOAD_SK, IKE_PAYLOAD_SKF, or NONE: the message is clear */
	uint8_t		first;		/* type of the first inner payload; SKF: only set in fragment 1 */
	uint16_t	fragment;	/* SKF: 1 .. total; SK: 1 of 1 */
	uint16_t	total;
	uint16_t	header_len;	/* octets of header and generic header(s) before the IV: the AEAD's AAD */
	const uint8_t	*body;		/* IV, ciphertext, ICV */
	uint16_t	len;
};

/* Views into @data, which must stay. */
struct ike_message {
	struct ike_header	header;
	const uint8_t		*data;
	size_t			len;
	struct ike_chain	clear;
	struct ike_sealed	sealed;
};

/*
 * Takes an IKEv2 datagram (non-ESP marker already stripped) apart as far as it can be without
 * keys. Errors as ike_header_parse() and ike_chain_parse(), VERSION if the major version is not
 * 2; @m unchanged.
 */
IKE_MUST_CHECK enum ike_wire_error
ike_message_parse(struct ike_message *m, const uint8_t *data, size_t len, uint8_t *at);

/*
 * Emits a message in the clear: @h (next_payload and length are filled in, @h unchanged) and the
 * chain of @b. @out, empty or not, is replaced. SPACE if @b failed, NO_MEMORY; @out unchanged
 * then.
 */
IKE_MUST_CHECK enum ike_wire_error
ike_message_emit(struct vd_secret *out, const struct ike_header *h, const struct ike_builder *b);

#endif
