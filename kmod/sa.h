/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A security association: one direction, one SPI, one key (RFC 4301, 4.4.2).
 *
 * Lock: created, changed and deleted under vdt_tunnel.lock. The datapath finds it through
 * vdt_child.out or sadb.h under RCU and takes no reference, except for packets whose
 * cryptography completes later. Memory goes after the last reference and a grace period.
 *
 * States: LARVAL (an SPI reserved, no key) -> LIVE -> DEAD (expired or deleted; the datapath
 * refuses it). Only the configuration side leaves LARVAL; whoever sees a hard limit first
 * sets DEAD, and the tunnel's work deletes.
 */
#ifndef _VIADUCT_SA_H
#define _VIADUCT_SA_H

#include <linux/in.h>
#include <linux/in6.h>
#include <linux/kref.h>
#include <linux/llist.h>
#include <linux/rhashtable-types.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <net/dst_cache.h>

#include "child.h"
#include "esp_frame.h"
#include "replay.h"
#include "stats.h"

struct vdt_aead;
struct vdt_xform_encr;
struct vdt_xform_integ;

#define VDT_SA_LARVAL_MS	30000	/* life of a reserved SPI, default */
#define VDT_SA_BAD_THRESHOLD	64	/* ICV or replay failures between two SA events */

union vdt_addr {
	__be32 v4;
	struct in6_addr v6;
};

/* Outer addresses and ports of an SA. Ports are both 0 (raw) or both not (UDP). */
struct vdt_ends {
	u8 family;		/* AF_INET, AF_INET6 */
	__be16 local_port;
	__be16 remote_port;
	union vdt_addr local;
	union vdt_addr remote;
};

/* Ends with what follows from them. Immutable, replaced as a whole by RCU. */
struct vdt_path {
	struct vdt_ends ends;
	u16 overhead;		/* outer IP and UDP headers */
	struct dst_cache cache;	/* outbound: the route */
	struct rcu_head rcu;
};

struct vdt_lifetime {
	u64 seconds;		/* since the SA was added; 0: no limit, all three */
	u64 bytes;		/* inner octets */
	u64 packets;
};

/* What SA_NEW asks for, and in parts SA_UPDATE and SPI_ALLOC. Parsed, not yet judged. */
enum vdt_sa_config_set {
	VDT_SA_SET_ENDS		= 1 << 0,	/* addresses and ports, all of them */
	VDT_SA_SET_SOFT		= 1 << 1,
	VDT_SA_SET_HARD		= 1 << 2,
};

struct vdt_sa_config {
	u32 set;		/* SA_UPDATE: enum vdt_sa_config_set; else ignored */
	u32 child;		/* SPI_ALLOC: 0 when none is known yet */
	u8 dir;			/* enum viaduct_dir */
	u8 proto;		/* IPPROTO_ESP */
	u8 mode;		/* enum viaduct_mode */
	bool esn;
	__be32 spi;
	struct vdt_ends ends;	/* SPI_ALLOC: family and local only */
	u16 encr;		/* IKEv2 transform ID, type 1 */
	u16 integ;		/* IKEv2 transform ID, type 3; 0: none */
	u16 encr_key_len;	/* octets, with the salt */
	u16 integ_key_len;
	const u8 *encr_key;	/* borrowed */
	const u8 *integ_key;
	u32 replay_window;	/* packets */
	u64 seq;		/* out: last sent; in: highest accepted */
	struct vdt_lifetime soft;
	struct vdt_lifetime hard;
	u32 larval_ms;		/* SPI_ALLOC */
	u32 spi_min;		/* SPI_ALLOC, host order */
	u32 spi_max;
};

/*
 * How an SA is found: an inbound one by the packet's destination, that is our address; an
 * outbound one, which ICMP errors ask for, by the peer's. Compared as a whole: no holes, unused
 * octets are 0.
 */
struct vdt_sa_key {
	struct net *net;
	union vdt_addr dest;
	__be32 spi;
	u16 family;		/* AF_INET, AF_INET6 */
	u8 proto;
	u8 dir;			/* enum viaduct_dir */
};

