// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * IKE_AUTH as responder (RFC 7296, 1.2, 2.15, 2.21.2, 2.4):
 *
 *	request -> gateway by IDs -> the peer's AUTH -> our AUTH -> child: terms, SPI, keys, kernel
 *	        -> response -> IKE SA and child are up
 */
#include "ike/v2/v2.h"

#include <errno.h>

/* The initiator of the IKE SA begins with its children; ours wait so long. */
#define RESPONDER_DELAY (2 * VD_SECOND)

static void refuse(struct ike_engine *e, struct ike_xchg *x, uint16_t notify,
		   const struct ike_cause *c)
{
	struct ike_sa *sa = x->sa;

	ike_fail(e, c->code == IKE_CAUSE_AUTH_NO_GATEWAY ? NULL : sa->gateway, NULL, c);
	ike_v2_refuse(e, x, IKE_EXCHANGE_AUTH, (enum ike_notify_type)notify, NULL, 0);
	ike_sa_set_state(e, sa, IKE_SA_CLOSED, c);
}

/* ---- response ---- */

/*
 * The peer's IKE SA is up: an attempt of ours that has not come to IKE_AUTH would only make a
 * duplicate. The peer drops its half of it by time.
 */
static void cancel_ours(struct ike_engine *e, const struct ike_gateway *g)
{
	struct ike_sa *ours = ike_gateway_connecting(g);

	if (ours && ours->state == IKE_SA_INIT)
		ike_sa_end(e, ours, NULL);
}

static void respond(struct ike_engine *e, struct ike_xchg *x)
{
	uint8_t buf[IKE_V2_CHAIN_MAX];
	struct ike_builder b = ike_builder_init(buf, sizeof(buf));
	struct ike_sa *sa = x->sa;
	struct ike_child *child = x->child;

	ike_wire_id_emit(&b, IKE_PAYLOAD_IDR, &x->local_id);
	ike_wire_auth_emit(&b, IKE_AUTH_METHOD_SHARED_KEY, x->auth, x->auth_len);
	if (child && !x->child_error) {
		ike_offer_emit_sa(&b, x);
		ike_offer_emit_ts(&b, x);
	} else if (x->child_error) {
		ike_wire_notify_emit(&b, (enum ike_notify_type)x->child_error, NULL, 0);
	}
	ike_v2_response(e, x, IKE_EXCHANGE_AUTH, &b);
	sa->remote_id = x->remote_id;
	ike_sa_set_state(e, sa, IKE_SA_ESTABLISHED, NULL);
	if (x->initial_contact)
		ike_sa_initial_contact(e, sa);
	if (child && !x->child_error) {
		ike_child_answered(e, child);
	}
	ike_xchg_end(e, x);
	ike_sa_resolve_duplicates(e, sa);
	if (sa->gateway)
		cancel_ours(e, sa->gateway);
	if (sa->gateway)
		ike_gateway_drive(e, sa->gateway, RESPONDER_DELAY);
}

/* The IKE SA comes up without the child (2.21.2). */
static void without_child(struct ike_engine *e, struct ike_xchg *x, uint16_t notify,
			  const struct ike_cause *c)
{
	struct ike_child *child = x->child;

	ike_fail(e, x->sa->gateway, x->tunnel, c);
	x->child_error = notify;
	x->child = NULL;
	if (child)
		ike_child_end(e, child, c);
	respond(e, x);
}

static void on_installed(struct ike_engine *e, struct ike_xchg *x, const struct ike_result *r)
{
	struct ike_cause c;

	if (ike_setup_install_done(e, x, r, &c))
		respond(e, x);
	else
		without_child(e, x, IKE_NOTIFY_NO_PROPOSAL_CHOSEN, &c);
}

