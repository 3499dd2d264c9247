/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The cipher of one SA, on the kernel's crypto API: encrypt or decrypt one ESP packet in a
 * linear buffer that belongs to us alone, in place (RFC 4303, section 2; RFC 4106).
 *
 * Two ways to the same key. @tfm is what the kernel offers first: the fastest, but it may
 * complete later, from another context. @sync never does; where the fast driver hides behind a
 * SIMD wrapper (before 6.16) it is the driver inside, which needs the FPU. vdt_aead_pick()
 * chooses for a batch.
 *
 * No lock. Callers run with bottom halves disabled.
 */
#ifndef _VIADUCT_AEAD_H
#define _VIADUCT_AEAD_H

#include <linux/types.h>

#include "xform.h"

struct crypto_aead;
struct netlink_ext_ack;
struct vdt_sa_config;

struct vdt_aead {
	struct crypto_aead *tfm;
	struct crypto_aead *sync;	/* NULL: none; may be the same as tfm */
	bool simd;			/* sync needs crypto_simd_usable() */
	bool esn;
	u8 iv;
	u8 icv;
};

/* Called once, with bottom halves disabled, when a packet completes later. */
typedef void (*vdt_aead_done_t)(void *owner, int err);

int vdt_aead_init(void);
void vdt_aead_exit(void);

/*
 * Allocate the transforms for the keys of @cfg, whose lengths were checked against @encr and
 * @integ (NULL with a combined transform). Sleeps; may load modules. ERR_PTR with a text:
 * -EOPNOTSUPP the kernel has no such algorithm, -EINVAL, -ENOMEM.
 */
struct vdt_aead *vdt_aead_new(const struct vdt_xform_encr *encr,
			      const struct vdt_xform_integ *integ,
			      const struct vdt_sa_config *cfg, struct netlink_ext_ack *extack);
void vdt_aead_free(struct vdt_aead *aead);

const char *vdt_aead_driver(const struct vdt_aead *aead);

/*
 * The transform for the next packets. @in_flight: others of this SA are under way and have to
 * stay in front. *@later: packets may complete later, so the caller has to hold what its done
 * function will use.
 */
struct crypto_aead *vdt_aead_pick(const struct vdt_aead *aead, bool in_flight, bool *later);

/*
 * Encrypt, or authenticate and decrypt, the ESP packet of @len octets at @esp, ICV included;
 * SPI, sequence number, IV (and for encryption payload and trailer) are in place. @seq is the
 * whole sequence number: its high half is authenticated with ESN (RFC 4303, 2.2.1).
 *
 * 0: done. -EINPROGRESS: @done(@owner, err) will be called. Else it failed and @done won't be
 * called: -EBADMSG the ICV is wrong, -ENOMEM, -ENOSPC, others.
 */
int vdt_aead_encrypt(const struct vdt_aead *aead, struct crypto_aead *tfm, u8 *esp, u32 len,
		     u64 seq, vdt_aead_done_t done, void *owner);
int vdt_aead_decrypt(const struct vdt_aead *aead, struct crypto_aead *tfm, u8 *esp, u32 len,
		     u64 seq, vdt_aead_done_t done, void *owner);

#endif /* _VIADUCT_AEAD_H */
