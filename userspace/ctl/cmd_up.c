// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * up NAME: negotiate a gateway with all its tunnels, or one tunnel, and wait for the outcome.
 */
#include "ctl/text.h"

enum vd_ctl_exit vd_cmd_up(struct vd_ctl *ctl)
{
	return vd_ctl_follow(ctl, "org.viaduct.Up", vd_must(json_object()), "up", "up");
}
