/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sentences at the edge: a failure (struct ike_cause) as the report an administrator reads
 * (DESIGN §8), an event of the engine as one line. Pure text; the same for log, CLI and JSON.
 */
#ifndef VD_DAEMON_REPORT_H
#define VD_DAEMON_REPORT_H

#include "base/strbuf.h"
#include "ike/cause.h"
#include "ike/engine.h"

#define VD_REPORT_MAX	2048	/* octets of the longest report */

/* ---- cause_text.c ---- */

/* "VIA-2103 hq/via0: Phase 2 refused: PFS on one side only  [certain]", one line. */
void vd_cause_headline(struct vd_strbuf *b, const struct ike_cause *c);
/* The whole report, several lines without a newline at the end. */
void vd_cause_report(struct vd_strbuf *b, const struct ike_cause *c);
/* The fix with {ours} {theirs} {peer} {pos} filled in. */
void vd_cause_fix(struct vd_strbuf *b, const struct ike_cause *c);
/* "hq.conf:9", "hq.conf", or "the configuration". */
void vd_cause_pos(struct vd_strbuf *b, const struct ike_cause *c);

/* The journal's MESSAGE_ID of a code: 32 hexadecimal digits, the number in the last four. */
#define VD_MESSAGE_ID_LEN 32
void vd_cause_message_id(enum ike_cause_code code, char out[static VD_MESSAGE_ID_LEN + 1]);

/* ---- event_text.c ---- */

/* "gateway-up" … as in Documentation/control.md. */
const char *vd_event_kind_name(enum ike_event_kind kind);
/* "ike-sa-init" …: what is sent or received, STEP. */
const char *vd_step_name(enum ike_step step);
/* One line without the names of gateway and tunnel. FAILED and DOWN with a cause: its title. */
void vd_event_text(struct vd_strbuf *b, const struct ike_event *ev);

#endif
