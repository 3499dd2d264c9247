// SPDX-License-Identifier: GPL-2.0-only
/*
 * CHILD_NEW, CHILD_SET, CHILD_GET, CHILD_DEL: reading and writing selectors (RFC 7296,
 * 3.13.1) as attributes. Lock: child.h takes the tunnel's; what reads a child takes it here.
 */
#include "netlink_msg.h"

/* Octets of one selector in a message, at most. */
#define TS_SIZE	(nla_total_size(0) + 2 * nla_total_size(16) + 3 * nla_total_size(4))

static int read_ts_addr(struct vdt_ts *ts, struct nlattr **tb, struct nlattr *nest,
			struct netlink_ext_ack *extack)
{
	struct nlattr *start = tb[VIADUCT_A_TS_START], *end = tb[VIADUCT_A_TS_END];

	if (!start || !end)
		return vdt_nl_invalid(extack, nest, "a selector needs start and end");
	if (nla_len(start) != 4 && nla_len(start) != 16)
		return vdt_nl_invalid(extack, start, "an address has 4 or 16 octets");
	if (nla_len(start) != nla_len(end))
		return vdt_nl_invalid(extack, end, "start and end are of different families");
	ts->family = nla_len(start) == 4 ? VDT_V4 : VDT_V6;
	vdt_ts_addr_get(&ts->start, nla_data(start), ts->family);
	vdt_ts_addr_get(&ts->end, nla_data(end), ts->family);
	if (memcmp(nla_data(start), nla_data(end), nla_len(start)) > 0)
		return vdt_nl_invalid(extack, end, "the end is below the start");
	return 0;
}

static int read_ts_ports(struct vdt_ts *ts, struct nlattr **tb, struct nlattr *nest,
			 struct netlink_ext_ack *extack)
{
	struct nlattr *start = tb[VIADUCT_A_TS_PORT_START], *end = tb[VIADUCT_A_TS_PORT_END];

	ts->proto = tb[VIADUCT_A_TS_PROTO] ? nla_get_u8(tb[VIADUCT_A_TS_PROTO]) : 0;
	ts->port_end = U16_MAX;
	if (!start && !end)
		return 0;
	if (!start || !end)
		return vdt_nl_invalid(extack, nest, "a port range needs both ends");
	ts->port_start = nla_get_u16(start);
	ts->port_end = nla_get_u16(end);
	if (!ts->proto && (ts->port_start || ts->port_end != U16_MAX))
		return vdt_nl_invalid(extack, start, "ports need a protocol");
	/* 65535 to 0 is OPAQUE: packets whose ports can't be seen (RFC 7296, 3.13.1). */
	if (ts->port_start > ts->port_end && (ts->port_start != U16_MAX || ts->port_end))
		return vdt_nl_invalid(extack, end, "the last port is below the first");
	return 0;
}

static int read_ts(struct vdt_ts *ts, struct nlattr *nest, struct netlink_ext_ack *extack)
{
	struct nlattr *tb[VIADUCT_A_TS_MAX + 1];
	int err;

	err = nla_parse_nested(tb, VIADUCT_A_TS_MAX, nest, vdt_ts_policy, extack);
	if (!err)
		err = read_ts_addr(ts, tb, nest, extack);
	if (!err)
		err = read_ts_ports(ts, tb, nest, extack);
	return err;
}

static u32 count_attrs(struct genl_info *info, int type)
{
	struct nlattr *attr;
	u32 n = 0;
	int rem;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem)
		n += nla_type(attr) == type;
	return n;
}

static int read_list(struct vdt_ts *ts, struct genl_info *info, int type)
{
	struct nlattr *attr;
	int rem, err;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) != type)
			continue;
		err = read_ts(ts++, attr, info->extack);
		if (err)
			return err;
	}
	return 0;
}

/* A packet needs a local and a remote selector of its own family. */
static bool share_family(const struct vdt_selector *s)
{
	const struct vdt_ts *local = vdt_selector_local(s), *remote = vdt_selector_remote(s);
	u8 l = 0, r = 0;
	u32 i;

	for (i = 0; i < s->n_local; i++)
		l |= BIT(local[i].family);
	for (i = 0; i < s->n_remote; i++)
		r |= BIT(remote[i].family);
	return l & r;
}

/* The selectors of a request, sealed, for the caller to free; or ERR_PTR with a text. */
static struct vdt_selector *read_selector(struct genl_info *info)
{
	u32 n_local = count_attrs(info, VIADUCT_A_CHILD_LOCAL_TS);
	u32 n_remote = count_attrs(info, VIADUCT_A_CHILD_REMOTE_TS);
	struct vdt_selector *s;
	int err;

