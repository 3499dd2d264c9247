/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ESP in UDP (RFC 3948): the daemon's sockets, from which ESP is taken and IKE is passed on.
 *
 * Lock: vdt_net.lock for attach and detach; the socket's fields are published by RCU.
 */
#ifndef _VIADUCT_UDP_H
#define _VIADUCT_UDP_H

#include <linux/types.h>

struct net;
struct netlink_ext_ack;

/*
 * Take ESP from the bound UDP socket @fd of the calling process, until it is closed, detached,
 * or its namespace ends. -EBADF, -ENOTSOCK, -EPROTOTYPE not UDP, -EINVAL not bound or of another
 * namespace than @net, -EBUSY another encapsulation owns it, -EALREADY; each with a text.
 */
int vdt_udp_attach(struct net *net, u32 fd, struct netlink_ext_ack *extack);

/* Give the socket back as it was. -ENOENT: it is not attached; and the first five above. */
int vdt_udp_detach(struct net *net, u32 fd, struct netlink_ext_ack *extack);

/* Detach all sockets of @net, which is going. */
void vdt_udp_detach_all(struct net *net);

#endif /* _VIADUCT_UDP_H */
