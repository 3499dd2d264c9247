// SPDX-License-Identifier: GPL-2.0-only
/*
 * SPI_ALLOC, SA_NEW, SA_UPDATE, SA_GET, SA_DEL, SA_FLUSH: reading a struct vdt_sa_config from
 * attributes and writing an SA into them (RFC 4301, 4.4.2.1 lists what an SA holds).
 * Lock: sa.h takes the tunnel's; what reads an SA takes it here. Keys go in, never out.
 */
#include <net/ipv6.h>

#include "netlink_msg.h"
#include "xform.h"

/* --- reading --- */

/* An outer address into @addr; *@family is set, or must agree if it is set already. */
static int read_addr(union vdt_addr *addr, u8 *family, const struct nlattr *attr,
		     struct netlink_ext_ack *extack)
{
	u8 f = nla_len(attr) == 4 ? AF_INET : AF_INET6;
	bool unicast;

	if (nla_len(attr) != 4 && nla_len(attr) != 16)
		return vdt_nl_invalid(extack, attr, "an address has 4 or 16 octets");
	if (*family && *family != f)
		return vdt_nl_invalid(extack, attr, "the two addresses are of different families");
	memset(addr, 0, sizeof(*addr));
	memcpy(addr, nla_data(attr), nla_len(attr));
	if (f == AF_INET)
		unicast = !ipv4_is_zeronet(addr->v4) && !ipv4_is_multicast(addr->v4) &&
			  !ipv4_is_lbcast(addr->v4);
	else
		unicast = !ipv6_addr_any(&addr->v6) && !ipv6_addr_is_multicast(&addr->v6) &&
			  !ipv6_addr_v4mapped(&addr->v6);
	if (!unicast)
		return vdt_nl_invalid(extack, attr, "an outer address must be unicast");
	*family = f;
	return 0;
}

/* Both addresses, and both ports or none (UDP encapsulation, RFC 3948). */
static int read_ends(struct vdt_ends *ends, struct genl_info *info)
{
	struct nlattr **attrs = info->attrs;
	struct nlattr *local_port = attrs[VIADUCT_A_SA_LOCAL_PORT];
	struct nlattr *remote_port = attrs[VIADUCT_A_SA_REMOTE_PORT];
	int err;

	err = vdt_nl_require(info, VIADUCT_A_SA_LOCAL, "a local address is needed");
	if (!err)
		err = vdt_nl_require(info, VIADUCT_A_SA_REMOTE, "a remote address is needed");
	if (!err)
		err = read_addr(&ends->local, &ends->family, attrs[VIADUCT_A_SA_LOCAL],
				info->extack);
	if (!err)
		err = read_addr(&ends->remote, &ends->family, attrs[VIADUCT_A_SA_REMOTE],
				info->extack);
	if (err)
		return err;
	if (!local_port != !remote_port)
		return vdt_nl_invalid(info->extack, local_port ? local_port : remote_port,
				      "UDP encapsulation needs both ports");
	if (local_port) {
		ends->local_port = nla_get_be16(local_port);
		ends->remote_port = nla_get_be16(remote_port);
	}
	return 0;
}

static int read_lifetime(struct vdt_lifetime *life, const struct nlattr *nest,
			 struct netlink_ext_ack *extack)
{
	struct nlattr *tb[VIADUCT_A_LIFETIME_MAX + 1];
	int err;

	err = nla_parse_nested(tb, VIADUCT_A_LIFETIME_MAX, nest, vdt_lifetime_policy, extack);
	if (err)
		return err;
	if (tb[VIADUCT_A_LIFETIME_SECONDS])
		life->seconds = nla_get_u64(tb[VIADUCT_A_LIFETIME_SECONDS]);
	if (tb[VIADUCT_A_LIFETIME_BYTES])
		life->bytes = nla_get_u64(tb[VIADUCT_A_LIFETIME_BYTES]);
	if (tb[VIADUCT_A_LIFETIME_PACKETS])
		life->packets = nla_get_u64(tb[VIADUCT_A_LIFETIME_PACKETS]);
	return 0;
}