enum vdt_sa_state {
	VDT_SA_LARVAL,
	VDT_SA_LIVE,
	VDT_SA_DEAD,
};

/* Bits of vdt_sa.todo, done by the tunnel's work. */
enum vdt_sa_todo {
	VDT_SA_TODO_QUEUED,	/* on vdt_tunnel.attention */
	VDT_SA_TODO_DELETE,	/* expired hard, or a larval one timed out */
	VDT_SA_TODO_MAPPING,	/* the peer's address moved: vdt_sa.moved */
};

struct vdt_sa {
	/* read by every packet */
	u32 state;			/* enum vdt_sa_state */
	struct vdt_tunnel *tunnel;
	struct vdt_child *child;	/* NULL: larval */
	struct vdt_aead *aead;		/* NULL: larval */
	struct vdt_path __rcu *path;
	const struct vdt_xform_encr *encr;	/* NULL: larval */
	const struct vdt_xform_integ *integ;	/* NULL: combined transform, or larval */
	struct vdt_esp_geometry geo;
	u8 dir;
	u8 proto;
	u8 mode;
	bool esn;
	bool limited;			/* a limit of bytes or packets exists */
	__be32 spi;
	u64 iv_salt;			/* counter IVs start at a random number */
	u64 seq_max;			/* outbound: the last number that may be sent */
	u64 seq_soft;			/* from here on the daemon should have renewed it */

	/* written by every batch */
	atomic64_t seq ____cacheline_aligned_in_smp;	/* outbound: last one sent */
	atomic64_t bytes;		/* inner octets, only when limited */
	atomic64_t packets;		/* likewise */
	atomic_t in_flight;		/* packets in asynchronous cryptography */
	unsigned long used;		/* jiffies of the last good packet */
	spinlock_t lock;		/* of the four below; taken with bottom halves disabled */
	struct vdt_replay replay;	/* inbound */
	bool moved_pending;
	struct vdt_ends moved;		/* inbound: where the peer sends from now */
	u32 bad[2];			/* ICV and replay failures since the last event */

	struct vdt_stats stats;

	/* configuration */
	struct vdt_lifetime soft;
	struct vdt_lifetime hard;
	unsigned long fired;		/* bits of expire.c: which limits were reported */
	time64_t added;			/* seconds, boot time */
	u64 added_ns;			/* boot time */
	u64 serial;			/* ascending in creation order within a tunnel */
	u32 replay_window;
	struct timer_list timer;
	unsigned long todo;		/* enum vdt_sa_todo */
	struct llist_node attention;
	bool linked;			/* in a list, under the tunnel's lock */
	bool hashed;			/* in the sadb, likewise */
	struct vdt_sa_key key;
	struct rhash_head hash;
	struct list_head node;		/* child's list, or tunnel's larval */
	struct kref ref;
	struct rcu_work free_work;	/* transforms are freed in process context */
};

/*
 * Reserve an inbound SPI for @t: a random one not in use in cfg->spi_min..spi_max at the local
 * address. It lives cfg->larval_ms. Takes the tunnel's lock. *@spi on success; -ENOSPC,
 * -ENOMEM, -ENODEV, -EINVAL with a text.
 */
int vdt_sa_alloc_spi(struct vdt_tunnel *t, const struct vdt_sa_config *cfg, __be32 *spi,
		     struct netlink_ext_ack *extack);

/*
 * Create an SA. An inbound one takes the place of the larval SA with its SPI, if @t has one.
 * A new outbound SA becomes what its child sends with. Takes the tunnel's lock. May sleep
 * (crypto modules are loaded). -ENOENT no such child, -EEXIST, -EOPNOTSUPP a transform or mode
 * the kernel has not, -EINVAL lengths and combinations, -ENOMEM; each with a text.
 */
int vdt_sa_new(struct vdt_tunnel *t, const struct vdt_sa_config *cfg,
	       struct netlink_ext_ack *extack);

