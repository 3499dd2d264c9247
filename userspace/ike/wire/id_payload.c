// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Identification payloads, IDi and IDr (RFC 7296, 3.5).
 */
#include <string.h>

#include "ike/wire/payload.h"

static bool len_fits(uint8_t type, size_t len)
{
	switch ((enum ike_id_type)type) {
	case IKE_ID_NONE:
		return false;	/* 3.5: reserved; in our configuration it means "any" */
	case IKE_ID_IPV4_ADDR:
		return len == 4;
	case IKE_ID_IPV6_ADDR:
		return len == 16;
	case IKE_ID_FQDN:
	case IKE_ID_RFC822_ADDR:
	case IKE_ID_DER_ASN1_DN:
	case IKE_ID_KEY_ID:
		return len > 0;
	}
	return true;	/* types we don't know match nothing, but are no syntax error */
}

enum ike_wire_error ike_wire_id_parse(struct ike_id *id, const struct ike_payload *p)
{
	struct vd_reader r = vd_reader_init(p->body, p->len);
	struct ike_id parsed = { .type = vd_read_u8(&r) };
	const uint8_t *data;

	vd_read_bytes(&r, 3);
	parsed.len = (uint16_t)vd_reader_left(&r);
	data = vd_read_bytes(&r, parsed.len);
	if (!vd_reader_done(&r) || parsed.len > IKE_ID_MAX || !len_fits(parsed.type, parsed.len))
		return IKE_WIRE_SYNTAX;
	memcpy(parsed.data, data, parsed.len);
	*id = parsed;
	return IKE_WIRE_OK;
}

size_t ike_wire_id_body(const struct ike_id *id, uint8_t out[static IKE_ID_BODY_MAX])
{
	struct vd_writer w = vd_writer_init(out, IKE_ID_BODY_MAX);

	vd_put_u8(&w, id->type);
	vd_put_zero(&w, 3);
	vd_put_bytes(&w, id->data, id->len);
	return w.len;
}

void ike_wire_id_emit(struct ike_builder *b, enum ike_payload_type type, const struct ike_id *id)
{
	uint8_t body[IKE_ID_BODY_MAX];

	ike_builder_raw(b, type, body, ike_wire_id_body(id, body));
}
