// SPDX-License-Identifier: GPL-2.0-only
/*
 * The generic netlink family: operations, what all handlers share, and the small commands
 * (tunnel, socket, statistics). See netlink.h and netlink_msg.h.
 *
 * Lock: the operations run in parallel; each object's functions take the tunnel's lock.
 */
#include "netlink_msg.h"
#include "udp.h"

/* Between reading the settings of a tunnel and writing them back changed. */
static DEFINE_MUTEX(tunnel_set_lock);

void vdt_nl_blame(struct genl_info *info, u16 attr)
{
	if (info->extack && !info->extack->bad_attr)
		NL_SET_BAD_ATTR(info->extack, info->attrs[attr]);
}

struct vdt_tunnel *vdt_nl_tunnel(struct genl_info *info)
{
	struct nlattr *attr = info->attrs[VDT_A_IFINDEX];
	struct vdt_tunnel *t;

	if (vdt_nl_require(info, VDT_A_IFINDEX, "an interface index is needed"))
		return ERR_PTR(-EINVAL);
	t = vdt_tunnel_get(genl_info_net(info), nla_get_u32(attr));
	if (!t) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr, "no viaduct interface has this index");
		return ERR_PTR(-ENODEV);
	}
	return t;
}

struct sk_buff *vdt_nl_reply_new(struct genl_info *info, u8 cmd, size_t size, void **hdr)
{
	struct sk_buff *msg = genlmsg_new(max_t(size_t, size, GENLMSG_DEFAULT_SIZE), GFP_KERNEL);

	if (!msg)
		return NULL;
	*hdr = genlmsg_put_reply(msg, info, &vdt_genl_family, 0, cmd);
	if (!*hdr) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}

int vdt_nl_reply(struct sk_buff *msg, void *hdr, struct genl_info *info, int err)
{
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}

int vdt_nl_put_addr(struct sk_buff *msg, int attrtype, u8 family, const union vdt_addr *addr)
{
	return nla_put(msg, attrtype, family == AF_INET ? sizeof(addr->v4) : sizeof(addr->v6),
		       addr);
}

static int read_dump_filter(struct netlink_callback *cb)
{
	struct nlattr *attrs[VDT_A_IFINDEX + 1];
	struct vdt_nl_dump *d = vdt_nl_dump(cb);
	struct vdt_tunnel *t;
	int err;

	err = genlmsg_parse(cb->nlh, &vdt_genl_family, attrs, VDT_A_IFINDEX, vdt_ifindex_policy,
			    cb->extack);
	if (err)
		return err;
	memset(d, 0, sizeof(*d));
	if (!attrs[VDT_A_IFINDEX])
		return 0;
	d->only = nla_get_u32(attrs[VDT_A_IFINDEX]);
	d->ifindex = d->only;
	t = vdt_tunnel_get(sock_net(cb->skb->sk), d->only);
	if (!t) {
		NL_SET_ERR_MSG_ATTR(cb->extack, attrs[VDT_A_IFINDEX],
				    "no viaduct interface has this index");
		return -ENODEV;
	}
	vdt_tunnel_put(t);
	return 0;
}

int vdt_nl_dump_start(struct netlink_callback *cb)
{
	/* Older kernels take a text only later, from the dump itself. */
	vdt_nl_dump(cb)->unread = !cb->extack;
	return cb->extack ? read_dump_filter(cb) : 0;
}

/* The first object of the tunnel with @ifindex, or what comes next. */
static void dump_goto(struct vdt_nl_dump *d, unsigned long ifindex)
{
	d->ifindex = ifindex;
	d->child = 0;
	d->dir = 0;
	d->serial = 0;
}

int vdt_nl_dump_tunnels(struct sk_buff *skb, struct netlink_callback *cb,
			int (*one)(struct sk_buff *, struct netlink_callback *,
				   struct vdt_tunnel *))
{
	struct net *net = sock_net(cb->skb->sk);
	struct vdt_nl_dump *d = vdt_nl_dump(cb);
	struct vdt_tunnel *t;
	int err = 0;

