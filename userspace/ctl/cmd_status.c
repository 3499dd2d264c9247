// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * status [GATEWAY]: all gateways and tunnels at a glance, then a line for each that has a problem:
 * what it waits for, and what failed last.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ctl/client.h"
#include "ctl/table.h"

enum { NAME, STATE, SINCE, REMOTE, PROPOSAL, IN, OUT };

static const struct vd_table_column columns[] = {
	[NAME]	   = { "NAME", SCOLS_FL_TREE },
	[STATE]	   = { "STATE", 0 },
	[SINCE]	   = { "SINCE", 0 },
	[REMOTE]   = { "REMOTE", 0 },
	[PROPOSAL] = { "PROPOSAL", SCOLS_FL_TRUNC },
	[IN]	   = { "IN", SCOLS_FL_RIGHT },
	[OUT]	   = { "OUT", SCOLS_FL_RIGHT },
};

static bool all_up(const json_t *gateway)
{
	const json_t *tunnels = json_object_get(gateway, "tunnels"), *t;
	size_t i;

	json_array_foreach(tunnels, i, t)
		if (!vd_state_is_up(t))
			return false;
	return vd_state_is_up(gateway);
}

/* Name, state, since: what gateways and tunnels have in common. */
static struct libscols_line *add_row(struct vd_table *t, struct libscols_line *parent, const json_t *object)
{
	const char *state = vd_js_text(object, "state");
	struct libscols_line *row = vd_table_row(t, parent);
	char span[VD_SPAN_TEXT];

	vd_table_cell(t, row, NAME, VD_PLAIN, vd_js_text(object, "name"));
	vd_table_cell(t, row, STATE, vd_color_state(state), state);
	vd_table_cell(t, row, SINCE, VD_PLAIN, vd_since_text(t->ctl, object, "since", span));
	vd_table_cell(t, row, PROPOSAL, VD_PLAIN, vd_js_str(object, "proposal"));
	return row;
}

/* Selectors, shortened to the first when there are several, to "any" when they are all there is. */
static void selector_cell(struct vd_table *t, struct libscols_line *row, const json_t *tunnel)
{
	const json_t *list = json_object_get(tunnel, "remote_ts");
	const char *first = json_string_value(json_array_get(list, 0));
	const char *second = json_string_value(json_array_get(list, 1));
	char *text;

	if (!first)
		return;
	if (json_array_size(list) == 2 && second && !strcmp(first, "0.0.0.0/0") && !strcmp(second, "::/0")) {
		vd_table_cell(t, row, REMOTE, VD_PLAIN, "any");
		return;
	}
	if (json_array_size(list) < 2) {
		vd_table_cell(t, row, REMOTE, VD_PLAIN, first);
		return;
	}
	if (asprintf(&text, "%s +%zu", first, json_array_size(list) - 1) < 0)
		vd_must(NULL);
	vd_table_cell(t, row, REMOTE, VD_PLAIN, text);
	free(text);
}

static void add_gateway(struct vd_table *t, const json_t *gateway)
{
	struct libscols_line *row = add_row(t, NULL, gateway);
	const json_t *tunnels = json_object_get(gateway, "tunnels"), *tunnel;
	size_t i;

	vd_table_cell(t, row, REMOTE, VD_PLAIN, vd_js_str(gateway, "remote"));
	json_array_foreach(tunnels, i, tunnel) {
		struct libscols_line *below = add_row(t, row, tunnel);
		char bytes[VD_BYTES_TEXT];
		int64_t n;

		selector_cell(t, below, tunnel);
		if (vd_js_int(tunnel, "bytes_in", &n))
			vd_table_cell(t, below, IN, VD_PLAIN, vd_bytes_text(n, bytes));
		if (vd_js_int(tunnel, "bytes_out", &n))
			vd_table_cell(t, below, OUT, VD_PLAIN, vd_bytes_text(n, bytes));
	}
}

/* Is there more to say of it than its row does? Of what is up, an old failure is history: `show` has it. */
static bool noteworthy(const json_t *object, const json_t *cause)
{
	return !vd_state_is_up(object) && (json_object_get(object, "waits_for") ||
					   json_object_get(object, "next_try") || cause);
}

static const json_t *tunnel_cause(const json_t *tunnel)
{
	const json_t *cause = json_object_get(tunnel, "last_failure");

	return json_is_object(cause) ? cause : NULL;
}

