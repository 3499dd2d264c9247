// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * viaductctl: reads the options, finds the command in the table, runs it. Options may stand before
 * or after the command; which a command takes is in its row.
 */
#include <errno.h>
#include <getopt.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/nearest.h"
#include "ctl/client.h"
#include "ctl/text.h"

#define DEFAULT_RUN_DIR	"/run/viaduct"
#define DEFAULT_TIMEOUT	30
#define LONGEST_TIMEOUT	3600	/* control.md */

const struct vd_ctl_command vd_ctl_commands[] = {
	{ "status", "[GATEWAY]", "all gateways and tunnels at a glance",
	  "Of each gateway and tunnel that is not up: what it waits for, and what failed last.",
	  VD_OPT_WATCH | VD_OPT_PROBLEMS, 0, 1, vd_cmd_status },
	{ "show", "NAME", "all facts of a gateway or a tunnel, its SAs, drops by reason", NULL,
	  0, 1, 1, vd_cmd_show },
	{ "up", "NAME", "negotiate a gateway or a tunnel, and tell how it goes",
	  "Waits until it is up (exit status 0), or failed (1, with the cause).",
	  VD_OPT_NO_WAIT | VD_OPT_TIMEOUT, 1, 1, vd_cmd_up },
	{ "down", "NAME", "take a gateway or a tunnel down, and leave it so", NULL,
	  0, 1, 1, vd_cmd_down },
	{ "rekey", "NAME", "new keys now",
	  "A gateway's name rekeys its IKE SA, a tunnel's name its child SA, unless told otherwise.",
	  VD_OPT_IKE | VD_OPT_CHILD | VD_OPT_NO_WAIT | VD_OPT_TIMEOUT, 1, 1, vd_cmd_rekey },
	{ "monitor", "[NAME]", "events as they happen, until interrupted", NULL,
	  0, 0, 1, vd_cmd_monitor },
	{ "explain", "[NAME|CODE]", "the last failures in full: both sides' values, the line, the fix",
	  "CODE is the number of a failure, as VIA-2103 or 2103.", 0, 0, 1, vd_cmd_explain },
	{ "counters", "", "what was dropped, by reason", NULL, 0, 0, 0, vd_cmd_counters },
	{ "check", "[FILE]", "is a configuration right? needs no daemon",
	  "FILE is /etc/viaduct/viaduct.conf unless given.", 0, 0, 1, vd_cmd_check },
	{ "reload", "", "let viaductd read its configuration anew, all or nothing", NULL,
	  VD_OPT_DRY_RUN, 0, 0, vd_cmd_reload },
	{ "version", "", "of the command, the daemon, the module", NULL, 0, 0, 0, vd_cmd_version },
	{ "help", "[COMMAND]", "this list, or the options of a command", NULL, 0, 0, 1, vd_cmd_help },
	{ 0 },
};

static const struct option_row {
	enum vd_ctl_option	bit;
	const char		*name;
	char			letter;		/* 0: none */
	const char		*arg;		/* NULL: takes none */
	const char		*summary;
} options[] = {
	{ VD_OPT_JSON, "json", 'j', NULL, "print the daemon's replies as JSON, one object a line" },
	{ VD_OPT_SOCKET, "socket", 's', "PATH", "the daemon's socket (" DEFAULT_RUN_DIR "/control.sock)" },
	{ VD_OPT_RUN_DIR, "run-dir", 0, "DIR", "the folder of the daemon's socket (" DEFAULT_RUN_DIR ")" },
	{ VD_OPT_COLOR, "color", 0, "WHEN", "always, never, or auto: on a terminal, unless NO_COLOR is set" },
	{ VD_OPT_HELP, "help", 'h', NULL, "the same as: viaductctl help COMMAND" },
	{ VD_OPT_WATCH, "watch", 'w', NULL, "again every second, until interrupted" },
	{ VD_OPT_PROBLEMS, "problems", 'p', NULL, "only gateways that are not up with all their tunnels" },
	{ VD_OPT_NO_WAIT, "no-wait", 0, NULL, "start it and return at once" },
	{ VD_OPT_TIMEOUT, "timeout", 't', "SECONDS", "wait no longer than this (30)" },
	{ VD_OPT_IKE, "ike", 0, NULL, "the IKE SA (Phase 1)" },
	{ VD_OPT_CHILD, "child", 0, NULL, "the child SAs (Phase 2)" },
	{ VD_OPT_DRY_RUN, "dry-run", 'n', NULL, "tell what would change, change nothing" },
	{ VD_OPT_VERSION, "version", 'V', NULL, "the same as: viaductctl version" },
};
#define N_OPTIONS	(sizeof(options) / sizeof(options[0]))

