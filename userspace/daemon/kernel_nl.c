// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Generic netlink "viaduct" by libnl: opening, one command with its answer and the kernel's words,
 * attributes both ways (kernel_nl.h).
 */
#include "daemon/kernel_nl.h"

#include <errno.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <netlink/genl/ctrl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "base/secret.h"

#define ANSWER_SECONDS	10	/* the kernel answers at once; longer means it never will */

_Static_assert(VIADUCT_DROP_MAX < VD_KERNEL_DROPS, "make VD_KERNEL_DROPS larger");

/* ---- one command and its answer ---- */

/* The text and nothing else of an extended acknowledgement (NLMSGERR_ATTR_MSG). */
static void take_extack(const struct nlmsghdr *h, const struct nlmsgerr *e, char *why)
{
	struct nlattr *attrs[NLMSGERR_ATTR_MAX + 1];
	size_t off = sizeof(*e);

	if (!why || !(h->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (!(h->nlmsg_flags & NLM_F_CAPPED))
		off += e->msg.nlmsg_len - sizeof(e->msg);
	off = NLMSG_ALIGN(off);
	if (NLMSG_HDRLEN + off > h->nlmsg_len)
		return;
	if (nla_parse(attrs, NLMSGERR_ATTR_MAX, (struct nlattr *)((char *)e + off),
		      h->nlmsg_len - NLMSG_HDRLEN - off, NULL) < 0)
		return;
	if (attrs[NLMSGERR_ATTR_MSG])
		nla_strlcpy(why, attrs[NLMSGERR_ATTR_MSG], VD_KERNEL_TEXT);
}

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *e, void *arg)
{
	struct vd_kernel_answer *a = arg;

	a->error = e->error;
	a->done = true;
	take_extack((const struct nlmsghdr *)e - 1, e, a->why);
	return NL_STOP;
}

static int on_end(struct nl_msg *msg, void *arg)
{
	struct vd_kernel_answer *a = arg;

	a->done = true;
	return NL_STOP;
}

static int on_valid(struct nl_msg *msg, void *arg)
{
	struct vd_kernel_answer *a = arg;
	struct nlattr *attrs[128];

	if (!a->parse || a->error || a->max >= 128)
		return NL_OK;
	if (genlmsg_parse(nlmsg_hdr(msg), 0, attrs, a->max, NULL) < 0)
		a->error = -EBADMSG;
	else
		a->error = a->parse(a->arg, attrs);
	return NL_OK;
}

/* Sends @msg (freed) and waits for the end of the answer. */
/* An SA's keys were in it, perhaps. */
static void wipe_free(struct nl_msg *msg)
{
	vd_wipe(nlmsg_hdr(msg), nlmsg_hdr(msg)->nlmsg_len);
	nlmsg_free(msg);
}

int vd_kernel_transact(struct vd_kernel *k, struct nl_msg *msg, struct vd_kernel_answer *a)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);
	int err;

	if (a->why)
		a->why[0] = 0;
	if (!cb) {
		wipe_free(msg);
		return -ENOMEM;
	}
	nl_cb_err(cb, NL_CB_CUSTOM, on_error, a);
	nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, on_valid, a);
	nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, on_end, a);
	nl_cb_set(cb, NL_CB_FINISH, NL_CB_CUSTOM, on_end, a);

	err = nl_send_auto(k->cmd, msg);
	wipe_free(msg);
	while (err >= 0 && !a->done)
		err = nl_recvmsgs(k->cmd, cb);
	nl_cb_put(cb);
	if (err == -NLE_DUMP_INTR)
		return -EINTR;
	/* libnl returns its own number for an error that on_error() has seen: the kernel's is exact. */
	return a->done || err >= 0 ? a->error : -EIO;
}

/* A request for @cmd on tunnel @ifindex (0: none), the attribute number of the index being 1 in every set. */
struct nl_msg *vd_kernel_request(struct vd_kernel *k, uint8_t cmd, int flags, uint32_t ifindex)
{
	struct nl_msg *msg = nlmsg_alloc_size(16384);

	if (!msg)
		return NULL;
	if (!genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, k->family, 0, flags, cmd,
			 VIADUCT_FAMILY_VERSION) ||
	    (ifindex && nla_put_u32(msg, VIADUCT_A_SA_IFINDEX, ifindex) < 0)) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}

_Static_assert((int)VIADUCT_A_SA_IFINDEX == (int)VIADUCT_A_CHILD_IFINDEX &&
	       (int)VIADUCT_A_SA_IFINDEX == (int)VIADUCT_A_TUNNEL_IFINDEX,
	       "the index has one number");

int vd_kernel_do(struct vd_kernel *k, struct nl_msg *msg, int put_error, char *why)
{
	struct vd_kernel_answer a = { .why = why };

	if (put_error < 0) {
		wipe_free(msg);
		return -ENOMEM;
	}
	return vd_kernel_transact(k, msg, &a);
}

/* ---- open ---- */

static struct nl_sock *open_socket(void)
{
	struct nl_sock *s = nl_socket_alloc();
	struct timeval tv = { .tv_sec = ANSWER_SECONDS };
	int one = 1, fd;

	if (!s)
		return NULL;
	if (genl_connect(s) < 0) {
		nl_socket_free(s);
		return NULL;
	}
	fd = nl_socket_get_fd(s);
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof(one));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	nl_socket_set_buffer_size(s, 1 << 20, 1 << 18);
	nl_socket_disable_auto_ack(s);
	return s;
}

