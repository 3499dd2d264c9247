/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Gateways and tunnels at run time: what is wanted, what is up, when to try again.
 *
 * A tunnel is *wanted* by its configuration (start = always), by a packet, or by an
 * administrator; *held* when an administrator took it down. ike_tunnel_drive() is the one place that
 * turns a wish into an exchange; everything that may change the answer calls it.
 */
#ifndef IKE_GATEWAY_H
#define IKE_GATEWAY_H

#include "ike/engine_priv.h"

#define IKE_KERNEL_CHILD 1	/* a tunnel has one child in the kernel */

struct ike_tunnel {
	char			name[16];
	uint64_t		handle;
	const struct ike_tunnel_conf *conf;
	struct ike_gateway	*gateway;
	struct ike_child	*children;	/* of all IKE SAs, oldest first */
	bool			wanted;
	bool			held;
	bool			once;		/* wanted by a packet or a command: not retried by itself */
	bool			narrowed;	/* the kernel has other selectors than the configuration */
	bool			up;		/* as told by events */
	uint32_t		busy;		/* tasks and exchanges that make or rekey its SAs */
	vd_time			since;
	struct ike_timer	retry;
	struct ike_cause	*last_failure;
	struct ike_tunnel	*prev, *next;	/* in its gateway */
	struct ike_tunnel	*s_prev, *s_next;	/* those of its gateway with selectors of the same hash */
	UT_hash_handle		hh;
};

struct ike_gateway {
	char			name[IKE_NAME_MAX];
	uint64_t		handle;
	const struct ike_gateway_conf *conf;
	struct ike_tunnel	*tunnels;
	struct ike_sa		*sas;		/* oldest first */
	bool			held;
	bool			up;		/* as told by events */
	vd_time			since;
	struct ike_timer	retry;
	struct ike_cause	*last_failure;
	struct ike_gateway	*prev_addr, *next_addr;	/* those with the same remote address */
	UT_hash_handle		hh;
};

/* Gateways by remote address: how a responder finds whom a request may be from. */
struct ike_peers {
	struct vd_addr		addr;		/* unset: any */
	struct ike_gateway	*gateways;
	UT_hash_handle		hh;
};

/* Tunnels by gateway and selectors, so that a responder finds the one that mirrors a request. */
struct ike_mirror {
	struct {
		uint64_t	gateway;	/* handle */
		uint64_t	hash;
	} key;
	struct ike_tunnel	*tunnels;
	UT_hash_handle		hh;
};
/* The first tunnel of @g whose selectors hash as these; linked by s_next. NULL without one. */
struct ike_tunnel *ike_tunnels_like(struct ike_engine *e, const struct ike_gateway *g,
				    const struct ike_ts_list *local,
				    const struct ike_ts_list *remote);
/* False without memory. */
bool ike_tunnel_index(struct ike_engine *e, struct ike_tunnel *t);
void ike_tunnel_unindex(struct ike_engine *e, struct ike_tunnel *t);

/* Gateways whose remote is @addr; NULL: those for any address. Linked by next_addr. */
struct ike_gateway *ike_gateways_for(struct ike_engine *e, const struct vd_addr *addr);
/* May a peer that comes by @path be this gateway? */
bool ike_gateway_serves(const struct ike_gateway *g, const struct ike_path *path);
/* The same, whether or not an administrator took it down. */
bool ike_gateway_is_for(const struct ike_gateway *g, const struct ike_path *path);
/* False without memory. */
bool ike_gateway_index(struct ike_engine *e, struct ike_gateway *g);
void ike_gateway_unindex(struct ike_engine *e, struct ike_gateway *g);

/* lookup.c */
struct ike_gateway *ike_gateway_find(struct ike_engine *e, const char *name);
struct ike_tunnel *ike_tunnel_find(struct ike_engine *e, const char *name);
/* configure.c */
void ike_gateways_free(struct ike_engine *e);

/* The IKE SA on which new exchanges start: established, the newest. NULL without one. */
struct ike_sa *ike_gateway_sa(const struct ike_gateway *g);
/* An IKE SA that is being set up by us. */
struct ike_sa *ike_gateway_connecting(const struct ike_gateway *g);
/* Tells whether the gateway went up or down, if it did; @cause (may be NULL) says why down. */
void ike_gateway_update(struct ike_engine *e, struct ike_gateway *g, const struct ike_cause *cause);
/* Drives all of its tunnels; @delay: those that want an SA start after so long (the peer may be first). */
void ike_gateway_drive(struct ike_engine *e, struct ike_gateway *g, vd_time delay);
/* An attempt of ours failed: wait, and try again if something is wanted by itself. */
void ike_gateway_retry(struct ike_engine *e, struct ike_gateway *g);
/* The peer is dead: do as dpd-action says with what was up. */
void ike_gateway_dead(struct ike_engine *e, struct ike_gateway *g);

/* A usable child: up and not about to go. NULL without one. */
struct ike_child *ike_tunnel_child(const struct ike_tunnel *t);
/* The same on IKE SA @sa. */
struct ike_child *ike_tunnel_child_on(const struct ike_tunnel *t, const struct ike_sa *sa);
/* Tells whether the tunnel went up or down, if it did. */
void ike_tunnel_update(struct ike_engine *e, struct ike_tunnel *t, const struct ike_cause *cause);
/* Starts what the tunnel needs, if it needs anything and nothing is under way. */
void ike_tunnel_drive(struct ike_engine *e, struct ike_tunnel *t);
/* Wanted by a packet or a command. */
void ike_tunnel_want(struct ike_engine *e, struct ike_tunnel *t);
/* An attempt for this tunnel failed: wait @delay (0: as configured), and try again if it is wanted by itself. */
void ike_tunnel_retry(struct ike_engine *e, struct ike_tunnel *t, vd_time delay);
/* Gives the kernel the tunnel's child, with the selectors of @c, or the configured ones (NULL). */
void ike_tunnel_set_child(struct ike_engine *e, struct ike_tunnel *t, const struct ike_child *c);

#endif
