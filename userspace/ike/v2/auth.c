// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Authentication by pre-shared key (RFC 7296, 2.15): the octets are made here, the key is used
 * elsewhere.
 */
#include "ike/v2/v2.h"

#include <errno.h>
#include <string.h>

struct ike_id ike_auth_local_id(const struct ike_gateway *g, const struct ike_path *path)
{
	if (g->conf->local_id.type != IKE_ID_NONE)
		return g->conf->local_id;
	return ike_id_from_addr(&path->local.addr);
}

static int fill(struct ike_engine *e, struct ike_xchg *x, struct ike_action *a, bool initiator,
		const uint8_t *id_body, size_t id_len)
{
	struct ike_sa *sa = x->sa;
	struct ike_psk_request *q = &a->psk;

	/* 2.15: one's own first message, the other's nonce. */
	memcpy(q->gateway, sa->name, sizeof(q->gateway));
	q->local_id = x->local_id;
	q->remote_id = x->remote_id;
	q->prf = sa->suite.prf;
	x->waits_for = IKE_WAITS_KEYS;
	return ike_keymat_auth_octets(e->ops, sa->suite.prf,
				      initiator ? &sa->keys.pi : &sa->keys.pr,
				      initiator ? &sa->init_request : &sa->init_response,
				      initiator ? &sa->nr : &sa->ni, id_body, id_len, &q->octets);
}

int ike_auth_sign(struct ike_engine *e, struct ike_xchg *x, ike_done_fn done)
{
	struct ike_action *a = ike_action_ask(e, IKE_ACT_PSK_SIGN, x, done);
	uint8_t body[IKE_ID_BODY_MAX];
	size_t len = ike_wire_id_body(&x->local_id, body);

	return a ? fill(e, x, a, x->sa->initiator, body, len) : -ENOMEM;
}

int ike_auth_verify(struct ike_engine *e, struct ike_xchg *x, ike_done_fn done)
{
	struct ike_action *a = ike_action_ask(e, IKE_ACT_PSK_VERIFY, x, done);

	if (!a)
		return -ENOMEM;
	memcpy(a->psk.auth, x->peer_auth, sizeof(a->psk.auth));
	a->psk.auth_len = x->peer_auth_len;
	return fill(e, x, a, !x->sa->initiator, x->peer_id_body, x->peer_id_len);
}

bool ike_auth_signed(struct ike_xchg *x, const struct ike_result *r)
{
	if (r->error || !r->len || r->len > sizeof(x->auth))
		return false;
	memcpy(x->auth, r->data, r->len);
	x->auth_len = (uint8_t)r->len;
	return true;
}

static const char *method_name(uint8_t method)
{
	switch (method) {
	case IKE_AUTH_METHOD_SHARED_KEY:
		return "pre-shared key";
	case IKE_AUTH_METHOD_NULL:
		return "none";
	case 0:
		return "EAP";
	default:
		return "certificate";
	}
}

static uint16_t method_refused(struct ike_engine *e, struct ike_xchg *x, uint8_t method,
			       struct ike_cause *cause)
{
	ike_cause_of(e, cause, IKE_CAUSE_AUTH_METHOD, x);
	cause->field = IKE_FIELD_AUTH_METHOD;
	cause->certainty = IKE_CERTAIN;
	cause->notify = IKE_NOTIFY_AUTHENTICATION_FAILED;
	ike_cause_ours_str(cause, "pre-shared key");
	ike_cause_theirs_str(cause, method_name(method));
	if (x->sa->gateway)
		ike_cause_at(cause, &x->sa->gateway->conf->pos_auth);
	return IKE_NOTIFY_AUTHENTICATION_FAILED;
}

uint16_t ike_auth_read(struct ike_engine *e, struct ike_xchg *x, const struct ike_chain *c,
		       struct ike_cause *cause)
{
	const struct ike_payload *id = ike_chain_find(c, x->initiator ? IKE_PAYLOAD_IDR :
									IKE_PAYLOAD_IDI);
	const struct ike_payload *p = ike_chain_find(c, IKE_PAYLOAD_AUTH);
	struct ike_auth auth = { 0 };

	if (!id || id->len > sizeof(x->peer_id_body) ||
	    ike_wire_id_parse(&x->remote_id, id) != IKE_WIRE_OK ||
	    (p && ike_wire_auth_parse(&auth, p) != IKE_WIRE_OK)) {
		ike_cause_of(e, cause, IKE_CAUSE_SYNTAX, x);
		cause->notify = IKE_NOTIFY_INVALID_SYNTAX;
		return IKE_NOTIFY_INVALID_SYNTAX;
	}
	memcpy(x->peer_id_body, id->body, id->len);
	x->peer_id_len = id->len;
	if (auth.method != IKE_AUTH_METHOD_SHARED_KEY)
		return method_refused(e, x, auth.method, cause);
	/* A value of impossible length can't be right; the check says so by itself. */
	x->peer_auth_len = (uint8_t)(auth.len <= sizeof(x->peer_auth) ? auth.len : 0);
	memcpy(x->peer_auth, auth.data, x->peer_auth_len);
	return 0;
}

void ike_auth_cause(struct ike_engine *e, struct ike_cause *c, const struct ike_xchg *x, int error,
		    bool verify)
{
	enum ike_cause_code code = IKE_CAUSE_CRYPTO;

	if (error == -ENOENT)
		code = IKE_CAUSE_AUTH_NO_SECRET;
	else if (error == -EACCES && verify)
		code = IKE_CAUSE_AUTH_PSK;
	else if (error == -ENOMEM)
		code = IKE_CAUSE_NO_MEMORY;
	ike_cause_of(e, c, code, x);
	c->notify = IKE_NOTIFY_AUTHENTICATION_FAILED;
	c->field = code == IKE_CAUSE_AUTH_PSK || code == IKE_CAUSE_AUTH_NO_SECRET ?
		   IKE_FIELD_PSK : IKE_FIELD_NONE;
	if (x->sa->gateway)
		ike_cause_at(c, &x->sa->gateway->conf->pos_auth);
	ike_cause_ours_id(c, &x->local_id);
	ike_cause_theirs_id(c, &x->remote_id);
}
