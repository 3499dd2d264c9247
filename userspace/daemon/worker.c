// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The common part of [net] and [keys] (worker.h).
 */
#include "daemon/worker.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>

#include "base/log.h"
#include "daemon/sandbox.h"

vd_time vd_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return (vd_time)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void copy_name(char *out, size_t cap, const char *value)
{
	size_t n = strnlen(value, cap - 1);

	memcpy(out, value, n);
	out[n] = 0;
}

/* The log's sink: [priv] writes it, for it has the journal's socket. */
static void log_to_priv(void *arg, const struct vd_log_record *r)
{
	struct vd_worker *w = arg;
	struct vd_msg_log m = { .level = r->level, .subsys = r->subsys };
	size_t len = strnlen(r->message, 4096);

	for (size_t i = 0; i < r->n_fields; i++) {
		const struct vd_log_field *f = &r->fields[i];

		if (strcmp(f->name, "VIADUCT_GATEWAY") == 0)
			copy_name(m.gateway, sizeof(m.gateway), f->value);
		else if (strcmp(f->name, "VIADUCT_TUNNEL") == 0)
			copy_name(m.tunnel, sizeof(m.tunnel), f->value);
		else if (strcmp(f->name, "VIADUCT_CODE") == 0)
			m.code = strtoul(f->value, NULL, 10);
	}
	vd_chan_send(w->priv, w->role == VD_ROLE_NET ? VD_MSG_NET_LOG : VD_MSG_KEYS_LOG, 0, &m,
		     r->message, len, -1);
}

static void on_priv_message(void *arg, struct vd_msg *m)
{
	struct vd_worker *w = arg;

	w->on_message(w->arg, m);
}

static void on_priv_gone(void *arg, int error)
{
	struct vd_worker *w = arg;

	/* Nobody is left to log to, or to work for. */
	sd_event_exit(w->event, error ? 1 : 0);
}

static int on_alive(sd_event_source *s, uint64_t usec, void *arg)
{
	struct vd_worker *w = arg;

	vd_chan_send_empty(w->priv, w->role == VD_ROLE_NET ? VD_MSG_NET_ALIVE : VD_MSG_KEYS_ALIVE,
			   -1);
	sd_event_source_set_time_relative(s, VD_WORKER_ALIVE_MS * 1000);
	return sd_event_source_set_enabled(s, SD_EVENT_ONESHOT);
}

/* Signals are for [priv]; a terminal's Ctrl-C reaches the whole group. */
static void ignore_signals(void)
{
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
}

/* [priv] alone starts roles: anyone else has no such socket here. */
static int check_channel(void)
{
	int type = 0;
	socklen_t len = sizeof(type);

	if (getsockopt(VD_WORKER_FD, SOL_SOCKET, SO_TYPE, &type, &len) < 0 ||
	    type != SOCK_SEQPACKET)
		return -ENOTSOCK;
	return 0;
}

int vd_worker_init(struct vd_worker *w, enum vd_role role, const struct vd_worker_args *args,
		   vd_chan_on_message on_message, void *arg)
{
	struct vd_chan_handler handler = { on_priv_message, on_priv_gone, w };
	const char *what = "reading the log levels";
	char name[16];
	int err;

	memset(w, 0, sizeof(*w));
	w->role = role;
	w->on_message = on_message;
	w->arg = arg;
	ignore_signals();
	/* Started as /proc/self/exe it would be called "exe". */
	snprintf(name, sizeof(name), "viaductd[%s]", vd_role_name(role));
	prctl(PR_SET_NAME, name);
	if (check_channel() < 0) {
		vd_error(VD_LOG_DAEMON, "a role is started by viaductd, not by hand");
		return -ENOTSOCK;
	}
	if (args->log_levels && vd_log_parse_levels(args->log_levels, NULL) < 0)
		goto fail_inval;
	what = "making an event loop";
	err = sd_event_new(&w->event);
	if (err < 0)
		goto fail;
	/* The event loop wants its own descriptors before the sandbox closes. */
	err = vd_chan_new(&w->priv, w->event, VD_WORKER_FD, role, VD_ROLE_PRIV, &handler);
	if (err < 0)
		goto fail;
	err = sd_event_add_time_relative(w->event, NULL, CLOCK_BOOTTIME,
					 VD_WORKER_ALIVE_MS * 1000, 100000, on_alive, w);
	if (err < 0)
		goto fail;
	err = vd_sandbox_enter(role, args->empty_dir, &what);
	if (err < 0)
		goto fail;
	vd_log_set_sink(log_to_priv, w);
	return 0;
fail_inval:
	err = -EINVAL;
fail:
	vd_error(VD_LOG_DAEMON, "[%s] cannot start: %s: %s", vd_role_name(role), what, strerror(-err));
	return err;
}

int vd_worker_run(struct vd_worker *w)
{
	int status = sd_event_loop(w->event);

	return status < 0 ? 1 : status;
}

void vd_worker_end(struct vd_worker *w)
{
	vd_log_set_sink(NULL, NULL);
	vd_chan_flush(w->priv, 1000);
	w->priv = vd_chan_free(w->priv);
	w->event = sd_event_unref(w->event);
}
