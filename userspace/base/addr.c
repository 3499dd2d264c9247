// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * IP addresses and UDP endpoints as values. No text, no sockets: the IKE core links this.
 */
#include "base/addr.h"

#include <string.h>

size_t vd_addr_len(enum vd_family family)
{
	switch (family) {
	case VD_FAMILY_IPV4:
		return 4;
	case VD_FAMILY_IPV6:
		return 16;
	case VD_FAMILY_NONE:
		break;
	}
	return 0;
}

struct vd_addr vd_addr_make(const uint8_t *bytes, size_t len)
{
	struct vd_addr a = { .family = VD_FAMILY_NONE };

	if (len == 4)
		a.family = VD_FAMILY_IPV4;
	else if (len == 16)
		a.family = VD_FAMILY_IPV6;
	else
		return a;
	memcpy(a.bytes, bytes, len);
	return a;
}

bool vd_addr_equal(const struct vd_addr *a, const struct vd_addr *b)
{
	return a->family == b->family && !memcmp(a->bytes, b->bytes, vd_addr_len(a->family));
}

bool vd_endpoint_equal(const struct vd_endpoint *a, const struct vd_endpoint *b)
{
	return a->port == b->port && vd_addr_equal(&a->addr, &b->addr);
}
