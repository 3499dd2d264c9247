/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tables and trees on libsmartcols. Cells are cleaned (text.h); colours only when ctl->color.
 */
#ifndef VD_CTL_TABLE_H
#define VD_CTL_TABLE_H

#include <libsmartcols/libsmartcols.h>

#include "ctl/text.h"

struct vd_table_column {
	const char	*name;
	int		flags;		/* SCOLS_FL_… */
};

struct vd_table {
	struct vd_ctl		*ctl;
	struct libscols_table	*table;
};

/* An empty table; fails by exit (vd_must). */
struct vd_table vd_table_new(struct vd_ctl *ctl, const struct vd_table_column *columns, size_t n);
/* A new row, below @parent in the tree column, or NULL. */
struct libscols_line *vd_table_row(struct vd_table *t, struct libscols_line *parent);
/* Text into a cell; NULL or "" leaves it empty. */
void vd_table_cell(struct vd_table *t, struct libscols_line *row, size_t column, enum vd_color color,
		   const char *text);
/* Prints on ctl->out (nothing, when there is no row) and frees. */
void vd_table_print(struct vd_table *t);

#endif
