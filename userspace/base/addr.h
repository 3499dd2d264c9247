/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IP addresses and UDP endpoints as values. Conversions that need libc's network functions are
 * in addr_text.c, which the IKE core does not call.
 */
#ifndef VD_BASE_ADDR_H
#define VD_BASE_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

enum vd_family {
	VD_FAMILY_NONE = 0,	/* unset: any address */
	VD_FAMILY_IPV4 = 4,
	VD_FAMILY_IPV6 = 6,
};

struct vd_addr {
	enum vd_family	family;
	uint8_t		bytes[16];	/* network order; IPv4 in the first four, the rest zero */
};

struct vd_endpoint {
	struct vd_addr	addr;
	uint16_t	port;		/* host order */
};

/* Octets of an address of @family: 4, 16, or 0. */
size_t vd_addr_len(enum vd_family family);
/* Builds an address from @len (4 or 16) network-order octets; others give an unset one. */
struct vd_addr vd_addr_make(const uint8_t *bytes, size_t len);
bool vd_addr_equal(const struct vd_addr *a, const struct vd_addr *b);
bool vd_endpoint_equal(const struct vd_endpoint *a, const struct vd_endpoint *b);

/* addr_format.c: pure, for the IKE core too */
#define VD_ADDR_TEXT	48
/* Formats into @buf and returns it: "192.0.2.1", "2001:db8::1"; an unset address is "any". */
const char *vd_addr_text(const struct vd_addr *a, char buf[static VD_ADDR_TEXT]);
/* Parses a numeric address, whole string. 0, or -EINVAL with @a unchanged. */
int vd_addr_parse(struct vd_addr *a, const char *text);

/* addr_text.c */
#define VD_ENDPOINT_TEXT 56
/* "192.0.2.1:500", "[2001:db8::1]:500". */
const char *vd_endpoint_text(const struct vd_endpoint *e, char buf[static VD_ENDPOINT_TEXT]);
/* "10.0.0.0/8" or a bare address (full length). Host bits may be set: @a keeps them. */
int vd_prefix_parse(struct vd_addr *a, uint8_t *prefix_len, const char *text);
/* Conversions for the socket calls. to: returns the length to pass. from: 0 or -EAFNOSUPPORT. */
socklen_t vd_endpoint_to_sockaddr(const struct vd_endpoint *e, struct sockaddr_storage *ss);
int vd_endpoint_from_sockaddr(struct vd_endpoint *e, const struct sockaddr_storage *ss);

#endif
