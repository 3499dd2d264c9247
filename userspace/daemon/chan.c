// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Channels between roles (chan.h). Messages may hold keys: every buffer is wiped when it
 * has served.
 */
#include "daemon/chan.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "base/secret.h"

#define QUEUE_MAX	8192	/* messages that wait for a peer that does not read */
#define BATCH		64	/* messages handled before other sources get their turn */

struct queued {
	struct queued	*next;
	int		fd;
	size_t		len;
	uint8_t		data[];
};

struct vd_chan {
	int			fd;
	enum vd_role		self, peer;
	struct vd_chan_handler	handler;
	sd_event_source		*io;
	struct queued		*head, **tail;
	unsigned int		queued;
	bool			busy;		/* inside a handler: freeing waits */
	bool			freed;
	uint64_t		rx[VD_MSG_SIZE_MAX / sizeof(uint64_t) + 1];
};

int vd_chan_pair(int fds[2])
{
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) < 0)
		return -errno;
	return 0;
}

static void queued_free(struct queued *q)
{
	if (q->fd >= 0)
		close(q->fd);
	vd_wipe(q->data, q->len);
	free(q);
}

/* Closes the descriptor; what waited is lost. */
static void shut(struct vd_chan *c)
{
	struct queued *q;

	while ((q = c->head)) {
		c->head = q->next;
		queued_free(q);
	}
	c->tail = &c->head;
	c->queued = 0;
	c->io = sd_event_source_disable_unref(c->io);
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
}

struct vd_chan *vd_chan_free(struct vd_chan *c)
{
	if (!c)
		return NULL;
	shut(c);
	c->freed = true;
	if (!c->busy) {
		vd_wipe(c->rx, sizeof(c->rx));
		free(c);
	}
	return NULL;
}

/* The channel ends; the owner learns it and may free it. */
static void fail(struct vd_chan *c, int error)
{
	shut(c);
	c->handler.close(c->handler.arg, error);
}

/* ---- sending ---- */

