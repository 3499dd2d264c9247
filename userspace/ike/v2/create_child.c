// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * CREATE_CHILD_SA for child SAs, new or rekeyed, both roles (RFC 7296, 1.3.1, 1.3.3, 2.17):
 *
 *	initiator   SPI -> [DH] -> request -> response -> [DH] -> keys, kernel -> up
 *	responder   request -> terms -> SPI -> [DH] -> keys, kernel -> response -> up
 *
 * What only a rekey does is in rekey_child.c.
 */
#include "ike/v2/v2.h"

#define KE_TRIES	3
#define AGAIN_MIN	1000	/* ms until what was refused for the moment is tried again, */
#define AGAIN_SPREAD	3000	/* and as much more at random */

/* ---- initiator: over ---- */

/* Refused or broken, and not for the moment only. */
static void fail(struct ike_engine *e, struct ike_xchg *x, const struct ike_cause *c)
{
	struct ike_child *old = ike_child_by_handle(e, x->old);
	struct ike_tunnel *t = x->tunnel;

	if (t) {
		ike_fail(e, t->gateway, t, c);
		if (old)
			ike_arm(e, &old->rekey, e->now + t->gateway->conf->retry + VD_SECOND);
		else
			ike_tunnel_retry(e, t, 0);
	}
	ike_xchg_end(e, x);
}

/* The peer has a child that we don't want. */
static void fail_deleting(struct ike_engine *e, struct ike_xchg *x, const struct ike_cause *c)
{
	struct ike_sa *sa = x->sa;
	enum ike_protocol protocol = x->protocol;
	uint32_t spi = x->spi;

	fail(e, x, c);
	ike_task_delete_spi(e, sa, protocol, spi);
}

static void fail_code(struct ike_engine *e, struct ike_xchg *x, enum ike_cause_code code)
{
	struct ike_cause c;

	ike_cause_of(e, &c, x->child ? code : IKE_CAUSE_CONF_REMOVED, x);
	if (x->answered)
		fail_deleting(e, x, &c);
	else
		fail(e, x, &c);
}

/* ---- initiator: request ---- */

