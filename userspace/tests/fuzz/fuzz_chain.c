// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A payload chain alone, without headers whose lengths must fit: the first octet is the
 * first payload's type. Reaches the payload parsers faster than fuzz_message.
 */
#include <string.h>

#include "tests/common/fuzz_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct ike_payload_rule rules[] = {
		{ IKE_PAYLOAD_SA, 0, 1 }, { IKE_PAYLOAD_NONCE, 1, 1 }, { IKE_PAYLOAD_NOTIFY, 0, 255 },
	};
	struct ike_chain c;
	uint8_t at = 0;

	if (!size)
		return 0;
	memset(&c, 0x5a, sizeof(c));
	if (ike_chain_parse(&c, data[0], data + 1, size - 1, &at)) {
		fuzz_require(c.n == 0x5a);	/* untouched */
		return 0;
	}
	fuzz_payloads(&c);
	if (!ike_chain_check(&c, rules, 3, &at))
		fuzz_require(ike_chain_count(&c, IKE_PAYLOAD_NONCE) == 1);
	return 0;
}