	if (d->unread) {
		err = read_dump_filter(cb);
		if (err)
			return err;
	}
	cb->seq = (u32)atomic_read(&vdt_net(net)->genid) ?: 1;
	for (;;) {
		unsigned long ifindex = d->ifindex;

		t = vdt_tunnel_get_next(net, &ifindex);
		if (!t)
			break;
		if (d->only && ifindex != d->only) {
			vdt_tunnel_put(t);
			break;
		}
		if (ifindex != d->ifindex)
			dump_goto(d, ifindex);
		mutex_lock(&t->lock);
		err = t->dead ? 0 : one(skb, cb, t);
		mutex_unlock(&t->lock);
		vdt_tunnel_put(t);
		if (err)
			break;
		dump_goto(d, ifindex + 1);
	}
	/* Full: what fits goes out, the rest comes next. Nothing fits: the receiver must know. */
	return err && !skb->len ? err : skb->len;
}

void *vdt_nl_dump_put(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd)
{
	void *hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
				&vdt_genl_family, NLM_F_MULTI, cmd);

	if (hdr)
		genl_dump_check_consistent(cb, hdr);
	return hdr;
}

/* --- tunnel --- */

static int put_tunnel(struct sk_buff *msg, const struct vdt_tunnel *t)
{
	const struct vdt_tunnel_settings *set = &t->set;

	if (nla_put_u32(msg, VIADUCT_A_TUNNEL_IFINDEX, t->ifindex) ||
	    nla_put_string(msg, VIADUCT_A_TUNNEL_IFNAME, t->dev->name) ||
	    nla_put_u8(msg, VIADUCT_A_TUNNEL_CARRIER, set->carrier) ||
	    nla_put_u32(msg, VIADUCT_A_TUNNEL_QUEUE_LEN, set->queue_len) ||
	    nla_put_u8(msg, VIADUCT_A_TUNNEL_DF, set->df) ||
	    nla_put_u8(msg, VIADUCT_A_TUNNEL_DSCP, set->dscp) ||
	    nla_put_u8(msg, VIADUCT_A_TUNNEL_DSCP_VALUE, set->dscp_value) ||
	    nla_put_u8(msg, VIADUCT_A_TUNNEL_TTL, set->ttl) ||
	    nla_put_u32(msg, VIADUCT_A_TUNNEL_MARK, set->mark) ||
	    nla_put_u8(msg, VIADUCT_A_TUNNEL_MTU_AUTO, set->mtu_auto) ||
	    nla_put_u32(msg, VIADUCT_A_TUNNEL_CHILDREN, t->n_children) ||
	    nla_put_u32(msg, VIADUCT_A_TUNNEL_SAS, t->n_sas))
		return -EMSGSIZE;
	return vdt_stats_put(msg, VIADUCT_A_TUNNEL_STATS, &t->stats);
}

/* Tunnels may also be named by their name. */
static struct vdt_tunnel *find_tunnel(struct genl_info *info)
{
	struct nlattr *name = info->attrs[VIADUCT_A_TUNNEL_IFNAME];
	struct vdt_tunnel *t;

	if (!name || info->attrs[VIADUCT_A_TUNNEL_IFINDEX])
		return vdt_nl_tunnel(info);
	t = vdt_tunnel_get_by_name(genl_info_net(info), nla_data(name));
	if (!t) {
		NL_SET_ERR_MSG_ATTR(info->extack, name, "no viaduct interface has this name");
		return ERR_PTR(-ENODEV);
	}
	return t;
}

static int tunnel_get(struct sk_buff *skb, struct genl_info *info)
{
	struct vdt_tunnel *t = find_tunnel(info);
	struct sk_buff *msg;
	void *hdr;
	int err;

	if (IS_ERR(t))
		return PTR_ERR(t);
	msg = vdt_nl_reply_new(info, VIADUCT_CMD_TUNNEL_GET, 0, &hdr);
	if (!msg) {
		err = -ENOMEM;
		goto put;
	}
	mutex_lock(&t->lock);
	err = put_tunnel(msg, t);
	mutex_unlock(&t->lock);
	err = vdt_nl_reply(msg, hdr, info, err);
put:
	vdt_tunnel_put(t);
	return err;
}

