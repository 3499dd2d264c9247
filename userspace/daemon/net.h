/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The role [net]: runs the IKE engine between the UDP sockets, [priv] (kernel, routes), [keys]
 * (AUTH values) and the control socket. No capability, no long-term secret, no file.
 *
 *	net.c			start, configuration, messages of [priv] and [keys], time
 *	net_udp.c		datagrams in and out
 *	net_actions.c		what the engine asks for
 *	net_events.c		what the engine tells: log, monitors, routes
 *	control_methods.c	what administrators ask for
 */
#ifndef VD_DAEMON_NET_H
#define VD_DAEMON_NET_H

#include <systemd/sd-event.h>

#include "base/log.h"
#include "conf/conf.h"
#include "daemon/control.h"
#include "daemon/control_json.h"
#include "daemon/worker.h"
#include "ike/engine.h"

#define VD_NET_UDP_MAX	4	/* two ports, two families */

struct vd_net;

struct vd_net_udp {
	struct vd_net	*net;
	int		fd;
	enum vd_family	family;
	uint16_t	port;
	bool		natt;		/* datagrams carry the non-ESP marker */
	sd_event_source	*io;
};

/* Datagrams dropped before the engine saw them. */
struct vd_net_counters {
	uint64_t	no_marker;	/* on port 4500: neither IKE nor ESP the module took */
	uint64_t	send_failed;
};

struct vd_net_told;			/* net_events.c: failures told, per gateway */

struct vd_net {
	struct vd_worker	worker;
	struct ike_ops		ops;
	struct ike_engine	*engine;
	struct vd_chan		*keys;
	struct vd_net_psk	*psk;		/* waiting for [keys], net_actions.c */
	struct vd_net_udp	udp[VD_NET_UDP_MAX];
	unsigned int		n_udp;
	struct vd_net_counters	counters;
	struct vd_control	*control;
	int			control_fd;	/* until there is a configuration, else -1 */
	sd_event_source		*timer;		/* the engine's deadline */

	struct vd_conf		*conf;		/* the engine has it */
	struct vd_conf		*candidate;	/* judged good, waits for COMMIT */
	uint64_t		reload_call;	/* the control call that asked, 0: SIGHUP or the start */
	bool			reload_dry;
	bool			pumping;
	bool			stopping;
	sd_event_source		*stop_timer;
	struct vd_net_told	*told;
};

/* ---- net.c ---- */

/* Does what the engine wants done, and sets the timer. After every input to the engine. */
void vd_net_pump(struct vd_net *net);
/* Asks [priv] to read the configuration anew for control call @id. 0 or a negative errno (-EBUSY: one is under way). */
int  vd_net_reload(struct vd_net *net, uint64_t id, bool dry_run);
struct vd_json_clock vd_net_clock(void);

/* ---- net_udp.c ---- */

/* Takes over @fd. 0 or a negative errno. */
int  vd_net_udp_add(struct vd_net *net, int fd, enum vd_family family, uint16_t port, bool natt);
void vd_net_udp_send(struct vd_net *net, const struct ike_path *path, const void *data, size_t len);
void vd_net_udp_keepalive(struct vd_net *net, const struct ike_path *path);
void vd_net_udp_close(struct vd_net *net);

/* ---- net_actions.c ---- */

/* Does one action of the engine; clears it. */
void vd_net_action(struct vd_net *net, struct ike_action *a);
/* The answer of [priv] or [keys]. */
void vd_net_on_result(struct vd_net *net, const struct vd_msg *m);
void vd_net_on_psk_result(struct vd_net *net, const struct vd_msg *m);
/* [keys] is gone: what waits for it fails. */
void vd_net_psk_fail(struct vd_net *net);
/* At the end: forgets it. */
void vd_net_psk_drop(struct vd_net *net);

/* ---- net_events.c ---- */

void vd_net_event(struct vd_net *net, const struct ike_event *ev);
void vd_net_told_free(struct vd_net *net);

/* ---- control_methods.c ---- */

void vd_net_on_call(void *arg, struct vd_call *call);
void vd_net_on_call_timeout(void *arg, struct vd_call *call);
/* An event of the engine for the calls that wait for one. */
void vd_net_calls_event(struct vd_net *net, const struct ike_event *ev);
/* The kernel's counters have come for call @id; @view NULL: they have not. */
void vd_net_on_dump(struct vd_net *net, uint64_t id, const struct vd_kernel_view *view);
/* The end of a reload: @changes, or @errors (then not NULL). Tells the call that asked, or the log. */
void vd_net_reload_done(struct vd_net *net, const struct vd_conf_changes *changes,
			const struct vd_conf_errors *errors);

#endif
