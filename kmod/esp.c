// SPDX-License-Identifier: GPL-2.0-only
/* One ESP packet in a linear buffer (RFC 4303). Role and rules: esp.h. */
#include <linux/random.h>
#include <net/ip.h>

#include "esp.h"

static void make_iv(const struct vdt_sa *sa, u8 *iv, u64 seq)
{
	switch (sa->encr->iv_kind) {
	case VDT_IV_COUNTER:
		/* A constant XORed to a number used once is used once (RFC 4106, section 3.1). */
		put_unaligned_be64(seq ^ sa->iv_salt, iv);
		break;
	case VDT_IV_RANDOM:
		get_random_bytes(iv, sa->geo.iv);
		break;
	}
}

int vdt_esp_seal(const struct vdt_sa *sa, struct crypto_aead *tfm, u8 *esp, u32 payload,
		 u8 next_header, u64 seq, vdt_aead_done_t done, void *owner)
{
	struct ip_esp_hdr *hdr = (struct ip_esp_hdr *)esp;
	u32 trailer = vdt_esp_trailer_len(&sa->geo, payload);
	u32 at = vdt_esp_payload_at(sa);

	hdr->spi = sa->spi;
	hdr->seq_no = htonl(lower_32_bits(seq));
	make_iv(sa, esp + VDT_ESP_HDR_LEN, seq);
	vdt_esp_trailer_put(esp + at + payload, trailer, next_header);
	return vdt_aead_encrypt(sa->aead, tfm, esp, at + payload + trailer + sa->geo.icv, seq,
				done, owner);
}

int vdt_esp_open(const struct vdt_sa *sa, struct crypto_aead *tfm, u8 *esp, u32 len, u64 seq,
		 vdt_aead_done_t done, void *owner)
{
	return vdt_aead_decrypt(sa->aead, tfm, esp, len, seq, done, owner);
}

enum viaduct_drop vdt_esp_strip(const struct vdt_sa *sa, struct sk_buff *skb, u8 *next_header)
{
	u32 at = vdt_esp_payload_at(sa);
	u32 len = skb->len - at - sa->geo.icv;
	enum viaduct_drop drop;
	u32 payload;

	drop = vdt_esp_trailer_check(skb->data + at, len, len, &payload, next_header);
	if (drop)
		return drop;
	skb_trim(skb, at + payload);
	__skb_pull(skb, at);
	return VIADUCT_DROP_UNSPEC;
}
