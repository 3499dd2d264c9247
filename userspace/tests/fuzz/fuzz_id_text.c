// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The notation of identities: what is accepted reads back from its own text, and addresses
 * from theirs.
 */
#include <stdlib.h>
#include <string.h>

#include "ike/id.h"
#include "tests/common/fuzz_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_addr(const char *text)
{
	char buf[VD_ADDR_TEXT];
	struct vd_addr a, again;

	if (vd_addr_parse(&a, text))
		return;
	fuzz_require(!vd_addr_parse(&again, vd_addr_text(&a, buf)));
	fuzz_require(vd_addr_equal(&a, &again));
}

static void check_id(const char *text)
{
	static char buf[4 * IKE_ID_MAX + 32];
	struct vd_strbuf b = vd_strbuf_init(buf, sizeof(buf));
	struct ike_id id, again;

	if (ike_id_parse(&id, text))
		return;
	fuzz_require(id.len <= IKE_ID_MAX);
	ike_id_format(&b, &id);
	fuzz_require_printable(&b);
	fuzz_require(!b.cut && !ike_id_parse(&again, buf));
	fuzz_require(again.type == id.type && again.len == id.len && !memcmp(again.data, id.data, id.len));
	fuzz_require(ike_id_match(&id, &again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	fuzz_require(text != NULL);
	memcpy(text, data, size);
	text[size] = '\0';
	check_addr(text);
	check_id(text);
	free(text);
	return 0;
}
