// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The role [priv] (priv.h): start, signals, the sign of life for systemd, and the end.
 *
 * At SIGTERM and SIGINT tunnels are closed with Deletes and what we made is removed; with --keep,
 * or when we crash, interfaces and SAs stay and go on carrying packets. SIGHUP reloads.
 */
#include "daemon/priv.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>

#include "daemon/log_journal.h"
#include "daemon/sandbox.h"

#define WATCH_MS	2000
#define STOP_MS		6000	/* [net] takes half of it for its Deletes */

void vd_priv_abort(struct vd_priv *p, int status)
{
	p->status = status;
	p->stopping = true;
	sd_event_exit(p->event, status);
}

void vd_priv_stopped(struct vd_priv *p)
{
	if (p->stopping)
		sd_event_exit(p->event, p->status);
}

static int on_stop_timeout(sd_event_source *s, uint64_t usec, void *arg)
{
	struct vd_priv *p = arg;

	vd_warning(VD_LOG_DAEMON, "[net] does not end: it is ended");
	return sd_event_exit(p->event, p->status);
}

void vd_priv_stop(struct vd_priv *p)
{
	/* The second signal means it. */
	if (p->stopping || p->options->keep || !p->net.chan) {
		p->stopping = true;
		sd_event_exit(p->event, p->status);
		return;
	}
	p->stopping = true;
	sd_notify(0, "STOPPING=1");
	vd_info(VD_LOG_DAEMON, "stopping: tunnels are closed");
	vd_chan_send_empty(p->net.chan, VD_MSG_STOP, -1);
	sd_event_add_time_relative(p->event, &p->stop_timer, CLOCK_BOOTTIME, STOP_MS * 1000, 10000,
				   on_stop_timeout, p);
}

void vd_priv_ready(struct vd_priv *p)
{
	p->ready = true;
	vd_notice(VD_LOG_DAEMON, "ready: %u gateways, %u tunnels", p->conf->ike.n_gateways,
		  (unsigned int)HASH_CNT(by_name, p->by_name));
	sd_notify(0, "READY=1\nSTATUS=viaductctl status shows the tunnels");
}

static int on_signal(sd_event_source *s, const struct signalfd_siginfo *si, void *arg)
{
	struct vd_priv *p = arg;

	if (si->ssi_signo == SIGHUP)
		vd_priv_config_reload(p, 0, false);
	else
		vd_priv_stop(p);
	return 0;
}

static int on_watch(sd_event_source *s, uint64_t usec, void *arg)
{
	vd_priv_children_watch(arg);
	sd_event_source_set_time_relative(s, WATCH_MS * 1000);
	return sd_event_source_set_enabled(s, SD_EVENT_ONESHOT);
}

static int make_loop(struct vd_priv *p)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP };
	sigset_t set;
	int err;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaddset(&set, signals[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	err = sd_event_new(&p->event);
	for (size_t i = 0; err >= 0 && i < sizeof(signals) / sizeof(signals[0]); i++)
		err = sd_event_add_signal(p->event, NULL, signals[i], on_signal, p);
	if (err >= 0)
		err = sd_event_add_time_relative(p->event, &p->watch, CLOCK_BOOTTIME,
						 WATCH_MS * 1000, 100000, on_watch, p);
	if (err >= 0)
		err = sd_event_set_watchdog(p->event, true);
	if (err < 0) {
		vd_error(VD_LOG_DAEMON, "event loop: %s", strerror(-err));
		return VD_EXIT_FAILED;
	}
	return 0;
}

static int start(struct vd_priv *p)
{
	const char *what;
	int status, err;

	status = vd_priv_config_first(p);
	if (!status)
		status = vd_priv_kernel_open(p);
	if (!status)
		status = vd_priv_run_dir(p);
	if (!status)
		status = make_loop(p);
	if (!status)
		status = vd_priv_udp_open(p);
	if (status)
		return status;
	err = vd_rtnl_open(&p->rtnl);
	if (err) {
		vd_error(VD_LOG_ROUTE, "rtnetlink: %s", strerror(-err));
		return VD_EXIT_FAILED;
	}
	err = vd_sandbox_priv(&what);
	if (err) {
		vd_error(VD_LOG_DAEMON, "%s: %s", what, strerror(-err));
		return VD_EXIT_FAILED;
	}
	if (vd_priv_child_start(p, &p->keys) < 0 || vd_priv_child_start(p, &p->net) < 0)
		return VD_EXIT_FAILED;
	return 0;
}

static void end(struct vd_priv *p)
{
	/* Aborted before anything was set up: nothing to keep, and what was made goes. */
	bool keep = p->options->keep && p->ready;

	vd_priv_child_kill(&p->net);
	vd_priv_child_kill(&p->keys);
	if (p->rtnl)
		vd_priv_tunnels_end(p, keep);
	vd_priv_config_end(p);
	vd_priv_sockets_close(p);
	p->kernel_io = sd_event_source_disable_unref(p->kernel_io);
	p->watch = sd_event_source_disable_unref(p->watch);
	p->stop_timer = sd_event_source_disable_unref(p->stop_timer);
	p->kernel = vd_kernel_close(p->kernel);
	p->rtnl = vd_rtnl_close(p->rtnl);
	p->event = sd_event_unref(p->event);
}

int vd_priv_main(const struct vd_options *options)
{
	struct vd_priv p = { .options = options, .control_fd = -1, .lock_fd = -1 };
	int status;

	p.net = (struct vd_priv_child){ .priv = &p, .role = VD_ROLE_NET };
	p.keys = (struct vd_priv_child){ .priv = &p, .role = VD_ROLE_KEYS };
	vd_log_journal_open();
	status = start(&p);
	if (!status) {
		int code = sd_event_loop(p.event);

		status = code < 0 ? VD_EXIT_FAILED : code;
	}
	end(&p);
	return status;
}
