// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The Encrypted payload and its fragments (RFC 7296, 3.14; RFC 5282, 3; RFC 7383,
 * 2.5). On the wire:
 *
 *	IKE header | generic header | [number, total] | IV | chain, padding, pad length | ICV
 *	|<------------- AAD of an AEAD --------------->|    |<------ encrypted ------->|
 *	|<--------------------- covered by HMAC (encrypt, then authenticate) --------->|
 */
#include "ike/wire/encrypted.h"

#include <errno.h>
#include <string.h>

#include "ike/proposal.h"

#define FRAGMENT_HEADER_LEN 4

/* Lengths of the parts for one pair of algorithms. */
struct framing {
	bool	aead;
	bool	counter_iv;	/* the IV is a number never used twice; else it is random (CBC) */
	size_t	key_len;	/* with the salt */
	size_t	integ_key_len;
	size_t	iv_len;
	size_t	block_len;
	size_t	icv_len;
};

void ike_sk_keys_init(struct ike_sk_keys *k, const struct ike_suite *suite)
{
	*k = (struct ike_sk_keys){
		.encr = suite->encr,
		.encr_key_bits = suite->encr_key_bits,
		.integ = suite->integ,
	};
}

static bool framing_of(const struct ike_sk_keys *k, struct framing *f)
{
	const struct ike_transform_info *encr, *integ;

	encr = ike_transform_info(IKE_T_ENCR, (uint16_t)k->encr, k->encr_key_bits);
	integ = ike_transform_info(IKE_T_INTEG, (uint16_t)k->integ, 0);
	if (!encr || !integ || encr->aead == (k->integ != IKE_INTEG_NONE))
		return false;
	*f = (struct framing){
		.aead = encr->aead,
		.counter_iv = encr->block_len == 1,
		.key_len = (size_t)encr->key_len + encr->salt_len,
		.integ_key_len = integ->key_len,
		.iv_len = encr->iv_len,
		.block_len = encr->block_len,
		.icv_len = encr->aead ? encr->icv_len : integ->icv_len,
	};
	return k->encr_key.len == f->key_len && k->integ_key.len == f->integ_key_len;
}

static struct ike_cipher_key cipher_key(const struct ike_sk_keys *k)
{
	return (struct ike_cipher_key){
		.encr = k->encr, .key = k->encr_key.data, .key_len = k->encr_key.len,
	};
}

static int compute_icv(const struct ike_ops *ops, const struct ike_sk_keys *k,
		       const uint8_t *covered, size_t len, uint8_t icv[static IKE_ICV_MAX])
{
	struct ike_iov iov = { .data = covered, .len = len };

	return ops->integ(ops->ctx, k->integ, k->integ_key.data, k->integ_key.len, &iov, 1, icv);
}

/* ---- sealing ---- */

struct seal_request {
	const struct ike_header	*header;
	uint8_t			type;		/* SK or SKF */
	uint8_t			first;
	uint16_t		number, total;	/* SKF */
	const uint8_t		*chain;
	size_t			len;
};

static int put_iv(struct vd_writer *w, const struct ike_ops *ops, const struct ike_sk_keys *k,
		  const struct framing *f)
{
	uint8_t *hole;

	if (f->counter_iv) {
		vd_put_u64(w, k->next_iv);
		return w->failed ? -ENOSPC : 0;
	}
	hole = vd_put_hole(w, f->iv_len);
	return hole ? ops->random(ops->ctx, hole, f->iv_len) : -ENOSPC;
}

/* Encrypts in place what lies between @iv and the end of @w but the ICV, and writes the ICV. */
static int protect(struct vd_writer *w, const struct ike_ops *ops, const struct ike_sk_keys *k,
		   const struct framing *f, size_t aad_len)
{
	struct ike_cipher_key key = cipher_key(k);
	uint8_t *iv = w->base + aad_len, *text = iv + f->iv_len;
	size_t covered = w->len - f->icv_len;
	size_t len = covered - aad_len - f->iv_len;
	uint8_t mac[IKE_ICV_MAX];
	int err;

	if (f->aead)
		return ops->encrypt(ops->ctx, &key, iv, w->base, aad_len, text, len, text,
				    w->base + covered);
	err = ops->encrypt(ops->ctx, &key, iv, NULL, 0, text, len, text, NULL);
	if (!err)
		err = compute_icv(ops, k, w->base, covered, mac);
	if (!err)
		memcpy(w->base + covered, mac, f->icv_len);
	return err;
}

static void put_headers(struct vd_writer *w, const struct seal_request *req)
{
	struct ike_header header = *req->header;

	header.next_payload = req->type;
	header.length = (uint32_t)w->cap;
	ike_header_emit(w, &header);
	vd_put_u8(w, req->first);
	vd_put_u8(w, 0);
	vd_put_u16(w, (uint16_t)(w->cap - IKE_HEADER_LEN));
	if (req->type == IKE_PAYLOAD_SKF) {
		vd_put_u16(w, req->number);
		vd_put_u16(w, req->total);
	}
}

static enum ike_wire_error seal(struct vd_secret *out, const struct ike_ops *ops,
				struct ike_sk_keys *k, const struct seal_request *req)
{
	vd_auto_secret made = { .data = NULL };
	struct framing f;
	struct vd_writer w;
	size_t aad_len, pad, total;

