// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The commands of the kernel module (kernel.h): tunnels, children, SAs, sockets.
 */
#include "daemon/kernel_nl.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

/* ---- attributes ---- */

static int put_lifetime(struct nl_msg *msg, int type, vd_time ms, uint64_t bytes, uint64_t packets)
{
	struct nlattr *nest;

	if (!ms && !bytes && !packets)
		return 0;
	nest = nla_nest_start(msg, type);
	if (!nest || nla_put_u64(msg, VIADUCT_A_LIFETIME_SECONDS, (ms + 999) / 1000) < 0 ||
	    nla_put_u64(msg, VIADUCT_A_LIFETIME_BYTES, bytes) < 0 ||
	    nla_put_u64(msg, VIADUCT_A_LIFETIME_PACKETS, packets) < 0)
		return -1;
	return nla_nest_end(msg, nest);
}

static int put_ends(struct nl_msg *msg, const struct ike_sa_params *p)
{
	if (vd_kernel_put_addr(msg, VIADUCT_A_SA_LOCAL, &p->local.addr) < 0 ||
	    vd_kernel_put_addr(msg, VIADUCT_A_SA_REMOTE, &p->remote.addr) < 0)
		return -1;
	if (!p->encap)
		return 0;
	if (nla_put_u16(msg, VIADUCT_A_SA_LOCAL_PORT, htons(p->local.port)) < 0)
		return -1;
	return nla_put_u16(msg, VIADUCT_A_SA_REMOTE_PORT, htons(p->remote.port));
}

static int put_id(struct nl_msg *msg, const struct ike_sa_id *id, bool ah)
{
	if (nla_put_u32(msg, VIADUCT_A_SA_CHILD, id->child) < 0 ||
	    nla_put_u8(msg, VIADUCT_A_SA_DIR, id->inbound ? VIADUCT_DIR_IN : VIADUCT_DIR_OUT) < 0 ||
	    nla_put_u32(msg, VIADUCT_A_SA_SPI, htonl(id->spi)) < 0)
		return -1;
	return ah ? nla_put_u8(msg, VIADUCT_A_SA_PROTO, IPPROTO_AH) : 0;
}

/* ---- tunnels and children ---- */

int vd_kernel_tunnel_set(struct vd_kernel *k, uint32_t ifindex,
			 const struct vd_kernel_tunnel *t, char *why)
{
	struct nl_msg *msg = vd_kernel_request(k, VIADUCT_CMD_TUNNEL_SET, NLM_F_ACK, ifindex);
	int err;

	if (!msg)
		return -ENOMEM;
	err = nla_put_u8(msg, VIADUCT_A_TUNNEL_CARRIER,
			 t->carrier_always ? VIADUCT_CARRIER_ALWAYS : VIADUCT_CARRIER_SA) |
	      nla_put_u8(msg, VIADUCT_A_TUNNEL_DF, t->df) |
	      nla_put_u8(msg, VIADUCT_A_TUNNEL_DSCP,
			 t->dscp_set ? VIADUCT_DSCP_SET : VIADUCT_DSCP_COPY) |
	      nla_put_u8(msg, VIADUCT_A_TUNNEL_TTL, t->ttl) |
	      nla_put_u32(msg, VIADUCT_A_TUNNEL_MARK, t->mark) |
	      nla_put_u8(msg, VIADUCT_A_TUNNEL_MTU_AUTO, t->mtu_auto);
	if (t->dscp_set)
		err |= nla_put_u8(msg, VIADUCT_A_TUNNEL_DSCP_VALUE, t->dscp);
	if (t->queue_len)
		err |= nla_put_u32(msg, VIADUCT_A_TUNNEL_QUEUE_LEN, t->queue_len);
	return vd_kernel_do(k, msg, err, why);
}

struct tunnel_walk {
	vd_kernel_tunnel_fn fn;
	void		*arg;
};

static int parse_tunnel(void *arg, struct nlattr **a)
{
	struct tunnel_walk *w = arg;
	struct vd_kernel_tunnel_stats t = {
		.ifindex = vd_kernel_get_uint(a[VIADUCT_A_TUNNEL_IFINDEX]),
	};

	if (a[VIADUCT_A_TUNNEL_IFNAME])
		nla_strlcpy(t.tunnel, a[VIADUCT_A_TUNNEL_IFNAME], sizeof(t.tunnel));
	vd_kernel_get_stats(a[VIADUCT_A_TUNNEL_STATS], &t.stats);
	return w->fn(w->arg, &t);
}

