// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Scenarios of setting up.
 */
#include "scenario.h"

void sim_scenario_up(struct sim_world *w)
{
	sim_build(w, 3);
	sim_boot(w);
	sim_expect_up(w, 10 * VD_SECOND);
	sim_expect(w, !w->hosts[0].n_failures && !w->hosts[1].n_failures, "a failure was told");
	sim_expect(w, w->hosts[0].n_up == 3 && w->hosts[1].n_up == 3, "not three tunnels up");
}

void sim_scenario_both_start(struct sim_world *w)
{
	sim_build(w, 2);
	w->hosts[1].tunnels[0].start = w->hosts[1].tunnels[1].start = IKE_START_ALWAYS;
	sim_boot(w);
	sim_run(w, w->now + 5 * VD_SECOND);
	sim_expect_up(w, 20 * VD_SECOND);
}

void sim_scenario_nat(struct sim_world *w)
{
	sim_build(w, 1);
	sim_nat(w);
	sim_boot(w);
	sim_expect_up(w, 10 * VD_SECOND);
	sim_expect(w, w->hosts[0].kernel.sas && w->hosts[0].kernel.sas->p.encap, "no encapsulation");
	sim_expect(w, w->hosts[1].kernel.sas->p.remote.port == 54500, "not the NAT's port");
}

void sim_scenario_nat_force(struct sim_world *w)
{
	sim_build(w, 1);
	w->hosts[1].gateway.nat = IKE_NAT_FORCE;
	sim_boot(w);
	sim_expect_up(w, 10 * VD_SECOND);
	sim_expect(w, w->hosts[0].kernel.sas && w->hosts[0].kernel.sas->p.encap, "no encapsulation");
}

void sim_scenario_cookie(struct sim_world *w)
{
	sim_build(w, 1);
	w->hosts[1].limits.cookie_threshold = 0;
	sim_boot(w);
	sim_expect_up(w, 10 * VD_SECOND);
	sim_expect(w, ike_engine_counters(w->hosts[1].engine)->drops[IKE_DROP_COOKIE] == 1,
		   "no cookie was asked for");
}

void sim_scenario_invalid_ke(struct sim_world *w)
{
	sim_build(w, 1);
	sim_proposals(&w->hosts[0].gateway.proposals, IKE_PROTO_IKE, "aes256-sha256-x25519-modp2048",
		      NULL);
	sim_proposals(&w->hosts[1].gateway.proposals, IKE_PROTO_IKE, "aes256-sha256-modp2048", NULL);
	sim_boot(w);
	sim_expect_up(w, 10 * VD_SECOND);
	sim_expect(w, !w->hosts[0].n_failures && !w->hosts[1].n_failures, "a failure was told");
}
