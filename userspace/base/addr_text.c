// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Endpoints and prefixes as text and as socket addresses. Apart from addr.c and addr_format.c,
 * since the IKE core has no business with them.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "base/addr.h"

const char *vd_endpoint_text(const struct vd_endpoint *e, char buf[static VD_ENDPOINT_TEXT])
{
	char addr[VD_ADDR_TEXT];
	const char *fmt = e->addr.family == VD_FAMILY_IPV6 ? "[%s]:%u" : "%s:%u";

	snprintf(buf, VD_ENDPOINT_TEXT, fmt, vd_addr_text(&e->addr, addr), e->port);
	return buf;
}

/* One to three digits and nothing else; strtoul would take signs and blanks. */
static int parse_len(const char *text, size_t max, uint8_t *out)
{
	size_t v = 0, digits = 0;

	for (; *text >= '0' && *text <= '9' && digits < 4; text++, digits++)
		v = v * 10 + (size_t)(*text - '0');
	if (!digits || digits > 3 || *text || v > max)
		return -EINVAL;
	*out = (uint8_t)v;
	return 0;
}

int vd_prefix_parse(struct vd_addr *a, uint8_t *prefix_len, const char *text)
{
	const char *slash = strchr(text, '/');
	size_t n = slash ? (size_t)(slash - text) : strlen(text);
	char addr[VD_ADDR_TEXT];
	struct vd_addr parsed;
	uint8_t max, len;

	if (n >= sizeof(addr))
		return -EINVAL;
	memcpy(addr, text, n);
	addr[n] = '\0';
	if (vd_addr_parse(&parsed, addr))
		return -EINVAL;
	max = len = (uint8_t)(vd_addr_len(parsed.family) * 8);
	if (slash && parse_len(slash + 1, max, &len))
		return -EINVAL;
	*a = parsed;
	*prefix_len = len;
	return 0;
}

socklen_t vd_endpoint_to_sockaddr(const struct vd_endpoint *e, struct sockaddr_storage *ss)
{
	struct sockaddr_in *sin = (struct sockaddr_in *)ss;
	struct sockaddr_in6 *sin6 = (struct sockaddr_in6 *)ss;

	memset(ss, 0, sizeof(*ss));
	if (e->addr.family == VD_FAMILY_IPV6) {
		sin6->sin6_family = AF_INET6;
		sin6->sin6_port = htons(e->port);
		memcpy(&sin6->sin6_addr, e->addr.bytes, 16);
		return sizeof(*sin6);
	}
	sin->sin_family = AF_INET;
	sin->sin_port = htons(e->port);
	memcpy(&sin->sin_addr, e->addr.bytes, 4);
	return sizeof(*sin);
}

int vd_endpoint_from_sockaddr(struct vd_endpoint *e, const struct sockaddr_storage *ss)
{
	const struct sockaddr_in *sin = (const struct sockaddr_in *)ss;
	const struct sockaddr_in6 *sin6 = (const struct sockaddr_in6 *)ss;

	switch (ss->ss_family) {
	case AF_INET:
		*e = (struct vd_endpoint){ .port = ntohs(sin->sin_port) };
		e->addr = vd_addr_make((const uint8_t *)&sin->sin_addr, 4);
		return 0;
	case AF_INET6:
		*e = (struct vd_endpoint){ .port = ntohs(sin6->sin6_port) };
		e->addr = vd_addr_make((const uint8_t *)&sin6->sin6_addr, 16);
		return 0;
	default:
		return -EAFNOSUPPORT;
	}
}
