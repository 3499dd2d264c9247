// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A bare address as text and back (RFC 4291, 2.2; RFC 5952). Without inet_ntop() and
 * inet_pton(), so that the IKE core, which links memory and string functions only, can
 * name addresses too.
 */
#include <errno.h>
#include <string.h>

#include "base/addr.h"
#include "base/strbuf.h"

/* ---- to text ---- */

static void format_ipv4(struct vd_strbuf *b, const uint8_t *p)
{
	for (int i = 0; i < 4; i++) {
		if (i)
			vd_strbuf_char(b, '.');
		vd_strbuf_u64(b, p[i]);
	}
}

static void format_group(struct vd_strbuf *b, unsigned int group)
{
	static const char digits[] = "0123456789abcdef";
	int shift = 12;

	while (shift && !(group >> shift))
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		vd_strbuf_char(b, digits[group >> shift & 15]);
}

/* The first longest run of two or more zero groups: its start, or 8; its length to *@run. */
static int longest_zero_run(const unsigned int group[8], int *run)
{
	int start = 8;

	*run = 1;
	for (int i = 0; i < 8; i++) {
		int n = 0;

		while (i + n < 8 && !group[i + n])
			n++;
		if (n > *run) {
			*run = n;
			start = i;
		}
	}
	return start;
}

static void format_ipv6(struct vd_strbuf *b, const uint8_t *p)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	unsigned int group[8];
	int run, zeros;

	if (!memcmp(p, mapped, sizeof(mapped))) {
		vd_strbuf_str(b, "::ffff:");
		format_ipv4(b, p + 12);
		return;
	}
	for (int i = 0; i < 8; i++)
		group[i] = (unsigned int)p[2 * i] << 8 | p[2 * i + 1];
	zeros = longest_zero_run(group, &run);
	for (int i = 0; i < 8; i++) {
		if (i == zeros) {
			vd_strbuf_str(b, "::");
			i += run - 1;
			continue;
		}
		if (i && i != zeros + run)
			vd_strbuf_char(b, ':');
		format_group(b, group[i]);
	}
}

const char *vd_addr_text(const struct vd_addr *a, char buf[static VD_ADDR_TEXT])
{
	struct vd_strbuf b = vd_strbuf_init(buf, VD_ADDR_TEXT);

	switch (a->family) {
	case VD_FAMILY_IPV4:
		format_ipv4(&b, a->bytes);
		break;
	case VD_FAMILY_IPV6:
		format_ipv6(&b, a->bytes);
		break;
	case VD_FAMILY_NONE:
		vd_strbuf_str(&b, "any");
		break;
	}
	return buf;
}

/* ---- from text ---- */

/* Four decimal octets and the end. No leading zeros: some read them as octal. */
static bool parse_ipv4(const char *s, uint8_t out[static 4])
{
	for (int i = 0; i < 4; i++) {
		unsigned int v = 0;
		int digits = 0;

		if (i && *s++ != '.')
			return false;
		for (; *s >= '0' && *s <= '9' && digits < 4; s++, digits++)
			v = v * 10 + (unsigned int)(*s - '0');
		if (!digits || digits > 3 || v > 255 || (digits > 1 && s[-digits] == '0'))
			return false;
		out[i] = (uint8_t)v;
	}
	return !*s;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* One to four hexadecimal digits at *@s, which moves behind them. */
static bool parse_group(const char **s, uint8_t out[static 2])
{
	unsigned int v = 0;
	int digits = 0;

	for (; hex_value(**s) >= 0 && digits < 5; (*s)++, digits++)
		v = v << 4 | (unsigned int)hex_value(**s);
	if (!digits || digits > 4)
		return false;
	out[0] = (uint8_t)(v >> 8);
	out[1] = (uint8_t)v;
	return true;
}

static bool parse_ipv6(const char *s, uint8_t out[static 16])
{
	uint8_t bytes[16];
	size_t n = 0, gap = 17;		/* octets read; how many of them stand before "::" */

	if (s[0] == ':' && s[1] == ':') {
		gap = 0;
		s += 2;
	}
	while (*s) {
		/* An IPv4 address may end it. */
		if (n <= 12 && parse_ipv4(s, bytes + n)) {
			n += 4;
			break;
		}
		if (n == 16 || !parse_group(&s, bytes + n))
			return false;
		n += 2;
		if (!*s)
			break;
		if (*s++ != ':')
			return false;
		if (*s == ':') {
			if (gap != 17)
				return false;
			gap = n;
			s++;
		} else if (!*s) {
			return false;	/* ends with a single colon */
		}
	}
	if (gap == 17 ? n != 16 : n > 14)
		return false;
	if (gap == 17)
		gap = n;
	memset(out, 0, 16);
	memcpy(out, bytes, gap);
	memcpy(out + 16 - (n - gap), bytes + gap, n - gap);
	return true;
}

int vd_addr_parse(struct vd_addr *a, const char *text)
{
	uint8_t bytes[16];

	if (parse_ipv4(text, bytes))
		*a = vd_addr_make(bytes, 4);
	else if (parse_ipv6(text, bytes))
		*a = vd_addr_make(bytes, 16);
	else
		return -EINVAL;
	return 0;
}
