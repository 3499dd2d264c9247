// SPDX-License-Identifier: GPL-2.0-only
/* Security associations. Role, states and locks: sa.h. RFC 4301, 4.4.2; RFC 4303. */
#include <linux/ktime.h>
#include <linux/netlink.h>
#include <linux/random.h>

#include "aead.h"
#include "expire.h"
#include "netlink.h"
#include "sa.h"
#include "sadb.h"
#include "trace.h"
#include "xform.h"

#define SPI_TRIES	1024

/*
 * The last sequence number (RFC 4303, 3.3.3). Concurrent senders may find the end used up and
 * still add to the counter; with 64 bits it must not wrap by that.
 */
#define SEQ_MAX		((u64)U32_MAX)
#define SEQ_MAX_ESN	(U64_MAX - U32_MAX)

static struct workqueue_struct *free_wq;

int vdt_sa_init(void)
{
	free_wq = alloc_workqueue("viaduct-free", WQ_UNBOUND, 0);
	return free_wq ? 0 : -ENOMEM;
}

void vdt_sa_exit(void)
{
	rcu_barrier();			/* queue_rcu_work() and path_free_rcu() */
	destroy_workqueue(free_wq);
}

/* --- life --- */

static void sa_free_work(struct work_struct *work)
{
	struct vdt_sa *sa = container_of(to_rcu_work(work), struct vdt_sa, free_work);

	vdt_aead_free(sa->aead);
	vdt_replay_destroy(&sa->replay);
	vdt_stats_destroy(&sa->stats);
	kfree(sa);
}

/* Drop the last reference: nobody can find @sa, but packets under RCU may still use it. */
static void sa_release(struct kref *ref)
{
	struct vdt_sa *sa = container_of(ref, struct vdt_sa, ref);

	vdt_path_free(rcu_dereference_protected(sa->path, true));
	INIT_RCU_WORK(&sa->free_work, sa_free_work);
	queue_rcu_work(free_wq, &sa->free_work);
}

void vdt_sa_put(struct vdt_sa *sa)
{
	kref_put(&sa->ref, sa_release);
}

bool vdt_sa_get(struct vdt_sa *sa)
{
	return kref_get_unless_zero(&sa->ref);
}

void vdt_sa_hold_async(struct vdt_sa *sa)
{
	/* Under RCU it is not freed; the tunnel's reference may go, ours keeps the memory. */
	kref_get(&sa->ref);
	dev_hold(sa->tunnel->dev);
	atomic_inc(&sa->in_flight);
}

void vdt_sa_release_async(struct vdt_sa *sa)
{
	struct net_device *dev = sa->tunnel->dev;

	atomic_dec(&sa->in_flight);
	vdt_sa_put(sa);
	dev_put(dev);
}

bool vdt_sa_kill(struct vdt_sa *sa)
{
	if (xchg(&sa->state, VDT_SA_DEAD) == VDT_SA_DEAD)
		return false;
	trace_vdt_sa(sa, "dead");
	return true;
}

void vdt_sa_todo(struct vdt_sa *sa, enum vdt_sa_todo bit)
{
	set_bit(bit, &sa->todo);
	if (test_and_set_bit(VDT_SA_TODO_QUEUED, &sa->todo))
		return;
	if (!vdt_sa_get(sa))
		return;			/* it is gone already */
	llist_add(&sa->attention, &sa->tunnel->attention);
	vdt_tunnel_kick(sa->tunnel);
}

static struct vdt_sa *sa_alloc(struct vdt_tunnel *t, const struct vdt_sa_config *cfg)
{
	struct vdt_sa *sa = kzalloc(sizeof(*sa), GFP_KERNEL);

	if (!sa)
		return NULL;
	if (vdt_stats_init(&sa->stats)) {
		kfree(sa);
		return NULL;
	}
	sa->tunnel = t;
	sa->state = VDT_SA_LARVAL;
	sa->dir = cfg->dir;
	sa->proto = cfg->proto;
	sa->mode = cfg->mode;
	sa->spi = cfg->spi;
	sa->used = jiffies;
	kref_init(&sa->ref);
	spin_lock_init(&sa->lock);
	INIT_LIST_HEAD(&sa->node);
	vdt_expire_init(sa);
	return sa;
}

static void link_sa(struct vdt_sa *sa, struct list_head *list)
{
	struct vdt_tunnel *t = sa->tunnel;

	sa->serial = ++t->sa_serial;
	list_add_tail_rcu(&sa->node, list);
	sa->linked = true;
	t->n_sas++;
}

