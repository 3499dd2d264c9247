// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * IKE_AUTH as initiator (RFC 7296, 1.2, 2.15, 2.21.2):
 *
 *	SPI -> AUTH value -> request -> response -> peer's ID and AUTH -> IKE SA is up
 *	    -> keys and kernel -> child is up
 *
 * A child refused leaves the IKE SA up.
 */
#include "ike/v2/v2.h"

#include <errno.h>

/* Before the peer could think the IKE SA up: just end it. */
static void fail(struct ike_engine *e, struct ike_xchg *x, const struct ike_cause *c)
{
	struct ike_gateway *g = x->sa->gateway;

	if (g) {
		ike_fail(e, g, x->tunnel, c);
		ike_gateway_retry(e, g);
	}
	ike_sa_end(e, x->sa, c);
}

/* The peer thinks the IKE SA is up: tell it that it is not (2.21.2). */
static void fail_telling(struct ike_engine *e, struct ike_xchg *x, const struct ike_cause *c)
{
	struct ike_sa *sa = x->sa;

	if (sa->gateway) {
		ike_fail(e, sa->gateway, x->tunnel, c);
		ike_gateway_retry(e, sa->gateway);
	}
	ike_sa_set_state(e, sa, IKE_SA_DELETING, c);
	ike_xchg_end(e, x);
	if (!ike_task_add(e, sa, IKE_XCHG_AUTH_FAILED, NULL, 0))
		ike_sa_end(e, sa, c);
}

/* ---- request ---- */

static bool first_contact(const struct ike_sa *sa)
{
	const struct ike_sa *o;

	DL_FOREACH(sa->gateway->sas, o)
		if (o != sa && o->state == IKE_SA_ESTABLISHED)
			return false;
	return true;
}

static void send_request(struct ike_engine *e, struct ike_xchg *x)
{
	const struct ike_gateway_conf *g = x->sa->gateway->conf;
	uint8_t buf[IKE_V2_CHAIN_MAX];
	struct ike_builder b = ike_builder_init(buf, sizeof(buf));
	struct ike_cause c;

	ike_wire_id_emit(&b, IKE_PAYLOAD_IDI, &x->local_id);
	if (first_contact(x->sa))
		ike_wire_notify_emit(&b, IKE_NOTIFY_INITIAL_CONTACT, NULL, 0);
	if (g->remote_id.type != IKE_ID_NONE)
		ike_wire_id_emit(&b, IKE_PAYLOAD_IDR, &g->remote_id);
	ike_wire_auth_emit(&b, IKE_AUTH_METHOD_SHARED_KEY, x->auth, x->auth_len);
	ike_offer_emit_sa(&b, x);
	ike_offer_emit_ts(&b, x);
	if (ike_v2_request(e, x, IKE_EXCHANGE_AUTH, &b))
		return;
	ike_cause_of(e, &c, IKE_CAUSE_CRYPTO, x);
	fail(e, x, &c);
}

static void on_signed(struct ike_engine *e, struct ike_xchg *x, const struct ike_result *r)
{
	struct ike_cause c;

	if (ike_auth_signed(x, r) && x->child) {
		send_request(e, x);
		return;
	}
	ike_auth_cause(e, &c, x, r->error, false);
	fail(e, x, &c);
}

static void on_spi(struct ike_engine *e, struct ike_xchg *x, const struct ike_result *r)
{
	struct ike_cause c;
	int err;

	if (!ike_setup_spi_done(e, x, r, &c)) {
		fail(e, x, &c);
		return;
	}
	err = ike_offer_make(x, true);
	if (!err)
		err = ike_auth_sign(e, x, on_signed);
	if (!err)
		return;
	ike_auth_cause(e, &c, x, err, false);
	fail(e, x, &c);
}

/* The tunnel that began it, or another that is wanted. */
static struct ike_tunnel *choose_tunnel(struct ike_gateway *g, struct ike_tunnel *t)
{
	if (t && !t->held)
		return t;
	DL_FOREACH(g->tunnels, t)
		if (t->wanted && !t->held)
			return t;
	return NULL;
}

void ike_v2_auth_start(struct ike_engine *e, struct ike_sa *sa, struct ike_tunnel *t)
{
	struct ike_xchg *x;
	struct ike_cause c;

	t = sa->gateway ? choose_tunnel(sa->gateway, t) : NULL;
	x = t ? ike_xchg_new(e, sa, IKE_XCHG_AUTH, true) : NULL;
	if (!x) {
		ike_sa_end(e, sa, NULL);
		return;
	}
	x->ni = sa->ni;
	x->nr = sa->nr;
	x->local_id = ike_auth_local_id(sa->gateway, &sa->path);
	x->remote_id = sa->gateway->conf->remote_id;
	ike_xchg_set_tunnel(x, t);
	if (!ike_setup_spi(e, x, on_spi))
		return;
	ike_cause_of(e, &c, IKE_CAUSE_NO_MEMORY, x);
	fail(e, x, &c);
}

/* ---- response ---- */

