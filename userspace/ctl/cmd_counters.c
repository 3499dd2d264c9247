// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * counters: what was dropped and why, by the IKE daemon and by the kernel module.
 */
#include <stdlib.h>

#include "ctl/client.h"
#include "ctl/table.h"

enum { PART, REASON, COUNT };

static const struct vd_table_column columns[] = {
	[PART]	 = { "PART", 0 },
	[REASON] = { "COUNTER", 0 },
	[COUNT]	 = { "COUNT", SCOLS_FL_RIGHT },
};

static size_t add_part(struct vd_table *t, const json_t *counters, const char *part)
{
	json_t *list = json_object_get(counters, part), *v;
	const char *reason;
	size_t n = 0;

	json_object_foreach(list, reason, v) {
		struct libscols_line *row;
		char text[24];

		if (!json_integer_value(v))
			continue;
		row = vd_table_row(t, NULL);
		snprintf(text, sizeof(text), "%lld", (long long)json_integer_value(v));
		vd_table_cell(t, row, PART, VD_PLAIN, part);
		vd_table_cell(t, row, REASON, VD_PLAIN, reason);
		vd_table_cell(t, row, COUNT, VD_PLAIN, text);
		n++;
	}
	return n;
}

void vd_counters_print(struct vd_ctl *ctl, const json_t *counters)
{
	struct vd_table t = vd_table_new(ctl, columns, sizeof(columns) / sizeof(columns[0]));
	size_t n = add_part(&t, counters, "ike") + add_part(&t, counters, "kernel");

	vd_table_print(&t);
	if (!n)
		vd_line(ctl, VD_PLAIN, "all counters are zero");
}

enum vd_ctl_exit vd_cmd_counters(struct vd_ctl *ctl)
{
	struct vd_reply r = { 0 };
	enum vd_ctl_exit status = vd_ctl_call(ctl, "org.viaduct.Counters", json_object(), &r);

	if (status != VD_CTL_DONE)
		return status;
	if (ctl->json)
		vd_json_line(ctl, r.parameters);
	else
		vd_counters_print(ctl, r.parameters);
	vd_reply_free(&r);
	return VD_CTL_DONE;
}
