// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * explain [NAME|CODE]: the last failures in full: of all, of one gateway or tunnel, or those with
 * a code ("VIA-2103", "2103").
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ctl/client.h"
#include "ctl/text.h"

/* "VIA-2103" and "2103" as 2103; 0: not a code. */
static int64_t parse_code(const char *text)
{
	char *end;
	long n;

	if (!strncasecmp(text, "VIA-", 4))
		text += 4;
	n = strtol(text, &end, 10);
	return *text && !*end && n >= 1000 && n <= 9999 ? n : 0;
}

/* Prints @cause, the failure of @object, when there is one with @code (0: any). True: printed. */
static bool print_failure(struct vd_ctl *ctl, const json_t *object, const json_t *cause, int64_t code, bool first)
{
	char span[VD_SPAN_TEXT];
	int64_t n = 0;

	if (!json_is_object(cause))
		return false;
	vd_js_int(cause, "code", &n);
	if (code && n != code)
		return false;
	if (!first)
		fputc('\n', ctl->out);
	vd_cause_print(ctl, ctl->out, cause);
	if (*vd_since_text(ctl, cause, "time", span))
		vd_line(ctl, VD_DIM, "  %s ago; now: %s", span, vd_js_text(object, "state"));
	return true;
}

void vd_explain_print(struct vd_ctl *ctl, const json_t *gateways, const char *wanted, bool *found)
{
	int64_t code = wanted ? parse_code(wanted) : 0;
	const json_t *g, *t;
	bool any = false;
	size_t i, j;

	*found = !wanted || code;
	json_array_foreach(gateways, i, g) {
		bool named = !wanted || code || !strcmp(vd_js_text(g, "name"), wanted);

		*found |= named;
		if (named)
			any |= print_failure(ctl, g, vd_cause_of_gateway(g), code, !any);
		json_array_foreach(json_object_get(g, "tunnels"), j, t) {
			if (!named && strcmp(vd_js_text(t, "name"), wanted))
				continue;
			*found = true;
			any |= print_failure(ctl, t, json_object_get(t, "last_failure"), code, !any);
		}
	}
	if (*found && !any && code)
		vd_line(ctl, VD_PLAIN, "VIA-%lld: nothing failed with it since viaductd started; "
			"viaduct-causes(7) describes it", (long long)code);
	else if (*found && !any)
		vd_line(ctl, VD_PLAIN, "%s%snothing failed since viaductd started", wanted ? wanted : "",
			wanted ? ": " : "");
}

/* With --json: the cause objects, one a line. */
static void explain_json(struct vd_ctl *ctl, const json_t *gateways, const char *wanted)
{
	int64_t code = wanted ? parse_code(wanted) : 0, n;
	const json_t *g, *t, *cause;
	size_t i, j;

	json_array_foreach(gateways, i, g) {
		bool named = !wanted || code || !strcmp(vd_js_text(g, "name"), wanted);

		cause = vd_cause_of_gateway(g);
		if (cause && named && (!code || (vd_js_int(cause, "code", &n) && n == code)))
			vd_json_line(ctl, cause);
		json_array_foreach(json_object_get(g, "tunnels"), j, t) {
			cause = json_object_get(t, "last_failure");
			if (cause && (named || !strcmp(vd_js_text(t, "name"), wanted)) &&
			    (!code || (vd_js_int(cause, "code", &n) && n == code)))
				vd_json_line(ctl, cause);
		}
	}
}

/* One name: the daemon looks it up, and knows the nearest to a wrong one. */
static enum vd_ctl_exit explain_name(struct vd_ctl *ctl, json_t **gateways)
{
	struct vd_reply r = { 0 };
	enum vd_ctl_exit status = vd_ctl_call(ctl, "org.viaduct.Show",
					      json_pack("{s:s}", "name", ctl->args[0]), &r);

	if (status == VD_CTL_DONE) {
		*gateways = vd_must(json_pack("[O*]", json_object_get(r.parameters, "gateway")));
		vd_reply_free(&r);
	}
	return status;
}

static enum vd_ctl_exit explain_all(struct vd_ctl *ctl, json_t **gateways)
{
	struct vd_reply r = { 0 };
	enum vd_ctl_exit status = vd_ctl_call(ctl, "org.viaduct.Status", json_object(), &r);

	if (status == VD_CTL_DONE) {
		*gateways = json_incref(json_object_get(r.parameters, "gateways"));
		vd_reply_free(&r);
	}
	return status;
}

enum vd_ctl_exit vd_cmd_explain(struct vd_ctl *ctl)
{
	const char *wanted = ctl->args[0];
	json_t *gateways = NULL;
	bool found = true;
	enum vd_ctl_exit status = !wanted || parse_code(wanted) ? explain_all(ctl, &gateways) :
								  explain_name(ctl, &gateways);

	if (status != VD_CTL_DONE)
		return status;
	if (ctl->json)
		explain_json(ctl, gateways, wanted);
	else
		vd_explain_print(ctl, gateways, wanted, &found);
	json_decref(gateways);
	return VD_CTL_DONE;
}