	err = vdt_nl_require(info, VIADUCT_A_CHILD_LOCAL_TS, "a local selector is needed");
	if (!err)
		err = vdt_nl_require(info, VIADUCT_A_CHILD_REMOTE_TS,
				     "a remote selector is needed");
	if (err)
		return ERR_PTR(err);
	if (n_local > VIADUCT_TS_MAX || n_remote > VIADUCT_TS_MAX) {
		NL_SET_ERR_MSG(info->extack, "more than 255 selectors in a list");
		vdt_nl_blame(info, n_local > VIADUCT_TS_MAX ? VIADUCT_A_CHILD_LOCAL_TS :
							      VIADUCT_A_CHILD_REMOTE_TS);
		return ERR_PTR(-E2BIG);
	}
	s = vdt_selector_alloc(n_local, n_remote);
	if (!s)
		return ERR_PTR(-ENOMEM);
	err = read_list(s->ts, info, VIADUCT_A_CHILD_LOCAL_TS);
	if (!err)
		err = read_list(s->ts + n_local, info, VIADUCT_A_CHILD_REMOTE_TS);
	if (!err && !share_family(s))
		err = vdt_nl_invalid(info->extack, info->attrs[VIADUCT_A_CHILD_REMOTE_TS],
				     "no address family is in both lists");
	if (!err)
		err = vdt_selector_seal(s);
	if (err) {
		vdt_selector_free(s);
		return ERR_PTR(err);
	}
	return s;
}

/* CHILD_NEW and CHILD_SET carry the same and differ in whether the child exists. */
static int child_write(struct genl_info *info, bool new)
{
	bool on_demand = nla_get_flag(info->attrs[VIADUCT_A_CHILD_ON_DEMAND]);
	struct vdt_selector *s;
	struct vdt_tunnel *t;
	int err;
	u32 id;

	err = vdt_nl_require(info, VIADUCT_A_CHILD_ID, "a child id is needed");
	if (err)
		return err;
	id = nla_get_u32(info->attrs[VIADUCT_A_CHILD_ID]);
	t = vdt_nl_tunnel(info);
	if (IS_ERR(t))
		return PTR_ERR(t);
	s = read_selector(info);
	if (IS_ERR(s)) {
		err = PTR_ERR(s);
		goto put;
	}
	err = new ? vdt_child_new(t, id, on_demand, s, info->extack) :
		    vdt_child_set(t, id, &on_demand, s, info->extack);
	if (err) {
		vdt_nl_blame(info, VIADUCT_A_CHILD_ID);
		vdt_selector_free(s);
	}
put:
	vdt_tunnel_put(t);
	return err;
}

int vdt_nl_child_new(struct sk_buff *skb, struct genl_info *info)
{
	return child_write(info, true);
}

int vdt_nl_child_set(struct sk_buff *skb, struct genl_info *info)
{
	return child_write(info, false);
}

int vdt_nl_child_del(struct sk_buff *skb, struct genl_info *info)
{
	struct vdt_tunnel *t;
	int err;

	err = vdt_nl_require(info, VIADUCT_A_CHILD_ID, "a child id is needed");
	if (err)
		return err;
	t = vdt_nl_tunnel(info);
	if (IS_ERR(t))
		return PTR_ERR(t);
	err = vdt_child_del(t, nla_get_u32(info->attrs[VIADUCT_A_CHILD_ID]), info->extack);
	if (err)
		vdt_nl_blame(info, VIADUCT_A_CHILD_ID);
	vdt_tunnel_put(t);
	return err;
}

