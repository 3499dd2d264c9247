// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * monitor [NAME]: events as they happen, until interrupted.
 */
#include <stdlib.h>
#include <string.h>

#include "ctl/client.h"
#include "ctl/text.h"

static enum vd_color kind_color(const char *kind)
{
	static const struct {
		const char	*kind;
		enum vd_color	color;
	} colors[] = {
		{ "failed", VD_RED }, { "gateway-down", VD_YELLOW }, { "tunnel-down", VD_YELLOW },
		{ "gateway-up", VD_GREEN }, { "tunnel-up", VD_GREEN }, { "step", VD_DIM },
	};

	for (size_t i = 0; kind && i < sizeof(colors) / sizeof(colors[0]); i++)
		if (!strcmp(kind, colors[i].kind))
			return colors[i].color;
	return VD_PLAIN;
}

void vd_event_print(struct vd_ctl *ctl, const json_t *event, bool report)
{
	const char *iso = vd_js_str(event, "time"), *kind = vd_js_str(event, "kind");
	const char *tunnel = vd_js_str(event, "tunnel"), *text = vd_js_str(event, "text");
	const json_t *cause = json_object_get(event, "cause");
	char clock[VD_CLOCK_TEXT];
	int64_t ms;

	if (!iso || !vd_iso_parse(iso, &ms))
		ms = ctl->now_ms;
	vd_line(ctl, kind_color(kind), "%s %s%s%s: %s", vd_clock_text(ms, true, clock),
		vd_js_text(event, "gateway"), tunnel && *tunnel ? "/" : "", tunnel ? tunnel : "",
		text && *text ? text : kind ? kind : "-");
	/* What went down says in its line why; a failure has more to tell. */
	if (report && kind && !strcmp(kind, "failed") && vd_js_str(cause, "text"))
		vd_lines(ctl, ctl->out, VD_RED, "    ", vd_js_str(cause, "text"));
	fflush(ctl->out);
}

enum vd_ctl_exit vd_cmd_monitor(struct vd_ctl *ctl)
{
	enum vd_ctl_exit status = vd_ctl_send(ctl, "org.viaduct.Monitor",
					      json_pack("{s:s*}", "name", ctl->args[0]), true);

	while (status == VD_CTL_DONE) {
		struct vd_reply r = { 0 };
		const json_t *event;
		bool more;

		status = vd_ctl_receive(ctl, VD_REPLY_FOREVER, &r);
		if (status != VD_CTL_DONE)
			break;
		event = json_object_get(r.parameters, "event");
		if (ctl->json)
			vd_json_line(ctl, r.parameters);
		else if (event)
			vd_event_print(ctl, event, true);
		more = r.continues;
		vd_reply_free(&r);
		if (!more)
			break;
	}
	return status;
}
