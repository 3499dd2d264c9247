// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * reload: the daemon reads its configuration anew, whole or not at all. --dry-run only tells what
 * would change.
 */
#include <stdlib.h>
#include <string.h>

#include "ctl/client.h"
#include "ctl/text.h"

static void print_change(struct vd_ctl *ctl, const json_t *change)
{
	const char *op = vd_js_text(change, "op");
	char *fields = vd_js_join(change, "fields", ", ");
	enum vd_color color = VD_YELLOW;
	char mark = '~';

	if (!strcmp(op, "add")) {
		mark = '+';
		color = VD_GREEN;
	} else if (!strcmp(op, "remove")) {
		mark = '-';
		color = VD_RED;
	}
	vd_line(ctl, color, "%c %s %s%s%s", mark, vd_js_text(change, "kind"), vd_js_text(change, "name"),
		fields ? ": " : "", fields ? fields : "");
	free(fields);
}

void vd_changes_print(struct vd_ctl *ctl, const json_t *changes, bool dry_run)
{
	size_t n = json_array_size(changes), i;
	const json_t *change;

	json_array_foreach(changes, i, change)
		print_change(ctl, change);
	if (!n)
		vd_line(ctl, VD_PLAIN, "nothing %s: the configuration is the one in use",
			dry_run ? "would change" : "changed");
	else if (dry_run)
		vd_line(ctl, VD_PLAIN, "%zu change%s; nothing done (viaductctl reload does it)", n,
			n == 1 ? "" : "s");
	else
		vd_line(ctl, VD_PLAIN, "%zu change%s made", n, n == 1 ? "" : "s");
}

enum vd_ctl_exit vd_cmd_reload(struct vd_ctl *ctl)
{
	bool dry_run = ctl->given & VD_OPT_DRY_RUN;
	struct vd_reply r = { 0 };
	enum vd_ctl_exit status = vd_ctl_call(ctl, "org.viaduct.Reload",
					      json_pack("{s:b}", "dry_run", dry_run), &r);

	if (status != VD_CTL_DONE)
		return status;
	if (ctl->json)
		vd_json_line(ctl, r.parameters);
	else
		vd_changes_print(ctl, json_object_get(r.parameters, "changes"), dry_run);
	vd_reply_free(&r);
	return VD_CTL_DONE;
}
