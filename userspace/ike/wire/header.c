// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The IKE header (RFC 7296, 3.1).
 */
#include "ike/wire/header.h"

enum ike_wire_error ike_header_parse(struct ike_header *h, const uint8_t *data, size_t len)
{
	struct vd_reader r = vd_reader_init(data, len);
	struct ike_header parsed;

	parsed.spi_i = vd_read_u64(&r);
	parsed.spi_r = vd_read_u64(&r);
	parsed.next_payload = vd_read_u8(&r);
	parsed.version = vd_read_u8(&r);
	parsed.exchange = vd_read_u8(&r);
	parsed.flags = vd_read_u8(&r);
	parsed.message_id = vd_read_u32(&r);
	parsed.length = vd_read_u32(&r);
	if (r.failed)
		return IKE_WIRE_TRUNCATED;
	/* 3.1: the length of the total message, header and payloads. */
	if (parsed.length != len)
		return IKE_WIRE_LENGTH;
	*h = parsed;
	return IKE_WIRE_OK;
}

void ike_header_emit(struct vd_writer *w, const struct ike_header *h)
{
	vd_put_u64(w, h->spi_i);
	vd_put_u64(w, h->spi_r);
	vd_put_u8(w, h->next_payload);
	vd_put_u8(w, h->version);
	vd_put_u8(w, h->exchange);
	vd_put_u8(w, h->flags);
	vd_put_u32(w, h->message_id);
	vd_put_u32(w, h->length);
}
