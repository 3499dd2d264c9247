// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The Key Exchange payload (RFC 7296, 3.4).
 */
#include "ike/wire/payload.h"

enum ike_wire_error ike_wire_ke_parse(struct ike_ke *ke, const struct ike_payload *p)
{
	struct vd_reader r = vd_reader_init(p->body, p->len);
	const struct ike_transform_info *info;
	struct ike_ke parsed;

	parsed.group = vd_read_u16(&r);
	vd_read_u16(&r);
	parsed.len = (uint16_t)vd_reader_left(&r);
	parsed.data = vd_read_bytes(&r, parsed.len);
	if (!vd_reader_done(&r) || !parsed.len)
		return IKE_WIRE_SYNTAX;
	/* A group not in the registry is answered by INVALID_KE_PAYLOAD, not by a syntax error. */
	info = ike_transform_info(IKE_T_DH, parsed.group, 0);
	if (info && parsed.len != info->dh_len)
		return IKE_WIRE_SYNTAX;
	*ke = parsed;
	return IKE_WIRE_OK;
}

void ike_wire_ke_emit(struct ike_builder *b, enum ike_dh group, const uint8_t *value, size_t len)
{
	ike_builder_begin(b, IKE_PAYLOAD_KE);
	vd_put_u16(&b->w, (uint16_t)group);
	vd_put_u16(&b->w, 0);
	vd_put_bytes(&b->w, value, len);
	ike_builder_end(b);
}
