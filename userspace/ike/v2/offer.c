// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The terms of a child SA: proposals (RFC 7296, 2.7, 3.3) and traffic selectors with narrowing
 * (2.9), for IKE_AUTH and CREATE_CHILD_SA alike.
 */
#include "ike/v2/v2.h"

#include <errno.h>
#include <stdlib.h>

static void set_spi(struct ike_proposal_list *list, uint32_t spi)
{
	for (uint8_t i = 0; i < list->n; i++) {
		struct vd_writer w = vd_writer_init(list->p[i].spi, 4);

		vd_put_u32(&w, spi);
		list->p[i].spi_len = 4;
		list->p[i].number = i + 1;
	}
}

static uint32_t spi_of(const struct ike_proposal *p)
{
	struct vd_reader r = vd_reader_init(p->spi, p->spi_len);

	return p->spi_len == 4 ? vd_read_u32(&r) : 0;
}

int ike_offer_make(struct ike_xchg *x, bool in_auth)
{
	const struct ike_tunnel_conf *t = x->tunnel->conf;

	if (!x->offer)
		x->offer = calloc(1, sizeof(*x->offer));
	if (!x->offer)
		return -ENOMEM;
	if (in_auth)
		ike_proposal_strip_dh(x->offer, &t->proposals);
	else
		*x->offer = t->proposals;
	set_spi(x->offer, x->child->spi_in);
	x->tsi = t->local_ts;
	x->tsr = t->remote_ts;
	return 0;
}

void ike_offer_emit_sa(struct ike_builder *b, const struct ike_xchg *x)
{
	ike_wire_sa_emit(b, x->offer);
}

void ike_offer_emit_ts(struct ike_builder *b, const struct ike_xchg *x)
{
	ike_wire_ts_emit(b, IKE_PAYLOAD_TSI, &x->tsi);
	ike_wire_ts_emit(b, IKE_PAYLOAD_TSR, &x->tsr);
}

/* ---- responder ---- */

struct fit {
	struct ike_tunnel	*tunnel;
	struct ike_ts_list	tsi, tsr;
	int			score;
};

#define BEST 7

/* How well the peer's selectors fit @t: 0 not at all; a free tunnel before one with a child; equal before narrowed. */
static void try_fit(struct ike_tunnel *t, const struct ike_sa *sa, const struct ike_ts_list *tsi,
		    const struct ike_ts_list *tsr, struct fit *best)
{
	struct fit f = { .tunnel = t };

	if (!ike_ts_narrow(&t->conf->remote_ts, tsi, &f.tsi) ||
	    !ike_ts_narrow(&t->conf->local_ts, tsr, &f.tsr))
		return;
	f.score = 1 + (ike_tunnel_child_on(t, sa) ? 0 : 2);
	if (ike_ts_list_equal(&f.tsi, &t->conf->remote_ts) &&
	    ike_ts_list_equal(&f.tsr, &t->conf->local_ts))
		f.score += ike_ts_list_equal(&f.tsi, tsi) && ike_ts_list_equal(&f.tsr, tsr) ? 4 : 1;
	if (f.score > best->score)
		*best = f;
}

static uint16_t choose_tunnel(struct ike_engine *e, struct ike_xchg *x, struct ike_tunnel *only,
			      const struct ike_ts_list *tsi, const struct ike_ts_list *tsr,
			      struct ike_cause *cause)
{
	struct ike_gateway *g = x->sa->gateway;
	struct fit best = { .score = 0 };
	struct ike_tunnel *t, *first = only ? only : g->tunnels;

	if (only) {
		try_fit(only, x->sa, tsi, tsr, &best);
	} else {
		/* The mirror of ours, and free: nothing fits better. */
		for (t = ike_tunnels_like(e, g, tsr, tsi); t && best.score < BEST; t = t->s_next)
			try_fit(t, x->sa, tsi, tsr, &best);
		for (t = g->tunnels; t && best.score < BEST; t = t->next)
			try_fit(t, x->sa, tsi, tsr, &best);
	}
	if (!best.score) {
		ike_cause_init(e, cause, IKE_CAUSE_P2_TS, g, first, &x->sa->path.remote);
		cause->field = IKE_FIELD_TS;
		cause->certainty = IKE_CERTAIN;
		cause->notify = IKE_NOTIFY_TS_UNACCEPTABLE;
		ike_cause_theirs_ts(cause, tsi, tsr);
		if (first) {
			ike_cause_ours_ts(cause, &first->conf->local_ts, &first->conf->remote_ts);
			ike_cause_at(cause, &first->conf->pos_local_ts);
		}
		return IKE_NOTIFY_TS_UNACCEPTABLE;
	}
	if (best.tunnel->held) {
		ike_cause_init(e, cause, IKE_CAUSE_ADMIN_DOWN, g, best.tunnel, &x->sa->path.remote);
		cause->notify = IKE_NOTIFY_NO_ADDITIONAL_SAS;
		return IKE_NOTIFY_NO_ADDITIONAL_SAS;
	}
	ike_xchg_set_tunnel(x, best.tunnel);
	x->tsi = best.tsi;
	x->tsr = best.tsr;
	return 0;
}

