// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The Delete payload (RFC 7296, 3.11).
 */
#include "ike/wire/payload.h"

#define SPI_LEN 4u	/* of ESP and AH */

enum ike_wire_error ike_wire_delete_parse(struct ike_delete *d, const struct ike_payload *p)
{
	struct vd_reader r = vd_reader_init(p->body, p->len);
	struct ike_delete parsed;
	uint8_t spi_len;

	parsed.protocol = vd_read_u8(&r);
	spi_len = vd_read_u8(&r);
	parsed.n = vd_read_u16(&r);
	parsed.spis = vd_read_bytes(&r, (size_t)spi_len * parsed.n);
	if (!vd_reader_done(&r))
		return IKE_WIRE_SYNTAX;
	/* 3.11: for the IKE SA itself neither size nor SPIs; it is the one the message came by. */
	if (parsed.protocol == IKE_PROTO_IKE && (spi_len || parsed.n))
		return IKE_WIRE_SYNTAX;
	if (parsed.protocol != IKE_PROTO_IKE &&
	    ((parsed.protocol != IKE_PROTO_ESP && parsed.protocol != IKE_PROTO_AH) ||
	     spi_len != SPI_LEN))
		return IKE_WIRE_SYNTAX;
	*d = parsed;
	return IKE_WIRE_OK;
}

uint32_t ike_delete_spi(const struct ike_delete *d, uint16_t i)
{
	struct vd_reader r;

	if (i >= d->n)
		return 0;
	r = vd_reader_init(d->spis + i * SPI_LEN, SPI_LEN);
	return vd_read_u32(&r);
}

void ike_wire_delete_emit(struct ike_builder *b, enum ike_protocol protocol,
			  const uint32_t *spis, uint16_t n)
{
	bool ike = protocol == IKE_PROTO_IKE;

	ike_builder_begin(b, IKE_PAYLOAD_DELETE);
	vd_put_u8(&b->w, (uint8_t)protocol);
	vd_put_u8(&b->w, ike ? 0 : SPI_LEN);
	vd_put_u16(&b->w, ike ? 0 : n);
	for (uint16_t i = 0; !ike && i < n; i++)
		vd_put_u32(&b->w, spis[i]);
	ike_builder_end(b);
}
