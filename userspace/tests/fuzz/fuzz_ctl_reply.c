// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any reply of a daemon through viaductctl's parser and every printer of text. Beyond not crashing:
 * nothing printed may be a control character, whatever the reply holds.
 */
#include <assert.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/client.h"
#include "ctl/text.h"

static void check_output(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		assert((c >= 0x20 && c != 0x7f) || c == '\n');
		/* U+0080 to U+009F, the other control characters */
		assert(c != 0xc2 || i + 1 == len || (unsigned char)text[i + 1] >= 0xa0);
	}
}

static void print_all(struct vd_ctl *ctl, const struct vd_reply *r)
{
	const json_t *p = r->parameters;
	bool found;

	if (r->error) {
		vd_problem_reply(ctl, r);
		return;
	}
	vd_status_print(ctl, p);
	vd_show_print(ctl, p, "hq");
	vd_event_print(ctl, json_object_get(p, "event"), true);
	vd_explain_print(ctl, json_object_get(p, "gateways"), NULL, &found);
	vd_explain_print(ctl, json_object_get(p, "gateways"), "VIA-2104", &found);
	vd_counters_print(ctl, p);
	vd_changes_print(ctl, json_object_get(p, "changes"), true);
	if (json_object_get(p, "cause"))
		vd_cause_print(ctl, ctl->err, json_object_get(p, "cause"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vd_ctl ctl = { .now_ms = 1795198801250, .socket = "/run/viaduct/control.sock" };
	struct vd_reply r = { 0 };
	char *text = NULL;
	size_t len = 0;

	setlocale(LC_CTYPE, "C.UTF-8");
	if (vd_reply_parse(&r, (const char *)data, size) < 0)
		return 0;
	ctl.out = ctl.err = vd_must(open_memstream(&text, &len));
	print_all(&ctl, &r);
	fclose(ctl.out);
	check_output(text, len);
	free(text);
	vd_reply_free(&r);
	return 0;
}
