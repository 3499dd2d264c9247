// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * INFORMATIONAL (RFC 7296, 1.4, 1.4.1, 2.4, 2.21.2, 2.25): Delete of children and of the IKE SA,
 * liveness, errors.
 */
#include "ike/v2/v2.h"

#include <stdlib.h>

/* After the peer closed something that we want: its reasons may need a moment to pass. */
#define REOPEN_DELAY (1 * VD_SECOND)

/* ---- initiator ---- */

void ike_v2_informational_start(struct ike_engine *e, struct ike_xchg *x)
{
	uint8_t buf[128];
	struct ike_builder b = ike_builder_init(buf, sizeof(buf));
	struct ike_child *c = ike_child_by_handle(e, x->old);

	switch (x->kind) {
	case IKE_XCHG_DELETE_CHILD:
		if (c) {
			x->protocol = c->protocol;
			x->spi = c->spi_in;
		}
		ike_wire_delete_emit(&b, x->protocol, &x->spi, 1);
		break;
	case IKE_XCHG_DELETE_IKE:
		ike_wire_delete_emit(&b, IKE_PROTO_IKE, NULL, 0);
		break;
	case IKE_XCHG_AUTH_FAILED:
		ike_wire_notify_emit(&b, IKE_NOTIFY_AUTHENTICATION_FAILED, NULL, 0);
		break;
	case IKE_XCHG_LIVENESS:
	case IKE_XCHG_SA_INIT:
	case IKE_XCHG_AUTH:
	case IKE_XCHG_NEW_CHILD:
	case IKE_XCHG_REKEY_CHILD:
	case IKE_XCHG_REKEY_IKE:
	case IKE_XCHG_INFORMATIONAL:
		break;
	}
	if (!ike_v2_request(e, x, IKE_EXCHANGE_INFORMATIONAL, &b))
		ike_sa_end(e, x->sa, NULL);
}

void ike_v2_informational_response(struct ike_engine *e, struct ike_xchg *x,
				   const struct ike_chain *c)
{
	struct ike_sa *sa = x->sa;
	struct ike_child *child = ike_child_by_handle(e, x->old);

	switch (x->kind) {
	case IKE_XCHG_DELETE_IKE:
	case IKE_XCHG_AUTH_FAILED:
		ike_sa_end(e, sa, NULL);
		return;
	case IKE_XCHG_DELETE_CHILD:
		if (child && child->state == IKE_CHILD_DELETING)
			ike_child_end(e, child, NULL);
		break;
	case IKE_XCHG_LIVENESS:
	case IKE_XCHG_SA_INIT:
	case IKE_XCHG_AUTH:
	case IKE_XCHG_NEW_CHILD:
	case IKE_XCHG_REKEY_CHILD:
	case IKE_XCHG_REKEY_IKE:
	case IKE_XCHG_INFORMATIONAL:
		break;
	}
	ike_xchg_end(e, x);
}

/* ---- responder ---- */

#define DELETES_MAX 64	/* children one message may close; a peer with more sends more */

struct deletes {
	bool			ike;
	uint16_t		n;
	struct ike_child	*child[DELETES_MAX];
	uint16_t		n_reply;
	uint32_t		reply[DELETES_MAX];	/* our SPIs of them */
	enum ike_protocol	protocol;
};

static bool listed(const struct deletes *d, const struct ike_child *c)
{
	for (uint16_t i = 0; i < d->n; i++)
		if (d->child[i] == c)
			return true;
	return false;
}

/* The network reorders: it may be the child that the answer we wait for would give us. */
static void remember(struct ike_xchg *out, uint32_t spi)
{
	if (!out || (out->kind != IKE_XCHG_NEW_CHILD && out->kind != IKE_XCHG_REKEY_CHILD &&
		     out->kind != IKE_XCHG_AUTH))
		return;
	if (out->n_deleted < sizeof(out->deleted) / sizeof(out->deleted[0]))
		out->deleted[out->n_deleted++] = spi;
}

static void collect_children(struct ike_engine *e, struct ike_sa *sa, const struct ike_delete *del,
			     struct deletes *d)
{
	struct ike_child *c;

	for (uint16_t i = 0; i < del->n && d->n < DELETES_MAX; i++) {
		c = ike_child_by_peer_spi(e, sa, ike_delete_spi(del, i));
		if (!c || c->state == IKE_CHILD_NEW)
			remember(sa->out, ike_delete_spi(del, i));
		if (!c || c->state == IKE_CHILD_NEW || c->protocol != del->protocol || listed(d, c))
			continue;
		/* 1.4.1: no Delete in reply for what our own Delete is on the way. */
		if (c->state != IKE_CHILD_DELETING)
			d->reply[d->n_reply++] = c->spi_in;
		d->protocol = c->protocol;
		d->child[d->n++] = c;
	}
}

static bool deletes_ike(const struct ike_chain *c)
{
	const struct ike_payload *p = ike_chain_find(c, IKE_PAYLOAD_DELETE);
	struct ike_delete del;

	for (; p; p = ike_chain_next(c, p, IKE_PAYLOAD_DELETE))
		if (ike_wire_delete_parse(&del, p) == IKE_WIRE_OK && del.protocol == IKE_PROTO_IKE)
			return true;
	return false;
}