void vdt_sa_unlink(struct vdt_sa *sa, bool event)
{
	struct vdt_tunnel *t = sa->tunnel;
	bool larval = !sa->child;

	lockdep_assert_held(&t->lock);
	vdt_sa_kill(sa);
	vdt_sadb_del(sa);
	list_del_rcu(&sa->node);
	sa->linked = false;
	t->n_sas--;
	vdt_expire_stop(sa);
	if (!larval && sa->dir == VIADUCT_DIR_OUT && vdt_sa_is_current(sa))
		vdt_child_choose_out(sa->child);
	trace_vdt_sa(sa, "unlinked");
	if (event && !larval)
		vdt_netlink_sa_event(sa, VIADUCT_SA_EVENT_DELETED);
	vdt_net_changed(t->vn);
	vdt_sa_put(sa);
}

/* --- reserving an SPI --- */

static int find_spi(struct vdt_sa *sa, const struct vdt_sa_config *cfg)
{
	u64 range = (u64)cfg->spi_max - cfg->spi_min + 1;
	u32 start = mul_u64_u64_shr(range, get_random_u32(), 32);
	u32 i;
	int err;

	for (i = 0; i < min_t(u64, range, SPI_TRIES); i++) {
		sa->spi = htonl(cfg->spi_min + (u32)(((u64)start + i) % range));
		vdt_sadb_key(&sa->key, sa->tunnel->net, VIADUCT_DIR_IN, cfg->ends.family,
			     &cfg->ends.local, sa->proto, sa->spi);
		err = vdt_sadb_add(sa);
		if (err != -EEXIST)
			return err;
	}
	return -ENOSPC;
}

int vdt_sa_alloc_spi(struct vdt_tunnel *t, const struct vdt_sa_config *cfg, __be32 *spi,
		     struct netlink_ext_ack *extack)
{
	struct vdt_sa *sa;
	int err;

	/* RFC 4303, 2.1: 1 to 255 are reserved, 0 is never sent. */
	if (cfg->spi_min < 256 || cfg->spi_max < cfg->spi_min) {
		NL_SET_ERR_MSG(extack, "the range of SPIs is empty or begins below 256");
		return -EINVAL;
	}
	sa = sa_alloc(t, cfg);
	if (!sa)
		return -ENOMEM;
	mutex_lock(&t->lock);
	err = -ENODEV;
	if (t->dead)
		goto fail;
	err = find_spi(sa, cfg);
	if (err) {
		if (err == -ENOSPC)
			NL_SET_ERR_MSG(extack, "no free SPI was found in the range");
		goto fail;
	}
	link_sa(sa, &t->larval);
	vdt_expire_start_larval(sa, cfg->larval_ms);
	*spi = sa->spi;
	vdt_net_changed(t->vn);
	mutex_unlock(&t->lock);
	return 0;
fail:
	mutex_unlock(&t->lock);
	vdt_sa_put(sa);
	return err;
}

/* --- a new SA --- */

static int check_transforms(const struct vdt_sa_config *cfg, const struct vdt_xform_encr **encr,
			    const struct vdt_xform_integ **integ, struct netlink_ext_ack *extack)
{
	*integ = NULL;
	*encr = vdt_xform_encr(cfg->encr);
	if (!*encr) {
		NL_SET_ERR_MSG(extack, "unknown encryption transform");
		return -EOPNOTSUPP;
	}
	if (!vdt_xform_encr_key_ok(*encr, cfg->encr_key_len)) {
		NL_SET_ERR_MSG(extack, "the encryption key has a wrong length");
		return -EINVAL;
	}
	if ((*encr)->icv) {
		if (!cfg->integ)
			return 0;
		NL_SET_ERR_MSG(extack, "a combined transform takes no integrity transform");
		return -EINVAL;
	}
	if (!cfg->integ) {
		NL_SET_ERR_MSG(extack, "this encryption transform needs an integrity transform");
		return -EINVAL;
	}
	*integ = vdt_xform_integ(cfg->integ);
	if (!*integ) {
		NL_SET_ERR_MSG(extack, "unknown integrity transform");
		return -EOPNOTSUPP;
	}
	if (cfg->integ_key_len != (*integ)->key_len) {
		NL_SET_ERR_MSG(extack, "the integrity key has a wrong length");
		return -EINVAL;
	}
	return 0;
}

