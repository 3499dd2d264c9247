/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines, numbers and times for people. All text passes vd_text_clean(): what a peer wrote into its
 * identity, or anyone into the daemon's answers, cannot move the cursor, colour or forge a line.
 */
#ifndef VD_CTL_TEXT_H
#define VD_CTL_TEXT_H

#include "ctl/ctl.h"

enum vd_color {
	VD_PLAIN,
	VD_BOLD,
	VD_DIM,
	VD_GREEN,
	VD_YELLOW,
	VD_RED,
};

/*
 * A copy (free it) with each octet that is not a printable character of the locale as \xNN: control
 * characters, line ends, invalid UTF-8, and what has no width (marks that reverse the direction).
 */
char *vd_text_clean(const char *s);

/* One line, cleaned, ended by \n. The format's own text is cleaned like its values. */
__attribute__((format(printf, 3, 4)))
void vd_line(struct vd_ctl *ctl, enum vd_color color, const char *fmt, ...);
/* The same on ctl->err, "viaductctl: " before it. */
__attribute__((format(printf, 2, 3)))
void vd_complain(struct vd_ctl *ctl, const char *fmt, ...);
/* "  label          text": one fact of `show`. A NULL or empty text prints nothing. */
__attribute__((format(printf, 3, 4)))
void vd_fact(struct vd_ctl *ctl, const char *label, const char *fmt, ...);
/* Several lines, as they are, each cleaned, after @indent; the first in @color. */
void vd_lines(struct vd_ctl *ctl, FILE *to, enum vd_color color, const char *indent, const char *text);
/* With --json: the object on one line of ctl->out, flushed. */
void vd_json_line(struct vd_ctl *ctl, const json_t *object);

/* Escape sequences to switch on and off, "" without colour. */
const char *vd_color_on(const struct vd_ctl *ctl, enum vd_color color);
const char *vd_color_off(const struct vd_ctl *ctl, enum vd_color color);
/* Of a gateway's or tunnel's state; can it carry traffic? */
enum vd_color vd_color_state(const char *state);
bool vd_state_is_up(const json_t *object);

#define VD_SPAN_TEXT	48
#define VD_BYTES_TEXT	32
#define VD_CLOCK_TEXT	48
/* Seconds in at most two units: "5s", "2m 10s", "3h 5m", "4d 2h"; negative counts as 0. Returns @buf. */
const char *vd_span_text(int64_t seconds, char buf[static VD_SPAN_TEXT]);
/* "812 B", "1.2 GiB". Returns @buf. */
const char *vd_bytes_text(int64_t bytes, char buf[static VD_BYTES_TEXT]);
/* ISO 8601 UTC ("2026-11-20T18:20:01.250Z") to ms since 1970. False: another format. */
bool vd_iso_parse(const char *iso, int64_t *ms);
/* Local time: "2026-11-20 18:20:01 CET", or "18:20:01.250" when @clock. Returns @buf. */
const char *vd_clock_text(int64_t ms, bool clock, char buf[static VD_CLOCK_TEXT]);
/* "2h 5m" since or until the time in @object's member @key; "" when it has none. Returns @buf. */
const char *vd_since_text(const struct vd_ctl *ctl, const json_t *object, const char *key,
			  char buf[static VD_SPAN_TEXT]);

/* Members of a reply: NULL, 0, false when absent or of another type. */
const char *vd_js_str(const json_t *object, const char *key);
bool vd_js_int(const json_t *object, const char *key, int64_t *value);
/* A string member, "-" when absent. */
const char *vd_js_text(const json_t *object, const char *key);
/* An array of strings joined by @separator into a new string (free it), NULL when absent or empty. */
char *vd_js_join(const json_t *object, const char *key, const char *separator);
/* An object of numbers as "name 1, other 2", zeros left out. New, NULL when nothing remains. */
char *vd_js_counts(const json_t *object, const char *key);

/* Out of memory has no better answer in a command: says so and exits with VD_CTL_FAILED. */
void *vd_must(void *p);

/* cause.c: a failure. One line: "VIA-2103 Phase 2 refused: … (likely)"; all of it; its text. */
char *vd_cause_line(const struct vd_ctl *ctl, const json_t *cause);
void vd_cause_print(struct vd_ctl *ctl, FILE *to, const json_t *cause);
/* The last failure of a gateway itself, NULL when one of its tunnels has the same to tell. */
const json_t *vd_cause_of_gateway(const json_t *gateway);
/* An error in a configuration, on ctl->err: "FILE:LINE:COLUMN: message; expected …; run: …". */
void vd_ctl_conf_error_print(struct vd_ctl *ctl, const json_t *error);

#endif
