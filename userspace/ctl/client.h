/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The client's end of the control protocol (Documentation/control.md): Varlink's framing, JSON
 * objects each ended by NUL, on a unix stream socket. One call at a time. Every wait is bounded,
 * every size is bounded, a signal interrupts nothing.
 */
#ifndef VD_CTL_CLIENT_H
#define VD_CTL_CLIENT_H

#include "ctl/ctl.h"

/* A status of ten thousand tunnels is about 20 MiB. */
#define VD_REPLY_MAX	(64u << 20)
/* A daemon that does not answer within this has a problem. */
#define VD_REPLY_WAIT_MS	10000
#define VD_REPLY_FOREVER	(-1)

/* One message of the daemon. Zero it before the first use; vd_reply_free() before the next. */
struct vd_reply {
	json_t		*message;	/* the whole, owned */
	const json_t	*parameters;	/* an object, part of message */
	const char	*error;		/* "org.viaduct.NoSuchName", NULL: none */
	bool		continues;	/* more will follow */
};
void vd_reply_free(struct vd_reply *r);

/*
 * Reads one message of @len octets, without the NUL. 0, or -EPROTO when it is not an object of
 * the shape above; @r is unchanged then. Pure: the fuzz target's way in.
 */
int vd_reply_parse(struct vd_reply *r, const char *text, size_t len);

/* Connects to @path. 0 or a negative errno, with *@c untouched. */
int vd_client_open(struct vd_client **c, const char *path);
void vd_client_close(struct vd_client *c);
/* Sends a call. Takes over @parameters, also on failure. 0 or a negative errno. */
int vd_client_send(struct vd_client *c, const char *method, json_t *parameters, bool more);
/*
 * Waits for the next message, @wait_ms (or VD_REPLY_FOREVER) at most. 0, -ETIMEDOUT, -ECONNRESET
 * (the daemon went), -EMSGSIZE, -EPROTO, or another negative errno; @r is unchanged then.
 */
int vd_client_receive(struct vd_client *c, int wait_ms, struct vd_reply *r);

/*
 * The same for a command: opens ctl->client when it is not, sends, waits. All that can go wrong is
 * told to the user, in words or with --json as an object, and the exit status returned;
 * VD_CTL_DONE: @r holds a reply without error.
 */
enum vd_ctl_exit vd_ctl_call(struct vd_ctl *ctl, const char *method, json_t *parameters,
			     struct vd_reply *r);
/* Its two halves, for calls with several replies. */
enum vd_ctl_exit vd_ctl_send(struct vd_ctl *ctl, const char *method, json_t *parameters, bool more);
enum vd_ctl_exit vd_ctl_receive(struct vd_ctl *ctl, int wait_ms, struct vd_reply *r);

/* problem.c: why there is no daemon, and what to do; an error reply in words. */
void vd_problem_connect(struct vd_ctl *ctl, int err);
void vd_problem_receive(struct vd_ctl *ctl, int err);
enum vd_ctl_exit vd_problem_reply(struct vd_ctl *ctl, const struct vd_reply *r);

#endif
