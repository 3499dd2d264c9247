// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rekeying the IKE SA (RFC 7296, 1.3.2, 2.8, 2.8.2, 2.18, 2.25.2). The new SA takes over the
 * children; who made it deletes the old one. Collisions as in rekey_child.c.
 *
 * A new SA that may still lose against a rival stays in IKE_SA_INIT: it has keys and answers a
 * Delete, no more.
 */
#include "ike/sa_timers.h"
#include "ike/v2/v2.h"

#include <errno.h>
#include <stdlib.h>

#define KE_TRIES	3
#define AGAIN_MIN	1000
#define AGAIN_SPREAD	3000
/* A new SA the peer has to delete, or that waits for a decision, goes by itself then. */
#define UNDECIDED_TIME	(60 * VD_SECOND)

static uint64_t spi_of(const struct ike_proposal *p)
{
	struct vd_reader r = vd_reader_init(p->spi, p->spi_len);

	return p->spi_len == 8 ? vd_read_u64(&r) : 0;
}

static int keep_offer(struct ike_xchg *x, const struct ike_proposal_list *list)
{
	if (!x->offer)
		x->offer = calloc(1, sizeof(*x->offer));
	if (!x->offer)
		return -ENOMEM;
	*x->offer = *list;
	for (uint8_t i = 0; i < x->offer->n; i++) {
		struct vd_writer w = vd_writer_init(x->offer->p[i].spi, 8);

		vd_put_u64(&w, x->new_sa->spi);
		x->offer->p[i].spi_len = 8;
		if (x->initiator)
			x->offer->p[i].number = i + 1;
	}
	return 0;
}

/* The successor to be: same peer, same way, fresh SPIs, message ids from 0. */
static struct ike_sa *new_sa(struct ike_engine *e, struct ike_xchg *x)
{
	struct ike_sa *old = x->sa;
	struct ike_sa *sa = ike_sa_new(e, old->gateway, x->initiator, &old->path);

	if (!sa)
		return NULL;
	sa->rekeyed_from = old->handle;
	sa->lineage = old->lineage;
	sa->lineage_low = old->lineage_low;
	sa->lineage_ours = old->lineage_ours;
	sa->natt = old->natt;
	sa->nat_local = old->nat_local;
	sa->nat_remote = old->nat_remote;
	sa->encap = old->encap;
	sa->remote_id = old->remote_id;
	return sa;
}

static int make_keys(struct ike_engine *e, struct ike_xchg *x)
{
	struct ike_sa *old = x->sa, *sa = x->new_sa;
	vd_auto_key skeyseed = { 0 };
	int err;

	sa->ni = x->ni;
	sa->nr = x->nr;
	sa->suite = x->suite;
	err = ike_keymat_skeyseed_rekey(e->ops, old->suite.prf, &old->keys.d, &x->ni, &x->nr,
					&x->shared, &skeyseed);
	if (!err)
		err = ike_keymat_sa(e->ops, &sa->suite, &skeyseed, &sa->ni, &sa->nr, sa->spi_i,
				    sa->spi_r, &sa->keys);
	sa->keyed = !err;
	return err;
}

/* ---- initiator ---- */

static void fail(struct ike_engine *e, struct ike_xchg *x, const struct ike_cause *c)
{
	struct ike_sa *sa = x->sa;

	if (sa->gateway) {
		ike_fail(e, sa->gateway, NULL, c);
		ike_sa_rekey_again(e, sa, sa->gateway->conf->retry + VD_SECOND);
	}
	ike_xchg_end(e, x);
}

static void fail_code(struct ike_engine *e, struct ike_xchg *x, enum ike_cause_code code)
{
	struct ike_cause c;

	ike_cause_of(e, &c, code, x);
	fail(e, x, &c);
}