int vd_kernel_tunnel_dump(struct vd_kernel *k, uint32_t ifindex, vd_kernel_tunnel_fn fn, void *arg)
{
	struct tunnel_walk w = { fn, arg };
	struct vd_kernel_answer a = { .parse = parse_tunnel, .max = VIADUCT_A_TUNNEL_MAX,
				      .arg = &w };
	struct nl_msg *msg = vd_kernel_request(k, VIADUCT_CMD_TUNNEL_GET,
					       ifindex ? NLM_F_ACK : NLM_F_DUMP, ifindex);

	return msg ? vd_kernel_transact(k, msg, &a) : -ENOMEM;
}

static int parse_stats(void *arg, struct nlattr **a)
{
	vd_kernel_get_stats_attrs(a, arg);
	return 0;
}

int vd_kernel_stats_get(struct vd_kernel *k, struct vd_kernel_stats *out)
{
	struct vd_kernel_stats s = { 0 };
	struct vd_kernel_answer a = { .parse = parse_stats, .max = VIADUCT_A_STATS_MAX,
				      .arg = &s };
	struct nl_msg *msg = vd_kernel_request(k, VIADUCT_CMD_STATS_GET, NLM_F_ACK, 0);
	int err = msg ? vd_kernel_transact(k, msg, &a) : -ENOMEM;

	if (!err)
		*out = s;
	return err;
}

static int child_send(struct vd_kernel *k, uint8_t cmd, uint32_t ifindex, uint32_t id,
		      bool on_demand, const struct ike_ts_list *local,
		      const struct ike_ts_list *remote, char *why)
{
	struct nl_msg *msg = vd_kernel_request(k, cmd, NLM_F_ACK, ifindex);
	int err;

	if (!msg)
		return -ENOMEM;
	err = nla_put_u32(msg, VIADUCT_A_CHILD_ID, id);
	if (!err && local)
		err = vd_kernel_put_ts_list(msg, VIADUCT_A_CHILD_LOCAL_TS, local);
	if (!err && remote)
		err = vd_kernel_put_ts_list(msg, VIADUCT_A_CHILD_REMOTE_TS, remote);
	if (!err && on_demand)
		err = nla_put_flag(msg, VIADUCT_A_CHILD_ON_DEMAND);
	return vd_kernel_do(k, msg, err, why);
}

int vd_kernel_child_set(struct vd_kernel *k, uint32_t ifindex, uint32_t id, bool on_demand,
			const struct ike_ts_list *local, const struct ike_ts_list *remote,
			char *why)
{
	int err = child_send(k, VIADUCT_CMD_CHILD_NEW, ifindex, id, on_demand, local, remote, why);

	if (err == -EEXIST)
		err = child_send(k, VIADUCT_CMD_CHILD_SET, ifindex, id, on_demand, local, remote,
				 why);
	return err;
}

int vd_kernel_child_del(struct vd_kernel *k, uint32_t ifindex, uint32_t id, char *why)
{
	return child_send(k, VIADUCT_CMD_CHILD_DEL, ifindex, id, false, NULL, NULL, why);
}

struct child_ids {
	uint32_t	n;
	uint32_t	ids[1024];
};

static int parse_child_id(void *arg, struct nlattr **a)
{
	struct child_ids *c = arg;

	if (a[VIADUCT_A_CHILD_ID] && c->n < sizeof(c->ids) / sizeof(c->ids[0]))
		c->ids[c->n++] = vd_kernel_get_uint(a[VIADUCT_A_CHILD_ID]);
	return 0;
}

int vd_kernel_child_flush(struct vd_kernel *k, uint32_t ifindex, char *why)
{
	struct child_ids c = { 0 };
	struct vd_kernel_answer a = { .why = why, .parse = parse_child_id, .max = VIADUCT_A_CHILD_MAX,
			    .arg = &c };
	struct nl_msg *msg = vd_kernel_request(k, VIADUCT_CMD_CHILD_GET, NLM_F_DUMP, ifindex);
	int err;

	if (!msg)
		return -ENOMEM;
	err = vd_kernel_transact(k, msg, &a);
	for (uint32_t i = 0; !err && i < c.n; i++)
		err = vd_kernel_child_del(k, ifindex, c.ids[i], why);
	return err;
}

