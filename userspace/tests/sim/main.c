// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ike-sim: two IKE engines over a bad network, from a seed.
 *
 *	ike-sim                     all scenarios, seeds 1 to 1000
 *	ike-sim --seeds 1-1000      a range of seeds
 *	ike-sim --seed N [-v]       one seed, -v: every message
 *	ike-sim --scenario NAME [-v] | --scenarios | --list
 *
 * KTAP on standard output; exit status 1 if anything failed.
 */
#include "sim.h"

#include <stdlib.h>
#include <string.h>

struct tally {
	unsigned int n, failed;
	bool verbose, quiet;
};

static void report(struct tally *t, bool ok, const char *name, const char *why)
{
	t->n++;
	t->failed += !ok;
	if (ok && t->quiet)
		return;
	printf("%s %u - %s%s%s\n", ok ? "ok" : "not ok", t->n, name, ok ? "" : ": ", ok ? "" : why);
	fflush(stdout);
}

static void run_seeds(struct tally *t, unsigned long from, unsigned long to)
{
	char name[32], why[512];

	for (unsigned long seed = from; seed <= to; seed++) {
		bool ok = sim_random(seed, t->verbose, why, sizeof(why));

		snprintf(name, sizeof(name), "seed %lu", seed);
		report(t, ok, name, why);
	}
}

static bool run_scenarios(struct tally *t, const char *only)
{
	char why[512];
	bool found = false;

	for (const struct sim_scenario *s = sim_scenarios; s->name; s++) {
		if (only && strcmp(only, s->name))
			continue;
		found = true;
		report(t, sim_scenario_run(s, 1, t->verbose, why, sizeof(why)), s->name, why);
	}
	return found;
}

static int usage(void)
{
	fprintf(stderr, "usage: ike-sim [--seeds A-B | --seed N | --scenario NAME | --scenarios | "
			"--list] [-v] [-q]\n");
	return 2;
}

int main(int argc, char **argv)
{
	struct tally t = { 0 };
	const char *seeds = NULL, *scenario = NULL;
	bool scenarios = false;
	char *end;

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "-v")) {
			t.verbose = true;
		} else if (!strcmp(argv[i], "-q")) {
			t.quiet = true;
		} else if (!strcmp(argv[i], "--scenarios")) {
			scenarios = true;
		} else if (!strcmp(argv[i], "--list")) {
			for (const struct sim_scenario *s = sim_scenarios; s->name; s++)
				printf("%s\n", s->name);
			return 0;
		} else if (i + 1 < argc && (!strcmp(argv[i], "--seeds") || !strcmp(argv[i], "--seed"))) {
			seeds = argv[++i];
		} else if (i + 1 < argc && !strcmp(argv[i], "--scenario")) {
			scenario = argv[++i];
		} else {
			return usage();
		}
	}
	if (!t.verbose)
		printf("TAP version 13\n");
	if (scenario && !run_scenarios(&t, scenario)) {
		fprintf(stderr, "ike-sim: no scenario %s; --list names them\n", scenario);
		return 2;
	}
	if (scenarios || (!seeds && !scenario))
		run_scenarios(&t, NULL);
	if (!seeds && !scenario && !scenarios)
		seeds = "1-1000";
	if (seeds) {
		unsigned long from = strtoul(seeds, &end, 10);
		unsigned long to = *end == '-' ? strtoul(end + 1, &end, 10) : from;

		if (*end || !from || to < from)
			return usage();
		run_seeds(&t, from, to);
	}
	printf("1..%u\n# %u passed, %u failed\n", t.n, t.n - t.failed, t.failed);
	return t.failed ? 1 : 0;
}
