// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * NAT detection (RFC 7296, 2.23): each end hashes the addresses it believes in; where a hash
 * differs, a NAT translated. Then ESP travels in UDP, and IKE moves to port 4500.
 */
#include "ike/v2/v2.h"

#include <string.h>

#define NAT_HASH 20

static bool nat_hash(struct ike_engine *e, uint64_t spi_i, uint64_t spi_r,
		     const struct vd_endpoint *ep, uint8_t out[static NAT_HASH])
{
	uint8_t octets[8 + 8 + 16 + 2];
	struct vd_writer w = vd_writer_init(octets, sizeof(octets));
	struct ike_iov in;

	vd_put_u64(&w, spi_i);
	vd_put_u64(&w, spi_r);
	vd_put_bytes(&w, ep->addr.bytes, vd_addr_len(ep->addr.family));
	vd_put_u16(&w, ep->port);
	in = (struct ike_iov){ octets, w.len };
	return !e->ops->hash(e->ops->ctx, IKE_HASH_SHA1, &in, 1, out);
}

void ike_nat_emit(struct ike_engine *e, struct ike_builder *b, const struct ike_sa *sa)
{
	bool force = sa->gateway && sa->gateway->conf->nat == IKE_NAT_FORCE;
	struct vd_endpoint source = sa->path.local;
	uint8_t h[NAT_HASH];

	/* Forced: we hash an address that can't be, so the peer, too, sees a NAT. */
	if (force)
		memset(source.addr.bytes, 0, sizeof(source.addr.bytes));
	if (nat_hash(e, sa->spi_i, sa->spi_r, &source, h))
		ike_wire_notify_emit(b, IKE_NOTIFY_NAT_DETECTION_SOURCE_IP, h, sizeof(h));
	if (nat_hash(e, sa->spi_i, sa->spi_r, &sa->path.remote, h))
		ike_wire_notify_emit(b, IKE_NOTIFY_NAT_DETECTION_DESTINATION_IP, h, sizeof(h));
}

/* Any of the peer's hashes of @type is that of @ep (it may send several sources). */
static bool matches(struct ike_engine *e, const struct ike_chain *c, uint16_t type,
		    const struct ike_header *h, const struct vd_endpoint *ep, bool *present)
{
	const struct ike_payload *p = NULL;
	struct ike_notify n;
	uint8_t expect[NAT_HASH];

	*present = false;
	if (!nat_hash(e, h->spi_i, h->spi_r, ep, expect))
		return true;
	while ((p = p ? ike_chain_next(c, p, IKE_PAYLOAD_NOTIFY) :
			ike_chain_find(c, IKE_PAYLOAD_NOTIFY))) {
		if (ike_wire_notify_parse(&n, p) != IKE_WIRE_OK || n.type != type)
			continue;
		*present = true;
		if (n.len == NAT_HASH && !memcmp(n.data, expect, NAT_HASH))
			return true;
	}
	return false;
}

void ike_nat_detect(struct ike_engine *e, struct ike_sa *sa, const struct ike_chain *c,
		    const struct ike_header *h, const struct ike_path *path)
{
	bool force = sa->gateway && sa->gateway->conf->nat == IKE_NAT_FORCE;
	bool has_source, has_dest, source, dest;

	source = matches(e, c, IKE_NOTIFY_NAT_DETECTION_SOURCE_IP, h, &path->remote, &has_source);
	dest = matches(e, c, IKE_NOTIFY_NAT_DETECTION_DESTINATION_IP, h, &path->local, &has_dest);
	sa->natt = has_source && has_dest;
	sa->nat_remote = sa->natt && !source;
	sa->nat_local = sa->natt && !dest;
	sa->encap = sa->natt && (sa->nat_remote || sa->nat_local || force);
	if (sa->nat_remote || sa->nat_local)
		ike_event_push(e, IKE_EVENT_NAT, sa, NULL);
}
