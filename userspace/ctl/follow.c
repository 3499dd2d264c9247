// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Commands that wait: the events as they happen, then how it ended.
 */
#include <string.h>

#include "ctl/client.h"
#include "ctl/text.h"

/* The last reply: @result says whether it worked, `cause` (or else @seen, an event's) why not. */
static enum vd_ctl_exit finish(struct vd_ctl *ctl, const json_t *reply, const json_t *seen,
			       const char *result, const char *done)
{
	const json_t *worked = json_object_get(reply, result);
	const json_t *cause = json_object_get(reply, "cause");
	bool waited = !(ctl->given & VD_OPT_NO_WAIT);

	if (ctl->json)
		return json_is_true(worked) || !waited ? VD_CTL_DONE : VD_CTL_FAILED;
	if (json_is_true(worked)) {
		vd_line(ctl, VD_GREEN, "%s: %s", ctl->args[0], done);
		return VD_CTL_DONE;
	}
	if (!waited) {
		vd_line(ctl, VD_PLAIN, "%s: started (viaductctl monitor %s shows how it goes)",
			ctl->args[0], ctl->args[0]);
		return VD_CTL_DONE;
	}
	fflush(ctl->out);
	cause = json_is_object(cause) ? cause : seen;
	if (cause)
		vd_cause_print(ctl, ctl->err, cause);
	vd_complain(ctl, "%s: not %s%s", ctl->args[0], done,
		    cause ? "" : " yet (viaductctl status tells what it waits for)");
	return VD_CTL_FAILED;
}

enum vd_ctl_exit vd_ctl_follow(struct vd_ctl *ctl, const char *method, json_t *parameters,
			       const char *result, const char *done)
{
	/* The daemon keeps the user's limit; ours is only for a daemon that does not. */
	int wait_ms = ctl->timeout_s * 1000 + VD_REPLY_WAIT_MS;
	bool waited = !(ctl->given & VD_OPT_NO_WAIT);
	enum vd_ctl_exit status;
	json_t *seen = NULL;

	if (json_object_set_new(parameters, "name", json_string(ctl->args[0])) ||
	    json_object_set_new(parameters, "wait", json_boolean(waited)) ||
	    (waited && json_object_set_new(parameters, "timeout", json_integer(ctl->timeout_s))))
		vd_must(NULL);
	status = vd_ctl_send(ctl, method, parameters, true);
	while (status == VD_CTL_DONE) {
		struct vd_reply r = { 0 };
		const json_t *event;
		bool more;

		status = vd_ctl_receive(ctl, wait_ms, &r);
		if (status != VD_CTL_DONE)
			break;
		more = r.continues;
		event = json_object_get(r.parameters, "event");
		if (ctl->json)
			vd_json_line(ctl, r.parameters);
		else if (event)
			vd_event_print(ctl, event, false);	/* the report comes at the end, once */
		if (json_is_object(json_object_get(event, "cause"))) {
			json_decref(seen);
			seen = json_incref(json_object_get(event, "cause"));
		}
		if (!more)
			status = finish(ctl, r.parameters, seen, result, done);
		vd_reply_free(&r);
		if (!more)
			break;
	}
	json_decref(seen);
	return status;
}
