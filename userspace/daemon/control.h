/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The control socket: connections, framing, replies (Documentation/control.md). What a call does
 * is in control_methods.c. Runs in [net]; the socket was made by [priv], root only, and every
 * connection's uid is checked again.
 */
#ifndef VD_DAEMON_CONTROL_H
#define VD_DAEMON_CONTROL_H

#include <stdint.h>
#include <systemd/sd-event.h>

#include "base/time.h"
#include "daemon/control_call.h"

struct vd_control;

/* A call under way: valid until it is answered or its connection closes. Keep the id, not the pointer. */
struct vd_call {
	uint64_t		id;		/* never 0, never used twice */
	struct vd_control_call	request;
	unsigned int		pending;	/* control_methods.c: events still to come */
};

typedef void (*vd_control_on_call)(void *arg, struct vd_call *call);
/* The time a waiting call may take is over. */
typedef void (*vd_control_on_timeout)(void *arg, struct vd_call *call);

struct vd_control_handler {
	vd_control_on_call	call;
	vd_control_on_timeout	timeout;
	void			*arg;
};

/* Takes over @listen_fd. 0 or a negative errno. */
int vd_control_new(struct vd_control **out, sd_event *event, int listen_fd,
		   const struct vd_control_handler *handler);
struct vd_control *vd_control_free(struct vd_control *c);

/* The call with @id, NULL if its connection is gone or it was answered. */
struct vd_call *vd_control_find(struct vd_control *c, uint64_t id);
/* Calls @fn for every call under way; @fn may answer it. */
void vd_control_each(struct vd_control *c, void (*fn)(void *arg, struct vd_call *call), void *arg);
/* Ends a call that waits after @ms. */
int  vd_call_set_timeout(struct vd_call *call, vd_time ms);

/* Each takes over @parameters (NULL: out of memory; the connection is closed). The last two end the call. */
void vd_call_more(struct vd_call *call, json_t *parameters);
void vd_call_reply(struct vd_call *call, json_t *parameters);
void vd_call_error(struct vd_call *call, const char *name, json_t *parameters);

#endif
