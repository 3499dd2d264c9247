// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Identities: the configuration's notation, comparison, and text that is safe to
 * show (RFC 7296, 3.5).
 */
#include "ike/id.h"

#include <errno.h>
#include <string.h>

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Printable, no blank, no backslash: what format writes as it stands. */
static bool is_plain(const void *data, size_t n)
{
	const char *s = data;

	for (size_t i = 0; i < n; i++)
		if (s[i] <= ' ' || s[i] > '~' || s[i] == '\\')
			return false;
	return n > 0;
}

/* Letters, digits, "-", "_" and ".": a word that can only be meant as a name. */
static bool is_name(const void *data, size_t n)
{
	const char *s = data;

	for (size_t i = 0; i < n; i++) {
		char c = lower(s[i]);

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-' && c != '_' &&
		    c != '.')
			return false;
	}
	return n > 0;
}

/* ---- from text ---- */

static int set(struct ike_id *id, enum ike_id_type type, const void *data, size_t len)
{
	struct ike_id made = { .type = (uint8_t)type, .len = (uint16_t)len };

	if (len > IKE_ID_MAX)
		return -EINVAL;
	memcpy(made.data, data, len);
	*id = made;
	return 0;
}

static int set_plain(struct ike_id *id, enum ike_id_type type, const char *text)
{
	size_t len = strlen(text);

	return is_plain(text, len) ? set(id, type, text, len) : -EINVAL;
}

static int set_addr(struct ike_id *id, enum vd_family wanted, const char *text)
{
	struct vd_addr addr;

	if (vd_addr_parse(&addr, text) || (wanted != VD_FAMILY_NONE && addr.family != wanted))
		return -EINVAL;
	*id = ike_id_from_addr(&addr);
	return 0;
}

