/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The simulation: hosts with an IKE engine and a pretended kernel each, a network that loses,
 * repeats, delays and reorders, and a clock that jumps from event to event. All chance comes from one
 * seed, so every run can be had again.
 *
 *	rng.c net.c kernel.c host.c world.c		the pieces
 *	build.c					configurations
 *	check.c					what must hold at the end
 *	random.c				a scenario from a seed
 *	scenario.c, scenario_*.c		named ones
 *	trace.c main.c
 */
#ifndef SIM_H
#define SIM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "ike/engine.h"
#include "ike/wire/header.h"

#define SIM_HOSTS	3
#define SIM_TUNNELS	3

struct sim_world;

/* ---- rng.c ---- */

struct sim_rng {
	uint64_t state;
};
uint64_t sim_rng_next(struct sim_rng *r);
/* 0 .. n - 1; 0 for n = 0. */
uint32_t sim_rng_below(struct sim_rng *r, uint32_t n);
/* True @percent times of a hundred. */
bool sim_rng_chance(struct sim_rng *r, uint32_t percent);

/* ---- kernel.c ---- */

struct sim_kernel_sa {
	struct ike_sa_params	p;
	bool			larval;
	uint64_t		order;		/* of addition: the newest outbound one is used */
	vd_time			heard;		/* last packet, inbound */
	struct sim_kernel_sa	*next;
};

struct sim_kernel_child {
	char			tunnel[16];
	struct ike_ts_list	local_ts, remote_ts;
	bool			on_demand;
	bool			there;
	vd_time			acquired;
};

struct sim_kernel {
	struct sim_kernel_sa	*sas;
	struct sim_kernel_child	children[SIM_TUNNELS];
	uint64_t		order;
	bool			refuse_sa;	/* SA_ADD fails */
};

/* ---- host.c ---- */

struct sim_host {
	struct sim_world	*world;
	char			name;		/* 'A' … */
	bool			alive;
	struct vd_addr		addr;
	struct ike_ops		ops;
	struct ike_engine	*engine;
	struct ike_limits	limits;
	struct ike_config	config;
	struct ike_gateway_conf	gateway;
	struct ike_tunnel_conf	tunnels[SIM_TUNNELS];
	const char		*psk;
	bool			no_route;
	struct sim_kernel	kernel;
	uint32_t		boot;		/* counts restarts: results of the life before are dropped */
	/* what it told */
	struct ike_cause	failures[16];
	uint32_t		n_failures;
	uint32_t		n_up, n_down, n_rekeyed, n_ike_rekeyed;
	/* packets carried */
	uint64_t		sent, delivered, lost_sa, queued;
};

void sim_host_boot(struct sim_host *h);
void sim_host_crash(struct sim_host *h);
/* Executes what the engine wants; results come later. */
void sim_host_drain(struct sim_host *h);
void sim_host_datagram(struct sim_host *h, const struct ike_path *path, const uint8_t *data,
		       size_t len);
/* The first failure with @code, NULL if there was none. */
const struct ike_cause *sim_host_failure(const struct sim_host *h, enum ike_cause_code code);

void sim_kernel_clear(struct sim_kernel *k);
void sim_kernel_act(struct sim_host *h, const struct ike_action *a, struct ike_result *r);
struct sim_kernel_sa *sim_kernel_find(struct sim_kernel *k, const struct ike_sa_id *id);
struct sim_kernel_sa *sim_kernel_out(struct sim_kernel *k, const char *tunnel);
/* A packet leaves through @tunnel. */
void sim_kernel_packet(struct sim_host *h, const char *tunnel);
/* One arrived that was sealed by @out. */
void sim_kernel_receive(struct sim_host *h, const struct sim_kernel_sa *out, struct sim_host *from);
/* A lifetime is reached. */
void sim_kernel_expire(struct sim_host *h, const struct ike_sa_id *id, bool hard);

/* ---- net.c ---- */