static int dump_tunnel(struct sk_buff *skb, struct netlink_callback *cb, struct vdt_tunnel *t)
{
	void *hdr = vdt_nl_dump_put(skb, cb, VIADUCT_CMD_TUNNEL_GET);

	if (!hdr)
		return -EMSGSIZE;
	if (put_tunnel(skb, t)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

static int tunnel_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	return vdt_nl_dump_tunnels(skb, cb, dump_tunnel);
}

/* Overwrite in @set what the request carries. The policy has checked the ranges. */
static void read_settings(struct vdt_tunnel_settings *set, struct nlattr **attrs)
{
	if (attrs[VIADUCT_A_TUNNEL_CARRIER])
		set->carrier = nla_get_u8(attrs[VIADUCT_A_TUNNEL_CARRIER]);
	if (attrs[VIADUCT_A_TUNNEL_QUEUE_LEN])
		set->queue_len = nla_get_u32(attrs[VIADUCT_A_TUNNEL_QUEUE_LEN]);
	if (attrs[VIADUCT_A_TUNNEL_DF])
		set->df = nla_get_u8(attrs[VIADUCT_A_TUNNEL_DF]);
	if (attrs[VIADUCT_A_TUNNEL_DSCP])
		set->dscp = nla_get_u8(attrs[VIADUCT_A_TUNNEL_DSCP]);
	if (attrs[VIADUCT_A_TUNNEL_DSCP_VALUE])
		set->dscp_value = nla_get_u8(attrs[VIADUCT_A_TUNNEL_DSCP_VALUE]);
	if (attrs[VIADUCT_A_TUNNEL_TTL])
		set->ttl = nla_get_u8(attrs[VIADUCT_A_TUNNEL_TTL]);
	if (attrs[VIADUCT_A_TUNNEL_MARK])
		set->mark = nla_get_u32(attrs[VIADUCT_A_TUNNEL_MARK]);
	if (attrs[VIADUCT_A_TUNNEL_MTU_AUTO])
		set->mtu_auto = nla_get_u8(attrs[VIADUCT_A_TUNNEL_MTU_AUTO]);
}

static int tunnel_set(struct sk_buff *skb, struct genl_info *info)
{
	struct vdt_tunnel *t = find_tunnel(info);
	struct vdt_tunnel_settings set;
	int err;

	if (IS_ERR(t))
		return PTR_ERR(t);
	mutex_lock(&tunnel_set_lock);
	mutex_lock(&t->lock);
	set = t->set;
	mutex_unlock(&t->lock);
	read_settings(&set, info->attrs);
	err = vdt_tunnel_set(t, &set, info->extack);
	mutex_unlock(&tunnel_set_lock);
	vdt_tunnel_put(t);
	return err;
}

/* --- sockets and statistics --- */

static int socket_attach(struct sk_buff *skb, struct genl_info *info)
{
	int err = vdt_nl_require(info, VIADUCT_A_SOCKET_FD, "a socket is needed");

	if (err)
		return err;
	err = vdt_udp_attach(genl_info_net(info), nla_get_u32(info->attrs[VIADUCT_A_SOCKET_FD]),
			     info->extack);
	if (err)
		vdt_nl_blame(info, VIADUCT_A_SOCKET_FD);
	return err;
}

static int socket_detach(struct sk_buff *skb, struct genl_info *info)
{
	int err = vdt_nl_require(info, VIADUCT_A_SOCKET_FD, "a socket is needed");

	if (err)
		return err;
	err = vdt_udp_detach(genl_info_net(info), nla_get_u32(info->attrs[VIADUCT_A_SOCKET_FD]),
			     info->extack);
	if (err)
		vdt_nl_blame(info, VIADUCT_A_SOCKET_FD);
	return err;
}

static int stats_get(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *msg;
	void *hdr;

	msg = vdt_nl_reply_new(info, VIADUCT_CMD_STATS_GET, 0, &hdr);
	if (!msg)
		return -ENOMEM;
	return vdt_nl_reply(msg, hdr, info,
			    vdt_stats_put_attrs(msg, &vdt_net(genl_info_net(info))->stats));
}

/* --- the family --- */

#define OP(_cmd, _policy, _doit) {			\
	.cmd = VIADUCT_CMD_##_cmd,			\
	.flags = GENL_UNS_ADMIN_PERM,			\
	.policy = _policy,				\
	.maxattr = ARRAY_SIZE(_policy) - 1,		\
	.doit = _doit,					\
}

