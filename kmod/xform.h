/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The registry of transforms: what an IKEv2 transform ID (IANA, RFC 7296, 3.3.2) means for a
 * packet and for the kernel's crypto API. One more algorithm is one more row in xform.c.
 *
 * Constant data; no lock.
 */
#ifndef _VIADUCT_XFORM_H
#define _VIADUCT_XFORM_H

#include <linux/types.h>

/* How the IV of each packet is made. */
enum vdt_iv {
	VDT_IV_COUNTER,		/* must not repeat: the sequence number and a constant */
	VDT_IV_RANDOM,		/* must not be predictable: CBC (RFC 3602, section 3) */
};

/* Encryption, IKEv2 transform type 1; combined ones bring their own integrity. */
struct vdt_xform_encr {
	u16 id;
	const char *alg;	/* AEAD template, or the cipher to be put under authenc */
	const char *alg_sync;	/* AEAD that never completes later, fast while SIMD is usable */
	u16 key_len[4];		/* octets that are allowed, without salt; 0 ends */
	u8 salt;		/* octets behind the key */
	u8 iv;			/* octets in the packet */
	u8 align;		/* of what is encrypted */
	u8 icv;			/* octets; 0: needs an integrity transform */
	enum vdt_iv iv_kind;
};

/* Integrity, IKEv2 transform type 3. */
struct vdt_xform_integ {
	u16 id;
	const char *alg;
	u16 key_len;		/* octets, exactly (RFC 4868, 2.1.1) */
	u8 icv;			/* octets */
};

/* The row of an ID or NULL: the kernel module cannot do it. */
const struct vdt_xform_encr *vdt_xform_encr(u16 id);
const struct vdt_xform_integ *vdt_xform_integ(u16 id);

/* Is @len octets, salt included, a key of @encr? */
bool vdt_xform_encr_key_ok(const struct vdt_xform_encr *encr, u16 len);

#endif /* _VIADUCT_XFORM_H */
