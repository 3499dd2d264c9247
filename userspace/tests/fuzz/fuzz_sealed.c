// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Behind the decryption: an authenticated peer that sends anything. The cipher is the
 * identity and every tag is right, so the input reaches padding, lengths and inner payloads.
 */
#include <errno.h>
#include <string.h>

#include "ike/wire/encrypted.h"
#include "tests/common/fuzz_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int no_cipher(void *ctx, const struct ike_cipher_key *key, const uint8_t *iv,
		     const uint8_t *aad, size_t aad_len, const uint8_t *in, size_t len, uint8_t *out,
		     const uint8_t *tag)
{
	/* All of what the real one would read. */
	fuzz_touch(iv, 8);
	fuzz_touch(aad, aad_len);
	fuzz_touch(tag, 16);
	memcpy(out, in, len);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct ike_suite suite = { .encr = IKE_ENCR_AES_GCM_16, .encr_key_bits = 256 };
	static const struct ike_ops ops = { .decrypt = no_cipher };
	vd_auto_secret plain = { 0 };
	struct ike_sk_keys k;
	struct ike_message m;
	struct ike_chain c;
	uint8_t at;

	if (ike_message_parse(&m, data, size, NULL) || m.sealed.type == IKE_PAYLOAD_NONE)
		return 0;
	ike_sk_keys_init(&k, &suite);
	k.encr_key.len = 36;
	if (ike_sk_open(&plain, &ops, &k, &m)) {
		fuzz_require(!plain.data);
		return 0;
	}
	fuzz_require(plain.len < m.sealed.len);
	if (!ike_chain_parse(&c, m.sealed.first, plain.data, plain.len, &at))
		fuzz_payloads(&c);
	return 0;
}
