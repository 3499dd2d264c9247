// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * IKE_SA_INIT as responder (RFC 7296, 1.2, 2.6, 2.7): limits, cookie, gateway, proposal, group;
 * only then state:
 *
 *	request -> DH -> shared secret -> response -> wait for IKE_AUTH
 */
#include "ike/v2/v2.h"

#include <stdlib.h>

#define REPLIES_PER_SECOND	100	/* unauthenticated error replies */
#define EVENTS_PER_SECOND	5	/* events the unauthenticated can cause */
#define REFUSED_TIME		(60 * VD_SECOND)

/* The request as locals, before there is any state. */
struct init_request {
	const struct ike_v2_input	*in;
	const struct ike_header		*h;
	struct ike_proposal_list	theirs;
	struct ike_ke			ke;
	struct ike_nonce		ni;
};

/* ---- refusing without state ---- */

/* True once for each attempt, and not too often. */
static bool worth_telling(struct ike_engine *e, uint64_t spi, const struct vd_addr *from)
{
	struct ike_refused *r;

	for (size_t i = 0; i < IKE_REFUSED_MAX; i++) {
		r = &e->refused[i];
		if (r->spi == spi && vd_addr_equal(&r->from, from) &&
		    e->now - r->when < REFUSED_TIME)
			return false;
	}
	if (!ike_rate_take(e, &e->rate_event, EVENTS_PER_SECOND))
		return false;
	r = &e->refused[e->refused_next++ % IKE_REFUSED_MAX];
	*r = (struct ike_refused){ .spi = spi, .from = *from, .when = e->now };
	return true;
}

static void refuse(struct ike_engine *e, const struct ike_v2_input *in, const struct ike_header *h,
		   enum ike_notify_type notify, const void *data, size_t len)
{
	if (ike_rate_take(e, &e->rate_reply, REPLIES_PER_SECOND))
		ike_v2_reply_clear(e, in->path, h, notify, data, len);
}

static void tell(struct ike_engine *e, struct ike_gateway *g, uint64_t spi, struct ike_cause *c)
{
	if (worth_telling(e, spi, &c->peer.addr))
		ike_fail(e, g, NULL, c);
}

/* ---- gateways ---- */

/*
 * Of the gateways for this peer the first that shares a proposal; those with the peer's address go
 * before those for any. If none shares one, *@nearest and *@diff tell of the first.
 */
static struct ike_gateway *choose(struct ike_engine *e, const struct init_request *q,
				  struct ike_selection *sel, struct ike_gateway **nearest,
				  struct ike_proposal_diff *diff)
{
	struct ike_select_rules rules = { .ke_group = (enum ike_dh)q->ke.group };
	struct ike_proposal_diff d;
	struct ike_gateway *g;

	*nearest = NULL;
	for (int any = 0; any < 2; any++) {
		for (g = ike_gateways_for(e, any ? NULL : &q->in->path->remote.addr); g;
		     g = g->next_addr) {
			if (!ike_gateway_serves(g, q->in->path) || g->conf->version != 2)
				continue;
			if (ike_proposal_select(&g->conf->proposals, &q->theirs, &rules, sel, &d))
				return g;
			if (!*nearest) {
				*nearest = g;
				*diff = d;
			}
		}
	}
	return NULL;
}

static struct ike_gateway *first_gateway(struct ike_engine *e, const struct ike_path *path,
					 bool (*fits)(const struct ike_gateway *g,
						      const struct ike_path *path))
{
	struct ike_gateway *g;

	for (int any = 0; any < 2; any++)
		for (g = ike_gateways_for(e, any ? NULL : &path->remote.addr); g; g = g->next_addr)
			if (fits(g, path))
				return g;
	return NULL;
}

static struct ike_gateway *any_version(struct ike_engine *e, const struct ike_path *path)
{
	return first_gateway(e, path, ike_gateway_serves);
}

