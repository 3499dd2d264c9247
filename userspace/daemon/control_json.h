/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The objects of the control protocol (Documentation/control.md) from what the engine, the kernel
 * and the configuration hold. Each function returns a new reference, NULL without memory.
 */
#ifndef VD_DAEMON_CONTROL_JSON_H
#define VD_DAEMON_CONTROL_JSON_H

#include <jansson.h>
#include <stdbool.h>

#include "conf/conf.h"
#include "daemon/kernel.h"
#include "ike/engine.h"

/* Both clocks at one moment, to tell the wall-clock time of a vd_time. */
struct vd_json_clock {
	vd_time	now;
	int64_t	wall_ms;	/* since 1970 */
};

/* What the kernel counted, from a VD_MSG_DUMP. Pointers into the dump's octets; tunnels in the order of their names. */
struct vd_kernel_view {
	struct vd_kernel_stats	none;
	size_t			n_tunnels, n_sas;
	const struct vd_kernel_tunnel_stats *tunnels;
	const struct vd_kernel_sa *sas;
};
/* Reads a dump of @tunnels and @sas entries. False if @len is not what they take. */
bool vd_kernel_view_init(struct vd_kernel_view *v, const void *data, size_t len,
			 uint32_t tunnels, uint32_t sas);

/* ISO 8601 UTC with milliseconds; NULL for VD_NEVER and 0: the field is then absent. */
json_t *vd_json_time(const struct vd_json_clock *clock, vd_time t);
json_t *vd_json_cause(const struct vd_json_clock *clock, const struct ike_cause *c);
/* Without "tunnels". */
json_t *vd_json_gateway(const struct vd_json_clock *clock, const struct ike_gateway_status *s);
/* @view may be NULL (no counters). @list: with "sa_list". */
json_t *vd_json_tunnel(const struct vd_json_clock *clock, const struct ike_tunnel_status *s,
		       const struct vd_kernel_view *view, bool list);
json_t *vd_json_event(const struct vd_json_clock *clock, const struct ike_event *ev);
json_t *vd_json_conf_error(const struct vd_conf_error *e);
json_t *vd_json_conf_errors(const struct vd_conf_errors *errors);
json_t *vd_json_changes(const struct vd_conf_changes *changes);
json_t *vd_json_counters(const struct ike_counters *c, const struct vd_kernel_view *view);

#endif
