// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * IKE_SA_INIT as initiator (RFC 7296, 1.2, 2.6, 2.7, 2.23):
 *
 *	route -> DH -> request -> [COOKIE | INVALID_KE_PAYLOAD -> request again] -> response
 *	      -> shared secret -> keys -> IKE_AUTH
 */
#include "ike/v2/v2.h"

#include <string.h>

#define KE_TRIES	3	/* groups a peer may ask for in one attempt */
#define COOKIE_TRIES	8

static void send_request(struct ike_engine *e, struct ike_xchg *x);

/* The attempt is over: told, waited, tried again. */
static void fail(struct ike_engine *e, struct ike_sa *sa, const struct ike_cause *c)
{
	struct ike_gateway *g = sa->gateway;

	if (g) {
		ike_fail(e, g, sa->out ? sa->out->tunnel : NULL, c);
		ike_gateway_retry(e, g);
	}
	ike_sa_end(e, sa, c);
}

static void fail_code(struct ike_engine *e, struct ike_xchg *x, enum ike_cause_code code)
{
	struct ike_cause c;

	ike_cause_of(e, &c, code, x);
	fail(e, x->sa, &c);
}

/* ---- request ---- */

static void on_generated(struct ike_engine *e, struct ike_xchg *x, const struct ike_result *r)
{
	struct ike_cause c;

	if (ike_dh_generated(x, r)) {
		send_request(e, x);
		return;
	}
	ike_dh_cause(e, &c, x, r->error);
	fail(e, x->sa, &c);
}

static void generate(struct ike_engine *e, struct ike_xchg *x)
{
	if (ike_dh_generate(e, x, on_generated))
		fail_code(e, x, IKE_CAUSE_NO_MEMORY);
}

static void on_route(struct ike_engine *e, struct ike_xchg *x, const struct ike_result *r)
{
	if (r->error || r->local.family == VD_FAMILY_NONE) {
		fail_code(e, x, IKE_CAUSE_NET_NO_ROUTE);
		return;
	}
	x->sa->path.local.addr = r->local;
	generate(e, x);
}

static void start(struct ike_engine *e, struct ike_xchg *x)
{
	struct ike_action *a;

	if (x->sa->path.local.addr.family != VD_FAMILY_NONE) {
		generate(e, x);
		return;
	}
	a = ike_action_ask(e, IKE_ACT_ROUTE, x, on_route);
	if (a)
		a->path = x->sa->path;
	else
		fail_code(e, x, IKE_CAUSE_NO_MEMORY);
}

void ike_v2_connect(struct ike_engine *e, struct ike_gateway *g, struct ike_tunnel *t)
{
	const struct ike_gateway_conf *conf = g->conf;
	struct ike_path path = { .local = { conf->local, 500 },
				 .remote = { conf->remote, conf->remote_port } };
	struct ike_sa *sa;
	struct ike_xchg *x;

	/* Any peer may come to such a gateway, but we can't go to it. */
	if (conf->remote.family == VD_FAMILY_NONE || conf->version != 2)
		return;
	if (!path.remote.port)
		path.remote.port = 500;
	if (path.remote.port != 500) {
		path.natt = true;
		path.local.port = 4500;
	}
	sa = ike_sa_new(e, g, true, &path);
	x = sa ? ike_xchg_new(e, sa, IKE_XCHG_SA_INIT, true) : NULL;
	if (!x || !ike_nonce_make(e, &sa->ni)) {
		ike_gateway_retry(e, g);
		if (sa)
			ike_sa_end(e, sa, NULL);
		return;
	}
	ike_event_push(e, IKE_EVENT_GATEWAY_CONNECTING, sa, NULL);
	ike_xchg_set_tunnel(x, t);
	x->group = ike_proposal_first_group(&conf->proposals);
	start(e, x);
}

