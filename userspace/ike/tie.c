// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two IKE SAs where one is meant: both ends began at once, a peer lost its state, a rekey took
 * over (RFC 7296, 2.4, 2.8.1, 2.8.2, 2.18).
 */
#include <string.h>

#include "ike/child.h"
#include "ike/failure.h"
#include "ike/gateway.h"
#include "ike/sa.h"
#include "ike/xchg.h"

/* A duplicate is deleted only when the other end, too, has had time to see it. */
#define TIE_DELAY	(1 * VD_SECOND)
/* The tunnels of a duplicate are moved first, but not for ever. */
#define TIE_WAITS	20
/* A replaced SA whose deletion is the peer's: we don't wait longer for it. */
#define REPLACED_TIME	(60 * VD_SECOND)
/* While a peer that lost its state comes back, we don't start an SA of our own. */
#define CONTACT_PAUSE	(2 * VD_SECOND)

int ike_nonce_compare(const struct ike_nonce *a, const struct ike_nonce *b)
{
	size_t n = a->len < b->len ? a->len : b->len;
	int c = memcmp(a->data, b->data, n);

	return c ? c : (int)a->len - (int)b->len;
}

const struct ike_nonce *ike_nonce_low(const struct ike_nonce *a, const struct ike_nonce *b)
{
	return ike_nonce_compare(a, b) <= 0 ? a : b;
}

static bool same_peer(const struct ike_sa *a, const struct ike_sa *b)
{
	return a->remote_id.type == b->remote_id.type && a->remote_id.len == b->remote_id.len &&
	       !memcmp(a->remote_id.data, b->remote_id.data, a->remote_id.len);
}

void ike_sa_resolve_duplicates(struct ike_engine *e, struct ike_sa *sa)
{
	struct ike_sa *o, *loser;

	if (!sa->gateway)
		return;
	DL_FOREACH(sa->gateway->sas, o) {
		if (o == sa || o->state != IKE_SA_ESTABLISHED || !same_peer(o, sa))
			continue;
		if (o->lineage == sa->lineage || ike_timer_armed(&o->tie))
			continue;
		loser = ike_nonce_compare(&o->lineage_low, &sa->lineage_low) < 0 ? o : sa;
		if (loser->lineage_ours)
			ike_arm(e, &loser->tie, e->now + TIE_DELAY);
	}
}

/* Make before break: a tunnel whose only child is on @sa gets one on @stays. True if any had to. */
static bool move_tunnels(struct ike_engine *e, struct ike_sa *sa, struct ike_sa *stays)
{
	struct ike_child *c, *o;
	bool any = false;

	DL_FOREACH(sa->children, c) {
		bool there = false;

		if (c->state != IKE_CHILD_UP)
			continue;
		DL_FOREACH2(c->tunnel->children, o, t_next)
			if (o->sa == stays && o->state == IKE_CHILD_UP)
				there = true;
		if (there)
			continue;
		any = true;
		if (!c->tunnel->busy)
			ike_task_add(e, stays, IKE_XCHG_NEW_CHILD, c->tunnel, 0);
	}
	return any;
}

void ike_sa_tie_over(struct ike_engine *e, struct ike_sa *sa)
{
	struct ike_sa *o, *stays = NULL;

	if (sa->state != IKE_SA_ESTABLISHED || !sa->gateway)
		return;
	DL_FOREACH(sa->gateway->sas, o)
		if (o != sa && o->state == IKE_SA_ESTABLISHED && !ike_timer_armed(&o->tie))
			stays = o;
	if (!stays)
		return;		/* the last one is no duplicate */
	if (sa->tie_waits < TIE_WAITS && (sa->out || sa->tasks || sa->in ||
					  move_tunnels(e, sa, stays))) {
		sa->tie_waits++;
		ike_arm(e, &sa->tie, e->now + TIE_DELAY);
		return;
	}
	ike_sa_close(e, sa, NULL);
}

void ike_sa_initial_contact(struct ike_engine *e, struct ike_sa *sa)
{
	struct ike_sa *o, *tmp;
	struct ike_cause c;

	DL_FOREACH_SAFE(sa->gateway->sas, o, tmp) {
		/*
		 * What was established after @sa was begun may be the peer's answer to us: then both
		 * began at once, and the tie decides. The peer said "initial" before it knew.
		 */
		if (o == sa || !o->established || o->established > sa->born || !same_peer(o, sa))
			continue;
		ike_cause_init(e, &c, IKE_CAUSE_P1_DELETED, o->gateway, NULL, &o->path.remote);
		c.told_by_peer = true;
		c.notify = IKE_NOTIFY_INITIAL_CONTACT;
		ike_arm(e, &sa->gateway->retry, e->now + CONTACT_PAUSE);
		ike_sa_end(e, o, &c);
	}
}

static void move_tasks(struct ike_sa *from, struct ike_sa *to)
{
	struct ike_task *t, *tmp;

	DL_FOREACH_SAFE(from->tasks, t, tmp) {
		if (t->kind != IKE_XCHG_NEW_CHILD && t->kind != IKE_XCHG_REKEY_CHILD &&
		    t->kind != IKE_XCHG_DELETE_CHILD)
			continue;
		DL_DELETE(from->tasks, t);
		DL_APPEND(to->tasks, t);
	}
}

void ike_sa_replace(struct ike_engine *e, struct ike_sa *from, struct ike_sa *to)
{
	struct ike_event *ev;
	struct ike_child *c, *tmp;

	ike_sa_set_state(e, to, IKE_SA_ESTABLISHED, NULL);
	DL_FOREACH_SAFE(from->children, c, tmp) {
		/* One still being made belongs to its exchange, which ends with the old SA. */
		if (c->state != IKE_CHILD_NEW)
			ike_child_move(e, c, to);
	}
	move_tasks(from, to);
	from->successor = to->spi;
	if (from->state == IKE_SA_ESTABLISHED)
		ike_sa_set_state(e, from, IKE_SA_REPLACED, NULL);
	ike_arm(e, &from->expire, e->now + REPLACED_TIME);
	ev = ike_event_push(e, IKE_EVENT_GATEWAY_REKEYED, to, NULL);
	if (ev)
		ev->request = to->initiator;
	ike_task_run(e, to);
	ike_sa_resolve_duplicates(e, to);
}