static void send_request(struct ike_engine *e, struct ike_xchg *x)
{
	uint8_t buf[IKE_V2_CHAIN_MAX];
	struct ike_builder b = ike_builder_init(buf, sizeof(buf));

	if (x->sa->state != IKE_SA_ESTABLISHED || !x->new_sa || x->overtaken) {
		ike_sa_rekey_again(e, x->sa, AGAIN_MIN + AGAIN_SPREAD);	/* in case the peer's fails */
		ike_xchg_end(e, x);
		return;
	}
	ike_wire_sa_emit(&b, x->offer);
	ike_wire_nonce_emit(&b, &x->ni);
	ike_wire_ke_emit(&b, x->group, x->dh_public.data, x->dh_public.len);
	x->message_id = x->sa->next_request;
	if (!ike_v2_request(e, x, IKE_EXCHANGE_CREATE_CHILD_SA, &b))
		fail_code(e, x, IKE_CAUSE_CRYPTO);
}

static void on_generated_i(struct ike_engine *e, struct ike_xchg *x, const struct ike_result *r)
{
	if (ike_dh_generated(x, r))
		send_request(e, x);
	else
		fail_code(e, x, IKE_CAUSE_CRYPTO);
}

void ike_v2_rekey_ike_start(struct ike_engine *e, struct ike_xchg *x)
{
	struct ike_sa *sa = x->sa;
	const struct ike_proposal_list *ours;

	if (!sa->gateway || sa->state != IKE_SA_ESTABLISHED ||
	    (sa->in && sa->in->kind == IKE_XCHG_REKEY_IKE)) {
		ike_xchg_end(e, x);
		return;
	}
	ours = &sa->gateway->conf->proposals;
	x->group = ike_proposal_list_has_group(ours, sa->suite.dh) ?
		   sa->suite.dh : ike_proposal_first_group(ours);
	x->new_sa = new_sa(e, x);
	if (!x->new_sa || keep_offer(x, ours) || !ike_nonce_make(e, &x->ni) ||
	    ike_dh_generate(e, x, on_generated_i))
		fail_code(e, x, IKE_CAUSE_NO_MEMORY);
}

/* Of two new SAs ours goes: it takes a Delete of its own. */
static void gave_way(struct ike_engine *e, struct ike_xchg *x, struct ike_sa *rival)
{
	struct ike_sa *mine = x->new_sa;

	x->new_sa = NULL;
	ike_sa_set_state(e, mine, IKE_SA_REPLACED, NULL);
	ike_sa_close(e, mine, NULL);
	if (rival && rival->state == IKE_SA_INIT)
		ike_sa_replace(e, x->sa, rival);
}

static void survived(struct ike_engine *e, struct ike_xchg *x, struct ike_sa *rival)
{
	struct ike_sa *old = x->sa, *mine = x->new_sa;

	x->new_sa = NULL;
	if (rival)
		ike_arm(e, &rival->expire, e->now + UNDECIDED_TIME);
	else if (old->in && old->in->kind == IKE_XCHG_REKEY_IKE)
		old->in->collided = true;
	ike_sa_replace(e, old, mine);
}

static void done(struct ike_engine *e, struct ike_xchg *x)
{
	struct ike_sa *old = x->sa, *mine = x->new_sa;
	struct ike_sa *rival = x->rival ? ike_sa_by_spi(e, x->rival) : NULL;
	bool keep = !x->collided ||
		    (old->state == IKE_SA_ESTABLISHED &&
		     ike_nonce_compare(ike_nonce_low(&x->ni, &x->nr), &x->rival_low) >= 0);

	if (old->state == IKE_SA_DELETING) {
		/* Taken down meanwhile: the peer has the new SA and must hear of its end, too. */
		x->new_sa = NULL;
		ike_sa_set_state(e, mine, IKE_SA_REPLACED, NULL);
		ike_sa_close(e, mine, NULL);
	} else if (keep) {
		survived(e, x, rival);
		ike_xchg_end(e, x);
		ike_sa_close(e, old, NULL);
		return;
	} else {
		gave_way(e, x, rival);
	}
	ike_xchg_end(e, x);
}