static void send_request(struct ike_engine *e, struct ike_xchg *x)
{
	uint8_t buf[IKE_V2_CHAIN_MAX];
	struct ike_builder b = ike_builder_init(buf, sizeof(buf));
	struct ike_sa *sa = x->sa;

	/* 2.6: the cookie comes first; all else is as before, with the same SPI and nonce. */
	if (x->cookie.len)
		ike_wire_notify_emit(&b, IKE_NOTIFY_COOKIE, x->cookie.data, x->cookie.len);
	ike_wire_sa_emit(&b, &sa->gateway->conf->proposals);
	ike_wire_ke_emit(&b, x->group, x->dh_public.data, x->dh_public.len);
	ike_wire_nonce_emit(&b, &sa->ni);
	ike_nat_emit(e, &b, sa);
	x->message_id = 0;
	if (!ike_v2_request(e, x, IKE_EXCHANGE_SA_INIT, &b) ||
	    vd_secret_set(&sa->init_request, sa->request.data, sa->request.len))
		fail_code(e, x, IKE_CAUSE_NO_MEMORY);
}

/* ---- response ---- */

static void on_derived(struct ike_engine *e, struct ike_xchg *x, const struct ike_result *r)
{
	vd_auto_key skeyseed = { 0 };
	struct ike_sa *sa = x->sa;
	struct ike_tunnel *t = x->tunnel;
	struct ike_cause c;
	int err = r->error;

	if (!ike_dh_derived(x, r)) {
		ike_dh_cause(e, &c, x, err ? err : -1);
		fail(e, sa, &c);
		return;
	}
	err = ike_keymat_skeyseed(e->ops, sa->suite.prf, &sa->ni, &sa->nr, &x->shared, &skeyseed);
	if (!err)
		err = ike_keymat_sa(e->ops, &sa->suite, &skeyseed, &sa->ni, &sa->nr, sa->spi_i,
				    sa->spi_r, &sa->keys);
	if (err) {
		ike_dh_cause(e, &c, x, err);
		fail(e, sa, &c);
		return;
	}
	sa->keyed = true;
	ike_sa_set_state(e, sa, IKE_SA_AUTH, NULL);
	/* The tunnel stays busy: IKE_AUTH takes it over before SA_INIT lets go. */
	ike_xchg_set_tunnel(x, NULL);
	sa->out = NULL;
	x->next_dead = e->dead_xchgs;
	e->dead_xchgs = x;
	ike_v2_auth_start(e, sa, t);
}

/* A NAT, or a configuration that wants UDP: on to port 4500 (2.23). */
static void float_port(struct ike_sa *sa)
{
	if (!sa->encap || sa->path.natt)
		return;
	sa->path.natt = true;
	sa->path.local.port = 4500;
	sa->path.remote.port = 4500;
}

static void take_response(struct ike_engine *e, struct ike_xchg *x, const struct ike_v2_input *in)
{
	const struct ike_chain *c = &in->message->clear;
	const struct ike_proposal_list *ours = &x->sa->gateway->conf->proposals;
	struct ike_proposal_list theirs;
	struct ike_select_rules rules = { .ke_group = x->group, .answer = true };
	struct ike_selection sel;
	struct ike_proposal_diff diff;
	struct ike_sa *sa = x->sa;
	struct ike_nonce nr;
	struct ike_cause cause;
	struct ike_ke ke;

	if (!ike_v2_allowed(IKE_V2_SA_INIT_RESPONSE, c) || !in->message->header.spi_r ||
	    ike_wire_sa_parse(&theirs, ike_chain_find(c, IKE_PAYLOAD_SA)) != IKE_WIRE_OK ||
	    ike_wire_ke_parse(&ke, ike_chain_find(c, IKE_PAYLOAD_KE)) != IKE_WIRE_OK ||
	    ike_wire_nonce_parse(&nr, ike_chain_find(c, IKE_PAYLOAD_NONCE)) != IKE_WIRE_OK) {
		/* Unauthenticated: a forgery must not end what the true answer may still complete. */
		ike_drop(e, IKE_DROP_SYNTAX);
		return;
	}
	if (theirs.n != 1 || !ike_proposal_select(ours, &theirs, &rules, &sel, &diff) ||
	    sel.suite.dh != x->group || ke.group != x->group) {
		if (theirs.n == 1 && !ike_proposal_select(ours, &theirs, &rules, NULL, &diff)) {
			ike_cause_diff(e, &cause, x, false, ours, &theirs, &diff);
		} else {
			ike_cause_of(e, &cause, IKE_CAUSE_P1_PROPOSAL, x);
			ike_cause_ours_proposals(&cause, ours);
			ike_cause_theirs_proposals(&cause, &theirs);
		}
		fail(e, sa, &cause);
		return;
	}
	sa->spi_r = in->message->header.spi_r;
	sa->nr = nr;
	sa->suite = sel.suite;
	sa->path.local = in->path->local;
	ike_nat_detect(e, sa, c, &in->message->header, in->path);
	float_port(sa);
	x->answered = true;
	ike_disarm(e, &sa->retransmit);
	if (vd_secret_set(&sa->init_response, in->message->data, in->message->len) ||
	    vd_secret_set(&x->peer_public, ke.data, ke.len) || ike_dh_derive(e, x, on_derived))
		fail_code(e, x, IKE_CAUSE_NO_MEMORY);
}

