// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Secrets: types that wipe themselves, and a comparison whose time tells nothing.
 */
#include "base/secret.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void vd_wipe(void *p, size_t n)
{
	if (p && n)
		explicit_bzero(p, n);
}

bool vd_equal_ct(const void *a, const void *b, size_t n)
{
	const volatile uint8_t *x = a, *y = b;
	uint8_t diff = 0;

	for (size_t i = 0; i < n; i++)
		diff |= x[i] ^ y[i];
	return diff == 0;
}

int vd_secret_alloc(struct vd_secret *s, size_t len)
{
	uint8_t *p = calloc(1, len ? len : 1);

	if (!p)
		return -ENOMEM;
	vd_secret_free(s);
	*s = (struct vd_secret){ .data = p, .len = len };
	return 0;
}

int vd_secret_set(struct vd_secret *s, const void *data, size_t len)
{
	struct vd_secret copy = { 0 };
	int err = vd_secret_alloc(&copy, len);

	if (err)
		return err;
	if (len)
		memcpy(copy.data, data, len);
	vd_secret_move(s, &copy);
	return 0;
}

void vd_secret_move(struct vd_secret *to, struct vd_secret *from)
{
	vd_secret_free(to);
	*to = *from;
	*from = (struct vd_secret){ 0 };
}

void vd_secret_free(struct vd_secret *s)
{
	vd_wipe(s->data, s->len);
	free(s->data);
	*s = (struct vd_secret){ 0 };
}

void vd_key_wipe(struct vd_key *k)
{
	vd_wipe(k, sizeof(*k));
}
