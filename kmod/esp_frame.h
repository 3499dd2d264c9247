/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The arithmetic of an ESP packet (RFC 4303, section 2). Pure.
 *
 *   SPI 4 | seq 4 | IV iv | payload | padding 0..255 | pad length 1 | next header 1 | ICV icv
 *                          `------------ a multiple of align ---------------------'
 */
#ifndef _VIADUCT_ESP_FRAME_H
#define _VIADUCT_ESP_FRAME_H

#include "pure.h"
#include <linux/viaduct.h>

#define VDT_ESP_HDR_LEN		8	/* SPI and sequence number */
#define VDT_ESP_TRAILER_MIN	2	/* pad length and next header */
#define VDT_ESP_TRAILER_MAX	257	/* with 255 octets of padding */
#define VDT_ESP_NXT_DUMMY	59	/* RFC 4303, 2.6 */

/* What a transform adds to a packet. Constant over an SA's life. */
struct vdt_esp_geometry {
	u8 iv;			/* octets of IV on the wire */
	u8 icv;			/* octets of ICV on the wire */
	u8 align;		/* block size, at least 4 (RFC 4303, 2.4), a power of two */
};

/* Octets of padding, pad length and next header behind @payload octets: 2..align + 1. */
static inline u32 vdt_esp_trailer_len(const struct vdt_esp_geometry *g, u32 payload)
{
	return ALIGN(payload + VDT_ESP_TRAILER_MIN, (u32)g->align) - payload;
}

/* Octets of the whole ESP packet around @payload octets, without IP and UDP. */
static inline u32 vdt_esp_packet_len(const struct vdt_esp_geometry *g, u32 payload)
{
	return VDT_ESP_HDR_LEN + g->iv + payload + vdt_esp_trailer_len(g, payload) + g->icv;
}

/* The largest payload whose ESP packet fits into @room octets; 0 if none does. */
u32 vdt_esp_payload_max(const struct vdt_esp_geometry *g, u32 room);

/*
 * Could an ESP packet of @len octets (without IP and UDP) be valid? It holds header,
 * IV, at least the trailer, ICV, and what is encrypted is a multiple of the block.
 */
bool vdt_esp_len_ok(const struct vdt_esp_geometry *g, u32 len);

/*
 * Write @len octets (2..257, from vdt_esp_trailer_len) of trailer: padding 1, 2, 3 ...
 * (RFC 4303, 2.4), its length, @next_header.
 */
void vdt_esp_trailer_put(u8 *at, u32 len, u8 next_header);

/*
 * Check the trailer of a decrypted and authenticated payload. @tail points at its last
 * @tail_len octets, linear: at least min(@len, VDT_ESP_TRAILER_MAX), where @len counts
 * everything decrypted (payload and trailer). On success VIADUCT_DROP_UNSPEC, and the
 * octets of payload and the next header in @payload and @next_header; else
 * VIADUCT_DROP_RX_TRUNCATED or VIADUCT_DROP_RX_PADDING and nothing written.
 *
 * Only for authenticated data: its time depends on the contents.
 */
enum viaduct_drop vdt_esp_trailer_check(const u8 *tail, u32 tail_len, u32 len,
					u32 *payload, u8 *next_header);

#endif /* _VIADUCT_ESP_FRAME_H */
