// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Failures as values: every cause the core tells is made here.
 */
#include "ike/failure.h"

#include <stdlib.h>
#include <string.h>

static enum ike_phase phase_of(enum ike_cause_code code)
{
	switch (code / 1000) {
	case 1: return IKE_PHASE_1;
	case 2: return IKE_PHASE_2;
	case 3: return IKE_PHASE_AUTH;
	case 5: return IKE_PHASE_KERNEL;
	default: return IKE_PHASE_NONE;
	}
}

static void copy_str(char *out, size_t cap, const char *in)
{
	struct vd_strbuf b = vd_strbuf_init(out, cap);

	vd_strbuf_str(&b, in);
}

void ike_cause_init(struct ike_engine *e, struct ike_cause *c, enum ike_cause_code code,
		    const struct ike_gateway *g, const struct ike_tunnel *t,
		    const struct vd_endpoint *peer)
{
	*c = (struct ike_cause){ .code = code, .phase = phase_of(code), .when = e->now };
	if (g) {
		copy_str(c->gateway, sizeof(c->gateway), g->name);
		ike_cause_at(c, &g->conf->pos);
	}
	if (t) {
		copy_str(c->tunnel, sizeof(c->tunnel), t->name);
		ike_cause_at(c, &t->conf->pos);
	}
	if (peer)
		c->peer = *peer;
}

void ike_cause_of(struct ike_engine *e, struct ike_cause *c, enum ike_cause_code code,
		  const struct ike_xchg *x)
{
	const struct ike_gateway *g = x->sa->gateway;
	enum ike_phase phase = phase_of(code);
	bool tunnel = x->kind != IKE_XCHG_SA_INIT &&
		      (x->kind != IKE_XCHG_AUTH || phase == IKE_PHASE_2 || phase == IKE_PHASE_KERNEL);

	/* Until the IKE SA is up a failure is the gateway's, whichever tunnel asked for it. */
	ike_cause_init(e, c, code, g, tunnel ? x->tunnel : NULL, &x->sa->path.remote);
	if (g && code / 1000 == 4)
		ike_cause_at(c, &g->conf->pos_remote);
	c->initiator = x->initiator;
}

void ike_cause_at(struct ike_cause *c, const struct ike_pos *pos)
{
	/* Line 0 is a default: the block's own line, set before, says more. */
	if (!pos->line || !pos->file)
		return;
	copy_str(c->file, sizeof(c->file), pos->file);
	c->line = pos->line;
}

void ike_cause_ours_str(struct ike_cause *c, const char *text)
{
	copy_str(c->ours, sizeof(c->ours), text);
}

void ike_cause_theirs_str(struct ike_cause *c, const char *text)
{
	copy_str(c->theirs, sizeof(c->theirs), text);
}

void ike_cause_ours_proposals(struct ike_cause *c, const struct ike_proposal_list *list)
{
	struct vd_strbuf b = vd_strbuf_init(c->ours, sizeof(c->ours));

	ike_proposal_list_format(&b, list);
}

void ike_cause_ours_pfs(struct ike_cause *c, const struct ike_proposal_list *list)
{
	const struct ike_proposal_diff diff = { .field = IKE_FIELD_PFS };
	char same[IKE_CAUSE_VALUE];
	struct vd_strbuf ours = vd_strbuf_init(c->ours, sizeof(c->ours));
	struct vd_strbuf theirs = vd_strbuf_init(same, sizeof(same));

	ike_proposal_diff_format(&ours, &theirs, list, list, &diff);
}

void ike_cause_theirs_proposals(struct ike_cause *c, const struct ike_proposal_list *list)
{
	struct vd_strbuf b = vd_strbuf_init(c->theirs, sizeof(c->theirs));

	ike_proposal_list_format(&b, list);
}

static void format_ts(char *out, size_t cap, const struct ike_ts_list *from,
		      const struct ike_ts_list *to)
{
	struct vd_strbuf b = vd_strbuf_init(out, cap);

	vd_strbuf_str(&b, "local ");
	ike_ts_list_format(&b, from);
	vd_strbuf_str(&b, " remote ");
	ike_ts_list_format(&b, to);
}

void ike_cause_ours_ts(struct ike_cause *c, const struct ike_ts_list *local,
		       const struct ike_ts_list *remote)
{
	format_ts(c->ours, sizeof(c->ours), local, remote);
}

void ike_cause_theirs_ts(struct ike_cause *c, const struct ike_ts_list *local,
			 const struct ike_ts_list *remote)
{
	format_ts(c->theirs, sizeof(c->theirs), local, remote);
}

void ike_cause_ours_id(struct ike_cause *c, const struct ike_id *id)
{
	struct vd_strbuf b = vd_strbuf_init(c->ours, sizeof(c->ours));

	ike_id_format(&b, id);
}

void ike_cause_theirs_id(struct ike_cause *c, const struct ike_id *id)
{
	struct vd_strbuf b = vd_strbuf_init(c->theirs, sizeof(c->theirs));

	ike_id_format(&b, id);
}

