// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Powers modulo the prime 2^61 - 1, padded to a group's length.
 */
#include "tests/common/fake_dh.h"

#include <errno.h>
#include <string.h>

#include "ike/proposal.h"

#define PRIME	((1ull << 61) - 1)
#define BASE	37

static uint64_t mul(uint64_t a, uint64_t b)
{
	return (uint64_t)((unsigned __int128)a * b % PRIME);
}

static uint64_t power(uint64_t base, uint64_t n)
{
	uint64_t r = 1;

	for (; n; n >>= 1, base = mul(base, base))
		if (n & 1)
			r = mul(r, base);
	return r;
}

static void store(uint8_t *out, uint64_t v)
{
	for (int i = 0; i < 8; i++)
		out[i] = (uint8_t)(v >> (56 - 8 * i));
}

static uint64_t load(const uint8_t *in)
{
	uint64_t v = 0;

	for (int i = 0; i < 8; i++)
		v = v << 8 | in[i];
	return v;
}

size_t fake_dh_generate(enum ike_dh group, uint64_t chance, uint8_t priv[static FAKE_DH_PRIVATE],
			uint8_t pub[static IKE_DH_MAX])
{
	const struct ike_transform_info *info = ike_transform_info(IKE_T_DH, group, 0);
	uint64_t x = chance % (PRIME - 2) + 1;

	store(priv, x);
	memset(pub, 0xd5, info->dh_len);
	store(pub, power(BASE, x));
	return info->dh_len;
}

int fake_dh_derive(enum ike_dh group, const uint8_t *priv, size_t priv_len, const uint8_t *peer,
		   size_t peer_len, uint8_t shared[static FAKE_DH_SHARED])
{
	const struct ike_transform_info *info = ike_transform_info(IKE_T_DH, group, 0);
	uint64_t y;

	if (!info || peer_len != info->dh_len || priv_len != FAKE_DH_PRIVATE)
		return -EBADMSG;
	y = load(peer);
	if (y < 2 || y >= PRIME || peer[peer_len - 1] != 0xd5)
		return -EBADMSG;
	y = power(y, load(priv));
	for (int i = 0; i < FAKE_DH_SHARED / 8; i++)
		store(shared + 8 * i, y + (uint64_t)i);
	return 0;
}
