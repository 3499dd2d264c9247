/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A request of the control protocol (Documentation/control.md) from JSON to a plain value.
 * Pure; tests/fuzz/fuzz_control.c feeds it.
 */
#ifndef VD_DAEMON_CONTROL_CALL_H
#define VD_DAEMON_CONTROL_CALL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "ike/config.h"

#define VD_CONTROL_REQUEST_MAX	65536	/* octets of a request */
#define VD_CONTROL_TIMEOUT_MAX	3600	/* seconds */

enum vd_control_method {
	VD_CONTROL_STATUS,
	VD_CONTROL_SHOW,
	VD_CONTROL_UP,
	VD_CONTROL_DOWN,
	VD_CONTROL_REKEY,
	VD_CONTROL_MONITOR,
	VD_CONTROL_RELOAD,
	VD_CONTROL_COUNTERS,
};

struct vd_control_call {
	enum vd_control_method method;
	bool	more;
	char	name[IKE_NAME_MAX];	/* gateway or tunnel; "" when the method allows none */
	bool	wait;
	unsigned int timeout;		/* seconds, with wait */
	bool	rekey_ike;		/* else the children */
	bool	dry_run;
};

/*
 * Reads @len octets. 0 with *@call set; or -EINVAL with *@error an error object ready to be sent (new
 * reference; NULL: no JSON at all, the connection is to be closed).
 */
int vd_control_parse(struct vd_control_call *call, const char *text, size_t len, json_t **error);

/* {"error":"org.viaduct.NAME","parameters":@parameters}; takes over @parameters (NULL: {}). */
json_t *vd_control_error(const char *name, json_t *parameters);

#endif
