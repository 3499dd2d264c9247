// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A host: does what its engine's actions say; slow ones answer later.
 */
#include "sim.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/psk.h"
#include "tests/common/fake_dh.h"
#include "tests/common/test_ops.h"

void sim_host_boot(struct sim_host *h)
{
	if (h->alive)
		return;
	h->alive = true;
	h->boot++;
	h->engine = ike_engine_new(&h->ops, &h->limits);
	if (!h->engine || ike_engine_configure(h->engine, h->world->now, &h->config))
		abort();
	sim_trace(h->world, "%c boots", h->name);
	sim_host_drain(h);
}

void sim_host_crash(struct sim_host *h)
{
	if (!h->alive)
		return;
	sim_trace(h->world, "%c crashes", h->name);
	h->alive = false;
	ike_engine_free(h->engine);
	h->engine = NULL;
	sim_kernel_clear(&h->kernel);
}

void sim_host_datagram(struct sim_host *h, const struct ike_path *path, const uint8_t *data,
		       size_t len)
{
	ike_engine_datagram(h->engine, h->world->now, path, data, len);
}

const struct ike_cause *sim_host_failure(const struct sim_host *h, enum ike_cause_code code)
{
	for (uint32_t i = 0; i < h->n_failures; i++)
		if (h->failures[i].code == code)
			return &h->failures[i];
	return NULL;
}

static void take_event(struct sim_host *h, const struct ike_event *ev)
{
	sim_trace_event(h, ev);
	switch (ev->kind) {
	case IKE_EVENT_FAILED:
		if (h->n_failures < sizeof(h->failures) / sizeof(h->failures[0]))
			h->failures[h->n_failures++] = ev->cause;
		break;
	case IKE_EVENT_TUNNEL_UP:
		h->n_up++;
		break;
	case IKE_EVENT_TUNNEL_DOWN:
		h->n_down++;
		break;
	case IKE_EVENT_TUNNEL_REKEYED:
		h->n_rekeyed++;
		break;
	case IKE_EVENT_GATEWAY_REKEYED:
		h->n_ike_rekeyed++;
		break;
	case IKE_EVENT_GATEWAY_CONNECTING:
	case IKE_EVENT_GATEWAY_UP:
	case IKE_EVENT_GATEWAY_DOWN:
	case IKE_EVENT_NAT:
	case IKE_EVENT_STEP:
		break;
	}
}

/* ---- results ---- */

static struct sim_event *result_later(struct sim_host *h, const struct ike_action *a)
{
	struct sim_world *w = h->world;
	struct sim_event *ev = sim_event_new(w, SIM_RESULT, h,
					     w->async_max ? sim_rng_below(&w->rng, w->async_max + 1) : 0);

	ev->token = a->token;
	return ev;
}

static void set_data(struct sim_event *ev, const uint8_t *data, size_t len)
{
	ev->data = malloc(len);
	if (!ev->data)
		abort();
	memcpy(ev->data, data, len);
	ev->result.len = len;
}

static void dh_generate(struct sim_host *h, const struct ike_action *a)
{
	struct sim_event *ev = result_later(h, a);
	uint8_t pub[IKE_DH_MAX];
	size_t len;

	ev->priv = malloc(FAKE_DH_PRIVATE);
	if (!ev->priv)
		abort();
	len = fake_dh_generate(a->group, sim_rng_next(&h->world->rng), ev->priv, pub);
	ev->result.priv_len = FAKE_DH_PRIVATE;
	set_data(ev, pub, len);
}

static void dh_derive(struct sim_host *h, const struct ike_action *a)
{
	struct sim_event *ev = result_later(h, a);
	uint8_t shared[FAKE_DH_SHARED];

	ev->result.error = fake_dh_derive(a->group, a->data.data, a->data.len, a->peer_public.data,
					  a->peer_public.len, shared);
	set_data(ev, shared, sizeof(shared));
}

static void psk(struct sim_host *h, const struct ike_action *a)
{
	struct sim_event *ev = result_later(h, a);
	vd_auto_secret key = { 0 };
	uint8_t auth[IKE_PRF_MAX] = { 0 };
	uint8_t len = 0;

	if (!h->psk) {
		ev->result.error = -ENOENT;
		return;
	}
	if (vd_secret_set(&key, h->psk, strlen(h->psk)))
		abort();
	if (a->kind == IKE_ACT_PSK_SIGN)
		ev->result.error = vd_psk_sign(&h->ops, a->psk.prf, &key, &a->psk.octets, auth, &len);
	else
		ev->result.error = vd_psk_verify(&h->ops, a->psk.prf, &key, &a->psk.octets,
						 a->psk.auth, a->psk.auth_len);
	if (len)
		set_data(ev, auth, len);
}

static void route(struct sim_host *h, const struct ike_action *a)
{
	struct sim_event *ev = result_later(h, a);

	if (h->no_route)
		ev->result.error = -ENETUNREACH;
	else
		ev->result.local = h->addr;
}

static void act(struct sim_host *h, const struct ike_action *a)
{
	struct ike_result r = { 0 };

	if (a->kind == IKE_ACT_SA_ADD || a->kind == IKE_ACT_SA_DEL)
		sim_trace(h->world, "%c     %c %s %s %08x", h->name,
			  a->kind == IKE_ACT_SA_ADD ? '+' : '-', a->sa.id.tunnel,
			  a->sa.id.inbound ? "in" : "out", a->sa.id.spi);
	switch (a->kind) {
	case IKE_ACT_SEND:
		sim_net_send(h, &a->path, a->data.data, a->data.len);
		break;
	case IKE_ACT_KEEPALIVE:
		break;
	case IKE_ACT_EVENT:
		take_event(h, &a->event);
		break;
	case IKE_ACT_DH_GENERATE:
		dh_generate(h, a);
		break;
	case IKE_ACT_DH_DERIVE:
		dh_derive(h, a);
		break;
	case IKE_ACT_PSK_SIGN:
	case IKE_ACT_PSK_VERIFY:
		psk(h, a);
		break;
	case IKE_ACT_ROUTE:
		route(h, a);
		break;
	case IKE_ACT_SPI_ALLOC:
	case IKE_ACT_SA_ADD:
	case IKE_ACT_SA_QUERY:
		sim_kernel_act(h, a, &r);
		result_later(h, a)->result = r;
		break;
	case IKE_ACT_SA_DEL:
	case IKE_ACT_SA_UPDATE:
	case IKE_ACT_CHILD_SET:
	case IKE_ACT_CHILD_DEL:
		sim_kernel_act(h, a, &r);
		break;
	}
}

void sim_host_drain(struct sim_host *h)
{
	struct ike_action a;

	while (h->alive && ike_engine_next_action(h->engine, &a)) {
		act(h, &a);
		ike_action_clear(&a);
	}
}