static int check_config(const struct vdt_sa_config *cfg, struct netlink_ext_ack *extack)
{
	if (cfg->proto != IPPROTO_ESP) {
		NL_SET_ERR_MSG(extack, "only ESP is supported");
		return -EOPNOTSUPP;
	}
	if (cfg->mode != VIADUCT_MODE_TUNNEL) {
		NL_SET_ERR_MSG(extack, "only tunnel mode is supported");
		return -EOPNOTSUPP;
	}
	if (ntohl(cfg->spi) < 256) {
		NL_SET_ERR_MSG(extack, "an SPI is not below 256");
		return -EINVAL;
	}
	if (!cfg->ends.local_port != !cfg->ends.remote_port) {
		NL_SET_ERR_MSG(extack, "UDP encapsulation needs both ports");
		return -EINVAL;
	}
	if (cfg->seq > (cfg->esn ? SEQ_MAX_ESN : SEQ_MAX)) {
		NL_SET_ERR_MSG(extack, "the sequence number is past its end");
		return -EINVAL;
	}
	return 0;
}

/* Everything of a new SA that needs no lock. */
static struct vdt_sa *build(struct vdt_tunnel *t, const struct vdt_sa_config *cfg,
			    struct netlink_ext_ack *extack)
{
	const struct vdt_xform_integ *integ;
	const struct vdt_xform_encr *encr;
	struct vdt_aead *aead;
	struct vdt_path *path;
	struct vdt_sa *sa;
	int err;

	err = check_config(cfg, extack) ?: check_transforms(cfg, &encr, &integ, extack);
	if (err)
		return ERR_PTR(err);
	sa = sa_alloc(t, cfg);
	if (!sa)
		return ERR_PTR(-ENOMEM);
	sa->encr = encr;
	sa->integ = integ;
	sa->esn = cfg->esn;
	sa->geo.iv = encr->iv;
	sa->geo.icv = integ ? integ->icv : encr->icv;
	sa->geo.align = encr->align;
	sa->iv_salt = get_random_u64();
	sa->seq_max = cfg->esn ? SEQ_MAX_ESN : SEQ_MAX;
	sa->seq_soft = sa->seq_max - (sa->seq_max >> 4);
	atomic64_set(&sa->seq, cfg->seq);
	sa->soft = cfg->soft;
	sa->hard = cfg->hard;
	sa->replay_window = cfg->dir == VIADUCT_DIR_IN ? cfg->replay_window : 0;
	vdt_sa_make_key(sa, &sa->key, &cfg->ends);

	err = -ENOMEM;
	path = vdt_path_new(&cfg->ends);
	if (!path)
		goto fail;
	RCU_INIT_POINTER(sa->path, path);
	if (cfg->dir == VIADUCT_DIR_IN) {
		err = vdt_replay_init(&sa->replay, cfg->replay_window, cfg->esn, cfg->seq);
		if (err) {
			if (err == -EINVAL)
				NL_SET_ERR_MSG(extack, "a replay window is 0 or 32 to 65536 packets");
			goto fail;
		}
	}
	aead = vdt_aead_new(encr, integ, cfg, extack);
	if (IS_ERR(aead)) {
		err = PTR_ERR(aead);
		goto fail;
	}
	sa->aead = aead;
	return sa;
fail:
	vdt_sa_put(sa);
	return ERR_PTR(err);
}

static struct vdt_sa *find_larval(struct vdt_tunnel *t, __be32 spi, u8 proto)
{
	struct vdt_sa *sa;

	list_for_each_entry(sa, &t->larval, node)
		if (sa->spi == spi && (!proto || sa->proto == proto))
			return sa;
	return NULL;
}

/*
 * Make @sa findable. The larval one with its SPI gives way; it may have been reserved at
 * another address (NAT detection and MOBIKE choose the address later).
 */
static int enter(struct vdt_tunnel *t, struct vdt_sa *sa, struct netlink_ext_ack *extack)
{
	struct vdt_sa *larval;
	int err;

	if (sa->dir == VIADUCT_DIR_OUT) {
		err = vdt_sadb_add(sa);
		return err == -EEXIST ? 0 : err;
	}
	larval = find_larval(t, sa->spi, sa->proto);
	if (larval && !memcmp(&larval->key, &sa->key, sizeof(sa->key)))
		err = vdt_sadb_replace(larval, sa);
	else
		err = vdt_sadb_add(sa);
	if (err) {
		if (err == -EEXIST)
			NL_SET_ERR_MSG(extack, "the SPI is in use at this local address");
		return err;
	}
	if (larval)
		vdt_sa_unlink(larval, false);
	return 0;
}

int vdt_sa_new(struct vdt_tunnel *t, const struct vdt_sa_config *cfg,
	       struct netlink_ext_ack *extack)
{
	struct vdt_child *child;
	struct vdt_sa *sa;
	int err;

	sa = build(t, cfg, extack);
	if (IS_ERR(sa))
		return PTR_ERR(sa);