static void version_cause(struct ike_engine *e, struct ike_cause *c, struct ike_gateway *g,
			  const struct vd_endpoint *peer, unsigned int major)
{
	char text[12];
	struct vd_strbuf b = vd_strbuf_init(text, sizeof(text));

	ike_cause_init(e, c, IKE_CAUSE_P1_VERSION, g, NULL, peer);
	ike_cause_at(c, &g->conf->pos_version);
	c->field = IKE_FIELD_VERSION;
	c->notify = IKE_NOTIFY_INVALID_MAJOR_VERSION;
	ike_cause_ours_str(c, g->conf->version == 1 ? "1" : "2");
	vd_strbuf_u64(&b, major);
	ike_cause_theirs_str(c, text);
}

static void no_gateway(struct ike_engine *e, const struct init_request *q,
		       struct ike_gateway *nearest, const struct ike_proposal_diff *diff)
{
	struct ike_gateway *other = nearest ? NULL : any_version(e, q->in->path);
	struct ike_gateway *held = nearest || other ? NULL :
				   first_gateway(e, q->in->path, ike_gateway_is_for);
	struct ike_sa as = { .gateway = nearest, .path = *q->in->path };
	struct ike_xchg x = { .sa = &as };
	struct ike_cause c;

	if (nearest) {
		ike_cause_diff(e, &c, &x, false, &nearest->conf->proposals, &q->theirs, diff);
		c.notify = IKE_NOTIFY_NO_PROPOSAL_CHOSEN;
	} else if (other && other->conf->version != 2) {
		version_cause(e, &c, other, &q->in->path->remote, 2);
		refuse(e, q->in, q->h, IKE_NOTIFY_INVALID_MAJOR_VERSION, NULL, 0);
		tell(e, other, q->h->spi_i, &c);
		return;
	} else if (held) {
		ike_drop(e, IKE_DROP_NO_GATEWAY);
		ike_cause_init(e, &c, IKE_CAUSE_ADMIN_DOWN, held, NULL, &q->in->path->remote);
		c.notify = IKE_NOTIFY_NO_PROPOSAL_CHOSEN;
		nearest = held;
	} else {
		ike_drop(e, IKE_DROP_NO_GATEWAY);
		ike_cause_init(e, &c, IKE_CAUSE_AUTH_NO_GATEWAY, NULL, NULL, &q->in->path->remote);
		c.notify = IKE_NOTIFY_NO_PROPOSAL_CHOSEN;
	}
	refuse(e, q->in, q->h, IKE_NOTIFY_NO_PROPOSAL_CHOSEN, NULL, 0);
	tell(e, nearest, q->h->spi_i, &c);
}

/* ---- state ---- */

static void end_quietly(struct ike_engine *e, struct ike_xchg *x)
{
	ike_drop(e, IKE_DROP_NO_MEMORY);
	ike_sa_end(e, x->sa, NULL);
}

static bool make_keys(struct ike_engine *e, struct ike_xchg *x)
{
	vd_auto_key skeyseed = { 0 };
	struct ike_sa *sa = x->sa;

	return !ike_keymat_skeyseed(e->ops, sa->suite.prf, &sa->ni, &sa->nr, &x->shared,
				    &skeyseed) &&
	       !ike_keymat_sa(e->ops, &sa->suite, &skeyseed, &sa->ni, &sa->nr, sa->spi_i, sa->spi_r,
			      &sa->keys);
}

static void respond(struct ike_engine *e, struct ike_xchg *x)
{
	uint8_t buf[4096];
	struct ike_builder b = ike_builder_init(buf, sizeof(buf));
	struct ike_sa *sa = x->sa;

	ike_wire_sa_emit(&b, x->offer);
	ike_wire_ke_emit(&b, x->group, x->dh_public.data, x->dh_public.len);
	ike_wire_nonce_emit(&b, &sa->nr);
	ike_nat_emit(e, &b, sa);
	ike_v2_response(e, x, IKE_EXCHANGE_SA_INIT, &b);
	if (!sa->has_response ||
	    vd_secret_set(&sa->init_response, sa->response.data, sa->response.len)) {
		end_quietly(e, x);
		return;
	}
	sa->keyed = true;
	ike_sa_set_state(e, sa, IKE_SA_AUTH, NULL);
	ike_xchg_end(e, x);
}

