/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rtnetlink: the tunnel interfaces and their addresses (link.c), the routes into them and the
 * way to a peer (route.c). Used by [priv]. Every call waits for the kernel.
 *
 * Errors are negative errnos; @why (VD_LINK_TEXT octets) gets a sentence.
 */
#ifndef VD_DAEMON_LINK_H
#define VD_DAEMON_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"

#define VD_LINK_TEXT	256

struct vd_rtnl;

int  vd_rtnl_open(struct vd_rtnl **out);
struct vd_rtnl *vd_rtnl_close(struct vd_rtnl *r);

/* ---- link.c ---- */

/*
 * Makes sure that interface @name of kind "viaduct" exists, is up and bears @alias; @mtu 0 leaves the MTU.
 * *@created tells whether it was made here. -EEXIST: the name is taken by an interface of another kind;
 * -EOPNOTSUPP: no such kind (module absent).
 */
int  vd_link_ensure(struct vd_rtnl *r, const char *name, const char *alias, uint16_t mtu,
		    uint32_t *ifindex, bool *created, char *why);
/* Index of @name if it exists and is of our kind. -ENODEV, -EEXIST as above. */
int  vd_link_find(struct vd_rtnl *r, const char *name, uint32_t *ifindex);
int  vd_link_remove(struct vd_rtnl *r, uint32_t ifindex);
/* Adding what is there and deleting what is not are no errors. */
int  vd_link_address_add(struct vd_rtnl *r, uint32_t ifindex, const struct vd_addr *addr,
			 uint8_t len, char *why);
int  vd_link_address_del(struct vd_rtnl *r, uint32_t ifindex, const struct vd_addr *addr,
			 uint8_t len);

/* ---- route.c ---- */

/*
 * A route of the main table to @dst/@len through the tunnel. Adding replaces an equal one; an equal route
 * through another interface is left alone and -EEXIST returned. Deleting what is not there is no error.
 */
int  vd_route_add(struct vd_rtnl *r, uint32_t ifindex, const struct vd_addr *dst, uint8_t len,
		  char *why);
int  vd_route_del(struct vd_rtnl *r, uint32_t ifindex, const struct vd_addr *dst, uint8_t len);
/* The source address the kernel would use towards @peer with fwmark @mark. -ENETUNREACH and the like. */
int  vd_route_source(const struct vd_addr *peer, uint32_t mark, struct vd_addr *source);

#endif
