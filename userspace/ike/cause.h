/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A failure as a value: what failed, in which phase, over which field, with both
 * sides' settings, where ours is written, and how sure we are. Whatever can fail
 * fills one. Sentences are made from it at the edge (daemon/cause_text.c).
 */
#ifndef IKE_CAUSE_H
#define IKE_CAUSE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "ike/cause_codes.h"
#include "ike/config.h"

enum ike_phase {
	IKE_PHASE_NONE,
	IKE_PHASE_1,
	IKE_PHASE_AUTH,
	IKE_PHASE_2,
	IKE_PHASE_KERNEL,
};

enum ike_certainty {
	IKE_CERTAIN,		/* both sides' values were seen, or the peer said so */
	IKE_LIKELY,		/* the usual reason for what was seen */
};

#define IKE_CAUSE_VALUE	256

struct ike_cause {
	enum ike_cause_code	code;
	enum ike_phase		phase;
	enum ike_field		field;
	enum ike_certainty	certainty;
	bool			told_by_peer;		/* an error notify, not our own finding */
	bool			initiator;		/* our role in the exchange */
	uint16_t		notify;			/* error notify sent or received, 0: none */
	char			gateway[IKE_NAME_MAX];	/* "" if unknown */
	char			tunnel[16];		/* "" if not about one */
	struct vd_endpoint	peer;
	char			ours[IKE_CAUSE_VALUE];	/* in the configuration's notation */
	char			theirs[IKE_CAUSE_VALUE];/* "": the protocol does not show it */
	char			file[128];		/* where ours is set; "": nowhere */
	uint32_t		line;
	vd_time			when;
};

/* Title, fix and name of a code; NULL for an unknown number. */
const char *ike_cause_title(enum ike_cause_code code);
const char *ike_cause_fix(enum ike_cause_code code);
const char *ike_cause_name(enum ike_cause_code code);
/* "phase1", "auth", "phase2", "kernel"; "encryption", "dh-group", "pfs" … for JSON. */
const char *ike_phase_name(enum ike_phase phase);
const char *ike_field_name(enum ike_field field);

#endif