/* Both lifetimes, as far as they are there; notes which in cfg->set. */
static int read_lifetimes(struct vdt_sa_config *cfg, struct genl_info *info)
{
	struct nlattr *soft = info->attrs[VIADUCT_A_SA_SOFT];
	struct nlattr *hard = info->attrs[VIADUCT_A_SA_HARD];
	int err = 0;

	if (soft) {
		cfg->set |= VDT_SA_SET_SOFT;
		err = read_lifetime(&cfg->soft, soft, info->extack);
	}
	if (!err && hard) {
		cfg->set |= VDT_SA_SET_HARD;
		err = read_lifetime(&cfg->hard, hard, info->extack);
	}
	return err;
}

/* What names an SA in its tunnel. Child 0: a reserved SPI that has no child yet. */
static int read_id(struct vdt_sa_config *cfg, struct genl_info *info)
{
	struct nlattr **attrs = info->attrs;
	int err;

	err = vdt_nl_require(info, VIADUCT_A_SA_DIR, "a direction is needed");
	if (!err)
		err = vdt_nl_require(info, VIADUCT_A_SA_SPI, "an SPI is needed");
	if (err)
		return err;
	cfg->child = attrs[VIADUCT_A_SA_CHILD] ? nla_get_u32(attrs[VIADUCT_A_SA_CHILD]) : 0;
	cfg->dir = nla_get_u8(attrs[VIADUCT_A_SA_DIR]);
	cfg->spi = nla_get_be32(attrs[VIADUCT_A_SA_SPI]);
	return 0;
}

static int read_keys(struct vdt_sa_config *cfg, struct genl_info *info)
{
	struct nlattr *encr_key = info->attrs[VIADUCT_A_SA_ENCR_KEY];
	struct nlattr *integ = info->attrs[VIADUCT_A_SA_INTEG];
	struct nlattr *integ_key = info->attrs[VIADUCT_A_SA_INTEG_KEY];

	if (info->attrs[VIADUCT_A_SA_ENCR])
		cfg->encr = nla_get_u16(info->attrs[VIADUCT_A_SA_ENCR]);
	else if (cfg->proto == IPPROTO_ESP)
		return vdt_nl_require(info, VIADUCT_A_SA_ENCR, "an encryption transform is needed");
	if (encr_key) {
		cfg->encr_key = nla_data(encr_key);
		cfg->encr_key_len = nla_len(encr_key);
	}
	if (integ)
		cfg->integ = nla_get_u16(integ);
	if (integ_key) {
		if (!cfg->integ)
			return vdt_nl_invalid(info->extack, integ_key,
					      "an integrity key without its transform");
		cfg->integ_key = nla_data(integ_key);
		cfg->integ_key_len = nla_len(integ_key);
	}
	return 0;
}

/* Replay window and sequence numbers. */
static int read_sequence(struct vdt_sa_config *cfg, struct genl_info *info)
{
	struct nlattr *window = info->attrs[VIADUCT_A_SA_REPLAY_WINDOW];
	struct nlattr *seq = info->attrs[VIADUCT_A_SA_SEQ];

	cfg->esn = nla_get_flag(info->attrs[VIADUCT_A_SA_ESN]);
	if (window && cfg->dir == VIADUCT_DIR_OUT)
		return vdt_nl_invalid(info->extack, window,
				      "an outbound SA has no replay window");
	if (window)
		cfg->replay_window = nla_get_u32(window);
	else if (cfg->dir == VIADUCT_DIR_IN)
		cfg->replay_window = VIADUCT_REPLAY_DEFAULT;
	if (cfg->replay_window && cfg->replay_window < VIADUCT_REPLAY_MIN)
		return vdt_nl_invalid(info->extack, window,
				      "a replay window is 0 or at least 32 packets");
	if (seq) {
		cfg->seq = nla_get_u64(seq);
		if (!cfg->esn && cfg->seq > U32_MAX)
			return vdt_nl_invalid(info->extack, seq,
					      "over 32 bits without extended sequence numbers");
	}
	return 0;
}

