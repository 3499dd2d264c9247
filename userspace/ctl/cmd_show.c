// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * show NAME: all that is known of a gateway with its tunnels, or of one tunnel; a fact a line, then
 * its SAs in the kernel.
 */
#include <stdlib.h>
#include <string.h>

#include "ctl/client.h"
#include "ctl/table.h"

enum { DIR, SPI, REMOTE, SEQ, WINDOW, PACKETS, BYTES, AGE, IDLE, NOTE };

static const struct vd_table_column columns[] = {
	[DIR]	  = { "SA", 0 },
	[SPI]	  = { "SPI", 0 },
	[REMOTE]  = { "REMOTE", 0 },
	[SEQ]	  = { "SEQ", SCOLS_FL_RIGHT },
	[WINDOW]  = { "REPLAY", SCOLS_FL_RIGHT },
	[PACKETS] = { "PACKETS", SCOLS_FL_RIGHT },
	[BYTES]	  = { "BYTES", SCOLS_FL_RIGHT },
	[AGE]	  = { "AGE", SCOLS_FL_RIGHT },
	[IDLE]	  = { "IDLE", SCOLS_FL_RIGHT },
	[NOTE]	  = { "NOTES", 0 },
};

/* "2026-11-20 18:20:01 UTC (2h 5m ago)", "(in 50m)". */
static void time_fact(struct vd_ctl *ctl, const char *label, const json_t *object, const char *key)
{
	const char *iso = vd_js_str(object, key);
	char clock[VD_CLOCK_TEXT], span[VD_SPAN_TEXT];
	int64_t ms;

	if (!iso || !vd_iso_parse(iso, &ms))
		return;
	vd_since_text(ctl, object, key, span);
	vd_fact(ctl, label, "%s (%s%s%s)", vd_clock_text(ms, false, clock), ms > ctl->now_ms ? "in " : "",
		span, ms > ctl->now_ms ? "" : " ago");
}

static void list_fact(struct vd_ctl *ctl, const char *label, const json_t *object, const char *key)
{
	char *text = vd_js_join(object, key, ", ");

	if (text)
		vd_fact(ctl, label, "%s", text);
	free(text);
}

static void drops_fact(struct vd_ctl *ctl, const json_t *object)
{
	char *text = vd_js_counts(object, "drops");

	vd_fact(ctl, "drops", "%s", text ? text : "none");
	free(text);
}

static void text_fact(struct vd_ctl *ctl, const char *label, const json_t *object, const char *key)
{
	const char *text = vd_js_str(object, key);

	if (text)
		vd_fact(ctl, label, "%s", text);
}

static void number_fact(struct vd_ctl *ctl, const char *label, const json_t *object, const char *key)
{
	int64_t n;

	if (vd_js_int(object, key, &n))
		vd_fact(ctl, label, "%lld", (long long)n);
}

static void failure_fact(struct vd_ctl *ctl, const json_t *object)
{
	const json_t *cause = json_object_get(object, "last_failure");
	char span[VD_SPAN_TEXT], *line;

	if (!json_is_object(cause))
		return;
	line = vd_cause_line(ctl, cause);
	vd_since_text(ctl, cause, "time", span);
	vd_fact(ctl, "last failure", "%s%s%s", span, *span ? " ago: " : "", line);
	free(line);
}

/* "1.2 GiB, 1034 packets" */
static void traffic_fact(struct vd_ctl *ctl, const char *label, const json_t *tunnel,
			 const char *bytes_key, const char *packets_key)
{
	char text[VD_BYTES_TEXT];
	int64_t bytes, packets;

	if (!vd_js_int(tunnel, bytes_key, &bytes) || !vd_js_int(tunnel, packets_key, &packets))
		return;
	vd_fact(ctl, label, "%s, %lld packet%s", vd_bytes_text(bytes, text), (long long)packets,
		packets == 1 ? "" : "s");
}