/* ---- SAs ---- */

static int parse_sa(void *arg, struct nlattr **a)
{
	struct vd_kernel_sa *sa = arg;

	memset(sa, 0, sizeof(*sa));
	sa->ifindex = vd_kernel_get_uint(a[VIADUCT_A_SA_IFINDEX]);
	sa->child = vd_kernel_get_uint(a[VIADUCT_A_SA_CHILD]);
	sa->spi = ntohl(vd_kernel_get_uint(a[VIADUCT_A_SA_SPI]));
	sa->inbound = vd_kernel_get_uint(a[VIADUCT_A_SA_DIR]) == VIADUCT_DIR_IN;
	sa->ah = vd_kernel_get_uint(a[VIADUCT_A_SA_PROTO]) == IPPROTO_AH;
	sa->current = a[VIADUCT_A_SA_CURRENT] != NULL;
	sa->esn = a[VIADUCT_A_SA_ESN] != NULL;
	sa->encap = a[VIADUCT_A_SA_REMOTE_PORT] && vd_kernel_get_port(a[VIADUCT_A_SA_REMOTE_PORT]);
	sa->local.addr = vd_kernel_get_addr(a[VIADUCT_A_SA_LOCAL]);
	sa->local.port = vd_kernel_get_port(a[VIADUCT_A_SA_LOCAL_PORT]);
	sa->remote.addr = vd_kernel_get_addr(a[VIADUCT_A_SA_REMOTE]);
	sa->remote.port = vd_kernel_get_port(a[VIADUCT_A_SA_REMOTE_PORT]);
	sa->encr = vd_kernel_get_uint(a[VIADUCT_A_SA_ENCR]);
	sa->integ = vd_kernel_get_uint(a[VIADUCT_A_SA_INTEG]);
	sa->larval = !sa->encr && !sa->integ;
	sa->replay_window = vd_kernel_get_uint(a[VIADUCT_A_SA_REPLAY_WINDOW]);
	sa->seq = vd_kernel_get_uint(a[VIADUCT_A_SA_SEQ]);
	sa->age = vd_kernel_get_uint(a[VIADUCT_A_SA_AGE]);
	sa->idle = vd_kernel_get_uint(a[VIADUCT_A_SA_IDLE]);
	if (a[VIADUCT_A_SA_ENCR_DRIVER])
		nla_strlcpy(sa->driver, a[VIADUCT_A_SA_ENCR_DRIVER], sizeof(sa->driver));
	vd_kernel_get_stats(a[VIADUCT_A_SA_STATS], &sa->stats);
	return 0;
}

int vd_kernel_spi_alloc(struct vd_kernel *k, uint32_t ifindex, const struct ike_sa_params *p,
			uint32_t *spi, char *why)
{
	struct nl_msg *msg = vd_kernel_request(k, VIADUCT_CMD_SPI_ALLOC, NLM_F_ACK, ifindex);
	struct vd_kernel_sa sa = { 0 };
	struct vd_kernel_answer a = { .why = why, .parse = parse_sa, .max = VIADUCT_A_SA_MAX, .arg = &sa };
	int err;

	if (!msg)
		return -ENOMEM;
	if (vd_kernel_put_addr(msg, VIADUCT_A_SA_LOCAL, &p->local.addr) < 0 ||
	    (p->suite.protocol == IKE_PROTO_AH &&
	     nla_put_u8(msg, VIADUCT_A_SA_PROTO, IPPROTO_AH) < 0)) {
		nlmsg_free(msg);
		return -ENOMEM;
	}
	err = vd_kernel_transact(k, msg, &a);
	if (!err && !sa.spi)
		err = -EBADMSG;
	if (!err)
		*spi = sa.spi;
	return err;
}

