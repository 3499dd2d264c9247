// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The Notify payload (RFC 7296, 3.10).
 */
#include "ike/wire/notify.h"

#include <stddef.h>

#include "ike/wire/payload.h"

const char *ike_notify_name(uint16_t type)
{
	static const struct {
		uint16_t	type;
		const char	*name;
	} rows[] = {
#define X(number, name) { number, #name },
		IKE_NOTIFIES(X)
#undef X
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].type == type)
			return rows[i].name;
	return NULL;
}

enum ike_wire_error ike_wire_notify_parse(struct ike_notify *n, const struct ike_payload *p)
{
	struct vd_reader r = vd_reader_init(p->body, p->len);
	struct ike_notify parsed;

	parsed.protocol = vd_read_u8(&r);
	parsed.spi_len = vd_read_u8(&r);
	parsed.type = vd_read_u16(&r);
	parsed.spi = vd_read_bytes(&r, parsed.spi_len);
	parsed.len = (uint16_t)vd_reader_left(&r);
	parsed.data = vd_read_bytes(&r, parsed.len);
	if (!vd_reader_done(&r))
		return IKE_WIRE_SYNTAX;
	*n = parsed;
	return IKE_WIRE_OK;
}

static void emit(struct ike_builder *b, enum ike_notify_type type, enum ike_protocol protocol,
		 uint32_t spi, const void *data, size_t len)
{
	ike_builder_begin(b, IKE_PAYLOAD_NOTIFY);
	vd_put_u8(&b->w, (uint8_t)protocol);
	vd_put_u8(&b->w, protocol == IKE_PROTO_NONE ? 0 : sizeof(spi));
	vd_put_u16(&b->w, (uint16_t)type);
	if (protocol != IKE_PROTO_NONE)
		vd_put_u32(&b->w, spi);
	vd_put_bytes(&b->w, data, len);
	ike_builder_end(b);
}

void ike_wire_notify_emit(struct ike_builder *b, enum ike_notify_type type,
			  const void *data, size_t len)
{
	emit(b, type, IKE_PROTO_NONE, 0, data, len);
}

void ike_wire_notify_emit_spi(struct ike_builder *b, enum ike_notify_type type,
			      enum ike_protocol protocol, uint32_t spi)
{
	emit(b, type, protocol, spi, NULL, 0);
}

bool ike_chain_notify(const struct ike_chain *c, enum ike_notify_type type, struct ike_notify *n)
{
	const struct ike_payload *p = NULL;
	struct ike_notify found;

	while ((p = ike_chain_next(c, p, IKE_PAYLOAD_NOTIFY))) {
		if (!ike_wire_notify_parse(&found, p) && found.type == (uint16_t)type) {
			*n = found;
			return true;
		}
	}
	return false;
}

bool ike_chain_notify_error(const struct ike_chain *c, struct ike_notify *n)
{
	const struct ike_payload *p = NULL;
	struct ike_notify found;

	while ((p = ike_chain_next(c, p, IKE_PAYLOAD_NOTIFY))) {
		if (!ike_wire_notify_parse(&found, p) && ike_notify_is_error(found.type)) {
			*n = found;
			return true;
		}
	}
	return false;
}

enum ike_wire_error ike_chain_notify_check(const struct ike_chain *c)
{
	const struct ike_payload *p = NULL;
	struct ike_notify n;

	while ((p = ike_chain_next(c, p, IKE_PAYLOAD_NOTIFY)))
		if (ike_wire_notify_parse(&n, p))
			return IKE_WIRE_SYNTAX;
	return IKE_WIRE_OK;
}

uint32_t ike_notify_spi(const struct ike_notify *n)
{
	struct vd_reader r = vd_reader_init(n->spi, n->spi_len);
	uint32_t spi = vd_read_u32(&r);

	return vd_reader_done(&r) ? spi : 0;
}

uint16_t ike_notify_u16(const struct ike_notify *n)
{
	struct vd_reader r = vd_reader_init(n->data, n->len);
	uint16_t value = vd_read_u16(&r);

	return vd_reader_done(&r) ? value : 0;
}
