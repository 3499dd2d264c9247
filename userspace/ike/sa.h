/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The IKE SA (RFC 7296, 1.1.1, 2.1 to 2.8): SPIs, keys, message ids, the one request under way
 * in each direction (window 1), what is queued behind it, and its children.
 *
 * ike_sa_set_state() is the only function that changes the state.
 */
#ifndef IKE_SA_H
#define IKE_SA_H

#include "ike/engine_priv.h"
#include "ike/keymat.h"

enum ike_sa_state {
	IKE_SA_INIT,		/* IKE_SA_INIT under way, or keys of a rekey not yet there */
	IKE_SA_AUTH,		/* keyed, the peer not yet authenticated */
	IKE_SA_ESTABLISHED,
	IKE_SA_REPLACED,	/* a successor took over; waits for its Delete */
	IKE_SA_DELETING,	/* our Delete is queued or sent */
	IKE_SA_CLOSED,		/* over; answers retransmissions until its time is up */
	IKE_SA_DEAD,		/* freed when the call returns */
};

/* Where an IKE_SA_INIT request came from: how its retransmission is known again. */
struct ike_init_key {
	uint64_t	spi_i;
	struct vd_addr	addr;
	uint16_t	port;
	uint16_t	zero[3];
};

struct ike_task;

struct ike_sa {
	uint64_t		handle;
	enum ike_sa_state	state;
	struct ike_gateway	*gateway;	/* NULL once it left the configuration */
	char			name[IKE_NAME_MAX];
	bool			initiator;	/* original initiator (header flag I) */
	uint64_t		spi_i, spi_r;
	uint64_t		spi;		/* ours of the two */
	struct ike_path		path;
	struct ike_suite	suite;
	struct ike_sa_keys	keys;
	bool			keyed;
	bool			natt;		/* the peer does NAT detection: port 4500 may be used */
	bool			nat_local, nat_remote;
	bool			encap;		/* UDP encapsulation of child SAs */
	struct ike_id		remote_id;	/* as authenticated */

	/* IKE_SA_INIT, for AUTH (2.15) and for ties */
	struct ike_nonce	ni, nr;
	struct vd_secret	init_request, init_response;

	/* window 1, our requests */
	uint32_t		next_request;
	struct ike_xchg		*out;
	struct ike_task		*tasks;
	struct vd_secret	request;	/* as sent */
	uint8_t			sends;
	vd_time			interval;
	struct ike_timer	retransmit;

	/* window 1, the peer's requests */
	uint32_t		next_response;	/* message id expected */
	struct ike_xchg		*in;
	struct vd_secret	response;	/* to the request before @next_response */
	uint8_t			request_hash[32];
	bool			has_response;

	struct ike_child	*children;
	struct ike_child	*waiting;	/* of these, whose outbound SA is not used yet */
	uint64_t		successor;	/* REPLACED: SPI of the SA that has the children, 0: none */
	uint64_t		rekeyed_from;	/* handle of the SA it replaces or may replace, 0: none */
	/* Inherited by rekeys, so that a tie is decided the same at any time. */
	uint64_t		lineage;	/* handle of the SA that IKE_SA_INIT made */
	struct ike_nonce	lineage_low;	/* the lower nonce of that, once established */
	bool			lineage_ours;	/* we initiated it */

	uint64_t		born;		/* engine's handle counter at creation and */
	uint64_t		established;	/* at the moment it was established: an order without a clock */
	vd_time			since;
	vd_time			last_heard;	/* last authenticated message */
	vd_time			last_sent;
	vd_time			rekey_at, expires_at;
	struct ike_timer	rekey;
	struct ike_timer	expire;		/* lifetime; before: half-open or failed timeout */
	struct ike_timer	dpd;
	struct ike_timer	keepalive;
	struct ike_timer	tie;		/* a duplicate: time to delete it */
	uint8_t			tie_waits;
	struct ike_cause	*why;		/* DELETING: told when it is down */