	mutex_lock(&t->lock);
	err = -ENODEV;
	if (t->dead)
		goto fail;
	child = vdt_child_find(t, cfg->child);
	if (!child) {
		NL_SET_ERR_MSG(extack, "the tunnel has no child of this id");
		err = -ENOENT;
		goto fail;
	}
	if (vdt_sa_find(t, cfg->child, cfg->dir, cfg->spi)) {
		NL_SET_ERR_MSG(extack, "the child has an SA of this direction and SPI");
		err = -EEXIST;
		goto fail;
	}
	sa->child = child;
	sa->state = VDT_SA_LIVE;
	err = enter(t, sa, extack);
	if (err) {
		sa->child = NULL;
		goto fail;
	}
	link_sa(sa, sa->dir == VIADUCT_DIR_IN ? &child->in_sas : &child->out_sas);
	vdt_expire_start(sa);
	trace_vdt_sa(sa, "added");
	if (sa->dir == VIADUCT_DIR_OUT)
		vdt_child_choose_out(child);
	vdt_net_changed(t->vn);
	mutex_unlock(&t->lock);
	return 0;
fail:
	mutex_unlock(&t->lock);
	vdt_sa_put(sa);
	return err;
}

void vdt_sa_attend(struct vdt_sa *sa)
{
	lockdep_assert_held(&sa->tunnel->lock);
	clear_bit(VDT_SA_TODO_QUEUED, &sa->todo);
	smp_mb__after_atomic();		/* bits set from here on queue it again */
	if (test_and_clear_bit(VDT_SA_TODO_DELETE, &sa->todo) && sa->linked)
		vdt_sa_unlink(sa, false);
	if (test_and_clear_bit(VDT_SA_TODO_MAPPING, &sa->todo) && sa->linked && sa->child)
		vdt_sa_follow(sa);
}

/* --- deletion and look-up --- */

struct vdt_sa *vdt_sa_find(struct vdt_tunnel *t, u32 child_id, enum viaduct_dir dir, __be32 spi)
{
	struct vdt_child *child;
	struct vdt_sa *sa;

	lockdep_assert_held(&t->lock);
	if (!child_id)
		return dir == VIADUCT_DIR_IN ? find_larval(t, spi, 0) : NULL;
	child = vdt_child_find(t, child_id);
	if (!child)
		return NULL;
	list_for_each_entry(sa, dir == VIADUCT_DIR_IN ? &child->in_sas : &child->out_sas, node)
		if (sa->spi == spi)
			return sa;
	return NULL;
}

int vdt_sa_del(struct vdt_tunnel *t, u32 child, enum viaduct_dir dir, __be32 spi,
	       struct netlink_ext_ack *extack)
{
	struct vdt_sa *sa;

	mutex_lock(&t->lock);
	sa = vdt_sa_find(t, child, dir, spi);
	if (sa)
		vdt_sa_unlink(sa, true);
	mutex_unlock(&t->lock);
	if (!sa)
		NL_SET_ERR_MSG(extack, "no such SA");
	return sa ? 0 : -ENOENT;
}

static void unlink_list(struct list_head *list)
{
	struct vdt_sa *sa, *next;

	list_for_each_entry_safe(sa, next, list, node)
		vdt_sa_unlink(sa, true);
}

void vdt_sa_flush(struct vdt_tunnel *t)
{
	struct vdt_child *child;
	unsigned long id;

	mutex_lock(&t->lock);
	unlink_list(&t->larval);
	xa_for_each(&t->children, id, child) {
		unlink_list(&child->out_sas);
		unlink_list(&child->in_sas);
	}
	mutex_unlock(&t->lock);
}

const char *vdt_sa_driver(const struct vdt_sa *sa)
{
	return sa->aead ? vdt_aead_driver(sa->aead) : "";
}

bool vdt_sa_is_current(const struct vdt_sa *sa)
{
	return sa->child && rcu_access_pointer(sa->child->out) == sa;
}

u64 vdt_sa_age_ms(const struct vdt_sa *sa)
{
	return div_u64(ktime_get_boottime_ns() - sa->added_ns, NSEC_PER_MSEC);
}

u64 vdt_sa_idle_ms(const struct vdt_sa *sa)
{
	return jiffies_to_msecs(jiffies - READ_ONCE(sa->used));
}

u64 vdt_sa_seq(const struct vdt_sa *sa)
{
	if (sa->dir == VIADUCT_DIR_IN)
		return vdt_replay_top(&sa->replay);
	return min_t(u64, atomic64_read(&sa->seq), sa->seq_max);
}
