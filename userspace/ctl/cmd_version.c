// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * version: of this command, and of the daemon and the module when they run. Never fails.
 */
#include <string.h>

#include "base/version.h"
#include "ctl/client.h"
#include "ctl/text.h"

/* Asks without a word to the user when there is no daemon. */
static bool ask(struct vd_ctl *ctl, struct vd_reply *r)
{
	if (vd_client_open(&ctl->client, ctl->socket) < 0)
		return false;
	if (vd_client_send(ctl->client, "org.viaduct.Status", json_object(), false) < 0 ||
	    vd_client_receive(ctl->client, VD_REPLY_WAIT_MS, r) < 0)
		return false;
	return !r->error;
}

enum vd_ctl_exit vd_cmd_version(struct vd_ctl *ctl)
{
	struct vd_reply r = { 0 };
	bool answered = ask(ctl, &r);
	const json_t *module = json_object_get(r.parameters, "module");
	const char *daemon = answered ? vd_js_str(r.parameters, "version") : NULL;
	const char *loaded = vd_js_str(module, "version");

	if (ctl->json) {
		json_t *o = vd_must(json_pack("{s:s, s:s*, s:s*}", "viaductctl", VD_VERSION, "viaductd",
					      daemon, "module", loaded));

		vd_json_line(ctl, o);
		json_decref(o);
	} else {
		vd_line(ctl, VD_PLAIN, "viaductctl %s", VD_VERSION);
		vd_line(ctl, VD_PLAIN, "viaductd %s", daemon ? daemon : "not running");
		if (module)
			vd_line(ctl, VD_PLAIN, "module %s", loaded ? loaded :
				json_is_true(json_object_get(module, "loaded")) ? "loaded" : "not loaded");
	}
	vd_reply_free(&r);
	return VD_CTL_DONE;
}