static int put_ts(struct sk_buff *msg, int attrtype, const struct vdt_ts *ts)
{
	struct nlattr *nest = nla_nest_start(msg, attrtype);
	u32 len = ts->family == VDT_V4 ? 4 : 16;
	u8 addr[16];

	if (!nest)
		return -EMSGSIZE;
	vdt_ts_addr_put(addr, &ts->start, ts->family);
	if (nla_put(msg, VIADUCT_A_TS_START, len, addr))
		return -EMSGSIZE;
	vdt_ts_addr_put(addr, &ts->end, ts->family);
	if (nla_put(msg, VIADUCT_A_TS_END, len, addr))
		return -EMSGSIZE;
	if (ts->proto && nla_put_u8(msg, VIADUCT_A_TS_PROTO, ts->proto))
		return -EMSGSIZE;
	if ((ts->port_start || ts->port_end != U16_MAX) &&
	    (nla_put_u16(msg, VIADUCT_A_TS_PORT_START, ts->port_start) ||
	     nla_put_u16(msg, VIADUCT_A_TS_PORT_END, ts->port_end)))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int put_list(struct sk_buff *msg, int attrtype, const struct vdt_ts *ts, u32 n)
{
	while (n--)
		if (put_ts(msg, attrtype, ts++))
			return -EMSGSIZE;
	return 0;
}

int vdt_nl_put_trigger(struct sk_buff *msg, const struct vdt_flow *flow)
{
	struct vdt_ts local = {
		.start = flow->local,
		.end = flow->local,
		.family = flow->family,
		.proto = flow->proto,
		.port_start = flow->ports ? flow->local_port : 0,
		.port_end = flow->ports ? flow->local_port : U16_MAX,
	};
	struct vdt_ts remote = local;

	remote.start = flow->remote;
	remote.end = flow->remote;
	if (flow->ports) {
		remote.port_start = flow->remote_port;
		remote.port_end = flow->remote_port;
	}
	if (put_ts(msg, VIADUCT_A_CHILD_TRIGGER_LOCAL, &local))
		return -EMSGSIZE;
	return put_ts(msg, VIADUCT_A_CHILD_TRIGGER_REMOTE, &remote);
}

/* Under the tunnel's lock. */
static int put_child(struct sk_buff *msg, const struct vdt_child *child)
{
	const struct vdt_tunnel *t = child->tunnel;
	const struct vdt_selector *s;
	const struct vdt_sa *out;

	s = rcu_dereference_protected(child->selector, lockdep_is_held(&t->lock));
	out = rcu_dereference_protected(child->out, lockdep_is_held(&t->lock));
	if (nla_put_u32(msg, VIADUCT_A_CHILD_IFINDEX, t->ifindex) ||
	    nla_put_u32(msg, VIADUCT_A_CHILD_ID, child->id) ||
	    put_list(msg, VIADUCT_A_CHILD_LOCAL_TS, vdt_selector_local(s), s->n_local) ||
	    put_list(msg, VIADUCT_A_CHILD_REMOTE_TS, vdt_selector_remote(s), s->n_remote) ||
	    nla_put_u32(msg, VIADUCT_A_CHILD_QUEUED, vdt_child_queued(child)))
		return -EMSGSIZE;
	if (child->on_demand && nla_put_flag(msg, VIADUCT_A_CHILD_ON_DEMAND))
		return -EMSGSIZE;
	if (out && nla_put_be32(msg, VIADUCT_A_CHILD_OUT_SPI, out->spi))
		return -EMSGSIZE;
	return 0;
}

int vdt_nl_child_get(struct sk_buff *skb, struct genl_info *info)
{
	struct vdt_child *child;
	struct vdt_tunnel *t;
	struct sk_buff *msg;
	void *hdr;
	int err;

	err = vdt_nl_require(info, VIADUCT_A_CHILD_ID, "a child id is needed");
	if (err)
		return err;
	t = vdt_nl_tunnel(info);
	if (IS_ERR(t))
		return PTR_ERR(t);
	msg = vdt_nl_reply_new(info, VIADUCT_CMD_CHILD_GET, 256 + 2 * VIADUCT_TS_MAX * TS_SIZE,
			       &hdr);
	if (!msg) {
		err = -ENOMEM;
		goto put;
	}
	mutex_lock(&t->lock);
	child = vdt_child_find(t, nla_get_u32(info->attrs[VIADUCT_A_CHILD_ID]));
	if (child) {
		err = put_child(msg, child);
	} else {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[VIADUCT_A_CHILD_ID],
				    "the tunnel has no child with this id");
		err = -ENOENT;
	}
	mutex_unlock(&t->lock);
	err = vdt_nl_reply(msg, hdr, info, err);
put:
	vdt_tunnel_put(t);
	return err;
}

int vdt_nl_child_dump_start(struct netlink_callback *cb)
{
	/* One child with all its selectors has to fit. */
	cb->min_dump_alloc = 256 + 2 * VIADUCT_TS_MAX * TS_SIZE;
	return vdt_nl_dump_start(cb);
}

static int dump_children(struct sk_buff *skb, struct netlink_callback *cb, struct vdt_tunnel *t)
{
	struct vdt_nl_dump *d = vdt_nl_dump(cb);
	struct vdt_child *child;
	unsigned long id;

	xa_for_each_start(&t->children, id, child, d->child) {
		void *hdr = vdt_nl_dump_put(skb, cb, VIADUCT_CMD_CHILD_GET);

		d->child = id;
		if (!hdr)
			return -EMSGSIZE;
		if (put_child(skb, child)) {
			genlmsg_cancel(skb, hdr);
			return -EMSGSIZE;
		}
		genlmsg_end(skb, hdr);
	}
	return 0;
}

int vdt_nl_child_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	return vdt_nl_dump_tunnels(skb, cb, dump_children);
}
