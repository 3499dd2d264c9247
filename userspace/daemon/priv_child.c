// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The processes of [net] and [keys]: started from our own binary with a channel on descriptor 3
 * and nothing else open, restarted when they end, ended when they hang (priv.h).
 */
#include "daemon/priv.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/worker.h"

#define BACKOFF_FIRST	100
#define BACKOFF_MAX	(10 * VD_SECOND)
#define LIVED_WELL	(60 * VD_SECOND)	/* after so long the next failure is a new story */
#define SILENCE_MAX	(20 * VD_SECOND)

/* In the child: descriptor 3, arguments, ourselves again. Async-signal-safe calls only. */
__attribute__((noreturn))
static void become(int fd, char *const argv[])
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (fd == VD_WORKER_FD ? fcntl(fd, F_SETFD, 0) < 0 : dup2(fd, VD_WORKER_FD) < 0)
		_exit(126);
	close_range(VD_WORKER_FD + 1, ~0U, 0);
	execv("/proc/self/exe", argv);
	_exit(127);
}

static void on_channel_closed(void *arg, int error)
{
	struct vd_priv_child *c = arg;

	c->chan = vd_chan_free(c->chan);
	if (error)
		vd_error(VD_LOG_DAEMON, "[%s] sent a malformed message: it is ended",
			 vd_role_name(c->role));
	/* Without its channel it is of no use; its end is noticed by on_exit. */
	if (c->pid)
		kill(c->pid, SIGKILL);
}

static int on_restart(sd_event_source *s, uint64_t usec, void *arg)
{
	struct vd_priv_child *c = arg;

	c->restart = sd_event_source_disable_unref(c->restart);
	if (!c->priv->stopping && vd_priv_child_start(c->priv, c) < 0)
		vd_priv_abort(c->priv, VD_EXIT_FAILED);
	return 0;
}

static void schedule_restart(struct vd_priv_child *c)
{
	vd_time lived = vd_now() - c->started;

	c->backoff = lived > LIVED_WELL || !c->backoff ? BACKOFF_FIRST :
		     c->backoff * 2 < BACKOFF_MAX ? c->backoff * 2 : BACKOFF_MAX;
	sd_event_add_time_relative(c->priv->event, &c->restart, CLOCK_BOOTTIME,
				   (uint64_t)c->backoff * 1000, 10000, on_restart, c);
}

static void tell_end(const struct vd_priv_child *c, const siginfo_t *si)
{
	const char *name = vd_role_name(c->role);

	if (si->si_code == CLD_EXITED)
		vd_error(VD_LOG_DAEMON, "[%s] ended with status %d; started anew", name,
			 si->si_status);
	else
		vd_error(VD_LOG_DAEMON, "[%s] was ended by %s%s; started anew", name,
			 strsignal(si->si_status), si->si_status == SIGSYS ?
			 " (a system call its filter does not allow, see the kernel's log)" : "");
}

static int on_exit_child(sd_event_source *s, const siginfo_t *si, void *arg)
{
	struct vd_priv_child *c = arg;
	struct vd_priv *p = c->priv;

	/* What it sent last may still be in the channel: read before it is closed. */
	c->pid = 0;
	c->exit = sd_event_source_disable_unref(c->exit);
	c->chan = vd_chan_free(c->chan);
	if (p->stopping) {
		if (c->role == VD_ROLE_NET)
			vd_priv_stopped(p);
		return 0;
	}
	tell_end(c, si);
	/* A channel to one that is gone would swallow questions. */
	schedule_restart(c);
	return 0;
}