static void on_derived_i(struct ike_engine *e, struct ike_xchg *x, const struct ike_result *r)
{
	struct ike_cause c;
	int err = r->error;

	if (!x->new_sa) {
		ike_xchg_end(e, x);
		return;
	}
	if (ike_dh_derived(x, r)) {
		err = make_keys(e, x);
		if (!err) {
			done(e, x);
			return;
		}
	}
	ike_dh_cause(e, &c, x, err);
	fail(e, x, &c);
}

static void take_answer(struct ike_engine *e, struct ike_xchg *x, const struct ike_chain *c)
{
	struct ike_select_rules rules = { .ke_group = x->group, .answer = true };
	struct ike_proposal_list theirs;
	struct ike_proposal_diff diff = { .field = IKE_FIELD_NONE };
	struct ike_selection sel;
	struct ike_cause cause;
	struct ike_ke ke;

	if (!ike_v2_allowed(IKE_V2_REKEY_IKE_RESPONSE, c) ||
	    ike_wire_sa_parse(&theirs, ike_chain_find(c, IKE_PAYLOAD_SA)) != IKE_WIRE_OK ||
	    ike_wire_ke_parse(&ke, ike_chain_find(c, IKE_PAYLOAD_KE)) != IKE_WIRE_OK ||
	    ike_wire_nonce_parse(&x->nr, ike_chain_find(c, IKE_PAYLOAD_NONCE)) != IKE_WIRE_OK) {
		fail_code(e, x, IKE_CAUSE_SYNTAX);
		return;
	}
	if (theirs.n != 1 || !ike_proposal_select(x->offer, &theirs, &rules, &sel, &diff) ||
	    !spi_of(&sel.chosen) || sel.suite.dh != x->group || ke.group != x->group) {
		ike_cause_diff(e, &cause, x, false, x->offer, &theirs, &diff);
		fail(e, x, &cause);
		return;
	}
	x->suite = sel.suite;
	x->new_sa->spi_r = spi_of(&sel.chosen);
	if (vd_secret_set(&x->peer_public, ke.data, ke.len) || ike_dh_derive(e, x, on_derived_i))
		fail_code(e, x, IKE_CAUSE_NO_MEMORY);
}

static void refused(struct ike_engine *e, struct ike_xchg *x, const struct ike_notify *n)
{
	enum ike_dh group = (enum ike_dh)ike_notify_u16(n);
	struct ike_sa *sa = x->sa, *rival = x->rival ? ike_sa_by_spi(e, x->rival) : NULL;
	struct ike_cause cause;

	if (n->type == IKE_NOTIFY_INVALID_KE_PAYLOAD && group != x->group &&
	    ike_proposal_list_has_group(x->offer, group) && ++x->tries_ke <= KE_TRIES) {
		x->group = group;
		x->answered = x->sent = false;
		if (ike_dh_generate(e, x, on_generated_i))
			fail_code(e, x, IKE_CAUSE_NO_MEMORY);
		return;
	}
	if (n->type == IKE_NOTIFY_TEMPORARY_FAILURE) {
		if (rival && sa->state == IKE_SA_ESTABLISHED)
			ike_sa_replace(e, sa, rival);
		else
			ike_sa_rekey_again(e, sa, AGAIN_MIN + ike_random_below(e, AGAIN_SPREAD));
		ike_xchg_end(e, x);
		return;
	}
	ike_cause_notify(e, &cause, x, n, x->offer);
	fail(e, x, &cause);
}

void ike_v2_rekey_ike_response(struct ike_engine *e, struct ike_xchg *x, const struct ike_chain *c)
{
	struct ike_notify n;

	if (!x->new_sa)
		ike_xchg_end(e, x);
	else if (ike_chain_find(c, IKE_PAYLOAD_SA))
		take_answer(e, x, c);
	else if (ike_chain_notify_error(c, &n))
		refused(e, x, &n);
	else
		fail_code(e, x, IKE_CAUSE_SYNTAX);
}

