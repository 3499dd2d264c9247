/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The three roles' entry points. One binary: main.c picks one; [priv] starts itself again for
 * the others with "--role". Each returns an exit status.
 */
#ifndef VD_DAEMON_ROLES_H
#define VD_DAEMON_ROLES_H

#include <stdbool.h>

#include "daemon/worker.h"

enum vd_exit {			/* of viaductd */
	VD_EXIT_OK = 0,
	VD_EXIT_FAILED = 1,
	VD_EXIT_CONFIG = 2,	/* wrong usage or configuration */
	VD_EXIT_NO_MODULE = 3,	/* the kernel module is not there */
};

#define VD_RUN_DIR_DEFAULT "/run/viaduct"

struct vd_options {
	const char	*config;
	const char	*run_dir;
	const char	*log_levels;	/* NULL: info */
	bool		keep;		/* leave interfaces and SAs at the end */
};

int vd_priv_main(const struct vd_options *options);
int vd_net_main(const struct vd_worker_args *args);
int vd_keys_main(const struct vd_worker_args *args);
/* Parses @path only and prints what is wrong; @json: as {"errors":[…],"warnings":[…]}. */
int vd_check_main(const char *path, bool json);

#endif
