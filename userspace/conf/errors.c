// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The errors of a configuration: collected, put in the order of the files, printed.
 */
#include <stdarg.h>
#include <string.h>

#include "conf/tree.h"

/* Octets of the UTF-8 sequence at @s, 0 if it is none or a control character. */
static size_t sequence(const unsigned char *s)
{
	size_t n = s[0] < 0x80 ? 1 : s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;

	if (n == 1)
		return s[0] >= 0x20 && s[0] != 0x7f;
	/* 0xc0 and 0xc1 would be overlong, 0xf5 and above beyond Unicode. */
	if (s[0] < 0xc2 || s[0] > 0xf4)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	/* Overlong, C1 controls, surrogates, beyond Unicode. */
	if ((s[0] == 0xc2 && s[1] < 0xa0) || (s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return n;
}

/* What a file holds is quoted in messages, which become JSON and reach terminals: UTF-8 without control characters. */
static void clean(char *text)
{
	for (unsigned char *s = (unsigned char *)text; *s; ) {
		size_t n = sequence(s);

		if (!n)
			*s = '?';
		s += n ? n : 1;
	}
}

static void set(char *to, size_t cap, const char *text)
{
	if (text)
		snprintf(to, cap, "%s", text);
	clean(to);
}

static void set_message(struct vd_conf_error *e, const char *fmt, va_list ap)
{
	vsnprintf(e->message, sizeof(e->message), fmt, ap);
	clean(e->message);
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
	set_message(e, fmt, ap);
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
	set_message(e, fmt, ap);
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
	set_message(e, fmt, ap);
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

void vd_conf_error_print(FILE *out, const struct vd_conf_error *e)
{
	fputs(e->file, out);
	if (e->line)
		fprintf(out, ":%u:%u", e->line, e->column);
	fputs(": ", out);
	fputs(e->message, out);
	if (e->expected[0]) {
		fputs("; expected ", out);
		fputs(e->expected, out);
	}
	if (e->nearest[0]) {
		fputs("; did you mean `", out);
		fputs(e->nearest, out);
		fputs("`?", out);
	}
	if (e->fix[0]) {
		fputs("; run: ", out);
		fputs(e->fix, out);
	}
	fputc('\n', out);
}
