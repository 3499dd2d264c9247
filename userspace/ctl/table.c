// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tables and trees on libsmartcols.
 */
#include "ctl/table.h"

#include <stdlib.h>
#include <string.h>

static const char *color_name(enum vd_color color)
{
	switch (color) {
	case VD_PLAIN:	break;
	case VD_BOLD:	return "bold";
	case VD_DIM:	return "\033[2m";
	case VD_GREEN:	return "green";
	case VD_YELLOW:	return "yellow";
	case VD_RED:	return "red";
	}
	return NULL;
}

struct vd_table vd_table_new(struct vd_ctl *ctl, const struct vd_table_column *columns, size_t n)
{
	struct vd_table t = { .ctl = ctl };

	scols_init_debug(0);
	t.table = vd_must(scols_new_table());
	scols_table_set_stream(t.table, ctl->out);
	scols_table_enable_colors(t.table, ctl->color);
	/* Cells are clean already; a second encoding would touch their backslashes. */
	scols_table_enable_noencoding(t.table, 1);
	scols_table_enable_minout(t.table, 1);	/* no blanks at line ends */
	/* Output into a file or a pipe is never cut. */
	if (!ctl->terminal)
		scols_table_set_termforce(t.table, SCOLS_TERMFORCE_NEVER);
	for (size_t i = 0; i < n; i++)
		vd_must(scols_table_new_column(t.table, columns[i].name, 0, columns[i].flags));
	return t;
}

struct libscols_line *vd_table_row(struct vd_table *t, struct libscols_line *parent)
{
	return vd_must(scols_table_new_line(t->table, parent));
}

void vd_table_cell(struct vd_table *t, struct libscols_line *row, size_t column, enum vd_color color,
		   const char *text)
{
	char *clean;

	if (!text || !*text)
		return;
	clean = vd_text_clean(text);
	/* refer_data takes the string over, or fails for lack of memory. */
	if (scols_line_refer_data(row, column, clean))
		vd_must(NULL);
	if (t->ctl->color && color_name(color))
		scols_cell_set_color(scols_line_get_cell(row, column), color_name(color));
}

void vd_table_print(struct vd_table *t)
{
	if (!scols_table_is_empty(t->table))
		scols_print_table(t->table);
	scols_unref_table(t->table);
	t->table = NULL;
}
