// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Narrowing of one TS payload by another: the first octet (times four) is the first one's
 * length. The result is within both, and empty only if they are disjoint.
 */
#include <string.h>

#include "ike/wire/payload.h"
#include "tests/common/fuzz_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool all_disjoint(const struct ike_ts_list *a, const struct ike_ts_list *b)
{
	struct ike_ts common;

	for (size_t i = 0; i < a->n; i++)
		for (size_t k = 0; k < b->n; k++)
			if (ike_ts_intersect(&a->ts[i], &b->ts[k], &common))
				return false;
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ike_payload a = { .type = IKE_PAYLOAD_TSI }, b = a;
	struct ike_ts_list ours, theirs, out, back;
	static char text[8192];
	struct vd_strbuf t = vd_strbuf_init(text, sizeof(text));
	size_t split;

	if (!size || size > 4096)
		return 0;
	split = data[0] * 4u;
	if (split > size - 1)
		return 0;
	a.body = data + 1;
	a.len = (uint16_t)split;
	b.body = data + 1 + split;
	b.len = (uint16_t)(size - 1 - split);
	if (ike_wire_ts_parse(&ours, &a) || ike_wire_ts_parse(&theirs, &b))
		return 0;
	if (!ike_ts_narrow(&ours, &theirs, &out)) {
		fuzz_require(all_disjoint(&ours, &theirs));
		fuzz_require(!ike_ts_narrow(&theirs, &ours, &back));
		return 0;
	}
	fuzz_require(out.n >= 1 && out.n <= IKE_TS_MAX);
	fuzz_require(ike_ts_list_contains(&ours, &out) && ike_ts_list_contains(&theirs, &out));
	for (size_t i = 0; i < out.n; i++)
		for (size_t k = 0; k < out.n; k++)
			fuzz_require(i == k || !ike_ts_contains(&out.ts[i], &out.ts[k]));
	ike_ts_list_format(&t, &out);
	fuzz_require_printable(&t);
	/* Narrowing again changes nothing. */
	fuzz_require(ike_ts_narrow(&out, &out, &back) && ike_ts_list_equal(&out, &back));
	return 0;
}