static void on_derived(struct ike_engine *e, struct ike_xchg *x, const struct ike_result *r)
{
	if (!ike_dh_derived(x, r) || !make_keys(e, x)) {
		/* RFC 6989: a bad public value is not answered. */
		ike_drop(e, IKE_DROP_SYNTAX);
		ike_sa_end(e, x->sa, NULL);
		return;
	}
	respond(e, x);
}

static void on_generated(struct ike_engine *e, struct ike_xchg *x, const struct ike_result *r)
{
	if (!ike_dh_generated(x, r) || ike_dh_derive(e, x, on_derived))
		end_quietly(e, x);
}

/* The one proposal we answer with. */
static bool keep_answer(struct ike_xchg *x, const struct ike_selection *sel)
{
	x->offer = calloc(1, sizeof(*x->offer));
	if (!x->offer)
		return false;
	x->offer->n = 1;
	x->offer->p[0] = sel->chosen;
	x->offer->p[0].spi_len = 0;
	return true;
}

static void admit(struct ike_engine *e, struct ike_gateway *g, const struct init_request *q,
		   const struct ike_selection *sel)
{
	struct ike_iov whole = { q->in->message->data, q->in->message->len };
	struct ike_sa *sa = ike_sa_new(e, g, false, q->in->path);
	struct ike_xchg *x = sa ? ike_xchg_new(e, sa, IKE_XCHG_SA_INIT, false) : NULL;

	if (!x) {
		ike_drop(e, IKE_DROP_NO_MEMORY);
		if (sa)
			ike_sa_end(e, sa, NULL);
		return;
	}
	sa->spi_i = q->h->spi_i;
	sa->ni = q->ni;
	sa->suite = sel->suite;
	x->group = sel->suite.dh;
	ike_arm(e, &sa->expire, e->now + e->limits.half_open_timeout);
	if (ike_sa_count_half_open(e, sa, q->h->spi_i) || !ike_nonce_make(e, &sa->nr) ||
	    e->ops->hash(e->ops->ctx, IKE_HASH_SHA2_256, &whole, 1, sa->request_hash) ||
	    vd_secret_set(&sa->init_request, whole.data, whole.len) ||
	    vd_secret_set(&x->peer_public, q->ke.data, q->ke.len) || !keep_answer(x, sel)) {
		end_quietly(e, x);
		return;
	}
	ike_event_step(e, sa, IKE_STEP_SA_INIT_RECEIVED, true);
	ike_nat_detect(e, sa, &q->in->message->clear, q->h, q->in->path);
	if (ike_dh_generate(e, x, on_generated))
		end_quietly(e, x);
}

/* ---- request ---- */

/* One we know already: answered again, or under way, or a different one with the same SPI. */
static void again(struct ike_engine *e, struct ike_sa *sa, const struct ike_v2_input *in)
{
	struct ike_iov whole = { in->message->data, in->message->len };
	uint8_t hash[32];

	if (sa->state == IKE_SA_AUTH && sa->next_response == 1 && sa->has_response &&
	    !e->ops->hash(e->ops->ctx, IKE_HASH_SHA2_256, &whole, 1, hash) &&
	    vd_equal_ct(hash, sa->request_hash, sizeof(hash)))
		ike_v2_send_again(e, sa, in->path);
	else
		ike_drop(e, IKE_DROP_RETRANSMIT);
}

static bool over_limit(struct ike_engine *e, const struct vd_addr *from)
{
	return e->half_open >= e->limits.half_open_max ||
	       ike_half_open_from(e, from) >= e->limits.half_open_per_source;
}

