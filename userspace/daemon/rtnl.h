/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What link.c and route.c share. Nobody else includes it. */
#ifndef VD_DAEMON_RTNL_H
#define VD_DAEMON_RTNL_H

#include <netlink/addr.h>
#include <netlink/netlink.h>

#include "daemon/link.h"

struct vd_rtnl {
	struct nl_sock	*sock;
};

/* A libnl error as a negative errno, with libnl's words in @why (may be NULL). 0 for success. */
int vd_rtnl_error(int nle, const char *what, char *why);
/* Owned by the caller; NULL without memory. */
struct nl_addr *vd_rtnl_addr(const struct vd_addr *a, uint8_t len);

#endif
