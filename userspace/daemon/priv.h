/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The role [priv]: the parent. Reads the configuration, opens sockets, programs the kernel on
 * behalf of [net] after checking each request, starts and restarts the other two.
 *
 *	priv.c		start, signals, end
 *	priv_child.c	the processes of the other roles
 *	priv_config.c	configuration, reload, secrets
 *	priv_tunnel.c	tunnels: interfaces, addresses, routes, which SAs are whose
 *	priv_request.c	what [net] asks for
 *	priv_kernel.c	what the module tells; dumps
 *	priv_socket.c	run directory, UDP and control sockets
 */
#ifndef VD_DAEMON_PRIV_H
#define VD_DAEMON_PRIV_H

#include <sys/types.h>
#include <systemd/sd-event.h>
#include <uthash.h>

#include "base/log.h"
#include "conf/conf.h"
#include "daemon/chan.h"
#include "daemon/kernel.h"
#include "daemon/link.h"
#include "daemon/roles.h"

#define VD_PRIV_UDP_MAX	4

struct vd_priv;

/* ---- tunnels ---- */

/* An SA or, with spi 0, a child in the kernel, and the generation of [net] that made it. */
struct vd_priv_sa {
	struct vd_priv_sa	*next;
	struct ike_sa_id	id;
	uint32_t		generation;
	struct vd_msg_child	*child;		/* spi 0: how it was set; NULL: by an earlier daemon */
};

struct vd_priv_tunnel {
	char			name[VD_TUNNEL_MAX];
	uint32_t		ifindex;
	bool			created;	/* by us: removed by us */
	bool			leaving;	/* not in the new configuration; goes with APPLIED */
	bool			up;		/* the engine said so */
	struct ike_ts_list	remote_ts;	/* negotiated, while up */
	const struct ike_gateway_conf *gateway;	/* these three point into vd_priv.conf or .old */
	const struct ike_tunnel_conf *ike;
	const struct vd_conf_tunnel *conf;
	struct vd_conf_prefixes	addresses;	/* set, our own copies */
	struct vd_conf_prefixes	routes;
	struct vd_priv_sa	*sas;
	UT_hash_handle		by_name, by_index;
};

/* ---- children ---- */

struct vd_priv_child {
	struct vd_priv		*priv;
	enum vd_role		role;
	pid_t			pid;		/* 0: not running */
	struct vd_chan		*chan;
	sd_event_source		*exit, *restart;
	vd_time			started, alive;
	vd_time			backoff;	/* before the next start */
};

struct vd_priv_udp {
	int		fd;
	enum vd_family	family;
	uint16_t	port;
	bool		natt;
};

/* A reload, or the first load: from reading to APPLIED. */
struct vd_priv_reload {
	bool			active;
	bool			dry_run;
	uint64_t		token;
	struct vd_conf		*conf;		/* what may become the configuration */
	struct vd_conf_texts	texts;
	unsigned int		secrets_pending;
	uint32_t		round;		/* of sending secrets: verdicts of an earlier one don't count */
	struct vd_msg_verdict	secrets;	/* the first bad one */
};

struct vd_priv {
	const struct vd_options	*options;
	sd_event		*event;
	struct vd_kernel	*kernel;
	struct vd_rtnl		*rtnl;
	struct vd_conf		*conf;		/* in force */
	struct vd_conf		*old;		/* the one before, until APPLIED */
	struct vd_conf_texts	texts;		/* of @conf, for a restarted [net] */
	struct vd_priv_reload	reload;
	struct vd_priv_tunnel	*by_name, *by_index;
	struct vd_priv_made	*made;		/* interfaces an earlier daemon made */
	bool			made_read;
	struct vd_priv_child	net, keys;
	struct vd_priv_udp	udp[VD_PRIV_UDP_MAX];
	unsigned int		n_udp;
	int			control_fd, lock_fd;
	uint32_t		generation;	/* of [net] */
	bool			ready;		/* systemd was told */
	bool			stopping;
	int			status;
	sd_event_source		*kernel_io, *watch, *stop_timer;
};

/* ---- priv.c ---- */

/* The first configuration is in use: tells systemd. */
void vd_priv_ready(struct vd_priv *p);
/* Ends the daemon with @status: at once when something cannot go on. */
void vd_priv_abort(struct vd_priv *p, int status);
/* Orderly end: Deletes to the peers, interfaces removed (unless --keep). */
void vd_priv_stop(struct vd_priv *p);
void vd_priv_stopped(struct vd_priv *p);

/* ---- priv_child.c ---- */