/* "hq: waits for … (try 3, next in 4s)" and "hq: 2m ago: VIA-…". */
static void print_notes(struct vd_ctl *ctl, const json_t *object, const json_t *cause, const char *gateway)
{
	const char *name = vd_js_text(object, "name"), *waits = vd_js_str(object, "waits_for");
	const char *slash = gateway ? "/" : "", *before = gateway ? gateway : "";
	char span[VD_SPAN_TEXT], tries[48] = "", next[VD_SPAN_TEXT + 16] = "";
	int64_t n;

	if (!noteworthy(object, cause))
		return;
	if (vd_js_int(object, "tries", &n) && n > 1)
		snprintf(tries, sizeof(tries), " (try %lld)", (long long)n);
	if (*vd_since_text(ctl, object, "next_try", span))
		snprintf(next, sizeof(next), ", next try in %s", span);
	if (waits && *waits)
		vd_line(ctl, VD_YELLOW, "%s%s%s: waits for %s%s%s", before, slash, name, waits, tries, next);
	else if (*next)
		vd_line(ctl, VD_YELLOW, "%s%s%s: %s%s", before, slash, name, next + 2, tries);
	if (cause) {
		char *line = vd_cause_line(ctl, cause);

		vd_since_text(ctl, cause, "time", span);
		vd_line(ctl, VD_RED, "%s%s%s: %s%s%s", before, slash, name, *span ? span : "",
			*span ? " ago: " : "", line);
		free(line);
	}
}

static void print_head(struct vd_ctl *ctl, const json_t *status)
{
	const json_t *gateways = json_object_get(status, "gateways"), *g, *t;
	const json_t *module = json_object_get(status, "module");
	size_t i, j, up = 0, tunnels = 0, tunnels_up = 0;

	json_array_foreach(gateways, i, g) {
		up += vd_state_is_up(g);
		json_array_foreach(json_object_get(g, "tunnels"), j, t) {
			tunnels++;
			tunnels_up += vd_state_is_up(t);
		}
	}
	vd_line(ctl, VD_BOLD, "viaductd %s: gateways %zu of %zu up, tunnels %zu of %zu up",
		vd_js_text(status, "version"), up, json_array_size(gateways), tunnels_up, tunnels);
	if (json_is_false(json_object_get(module, "loaded")))
		vd_line(ctl, VD_RED, "The kernel module viaduct is not loaded: no tunnel can carry traffic. "
			"modprobe viaduct; if there is none: apt install viaduct-dkms");
}

void vd_status_print(struct vd_ctl *ctl, const json_t *status)
{
	const json_t *gateways = json_object_get(status, "gateways"), *g, *t;
	bool problems = ctl->given & VD_OPT_PROBLEMS, notes = false;
	struct vd_table table;
	size_t i, j;

	print_head(ctl, status);
	if (!json_array_size(gateways)) {
		vd_line(ctl, VD_PLAIN, "No gateway is configured: see viaduct.conf(5), then viaductctl reload");
		return;
	}
	table = vd_table_new(ctl, columns, sizeof(columns) / sizeof(columns[0]));
	json_array_foreach(gateways, i, g) {
		if (problems && all_up(g))
			continue;
		add_gateway(&table, g);
		notes |= noteworthy(g, vd_cause_of_gateway(g));
		json_array_foreach(json_object_get(g, "tunnels"), j, t)
			notes |= noteworthy(t, tunnel_cause(t));
	}
	vd_table_print(&table);
	if (notes)
		fputc('\n', ctl->out);
	json_array_foreach(gateways, i, g) {
		print_notes(ctl, g, vd_cause_of_gateway(g), NULL);
		json_array_foreach(json_object_get(g, "tunnels"), j, t)
			print_notes(ctl, t, tunnel_cause(t), vd_js_text(g, "name"));
	}
	if (notes)
		vd_line(ctl, VD_DIM, "viaductctl explain NAME tells more");
}

static enum vd_ctl_exit status_once(struct vd_ctl *ctl, bool clear)
{
	struct vd_reply r = { 0 };
	enum vd_ctl_exit status = vd_ctl_call(ctl, "org.viaduct.Status",
					      json_pack("{s:s*}", "gateway", ctl->args[0]), &r);

	if (status != VD_CTL_DONE)
		return status;
	if (clear)
		fputs("\033[H\033[2J", ctl->out);
	if (ctl->json)
		vd_json_line(ctl, r.parameters);
	else
		vd_status_print(ctl, r.parameters);
	fflush(ctl->out);
	vd_reply_free(&r);
	return VD_CTL_DONE;
}

static void wait_second(void)
{
	struct timespec second = { .tv_sec = 1 };

	while (nanosleep(&second, &second) && errno == EINTR)
		;
}

/* Every second until interrupted. A daemon that restarts is waited for; said once. */
static enum vd_ctl_exit watch(struct vd_ctl *ctl)
{
	for (;;) {
		enum vd_ctl_exit status = status_once(ctl, ctl->terminal && !ctl->json);

		if (status == VD_CTL_USAGE || status == VD_CTL_FAILED)
			return status;
		if (status == VD_CTL_NO_DAEMON) {
			vd_client_close(ctl->client);
			ctl->client = NULL;
		}
		do
			wait_second();
		while (!ctl->client && vd_client_open(&ctl->client, ctl->socket) < 0);
		if (!ctl->terminal && !ctl->json)
			fputc('\n', ctl->out);
	}
}

enum vd_ctl_exit vd_cmd_status(struct vd_ctl *ctl)
{
	return ctl->given & VD_OPT_WATCH ? watch(ctl) : status_once(ctl, false);
}
