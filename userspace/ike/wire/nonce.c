// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The Nonce payload (RFC 7296, 3.9).
 */
#include <string.h>

#include "ike/wire/payload.h"

enum ike_wire_error ike_wire_nonce_parse(struct ike_nonce *nonce, const struct ike_payload *p)
{
	/* 3.9: the size MUST be between 16 and 256 octets. */
	if (p->len < IKE_NONCE_MIN || p->len > IKE_NONCE_MAX)
		return IKE_WIRE_SYNTAX;
	nonce->len = p->len;
	memcpy(nonce->data, p->body, p->len);
	return IKE_WIRE_OK;
}

void ike_wire_nonce_emit(struct ike_builder *b, const struct ike_nonce *nonce)
{
	ike_builder_raw(b, IKE_PAYLOAD_NONCE, nonce->data, nonce->len);
}
