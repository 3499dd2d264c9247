// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Names of what can be wrong with a message.
 */
#include "ike/wire/error.h"

const char *ike_wire_error_name(enum ike_wire_error e)
{
	switch (e) {
	case IKE_WIRE_OK:		return "ok";
	case IKE_WIRE_TRUNCATED:	return "truncated";
	case IKE_WIRE_LENGTH:		return "length";
	case IKE_WIRE_VERSION:		return "version";
	case IKE_WIRE_SYNTAX:		return "syntax";
	case IKE_WIRE_CRITICAL:		return "critical";
	case IKE_WIRE_TOO_MANY:		return "too-many";
	case IKE_WIRE_MISSING:		return "missing";
	case IKE_WIRE_UNEXPECTED:	return "unexpected";
	case IKE_WIRE_INTEGRITY:	return "integrity";
	case IKE_WIRE_SPACE:		return "space";
	case IKE_WIRE_NO_MEMORY:	return "no-memory";
	case IKE_WIRE_CRYPTO:		return "crypto";
	}
	return "unknown";
}
