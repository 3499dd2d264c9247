/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The child SA: a pair of ESP or AH SAs of a tunnel, made by one exchange (RFC 7296, 1.3, 2.8, 2.9).
 *
 * ike_child_set_state() is the only function that changes the state.
 */
#ifndef IKE_CHILD_H
#define IKE_CHILD_H

#include "ike/engine_priv.h"
#include "ike/keymat.h"

enum ike_child_state {
	IKE_CHILD_NEW,		/* negotiated; the kernel may hold its SPI */
	IKE_CHILD_UP,
	IKE_CHILD_REPLACED,	/* a successor is up; somebody will delete it */
	IKE_CHILD_DELETING,	/* our Delete is queued or sent */
	IKE_CHILD_LINGER,	/* over; the inbound SA takes what is still on the way */
	IKE_CHILD_DEAD,		/* freed when the call returns */
};

struct ike_child {
	uint64_t		handle;
	enum ike_child_state	state;
	struct ike_tunnel	*tunnel;
	struct ike_sa		*sa;		/* NULL: LINGER */
	bool			initiator;	/* of the exchange that made it */
	enum ike_protocol	protocol;
	uint32_t		spi_in, spi_out;	/* host order; 0: not known yet */
	struct ike_suite	suite;
	struct ike_ts_list	local_ts, remote_ts;
	struct ike_path		path;
	bool			encap;
	struct ike_nonce	low;		/* the lower nonce of its exchange, for ties */
	bool			in_kernel;	/* SPI or SA, inbound */
	bool			out_kernel;
	bool			rekeying;	/* we have a rekey queued or under way */
	struct vd_key		encr_out, integ_out;	/* until the outbound SA is added */
	uint64_t		replaces;	/* handle of the child it was made to replace */
	/* Inherited by rekeys, so that a tie between two set-ups is decided the same at any time. */
	uint64_t		lineage;	/* handle of the first one */
	struct ike_nonce	lineage_low;
	bool			lineage_ours;	/* we initiated that */
	vd_time			since;
	vd_time			rekey_at, expires_at;
	struct ike_timer	rekey;
	struct ike_timer	expire;		/* lifetime; LINGER: the end */
	struct ike_timer	use;		/* outbound SA not yet used: at the latest now */
	struct ike_timer	tie;		/* a duplicate: time to delete it */
	UT_hash_handle		hh_handle;
	UT_hash_handle		hh;		/* by (sa, spi_out) */
	struct {
		uint64_t sa;
		uint64_t spi_out;
	} key;
	bool			hashed;
	struct ike_child	*prev, *next;		/* in its IKE SA */
	struct ike_child	*t_prev, *t_next;	/* in its tunnel */
	struct ike_child	*w_prev, *w_next;	/* in its IKE SA's list of those not used yet */
	bool			waiting;
	struct ike_child	*next_dead;
};
#define IKE_CHILD_TIMERS 4

/* NULL without memory. */
struct ike_child *ike_child_new(struct ike_engine *e, struct ike_tunnel *t, struct ike_sa *sa,
				bool initiator);
void ike_child_set_state(struct ike_engine *e, struct ike_child *c, enum ike_child_state state,
			 const struct ike_cause *cause);
/* By the SPI the peer names (our outbound one), on @sa or where its children went. NULL if there is none. */
struct ike_child *ike_child_by_peer_spi(struct ike_engine *e, const struct ike_sa *sa, uint32_t spi);
struct ike_child *ike_child_by_handle(struct ike_engine *e, uint64_t handle);
/* The peer's SPI is known. 0 or -ENOMEM. */
int  ike_child_set_spi_out(struct ike_engine *e, struct ike_child *c, uint32_t spi);
/* Hands @c to another IKE SA, or to none. */
void ike_child_move(struct ike_engine *e, struct ike_child *c, struct ike_sa *sa);

/* Names an SA of @c for the kernel. */
struct ike_sa_id ike_child_sa_id(const struct ike_child *c, bool inbound);
/*
 * Gives both keys to @c: the inbound SA is added by an action whose result goes to @done of @x, the
 * outbound key is kept for ike_child_use(). 0 or -ENOMEM.
 */
int  ike_child_add_in(struct ike_engine *e, struct ike_child *c, const struct ike_child_keys *k,
		      struct ike_xchg *x, ike_done_fn done);
/* Sends with the new SA from now on: adds the outbound SA if that was not done. */
void ike_child_use(struct ike_engine *e, struct ike_child *c);
/*
 * We answered with @c: it is up. It is used at once, or, where another carries the tunnel's traffic, when the
 * peer proves that it has the answer.
 */
void ike_child_answered(struct ike_engine *e, struct ike_child *c);
/* As ike_child_use(), when the peer proves it has the SA, or @delay from now. */
void ike_child_use_later(struct ike_engine *e, struct ike_child *c, vd_time delay);
/* The peer proved that it has what we answered: children of @sa that wait are used. */
void ike_child_use_waiting(struct ike_engine *e, struct ike_sa *sa);
/* @c was made to replace @old (handle @handle), which may be gone. */
void ike_child_succeeds(struct ike_child *c, uint64_t handle, const struct ike_child *old);
/* @c is up: lifetimes start, the tunnel hears of it, a duplicate is found. */
void ike_child_up(struct ike_engine *e, struct ike_child *c);
/* @c is over: its SAs leave the kernel, the inbound one of a replaced child after a while. */
void ike_child_end(struct ike_engine *e, struct ike_child *c, const struct ike_cause *cause);
/* Queues a Delete for @c; its SAs leave the kernel when the exchange is done. */
void ike_child_close(struct ike_engine *e, struct ike_child *c, const struct ike_cause *cause);
/* A newer child took over from @c. */
void ike_child_replaced(struct ike_engine *e, struct ike_child *c);
/* Queues a rekey of @c unless one is under way. */
void ike_child_rekey(struct ike_engine *e, struct ike_child *c);
void ike_child_free(struct ike_engine *e, struct ike_child *c);

#endif
