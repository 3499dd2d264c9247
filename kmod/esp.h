/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One ESP packet in a linear buffer: build and seal it, open and check it (RFC 4303, 3.3, 3.4).
 * Outer headers are output.c's, the batch is tx.c's and rx.c's.
 *
 * No lock. Under RCU or with a reference on the SA; bottom halves disabled.
 */
#ifndef _VIADUCT_ESP_H
#define _VIADUCT_ESP_H

#include "aead.h"
#include "sa.h"

/* Where the payload begins, seen from the SPI. */
static inline u32 vdt_esp_payload_at(const struct vdt_sa *sa)
{
	return VDT_ESP_HDR_LEN + sa->geo.iv;
}

/*
 * Make an ESP packet of the @payload octets that lie at @esp + vdt_esp_payload_at(): header,
 * IV, trailer, ICV around them; vdt_esp_packet_len() octets in all. Results as
 * vdt_aead_encrypt().
 */
int vdt_esp_seal(const struct vdt_sa *sa, struct crypto_aead *tfm, u8 *esp, u32 payload,
		 u8 next_header, u64 seq, vdt_aead_done_t done, void *owner);

/* Authenticate and decrypt. Results as vdt_aead_decrypt(). */
int vdt_esp_open(const struct vdt_sa *sa, struct crypto_aead *tfm, u8 *esp, u32 len, u64 seq,
		 vdt_aead_done_t done, void *owner);

/*
 * Take header, trailer and ICV off the decrypted packet @skb, linear, with data at the SPI.
 * Afterwards it is the payload. VIADUCT_DROP_UNSPEC, or the reason and @skb is untouched.
 */
enum viaduct_drop vdt_esp_strip(const struct vdt_sa *sa, struct sk_buff *skb, u8 *next_header);

#endif /* _VIADUCT_ESP_H */
