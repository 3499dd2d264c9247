// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The registry: every transform we can name, with what keys, padding and the
 * kernel need to know. Weakness by RFC 8247 (IKE) and RFC 8221 (ESP and AH).
 */
#include "ike/proposal.h"

#include <stddef.h>

#define IKE	IKE_USE_IKE
#define ESP	IKE_USE_ESP
#define AH	IKE_USE_AH
#define ALL	(IKE | ESP | AH)

/* An AES mode with its three key sizes. The padding granularity is IKE's; counter modes need none. */
#define AES_ROW(mode, bits, prefix, suffix, salt, iv, block, icv, is_aead, use) \
	{ .type = IKE_T_ENCR, .id = IKE_ENCR_##mode, .key_bits = bits, \
	  .name = prefix #bits suffix, .key_len = bits / 8, .salt_len = salt, .iv_len = iv, \
	  .block_len = block, .icv_len = icv, .aead = is_aead, .uses = use }
#define AES(mode, suffix, salt, iv, block, icv, is_aead, use) \
	AES_ROW(mode, 256, "aes", suffix, salt, iv, block, icv, is_aead, use), \
	AES_ROW(mode, 192, "aes", suffix, salt, iv, block, icv, is_aead, use), \
	AES_ROW(mode, 128, "aes", suffix, salt, iv, block, icv, is_aead, use)

#define PRF(prf, text, key, out, is_weak) \
	{ .type = IKE_T_PRF, .id = IKE_PRF_##prf, .name = text, .key_len = key, .icv_len = out, \
	  .weak = is_weak, .uses = IKE }
#define INTEG(integ, text, key, icv, is_weak) \
	{ .type = IKE_T_INTEG, .id = IKE_INTEG_##integ, .name = text, .key_len = key, \
	  .icv_len = icv, .weak = is_weak, .uses = ALL }
#define DH(dh, text, octets, is_weak) \
	{ .type = IKE_T_DH, .id = IKE_DH_##dh, .name = text, .dh_len = octets, .weak = is_weak, \
	  .uses = ALL }

static const struct ike_transform_info registry[] = {
	AES(AES_CBC, "", 0, 16, 16, 0, false, IKE | ESP),
	AES(AES_CTR, "ctr", 4, 8, 1, 0, false, IKE | ESP),
	AES(AES_GCM_16, "gcm16", 4, 8, 1, 16, true, IKE | ESP),
	AES(AES_GCM_12, "gcm12", 4, 8, 1, 12, true, IKE | ESP),
	AES(AES_GCM_8, "gcm8", 4, 8, 1, 8, true, IKE | ESP),
	AES(AES_CCM_16, "ccm16", 3, 8, 1, 16, true, IKE | ESP),
	AES(AES_CCM_12, "ccm12", 3, 8, 1, 12, true, IKE | ESP),
	AES(AES_CCM_8, "ccm8", 3, 8, 1, 8, true, IKE | ESP),
	/* RFC 4543: authenticates only, yet is of type ENCR. */
	AES(NULL_AES_GMAC, "gmac", 4, 8, 1, 16, true, ESP),
	/* RFC 7634: a fixed key size, without attribute. */
	{ .type = IKE_T_ENCR, .id = IKE_ENCR_CHACHA20_POLY1305, .name = "chacha20poly1305",
	  .key_len = 32, .salt_len = 4, .iv_len = 8, .block_len = 1, .icv_len = 16, .aead = true,
	  .uses = IKE | ESP },
	{ .type = IKE_T_ENCR, .id = IKE_ENCR_3DES, .name = "3des", .key_len = 24, .iv_len = 8,
	  .block_len = 8, .weak = true, .uses = IKE | ESP },
	{ .type = IKE_T_ENCR, .id = IKE_ENCR_DES, .name = "des", .key_len = 8, .iv_len = 8,
	  .block_len = 8, .weak = true, .uses = IKE | ESP },
	{ .type = IKE_T_ENCR, .id = IKE_ENCR_NULL, .name = "null", .block_len = 1, .uses = ESP },

	PRF(HMAC_SHA2_256, "prfsha256", 32, 32, false),
	PRF(HMAC_SHA2_384, "prfsha384", 48, 48, false),
	PRF(HMAC_SHA2_512, "prfsha512", 64, 64, false),
	PRF(AES128_XCBC, "prfaesxcbc", 16, 16, false),
	PRF(AES128_CMAC, "prfaescmac", 16, 16, false),
	PRF(HMAC_SHA1, "prfsha1", 20, 20, false),
	PRF(HMAC_MD5, "prfmd5", 16, 16, true),

	INTEG(HMAC_SHA2_256_128, "sha256", 32, 16, false),
	INTEG(HMAC_SHA2_384_192, "sha384", 48, 24, false),
	INTEG(HMAC_SHA2_512_256, "sha512", 64, 32, false),
	INTEG(AES_XCBC_96, "aesxcbc", 16, 12, false),
	INTEG(AES_CMAC_96, "aescmac", 16, 12, false),
	INTEG(HMAC_SHA1_96, "sha1", 20, 12, false),
	INTEG(HMAC_MD5_96, "md5", 16, 12, true),
	/* What goes with an AEAD. Not a word of the notation, hence of no use by itself. */
	{ .type = IKE_T_INTEG, .id = IKE_INTEG_NONE, .name = "noauth" },

	DH(MODP2048, "modp2048", 256, false),
	DH(MODP3072, "modp3072", 384, false),
	DH(MODP4096, "modp4096", 512, false),
	DH(MODP6144, "modp6144", 768, false),
	DH(MODP8192, "modp8192", 1024, false),
	DH(ECP256, "ecp256", 64, false),
	DH(ECP384, "ecp384", 96, false),
	DH(ECP521, "ecp521", 132, false),
	DH(CURVE25519, "curve25519", 32, false),
	DH(CURVE448, "curve448", 56, false),
	DH(MODP1536, "modp1536", 192, true),
	DH(MODP1024, "modp1024", 128, true),
	DH(MODP768, "modp768", 96, true),
	/* Beside a group: PFS is welcome but not required. */
	{ .type = IKE_T_DH, .id = IKE_DH_NONE, .name = "modpnone", .uses = ESP | AH },

	{ .type = IKE_T_ESN, .id = IKE_ESN_NO, .name = "noesn", .uses = ESP | AH },
	{ .type = IKE_T_ESN, .id = IKE_ESN_YES, .name = "esn", .uses = ESP | AH },
};

const struct ike_transform_info *ike_transform_info(uint8_t type, uint16_t id, uint16_t key_bits)
{
	for (size_t i = 0; i < sizeof(registry) / sizeof(registry[0]); i++) {
		const struct ike_transform_info *row = &registry[i];

		if (row->type == type && row->id == id &&
		    (type != IKE_T_ENCR || row->key_bits == key_bits))
			return row;
	}
	return NULL;
}

const struct ike_transform_info *ike_transform_row(size_t i)
{
	return i < sizeof(registry) / sizeof(registry[0]) ? &registry[i] : NULL;
}
