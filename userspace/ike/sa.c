// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The IKE SA: made, found, changed, ended. Timers are in sa_timers.c, ties between two SAs in
 * tie.c. Owner: the engine. RFC 7296, 1.1 and 2.
 */
#include "ike/sa.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ike/child.h"
#include "ike/failure.h"
#include "ike/gateway.h"
#include "ike/sa_timers.h"
#include "ike/xchg.h"

/* ---- half-open accounting ---- */

static struct ike_source *source_find(struct ike_engine *e, const struct vd_addr *addr)
{
	struct ike_source *s;

	HASH_FIND(hh, e->sources, addr, sizeof(*addr), s);
	return s;
}

uint32_t ike_half_open_from(struct ike_engine *e, const struct vd_addr *addr)
{
	const struct ike_source *s = source_find(e, addr);

	return s ? s->n : 0;
}

static void half_open_drop(struct ike_engine *e, struct ike_sa *sa)
{
	struct ike_source *s;

	if (!sa->half_open)
		return;
	sa->half_open = false;
	e->half_open--;
	s = source_find(e, &sa->init_key.addr);
	if (s && !--s->n) {
		HASH_DELETE(hh, e->sources, s);
		free(s);
	}
}

static void init_key_set(struct ike_init_key *k, uint64_t spi_i, const struct vd_endpoint *from)
{
	memset(k, 0, sizeof(*k));
	k->spi_i = spi_i;
	k->addr = from->addr;
	k->port = from->port;
}

int ike_sa_count_half_open(struct ike_engine *e, struct ike_sa *sa, uint64_t spi_i)
{
	struct ike_source *s = source_find(e, &sa->path.remote.addr);

	init_key_set(&sa->init_key, spi_i, &sa->path.remote);
	HASH_ADD(hh_init, e->inits, init_key, sizeof(sa->init_key), sa);
	if (!sa->hh_init.tbl)
		return -ENOMEM;
	sa->in_inits = true;
	if (!s) {
		s = calloc(1, sizeof(*s));
		if (!s)
			return -ENOMEM;
		s->addr = sa->path.remote.addr;
		HASH_ADD(hh, e->sources, addr, sizeof(s->addr), s);
		if (!s->hh.tbl) {
			free(s);
			return -ENOMEM;
		}
	}
	s->n++;
	e->half_open++;
	sa->half_open = true;
	return 0;
}

/* ---- made and found ---- */

static bool choose_spi(struct ike_engine *e, struct ike_sa *sa)
{
	for (int tries = 0; tries < 8; tries++) {
		if (e->ops->random(e->ops->ctx, &sa->spi, sizeof(sa->spi)))
			return false;
		if (sa->spi && !ike_sa_by_spi(e, sa->spi))
			return true;
	}
	return false;
}

struct ike_sa *ike_sa_new(struct ike_engine *e, struct ike_gateway *g, bool initiator,
			  const struct ike_path *path)
{
	struct ike_sa *sa = calloc(1, sizeof(*sa));

	if (!sa)
		return NULL;
	if (!choose_spi(e, sa) || ike_timers_reserve(&e->timers, IKE_SA_TIMERS)) {
		free(sa);
		return NULL;
	}
	HASH_ADD(hh_spi, e->sas, spi, sizeof(sa->spi), sa);
	if (!sa->hh_spi.tbl) {
		ike_timers_release(&e->timers, IKE_SA_TIMERS);
		free(sa);
		return NULL;
	}
	sa->handle = sa->born = sa->lineage = ike_new_handle(e);
	sa->lineage_ours = initiator;
	sa->state = IKE_SA_INIT;
	sa->initiator = initiator;
	if (initiator)
		sa->spi_i = sa->spi;
	else
		sa->spi_r = sa->spi;
	sa->path = *path;
	sa->since = e->now;
	sa->last_heard = e->now;
	sa->rekey_at = sa->expires_at = VD_NEVER;
	ike_sa_timers_init(sa);
	ike_sa_move(e, sa, g);
	return sa;
}

