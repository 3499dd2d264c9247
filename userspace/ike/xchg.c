// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Exchanges and tasks: the window of one (RFC 7296, 2.3). Owner: the IKE SA.
 */
#include "ike/xchg.h"

#include <stdlib.h>

#include "ike/v2/v2.h"

struct ike_chain_copy *ike_chain_keep(struct vd_secret *octets, const struct ike_chain *chain)
{
	struct ike_chain_copy *k = calloc(1, sizeof(*k));

	if (!k)
		return NULL;
	vd_secret_move(&k->octets, octets);
	k->chain = *chain;
	return k;
}

static void chain_drop(struct ike_chain_copy *k)
{
	if (!k)
		return;
	vd_secret_free(&k->octets);
	free(k);
}

/* ---- tasks ---- */

static void task_free(struct ike_sa *sa, struct ike_task *t)
{
	DL_DELETE(sa->tasks, t);
	if (t->tunnel)
		t->tunnel->busy--;
	free(t);
}

static struct ike_task *append(struct ike_sa *sa, enum ike_xchg_kind kind)
{
	struct ike_task *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->kind = kind;
	DL_APPEND(sa->tasks, t);
	return t;
}

bool ike_task_add(struct ike_engine *e, struct ike_sa *sa, enum ike_xchg_kind kind,
		  struct ike_tunnel *tunnel, uint64_t child)
{
	struct ike_task *t = append(sa, kind);

	if (!t)
		return false;
	t->child = child;
	t->tunnel = tunnel;
	if (tunnel)
		tunnel->busy++;
	ike_task_run(e, sa);
	return true;
}

void ike_task_delete_spi(struct ike_engine *e, struct ike_sa *sa, enum ike_protocol protocol,
			 uint32_t spi)
{
	struct ike_task *t;

	if (!spi || (sa->state != IKE_SA_ESTABLISHED && sa->state != IKE_SA_REPLACED))
		return;
	t = append(sa, IKE_XCHG_DELETE_CHILD);
	if (!t)
		return;
	t->protocol = protocol;
	t->spi = spi;
	ike_task_run(e, sa);
}

/* A task that lost its object, or that its SA can no longer do. */
static bool stale(struct ike_engine *e, const struct ike_sa *sa, const struct ike_task *t)
{
	const struct ike_child *c;

	switch (t->kind) {
	case IKE_XCHG_NEW_CHILD:
		return sa->state != IKE_SA_ESTABLISHED;
	case IKE_XCHG_REKEY_CHILD:
		c = ike_child_by_handle(e, t->child);
		return !c || c->state != IKE_CHILD_UP || sa->state != IKE_SA_ESTABLISHED;
	case IKE_XCHG_DELETE_CHILD:
		c = ike_child_by_handle(e, t->child);
		return sa->state == IKE_SA_DELETING ||
		       (t->child && (!c || c->state != IKE_CHILD_DELETING));
	case IKE_XCHG_REKEY_IKE:
	case IKE_XCHG_LIVENESS:
		return sa->state != IKE_SA_ESTABLISHED;
	case IKE_XCHG_SA_INIT:
	case IKE_XCHG_AUTH:
	case IKE_XCHG_DELETE_IKE:
	case IKE_XCHG_AUTH_FAILED:
	case IKE_XCHG_INFORMATIONAL:
		break;
	}
	return false;
}

static bool start(struct ike_engine *e, struct ike_sa *sa, struct ike_task *t)
{
	struct ike_xchg *x = ike_xchg_new(e, sa, t->kind, true);

	if (!x)
		return false;
	x->old = t->child;
	x->protocol = t->protocol;
	x->spi = t->spi;
	ike_xchg_set_tunnel(x, t->tunnel);
	task_free(sa, t);
	ike_v2_start(e, x);
	return true;
}

void ike_task_run(struct ike_engine *e, struct ike_sa *sa)
{
	while (sa->tasks && !sa->out && sa->keyed && sa->state != IKE_SA_DEAD) {
		struct ike_task *t = sa->tasks;

		if (stale(e, sa, t)) {
			struct ike_tunnel *tunnel = t->tunnel;

			task_free(sa, t);
			if (tunnel)
				ike_tunnel_drive(e, tunnel);
			continue;
		}
		if (!start(e, sa, t))
			return;		/* no memory: the next event tries again */
	}
}

void ike_tasks_drop(struct ike_engine *e, struct ike_sa *sa)
{
	struct ike_task *t, *tmp;

	DL_FOREACH_SAFE(sa->tasks, t, tmp)
		task_free(sa, t);
}