static int hex_digit(char c)
{
	c = lower(c);
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int set_hex(struct ike_id *id, enum ike_id_type type, const char *text)
{
	uint8_t data[IKE_ID_MAX];
	size_t len = strlen(text) / 2;

	if (strlen(text) % 2 || !len || len > sizeof(data))
		return -EINVAL;
	for (size_t i = 0; i < len; i++) {
		int high = hex_digit(text[2 * i]), low = hex_digit(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return -EINVAL;
		data[i] = (uint8_t)(high << 4 | low);
	}
	return set(id, type, data, len);
}

static int set_key_id(struct ike_id *id, const char *text)
{
	if (text[0] == '0' && lower(text[1]) == 'x')
		return set_hex(id, IKE_ID_KEY_ID, text + 2);
	return set_plain(id, IKE_ID_KEY_ID, text);
}

/* What follows a forced type, or NULL if @text does not begin with @prefix. */
static const char *behind(const char *text, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(text, prefix, n) ? NULL : text + n;
}

static int parse_forced(struct ike_id *id, const char *text, bool *forced)
{
	const char *rest;

	*forced = true;
	if ((rest = behind(text, "fqdn:")))
		return set_plain(id, IKE_ID_FQDN, rest);
	if ((rest = behind(text, "email:")))
		return set_plain(id, IKE_ID_RFC822_ADDR, rest);
	if ((rest = behind(text, "ipv4:")))
		return set_addr(id, VD_FAMILY_IPV4, rest);
	if ((rest = behind(text, "ipv6:")))
		return set_addr(id, VD_FAMILY_IPV6, rest);
	if ((rest = behind(text, "keyid:")))
		return set_key_id(id, rest);
	if (text[0] == '@')
		return set_plain(id, IKE_ID_FQDN, text + 1);
	*forced = false;
	return -EINVAL;
}

int ike_id_parse(struct ike_id *id, const char *text)
{
	size_t len = strlen(text);
	bool forced;
	int err = parse_forced(id, text, &forced);

	if (forced)
		return err;
	if (!strcmp(text, "any")) {
		*id = (struct ike_id){ .type = IKE_ID_NONE };
		return 0;
	}
	if (!set_addr(id, VD_FAMILY_NONE, text))
		return 0;
	if (strchr(text, '@'))
		return set_plain(id, IKE_ID_RFC822_ADDR, text);
	return is_name(text, len) ? set(id, IKE_ID_FQDN, text, len) : -EINVAL;
}

struct ike_id ike_id_from_addr(const struct vd_addr *addr)
{
	struct ike_id id = { .type = IKE_ID_NONE };

	if (addr->family == VD_FAMILY_NONE)
		return id;
	id.type = addr->family == VD_FAMILY_IPV4 ? IKE_ID_IPV4_ADDR : IKE_ID_IPV6_ADDR;
	id.len = (uint16_t)vd_addr_len(addr->family);
	memcpy(id.data, addr->bytes, id.len);
	return id;
}

/* ---- comparison ---- */

static bool equal_without_case(const uint8_t *a, const uint8_t *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (lower((char)a[i]) != lower((char)b[i]))
			return false;
	return true;
}

bool ike_id_match(const struct ike_id *expected, const struct ike_id *peer)
{
	if (expected->type == IKE_ID_NONE)
		return true;
	if (expected->type != peer->type || expected->len != peer->len)
		return false;
	if (expected->type == IKE_ID_FQDN || expected->type == IKE_ID_RFC822_ADDR)
		return equal_without_case(expected->data, peer->data, peer->len);
	return !memcmp(expected->data, peer->data, peer->len);
}

/* ---- to text ---- */

static void format_hex(struct vd_strbuf *b, const char *prefix, const struct ike_id *id)
{
	vd_strbuf_str(b, prefix);
	vd_strbuf_hex(b, id->data, id->len);
}

static void format_addr(struct vd_strbuf *b, const struct ike_id *id)
{
	struct vd_addr addr = vd_addr_make(id->data, id->len);
	char text[VD_ADDR_TEXT];

	vd_strbuf_str(b, vd_addr_text(&addr, text));
}

/* A name as it stands if reading it back gives this very identity, else with its type in front. */
static void format_name(struct vd_strbuf *b, const struct ike_id *id, const char *prefix)
{
	char text[IKE_ID_MAX + 1];
	struct ike_id again;

	memcpy(text, id->data, id->len);
	text[id->len] = '\0';
	if (strlen(text) != id->len || ike_id_parse(&again, text) || again.type != id->type ||
	    again.len != id->len || memcmp(again.data, id->data, id->len))
		vd_strbuf_str(b, prefix);
	vd_strbuf_untrusted(b, id->data, id->len);
}

static void format_key_id(struct vd_strbuf *b, const struct ike_id *id)
{
	bool looks_hex = id->len >= 2 && id->data[0] == '0' && lower((char)id->data[1]) == 'x';

	if (looks_hex || !is_plain(id->data, id->len)) {
		format_hex(b, "keyid:0x", id);
		return;
	}
	vd_strbuf_str(b, "keyid:");
	vd_strbuf_untrusted(b, id->data, id->len);
}

void ike_id_format(struct vd_strbuf *b, const struct ike_id *id)
{
	switch ((enum ike_id_type)id->type) {
	case IKE_ID_NONE:
		vd_strbuf_str(b, "any");
		return;
	case IKE_ID_IPV4_ADDR:
	case IKE_ID_IPV6_ADDR:
		format_addr(b, id);
		return;
	case IKE_ID_FQDN:
		format_name(b, id, "fqdn:");
		return;
	case IKE_ID_RFC822_ADDR:
		format_name(b, id, "email:");
		return;
	case IKE_ID_DER_ASN1_DN:
		format_hex(b, "dn:0x", id);
		return;
	case IKE_ID_KEY_ID:
		format_key_id(b, id);
		return;
	}
	vd_strbuf_str(b, "type");
	vd_strbuf_u64(b, id->type);
	format_hex(b, ":0x", id);
}
