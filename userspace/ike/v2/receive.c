// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A datagram's way in: header, IKE SA, window, decryption, chain, exchange (RFC 7296, 2.1 to 2.3, 2.5,
 * 2.21). Nothing is believed before the integrity check; nothing is answered twice differently.
 */
#include "ike/v2/v2.h"

static enum ike_drop drop_of(enum ike_wire_error err)
{
	switch (err) {
	case IKE_WIRE_TRUNCATED:	return IKE_DROP_TRUNCATED;
	case IKE_WIRE_LENGTH:		return IKE_DROP_LENGTH;
	case IKE_WIRE_VERSION:		return IKE_DROP_VERSION;
	case IKE_WIRE_INTEGRITY:	return IKE_DROP_INTEGRITY;
	case IKE_WIRE_NO_MEMORY:	return IKE_DROP_NO_MEMORY;
	case IKE_WIRE_UNEXPECTED:	return IKE_DROP_UNEXPECTED;
	case IKE_WIRE_OK:
	case IKE_WIRE_SYNTAX:
	case IKE_WIRE_CRITICAL:
	case IKE_WIRE_TOO_MANY:
	case IKE_WIRE_MISSING:
	case IKE_WIRE_SPACE:
	case IKE_WIRE_CRYPTO:
		break;
	}
	return IKE_DROP_SYNTAX;
}

/* ---- IKE_SA_INIT: in the clear ---- */

static void sa_init(struct ike_engine *e, const struct ike_v2_input *in)
{
	const struct ike_header *h = &in->message->header;
	bool response = h->flags & IKE_FLAG_RESPONSE;
	struct ike_sa *sa;

	if (in->message->sealed.type || !h->spi_i || h->message_id) {
		ike_drop(e, IKE_DROP_UNEXPECTED);
	} else if (!response && (h->flags & IKE_FLAG_INITIATOR) && !h->spi_r) {
		ike_v2_sa_init_request(e, in);
	} else if (response && !(h->flags & IKE_FLAG_INITIATOR)) {
		sa = ike_sa_by_spi(e, h->spi_i);
		if (sa && sa->initiator)
			ike_v2_sa_init_response(e, sa, in);
		else
			ike_drop(e, IKE_DROP_UNKNOWN_SPI);
	} else {
		ike_drop(e, IKE_DROP_FLAGS);
	}
}

/* ---- protected messages ---- */

static struct ike_sa *find_sa(struct ike_engine *e, const struct ike_header *h)
{
	bool from_initiator = h->flags & IKE_FLAG_INITIATOR;
	struct ike_sa *sa = ike_sa_by_spi(e, from_initiator ? h->spi_r : h->spi_i);

	if (!sa || !sa->keyed || sa->initiator == from_initiator)
		return NULL;
	return sa->spi_i == h->spi_i && sa->spi_r == h->spi_r ? sa : NULL;
}

static bool hash_of(struct ike_engine *e, const struct ike_message *m, uint8_t out[static 32])
{
	struct ike_iov whole = { m->data, m->len };

	return !e->ops->hash(e->ops->ctx, IKE_HASH_SHA2_256, &whole, 1, out);
}

/* 2.3: one request at a time, in order. True: this is the next one. */
static bool request_in_window(struct ike_engine *e, struct ike_sa *sa,
			      const struct ike_v2_input *in)
{
	uint32_t id = in->message->header.message_id;
	uint8_t hash[32];

	if (id + 1 == sa->next_response && sa->has_response) {
		/* 2.1: the same octets get the same answer; anything else with this id gets none. */
		if (hash_of(e, in->message, hash) &&
		    vd_equal_ct(hash, sa->request_hash, sizeof(hash)))
			ike_v2_send_again(e, sa, in->path);
		else
			ike_drop(e, IKE_DROP_MESSAGE_ID);
		return false;
	}
	if (id != sa->next_response) {
		ike_drop(e, IKE_DROP_MESSAGE_ID);
		return false;
	}
	if (sa->in) {
		ike_drop(e, IKE_DROP_RETRANSMIT);
		return false;
	}
	return true;
}

static enum ike_exchange exchange_of(enum ike_xchg_kind kind)
{
	switch (kind) {
	case IKE_XCHG_SA_INIT:		return IKE_EXCHANGE_SA_INIT;
	case IKE_XCHG_AUTH:		return IKE_EXCHANGE_AUTH;
	case IKE_XCHG_NEW_CHILD:
	case IKE_XCHG_REKEY_CHILD:
	case IKE_XCHG_REKEY_IKE:	return IKE_EXCHANGE_CREATE_CHILD_SA;
	case IKE_XCHG_DELETE_CHILD:
	case IKE_XCHG_DELETE_IKE:
	case IKE_XCHG_LIVENESS:
	case IKE_XCHG_AUTH_FAILED:
	case IKE_XCHG_INFORMATIONAL:
		break;
	}
	return IKE_EXCHANGE_INFORMATIONAL;
}

