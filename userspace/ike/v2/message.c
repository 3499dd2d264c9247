// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Requests and responses on their way out: sealed once, kept, and sent again byte for byte
 * (RFC 7296, 2.1 to 2.4).
 */
#include "ike/v2/v2.h"

static enum ike_step step_of(enum ike_exchange type, bool sent)
{
	switch (type) {
	case IKE_EXCHANGE_SA_INIT:
		return sent ? IKE_STEP_SA_INIT_SENT : IKE_STEP_SA_INIT_RECEIVED;
	case IKE_EXCHANGE_AUTH:
		return sent ? IKE_STEP_AUTH_SENT : IKE_STEP_AUTH_RECEIVED;
	case IKE_EXCHANGE_CREATE_CHILD_SA:
		return sent ? IKE_STEP_CREATE_CHILD_SENT : IKE_STEP_CREATE_CHILD_RECEIVED;
	case IKE_EXCHANGE_INFORMATIONAL:
		break;
	}
	return sent ? IKE_STEP_INFORMATIONAL_SENT : IKE_STEP_INFORMATIONAL_RECEIVED;
}

static enum ike_waits_for waits_of(enum ike_exchange type)
{
	switch (type) {
	case IKE_EXCHANGE_SA_INIT:		return IKE_WAITS_SA_INIT_RESPONSE;
	case IKE_EXCHANGE_AUTH:			return IKE_WAITS_AUTH_RESPONSE;
	case IKE_EXCHANGE_CREATE_CHILD_SA:	return IKE_WAITS_CREATE_CHILD_RESPONSE;
	case IKE_EXCHANGE_INFORMATIONAL:	break;
	}
	return IKE_WAITS_INFORMATIONAL_RESPONSE;
}

void ike_v2_send(struct ike_engine *e, const struct ike_path *path, const struct vd_secret *octets)
{
	struct ike_action *a = ike_action_push(e, IKE_ACT_SEND);

	if (!a)
		return;
	a->path = *path;
	/* Without memory for the copy the datagram is lost, as the network might have done. */
	if (!vd_secret_set(&a->data, octets->data, octets->len))
		e->counters.sent++;
}

static enum ike_wire_error seal(struct ike_engine *e, struct vd_secret *out, struct ike_xchg *x,
				enum ike_exchange type, const struct ike_builder *b)
{
	struct ike_sa *sa = x->sa;
	struct ike_header h = {
		.spi_i = sa->spi_i,
		.spi_r = sa->spi_r,
		.version = IKE_VERSION_2,
		.exchange = type,
		.message_id = x->message_id,
	};

	h.flags = (sa->initiator ? IKE_FLAG_INITIATOR : 0) |
		  (x->initiator ? 0 : IKE_FLAG_RESPONSE);
	if (type == IKE_EXCHANGE_SA_INIT)
		return ike_message_emit(out, &h, b);
	return ike_sk_seal(out, e->ops, ike_sa_keys_out(sa), &h, b);
}

bool ike_v2_request(struct ike_engine *e, struct ike_xchg *x, enum ike_exchange type,
		    const struct ike_builder *b)
{
	struct ike_sa *sa = x->sa;

	if (seal(e, &sa->request, x, type, b) != IKE_WIRE_OK)
		return false;
	x->waits_for = waits_of(type);
	x->answered = false;
	x->sent = true;
	sa->next_request = x->message_id + 1;
	sa->sends = 1;
	sa->interval = e->limits.retransmit_first;
	sa->last_sent = e->now;
	ike_v2_send(e, &sa->path, &sa->request);
	ike_arm(e, &sa->retransmit, e->now + sa->interval);
	ike_event_step(e, sa, step_of(type, true), true);
	return true;
}

void ike_v2_response(struct ike_engine *e, struct ike_xchg *x, enum ike_exchange type,
		     const struct ike_builder *b)
{
	struct ike_sa *sa = x->sa;

	/* The window moves even if we could not answer: the peer's retransmissions then stay unanswered. */
	sa->next_response = x->message_id + 1;
	sa->has_response = seal(e, &sa->response, x, type, b) == IKE_WIRE_OK;
	if (!sa->has_response) {
		ike_drop(e, IKE_DROP_NO_MEMORY);
		return;
	}
	sa->last_sent = e->now;
	ike_v2_send(e, &sa->path, &sa->response);
	ike_event_step(e, sa, step_of(type, true), false);
}

