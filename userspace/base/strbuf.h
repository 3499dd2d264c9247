/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text built piece by piece in a buffer of the caller: always terminated, cut
 * at the end rather than overrun. No locale, no stdio: the IKE core may use it.
 */
#ifndef VD_BASE_STRBUF_H
#define VD_BASE_STRBUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vd_strbuf {
	char	*text;
	size_t	len;		/* without the terminator */
	size_t	cap;		/* with it */
	bool	cut;		/* something did not fit */
};

/* @cap > 0. The buffer holds "" at once. */
struct vd_strbuf vd_strbuf_init(char *buf, size_t cap);
void vd_strbuf_str(struct vd_strbuf *b, const char *s);
void vd_strbuf_char(struct vd_strbuf *b, char c);
void vd_strbuf_u64(struct vd_strbuf *b, uint64_t v);
/* Lower-case hexadecimal, two digits an octet. */
void vd_strbuf_hex(struct vd_strbuf *b, const void *data, size_t n);
/*
 * Octets from the network as text fit for a log or a terminal: printable ASCII
 * as it is, all else (and the backslash) as \xNN.
 */
void vd_strbuf_untrusted(struct vd_strbuf *b, const void *data, size_t n);

#endif
