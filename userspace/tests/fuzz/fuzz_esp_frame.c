// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The trailer of a decrypted ESP packet (kmod/esp_frame.c): nothing outside of it is read, what
 * is accepted is what a sender would have written, and nothing else is.
 */
#include <stdint.h>
#include <stdlib.h>

#include "../../../kmod/esp_frame.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
	if (!ok)
		abort();
}

/* The last octets only, in memory of their own. */
static void check_tail(const uint8_t *data, u32 len, u32 tail_len, enum viaduct_drop want,
		       u32 want_payload)
{
	uint8_t *tail = malloc(tail_len ? tail_len : 1);
	u32 payload = 0x5a5a5a5a;
	u8 next = 0x5a;

	memcpy(tail, data + len - tail_len, tail_len);
	require(vdt_esp_trailer_check(tail, tail_len, len, &payload, &next) == want);
	if (want)
		require(payload == 0x5a5a5a5a && next == 0x5a);
	else
		require(payload == want_payload && next == data[len - 1]);
	free(tail);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	u32 len = size, least = len < VDT_ESP_TRAILER_MAX ? len : VDT_ESP_TRAILER_MAX;
	enum viaduct_drop want = VIADUCT_DROP_RX_TRUNCATED;
	u8 written[VDT_ESP_TRAILER_MAX];
	u32 payload = 0;

	if (len >= VDT_ESP_TRAILER_MIN) {
		u32 trailer = data[len - 2] + VDT_ESP_TRAILER_MIN;

		want = VIADUCT_DROP_RX_PADDING;
		if (trailer <= len) {
			vdt_esp_trailer_put(written, trailer, data[len - 1]);
			payload = len - trailer;
			if (!memcmp(written, data + payload, trailer))
				want = VIADUCT_DROP_UNSPEC;
		}
	}
	check_tail(data, len, len, want, payload);
	check_tail(data, len, least, want, payload);
	if (least)
		check_tail(data, len, least - 1, VIADUCT_DROP_RX_TRUNCATED, 0);
	return 0;
}
