// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two engines back to back. Deterministic: the same calls give the same run.
 */
#include "tests/common/ike_pair.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/psk.h"
#include "tests/common/fake_dh.h"
#include "tests/common/test_ops.h"

/* ---- configuration ---- */

static void proposal(struct ike_proposal_list *list, enum ike_protocol protocol, const char *text)
{
	const char *why;
	size_t at;

	list->n = 1;
	if (ike_proposal_parse(&list->p[0], protocol, text, false, &at, &why))
		abort();
	list->p[0].number = 1;
}

/* Opened once for the process: fetching the algorithms takes longer than a whole run. */
static struct ike_ops *shared_ops(int i)
{
	static struct ike_ops ops[2];

	if (!ops[i].random)
		test_ops_open(&ops[i], 0);
	return &ops[i];
}

static void build(struct ike_pair *p, int i, bool start)
{
	struct pair_end *e = &p->end[i];
	struct ike_gateway_conf *g = &e->gateway;

	e->pair = p;
	e->addr = vd_addr_make((uint8_t[]){ 192, 0, 2, (uint8_t)(i + 1) }, 4);
	e->next_spi = 0x1000;
	strcpy(g->name, "peer");
	g->version = 2;
	g->remote = vd_addr_make((uint8_t[]){ 192, 0, 2, (uint8_t)(2 - i) }, 4);
	g->local = e->addr;
	g->remote_port = 500;
	ike_id_parse(&g->local_id, i ? "b.example" : "a.example");
	ike_id_parse(&g->remote_id, i ? "a.example" : "b.example");
	proposal(&g->proposals, IKE_PROTO_IKE, "aes256gcm16-prfsha256-x25519-modp2048");
	g->lifetime = 3600 * VD_SECOND;
	g->dpd = 10 * VD_SECOND;
	g->retry = 5 * VD_SECOND;
	g->n_tunnels = 2;
	g->tunnels = e->tunnels;
	for (int t = 0; t < 2; t++) {
		struct ike_tunnel_conf *c = &e->tunnels[t];
		struct ike_ts any = ike_ts_any(t ? VD_FAMILY_IPV6 : VD_FAMILY_IPV4);

		snprintf(c->name, sizeof(c->name), "via%d", t);
		c->protocol = IKE_PROTO_ESP;
		proposal(&c->proposals, IKE_PROTO_ESP, "aes256gcm16-x25519");
		c->local_ts.n = c->remote_ts.n = 1;
		c->local_ts.ts[0] = c->remote_ts.ts[0] = any;
		c->start = i || !start ? IKE_START_RESPOND : IKE_START_ALWAYS;
		c->lifetime = 600 * VD_SECOND;
	}
	e->config = (struct ike_config){ .n_gateways = 1, .gateways = g };
	e->ops = *shared_ops(i);
	test_ops_seed(&e->ops, (uint64_t)i + 1);
}

struct ike_pair *pair_new(bool start)
{
	struct ike_pair *p = calloc(1, sizeof(*p));

	if (!p)
		abort();
	p->now = 1000;
	for (int i = 0; i < 2; i++) {
		build(p, i, start);
		p->end[i].engine = ike_engine_new(&p->end[i].ops, NULL);
		if (!p->end[i].engine ||
		    ike_engine_configure(p->end[i].engine, p->now, &p->end[i].config))
			abort();
	}
	pair_drain(&p->end[0]);
	pair_drain(&p->end[1]);
	return p;
}

static void drop_inbox(struct pair_end *e)
{
	for (uint32_t i = 0; i < e->n_inbox; i++)
		vd_secret_free(&e->inbox[i].octets);
	e->n_inbox = 0;
}

void pair_free(struct ike_pair *p)
{
	for (int i = 0; i < 2; i++) {
		ike_engine_free(p->end[i].engine);
		drop_inbox(&p->end[i]);
	}
	free(p);
}

/* ---- the pretended kernel ---- */

static struct pair_sa *find(struct pair_end *e, const struct ike_sa_id *id)
{
	for (int i = 0; i < PAIR_SAS; i++) {
		struct pair_sa *s = &e->sas[i];

		if (s->spi == id->spi && s->spi && s->inbound == id->inbound &&
		    !strcmp(s->tunnel, id->tunnel))
			return s;
	}
	return NULL;
}

static struct pair_sa *add(struct pair_end *e, const struct ike_sa_id *id)
{
	for (int i = 0; i < PAIR_SAS; i++) {
		struct pair_sa *s = &e->sas[i];

		if (s->spi)
			continue;
		*s = (struct pair_sa){ .spi = id->spi, .inbound = id->inbound };
		memcpy(s->tunnel, id->tunnel, sizeof(s->tunnel));
		return s;
	}
	return NULL;
}

static void must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "ike_pair: %s\n", what);
	abort();
}

static void spi_alloc(struct pair_end *e, const struct ike_action *a, struct ike_result *r)
{
	struct ike_sa_id id = a->sa.id;
	struct pair_sa *s;

	id.inbound = true;
	id.spi = e->next_spi++;
	s = add(e, &id);
	if (!s) {
		r->error = -ENOMEM;
		return;
	}
	s->larval = true;
	r->spi = id.spi;
}