void ike_v2_refuse(struct ike_engine *e, struct ike_xchg *x, enum ike_exchange type,
		   enum ike_notify_type notify, const void *data, size_t len)
{
	uint8_t buf[128];
	struct ike_builder b = ike_builder_init(buf, sizeof(buf));

	ike_wire_notify_emit(&b, notify, data, len);
	ike_v2_response(e, x, type, &b);
	ike_xchg_end(e, x);
}

void ike_v2_send_again(struct ike_engine *e, struct ike_sa *sa, const struct ike_path *path)
{
	ike_drop(e, IKE_DROP_RETRANSMIT);
	e->counters.retransmitted++;
	ike_v2_send(e, path, &sa->response);
}

void ike_v2_reply_clear(struct ike_engine *e, const struct ike_path *path,
			const struct ike_header *to, enum ike_notify_type notify,
			const void *data, size_t len)
{
	vd_auto_secret octets = { 0 };
	uint8_t buf[128];
	struct ike_builder b = ike_builder_init(buf, sizeof(buf));
	struct ike_header h = {
		.spi_i = to->spi_i,
		.spi_r = to->spi_r,
		.version = IKE_VERSION_2,
		.exchange = to->exchange,
		.flags = IKE_FLAG_RESPONSE,
		.message_id = to->message_id,
	};

	ike_wire_notify_emit(&b, notify, data, len);
	if (ike_message_emit(&octets, &h, &b) == IKE_WIRE_OK)
		ike_v2_send(e, path, &octets);
}

/* ---- no answer ---- */

static enum ike_cause_code silence_code(const struct ike_sa *sa)
{
	switch (sa->out->kind) {
	case IKE_XCHG_SA_INIT:
		return IKE_CAUSE_NET_NO_ANSWER;
	case IKE_XCHG_AUTH:
		return sa->path.natt ? IKE_CAUSE_NET_NO_ANSWER_NATT : IKE_CAUSE_NET_NO_ANSWER;
	case IKE_XCHG_NEW_CHILD:
	case IKE_XCHG_REKEY_CHILD:
	case IKE_XCHG_REKEY_IKE:
	case IKE_XCHG_DELETE_CHILD:
	case IKE_XCHG_DELETE_IKE:
	case IKE_XCHG_LIVENESS:
	case IKE_XCHG_AUTH_FAILED:
	case IKE_XCHG_INFORMATIONAL:
		break;
	}
	return IKE_CAUSE_NET_DEAD;
}

static void give_up(struct ike_engine *e, struct ike_sa *sa)
{
	struct ike_gateway *g = sa->gateway;
	bool told = sa->state == IKE_SA_DELETING || sa->state == IKE_SA_REPLACED;
	struct ike_cause c;

	ike_cause_of(e, &c, silence_code(sa), sa->out);
	c.certainty = IKE_CERTAIN;
	if (!g || told) {
		/* A Delete without an answer has done its work. */
		ike_sa_end(e, sa, NULL);
		return;
	}
	ike_fail(e, g, sa->out->tunnel, &c);
	if (sa->state == IKE_SA_ESTABLISHED)
		ike_gateway_dead(e, g);
	else
		ike_gateway_retry(e, g);
	ike_sa_end(e, sa, &c);
}

void ike_v2_retransmit(struct ike_engine *e, struct ike_sa *sa)
{
	if (!sa->out || sa->out->answered)
		return;
	if (sa->sends >= e->limits.retransmit_tries) {
		give_up(e, sa);
		return;
	}
	sa->sends++;
	sa->interval *= 2;
	e->counters.retransmitted++;
	ike_v2_send(e, &sa->path, &sa->request);
	ike_arm(e, &sa->retransmit, e->now + sa->interval);
	ike_event_step(e, sa, IKE_STEP_RETRANSMIT, true);
}