static int read_new(struct vdt_sa_config *cfg, struct genl_info *info)
{
	struct nlattr **attrs = info->attrs;
	int err;

	cfg->proto = attrs[VIADUCT_A_SA_PROTO] ? nla_get_u8(attrs[VIADUCT_A_SA_PROTO]) :
						 IPPROTO_ESP;
	cfg->mode = attrs[VIADUCT_A_SA_MODE] ? nla_get_u8(attrs[VIADUCT_A_SA_MODE]) :
					       VIADUCT_MODE_TUNNEL;
	err = read_id(cfg, info);
	if (!err)
		err = vdt_nl_require(info, VIADUCT_A_SA_CHILD, "a child is needed");
	if (!err && !cfg->child)
		err = vdt_nl_invalid(info->extack, attrs[VIADUCT_A_SA_CHILD],
				     "a child's id is never 0");
	if (!err)
		err = read_ends(&cfg->ends, info);
	if (!err)
		err = read_keys(cfg, info);
	if (!err)
		err = read_sequence(cfg, info);
	if (!err)
		err = read_lifetimes(cfg, info);
	return err;
}

/* A message's keys shall not linger in its buffer, nor come back with its acknowledgment. */
static void wipe_keys(struct genl_info *info)
{
	struct nlattr *attr;
	int rem;

	/* Each one: a key sent twice is in the message twice. */
	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem)
		if (nla_type(attr) == VIADUCT_A_SA_ENCR_KEY ||
		    nla_type(attr) == VIADUCT_A_SA_INTEG_KEY)
			memzero_explicit(nla_data(attr), nla_len(attr));
}

/* Which of the transforms and keys sa.h refused. */
static u16 bad_transform(const struct vdt_sa_config *cfg)
{
	const struct vdt_xform_encr *encr = vdt_xform_encr(cfg->encr);

	if (!encr)
		return VIADUCT_A_SA_ENCR;
	if (!vdt_xform_encr_key_ok(encr, cfg->encr_key_len))
		return cfg->encr_key ? VIADUCT_A_SA_ENCR_KEY : VIADUCT_A_SA_ENCR;
	if (!cfg->integ)
		return VIADUCT_A_SA_ENCR;
	if (encr->icv || !vdt_xform_integ(cfg->integ) || !cfg->integ_key)
		return VIADUCT_A_SA_INTEG;
	return VIADUCT_A_SA_INTEG_KEY;
}

/* The attribute that the error of a new SA is about. */
static u16 culprit(const struct vdt_sa_config *cfg, int err)
{
	switch (err) {
	case -EEXIST:
		return VIADUCT_A_SA_SPI;
	case -ENOENT:
		return VIADUCT_A_SA_CHILD;
	case -EOPNOTSUPP:
		if (cfg->proto != IPPROTO_ESP)
			return VIADUCT_A_SA_PROTO;
		if (cfg->mode != VIADUCT_MODE_TUNNEL)
			return VIADUCT_A_SA_MODE;
		return bad_transform(cfg);
	case -EINVAL:
		return bad_transform(cfg);
	default:
		return VIADUCT_A_SA_IFINDEX;
	}
}

/* --- commands --- */