/* What gateways and tunnels both have. */
static void state_facts(struct vd_ctl *ctl, const json_t *object)
{
	text_fact(ctl, "state", object, "state");
	time_fact(ctl, "since", object, "since");
	text_fact(ctl, "waits for", object, "waits_for");
	number_fact(ctl, "tries", object, "tries");
	time_fact(ctl, "next try", object, "next_try");
}

static void last_facts(struct vd_ctl *ctl, const json_t *object)
{
	time_fact(ctl, "rekey", object, "rekey_at");
	time_fact(ctl, "expires", object, "expires_at");
	number_fact(ctl, "SAs", object, "sas");
	failure_fact(ctl, object);
}

/* "192.0.2.1:500, ID hq.example.org" */
static void end_fact(struct vd_ctl *ctl, const char *label, const json_t *gateway, const char *address_key,
		     const char *id_key)
{
	const char *address = vd_js_str(gateway, address_key), *id = vd_js_str(gateway, id_key);

	vd_fact(ctl, label, "%s%s%s%s", address ? address : "", address && id ? ", " : "", id ? "ID " : "",
		id ? id : "");
}

static void print_gateway(struct vd_ctl *ctl, const json_t *gateway)
{
	const char *role = vd_js_str(gateway, "role");
	int64_t version;

	vd_line(ctl, VD_BOLD, "gateway %s", vd_js_text(gateway, "name"));
	state_facts(ctl, gateway);
	if (vd_js_int(gateway, "ike", &version))
		vd_fact(ctl, "IKE", "version %lld%s%s", (long long)version, role ? ", " : "",
			role ? role : "");
	end_fact(ctl, "local", gateway, "local", "local_id");
	end_fact(ctl, "remote", gateway, "remote", "remote_id");
	text_fact(ctl, "NAT", gateway, "nat");
	text_fact(ctl, "proposal", gateway, "proposal");
	if (vd_js_str(gateway, "spi_i"))
		vd_fact(ctl, "SPIs", "%s %s", vd_js_text(gateway, "spi_i"), vd_js_text(gateway, "spi_r"));
	last_facts(ctl, gateway);
}

static void number_cell(struct vd_table *t, struct libscols_line *row, size_t column, const json_t *sa,
			const char *key)
{
	char text[24];
	int64_t n;

	if (!vd_js_int(sa, key, &n))
		return;
	snprintf(text, sizeof(text), "%lld", (long long)n);
	vd_table_cell(t, row, column, VD_PLAIN, text);
}

static void span_cell(struct vd_table *t, struct libscols_line *row, size_t column, const json_t *sa,
		      const char *key)
{
	char text[VD_SPAN_TEXT];
	int64_t ms;

	if (vd_js_int(sa, key, &ms))
		vd_table_cell(t, row, column, VD_PLAIN, vd_span_text(ms / 1000, text));
}

/* Raw ESP has no ports. */
static void remote_cell(struct vd_table *t, struct libscols_line *row, const char *remote)
{
	size_t len = remote ? strlen(remote) : 0;
	char *text;

	if (!len)
		return;
	text = vd_must(strdup(remote));
	if (len > 2 && !strcmp(text + len - 2, ":0"))
		text[len - 2] = '\0';
	vd_table_cell(t, row, REMOTE, VD_PLAIN, text);
	free(text);
}