/*
 * Change what cfg->set says of the SA (cfg->child, dir, spi). Takes the tunnel's lock.
 * -ENOENT, -EEXIST (an inbound one with a new local address), -EINVAL, -ENOMEM.
 */
int vdt_sa_update(struct vdt_tunnel *t, const struct vdt_sa_config *cfg,
		  struct netlink_ext_ack *extack);

/*
 * Delete one SA, larval ones too (child 0 finds these). Takes the tunnel's lock. -ENOENT. No
 * event is sent to the one who asked for it.
 */
int vdt_sa_del(struct vdt_tunnel *t, u32 child, enum viaduct_dir dir, __be32 spi,
	       struct netlink_ext_ack *extack);

/* Delete all SAs of @t. Takes the tunnel's lock. */
void vdt_sa_flush(struct vdt_tunnel *t);

/*
 * Find an SA. Under the tunnel's lock. Dumps walk the two lists of each child, and
 * vdt_tunnel.larval, whose vdt_sa.serial ascends.
 */
struct vdt_sa *vdt_sa_find(struct vdt_tunnel *t, u32 child, enum viaduct_dir dir, __be32 spi);

/* The crypto driver in use, "" if larval. Under the tunnel's lock. */
const char *vdt_sa_driver(const struct vdt_sa *sa);

/* Is it the one its child sends with? Under the tunnel's lock. */
bool vdt_sa_is_current(const struct vdt_sa *sa);

/* Milliseconds since it was added, and since the last good packet (or since added). */
u64 vdt_sa_age_ms(const struct vdt_sa *sa);
u64 vdt_sa_idle_ms(const struct vdt_sa *sa);

/* Last sequence number sent, or highest accepted. Lockless. */
u64 vdt_sa_seq(const struct vdt_sa *sa);

/* --- for the rest of the module --- */

/* Unlink and let go. @event: tell the listeners with VIADUCT_SA_EVENT_DELETED. Under the lock. */
void vdt_sa_unlink(struct vdt_sa *sa, bool event);

/* Do @bit in the tunnel's work. Under RCU or with a reference; any context. */
void vdt_sa_todo(struct vdt_sa *sa, enum vdt_sa_todo bit);

/* The tunnel's work, for one SA taken off vdt_tunnel.attention. Under the lock. */
void vdt_sa_attend(struct vdt_sa *sa);

void vdt_sa_put(struct vdt_sa *sa);

/* Only while RCU or another reference keeps @sa: false when the last one is gone already. */
bool vdt_sa_get(struct vdt_sa *sa);

/*
 * What a packet whose cryptography completes later holds: the SA, its device, and its place in
 * front of later packets. Under RCU; bottom halves disabled.
 */
void vdt_sa_hold_async(struct vdt_sa *sa);
void vdt_sa_release_async(struct vdt_sa *sa);

/* Other packets of @sa are in asynchronous cryptography. */
static inline bool vdt_sa_in_flight(const struct vdt_sa *sa)
{
	return atomic_read(&sa->in_flight);
}

/* May a packet use it? */
static inline bool vdt_sa_usable(const struct vdt_sa *sa)
{
	return READ_ONCE(sa->state) == VDT_SA_LIVE;
}

/* LARVAL or LIVE -> DEAD. False: it was dead before. Any context. */
bool vdt_sa_kill(struct vdt_sa *sa);

/* The key under which @sa with these @ends is found. */
void vdt_sa_make_key(const struct vdt_sa *sa, struct vdt_sa_key *key, const struct vdt_ends *ends);

/*
 * The peer of inbound @sa sends from vdt_sa.moved: turn @sa there, and the outbound SAs of its
 * child that went to the old place, and tell the daemon. Under the lock.
 */
void vdt_sa_follow(struct vdt_sa *sa);

/* The path of ends as RCU publishes it. NULL without memory. Freed after a grace period. */
struct vdt_path *vdt_path_new(const struct vdt_ends *ends);
void vdt_path_free(struct vdt_path *path);

int vdt_sa_init(void);
/* Waits for everything that is being freed. No SA can be found any more. */
void vdt_sa_exit(void);

#endif /* _VIADUCT_SA_H */
