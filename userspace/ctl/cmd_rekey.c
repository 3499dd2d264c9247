// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rekey NAME: new keys now. Of a gateway its IKE SA, of a tunnel its child SAs, unless told.
 */
#include <string.h>

#include "ctl/client.h"
#include "ctl/text.h"

/* Is the name a gateway's? Asks the daemon, which also answers for a wrong name. */
static enum vd_ctl_exit ask_kind(struct vd_ctl *ctl, const char **what)
{
	struct vd_reply r = { 0 };
	enum vd_ctl_exit status = vd_ctl_call(ctl, "org.viaduct.Show",
					      json_pack("{s:s}", "name", ctl->args[0]), &r);

	if (status != VD_CTL_DONE)
		return status;
	*what = !strcmp(vd_js_text(json_object_get(r.parameters, "gateway"), "name"), ctl->args[0]) ?
		"ike" : "child";
	vd_reply_free(&r);
	return VD_CTL_DONE;
}

enum vd_ctl_exit vd_cmd_rekey(struct vd_ctl *ctl)
{
	const char *what = ctl->given & VD_OPT_IKE ? "ike" : "child";

	if ((ctl->given & VD_OPT_IKE) && (ctl->given & VD_OPT_CHILD)) {
		vd_complain(ctl, "--ike or --child, not both");
		return VD_CTL_USAGE;
	}
	if (!(ctl->given & (VD_OPT_IKE | VD_OPT_CHILD))) {
		enum vd_ctl_exit status = ask_kind(ctl, &what);

		if (status != VD_CTL_DONE)
			return status;
	}
	return vd_ctl_follow(ctl, "org.viaduct.Rekey", json_pack("{s:s}", "what", what), "rekeyed",
			     "rekeyed");
}