static enum ike_cause_code code_of_field(enum ike_field field, bool phase2)
{
	switch (field) {
	case IKE_FIELD_KEY_LENGTH:
	case IKE_FIELD_ENCR:		return phase2 ? IKE_CAUSE_P2_ENCR : IKE_CAUSE_P1_ENCR;
	case IKE_FIELD_INTEG:		return phase2 ? IKE_CAUSE_P2_INTEG : IKE_CAUSE_P1_INTEG;
	case IKE_FIELD_PRF:		return IKE_CAUSE_P1_PRF;
	case IKE_FIELD_DH:		return phase2 ? IKE_CAUSE_P2_DH : IKE_CAUSE_P1_DH;
	case IKE_FIELD_PFS:		return phase2 ? IKE_CAUSE_P2_PFS : IKE_CAUSE_P1_DH;
	case IKE_FIELD_ESN:		return IKE_CAUSE_P2_ESN;
	case IKE_FIELD_PROTOCOL:	return phase2 ? IKE_CAUSE_P2_PROTOCOL : IKE_CAUSE_P1_PROPOSAL;
	case IKE_FIELD_NONE:
	case IKE_FIELD_TS:
	case IKE_FIELD_ID:
	case IKE_FIELD_PSK:
	case IKE_FIELD_AUTH_METHOD:
	case IKE_FIELD_VERSION:
	case IKE_FIELD_MODE:
	case IKE_FIELD_ADDRESS:
	case IKE_FIELD_COMBINATION:
		break;
	}
	return phase2 ? IKE_CAUSE_P2_PROPOSAL : IKE_CAUSE_P1_PROPOSAL;
}

static void format_nearest(char *out, size_t cap, const struct ike_proposal_list *list, uint8_t at)
{
	struct vd_strbuf b = vd_strbuf_init(out, cap);

	if (at < list->n)
		ike_proposal_format(&b, &list->p[at]);
}

void ike_cause_diff(struct ike_engine *e, struct ike_cause *c, const struct ike_xchg *x, bool phase2,
		    const struct ike_proposal_list *ours, const struct ike_proposal_list *theirs,
		    const struct ike_proposal_diff *diff)
{
	const struct ike_gateway *g = x->sa->gateway;

	ike_cause_of(e, c, code_of_field(diff->field, phase2), x);
	c->field = diff->field;
	c->certainty = IKE_CERTAIN;
	format_nearest(c->ours, sizeof(c->ours), ours, diff->ours);
	format_nearest(c->theirs, sizeof(c->theirs), theirs, diff->theirs);
	if (phase2 && x->tunnel) {
		ike_cause_at(c, &x->tunnel->conf->pos_proposals);
		if (diff->field == IKE_FIELD_PFS || diff->field == IKE_FIELD_DH)
			ike_cause_at(c, &x->tunnel->conf->pos_pfs);
	} else if (!phase2 && g) {
		ike_cause_at(c, &g->conf->pos_proposals);
	}
}

static enum ike_cause_code code_of_notify(const struct ike_xchg *x, uint16_t type)
{
	bool phase1 = x->kind == IKE_XCHG_SA_INIT || x->kind == IKE_XCHG_REKEY_IKE;

	switch (type) {
	case IKE_NOTIFY_NO_PROPOSAL_CHOSEN:
		return phase1 ? IKE_CAUSE_P1_REFUSED : IKE_CAUSE_P2_REFUSED;
	case IKE_NOTIFY_INVALID_KE_PAYLOAD:
		return phase1 ? IKE_CAUSE_P1_DH : IKE_CAUSE_P2_DH;
	case IKE_NOTIFY_INVALID_MAJOR_VERSION:		return IKE_CAUSE_P1_VERSION;
	case IKE_NOTIFY_AUTHENTICATION_FAILED:		return IKE_CAUSE_AUTH_REFUSED;
	case IKE_NOTIFY_TS_UNACCEPTABLE:		return IKE_CAUSE_P2_TS_REFUSED;
	case IKE_NOTIFY_SINGLE_PAIR_REQUIRED:		return IKE_CAUSE_P2_SINGLE_PAIR;
	case IKE_NOTIFY_FAILED_CP_REQUIRED:		return IKE_CAUSE_P2_CP_REQUIRED;
	case IKE_NOTIFY_INTERNAL_ADDRESS_FAILURE:	return IKE_CAUSE_P2_CP_REQUIRED;
	case IKE_NOTIFY_NO_ADDITIONAL_SAS:		return IKE_CAUSE_P2_NO_MORE;
	case IKE_NOTIFY_CHILD_SA_NOT_FOUND:		return IKE_CAUSE_P2_NOT_FOUND;
	case IKE_NOTIFY_TEMPORARY_FAILURE:		return IKE_CAUSE_P2_TEMPORARY;
	case IKE_NOTIFY_INVALID_SYNTAX:			return IKE_CAUSE_PEER_ERROR;
	case IKE_NOTIFY_UNSUPPORTED_CRITICAL_PAYLOAD:	return IKE_CAUSE_PEER_ERROR;
	default:					return IKE_CAUSE_PEER_ERROR;
	}
}

