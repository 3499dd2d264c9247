/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The inside of struct ike_engine, shared by the units of the core.
 *
 * Ownership: the engine owns gateways and IKE SAs; a gateway its tunnels; an IKE SA its exchanges,
 * tasks and children; a tunnel only refers to its children. What ends during a call goes to a
 * graveyard and is freed when the call returns (ike_engine_reap()), so pointers stay good within a
 * call. Across calls only handles are kept: numbers that are never used twice.
 */
#ifndef IKE_ENGINE_PRIV_H
#define IKE_ENGINE_PRIV_H

#include <stddef.h>

#include "ike/action.h"
#include "ike/engine.h"
#include "ike/hash.h"
#include "ike/timer.h"

struct ike_child;
struct ike_gateway;
struct ike_mirror;
struct ike_peers;
struct ike_sa;
struct ike_tunnel;
struct ike_xchg;

#define ike_container(ptr, type, member) ((type *)((char *)(ptr) - offsetof(type, member)))

/* SA_INIT requests refused lately, so that a retransmission is not told twice. */
#define IKE_REFUSED_MAX 64
struct ike_refused {
	uint64_t	spi;
	struct vd_addr	from;
	vd_time		when;
};

/* Half-open IKE SAs of one source address. */
struct ike_source {
	struct vd_addr	addr;
	uint32_t	n;
	UT_hash_handle	hh;
};

/* A token bucket: what the network can make us say. */
struct ike_rate {
	uint32_t	left;
	vd_time		since;
};

#define IKE_COOKIE_SECRET 32
struct ike_cookies {
	uint8_t		secret[2][IKE_COOKIE_SECRET];	/* the current one and the one before */
	vd_time		since;
	uint8_t		version;			/* 0: none made yet */
	bool		has_before;
};

struct ike_engine {
	const struct ike_ops	*ops;
	struct ike_limits	limits;
	const struct ike_config	*config;
	vd_time			now;		/* of the call in progress */
	uint64_t		next_handle;
	struct ike_timers	timers;
	struct ike_actions	actions;
	struct ike_pending	*pending;	/* by token */
	struct ike_gateway	*gateways;	/* by name */
	struct ike_tunnel	*tunnels;	/* by name */
	struct ike_peers	*peers;		/* gateways by remote address */
	struct ike_mirror	*mirrors;	/* tunnels by gateway and selectors */
	struct ike_sa		*sas;		/* by our SPI */
	struct ike_sa		*inits;		/* responder: by the initiator's SPI and address */
	struct ike_child	*children;	/* by (handle of the IKE SA, outbound SPI) */
	struct ike_child	*child_handles;	/* by handle */
	struct ike_source	*sources;
	uint32_t		half_open;
	struct ike_cookies	cookies;
	struct ike_refused	refused[IKE_REFUSED_MAX];
	uint8_t			refused_next;
	struct ike_rate		rate_reply;	/* unauthenticated error replies */
	struct ike_rate		rate_event;	/* events the unauthenticated can cause */
	struct ike_counters	counters;
	struct ike_sa		*dead_sas;
	struct ike_child	*dead_children;
	struct ike_xchg		*dead_xchgs;
};

static inline uint64_t ike_new_handle(struct ike_engine *e)
{
	return ++e->next_handle;
}

static inline void ike_drop(struct ike_engine *e, enum ike_drop why)
{
	e->counters.drops[why]++;
}

static inline void ike_arm(struct ike_engine *e, struct ike_timer *t, vd_time when)
{
	ike_timer_set(&e->timers, t, when);
}

static inline void ike_disarm(struct ike_engine *e, struct ike_timer *t)
{
	ike_timer_stop(&e->timers, t);
}

/* A random number below @n (not 0); 0 if the generator fails, which only costs the jitter. */
uint32_t ike_random_below(struct ike_engine *e, uint32_t n);
/* Takes one from @r, which holds up to @burst and gains @burst each second. */
bool ike_rate_take(struct ike_engine *e, struct ike_rate *r, uint32_t burst);
/* Frees what ended during the call. Every entry point ends by it. */
void ike_engine_reap(struct ike_engine *e);

#endif