static void add_sa(struct vd_table *t, const json_t *sa)
{
	bool out = !strcmp(vd_js_text(sa, "dir"), "out");
	struct libscols_line *row = vd_table_row(t, NULL);
	char bytes[VD_BYTES_TEXT], *drops, *note;
	int64_t n;

	vd_table_cell(t, row, DIR, VD_PLAIN, vd_js_text(sa, "dir"));
	vd_table_cell(t, row, SPI, VD_PLAIN, vd_js_str(sa, "spi"));
	remote_cell(t, row, vd_js_str(sa, "remote"));
	number_cell(t, row, SEQ, sa, "seq");
	if (!out)
		number_cell(t, row, WINDOW, sa, "replay_window");
	number_cell(t, row, PACKETS, sa, "packets");
	if (vd_js_int(sa, "bytes", &n))
		vd_table_cell(t, row, BYTES, VD_PLAIN, vd_bytes_text(n, bytes));
	span_cell(t, row, AGE, sa, "age_ms");
	span_cell(t, row, IDLE, sa, "idle_ms");
	drops = vd_js_counts(sa, "drops");
	if (asprintf(&note, "%s%s%s%s%s", json_is_true(json_object_get(sa, "current")) ? "current " : "",
		     json_is_true(json_object_get(sa, "esn")) ? "esn " : "",
		     json_is_true(json_object_get(sa, "encap")) ? "udp " : "",
		     drops ? "drops: " : "", drops ? drops : "") < 0)
		vd_must(NULL);
	if (*note && note[strlen(note) - 1] == ' ')
		note[strlen(note) - 1] = '\0';
	vd_table_cell(t, row, NOTE, VD_PLAIN, note);
	free(note);
	free(drops);
}

static void print_tunnel(struct vd_ctl *ctl, const json_t *tunnel, const char *gateway)
{
	const json_t *list = json_object_get(tunnel, "sa_list"), *sa;
	const char *protocol = vd_js_str(tunnel, "protocol");
	size_t i;

	vd_line(ctl, VD_BOLD, "tunnel %s (gateway %s)", vd_js_text(tunnel, "name"), gateway);
	state_facts(ctl, tunnel);
	if (protocol)
		vd_fact(ctl, "protocol", "%s%s", protocol,
			json_is_true(json_object_get(tunnel, "encap")) ? " in UDP" : "");
	text_fact(ctl, "proposal", tunnel, "proposal");
	/* Which implementation the kernel chose: it matters by a factor of several. */
	text_fact(ctl, "driver", json_array_get(list, 0), "driver");
	list_fact(ctl, "local", tunnel, "local_ts");
	list_fact(ctl, "remote", tunnel, "remote_ts");
	if (vd_js_str(tunnel, "spi_in"))
		vd_fact(ctl, "SPIs", "in %s, out %s", vd_js_text(tunnel, "spi_in"),
			vd_js_text(tunnel, "spi_out"));
	traffic_fact(ctl, "in", tunnel, "bytes_in", "packets_in");
	traffic_fact(ctl, "out", tunnel, "bytes_out", "packets_out");
	drops_fact(ctl, tunnel);
	last_facts(ctl, tunnel);
	if (json_array_size(list)) {
		struct vd_table t = vd_table_new(ctl, columns, sizeof(columns) / sizeof(columns[0]));

		json_array_foreach(list, i, sa)
			add_sa(&t, sa);
		vd_table_print(&t);
	}
}

void vd_show_print(struct vd_ctl *ctl, const json_t *reply, const char *name)
{
	const json_t *gateway = json_object_get(reply, "gateway"), *tunnel;
	bool whole = !strcmp(vd_js_text(gateway, "name"), name);
	size_t i;

	print_gateway(ctl, gateway);
	json_array_foreach(json_object_get(gateway, "tunnels"), i, tunnel)
		if (whole || !strcmp(vd_js_text(tunnel, "name"), name)) {
			fputc('\n', ctl->out);
			print_tunnel(ctl, tunnel, vd_js_text(gateway, "name"));
		}
}

enum vd_ctl_exit vd_cmd_show(struct vd_ctl *ctl)
{
	struct vd_reply r = { 0 };
	enum vd_ctl_exit status = vd_ctl_call(ctl, "org.viaduct.Show",
					      json_pack("{s:s}", "name", ctl->args[0]), &r);

	if (status != VD_CTL_DONE)
		return status;
	if (ctl->json)
		vd_json_line(ctl, r.parameters);
	else
		vd_show_print(ctl, r.parameters, ctl->args[0]);
	vd_reply_free(&r);
	return VD_CTL_DONE;
}