static void cause_values(struct ike_cause *c, const struct ike_xchg *x, const struct ike_notify *n,
			 const struct ike_proposal_list *offered)
{
	const struct ike_gateway *g = x->sa->gateway;
	const struct ike_tunnel_conf *t = x->tunnel ? x->tunnel->conf : NULL;

	if (n->type == IKE_NOTIFY_NO_PROPOSAL_CHOSEN || n->type == IKE_NOTIFY_INVALID_KE_PAYLOAD) {
		c->field = n->type == IKE_NOTIFY_INVALID_KE_PAYLOAD ? IKE_FIELD_DH : IKE_FIELD_NONE;
		if (offered)
			ike_cause_ours_proposals(c, offered);
		if (t && c->phase == IKE_PHASE_2)
			ike_cause_at(c, &t->pos_proposals);
		else if (g)
			ike_cause_at(c, &g->conf->pos_proposals);
	} else if (n->type == IKE_NOTIFY_TS_UNACCEPTABLE && t) {
		c->field = IKE_FIELD_TS;
		ike_cause_ours_ts(c, &t->local_ts, &t->remote_ts);
		ike_cause_at(c, &t->pos_local_ts);
	} else if (n->type == IKE_NOTIFY_AUTHENTICATION_FAILED && g) {
		ike_cause_ours_id(c, &x->local_id);
		ike_cause_at(c, &g->conf->pos_auth);
	}
}

void ike_cause_notify(struct ike_engine *e, struct ike_cause *c, const struct ike_xchg *x,
		      const struct ike_notify *n, const struct ike_proposal_list *offered)
{
	struct ike_transform group = { IKE_T_DH, 0, 0 };
	struct vd_strbuf b;

	ike_cause_of(e, c, code_of_notify(x, n->type), x);
	c->told_by_peer = true;
	c->notify = n->type;
	c->certainty = IKE_CERTAIN;
	cause_values(c, x, n, offered);
	b = vd_strbuf_init(c->theirs, sizeof(c->theirs));
	if (n->type == IKE_NOTIFY_INVALID_KE_PAYLOAD) {
		group.id = ike_notify_u16(n);
		ike_transform_format(&b, &group);
	} else if (c->code == IKE_CAUSE_PEER_ERROR) {
		if (ike_notify_name(n->type))
			vd_strbuf_str(&b, ike_notify_name(n->type));
		else
			vd_strbuf_u64(&b, n->type);
	}
}

static void remember(struct ike_cause **slot, const struct ike_cause *c)
{
	if (!*slot)
		*slot = malloc(sizeof(**slot));
	if (*slot)
		**slot = *c;
}

void ike_fail(struct ike_engine *e, struct ike_gateway *g, struct ike_tunnel *t,
	      const struct ike_cause *c)
{
	struct ike_action *a = ike_action_push(e, IKE_ACT_EVENT);

	if (g)
		remember(&g->last_failure, c);
	if (t)
		remember(&t->last_failure, c);
	if (!a)
		return;
	a->event.kind = IKE_EVENT_FAILED;
	copy_str(a->event.gateway, sizeof(a->event.gateway), c->gateway);
	copy_str(a->event.tunnel, sizeof(a->event.tunnel), c->tunnel);
	a->event.remote = c->peer;
	a->event.has_cause = true;
	a->event.cause = *c;
}

struct ike_event *ike_event_push(struct ike_engine *e, enum ike_event_kind kind,
				 const struct ike_sa *sa, const struct ike_child *child)
{
	struct ike_action *a = ike_action_push(e, IKE_ACT_EVENT);
	struct ike_event *ev;

	if (!a)
		return NULL;
	ev = &a->event;
	ev->kind = kind;
	if (sa) {
		copy_str(ev->gateway, sizeof(ev->gateway), sa->name);
		ev->local = sa->path.local;
		ev->remote = sa->path.remote;
		ev->suite = sa->suite;
		ev->nat_local = sa->nat_local;
		ev->nat_remote = sa->nat_remote;
	}
	if (child) {
		copy_str(ev->gateway, sizeof(ev->gateway), child->tunnel->gateway->name);
		copy_str(ev->tunnel, sizeof(ev->tunnel), child->tunnel->name);
		ev->suite = child->suite;
		ev->spi_in = child->spi_in;
		ev->spi_out = child->spi_out;
		ev->local_ts = child->local_ts;
		ev->remote_ts = child->remote_ts;
	}
	return ev;
}

void ike_event_step(struct ike_engine *e, const struct ike_sa *sa, enum ike_step step, bool request)
{
	struct ike_event *ev = ike_event_push(e, IKE_EVENT_STEP, sa, NULL);

	if (!ev)
		return;
	ev->step = step;
	ev->request = request;
}
