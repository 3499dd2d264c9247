// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Cursors for wire octets: every octet that comes from or goes to the network
 * passes through here.
 */
#include "base/cursor.h"

#include <string.h>

struct vd_reader vd_reader_init(const void *data, size_t len)
{
	const uint8_t *p = data;

	return (struct vd_reader){ .at = p, .end = p ? p + len : p, .failed = !p && len };
}

size_t vd_reader_left(const struct vd_reader *r)
{
	return r->failed ? 0 : (size_t)(r->end - r->at);
}

const uint8_t *vd_read_bytes(struct vd_reader *r, size_t n)
{
	const uint8_t *p = r->at;

	if (r->failed || n > (size_t)(r->end - r->at)) {
		r->failed = true;
		return NULL;
	}
	if (n)
		r->at += n;
	return p;
}

static uint64_t read_be(struct vd_reader *r, size_t n)
{
	const uint8_t *p = vd_read_bytes(r, n);
	uint64_t v = 0;

	for (size_t i = 0; p && i < n; i++)
		v = v << 8 | p[i];
	return v;
}

uint8_t vd_read_u8(struct vd_reader *r)
{
	return (uint8_t)read_be(r, 1);
}

uint16_t vd_read_u16(struct vd_reader *r)
{
	return (uint16_t)read_be(r, 2);
}

uint32_t vd_read_u32(struct vd_reader *r)
{
	return (uint32_t)read_be(r, 4);
}

uint64_t vd_read_u64(struct vd_reader *r)
{
	return read_be(r, 8);
}

struct vd_reader vd_read_sub(struct vd_reader *r, size_t n)
{
	const uint8_t *p = vd_read_bytes(r, n);

	if (r->failed)
		return (struct vd_reader){ .failed = true };
	return vd_reader_init(p, n);
}

bool vd_reader_done(const struct vd_reader *r)
{
	return !r->failed && r->at == r->end;
}

struct vd_writer vd_writer_init(void *buf, size_t cap)
{
	return (struct vd_writer){ .base = buf, .cap = cap };
}

uint8_t *vd_put_hole(struct vd_writer *w, size_t n)
{
	uint8_t *p = w->base + w->len;

	if (w->failed || n > w->cap - w->len) {
		w->failed = true;
		return NULL;
	}
	w->len += n;
	return p;
}

static void put_be(struct vd_writer *w, uint64_t v, size_t n)
{
	uint8_t *p = vd_put_hole(w, n);

	for (size_t i = n; p && i-- > 0; v >>= 8)
		p[i] = (uint8_t)v;
}

void vd_put_u8(struct vd_writer *w, uint8_t v)
{
	put_be(w, v, 1);
}

void vd_put_u16(struct vd_writer *w, uint16_t v)
{
	put_be(w, v, 2);
}

void vd_put_u32(struct vd_writer *w, uint32_t v)
{
	put_be(w, v, 4);
}

void vd_put_u64(struct vd_writer *w, uint64_t v)
{
	put_be(w, v, 8);
}

void vd_put_bytes(struct vd_writer *w, const void *data, size_t n)
{
	uint8_t *p = vd_put_hole(w, n);

	if (p && n)
		memcpy(p, data, n);
}

void vd_put_zero(struct vd_writer *w, size_t n)
{
	uint8_t *p = vd_put_hole(w, n);

	if (p && n)
		memset(p, 0, n);
}

void vd_patch_u16(struct vd_writer *w, size_t off, uint16_t v)
{
	if (w->failed || w->len < 2 || off > w->len - 2) {
		w->failed = true;
		return;
	}
	w->base[off] = (uint8_t)(v >> 8);
	w->base[off + 1] = (uint8_t)v;
}