static void on_spi(struct ike_engine *e, struct ike_xchg *x, const struct ike_result *r)
{
	struct ike_cause c;
	struct vd_writer w;

	if (!ike_setup_spi_done(e, x, r, &c)) {
		without_child(e, x, IKE_NOTIFY_NO_PROPOSAL_CHOSEN, &c);
		return;
	}
	w = vd_writer_init(x->offer->p[0].spi, 4);
	vd_put_u32(&w, x->child->spi_in);
	if (!ike_child_set_spi_out(e, x->child, x->peer_spi) && !ike_setup_install(e, x, on_installed))
		return;
	ike_cause_of(e, &c, IKE_CAUSE_CRYPTO, x);
	without_child(e, x, IKE_NOTIFY_NO_PROPOSAL_CHOSEN, &c);
}

static void make_child(struct ike_engine *e, struct ike_xchg *x)
{
	const struct ike_chain *c = &x->payloads->chain;
	struct ike_cause cause;
	uint16_t error;

	if (!ike_chain_find(c, IKE_PAYLOAD_SA)) {
		respond(e, x);		/* RFC 6023: no child asked for */
		return;
	}
	if (!ike_chain_find(c, IKE_PAYLOAD_TSI) || !ike_chain_find(c, IKE_PAYLOAD_TSR)) {
		ike_cause_of(e, &cause, IKE_CAUSE_SYNTAX, x);
		without_child(e, x, IKE_NOTIFY_TS_UNACCEPTABLE, &cause);
		return;
	}
	error = ike_offer_choose(e, x, c, NULL, true, &x->peer_spi, &cause);
	if (error) {
		without_child(e, x, error, &cause);
		return;
	}
	if (!ike_setup_spi(e, x, on_spi))
		return;
	ike_cause_of(e, &cause, IKE_CAUSE_NO_MEMORY, x);
	without_child(e, x, IKE_NOTIFY_NO_PROPOSAL_CHOSEN, &cause);
}

/* ---- authentication ---- */

static void on_signed(struct ike_engine *e, struct ike_xchg *x, const struct ike_result *r)
{
	struct ike_cause c;

	if (ike_auth_signed(x, r) && x->sa->gateway) {
		make_child(e, x);
		return;
	}
	ike_auth_cause(e, &c, x, r->error, false);
	refuse(e, x, IKE_NOTIFY_AUTHENTICATION_FAILED, &c);
}

static void on_verified(struct ike_engine *e, struct ike_xchg *x, const struct ike_result *r)
{
	struct ike_cause c;
	int err = r->error;

	if (!err)
		err = ike_auth_sign(e, x, on_signed);
	if (!err)
		return;
	ike_auth_cause(e, &c, x, err, true);
	refuse(e, x, IKE_NOTIFY_AUTHENTICATION_FAILED, &c);
}

/* ---- which gateway ---- */

/* Would @g have negotiated the suite of @sa? */
static bool suite_fits(const struct ike_gateway *g, const struct ike_suite *s)
{
	struct ike_proposal_list one = { .n = 1 };
	struct ike_proposal *p = &one.p[0];

	p->number = 1;
	p->protocol = IKE_PROTO_IKE;
	p->t[p->n++] = (struct ike_transform){ IKE_T_ENCR, s->encr, s->encr_key_bits };
	p->t[p->n++] = (struct ike_transform){ IKE_T_PRF, s->prf, 0 };
	if (s->integ != IKE_INTEG_NONE)
		p->t[p->n++] = (struct ike_transform){ IKE_T_INTEG, s->integ, 0 };
	p->t[p->n++] = (struct ike_transform){ IKE_T_DH, s->dh, 0 };
	return ike_proposal_select(&g->conf->proposals, &one, &(struct ike_select_rules){ 0 }, NULL,
				   NULL);
}

struct wanted {
	const struct ike_id	*peer;
	const struct ike_id	*us;	/* NULL: the peer did not say whom it wants */
	unsigned int		seen;	/* gateways that might have been it */
};

static int score(const struct ike_gateway *g, const struct ike_sa *sa, struct wanted *w)
{
	struct ike_id local = ike_auth_local_id(g, &sa->path);

	if (!ike_gateway_serves(g, &sa->path) || g->conf->version != 2)
		return 0;
	w->seen++;
	if (!ike_id_match(&g->conf->remote_id, w->peer) || (w->us && !ike_id_match(&local, w->us)) ||
	    !suite_fits(g, &sa->suite))
		return 0;
	/* The peer's very ID before any, its very address before any, the one begun with before another. */
	return 1 + (g->conf->remote_id.type != IKE_ID_NONE ? 4 : 0) +
	       (g->conf->remote.family != VD_FAMILY_NONE ? 2 : 0) + (g == sa->gateway ? 1 : 0);
}