static bool response_in_window(const struct ike_sa *sa, const struct ike_header *h)
{
	return sa->out && !sa->out->answered && ike_timer_armed(&sa->retransmit) &&
	       h->message_id == sa->out->message_id && h->exchange == exchange_of(sa->out->kind);
}

static bool request_allowed(const struct ike_sa *sa, uint8_t exchange)
{
	switch (sa->state) {
	case IKE_SA_AUTH:
		return exchange == IKE_EXCHANGE_AUTH && !sa->initiator;
	case IKE_SA_INIT:	/* a rekeyed SA whose fate is open */
	case IKE_SA_ESTABLISHED:
	case IKE_SA_REPLACED:
	case IKE_SA_DELETING:
		return exchange == IKE_EXCHANGE_CREATE_CHILD_SA ||
		       exchange == IKE_EXCHANGE_INFORMATIONAL;
	case IKE_SA_CLOSED:
	case IKE_SA_DEAD:
		break;
	}
	return false;
}

static enum ike_step step_of(uint8_t exchange)
{
	if (exchange == IKE_EXCHANGE_AUTH)
		return IKE_STEP_AUTH_RECEIVED;
	return exchange == IKE_EXCHANGE_CREATE_CHILD_SA ? IKE_STEP_CREATE_CHILD_RECEIVED :
							  IKE_STEP_INFORMATIONAL_RECEIVED;
}

static void take_request(struct ike_engine *e, struct ike_sa *sa, const struct ike_v2_input *in,
			 struct vd_secret *octets, enum ike_wire_error err,
			 const struct ike_chain *c, uint8_t at)
{
	enum ike_exchange type = (enum ike_exchange)in->message->header.exchange;
	struct ike_xchg *x;

	if (!request_allowed(sa, type)) {
		ike_drop(e, IKE_DROP_EXCHANGE);
		return;
	}
	x = hash_of(e, in->message, sa->request_hash) ?
	    ike_xchg_new(e, sa, type == IKE_EXCHANGE_AUTH ? IKE_XCHG_AUTH : IKE_XCHG_INFORMATIONAL,
			 false) : NULL;
	if (!x) {
		ike_drop(e, IKE_DROP_NO_MEMORY);
		return;
	}
	ike_child_use_waiting(e, sa);
	if (err == IKE_WIRE_CRITICAL) {
		/* 2.5: the payload is named, the message ignored. */
		ike_v2_refuse(e, x, type, IKE_NOTIFY_UNSUPPORTED_CRITICAL_PAYLOAD, &at, 1);
	} else if (err != IKE_WIRE_OK) {
		ike_drop(e, IKE_DROP_SYNTAX);
		ike_v2_refuse(e, x, type, IKE_NOTIFY_INVALID_SYNTAX, NULL, 0);
		if (sa->state == IKE_SA_AUTH)
			ike_sa_set_state(e, sa, IKE_SA_CLOSED, NULL);
	} else if (type == IKE_EXCHANGE_AUTH) {
		ike_v2_auth_request(e, x, octets, c);
	} else if (type == IKE_EXCHANGE_CREATE_CHILD_SA) {
		ike_v2_create_child_request(e, x, c);
	} else {
		ike_v2_informational_request(e, x, c);
	}
}

/* 2.21.3: an authentic answer that can't be read ends the IKE SA. */
static void bad_response(struct ike_engine *e, struct ike_sa *sa)
{
	struct ike_cause c;

	ike_drop(e, IKE_DROP_SYNTAX);
	ike_cause_of(e, &c, IKE_CAUSE_SYNTAX, sa->out);
	if (sa->gateway) {
		ike_fail(e, sa->gateway, NULL, &c);
		ike_gateway_retry(e, sa->gateway);
	}
	ike_sa_end(e, sa, &c);
}

static void take_response(struct ike_engine *e, struct ike_sa *sa, struct vd_secret *octets,
			  enum ike_wire_error err, const struct ike_chain *c)
{
	struct ike_xchg *x = sa->out;