	bool			half_open;	/* counted in the engine's limits */
	bool			in_inits;
	struct ike_init_key	init_key;
	UT_hash_handle		hh_spi;
	UT_hash_handle		hh_init;
	struct ike_sa		*prev, *next;	/* in its gateway */
	struct ike_sa		*next_dead;
};
#define IKE_SA_TIMERS 6

/* A new SA of @g with a fresh SPI of ours. NULL without memory or randomness. */
struct ike_sa *ike_sa_new(struct ike_engine *e, struct ike_gateway *g, bool initiator,
			  const struct ike_path *path);
/* For a responder: how IKE_SA_INIT requests find it, and the limits on half-open SAs. 0 or -ENOMEM. */
int ike_sa_count_half_open(struct ike_engine *e, struct ike_sa *sa, uint64_t spi_i);
struct ike_sa *ike_sa_by_spi(struct ike_engine *e, uint64_t spi);
struct ike_sa *ike_sa_by_init(struct ike_engine *e, uint64_t spi_i, const struct vd_endpoint *from);
/* Half-open IKE SAs from @addr. */
uint32_t ike_half_open_from(struct ike_engine *e, const struct vd_addr *addr);

/* The one way to another state; tells, counts, starts and stops what the state needs. */
void ike_sa_set_state(struct ike_engine *e, struct ike_sa *sa, enum ike_sa_state state,
		      const struct ike_cause *cause);
/* Moves @sa to another gateway (IKE_AUTH found the right one), or to none. */
void ike_sa_move(struct ike_engine *e, struct ike_sa *sa, struct ike_gateway *g);
/* Ends @sa at once, without telling the peer: children leave the kernel. */
void ike_sa_end(struct ike_engine *e, struct ike_sa *sa, const struct ike_cause *cause);
/* Ends @sa by a Delete (1.4.1); its children leave the kernel now. Not yet keyed or authenticated: at once. */
void ike_sa_close(struct ike_engine *e, struct ike_sa *sa, const struct ike_cause *cause);
/* Two IKE SAs with one peer: the one with the lowest nonce goes, by the hand of its initiator. */
void ike_sa_resolve_duplicates(struct ike_engine *e, struct ike_sa *sa);
/* The time of a tie is there: closes @sa if another stays that has all of its tunnels; else sees to that first. */
void ike_sa_tie_over(struct ike_engine *e, struct ike_sa *sa);
/* The peer lost its state (INITIAL_CONTACT, 2.4): what was up before @sa was begun goes. */
void ike_sa_initial_contact(struct ike_engine *e, struct ike_sa *sa);
/* @to takes over the children and tasks of @from, which becomes REPLACED (2.18). */
void ike_sa_replace(struct ike_engine *e, struct ike_sa *from, struct ike_sa *to);
/* An authenticated message came by @path: follow a NAT whose mapping moved (2.23). */
void ike_sa_follow(struct ike_engine *e, struct ike_sa *sa, const struct ike_path *path);
/* Moves the SA's endpoint, and its children's. */
void ike_sa_set_path(struct ike_engine *e, struct ike_sa *sa, const struct ike_path *path);
void ike_sa_free(struct ike_engine *e, struct ike_sa *sa);

/* The lower of two nonces (2.8.1): octet by octet, the one that ends first is lower. */
int ike_nonce_compare(const struct ike_nonce *a, const struct ike_nonce *b);
const struct ike_nonce *ike_nonce_low(const struct ike_nonce *a, const struct ike_nonce *b);

static inline const struct ike_sk_keys *ike_sa_keys_in(const struct ike_sa *sa)
{
	return sa->initiator ? &sa->keys.r : &sa->keys.i;
}
static inline struct ike_sk_keys *ike_sa_keys_out(struct ike_sa *sa)
{
	return sa->initiator ? &sa->keys.i : &sa->keys.r;
}

#endif