static struct ike_gateway *choose_gateway(struct ike_engine *e, const struct ike_sa *sa,
					  struct wanted *w)
{
	struct ike_gateway *g, *best = NULL;
	int s, top = 0;

	for (int any = 0; any < 2; any++) {
		for (g = ike_gateways_for(e, any ? NULL : &sa->path.remote.addr); g;
		     g = g->next_addr) {
			s = score(g, sa, w);
			if (s > top) {
				top = s;
				best = g;
			}
		}
	}
	return best;
}

static void id_cause(struct ike_engine *e, struct ike_cause *c, struct ike_xchg *x,
		     const struct wanted *w)
{
	const struct ike_gateway *g = x->sa->gateway;
	struct ike_id local;

	ike_cause_of(e, c, w->seen == 1 ? IKE_CAUSE_AUTH_ID : IKE_CAUSE_AUTH_NO_GATEWAY, x);
	c->field = IKE_FIELD_ID;
	c->certainty = IKE_CERTAIN;
	c->notify = IKE_NOTIFY_AUTHENTICATION_FAILED;
	ike_cause_theirs_id(c, w->peer);
	if (w->seen != 1) {
		c->gateway[0] = c->file[0] = '\0';
		c->line = 0;
		return;
	}
	if (ike_id_match(&g->conf->remote_id, w->peer)) {
		/* The peer asks for somebody we are not. */
		local = ike_auth_local_id(g, &x->sa->path);
		ike_cause_ours_id(c, &local);
		ike_cause_theirs_id(c, w->us);
		ike_cause_at(c, &g->conf->pos_local_id);
		return;
	}
	ike_cause_ours_id(c, &g->conf->remote_id);
	ike_cause_at(c, &g->conf->pos_remote_id);
}

/* ---- request ---- */

void ike_v2_auth_request(struct ike_engine *e, struct ike_xchg *x, struct vd_secret *octets,
			 const struct ike_chain *c)
{
	const struct ike_payload *idr = ike_chain_find(c, IKE_PAYLOAD_IDR);
	struct ike_sa *sa = x->sa;
	struct wanted w = { .peer = &x->remote_id };
	struct ike_gateway *g;
	struct ike_notify n;
	struct ike_cause cause;
	struct ike_id us;
	uint16_t error;

	if (!ike_v2_allowed(IKE_V2_AUTH_REQUEST, c) ||
	    (idr && ike_wire_id_parse(&us, idr) != IKE_WIRE_OK)) {
		ike_cause_of(e, &cause, IKE_CAUSE_SYNTAX, x);
		refuse(e, x, IKE_NOTIFY_INVALID_SYNTAX, &cause);
		return;
	}
	error = ike_auth_read(e, x, c, &cause);
	if (error) {
		refuse(e, x, error, &cause);
		return;
	}
	w.us = idr ? &us : NULL;
	g = choose_gateway(e, sa, &w);
	if (!g) {
		id_cause(e, &cause, x, &w);
		refuse(e, x, IKE_NOTIFY_AUTHENTICATION_FAILED, &cause);
		return;
	}
	ike_sa_move(e, sa, g);
	x->local_id = ike_auth_local_id(g, &sa->path);
	x->ni = sa->ni;
	x->nr = sa->nr;
	x->initial_contact = ike_chain_notify(c, IKE_NOTIFY_INITIAL_CONTACT, &n);
	x->payloads = ike_chain_keep(octets, c);
	if (x->payloads && !ike_auth_verify(e, x, on_verified))
		return;
	ike_cause_of(e, &cause, IKE_CAUSE_NO_MEMORY, x);
	refuse(e, x, IKE_NOTIFY_AUTHENTICATION_FAILED, &cause);
}
