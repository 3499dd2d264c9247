// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The errors of a configuration: collected, put in the order of the files, printed.
 */
#include <stdarg.h>
#include <string.h>

#include "conf/tree.h"

static void set(char *to, size_t cap, const char *text)
{
	if (text)
		snprintf(to, cap, "%s", text);
}

static struct vd_conf_error *add(struct vd_conf_errors *list, struct ike_pos pos)
{
	struct vd_conf_error *e;

	if (!list)
		return NULL;
	list->total++;
	if (list->n == VD_CONF_ERRORS_MAX)
		return NULL;
	e = &list->e[list->n++];
	memset(e, 0, sizeof(*e));
	set(e->file, sizeof(e->file), pos.file);
	e->line = pos.line;
	e->column = pos.column;
	return e;
}

void conf_error(struct conf_parse *p, struct ike_pos pos, const char *expected, const char *nearest,
		const char *fmt, ...)
{
	struct vd_conf_error *e = add(p->errors, pos);
	va_list ap;

	if (!e)
		return;
	va_start(ap, fmt);
	vsnprintf(e->message, sizeof(e->message), fmt, ap);
	va_end(ap);
	set(e->expected, sizeof(e->expected), expected);
	set(e->nearest, sizeof(e->nearest), nearest);
}

void conf_error_fix(struct conf_parse *p, struct ike_pos pos, const char *fix, const char *fmt, ...)
{
	struct vd_conf_error *e = add(p->errors, pos);
	va_list ap;

	if (!e)
		return;
	va_start(ap, fmt);
	vsnprintf(e->message, sizeof(e->message), fmt, ap);
	va_end(ap);
	set(e->fix, sizeof(e->fix), fix);
}

void conf_warn(struct conf_parse *p, struct ike_pos pos, const char *fmt, ...)
{
	struct vd_conf_error *e = add(p->warnings, pos);
	va_list ap;

	if (!e)
		return;
	va_start(ap, fmt);
	vsnprintf(e->message, sizeof(e->message), fmt, ap);
	va_end(ap);
}

static size_t file_index(const struct vd_conf *c, const char *file)
{
	size_t i;

	for (i = 0; i < c->n_files; i++)
		if (!strcmp(c->files[i], file))
			break;
	return i;
}

static bool before(const struct vd_conf *c, const struct vd_conf_error *a, const struct vd_conf_error *b)
{
	size_t fa = file_index(c, a->file), fb = file_index(c, b->file);

	if (fa != fb)
		return fa < fb;
	if (a->line != b->line)
		return a->line < b->line;
	return a->column < b->column;
}

/* Insertion: at most twenty, and those at one place stay in the order found. */
void conf_errors_sort(struct vd_conf_errors *list, const struct vd_conf *c)
{
	for (uint32_t i = 1; list && i < list->n; i++) {
		struct vd_conf_error e = list->e[i];
		uint32_t at = i;

		for (; at && before(c, &e, &list->e[at - 1]); at--)
			list->e[at] = list->e[at - 1];
		list->e[at] = e;
	}
}

/* What came from a file may hold anything; a terminal must not obey it. */
static void put(FILE *out, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c < 0x20 || c == 0x7f)
			fprintf(out, "\\x%02x", c);
		else
			fputc(c, out);
	}
}

void vd_conf_error_print(FILE *out, const struct vd_conf_error *e)
{
	put(out, e->file);
	if (e->line)
		fprintf(out, ":%u:%u", e->line, e->column);
	fputs(": ", out);
	put(out, e->message);
	if (e->expected[0]) {
		fputs("; expected ", out);
		put(out, e->expected);
	}
	if (e->nearest[0]) {
		fputs("; did you mean `", out);
		put(out, e->nearest);
		fputs("`?", out);
	}
	if (e->fix[0]) {
		fputs("; run: ", out);
		put(out, e->fix);
	}
	fputc('\n', out);
}
