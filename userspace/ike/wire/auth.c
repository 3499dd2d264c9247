// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The Authentication payload (RFC 7296, 3.8).
 */
#include "ike/wire/payload.h"

enum ike_wire_error ike_wire_auth_parse(struct ike_auth *auth, const struct ike_payload *p)
{
	struct vd_reader r = vd_reader_init(p->body, p->len);
	struct ike_auth parsed = { .method = vd_read_u8(&r) };

	vd_read_bytes(&r, 3);
	parsed.len = (uint16_t)vd_reader_left(&r);
	parsed.data = vd_read_bytes(&r, parsed.len);
	if (!vd_reader_done(&r) || !parsed.len)
		return IKE_WIRE_SYNTAX;
	*auth = parsed;
	return IKE_WIRE_OK;
}

void ike_wire_auth_emit(struct ike_builder *b, enum ike_auth_method method,
			const uint8_t *data, size_t len)
{
	ike_builder_begin(b, IKE_PAYLOAD_AUTH);
	vd_put_u8(&b->w, (uint8_t)method);
	vd_put_zero(&b->w, 3);
	vd_put_bytes(&b->w, data, len);
	ike_builder_end(b);
}