static void sa_add(struct pair_end *e, const struct ike_action *a, struct ike_result *r)
{
	struct pair_sa *s = find(e, &a->sa.id);

	must(a->sa.encr_key.len > 0, "an SA without a key");
	must(a->sa.id.spi >= 256, "an SA with a reserved SPI");
	if (a->sa.id.inbound) {
		must(s && s->larval, "an inbound SA whose SPI was not reserved");
		s->larval = false;
	} else if (s || !add(e, &a->sa.id)) {
		r->error = -EEXIST;	/* the peer may name a SPI twice */
	}
}

/* ---- actions ---- */

static void post(struct pair_end *e, const struct ike_action *a)
{
	struct pair_end *to = e == &e->pair->end[0] ? &e->pair->end[1] : &e->pair->end[0];
	struct pair_datagram *d;

	must(a->path.local.port == (a->path.natt ? 4500 : 500), "port and marker disagree");
	if (to->n_inbox == PAIR_QUEUE)
		return;
	d = &to->inbox[to->n_inbox++];
	d->path.local = a->path.remote;
	d->path.remote = a->path.local;
	d->path.natt = a->path.natt;
	if (vd_secret_set(&d->octets, a->data.data, a->data.len))
		abort();
}

static void answer(struct pair_end *e, const struct ike_action *a)
{
	struct ike_result r = { 0 };
	uint8_t pub[IKE_DH_MAX], priv[FAKE_DH_PRIVATE], out[IKE_PRF_MAX];
	vd_auto_secret key = { 0 };
	uint8_t len = 0;

	if (vd_secret_set(&key, "secret", 6))
		abort();
	switch (a->kind) {
	case IKE_ACT_DH_GENERATE:
		r.len = fake_dh_generate(a->group, test_ops_next(&e->ops), priv, pub);
		r.data = pub;
		r.priv = priv;
		r.priv_len = sizeof(priv);
		break;
	case IKE_ACT_DH_DERIVE:
		r.error = fake_dh_derive(a->group, a->data.data, a->data.len, a->peer_public.data,
					 a->peer_public.len, out);
		r.data = out;
		r.len = FAKE_DH_SHARED;
		break;
	case IKE_ACT_PSK_SIGN:
		r.error = vd_psk_sign(&e->ops, a->psk.prf, &key, &a->psk.octets, out, &len);
		r.data = out;
		r.len = len;
		break;
	case IKE_ACT_PSK_VERIFY:
		r.error = vd_psk_verify(&e->ops, a->psk.prf, &key, &a->psk.octets, a->psk.auth,
					a->psk.auth_len);
		break;
	case IKE_ACT_SPI_ALLOC:
		spi_alloc(e, a, &r);
		break;
	case IKE_ACT_SA_ADD:
		sa_add(e, a, &r);
		break;
	case IKE_ACT_SA_QUERY:
		r.idle = 60 * VD_SECOND;
		break;
	case IKE_ACT_ROUTE:
		r.local = e->addr;
		break;
	case IKE_ACT_SEND:
	case IKE_ACT_KEEPALIVE:
	case IKE_ACT_EVENT:
	case IKE_ACT_CHILD_SET:
	case IKE_ACT_CHILD_DEL:
	case IKE_ACT_SA_DEL:
	case IKE_ACT_SA_UPDATE:
		return;
	}
	if (!e->stalled || a->kind == IKE_ACT_SPI_ALLOC || a->kind == IKE_ACT_SA_ADD)
		ike_engine_complete(e->engine, e->pair->now, a->token, &r);
}

void pair_drain(struct pair_end *e)
{
	struct ike_action a;
	struct pair_sa *s;

	while (ike_engine_next_action(e->engine, &a)) {
		if (a.kind == IKE_ACT_SEND) {
			post(e, &a);
		} else if (a.kind == IKE_ACT_SA_DEL) {
			s = find(e, &a.sa.id);
			must(s != NULL, "an SA is deleted that is not there");
			s->spi = 0;
		} else {
			answer(e, &a);
		}
		ike_action_clear(&a);
	}
}

void pair_deliver(struct pair_end *e)
{
	struct pair_datagram now[PAIR_QUEUE];
	uint32_t n = e->n_inbox;

	memcpy(now, e->inbox, n * sizeof(now[0]));
	memset(e->inbox, 0, n * sizeof(now[0]));
	e->n_inbox = 0;
	for (uint32_t i = 0; i < n; i++) {
		ike_engine_datagram(e->engine, e->pair->now, &now[i].path, now[i].octets.data,
				    now[i].octets.len);
		pair_drain(e);
		vd_secret_free(&now[i].octets);
	}
}

void pair_run(struct ike_pair *p, int rounds)
{
	while (rounds--) {
		pair_deliver(&p->end[1]);
		pair_deliver(&p->end[0]);
	}
}

void pair_advance(struct ike_pair *p, vd_time by)
{
	p->now += by;
	for (int i = 0; i < 2; i++) {
		ike_engine_tick(p->end[i].engine, p->now);
		pair_drain(&p->end[i]);
	}
}

void pair_inject(struct pair_end *e, bool natt, const uint8_t *data, size_t len)
{
	struct pair_end *from = e == &e->pair->end[0] ? &e->pair->end[1] : &e->pair->end[0];
	struct ike_path path = { .local = { e->addr, natt ? 4500 : 500 },
				 .remote = { from->addr, natt ? 4500 : 500 }, .natt = natt };

	ike_engine_datagram(e->engine, e->pair->now, &path, data, len);
	pair_drain(e);
}