static int listen_events(struct vd_kernel *k)
{
	int group = genl_ctrl_resolve_grp(k->cmd, VIADUCT_FAMILY_NAME, VIADUCT_MCGRP_EVENTS);

	if (group < 0)
		return -EPROTONOSUPPORT;
	nl_socket_disable_seq_check(k->events);
	if (nl_socket_set_nonblocking(k->events) < 0 ||
	    nl_socket_add_membership(k->events, group) < 0)
		return -EPERM;
	return 0;
}

int vd_kernel_open(struct vd_kernel **out)
{
	struct vd_kernel *k = calloc(1, sizeof(*k));
	int err = -ENOMEM;

	if (!k)
		return -ENOMEM;
	k->cmd = open_socket();
	k->events = open_socket();
	if (!k->cmd || !k->events)
		goto fail;
	/* Asking for an unknown family makes the kernel try "net-pf-16-proto-16-family-viaduct". */
	k->family = genl_ctrl_resolve(k->cmd, VIADUCT_FAMILY_NAME);
	if (k->family < 0) {
		err = k->family == -NLE_OBJ_NOTFOUND ? -ENOENT : -EIO;
		goto fail;
	}
	err = listen_events(k);
	if (err)
		goto fail;
	*out = k;
	return 0;
fail:
	vd_kernel_close(k);
	return err;
}

struct vd_kernel *vd_kernel_close(struct vd_kernel *k)
{
	if (k) {
		nl_socket_free(k->cmd);
		nl_socket_free(k->events);
		free(k);
	}
	return NULL;
}

/* ---- attributes, both ways ---- */

int vd_kernel_put_addr(struct nl_msg *msg, int type, const struct vd_addr *a)
{
	return nla_put(msg, type, vd_addr_len(a->family), a->bytes);
}

struct vd_addr vd_kernel_get_addr(const struct nlattr *at)
{
	return at ? vd_addr_make(nla_data(at), nla_len(at)) : (struct vd_addr){ 0 };
}

uint64_t vd_kernel_get_uint(const struct nlattr *at)
{
	if (!at)
		return 0;
	switch (nla_len(at)) {
	case 1:
		return nla_get_u8(at);
	case 2:
		return nla_get_u16(at);
	case 4:
		return nla_get_u32(at);
	case 8:
		return nla_get_u64(at);
	}
	return 0;
}

uint16_t vd_kernel_get_port(const struct nlattr *at)
{
	return at && nla_len(at) == 2 ? ntohs(nla_get_u16(at)) : 0;
}

static int put_ts(struct nl_msg *msg, int type, const struct ike_ts *ts)
{
	struct nlattr *nest = nla_nest_start(msg, type);

	if (!nest || vd_kernel_put_addr(msg, VIADUCT_A_TS_START, &ts->start) < 0 ||
	    vd_kernel_put_addr(msg, VIADUCT_A_TS_END, &ts->end) < 0 ||
	    nla_put_u8(msg, VIADUCT_A_TS_PROTO, ts->proto) < 0)
		return -1;
	if ((ts->port_start != 0 || ts->port_end != 65535) &&
	    (nla_put_u16(msg, VIADUCT_A_TS_PORT_START, ts->port_start) < 0 ||
	     nla_put_u16(msg, VIADUCT_A_TS_PORT_END, ts->port_end) < 0))
		return -1;
	return nla_nest_end(msg, nest);
}

void vd_kernel_get_ts(const struct nlattr *at, struct ike_ts *ts)
{
	struct nlattr *a[VIADUCT_A_TS_MAX + 1];

	if (!at || nla_parse_nested(a, VIADUCT_A_TS_MAX, (struct nlattr *)at, NULL) < 0)
		return;
	ts->start = vd_kernel_get_addr(a[VIADUCT_A_TS_START]);
	ts->end = vd_kernel_get_addr(a[VIADUCT_A_TS_END]);
	ts->proto = vd_kernel_get_uint(a[VIADUCT_A_TS_PROTO]);
	ts->port_start = vd_kernel_get_uint(a[VIADUCT_A_TS_PORT_START]);
	ts->port_end = a[VIADUCT_A_TS_PORT_END] ? vd_kernel_get_uint(a[VIADUCT_A_TS_PORT_END]) : 65535;
}

int vd_kernel_put_ts_list(struct nl_msg *msg, int type, const struct ike_ts_list *list)
{
	for (unsigned int i = 0; i < list->n; i++)
		if (put_ts(msg, type, &list->ts[i]) < 0)
			return -1;
	return 0;
}

void vd_kernel_get_stats_attrs(struct nlattr **a, struct vd_kernel_stats *s)
{
	struct nlattr *drop;
	int left;

	s->tx_packets = vd_kernel_get_uint(a[VIADUCT_A_STATS_TX_PACKETS]);
	s->tx_bytes = vd_kernel_get_uint(a[VIADUCT_A_STATS_TX_BYTES]);
	s->rx_packets = vd_kernel_get_uint(a[VIADUCT_A_STATS_RX_PACKETS]);
	s->rx_bytes = vd_kernel_get_uint(a[VIADUCT_A_STATS_RX_BYTES]);
	if (!a[VIADUCT_A_STATS_DROPS])
		return;
	nla_for_each_nested(drop, a[VIADUCT_A_STATS_DROPS], left) {
		int reason = nla_type(drop);

		s->drops[reason <= VIADUCT_DROP_MAX ? reason : 0] += vd_kernel_get_uint(drop);
	}
}

void vd_kernel_get_stats(const struct nlattr *nest, struct vd_kernel_stats *s)
{
	struct nlattr *a[VIADUCT_A_STATS_MAX + 1];

	if (nest && nla_parse_nested(a, VIADUCT_A_STATS_MAX, (struct nlattr *)nest, NULL) >= 0)
		vd_kernel_get_stats_attrs(a, s);
}
