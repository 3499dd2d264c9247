/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exchanges and tasks. A task is an exchange that waits for its turn; an exchange is one request and
 * its response, with everything that is only needed until it is over.
 *
 * An IKE SA has at most one exchange in each direction: sa->out (our request), sa->in (the peer's).
 * Steps that take time (DH, keys, kernel) are actions; their results come back to the exchange if it
 * still lives.
 */
#ifndef IKE_XCHG_H
#define IKE_XCHG_H

#include "ike/child.h"
#include "ike/engine_priv.h"
#include "ike/gateway.h"
#include "ike/sa.h"
#include "ike/wire/message.h"

enum ike_xchg_kind {
	IKE_XCHG_SA_INIT,
	IKE_XCHG_AUTH,
	IKE_XCHG_NEW_CHILD,
	IKE_XCHG_REKEY_CHILD,
	IKE_XCHG_REKEY_IKE,
	IKE_XCHG_DELETE_CHILD,
	IKE_XCHG_DELETE_IKE,
	IKE_XCHG_LIVENESS,
	IKE_XCHG_AUTH_FAILED,	/* INFORMATIONAL that says so (2.21.2) */
	IKE_XCHG_INFORMATIONAL,	/* the peer's, of any content */
};

struct ike_task {
	enum ike_xchg_kind	kind;
	struct ike_tunnel	*tunnel;	/* NEW_CHILD */
	uint64_t		child;		/* REKEY_CHILD, DELETE_CHILD: handle */
	enum ike_protocol	protocol;	/* DELETE_CHILD of one that is gone already */
	uint32_t		spi;
	struct ike_task		*prev, *next;
};

struct ike_xchg {
	uint64_t		handle;
	struct ike_sa		*sa;
	enum ike_xchg_kind	kind;
	bool			initiator;	/* of this exchange */
	bool			sent;		/* initiator: the peer may know of it */
	bool			answered;	/* initiator: the response is there */
	bool			overtaken;	/* initiator: the peer's own came before ours was sent; don't send */
	uint32_t		message_id;
	enum ike_waits_for	waits_for;

	struct ike_tunnel	*tunnel;	/* counted in tunnel->busy */
	struct ike_child	*child;		/* being made, or NULL */
	uint64_t		old;		/* handle of the child being rekeyed or deleted */
	enum ike_protocol	protocol;	/* of the child being made or deleted */
	uint32_t		spi;		/* our inbound SPI of it: it may go before the exchange ends */
	uint32_t		peer_spi;	/* responder: the peer's inbound SPI */
	struct ike_sa		*new_sa;	/* IKE rekey: being made, or NULL */

	struct ike_nonce	ni, nr;
	enum ike_dh		group;
	enum ike_dh		wanted_group;	/* asked for by INVALID_KE_PAYLOAD */
	uint8_t			tries_ke, tries_cookie;
	struct vd_secret	cookie;
	struct vd_secret	dh_private, dh_public, peer_public, shared;
	struct ike_proposal_list *offer;	/* what we proposed */
	struct ike_suite	suite;
	uint8_t			proposal_number;
	struct ike_ts_list	tsi, tsr;	/* responder: the answer */
	bool			initial_contact;
	uint16_t		child_error;	/* responder: notify instead of a child */
	uint16_t		child_error_value;

	/* AUTH */
	struct ike_id		local_id, remote_id;
	uint8_t			peer_id_body[IKE_ID_BODY_MAX];
	uint16_t		peer_id_len;
	uint8_t			peer_auth[IKE_PRF_MAX];
	uint8_t			peer_auth_len;
	uint8_t			auth[IKE_PRF_MAX];
	uint8_t			auth_len;
	struct ike_chain_copy	*payloads;	/* the message kept while actions run */

	/* the peer deleted what it made for us before its answer came here: its SPIs */
	uint32_t		deleted[4];
	uint8_t			n_deleted;

	/* the peer rekeys the same SA at the same time (2.8.1) */
	bool			collided;
	struct ike_nonce	rival_low;
	uint64_t		rival;		/* handle of what its exchange made: child or IKE SA */
	struct ike_xchg		*next_dead;
};

/* A decrypted chain that outlives its datagram. */
struct ike_chain_copy {
	struct vd_secret	octets;
	struct ike_chain	chain;
};
/* Takes over @octets. NULL without memory. The views of @chain must point into them. */
struct ike_chain_copy *ike_chain_keep(struct vd_secret *octets, const struct ike_chain *chain);

/* ---- tasks ---- */

/* Queues behind the others. False without memory (told by nobody: timers try again). */
bool ike_task_add(struct ike_engine *e, struct ike_sa *sa, enum ike_xchg_kind kind,
		  struct ike_tunnel *tunnel, uint64_t child);
/* Queues the Delete of a child that is gone on our side. */
void ike_task_delete_spi(struct ike_engine *e, struct ike_sa *sa, enum ike_protocol protocol,
			 uint32_t spi);
/* Starts the next task if no request is under way. */
void ike_task_run(struct ike_engine *e, struct ike_sa *sa);
void ike_tasks_drop(struct ike_engine *e, struct ike_sa *sa);
/* The tunnel leaves the configuration: nothing may refer to it any more. */
void ike_xchg_forget_tunnel(struct ike_engine *e, struct ike_gateway *g, struct ike_tunnel *t);
/* Is a task or exchange of @kind under way on @sa, of ours? */
bool ike_sa_doing(const struct ike_sa *sa, enum ike_xchg_kind kind);

/* ---- exchanges ---- */

struct ike_xchg *ike_xchg_new(struct ike_engine *e, struct ike_sa *sa, enum ike_xchg_kind kind,
			      bool initiator);
void ike_xchg_set_tunnel(struct ike_xchg *x, struct ike_tunnel *t);
/* Ends @x: it leaves its SA; a child or IKE SA still being made ends with it. */
void ike_xchg_end(struct ike_engine *e, struct ike_xchg *x);
void ike_xchg_free(struct ike_engine *e, struct ike_xchg *x);
struct ike_xchg *ike_xchg_find(struct ike_engine *e, uint64_t spi, uint64_t handle);

#endif