int vdt_nl_spi_alloc(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr **attrs = info->attrs;
	struct vdt_sa_config cfg = {
		.dir = VIADUCT_DIR_IN,
		.proto = IPPROTO_ESP,
		.larval_ms = VDT_SA_LARVAL_MS,
		.spi_min = 256,
		.spi_max = U32_MAX,
	};
	struct vdt_tunnel *t;
	struct sk_buff *msg;
	void *hdr;
	int err;

	err = vdt_nl_require(info, VIADUCT_A_SA_LOCAL, "a local address is needed");
	if (!err)
		err = read_addr(&cfg.ends.local, &cfg.ends.family, attrs[VIADUCT_A_SA_LOCAL],
				info->extack);
	if (err)
		return err;
	if (attrs[VIADUCT_A_SA_PROTO])
		cfg.proto = nla_get_u8(attrs[VIADUCT_A_SA_PROTO]);
	if (attrs[VIADUCT_A_SA_LARVAL_TIMEOUT])
		cfg.larval_ms = nla_get_u32(attrs[VIADUCT_A_SA_LARVAL_TIMEOUT]);
	if (attrs[VIADUCT_A_SA_SPI_MIN])
		cfg.spi_min = nla_get_u32(attrs[VIADUCT_A_SA_SPI_MIN]);
	if (attrs[VIADUCT_A_SA_SPI_MAX])
		cfg.spi_max = nla_get_u32(attrs[VIADUCT_A_SA_SPI_MAX]);
	if (cfg.spi_min > cfg.spi_max)
		return vdt_nl_invalid(info->extack, attrs[VIADUCT_A_SA_SPI_MAX],
				      "the largest SPI is below the smallest");
	t = vdt_nl_tunnel(info);
	if (IS_ERR(t))
		return PTR_ERR(t);
	/* The reply first, so that a reserved SPI is also told. */
	msg = vdt_nl_reply_new(info, VIADUCT_CMD_SPI_ALLOC, 0, &hdr);
	if (!msg) {
		err = -ENOMEM;
		goto put;
	}
	err = vdt_sa_alloc_spi(t, &cfg, &cfg.spi, info->extack);
	if (err)
		vdt_nl_blame(info, VIADUCT_A_SA_SPI_MIN);
	else if (nla_put_u32(msg, VIADUCT_A_SA_IFINDEX, t->ifindex) ||
		 nla_put_be32(msg, VIADUCT_A_SA_SPI, cfg.spi))
		err = -EMSGSIZE;
	err = vdt_nl_reply(msg, hdr, info, err);
put:
	vdt_tunnel_put(t);
	return err;
}

int vdt_nl_sa_new(struct sk_buff *skb, struct genl_info *info)
{
	struct vdt_sa_config cfg = {};
	struct vdt_tunnel *t;
	int err = read_new(&cfg, info);

	if (err)
		goto wipe;
	t = vdt_nl_tunnel(info);
	if (IS_ERR(t)) {
		err = PTR_ERR(t);
		goto wipe;
	}
	err = vdt_sa_new(t, &cfg, info->extack);
	if (err)
		vdt_nl_blame(info, culprit(&cfg, err));
	vdt_tunnel_put(t);
wipe:
	wipe_keys(info);
	return err;
}

int vdt_nl_sa_update(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr **attrs = info->attrs;
	struct vdt_sa_config cfg = {};
	struct vdt_tunnel *t;
	int err;

	err = read_id(&cfg, info);
	if (!err && (attrs[VIADUCT_A_SA_LOCAL] || attrs[VIADUCT_A_SA_REMOTE] ||
		     attrs[VIADUCT_A_SA_LOCAL_PORT] || attrs[VIADUCT_A_SA_REMOTE_PORT])) {
		cfg.set |= VDT_SA_SET_ENDS;
		err = read_ends(&cfg.ends, info);
	}
	if (!err)
		err = read_lifetimes(&cfg, info);
	if (err)
		return err;
	t = vdt_nl_tunnel(info);
	if (IS_ERR(t))
		return PTR_ERR(t);
	err = vdt_sa_update(t, &cfg, info->extack);
	if (err)
		vdt_nl_blame(info, err == -EINVAL || err == -EEXIST ? VIADUCT_A_SA_LOCAL :
								      VIADUCT_A_SA_SPI);
	vdt_tunnel_put(t);
	return err;
}

int vdt_nl_sa_del(struct sk_buff *skb, struct genl_info *info)
{
	struct vdt_sa_config cfg = {};
	struct vdt_tunnel *t;
	int err;

	err = read_id(&cfg, info);
	if (err)
		return err;
	t = vdt_nl_tunnel(info);
	if (IS_ERR(t))
		return PTR_ERR(t);
	err = vdt_sa_del(t, cfg.child, cfg.dir, cfg.spi, info->extack);
	if (err)
		vdt_nl_blame(info, VIADUCT_A_SA_SPI);
	vdt_tunnel_put(t);
	return err;
}

int vdt_nl_sa_flush(struct sk_buff *skb, struct genl_info *info)
{
	unsigned long ifindex = 0;
	struct vdt_tunnel *t;

	if (info->attrs[VIADUCT_A_SA_IFINDEX]) {
		t = vdt_nl_tunnel(info);
		if (IS_ERR(t))
			return PTR_ERR(t);
		vdt_sa_flush(t);
		vdt_tunnel_put(t);
		return 0;
	}
	while ((t = vdt_tunnel_get_next(genl_info_net(info), &ifindex))) {
		vdt_sa_flush(t);
		vdt_tunnel_put(t);
		ifindex++;
	}
	return 0;
}

