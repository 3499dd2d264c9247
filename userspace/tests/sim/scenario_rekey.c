// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Scenarios of rekeying: alone, at once, crossed (RFC 7296, 2.8, 2.8.1, 2.8.2, 2.25).
 */
#include "scenario.h"

#define A (&w->hosts[0])
#define B (&w->hosts[1])

static void set_up(struct sim_world *w, int tunnels)
{
	sim_build(w, tunnels);
	sim_boot(w);
	sim_expect_up(w, 10 * VD_SECOND);
}

static uint32_t out_spi(struct sim_host *h)
{
	const struct sim_kernel_sa *s = sim_kernel_out(&h->kernel, "via0");

	return s ? s->p.id.spi : 0;
}

static void expect_rekeyed(struct sim_world *w, uint32_t before)
{
	sim_run(w, w->now + 3 * VD_SECOND);
	sim_expect_up(w, 60 * VD_SECOND);
	sim_expect(w, out_spi(A) != before, "the child is the old one");
	sim_expect(w, !A->n_failures && !B->n_failures, "a failure was told");
	sim_expect(w, !A->n_down && !B->n_down, "a tunnel went down");
	sim_run(w, w->now + 40 * VD_SECOND);
	sim_expect(w, sim_agreed(w), "it did not last");
}

void sim_scenario_rekey_child(struct sim_world *w)
{
	uint32_t before;

	set_up(w, 2);
	before = out_spi(A);
	sim_command(A, IKE_REKEY_CHILD, "via0");
	expect_rekeyed(w, before);
	before = out_spi(A);
	sim_command(B, IKE_REKEY_CHILD, NULL);
	expect_rekeyed(w, before);
	sim_expect(w, A->n_rekeyed == 3 && B->n_rekeyed == 3, "rekey events");
}

void sim_scenario_rekey_child_pfs(struct sim_world *w)
{
	const struct sim_kernel_sa *s;
	uint32_t before;

	sim_build(w, 1);
	for (int i = 0; i < 2; i++)
		sim_proposals(&w->hosts[i].tunnels[0].proposals, IKE_PROTO_ESP,
			      i ? "aes256gcm16-x25519" : "aes256gcm16-modp2048-x25519", NULL);
	sim_boot(w);
	sim_expect_up(w, 10 * VD_SECOND);
	before = out_spi(A);
	sim_command(A, IKE_REKEY_CHILD, NULL);	/* by way of INVALID_KE_PAYLOAD */
	expect_rekeyed(w, before);
	s = sim_kernel_out(&A->kernel, "via0");
	sim_expect(w, s && s->p.suite.dh == IKE_DH_CURVE25519, "no PFS");
}

void sim_scenario_rekey_ike(struct sim_world *w)
{
	uint32_t before;

	set_up(w, 2);
	before = out_spi(A);
	sim_command(A, IKE_REKEY_IKE, NULL);
	sim_run(w, w->now + 2 * VD_SECOND);
	sim_expect(w, sim_agreed(w) && out_spi(A) == before, "the children did not stay");
	sim_command(B, IKE_REKEY_IKE, NULL);
	sim_run(w, w->now + 2 * VD_SECOND);
	sim_expect(w, sim_agreed(w) && out_spi(A) == before, "the children did not stay");
	sim_expect(w, A->n_ike_rekeyed == 2 && B->n_ike_rekeyed == 2, "rekey events");
	/* The children can be rekeyed by the keys of the new SA. */
	sim_command(B, IKE_REKEY_CHILD, NULL);
	expect_rekeyed(w, before);
}

static void both(struct sim_world *w, enum ike_verb a, enum ike_verb b, vd_time later)
{
	sim_command(A, a, NULL);
	sim_run(w, w->now + later);
	sim_command(B, b, NULL);
}

/* Many times: which nonce is the lowest is chance, and so is who hears whom first. */
#define TIMES 12

void sim_scenario_collide_child(struct sim_world *w)
{
	uint32_t before;

	set_up(w, 1);
	for (int i = 0; i < TIMES && !w->failed; i++) {
		before = out_spi(A);
		both(w, IKE_REKEY_CHILD, IKE_REKEY_CHILD, i % 3);
		expect_rekeyed(w, before);
	}
}

/* Each message may take long: one end may be done before the other's request comes. */
void sim_scenario_collide_child_late(struct sim_world *w)
{
	uint32_t before;

	set_up(w, 1);
	for (int i = 0; i < 2 * TIMES && !w->failed; i++) {
		before = out_spi(A);
		w->net.delay_max = 600;
		both(w, IKE_REKEY_CHILD, IKE_REKEY_CHILD, 25 * i);
		sim_run(w, w->now + 5 * VD_SECOND);
		w->net.delay_max = 20;
		expect_rekeyed(w, before);
	}
}

