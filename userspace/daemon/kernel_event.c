// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the kernel module tells by itself (kernel.h), and its names for dropped packets.
 */
#include "daemon/kernel_nl.h"

#include <errno.h>
#include <netinet/in.h>

/* ---- events ---- */

struct event_walk {
	vd_kernel_notice_fn	fn;
	void			*arg;
};

static bool parse_acquire(struct nlmsghdr *h, struct vd_kernel_notice *n)
{
	struct nlattr *a[VIADUCT_A_CHILD_MAX + 1];

	if (genlmsg_parse(h, 0, a, VIADUCT_A_CHILD_MAX, NULL) < 0)
		return false;
	n->ifindex = vd_kernel_get_uint(a[VIADUCT_A_CHILD_IFINDEX]);
	n->event.kind = IKE_KERNEL_ACQUIRE;
	n->event.child = vd_kernel_get_uint(a[VIADUCT_A_CHILD_ID]);
	vd_kernel_get_ts(a[VIADUCT_A_CHILD_TRIGGER_LOCAL], &n->event.trigger_local);
	vd_kernel_get_ts(a[VIADUCT_A_CHILD_TRIGGER_REMOTE], &n->event.trigger_remote);
	return true;
}

static bool parse_sa_event(struct nlmsghdr *h, uint8_t cmd, struct vd_kernel_notice *n)
{
	struct nlattr *a[VIADUCT_A_SA_MAX + 1];
	struct ike_kernel_event *ev = &n->event;

	if (genlmsg_parse(h, 0, a, VIADUCT_A_SA_MAX, NULL) < 0)
		return false;
	n->ifindex = vd_kernel_get_uint(a[VIADUCT_A_SA_IFINDEX]);
	ev->child = vd_kernel_get_uint(a[VIADUCT_A_SA_CHILD]);
	ev->inbound = vd_kernel_get_uint(a[VIADUCT_A_SA_DIR]) == VIADUCT_DIR_IN;
	ev->spi = ntohl(vd_kernel_get_uint(a[VIADUCT_A_SA_SPI]));
	if (cmd == VIADUCT_CMD_EXPIRE_NTF) {
		ev->kind = IKE_KERNEL_EXPIRE;
		ev->hard = vd_kernel_get_uint(a[VIADUCT_A_SA_EXPIRE_HARD]) != 0;
	} else if (cmd == VIADUCT_CMD_MAPPING_NTF) {
		ev->kind = IKE_KERNEL_MAPPING;
		ev->remote.addr = vd_kernel_get_addr(a[VIADUCT_A_SA_NEW_REMOTE]);
		ev->remote.port = vd_kernel_get_port(a[VIADUCT_A_SA_NEW_REMOTE_PORT]);
	} else {
		uint64_t what = vd_kernel_get_uint(a[VIADUCT_A_SA_EVENT]);

		ev->kind = IKE_KERNEL_SA_GONE;
		n->for_engine = what == VIADUCT_SA_EVENT_DELETED;
		n->replay = what == VIADUCT_SA_EVENT_REPLAY;
	}
	return true;
}

static int on_event(struct nl_msg *msg, void *arg)
{
	struct event_walk *w = arg;
	struct nlmsghdr *h = nlmsg_hdr(msg);
	struct vd_kernel_notice n = { .for_engine = true };
	bool ok = false;
	uint8_t cmd;

	if (!genlmsg_valid_hdr(h, 0))
		return NL_OK;
	cmd = genlmsg_hdr(h)->cmd;
	if (cmd == VIADUCT_CMD_ACQUIRE_NTF)
		ok = parse_acquire(h, &n);
	else if (cmd == VIADUCT_CMD_EXPIRE_NTF || cmd == VIADUCT_CMD_SA_NTF ||
		 cmd == VIADUCT_CMD_MAPPING_NTF)
		ok = parse_sa_event(h, cmd, &n);
	if (ok && n.ifindex)
		w->fn(w->arg, &n);
	return NL_OK;
}

int vd_kernel_event_fd(const struct vd_kernel *k)
{
	return nl_socket_get_fd(k->events);
}

int vd_kernel_events(struct vd_kernel *k, vd_kernel_notice_fn fn, void *arg)
{
	struct event_walk w = { fn, arg };
	int err;

	nl_socket_modify_cb(k->events, NL_CB_VALID, NL_CB_CUSTOM, on_event, &w);
	err = nl_recvmsgs_default(k->events);
	if (err == -NLE_AGAIN || err == 0)
		return 0;
	return err == -NLE_NOMEM ? -ENOBUFS : -EIO;
}

const char *vd_kernel_drop_name(unsigned int reason)
{
	static const char *const names[] = {
		[VIADUCT_DROP_UNSPEC] = "other",
		[VIADUCT_DROP_TX_NOT_IP] = "tx-not-ip",
		[VIADUCT_DROP_TX_NO_CHILD] = "tx-no-child",
		[VIADUCT_DROP_TX_NO_SA] = "tx-no-sa",
		[VIADUCT_DROP_TX_QUEUE_FULL] = "tx-queue-full",
		[VIADUCT_DROP_TX_QUEUE_PURGED] = "tx-queue-purged",
		[VIADUCT_DROP_TX_SA_EXPIRED] = "tx-sa-expired",
		[VIADUCT_DROP_TX_SEQ_OVERFLOW] = "tx-seq-overflow",
		[VIADUCT_DROP_TX_NO_ROUTE] = "tx-no-route",
		[VIADUCT_DROP_TX_LOOP] = "tx-loop",
		[VIADUCT_DROP_TX_TOO_BIG] = "tx-too-big",
		[VIADUCT_DROP_TX_NO_MEMORY] = "tx-no-memory",
		[VIADUCT_DROP_TX_CRYPTO] = "tx-crypto",
		[VIADUCT_DROP_TX_TTL] = "tx-ttl",
		[VIADUCT_DROP_RX_TRUNCATED] = "rx-truncated",
		[VIADUCT_DROP_RX_NO_SA] = "rx-no-sa",
		[VIADUCT_DROP_RX_ENCAP] = "rx-encap",
		[VIADUCT_DROP_RX_SA_EXPIRED] = "rx-sa-expired",
		[VIADUCT_DROP_RX_REPLAY] = "rx-replay",
		[VIADUCT_DROP_RX_LATE] = "rx-late",
		[VIADUCT_DROP_RX_ICV] = "rx-icv",
		[VIADUCT_DROP_RX_PADDING] = "rx-padding",
		[VIADUCT_DROP_RX_NEXT_HEADER] = "rx-next-header",
		[VIADUCT_DROP_RX_DUMMY] = "rx-dummy",
		[VIADUCT_DROP_RX_INNER_HEADER] = "rx-inner-header",
		[VIADUCT_DROP_RX_SELECTOR] = "rx-selector",
		[VIADUCT_DROP_RX_ECN] = "rx-ecn",
		[VIADUCT_DROP_RX_NO_MEMORY] = "rx-no-memory",
		[VIADUCT_DROP_RX_CRYPTO] = "rx-crypto",
		[VIADUCT_DROP_RX_BACKLOG] = "rx-backlog",
		[VIADUCT_DROP_RX_DOWN] = "rx-down",
	};

	return reason < sizeof(names) / sizeof(names[0]) ? names[reason] : NULL;
}
