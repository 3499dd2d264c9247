// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Varlink's framing over a unix stream socket. The daemon is trusted no further than its framing:
 * what it relays comes from peers.
 */
#include "ctl/client.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "ctl/text.h"

struct vd_client {
	int	fd;
	char	*buf;
	size_t	cap;
	size_t	len;		/* octets held */
	size_t	scanned;	/* of them known to hold no NUL */
};

void vd_reply_free(struct vd_reply *r)
{
	json_decref(r->message);
	*r = (struct vd_reply){ 0 };
}

int vd_reply_parse(struct vd_reply *r, const char *text, size_t len)
{
	json_t *message = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
	const json_t *parameters, *error, *continues;

	if (!json_is_object(message))
		goto bad;
	parameters = json_object_get(message, "parameters");
	error = json_object_get(message, "error");
	continues = json_object_get(message, "continues");
	if (!parameters) {
		/* Varlink lets an empty one be left out. */
		if (json_object_set_new(message, "parameters", json_object()))
			goto bad;
		parameters = json_object_get(message, "parameters");
	}
	if (!json_is_object(parameters) || (error && !json_is_string(error)) ||
	    (continues && !json_is_boolean(continues)))
		goto bad;
	r->message = message;
	r->parameters = parameters;
	r->error = json_string_value(error);
	r->continues = json_is_true(continues) && !error;
	return 0;
bad:
	json_decref(message);
	return -EPROTO;
}

static int64_t clock_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Waits until @fd is ready for @events. 0 or a negative errno; @deadline in clock_ms(), < 0: none. */
static int wait_for(int fd, short events, int64_t deadline)
{
	for (;;) {
		struct pollfd p = { .fd = fd, .events = events };
		int64_t left = deadline < 0 ? -1 : deadline - clock_ms();
		int n;

		if (deadline >= 0 && left <= 0)
			return -ETIMEDOUT;
		n = poll(&p, 1, left > 60000 ? 60000 : (int)left);
		if (n > 0)
			return 0;
		if (n < 0 && errno != EINTR)
			return -errno;
	}
}

int vd_client_open(struct vd_client **out, const char *path)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	struct vd_client *c;
	int fd, rc;

	if (strlen(path) >= sizeof(sa.sun_path))
		return -ENAMETOOLONG;
	memcpy(sa.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	do
		rc = connect(fd, (struct sockaddr *)&sa, sizeof(sa));
	while (rc < 0 && errno == EINTR);
	/* EAGAIN here is a full backlog: the daemon accepts nobody. */
	if (rc < 0) {
		rc = errno == EAGAIN ? -ETIMEDOUT : -errno;
		close(fd);
		return rc;
	}
	c = calloc(1, sizeof(*c));
	if (!c) {
		close(fd);
		return -ENOMEM;
	}
	c->fd = fd;
	*out = c;
	return 0;
}

void vd_client_close(struct vd_client *c)
{
	if (!c)
		return;
	close(c->fd);
	free(c->buf);
	free(c);
}

static int send_all(int fd, const char *data, size_t len)
{
	int64_t deadline = clock_ms() + VD_REPLY_WAIT_MS;

	while (len) {
		ssize_t n = send(fd, data, len, MSG_NOSIGNAL);

		if (n > 0) {
			data += n;
			len -= (size_t)n;
		} else if (n < 0 && errno == EAGAIN) {
			int rc = wait_for(fd, POLLOUT, deadline);

			if (rc < 0)
				return rc;
		} else if (n < 0 && errno != EINTR) {
			return errno == EPIPE ? -ECONNRESET : -errno;
		}
	}
	return 0;
}

int vd_client_send(struct vd_client *c, const char *method, json_t *parameters, bool more)
{
	json_t *call = json_object();
	char *text = NULL;
	int rc = -ENOMEM;

	/* set_new takes over and checks its argument, NULL included */
	if (json_object_set_new(call, "method", json_string(method)) ||
	    json_object_set_new(call, "parameters", parameters) ||
	    (more && json_object_set_new(call, "more", json_true())))
		goto out;
	text = json_dumps(call, JSON_COMPACT);
	if (text)
		rc = send_all(c->fd, text, strlen(text) + 1);
out:
	free(text);
	json_decref(call);
	return rc;
}

