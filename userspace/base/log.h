/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The log: a level per subsystem, changed while running (DG-12); structured fields;
 * a sink given by the program (journald, a pipe to another process), stderr without one.
 *
 * One thread. Text from the network goes through vd_strbuf_untrusted() before it comes here;
 * control characters that slip in are replaced all the same.
 */
#ifndef VD_BASE_LOG_H
#define VD_BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/time.h"

/* Values are syslog's (RFC 5424, 6.2.1). */
enum vd_log_level {
	VD_LOG_ERROR = 3,
	VD_LOG_WARNING = 4,
	VD_LOG_NOTICE = 5,
	VD_LOG_INFO = 6,
	VD_LOG_DEBUG = 7,
};

enum vd_log_subsys {
	VD_LOG_DAEMON,
	VD_LOG_IKE,
	VD_LOG_NET,
	VD_LOG_KEYS,
	VD_LOG_KERNEL,
	VD_LOG_ROUTE,
	VD_LOG_CONF,
	VD_LOG_CONTROL,
	VD_LOG_SUBSYS_MAX
};

/* A field beside the message, by journald's rules: upper-case letters, digits, underscores. */
struct vd_log_field {
	const char	*name;		/* "VIADUCT_GATEWAY" */
	const char	*value;
};

struct vd_log_record {
	enum vd_log_level	level;
	enum vd_log_subsys	subsys;
	const char		*message;	/* one line or several, no trailing newline */
	const struct vd_log_field *fields;
	size_t			n_fields;
	const char		*file;		/* of the call */
	int			line;
	const char		*func;
};

typedef void (*vd_log_sink)(void *arg, const struct vd_log_record *r);

/*
 * Where records go. NULL: stderr, a line as "name: subsystem: message", with its level in front
 * ("<3>") under systemd.
 */
void vd_log_set_sink(vd_log_sink sink, void *arg);
/* What stderr lines begin with; not copied. */
void vd_log_set_name(const char *name);
/* The least urgent level that is logged. INFO at start. */
void vd_log_set_level(enum vd_log_subsys s, enum vd_log_level level);
void vd_log_set_level_all(enum vd_log_level level);
enum vd_log_level vd_log_get_level(enum vd_log_subsys s);
bool vd_log_enabled(enum vd_log_subsys s, enum vd_log_level level);

const char *vd_log_subsys_name(enum vd_log_subsys s);
const char *vd_log_level_name(enum vd_log_level level);
/*
 * "debug", or "ike=debug,kernel=info", or both: "warning,ike=debug". All or nothing.
 * 0, or -EINVAL with *@at set to the offset of the word at fault (@at may be NULL).
 */
int  vd_log_parse_levels(const char *text, size_t *at);

void vd_log_write(enum vd_log_subsys s, enum vd_log_level level,
		  const struct vd_log_field *fields, size_t n_fields,
		  const char *file, int line, const char *func, const char *fmt, ...)
		  __attribute__((format(printf, 8, 9)));

/* Arguments are not evaluated when the level is off. */
#define vd_log(subsys, level, ...) vd_log_fields(subsys, level, NULL, 0, __VA_ARGS__)
#define vd_log_fields(subsys, level, fields, n, ...) do {				\
	if (vd_log_enabled(subsys, level))						\
		vd_log_write(subsys, level, fields, n, __FILE__, __LINE__, __func__, __VA_ARGS__); \
} while (0)
#define vd_error(subsys, ...)	vd_log(subsys, VD_LOG_ERROR, __VA_ARGS__)
#define vd_warning(subsys, ...)	vd_log(subsys, VD_LOG_WARNING, __VA_ARGS__)
#define vd_notice(subsys, ...)	vd_log(subsys, VD_LOG_NOTICE, __VA_ARGS__)
#define vd_info(subsys, ...)	vd_log(subsys, VD_LOG_INFO, __VA_ARGS__)
#define vd_debug(subsys, ...)	vd_log(subsys, VD_LOG_DEBUG, __VA_ARGS__)

/*
 * A bound on what the network can make us log: @burst at once, one more each @interval ms.
 * Zero-initialised with the two set: ready.
 */
struct vd_ratelimit {
	uint32_t	burst;
	vd_time		interval;
	uint32_t	used;
	vd_time		last;
	uint64_t	suppressed;	/* since the last one let through */
};

/* True if the event may be told. *@missed (may be NULL) then gets how many were not since the last one. */
bool vd_ratelimit_pass(struct vd_ratelimit *rl, vd_time now, uint64_t *missed);

#endif
