// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Payload chains (RFC 7296, 3.2): the walk shared by clear and decrypted parts,
 * the check against an exchange's table, and the builder.
 */
#include "ike/wire/chain.h"

#include "ike/wire/chain_walk.h"

#define CRITICAL_BIT 0x80	/* the high bit of the octet behind the next-payload octet */

const char *ike_payload_name(uint8_t type)
{
	static const char *const names[] = {
		[IKE_PAYLOAD_NONE] = "none",	[IKE_PAYLOAD_SA] = "SA",
		[IKE_PAYLOAD_KE] = "KE",	[IKE_PAYLOAD_IDI] = "IDi",
		[IKE_PAYLOAD_IDR] = "IDr",	[IKE_PAYLOAD_CERT] = "CERT",
		[IKE_PAYLOAD_CERTREQ] = "CERTREQ", [IKE_PAYLOAD_AUTH] = "AUTH",
		[IKE_PAYLOAD_NONCE] = "Nonce",	[IKE_PAYLOAD_NOTIFY] = "Notify",
		[IKE_PAYLOAD_DELETE] = "Delete", [IKE_PAYLOAD_VENDOR] = "Vendor ID",
		[IKE_PAYLOAD_TSI] = "TSi",	[IKE_PAYLOAD_TSR] = "TSr",
		[IKE_PAYLOAD_SK] = "SK",	[IKE_PAYLOAD_CP] = "CP",
		[IKE_PAYLOAD_EAP] = "EAP",	[IKE_PAYLOAD_SKF] = "SKF",
	};

	if (type < sizeof(names) / sizeof(names[0]) && names[type])
		return names[type];
	return "unknown";
}

static bool is_known(uint8_t type)
{
	return (type >= IKE_PAYLOAD_SA && type <= IKE_PAYLOAD_EAP) || type == IKE_PAYLOAD_SKF;
}

enum ike_wire_error ike_chain_step(struct vd_reader *r, uint8_t *next, struct ike_payload *p)
{
	uint8_t following = vd_read_u8(r);
	uint8_t flags = vd_read_u8(r);
	uint16_t len = vd_read_u16(r);
	const uint8_t *body;

	/* A length below the generic header's would not advance, or go back. */
	if (r->failed || len < IKE_PAYLOAD_HEADER_LEN)
		return IKE_WIRE_SYNTAX;
	body = vd_read_bytes(r, len - IKE_PAYLOAD_HEADER_LEN);
	if (r->failed)
		return IKE_WIRE_SYNTAX;
	*p = (struct ike_payload){
		.type = *next,
		.critical = flags & CRITICAL_BIT,
		.len = (uint16_t)(len - IKE_PAYLOAD_HEADER_LEN),
		.body = body,
	};
	*next = following;
	return IKE_WIRE_OK;
}

enum ike_wire_error ike_chain_add(struct ike_chain *c, const struct ike_payload *p)
{
	if (!is_known(p->type)) {
		/* 2.5: reject if critical, otherwise skip. */
		if (p->critical)
			return IKE_WIRE_CRITICAL;
		if (c->unknown < UINT8_MAX)
			c->unknown++;
		return IKE_WIRE_OK;
	}
	/* 2.5: in a payload that we know, the bit is ignored. */
	if (c->n == IKE_PAYLOADS_MAX)
		return IKE_WIRE_TOO_MANY;
	c->p[c->n++] = *p;
	return IKE_WIRE_OK;
}

enum ike_wire_error ike_chain_parse(struct ike_chain *c, uint8_t first,
				    const uint8_t *data, size_t len, uint8_t *at)
{
	struct vd_reader r = vd_reader_init(data, len);
	struct ike_chain parsed = { .n = 0 };
	enum ike_wire_error err = IKE_WIRE_OK;
	uint8_t next = first, type = first;

	while (next != IKE_PAYLOAD_NONE && !err) {
		struct ike_payload p;

		type = next;
		if (type == IKE_PAYLOAD_SK || type == IKE_PAYLOAD_SKF)
			err = IKE_WIRE_SYNTAX;
		else
			err = ike_chain_step(&r, &next, &p);
		if (!err)
			err = ike_chain_add(&parsed, &p);
	}
	if (!err && !vd_reader_done(&r))
		err = IKE_WIRE_SYNTAX;
	if (err) {
		if (at)
			*at = type;
		return err;
	}
	*c = parsed;
	return IKE_WIRE_OK;
}

const struct ike_payload *ike_chain_next(const struct ike_chain *c, const struct ike_payload *prev,
					 uint8_t type)
{
	for (size_t i = prev ? (size_t)(prev - c->p) + 1 : 0; i < c->n; i++)
		if (c->p[i].type == type)
			return &c->p[i];
	return NULL;
}

const struct ike_payload *ike_chain_find(const struct ike_chain *c, uint8_t type)
{
	return ike_chain_next(c, NULL, type);
}

unsigned int ike_chain_count(const struct ike_chain *c, uint8_t type)
{
	unsigned int count = 0;

	for (size_t i = 0; i < c->n; i++)
		count += c->p[i].type == type;
	return count;
}

static const struct ike_payload_rule *find_rule(const struct ike_payload_rule *rules, size_t n,
						uint8_t type)
{
	for (size_t i = 0; i < n; i++)
		if (rules[i].type == type)
			return &rules[i];
	return NULL;
}

enum ike_wire_error ike_chain_check(const struct ike_chain *c, const struct ike_payload_rule *rules,
				    size_t n_rules, uint8_t *at)
{
	enum ike_wire_error err = IKE_WIRE_OK;
	uint8_t type = IKE_PAYLOAD_NONE;

	for (size_t i = 0; i < c->n && !err; i++) {
		const struct ike_payload_rule *rule = find_rule(rules, n_rules, c->p[i].type);

		type = c->p[i].type;
		if (!rule || ike_chain_count(c, type) > rule->max)
			err = IKE_WIRE_UNEXPECTED;
	}
	for (size_t i = 0; i < n_rules && !err; i++) {
		type = rules[i].type;
		if (ike_chain_count(c, type) < rules[i].min)
			err = IKE_WIRE_MISSING;
	}
	if (err && at)
		*at = type;
	return err;
}

/* ---- building ---- */

#define NO_PAYLOAD SIZE_MAX

struct ike_builder ike_builder_init(void *buf, size_t cap)
{
	return (struct ike_builder){
		.w = vd_writer_init(buf, cap),
		.first = IKE_PAYLOAD_NONE,
		.last = NO_PAYLOAD,
	};
}

void ike_builder_begin(struct ike_builder *b, enum ike_payload_type type)
{
	if (b->w.failed)
		return;
	if (b->last == NO_PAYLOAD)
		b->first = (uint8_t)type;
	else
		b->w.base[b->last] = (uint8_t)type;
	b->last = b->w.len;
	vd_put_u8(&b->w, IKE_PAYLOAD_NONE);
	vd_put_u8(&b->w, 0);
	vd_put_u16(&b->w, 0);
}

void ike_builder_end(struct ike_builder *b)
{
	size_t len;

	if (b->w.failed || b->last == NO_PAYLOAD)
		return;
	len = b->w.len - b->last;
	if (len > UINT16_MAX) {
		b->w.failed = true;
		return;
	}
	vd_patch_u16(&b->w, b->last + 2, (uint16_t)len);
}

void ike_builder_raw(struct ike_builder *b, enum ike_payload_type type, const void *body,
		     size_t len)
{
	ike_builder_begin(b, type);
	vd_put_bytes(&b->w, body, len);
	ike_builder_end(b);
}