struct sim_net {
	uint32_t	loss, repeat;		/* percent */
	uint32_t	delay_min, delay_max;	/* ms */
	bool		nat;			/* host A is behind one */
	struct vd_addr	nat_addr;
	bool		block_4500;
	bool		cut;			/* nothing passes */
	bool		(*filter)(struct sim_world *w, struct sim_host *from,
				  const struct ike_header *h);	/* false: lost */
};

void sim_net_send(struct sim_host *from, const struct ike_path *path, const uint8_t *data,
		  size_t len);
void sim_net_esp(struct sim_host *from, const struct sim_kernel_sa *out);

/* ---- world.c ---- */

enum sim_event_kind { SIM_DATAGRAM, SIM_ESP, SIM_RESULT, SIM_EXPIRE, SIM_CALL };

struct sim_event {
	vd_time			when;
	uint64_t		order;
	enum sim_event_kind	kind;
	struct sim_host		*host;
	uint32_t		boot;
	struct ike_path		path;
	uint8_t			*data;
	size_t			len;
	struct sim_kernel_sa	*esp;
	struct sim_host		*from;
	uint64_t		token;
	struct ike_result	result;
	uint8_t			*priv;
	struct ike_sa_id	id;
	bool			hard;
	void			(*call)(struct sim_world *w, struct sim_host *h, int arg);
	int			arg;
};

struct sim_world {
	vd_time			now;
	struct sim_rng		rng;
	struct sim_net		net;
	uint32_t		async_max;	/* ms a result takes at most */
	struct sim_host		hosts[SIM_HOSTS];
	int			n_hosts;
	struct sim_event	**events;
	size_t			n_events, cap_events;
	uint64_t		order;
	bool			trace;
	char			why[512];	/* the first violation */
	bool			failed;
	bool			calm;		/* no more chance */
};

void sim_world_init(struct sim_world *w, uint64_t seed, bool trace);
void sim_world_free(struct sim_world *w);
struct sim_event *sim_event_new(struct sim_world *w, enum sim_event_kind kind, struct sim_host *h,
				vd_time after);
void sim_call(struct sim_world *w, struct sim_host *h, vd_time after,
	      void (*call)(struct sim_world *w, struct sim_host *h, int arg), int arg);
/* Runs until @when. */
void sim_run(struct sim_world *w, vd_time when);
/* Runs until @done holds, at most until @when. */
bool sim_run_until(struct sim_world *w, vd_time when, bool (*done)(struct sim_world *w));
void sim_violation(struct sim_world *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* ---- build.c ---- */

/* Two hosts, one gateway and @n tunnels each; defaults as DESIGN.md, then changed by the caller, then sim_boot(). */
void sim_build(struct sim_world *w, int n_tunnels);
void sim_proposals(struct ike_proposal_list *list, enum ike_protocol protocol, const char *a,
		   const char *b);
void sim_nat(struct sim_world *w);
void sim_boot(struct sim_world *w);

/* ---- check.c ---- */

/* Exactly one IKE SA and for each tunnel one pair of SAs, the same at both ends. */
bool sim_agreed(struct sim_world *w);
/* Why not, in w->why. */
void sim_explain(struct sim_world *w);
/* Nothing is left anywhere. */
bool sim_empty(struct sim_world *w);
unsigned int sim_kernel_count(const struct sim_kernel *k, const char *tunnel);

/* ---- trace.c ---- */

void sim_trace(struct sim_world *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void sim_trace_datagram(struct sim_world *w, struct sim_host *from, const struct ike_path *path,
			const uint8_t *data, size_t len, const char *fate);
void sim_trace_event(struct sim_host *h, const struct ike_event *ev);

/* ---- random.c, scenario.c ---- */

bool sim_random(uint64_t seed, bool trace, char *why, size_t cap);

struct sim_scenario {
	const char	*name;
	void		(*run)(struct sim_world *w);
};
extern const struct sim_scenario sim_scenarios[];
bool sim_scenario_run(const struct sim_scenario *s, uint64_t seed, bool trace, char *why, size_t cap);

#endif
