/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Chains of payloads (RFC 7296, 3.2): taken apart into bounded views, checked
 * against an exchange's table, and built.
 *
 * Views point into the octets they were parsed from and are valid as long as those.
 */
#ifndef IKE_WIRE_CHAIN_H
#define IKE_WIRE_CHAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "ike/wire/error.h"

#define IKE_PAYLOAD_HEADER_LEN	4
#define IKE_PAYLOADS_MAX	64	/* in one chain, unknown ones not counted */

enum ike_payload_type {
	IKE_PAYLOAD_NONE = 0,
	IKE_PAYLOAD_SA = 33,
	IKE_PAYLOAD_KE = 34,
	IKE_PAYLOAD_IDI = 35,
	IKE_PAYLOAD_IDR = 36,
	IKE_PAYLOAD_CERT = 37,
	IKE_PAYLOAD_CERTREQ = 38,
	IKE_PAYLOAD_AUTH = 39,
	IKE_PAYLOAD_NONCE = 40,
	IKE_PAYLOAD_NOTIFY = 41,
	IKE_PAYLOAD_DELETE = 42,
	IKE_PAYLOAD_VENDOR = 43,
	IKE_PAYLOAD_TSI = 44,
	IKE_PAYLOAD_TSR = 45,
	IKE_PAYLOAD_SK = 46,
	IKE_PAYLOAD_CP = 47,
	IKE_PAYLOAD_EAP = 48,
	IKE_PAYLOAD_SKF = 53,	/* RFC 7383 */
};

/* ---- taking apart ---- */

struct ike_payload {
	uint8_t		type;		/* enum ike_payload_type */
	bool		critical;
	uint16_t	len;
	const uint8_t	*body;		/* behind the generic header */
};

struct ike_chain {
	uint8_t			n;
	uint8_t			unknown;	/* payloads skipped, at most 255 counted */
	struct ike_payload	p[IKE_PAYLOADS_MAX];
};

/*
 * Takes the chain of @data apart, whose first payload is of type @first. All octets must be used.
 * Unknown payloads are skipped unless critical. SK and SKF are an error here: in the clear part
 * ike_message_parse() takes them, and they don't nest. SYNTAX, CRITICAL, TOO_MANY, with *@at (may
 * be NULL) the type of the payload at fault and @c unchanged.
 */
IKE_MUST_CHECK enum ike_wire_error
ike_chain_parse(struct ike_chain *c, uint8_t first, const uint8_t *data, size_t len, uint8_t *at);

/* The first payload of @type, or the next one behind @prev. NULL if there is none. */
const struct ike_payload *ike_chain_find(const struct ike_chain *c, uint8_t type);
const struct ike_payload *ike_chain_next(const struct ike_chain *c, const struct ike_payload *prev,
					 uint8_t type);
/* How many payloads of @type. */
unsigned int ike_chain_count(const struct ike_chain *c, uint8_t type);

/*
 * A row of an exchange's table: how often a payload of @type occurs. A known type without a row may
 * not occur.
 */
struct ike_payload_rule {
	uint8_t	type;
	uint8_t	min;
	uint8_t	max;
};
/* MISSING or UNEXPECTED with *@at (may be NULL) the type. */
IKE_MUST_CHECK enum ike_wire_error
ike_chain_check(const struct ike_chain *c, const struct ike_payload_rule *rules, size_t n_rules,
		uint8_t *at);

/* "SA", "TSi" …; "unknown" for other numbers. */
const char *ike_payload_name(uint8_t type);

/* ---- building ---- */

/*
 * A chain being built in a buffer of the caller, without IKE header or encryption:
 * ike_message_emit() and ike_sk_seal() add those. Payloads are appended by the emitters of
 * wire/payload.h. Too small a buffer fails the builder for good; the caller sees it when the
 * message is emitted.
 */
struct ike_builder {
	struct vd_writer	w;
	uint8_t			first;	/* type of the first payload */
	size_t			last;	/* offset of the last payload's generic header */
};

struct ike_builder ike_builder_init(void *buf, size_t cap);
/*
 * Opens a payload: links it to the one before and writes its header. The body follows by vd_put_* on
 * &b->w.
 */
void ike_builder_begin(struct ike_builder *b, enum ike_payload_type type);
/* Closes the payload opened last: sets its length. */
void ike_builder_end(struct ike_builder *b);
/* A whole payload from ready octets. */
void ike_builder_raw(struct ike_builder *b, enum ike_payload_type type, const void *body,
		     size_t len);

#endif
