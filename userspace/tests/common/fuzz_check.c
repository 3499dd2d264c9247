// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Shared by the fuzz targets of the IKE core's wire format.
 */
#include "tests/common/fuzz_check.h"

#include <stdlib.h>
#include <string.h>

#include "ike/wire/payload.h"

#define BUFFER 65536

void fuzz_require(bool cond)
{
	if (!cond)
		abort();
}

void fuzz_touch(const uint8_t *p, size_t n)
{
	const volatile uint8_t *octets = p;

	for (size_t i = 0; i < n; i++)
		(void)octets[i];
}

void fuzz_require_printable(const struct vd_strbuf *b)
{
	fuzz_require(b->len < b->cap && b->text[b->len] == '\0');
	for (size_t i = 0; i < b->len; i++)
		fuzz_require(b->text[i] >= ' ' && b->text[i] <= '~');
}

/* The payload just built, as a peer would receive it. */
static struct ike_payload received(const struct ike_builder *b, struct ike_chain *c)
{
	fuzz_require(!b->w.failed);
	fuzz_require(ike_chain_parse(c, b->first, b->w.base, b->w.len, NULL) == IKE_WIRE_OK);
	fuzz_require(c->n == 1);
	return c->p[0];
}

static uint8_t buffer[BUFFER];
static char text[8192];
static struct ike_chain chain;

static void check_sa(const struct ike_payload *p)
{
	static struct ike_proposal_list list, again;
	struct ike_builder b = ike_builder_init(buffer, sizeof(buffer));
	struct vd_strbuf t = vd_strbuf_init(text, sizeof(text));
	struct ike_payload back;

	if (ike_wire_sa_parse(&list, p))
		return;
	fuzz_require(list.n >= 1 && list.n <= IKE_PROPOSALS_MAX);
	ike_proposal_list_format(&t, &list);
	fuzz_require_printable(&t);
	ike_wire_sa_emit(&b, &list);
	back = received(&b, &chain);
	fuzz_require(ike_wire_sa_parse(&again, &back) == IKE_WIRE_OK);
	fuzz_require(ike_proposal_list_equal(&list, &again));
}

static void check_ts(const struct ike_payload *p)
{
	struct ike_ts_list list, again;
	struct ike_builder b = ike_builder_init(buffer, sizeof(buffer));
	struct vd_strbuf t = vd_strbuf_init(text, sizeof(text));
	struct ike_payload back;

	if (ike_wire_ts_parse(&list, p))
		return;
	ike_ts_list_format(&t, &list);
	fuzz_require_printable(&t);
	if (!list.n)
		return;
	ike_wire_ts_emit(&b, IKE_PAYLOAD_TSI, &list);
	back = received(&b, &chain);
	fuzz_require(ike_wire_ts_parse(&again, &back) == IKE_WIRE_OK);
	fuzz_require(ike_ts_list_equal(&list, &again));
	/* Narrowed to itself it stays the same set. */
	fuzz_require(ike_ts_narrow(&list, &list, &again));
	fuzz_require(ike_ts_list_contains(&list, &again) && ike_ts_list_contains(&again, &list));
}

static void check_id(const struct ike_payload *p)
{
	struct ike_id id, again;
	struct ike_builder b = ike_builder_init(buffer, sizeof(buffer));
	struct vd_strbuf t = vd_strbuf_init(text, sizeof(text));
	struct ike_payload back;

	if (ike_wire_id_parse(&id, p))
		return;
	ike_id_format(&t, &id);
	fuzz_require_printable(&t);
	fuzz_require(ike_id_match(&id, &id));
	ike_wire_id_emit(&b, IKE_PAYLOAD_IDI, &id);
	back = received(&b, &chain);
	fuzz_require(ike_wire_id_parse(&again, &back) == IKE_WIRE_OK);
	fuzz_require(again.type == id.type && again.len == id.len &&
		     !memcmp(again.data, id.data, id.len));
}

static void check_delete(const struct ike_payload *p)
{
	struct ike_builder b = ike_builder_init(buffer, sizeof(buffer));
	static uint32_t spis[UINT16_MAX];
	struct ike_delete d, again;
	struct ike_payload back;

	if (ike_wire_delete_parse(&d, p))
		return;
	for (uint16_t i = 0; i < d.n; i++)
		spis[i] = ike_delete_spi(&d, i);
	ike_wire_delete_emit(&b, (enum ike_protocol)d.protocol, spis, d.n);
	back = received(&b, &chain);
	fuzz_require(ike_wire_delete_parse(&again, &back) == IKE_WIRE_OK);
	fuzz_require(again.n == d.n && again.protocol == d.protocol &&
		     !memcmp(again.spis, d.spis, 4u * d.n));
}

static void check_views(const struct ike_payload *p)
{
	struct ike_notify n;
	struct ike_auth auth;
	struct ike_nonce nonce;
	struct ike_ke ke;

	if (!ike_wire_notify_parse(&n, p)) {
		fuzz_touch(n.data, n.len);
		fuzz_touch(n.spi, n.spi_len);
		fuzz_require(n.spi_len == 4 || !ike_notify_spi(&n));
		fuzz_require(n.len == 2 || !ike_notify_u16(&n));
	}
	if (!ike_wire_auth_parse(&auth, p))
		fuzz_touch(auth.data, auth.len);
	if (!ike_wire_ke_parse(&ke, p))
		fuzz_touch(ke.data, ke.len);
	if (!ike_wire_nonce_parse(&nonce, p))
		fuzz_require(nonce.len >= IKE_NONCE_MIN && nonce.len <= IKE_NONCE_MAX);
}

void fuzz_payloads(const struct ike_chain *c)
{
	struct ike_notify n;

	for (size_t i = 0; i < c->n; i++) {
		const struct ike_payload *p = &c->p[i];

		/* Whatever the type says, each parser must stand each body. */
		check_views(p);
		check_sa(p);
		check_ts(p);
		check_id(p);
		check_delete(p);
	}
	if (ike_chain_notify_error(c, &n))
		fuzz_require(ike_notify_is_error(n.type));
	if (ike_chain_notify(c, IKE_NOTIFY_COOKIE, &n))
		fuzz_require(n.type == IKE_NOTIFY_COOKIE);
}