/* Takes the first @len octets of the buffer, and the NUL behind them, out of it. */
static int take(struct vd_client *c, size_t len, struct vd_reply *r)
{
	int rc = vd_reply_parse(r, c->buf, len);

	c->len -= len + 1;
	memmove(c->buf, c->buf + len + 1, c->len);
	c->scanned = 0;
	return rc;
}

static int grow(struct vd_client *c)
{
	size_t cap = c->cap ? c->cap * 2 : 16384;
	char *buf;

	if (c->cap > VD_REPLY_MAX)
		return -EMSGSIZE;
	buf = realloc(c->buf, cap);
	if (!buf)
		return -ENOMEM;
	c->buf = buf;
	c->cap = cap;
	return 0;
}

int vd_client_receive(struct vd_client *c, int wait_ms, struct vd_reply *r)
{
	int64_t deadline = wait_ms < 0 ? -1 : clock_ms() + wait_ms;

	for (;;) {
		char *end = c->len > c->scanned ?
			memchr(c->buf + c->scanned, '\0', c->len - c->scanned) : NULL;
		ssize_t n;
		int rc;

		if (end)
			return take(c, (size_t)(end - c->buf), r);
		c->scanned = c->len;
		if (c->len == c->cap) {
			rc = grow(c);
			if (rc < 0)
				return rc;
		}
		n = recv(c->fd, c->buf + c->len, c->cap - c->len, 0);
		if (n > 0) {
			c->len += (size_t)n;
		} else if (n == 0) {
			return -ECONNRESET;
		} else if (errno == EAGAIN) {
			rc = wait_for(c->fd, POLLIN, deadline);
			if (rc < 0)
				return rc;
		} else if (errno != EINTR) {
			return -errno;
		}
	}
}

enum vd_ctl_exit vd_ctl_send(struct vd_ctl *ctl, const char *method, json_t *parameters, bool more)
{
	int rc = ctl->client ? 0 : vd_client_open(&ctl->client, ctl->socket);

	if (rc < 0) {
		json_decref(parameters);
		vd_problem_connect(ctl, rc);
		return rc == -EACCES || rc == -EPERM ? VD_CTL_FAILED : VD_CTL_NO_DAEMON;
	}
	rc = vd_client_send(ctl->client, method, vd_must(parameters), more);
	if (rc < 0) {
		vd_problem_receive(ctl, rc);
		return rc == -ECONNRESET ? VD_CTL_NO_DAEMON : VD_CTL_FAILED;
	}
	return VD_CTL_DONE;
}

enum vd_ctl_exit vd_ctl_receive(struct vd_ctl *ctl, int wait_ms, struct vd_reply *r)
{
	struct timespec ts;
	int rc = vd_client_receive(ctl->client, wait_ms, r);

	clock_gettime(CLOCK_REALTIME, &ts);
	ctl->now_ms = (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
	if (rc < 0) {
		vd_problem_receive(ctl, rc);
		return rc == -ECONNRESET ? VD_CTL_NO_DAEMON : VD_CTL_FAILED;
	}
	if (r->error) {
		enum vd_ctl_exit status = vd_problem_reply(ctl, r);

		vd_reply_free(r);
		return status;
	}
	return VD_CTL_DONE;
}

enum vd_ctl_exit vd_ctl_call(struct vd_ctl *ctl, const char *method, json_t *parameters,
			     struct vd_reply *r)
{
	enum vd_ctl_exit status = vd_ctl_send(ctl, method, parameters, false);

	return status == VD_CTL_DONE ? vd_ctl_receive(ctl, VD_REPLY_WAIT_MS, r) : status;
}
