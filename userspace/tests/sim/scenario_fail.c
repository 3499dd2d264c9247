// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Scenarios that must fail: both ends say why, with both sides' values where they saw them.
 */
#include "scenario.h"

#include <string.h>

#define A (&w->hosts[0])
#define B (&w->hosts[1])

static void boot_and_wait(struct sim_world *w, vd_time wait)
{
	sim_boot(w);
	sim_run(w, w->now + wait);
}

void sim_scenario_wrong_psk(struct sim_world *w)
{
	sim_build(w, 1);
	A->psk = "another secret altogether";
	boot_and_wait(w, 3 * VD_SECOND);
	sim_expect_cause(A, IKE_CAUSE_AUTH_REFUSED, true, true, 6);
	sim_expect_cause(B, IKE_CAUSE_AUTH_PSK, true, false, 6);
	sim_expect(w, A->n_failures == 1 && B->n_failures == 1, "told more than once");
	/* The peer's refusal came whole: the attempt is over, and another is made. */
	A->psk = B->psk;
	sim_expect_up(w, 60 * VD_SECOND);
}

void sim_scenario_no_psk(struct sim_world *w)
{
	sim_build(w, 1);
	B->psk = NULL;
	boot_and_wait(w, 3 * VD_SECOND);
	sim_expect_cause(A, IKE_CAUSE_AUTH_REFUSED, true, true, 6);
	sim_expect_cause(B, IKE_CAUSE_AUTH_NO_SECRET, true, false, 6);
}

void sim_scenario_wrong_id(struct sim_world *w)
{
	const struct ike_cause *c;

	sim_build(w, 1);
	ike_id_parse(&A->gateway.local_id, "someone.else");
	boot_and_wait(w, 3 * VD_SECOND);
	sim_expect_cause(A, IKE_CAUSE_AUTH_REFUSED, true, true, 6);
	sim_expect_cause(B, IKE_CAUSE_AUTH_ID, true, false, 5);
	c = sim_expect_failure(B, IKE_CAUSE_AUTH_ID);
	sim_expect_str(w, "ours", c->ours, "a.example");
	sim_expect_str(w, "theirs", c->theirs, "someone.else");
}

/* The initiator asks for an identity the responder does not have. */
void sim_scenario_wrong_idr(struct sim_world *w)
{
	const struct ike_cause *c;

	sim_build(w, 1);
	ike_id_parse(&A->gateway.remote_id, "nobody.example");
	boot_and_wait(w, 3 * VD_SECOND);
	sim_expect_cause(A, IKE_CAUSE_AUTH_REFUSED, true, true, 6);
	c = sim_expect_failure(B, IKE_CAUSE_AUTH_ID);
	sim_expect_str(w, "ours", c->ours, "b.example");
	sim_expect_str(w, "theirs", c->theirs, "nobody.example");
}

/*
 * The responder is not whom the initiator expects: found out when the peer thinks the SA up, so it is told
 * (2.21.2). The initiator must not ask for an ID, or the responder would refuse first.
 */
void sim_scenario_wrong_responder_id(struct sim_world *w)
{
	sim_build(w, 1);
	w->net.delay_min = w->net.delay_max = 10;
	w->async_max = 0;
	A->gateway.remote_id = (struct ike_id){ .type = IKE_ID_NONE };
	sim_boot(w);
	sim_run(w, w->now + 25);	/* IKE_AUTH is on its way */
	ike_id_parse(&B->gateway.local_id, "not-b.example");
	ike_id_parse(&A->gateway.remote_id, "b.example");
	sim_run(w, w->now + 3 * VD_SECOND);
	sim_expect_cause(A, IKE_CAUSE_AUTH_ID, true, false, 5);
	sim_expect_str(w, "theirs", sim_expect_failure(A, IKE_CAUSE_AUTH_ID)->theirs, "not-b.example");
	sim_expect_cause(B, IKE_CAUSE_AUTH_REFUSED, true, true, 6);
	sim_expect(w, B->n_up == 1 && B->n_down == 1 && A->n_up == 0, "up and down at B only");
	sim_expect(w, sim_kernel_count(&A->kernel, NULL) == 0 && sim_kernel_count(&B->kernel, NULL) == 0,
		   "SAs are left in a kernel");
}

