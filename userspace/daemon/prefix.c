// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Prefix lists (prefix.h).
 */
#include "daemon/prefix.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool vd_prefix_equal(const struct vd_conf_prefix *a, const struct vd_conf_prefix *b)
{
	return a->len == b->len && vd_addr_equal(&a->addr, &b->addr);
}

bool vd_prefixes_have(const struct vd_conf_prefixes *list, const struct vd_conf_prefix *p)
{
	for (unsigned int i = 0; i < list->n; i++)
		if (vd_prefix_equal(&list->p[i], p))
			return true;
	return false;
}

int vd_prefixes_add(struct vd_conf_prefixes *list, const struct vd_conf_prefix *p)
{
	struct vd_conf_prefix *grown;

	if (vd_prefixes_have(list, p))
		return 0;
	if (list->n == UINT16_MAX)
		return -ENOMEM;
	grown = realloc(list->p, (list->n + 1) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	list->p = grown;
	list->p[list->n++] = *p;
	return 0;
}

void vd_prefixes_remove(struct vd_conf_prefixes *list, const struct vd_conf_prefix *p)
{
	for (unsigned int i = 0; i < list->n; i++) {
		if (vd_prefix_equal(&list->p[i], p)) {
			list->p[i] = list->p[--list->n];
			return;
		}
	}
}

void vd_prefixes_free(struct vd_conf_prefixes *list)
{
	free(list->p);
	memset(list, 0, sizeof(*list));
}

/* ---- ranges ---- */

static bool bit(const uint8_t *a, unsigned int i)
{
	return a[i / 8] >> (7 - i % 8) & 1;
}

/* True if all bits of @a from @from on are @value. */
static bool rest_is(const uint8_t *a, unsigned int from, unsigned int bits, bool value)
{
	for (unsigned int i = from; i < bits; i++)
		if (bit(a, i) != value)
			return false;
	return true;
}

/* The last address of the prefix @start/@len. */
static void last_of(uint8_t *last, const uint8_t *start, unsigned int len, unsigned int bits)
{
	memcpy(last, start, bits / 8);
	for (unsigned int i = len; i < bits; i++)
		last[i / 8] |= 1u << (7 - i % 8);
}

/* @a + 1; false if it wraps. */
static bool increment(uint8_t *a, unsigned int octets)
{
	while (octets--)
		if (++a[octets])
			return true;
	return false;
}

int vd_prefixes_of_ts(struct vd_conf_prefixes *list, const struct ike_ts *ts)
{
	unsigned int octets = vd_addr_len(ts->start.family), bits = octets * 8;
	struct vd_conf_prefix p = { .addr = ts->start };
	int err = 0;

	if (!bits || (rest_is(ts->start.bytes, 0, bits, false) &&
		      rest_is(ts->end.bytes, 0, bits, true)))
		return 0;
	while (!err && memcmp(p.addr.bytes, ts->end.bytes, octets) <= 0) {
		uint8_t last[16];

		/* The largest prefix that begins here and does not reach beyond the end. */
		for (p.len = 0; p.len < bits; p.len++) {
			last_of(last, p.addr.bytes, p.len, bits);
			if (rest_is(p.addr.bytes, p.len, bits, false) &&
			    memcmp(last, ts->end.bytes, octets) <= 0)
				break;
		}
		last_of(last, p.addr.bytes, p.len, bits);
		err = vd_prefixes_add(list, &p);
		memcpy(p.addr.bytes, last, octets);
		if (!increment(p.addr.bytes, octets))
			break;
	}
	return err;
}
