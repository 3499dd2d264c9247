// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The child SA: made, found, installed, replaced, ended. Owner: its IKE SA, or while it lingers its
 * tunnel. RFC 7296, 1.3, 1.4.1, 2.8.
 */
#include "ike/child.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ike/failure.h"
#include "ike/gateway.h"
#include "ike/sa.h"
#include "ike/sa_timers.h"
#include "ike/xchg.h"

/* How long the inbound SA of a replaced child still takes packets that were on the way. */
#define LINGER_TIME	(5 * VD_SECOND)
/* The peer proves by its next request that it has our answer; if none comes, we believe it then. */
#define USE_DELAY	(10 * VD_SECOND)
/* A duplicate is deleted only when the other end, too, has had time to see it. */
#define TIE_DELAY	(1 * VD_SECOND)

static void on_rekey(struct ike_engine *e, struct ike_timer *t)
{
	ike_child_rekey(e, ike_container(t, struct ike_child, rekey));
}

static void on_use(struct ike_engine *e, struct ike_timer *t)
{
	ike_child_use(e, ike_container(t, struct ike_child, use));
}

/* Another child that stays. */
static bool other_stays(const struct ike_child *c)
{
	const struct ike_child *o;

	DL_FOREACH2(c->tunnel->children, o, t_next)
		if (o != c && o->state == IKE_CHILD_UP && !ike_timer_armed(&o->tie))
			return true;
	return false;
}

/* A duplicate, or a replaced one whose deletion was the peer's. The last one is never a duplicate. */
static void on_tie(struct ike_engine *e, struct ike_timer *t)
{
	struct ike_child *c = ike_container(t, struct ike_child, tie);

	if (c->state != IKE_CHILD_UP || other_stays(c))
		ike_child_close(e, c, NULL);
}

static void on_expire(struct ike_engine *e, struct ike_timer *t)
{
	struct ike_child *c = ike_container(t, struct ike_child, expire);
	struct ike_cause cause;

	if (c->state == IKE_CHILD_LINGER) {
		ike_child_end(e, c, NULL);
		return;
	}
	ike_cause_init(e, &cause, IKE_CAUSE_KERNEL_EXPIRED, c->tunnel->gateway, c->tunnel,
		       &c->path.remote);
	ike_cause_at(&cause, &c->tunnel->conf->pos_lifetime);
	cause.initiator = c->initiator;
	if (c->state == IKE_CHILD_UP)
		ike_fail(e, c->tunnel->gateway, c->tunnel, &cause);
	ike_child_close(e, c, &cause);
}

struct ike_child *ike_child_new(struct ike_engine *e, struct ike_tunnel *t, struct ike_sa *sa,
				bool initiator)
{
	struct ike_child *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	if (ike_timers_reserve(&e->timers, IKE_CHILD_TIMERS)) {
		free(c);
		return NULL;
	}
	c->handle = ike_new_handle(e);
	HASH_ADD(hh_handle, e->child_handles, handle, sizeof(c->handle), c);
	if (!c->hh_handle.tbl) {
		ike_timers_release(&e->timers, IKE_CHILD_TIMERS);
		free(c);
		return NULL;
	}
	c->tunnel = t;
	c->initiator = initiator;
	c->protocol = t->conf->protocol;
	c->path = sa->path;
	c->encap = sa->encap;
	c->since = e->now;
	c->rekey_at = c->expires_at = VD_NEVER;
	ike_timer_init(&c->rekey, on_rekey);
	ike_timer_init(&c->expire, on_expire);
	ike_timer_init(&c->use, on_use);
	ike_timer_init(&c->tie, on_tie);
	DL_APPEND2(t->children, c, t_prev, t_next);
	ike_child_move(e, c, sa);
	return c;
}

void ike_child_free(struct ike_engine *e, struct ike_child *c)
{
	ike_timers_release(&e->timers, IKE_CHILD_TIMERS);
	vd_wipe(c, sizeof(*c));
	free(c);
}

/* ---- found ---- */

static void unhash(struct ike_engine *e, struct ike_child *c)
{
	if (c->hashed)
		HASH_DELETE(hh, e->children, c);
	c->hashed = false;
}

static void rehash(struct ike_engine *e, struct ike_child *c)
{
	unhash(e, c);
	if (!c->sa || !c->spi_out)
		return;
	c->key.sa = c->sa->handle;
	c->key.spi_out = c->spi_out;
	HASH_ADD(hh, e->children, key, sizeof(c->key), c);
	c->hashed = c->hh.tbl != NULL;
}

