// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The names and texts of causes, read off the one table.
 */
#include "ike/cause.h"

#include <stddef.h>

struct row {
	enum ike_cause_code	code;
	const char		*name, *title, *fix;
};

static const struct row rows[] = {
#define X(number, NAME, title, fix) { IKE_CAUSE_##NAME, #NAME, title, fix },
	IKE_CAUSE_CODES(X)
#undef X
};

static const struct row *find(enum ike_cause_code code)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].code == code)
			return &rows[i];
	return NULL;
}

const char *ike_cause_title(enum ike_cause_code code)
{
	const struct row *row = find(code);

	return row ? row->title : NULL;
}

const char *ike_cause_fix(enum ike_cause_code code)
{
	const struct row *row = find(code);

	return row ? row->fix : NULL;
}

const char *ike_cause_name(enum ike_cause_code code)
{
	const struct row *row = find(code);

	return row ? row->name : NULL;
}

const char *ike_phase_name(enum ike_phase phase)
{
	switch (phase) {
	case IKE_PHASE_NONE:	return "none";
	case IKE_PHASE_1:	return "phase1";
	case IKE_PHASE_AUTH:	return "auth";
	case IKE_PHASE_2:	return "phase2";
	case IKE_PHASE_KERNEL:	return "kernel";
	}
	return "unknown";
}

const char *ike_field_name(enum ike_field field)
{
	switch (field) {
	case IKE_FIELD_NONE:		return "none";
	case IKE_FIELD_PROTOCOL:	return "protocol";
	case IKE_FIELD_ENCR:		return "encryption";
	case IKE_FIELD_KEY_LENGTH:	return "key-length";
	case IKE_FIELD_PRF:		return "prf";
	case IKE_FIELD_INTEG:		return "integrity";
	case IKE_FIELD_DH:		return "dh-group";
	case IKE_FIELD_PFS:		return "pfs";
	case IKE_FIELD_ESN:		return "esn";
	case IKE_FIELD_TS:		return "selectors";
	case IKE_FIELD_ID:		return "id";
	case IKE_FIELD_PSK:		return "psk";
	case IKE_FIELD_AUTH_METHOD:	return "auth-method";
	case IKE_FIELD_VERSION:		return "version";
	case IKE_FIELD_MODE:		return "mode";
	case IKE_FIELD_ADDRESS:		return "address";
	case IKE_FIELD_COMBINATION:	return "combination";
	}
	return "unknown";
}