void ike_sa_move(struct ike_engine *e, struct ike_sa *sa, struct ike_gateway *g)
{
	if (sa->gateway == g)
		return;
	if (sa->gateway)
		DL_DELETE(sa->gateway->sas, sa);
	sa->gateway = g;
	if (!g)
		return;
	memcpy(sa->name, g->name, sizeof(sa->name));
	DL_APPEND(g->sas, sa);
}

struct ike_sa *ike_sa_by_spi(struct ike_engine *e, uint64_t spi)
{
	struct ike_sa *sa;

	HASH_FIND(hh_spi, e->sas, &spi, sizeof(spi), sa);
	return sa;
}

struct ike_sa *ike_sa_by_init(struct ike_engine *e, uint64_t spi_i, const struct vd_endpoint *from)
{
	struct ike_init_key k;
	struct ike_sa *sa;

	init_key_set(&k, spi_i, from);
	HASH_FIND(hh_init, e->inits, &k, sizeof(k), sa);
	return sa;
}

/* ---- state ---- */

static struct ike_xchg *maker_of(const struct ike_sa *o, const struct ike_sa *sa)
{
	if (o->out && o->out->new_sa == sa)
		return o->out;
	return o->in && o->in->new_sa == sa ? o->in : NULL;
}

/* The exchange that makes @sa by a rekey, if it is not over. */
static struct ike_xchg *made_by(const struct ike_sa *sa)
{
	struct ike_xchg *x = NULL;
	const struct ike_sa *o;

	if (!sa->gateway || !sa->rekeyed_from)
		return NULL;
	DL_FOREACH(sa->gateway->sas, o) {
		x = maker_of(o, sa);
		if (x)
			break;
	}
	return x;
}

static void leave_tables(struct ike_engine *e, struct ike_sa *sa)
{
	struct ike_xchg *x = made_by(sa);

	if (x)
		x->new_sa = NULL;
	HASH_DELETE(hh_spi, e->sas, sa);
	if (sa->in_inits)
		HASH_DELETE(hh_init, e->inits, sa);
	sa->in_inits = false;
	if (sa->gateway)
		DL_DELETE(sa->gateway->sas, sa);
	sa->next_dead = e->dead_sas;
	e->dead_sas = sa;
}

void ike_sa_set_state(struct ike_engine *e, struct ike_sa *sa, enum ike_sa_state state,
		      const struct ike_cause *cause)
{
	if (sa->state == state || sa->state == IKE_SA_DEAD)
		return;
	sa->state = state;
	sa->since = e->now;
	if (state != IKE_SA_AUTH)
		half_open_drop(e, sa);
	switch (state) {
	case IKE_SA_INIT:
	case IKE_SA_AUTH:
		break;
	case IKE_SA_ESTABLISHED:
		sa->established = ike_new_handle(e);
		if (sa->lineage == sa->handle)
			sa->lineage_low = *ike_nonce_low(&sa->ni, &sa->nr);
		ike_sa_timers_start(e, sa);
		break;
	case IKE_SA_REPLACED:
	case IKE_SA_DELETING:
		ike_sa_timers_quiet(e, sa);
		break;
	case IKE_SA_CLOSED:
		ike_sa_timers_quiet(e, sa);
		ike_arm(e, &sa->expire, e->now + e->limits.half_open_timeout);
		break;
	case IKE_SA_DEAD:
		ike_sa_timers_quiet(e, sa);
		ike_disarm(e, &sa->expire);
		ike_disarm(e, &sa->retransmit);
		leave_tables(e, sa);
		break;
	}
	if (sa->gateway)
		ike_gateway_update(e, sa->gateway, cause);
}

/* ---- ended ---- */

static void drop_children(struct ike_engine *e, struct ike_sa *sa, const struct ike_cause *cause)
{
	struct ike_child *c, *tmp;

	DL_FOREACH_SAFE(sa->children, c, tmp)
		ike_child_end(e, c, cause);
}