static void send_request(struct ike_engine *e, struct ike_xchg *x)
{
	uint8_t buf[IKE_V2_CHAIN_MAX];
	struct ike_builder b = ike_builder_init(buf, sizeof(buf));
	struct ike_child *old = ike_child_by_handle(e, x->old);

	/* The SA or the child may have gone while actions ran. */
	if (x->sa->state != IKE_SA_ESTABLISHED || !x->child || x->overtaken ||
	    (x->kind == IKE_XCHG_REKEY_CHILD && (!old || old->state != IKE_CHILD_UP))) {
		if (x->overtaken && old)	/* in case the peer's own fails */
			ike_arm(e, &old->rekey, e->now + AGAIN_MIN + AGAIN_SPREAD);
		ike_xchg_end(e, x);
		return;
	}
	/* 1.3.3: the SPI the peer sends to. */
	if (old)
		ike_wire_notify_emit_spi(&b, IKE_NOTIFY_REKEY_SA, old->protocol, old->spi_in);
	ike_offer_emit_sa(&b, x);
	ike_wire_nonce_emit(&b, &x->ni);
	if (x->group != IKE_DH_NONE)
		ike_wire_ke_emit(&b, x->group, x->dh_public.data, x->dh_public.len);
	ike_offer_emit_ts(&b, x);
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

static void generate_or_send(struct ike_engine *e, struct ike_xchg *x)
{
	if (x->group == IKE_DH_NONE)
		send_request(e, x);
	else if (ike_dh_generate(e, x, on_generated_i))
		fail_code(e, x, IKE_CAUSE_NO_MEMORY);
}

static void on_spi_i(struct ike_engine *e, struct ike_xchg *x, const struct ike_result *r)
{
	struct ike_cause c;

	if (!ike_setup_spi_done(e, x, r, &c))
		fail(e, x, &c);
	else if (ike_offer_make(x, false))
		fail_code(e, x, IKE_CAUSE_NO_MEMORY);
	else
		generate_or_send(e, x);
}

void ike_v2_create_child_start(struct ike_engine *e, struct ike_xchg *x)
{
	struct ike_tunnel *t = x->tunnel;

	if (!t || (x->kind == IKE_XCHG_NEW_CHILD && (t->held || ike_tunnel_child_on(t, x->sa))) ||
	    (x->kind == IKE_XCHG_REKEY_CHILD && ike_v2_rekey_child_peers(x))) {
		ike_xchg_end(e, x);
		return;
	}
	x->group = ike_proposal_first_group(&t->conf->proposals);
	if (!ike_nonce_make(e, &x->ni) || ike_setup_spi(e, x, on_spi_i))
		fail_code(e, x, IKE_CAUSE_NO_MEMORY);
}

/* ---- initiator: response ---- */

static void on_installed_i(struct ike_engine *e, struct ike_xchg *x, const struct ike_result *r)
{
	struct ike_child *child = x->child;
	struct ike_cause c;

	if (!ike_setup_install_done(e, x, r, &c)) {
		fail_deleting(e, x, &c);
		return;
	}
	if (x->kind == IKE_XCHG_REKEY_CHILD) {
		ike_v2_rekey_child_done(e, x);
		return;
	}
	ike_child_up(e, child);
	ike_child_use(e, child);
	ike_xchg_end(e, x);
}

static void install_i(struct ike_engine *e, struct ike_xchg *x)
{
	if (!x->child || ike_setup_install(e, x, on_installed_i))
		fail_code(e, x, IKE_CAUSE_CRYPTO);
}

static void on_derived_i(struct ike_engine *e, struct ike_xchg *x, const struct ike_result *r)
{
	if (ike_dh_derived(x, r))
		install_i(e, x);
	else
		fail_code(e, x, IKE_CAUSE_CRYPTO);
}

/* The group of the answer has to be the one we sent a value of. */
static bool read_ke(struct ike_xchg *x, const struct ike_chain *c)
{
	const struct ike_payload *p = ike_chain_find(c, IKE_PAYLOAD_KE);
	struct ike_ke ke;

	if (x->suite.dh == IKE_DH_NONE)
		return true;
	return p && x->suite.dh == x->group && ike_wire_ke_parse(&ke, p) == IKE_WIRE_OK &&
	       ke.group == x->group && !vd_secret_set(&x->peer_public, ke.data, ke.len);
}

static void take_answer(struct ike_engine *e, struct ike_xchg *x, const struct ike_chain *c)
{
	struct ike_cause cause;

	if (!x->child) {
		fail_code(e, x, IKE_CAUSE_CONF_REMOVED);
		return;
	}
	if (!ike_v2_allowed(IKE_V2_CHILD_RESPONSE, c) ||
	    ike_wire_nonce_parse(&x->nr, ike_chain_find(c, IKE_PAYLOAD_NONCE)) != IKE_WIRE_OK) {
		fail_code(e, x, IKE_CAUSE_SYNTAX);
		return;
	}
	if (!ike_offer_check(e, x, c, false, &cause)) {
		fail_deleting(e, x, &cause);
		return;
	}
	if (!read_ke(x, c))
		fail_code(e, x, IKE_CAUSE_SYNTAX);
	else if (x->suite.dh == IKE_DH_NONE)
		install_i(e, x);
	else if (ike_dh_derive(e, x, on_derived_i))
		fail_code(e, x, IKE_CAUSE_NO_MEMORY);
}

/* 1.3: the responder wants another of our groups. False: it can't have it. */
static bool other_group(struct ike_engine *e, struct ike_xchg *x, const struct ike_notify *n)
{
	enum ike_dh group = (enum ike_dh)ike_notify_u16(n);

	if (!x->child || group == x->group || ++x->tries_ke > KE_TRIES ||
	    (group != IKE_DH_NONE && !ike_proposal_list_has_group(x->offer, group)))
		return false;
	x->group = group;
	x->answered = x->sent = false;
	generate_or_send(e, x);
	return true;
}

static void refused(struct ike_engine *e, struct ike_xchg *x, const struct ike_notify *n)
{
	struct ike_tunnel *t = x->tunnel;
	struct ike_cause cause;

	if (n->type == IKE_NOTIFY_INVALID_KE_PAYLOAD && other_group(e, x, n))
		return;
	if (x->kind == IKE_XCHG_REKEY_CHILD && ike_v2_rekey_child_refused(e, x, n->type)) {
		ike_xchg_end(e, x);
		return;
	}
	if (n->type == IKE_NOTIFY_TEMPORARY_FAILURE && t) {
		ike_tunnel_retry(e, t, AGAIN_MIN + ike_random_below(e, AGAIN_SPREAD));
		ike_xchg_end(e, x);
		return;
	}
	ike_cause_notify(e, &cause, x, n, x->offer);
	/* The same proposals passed in IKE_AUTH, where there are no groups (1.2): so the groups differ. */
	if (n->type == IKE_NOTIFY_NO_PROPOSAL_CHOSEN && x->kind == IKE_XCHG_REKEY_CHILD && t) {
		cause.code = IKE_CAUSE_P2_PFS;
		cause.field = IKE_FIELD_PFS;
		cause.certainty = IKE_LIKELY;
		ike_cause_ours_pfs(&cause, x->offer);
		ike_cause_at(&cause, &t->conf->pos_pfs);
	}
	fail(e, x, &cause);
}

void ike_v2_create_child_response(struct ike_engine *e, struct ike_xchg *x,
				  const struct ike_chain *c)
{
	struct ike_notify n;

	if (ike_chain_find(c, IKE_PAYLOAD_SA)) {
		take_answer(e, x, c);
	} else if (ike_chain_notify_error(c, &n)) {
		x->answered = false;	/* the peer made nothing */
		refused(e, x, &n);
	} else {
		fail_code(e, x, IKE_CAUSE_SYNTAX);
	}
}

/* ---- responder ---- */

static void refuse(struct ike_engine *e, struct ike_xchg *x, uint16_t notify)
{
	ike_v2_refuse(e, x, IKE_EXCHANGE_CREATE_CHILD_SA, (enum ike_notify_type)notify, NULL, 0);
}

static void refuse_telling(struct ike_engine *e, struct ike_xchg *x, uint16_t notify,
			   const struct ike_cause *c)
{
	ike_fail(e, x->sa->gateway, x->tunnel, c);
	refuse(e, x, notify);
}

static void refuse_code(struct ike_engine *e, struct ike_xchg *x, enum ike_cause_code code)
{
	struct ike_cause c;

	ike_cause_of(e, &c, x->child || !x->spi ? code : IKE_CAUSE_CONF_REMOVED, x);
	c.notify = IKE_NOTIFY_TEMPORARY_FAILURE;
	refuse_telling(e, x, IKE_NOTIFY_TEMPORARY_FAILURE, &c);
}

static void respond(struct ike_engine *e, struct ike_xchg *x)
{
	uint8_t buf[IKE_V2_CHAIN_MAX];
	struct ike_builder b = ike_builder_init(buf, sizeof(buf));
	struct ike_child *child = x->child;

	ike_offer_emit_sa(&b, x);
	ike_wire_nonce_emit(&b, &x->nr);
	if (x->group != IKE_DH_NONE)
		ike_wire_ke_emit(&b, x->group, x->dh_public.data, x->dh_public.len);
	ike_offer_emit_ts(&b, x);
	ike_v2_response(e, x, IKE_EXCHANGE_CREATE_CHILD_SA, &b);
	if (x->kind == IKE_XCHG_REKEY_CHILD) {
		ike_v2_rekey_child_answered(e, x);
	} else {
		ike_child_answered(e, child);
	}
	ike_xchg_end(e, x);
}

static void on_installed_r(struct ike_engine *e, struct ike_xchg *x, const struct ike_result *r)
{
	struct ike_cause c;

	if (ike_setup_install_done(e, x, r, &c))
		respond(e, x);
	else
		refuse_telling(e, x, IKE_NOTIFY_TEMPORARY_FAILURE, &c);
}

static void install_r(struct ike_engine *e, struct ike_xchg *x)
{
	if (!x->child || ike_setup_install(e, x, on_installed_r))
		refuse_code(e, x, IKE_CAUSE_CRYPTO);
}

static void on_derived_r(struct ike_engine *e, struct ike_xchg *x, const struct ike_result *r)
{
	if (ike_dh_derived(x, r))
		install_r(e, x);
	else
		refuse_code(e, x, IKE_CAUSE_CRYPTO);
}

static void on_generated_r(struct ike_engine *e, struct ike_xchg *x, const struct ike_result *r)
{
	if (!ike_dh_generated(x, r) || ike_dh_derive(e, x, on_derived_r))
		refuse_code(e, x, IKE_CAUSE_CRYPTO);
}

static void on_spi_r(struct ike_engine *e, struct ike_xchg *x, const struct ike_result *r)
{
	struct vd_writer w;
	struct ike_cause c;

	if (!ike_setup_spi_done(e, x, r, &c)) {
		refuse_telling(e, x, IKE_NOTIFY_TEMPORARY_FAILURE, &c);
		return;
	}
	w = vd_writer_init(x->offer->p[0].spi, 4);
	vd_put_u32(&w, x->child->spi_in);
	if (ike_child_set_spi_out(e, x->child, x->peer_spi))
		refuse_code(e, x, IKE_CAUSE_NO_MEMORY);
	else if (x->group == IKE_DH_NONE)
		install_r(e, x);
	else if (ike_dh_generate(e, x, on_generated_r))
		refuse_code(e, x, IKE_CAUSE_NO_MEMORY);
}

/* The group of KE and of the suite. False: INVALID_KE_PAYLOAD was sent (1.3). */
static bool groups_agree(struct ike_engine *e, struct ike_xchg *x, const struct ike_ke *ke)
{
	uint8_t group[2] = { (uint8_t)(x->suite.dh >> 8), (uint8_t)x->suite.dh };

	x->group = x->suite.dh;
	if (x->suite.dh == IKE_DH_NONE)
		return true;
	if (ke->group != x->suite.dh) {
		ike_v2_refuse(e, x, IKE_EXCHANGE_CREATE_CHILD_SA, IKE_NOTIFY_INVALID_KE_PAYLOAD,
			      group, sizeof(group));
		return false;
	}
	if (vd_secret_set(&x->peer_public, ke->data, ke->len)) {
		refuse_code(e, x, IKE_CAUSE_NO_MEMORY);
		return false;
	}
	return true;
}

static void not_found(struct ike_engine *e, struct ike_xchg *x, const struct ike_notify *rekey)
{
	uint8_t buf[64];
	struct ike_builder b = ike_builder_init(buf, sizeof(buf));

	/* 2.25: the SPI is copied from REKEY_SA. */
	ike_wire_notify_emit_spi(&b, IKE_NOTIFY_CHILD_SA_NOT_FOUND,
				 (enum ike_protocol)rekey->protocol, ike_notify_spi(rekey));
	ike_v2_response(e, x, IKE_EXCHANGE_CREATE_CHILD_SA, &b);
	ike_xchg_end(e, x);
}

/* What may not be done now may be done later (2.25). */
static bool busy(const struct ike_sa *sa)
{
	return sa->state != IKE_SA_ESTABLISHED || !sa->gateway ||
	       (sa->out && (sa->out->kind == IKE_XCHG_REKEY_IKE ||
			    sa->out->kind == IKE_XCHG_DELETE_IKE));
}

static void admit(struct ike_engine *e, struct ike_xchg *x, const struct ike_chain *c,
		   const struct ike_ke *ke)
{
	struct ike_child *old;
	struct ike_notify rekey;
	struct ike_cause cause;
	uint16_t error;

	if (ike_chain_notify(c, IKE_NOTIFY_REKEY_SA, &rekey)) {
		error = ike_v2_rekey_child_accept(e, x, ike_notify_spi(&rekey));
		if (error == IKE_NOTIFY_CHILD_SA_NOT_FOUND)
			not_found(e, x, &rekey);
		else if (error)
			refuse(e, x, error);
		if (error)
			return;
	}
	old = ike_child_by_handle(e, x->old);
	x->group = (enum ike_dh)ke->group;
	error = ike_offer_choose(e, x, c, old ? old->tunnel : NULL, false, &x->peer_spi, &cause);
	if (error)
		refuse_telling(e, x, error, &cause);
	else if (groups_agree(e, x, ke) && ike_setup_spi(e, x, on_spi_r))
		refuse_code(e, x, IKE_CAUSE_NO_MEMORY);
}

void ike_v2_create_child_request(struct ike_engine *e, struct ike_xchg *x,
				 const struct ike_chain *c)
{
	const struct ike_payload *p = ike_chain_find(c, IKE_PAYLOAD_KE);
	struct ike_ke ke = { 0 };

	ike_v2_rekey_ike_decided(e, x->sa);
	if (!ike_chain_find(c, IKE_PAYLOAD_TSI)) {
		x->kind = IKE_XCHG_REKEY_IKE;
		ike_v2_rekey_ike_request(e, x, c);
		return;
	}
	x->kind = IKE_XCHG_NEW_CHILD;
	if (busy(x->sa)) {
		refuse(e, x, IKE_NOTIFY_TEMPORARY_FAILURE);
		return;
	}
	if (!ike_v2_allowed(IKE_V2_CHILD_REQUEST, c) ||
	    ike_wire_nonce_parse(&x->ni, ike_chain_find(c, IKE_PAYLOAD_NONCE)) != IKE_WIRE_OK ||
	    (p && ike_wire_ke_parse(&ke, p) != IKE_WIRE_OK)) {
		refuse(e, x, IKE_NOTIFY_INVALID_SYNTAX);
		return;
	}
	if (!ike_nonce_make(e, &x->nr)) {
		refuse_code(e, x, IKE_CAUSE_CRYPTO);
		return;
	}
	admit(e, x, c, &ke);
}
