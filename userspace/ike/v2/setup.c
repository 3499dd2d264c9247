// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A child's way into the kernel, the same for initiator and responder: a SPI before anything is
 * said, keys (RFC 7296, 2.17), the inbound SA before the peer may use it.
 */
#include "ike/v2/v2.h"

#include <errno.h>

static void kernel_cause(struct ike_engine *e, struct ike_cause *c, const struct ike_xchg *x,
			 const struct ike_result *r)
{
	if (!x->child) {
		ike_cause_of(e, c, IKE_CAUSE_CONF_REMOVED, x);
		return;
	}
	ike_cause_of(e, c, r->error == -ENOPKG ? IKE_CAUSE_KERNEL_ABSENT :
						 IKE_CAUSE_KERNEL_REFUSED, x);
	if (r->text)
		ike_cause_ours_str(c, r->text);
}

int ike_setup_spi(struct ike_engine *e, struct ike_xchg *x, ike_done_fn done)
{
	struct ike_action *a;

	x->child = ike_child_new(e, x->tunnel, x->sa, x->initiator);
	if (!x->child)
		return -ENOMEM;
	a = ike_action_ask(e, IKE_ACT_SPI_ALLOC, x, done);
	if (!a)
		return -ENOMEM;
	a->sa.id = ike_child_sa_id(x->child, true);
	a->sa.suite.protocol = x->child->protocol;
	a->sa.local = x->child->path.local;
	a->sa.remote = x->child->path.remote;
	a->sa.encap = x->child->encap;
	x->waits_for = IKE_WAITS_KERNEL;
	return 0;
}

bool ike_setup_spi_done(struct ike_engine *e, struct ike_xchg *x, const struct ike_result *r,
			struct ike_cause *cause)
{
	if (r->error || !r->spi || !x->child) {
		kernel_cause(e, cause, x, r);
		return false;
	}
	x->child->spi_in = r->spi;
	x->child->in_kernel = true;
	x->child->suite.protocol = x->child->protocol;
	x->spi = r->spi;
	x->protocol = x->child->protocol;
	return true;
}

int ike_setup_install(struct ike_engine *e, struct ike_xchg *x, ike_done_fn done)
{
	struct ike_child_keys keys;
	struct ike_child *c = x->child;
	int err;

	err = ike_keymat_child(e->ops, x->sa->suite.prf, &x->sa->keys.d, &x->suite, &x->shared,
			       &x->ni, &x->nr, &keys);
	if (err)
		return err;
	c->suite = x->suite;
	c->path = x->sa->path;
	c->encap = x->sa->encap;
	c->low = *ike_nonce_low(&x->ni, &x->nr);
	if (!x->initiator) {
		c->local_ts = x->tsr;
		c->remote_ts = x->tsi;
	}
	err = ike_child_add_in(e, c, &keys, x, done);
	ike_child_keys_wipe(&keys);
	vd_secret_free(&x->shared);
	return err;
}

/* Did the peer delete the child before we had its answer? */
static bool deleted(const struct ike_xchg *x)
{
	for (uint8_t i = 0; i < x->n_deleted; i++)
		if (x->deleted[i] == x->child->spi_out)
			return true;
	return false;
}

bool ike_setup_install_done(struct ike_engine *e, struct ike_xchg *x, const struct ike_result *r,
			    struct ike_cause *cause)
{
	if (x->child && deleted(x)) {
		ike_cause_of(e, cause, IKE_CAUSE_P2_DELETED, x);
		cause->told_by_peer = true;
		return false;
	}
	if (!r->error && x->child)
		return true;
	kernel_cause(e, cause, x, r);
	return false;
}
