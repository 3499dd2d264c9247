// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A failure as the daemon reports it (Documentation/control.md, cause), for people: one line for
 * tables and events, the whole report where an admin asked or waits.
 */
#include <stdlib.h>
#include <string.h>

#include "ctl/text.h"

/* "hq/via0", "hq". New. */
static char *subject(const json_t *cause)
{
	const char *gateway = vd_js_str(cause, "gateway"), *tunnel = vd_js_str(cause, "tunnel");
	char *text;

	if (asprintf(&text, "%s%s%s", gateway ? gateway : "", tunnel && *tunnel ? "/" : "",
		     tunnel ? tunnel : "") < 0)
		vd_must(NULL);
	return text;
}

char *vd_cause_line(const struct vd_ctl *ctl, const json_t *cause)
{
	const char *certainty = vd_js_str(cause, "certainty");
	char *text;

	if (asprintf(&text, "%s %s%s", vd_js_text(cause, "id"), vd_js_text(cause, "title"),
		     certainty && !strcmp(certainty, "likely") ? " (likely)" : "") < 0)
		vd_must(NULL);
	return text;
}

/* A daemon that sent no text: the same report from the fields. */
static void print_fields(struct vd_ctl *ctl, FILE *to, const json_t *cause)
{
	static const struct {
		const char *key, *label;
	} fields[] = {
		{ "field", "differs" }, { "ours", "ours" }, { "theirs", "theirs" }, { "peer", "peer" },
		{ "fix", "fix" },
	};
	char *who = subject(cause), *line = vd_cause_line(ctl, cause), *head;

	if (asprintf(&head, "%s%s%s", who, *who ? ": " : "", line) < 0)
		vd_must(NULL);
	vd_lines(ctl, to, VD_RED, "", head);
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		const char *value = vd_js_str(cause, fields[i].key);
		char *clean;

		if (!value || !*value)
			continue;
		clean = vd_text_clean(value);
		fprintf(to, "  %s: %s\n", fields[i].label, clean);
		free(clean);
	}
	free(head);
	free(line);
	free(who);
}

void vd_cause_print(struct vd_ctl *ctl, FILE *to, const json_t *cause)
{
	const char *text = vd_js_str(cause, "text");

	if (text && *text)
		vd_lines(ctl, to, VD_RED, "", text);
	else
		print_fields(ctl, to, cause);
}

const json_t *vd_cause_of_gateway(const json_t *gateway)
{
	const json_t *cause = json_object_get(gateway, "last_failure"), *tunnel;
	size_t i;

	if (!json_is_object(cause))
		return NULL;
	json_array_foreach(json_object_get(gateway, "tunnels"), i, tunnel)
		if (json_equal(cause, json_object_get(tunnel, "last_failure")))
			return NULL;
	return cause;
}

/* The same line viaductd --check prints. */
void vd_ctl_conf_error_print(struct vd_ctl *ctl, const json_t *error)
{
	static const struct {
		const char *key, *before, *after;
	} parts[] = {
		{ "message", ": ", "" }, { "expected", "; expected ", "" }, { "nearest", "; did you mean `", "`?" },
		{ "fix", "; run: ", "" },
	};
	char *clean = vd_text_clean(vd_js_text(error, "file"));
	int64_t line, column;

	fputs(clean, ctl->err);
	free(clean);
	if (vd_js_int(error, "line", &line) && vd_js_int(error, "column", &column))
		fprintf(ctl->err, ":%lld:%lld", (long long)line, (long long)column);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		const char *value = vd_js_str(error, parts[i].key);

		if (!value || !*value)
			continue;
		clean = vd_text_clean(value);
		fprintf(ctl->err, "%s%s%s", parts[i].before, clean, parts[i].after);
		free(clean);
	}
	fputc('\n', ctl->err);
}