void ike_sa_end(struct ike_engine *e, struct ike_sa *sa, const struct ike_cause *cause)
{
	struct ike_gateway *g = sa->gateway;

	if (sa->state == IKE_SA_DEAD)
		return;
	if (!cause)
		cause = sa->why;
	ike_sa_set_state(e, sa, IKE_SA_DEAD, cause);
	ike_tasks_drop(e, sa);
	if (sa->out)
		ike_xchg_end(e, sa->out);
	if (sa->in)
		ike_xchg_end(e, sa->in);
	drop_children(e, sa, cause);
	if (g)
		ike_gateway_drive(e, g, 0);
}

void ike_sa_close(struct ike_engine *e, struct ike_sa *sa, const struct ike_cause *cause)
{
	switch (sa->state) {
	case IKE_SA_DELETING:
	case IKE_SA_DEAD:
		return;
	case IKE_SA_INIT:
		/* A rekey's: its exchange sees that the old SA is closed; or it is over, and the peer has it, too. */
		if (made_by(sa))
			return;
		if (sa->keyed && sa->rekeyed_from)
			break;
		ike_sa_end(e, sa, cause);
		return;
	case IKE_SA_AUTH:
	case IKE_SA_CLOSED:
		ike_sa_end(e, sa, cause);
		return;
	case IKE_SA_ESTABLISHED:
	case IKE_SA_REPLACED:
		break;
	}
	if (cause && !sa->why) {
		sa->why = malloc(sizeof(*sa->why));
		if (sa->why)
			*sa->why = *cause;
	}
	ike_tasks_drop(e, sa);
	ike_sa_set_state(e, sa, IKE_SA_DELETING, cause);
	drop_children(e, sa, cause);
	if (!ike_task_add(e, sa, IKE_XCHG_DELETE_IKE, NULL, 0))
		ike_sa_end(e, sa, cause);
}

void ike_sa_free(struct ike_engine *e, struct ike_sa *sa)
{
	ike_timers_release(&e->timers, IKE_SA_TIMERS);
	ike_sa_keys_wipe(&sa->keys);
	vd_secret_free(&sa->init_request);
	vd_secret_free(&sa->init_response);
	vd_secret_free(&sa->request);
	vd_secret_free(&sa->response);
	free(sa->why);
	free(sa);
}

/* ---- where the peer is ---- */

void ike_sa_set_path(struct ike_engine *e, struct ike_sa *sa, const struct ike_path *path)
{
	struct ike_child *c;
	struct ike_action *a;

	sa->path = *path;
	DL_FOREACH(sa->children, c) {
		if (!c->encap || vd_endpoint_equal(&c->path.remote, &path->remote))
			continue;
		c->path = *path;
		for (int inbound = 0; inbound < 2; inbound++) {
			if (!(inbound ? c->in_kernel : c->out_kernel) || c->state == IKE_CHILD_NEW)
				continue;
			a = ike_action_push(e, IKE_ACT_SA_UPDATE);
			if (!a)
				return;
			a->sa.id = ike_child_sa_id(c, inbound);
			a->sa.suite = c->suite;
			a->sa.local = path->local;
			a->sa.remote = path->remote;
			a->sa.encap = c->encap;
		}
	}
}

void ike_sa_follow(struct ike_engine *e, struct ike_sa *sa, const struct ike_path *path)
{
	if (path->natt == sa->path.natt && vd_endpoint_equal(&path->remote, &sa->path.remote) &&
	    vd_endpoint_equal(&path->local, &sa->path.local))
		return;
	/*
	 * 2.23: the end behind the NAT must not follow, the other one follows what is authentic. Before
	 * the children exist the initiator floats to port 4500, and we follow it there.
	 */
	if (sa->state != IKE_SA_AUTH && (!sa->nat_remote || sa->nat_local))
		return;
	ike_sa_set_path(e, sa, path);
}
