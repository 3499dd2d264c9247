// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A failure in words (report.h). What comes from the peer is in the cause's strings already
 * in printable form (ike/: vd_strbuf_untrusted).
 */
#include "daemon/report.h"

#include <stdio.h>
#include <string.h>

/* The journal's catalogue names messages by 128 bits; ours differ in the code alone. */
#define MESSAGE_ID_PREFIX "7b1fd0a5c2a94e0f8d36e5b4a917"

void vd_cause_message_id(enum ike_cause_code code, char out[static VD_MESSAGE_ID_LEN + 1])
{
	snprintf(out, VD_MESSAGE_ID_LEN + 1, MESSAGE_ID_PREFIX "%04u", (unsigned int)code % 10000);
}

void vd_cause_pos(struct vd_strbuf *b, const struct ike_cause *c)
{
	vd_strbuf_str(b, c->file[0] ? c->file : "the configuration");
	if (c->file[0] && c->line) {
		vd_strbuf_char(b, ':');
		vd_strbuf_u64(b, c->line);
	}
}

static void put_peer(struct vd_strbuf *b, const struct ike_cause *c)
{
	char text[VD_ADDR_TEXT];

	vd_strbuf_str(b, c->peer.addr.family == VD_FAMILY_NONE ? "the peer" :
		      vd_addr_text(&c->peer.addr, text));
}

/* One placeholder of a fix. False: not one, @name is plain text. */
static bool put_value(struct vd_strbuf *b, const struct ike_cause *c, const char *name, size_t len)
{
	if (len == 4 && memcmp(name, "ours", 4) == 0)
		vd_strbuf_str(b, c->ours[0] ? c->ours : "(nothing)");
	else if (len == 6 && memcmp(name, "theirs", 6) == 0)
		vd_strbuf_str(b, c->theirs[0] ? c->theirs : "(not shown)");
	else if (len == 4 && memcmp(name, "peer", 4) == 0)
		put_peer(b, c);
	else if (len == 3 && memcmp(name, "pos", 3) == 0)
		vd_cause_pos(b, c);
	else
		return false;
	return true;
}

void vd_cause_fix(struct vd_strbuf *b, const struct ike_cause *c)
{
	const char *s = ike_cause_fix(c->code);

	while (s && *s) {
		const char *end = *s == '{' ? strchr(s, '}') : NULL;

		if (end && put_value(b, c, s + 1, end - s - 1)) {
			s = end + 1;
		} else {
			vd_strbuf_char(b, *s);
			s++;
		}
	}
}

/* "hq/via0: ", "hq: ", or nothing. */
static void put_subject(struct vd_strbuf *b, const struct ike_cause *c)
{
	vd_strbuf_str(b, c->gateway);
	if (c->gateway[0] && c->tunnel[0])
		vd_strbuf_char(b, '/');
	vd_strbuf_str(b, c->tunnel);
	if (c->gateway[0] || c->tunnel[0])
		vd_strbuf_str(b, ": ");
}

void vd_cause_headline(struct vd_strbuf *b, const struct ike_cause *c)
{
	const char *title = ike_cause_title(c->code);

	vd_strbuf_str(b, "VIA-");
	vd_strbuf_u64(b, c->code);
	vd_strbuf_char(b, ' ');
	put_subject(b, c);
	vd_strbuf_str(b, title ? title : "unknown cause");
	vd_strbuf_str(b, c->certainty == IKE_CERTAIN ? "  [certain]" : "  [likely]");
}

/* What each side did with its value, by the field and our role. */
static void verbs(const struct ike_cause *c, const char **ours, const char **theirs)
{
	if (c->field == IKE_FIELD_ID) {
		*ours = "expects";
		*theirs = "presented";
	} else if (c->field == IKE_FIELD_PSK) {
		*ours = *theirs = "authenticates as";
	} else if (c->initiator) {
		*ours = "offered";
		*theirs = "answered";
	} else {
		*ours = "requires";
		*theirs = "offered";
	}
}

static void pad(struct vd_strbuf *b, size_t from, size_t to)
{
	while (from++ < to)
		vd_strbuf_char(b, ' ');
}

/* The two sides' lines, their colons below each other. */
static void put_sides(struct vd_strbuf *b, const struct ike_cause *c)
{
	char theirs[128], ours[256];
	struct vd_strbuf bt = vd_strbuf_init(theirs, sizeof(theirs));
	struct vd_strbuf bo = vd_strbuf_init(ours, sizeof(ours));
	const char *verb_ours, *verb_theirs;
	size_t width;

	/* The kernel's own words are in ours: the peer has no part in it. */
	if (c->phase == IKE_PHASE_KERNEL) {
		if (c->ours[0]) {
			vd_strbuf_str(b, "\n  the kernel says : ");
			vd_strbuf_str(b, c->ours);
		}
		return;
	}
	verbs(c, &verb_ours, &verb_theirs);
	if (c->peer.addr.family != VD_FAMILY_NONE)
		vd_strbuf_str(&bt, "peer ");
	put_peer(&bt, c);
	vd_strbuf_char(&bt, ' ');
	vd_strbuf_str(&bt, verb_theirs);
	vd_cause_pos(&bo, c);
	vd_strbuf_char(&bo, ' ');
	vd_strbuf_str(&bo, verb_ours);
	width = bt.len > bo.len ? bt.len : bo.len;

	if (c->theirs[0]) {
		vd_strbuf_str(b, "\n  ");
		vd_strbuf_str(b, theirs);
		pad(b, bt.len, c->ours[0] ? width : bt.len);
		vd_strbuf_str(b, " : ");
		vd_strbuf_str(b, c->theirs);
	}
	if (c->ours[0]) {
		vd_strbuf_str(b, "\n  ");
		vd_strbuf_str(b, ours);
		pad(b, bo.len, c->theirs[0] ? width : bo.len);
		vd_strbuf_str(b, " : ");
		vd_strbuf_str(b, c->ours);
	}
}

void vd_cause_report(struct vd_strbuf *b, const struct ike_cause *c)
{
	const char *fix = ike_cause_fix(c->code);

	vd_cause_headline(b, c);
	put_sides(b, c);
	if (fix && *fix) {
		vd_strbuf_str(b, "\n  fix: ");
		vd_cause_fix(b, c);
	}
}
