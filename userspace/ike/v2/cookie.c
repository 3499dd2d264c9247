// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Cookies (RFC 7296, 2.6): under load a responder makes state only for those who receive what is sent
 * to the address they claim. The cookie itself is the state:
 *
 *	version | SHA2-256(secret | Ni | IPi | port | SPIi)
 */
#include "ike/v2/v2.h"

#include <string.h>

/* A secret is made anew after this; its cookies are good for as long again. */
#define SECRET_TIME (60 * VD_SECOND)

bool ike_cookie_needed(const struct ike_engine *e)
{
	return e->half_open >= e->limits.cookie_threshold;
}

static bool refresh(struct ike_engine *e)
{
	struct ike_cookies *k = &e->cookies;

	if (k->version && e->now - k->since < SECRET_TIME)
		return true;
	memcpy(k->secret[1], k->secret[0], IKE_COOKIE_SECRET);
	k->has_before = k->version != 0;
	if (e->ops->random(e->ops->ctx, k->secret[0], IKE_COOKIE_SECRET))
		return false;
	/* 0 stands for "none made yet". */
	k->version = k->version == UINT8_MAX ? 1 : k->version + 1;
	k->since = e->now;
	return true;
}

static bool compute(struct ike_engine *e, const uint8_t *secret, const struct ike_header *h,
		    const struct ike_nonce *ni, const struct ike_path *path, uint8_t out[static 32])
{
	struct ike_iov in[] = {
		{ secret, IKE_COOKIE_SECRET },
		{ ni->data, ni->len },
		{ path->remote.addr.bytes, sizeof(path->remote.addr.bytes) },
		{ &path->remote.port, sizeof(path->remote.port) },
		{ &h->spi_i, sizeof(h->spi_i) },
	};

	return !e->ops->hash(e->ops->ctx, IKE_HASH_SHA2_256, in, sizeof(in) / sizeof(in[0]), out);
}

bool ike_cookie_make(struct ike_engine *e, const struct ike_header *h, const struct ike_nonce *ni,
		     const struct ike_path *path, uint8_t out[static IKE_COOKIE_LEN])
{
	if (!refresh(e))
		return false;
	out[0] = e->cookies.version;
	return compute(e, e->cookies.secret[0], h, ni, path, out + 1);
}

bool ike_cookie_valid(struct ike_engine *e, const struct ike_header *h, const struct ike_nonce *ni,
		      const struct ike_path *path, const uint8_t *data, size_t len)
{
	uint8_t expect[32], before;

	if (len != IKE_COOKIE_LEN || !refresh(e))
		return false;
	before = e->cookies.version == 1 ? UINT8_MAX : e->cookies.version - 1;
	if (data[0] != e->cookies.version && !(e->cookies.has_before && data[0] == before))
		return false;
	if (!compute(e, e->cookies.secret[data[0] != e->cookies.version], h, ni, path, expect))
		return false;
	return vd_equal_ct(expect, data + 1, sizeof(expect));
}
