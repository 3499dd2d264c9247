// SPDX-License-Identifier: GPL-2.0-only
/*
 * The cipher of one SA on the kernel's crypto API. Role, owners and locks: aead.h.
 *
 * The associated data is kept beside the packet: SPI, sequence number (64 bits with ESN) and
 * IV. rfc4106() wants it so (RFC 4106, section 5), authenc() covers the IV with the ICV
 * (RFC 4303, 3.3.2.1), and authencesn() moves the high half behind the packet, where
 * RFC 4303, 2.2.1 has it.
 */
#include <crypto/aead.h>
#include <crypto/authenc.h>
#include <asm/simd.h>			/* the next one does not include it */
#include <crypto/internal/simd.h>
#include <linux/rtnetlink.h>
#include <linux/scatterlist.h>

#include "aead.h"
#include "esp_frame.h"
#include "sa.h"

#define AAD_MAX		(4 + 8 + 16)	/* SPI, 64-bit sequence number, IV */
#define SCRATCH_SIZE	2048		/* an operation that completes at once */

struct aead_op {
	vdt_aead_done_t done;
	void *owner;
	struct scatterlist sg[2];
	u8 iv[16] __aligned(8);
	u8 aad[AAD_MAX] __aligned(8);
	struct aead_request req;	/* its context follows */
};

/* kmalloc memory, since a scatterlist can't point into per-CPU memory. */
static DEFINE_PER_CPU(struct aead_op *, scratch);

int vdt_aead_init(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		struct aead_op *op = kzalloc_node(SCRATCH_SIZE, GFP_KERNEL, cpu_to_node(cpu));

		if (!op) {
			vdt_aead_exit();
			return -ENOMEM;
		}
		per_cpu(scratch, cpu) = op;
	}
	return 0;
}

void vdt_aead_exit(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		kfree_sensitive(per_cpu(scratch, cpu));
		per_cpu(scratch, cpu) = NULL;
	}
}

/* authenc() takes both keys in one blob, with the cipher's length in front. */
static int set_authenc_key(struct crypto_aead *tfm, const struct vdt_sa_config *cfg)
{
	u32 head = RTA_SPACE(sizeof(struct crypto_authenc_key_param));
	u32 len = head + cfg->integ_key_len + cfg->encr_key_len;
	struct crypto_authenc_key_param *param;
	struct rtattr *rta;
	u8 *key;
	int err;

	key = kmalloc(len, GFP_KERNEL);
	if (!key)
		return -ENOMEM;
	rta = (struct rtattr *)key;
	rta->rta_type = CRYPTO_AUTHENC_KEYA_PARAM;
	rta->rta_len = RTA_LENGTH(sizeof(*param));
	param = RTA_DATA(rta);
	param->enckeylen = cpu_to_be32(cfg->encr_key_len);
	memcpy(key + head, cfg->integ_key, cfg->integ_key_len);
	memcpy(key + head + cfg->integ_key_len, cfg->encr_key, cfg->encr_key_len);
	err = crypto_aead_setkey(tfm, key, len);
	kfree_sensitive(key);
	return err;
}

static int set_keys(struct crypto_aead *tfm, u8 icv, const struct vdt_xform_integ *integ,
		    const struct vdt_sa_config *cfg)
{
	int err;

	if (integ)
		err = set_authenc_key(tfm, cfg);
	else
		err = crypto_aead_setkey(tfm, cfg->encr_key, cfg->encr_key_len);
	return err ?: crypto_aead_setauthsize(tfm, icv);
}

static bool never_later(struct crypto_aead *tfm)
{
	return !(crypto_aead_alg(tfm)->base.cra_flags & CRYPTO_ALG_ASYNC) &&
	       sizeof(struct aead_op) + crypto_aead_reqsize(tfm) <= SCRATCH_SIZE;
}

/* Find the way that never completes later. Its absence is no error. */
static void find_sync(struct vdt_aead *aead, const struct vdt_xform_encr *encr,
		      const struct vdt_sa_config *cfg)
{
	struct crypto_aead *tfm;

	if (never_later(aead->tfm)) {
		aead->sync = aead->tfm;
		return;
	}
	if (!encr->alg_sync)
		return;
	tfm = crypto_alloc_aead(encr->alg_sync, CRYPTO_ALG_INTERNAL,
				CRYPTO_ALG_INTERNAL | CRYPTO_ALG_ASYNC);
	if (IS_ERR(tfm))
		return;
	if (!never_later(tfm) || set_keys(tfm, aead->icv, NULL, cfg)) {
		crypto_free_aead(tfm);
		return;
	}
	aead->sync = tfm;
	aead->simd = true;
}

