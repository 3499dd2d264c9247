/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Failures: making a struct ike_cause, and telling it once.
 */
#ifndef IKE_FAILURE_H
#define IKE_FAILURE_H

#include "ike/cause.h"
#include "ike/gateway.h"
#include "ike/sa.h"
#include "ike/xchg.h"

/* A cause about @g (may be NULL) and @t (may be NULL), with phase and field as usual for @code; all else is empty. */
void ike_cause_init(struct ike_engine *e, struct ike_cause *c, enum ike_cause_code code,
		    const struct ike_gateway *g, const struct ike_tunnel *t,
		    const struct vd_endpoint *peer);
/* The same about an exchange: gateway, tunnel, peer and role from it. */
void ike_cause_of(struct ike_engine *e, struct ike_cause *c, enum ike_cause_code code,
		  const struct ike_xchg *x);
void ike_cause_at(struct ike_cause *c, const struct ike_pos *pos);
void ike_cause_ours_str(struct ike_cause *c, const char *text);
void ike_cause_theirs_str(struct ike_cause *c, const char *text);
void ike_cause_ours_proposals(struct ike_cause *c, const struct ike_proposal_list *list);
/* Only the PFS groups of @list: "PFS group modp2048", "no PFS". */
void ike_cause_ours_pfs(struct ike_cause *c, const struct ike_proposal_list *list);
void ike_cause_theirs_proposals(struct ike_cause *c, const struct ike_proposal_list *list);
void ike_cause_ours_ts(struct ike_cause *c, const struct ike_ts_list *local,
		       const struct ike_ts_list *remote);
void ike_cause_theirs_ts(struct ike_cause *c, const struct ike_ts_list *local,
			 const struct ike_ts_list *remote);
void ike_cause_ours_id(struct ike_cause *c, const struct ike_id *id);
void ike_cause_theirs_id(struct ike_cause *c, const struct ike_id *id);
/* A mismatch of proposals both of which we saw: code and field by the difference, values of the nearest pair. */
void ike_cause_diff(struct ike_engine *e, struct ike_cause *c, const struct ike_xchg *x, bool phase2,
		    const struct ike_proposal_list *ours, const struct ike_proposal_list *theirs,
		    const struct ike_proposal_diff *diff);
/* An error notify the peer sent. */
void ike_cause_notify(struct ike_engine *e, struct ike_cause *c, const struct ike_xchg *x,
		      const struct ike_notify *n, const struct ike_proposal_list *offered);

/* Remembers @c at gateway and tunnel, and tells it by an event. */
void ike_fail(struct ike_engine *e, struct ike_gateway *g, struct ike_tunnel *t,
	      const struct ike_cause *c);
/* An event about an SA, a child (may be NULL) or both; NULL without memory. */
struct ike_event *ike_event_push(struct ike_engine *e, enum ike_event_kind kind,
				 const struct ike_sa *sa, const struct ike_child *child);
void ike_event_step(struct ike_engine *e, const struct ike_sa *sa, enum ike_step step, bool request);

#endif
