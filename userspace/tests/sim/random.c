// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A scenario from a seed: configurations that fit together, a bad network, administrators and a
 * crash at any moment; then calm, agreement, and a clean end.
 */
#include "sim.h"

#include <string.h>

#include "tests/common/test_ops.h"

#define CHAOS	(120 * VD_SECOND)
#define CALM	(300 * VD_SECOND)

static const char *const ike_texts[][2] = {
	{ "aes256-sha256-x25519", NULL },
	{ "aes128gcm16-prfsha256-ecp256", NULL },
	{ "aes256gcm16-prfsha384-ecp384", "aes128-sha256-modp2048" },
	{ "aes128-sha256-modp2048", "aes256gcm16-prfsha384-ecp384" },
	{ "aes256-sha512-modp2048-x25519", NULL },
	{ "aes256-sha512-x25519-modp2048", NULL },
};

/* Pairs that share something; @a for host A, @b for host B. */
static const struct {
	uint8_t a, b;
} ike_pairs[] = {
	{ 0, 0 }, { 1, 1 }, { 2, 2 }, { 2, 3 }, { 4, 5 }, { 5, 4 }, { 3, 3 },
};

static const char *const esp_texts[] = {
	"aes256gcm16", "aes128gcm16-x25519", "aes128-sha256", "aes256-sha256-modp2048",
	"aes256gcm16-esn", "aes128gcm16-modp2048-x25519", "aes128gcm16-x25519-modp2048",
};
static const struct {
	uint8_t a, b;
} esp_pairs[] = {
	{ 0, 0 }, { 1, 1 }, { 2, 2 }, { 3, 3 }, { 4, 4 }, { 5, 6 }, { 6, 5 },
};

#define N(table) ((uint32_t)(sizeof(table) / sizeof((table)[0])))

static void random_proposals(struct sim_world *w)
{
	uint32_t i = sim_rng_below(&w->rng, N(ike_pairs));

	sim_proposals(&w->hosts[0].gateway.proposals, IKE_PROTO_IKE, ike_texts[ike_pairs[i].a][0],
		      ike_texts[ike_pairs[i].a][1]);
	sim_proposals(&w->hosts[1].gateway.proposals, IKE_PROTO_IKE, ike_texts[ike_pairs[i].b][0],
		      ike_texts[ike_pairs[i].b][1]);
	for (int t = 0; t < w->hosts[0].gateway.n_tunnels; t++) {
		i = sim_rng_below(&w->rng, N(esp_pairs));
		sim_proposals(&w->hosts[0].tunnels[t].proposals, IKE_PROTO_ESP,
			      esp_texts[esp_pairs[i].a], NULL);
		sim_proposals(&w->hosts[1].tunnels[t].proposals, IKE_PROTO_ESP,
			      esp_texts[esp_pairs[i].b], NULL);
	}
}

static void random_times(struct sim_world *w)
{
	bool hurry = sim_rng_chance(&w->rng, 50);

	for (int i = 0; i < 2; i++) {
		struct ike_gateway_conf *g = &w->hosts[i].gateway;

		g->dpd = (5 + sim_rng_below(&w->rng, 20)) * VD_SECOND;
		if (hurry)
			g->lifetime = (120 + sim_rng_below(&w->rng, 200)) * VD_SECOND;
		for (int t = 0; t < g->n_tunnels; t++)
			if (hurry)
				w->hosts[i].tunnels[t].lifetime =
					(100 + sim_rng_below(&w->rng, 100)) * VD_SECOND;
	}
}

static void random_start(struct sim_world *w)
{
	static const enum ike_start starts[] = {
		IKE_START_ALWAYS, IKE_START_ALWAYS, IKE_START_RESPOND, IKE_START_ON_TRAFFIC,
	};
	enum ike_start b = starts[sim_rng_below(&w->rng, N(starts))];

	if (w->net.nat)
		b = IKE_START_RESPOND;
	for (int t = 0; t < w->hosts[1].gateway.n_tunnels; t++)
		w->hosts[1].tunnels[t].start = b;
	if (sim_rng_chance(&w->rng, 15))
		for (int i = 0; i < 2; i++)
			w->hosts[i].limits.cookie_threshold = 0;
	if (!w->net.nat && sim_rng_chance(&w->rng, 10))
		w->hosts[0].gateway.nat = IKE_NAT_FORCE;
}

/* One side asks for all, the other for its part: narrowing. */
static void random_selectors(struct sim_world *w)
{
	struct sim_host *h;

	if (w->hosts[0].gateway.n_tunnels != 1 || !sim_rng_chance(&w->rng, 40))
		return;
	h = &w->hosts[sim_rng_below(&w->rng, 2)];
	h->tunnels[0].local_ts.ts[0] = ike_ts_any(VD_FAMILY_IPV4);
	if (sim_rng_chance(&w->rng, 50))
		h->tunnels[0].remote_ts.ts[0] = ike_ts_any(VD_FAMILY_IPV4);
}

static void random_network(struct sim_world *w)
{
	static const uint32_t losses[] = { 0, 0, 5, 15, 30 };
	static const uint32_t delays[] = { 10, 40, 400, 1500 };

	w->net.loss = losses[sim_rng_below(&w->rng, N(losses))];
	w->net.repeat = losses[sim_rng_below(&w->rng, N(losses))];
	w->net.delay_min = 1;
	w->net.delay_max = delays[sim_rng_below(&w->rng, N(delays))];
	w->async_max = delays[sim_rng_below(&w->rng, 3)];
}

/* ---- what happens during the chaos ---- */

