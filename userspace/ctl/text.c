// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lines, numbers and times for people.
 */
#include "ctl/text.h"

#include <langinfo.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>

void *vd_must(void *p)
{
	if (!p) {
		fputs("viaductctl: out of memory\n", stderr);
		exit(VD_CTL_FAILED);
	}
	return p;
}

/* Octets of the printable character at @s, 0 when it must not reach a terminal as it is. */
static size_t printable(const char *s)
{
	unsigned char first = (unsigned char)*s;
	mbstate_t state = { 0 };
	wchar_t wide;
	size_t n;

	if (first < 0x80)
		return first >= 0x20 && first != 0x7f;
	if (strcmp(nl_langinfo(CODESET), "UTF-8"))
		return 0;
	n = mbrtowc(&wide, s, MB_LEN_MAX, &state);
	if (n == 0 || n > MB_LEN_MAX || wcwidth(wide) <= 0)
		return 0;
	return n;
}

char *vd_text_clean(const char *s)
{
	static const char hex[] = "0123456789abcdef";
	char *out = vd_must(malloc(strlen(s) * 4 + 1)), *to = out;

	while (*s) {
		size_t n = printable(s);

		if (n) {
			memcpy(to, s, n);
			to += n;
			s += n;
			continue;
		}
		*to++ = '\\';
		*to++ = 'x';
		*to++ = hex[(unsigned char)*s >> 4];
		*to++ = hex[(unsigned char)*s & 15];
		s++;
	}
	*to = '\0';
	return out;
}

static const char *const sequences[] = {
	[VD_PLAIN] = NULL, [VD_BOLD] = "1", [VD_DIM] = "2",
	[VD_GREEN] = "32", [VD_YELLOW] = "33", [VD_RED] = "31",
};

const char *vd_color_on(const struct vd_ctl *ctl, enum vd_color color)
{
	static char text[8];

	if (!ctl->color || !sequences[color])
		return "";
	snprintf(text, sizeof(text), "\033[%sm", sequences[color]);
	return text;
}

const char *vd_color_off(const struct vd_ctl *ctl, enum vd_color color)
{
	return ctl->color && sequences[color] ? "\033[0m" : "";
}

enum vd_color vd_color_state(const char *state)
{
	if (!state || !strcmp(state, "idle"))
		return VD_DIM;
	if (!strcmp(state, "up") || !strcmp(state, "rekeying"))
		return VD_GREEN;
	if (!strcmp(state, "retry-wait"))
		return VD_RED;
	return VD_YELLOW;
}

bool vd_state_is_up(const json_t *object)
{
	return vd_color_state(vd_js_str(object, "state")) == VD_GREEN;
}

static char *format_clean(const char *fmt, va_list ap)
{
	char *raw, *clean;

	if (vasprintf(&raw, fmt, ap) < 0)
		vd_must(NULL);
	clean = vd_text_clean(raw);
	free(raw);
	return clean;
}

void vd_line(struct vd_ctl *ctl, enum vd_color color, const char *fmt, ...)
{
	char *text;
	va_list ap;

	va_start(ap, fmt);
	text = format_clean(fmt, ap);
	va_end(ap);
	fprintf(ctl->out, "%s%s%s\n", vd_color_on(ctl, color), text, vd_color_off(ctl, color));
	free(text);
}

void vd_complain(struct vd_ctl *ctl, const char *fmt, ...)
{
	char *text;
	va_list ap;

	va_start(ap, fmt);
	text = format_clean(fmt, ap);
	va_end(ap);
	fflush(ctl->out);
	fprintf(ctl->err, "viaductctl: %s\n", text);
	free(text);
}

void vd_fact(struct vd_ctl *ctl, const char *label, const char *fmt, ...)
{
	char *text;
	va_list ap;

	va_start(ap, fmt);
	text = format_clean(fmt, ap);
	va_end(ap);
	if (*text)
		fprintf(ctl->out, "  %s%-14s%s %s\n", vd_color_on(ctl, VD_DIM), label,
			vd_color_off(ctl, VD_DIM), text);
	free(text);
}

void vd_lines(struct vd_ctl *ctl, FILE *to, enum vd_color color, const char *indent, const char *text)
{
	char *copy = vd_must(strdup(text)), *rest = copy, *line;

	while ((line = strsep(&rest, "\n"))) {
		char *clean;

		if (!*line && !rest)
			break;		/* the end after the last line */
		clean = vd_text_clean(line);
		fprintf(to, "%s%s%s%s\n", indent, vd_color_on(ctl, color), clean,
			vd_color_off(ctl, color));
		free(clean);
		color = VD_PLAIN;
	}
	free(copy);
}

void vd_json_line(struct vd_ctl *ctl, const json_t *object)
{
	/* Only ASCII leaves: the reader may be a terminal after all. */
	char *text = vd_must(json_dumps(object, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_ENCODE_ANY));

	fprintf(ctl->out, "%s\n", text);
	fflush(ctl->out);
	free(text);
}

const char *vd_js_str(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

const char *vd_js_text(const json_t *object, const char *key)
{
	const char *s = vd_js_str(object, key);

	return s && *s ? s : "-";
}

bool vd_js_int(const json_t *object, const char *key, int64_t *value)
{
	const json_t *v = json_object_get(object, key);

	if (!json_is_integer(v))
		return false;
	*value = json_integer_value(v);
	return true;
}

char *vd_js_join(const json_t *object, const char *key, const char *separator)
{
	const json_t *list = json_object_get(object, key), *v;
	char *text = NULL;
	size_t len, i;
	FILE *f = vd_must(open_memstream(&text, &len));

	json_array_foreach(list, i, v)
		if (json_is_string(v))
			fprintf(f, "%s%s", ftell(f) > 0 ? separator : "", json_string_value(v));
	fclose(f);
	vd_must(text);
	if (*text)
		return text;
	free(text);
	return NULL;
}

char *vd_js_counts(const json_t *object, const char *key)
{
	json_t *counts = json_object_get(object, key), *v;
	const char *name;
	char *text = NULL;
	size_t len;
	FILE *f = vd_must(open_memstream(&text, &len));

	json_object_foreach(counts, name, v)
		if (json_integer_value(v))
			fprintf(f, "%s%s %lld", ftell(f) > 0 ? ", " : "", name,
				(long long)json_integer_value(v));
	fclose(f);
	vd_must(text);
	if (*text)
		return text;
	free(text);
	return NULL;
}
