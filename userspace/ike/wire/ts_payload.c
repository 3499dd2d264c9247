// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Traffic Selector payloads, TSi and TSr (RFC 7296, 3.13).
 */
#include <string.h>

#include "ike/wire/payload.h"

#define TS_IPV4_ADDR_RANGE	7
#define TS_IPV6_ADDR_RANGE	8
#define SELECTOR_HEADER_LEN	4	/* type, protocol, length */

static bool range_is_ordered(const struct ike_ts *ts)
{
	bool opaque = ts->port_start == UINT16_MAX && ts->port_end == 0;

	return memcmp(ts->start.bytes, ts->end.bytes, sizeof(ts->start.bytes)) <= 0 &&
	       (ts->port_start <= ts->port_end || opaque);
}

/* Ports and addresses, the rest of a selector of a type we know. */
static bool parse_range(struct vd_reader *r, enum vd_family family, struct ike_ts *ts)
{
	size_t len = family == VD_FAMILY_IPV4 ? 4 : 16;
	const uint8_t *start, *end;

	ts->port_start = vd_read_u16(r);
	ts->port_end = vd_read_u16(r);
	start = vd_read_bytes(r, len);
	end = vd_read_bytes(r, len);
	if (!vd_reader_done(r))
		return false;
	ts->start = vd_addr_make(start, len);
	ts->end = vd_addr_make(end, len);
	return range_is_ordered(ts);
}

/* One selector; *@known is false for a type to be left out. */
static bool parse_selector(struct vd_reader *r, struct ike_ts *ts, bool *known)
{
	uint8_t type = vd_read_u8(r);
	struct vd_reader body;
	uint16_t len;

	*ts = (struct ike_ts){ .proto = vd_read_u8(r) };
	len = vd_read_u16(r);
	if (r->failed || len < SELECTOR_HEADER_LEN)
		return false;
	body = vd_read_sub(r, len - SELECTOR_HEADER_LEN);
	*known = type == TS_IPV4_ADDR_RANGE || type == TS_IPV6_ADDR_RANGE;
	if (!*known)
		return !body.failed;
	return parse_range(&body, type == TS_IPV4_ADDR_RANGE ? VD_FAMILY_IPV4 : VD_FAMILY_IPV6, ts);
}

enum ike_wire_error ike_wire_ts_parse(struct ike_ts_list *list, const struct ike_payload *p)
{
	struct vd_reader r = vd_reader_init(p->body, p->len);
	struct ike_ts_list parsed = { .n = 0 };
	uint8_t count = vd_read_u8(&r);

	vd_read_bytes(&r, 3);
	if (!count)
		return IKE_WIRE_SYNTAX;
	while (count-- > 0) {
		struct ike_ts ts;
		bool known;

		if (!parse_selector(&r, &ts, &known))
			return IKE_WIRE_SYNTAX;
		if (known && parsed.n < IKE_TS_MAX)
			parsed.ts[parsed.n++] = ts;
	}
	if (!vd_reader_done(&r))
		return IKE_WIRE_SYNTAX;
	*list = parsed;
	return IKE_WIRE_OK;
}

static void emit_selector(struct vd_writer *w, const struct ike_ts *ts)
{
	size_t len = vd_addr_len(ts->start.family);

	vd_put_u8(w, ts->start.family == VD_FAMILY_IPV4 ? TS_IPV4_ADDR_RANGE : TS_IPV6_ADDR_RANGE);
	vd_put_u8(w, ts->proto);
	vd_put_u16(w, (uint16_t)(SELECTOR_HEADER_LEN + 4 + 2 * len));
	vd_put_u16(w, ts->port_start);
	vd_put_u16(w, ts->port_end);
	vd_put_bytes(w, ts->start.bytes, len);
	vd_put_bytes(w, ts->end.bytes, len);
}

void ike_wire_ts_emit(struct ike_builder *b, enum ike_payload_type type,
		      const struct ike_ts_list *list)
{
	ike_builder_begin(b, type);
	vd_put_u8(&b->w, list->n);
	vd_put_zero(&b->w, 3);
	for (size_t i = 0; i < list->n; i++)
		emit_selector(&b->w, &list->ts[i]);
	ike_builder_end(b);
}