/* --- writing --- */

static int put_lifetime(struct sk_buff *msg, int attrtype, const struct vdt_lifetime *life)
{
	struct nlattr *nest;

	if (!life->seconds && !life->bytes && !life->packets)
		return 0;
	nest = nla_nest_start(msg, attrtype);
	if (!nest ||
	    nla_put_u64_64bit(msg, VIADUCT_A_LIFETIME_SECONDS, life->seconds,
			      VIADUCT_A_LIFETIME_PAD) ||
	    nla_put_u64_64bit(msg, VIADUCT_A_LIFETIME_BYTES, life->bytes,
			      VIADUCT_A_LIFETIME_PAD) ||
	    nla_put_u64_64bit(msg, VIADUCT_A_LIFETIME_PACKETS, life->packets,
			      VIADUCT_A_LIFETIME_PAD))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

int vdt_nl_put_sa_id(struct sk_buff *msg, const struct vdt_sa *sa)
{
	const struct vdt_ends *ends;
	int err = 0;

	if (nla_put_u32(msg, VIADUCT_A_SA_IFINDEX, sa->tunnel->ifindex) ||
	    nla_put_u8(msg, VIADUCT_A_SA_DIR, sa->dir) ||
	    nla_put_be32(msg, VIADUCT_A_SA_SPI, sa->spi) ||
	    nla_put_u8(msg, VIADUCT_A_SA_PROTO, sa->proto))
		return -EMSGSIZE;
	if (!sa->child)
		return vdt_nl_put_addr(msg, VIADUCT_A_SA_LOCAL, sa->key.family, &sa->key.dest);
	rcu_read_lock();
	ends = &rcu_dereference(sa->path)->ends;
	if (nla_put_u32(msg, VIADUCT_A_SA_CHILD, sa->child->id) ||
	    vdt_nl_put_addr(msg, VIADUCT_A_SA_LOCAL, ends->family, &ends->local) ||
	    vdt_nl_put_addr(msg, VIADUCT_A_SA_REMOTE, ends->family, &ends->remote))
		err = -EMSGSIZE;
	if (!err && ends->local_port &&
	    (nla_put_be16(msg, VIADUCT_A_SA_LOCAL_PORT, ends->local_port) ||
	     nla_put_be16(msg, VIADUCT_A_SA_REMOTE_PORT, ends->remote_port)))
		err = -EMSGSIZE;
	rcu_read_unlock();
	return err;
}

/* What an SA with keys has beyond a reserved SPI. */
static int put_live(struct sk_buff *msg, const struct vdt_sa *sa)
{
	if (nla_put_u8(msg, VIADUCT_A_SA_MODE, sa->mode) ||
	    nla_put_u64_64bit(msg, VIADUCT_A_SA_SEQ, vdt_sa_seq(sa), VIADUCT_A_SA_PAD) ||
	    nla_put_string(msg, VIADUCT_A_SA_ENCR_DRIVER, vdt_sa_driver(sa)))
		return -EMSGSIZE;
	if (sa->encr && nla_put_u16(msg, VIADUCT_A_SA_ENCR, sa->encr->id))
		return -EMSGSIZE;
	if (sa->integ && nla_put_u16(msg, VIADUCT_A_SA_INTEG, sa->integ->id))
		return -EMSGSIZE;
	if (sa->esn && nla_put_flag(msg, VIADUCT_A_SA_ESN))
		return -EMSGSIZE;
	if (sa->dir == VIADUCT_DIR_IN &&
	    nla_put_u32(msg, VIADUCT_A_SA_REPLAY_WINDOW, sa->replay_window))
		return -EMSGSIZE;
	if (vdt_sa_is_current(sa) && nla_put_flag(msg, VIADUCT_A_SA_CURRENT))
		return -EMSGSIZE;
	if (put_lifetime(msg, VIADUCT_A_SA_SOFT, &sa->soft) ||
	    put_lifetime(msg, VIADUCT_A_SA_HARD, &sa->hard))
		return -EMSGSIZE;
	return vdt_stats_put(msg, VIADUCT_A_SA_STATS, &sa->stats);
}

/* Under the tunnel's lock. */
static int put_sa(struct sk_buff *msg, const struct vdt_sa *sa)
{
	if (vdt_nl_put_sa_id(msg, sa) ||
	    nla_put_u64_64bit(msg, VIADUCT_A_SA_AGE, vdt_sa_age_ms(sa), VIADUCT_A_SA_PAD) ||
	    nla_put_u64_64bit(msg, VIADUCT_A_SA_IDLE, vdt_sa_idle_ms(sa), VIADUCT_A_SA_PAD))
		return -EMSGSIZE;
	return sa->child ? put_live(msg, sa) : 0;
}

int vdt_nl_sa_get(struct sk_buff *skb, struct genl_info *info)
{
	struct vdt_sa_config cfg = {};
	struct vdt_tunnel *t;
	struct sk_buff *msg;
	struct vdt_sa *sa;
	void *hdr;
	int err;

	err = read_id(&cfg, info);
	if (err)
		return err;
	t = vdt_nl_tunnel(info);
	if (IS_ERR(t))
		return PTR_ERR(t);
	msg = vdt_nl_reply_new(info, VIADUCT_CMD_SA_GET, 0, &hdr);
	if (!msg) {
		err = -ENOMEM;
		goto put;
	}
	mutex_lock(&t->lock);
	sa = vdt_sa_find(t, cfg.child, cfg.dir, cfg.spi);
	if (sa) {
		err = put_sa(msg, sa);
	} else {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[VIADUCT_A_SA_SPI],
				    "the child has no such SA");
		err = -ENOENT;
	}
	mutex_unlock(&t->lock);
	err = vdt_nl_reply(msg, hdr, info, err);
put:
	vdt_tunnel_put(t);
	return err;
}

