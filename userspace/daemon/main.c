// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * viaductd: arguments, and which role this process has.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/version.h"
#include "conf/conf.h"
#include "daemon/roles.h"

static const char usage_text[] =
"usage: viaductd [--config FILE] [--run-dir DIR] [--log-level LEVEL] [--keep]\n"
"       viaductd --check [FILE] [--json]\n"
"       viaductd --version\n"
"\n"
"  -c, --config FILE      configuration (" VD_CONF_DEFAULT_FILE ")\n"
"  -r, --run-dir DIR      control socket and lock (" VD_RUN_DIR_DEFAULT "); one per network namespace\n"
"  -l, --log-level LEVEL  error, warning, notice, info (default), debug; or per subsystem: ike=debug,...\n"
"  -k, --keep             at the end leave interfaces and SAs as they are\n"
"      --foreground       accepted: viaductd never goes into the background\n"
"      --check [FILE]     judge a configuration and end: 0 fine, 2 errors\n"
"      --json             with --check: the findings as JSON on standard output\n"
"\n"
"Exit status: 0 ended as told, 1 failed, 2 wrong usage or configuration, 3 kernel module absent.\n";

enum { OPT_FOREGROUND = 256, OPT_CHECK, OPT_JSON, OPT_VERSION, OPT_HELP, OPT_ROLE, OPT_ROOT };

static const struct option long_options[] = {
	{ "config", required_argument, NULL, 'c' },
	{ "run-dir", required_argument, NULL, 'r' },
	{ "log-level", required_argument, NULL, 'l' },
	{ "keep", no_argument, NULL, 'k' },
	{ "foreground", no_argument, NULL, OPT_FOREGROUND },
	{ "check", no_argument, NULL, OPT_CHECK },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ "help", no_argument, NULL, OPT_HELP },
	/* for [priv] starting the others */
	{ "role", required_argument, NULL, OPT_ROLE },
	{ "root", required_argument, NULL, OPT_ROOT },
	{ NULL, 0, NULL, 0 },
};

struct arguments {
	struct vd_options	options;
	bool			check, json, version, help;
	const char		*role, *root;
};

static bool take(struct arguments *a, int opt)
{
	switch (opt) {
	case 'c':
		a->options.config = optarg;
		return true;
	case 'r':
		a->options.run_dir = optarg;
		return true;
	case 'l':
		a->options.log_levels = optarg;
		return true;
	case 'k':
		a->options.keep = true;
		return true;
	case OPT_FOREGROUND:
		return true;
	case OPT_CHECK:
		a->check = true;
		return true;
	case OPT_JSON:
		a->json = true;
		return true;
	case OPT_VERSION:
		a->version = true;
		return true;
	case OPT_HELP:
		a->help = true;
		return true;
	case OPT_ROLE:
		a->role = optarg;
		return true;
	case OPT_ROOT:
		a->root = optarg;
		return true;
	}
	return false;
}

static int run_role(const struct arguments *a)
{
	struct vd_worker_args args = { a->root, a->options.log_levels };

	vd_log_set_name("viaductd");
	if (!a->root)
		return VD_EXIT_CONFIG;
	if (strcmp(a->role, "net") == 0)
		return vd_net_main(&args);
	if (strcmp(a->role, "keys") == 0)
		return vd_keys_main(&args);
	return VD_EXIT_CONFIG;
}

int main(int argc, char **argv)
{
	struct arguments a = { .options = { VD_CONF_DEFAULT_FILE, VD_RUN_DIR_DEFAULT, NULL, false } };
	int opt;

	while ((opt = getopt_long(argc, argv, "c:r:l:k", long_options, NULL)) != -1) {
		if (!take(&a, opt)) {
			fputs(usage_text, stderr);
			return VD_EXIT_CONFIG;
		}
	}
	if (a.help || a.version) {
		if (a.help)
			fputs(usage_text, stdout);
		else
			puts("viaductd " VD_VERSION);
		return VD_EXIT_OK;
	}
	if (a.role)
		return run_role(&a);
	if (a.check && optind < argc)
		a.options.config = argv[optind++];
	if (optind < argc || (a.json && !a.check)) {
		fputs(usage_text, stderr);
		return VD_EXIT_CONFIG;
	}
	if (a.check)
		return vd_check_main(a.options.config, a.json);
	vd_log_set_name("viaductd");
	if (a.options.log_levels && vd_log_parse_levels(a.options.log_levels, NULL) < 0) {
		fprintf(stderr, "viaductd: --log-level %s: no such level or subsystem\n",
			a.options.log_levels);
		return VD_EXIT_CONFIG;
	}
	if (geteuid() != 0) {
		fputs("viaductd: must be started as root (it gives up what it does not need): "
		      "sudo viaductd, or systemctl start viaductd\n", stderr);
		return VD_EXIT_FAILED;
	}
	return vd_priv_main(&a.options);
}
