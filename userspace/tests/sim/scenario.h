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
	X(invalid_ke, "invalid-ke") \
	X(narrowing, "narrowing") \
	X(on_traffic, "on-traffic") \
	X(any_remote, "any-remote") \
	X(wrong_psk, "wrong-psk") \
	X(no_psk, "no-psk") \
	X(wrong_id, "wrong-id") \
	X(wrong_idr, "wrong-idr") \
	X(wrong_responder_id, "wrong-responder-id") \
	X(no_gateway, "no-gateway") \
	X(taken_down, "taken-down") \
	X(p1_encr, "p1-encryption") \
	X(p1_group, "p1-group") \
	X(p1_ke_outside, "p1-ke-outside") \
	X(p2_encr, "p2-encryption") \
	X(p2_pfs_responder, "p2-pfs-responder-only") \
	X(p2_pfs_initiator, "p2-pfs-initiator-only") \
	X(selectors, "selectors") \
	X(no_answer, "no-answer") \
	X(no_answer_4500, "no-answer-4500") \
	X(no_route, "no-route") \
	X(kernel_refuses, "kernel-refuses") \
	X(version, "version") \
	X(rekey_child, "rekey-child") \
	X(rekey_child_pfs, "rekey-child-pfs") \
	X(rekey_ike, "rekey-ike") \
	X(collide_child, "collide-child") \
	X(collide_child_late, "collide-child-late") \
	X(collide_ike, "collide-ike") \
	X(collide_ike_late, "collide-ike-late") \
	X(collide_mixed, "collide-mixed") \
	X(rekey_no_loss, "rekey-no-loss") \
	X(soft_expiry, "soft-expiry") \
	X(hard_expiry, "hard-expiry") \
	X(dpd_restart, "dpd-restart") \
	X(dpd_clear, "dpd-clear") \
	X(dpd_quiet, "dpd-quiet-with-traffic") \
	X(peer_reboots, "peer-reboots") \
	X(down_up, "down-up") \
	X(retry, "retry") \
	X(retry_child, "retry-child") \
	X(reload_same, "reload-same") \
	X(reload_change, "reload-change") \
	X(half_open_limit, "half-open-limit") \
	X(mapping, "mapping")

#define X(fn, name) void sim_scenario_##fn(struct sim_world *w);
SIM_SCENARIOS(X)
#undef X

/* The failure of @h with @code: certainty, role and the configuration line. */
void sim_expect_cause(struct sim_host *h, enum ike_cause_code code, bool certain, bool told,
		      uint32_t line);
void sim_command(struct sim_host *h, enum ike_verb verb, const char *tunnel);
void sim_expect_up(struct sim_world *w, vd_time within);
const struct ike_cause *sim_expect_failure(struct sim_host *h, enum ike_cause_code code);
void sim_expect_str(struct sim_world *w, const char *what, const char *got, const char *want);
void sim_expect(struct sim_world *w, bool ok, const char *what);

#endif