#define OP_DUMP(_cmd, _policy, _doit, _start, _dump) {	\
	.cmd = VIADUCT_CMD_##_cmd,			\
	.flags = GENL_UNS_ADMIN_PERM,			\
	.policy = _policy,				\
	.maxattr = ARRAY_SIZE(_policy) - 1,		\
	.doit = _doit,					\
	.start = _start,				\
	.dumpit = _dump,				\
}

static const struct genl_ops vdt_genl_ops[] = {
	OP_DUMP(TUNNEL_GET, vdt_tunnel_get_policy, tunnel_get, vdt_nl_dump_start, tunnel_dump),
	OP(TUNNEL_SET, vdt_tunnel_set_policy, tunnel_set),
	OP(CHILD_NEW, vdt_child_new_policy, vdt_nl_child_new),
	OP(CHILD_SET, vdt_child_new_policy, vdt_nl_child_set),
	OP_DUMP(CHILD_GET, vdt_child_id_policy, vdt_nl_child_get, vdt_nl_child_dump_start,
		vdt_nl_child_dump),
	OP(CHILD_DEL, vdt_child_id_policy, vdt_nl_child_del),
	OP(SPI_ALLOC, vdt_spi_alloc_policy, vdt_nl_spi_alloc),
	OP(SA_NEW, vdt_sa_new_policy, vdt_nl_sa_new),
	OP(SA_UPDATE, vdt_sa_update_policy, vdt_nl_sa_update),
	OP_DUMP(SA_GET, vdt_sa_id_policy, vdt_nl_sa_get, vdt_nl_dump_start, vdt_nl_sa_dump),
	OP(SA_DEL, vdt_sa_id_policy, vdt_nl_sa_del),
	OP(SA_FLUSH, vdt_ifindex_policy, vdt_nl_sa_flush),
	OP(SOCKET_ATTACH, vdt_socket_policy, socket_attach),
	OP(SOCKET_DETACH, vdt_socket_policy, socket_detach),
	{
		.cmd = VIADUCT_CMD_STATS_GET,
		.flags = GENL_UNS_ADMIN_PERM,
		.doit = stats_get,
	},
};

static const struct genl_multicast_group vdt_genl_groups[] = {
	{ .name = VIADUCT_MCGRP_EVENTS, .flags = GENL_MCAST_CAP_NET_ADMIN },
};

struct genl_family vdt_genl_family __ro_after_init = {
	.name = VIADUCT_FAMILY_NAME,
	.version = VIADUCT_FAMILY_VERSION,
	.netnsok = true,
	.parallel_ops = true,
	.module = THIS_MODULE,
	.ops = vdt_genl_ops,
	.n_ops = ARRAY_SIZE(vdt_genl_ops),
	.mcgrps = vdt_genl_groups,
	.n_mcgrps = ARRAY_SIZE(vdt_genl_groups),
};

bool vdt_genl_on;

int vdt_netlink_init(void)
{
	int err;

	BUILD_BUG_ON(VDT_A_IFINDEX != (int)VIADUCT_A_CHILD_IFINDEX);
	BUILD_BUG_ON(VDT_A_IFINDEX != (int)VIADUCT_A_SA_IFINDEX);
	err = genl_register_family(&vdt_genl_family);
	if (!err)
		WRITE_ONCE(vdt_genl_on, true);
	return err;
}

void vdt_netlink_exit(void)
{
	WRITE_ONCE(vdt_genl_on, false);
	/* Events that saw it true come from softirq or under RCU. */
	synchronize_net();
	genl_unregister_family(&vdt_genl_family);
}