static void print_option(struct vd_ctl *ctl, const struct option_row *o)
{
	char left[40];

	if (o->letter)
		snprintf(left, sizeof(left), "-%c, --%s%s%s", o->letter, o->name, o->arg ? " " : "",
			 o->arg ? o->arg : "");
	else
		snprintf(left, sizeof(left), "    --%s%s%s", o->name, o->arg ? " " : "", o->arg ? o->arg : "");
	vd_line(ctl, VD_PLAIN, "  %-24s %s", left, o->summary);
}

static void help_command(struct vd_ctl *ctl, const struct vd_ctl_command *command)
{
	vd_line(ctl, VD_PLAIN, "viaductctl [OPTIONS] %s%s%s", command->name, *command->args ? " " : "",
		command->args);
	vd_line(ctl, VD_PLAIN, "  %s", command->summary);
	if (command->more)
		vd_line(ctl, VD_PLAIN, "  %s", command->more);
	vd_line(ctl, VD_BOLD, "options:");
	for (size_t i = 0; i < N_OPTIONS; i++)
		if (options[i].bit & (command->options | VD_OPT_COMMON))
			print_option(ctl, &options[i]);
}

static const struct vd_ctl_command *find_command(const char *name)
{
	for (const struct vd_ctl_command *c = vd_ctl_commands; c->name; c++)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

static enum vd_ctl_exit no_command(struct vd_ctl *ctl, const char *name)
{
	struct vd_nearest near = { .typed = name };

	for (const struct vd_ctl_command *c = vd_ctl_commands; c->name; c++)
		vd_nearest_offer(&near, c->name);
	if (near.best)
		vd_complain(ctl, "no command is called %s; did you mean %s?", name, near.best);
	else
		vd_complain(ctl, "no command is called %s (viaductctl help lists them)", name);
	return VD_CTL_USAGE;
}

enum vd_ctl_exit vd_cmd_help(struct vd_ctl *ctl)
{
	if (ctl->args[0]) {
		const struct vd_ctl_command *command = find_command(ctl->args[0]);

		if (!command)
			return no_command(ctl, ctl->args[0]);
		help_command(ctl, command);
		return VD_CTL_DONE;
	}
	vd_line(ctl, VD_PLAIN, "viaductctl [OPTIONS] COMMAND: the gateways and tunnels of viaductd");
	vd_line(ctl, VD_BOLD, "commands:");
	for (const struct vd_ctl_command *c = vd_ctl_commands; c->name; c++) {
		char left[40];

		snprintf(left, sizeof(left), "%s %s", c->name, c->args);
		vd_line(ctl, VD_PLAIN, "  %-20s %s", left, c->summary);
	}
	vd_line(ctl, VD_BOLD, "options of all:");
	for (size_t i = 0; i < N_OPTIONS; i++)
		if (options[i].bit & VD_OPT_COMMON)
			print_option(ctl, &options[i]);
	vd_line(ctl, VD_PLAIN, "exit status: 0 done, 1 failed, 2 wrong usage or configuration, 3 no daemon");
	return VD_CTL_DONE;
}

static bool set_socket(struct vd_ctl *ctl, const char *value, const char *below)
{
	int n = snprintf(ctl->socket, sizeof(ctl->socket), "%s%s", value, below);

	if (n > 0 && (size_t)n < sizeof(ctl->socket))
		return true;
	vd_complain(ctl, "a socket's path may have %zu characters: %s", sizeof(ctl->socket) - 1, value);
	return false;
}

static bool set_color(struct vd_ctl *ctl, const char *when)
{
	const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");

	if (!strcmp(when, "always"))
		ctl->color = true;
	else if (!strcmp(when, "never"))
		ctl->color = false;
	else if (!strcmp(when, "auto"))
		ctl->color = ctl->terminal && !(no_color && *no_color) && term && strcmp(term, "dumb");
	else
		vd_complain(ctl, "--color takes always, never or auto, not %s", when);
	return !strcmp(when, "always") || !strcmp(when, "never") || !strcmp(when, "auto");
}

static bool set_timeout(struct vd_ctl *ctl, const char *text)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(text, &end, 10);
	if (errno || end == text || *end || n < 1 || n > LONGEST_TIMEOUT) {
		vd_complain(ctl, "--timeout takes seconds from 1 to %d, not %s", LONGEST_TIMEOUT, text);
		return false;
	}
	ctl->timeout_s = (int)n;
	return true;
}

static bool apply_option(struct vd_ctl *ctl, const struct option_row *o, const char *value)
{
	ctl->given |= o->bit;
	switch (o->bit) {
	case VD_OPT_SOCKET:
		return set_socket(ctl, value, "");
	case VD_OPT_RUN_DIR:
		return set_socket(ctl, value, "/control.sock");
	case VD_OPT_COLOR:
		return set_color(ctl, value);
	case VD_OPT_TIMEOUT:
		return set_timeout(ctl, value);
	case VD_OPT_JSON:
		ctl->json = true;
		return true;
	case VD_OPT_HELP:
	case VD_OPT_WATCH:
	case VD_OPT_PROBLEMS:
	case VD_OPT_NO_WAIT:
	case VD_OPT_IKE:
	case VD_OPT_CHILD:
	case VD_OPT_DRY_RUN:
	case VD_OPT_VERSION:
		break;
	}
	return true;
}

