// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Public values from a hostile peer: the first octet picks the group, the rest is the value.
 * Whatever is accepted must give the same secret twice, and of the right length.
 */
#include <stdlib.h>
#include <string.h>

#include "crypto/kex.h"

/* Small groups only: a fuzzer that spends its time in 8192-bit powers finds nothing. */
static const enum ike_dh groups[] = {
	IKE_DH_ECP256, IKE_DH_ECP384, IKE_DH_ECP521, IKE_DH_CURVE25519, IKE_DH_CURVE448, IKE_DH_MODP2048,
};
#define N_GROUPS (sizeof(groups) / sizeof(groups[0]))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct vd_secret priv[N_GROUPS];
	vd_auto_secret a = { 0 };
	vd_auto_secret b = { 0 };
	size_t i, len;

	if (!size)
		return 0;
	i = data[0] % N_GROUPS;
	if (!priv[i].len) {
		uint8_t pub[IKE_DH_MAX];

		if (vd_kex_generate(groups[i], &priv[i], pub, &len))
			abort();
	}
	if (vd_kex_derive(groups[i], &priv[i], data + 1, size - 1, &a)) {
		if (a.data)
			abort();
		return 0;
	}
	if (vd_kex_derive(groups[i], &priv[i], data + 1, size - 1, &b) || a.len != b.len || !a.len ||
	    memcmp(a.data, b.data, a.len))
		abort();
	return 0;
}
