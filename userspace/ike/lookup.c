// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How a responder finds whom and what a request is about without looking at everybody: gateways by
 * the peer's address, tunnels by their selectors, both by name.
 */
#include <stdlib.h>
#include <string.h>

#include "ike/gateway.h"

struct ike_gateway *ike_gateway_find(struct ike_engine *e, const char *name)
{
	struct ike_gateway *g;

	HASH_FIND(hh, e->gateways, name, (unsigned int)strlen(name), g);
	return g;
}

struct ike_tunnel *ike_tunnel_find(struct ike_engine *e, const char *name)
{
	struct ike_tunnel *t;

	HASH_FIND(hh, e->tunnels, name, (unsigned int)strnlen(name, sizeof(t->name)), t);
	return t;
}

static struct ike_peers *peers_find(struct ike_engine *e, const struct vd_addr *addr)
{
	static const struct vd_addr any;
	struct ike_peers *p;

	if (!addr)
		addr = &any;
	HASH_FIND(hh, e->peers, addr, sizeof(*addr), p);
	return p;
}

struct ike_gateway *ike_gateways_for(struct ike_engine *e, const struct vd_addr *addr)
{
	struct ike_peers *p = peers_find(e, addr);

	return p ? p->gateways : NULL;
}

bool ike_gateway_index(struct ike_engine *e, struct ike_gateway *g)
{
	struct ike_peers *p = peers_find(e, &g->conf->remote);

	if (!p) {
		p = calloc(1, sizeof(*p));
		if (!p)
			return false;
		p->addr = g->conf->remote;
		HASH_ADD(hh, e->peers, addr, sizeof(p->addr), p);
		if (!p->hh.tbl) {
			free(p);
			return false;
		}
	}
	DL_APPEND2(p->gateways, g, prev_addr, next_addr);
	return true;
}

void ike_gateway_unindex(struct ike_engine *e, struct ike_gateway *g)
{
	struct ike_peers *p = peers_find(e, &g->conf->remote);

	if (!p)
		return;
	DL_DELETE2(p->gateways, g, prev_addr, next_addr);
	if (p->gateways)
		return;
	HASH_DELETE(hh, e->peers, p);
	free(p);
}

/* ---- tunnels by selectors ---- */

/* FNV-1a over what makes two lists equal. */
static uint64_t mix(uint64_t h, const void *data, size_t n)
{
	const uint8_t *p = data;

	while (n--)
		h = (h ^ *p++) * 0x100000001b3u;
	return h;
}

static uint64_t hash_list(uint64_t h, const struct ike_ts_list *list)
{
	h = mix(h, &list->n, sizeof(list->n));
	for (uint8_t i = 0; i < list->n; i++) {
		const struct ike_ts *t = &list->ts[i];

		h = mix(h, t->start.bytes, sizeof(t->start.bytes));
		h = mix(h, t->end.bytes, sizeof(t->end.bytes));
		h = mix(h, &t->proto, sizeof(t->proto));
		h = mix(h, &t->port_start, sizeof(t->port_start));
		h = mix(h, &t->port_end, sizeof(t->port_end));
	}
	return h;
}

static struct ike_mirror *mirror_find(struct ike_engine *e, const struct ike_gateway *g,
				      const struct ike_ts_list *local,
				      const struct ike_ts_list *remote, uint64_t *hash)
{
	struct ike_mirror *m;
	struct {
		uint64_t gateway;
		uint64_t hash;
	} key = { .gateway = g->handle };

	key.hash = *hash = hash_list(hash_list(0xcbf29ce484222325u, local), remote);
	HASH_FIND(hh, e->mirrors, &key, sizeof(key), m);
	return m;
}

struct ike_tunnel *ike_tunnels_like(struct ike_engine *e, const struct ike_gateway *g,
				    const struct ike_ts_list *local,
				    const struct ike_ts_list *remote)
{
	uint64_t hash;
	struct ike_mirror *m = mirror_find(e, g, local, remote, &hash);

	return m ? m->tunnels : NULL;
}

bool ike_tunnel_index(struct ike_engine *e, struct ike_tunnel *t)
{
	uint64_t hash;
	struct ike_mirror *m = mirror_find(e, t->gateway, &t->conf->local_ts, &t->conf->remote_ts,
					   &hash);

	if (!m) {
		m = calloc(1, sizeof(*m));
		if (!m)
			return false;
		m->key.gateway = t->gateway->handle;
		m->key.hash = hash;
		HASH_ADD(hh, e->mirrors, key, sizeof(m->key), m);
		if (!m->hh.tbl) {
			free(m);
			return false;
		}
	}
	DL_APPEND2(m->tunnels, t, s_prev, s_next);
	return true;
}

void ike_tunnel_unindex(struct ike_engine *e, struct ike_tunnel *t)
{
	uint64_t hash;
	struct ike_mirror *m = mirror_find(e, t->gateway, &t->conf->local_ts, &t->conf->remote_ts,
					   &hash);

	if (!m)
		return;
	DL_DELETE2(m->tunnels, t, s_prev, s_next);
	if (m->tunnels)
		return;
	HASH_DELETE(hh, e->mirrors, m);
	free(m);
}