/* ---- responder ---- */

static void refuse(struct ike_engine *e, struct ike_xchg *x, enum ike_notify_type notify)
{
	ike_v2_refuse(e, x, IKE_EXCHANGE_CREATE_CHILD_SA, notify, NULL, 0);
}

static struct ike_xchg *rival_of(const struct ike_xchg *x)
{
	struct ike_xchg *out = x->sa->out;

	return out && out->kind == IKE_XCHG_REKEY_IKE ? out : NULL;
}

static void answered(struct ike_engine *e, struct ike_xchg *x)
{
	struct ike_sa *sa = x->new_sa;
	struct ike_xchg *ours = rival_of(x);

	x->new_sa = NULL;
	ike_arm(e, &sa->expire, e->now + UNDECIDED_TIME);
	if (ours && ours->collided)
		ours->rival = sa->spi;		/* our answer decides */
	else if (!x->collided && x->sa->state == IKE_SA_ESTABLISHED)
		ike_sa_replace(e, x->sa, sa);
}

static void on_derived_r(struct ike_engine *e, struct ike_xchg *x, const struct ike_result *r)
{
	uint8_t buf[4096];
	struct ike_builder b = ike_builder_init(buf, sizeof(buf));

	if (!ike_dh_derived(x, r) || (x->new_sa && make_keys(e, x))) {
		refuse(e, x, IKE_NOTIFY_INVALID_SYNTAX);
		return;
	}
	if (!x->new_sa || (x->sa->state != IKE_SA_ESTABLISHED && x->sa->state != IKE_SA_REPLACED)) {
		refuse(e, x, IKE_NOTIFY_TEMPORARY_FAILURE);
		return;
	}
	ike_wire_sa_emit(&b, x->offer);
	ike_wire_nonce_emit(&b, &x->nr);
	ike_wire_ke_emit(&b, x->group, x->dh_public.data, x->dh_public.len);
	ike_v2_response(e, x, IKE_EXCHANGE_CREATE_CHILD_SA, &b);
	answered(e, x);
	ike_xchg_end(e, x);
}

static void on_generated_r(struct ike_engine *e, struct ike_xchg *x, const struct ike_result *r)
{
	if (!ike_dh_generated(x, r) || ike_dh_derive(e, x, on_derived_r))
		refuse(e, x, IKE_NOTIFY_TEMPORARY_FAILURE);
}

/* 2.25.2: not while a child is being made, rekeyed or closed, nor when this SA is on its way out. */
static bool busy(const struct ike_sa *sa)
{
	if (sa->state != IKE_SA_ESTABLISHED || !sa->gateway)
		return true;
	if (!sa->out)
		return false;
	switch (sa->out->kind) {
	case IKE_XCHG_NEW_CHILD:
	case IKE_XCHG_REKEY_CHILD:
	case IKE_XCHG_DELETE_CHILD:
	case IKE_XCHG_DELETE_IKE:
	case IKE_XCHG_AUTH_FAILED:
	case IKE_XCHG_SA_INIT:
	case IKE_XCHG_AUTH:
		return true;
	case IKE_XCHG_REKEY_IKE:
	case IKE_XCHG_LIVENESS:
	case IKE_XCHG_INFORMATIONAL:
		break;
	}
	return false;
}