static bool collect(struct ike_engine *e, struct ike_sa *sa, const struct ike_chain *c,
		    struct deletes *d)
{
	const struct ike_payload *p = ike_chain_find(c, IKE_PAYLOAD_DELETE);
	struct ike_delete del;

	for (; p; p = ike_chain_next(c, p, IKE_PAYLOAD_DELETE)) {
		if (ike_wire_delete_parse(&del, p) != IKE_WIRE_OK)
			return false;
		if (del.protocol == IKE_PROTO_IKE)
			d->ike = true;
		else
			collect_children(e, sa, &del, d);
	}
	return true;
}

static void cause_deleted(struct ike_engine *e, struct ike_cause *c, enum ike_cause_code code,
			  const struct ike_sa *sa, const struct ike_tunnel *t)
{
	ike_cause_init(e, c, code, sa->gateway, t, &sa->path.remote);
	c->told_by_peer = true;
}

static void end_children(struct ike_engine *e, struct ike_sa *sa, struct deletes *d)
{
	struct ike_cause cause;

	for (uint16_t i = 0; i < d->n; i++) {
		struct ike_child *c = d->child[i];
		struct ike_tunnel *t = c->tunnel;

		if (c->state == IKE_CHILD_DEAD)
			continue;
		cause_deleted(e, &cause, IKE_CAUSE_P2_DELETED, sa, t);
		/* What replaced it, or will, is no reason to wait. */
		if (c->state == IKE_CHILD_UP && !c->rekeying && t->wanted &&
		    ike_tunnel_child(t) == c)
			ike_arm(e, &t->retry, e->now + REOPEN_DELAY);
		ike_child_end(e, c, &cause);
	}
}

static bool last_one(const struct ike_sa *sa)
{
	const struct ike_sa *o;

	DL_FOREACH(sa->gateway->sas, o)
		if (o != sa && o->state == IKE_SA_ESTABLISHED)
			return false;
	return true;
}

/* The peer closed the IKE SA: everything goes; retransmissions of its Delete are still answered. */
static void closed(struct ike_engine *e, struct ike_sa *sa, const struct ike_cause *cause)
{
	struct ike_gateway *g = sa->gateway;
	struct ike_child *c, *tmp;

	ike_v2_rekey_ike_overtaken(e, sa);
	if (g && sa->state == IKE_SA_ESTABLISHED && last_one(sa) && !ike_timer_armed(&g->retry))
		ike_arm(e, &g->retry, e->now + REOPEN_DELAY);
	ike_sa_set_state(e, sa, IKE_SA_CLOSED, cause);
	ike_tasks_drop(e, sa);
	if (sa->out)
		ike_xchg_end(e, sa->out);
	DL_FOREACH_SAFE(sa->children, c, tmp)
		ike_child_end(e, c, cause);
	if (g)
		ike_gateway_drive(e, g, 0);
}

static void respond(struct ike_engine *e, struct ike_xchg *x, const struct deletes *d)
{
	uint8_t buf[64 + 4 * DELETES_MAX];
	struct ike_builder b = ike_builder_init(buf, sizeof(buf));

	/* 1.4.1: the answer to the Delete of an IKE SA is empty. */
	if (d->n_reply && !d->ike)
		ike_wire_delete_emit(&b, d->protocol, d->reply, d->n_reply);
	ike_v2_response(e, x, IKE_EXCHANGE_INFORMATIONAL, &b);
	ike_xchg_end(e, x);
}

void ike_v2_informational_request(struct ike_engine *e, struct ike_xchg *x,
				  const struct ike_chain *c)
{
	struct ike_sa *sa = x->sa;
	struct deletes d = { 0 };
	struct ike_cause cause;
	struct ike_notify n;

	if (!deletes_ike(c))
		ike_v2_rekey_ike_decided(e, sa);
	if (!ike_v2_allowed(IKE_V2_INFORMATIONAL, c) || !collect(e, sa, c, &d)) {
		ike_v2_refuse(e, x, IKE_EXCHANGE_INFORMATIONAL, IKE_NOTIFY_INVALID_SYNTAX, NULL, 0);
		return;
	}
	if (ike_chain_notify(c, IKE_NOTIFY_AUTHENTICATION_FAILED, &n)) {
		/* 2.21.2: what we sent as responder did not convince the initiator. */
		ike_cause_notify(e, &cause, x, &n, NULL);
		respond(e, x, &d);
		if (sa->gateway) {
			ike_fail(e, sa->gateway, NULL, &cause);
			ike_gateway_retry(e, sa->gateway);
		}
		closed(e, sa, &cause);
		return;
	}
	respond(e, x, &d);
	if (d.ike) {
		cause_deleted(e, &cause, IKE_CAUSE_P1_DELETED, sa, NULL);
		closed(e, sa, sa->why ? sa->why : &cause);
	} else {
		end_children(e, sa, &d);
	}
}
