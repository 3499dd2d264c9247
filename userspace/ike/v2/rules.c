// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which payloads each message must, may and must not carry (RFC 7296, 1.2 to 1.4, appendix C).
 * Notifies are always allowed: unknown ones are ignored (3.10.1).
 */
#include "ike/v2/v2.h"

#define MANY 32

#define MUST(t)		{ IKE_PAYLOAD_##t, 1, 1 }
#define MAY(t)		{ IKE_PAYLOAD_##t, 0, 1 }
#define ANY(t)		{ IKE_PAYLOAD_##t, 0, MANY }

static const struct ike_payload_rule sa_init_request[] = {
	MUST(SA), MUST(KE), MUST(NONCE), ANY(NOTIFY), ANY(VENDOR),
};
static const struct ike_payload_rule sa_init_response[] = {
	MUST(SA), MUST(KE), MUST(NONCE), ANY(NOTIFY), ANY(VENDOR), ANY(CERTREQ),
};
/* AUTH is absent when the peer wants EAP: a wrong method, not wrong syntax. */
static const struct ike_payload_rule auth_request[] = {
	MUST(IDI), MAY(IDR), MAY(AUTH), ANY(CERT), ANY(CERTREQ), MAY(SA), MAY(TSI), MAY(TSR),
	MAY(CP), ANY(NOTIFY), ANY(VENDOR),
};
static const struct ike_payload_rule auth_response[] = {
	MUST(IDR), MUST(AUTH), ANY(CERT), MAY(SA), MAY(TSI), MAY(TSR), MAY(CP), ANY(NOTIFY),
	ANY(VENDOR),
};
static const struct ike_payload_rule child_request[] = {
	MUST(SA), MUST(NONCE), MAY(KE), MUST(TSI), MUST(TSR), MAY(CP), ANY(NOTIFY), ANY(VENDOR),
};
static const struct ike_payload_rule child_response[] = {
	MUST(SA), MUST(NONCE), MAY(KE), MUST(TSI), MUST(TSR), MAY(CP), ANY(NOTIFY), ANY(VENDOR),
};
static const struct ike_payload_rule rekey_ike_request[] = {
	MUST(SA), MUST(NONCE), MUST(KE), ANY(NOTIFY), ANY(VENDOR),
};
static const struct ike_payload_rule rekey_ike_response[] = {
	MUST(SA), MUST(NONCE), MUST(KE), ANY(NOTIFY), ANY(VENDOR),
};
static const struct ike_payload_rule informational[] = {
	ANY(NOTIFY), ANY(DELETE), MAY(CP), ANY(VENDOR),
};
static const struct ike_payload_rule error[] = {
	ANY(NOTIFY), ANY(VENDOR),
};

#define ROW(table) { table, sizeof(table) / sizeof(table[0]) }

static const struct {
	const struct ike_payload_rule *rules;
	size_t n;
} steps[] = {
	[IKE_V2_SA_INIT_REQUEST]	= ROW(sa_init_request),
	[IKE_V2_SA_INIT_RESPONSE]	= ROW(sa_init_response),
	[IKE_V2_AUTH_REQUEST]		= ROW(auth_request),
	[IKE_V2_AUTH_RESPONSE]		= ROW(auth_response),
	[IKE_V2_CHILD_REQUEST]		= ROW(child_request),
	[IKE_V2_CHILD_RESPONSE]		= ROW(child_response),
	[IKE_V2_REKEY_IKE_REQUEST]	= ROW(rekey_ike_request),
	[IKE_V2_REKEY_IKE_RESPONSE]	= ROW(rekey_ike_response),
	[IKE_V2_INFORMATIONAL]		= ROW(informational),
	[IKE_V2_ERROR]			= ROW(error),
};

bool ike_v2_allowed(enum ike_v2_step step, const struct ike_chain *c)
{
	return ike_chain_check(c, steps[step].rules, steps[step].n, NULL) == IKE_WIRE_OK &&
	       ike_chain_notify_check(c) == IKE_WIRE_OK;
}