int vd_kernel_sa_add(struct vd_kernel *k, uint32_t ifindex, const struct ike_sa_params *p,
		     char *why)
{
	struct nl_msg *msg = vd_kernel_request(k, VIADUCT_CMD_SA_NEW, NLM_F_ACK, ifindex);
	int err;

	if (!msg)
		return -ENOMEM;
	err = put_id(msg, &p->id, p->suite.protocol == IKE_PROTO_AH) | put_ends(msg, p);
	if (p->suite.encr != IKE_ENCR_NONE)
		err |= nla_put_u16(msg, VIADUCT_A_SA_ENCR, p->suite.encr) |
		       nla_put(msg, VIADUCT_A_SA_ENCR_KEY, p->encr_key.len, p->encr_key.data);
	if (p->suite.integ != IKE_INTEG_NONE)
		err |= nla_put_u16(msg, VIADUCT_A_SA_INTEG, p->suite.integ) |
		       nla_put(msg, VIADUCT_A_SA_INTEG_KEY, p->integ_key.len, p->integ_key.data);
	if (p->suite.esn == IKE_ESN_YES)
		err |= nla_put_flag(msg, VIADUCT_A_SA_ESN);
	if (p->id.inbound)
		err |= nla_put_u32(msg, VIADUCT_A_SA_REPLAY_WINDOW, p->replay_window);
	err |= put_lifetime(msg, VIADUCT_A_SA_SOFT, p->soft, p->soft_bytes, p->soft_packets) |
	       put_lifetime(msg, VIADUCT_A_SA_HARD, p->hard, p->hard_bytes, p->hard_packets);
	return vd_kernel_do(k, msg, err < 0 ? -1 : 0, why);
}

int vd_kernel_sa_update(struct vd_kernel *k, uint32_t ifindex, const struct ike_sa_params *p,
			char *why)
{
	struct nl_msg *msg = vd_kernel_request(k, VIADUCT_CMD_SA_UPDATE, NLM_F_ACK, ifindex);

	if (!msg)
		return -ENOMEM;
	return vd_kernel_do(k, msg, put_id(msg, &p->id, p->suite.protocol == IKE_PROTO_AH) |
			 put_ends(msg, p), why);
}

static int sa_del(struct vd_kernel *k, uint32_t ifindex, const struct ike_sa_id *id, char *why)
{
	struct nl_msg *msg = vd_kernel_request(k, VIADUCT_CMD_SA_DEL, NLM_F_ACK, ifindex);

	return msg ? vd_kernel_do(k, msg, put_id(msg, id, false), why) : -ENOMEM;
}

int vd_kernel_sa_del(struct vd_kernel *k, uint32_t ifindex, const struct ike_sa_id *id, char *why)
{
	struct ike_sa_id larval = *id;
	int err = sa_del(k, ifindex, id, why);

	/* An SPI reserved and not used yet belongs to no child. */
	larval.child = 0;
	if (err == -ENOENT && id->inbound && id->child)
		err = sa_del(k, ifindex, &larval, why);
	return err;
}

int vd_kernel_sa_get(struct vd_kernel *k, uint32_t ifindex, const struct ike_sa_id *id,
		     struct vd_kernel_sa *out, char *why)
{
	struct nl_msg *msg = vd_kernel_request(k, VIADUCT_CMD_SA_GET, NLM_F_ACK, ifindex);
	struct vd_kernel_answer a = { .why = why, .parse = parse_sa, .max = VIADUCT_A_SA_MAX, .arg = out };

	if (!msg)
		return -ENOMEM;
	if (put_id(msg, id, false) < 0) {
		nlmsg_free(msg);
		return -ENOMEM;
	}
	return vd_kernel_transact(k, msg, &a);
}

struct sa_walk {
	vd_kernel_sa_fn	fn;
	void		*arg;
};

static int parse_sa_walk(void *arg, struct nlattr **a)
{
	struct sa_walk *w = arg;
	struct vd_kernel_sa sa;
	int err = parse_sa(&sa, a);

	return err ? err : w->fn(w->arg, &sa);
}

int vd_kernel_sa_dump(struct vd_kernel *k, uint32_t ifindex, vd_kernel_sa_fn fn, void *arg)
{
	struct sa_walk w = { fn, arg };
	struct vd_kernel_answer a = { .parse = parse_sa_walk, .max = VIADUCT_A_SA_MAX, .arg = &w };
	struct nl_msg *msg = vd_kernel_request(k, VIADUCT_CMD_SA_GET, NLM_F_DUMP, ifindex);

	return msg ? vd_kernel_transact(k, msg, &a) : -ENOMEM;
}

int vd_kernel_socket_attach(struct vd_kernel *k, int fd, char *why)
{
	struct nl_msg *msg = vd_kernel_request(k, VIADUCT_CMD_SOCKET_ATTACH, NLM_F_ACK, 0);

	return msg ? vd_kernel_do(k, msg, nla_put_u32(msg, VIADUCT_A_SOCKET_FD, fd), why) : -ENOMEM;
}
