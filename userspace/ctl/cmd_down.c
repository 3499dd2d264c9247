// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * down NAME: delete the SAs of a gateway or a tunnel, at both ends, and stay down.
 */
#include "ctl/client.h"
#include "ctl/text.h"

enum vd_ctl_exit vd_cmd_down(struct vd_ctl *ctl)
{
	struct vd_reply r = { 0 };
	enum vd_ctl_exit status = vd_ctl_call(ctl, "org.viaduct.Down",
					      json_pack("{s:s}", "name", ctl->args[0]), &r);

	if (status != VD_CTL_DONE)
		return status;
	if (ctl->json)
		vd_json_line(ctl, r.parameters);
	else
		vd_line(ctl, VD_PLAIN, "%s: down (viaductctl up %s brings it back)", ctl->args[0],
			ctl->args[0]);
	vd_reply_free(&r);
	return VD_CTL_DONE;
}
