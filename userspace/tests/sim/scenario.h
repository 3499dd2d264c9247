/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Named scenarios, by file: scenario_up.c (set-up), scenario_fail.c (causes), scenario_rekey.c
 * (rekeys and collisions), scenario_life.c (liveness, commands, configuration).
 */
#ifndef SIM_SCENARIO_H
#define SIM_SCENARIO_H

#include "sim.h"

#define SIM_SCENARIOS(X) \
	X(up, "up") \
	X(both_start, "both-start") \
	X(nat, "nat") \
	X(nat_force, "nat-force") \
	X(cookie, "cookie") \
	X(invalid_ke, "invalid-ke")

#define X(fn, name) void sim_scenario_##fn(struct sim_world *w);
SIM_SCENARIOS(X)
#undef X

void sim_command(struct sim_host *h, enum ike_verb verb, const char *tunnel);
void sim_expect_up(struct sim_world *w, vd_time within);
const struct ike_cause *sim_expect_failure(struct sim_host *h, enum ike_cause_code code);
void sim_expect_str(struct sim_world *w, const char *what, const char *got, const char *want);
void sim_expect(struct sim_world *w, bool ok, const char *what);

#endif
