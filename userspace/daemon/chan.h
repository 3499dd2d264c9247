/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One end of a channel between two roles: messages of msg.h over a SOCK_SEQPACKET
 * socket in an sd-event loop. Sending never blocks: what the socket does not take waits in
 * order. What is received passes vd_msg_parse() or ends the channel: a peer that
 * breaks the protocol is not argued with.
 */
#ifndef VD_DAEMON_CHAN_H
#define VD_DAEMON_CHAN_H

#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "daemon/msg.h"

struct vd_chan;

/* One message. A descriptor it does not take over (m->fd = -1) is closed afterwards. */
typedef void (*vd_chan_on_message)(void *arg, struct vd_msg *m);
/* The peer is gone (0) or broke the protocol (-EPROTO). Called once; freeing the channel here is fine. */
typedef void (*vd_chan_on_close)(void *arg, int error);

struct vd_chan_handler {
	vd_chan_on_message	message;
	vd_chan_on_close	close;
	void			*arg;
};

/*
 * Takes over @fd. @self is our role, @peer the role at the other end.
 * 0 and *@out set, or a negative errno (@fd is closed).
 */
int vd_chan_new(struct vd_chan **out, sd_event *event, int fd, enum vd_role self,
		enum vd_role peer, const struct vd_chan_handler *handler);
/* Closes; what waits is lost. NULL is fine. */
struct vd_chan *vd_chan_free(struct vd_chan *c);

/*
 * Sends or queues a message: @body of the type's size, @tail, @fd (-1: none; duplicated, the caller
 * keeps it). 0, -ENOTCONN (closed or NULL), -EINVAL (not in the table), -ENOBUFS (the peer does not read), -ENOMEM.
 */
int vd_chan_send(struct vd_chan *c, enum vd_msg_type type, uint64_t token,
		 const void *body, const void *tail, size_t tail_len, int fd);
/* A message whose body is struct vd_msg_empty. */
int vd_chan_send_empty(struct vd_chan *c, enum vd_msg_type type, int fd);
/* Waits (blocking, at most @ms) until all that is queued has been sent: before an exit. */
void vd_chan_flush(struct vd_chan *c, int ms);

/* A connected pair, close-on-exec, not blocking. 0 or a negative errno. */
int vd_chan_pair(int fds[2]);

#endif