int ike_child_set_spi_out(struct ike_engine *e, struct ike_child *c, uint32_t spi)
{
	c->spi_out = spi;
	rehash(e, c);
	return c->hashed ? 0 : -ENOMEM;
}

static void set_waiting(struct ike_child *c, bool waiting)
{
	if (c->waiting == waiting || !c->sa)
		return;
	c->waiting = waiting;
	if (waiting)
		DL_APPEND2(c->sa->waiting, c, w_prev, w_next);
	else
		DL_DELETE2(c->sa->waiting, c, w_prev, w_next);
}

void ike_child_move(struct ike_engine *e, struct ike_child *c, struct ike_sa *sa)
{
	bool waiting = c->waiting;

	set_waiting(c, false);
	if (c->sa)
		DL_DELETE(c->sa->children, c);
	c->sa = sa;
	if (sa)
		DL_APPEND(sa->children, c);
	set_waiting(c, waiting);
	rehash(e, c);
}

struct ike_child *ike_child_by_peer_spi(struct ike_engine *e, const struct ike_sa *sa, uint32_t spi)
{
	struct {
		uint64_t sa;
		uint64_t spi_out;
	} key = { sa->handle, spi };
	struct ike_child *c;

	HASH_FIND(hh, e->children, &key, sizeof(key), c);
	if (!c && sa->successor) {
		sa = ike_sa_by_spi(e, sa->successor);
		return sa ? ike_child_by_peer_spi(e, sa, spi) : NULL;
	}
	return c;
}

struct ike_child *ike_child_by_handle(struct ike_engine *e, uint64_t handle)
{
	struct ike_child *c;

	HASH_FIND(hh_handle, e->child_handles, &handle, sizeof(handle), c);
	return c;
}

/* ---- state ---- */

/* An exchange that makes @c goes on without it. */
static void leave_exchange(struct ike_xchg *x, const struct ike_child *c)
{
	if (x && x->child == c)
		x->child = NULL;
}

static void leave_lists(struct ike_engine *e, struct ike_child *c)
{
	if (c->sa) {
		leave_exchange(c->sa->out, c);
		leave_exchange(c->sa->in, c);
	}
	ike_disarm(e, &c->expire);
	ike_child_move(e, c, NULL);
	HASH_DELETE(hh_handle, e->child_handles, c);
	DL_DELETE2(c->tunnel->children, c, t_prev, t_next);
	c->next_dead = e->dead_children;
	e->dead_children = c;
}

void ike_child_set_state(struct ike_engine *e, struct ike_child *c, enum ike_child_state state,
			 const struct ike_cause *cause)
{
	if (c->state == state || c->state == IKE_CHILD_DEAD)
		return;
	c->state = state;
	c->since = e->now;
	if (state != IKE_CHILD_UP) {
		ike_disarm(e, &c->rekey);
		ike_disarm(e, &c->tie);
	}
	switch (state) {
	case IKE_CHILD_NEW:
	case IKE_CHILD_UP:
	case IKE_CHILD_REPLACED:
	case IKE_CHILD_DELETING:
		break;
	case IKE_CHILD_LINGER:
		ike_disarm(e, &c->use);
		set_waiting(c, false);
		ike_child_move(e, c, NULL);
		ike_arm(e, &c->expire, e->now + LINGER_TIME);
		break;
	case IKE_CHILD_DEAD:
		ike_disarm(e, &c->use);
		set_waiting(c, false);
		leave_lists(e, c);
		break;
	}
	ike_tunnel_update(e, c->tunnel, cause);
}

/* ---- in the kernel ---- */

struct ike_sa_id ike_child_sa_id(const struct ike_child *c, bool inbound)
{
	struct ike_sa_id id = { .child = IKE_KERNEL_CHILD, .inbound = inbound };

	memcpy(id.tunnel, c->tunnel->name, sizeof(id.tunnel));
	id.spi = inbound ? c->spi_in : c->spi_out;
	return id;
}

static void fill_params(struct ike_engine *e, const struct ike_child *c, bool inbound,
			struct ike_sa_params *p)
{
	const struct ike_tunnel_conf *t = c->tunnel->conf;

	p->id = ike_child_sa_id(c, inbound);
	p->suite = c->suite;
	p->local = c->path.local;
	p->remote = c->path.remote;
	p->encap = c->encap;
	p->replay_window = t->replay_window;
	p->hard = t->lifetime;
	p->soft = ike_soft_lifetime(e, t->lifetime);
	p->hard_bytes = t->lifetime_bytes;
	p->soft_bytes = t->lifetime_bytes / 10 * 9;
	p->hard_packets = t->lifetime_packets;
	p->soft_packets = t->lifetime_packets / 10 * 9;
}

