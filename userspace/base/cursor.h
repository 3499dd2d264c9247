/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cursors for wire octets. A read or a write outside the bounds does nothing,
 * yields zero or NULL, and leaves the cursor failed for good: a parser checks
 * once, at its end, by vd_reader_done().
 *
 * Numbers are big-endian. Cursors own nothing: a reader points into the
 * datagram, a writer into a buffer of its user.
 */
#ifndef VD_BASE_CURSOR_H
#define VD_BASE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vd_reader {
	const uint8_t	*at;
	const uint8_t	*end;
	bool		failed;
};

struct vd_writer {
	uint8_t	*base;
	size_t	len;	/* written so far */
	size_t	cap;
	bool	failed;
};

struct vd_reader vd_reader_init(const void *data, size_t len);
size_t   vd_reader_left(const struct vd_reader *r);
uint8_t  vd_read_u8(struct vd_reader *r);
uint16_t vd_read_u16(struct vd_reader *r);
uint32_t vd_read_u32(struct vd_reader *r);
uint64_t vd_read_u64(struct vd_reader *r);
/* The next @n octets in place, or NULL. @n = 0 gives a pointer not to be read. */
const uint8_t *vd_read_bytes(struct vd_reader *r, size_t n);
/* A reader of the next @n octets; @r goes on behind them. A failed @r gives a failed one. */
struct vd_reader vd_read_sub(struct vd_reader *r, size_t n);
/* True if nothing failed and nothing is left. */
bool     vd_reader_done(const struct vd_reader *r);

struct vd_writer vd_writer_init(void *buf, size_t cap);
void   vd_put_u8(struct vd_writer *w, uint8_t v);
void   vd_put_u16(struct vd_writer *w, uint16_t v);
void   vd_put_u32(struct vd_writer *w, uint32_t v);
void   vd_put_u64(struct vd_writer *w, uint64_t v);
void   vd_put_bytes(struct vd_writer *w, const void *data, size_t n);
void   vd_put_zero(struct vd_writer *w, size_t n);
/* @n octets to be filled later: their place, or NULL. */
uint8_t *vd_put_hole(struct vd_writer *w, size_t n);
/* Overwrites two octets written before, at offset @off: lengths known only at the end. */
void   vd_patch_u16(struct vd_writer *w, size_t off, uint16_t v);

#endif
