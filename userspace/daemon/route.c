// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Routes into the tunnels, and the way to a peer (link.h).
 */
#include "daemon/rtnl.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <netlink/errno.h>
#include <netlink/route/nexthop.h>
#include <netlink/route/route.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* What `ip route show` calls them: set by a daemon, not by the boot or an administrator. */
#define ORIGIN	RTPROT_STATIC

static struct rtnl_route *route(uint32_t ifindex, const struct vd_addr *dst, uint8_t len)
{
	struct rtnl_route *rt = rtnl_route_alloc();
	struct rtnl_nexthop *nh = rtnl_route_nh_alloc();
	struct nl_addr *to = vd_rtnl_addr(dst, len);

	if (!rt || !nh || !to) {
		if (nh)
			rtnl_route_nh_free(nh);
		rtnl_route_put(rt);
		nl_addr_put(to);
		return NULL;
	}
	rtnl_route_set_family(rt, dst->family == VD_FAMILY_IPV4 ? AF_INET : AF_INET6);
	rtnl_route_set_dst(rt, to);
	rtnl_route_set_table(rt, RT_TABLE_MAIN);
	rtnl_route_set_scope(rt, dst->family == VD_FAMILY_IPV4 ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE);
	rtnl_route_set_protocol(rt, ORIGIN);
	rtnl_route_nh_set_ifindex(nh, ifindex);
	rtnl_route_add_nexthop(rt, nh);
	nl_addr_put(to);
	return rt;
}

/* -EEXIST by the exclusive add may be our own from before: deleting and adding tells. */
int vd_route_add(struct vd_rtnl *r, uint32_t ifindex, const struct vd_addr *dst, uint8_t len,
		 char *why)
{
	struct rtnl_route *rt = route(ifindex, dst, len);
	char text[VD_ADDR_TEXT];
	int err;

	if (!rt)
		return -ENOMEM;
	err = rtnl_route_add(r->sock, rt, NLM_F_EXCL);
	if (err == -NLE_EXIST && rtnl_route_delete(r->sock, rt, 0) >= 0)
		err = rtnl_route_add(r->sock, rt, NLM_F_EXCL);
	rtnl_route_put(rt);
	return vd_rtnl_error(err, vd_addr_text(dst, text), why);
}

int vd_route_del(struct vd_rtnl *r, uint32_t ifindex, const struct vd_addr *dst, uint8_t len)
{
	struct rtnl_route *rt = route(ifindex, dst, len);
	int err;

	if (!rt)
		return -ENOMEM;
	err = rtnl_route_delete(r->sock, rt, 0);
	rtnl_route_put(rt);
	return err == -NLE_OBJ_NOTFOUND || err == -NLE_NODEV ? 0 :
							      vd_rtnl_error(err, "route", NULL);
}

int vd_route_source(const struct vd_addr *peer, uint32_t mark, struct vd_addr *source)
{
	struct vd_endpoint to = { .addr = *peer, .port = 500 }, from;
	struct sockaddr_storage ss;
	socklen_t len = vd_endpoint_to_sockaddr(&to, &ss);
	int fd = socket(ss.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0), err = 0;

	if (fd < 0)
		return -errno;
	/* Connecting a datagram socket sends nothing; it looks the route up. */
	if ((mark && setsockopt(fd, SOL_SOCKET, SO_MARK, &mark, sizeof(mark)) < 0) ||
	    connect(fd, (struct sockaddr *)&ss, len) < 0)
		err = -errno;
	len = sizeof(ss);
	if (!err && getsockname(fd, (struct sockaddr *)&ss, &len) < 0)
		err = -errno;
	if (!err)
		err = vd_endpoint_from_sockaddr(&from, &ss);
	close(fd);
	if (!err)
		*source = from.addr;
	return err;
}