struct vdt_aead *vdt_aead_new(const struct vdt_xform_encr *encr,
			      const struct vdt_xform_integ *integ,
			      const struct vdt_sa_config *cfg, struct netlink_ext_ack *extack)
{
	char name[CRYPTO_MAX_ALG_NAME];
	struct vdt_aead *aead;
	int err;

	aead = kzalloc(sizeof(*aead), GFP_KERNEL);
	if (!aead)
		return ERR_PTR(-ENOMEM);
	aead->esn = cfg->esn;
	aead->iv = encr->iv;
	aead->icv = integ ? integ->icv : encr->icv;
	if (integ)
		snprintf(name, sizeof(name), "%s(%s,%s)", cfg->esn ? "authencesn" : "authenc",
			 integ->alg, encr->alg);
	else
		strscpy(name, encr->alg, sizeof(name));

	aead->tfm = crypto_alloc_aead(name, 0, 0);
	if (IS_ERR(aead->tfm)) {
		err = PTR_ERR(aead->tfm);
		aead->tfm = NULL;
		if (err == -ENOENT) {
			NL_SET_ERR_MSG(extack, "the kernel's crypto API lacks this algorithm");
			err = -EOPNOTSUPP;
		} else {
			NL_SET_ERR_MSG(extack, "the crypto transform can't be allocated");
		}
		goto fail;
	}
	err = set_keys(aead->tfm, aead->icv, integ, cfg);
	if (err) {
		NL_SET_ERR_MSG(extack, "the crypto transform refuses the key");
		goto fail;
	}
	find_sync(aead, encr, cfg);
	return aead;
fail:
	vdt_aead_free(aead);
	return ERR_PTR(err);
}

void vdt_aead_free(struct vdt_aead *aead)
{
	if (!aead)
		return;
	if (aead->sync && aead->sync != aead->tfm)
		crypto_free_aead(aead->sync);
	if (aead->tfm)
		crypto_free_aead(aead->tfm);
	kfree(aead);
}

const char *vdt_aead_driver(const struct vdt_aead *aead)
{
	return crypto_tfm_alg_driver_name(crypto_aead_tfm(aead->tfm));
}

struct crypto_aead *vdt_aead_pick(const struct vdt_aead *aead, bool in_flight, bool *later)
{
	bool sync = aead->sync;

	/* A packet that completes at once must not pass one that is still on its way. */
	if (sync && aead->sync != aead->tfm)
		sync = !in_flight && (!aead->simd || crypto_simd_usable());
	*later = !sync;
	return sync ? aead->sync : aead->tfm;
}

static void op_done(VDT_COMPLETION_ARG arg, int err)
{
	struct aead_op *op = vdt_completion_data(arg);
	vdt_aead_done_t done = op->done;
	void *owner = op->owner;

	if (err == -EINPROGRESS)	/* it left the backlog; the end comes later */
		return;
	kfree(op);
	done(owner, err);
}

/* The associated data of the packet at @esp; its length. */
static u32 fill_aad(u8 *aad, const struct vdt_aead *aead, const u8 *esp, u64 seq)
{
	u32 n = 4;

	memcpy(aad, esp, 4);
	if (aead->esn) {
		put_unaligned_be32(upper_32_bits(seq), aad + n);
		n += 4;
	}
	memcpy(aad + n, esp + 4, 4 + aead->iv);
	return n + 4 + aead->iv;
}

static int crypt(const struct vdt_aead *aead, struct crypto_aead *tfm, bool encrypt, u8 *esp,
		 u32 len, u64 seq, vdt_aead_done_t done, void *owner)
{
	u32 head = VDT_ESP_HDR_LEN + aead->iv;
	bool sync = tfm == aead->sync;
	struct aead_op *op;
	u32 n_aad;
	int err;

	if (sync)
		op = this_cpu_read(scratch);
	else
		op = kmalloc(sizeof(*op) + crypto_aead_reqsize(tfm), GFP_ATOMIC);
	if (unlikely(!op))
		return -ENOMEM;

	n_aad = fill_aad(op->aad, aead, esp, seq);
	memcpy(op->iv, esp + VDT_ESP_HDR_LEN, aead->iv);
	sg_init_table(op->sg, 2);
	sg_set_buf(&op->sg[0], op->aad, n_aad);
	sg_set_buf(&op->sg[1], esp + head, len - head);
	aead_request_set_tfm(&op->req, tfm);
	aead_request_set_ad(&op->req, n_aad);
	aead_request_set_crypt(&op->req, op->sg, op->sg,
			       len - head - (encrypt ? aead->icv : 0), op->iv);
	if (sync) {
		aead_request_set_callback(&op->req, 0, NULL, NULL);
	} else {
		op->done = done;
		op->owner = owner;
		aead_request_set_callback(&op->req, CRYPTO_TFM_REQ_MAY_BACKLOG, op_done, op);
	}

	err = encrypt ? crypto_aead_encrypt(&op->req) : crypto_aead_decrypt(&op->req);
	if (sync)
		return err;
	if (err == -EINPROGRESS || err == -EBUSY)	/* busy: it waits in the backlog */
		return -EINPROGRESS;
	kfree(op);
	return err;
}

int vdt_aead_encrypt(const struct vdt_aead *aead, struct crypto_aead *tfm, u8 *esp, u32 len,
		     u64 seq, vdt_aead_done_t done, void *owner)
{
	return crypt(aead, tfm, true, esp, len, seq, done, owner);
}

int vdt_aead_decrypt(const struct vdt_aead *aead, struct crypto_aead *tfm, u8 *esp, u32 len,
		     u64 seq, vdt_aead_done_t done, void *owner)
{
	return crypt(aead, tfm, false, esp, len, seq, done, owner);
}
