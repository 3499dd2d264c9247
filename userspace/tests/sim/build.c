// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Configurations: two hosts that fit together, for the caller to change.
 */
#include "sim.h"

#include <stdlib.h>
#include <string.h>

#include "tests/common/test_ops.h"

void sim_proposals(struct ike_proposal_list *list, enum ike_protocol protocol, const char *a,
		   const char *b)
{
	const char *texts[] = { a, b };
	const char *why;
	size_t at;

	list->n = 0;
	for (int i = 0; i < 2; i++) {
		if (!texts[i])
			continue;
		memset(&list->p[list->n], 0, sizeof(list->p[0]));
		if (ike_proposal_parse(&list->p[list->n], protocol, texts[i], false, &at, &why)) {
			fprintf(stderr, "%s: %s\n", texts[i], why);
			abort();
		}
		list->p[list->n].number = (uint8_t)(list->n + 1);
		list->n++;
	}
}

static struct ike_ts prefix(uint8_t a, uint8_t b, uint8_t c, uint8_t len)
{
	struct vd_addr addr = vd_addr_make((uint8_t[]){ a, b, c, 0 }, 4);

	return ike_ts_prefix(&addr, len);
}

static void build_tunnel(struct sim_host *h, int i, int side)
{
	struct ike_tunnel_conf *t = &h->tunnels[i];

	memset(t, 0, sizeof(*t));
	snprintf(t->name, sizeof(t->name), "via%d", i);
	t->protocol = IKE_PROTO_ESP;
	sim_proposals(&t->proposals, IKE_PROTO_ESP, "aes256gcm16", NULL);
	t->local_ts.n = t->remote_ts.n = 1;
	t->local_ts.ts[0] = prefix(10, (uint8_t)(10 * (side + 1) + i), 0, 16);
	t->remote_ts.ts[0] = prefix(10, (uint8_t)(10 * (2 - side) + i), 0, 16);
	t->start = side ? IKE_START_RESPOND : IKE_START_ALWAYS;
	t->lifetime = 3600 * VD_SECOND;
	t->replay_window = 64;
	t->pos = (struct ike_pos){ h->name == 'A' ? "a.conf" : "b.conf", (uint32_t)(20 + 10 * i), 1 };
	t->pos_proposals = t->pos_pfs = t->pos_local_ts = t->pos_remote_ts = t->pos_lifetime = t->pos;
	t->pos_proposals.line += 1;
	t->pos_pfs.line += 2;
	t->pos_local_ts.line += 3;
	t->pos_remote_ts.line += 4;
}

static void build_gateway(struct sim_host *h, const struct sim_host *peer, int n)
{
	struct ike_gateway_conf *g = &h->gateway;

	memset(g, 0, sizeof(*g));
	strcpy(g->name, "peer");
	g->version = 2;
	g->remote = peer->addr;
	g->remote_port = 500;
	g->auth = IKE_AUTH_PSK;
	ike_id_parse(&g->local_id, h->name == 'A' ? "a.example" : "b.example");
	ike_id_parse(&g->remote_id, h->name == 'A' ? "b.example" : "a.example");
	sim_proposals(&g->proposals, IKE_PROTO_IKE, "aes256-sha256-x25519", NULL);
	g->lifetime = 14400 * VD_SECOND;
	g->dpd = 10 * VD_SECOND;
	g->dpd_action = IKE_DPD_RESTART;
	g->keepalive = 20 * VD_SECOND;
	g->retry = 5 * VD_SECOND;
	g->n_tunnels = (uint16_t)n;
	g->tunnels = h->tunnels;
	g->pos = (struct ike_pos){ h->name == 'A' ? "a.conf" : "b.conf", 1, 1 };
	g->pos_version = g->pos_remote = g->pos_local_id = g->pos_remote_id = g->pos_auth =
		g->pos_proposals = g->pos;
	g->pos_remote_id.line = 5;
	g->pos_auth.line = 6;
	g->pos_proposals.line = 7;
	h->config.n_gateways = 1;
	h->config.gateways = g;
}

void sim_build(struct sim_world *w, int n_tunnels)
{
	w->n_hosts = 2;
	for (int i = 0; i < 2; i++) {
		struct sim_host *h = &w->hosts[i];

		h->world = w;
		h->name = (char)('A' + i);
		h->addr = vd_addr_make(i ? (uint8_t[]){ 198, 51, 100, 2 } :
					   (uint8_t[]){ 192, 0, 2, 1 }, 4);
		h->limits = ike_limits_default;
		h->psk = "correct horse battery staple";
		test_ops_open(&h->ops, sim_rng_next(&w->rng));
	}
	for (int i = 0; i < 2; i++) {
		build_gateway(&w->hosts[i], &w->hosts[1 - i], n_tunnels);
		for (int t = 0; t < n_tunnels; t++)
			build_tunnel(&w->hosts[i], t, i);
	}
}

void sim_nat(struct sim_world *w)
{
	w->net.nat = true;
	w->net.nat_addr = vd_addr_make((uint8_t[]){ 203, 0, 113, 9 }, 4);
	w->hosts[1].gateway.remote = (struct vd_addr){ 0 };
}

void sim_boot(struct sim_world *w)
{
	for (int i = 0; i < w->n_hosts; i++)
		sim_host_boot(&w->hosts[i]);
}