static void packets(struct sim_world *w, struct sim_host *h, int arg)
{
	char name[16];

	for (int t = 0; h->alive && t < h->gateway.n_tunnels; t++) {
		snprintf(name, sizeof(name), "via%d", t);
		sim_kernel_packet(h, name);
	}
	sim_call(w, h, 200 + sim_rng_below(&w->rng, 400), packets, arg);
}

enum order { REKEY_CHILD, REKEY_IKE, DOWN_UP, REKEY_BOTH, CRASH, CUT };

static void command(struct sim_host *h, enum ike_verb verb, const char *tunnel)
{
	if (!h->alive)
		return;
	sim_trace(h->world, "%c command %d %s", h->name, verb, tunnel ? tunnel : "");
	ike_engine_command(h->engine, h->world->now, verb, "peer", tunnel);
	sim_host_drain(h);
}

static void do_up(struct sim_world *w, struct sim_host *h, int arg)
{
	command(h, IKE_UP, NULL);
}

static void do_boot(struct sim_world *w, struct sim_host *h, int arg)
{
	sim_host_boot(h);
}

static void do_mend(struct sim_world *w, struct sim_host *h, int arg)
{
	w->net.cut = false;
	sim_trace(w, "network mended");
}

static void do_rekey(struct sim_world *w, struct sim_host *h, int arg)
{
	command(h, arg == REKEY_IKE ? IKE_REKEY_IKE : IKE_REKEY_CHILD, NULL);
}

static void do_order(struct sim_world *w, struct sim_host *h, int arg)
{
	switch ((enum order)arg) {
	case REKEY_CHILD:
	case REKEY_IKE:
		do_rekey(w, h, arg);
		break;
	case REKEY_BOTH:
		for (int i = 0; i < 2; i++)
			sim_call(w, &w->hosts[i], sim_rng_below(&w->rng, w->net.delay_max), do_rekey,
				 sim_rng_chance(&w->rng, 50) ? REKEY_IKE : REKEY_CHILD);
		break;
	case DOWN_UP:
		command(h, IKE_DOWN, sim_rng_chance(&w->rng, 50) ? "via0" : NULL);
		sim_call(w, h, 100 + sim_rng_below(&w->rng, 5000), do_up, 0);
		break;
	case CRASH:
		sim_host_crash(h);
		sim_call(w, h, 100 + sim_rng_below(&w->rng, 20000), do_boot, 0);
		break;
	case CUT:
		w->net.cut = true;
		sim_trace(w, "network cut");
		sim_call(w, h, 1000 + sim_rng_below(&w->rng, 20000), do_mend, 0);
		break;
	}
}

/* True if nothing harsher than rekeys happens, on a network that loses nothing: then no tunnel may go down. */
static bool random_orders(struct sim_world *w)
{
	static const uint8_t orders[] = {
		REKEY_CHILD, REKEY_CHILD, REKEY_IKE, REKEY_IKE, REKEY_BOTH, REKEY_BOTH, REKEY_BOTH,
		DOWN_UP, CRASH, CUT,
	};
	enum { HARSH = 7 };		/* from here on */
	bool gentle = sim_rng_chance(&w->rng, 40);
	uint32_t n = sim_rng_below(&w->rng, 12);

	for (uint32_t i = 0; i < n; i++)
		sim_call(w, &w->hosts[sim_rng_below(&w->rng, 2)],
			 sim_rng_below(&w->rng, (uint32_t)CHAOS), do_order,
			 orders[sim_rng_below(&w->rng, gentle ? HARSH : N(orders))]);
	return gentle && !w->net.loss && w->net.delay_max <= 400;
}

static void stayed_up(struct sim_world *w)
{
	for (int i = 0; i < 2; i++)
		if (w->hosts[i].n_down)
			sim_violation(w, "%c: a tunnel went down %u times for no reason",
				      w->hosts[i].name, w->hosts[i].n_down);
}

static void calm_down(struct sim_world *w)
{
	w->net.loss = w->net.repeat = 0;
	w->net.cut = false;
	w->net.delay_max = 20;
	w->async_max = 5;
	sim_trace(w, "calm");
}

/* Both ends down: nothing may be left, in no engine and no kernel. */
static void clean_end(struct sim_world *w)
{
	for (int i = 0; i < 2; i++) {
		command(&w->hosts[i], IKE_DOWN, NULL);
		sim_run(w, w->now + 50);
	}
	if (!sim_run_until(w, w->now + 120 * VD_SECOND, sim_empty) && !w->failed)
		sim_violation(w, "something is left after both ends went down: SAs in kernels %u and %u",
			      sim_kernel_count(&w->hosts[0].kernel, NULL),
			      sim_kernel_count(&w->hosts[1].kernel, NULL));
}

bool sim_random(uint64_t seed, bool trace, char *why, size_t cap)
{
	struct sim_world w;
	bool ok, gentle;

	sim_world_init(&w, seed, trace);
	sim_build(&w, 1 + (int)sim_rng_below(&w.rng, SIM_TUNNELS));
	if (sim_rng_chance(&w.rng, 25))
		sim_nat(&w);
	random_proposals(&w);
	random_times(&w);
	random_start(&w);
	random_selectors(&w);
	random_network(&w);
	gentle = random_orders(&w);
	sim_boot(&w);
	sim_call(&w, &w.hosts[0], 50, packets, 0);
	sim_call(&w, &w.hosts[1], 70, packets, 0);
	sim_run(&w, w.now + CHAOS);
	calm_down(&w);
	sim_run(&w, w.now + 40 * VD_SECOND);
	if (!w.failed && !sim_run_until(&w, w.now + CALM, sim_agreed))
		sim_explain(&w);
	if (gentle)
		stayed_up(&w);
	if (!w.failed)
		clean_end(&w);
	ok = !w.failed;
	snprintf(why, cap, "%s", w.why);
	sim_world_free(&w);
	return ok;
}
