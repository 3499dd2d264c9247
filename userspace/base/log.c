// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The log: levels per subsystem, one sink. Process-wide state, one thread.
 */
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A record longer than this is cut, and says so. */
#define TEXT_MAX 4096

static const char *const subsys_names[VD_LOG_SUBSYS_MAX] = {
	[VD_LOG_DAEMON] = "daemon",	[VD_LOG_IKE] = "ike",		[VD_LOG_NET] = "net",
	[VD_LOG_KEYS] = "keys",		[VD_LOG_KERNEL] = "kernel",	[VD_LOG_ROUTE] = "route",
	[VD_LOG_CONF] = "conf",		[VD_LOG_CONTROL] = "control",
};

static struct {
	enum vd_log_level	level[VD_LOG_SUBSYS_MAX];
	vd_log_sink		sink;
	void			*arg;
	const char		*name;
} state = {
	.level = { [0 ... VD_LOG_SUBSYS_MAX - 1] = VD_LOG_INFO },
	.name = "viaduct",
};

const char *vd_log_subsys_name(enum vd_log_subsys s)
{
	return subsys_names[s];
}

const char *vd_log_level_name(enum vd_log_level level)
{
	switch (level) {
	case VD_LOG_ERROR:
		return "error";
	case VD_LOG_WARNING:
		return "warning";
	case VD_LOG_NOTICE:
		return "notice";
	case VD_LOG_INFO:
		return "info";
	case VD_LOG_DEBUG:
		return "debug";
	}
	return "unknown";
}

void vd_log_set_sink(vd_log_sink sink, void *arg)
{
	state.sink = sink;
	state.arg = arg;
}

void vd_log_set_name(const char *name)
{
	state.name = name;
}

void vd_log_set_level(enum vd_log_subsys s, enum vd_log_level level)
{
	state.level[s] = level;
}

void vd_log_set_level_all(enum vd_log_level level)
{
	for (int s = 0; s < VD_LOG_SUBSYS_MAX; s++)
		state.level[s] = level;
}

enum vd_log_level vd_log_get_level(enum vd_log_subsys s)
{
	return state.level[s];
}

bool vd_log_enabled(enum vd_log_subsys s, enum vd_log_level level)
{
	return level <= state.level[s];
}

/* ---- "warning,ike=debug" ---- */

static bool word_is(const char *at, size_t n, const char *word)
{
	return strlen(word) == n && !memcmp(at, word, n);
}

static int parse_level(const char *at, size_t n, enum vd_log_level *out)
{
	for (int l = VD_LOG_ERROR; l <= VD_LOG_DEBUG; l++) {
		if (word_is(at, n, vd_log_level_name((enum vd_log_level)l))) {
			*out = (enum vd_log_level)l;
			return 0;
		}
	}
	return -EINVAL;
}

static int parse_word(const char *at, size_t n, enum vd_log_level levels[static VD_LOG_SUBSYS_MAX])
{
	const char *eq = memchr(at, '=', n);
	enum vd_log_level level;

	if (!eq) {
		if (parse_level(at, n, &level))
			return -EINVAL;
		for (int s = 0; s < VD_LOG_SUBSYS_MAX; s++)
			levels[s] = level;
		return 0;
	}
	if (parse_level(eq + 1, n - (size_t)(eq + 1 - at), &level))
		return -EINVAL;
	for (int s = 0; s < VD_LOG_SUBSYS_MAX; s++) {
		if (word_is(at, (size_t)(eq - at), subsys_names[s])) {
			levels[s] = level;
			return 0;
		}
	}
	return -EINVAL;
}

int vd_log_parse_levels(const char *text, size_t *at)
{
	enum vd_log_level levels[VD_LOG_SUBSYS_MAX];
	const char *p = text;

	memcpy(levels, state.level, sizeof(levels));
	for (;;) {
		size_t n = strcspn(p, ",");

		if (parse_word(p, n, levels)) {
			if (at)
				*at = (size_t)(p - text);
			return -EINVAL;
		}
		if (!p[n])
			break;
		p += n + 1;
	}
	memcpy(state.level, levels, sizeof(levels));
	return 0;
}

/* ---- writing ---- */

/* Bytes below blank and DEL could move a terminal's cursor or forge a line of the log. */
static void sanitise(char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f)
			*text = '?';
	}
}

/* systemd gives each line its level by "<N>" in front (sd-daemon(3)). */
static void to_stderr(const struct vd_log_record *r)
{
	bool prefix = getenv("JOURNAL_STREAM") != NULL;
	const char *line = r->message;

	while (line) {
		size_t n = strcspn(line, "\n");

		if (prefix)
			fprintf(stderr, "<%d>", (int)r->level);
		fprintf(stderr, "%s: %s: %.*s\n", state.name, subsys_names[r->subsys], (int)n, line);
		line = line[n] ? line + n + 1 : NULL;
	}
}

void vd_log_write(enum vd_log_subsys s, enum vd_log_level level,
		  const struct vd_log_field *fields, size_t n_fields,
		  const char *file, int line, const char *func, const char *fmt, ...)
{
	static const char more[] = " [cut]";
	struct vd_log_record r = {
		.level = level, .subsys = s, .fields = fields, .n_fields = n_fields,
		.file = file, .line = line, .func = func,
	};
	char text[TEXT_MAX];
	int saved = errno, n;
	va_list ap;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n < 0)
		text[0] = '\0';
	else if ((size_t)n >= sizeof(text))
		memcpy(text + sizeof(text) - sizeof(more), more, sizeof(more));
	sanitise(text);
	r.message = text;
	if (state.sink)
		state.sink(state.arg, &r);
	else
		to_stderr(&r);
	errno = saved;
}

/* A bucket that holds @burst and loses one event each @interval. */
bool vd_ratelimit_pass(struct vd_ratelimit *rl, vd_time now, uint64_t *missed)
{
	if (rl->interval > 0 && now > rl->last) {
		vd_time free_slots = (now - rl->last) / rl->interval;

		if (free_slots >= rl->used) {
			rl->used = 0;
			rl->last = now;
		} else {
			rl->used -= (uint32_t)free_slots;
			rl->last += free_slots * rl->interval;
		}
	}
	if (rl->used >= rl->burst) {
		rl->suppressed++;
		return false;
	}
	rl->used++;
	if (missed)
		*missed = rl->suppressed;
	rl->suppressed = 0;
	return true;
}
