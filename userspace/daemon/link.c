// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tunnel interfaces and their addresses over rtnetlink (link.h), by libnl-route.
 */
#include "daemon/rtnl.h"

#include <errno.h>
#include <linux/if.h>
#include <netlink/errno.h>
#include <netlink/route/addr.h>
#include <netlink/route/link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define KIND "viaduct"

int vd_rtnl_error(int nle, const char *what, char *why)
{
	static const struct { int nle, err; } map[] = {
		{ NLE_EXIST, EEXIST }, { NLE_OBJ_NOTFOUND, ENOENT }, { NLE_NODEV, ENODEV },
		{ NLE_PERM, EPERM }, { NLE_NOACCESS, EACCES }, { NLE_NOMEM, ENOMEM },
		{ NLE_OPNOTSUPP, EOPNOTSUPP }, { NLE_INVAL, EINVAL }, { NLE_BUSY, EBUSY },
		{ NLE_NOADDR, EADDRNOTAVAIL }, { NLE_RANGE, ERANGE },
	};

	if (nle >= 0)
		return 0;
	if (why)
		snprintf(why, VD_LINK_TEXT, "%s: %s", what, nl_geterror(nle));
	for (size_t i = 0; i < sizeof(map) / sizeof(map[0]); i++)
		if (map[i].nle == -nle)
			return -map[i].err;
	return -EIO;
}

int vd_rtnl_open(struct vd_rtnl **out)
{
	struct vd_rtnl *r = calloc(1, sizeof(*r));
	int err;

	if (!r)
		return -ENOMEM;
	r->sock = nl_socket_alloc();
	err = r->sock ? nl_connect(r->sock, NETLINK_ROUTE) : -NLE_NOMEM;
	if (err < 0) {
		vd_rtnl_close(r);
		return vd_rtnl_error(err, "rtnetlink", NULL);
	}
	*out = r;
	return 0;
}

struct vd_rtnl *vd_rtnl_close(struct vd_rtnl *r)
{
	if (r) {
		nl_socket_free(r->sock);
		free(r);
	}
	return NULL;
}

struct nl_addr *vd_rtnl_addr(const struct vd_addr *a, uint8_t len)
{
	int family = a->family == VD_FAMILY_IPV4 ? AF_INET : AF_INET6;
	struct nl_addr *n = nl_addr_build(family, a->bytes, vd_addr_len(a->family));

	if (n)
		nl_addr_set_prefixlen(n, len);
	return n;
}

/* ---- the interface ---- */

static int get_link(struct vd_rtnl *r, const char *name, struct rtnl_link **out)
{
	return rtnl_link_get_kernel(r->sock, 0, name, out);
}

static int ours(struct rtnl_link *link)
{
	const char *kind = rtnl_link_get_type(link);

	return kind && strcmp(kind, KIND) == 0;
}

static int create(struct vd_rtnl *r, const char *name)
{
	struct rtnl_link *link = rtnl_link_alloc();
	int err;

	if (!link)
		return -NLE_NOMEM;
	rtnl_link_set_name(link, name);
	err = rtnl_link_set_type(link, KIND);
	if (!err)
		err = rtnl_link_add(r->sock, link, NLM_F_CREATE | NLM_F_EXCL);
	rtnl_link_put(link);
	return err;
}

/* Up, with its alias and MTU. */
static int adjust(struct vd_rtnl *r, struct rtnl_link *link, const char *alias, uint16_t mtu)
{
	struct rtnl_link *change = rtnl_link_alloc();
	int err;

	if (!change)
		return -NLE_NOMEM;
	rtnl_link_set_flags(change, IFF_UP);
	rtnl_link_set_ifalias(change, alias);
	if (mtu)
		rtnl_link_set_mtu(change, mtu);
	err = rtnl_link_change(r->sock, link, change, 0);
	rtnl_link_put(change);
	return err;
}

