// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The notation of proposals: the first octet picks the protocol, the rest is text. What is
 * accepted must survive text and wire; what is refused must point into the text.
 */
#include <stdlib.h>
#include <string.h>

#include "ike/wire/payload.h"
#include "tests/common/fuzz_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_accepted(const struct ike_proposal *p)
{
	static struct ike_proposal_list list, again;
	static const struct ike_select_rules rules = { 0 };
	static char text[4096];
	static uint8_t wire[4096];
	struct vd_strbuf t = vd_strbuf_init(text, sizeof(text));
	struct ike_builder b = ike_builder_init(wire, sizeof(wire));
	struct ike_proposal same;
	struct ike_payload payload;
	const char *why;
	size_t at;

	ike_proposal_format(&t, p);
	fuzz_require_printable(&t);
	fuzz_require(!t.cut);
	fuzz_require(!ike_proposal_parse(&same, p->protocol, text, true, &at, &why));
	fuzz_require(ike_proposal_equal(p, &same));

	list.n = 1;
	list.p[0] = *p;
	list.p[0].spi_len = p->protocol == IKE_PROTO_IKE ? 0 : 4;
	ike_wire_sa_emit(&b, &list);
	fuzz_require(!b.w.failed);
	payload = (struct ike_payload){ .body = wire + 4, .len = (uint16_t)(b.w.len - 4) };
	fuzz_require(ike_wire_sa_parse(&again, &payload) == IKE_WIRE_OK);
	fuzz_require(ike_proposal_list_equal(&list, &again));
	/* Two ends with the same configuration agree. */
	fuzz_require(ike_proposal_select(&list, &again, &rules, NULL, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum ike_protocol protocols[] = { IKE_PROTO_IKE, IKE_PROTO_ESP, IKE_PROTO_AH };
	struct ike_proposal p;
	const char *why = NULL;
	size_t at = SIZE_MAX;
	char *text;

	if (!size || size > 1024)
		return 0;
	text = malloc(size);	/* exactly: reading on would be seen */
	fuzz_require(text != NULL);
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	if (ike_proposal_parse(&p, protocols[data[0] % 3], text, data[0] & 4, &at, &why)) {
		fuzz_require(at <= strlen(text) && why && *why);
		free(text);
		return 0;
	}
	free(text);
	check_accepted(&p);
	return 0;
}