/* The SAs of one list, whose serials ascend, from the position on. */
static int dump_list(struct sk_buff *skb, struct netlink_callback *cb, struct list_head *list)
{
	struct vdt_nl_dump *d = vdt_nl_dump(cb);
	struct vdt_sa *sa;
	void *hdr;

	list_for_each_entry(sa, list, node) {
		if (sa->serial < d->serial)
			continue;
		d->serial = sa->serial;
		hdr = vdt_nl_dump_put(skb, cb, VIADUCT_CMD_SA_GET);
		if (!hdr)
			return -EMSGSIZE;
		if (put_sa(skb, sa)) {
			genlmsg_cancel(skb, hdr);
			return -EMSGSIZE;
		}
		genlmsg_end(skb, hdr);
		d->serial++;
	}
	d->serial = 0;
	return 0;
}

static int dump_child(struct sk_buff *skb, struct netlink_callback *cb, struct vdt_child *child)
{
	struct vdt_nl_dump *d = vdt_nl_dump(cb);
	int err;

	if (d->dir <= VIADUCT_DIR_IN) {
		d->dir = VIADUCT_DIR_IN;
		err = dump_list(skb, cb, &child->in_sas);
		if (err)
			return err;
	}
	d->dir = VIADUCT_DIR_OUT;
	return dump_list(skb, cb, &child->out_sas);
}

/* First the reserved SPIs (as child 0), then child by child. */
static int dump_sas(struct sk_buff *skb, struct netlink_callback *cb, struct vdt_tunnel *t)
{
	struct vdt_nl_dump *d = vdt_nl_dump(cb);
	struct vdt_child *child;
	unsigned long id;
	int err;

	if (!d->child) {
		err = dump_list(skb, cb, &t->larval);
		if (err)
			return err;
		d->child = 1;
	}
	xa_for_each_start(&t->children, id, child, d->child) {
		if (id != d->child) {
			d->child = id;
			d->dir = 0;
			d->serial = 0;
		}
		err = dump_child(skb, cb, child);
		if (err)
			return err;
		d->child = id + 1;
		d->dir = 0;
	}
	return 0;
}

int vdt_nl_sa_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	return vdt_nl_dump_tunnels(skb, cb, dump_sas);
}