static void wrong_option(struct vd_ctl *ctl, const char *typed, bool missing)
{
	struct vd_nearest near = { .typed = typed };

	if (missing) {
		vd_complain(ctl, "%s needs a value (viaductctl help)", typed);
		return;
	}
	if (!strncmp(typed, "--", 2)) {
		near.typed = typed + 2;
		for (size_t i = 0; i < N_OPTIONS; i++)
			vd_nearest_offer(&near, options[i].name);
	}
	if (near.best)
		vd_complain(ctl, "no option is called %s; did you mean --%s?", typed, near.best);
	else
		vd_complain(ctl, "no option is called %s (viaductctl help lists them)", typed);
}

/* Reads all options, wherever they stand; the rest is left from optind on. */
static bool read_options(struct vd_ctl *ctl, int argc, char **argv)
{
	struct option table[N_OPTIONS + 1] = { 0 };
	char letters[2 * N_OPTIONS + 2] = ":", *l = letters + 1;
	int c, index;

	for (size_t i = 0; i < N_OPTIONS; i++) {
		table[i] = (struct option){ options[i].name, options[i].arg ? required_argument : no_argument,
					    NULL, 256 + (int)i };
		if (options[i].letter)
			*l++ = options[i].letter;
		if (options[i].letter && options[i].arg)
			*l++ = ':';
	}
	opterr = 0;
	while ((c = getopt_long(argc, argv, letters, table, &index)) != -1) {
		const char *typed = argv[optind - 1];
		size_t i = 0;

		if (c == '?' || c == ':') {
			char letter[3] = { '-', (char)optopt, '\0' };

			wrong_option(ctl, optopt > 0 && optopt < 256 && strncmp(typed, "--", 2) ? letter : typed,
				     c == ':');
			return false;
		}
		while (c < 256 ? options[i].letter != c : (int)i != c - 256)
			i++;
		if (!apply_option(ctl, &options[i], optarg))
			return false;
	}
	return true;
}

/* The command's row accepts what was given? */
static bool fits(struct vd_ctl *ctl, const struct vd_ctl_command *command, int n_args)
{
	unsigned int wrong = ctl->given & ~(command->options | VD_OPT_COMMON);

	for (size_t i = 0; i < N_OPTIONS; i++)
		if (wrong & options[i].bit) {
			vd_complain(ctl, "%s has no option --%s (viaductctl help %s)", command->name,
				    options[i].name, command->name);
			return false;
		}
	if (n_args >= command->min_args && n_args <= command->max_args)
		return true;
	vd_complain(ctl, "usage: viaductctl %s%s%s", command->name, *command->args ? " " : "", command->args);
	return false;
}

static enum vd_ctl_exit run(struct vd_ctl *ctl, int argc, char **argv)
{
	const struct vd_ctl_command *command;

	if (!read_options(ctl, argc, argv))
		return VD_CTL_USAGE;
	argc -= optind;
	argv += optind;
	if (ctl->given & VD_OPT_VERSION)
		return vd_cmd_version(ctl);
	if (!argc) {
		enum vd_ctl_exit status = ctl->given & VD_OPT_HELP ? VD_CTL_DONE : VD_CTL_USAGE;

		ctl->out = status == VD_CTL_DONE ? ctl->out : ctl->err;
		vd_cmd_help(ctl);
		return status;
	}
	command = find_command(argv[0]);
	if (!command)
		return no_command(ctl, argv[0]);
	if (ctl->given & VD_OPT_HELP) {
		help_command(ctl, command);
		return VD_CTL_DONE;
	}
	if (!fits(ctl, command, argc - 1))
		return VD_CTL_USAGE;
	for (int i = 1; i < argc; i++)
		ctl->args[i - 1] = argv[i];
	return command->run(ctl);
}

int main(int argc, char **argv)
{
	struct vd_ctl ctl = { .out = stdout, .err = stderr, .timeout_s = DEFAULT_TIMEOUT };
	enum vd_ctl_exit status;

	setlocale(LC_CTYPE, "");
	ctl.terminal = isatty(STDOUT_FILENO);
	set_color(&ctl, "auto");
	set_socket(&ctl, DEFAULT_RUN_DIR, "/control.sock");
	status = run(&ctl, argc, argv);
	vd_client_close(ctl.client);
	/* A full disk behind a redirection must not look like success. */
	if (fflush(stdout) || ferror(stdout)) {
		vd_complain(&ctl, "cannot write: %s", strerror(errno));
		if (status == VD_CTL_DONE)
			status = VD_CTL_FAILED;
	}
	return status;
}
