// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Scenarios of a long life: liveness, reboots, administrators, new configurations, limits.
 */
#include "scenario.h"

#include <string.h>

#define A (&w->hosts[0])
#define B (&w->hosts[1])

static void set_up(struct sim_world *w, int tunnels)
{
	sim_boot(w);
	sim_expect_up(w, 10 * VD_SECOND);
}

void sim_scenario_dpd_restart(struct sim_world *w)
{
	sim_build(w, 1);
	set_up(w, 1);
	w->net.cut = true;
	sim_run(w, w->now + 120 * VD_SECOND);
	sim_expect_failure(A, IKE_CAUSE_NET_DEAD);
	sim_expect(w, A->n_down == 1 && B->n_down == 1, "the tunnels are not down");
	w->net.cut = false;
	sim_expect_up(w, 90 * VD_SECOND);
}

void sim_scenario_dpd_clear(struct sim_world *w)
{
	uint64_t sent;

	sim_build(w, 1);
	A->gateway.dpd_action = B->gateway.dpd_action = IKE_DPD_CLEAR;
	set_up(w, 1);
	w->net.cut = true;
	sim_run(w, w->now + 120 * VD_SECOND);
	sim_expect_failure(A, IKE_CAUSE_NET_DEAD);
	w->net.cut = false;
	sent = ike_engine_counters(A->engine)->sent;
	sim_run(w, w->now + 60 * VD_SECOND);
	sim_expect(w, ike_engine_counters(A->engine)->sent == sent, "it did not keep quiet");
	sim_expect(w, sim_empty(w), "something is left");
}

static void packets(struct sim_world *w, struct sim_host *h, int arg)
{
	sim_kernel_packet(h, "via0");
	sim_call(w, h, 1000, packets, arg);
}

/* 2.4: what receives needs no liveness check. */
void sim_scenario_dpd_quiet(struct sim_world *w)
{
	uint64_t sent;

	sim_build(w, 1);
	set_up(w, 1);
	packets(w, A, 0);
	packets(w, B, 0);
	sent = ike_engine_counters(A->engine)->sent;
	sim_run(w, w->now + 200 * VD_SECOND);
	sim_expect(w, ike_engine_counters(A->engine)->sent == sent, "liveness checks in spite of traffic");
}

void sim_scenario_peer_reboots(struct sim_world *w)
{
	sim_build(w, 2);
	set_up(w, 2);
	sim_host_crash(A);
	sim_run(w, w->now + VD_SECOND);
	sim_host_boot(A);
	sim_expect_up(w, 10 * VD_SECOND);	/* INITIAL_CONTACT: no waiting for liveness */
	sim_host_crash(B);
	sim_run(w, w->now + VD_SECOND);
	sim_host_boot(B);
	sim_expect_up(w, 120 * VD_SECOND);
}

void sim_scenario_down_up(struct sim_world *w)
{
	sim_build(w, 2);
	set_up(w, 2);
	sim_command(A, IKE_DOWN, "via0");
	sim_run(w, w->now + 20 * VD_SECOND);
	sim_expect(w, sim_kernel_count(&B->kernel, "via0") == 0, "via0 is still there");
	sim_expect(w, sim_kernel_count(&B->kernel, "via1") == 2, "via1 is not");
	sim_expect(w, ike_engine_command(A->engine, w->now, IKE_UP, "peer", "nonsense") < 0, "name");
	sim_command(A, IKE_UP, "via0");
	sim_expect_up(w, 20 * VD_SECOND);
	sim_command(A, IKE_DOWN, NULL);
	sim_run(w, w->now + 3 * VD_SECOND);
	sim_expect(w, sim_empty(w), "something is left");
	sim_run(w, w->now + 60 * VD_SECOND);
	sim_expect(w, sim_empty(w), "it came back by itself");
	sim_command(A, IKE_UP, NULL);
	sim_expect_up(w, 20 * VD_SECOND);
}

/* Every retry (5 s) until the peer is there, though nobody is at the address at first. */
void sim_scenario_retry(struct sim_world *w)
{
	sim_build(w, 1);
	sim_host_boot(A);
	sim_run(w, w->now + 200 * VD_SECOND);
	sim_expect(w, A->n_failures >= 2, "not tried again");
	sim_host_boot(B);
	sim_expect_up(w, 60 * VD_SECOND);
}

/* A child refused in IKE_AUTH is asked for again by CREATE_CHILD_SA on the same IKE SA. */
void sim_scenario_retry_child(struct sim_world *w)
{
	sim_build(w, 1);
	sim_proposals(&B->tunnels[0].proposals, IKE_PROTO_ESP, "aes128gcm16", NULL);
	sim_boot(w);
	sim_run(w, w->now + 3 * VD_SECOND);
	sim_expect_failure(A, IKE_CAUSE_P2_REFUSED);
	sim_proposals(&B->tunnels[0].proposals, IKE_PROTO_ESP, "aes256gcm16", NULL);
	sim_expect_up(w, 20 * VD_SECOND);
	sim_expect(w, !sim_host_failure(A, IKE_CAUSE_NET_NO_ANSWER), "the IKE SA was made anew");
}