static void push_del(struct ike_engine *e, struct ike_child *c, bool inbound)
{
	bool *there = inbound ? &c->in_kernel : &c->out_kernel;
	struct ike_action *a;

	if (!*there)
		return;
	a = ike_action_push(e, IKE_ACT_SA_DEL);
	if (!a)
		return;
	fill_params(e, c, inbound, &a->sa);
	*there = false;
}

int ike_child_add_in(struct ike_engine *e, struct ike_child *c, const struct ike_child_keys *k,
		     struct ike_xchg *x, ike_done_fn done)
{
	const struct ike_tunnel_conf *t = c->tunnel->conf;
	struct ike_action *a;

	if (c->tunnel->narrowed || !ike_ts_list_equal(&c->local_ts, &t->local_ts) ||
	    !ike_ts_list_equal(&c->remote_ts, &t->remote_ts))
		ike_tunnel_set_child(e, c->tunnel, c);
	a = ike_action_ask(e, IKE_ACT_SA_ADD, x, done);
	if (!a)
		return -ENOMEM;
	fill_params(e, c, true, &a->sa);
	a->sa.encr_key = c->initiator ? k->encr_r : k->encr_i;
	a->sa.integ_key = c->initiator ? k->integ_r : k->integ_i;
	c->encr_out = c->initiator ? k->encr_i : k->encr_r;
	c->integ_out = c->initiator ? k->integ_i : k->integ_r;
	x->waits_for = IKE_WAITS_KERNEL;
	return 0;
}

static void out_added(struct ike_engine *e, uint64_t handle, const struct ike_result *r)
{
	struct ike_child *found = ike_child_by_handle(e, handle);
	struct ike_cause cause;

	if (!r->error || !found || found->state == IKE_CHILD_LINGER)
		return;
	found->out_kernel = false;
	ike_cause_init(e, &cause, IKE_CAUSE_KERNEL_REFUSED, found->tunnel->gateway, found->tunnel,
		       &found->path.remote);
	if (r->text)
		ike_cause_ours_str(&cause, r->text);
	ike_fail(e, found->tunnel->gateway, found->tunnel, &cause);
	ike_tunnel_retry(e, found->tunnel, 0);
	ike_child_close(e, found, &cause);
}

void ike_child_use(struct ike_engine *e, struct ike_child *c)
{
	struct ike_action *a;

	ike_disarm(e, &c->use);
	set_waiting(c, false);
	if (c->out_kernel || c->state != IKE_CHILD_UP)
		return;
	a = ike_action_ask_late(e, IKE_ACT_SA_ADD, c->handle, out_added);
	if (!a)
		return;
	fill_params(e, c, false, &a->sa);
	a->sa.encr_key = c->encr_out;
	a->sa.integ_key = c->integ_out;
	vd_key_wipe(&c->encr_out);
	vd_key_wipe(&c->integ_out);
	c->out_kernel = true;
}

void ike_child_use_later(struct ike_engine *e, struct ike_child *c, vd_time delay)
{
	if (c->out_kernel)
		return;
	ike_arm(e, &c->use, e->now + delay);
	set_waiting(c, true);
}

void ike_child_use_waiting(struct ike_engine *e, struct ike_sa *sa)
{
	while (sa->waiting)
		ike_child_use(e, sa->waiting);
}

/* ---- up, replaced, over ---- */

/*
 * Two children for one tunnel on one IKE SA, neither made to replace the other: both ends began at
 * once. As 2.8.1 for rekeys: the lowest nonce goes, by the hand of its initiator.
 */
static void resolve_duplicates(struct ike_engine *e, struct ike_child *c)
{
	struct ike_child *o, *loser;

	DL_FOREACH2(c->tunnel->children, o, t_next) {
		if (o == c || o->sa != c->sa || o->state != IKE_CHILD_UP)
			continue;
		if (o->lineage == c->lineage || ike_timer_armed(&o->tie))
			continue;
		loser = ike_nonce_compare(&o->lineage_low, &c->lineage_low) < 0 ? o : c;
		if (loser->lineage_ours)
			ike_arm(e, &loser->tie, e->now + TIE_DELAY);
	}
}

