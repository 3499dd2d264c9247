/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Prefix lists: what routes and interface addresses are made of. Pure.
 */
#ifndef VD_DAEMON_PREFIX_H
#define VD_DAEMON_PREFIX_H

#include "conf/conf.h"
#include "ike/ts.h"

#define VD_PREFIXES_OF_TS_MAX 254	/* prefixes a single IPv6 range may fall into */

bool vd_prefix_equal(const struct vd_conf_prefix *a, const struct vd_conf_prefix *b);
bool vd_prefixes_have(const struct vd_conf_prefixes *list, const struct vd_conf_prefix *p);
/* Adds a copy of @p unless it is there. 0 or -ENOMEM. */
int  vd_prefixes_add(struct vd_conf_prefixes *list, const struct vd_conf_prefix *p);
void vd_prefixes_remove(struct vd_conf_prefixes *list, const struct vd_conf_prefix *p);
void vd_prefixes_free(struct vd_conf_prefixes *list);
/*
 * The fewest prefixes that make up the addresses of @ts; a selector of all addresses of a family gives
 * none (a tunnel's any/any must not take the default route). 0 or -ENOMEM.
 */
int  vd_prefixes_of_ts(struct vd_conf_prefixes *list, const struct ike_ts *ts);

#endif
