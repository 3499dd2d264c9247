/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What [net] and [keys] have in common: the event loop, the channel to [priv] on
 * descriptor 3, the log through it, a sign of life, the sandbox.
 */
#ifndef VD_DAEMON_WORKER_H
#define VD_DAEMON_WORKER_H

#include <systemd/sd-event.h>

#include "base/time.h"
#include "daemon/chan.h"

#define VD_WORKER_FD		3		/* the channel to [priv] at the start of a role */
#define VD_WORKER_ALIVE_MS	2000		/* between two signs of life */

struct vd_worker {
	enum vd_role	role;
	sd_event	*event;
	struct vd_chan	*priv;
	vd_chan_on_message on_message;
	void		*arg;
};

/* Options a role is started with; [priv] writes them as its arguments. */
struct vd_worker_args {
	const char	*empty_dir;
	const char	*log_levels;
};

/*
 * Sets all up and enters the sandbox. @on_message gets what [priv] sends. When [priv] goes away
 * the loop ends. 0, or a negative errno that has been logged.
 */
int vd_worker_init(struct vd_worker *w, enum vd_role role, const struct vd_worker_args *args,
		   vd_chan_on_message on_message, void *arg);
/* Runs the loop until it is told to end; the exit status. */
int vd_worker_run(struct vd_worker *w);
void vd_worker_end(struct vd_worker *w);

/* Now, on the daemon's clock (CLOCK_BOOTTIME: sleep counts, for lifetimes do too). */
vd_time vd_now(void);

#endif
