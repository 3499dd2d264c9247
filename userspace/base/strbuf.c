// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Text in a bounded buffer. What does not fit is cut and remembered as such.
 */
#include "base/strbuf.h"

#include <string.h>

static const char hex_digits[] = "0123456789abcdef";

struct vd_strbuf vd_strbuf_init(char *buf, size_t cap)
{
	buf[0] = '\0';
	return (struct vd_strbuf){ .text = buf, .cap = cap };
}

/* All of @n octets or none: half an escape or half a number would mislead. */
static void append(struct vd_strbuf *b, const char *s, size_t n)
{
	if (b->cut || n > b->cap - 1 - b->len) {
		b->cut = true;
		return;
	}
	memcpy(b->text + b->len, s, n);
	b->len += n;
	b->text[b->len] = '\0';
}

void vd_strbuf_str(struct vd_strbuf *b, const char *s)
{
	size_t n = strlen(s), room = b->cap - 1 - b->len;

	if (n > room && !b->cut) {
		append(b, s, room);
		b->cut = true;
		return;
	}
	append(b, s, n);
}

void vd_strbuf_char(struct vd_strbuf *b, char c)
{
	append(b, &c, 1);
}

void vd_strbuf_u64(struct vd_strbuf *b, uint64_t v)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + v % 10);
		v /= 10;
	} while (v);
	append(b, digits + at, sizeof(digits) - at);
}

void vd_strbuf_hex(struct vd_strbuf *b, const void *data, size_t n)
{
	const uint8_t *p = data;

	for (size_t i = 0; i < n; i++) {
		char pair[2] = { hex_digits[p[i] >> 4], hex_digits[p[i] & 15] };

		append(b, pair, sizeof(pair));
	}
}

void vd_strbuf_untrusted(struct vd_strbuf *b, const void *data, size_t n)
{
	const uint8_t *p = data;

	for (size_t i = 0; i < n; i++) {
		if (p[i] >= ' ' && p[i] <= '~' && p[i] != '\\') {
			vd_strbuf_char(b, (char)p[i]);
		} else {
			char escape[4] = { '\\', 'x', hex_digits[p[i] >> 4],
					   hex_digits[p[i] & 15] };

			append(b, escape, sizeof(escape));
		}
	}
}
