// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The Security Association payload: proposals, transforms, attributes
 * (RFC 7296, 3.3).
 */
#include <string.h>

#include "ike/wire/payload.h"

#define PROPOSAL_HEADER_LEN	8
#define TRANSFORM_HEADER_LEN	8
#define MORE_PROPOSALS		2	/* "last substructure" of all but the last */
#define MORE_TRANSFORMS		3
#define ATTR_TV			0x8000	/* the value is in the length field */
#define ATTR_KEY_LENGTH		14

static bool parse_attributes(struct vd_reader *r, struct ike_transform *t)
{
	while (!r->failed && vd_reader_left(r)) {
		uint16_t type = vd_read_u16(r);
		uint16_t value = vd_read_u16(r);

		if (type == (ATTR_TV | ATTR_KEY_LENGTH)) {
			/* 0 stands for "no attribute" here, and is no length a cipher has. */
			t->key_bits = value && !t->key_bits ? value : IKE_KEY_BITS_UNUSABLE;
			continue;
		}
		if (!(type & ATTR_TV))
			vd_read_bytes(r, value);
		t->key_bits = IKE_KEY_BITS_UNUSABLE;
	}
	return vd_reader_done(r);
}

/* Reads one transform from @r; *@more says whether another follows. */
static bool parse_transform(struct vd_reader *r, struct ike_transform *t, bool *more)
{
	uint8_t last = vd_read_u8(r);
	uint16_t len;
	struct vd_reader body;

	vd_read_u8(r);
	len = vd_read_u16(r);
	if (r->failed || len < TRANSFORM_HEADER_LEN || (last && last != MORE_TRANSFORMS))
		return false;
	body = vd_read_sub(r, len - 4u);
	t->type = vd_read_u8(&body);
	vd_read_u8(&body);
	t->id = vd_read_u16(&body);
	t->key_bits = 0;
	*more = last != 0;
	return parse_attributes(&body, t);
}

static bool parse_transforms(struct vd_reader *r, struct ike_proposal *p, uint8_t count)
{
	bool more = count > 0;

	while (count-- > 0) {
		struct ike_transform t;

		if (!more || !parse_transform(r, &t, &more))
			return false;
		if (p->n < IKE_TRANSFORMS_MAX)
			p->t[p->n++] = t;
	}
	/* 3.3.1: the number of transforms and the last one's mark agree. */
	return !more && vd_reader_done(r);
}

static bool spi_len_fits(enum ike_protocol protocol, uint8_t len)
{
	switch (protocol) {
	case IKE_PROTO_IKE:
		return len == 0 || len == 8;
	case IKE_PROTO_AH:
	case IKE_PROTO_ESP:
		return len == 4;
	case IKE_PROTO_NONE:
		break;
	}
	return len <= sizeof(((struct ike_proposal *)0)->spi);
}

static bool parse_proposal(struct vd_reader *r, struct ike_proposal *p, bool *more)
{
	uint8_t last = vd_read_u8(r), count;
	const uint8_t *spi;
	struct vd_reader body;
	uint16_t len;

	vd_read_u8(r);
	len = vd_read_u16(r);
	if (r->failed || len < PROPOSAL_HEADER_LEN || (last && last != MORE_PROPOSALS))
		return false;
	body = vd_read_sub(r, len - 4u);
	*p = (struct ike_proposal){ .number = vd_read_u8(&body) };
	p->protocol = (enum ike_protocol)vd_read_u8(&body);
	p->spi_len = vd_read_u8(&body);
	count = vd_read_u8(&body);
	if (body.failed || !spi_len_fits(p->protocol, p->spi_len))
		return false;
	spi = vd_read_bytes(&body, p->spi_len);
	if (!spi)
		return false;
	memcpy(p->spi, spi, p->spi_len);
	*more = last != 0;
	return parse_transforms(&body, p, count);
}

enum ike_wire_error ike_wire_sa_parse(struct ike_proposal_list *list, const struct ike_payload *p)
{
	struct vd_reader r = vd_reader_init(p->body, p->len);
	struct ike_proposal_list parsed = { .n = 0 };
	bool more = true;

	while (more) {
		struct ike_proposal proposal;

		if (!parse_proposal(&r, &proposal, &more))
			return IKE_WIRE_SYNTAX;
		if (parsed.n < IKE_PROPOSALS_MAX)
			parsed.p[parsed.n++] = proposal;
	}
	if (!vd_reader_done(&r))
		return IKE_WIRE_SYNTAX;
	*list = parsed;
	return IKE_WIRE_OK;
}

/* ---- emission ---- */

static void emit_transform(struct vd_writer *w, const struct ike_transform *t, bool last)
{
	vd_put_u8(w, last ? 0 : MORE_TRANSFORMS);
	vd_put_u8(w, 0);
	vd_put_u16(w, t->key_bits ? TRANSFORM_HEADER_LEN + 4 : TRANSFORM_HEADER_LEN);
	vd_put_u8(w, t->type);
	vd_put_u8(w, 0);
	vd_put_u16(w, t->id);
	if (t->key_bits) {
		vd_put_u16(w, ATTR_TV | ATTR_KEY_LENGTH);
		vd_put_u16(w, t->key_bits);
	}
}

static void emit_proposal(struct vd_writer *w, const struct ike_proposal *p, bool last)
{
	size_t start = w->len;

	vd_put_u8(w, last ? 0 : MORE_PROPOSALS);
	vd_put_u8(w, 0);
	vd_put_u16(w, 0);
	vd_put_u8(w, p->number);
	vd_put_u8(w, (uint8_t)p->protocol);
	vd_put_u8(w, p->spi_len);
	vd_put_u8(w, p->n);
	vd_put_bytes(w, p->spi, p->spi_len);
	for (size_t i = 0; i < p->n; i++)
		emit_transform(w, &p->t[i], i + 1u == p->n);
	vd_patch_u16(w, start + 2, (uint16_t)(w->len - start));
}

void ike_wire_sa_emit(struct ike_builder *b, const struct ike_proposal_list *list)
{
	ike_builder_begin(b, IKE_PAYLOAD_SA);
	for (size_t i = 0; i < list->n; i++)
		emit_proposal(&b->w, &list->p[i], i + 1u == list->n);
	ike_builder_end(b);
}
