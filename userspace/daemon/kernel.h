/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel module over generic netlink: the family "viaduct" as functions. kernel.c is
 * the only file of userspace that includes <linux/viaduct.h>.
 *
 * Used by [priv]; every command waits for the kernel's answer. [net] uses the names and
 * the plain structures only. Errors are negative errnos with the kernel's own words in @why
 * (VD_KERNEL_TEXT octets, may be NULL; "" if it had none).
 */
#ifndef VD_DAEMON_KERNEL_H
#define VD_DAEMON_KERNEL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/time.h"
#include "ike/engine.h"
#include "ike/ts.h"

#define VD_KERNEL_TEXT	256
#define VD_KERNEL_DROPS	40	/* reasons we have room for; a newer module's others are summed in 0 */

struct vd_kernel;

/* Packets and octets of an SA or a tunnel; octets are inner ones. */
struct vd_kernel_stats {
	uint64_t	tx_packets, tx_bytes, rx_packets, rx_bytes;
	uint64_t	drops[VD_KERNEL_DROPS];		/* by reason, vd_kernel_drop_name() */
};

/* An SA as the kernel has it. */
struct vd_kernel_sa {
	char		tunnel[16];	/* filled by the caller of the dump from @ifindex */
	uint32_t	ifindex;
	uint32_t	child;
	uint32_t	spi;		/* host order */
	uint8_t		inbound;
	uint8_t		current;	/* the child sends with this one */
	uint8_t		esn;
	uint8_t		encap;
	uint8_t		larval;		/* an SPI reserved, no keys yet */
	uint8_t		ah;
	struct vd_endpoint local, remote;
	uint16_t	encr, integ;	/* IKEv2 transform IDs, 0: none */
	uint32_t	replay_window;
	uint64_t	seq;
	vd_time		age, idle;	/* ms */
	char		driver[64];
	struct vd_kernel_stats stats;
};

/* The statistics of a tunnel since its device was made. */
struct vd_kernel_tunnel_stats {
	char		tunnel[16];
	uint32_t	ifindex;
	struct vd_kernel_stats stats;
};

/* Settings of a tunnel device that are the module's own. */
struct vd_kernel_tunnel {
	bool		carrier_always;
	uint32_t	queue_len;	/* 0: leave */
	uint8_t		df;		/* 0 copy, 1 set, 2 clear */
	bool		dscp_set;
	uint8_t		dscp;
	uint8_t		ttl;
	uint32_t	mark;
	bool		mtu_auto;
};

/*
 * Finds the family, which makes the kernel load the module if it is installed, and listens for events.
 * 0, -ENOENT (no such module), -EPERM, -ENOMEM, another errno.
 */
int  vd_kernel_open(struct vd_kernel **out);
struct vd_kernel *vd_kernel_close(struct vd_kernel *k);

int  vd_kernel_tunnel_set(struct vd_kernel *k, uint32_t ifindex,
			  const struct vd_kernel_tunnel *t, char *why);
/* What no tunnel can be charged with. */
int  vd_kernel_stats_get(struct vd_kernel *k, struct vd_kernel_stats *out);
/* Calls @fn for tunnel @ifindex, or for all (0). A non-zero return of @fn is returned at the end. */
typedef int (*vd_kernel_tunnel_fn)(void *arg, const struct vd_kernel_tunnel_stats *t);
int  vd_kernel_tunnel_dump(struct vd_kernel *k, uint32_t ifindex, vd_kernel_tunnel_fn fn, void *arg);
/* Creates child @id or replaces its selectors. */
int  vd_kernel_child_set(struct vd_kernel *k, uint32_t ifindex, uint32_t id, bool on_demand,
			 const struct ike_ts_list *local, const struct ike_ts_list *remote,
			 char *why);
int  vd_kernel_child_del(struct vd_kernel *k, uint32_t ifindex, uint32_t id, char *why);
/* Deletes all children of a tunnel, with their SAs. */
int  vd_kernel_child_flush(struct vd_kernel *k, uint32_t ifindex, char *why);
/* Reserves an inbound SPI for @p->local, family and protocol; *@spi in host order. */
int  vd_kernel_spi_alloc(struct vd_kernel *k, uint32_t ifindex, const struct ike_sa_params *p,
			 uint32_t *spi, char *why);
int  vd_kernel_sa_add(struct vd_kernel *k, uint32_t ifindex, const struct ike_sa_params *p,
		      char *why);
/* New outer addresses and ports. */
int  vd_kernel_sa_update(struct vd_kernel *k, uint32_t ifindex, const struct ike_sa_params *p,
			 char *why);
int  vd_kernel_sa_del(struct vd_kernel *k, uint32_t ifindex, const struct ike_sa_id *id, char *why);
int  vd_kernel_sa_get(struct vd_kernel *k, uint32_t ifindex, const struct ike_sa_id *id,
		      struct vd_kernel_sa *out, char *why);
/* Calls @fn for each SA of a tunnel (@ifindex 0: of the namespace). A non-zero return of @fn ends the walk and is returned. */
typedef int (*vd_kernel_sa_fn)(void *arg, const struct vd_kernel_sa *sa);
int  vd_kernel_sa_dump(struct vd_kernel *k, uint32_t ifindex, vd_kernel_sa_fn fn, void *arg);
/* Take ESP from the bound UDP socket @fd (RFC 3948). -EALREADY: it does so already. */
int  vd_kernel_socket_attach(struct vd_kernel *k, int fd, char *why);

/* ---- events ---- */

/* What the kernel told: an event for the engine (its tunnel name is empty), or too many bad packets on an SA. */
struct vd_kernel_notice {
	uint32_t		ifindex;
	bool			for_engine;
	struct ike_kernel_event	event;
	bool			replay;		/* not for the engine: replays, else ICV failures */
};
typedef void (*vd_kernel_notice_fn)(void *arg, const struct vd_kernel_notice *n);

/* To poll for reading. */
int  vd_kernel_event_fd(const struct vd_kernel *k);
/* Reads what is there, without blocking. -ENOBUFS: events were lost (the engine must look for itself). */
int  vd_kernel_events(struct vd_kernel *k, vd_kernel_notice_fn fn, void *arg);

/* ---- names ---- */

/* "rx-replay", NULL past the last reason. 0 is "other". */
const char *vd_kernel_drop_name(unsigned int reason);

#endif
