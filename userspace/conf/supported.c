// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What can be carried out: IKE as crypto/ops.c and crypto/kex.c have it (a test compares), ESP as
 * kmod/xform.c has it. A proposal that names anything else is refused when it is written, not
 * when the first packet waits.
 */
#include "conf/supported.h"

static bool encr_supported(enum ike_protocol protocol, enum ike_encr encr)
{
	switch (encr) {
	case IKE_ENCR_AES_CBC:
	case IKE_ENCR_AES_GCM_16:
		return true;
	case IKE_ENCR_AES_GCM_8:
	case IKE_ENCR_AES_GCM_12:
	case IKE_ENCR_CHACHA20_POLY1305:
		return protocol == IKE_PROTO_IKE;
	case IKE_ENCR_NONE:
	case IKE_ENCR_DES:
	case IKE_ENCR_3DES:
	case IKE_ENCR_NULL:
	case IKE_ENCR_AES_CTR:
	case IKE_ENCR_AES_CCM_8:
	case IKE_ENCR_AES_CCM_12:
	case IKE_ENCR_AES_CCM_16:
	case IKE_ENCR_NULL_AES_GMAC:
		break;
	}
	return false;
}

static bool integ_supported(enum ike_protocol protocol, enum ike_integ integ)
{
	switch (integ) {
	case IKE_INTEG_NONE:		/* beside an AEAD */
	case IKE_INTEG_HMAC_SHA2_256_128:
	case IKE_INTEG_HMAC_SHA2_384_192:
	case IKE_INTEG_HMAC_SHA2_512_256:
		return true;
	case IKE_INTEG_HMAC_SHA1_96:
	case IKE_INTEG_AES_CMAC_96:
		return protocol == IKE_PROTO_IKE;
	case IKE_INTEG_HMAC_MD5_96:
	case IKE_INTEG_AES_XCBC_96:
		break;
	}
	return false;
}

static bool prf_supported(enum ike_prf prf)
{
	switch (prf) {
	case IKE_PRF_HMAC_SHA1:
	case IKE_PRF_HMAC_SHA2_256:
	case IKE_PRF_HMAC_SHA2_384:
	case IKE_PRF_HMAC_SHA2_512:
	case IKE_PRF_AES128_CMAC:
		return true;
	case IKE_PRF_NONE:
	case IKE_PRF_HMAC_MD5:
	case IKE_PRF_AES128_XCBC:
		break;
	}
	return false;
}

static bool dh_supported(enum ike_dh dh)
{
	switch (dh) {
	case IKE_DH_NONE:		/* "modpnone": PFS welcome, not required */
	case IKE_DH_MODP2048:
	case IKE_DH_MODP3072:
	case IKE_DH_MODP4096:
	case IKE_DH_MODP6144:
	case IKE_DH_MODP8192:
	case IKE_DH_ECP256:
	case IKE_DH_ECP384:
	case IKE_DH_ECP521:
	case IKE_DH_CURVE25519:
	case IKE_DH_CURVE448:
		return true;
	case IKE_DH_MODP768:
	case IKE_DH_MODP1024:
	case IKE_DH_MODP1536:
		break;
	}
	return false;
}

bool conf_transform_supported(enum ike_protocol protocol, const struct ike_transform *t)
{
	switch ((enum ike_transform_type)t->type) {
	case IKE_T_ENCR:
		return encr_supported(protocol, (enum ike_encr)t->id);
	case IKE_T_PRF:
		return prf_supported((enum ike_prf)t->id);
	case IKE_T_INTEG:
		return integ_supported(protocol, (enum ike_integ)t->id);
	case IKE_T_DH:
		return dh_supported((enum ike_dh)t->id);
	case IKE_T_ESN:
		return true;
	}
	return false;
}
