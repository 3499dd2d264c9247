// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whole messages: header, clear payloads, and the Encrypted payload's place
 * (RFC 7296, 3.14; RFC 7383, 2.5).
 */
#include "ike/wire/message.h"

#include "ike/wire/chain_walk.h"

#define FRAGMENT_HEADER_LEN 4	/* number and total, behind SKF's generic header */

/* What is sealed: @p is SK or SKF, @inner what its generic header says comes first inside. */
static enum ike_wire_error read_sealed(struct ike_sealed *s, const uint8_t *data,
				       const struct ike_payload *p, uint8_t inner)
{
	struct vd_reader r = vd_reader_init(p->body, p->len);

	*s = (struct ike_sealed){ .type = p->type, .first = inner, .fragment = 1, .total = 1 };
	if (p->type == IKE_PAYLOAD_SKF) {
		s->fragment = vd_read_u16(&r);
		s->total = vd_read_u16(&r);
		/* RFC 7383, 2.5: counted from 1; neither may be 0, the number not above the total. */
		if (r.failed || !s->fragment || !s->total || s->fragment > s->total)
			return IKE_WIRE_SYNTAX;
		/* Only the first fragment says which payload is first; in others the octet means nothing. */
		if (s->fragment > 1)
			s->first = IKE_PAYLOAD_NONE;
	}
	s->len = (uint16_t)vd_reader_left(&r);
	s->body = vd_read_bytes(&r, s->len);
	s->header_len = (uint16_t)(s->body - data);
	return IKE_WIRE_OK;
}

static enum ike_wire_error walk(struct ike_message *m, uint8_t *at)
{
	struct vd_reader r = vd_reader_init(m->data + IKE_HEADER_LEN, m->len - IKE_HEADER_LEN);
	uint8_t next = m->header.next_payload;

	*at = next;
	while (next != IKE_PAYLOAD_NONE) {
		struct ike_payload p;
		enum ike_wire_error err;

		*at = next;
		err = ike_chain_step(&r, &next, &p);
		if (err)
			return err;
		if (p.type == IKE_PAYLOAD_SK || p.type == IKE_PAYLOAD_SKF) {
			/* RFC 7296, 3.14: the last payload; its next-payload octet is about the inside. */
			if (!vd_reader_done(&r))
				return IKE_WIRE_SYNTAX;
			return read_sealed(&m->sealed, m->data, &p, next);
		}
		err = ike_chain_add(&m->clear, &p);
		if (err)
			return err;
	}
	return vd_reader_done(&r) ? IKE_WIRE_OK : IKE_WIRE_SYNTAX;
}

enum ike_wire_error ike_message_parse(struct ike_message *m, const uint8_t *data, size_t len,
				      uint8_t *at)
{
	struct ike_message parsed = { .data = data, .len = len };
	uint8_t fault = IKE_PAYLOAD_NONE;
	enum ike_wire_error err;

	err = ike_header_parse(&parsed.header, data, len);
	if (!err && len > UINT16_MAX)	/* no datagram is longer, and offsets have 16 bits */
		err = IKE_WIRE_LENGTH;
	if (!err && IKE_VERSION_MAJOR(parsed.header.version) != IKE_VERSION_MAJOR(IKE_VERSION_2))
		err = IKE_WIRE_VERSION;
	if (!err)
		err = walk(&parsed, &fault);
	if (err) {
		if (at)
			*at = fault;
		return err;
	}
	*m = parsed;
	return IKE_WIRE_OK;
}

enum ike_wire_error ike_message_emit(struct vd_secret *out, const struct ike_header *h,
				     const struct ike_builder *b)
{
	struct ike_header header = *h;
	struct vd_secret made = { .data = NULL };
	struct vd_writer w;

	if (b->w.failed || b->w.len > UINT16_MAX - IKE_HEADER_LEN)
		return IKE_WIRE_SPACE;
	if (vd_secret_alloc(&made, IKE_HEADER_LEN + b->w.len))
		return IKE_WIRE_NO_MEMORY;
	header.next_payload = b->first;
	header.length = (uint32_t)made.len;
	w = vd_writer_init(made.data, made.len);
	ike_header_emit(&w, &header);
	vd_put_bytes(&w, b->w.base, b->w.len);
	vd_secret_free(out);
	vd_secret_move(out, &made);
	return IKE_WIRE_OK;
}