static bool keep_answer(struct ike_xchg *x, const struct ike_selection *sel)
{
	if (!x->offer)
		x->offer = calloc(1, sizeof(*x->offer));
	if (!x->offer)
		return false;
	x->offer->n = 1;
	x->offer->p[0] = sel->chosen;
	x->suite = sel->suite;
	return true;
}

uint16_t ike_offer_choose(struct ike_engine *e, struct ike_xchg *x, const struct ike_chain *c,
			  struct ike_tunnel *only, bool in_auth, uint32_t *spi,
			  struct ike_cause *cause)
{
	struct ike_select_rules rules = { .ignore_dh = in_auth, .ke_group = x->group };
	struct ike_ts_list tsi, tsr;
	struct ike_proposal_list theirs;
	struct ike_selection sel;
	struct ike_proposal_diff diff;
	uint16_t error;

	if (ike_wire_sa_parse(&theirs, ike_chain_find(c, IKE_PAYLOAD_SA)) != IKE_WIRE_OK ||
	    ike_wire_ts_parse(&tsi, ike_chain_find(c, IKE_PAYLOAD_TSI)) != IKE_WIRE_OK ||
	    ike_wire_ts_parse(&tsr, ike_chain_find(c, IKE_PAYLOAD_TSR)) != IKE_WIRE_OK) {
		ike_cause_of(e, cause, IKE_CAUSE_SYNTAX, x);
		cause->notify = IKE_NOTIFY_INVALID_SYNTAX;
		return IKE_NOTIFY_INVALID_SYNTAX;
	}
	error = choose_tunnel(e, x, only, &tsi, &tsr, cause);
	if (error)
		return error;
	if (!ike_proposal_select(&x->tunnel->conf->proposals, &theirs, &rules, &sel, &diff) ||
	    spi_of(&sel.chosen) < 256) {
		if (ike_proposal_select(&x->tunnel->conf->proposals, &theirs, &rules, NULL, &diff))
			diff = (struct ike_proposal_diff){ .field = IKE_FIELD_COMBINATION };
		ike_cause_diff(e, cause, x, true, &x->tunnel->conf->proposals, &theirs, &diff);
		cause->notify = IKE_NOTIFY_NO_PROPOSAL_CHOSEN;
		return IKE_NOTIFY_NO_PROPOSAL_CHOSEN;
	}
	*spi = spi_of(&sel.chosen);
	if (!keep_answer(x, &sel)) {
		ike_cause_of(e, cause, IKE_CAUSE_NO_MEMORY, x);
		return IKE_NOTIFY_TEMPORARY_FAILURE;
	}
	return 0;
}

/* ---- initiator ---- */

static bool check_ts(struct ike_engine *e, struct ike_xchg *x, const struct ike_ts_list *tsi,
		     const struct ike_ts_list *tsr, struct ike_cause *cause)
{
	const struct ike_tunnel_conf *t = x->tunnel->conf;

	if (tsi->n && tsr->n && ike_ts_list_contains(&t->local_ts, tsi) &&
	    ike_ts_list_contains(&t->remote_ts, tsr)) {
		x->child->local_ts = *tsi;
		x->child->remote_ts = *tsr;
		return true;
	}
	ike_cause_of(e, cause, IKE_CAUSE_P2_TS_WIDENED, x);
	cause->field = IKE_FIELD_TS;
	ike_cause_ours_ts(cause, &t->local_ts, &t->remote_ts);
	ike_cause_theirs_ts(cause, tsr, tsi);
	ike_cause_at(cause, &t->pos_local_ts);
	return false;
}

bool ike_offer_check(struct ike_engine *e, struct ike_xchg *x, const struct ike_chain *c,
		     bool in_auth, struct ike_cause *cause)
{
	struct ike_select_rules rules = { .ignore_dh = in_auth, .ke_group = x->group,
					  .answer = true };
	struct ike_ts_list tsi, tsr;
	struct ike_proposal_list theirs;
	struct ike_selection sel;
	struct ike_proposal_diff diff = { .field = IKE_FIELD_NONE };

	if (ike_wire_sa_parse(&theirs, ike_chain_find(c, IKE_PAYLOAD_SA)) != IKE_WIRE_OK ||
	    ike_wire_ts_parse(&tsi, ike_chain_find(c, IKE_PAYLOAD_TSI)) != IKE_WIRE_OK ||
	    ike_wire_ts_parse(&tsr, ike_chain_find(c, IKE_PAYLOAD_TSR)) != IKE_WIRE_OK) {
		ike_cause_of(e, cause, IKE_CAUSE_SYNTAX, x);
		return false;
	}
	if (theirs.n != 1 || !ike_proposal_select(x->offer, &theirs, &rules, &sel, &diff) ||
	    spi_of(&sel.chosen) < 256) {
		ike_cause_diff(e, cause, x, true, x->offer, &theirs, &diff);
		return false;
	}
	if (!check_ts(e, x, &tsi, &tsr, cause))
		return false;
	x->suite = sel.suite;
	if (ike_child_set_spi_out(e, x->child, spi_of(&sel.chosen))) {
		ike_cause_of(e, cause, IKE_CAUSE_NO_MEMORY, x);
		return false;
	}
	return true;
}
