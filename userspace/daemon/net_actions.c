// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the engine asks for (ike/engine.h): each action is done here, or sent to the role
 * that may do it, whose answer comes back by its token.
 */
#include "daemon/net.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/kex.h"

static void complete(struct vd_net *net, uint64_t token, const struct ike_result *r)
{
	ike_engine_complete(net->engine, vd_now(), token, r);
}

static void complete_error(struct vd_net *net, uint64_t token, int error)
{
	struct ike_result r = { .error = error };

	if (token)
		complete(net, token, &r);
}

/* ---- key exchange: here, it needs no privilege ---- */

static void dh_generate(struct vd_net *net, const struct ike_action *a)
{
	vd_auto_secret priv = { 0 };
	uint8_t pub[IKE_DH_MAX];
	size_t pub_len = 0;
	struct ike_result r = { 0 };

	r.error = vd_kex_generate(a->group, &priv, pub, &pub_len);
	r.data = pub;
	r.len = pub_len;
	r.priv = priv.data;
	r.priv_len = priv.len;
	complete(net, a->token, &r);
}

static void dh_derive(struct vd_net *net, const struct ike_action *a)
{
	vd_auto_secret shared = { 0 };
	struct ike_result r = { 0 };

	r.error = vd_kex_derive(a->group, &a->data, a->peer_public.data, a->peer_public.len,
				&shared);
	r.data = shared.data;
	r.len = shared.len;
	complete(net, a->token, &r);
}

/* ---- [keys] ---- */

struct vd_net_psk {		/* a question under way */
	struct vd_net_psk	*next;
	uint64_t		token;
	bool			verify;
};

static void psk_ask(struct vd_net *net, const struct ike_action *a, bool verify)
{
	struct vd_net_psk *p = calloc(1, sizeof(*p));
	struct vd_msg_psk q = { .local_id = a->psk.local_id, .remote_id = a->psk.remote_id,
				.prf = a->psk.prf };
	int err = -ENOMEM;

	memcpy(q.gateway, a->psk.gateway, sizeof(q.gateway));
	if (verify) {
		q.auth_len = a->psk.auth_len;
		memcpy(q.auth, a->psk.auth, sizeof(q.auth));
	}
	if (p)
		err = vd_chan_send(net->keys, verify ? VD_MSG_PSK_VERIFY : VD_MSG_PSK_SIGN,
				   a->token, &q, a->psk.octets.data, a->psk.octets.len, -1);
	if (err) {
		free(p);
		complete_error(net, a->token, err);
		return;
	}
	p->token = a->token;
	p->verify = verify;
	p->next = net->psk;
	net->psk = p;
}

void vd_net_on_psk_result(struct vd_net *net, const struct vd_msg *m)
{
	const struct vd_msg_psk_result *q = &m->body->PSK_RESULT;
	struct ike_result r = { .error = q->error, .data = q->auth, .len = q->auth_len };

	for (struct vd_net_psk **p = &net->psk; *p; p = &(*p)->next) {
		struct vd_net_psk *found = *p;

		if (found->token != m->token)
			continue;
		*p = found->next;
		free(found);
		complete(net, m->token, &r);
		return;
	}
}

void vd_net_psk_fail(struct vd_net *net)
{
	struct vd_net_psk *p;

	while ((p = net->psk)) {
		net->psk = p->next;
		complete_error(net, p->token, -EIO);
		free(p);
	}
}

void vd_net_psk_drop(struct vd_net *net)
{
	struct vd_net_psk *p;

	while ((p = net->psk)) {
		net->psk = p->next;
		free(p);
	}
}

/* ---- [priv] ---- */

static void priv_send(struct vd_net *net, enum vd_msg_type type, uint64_t token, const void *body)
{
	int err = vd_chan_send(net->worker.priv, type, token, body, NULL, 0, -1);

	if (err) {
		vd_error(VD_LOG_NET, "%s to [priv]: %s", vd_msg_name(type), strerror(-err));
		complete_error(net, token, err);
	}
}

static void priv_child_set(struct vd_net *net, const struct ike_action *a)
{
	struct vd_msg_child m = { .child = a->sa.id.child, .on_demand = a->on_demand,
				  .local_ts = a->local_ts, .remote_ts = a->remote_ts };

	memcpy(m.tunnel, a->sa.id.tunnel, sizeof(m.tunnel));
	priv_send(net, VD_MSG_CHILD_SET, 0, &m);
}

static void priv_sa(struct vd_net *net, enum vd_msg_type type, const struct ike_action *a)
{
	struct vd_msg_sa m;

	vd_msg_from_sa(&m, &a->sa);
	priv_send(net, type, a->token, &m);
	vd_wipe(&m, sizeof(m));
}

static void priv_sa_id(struct vd_net *net, enum vd_msg_type type, const struct ike_action *a)
{
	struct vd_msg_sa_id m;

	vd_msg_from_sa_id(&m, &a->sa.id);
	priv_send(net, type, a->token, &m);
}

static void priv_route(struct vd_net *net, const struct ike_action *a)
{
	struct vd_msg_route_get m = { .peer = a->path.remote.addr };

	priv_send(net, VD_MSG_ROUTE_GET, a->token, &m);
}

void vd_net_on_result(struct vd_net *net, const struct vd_msg *m)
{
	const struct vd_msg_result *q = &m->body->RESULT;
	struct ike_result r = { .error = q->error, .spi = q->spi, .idle = q->idle,
				.local = q->local, .text = q->text[0] ? q->text : NULL };

	complete(net, m->token, &r);
}

void vd_net_action(struct vd_net *net, struct ike_action *a)
{
	switch (a->kind) {
	case IKE_ACT_SEND:
		vd_net_udp_send(net, &a->path, a->data.data, a->data.len);
		break;
	case IKE_ACT_KEEPALIVE:
		vd_net_udp_keepalive(net, &a->path);
		break;
	case IKE_ACT_EVENT:
		vd_net_event(net, &a->event);
		break;
	case IKE_ACT_CHILD_SET:
		priv_child_set(net, a);
		break;
	case IKE_ACT_CHILD_DEL:
		priv_sa_id(net, VD_MSG_CHILD_DEL, a);
		break;
	case IKE_ACT_SA_DEL:
		priv_sa_id(net, VD_MSG_SA_DEL, a);
		break;
	case IKE_ACT_SA_UPDATE:
		priv_sa(net, VD_MSG_SA_UPDATE, a);
		break;
	case IKE_ACT_DH_GENERATE:
		dh_generate(net, a);
		break;
	case IKE_ACT_DH_DERIVE:
		dh_derive(net, a);
		break;
	case IKE_ACT_PSK_SIGN:
		psk_ask(net, a, false);
		break;
	case IKE_ACT_PSK_VERIFY:
		psk_ask(net, a, true);
		break;
	case IKE_ACT_SPI_ALLOC:
		priv_sa(net, VD_MSG_SPI_ALLOC, a);
		break;
	case IKE_ACT_SA_ADD:
		priv_sa(net, VD_MSG_SA_ADD, a);
		break;
	case IKE_ACT_SA_QUERY:
		priv_sa_id(net, VD_MSG_SA_QUERY, a);
		break;
	case IKE_ACT_ROUTE:
		priv_route(net, a);
		break;
	}
	ike_action_clear(a);
}