	if (!framing_of(k, &f))
		return IKE_WIRE_CRYPTO;
	aad_len = IKE_HEADER_LEN + IKE_PAYLOAD_HEADER_LEN +
		  (req->type == IKE_PAYLOAD_SKF ? FRAGMENT_HEADER_LEN : 0);
	pad = (f.block_len - (req->len + 1) % f.block_len) % f.block_len;
	total = aad_len + f.iv_len + req->len + pad + 1 + f.icv_len;
	if (total > UINT16_MAX)
		return IKE_WIRE_SPACE;
	if (vd_secret_alloc(&made, total))
		return IKE_WIRE_NO_MEMORY;

	w = vd_writer_init(made.data, made.len);
	put_headers(&w, req);
	if (put_iv(&w, ops, k, &f))
		return IKE_WIRE_CRYPTO;
	vd_put_bytes(&w, req->chain, req->len);
	vd_put_zero(&w, pad);
	vd_put_u8(&w, (uint8_t)pad);
	vd_put_zero(&w, f.icv_len);
	if (w.failed || protect(&w, ops, k, &f, aad_len))
		return IKE_WIRE_CRYPTO;
	k->next_iv++;
	vd_secret_move(out, &made);
	return IKE_WIRE_OK;
}

enum ike_wire_error ike_sk_seal(struct vd_secret *out, const struct ike_ops *ops,
				struct ike_sk_keys *k, const struct ike_header *h,
				const struct ike_builder *b)
{
	struct seal_request req = {
		.header = h, .type = IKE_PAYLOAD_SK, .first = b->first,
		.chain = b->w.base, .len = b->w.len,
	};

	if (b->w.failed || b->w.len > UINT16_MAX)
		return IKE_WIRE_SPACE;
	return seal(out, ops, k, &req);
}

enum ike_wire_error ike_skf_seal(struct vd_secret *out, const struct ike_ops *ops,
				 struct ike_sk_keys *k, const struct ike_header *h, uint8_t first,
				 uint16_t number, uint16_t total, const uint8_t *part, size_t len)
{
	struct seal_request req = {
		.header = h, .type = IKE_PAYLOAD_SKF,
		.first = number == 1 ? first : (uint8_t)IKE_PAYLOAD_NONE,
		.number = number, .total = total, .chain = part, .len = len,
	};

	if (len > UINT16_MAX)
		return IKE_WIRE_SPACE;
	return seal(out, ops, k, &req);
}

/* ---- opening ---- */

/* Verified plaintext of @sealed to @text, which has room for its @len octets of ciphertext. */
static enum ike_wire_error unprotect(const struct ike_ops *ops, const struct ike_sk_keys *k,
				     const struct framing *f, const struct ike_message *m,
				     uint8_t *text, size_t len)
{
	struct ike_cipher_key key = cipher_key(k);
	const uint8_t *iv = m->sealed.body, *in = iv + f->iv_len, *icv = in + len;
	uint8_t mac[IKE_ICV_MAX];
	int err;

	if (f->aead) {
		err = ops->decrypt(ops->ctx, &key, iv, m->data, m->sealed.header_len, in, len, text,
				   icv);
		return !err ? IKE_WIRE_OK : err == -EBADMSG ? IKE_WIRE_INTEGRITY : IKE_WIRE_CRYPTO;
	}
	/* RFC 7296, 3.14: the checksum first; nothing is decrypted before it is right. */
	if (compute_icv(ops, k, m->data, (size_t)(icv - m->data), mac))
		return IKE_WIRE_CRYPTO;
	if (!vd_equal_ct(mac, icv, f->icv_len))
		return IKE_WIRE_INTEGRITY;
	if (ops->decrypt(ops->ctx, &key, iv, NULL, 0, in, len, text, NULL))
		return IKE_WIRE_CRYPTO;
	return IKE_WIRE_OK;
}

enum ike_wire_error ike_sk_open(struct vd_secret *plain, const struct ike_ops *ops,
				const struct ike_sk_keys *k, const struct ike_message *m)
{
	vd_auto_secret text = { .data = NULL };
	const struct ike_sealed *s = &m->sealed;
	enum ike_wire_error err;
	struct framing f;
	size_t len, pad;

	if (s->type == IKE_PAYLOAD_NONE)
		return IKE_WIRE_UNEXPECTED;
	if (!framing_of(k, &f))
		return IKE_WIRE_CRYPTO;
	/* Nothing is authentic yet: what cannot have been sealed by the peer is dropped like a bad ICV. */
	if (s->len < f.iv_len + f.icv_len + 1)
		return IKE_WIRE_INTEGRITY;
	len = s->len - f.iv_len - f.icv_len;
	if (len % f.block_len)
		return IKE_WIRE_INTEGRITY;
	if (vd_secret_alloc(&text, len))
		return IKE_WIRE_NO_MEMORY;
	err = unprotect(ops, k, &f, m, text.data, len);
	if (err)
		return err;
	/* Padding of any content and up to 255 octets is accepted (3.14). */
	pad = text.data[len - 1];
	if (pad + 1 > len)
		return IKE_WIRE_SYNTAX;
	text.len = len - 1 - pad;
	vd_wipe(text.data + text.len, pad + 1);
	vd_secret_move(plain, &text);
	return IKE_WIRE_OK;
}
