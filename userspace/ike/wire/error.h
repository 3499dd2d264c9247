/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What can be wrong with a message: one must-check type for all of wire/.
 */
#ifndef IKE_WIRE_ERROR_H
#define IKE_WIRE_ERROR_H

enum ike_wire_error {
	IKE_WIRE_OK = 0,
	IKE_WIRE_TRUNCATED,	/* shorter than the IKE header */
	IKE_WIRE_LENGTH,	/* the header's length is not the datagram's */
	IKE_WIRE_VERSION,	/* major version is not the one asked for */
	IKE_WIRE_SYNTAX,	/* a payload is malformed: INVALID_SYNTAX */
	IKE_WIRE_CRITICAL,	/* an unknown payload is marked critical: UNSUPPORTED_CRITICAL_PAYLOAD */
	IKE_WIRE_TOO_MANY,	/* more payloads than we are willing to hold: as SYNTAX */
	IKE_WIRE_MISSING,	/* a payload the exchange requires is absent: as SYNTAX */
	IKE_WIRE_UNEXPECTED,	/* a payload that must not be here, or too often: as SYNTAX */
	IKE_WIRE_INTEGRITY,	/* ICV wrong: drop silently */
	IKE_WIRE_SPACE,		/* emission: the message does not fit its buffer */
	IKE_WIRE_NO_MEMORY,
	IKE_WIRE_CRYPTO,	/* a call of struct ike_ops failed */
};

#define IKE_MUST_CHECK __attribute__((warn_unused_result))

/* "syntax", "critical" …, for logs and tests. */
const char *ike_wire_error_name(enum ike_wire_error e);

#endif
