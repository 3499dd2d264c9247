// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Scenarios of setting up.
 */
#include "scenario.h"

#include "tests/common/test_ops.h"

void sim_scenario_up(struct sim_world *w)
{
	sim_build(w, 3);
	sim_boot(w);
	sim_expect_up(w, 10 * VD_SECOND);
	sim_expect(w, !w->hosts[0].n_failures && !w->hosts[1].n_failures, "a failure was told");
	sim_expect(w, w->hosts[0].n_up == 3 && w->hosts[1].n_up == 3, "not three tunnels up");
}

/* Both begin at once, with every shift between them: one IKE SA stays, and no tunnel goes down for it. */
void sim_scenario_both_start(struct sim_world *w)
{
	for (int shift = 0; shift < 40 && !w->failed; shift++) {
		sim_build(w, 2);
		w->hosts[1].tunnels[0].start = w->hosts[1].tunnels[1].start = IKE_START_ALWAYS;
		sim_host_boot(&w->hosts[0]);
		sim_run(w, w->now + 3 * shift);
		sim_host_boot(&w->hosts[1]);
		sim_run(w, w->now + 5 * VD_SECOND);
		sim_expect_up(w, 20 * VD_SECOND);
		sim_expect(w, !w->hosts[0].n_down && !w->hosts[1].n_down, "a tunnel went down");
		for (int i = 0; i < 2; i++) {
			sim_host_crash(&w->hosts[i]);
			test_ops_close(&w->hosts[i].ops);
		}
	}
	sim_build(w, 1);
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

/* The responder allows less than the initiator asks for (RFC 7296, 2.9). */
void sim_scenario_narrowing(struct sim_world *w)
{
	const struct sim_kernel_child *c = &w->hosts[0].kernel.children[0];

	sim_build(w, 1);
	w->hosts[0].tunnels[0].local_ts.ts[0] = ike_ts_any(VD_FAMILY_IPV4);
	w->hosts[0].tunnels[0].remote_ts.ts[0] = ike_ts_any(VD_FAMILY_IPV4);
	sim_boot(w);
	sim_expect(w, ike_ts_list_equal(&c->local_ts, &w->hosts[0].tunnels[0].local_ts),
		   "the child has not its configured selectors");
	sim_expect_up(w, 10 * VD_SECOND);
	sim_expect(w, ike_ts_list_equal(&c->local_ts, &w->hosts[1].tunnels[0].remote_ts),
		   "the initiator's kernel does not know the narrowed selectors");
	sim_command(&w->hosts[0], IKE_DOWN, NULL);
	sim_run(w, w->now + 2 * VD_SECOND);
	sim_expect(w, ike_ts_list_equal(&c->local_ts, &w->hosts[0].tunnels[0].local_ts),
		   "the configured selectors are not back");
}

void sim_scenario_on_traffic(struct sim_world *w)
{
	sim_build(w, 1);
	w->hosts[0].tunnels[0].start = IKE_START_ON_TRAFFIC;
	sim_boot(w);
	sim_run(w, w->now + 30 * VD_SECOND);
	sim_expect(w, !ike_engine_counters(w->hosts[0].engine)->sent, "it started without traffic");
	sim_kernel_packet(&w->hosts[0], "via0");
	sim_expect_up(w, 10 * VD_SECOND);
}

/* A gateway for any address, chosen by the ID (P1-13). */
void sim_scenario_any_remote(struct sim_world *w)
{
	sim_build(w, 1);
	w->hosts[1].gateway.remote = (struct vd_addr){ 0 };
	sim_boot(w);
	sim_expect_up(w, 10 * VD_SECOND);
}