static void admit(struct ike_engine *e, struct ike_xchg *x,
		   const struct ike_proposal_list *theirs, const struct ike_ke *ke)
{
	const struct ike_proposal_list *ours = &x->sa->gateway->conf->proposals;
	struct ike_select_rules rules = { .ke_group = (enum ike_dh)ke->group };
	struct ike_proposal_list answer = { .n = 1 };
	struct ike_proposal_diff diff = { .field = IKE_FIELD_NONE };
	struct ike_xchg *rival = rival_of(x);
	struct ike_selection sel;
	struct ike_cause cause;
	uint8_t group[2];

	if (!ike_proposal_select(ours, theirs, &rules, &sel, &diff) || !spi_of(&sel.chosen)) {
		ike_cause_diff(e, &cause, x, false, ours, theirs, &diff);
		cause.notify = IKE_NOTIFY_NO_PROPOSAL_CHOSEN;
		ike_fail(e, x->sa->gateway, NULL, &cause);
		refuse(e, x, IKE_NOTIFY_NO_PROPOSAL_CHOSEN);
		return;
	}
	if (sel.suite.dh != ke->group) {
		group[0] = (uint8_t)(sel.suite.dh >> 8);
		group[1] = (uint8_t)sel.suite.dh;
		ike_v2_refuse(e, x, IKE_EXCHANGE_CREATE_CHILD_SA, IKE_NOTIFY_INVALID_KE_PAYLOAD,
			      group, sizeof(group));
		return;
	}
	x->suite = sel.suite;
	x->group = sel.suite.dh;
	x->new_sa = new_sa(e, x);
	answer.p[0] = sel.chosen;
	if (!x->new_sa || keep_offer(x, &answer) || !ike_nonce_make(e, &x->nr) ||
	    vd_secret_set(&x->peer_public, ke->data, ke->len) ||
	    ike_dh_generate(e, x, on_generated_r)) {
		refuse(e, x, IKE_NOTIFY_TEMPORARY_FAILURE);
		return;
	}
	x->new_sa->spi_i = spi_of(&sel.chosen);
	if (rival && !rival->sent) {
		rival->overtaken = true;
	} else if (rival) {
		rival->collided = true;
		rival->rival_low = *ike_nonce_low(&x->ni, &x->nr);
		rival->rival = 0;
	}
}

void ike_v2_rekey_ike_request(struct ike_engine *e, struct ike_xchg *x, const struct ike_chain *c)
{
	struct ike_proposal_list theirs;
	struct ike_ke ke;

	if (busy(x->sa)) {
		refuse(e, x, IKE_NOTIFY_TEMPORARY_FAILURE);
		return;
	}
	if (!ike_v2_allowed(IKE_V2_REKEY_IKE_REQUEST, c) ||
	    ike_wire_sa_parse(&theirs, ike_chain_find(c, IKE_PAYLOAD_SA)) != IKE_WIRE_OK ||
	    ike_wire_ke_parse(&ke, ike_chain_find(c, IKE_PAYLOAD_KE)) != IKE_WIRE_OK ||
	    ike_wire_nonce_parse(&x->ni, ike_chain_find(c, IKE_PAYLOAD_NONCE)) != IKE_WIRE_OK) {
		refuse(e, x, IKE_NOTIFY_INVALID_SYNTAX);
		return;
	}
	admit(e, x, &theirs, &ke);
}

void ike_v2_rekey_ike_decided(struct ike_engine *e, struct ike_sa *sa)
{
	struct ike_sa *old, *tmp;

	if (sa->state != IKE_SA_INIT || !sa->gateway || !sa->rekeyed_from)
		return;
	DL_FOREACH_SAFE(sa->gateway->sas, old, tmp) {
		if (old->handle != sa->rekeyed_from || old->state != IKE_SA_ESTABLISHED)
			continue;
		ike_sa_replace(e, old, sa);
		return;
	}
}

void ike_v2_rekey_ike_overtaken(struct ike_engine *e, struct ike_sa *sa)
{
	struct ike_xchg *ours = sa->out;
	struct ike_sa *rival;

	if (!ours || ours->kind != IKE_XCHG_REKEY_IKE || !ours->collided || !ours->rival)
		return;
	rival = ike_sa_by_spi(e, ours->rival);
	if (rival && rival->state == IKE_SA_INIT)
		ike_sa_replace(e, sa, rival);
}
