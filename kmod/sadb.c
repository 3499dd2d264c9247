// SPDX-License-Identifier: GPL-2.0-only
/* The hash table of SAs. Role and locks: sadb.h. */
#include <linux/rhashtable.h>

#include "sadb.h"

static const struct rhashtable_params params = {
	.key_len = sizeof(struct vdt_sa_key),
	.key_offset = offsetof(struct vdt_sa, key),
	.head_offset = offsetof(struct vdt_sa, hash),
	.automatic_shrinking = true,
};

static struct rhashtable table;

int vdt_sadb_init(void)
{
	/* Compared and hashed as octets. */
	BUILD_BUG_ON(sizeof(struct vdt_sa_key) != sizeof(struct net *) + 16 + 4 + 2 + 1 + 1);

	return rhashtable_init(&table, &params);
}

void vdt_sadb_exit(void)
{
	rhashtable_destroy(&table);
}

void vdt_sadb_key(struct vdt_sa_key *key, struct net *net, enum viaduct_dir dir, u8 family,
		  const void *dest, u8 proto, __be32 spi)
{
	memset(key, 0, sizeof(*key));
	key->net = net;
	key->spi = spi;
	key->family = family;
	key->proto = proto;
	key->dir = dir;
	memcpy(&key->dest, dest, family == AF_INET ? 4 : 16);
}

struct vdt_sa *vdt_sadb_find(const struct vdt_sa_key *key)
{
	return rhashtable_lookup(&table, key, params);
}

int vdt_sadb_add(struct vdt_sa *sa)
{
	int err = rhashtable_lookup_insert_fast(&table, &sa->hash, params);

	if (!err)
		sa->hashed = true;
	return err;
}

int vdt_sadb_replace(struct vdt_sa *old, struct vdt_sa *sa)
{
	int err = rhashtable_replace_fast(&table, &old->hash, &sa->hash, params);

	if (!err) {
		old->hashed = false;
		sa->hashed = true;
	}
	return err;
}

void vdt_sadb_del(struct vdt_sa *sa)
{
	if (!sa->hashed)
		return;
	rhashtable_remove_fast(&table, &sa->hash, params);
	sa->hashed = false;
}