static void expect_ike_rekeyed(struct sim_world *w, uint32_t before)
{
	sim_run(w, w->now + 10 * VD_SECOND);
	sim_expect_up(w, 70 * VD_SECOND);
	sim_expect(w, out_spi(A) == before, "the children did not stay");
	sim_expect(w, !A->n_failures && !B->n_failures, "a failure was told");
	sim_expect(w, !A->n_down && !B->n_down, "a tunnel went down");
}

void sim_scenario_collide_ike(struct sim_world *w)
{
	uint32_t before;

	set_up(w, 2);
	for (int i = 0; i < TIMES && !w->failed; i++) {
		before = out_spi(A);
		both(w, IKE_REKEY_IKE, IKE_REKEY_IKE, i % 3);
		expect_ike_rekeyed(w, before);
	}
}

void sim_scenario_collide_ike_late(struct sim_world *w)
{
	uint32_t before;

	set_up(w, 2);
	for (int i = 0; i < 2 * TIMES && !w->failed; i++) {
		before = out_spi(A);
		w->net.delay_max = 600;
		both(w, IKE_REKEY_IKE, IKE_REKEY_IKE, 25 * i);
		sim_run(w, w->now + 5 * VD_SECOND);
		w->net.delay_max = 20;
		expect_ike_rekeyed(w, before);
	}
}

/* A child at one end, the IKE SA at the other: TEMPORARY_FAILURE, then both are done. */
void sim_scenario_collide_mixed(struct sim_world *w)
{
	uint32_t before;

	set_up(w, 1);
	for (int i = 0; i < TIMES && !w->failed; i++) {
		before = out_spi(A);
		both(w, i & 1 ? IKE_REKEY_CHILD : IKE_REKEY_IKE,
		     i & 1 ? IKE_REKEY_IKE : IKE_REKEY_CHILD, i / 2);
		sim_run(w, w->now + 12 * VD_SECOND);
		expect_rekeyed(w, before);
	}
}

static void packets(struct sim_world *w, struct sim_host *h, int arg)
{
	sim_kernel_packet(h, "via0");
	if (w->now < 1000000 + 200 * VD_SECOND)
		sim_call(w, h, 7, packets, arg);
}

/* Make before break: packets flow both ways all the time, none may meet a missing SA. */
void sim_scenario_rekey_no_loss(struct sim_world *w)
{
	sim_build(w, 1);
	for (int i = 0; i < 2; i++) {
		w->hosts[i].tunnels[0].lifetime = 30 * VD_SECOND;
		w->hosts[i].gateway.lifetime = 47 * VD_SECOND;
	}
	w->net.delay_max = 80;
	sim_boot(w);
	sim_expect_up(w, 10 * VD_SECOND);
	sim_run(w, w->now + VD_SECOND);
	packets(w, A, 0);
	packets(w, B, 0);
	sim_run(w, 1000000 + 210 * VD_SECOND);
	sim_expect(w, A->n_rekeyed >= 5 && A->n_ike_rekeyed >= 3, "not rekeyed often enough");
	sim_expect(w, A->delivered > 20000 && B->delivered > 20000, "packets did not flow");
	if (A->lost_sa || B->lost_sa || A->queued || B->queued)
		sim_violation(w, "lost: A %llu and %llu queued, B %llu and %llu queued",
			      (unsigned long long)A->lost_sa, (unsigned long long)A->queued,
			      (unsigned long long)B->lost_sa, (unsigned long long)B->queued);
}

void sim_scenario_soft_expiry(struct sim_world *w)
{
	struct ike_sa_id id;
	uint32_t before;

	set_up(w, 1);
	before = out_spi(A);
	id = sim_kernel_out(&B->kernel, "via0")->p.id;
	sim_kernel_expire(B, &id, false);
	sim_host_drain(B);
	expect_rekeyed(w, before);
}

void sim_scenario_hard_expiry(struct sim_world *w)
{
	struct ike_sa_id id;

	set_up(w, 1);
	id = sim_kernel_out(&A->kernel, "via0")->p.id;
	sim_kernel_expire(A, &id, true);
	sim_host_drain(A);
	sim_expect_cause(A, IKE_CAUSE_KERNEL_EXPIRED, true, false, 20);
	sim_expect_up(w, 20 * VD_SECOND);
	sim_expect(w, out_spi(A) && out_spi(A) != id.spi, "not replaced");
}