void ike_child_succeeds(struct ike_child *c, uint64_t handle, const struct ike_child *old)
{
	c->replaces = handle;
	if (!old)
		return;
	c->lineage = old->lineage;
	c->lineage_low = old->lineage_low;
	c->lineage_ours = old->lineage_ours;
}

void ike_child_up(struct ike_engine *e, struct ike_child *c)
{
	const struct ike_tunnel_conf *t = c->tunnel->conf;

	if (!c->lineage) {
		c->lineage = c->handle;
		c->lineage_low = c->low;
		c->lineage_ours = c->initiator;
	}

	if (t->lifetime) {
		c->rekey_at = e->now + ike_soft_lifetime(e, t->lifetime);
		c->expires_at = e->now + t->lifetime;
		ike_arm(e, &c->rekey, c->rekey_at);
		ike_arm(e, &c->expire, c->expires_at);
	}
	ike_disarm(e, &c->tunnel->retry);
	c->tunnel->once = false;
	ike_child_set_state(e, c, IKE_CHILD_UP, NULL);
	if (c->tunnel->held)
		ike_child_close(e, c, NULL);
	else
		resolve_duplicates(e, c);
}

void ike_child_answered(struct ike_engine *e, struct ike_child *c)
{
	const struct ike_child *o;
	bool other = false;

	DL_FOREACH2(c->tunnel->children, o, t_next)
		if (o != c && o->state == IKE_CHILD_UP && o->out_kernel)
			other = true;
	ike_child_up(e, c);
	if (other)
		ike_child_use_later(e, c, USE_DELAY);
	else
		ike_child_use(e, c);
}

void ike_child_replaced(struct ike_engine *e, struct ike_child *c)
{
	if (c->state == IKE_CHILD_UP)
		ike_child_set_state(e, c, IKE_CHILD_REPLACED, NULL);
}

static bool has_successor(const struct ike_child *c)
{
	const struct ike_child *o;

	DL_FOREACH2(c->tunnel->children, o, t_next)
		if (o != c && o->state == IKE_CHILD_UP)
			return true;
	return false;
}

/* What carried the traffic is gone: what waited for its turn has it now. */
static void use_next(struct ike_engine *e, struct ike_tunnel *t)
{
	struct ike_child *c = ike_tunnel_child(t);
	const struct ike_child *o;

	DL_FOREACH2(t->children, o, t_next)
		if (o->state == IKE_CHILD_UP && o->out_kernel)
			return;
	if (c && c->waiting)
		ike_child_use(e, c);
}

void ike_child_end(struct ike_engine *e, struct ike_child *c, const struct ike_cause *cause)
{
	struct ike_tunnel *t = c->tunnel;
	bool linger = c->state != IKE_CHILD_NEW && c->state != IKE_CHILD_LINGER && c->in_kernel &&
		      has_successor(c);

	if (c->state == IKE_CHILD_DEAD)
		return;
	vd_key_wipe(&c->encr_out);
	vd_key_wipe(&c->integ_out);
	push_del(e, c, false);
	if (linger) {
		ike_child_set_state(e, c, IKE_CHILD_LINGER, cause);
		use_next(e, t);
		return;
	}
	push_del(e, c, true);
	ike_child_set_state(e, c, IKE_CHILD_DEAD, cause);
	use_next(e, t);
	ike_tunnel_drive(e, t);
}

void ike_child_close(struct ike_engine *e, struct ike_child *c, const struct ike_cause *cause)
{
	if (c->state == IKE_CHILD_DELETING || c->state == IKE_CHILD_DEAD ||
	    c->state == IKE_CHILD_LINGER)
		return;
	/* The IKE SA's own Delete, or its end, takes the children along. */
	if (!c->sa || (c->sa->state != IKE_SA_ESTABLISHED && c->sa->state != IKE_SA_REPLACED)) {
		ike_child_end(e, c, cause);
		return;
	}
	ike_child_set_state(e, c, IKE_CHILD_DELETING, cause);
	if (!ike_task_add(e, c->sa, IKE_XCHG_DELETE_CHILD, NULL, c->handle))
		ike_child_end(e, c, cause);
}

void ike_child_rekey(struct ike_engine *e, struct ike_child *c)
{
	if (c->state != IKE_CHILD_UP || c->rekeying || !c->sa)
		return;
	if (c->sa->state != IKE_SA_ESTABLISHED)
		return;
	c->rekeying = true;
	if (!ike_task_add(e, c->sa, IKE_XCHG_REKEY_CHILD, c->tunnel, c->handle))
		c->rekeying = false;
}
