/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a role may do, taken away for good (Documentation/security.rst). Called once by each role,
 * when it has what it needs and before it reads anything from another role or the network.
 *
 *	[priv]	root with the few capabilities below, no_new_privs
 *	[net]	own uid, no capability, empty root, system calls by allow-list, no new files or sockets
 *	[keys]	another uid, the same, and no way to send but to its two channels
 */
#ifndef VD_DAEMON_SANDBOX_H
#define VD_DAEMON_SANDBOX_H

#include "daemon/msg.h"

/*
 * @empty_dir: an empty directory of root's, the new root of [net] and [keys]; NULL for [priv].
 * 0, or a negative errno with *@what naming the step that failed: the role must not go on then.
 */
int vd_sandbox_enter(enum vd_role role, const char *empty_dir, const char **what);
/* Fewer capabilities for [priv], if it holds them; it may lack some (a container). */
int vd_sandbox_priv(const char **what);

#endif
