// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Both sides' values for a difference between proposals, as an admin compares them.
 */
#include "ike/proposal.h"

static bool is_among(const struct ike_proposal *p, const struct ike_transform *t)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->t[i].type == t->type && p->t[i].id == t->id &&
		    p->t[i].key_bits == t->key_bits)
			return true;
	return false;
}

/* Each transform of @type in the list once: "ecp256, modp1024". */
static void format_types(struct vd_strbuf *b, const struct ike_proposal_list *list, uint8_t type)
{
	struct ike_proposal seen = { .n = 0 };

	for (size_t i = 0; i < list->n; i++) {
		for (size_t k = 0; k < list->p[i].n; k++) {
			const struct ike_transform *t = &list->p[i].t[k];

			if (t->type != type || is_among(&seen, t) || seen.n == IKE_TRANSFORMS_MAX)
				continue;
			if (seen.n)
				vd_strbuf_str(b, ", ");
			ike_transform_format(b, t);
			seen.t[seen.n++] = *t;
		}
	}
	if (!seen.n)
		vd_strbuf_str(b, "none");
}

static const char *protocol_name(enum ike_protocol protocol)
{
	switch (protocol) {
	case IKE_PROTO_IKE:	return "ike";
	case IKE_PROTO_AH:	return "ah";
	case IKE_PROTO_ESP:	return "esp";
	case IKE_PROTO_NONE:	break;
	}
	return "unknown";
}

static void format_protocol(struct vd_strbuf *b, const struct ike_proposal_list *list)
{
	vd_strbuf_str(b, list->n ? protocol_name(list->p[0].protocol) : "none");
}

static void format_pfs(struct vd_strbuf *b, const struct ike_proposal_list *list)
{
	if (!ike_proposal_has_dh(list)) {
		vd_strbuf_str(b, "no PFS");
		return;
	}
	vd_strbuf_str(b, "PFS group ");
	format_types(b, list, IKE_T_DH);
}

static void format_side(struct vd_strbuf *b, const struct ike_proposal_list *list,
			enum ike_field field)
{
	switch (field) {
	case IKE_FIELD_ENCR:
	case IKE_FIELD_KEY_LENGTH:
		format_types(b, list, IKE_T_ENCR);
		break;
	case IKE_FIELD_PRF:
		format_types(b, list, IKE_T_PRF);
		break;
	case IKE_FIELD_INTEG:
		format_types(b, list, IKE_T_INTEG);
		break;
	case IKE_FIELD_DH:
		format_types(b, list, IKE_T_DH);
		break;
	case IKE_FIELD_PFS:
		format_pfs(b, list);
		break;
	case IKE_FIELD_ESN:
		format_types(b, list, IKE_T_ESN);
		break;
	case IKE_FIELD_PROTOCOL:
		format_protocol(b, list);
		break;
	case IKE_FIELD_NONE:
	case IKE_FIELD_TS:
	case IKE_FIELD_ID:
	case IKE_FIELD_PSK:
	case IKE_FIELD_AUTH_METHOD:
	case IKE_FIELD_VERSION:
	case IKE_FIELD_MODE:
	case IKE_FIELD_ADDRESS:
	case IKE_FIELD_COMBINATION:
		ike_proposal_list_format(b, list);
		break;
	}
}

void ike_proposal_diff_format(struct vd_strbuf *ours_text, struct vd_strbuf *theirs_text,
			      const struct ike_proposal_list *ours,
			      const struct ike_proposal_list *theirs,
			      const struct ike_proposal_diff *diff)
{
	format_side(ours_text, ours, diff->field);
	format_side(theirs_text, theirs, diff->field);
}
