/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The SAs of all namespaces in one hash table: how a packet finds its SA (RFC 4301, 4.1, by
 * SPI, destination and protocol), and an ICMP error the one whose packet caused it.
 *
 * Lock: the table's own bucket locks; readers use RCU.
 */
#ifndef _VIADUCT_SADB_H
#define _VIADUCT_SADB_H

#include "sa.h"

int vdt_sadb_init(void);
void vdt_sadb_exit(void);

/* Fill @key. @dest is an address of @family (AF_*) in network order. */
void vdt_sadb_key(struct vdt_sa_key *key, struct net *net, enum viaduct_dir dir, u8 family,
		  const void *dest, u8 proto, __be32 spi);

/* The SA or NULL. Under rcu_read_lock(). It may be larval or dead. */
struct vdt_sa *vdt_sadb_find(const struct vdt_sa_key *key);

/*
 * Add @sa under @sa->key. -EEXIST: the key is taken (two peers behind one NAT may well choose
 * the same SPI for us to send with); -ENOMEM.
 */
int vdt_sadb_add(struct vdt_sa *sa);

/* Put @sa in the place of @old, which has the same key, so that no packet misses both. */
int vdt_sadb_replace(struct vdt_sa *old, struct vdt_sa *sa);

/* Nothing, if it is not in the table. */
void vdt_sadb_del(struct vdt_sa *sa);

#endif /* _VIADUCT_SADB_H */
