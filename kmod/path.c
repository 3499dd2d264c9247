// SPDX-License-Identifier: GPL-2.0-only
/*
 * The outer ends of SAs and how they change: on command (SA_UPDATE, MOBIKE) and with the peer's
 * NAT mapping. Role and locks: sa.h.
 */
#include <linux/netlink.h>
#include <linux/udp.h>
#include <net/dst.h>
#include <net/ip.h>

#include "expire.h"
#include "netlink.h"
#include "sa.h"
#include "sadb.h"

static void path_free_rcu(struct rcu_head *rcu)
{
	struct vdt_path *path = container_of(rcu, struct vdt_path, rcu);

	dst_cache_destroy(&path->cache);
	kfree(path);
}

void vdt_path_free(struct vdt_path *path)
{
	if (path)
		call_rcu(&path->rcu, path_free_rcu);
}

struct vdt_path *vdt_path_new(const struct vdt_ends *ends)
{
	struct vdt_path *path = kzalloc(sizeof(*path), GFP_KERNEL);

	if (!path)
		return NULL;
	if (dst_cache_init(&path->cache, GFP_KERNEL)) {
		kfree(path);
		return NULL;
	}
	path->ends = *ends;
	path->overhead = ends->family == AF_INET ? sizeof(struct iphdr) : sizeof(struct ipv6hdr);
	if (ends->remote_port)
		path->overhead += sizeof(struct udphdr);
	return path;
}

void vdt_sa_make_key(const struct vdt_sa *sa, struct vdt_sa_key *key, const struct vdt_ends *ends)
{
	vdt_sadb_key(key, sa->tunnel->net, sa->dir, ends->family,
		     sa->dir == VIADUCT_DIR_IN ? &ends->local : &ends->remote, sa->proto, sa->spi);
}

static struct vdt_path *sa_path(struct vdt_sa *sa)
{
	return rcu_dereference_protected(sa->path, lockdep_is_held(&sa->tunnel->lock));
}

static void replace_path(struct vdt_sa *sa, struct vdt_path *path)
{
	vdt_path_free(rcu_replace_pointer(sa->path, path, lockdep_is_held(&sa->tunnel->lock)));
	vdt_tunnel_todo(sa->tunnel, VDT_TUNNEL_TODO_MTU);
}

/* Give @sa other ends. Under the lock. */
static int move(struct vdt_sa *sa, const struct vdt_ends *ends)
{
	struct vdt_sa_key old = sa->key, key;
	struct vdt_path *path;
	int err;

	path = vdt_path_new(ends);
	if (!path)
		return -ENOMEM;
	vdt_sa_make_key(sa, &key, ends);
	if (memcmp(&key, &old, sizeof(key))) {
		vdt_sadb_del(sa);
		/* A reader may be comparing: it misses, as it does while the SA is away. */
		sa->key = key;
		err = vdt_sadb_add(sa);
		if (err && !(err == -EEXIST && sa->dir == VIADUCT_DIR_OUT)) {
			sa->key = old;
			vdt_sadb_add(sa);
			vdt_path_free(path);
			return err;
		}
	}
	replace_path(sa, path);
	return 0;
}

int vdt_sa_update(struct vdt_tunnel *t, const struct vdt_sa_config *cfg,
		  struct netlink_ext_ack *extack)
{
	struct vdt_sa *sa;
	int err = 0;

	if ((cfg->set & VDT_SA_SET_ENDS) && !cfg->ends.local_port != !cfg->ends.remote_port) {
		NL_SET_ERR_MSG(extack, "UDP encapsulation needs both ports");
		return -EINVAL;
	}
	mutex_lock(&t->lock);
	sa = vdt_sa_find(t, cfg->child, cfg->dir, cfg->spi);
	if (!sa || !sa->child) {
		NL_SET_ERR_MSG(extack, "the child has no SA of this direction and SPI");
		err = -ENOENT;
		goto out;
	}
	if (cfg->set & VDT_SA_SET_ENDS) {
		err = move(sa, &cfg->ends);
		if (err) {
			if (err == -EEXIST)
				NL_SET_ERR_MSG(extack, "the SPI is in use at this local address");
			goto out;
		}
	}
	if (cfg->set & VDT_SA_SET_SOFT)
		sa->soft = cfg->soft;
	if (cfg->set & VDT_SA_SET_HARD)
		sa->hard = cfg->hard;
	if (cfg->set & (VDT_SA_SET_SOFT | VDT_SA_SET_HARD))
		vdt_expire_start(sa);
	vdt_net_changed(t->vn);
out:
	mutex_unlock(&t->lock);
	return err;
}

static bool same_remote(const struct vdt_ends *a, const struct vdt_ends *b)
{
	return a->family == b->family && a->remote_port == b->remote_port &&
	       !memcmp(&a->remote, &b->remote, a->family == AF_INET ? 4 : 16);
}

/* RFC 7296, 2.23 */
void vdt_sa_follow(struct vdt_sa *sa)
{
	struct vdt_ends ends, old = sa_path(sa)->ends;
	struct vdt_sa *out;
	u32 len;

	spin_lock_bh(&sa->lock);
	ends = sa->moved;
	sa->moved_pending = false;
	spin_unlock_bh(&sa->lock);
	len = ends.family == AF_INET ? 4 : 16;

	if (ends.family != old.family || same_remote(&ends, &old) || move(sa, &ends))
		return;
	list_for_each_entry(out, &sa->child->out_sas, node) {
		struct vdt_ends to = sa_path(out)->ends;

		if (!same_remote(&to, &old))
			continue;
		to.remote = ends.remote;
		to.remote_port = ends.remote_port;
		move(out, &to);		/* without memory the next packet tries again */
	}
	vdt_netlink_mapping(sa, &ends.remote, len, ends.remote_port);
	vdt_net_changed(sa->tunnel->vn);
}