static ssize_t send_now(int fd, const void *data, size_t len, int pass)
{
	union {
		struct cmsghdr	align;
		char		buf[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct iovec iov = { .iov_base = (void *)data, .iov_len = len };
	struct msghdr mh = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (pass >= 0) {
		struct cmsghdr *cm;

		mh.msg_control = control.buf;
		mh.msg_controllen = sizeof(control.buf);
		cm = CMSG_FIRSTHDR(&mh);
		cm->cmsg_level = SOL_SOCKET;
		cm->cmsg_type = SCM_RIGHTS;
		cm->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(cm), &pass, sizeof(int));
	}
	return sendmsg(fd, &mh, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* Sends what waits, as far as the socket takes it. */
static int drain(struct vd_chan *c)
{
	while (c->head) {
		struct queued *q = c->head;

		if (send_now(c->fd, q->data, q->len, q->fd) < 0)
			return -errno;
		c->head = q->next;
		if (!c->head)
			c->tail = &c->head;
		c->queued--;
		queued_free(q);
	}
	return 0;
}

static int watch(struct vd_chan *c)
{
	return sd_event_source_set_io_events(c->io, EPOLLIN | (c->head ? EPOLLOUT : 0));
}

static int enqueue(struct vd_chan *c, struct queued *q)
{
	if (c->queued >= QUEUE_MAX)
		return -ENOBUFS;
	q->next = NULL;
	*c->tail = q;
	c->tail = &q->next;
	c->queued++;
	return watch(c);
}

int vd_chan_send(struct vd_chan *c, enum vd_msg_type type, uint64_t token,
		 const void *body, const void *tail, size_t tail_len, int fd)
{
	size_t size = vd_msg_body_size(type);
	struct vd_msg_header h = { .type = type, .size = size + tail_len, .token = token };
	struct queued *q;
	int err = 0;

	if (!c || c->fd < 0)
		return -ENOTCONN;
	if (!vd_msg_may_send(type, c->self, c->peer, tail_len) ||
	    vd_msg_fds(type) != (fd >= 0 ? 1u : 0u))
		return -EINVAL;
	q = calloc(1, sizeof(*q) + sizeof(h) + size + tail_len);
	if (!q)
		return -ENOMEM;
	q->fd = -1;
	q->len = sizeof(h) + size + tail_len;
	memcpy(q->data, &h, sizeof(h));
	memcpy(q->data + sizeof(h), body, size);
	if (tail_len)
		memcpy(q->data + sizeof(h) + size, tail, tail_len);

	if (!c->head) {
		if (send_now(c->fd, q->data, q->len, fd) >= 0)
			goto out;
		if (errno != EAGAIN) {
			err = -errno;
			goto out;
		}
	}
	if (fd >= 0 && (q->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0)) < 0) {
		err = -errno;
		goto out;
	}
	err = enqueue(c, q);
	if (err)
		goto out;
	return 0;
out:
	queued_free(q);
	return err;
}

int vd_chan_send_empty(struct vd_chan *c, enum vd_msg_type type, int fd)
{
	struct vd_msg_empty empty = { 0 };

	return vd_chan_send(c, type, 0, &empty, NULL, 0, fd);
}

void vd_chan_flush(struct vd_chan *c, int ms)
{
	while (c && c->fd >= 0 && c->head) {
		struct pollfd p = { .fd = c->fd, .events = POLLOUT };

		if (poll(&p, 1, ms) <= 0 || (drain(c) < 0 && errno != EAGAIN))
			return;
	}
}

/* ---- receiving ---- */

/* The descriptors of @mh: the first into *@fd, how many into *@n; further ones are closed. */
static void take_fds(struct msghdr *mh, int *fd, unsigned int *n)
{
	*fd = -1;
	*n = 0;
	for (struct cmsghdr *cm = CMSG_FIRSTHDR(mh); cm; cm = CMSG_NXTHDR(mh, cm)) {
		size_t count;

		if (cm->cmsg_level != SOL_SOCKET || cm->cmsg_type != SCM_RIGHTS)
			continue;
		count = (cm->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < count; i++) {
			int one;

			memcpy(&one, CMSG_DATA(cm) + i * sizeof(int), sizeof(int));
			if ((*n)++ == 0)
				*fd = one;
			else
				close(one);
		}
	}
}

/* One message. 1: handled, 0: none there, negative: the channel ends. */
static int receive_one(struct vd_chan *c)
{
	union {
		struct cmsghdr	align;
		char		buf[CMSG_SPACE(4 * sizeof(int))];
	} control;
	struct iovec iov = { .iov_base = c->rx, .iov_len = sizeof(c->rx) };
	struct msghdr mh = { .msg_iov = &iov, .msg_iovlen = 1,
			     .msg_control = control.buf, .msg_controllen = sizeof(control.buf) };
	struct vd_msg m;
	unsigned int n_fds;
	ssize_t len;
	int fd, err;

	len = recvmsg(c->fd, &mh, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (len < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	if (len == 0)
		return -ECONNRESET;
	take_fds(&mh, &fd, &n_fds);
	if (mh.msg_flags & (MSG_TRUNC | MSG_CTRUNC))
		err = -EPROTO;
	else
		err = vd_msg_parse(&m, c->peer, c->self, c->rx, len, n_fds);
	if (!err) {
		m.fd = fd;
		c->handler.message(c->handler.arg, &m);
		fd = m.fd;
	}
	if (fd >= 0)
		close(fd);
	vd_wipe(c->rx, len);
	return err ? err : 1;
}

static int on_io(sd_event_source *s, int fd, uint32_t revents, void *arg)
{
	struct vd_chan *c = arg;
	int err = 0;

	c->busy = true;
	if (revents & EPOLLOUT) {
		err = drain(c);
		err = err == -EAGAIN ? 0 : err;
		if (!err)
			err = watch(c);
	}
	for (unsigned int i = 0; !err && !c->freed && c->fd >= 0 && i < BATCH; i++) {
		err = receive_one(c);
		if (err == 0)
			break;
		err = err > 0 ? 0 : err;
	}
	if (err && !c->freed && c->fd >= 0)
		fail(c, err == -ECONNRESET || err == -EPIPE ? 0 : err);
	c->busy = false;
	if (c->freed)
		vd_chan_free(c);
	return 0;
}

int vd_chan_new(struct vd_chan **out, sd_event *event, int fd, enum vd_role self,
		enum vd_role peer, const struct vd_chan_handler *handler)
{
	struct vd_chan *c = calloc(1, sizeof(*c));
	int err = -ENOMEM;

	if (!c)
		goto out_close;
	c->fd = fd;
	c->self = self;
	c->peer = peer;
	c->handler = *handler;
	c->tail = &c->head;
	err = sd_event_add_io(event, &c->io, fd, EPOLLIN, on_io, c);
	if (err < 0)
		goto out_free;
	*out = c;
	return 0;
out_free:
	free(c);
out_close:
	close(fd);
	return err;
}
