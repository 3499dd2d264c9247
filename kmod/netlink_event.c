// SPDX-License-Identifier: GPL-2.0-only
/*
 * The multicast group "events": see netlink.h. Runs in any context; allocates atomically.
 * What the network can trigger is limited per namespace (struct vdt_netlink_limits).
 */
#include "child.h"
#include "netlink_msg.h"

/* Per second and namespace. Far above what a daemon can negotiate, far below a flood. */
#define ACQUIRE_RATE	1000
#define BAD_RATE	100
#define MAPPING_RATE	1000

void vdt_netlink_limits_init(struct vdt_netlink_limits *l)
{
	ratelimit_state_init(&l->acquire, HZ, ACQUIRE_RATE);
	ratelimit_state_init(&l->bad, HZ, BAD_RATE);
	ratelimit_state_init(&l->mapping, HZ, MAPPING_RATE);
	/* Nothing in the log for what was held back: the counters tell. */
	ratelimit_set_flags(&l->acquire, RATELIMIT_MSG_ON_RELEASE);
	ratelimit_set_flags(&l->bad, RATELIMIT_MSG_ON_RELEASE);
	ratelimit_set_flags(&l->mapping, RATELIMIT_MSG_ON_RELEASE);
}

/* An empty event, or NULL when nobody listens or there is no memory. */
static struct sk_buff *event_new(struct net *net, u8 cmd, void **hdr)
{
	struct sk_buff *msg;

	if (!READ_ONCE(vdt_genl_on) || !genl_has_listeners(&vdt_genl_family, net, 0))
		return NULL;
	msg = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_ATOMIC);
	if (!msg)
		goto lost;
	*hdr = genlmsg_put(msg, 0, 0, &vdt_genl_family, 0, cmd);
	if (*hdr)
		return msg;
	nlmsg_free(msg);
lost:
	/* As if the receive buffer were full: the listeners resynchronise. */
	genl_set_err(&vdt_genl_family, net, 0, 0, -ENOBUFS);
	return NULL;
}

/* True when at least one listener has it. */
static bool event_send(struct net *net, struct sk_buff *msg, void *hdr, int err)
{
	if (WARN_ON_ONCE(err)) {
		nlmsg_free(msg);
		return false;
	}
	genlmsg_end(msg, hdr);
	return !genlmsg_multicast_netns(&vdt_genl_family, net, msg, 0, 0, GFP_ATOMIC);
}

bool vdt_netlink_acquire(struct net_device *dev, u32 child_id, const struct vdt_flow *flow)
{
	const struct vdt_tunnel *t = netdev_priv(dev);
	struct sk_buff *msg;
	void *hdr;
	int err;

	if (!__ratelimit(&t->vn->limits.acquire))
		return false;
	msg = event_new(t->net, VIADUCT_CMD_ACQUIRE_NTF, &hdr);
	if (!msg)
		return false;
	err = nla_put_u32(msg, VIADUCT_A_CHILD_IFINDEX, t->ifindex);
	if (!err)
		err = nla_put_u32(msg, VIADUCT_A_CHILD_ID, child_id);
	if (!err)
		err = vdt_nl_put_trigger(msg, flow);
	return event_send(t->net, msg, hdr, err);
}

void vdt_netlink_expire(const struct vdt_sa *sa, bool hard, enum viaduct_expire cause)
{
	struct net *net = sa->tunnel->net;
	struct sk_buff *msg;
	void *hdr;
	int err;

	msg = event_new(net, VIADUCT_CMD_EXPIRE_NTF, &hdr);
	if (!msg)
		return;
	err = vdt_nl_put_sa_id(msg, sa);
	if (!err)
		err = nla_put_u8(msg, VIADUCT_A_SA_EXPIRE_HARD, hard);
	if (!err)
		err = nla_put_u8(msg, VIADUCT_A_SA_EXPIRE_CAUSE, cause);
	event_send(net, msg, hdr, err);
}

void vdt_netlink_sa_event(const struct vdt_sa *sa, enum viaduct_sa_event event)
{
	struct net *net = sa->tunnel->net;
	struct sk_buff *msg;
	void *hdr;
	int err;

	/* A deletion happens once, and a listener must not miss it. */
	if (event != VIADUCT_SA_EVENT_DELETED && !__ratelimit(&sa->tunnel->vn->limits.bad))
		return;
	msg = event_new(net, VIADUCT_CMD_SA_NTF, &hdr);
	if (!msg)
		return;
	err = vdt_nl_put_sa_id(msg, sa);
	if (!err)
		err = nla_put_u8(msg, VIADUCT_A_SA_EVENT, event);
	if (!err)
		err = vdt_stats_put(msg, VIADUCT_A_SA_STATS, &sa->stats);
	event_send(net, msg, hdr, err);
}

bool vdt_netlink_mapping(const struct vdt_sa *sa, const void *addr, u32 addr_len, __be16 port)
{
	struct net *net = sa->tunnel->net;
	struct sk_buff *msg;
	void *hdr;
	int err;

	if (!__ratelimit(&sa->tunnel->vn->limits.mapping))
		return false;
	msg = event_new(net, VIADUCT_CMD_MAPPING_NTF, &hdr);
	if (!msg)
		return false;
	err = vdt_nl_put_sa_id(msg, sa);
	if (!err)
		err = nla_put(msg, VIADUCT_A_SA_NEW_REMOTE, addr_len, addr);
	if (!err)
		err = nla_put_be16(msg, VIADUCT_A_SA_NEW_REMOTE_PORT, port);
	return event_send(net, msg, hdr, err);
}
