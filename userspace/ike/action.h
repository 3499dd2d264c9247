/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The queue of actions, and what waits for their results.
 */
#ifndef IKE_ACTION_H
#define IKE_ACTION_H

#include "ike/engine.h"
#include "ike/hash.h"

struct ike_xchg;

struct ike_action_node {
	struct ike_action	action;
	struct ike_action_node	*next;
};

struct ike_actions {
	struct ike_action_node	*head;
	struct ike_action_node	*tail;
};

/* Gets the result of an action an exchange waits for. */
typedef void (*ike_done_fn)(struct ike_engine *e, struct ike_xchg *x, const struct ike_result *r);
/* Gets the result of an action that belongs to no exchange; @handle is the asker's. */
typedef void (*ike_late_fn)(struct ike_engine *e, uint64_t handle, const struct ike_result *r);

/* What is to be done with the result of an action. */
struct ike_pending {
	uint64_t		token;
	enum ike_action_kind	kind;
	uint64_t		spi;		/* of the IKE SA of the exchange, ours */
	uint64_t		xchg;		/* its handle */
	ike_done_fn		done;
	uint64_t		handle;
	ike_late_fn		late;
	struct ike_sa_params	*larval;	/* SPI_ALLOC: to give the SPI back if nobody waits any more */
	UT_hash_handle		hh;
};

/* Appends an action of @kind, zeroed, for the caller to fill. NULL without memory. */
struct ike_action *ike_action_push(struct ike_engine *e, enum ike_action_kind kind);
/* The same with a token whose result goes to @done of @x. */
struct ike_action *ike_action_ask(struct ike_engine *e, enum ike_action_kind kind,
				  struct ike_xchg *x, ike_done_fn done);
/* The same for a result that belongs to no exchange. */
struct ike_action *ike_action_ask_late(struct ike_engine *e, enum ike_action_kind kind,
				       uint64_t handle, ike_late_fn late);
/* Drops the queue and all that waits. */
void ike_actions_free(struct ike_engine *e);

#endif