	if (err != IKE_WIRE_OK) {
		bad_response(e, sa);
		return;
	}
	x->answered = true;
	x->waits_for = IKE_WAITS_NOTHING;
	ike_disarm(e, &sa->retransmit);
	/* Taken down meanwhile: the Delete waits behind this one and covers its child. */
	if (sa->state == IKE_SA_DELETING && x->kind != IKE_XCHG_REKEY_IKE &&
	    x->kind != IKE_XCHG_DELETE_IKE && x->kind != IKE_XCHG_AUTH_FAILED) {
		ike_xchg_end(e, x);
		return;
	}
	switch (x->kind) {
	case IKE_XCHG_AUTH:
		ike_v2_auth_response(e, x, octets, c);
		break;
	case IKE_XCHG_NEW_CHILD:
	case IKE_XCHG_REKEY_CHILD:
		ike_v2_create_child_response(e, x, c);
		break;
	case IKE_XCHG_REKEY_IKE:
		ike_v2_rekey_ike_response(e, x, c);
		break;
	case IKE_XCHG_DELETE_CHILD:
	case IKE_XCHG_DELETE_IKE:
	case IKE_XCHG_LIVENESS:
	case IKE_XCHG_AUTH_FAILED:
	case IKE_XCHG_INFORMATIONAL:
		ike_v2_informational_response(e, x, c);
		break;
	case IKE_XCHG_SA_INIT:
		break;
	}
}

static void protected_message(struct ike_engine *e, const struct ike_v2_input *in)
{
	const struct ike_header *h = &in->message->header;
	bool response = h->flags & IKE_FLAG_RESPONSE;
	struct ike_sa *sa = find_sa(e, h);
	vd_auto_secret plain = { 0 };
	struct ike_chain chain;
	enum ike_wire_error err;
	uint8_t at = 0;

	if (!sa) {
		ike_drop(e, IKE_DROP_UNKNOWN_SPI);
		return;
	}
	if (response && !response_in_window(sa, h)) {
		ike_drop(e, IKE_DROP_MESSAGE_ID);
		return;
	}
	if (!response && !request_in_window(e, sa, in))
		return;
	/* Fragments were not offered (RFC 7383, 2.3). */
	if (in->message->sealed.type != IKE_PAYLOAD_SK) {
		ike_drop(e, IKE_DROP_UNEXPECTED);
		return;
	}
	err = ike_sk_open(&plain, e->ops, ike_sa_keys_in(sa), in->message);
	if (err != IKE_WIRE_OK && err != IKE_WIRE_SYNTAX) {
		ike_drop(e, drop_of(err));
		return;
	}
	sa->last_heard = e->now;
	if (err == IKE_WIRE_OK)
		err = ike_chain_parse(&chain, in->message->sealed.first, plain.data, plain.len, &at);
	ike_sa_follow(e, sa, in->path);
	ike_event_step(e, sa, step_of(h->exchange), !response);
	if (response)
		take_response(e, sa, &plain, err, &chain);
	else
		take_request(e, sa, in, &plain, err, &chain, at);
}

static void datagram(struct ike_engine *e, const struct ike_path *path, const uint8_t *data,
		     size_t len)
{
	struct ike_v2_input in = { .path = path };
	struct ike_message m;
	struct ike_header h;
	enum ike_wire_error err = ike_header_parse(&h, data, len);
	uint8_t at = 0;

	if (err != IKE_WIRE_OK) {
		ike_drop(e, drop_of(err));
		return;
	}
	if (IKE_VERSION_MAJOR(h.version) != 2) {
		ike_v2_other_version(e, path, &h);
		return;
	}
	err = ike_message_parse(&m, data, len, &at);
	if (err == IKE_WIRE_CRITICAL) {
		ike_v2_unknown_critical(e, path, &h, at);
		return;
	}
	if (err != IKE_WIRE_OK) {
		ike_drop(e, drop_of(err));
		return;
	}
	in.message = &m;
	switch (h.exchange) {
	case IKE_EXCHANGE_SA_INIT:
		sa_init(e, &in);
		break;
	case IKE_EXCHANGE_AUTH:
	case IKE_EXCHANGE_CREATE_CHILD_SA:
	case IKE_EXCHANGE_INFORMATIONAL:
		protected_message(e, &in);
		break;
	default:
		ike_drop(e, IKE_DROP_EXCHANGE);
	}
}

void ike_engine_datagram(struct ike_engine *e, vd_time now, const struct ike_path *path,
			 const uint8_t *data, size_t len)
{
	e->now = now;
	e->counters.received++;
	datagram(e, path, data, len);
	ike_engine_reap(e);
}

void ike_v2_start(struct ike_engine *e, struct ike_xchg *x)
{
	switch (x->kind) {
	case IKE_XCHG_NEW_CHILD:
	case IKE_XCHG_REKEY_CHILD:
		ike_v2_create_child_start(e, x);
		break;
	case IKE_XCHG_REKEY_IKE:
		ike_v2_rekey_ike_start(e, x);
		break;
	case IKE_XCHG_DELETE_CHILD:
	case IKE_XCHG_DELETE_IKE:
	case IKE_XCHG_LIVENESS:
	case IKE_XCHG_AUTH_FAILED:
		ike_v2_informational_start(e, x);
		break;
	case IKE_XCHG_SA_INIT:
	case IKE_XCHG_AUTH:
	case IKE_XCHG_INFORMATIONAL:
		break;		/* not tasks */
	}
}
