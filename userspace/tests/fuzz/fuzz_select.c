// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The choice between two SA payloads: the first octet holds the rules, the second (times four)
 * the first payload's length. What is chosen must be in both; what is refused must be explained.
 */
#include <string.h>

#include "ike/wire/payload.h"
#include "tests/common/fuzz_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool offers(const struct ike_proposal *p, const struct ike_transform *t)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->t[i].type == t->type && p->t[i].id == t->id && p->t[i].key_bits == t->key_bits)
			return true;
	return false;
}

/* Ours come from the configuration, which has no types or algorithms without a name. */
static bool is_configurable(const struct ike_proposal_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		for (size_t k = 0; k < list->p[i].n; k++)
			if (!ike_transform_info(list->p[i].t[k].type, list->p[i].t[k].id,
						list->p[i].t[k].key_bits))
				return false;
	return true;
}

static void check_chosen(const struct ike_proposal_list *ours, const struct ike_proposal_list *theirs,
			 const struct ike_selection *sel)
{
	static const struct ike_select_rules answer = { .answer = true };
	static struct ike_proposal_list reply;
	const struct ike_proposal *from = &theirs->p[sel->theirs];
	struct ike_selection again;
	bool real = false;

	fuzz_require(sel->theirs < theirs->n && sel->chosen.number == from->number);
	fuzz_require(sel->chosen.spi_len == from->spi_len && sel->suite.protocol == from->protocol);
	for (size_t i = 0; i < sel->chosen.n; i++) {
		fuzz_require(offers(from, &sel->chosen.t[i]));
		for (size_t k = 0; k < i; k++)
			fuzz_require(sel->chosen.t[k].type != sel->chosen.t[i].type);
	}
	/* Never encryption without integrity. */
	if (sel->suite.protocol != IKE_PROTO_AH) {
		const struct ike_transform_info *info = ike_transform_info(
			IKE_T_ENCR, (uint16_t)sel->suite.encr, sel->suite.encr_key_bits);

		real = info && info->aead;
	}
	fuzz_require(real || sel->suite.integ != IKE_INTEG_NONE);
	if (sel->suite.protocol == IKE_PROTO_IKE)
		fuzz_require(sel->suite.dh != IKE_DH_NONE && sel->suite.prf != IKE_PRF_NONE);
	/* The answer holds among our own offers, PFS aside when it was ignored. */
	reply.n = 1;
	reply.p[0] = sel->chosen;
	if (sel->suite.dh != IKE_DH_NONE)
		fuzz_require(ike_proposal_select(ours, &reply, &answer, &again, NULL));
}

static void check_refused(const struct ike_proposal_list *ours, const struct ike_proposal_list *theirs,
			  const struct ike_proposal_diff *diff)
{
	static char a[4096], b[256];
	struct vd_strbuf ta = vd_strbuf_init(a, sizeof(a)), tb = vd_strbuf_init(b, sizeof(b));

	fuzz_require(diff->field != IKE_FIELD_NONE && diff->field <= IKE_FIELD_COMBINATION);
	fuzz_require(diff->ours < ours->n && diff->theirs < theirs->n);
	ike_proposal_diff_format(&ta, &tb, ours, theirs, diff);
	fuzz_require_printable(&ta);
	fuzz_require_printable(&tb);
	fuzz_require(ta.len && tb.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum ike_dh groups[] = { IKE_DH_NONE, IKE_DH_MODP2048, IKE_DH_ECP256, IKE_DH_CURVE25519 };
	static struct ike_proposal_list ours, theirs;
	struct ike_payload a = { .type = IKE_PAYLOAD_SA }, b = a;
	struct ike_select_rules rules;
	struct ike_proposal_diff diff;
	struct ike_selection sel;
	size_t split;

	if (size < 2 || size > 4096)
		return 0;
	rules = (struct ike_select_rules){
		.prefer_theirs = data[0] & 1, .ignore_dh = data[0] & 2, .answer = data[0] & 4,
		.ke_group = groups[data[0] >> 3 & 3],
	};
	split = data[1] * 4u;
	if (split > size - 2)
		return 0;
	a.body = data + 2;
	a.len = (uint16_t)split;
	b.body = data + 2 + split;
	b.len = (uint16_t)(size - 2 - split);
	if (ike_wire_sa_parse(&ours, &a) || ike_wire_sa_parse(&theirs, &b) || !is_configurable(&ours))
		return 0;
	if (ike_proposal_select(&ours, &theirs, &rules, &sel, &diff))
		check_chosen(&ours, &theirs, &sel);
	else
		check_refused(&ours, &theirs, &diff);
	return 0;
}