/* A gateway that was taken down is not one that is missing. */
void sim_scenario_taken_down(struct sim_world *w)
{
	const struct ike_cause *c;

	sim_build(w, 1);
	sim_boot(w);
	sim_expect_up(w, 5 * VD_SECOND);
	sim_command(B, IKE_DOWN, NULL);
	sim_run(w, w->now + 10 * VD_SECOND);
	sim_expect_failure(A, IKE_CAUSE_P1_REFUSED);
	c = sim_expect_failure(B, IKE_CAUSE_ADMIN_DOWN);
	sim_expect_str(w, "gateway", c->gateway, B->gateway.name);
	sim_command(B, IKE_UP, NULL);
	sim_expect_up(w, 60 * VD_SECOND);
}

void sim_scenario_no_gateway(struct sim_world *w)
{
	sim_build(w, 1);
	B->gateway.remote = vd_addr_make((uint8_t[]){ 203, 0, 113, 77 }, 4);
	boot_and_wait(w, 3 * VD_SECOND);
	sim_expect_cause(A, IKE_CAUSE_P1_REFUSED, true, true, 7);
	sim_expect_failure(B, IKE_CAUSE_AUTH_NO_GATEWAY);
	sim_expect(w, ike_engine_counters(B->engine)->drops[IKE_DROP_NO_GATEWAY] == 1, "not counted");
}

void sim_scenario_p1_encr(struct sim_world *w)
{
	const struct ike_cause *c;

	sim_build(w, 1);
	sim_proposals(&A->gateway.proposals, IKE_PROTO_IKE, "aes128-sha256-x25519", NULL);
	boot_and_wait(w, 3 * VD_SECOND);
	sim_expect_cause(A, IKE_CAUSE_P1_REFUSED, true, true, 7);
	c = sim_expect_failure(A, IKE_CAUSE_P1_REFUSED);
	sim_expect(w, strstr(c->ours, "aes128"), "what we offered is not shown");
	sim_expect_cause(B, IKE_CAUSE_P1_ENCR, true, false, 7);
	c = sim_expect_failure(B, IKE_CAUSE_P1_ENCR);
	sim_expect(w, strstr(c->ours, "aes256") && strstr(c->theirs, "aes128"), "values");
	sim_expect(w, B->n_failures == 1, "told more than once");
}

void sim_scenario_p1_group(struct sim_world *w)
{
	const struct ike_cause *c;

	sim_build(w, 1);
	sim_proposals(&A->gateway.proposals, IKE_PROTO_IKE, "aes256-sha256-ecp256", NULL);
	boot_and_wait(w, 3 * VD_SECOND);
	sim_expect_cause(A, IKE_CAUSE_P1_REFUSED, true, true, 7);
	sim_expect_cause(B, IKE_CAUSE_P1_DH, true, false, 7);
	c = sim_expect_failure(B, IKE_CAUSE_P1_DH);
	sim_expect(w, c->field == IKE_FIELD_DH && strstr(c->theirs, "ecp256"), "values");
}

/* Another asks for a group we did not offer: forged or broken, and named. */
static bool forge_group(struct sim_world *w, struct sim_host *from, const struct ike_header *h)
{
	uint8_t octets[28 + 4 + 4 + 2] = { 0 };
	struct vd_writer out = vd_writer_init(octets, sizeof(octets));
	struct ike_header forged = *h;
	struct ike_path path = { .local = { A->addr, 500 }, .remote = { B->addr, 500 } };

	if (from != A || (h->flags & IKE_FLAG_RESPONSE))
		return true;
	forged.flags = IKE_FLAG_RESPONSE;
	forged.next_payload = 41;
	forged.length = sizeof(octets);
	ike_header_emit(&out, &forged);
	memcpy(octets + 28, (uint8_t[]){ 0, 0, 0, 10, 0, 0, 0, 17, 0, 14 }, 10);
	ike_engine_datagram(A->engine, w->now, &path, octets, sizeof(octets));
	return false;
}

