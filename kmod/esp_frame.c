// SPDX-License-Identifier: GPL-2.0-only
/* ESP packet arithmetic and trailer: see esp_frame.h. No state, no lock. RFC 4303, 2. */
#include "esp_frame.h"

u32 vdt_esp_payload_max(const struct vdt_esp_geometry *g, u32 room)
{
	u32 fixed = VDT_ESP_HDR_LEN + g->iv + g->icv;

	if (room < fixed + g->align)
		return 0;
	return ALIGN_DOWN(room - fixed, (u32)g->align) - VDT_ESP_TRAILER_MIN;
}

bool vdt_esp_len_ok(const struct vdt_esp_geometry *g, u32 len)
{
	u32 fixed = VDT_ESP_HDR_LEN + g->iv + g->icv;

	return len >= fixed + g->align && IS_ALIGNED(len - fixed, (u32)g->align);
}

void vdt_esp_trailer_put(u8 *at, u32 len, u8 next_header)
{
	u32 pad = len - VDT_ESP_TRAILER_MIN;
	u32 i;

	for (i = 0; i < pad; i++)
		at[i] = i + 1;
	at[pad] = pad;
	at[pad + 1] = next_header;
}

enum viaduct_drop vdt_esp_trailer_check(const u8 *tail, u32 tail_len, u32 len,
					u32 *payload, u8 *next_header)
{
	u32 pad, i;

	if (tail_len > len || tail_len < min_t(u32, len, VDT_ESP_TRAILER_MAX) ||
	    len < VDT_ESP_TRAILER_MIN)
		return VIADUCT_DROP_RX_TRUNCATED;
	pad = tail[tail_len - 2];
	if (pad > len - VDT_ESP_TRAILER_MIN)
		return VIADUCT_DROP_RX_PADDING;
	/* RFC 4303, 2.4: the receiver SHOULD inspect the padding. */
	tail += tail_len - VDT_ESP_TRAILER_MIN - pad;
	for (i = 0; i < pad; i++)
		if (tail[i] != (u8)(i + 1))
			return VIADUCT_DROP_RX_PADDING;
	*payload = len - VDT_ESP_TRAILER_MIN - pad;
	*next_header = tail[pad + 1];
	return VIADUCT_DROP_UNSPEC;
}
