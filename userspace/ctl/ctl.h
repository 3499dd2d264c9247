/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * viaductctl: what its files share. A command is one file with one function; main.c finds it
 * in a table, having read all options. Commands speak to the daemon through client.h, and write
 * through text.h and table.h only, which let no control character of a peer reach a terminal.
 */
#ifndef VD_CTL_CTL_H
#define VD_CTL_CTL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

/* Exit status, Documentation/control.md. */
enum vd_ctl_exit {
	VD_CTL_DONE = 0,
	VD_CTL_FAILED = 1,
	VD_CTL_USAGE = 2,	/* wrong usage, or a wrong configuration */
	VD_CTL_NO_DAEMON = 3,
};

/* Options as bits: which were given, which a command takes. */
enum vd_ctl_option {
	VD_OPT_SOCKET	= 1 << 0,
	VD_OPT_RUN_DIR	= 1 << 1,
	VD_OPT_JSON	= 1 << 2,
	VD_OPT_COLOR	= 1 << 3,
	VD_OPT_HELP	= 1 << 4,
	VD_OPT_WATCH	= 1 << 5,
	VD_OPT_PROBLEMS	= 1 << 6,
	VD_OPT_NO_WAIT	= 1 << 7,
	VD_OPT_TIMEOUT	= 1 << 8,
	VD_OPT_IKE	= 1 << 9,
	VD_OPT_CHILD	= 1 << 10,
	VD_OPT_DRY_RUN	= 1 << 11,
	VD_OPT_VERSION	= 1 << 12,
};
#define VD_OPT_COMMON	(VD_OPT_SOCKET | VD_OPT_RUN_DIR | VD_OPT_JSON | VD_OPT_COLOR | VD_OPT_HELP)

struct vd_client;

/* One run of viaductctl. */
struct vd_ctl {
	FILE			*out;
	FILE			*err;
	bool			json;
	bool			color;		/* on out */
	bool			terminal;	/* out is one */
	int64_t			now_ms;		/* since 1970, taken at each reply */
	unsigned int		given;		/* VD_OPT_… */
	int			timeout_s;	/* of up and rekey */
	char			socket[108];	/* sun_path */
	const char		*args[2];	/* after the command; NULL where absent */
	struct vd_client	*client;	/* opened by the first call */
};

struct vd_ctl_command {
	const char	*name;
	const char	*args;		/* "NAME", "[NAME]", "" */
	const char	*summary;	/* for `help` */
	const char	*more;		/* for `help COMMAND`: sentences, or NULL */
	unsigned int	options;	/* beside the common ones */
	uint8_t		min_args;
	uint8_t		max_args;
	enum vd_ctl_exit (*run)(struct vd_ctl *ctl);
};

/* main.c: the table, ended by a NULL name. */
extern const struct vd_ctl_command vd_ctl_commands[];

/* cmd_<name>.c */
enum vd_ctl_exit vd_cmd_status(struct vd_ctl *ctl);
enum vd_ctl_exit vd_cmd_show(struct vd_ctl *ctl);
enum vd_ctl_exit vd_cmd_up(struct vd_ctl *ctl);
enum vd_ctl_exit vd_cmd_down(struct vd_ctl *ctl);
enum vd_ctl_exit vd_cmd_rekey(struct vd_ctl *ctl);
enum vd_ctl_exit vd_cmd_monitor(struct vd_ctl *ctl);
enum vd_ctl_exit vd_cmd_explain(struct vd_ctl *ctl);
enum vd_ctl_exit vd_cmd_counters(struct vd_ctl *ctl);
enum vd_ctl_exit vd_cmd_check(struct vd_ctl *ctl);
enum vd_ctl_exit vd_cmd_reload(struct vd_ctl *ctl);
enum vd_ctl_exit vd_cmd_version(struct vd_ctl *ctl);
/* main.c */
enum vd_ctl_exit vd_cmd_help(struct vd_ctl *ctl);

/*
 * What the commands print of a reply's parameters, on ctl->out, without touching the socket:
 * the fuzz target calls them with anything.
 */
void vd_status_print(struct vd_ctl *ctl, const json_t *status);
void vd_show_print(struct vd_ctl *ctl, const json_t *reply, const char *name);
/* @report: with the whole cause below it. */
void vd_event_print(struct vd_ctl *ctl, const json_t *event, bool report);
void vd_explain_print(struct vd_ctl *ctl, const json_t *gateways, const char *wanted, bool *found);
void vd_counters_print(struct vd_ctl *ctl, const json_t *counters);
void vd_changes_print(struct vd_ctl *ctl, const json_t *changes, bool dry_run);

/* follow.c: up and rekey, which wait and print events until the last reply. */
enum vd_ctl_exit vd_ctl_follow(struct vd_ctl *ctl, const char *method, json_t *parameters,
			       const char *result, const char *done);

#endif