void sim_scenario_p1_ke_outside(struct sim_world *w)
{
	const struct ike_cause *c;

	sim_build(w, 1);
	w->net.filter = forge_group;
	boot_and_wait(w, 3 * VD_SECOND);
	c = sim_expect_failure(A, IKE_CAUSE_P1_DH);
	sim_expect(w, c->told_by_peer, "told by the peer");
	sim_expect_str(w, "theirs", c->theirs, "modp2048");
}

/* The IKE SA comes up without its child, which is tried again and reported each time. */
static void expect_childless(struct sim_world *w)
{
	sim_expect(w, A->n_up == 0 && B->n_up == 0, "a tunnel is up");
	sim_expect(w, !sim_host_failure(A, IKE_CAUSE_AUTH_REFUSED), "the IKE SA was refused, too");
	sim_expect(w, sim_kernel_count(&A->kernel, NULL) == 0 && sim_kernel_count(&B->kernel, NULL) == 0,
		   "SAs are left in a kernel");
}

void sim_scenario_p2_encr(struct sim_world *w)
{
	const struct ike_cause *c;

	sim_build(w, 1);
	sim_proposals(&B->tunnels[0].proposals, IKE_PROTO_ESP, "aes128gcm16", NULL);
	boot_and_wait(w, 3 * VD_SECOND);
	sim_expect_cause(A, IKE_CAUSE_P2_REFUSED, true, true, 21);
	sim_expect_cause(B, IKE_CAUSE_P2_ENCR, true, false, 21);
	c = sim_expect_failure(B, IKE_CAUSE_P2_ENCR);
	sim_expect_str(w, "tunnel", c->tunnel, "via0");
	sim_expect_str(w, "ours", c->ours, "aes128gcm16");
	expect_childless(w);
}

void sim_scenario_p2_pfs_responder(struct sim_world *w)
{
	sim_build(w, 1);
	sim_proposals(&B->tunnels[0].proposals, IKE_PROTO_ESP, "aes256gcm16-modp2048", NULL);
	sim_boot(w);
	sim_expect_up(w, 5 * VD_SECOND);	/* invisible in IKE_AUTH (1.2) */
	sim_command(A, IKE_REKEY_CHILD, NULL);
	sim_run(w, w->now + 3 * VD_SECOND);
	sim_expect_cause(A, IKE_CAUSE_P2_PFS, false, true, 22);
	sim_expect_cause(B, IKE_CAUSE_P2_PFS, true, false, 22);
	sim_expect(w, sim_agreed(w), "the old child is gone");
}

void sim_scenario_p2_pfs_initiator(struct sim_world *w)
{
	const struct ike_cause *c;

	sim_build(w, 1);
	sim_proposals(&A->tunnels[0].proposals, IKE_PROTO_ESP, "aes256gcm16-modp2048", NULL);
	sim_boot(w);
	sim_expect_up(w, 5 * VD_SECOND);
	sim_command(A, IKE_REKEY_CHILD, NULL);
	sim_run(w, w->now + 3 * VD_SECOND);
	sim_expect_cause(A, IKE_CAUSE_P2_PFS, false, true, 22);
	sim_expect_cause(B, IKE_CAUSE_P2_PFS, true, false, 22);
	c = sim_expect_failure(A, IKE_CAUSE_P2_PFS);
	sim_expect_str(w, "ours", c->ours, "PFS group modp2048");
	c = sim_expect_failure(B, IKE_CAUSE_P2_PFS);
	sim_expect(w, strstr(c->theirs, "modp2048") && !strstr(c->ours, "modp"), "values");
}