static void take_cookie(struct ike_engine *e, struct ike_xchg *x, const struct ike_notify *n)
{
	if (!n->len || n->len > 64) {
		ike_drop(e, IKE_DROP_SYNTAX);
		return;
	}
	ike_event_step(e, x->sa, IKE_STEP_COOKIE_RECEIVED, false);
	if (++x->tries_cookie > COOKIE_TRIES) {
		fail_code(e, x, IKE_CAUSE_P1_COOKIE_LOOP);
		return;
	}
	/* The network repeats answers: one cookie is one more try only once. */
	if (x->cookie.len == n->len && !memcmp(x->cookie.data, n->data, n->len)) {
		ike_drop(e, IKE_DROP_COOKIE);
		return;
	}
	if (vd_secret_set(&x->cookie, n->data, n->len)) {
		fail_code(e, x, IKE_CAUSE_NO_MEMORY);
		return;
	}
	send_request(e, x);
}

/* 1.2: the responder wants another of our groups. */
static void take_invalid_ke(struct ike_engine *e, struct ike_xchg *x, const struct ike_notify *n)
{
	const struct ike_proposal_list *ours = &x->sa->gateway->conf->proposals;
	enum ike_dh group = (enum ike_dh)ike_notify_u16(n);
	struct ike_cause c;

	if (group == x->group) {
		/* An answer to an earlier request of ours, or nonsense. */
		ike_drop(e, IKE_DROP_UNEXPECTED);
		return;
	}
	if (!group || !ike_proposal_list_has_group(ours, group) || ++x->tries_ke > KE_TRIES) {
		ike_cause_notify(e, &c, x, n, ours);
		if (x->tries_ke > KE_TRIES)
			c.code = IKE_CAUSE_P1_KE_LOOP;
		fail(e, x->sa, &c);
		return;
	}
	x->group = group;
	ike_disarm(e, &x->sa->retransmit);
	generate(e, x);
}

void ike_v2_sa_init_response(struct ike_engine *e, struct ike_sa *sa,
			     const struct ike_v2_input *in)
{
	const struct ike_chain *c = &in->message->clear;
	struct ike_xchg *x = sa->out;
	struct ike_notify n;
	struct ike_cause cause;

	if (!sa->gateway || !x || x->kind != IKE_XCHG_SA_INIT || x->answered ||
	    x->waits_for != IKE_WAITS_SA_INIT_RESPONSE || in->message->header.message_id) {
		ike_drop(e, IKE_DROP_UNEXPECTED);
		return;
	}
	ike_event_step(e, sa, IKE_STEP_SA_INIT_RECEIVED, false);
	sa->last_heard = e->now;
	if (ike_chain_find(c, IKE_PAYLOAD_SA))
		take_response(e, x, in);
	else if (ike_chain_notify(c, IKE_NOTIFY_COOKIE, &n))
		take_cookie(e, x, &n);
	else if (ike_chain_notify(c, IKE_NOTIFY_INVALID_KE_PAYLOAD, &n))
		take_invalid_ke(e, x, &n);
	else if (ike_chain_notify_error(c, &n)) {
		ike_cause_notify(e, &cause, x, &n, &sa->gateway->conf->proposals);
		fail(e, sa, &cause);
	} else {
		ike_drop(e, IKE_DROP_SYNTAX);
	}
}