int  vd_priv_child_start(struct vd_priv *p, struct vd_priv_child *c);
void vd_priv_child_kill(struct vd_priv_child *c);
/* Connects [net] with [keys] by a channel of their own, if both run. */
void vd_priv_introduce(struct vd_priv *p);
/* Ends children that gave no sign of life for too long; call it every few seconds. */
void vd_priv_children_watch(struct vd_priv *p);

/* ---- priv_config.c ---- */

/* Reads the configuration at the start: 0, or an exit status after telling why on stderr. */
int  vd_priv_config_first(struct vd_priv *p);
/* Reads it anew for [net]'s control call @token (0: SIGHUP). */
void vd_priv_config_reload(struct vd_priv *p, uint64_t token, bool dry_run);
/* Sends the configuration in force to a [net] just started. */
void vd_priv_config_send(struct vd_priv *p);
/* The verdict of [net] about the configuration. */
void vd_priv_config_verdict(struct vd_priv *p, const struct vd_msg_verdict *v);
void vd_priv_secret_verdict(struct vd_priv *p, uint64_t token, const struct vd_msg_verdict *v);
/* [net] runs by the new configuration: what left it goes. */
void vd_priv_config_applied(struct vd_priv *p);
/* Sends all secrets of the configuration in force to a [keys] just started. */
void vd_priv_secrets_send(struct vd_priv *p);
void vd_priv_config_end(struct vd_priv *p);

/* ---- priv_tunnel.c ---- */

struct vd_priv_tunnel *vd_priv_tunnel_find(struct vd_priv *p, const char *name);
struct vd_priv_tunnel *vd_priv_tunnel_by_index(struct vd_priv *p, uint32_t ifindex);
/* Makes interfaces as @conf says; marks those that leave. 0, or a negative errno with @why. */
int  vd_priv_tunnels_apply(struct vd_priv *p, const struct vd_conf *conf, char why[static VD_MSG_TEXT]);
/* After the first apply: removes interfaces an earlier daemon made for tunnels that are configured no more. */
void vd_priv_tunnels_orphans(struct vd_priv *p);
/* Removes those marked. */
void vd_priv_tunnels_prune(struct vd_priv *p);
/* At the end: what we made goes, unless @keep. */
void vd_priv_tunnels_end(struct vd_priv *p, bool keep);
/* The interface of @t was deleted behind our back: makes it anew, with its children. 0 or a negative errno. */
int  vd_priv_tunnel_restore(struct vd_priv *p, struct vd_priv_tunnel *t);
void vd_priv_tunnel_set_up(struct vd_priv *p, struct vd_priv_tunnel *t, bool up,
			   const struct ike_ts_list *remote_ts);
void vd_priv_sa_note(struct vd_priv *p, struct vd_priv_tunnel *t, const struct ike_sa_id *id);
/* The same for a child, with what it takes to set it once more. */
void vd_priv_child_note(struct vd_priv *p, struct vd_priv_tunnel *t, const struct vd_msg_child *c);
/* True if it was noted. */
bool vd_priv_sa_forget(struct vd_priv_tunnel *t, const struct ike_sa_id *id);
bool vd_priv_sa_known(const struct vd_priv_tunnel *t, const struct ike_sa_id *id);
/* A new [net] has set up @t: what earlier ones left of it is deleted. */
void vd_priv_sa_supersede(struct vd_priv *p, struct vd_priv_tunnel *t);

/* ---- priv_request.c ---- */

/* @arg: the struct vd_priv_child the message came from. */
void vd_priv_on_net_message(void *arg, struct vd_msg *m);
void vd_priv_on_keys_message(void *arg, struct vd_msg *m);

/* ---- priv_kernel.c ---- */

/* Opens the module. 0, or an exit status after telling why. */
int  vd_priv_kernel_open(struct vd_priv *p);
/* Notes the SAs an earlier daemon left on our tunnels. */
void vd_priv_kernel_inherit(struct vd_priv *p);
void vd_priv_kernel_dump(struct vd_priv *p, uint64_t token, const char *tunnel);

/* ---- priv_socket.c ---- */

/* Run directory with lock, empty root and control socket. 0 or an exit status after telling why. */
int  vd_priv_run_dir(struct vd_priv *p);
/* The IKE sockets. 0 or an exit status after telling why. */
int  vd_priv_udp_open(struct vd_priv *p);
void vd_priv_sockets_close(struct vd_priv *p);
/* Path of @name in the run directory; NULL if it is too long. */
const char *vd_priv_path(const struct vd_priv *p, const char *name, char buf[static 256]);

#endif
