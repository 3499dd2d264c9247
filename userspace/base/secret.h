/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Secrets: types that wipe themselves, and a comparison whose time tells nothing.
 */
#ifndef VD_BASE_SECRET_H
#define VD_BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A secret of any length, on the heap, owned by its holder. Zero-initialised: empty. */
struct vd_secret {
	uint8_t	*data;
	size_t	len;
};

/* A short key in place: session keys. */
#define VD_KEY_MAX 132
struct vd_key {
	uint8_t	len;
	uint8_t	data[VD_KEY_MAX];
};

/* Overwrites @n octets in a way the compiler keeps. */
void vd_wipe(void *p, size_t n);
/* True if equal; time depends on @n only. */
bool vd_equal_ct(const void *a, const void *b, size_t n);
/* Replaces @s by a copy of @data. Returns 0 or -ENOMEM with @s unchanged. */
int  vd_secret_set(struct vd_secret *s, const void *data, size_t len);
/* Makes @s hold @len zero octets. Returns 0 or -ENOMEM with @s unchanged. */
int  vd_secret_alloc(struct vd_secret *s, size_t len);
/* Moves: @from is empty afterwards. */
void vd_secret_move(struct vd_secret *to, struct vd_secret *from);
/* Wipes and frees; @s is empty afterwards. */
void vd_secret_free(struct vd_secret *s);

/* Scoped: wiped when the scope ends. */
#define vd_auto_secret	__attribute__((cleanup(vd_secret_free))) struct vd_secret
void vd_key_wipe(struct vd_key *k);
#define vd_auto_key	__attribute__((cleanup(vd_key_wipe))) struct vd_key

#endif
