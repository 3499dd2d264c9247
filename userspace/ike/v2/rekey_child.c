// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rekeying a child SA: make before break, and what happens when both ends do it at once
 * (RFC 7296, 2.8, 2.8.1, 2.25.1).
 *
 * With a collision there are three children: the old one, ours and the rival. The one made with the
 * lowest nonce goes, deleted by who made it; who made the surviving one deletes the old. A peer that did
 * not notice the collision refuses ours (TEMPORARY_FAILURE, CHILD_SA_NOT_FOUND); then its own stands.
 */
#include "ike/v2/v2.h"

/* The initiator of a rekey proves by its next request that it has our answer; if none comes, we believe it then. */
#define USE_DELAY	(10 * VD_SECOND)
/* A child the peer has to delete is deleted by us when it does not. */
#define OTHERS_TIME	(30 * VD_SECOND)
#define AGAIN_MIN	1000
#define AGAIN_SPREAD	3000

static void tell(struct ike_engine *e, struct ike_child *c)
{
	ike_event_push(e, IKE_EVENT_TUNNEL_REKEYED, c->sa, c);
}

/* The peer's to delete. */
static void leave_to_peer(struct ike_engine *e, struct ike_child *c)
{
	ike_child_replaced(e, c);
	ike_arm(e, &c->tie, e->now + OTHERS_TIME);
}

/* Our rekey of the same child, if we have one under way. */
static struct ike_xchg *rival_of(const struct ike_xchg *x)
{
	struct ike_xchg *out = x->sa->out;

	return out && out->kind == IKE_XCHG_REKEY_CHILD && out->old == x->old ? out : NULL;
}

bool ike_v2_rekey_child_peers(const struct ike_xchg *x)
{
	const struct ike_xchg *in = x->sa->in;

	return in && in->kind == IKE_XCHG_REKEY_CHILD && in->old == x->old;
}

/* ---- responder ---- */

static bool making(const struct ike_xchg *out)
{
	return out && out->sent && (out->kind == IKE_XCHG_NEW_CHILD ||
				    out->kind == IKE_XCHG_REKEY_CHILD ||
				    out->kind == IKE_XCHG_AUTH);
}

uint16_t ike_v2_rekey_child_accept(struct ike_engine *e, struct ike_xchg *x, uint32_t spi)
{
	struct ike_child *old = ike_child_by_peer_spi(e, x->sa, spi);
	struct ike_xchg *ours;

	/* It may be the one that our own request made and whose answer is still on the way. */
	if ((!old || old->state == IKE_CHILD_NEW) && making(x->sa->out))
		return IKE_NOTIFY_TEMPORARY_FAILURE;
	if (!old || old->state == IKE_CHILD_NEW || old->sa != x->sa)
		return IKE_NOTIFY_CHILD_SA_NOT_FOUND;
	/* 2.25.1: being closed, or another took its place already. */
	if (old->state != IKE_CHILD_UP)
		return IKE_NOTIFY_TEMPORARY_FAILURE;
	x->kind = IKE_XCHG_REKEY_CHILD;
	x->old = old->handle;
	ours = rival_of(x);
	if (ours && !ours->sent) {
		ours->overtaken = true;
	} else if (ours) {
		ours->collided = true;
		ours->rival_low = *ike_nonce_low(&x->ni, &x->nr);
		ours->rival = 0;
	}
	return 0;
}

void ike_v2_rekey_child_answered(struct ike_engine *e, struct ike_xchg *x)
{
	struct ike_child *c = x->child, *old = ike_child_by_handle(e, x->old);
	struct ike_xchg *ours = rival_of(x);

	ike_child_succeeds(c, x->old, old);
	ike_child_up(e, c);
	if (x->collided) {
		/* Ours was done first and survives: the peer deletes this one. */
		leave_to_peer(e, c);
		return;
	}
	ike_child_use_later(e, c, USE_DELAY);
	if (ours && ours->collided) {
		ours->rival = c->handle;	/* our answer decides */
		return;
	}
	if (old)
		leave_to_peer(e, old);
	tell(e, c);
}

/* ---- initiator ---- */

static void survived(struct ike_engine *e, struct ike_xchg *x, struct ike_child *old)
{
	struct ike_sa *sa = x->sa;
	struct ike_child *c = x->child, *rival = ike_child_by_handle(e, x->rival);

	ike_child_use(e, c);
	if (rival)
		leave_to_peer(e, rival);
	else if (sa->in && sa->in->kind == IKE_XCHG_REKEY_CHILD && sa->in->old == x->old)
		sa->in->collided = true;
	if (old)
		ike_child_close(e, old, NULL);
	tell(e, c);
}

static void gave_way(struct ike_engine *e, struct ike_xchg *x, struct ike_child *old)
{
	struct ike_child *c = x->child, *rival = ike_child_by_handle(e, x->rival);

	ike_child_replaced(e, c);
	ike_child_close(e, c, NULL);
	if (!rival)
		return;		/* its exchange is not over: the old child is replaced then */
	if (old)
		leave_to_peer(e, old);
	tell(e, rival);
}

void ike_v2_rekey_child_done(struct ike_engine *e, struct ike_xchg *x)
{
	struct ike_child *old = ike_child_by_handle(e, x->old);

	ike_child_succeeds(x->child, x->old, old);
	ike_child_up(e, x->child);
	/* A tie of equal nonces can't be told from our own message coming back; we keep ours. */
	if (!x->collided || ike_nonce_compare(&x->child->low, &x->rival_low) >= 0)
		survived(e, x, old);
	else
		gave_way(e, x, old);
	ike_xchg_end(e, x);
}

bool ike_v2_rekey_child_refused(struct ike_engine *e, struct ike_xchg *x, uint16_t notify)
{
	struct ike_child *old = ike_child_by_handle(e, x->old);
	struct ike_child *rival = ike_child_by_handle(e, x->rival);
	struct ike_tunnel *t = x->tunnel;
	struct ike_cause c;

	if (notify != IKE_NOTIFY_TEMPORARY_FAILURE && notify != IKE_NOTIFY_CHILD_SA_NOT_FOUND)
		return false;
	if (x->collided) {
		if (old && rival)
			leave_to_peer(e, old);
		if (rival)
			tell(e, rival);
		return true;
	}
	if (!old)
		return true;
	if (notify == IKE_NOTIFY_TEMPORARY_FAILURE) {
		ike_arm(e, &old->rekey, e->now + AGAIN_MIN + ike_random_below(e, AGAIN_SPREAD));
		return true;
	}
	/* 2.25: the peer does not have it: forget it, make another. */
	ike_cause_of(e, &c, IKE_CAUSE_P2_NOT_FOUND, x);
	c.told_by_peer = true;
	c.notify = notify;
	if (t && !t->wanted)
		t->wanted = t->once = true;
	if (t && old->state == IKE_CHILD_UP)
		ike_fail(e, t->gateway, t, &c);
	ike_child_end(e, old, &c);
	return true;
}
