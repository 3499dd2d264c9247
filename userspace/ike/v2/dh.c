// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Diffie-Hellman as actions (RFC 7296, 2.12, 3.4), and nonces (2.10).
 */
#include "ike/v2/v2.h"

#include <errno.h>

int ike_dh_generate(struct ike_engine *e, struct ike_xchg *x, ike_done_fn done)
{
	struct ike_action *a = ike_action_ask(e, IKE_ACT_DH_GENERATE, x, done);

	if (!a)
		return -ENOMEM;
	a->group = x->group;
	x->waits_for = IKE_WAITS_DH;
	return 0;
}

bool ike_dh_generated(struct ike_xchg *x, const struct ike_result *r)
{
	return !r->error && !vd_secret_set(&x->dh_private, r->priv, r->priv_len) &&
	       !vd_secret_set(&x->dh_public, r->data, r->len);
}

int ike_dh_derive(struct ike_engine *e, struct ike_xchg *x, ike_done_fn done)
{
	struct ike_action *a = ike_action_ask(e, IKE_ACT_DH_DERIVE, x, done);

	if (!a || vd_secret_set(&a->data, x->dh_private.data, x->dh_private.len) ||
	    vd_secret_set(&a->peer_public, x->peer_public.data, x->peer_public.len))
		return -ENOMEM;
	a->group = x->group;
	x->waits_for = IKE_WAITS_DH;
	return 0;
}

bool ike_dh_derived(struct ike_xchg *x, const struct ike_result *r)
{
	vd_secret_free(&x->dh_private);
	return !r->error && !vd_secret_set(&x->shared, r->data, r->len);
}

bool ike_nonce_make(struct ike_engine *e, struct ike_nonce *n)
{
	n->len = IKE_V2_NONCE;
	return !e->ops->random(e->ops->ctx, n->data, n->len);
}

void ike_dh_cause(struct ike_engine *e, struct ike_cause *c, const struct ike_xchg *x, int error)
{
	ike_cause_of(e, c, error == -EBADMSG ? IKE_CAUSE_SYNTAX :
			   error == -ENOMEM ? IKE_CAUSE_NO_MEMORY : IKE_CAUSE_CRYPTO, x);
	c->field = IKE_FIELD_DH;
	if (error == -EBADMSG)
		ike_cause_theirs_str(c, "invalid Diffie-Hellman value");
}
