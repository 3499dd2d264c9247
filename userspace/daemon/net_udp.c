// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * IKE datagrams (RFC 7296, 2.23; RFC 3948, 2): reading them with the address they were sent to,
 * sending them from the address the engine says. The sockets were opened and bound by [priv].
 */
#include "daemon/net.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define DATAGRAM_MAX	65535
#define BATCH		32	/* datagrams read before other sources get their turn */

static const uint8_t marker[4];	/* the non-ESP marker: four zero octets (RFC 3948, 2.2) */

/* Our address from the packet information; false without it. */
static bool local_address(struct msghdr *mh, struct vd_addr *local)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(mh); c; c = CMSG_NXTHDR(mh, c)) {
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
			struct in_pktinfo pi;

			memcpy(&pi, CMSG_DATA(c), sizeof(pi));
			*local = vd_addr_make((const uint8_t *)&pi.ipi_addr, 4);
			return true;
		}
		if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
			struct in6_pktinfo pi;

			memcpy(&pi, CMSG_DATA(c), sizeof(pi));
			*local = vd_addr_make(pi.ipi6_addr.s6_addr, 16);
			return true;
		}
	}
	return false;
}

/* What is left of a datagram on port 4500 without its marker; NULL if it is not IKE. */
static const uint8_t *strip_marker(struct vd_net_udp *u, const uint8_t *data, size_t *len)
{
	if (!u->natt)
		return data;
	/* A NAT keep-alive (RFC 3948, 2.3): nothing to do, nothing to count. */
	if (*len == 1 && data[0] == 0xff)
		return NULL;
	if (*len < sizeof(marker) || memcmp(data, marker, sizeof(marker)) != 0) {
		u->net->counters.no_marker++;
		return NULL;
	}
	*len -= sizeof(marker);
	return data + sizeof(marker);
}

/* One datagram. False: none there. */
static bool receive(struct vd_net_udp *u)
{
	static uint8_t buf[DATAGRAM_MAX];
	uint8_t control[CMSG_SPACE(sizeof(struct in6_pktinfo)) + CMSG_SPACE(64)];
	struct sockaddr_storage from;
	struct iovec iov = { buf, sizeof(buf) };
	struct msghdr mh = { .msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = &iov,
			     .msg_iovlen = 1, .msg_control = control,
			     .msg_controllen = sizeof(control) };
	struct ike_path path = { .natt = u->natt };
	ssize_t n = recvmsg(u->fd, &mh, MSG_DONTWAIT);
	const uint8_t *data;
	size_t len = n;

	/* An ICMP error of an earlier send comes back here: it says no more than silence does. */
	if (n < 0)
		return errno != EAGAIN;
	if (vd_endpoint_from_sockaddr(&path.remote, &from) < 0 ||
	    !local_address(&mh, &path.local.addr))
		return true;
	path.local.port = u->port;
	data = strip_marker(u, buf, &len);
	if (data)
		ike_engine_datagram(u->net->engine, vd_now(), &path, data, len);
	return true;
}

static int on_io(sd_event_source *s, int fd, uint32_t revents, void *arg)
{
	struct vd_net_udp *u = arg;

	for (unsigned int i = 0; i < BATCH && receive(u); i++)
		vd_net_pump(u->net);
	return 0;
}

int vd_net_udp_add(struct vd_net *net, int fd, enum vd_family family, uint16_t port, bool natt)
{
	struct vd_net_udp *u;
	int err;

	if (net->n_udp == VD_NET_UDP_MAX) {
		close(fd);
		return -ENOSPC;
	}
	u = &net->udp[net->n_udp];
	*u = (struct vd_net_udp){ .net = net, .fd = fd, .family = family, .port = port,
				  .natt = natt };
	err = sd_event_add_io(net->worker.event, &u->io, fd, EPOLLIN, on_io, u);
	if (err < 0) {
		close(fd);
		return err;
	}
	net->n_udp++;
	return 0;
}

void vd_net_udp_close(struct vd_net *net)
{
	while (net->n_udp) {
		struct vd_net_udp *u = &net->udp[--net->n_udp];

		sd_event_source_disable_unref(u->io);
		close(u->fd);
	}
}

/* ---- sending ---- */

static const struct vd_net_udp *socket_for(const struct vd_net *net, const struct ike_path *path)
{
	for (unsigned int i = 0; i < net->n_udp; i++)
		if (net->udp[i].family == path->remote.addr.family &&
		    net->udp[i].natt == path->natt)
			return &net->udp[i];
	return NULL;
}

/* The source address as packet information; @mh then refers to @buf. */
static void set_source(struct msghdr *mh, void *buf, const struct vd_addr *local)
{
	struct cmsghdr *c;

	mh->msg_control = buf;
	if (local->family == VD_FAMILY_IPV4) {
		struct in_pktinfo pi = { 0 };

		memcpy(&pi.ipi_spec_dst, local->bytes, 4);
		mh->msg_controllen = CMSG_SPACE(sizeof(pi));
		c = CMSG_FIRSTHDR(mh);
		c->cmsg_level = IPPROTO_IP;
		c->cmsg_type = IP_PKTINFO;
		c->cmsg_len = CMSG_LEN(sizeof(pi));
		memcpy(CMSG_DATA(c), &pi, sizeof(pi));
	} else {
		struct in6_pktinfo pi = { 0 };

		memcpy(&pi.ipi6_addr, local->bytes, 16);
		mh->msg_controllen = CMSG_SPACE(sizeof(pi));
		c = CMSG_FIRSTHDR(mh);
		c->cmsg_level = IPPROTO_IPV6;
		c->cmsg_type = IPV6_PKTINFO;
		c->cmsg_len = CMSG_LEN(sizeof(pi));
		memcpy(CMSG_DATA(c), &pi, sizeof(pi));
	}
}

static void send_parts(struct vd_net *net, const struct ike_path *path, struct iovec *iov,
		       size_t n_iov)
{
	static struct vd_ratelimit limit = { .burst = 5, .interval = 10 * VD_SECOND };
	const struct vd_net_udp *u = socket_for(net, path);
	union {
		struct cmsghdr	align;
		uint8_t		buf[CMSG_SPACE(sizeof(struct in6_pktinfo))];
	} control = { 0 };
	struct sockaddr_storage to;
	struct msghdr mh = { .msg_name = &to, .msg_iov = iov, .msg_iovlen = n_iov };
	char text[VD_ENDPOINT_TEXT];
	int err = EAFNOSUPPORT;

	mh.msg_namelen = vd_endpoint_to_sockaddr(&path->remote, &to);
	if (path->local.addr.family != VD_FAMILY_NONE)
		set_source(&mh, control.buf, &path->local.addr);
	if (u && sendmsg(u->fd, &mh, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
		return;
	if (u)
		err = errno;
	/* A full queue or no route: the retransmission follows. */
	net->counters.send_failed++;
	if (vd_ratelimit_pass(&limit, vd_now(), NULL))
		vd_warning(VD_LOG_NET, "cannot send to %s: %s",
			   vd_endpoint_text(&path->remote, text), strerror(err));
}

void vd_net_udp_send(struct vd_net *net, const struct ike_path *path, const void *data, size_t len)
{
	struct iovec iov[2] = { { (void *)marker, sizeof(marker) }, { (void *)data, len } };

	if (path->natt)
		send_parts(net, path, iov, 2);
	else
		send_parts(net, path, iov + 1, 1);
}

void vd_net_udp_keepalive(struct vd_net *net, const struct ike_path *path)
{
	static const uint8_t octet = 0xff;
	struct iovec iov = { (void *)&octet, 1 };

	send_parts(net, path, &iov, 1);
}
