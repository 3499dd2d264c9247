// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A datagram from anyone: taken apart as far as it goes without keys, each clear payload
 * parsed, the Encrypted payload tried with keys nobody has.
 */
#include <string.h>

#include "ike/wire/encrypted.h"
#include "tests/common/fuzz_check.h"
#include "tests/common/test_ops.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_keys(const struct ike_message *m, const struct ike_ops *ops)
{
	static const struct ike_suite gcm = { .encr = IKE_ENCR_AES_GCM_16, .encr_key_bits = 128 };
	static const struct ike_suite cbc = {
		.encr = IKE_ENCR_AES_CBC, .encr_key_bits = 128, .integ = IKE_INTEG_HMAC_SHA2_256_128,
	};
	vd_auto_secret plain = { 0 };
	struct ike_sk_keys k;

	ike_sk_keys_init(&k, &gcm);
	k.encr_key.len = 20;
	fuzz_require(ike_sk_open(&plain, ops, &k, m) == IKE_WIRE_INTEGRITY && !plain.data);
	ike_sk_keys_init(&k, &cbc);
	k.encr_key.len = 16;
	k.integ_key.len = 32;
	memset(k.encr_key.data, 0x42, k.encr_key.len);
	fuzz_require(ike_sk_open(&plain, ops, &k, m) == IKE_WIRE_INTEGRITY && !plain.data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct ike_ops ops;
	struct ike_message m;
	uint8_t at = 0;

	if (!ops.random)
		test_ops_open(&ops, 1);
	if (ike_message_parse(&m, data, size, &at))
		return 0;
	fuzz_require(m.clear.n <= IKE_PAYLOADS_MAX);
	fuzz_payloads(&m.clear);
	if (m.sealed.type == IKE_PAYLOAD_NONE)
		return 0;
	fuzz_require(m.sealed.body == data + m.sealed.header_len);
	fuzz_require(m.sealed.header_len + m.sealed.len == size);
	fuzz_require(m.sealed.fragment >= 1 && m.sealed.fragment <= m.sealed.total);
	try_keys(&m, &ops);
	return 0;
}
