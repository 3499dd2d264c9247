/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Transforms by their IKEv2 numbers (IANA "IKEv2 Parameters"; RFC 7296, 3.3.2).
 * IKEv1 maps onto them at its own edge, so proposals, keys and the kernel speak
 * of one set of numbers. Properties of a transform (key and IV lengths, names,
 * weakness) are rows of the registry in proposal.h.
 */
#ifndef IKE_TRANSFORM_H
#define IKE_TRANSFORM_H

#include <stdint.h>

enum ike_protocol {
	IKE_PROTO_NONE = 0,
	IKE_PROTO_IKE = 1,
	IKE_PROTO_AH = 2,
	IKE_PROTO_ESP = 3,
};

enum ike_transform_type {
	IKE_T_ENCR = 1,
	IKE_T_PRF = 2,
	IKE_T_INTEG = 3,
	IKE_T_DH = 4,
	IKE_T_ESN = 5,
};

enum ike_encr {
	IKE_ENCR_NONE = 0,
	IKE_ENCR_DES = 2,
	IKE_ENCR_3DES = 3,
	IKE_ENCR_NULL = 11,
	IKE_ENCR_AES_CBC = 12,
	IKE_ENCR_AES_CTR = 13,
	IKE_ENCR_AES_CCM_8 = 14,
	IKE_ENCR_AES_CCM_12 = 15,
	IKE_ENCR_AES_CCM_16 = 16,
	IKE_ENCR_AES_GCM_8 = 18,
	IKE_ENCR_AES_GCM_12 = 19,
	IKE_ENCR_AES_GCM_16 = 20,
	IKE_ENCR_NULL_AES_GMAC = 21,
	IKE_ENCR_CHACHA20_POLY1305 = 28,
};

enum ike_prf {
	IKE_PRF_NONE = 0,
	IKE_PRF_HMAC_MD5 = 1,
	IKE_PRF_HMAC_SHA1 = 2,
	IKE_PRF_AES128_XCBC = 4,
	IKE_PRF_HMAC_SHA2_256 = 5,
	IKE_PRF_HMAC_SHA2_384 = 6,
	IKE_PRF_HMAC_SHA2_512 = 7,
	IKE_PRF_AES128_CMAC = 8,
};

enum ike_integ {
	IKE_INTEG_NONE = 0,
	IKE_INTEG_HMAC_MD5_96 = 1,
	IKE_INTEG_HMAC_SHA1_96 = 2,
	IKE_INTEG_AES_XCBC_96 = 5,
	IKE_INTEG_AES_CMAC_96 = 8,
	IKE_INTEG_HMAC_SHA2_256_128 = 12,
	IKE_INTEG_HMAC_SHA2_384_192 = 13,
	IKE_INTEG_HMAC_SHA2_512_256 = 14,
};

enum ike_dh {
	IKE_DH_NONE = 0,
	IKE_DH_MODP768 = 1,
	IKE_DH_MODP1024 = 2,
	IKE_DH_MODP1536 = 5,
	IKE_DH_MODP2048 = 14,
	IKE_DH_MODP3072 = 15,
	IKE_DH_MODP4096 = 16,
	IKE_DH_MODP6144 = 17,
	IKE_DH_MODP8192 = 18,
	IKE_DH_ECP256 = 19,
	IKE_DH_ECP384 = 20,
	IKE_DH_ECP521 = 21,
	IKE_DH_CURVE25519 = 31,
	IKE_DH_CURVE448 = 32,
};

enum ike_esn {
	IKE_ESN_NO = 0,
	IKE_ESN_YES = 1,
};

/*
 * The key length of a transform received with an attribute we don't know, or a key length twice: it matches none
 * of ours, while the others of its proposal still may (RFC 7296, 3.3.6).
 */
#define IKE_KEY_BITS_UNUSABLE	UINT16_MAX

#define IKE_PRF_MAX	64	/* octets of the longest prf output */
#define IKE_ICV_MAX	32	/* octets of the longest integrity check value */
#define IKE_DH_MAX	1024	/* octets of the longest public value (modp8192) */

/* One transform with its Key Length attribute (0: none). @type selects the enum of @id. */
struct ike_transform {
	uint8_t		type;		/* enum ike_transform_type, or one we don't know */
	uint16_t	id;
	uint16_t	key_bits;
};

/*
 * What two peers agreed on for one SA. encr NONE only for AH. integ NONE with an AEAD.
 */
struct ike_suite {
	enum ike_protocol	protocol;
	enum ike_encr		encr;
	uint16_t		encr_key_bits;
	enum ike_integ		integ;
	enum ike_prf		prf;		/* IKE only */
	enum ike_dh		dh;		/* child SA: PFS, NONE without */
	enum ike_esn		esn;		/* ESP and AH only */
};

#endif
