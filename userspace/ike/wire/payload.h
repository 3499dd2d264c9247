/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The payloads of IKEv2, each parsed and emitted in a file of its own (sa.c, ke.c …).
 *
 * Parsers take a view from struct ike_chain, use all its octets or return SYNTAX, and leave
 * their output unchanged on failure. Structures with pointers are views into
 * the message. Emitters append to a chain; failure shows when the message is emitted.
 */
#ifndef IKE_WIRE_PAYLOAD_H
#define IKE_WIRE_PAYLOAD_H

#include "ike/id.h"
#include "ike/proposal.h"
#include "ike/ts.h"
#include "ike/wire/chain.h"
#include "ike/wire/notify.h"

/* ---- SA (RFC 7296, 3.3): sa.c ---- */

/*
 * Transforms with an attribute we don't know get IKE_KEY_BITS_UNUSABLE. Proposals beyond
 * IKE_PROPOSALS_MAX and transforms beyond IKE_TRANSFORMS_MAX are parsed and left out. The SPI length
 * fits the protocol (ESP, AH: 4; IKE: 0 or 8); whether 0 or 8 is right, the exchange knows.
 */
IKE_MUST_CHECK enum ike_wire_error
ike_wire_sa_parse(struct ike_proposal_list *list, const struct ike_payload *p);
void ike_wire_sa_emit(struct ike_builder *b, const struct ike_proposal_list *list);

/* ---- Key Exchange (3.4): ke.c ---- */

struct ike_ke {
	uint16_t	group;	/* enum ike_dh, or a number we don't know */
	uint16_t	len;
	const uint8_t	*data;
};
/* SYNTAX also for an empty value and, in a group we know, one of another length than its own. */
IKE_MUST_CHECK enum ike_wire_error
ike_wire_ke_parse(struct ike_ke *ke, const struct ike_payload *p);
void ike_wire_ke_emit(struct ike_builder *b, enum ike_dh group, const uint8_t *value, size_t len);

/* ---- Nonce (3.9): nonce.c ---- */

#define IKE_NONCE_MIN	16
#define IKE_NONCE_MAX	256
struct ike_nonce {
	uint16_t	len;
	uint8_t		data[IKE_NONCE_MAX];
};
IKE_MUST_CHECK enum ike_wire_error
ike_wire_nonce_parse(struct ike_nonce *nonce, const struct ike_payload *p);
void ike_wire_nonce_emit(struct ike_builder *b, const struct ike_nonce *nonce);

/* ---- Identification (3.5): id_payload.c ---- */

/* For AUTH, a peer's ID body counts as received: p->body, p->len. */
IKE_MUST_CHECK enum ike_wire_error
ike_wire_id_parse(struct ike_id *id, const struct ike_payload *p);
#define IKE_ID_BODY_MAX (4 + IKE_ID_MAX)
/* The body of an ID payload of ours, for AUTH. Returns its length. */
size_t ike_wire_id_body(const struct ike_id *id, uint8_t out[static IKE_ID_BODY_MAX]);
/* @type: IKE_PAYLOAD_IDI or IKE_PAYLOAD_IDR. */
void ike_wire_id_emit(struct ike_builder *b, enum ike_payload_type type, const struct ike_id *id);

/* ---- Authentication (3.8): auth.c ---- */

enum ike_auth_method {
	IKE_AUTH_METHOD_RSA = 1,
	IKE_AUTH_METHOD_SHARED_KEY = 2,
	IKE_AUTH_METHOD_DSS = 3,
	IKE_AUTH_METHOD_ECDSA_256 = 9,
	IKE_AUTH_METHOD_ECDSA_384 = 10,
	IKE_AUTH_METHOD_ECDSA_521 = 11,
	IKE_AUTH_METHOD_NULL = 13,
	IKE_AUTH_METHOD_SIGNATURE = 14,	/* RFC 7427 */
};
struct ike_auth {
	uint8_t		method;	/* enum ike_auth_method, or a number we don't know */
	uint16_t	len;
	const uint8_t	*data;
};
IKE_MUST_CHECK enum ike_wire_error
ike_wire_auth_parse(struct ike_auth *auth, const struct ike_payload *p);
void ike_wire_auth_emit(struct ike_builder *b, enum ike_auth_method method,
			const uint8_t *data, size_t len);

/* ---- Notify (3.10): notify.c ---- */

struct ike_notify {
	uint16_t	type;		/* enum ike_notify_type, or a number we don't know */
	uint8_t		protocol;	/* enum ike_protocol; of the SA that @spi names */
	uint8_t		spi_len;
	uint16_t	len;
	const uint8_t	*spi;
	const uint8_t	*data;
};
IKE_MUST_CHECK enum ike_wire_error
ike_wire_notify_parse(struct ike_notify *n, const struct ike_payload *p);
/* About the IKE SA or no SA: no protocol, no SPI. */
void ike_wire_notify_emit(struct ike_builder *b, enum ike_notify_type type,
			  const void *data, size_t len);
/* About an ESP or AH SA (REKEY_SA, CHILD_SA_NOT_FOUND). @spi in host order. */
void ike_wire_notify_emit_spi(struct ike_builder *b, enum ike_notify_type type,
			      enum ike_protocol protocol, uint32_t spi);
/*
 * The first well-formed notify of @type in the chain. False and *@n unchanged if there is none.
 */
bool ike_chain_notify(const struct ike_chain *c, enum ike_notify_type type, struct ike_notify *n);
/* The first error notify (any type below IKE_NOTIFY_STATUS). */
bool ike_chain_notify_error(const struct ike_chain *c, struct ike_notify *n);
/* SYNTAX if any notify of the chain is malformed. */
IKE_MUST_CHECK enum ike_wire_error ike_chain_notify_check(const struct ike_chain *c);
/* The 4-octet SPI of an ESP or AH notify, host order; 0 if it has none. */
uint32_t ike_notify_spi(const struct ike_notify *n);
/* A two-octet value (INVALID_KE_PAYLOAD's group), 0 if @n has none. */
uint16_t ike_notify_u16(const struct ike_notify *n);

/* ---- Delete (3.11): delete.c ---- */

struct ike_delete {
	uint8_t		protocol;	/* IKE_PROTO_IKE (n = 0), ESP or AH */
	uint16_t	n;
	const uint8_t	*spis;		/* n times four octets */
};
IKE_MUST_CHECK enum ike_wire_error
ike_wire_delete_parse(struct ike_delete *d, const struct ike_payload *p);
/* SPI number @i, host order; 0 beyond the end. */
uint32_t ike_delete_spi(const struct ike_delete *d, uint16_t i);
/* Deletes the IKE SA (protocol IKE, @n = 0) or @n ESP or AH SAs. @spis in host order. */
void ike_wire_delete_emit(struct ike_builder *b, enum ike_protocol protocol,
			  const uint32_t *spis, uint16_t n);

/* ---- Traffic Selectors (3.13): ts_payload.c ---- */

/*
 * Selectors of types we don't know, and those beyond IKE_TS_MAX, are left out, which narrows:
 * @list may be empty. SYNTAX also for a range that ends before it starts (other than ports
 * OPAQUE), and for no selector at all.
 */
IKE_MUST_CHECK enum ike_wire_error
ike_wire_ts_parse(struct ike_ts_list *list, const struct ike_payload *p);
/* @type: IKE_PAYLOAD_TSI or IKE_PAYLOAD_TSR. */
void ike_wire_ts_emit(struct ike_builder *b, enum ike_payload_type type,
		      const struct ike_ts_list *list);

/* ---- Vendor ID (3.12) has no structure: p->body and ike_builder_raw(). ---- */

#endif