bool ike_sa_doing(const struct ike_sa *sa, enum ike_xchg_kind kind)
{
	const struct ike_task *t;

	if (sa->out && sa->out->kind == kind)
		return true;
	DL_FOREACH(sa->tasks, t)
		if (t->kind == kind)
			return true;
	return false;
}

static void forget(struct ike_xchg *x, struct ike_tunnel *t)
{
	if (!x || x->tunnel != t)
		return;
	ike_xchg_set_tunnel(x, NULL);
	x->child = NULL;
}

void ike_xchg_forget_tunnel(struct ike_engine *e, struct ike_gateway *g, struct ike_tunnel *t)
{
	struct ike_task *task, *tmp;
	struct ike_sa *sa;

	DL_FOREACH(g->sas, sa) {
		forget(sa->out, t);
		forget(sa->in, t);
		DL_FOREACH_SAFE(sa->tasks, task, tmp)
			if (task->tunnel == t)
				task_free(sa, task);
	}
}

/* ---- exchanges ---- */

struct ike_xchg *ike_xchg_new(struct ike_engine *e, struct ike_sa *sa, enum ike_xchg_kind kind,
			      bool initiator)
{
	struct ike_xchg *x = calloc(1, sizeof(*x));

	if (!x)
		return NULL;
	x->handle = ike_new_handle(e);
	x->sa = sa;
	x->kind = kind;
	x->initiator = initiator;
	x->message_id = initiator ? sa->next_request : sa->next_response;
	if (initiator)
		sa->out = x;
	else
		sa->in = x;
	return x;
}

void ike_xchg_set_tunnel(struct ike_xchg *x, struct ike_tunnel *t)
{
	if (x->tunnel)
		x->tunnel->busy--;
	x->tunnel = t;
	if (t)
		t->busy++;
}

/* The exchange ended without an answer, with its IKE SA: the child may live on with that one's successor. */
static void delete_again(struct ike_engine *e, struct ike_child *c, const struct ike_sa *sa)
{
	if (c->state != IKE_CHILD_DELETING || !c->sa || c->sa == sa)
		return;
	if (c->sa->state != IKE_SA_ESTABLISHED ||
	    !ike_task_add(e, c->sa, IKE_XCHG_DELETE_CHILD, NULL, c->handle))
		ike_child_end(e, c, NULL);
}

void ike_xchg_end(struct ike_engine *e, struct ike_xchg *x)
{
	struct ike_sa *sa = x->sa;
	struct ike_tunnel *t = x->tunnel;
	struct ike_child *old;

	if (sa->out == x) {
		sa->out = NULL;
		ike_disarm(e, &sa->retransmit);
		vd_secret_free(&sa->request);
	} else if (sa->in == x) {
		sa->in = NULL;
	} else {
		return;
	}
	old = x->initiator ? ike_child_by_handle(e, x->old) : NULL;
	if (old && x->kind == IKE_XCHG_REKEY_CHILD)
		old->rekeying = false;
	x->next_dead = e->dead_xchgs;
	e->dead_xchgs = x;
	ike_xchg_set_tunnel(x, NULL);
	if (x->child && x->child->state == IKE_CHILD_NEW)
		ike_child_end(e, x->child, NULL);
	if (x->new_sa && x->new_sa->state == IKE_SA_INIT)
		ike_sa_end(e, x->new_sa, NULL);
	if (old && x->kind == IKE_XCHG_DELETE_CHILD)
		delete_again(e, old, sa);
	if (t)
		ike_tunnel_drive(e, t);
	ike_task_run(e, sa);
}

void ike_xchg_free(struct ike_engine *e, struct ike_xchg *x)
{
	vd_secret_free(&x->cookie);
	vd_secret_free(&x->dh_private);
	vd_secret_free(&x->dh_public);
	vd_secret_free(&x->peer_public);
	vd_secret_free(&x->shared);
	vd_wipe(x->auth, sizeof(x->auth));
	free(x->offer);
	chain_drop(x->payloads);
	free(x);
}

struct ike_xchg *ike_xchg_find(struct ike_engine *e, uint64_t spi, uint64_t handle)
{
	struct ike_sa *sa = ike_sa_by_spi(e, spi);

	if (!sa)
		return NULL;
	if (sa->out && sa->out->handle == handle)
		return sa->out;
	if (sa->in && sa->in->handle == handle)
		return sa->in;
	return NULL;
}
