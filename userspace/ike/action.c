// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The queue of actions and the results waited for. An action belongs to the queue until
 * ike_engine_next_action() hands it out.
 */
#include "ike/action.h"

#include <stdlib.h>

#include "ike/engine_priv.h"
#include "ike/xchg.h"

struct ike_action *ike_action_push(struct ike_engine *e, enum ike_action_kind kind)
{
	struct ike_action_node *node = calloc(1, sizeof(*node));

	if (!node) {
		ike_drop(e, IKE_DROP_NO_MEMORY);
		return NULL;
	}
	node->action.kind = kind;
	if (e->actions.tail)
		e->actions.tail->next = node;
	else
		e->actions.head = node;
	e->actions.tail = node;
	return &node->action;
}

static struct ike_pending *pending_new(struct ike_engine *e, enum ike_action_kind kind)
{
	struct ike_pending *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->token = ike_new_handle(e);
	p->kind = kind;
	HASH_ADD(hh, e->pending, token, sizeof(p->token), p);
	if (p->hh.tbl)
		return p;
	free(p);
	return NULL;
}

static void pending_free(struct ike_engine *e, struct ike_pending *p)
{
	HASH_DELETE(hh, e->pending, p);
	free(p->larval);
	free(p);
}

static struct ike_action *ask(struct ike_engine *e, enum ike_action_kind kind,
			      struct ike_pending **out)
{
	struct ike_pending *p = pending_new(e, kind);
	struct ike_action *a = p ? ike_action_push(e, kind) : NULL;

	if (!a) {
		if (p)
			pending_free(e, p);
		return NULL;
	}
	a->token = p->token;
	*out = p;
	return a;
}

struct ike_action *ike_action_ask(struct ike_engine *e, enum ike_action_kind kind,
				  struct ike_xchg *x, ike_done_fn done)
{
	struct ike_pending *p;
	struct ike_action *a = ask(e, kind, &p);

	if (!a)
		return NULL;
	p->spi = x->sa->spi;
	p->xchg = x->handle;
	p->done = done;
	if (kind == IKE_ACT_SPI_ALLOC)
		p->larval = calloc(1, sizeof(*p->larval));
	return a;
}

struct ike_action *ike_action_ask_late(struct ike_engine *e, enum ike_action_kind kind,
				       uint64_t handle, ike_late_fn late)
{
	struct ike_pending *p;
	struct ike_action *a = ask(e, kind, &p);

	if (!a)
		return NULL;
	p->handle = handle;
	p->late = late;
	return a;
}

void ike_actions_free(struct ike_engine *e)
{
	struct ike_pending *p, *tmp;
	struct ike_action a;

	while (ike_engine_next_action(e, &a))
		ike_action_clear(&a);
	HASH_ITER(hh, e->pending, p, tmp)
		pending_free(e, p);
}

bool ike_engine_next_action(struct ike_engine *e, struct ike_action *out)
{
	struct ike_action_node *node = e->actions.head;
	struct ike_pending *p;

	if (!node)
		return false;
	e->actions.head = node->next;
	if (!node->next)
		e->actions.tail = NULL;
	*out = node->action;
	/* What was asked for is remembered here, when the asker has filled it in. */
	if (out->kind == IKE_ACT_SPI_ALLOC) {
		HASH_FIND(hh, e->pending, &out->token, sizeof(out->token), p);
		if (p && p->larval)
			*p->larval = out->sa;
	}
	vd_wipe(&node->action.sa, sizeof(node->action.sa));
	free(node);
	return true;
}

void ike_action_clear(struct ike_action *a)
{
	vd_secret_free(&a->data);
	vd_secret_free(&a->peer_public);
	vd_secret_free(&a->psk.octets);
	vd_key_wipe(&a->sa.encr_key);
	vd_key_wipe(&a->sa.integ_key);
	vd_wipe(a->psk.auth, sizeof(a->psk.auth));
}

/* Nobody waits for this SPI any more. */
static void give_back(struct ike_engine *e, const struct ike_pending *p, uint32_t spi)
{
	struct ike_action *a = ike_action_push(e, IKE_ACT_SA_DEL);

	if (!a)
		return;
	a->sa = *p->larval;
	a->sa.id.inbound = true;
	a->sa.id.spi = spi;
}

void ike_engine_complete(struct ike_engine *e, vd_time now, uint64_t token,
			 const struct ike_result *r)
{
	struct ike_pending *p;
	struct ike_xchg *x;

	e->now = now;
	HASH_FIND(hh, e->pending, &token, sizeof(token), p);
	if (!p)
		return;
	if (p->late) {
		p->late(e, p->handle, r);
	} else {
		x = ike_xchg_find(e, p->spi, p->xchg);
		/* Without its child (the tunnel left the configuration) the exchange can't use a SPI. */
		if (p->larval && !r->error && !(x && x->child))
			give_back(e, p, r->spi);
		if (x) {
			x->waits_for = IKE_WAITS_NOTHING;
			p->done(e, x, r);
		}
	}
	pending_free(e, p);
	ike_engine_reap(e);
}
