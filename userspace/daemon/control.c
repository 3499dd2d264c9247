// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Connections of the control socket (control.h). A connection has one call at a time; what
 * arrives meanwhile waits in its buffer. A client that does not read is closed.
 */
#include "daemon/control.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"

#define CONNECTIONS_MAX	64
#define OUT_MAX		(64u << 20)	/* octets that wait for a client */

struct connection {
	struct vd_call		call;		/* first: a call is its connection */
	struct connection	*next;
	struct vd_control	*control;
	int			fd;
	sd_event_source		*io, *timer, *again;
	bool			calling;
	char			*in;
	size_t			in_len;
	char			*out;
	size_t			out_at, out_len, out_cap;
};

struct vd_control {
	sd_event		*event;
	int			fd;
	sd_event_source		*io;
	struct vd_control_handler handler;
	struct connection	*list;
	unsigned int		count;
	uint64_t		last_id;
};

static void connection_free(struct connection *n)
{
	struct connection **p = &n->control->list;

	while (*p != n)
		p = &(*p)->next;
	*p = n->next;
	n->control->count--;
	sd_event_source_disable_unref(n->io);
	sd_event_source_disable_unref(n->timer);
	sd_event_source_disable_unref(n->again);
	close(n->fd);
	free(n->in);
	free(n->out);
	free(n);
}

/* Closing happens in a turn of its own, so that callers up the stack keep their pointers. */
static int on_again(sd_event_source *s, void *arg);

static void close_later(struct connection *n)
{
	n->calling = false;
	n->call.id = 0;
	sd_event_source_set_enabled(n->io, SD_EVENT_OFF);
	if (n->fd >= 0)
		shutdown(n->fd, SHUT_RDWR);
	n->in_len = SIZE_MAX;
	sd_event_source_set_enabled(n->again, SD_EVENT_ONESHOT);
}

static bool closing(const struct connection *n)
{
	return n->in_len == SIZE_MAX;
}

/* ---- out ---- */

static void flush(struct connection *n)
{
	while (n->out_at < n->out_len) {
		ssize_t k = send(n->fd, n->out + n->out_at, n->out_len - n->out_at,
				 MSG_NOSIGNAL | MSG_DONTWAIT);

		if (k < 0 && errno == EAGAIN)
			break;
		if (k < 0) {
			close_later(n);
			return;
		}
		n->out_at += k;
	}
	if (n->out_at == n->out_len)
		n->out_at = n->out_len = 0;
	sd_event_source_set_io_events(n->io, EPOLLIN | (n->out_len ? EPOLLOUT : 0));
}

static int make_room(struct connection *n, size_t len)
{
	size_t cap = n->out_cap ? n->out_cap : 4096;
	char *p;

	if (n->out_len + len <= n->out_cap)
		return 0;
	while (cap < n->out_len + len)
		cap *= 2;
	if (cap > OUT_MAX)
		return -ENOBUFS;
	p = realloc(n->out, cap);
	if (!p)
		return -ENOMEM;
	n->out = p;
	n->out_cap = cap;
	return 0;
}

/* Takes over @message. */
static void send_message(struct connection *n, json_t *message)
{
	char *text = message ? json_dumps(message, JSON_COMPACT) : NULL;
	size_t len = text ? strlen(text) + 1 : 0;

	json_decref(message);
	if (!text || closing(n) || make_room(n, len) < 0) {
		free(text);
		if (!closing(n))
			close_later(n);
		return;
	}
	memcpy(n->out + n->out_len, text, len);
	n->out_len += len;
	free(text);
	flush(n);
}

static struct connection *of(struct vd_call *call)
{
	return (struct connection *)call;
}

static json_t *wrap(json_t *parameters, bool continues)
{
	json_t *o = json_object();

	if (json_object_set_new(o, "parameters", parameters) < 0 ||
	    (continues && json_object_set_new(o, "continues", json_true()) < 0)) {
		json_decref(o);
		return NULL;
	}
	return o;
}

static void end_call(struct connection *n)
{
	n->calling = false;
	n->call.id = 0;
	n->timer = sd_event_source_disable_unref(n->timer);
	/* The next request may be in the buffer already. */
	sd_event_source_set_enabled(n->again, SD_EVENT_ONESHOT);
}

void vd_call_more(struct vd_call *call, json_t *parameters)
{
	send_message(of(call), wrap(parameters, true));
}

void vd_call_reply(struct vd_call *call, json_t *parameters)
{
	end_call(of(call));
	send_message(of(call), wrap(parameters, false));
}

void vd_call_error(struct vd_call *call, const char *name, json_t *parameters)
{
	end_call(of(call));
	send_message(of(call), vd_control_error(name, parameters));
}

/* ---- in ---- */

/* The first request in the buffer, if there is a whole one and no call is under way. */
static void next_request(struct connection *n)
{
	struct vd_control *c = n->control;
	char *end = memchr(n->in, 0, n->in_len);
	json_t *error;
	size_t len;
	int err;

	if (n->calling || !end)
		return;
	len = end - n->in;
	err = vd_control_parse(&n->call.request, n->in, len, &error);
	n->in_len -= len + 1;
	memmove(n->in, end + 1, n->in_len);
	if (err) {
		if (!error) {
			close_later(n);
			return;
		}
		send_message(n, error);
		if (!closing(n))
			sd_event_source_set_enabled(n->again, SD_EVENT_ONESHOT);
		return;
	}
	n->calling = true;
	n->call.id = ++c->last_id;
	n->call.pending = 0;
	c->handler.call(c->handler.arg, &n->call);
}