void sim_scenario_selectors(struct sim_world *w)
{
	const struct ike_cause *c;

	sim_build(w, 1);
	B->tunnels[0].local_ts.ts[0] = B->tunnels[0].remote_ts.ts[0];
	boot_and_wait(w, 3 * VD_SECOND);
	sim_expect_cause(A, IKE_CAUSE_P2_TS_REFUSED, true, true, 23);
	sim_expect_cause(B, IKE_CAUSE_P2_TS, true, false, 23);
	c = sim_expect_failure(B, IKE_CAUSE_P2_TS);
	sim_expect_str(w, "theirs", c->theirs, "local 10.10.0.0/16 remote 10.20.0.0/16");
	sim_expect_str(w, "ours", c->ours, "local 10.10.0.0/16 remote 10.10.0.0/16");
	expect_childless(w);
}

void sim_scenario_no_answer(struct sim_world *w)
{
	sim_build(w, 1);
	w->net.cut = true;
	boot_and_wait(w, 100 * VD_SECOND);
	sim_expect_cause(A, IKE_CAUSE_NET_NO_ANSWER, true, false, 1);
	w->net.cut = false;
	sim_expect_up(w, 60 * VD_SECOND);
}

void sim_scenario_no_answer_4500(struct sim_world *w)
{
	sim_build(w, 1);
	sim_nat(w);
	w->net.block_4500 = true;
	boot_and_wait(w, 100 * VD_SECOND);
	sim_expect_failure(A, IKE_CAUSE_NET_NO_ANSWER_NATT);
}

void sim_scenario_no_route(struct sim_world *w)
{
	sim_build(w, 1);
	A->no_route = true;
	boot_and_wait(w, 3 * VD_SECOND);
	sim_expect_cause(A, IKE_CAUSE_NET_NO_ROUTE, true, false, 1);
	A->no_route = false;
	sim_expect_up(w, 30 * VD_SECOND);
}

void sim_scenario_kernel_refuses(struct sim_world *w)
{
	const struct ike_cause *c;

	sim_build(w, 1);
	B->kernel.refuse_sa = true;
	boot_and_wait(w, 3 * VD_SECOND);
	c = sim_expect_failure(B, IKE_CAUSE_KERNEL_REFUSED);
	sim_expect_str(w, "ours", c->ours, "unknown algorithm");
	B->kernel.refuse_sa = false;
	A->kernel.refuse_sa = true;
	sim_run(w, w->now + 20 * VD_SECOND);
	sim_expect_failure(A, IKE_CAUSE_KERNEL_REFUSED);
	A->kernel.refuse_sa = false;
	sim_expect_up(w, 60 * VD_SECOND);
}

/* IKEv1 and a version of the future get one answer; a value is kept. */
void sim_scenario_version(struct sim_world *w)
{
	struct ike_path path;
	uint8_t octets[IKE_HEADER_LEN];
	struct ike_header h = { .spi_i = 77, .version = 0x10, .exchange = 2, .length = 28 };
	const struct ike_cause *c;
	struct vd_writer out;

	sim_build(w, 1);
	A->tunnels[0].start = IKE_START_RESPOND;
	boot_and_wait(w, VD_SECOND);
	path = (struct ike_path){ .local = { B->addr, 500 }, .remote = { A->addr, 500 } };
	for (int i = 0; i < 5; i++) {
		out = vd_writer_init(octets, sizeof(octets));
		ike_header_emit(&out, &h);
		ike_engine_datagram(B->engine, w->now, &path, octets, sizeof(octets));
		sim_host_drain(B);
	}
	sim_run(w, w->now + VD_SECOND);
	c = sim_expect_failure(B, IKE_CAUSE_P1_VERSION);
	sim_expect_str(w, "theirs", c->theirs, "1");
	sim_expect_str(w, "ours", c->ours, "2");
	sim_expect(w, B->n_failures == 1, "told more than once");
	sim_expect(w, ike_engine_counters(B->engine)->drops[IKE_DROP_VERSION] == 5, "not counted");
}