static void child_failed(struct ike_engine *e, struct ike_xchg *x, const struct ike_cause *c)
{
	struct ike_tunnel *t = x->tunnel;

	if (t) {
		ike_fail(e, t->gateway, t, c);
		ike_tunnel_retry(e, t, c->code == IKE_CAUSE_P2_TEMPORARY ? VD_SECOND : 0);
	}
	ike_xchg_end(e, x);
}

/* Our fault or theirs: the peer has a child we don't want. */
static void child_unwanted(struct ike_engine *e, struct ike_xchg *x, const struct ike_cause *c)
{
	struct ike_sa *sa = x->sa;
	enum ike_protocol protocol = x->protocol;
	uint32_t spi = x->spi;

	child_failed(e, x, c);
	ike_task_delete_spi(e, sa, protocol, spi);
}

static void on_installed(struct ike_engine *e, struct ike_xchg *x, const struct ike_result *r)
{
	struct ike_child *child = x->child;
	struct ike_cause c;

	if (!ike_setup_install_done(e, x, r, &c)) {
		child_unwanted(e, x, &c);
		return;
	}
	ike_child_up(e, child);
	ike_child_use(e, child);
	ike_xchg_end(e, x);
}

static void take_child(struct ike_engine *e, struct ike_xchg *x, const struct ike_chain *c)
{
	struct ike_notify n;
	struct ike_cause cause;

	if (!x->child) {
		ike_cause_of(e, &cause, IKE_CAUSE_CONF_REMOVED, x);
		child_unwanted(e, x, &cause);
		return;
	}
	if (!ike_chain_find(c, IKE_PAYLOAD_SA) || !ike_chain_find(c, IKE_PAYLOAD_TSI) ||
	    !ike_chain_find(c, IKE_PAYLOAD_TSR)) {
		if (ike_chain_notify_error(c, &n))
			ike_cause_notify(e, &cause, x, &n, x->offer);
		else
			ike_cause_of(e, &cause, IKE_CAUSE_SYNTAX, x);
		child_failed(e, x, &cause);
		return;
	}
	if (!ike_offer_check(e, x, c, true, &cause)) {
		child_unwanted(e, x, &cause);
	} else if (ike_setup_install(e, x, on_installed)) {
		ike_cause_of(e, &cause, IKE_CAUSE_CRYPTO, x);
		child_unwanted(e, x, &cause);
	}
}

static void on_verified(struct ike_engine *e, struct ike_xchg *x, const struct ike_result *r)
{
	struct ike_sa *sa = x->sa;
	struct ike_gateway *g = sa->gateway;
	struct ike_cause c;

	if (!g || sa->state != IKE_SA_AUTH) {
		ike_xchg_end(e, x);
		return;
	}
	if (r->error) {
		ike_auth_cause(e, &c, x, r->error, true);
		fail_telling(e, x, &c);
		return;
	}
	sa->remote_id = x->remote_id;
	ike_disarm(e, &g->retry);
	ike_sa_set_state(e, sa, IKE_SA_ESTABLISHED, NULL);
	ike_sa_resolve_duplicates(e, sa);
	take_child(e, x, &x->payloads->chain);
	if (sa->state == IKE_SA_ESTABLISHED)
		ike_gateway_drive(e, g, 0);
}

static void refused(struct ike_engine *e, struct ike_xchg *x, const struct ike_chain *c)
{
	struct ike_notify n;
	struct ike_cause cause;

	if (ike_chain_notify_error(c, &n)) {
		ike_cause_notify(e, &cause, x, &n, x->offer);
	} else {
		ike_cause_of(e, &cause, IKE_CAUSE_SYNTAX, x);
	}
	fail(e, x, &cause);
}

void ike_v2_auth_response(struct ike_engine *e, struct ike_xchg *x, struct vd_secret *octets,
			  const struct ike_chain *c)
{
	const struct ike_gateway *g = x->sa->gateway;
	struct ike_cause cause;

	if (!g || !ike_chain_find(c, IKE_PAYLOAD_IDR)) {
		refused(e, x, c);
		return;
	}
	if (!ike_v2_allowed(IKE_V2_AUTH_RESPONSE, c)) {
		ike_cause_of(e, &cause, IKE_CAUSE_SYNTAX, x);
		fail_telling(e, x, &cause);
		return;
	}
	if (ike_auth_read(e, x, c, &cause)) {
		fail_telling(e, x, &cause);
		return;
	}
	if (!ike_id_match(&g->conf->remote_id, &x->remote_id)) {
		ike_cause_of(e, &cause, IKE_CAUSE_AUTH_ID, x);
		cause.field = IKE_FIELD_ID;
		cause.notify = IKE_NOTIFY_AUTHENTICATION_FAILED;
		ike_cause_ours_id(&cause, &g->conf->remote_id);
		ike_cause_theirs_id(&cause, &x->remote_id);
		ike_cause_at(&cause, &g->conf->pos_remote_id);
		fail_telling(e, x, &cause);
		return;
	}
	x->payloads = ike_chain_keep(octets, c);
	if (x->payloads && !ike_auth_verify(e, x, on_verified))
		return;
	ike_cause_of(e, &cause, IKE_CAUSE_NO_MEMORY, x);
	fail_telling(e, x, &cause);
}