int vd_link_ensure(struct vd_rtnl *r, const char *name, const char *alias, uint16_t mtu,
		   uint32_t *ifindex, bool *created, char *why)
{
	struct rtnl_link *link = NULL;
	bool made = false;
	int err = get_link(r, name, &link);

	if (err == -NLE_NODEV || err == -NLE_OBJ_NOTFOUND) {
		err = create(r, name);
		if (err == -NLE_OPNOTSUPP) {
			snprintf(why, VD_LINK_TEXT, "the kernel does not know interfaces of kind %s",
				 KIND);
			return -EOPNOTSUPP;
		}
		made = err >= 0;
		if (err >= 0)
			err = get_link(r, name, &link);
	}
	if (err < 0)
		return vd_rtnl_error(err, name, why);
	if (!ours(link)) {
		snprintf(why, VD_LINK_TEXT, "an interface %s exists already and is of kind %s",
			 name, rtnl_link_get_type(link) ? rtnl_link_get_type(link) : "none");
		rtnl_link_put(link);
		return -EEXIST;
	}
	err = adjust(r, link, alias, mtu);
	if (err >= 0) {
		*ifindex = rtnl_link_get_ifindex(link);
		*created = made;
	} else if (made) {
		rtnl_link_delete(r->sock, link);
	}
	rtnl_link_put(link);
	return vd_rtnl_error(err, name, why);
}

int vd_link_find(struct vd_rtnl *r, const char *name, uint32_t *ifindex)
{
	struct rtnl_link *link = NULL;
	int err = get_link(r, name, &link);

	if (err < 0)
		return -ENODEV;
	if (ours(link))
		*ifindex = rtnl_link_get_ifindex(link);
	else
		err = -EEXIST;
	rtnl_link_put(link);
	return err;
}

int vd_link_remove(struct vd_rtnl *r, uint32_t ifindex)
{
	struct rtnl_link *link = rtnl_link_alloc();
	int err;

	if (!link)
		return -ENOMEM;
	rtnl_link_set_ifindex(link, ifindex);
	err = rtnl_link_delete(r->sock, link);
	rtnl_link_put(link);
	return vd_rtnl_error(err, "delete", NULL);
}

/* ---- addresses ---- */

static struct rtnl_addr *address(uint32_t ifindex, const struct vd_addr *addr, uint8_t len)
{
	struct rtnl_addr *ra = rtnl_addr_alloc();
	struct nl_addr *local = vd_rtnl_addr(addr, len);

	if (!ra || !local || rtnl_addr_set_local(ra, local) < 0) {
		if (ra)
			rtnl_addr_put(ra);
		nl_addr_put(local);
		return NULL;
	}
	nl_addr_put(local);
	rtnl_addr_set_ifindex(ra, ifindex);
	/* A tunnel has no neighbours to ask whether an address is taken (RFC 4862, 5.4). */
	if (addr->family == VD_FAMILY_IPV6)
		rtnl_addr_set_flags(ra, IFA_F_NODAD);
	return ra;
}

int vd_link_address_add(struct vd_rtnl *r, uint32_t ifindex, const struct vd_addr *addr,
			uint8_t len, char *why)
{
	struct rtnl_addr *ra = address(ifindex, addr, len);
	char text[VD_ADDR_TEXT];
	int err;

	if (!ra)
		return -ENOMEM;
	err = rtnl_addr_add(r->sock, ra, 0);
	rtnl_addr_put(ra);
	return err == -NLE_EXIST ? 0 : vd_rtnl_error(err, vd_addr_text(addr, text), why);
}

int vd_link_address_del(struct vd_rtnl *r, uint32_t ifindex, const struct vd_addr *addr,
			uint8_t len)
{
	struct rtnl_addr *ra = address(ifindex, addr, len);
	int err;

	if (!ra)
		return -ENOMEM;
	err = rtnl_addr_delete(r->sock, ra, 0);
	rtnl_addr_put(ra);
	return err == -NLE_NOADDR || err == -NLE_NODEV ? 0 : vd_rtnl_error(err, "address", NULL);
}
