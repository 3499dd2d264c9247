// SPDX-License-Identifier: GPL-2.0-only
/* The registry of transforms. RFC 4106, 3602, 4868. */
#include <linux/kernel.h>

#include "xform.h"

static const struct vdt_xform_encr encrs[] = {
	{	/* ENCR_AES_CBC, RFC 3602 */
		.id = 12, .alg = "cbc(aes)",
		.key_len = { 16, 24, 32 },
		.iv = 16, .align = 16, .iv_kind = VDT_IV_RANDOM,
	}, {	/* ENCR_AES_GCM_16, RFC 4106 */
		.id = 20, .alg = "rfc4106(gcm(aes))", .alg_sync = "__rfc4106(gcm(aes))",
		.key_len = { 16, 24, 32 }, .salt = 4,
		.iv = 8, .align = 4, .icv = 16, .iv_kind = VDT_IV_COUNTER,
	},
};

static const struct vdt_xform_integ integs[] = {
	/* AUTH_HMAC_SHA2_256_128, _384_192, _512_256, RFC 4868 */
	{ .id = 12, .alg = "hmac(sha256)", .key_len = 32, .icv = 16 },
	{ .id = 13, .alg = "hmac(sha384)", .key_len = 48, .icv = 24 },
	{ .id = 14, .alg = "hmac(sha512)", .key_len = 64, .icv = 32 },
};

const struct vdt_xform_encr *vdt_xform_encr(u16 id)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(encrs); i++)
		if (encrs[i].id == id)
			return &encrs[i];
	return NULL;
}

const struct vdt_xform_integ *vdt_xform_integ(u16 id)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(integs); i++)
		if (integs[i].id == id)
			return &integs[i];
	return NULL;
}

bool vdt_xform_encr_key_ok(const struct vdt_xform_encr *encr, u16 len)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(encr->key_len) && encr->key_len[i]; i++)
		if (len == encr->key_len[i] + encr->salt)
			return true;
	return false;
}