static int on_again(sd_event_source *s, void *arg)
{
	struct connection *n = arg;

	if (closing(n))
		connection_free(n);
	else
		next_request(n);
	return 0;
}

static void receive(struct connection *n)
{
	ssize_t k;

	if (n->in_len == VD_CONTROL_REQUEST_MAX) {
		close_later(n);
		return;
	}
	k = recv(n->fd, n->in + n->in_len, VD_CONTROL_REQUEST_MAX - n->in_len, MSG_DONTWAIT);
	if (k < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (k <= 0) {
		close_later(n);
		return;
	}
	n->in_len += k;
	next_request(n);
}

static int on_io(sd_event_source *s, int fd, uint32_t revents, void *arg)
{
	struct connection *n = arg;

	if (revents & EPOLLOUT)
		flush(n);
	if (!closing(n) && revents & (EPOLLIN | EPOLLHUP | EPOLLERR))
		receive(n);
	return 0;
}

static int on_timeout(sd_event_source *s, uint64_t usec, void *arg)
{
	struct connection *n = arg;

	if (n->calling)
		n->control->handler.timeout(n->control->handler.arg, &n->call);
	return 0;
}

int vd_call_set_timeout(struct vd_call *call, vd_time ms)
{
	struct connection *n = of(call);

	n->timer = sd_event_source_disable_unref(n->timer);
	return sd_event_add_time_relative(n->control->event, &n->timer, CLOCK_BOOTTIME,
					  (uint64_t)ms * 1000, 10000, on_timeout, n);
}

/* ---- connections ---- */

static int connection_new(struct vd_control *c, int fd)
{
	struct connection *n = calloc(1, sizeof(*n));
	int err = -ENOMEM;

	if (!n)
		return -ENOMEM;
	n->in = malloc(VD_CONTROL_REQUEST_MAX);
	n->control = c;
	n->fd = fd;
	if (!n->in)
		goto fail;
	err = sd_event_add_io(c->event, &n->io, fd, EPOLLIN, on_io, n);
	if (err >= 0)
		err = sd_event_add_defer(c->event, &n->again, on_again, n);
	if (err >= 0)
		err = sd_event_source_set_enabled(n->again, SD_EVENT_OFF);
	if (err < 0)
		goto fail;
	n->next = c->list;
	c->list = n;
	c->count++;
	return 0;
fail:
	sd_event_source_disable_unref(n->io);
	sd_event_source_disable_unref(n->again);
	free(n->in);
	free(n);
	return err;
}

static bool is_root(int fd)
{
	struct ucred cred;
	socklen_t len = sizeof(cred);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) == 0 && cred.uid == 0;
}

static void refuse(int fd)
{
	static const char text[] = "{\"error\":\"org.viaduct.NotPermitted\",\"parameters\":{}}";

	if (send(fd, text, sizeof(text), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		vd_debug(VD_LOG_CONTROL, "a refused client did not wait for the answer");
}

static int on_listen(sd_event_source *s, int fd, uint32_t revents, void *arg)
{
	struct vd_control *c = arg;
	int peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (peer < 0)
		return 0;
	if (!is_root(peer)) {
		refuse(peer);
		close(peer);
	} else if (c->count >= CONNECTIONS_MAX || connection_new(c, peer) < 0) {
		vd_warning(VD_LOG_CONTROL, "too many connections to the control socket");
		close(peer);
	}
	return 0;
}

int vd_control_new(struct vd_control **out, sd_event *event, int listen_fd,
		   const struct vd_control_handler *handler)
{
	struct vd_control *c = calloc(1, sizeof(*c));
	int err;

	if (!c) {
		close(listen_fd);
		return -ENOMEM;
	}
	c->event = event;
	c->fd = listen_fd;
	c->handler = *handler;
	err = sd_event_add_io(event, &c->io, listen_fd, EPOLLIN, on_listen, c);
	if (err < 0) {
		close(listen_fd);
		free(c);
		return err;
	}
	*out = c;
	return 0;
}

struct vd_control *vd_control_free(struct vd_control *c)
{
	if (!c)
		return NULL;
	while (c->list)
		connection_free(c->list);
	sd_event_source_disable_unref(c->io);
	close(c->fd);
	free(c);
	return NULL;
}

struct vd_call *vd_control_find(struct vd_control *c, uint64_t id)
{
	for (struct connection *n = c->list; n; n = n->next)
		if (n->calling && n->call.id == id)
			return &n->call;
	return NULL;
}

void vd_control_each(struct vd_control *c, void (*fn)(void *arg, struct vd_call *call), void *arg)
{
	/* Connections go in a turn of their own (close_later), so the list is stable here. */
	for (struct connection *n = c ? c->list : NULL; n; n = n->next)
		if (n->calling)
			fn(arg, &n->call);
}