/* 2.6. True: the request may go on. */
static bool cookie_passes(struct ike_engine *e, const struct init_request *q)
{
	uint8_t cookie[IKE_COOKIE_LEN];
	struct ike_sa as = { .path = *q->in->path };
	struct ike_notify n;
	bool has = ike_chain_notify(&q->in->message->clear, IKE_NOTIFY_COOKIE, &n);

	if (!ike_cookie_needed(e))
		return true;
	if (has && ike_cookie_valid(e, q->h, &q->ni, q->in->path, n.data, n.len))
		return true;
	ike_drop(e, IKE_DROP_COOKIE);
	/* No rate here: the answer is shorter than the question, and the honest need it. */
	if (ike_cookie_make(e, q->h, &q->ni, q->in->path, cookie)) {
		ike_v2_reply_clear(e, q->in->path, q->h, IKE_NOTIFY_COOKIE, cookie, sizeof(cookie));
		ike_event_step(e, &as, IKE_STEP_COOKIE_SENT, false);
	}
	return false;
}

void ike_v2_sa_init_request(struct ike_engine *e, const struct ike_v2_input *in)
{
	const struct ike_chain *c = &in->message->clear;
	struct init_request q = { .in = in, .h = &in->message->header };
	struct ike_sa *sa = ike_sa_by_init(e, q.h->spi_i, &in->path->remote);
	struct ike_gateway *g, *nearest;
	struct ike_selection sel;
	struct ike_proposal_diff diff;
	uint8_t group[2];

	if (sa) {
		again(e, sa, in);
		return;
	}
	if (!ike_v2_allowed(IKE_V2_SA_INIT_REQUEST, c) ||
	    ike_wire_sa_parse(&q.theirs, ike_chain_find(c, IKE_PAYLOAD_SA)) != IKE_WIRE_OK ||
	    ike_wire_ke_parse(&q.ke, ike_chain_find(c, IKE_PAYLOAD_KE)) != IKE_WIRE_OK ||
	    ike_wire_nonce_parse(&q.ni, ike_chain_find(c, IKE_PAYLOAD_NONCE)) != IKE_WIRE_OK) {
		ike_drop(e, IKE_DROP_SYNTAX);
		return;
	}
	if (over_limit(e, &in->path->remote.addr)) {
		ike_drop(e, IKE_DROP_HALF_OPEN);
		return;
	}
	if (!cookie_passes(e, &q))
		return;
	g = choose(e, &q, &sel, &nearest, &diff);
	if (!g) {
		no_gateway(e, &q, nearest, &diff);
		return;
	}
	if (sel.suite.dh != q.ke.group) {
		group[0] = (uint8_t)(sel.suite.dh >> 8);
		group[1] = (uint8_t)sel.suite.dh;
		refuse(e, in, q.h, IKE_NOTIFY_INVALID_KE_PAYLOAD, group, sizeof(group));
		return;
	}
	admit(e, g, &q, &sel);
}

/* ---- other versions (2.5) ---- */

void ike_v2_other_version(struct ike_engine *e, const struct ike_path *path,
			  const struct ike_header *h)
{
	struct ike_gateway *g = any_version(e, path);
	unsigned int major = IKE_VERSION_MAJOR(h->version);
	struct ike_v2_input in = { .path = path };
	struct ike_cause c;

	ike_drop(e, IKE_DROP_VERSION);
	/* Only what begins an SA is answered; the rest may be anything. */
	if (!g || h->spi_r || (major > 2 && (h->flags & IKE_FLAG_RESPONSE)))
		return;
	refuse(e, &in, h, IKE_NOTIFY_INVALID_MAJOR_VERSION, NULL, 0);
	version_cause(e, &c, g, &path->remote, major);
	tell(e, g, h->spi_i, &c);
}

void ike_v2_unknown_critical(struct ike_engine *e, const struct ike_path *path,
			     const struct ike_header *h, uint8_t type)
{
	struct ike_v2_input in = { .path = path };

	ike_drop(e, IKE_DROP_SYNTAX);
	/* Only a request is answered, and only to a peer we have a gateway for. */
	if (h->exchange != IKE_EXCHANGE_SA_INIT || h->spi_r || (h->flags & IKE_FLAG_RESPONSE) ||
	    !any_version(e, path))
		return;
	refuse(e, &in, h, IKE_NOTIFY_UNSUPPORTED_CRITICAL_PAYLOAD, &type, 1);
}