static struct ike_gateway_conf copy_gateway;
static struct ike_tunnel_conf copy_tunnels[SIM_TUNNELS];
static struct ike_config copy_config;

static void copy_conf(struct sim_host *h)
{
	copy_gateway = h->gateway;
	memcpy(copy_tunnels, h->tunnels, sizeof(copy_tunnels));
	copy_gateway.tunnels = copy_tunnels;
	copy_config = (struct ike_config){ .n_gateways = 1, .gateways = &copy_gateway };
}

void sim_scenario_reload_same(struct sim_world *w)
{
	uint64_t sent;

	sim_build(w, 2);
	set_up(w, 2);
	copy_conf(A);
	copy_gateway.dpd = 17 * VD_SECOND;
	copy_gateway.pos.line = 99;
	sent = ike_engine_counters(A->engine)->sent;
	sim_expect(w, !ike_engine_configure(A->engine, w->now, &copy_config), "configure");
	memset(A->tunnels, 0xff, sizeof(A->tunnels));	/* the engine must not look there any more */
	sim_host_drain(A);
	sim_run(w, w->now + 5 * VD_SECOND);
	sim_expect(w, ike_engine_counters(A->engine)->sent == sent, "an unchanged tunnel was touched");
	sim_expect(w, A->n_down == 0, "a tunnel went down");
	sim_command(A, IKE_REKEY_CHILD, NULL);
	sim_run(w, w->now + 10 * VD_SECOND);
	sim_expect(w, A->n_rekeyed == 2, "the tunnels can't be rekeyed any more");
	memcpy(A->tunnels, copy_tunnels, sizeof(copy_tunnels));
	sim_expect(w, sim_agreed(w), "no agreement");
}

void sim_scenario_reload_change(struct sim_world *w)
{
	sim_build(w, 2);
	set_up(w, 2);
	/* via1 leaves at A. */
	copy_conf(A);
	copy_gateway.n_tunnels = 1;
	sim_expect(w, !ike_engine_configure(A->engine, w->now, &copy_config), "configure");
	sim_host_drain(A);
	sim_run(w, w->now + 3 * VD_SECOND);
	sim_expect(w, sim_kernel_count(&A->kernel, "via1") == 0, "via1 stayed at A");
	sim_expect(w, sim_kernel_count(&B->kernel, "via1") == 0, "B was not told");
	sim_expect(w, sim_kernel_count(&A->kernel, "via0") == 2, "via0 went, too");
	/* And comes back; the gateway's proposals change with it: all is made anew. */
	A->gateway.lifetime = 1000 * VD_SECOND;
	sim_expect(w, !ike_engine_configure(A->engine, w->now, &A->config), "configure");
	sim_host_drain(A);
	sim_expect_up(w, 60 * VD_SECOND);
	/* Nothing left at all. */
	copy_config.n_gateways = 0;
	sim_expect(w, !ike_engine_configure(A->engine, w->now, &copy_config), "configure");
	sim_host_drain(A);
	sim_run(w, w->now + 3 * VD_SECOND);
	sim_expect(w, sim_kernel_count(&A->kernel, NULL) == 0 && sim_kernel_count(&B->kernel, NULL) == 0,
		   "something is left in a kernel");
	sim_expect(w, ike_engine_command(A->engine, w->now, IKE_UP, "peer", NULL) < 0, "the name stayed");
}

/* A flood of requests that never go on: bounded state, cookies, and gone after their time. */
void sim_scenario_half_open_limit(struct sim_world *w)
{
	sim_build(w, 1);
	B->limits.cookie_threshold = 8;
	B->limits.half_open_max = 16;
	sim_host_boot(B);
	sim_run(w, w->now + VD_SECOND);
	w->net.loss = 0;
	for (int i = 0; i < 200; i++) {
		sim_host_boot(A);
		sim_run(w, w->now + 30);
		sim_host_crash(A);
		sim_run(w, w->now + 15);
	}
	sim_expect(w, ike_engine_counters(B->engine)->drops[IKE_DROP_COOKIE] > 0, "no cookies");
	sim_run(w, w->now + 60 * VD_SECOND);
	sim_host_boot(A);
	sim_expect_up(w, 60 * VD_SECOND);
}

/* The NAT gives another port: the end in the open follows the kernel's word. */
void sim_scenario_mapping(struct sim_world *w)
{
	struct ike_kernel_event ev = { .kind = IKE_KERNEL_MAPPING, .child = 1, .inbound = true };
	struct sim_kernel_sa *out;

	sim_build(w, 1);
	sim_nat(w);
	set_up(w, 1);
	out = sim_kernel_out(&B->kernel, "via0");
	memcpy(ev.tunnel, "via0", 5);
	ev.spi = sim_kernel_out(&A->kernel, "via0")->p.id.spi;
	ev.remote = out->p.remote;
	ev.remote.port = 60001;
	ike_engine_kernel_event(B->engine, w->now, &ev);
	sim_host_drain(B);
	sim_expect(w, sim_kernel_out(&B->kernel, "via0")->p.remote.port == 60001, "it did not follow");
}