static int fork_child(struct vd_priv *p, struct vd_priv_child *c, int fd)
{
	char role[16], root[300], levels[128], path[256];
	char name[32];
	char *argv[] = { name, role, root, levels, NULL };

	snprintf(name, sizeof(name), "viaductd[%s]", vd_role_name(c->role));
	snprintf(role, sizeof(role), "--role=%s", vd_role_name(c->role));
	snprintf(root, sizeof(root), "--root=%s", vd_priv_path(p, "empty", path));
	snprintf(levels, sizeof(levels), "--log-level=%s",
		 p->options->log_levels ? p->options->log_levels : "info");
	c->pid = fork();
	if (c->pid == 0)
		become(fd, argv);
	return c->pid < 0 ? -errno : 0;
}

static void equip_net(struct vd_priv *p)
{
	p->generation++;
	for (unsigned int i = 0; i < p->n_udp; i++) {
		struct vd_msg_udp u = { .family = p->udp[i].family, .port = p->udp[i].port,
					.natt = p->udp[i].natt };

		vd_chan_send(p->net.chan, VD_MSG_UDP, 0, &u, NULL, 0, p->udp[i].fd);
	}
	vd_chan_send_empty(p->net.chan, VD_MSG_CONTROL, p->control_fd);
	vd_priv_introduce(p);
	vd_priv_config_send(p);
}

static void equip_keys(struct vd_priv *p)
{
	vd_priv_secrets_send(p);
	vd_priv_introduce(p);
}

int vd_priv_child_start(struct vd_priv *p, struct vd_priv_child *c)
{
	struct vd_chan_handler handler = {
		c->role == VD_ROLE_NET ? vd_priv_on_net_message : vd_priv_on_keys_message,
		on_channel_closed, c,
	};
	int fds[2], err = vd_chan_pair(fds);

	if (err)
		goto fail;
	err = fork_child(p, c, fds[1]);
	close(fds[1]);
	if (err) {
		close(fds[0]);
		goto fail;
	}
	c->started = c->alive = vd_now();
	err = vd_chan_new(&c->chan, p->event, fds[0], VD_ROLE_PRIV, c->role, &handler);
	if (!err)
		err = sd_event_add_child(p->event, &c->exit, c->pid, WEXITED, on_exit_child, c);
	if (err < 0)
		goto fail;
	vd_debug(VD_LOG_DAEMON, "[%s] runs as process %d", vd_role_name(c->role), c->pid);
	if (c->role == VD_ROLE_NET)
		equip_net(p);
	else
		equip_keys(p);
	return 0;
fail:
	vd_error(VD_LOG_DAEMON, "cannot start [%s]: %s", vd_role_name(c->role), strerror(-err));
	return err;
}

void vd_priv_child_kill(struct vd_priv_child *c)
{
	c->restart = sd_event_source_disable_unref(c->restart);
	c->exit = sd_event_source_disable_unref(c->exit);
	c->chan = vd_chan_free(c->chan);
	if (c->pid) {
		kill(c->pid, SIGKILL);
		waitpid(c->pid, NULL, 0);
		c->pid = 0;
	}
}

void vd_priv_introduce(struct vd_priv *p)
{
	int fds[2];

	if (!p->net.chan || !p->keys.chan || vd_chan_pair(fds) < 0)
		return;
	if (vd_chan_send_empty(p->net.chan, VD_MSG_KEYS_CHANNEL, fds[0]) < 0 ||
	    vd_chan_send_empty(p->keys.chan, VD_MSG_NET_CHANNEL, fds[1]) < 0)
		vd_error(VD_LOG_DAEMON, "cannot connect [net] with [keys]");
	close(fds[0]);
	close(fds[1]);
}

static void watch(struct vd_priv_child *c, vd_time now)
{
	if (!c->pid || now - c->alive < SILENCE_MAX)
		return;
	vd_error(VD_LOG_DAEMON, "[%s] gave no sign of life for %d s: it is ended",
		 vd_role_name(c->role), (int)((now - c->alive) / VD_SECOND));
	c->alive = now;
	kill(c->pid, SIGKILL);
}

void vd_priv_children_watch(struct vd_priv *p)
{
	vd_time now = vd_now();

	watch(&p->net, now);
	watch(&p->keys, now);
}
