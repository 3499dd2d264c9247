// SPDX-License-Identifier: GPL-2.0-only
/* Lifetimes of SAs. Role and locks: expire.h. RFC 4301, 4.4.2.1; RFC 4303, 3.3.3. */
#include <linux/ktime.h>

#include "expire.h"
#include "netlink.h"
#include "trace.h"

#define TIMER_MAX	(3600 * HZ)	/* jiffies stand still in suspend, lifetimes do not */

/* Bits of vdt_sa.fired. */
enum {
	FIRED_SOFT,
	FIRED_HARD,
};

static void fire(struct vdt_sa *sa, bool hard, enum viaduct_expire cause)
{
	if (test_and_set_bit(hard ? FIRED_HARD : FIRED_SOFT, &sa->fired))
		return;
	if (!hard) {
		if (vdt_sa_usable(sa))
			vdt_netlink_expire(sa, false, cause);
		return;
	}
	if (!vdt_sa_kill(sa))
		return;
	vdt_netlink_expire(sa, true, cause);
	vdt_sa_todo(sa, VDT_SA_TODO_DELETE);
}

/* Seconds until @limit is reached; 0: now; U64_MAX: never. */
static u64 left(const struct vdt_sa *sa, u64 limit, time64_t now)
{
	u64 age = now - sa->added;

	if (!limit)
		return U64_MAX;
	return age >= limit ? 0 : limit - age;
}

/* Report what is due, and start the timer for what comes next. */
static void run(struct vdt_sa *sa)
{
	time64_t now = ktime_get_boottime_seconds();
	u64 soft = left(sa, READ_ONCE(sa->soft.seconds), now);
	u64 hard = left(sa, READ_ONCE(sa->hard.seconds), now);
	u64 next;

	if (!hard) {
		fire(sa, true, VIADUCT_EXPIRE_TIME);
		return;
	}
	if (!soft)
		fire(sa, false, VIADUCT_EXPIRE_TIME);
	next = soft ? min(soft, hard) : hard;
	if (next != U64_MAX)
		mod_timer(&sa->timer, jiffies + min_t(u64, next * HZ, TIMER_MAX) + 1);
}

static void on_timer(struct timer_list *timer)
{
	struct vdt_sa *sa = timer_container_of(sa, timer, timer);

	rcu_read_lock();
	if (READ_ONCE(sa->state) == VDT_SA_LARVAL)
		fire(sa, true, VIADUCT_EXPIRE_TIME);
	else if (vdt_sa_usable(sa))
		run(sa);
	rcu_read_unlock();
}

void vdt_expire_init(struct vdt_sa *sa)
{
	sa->added = ktime_get_boottime_seconds();
	sa->added_ns = ktime_get_boottime_ns();
	timer_setup(&sa->timer, on_timer, 0);
}

void vdt_expire_start_larval(struct vdt_sa *sa, u32 larval_ms)
{
	mod_timer(&sa->timer, jiffies + msecs_to_jiffies(larval_ms));
}

void vdt_expire_start(struct vdt_sa *sa)
{
	bool limited = sa->soft.bytes || sa->soft.packets || sa->hard.bytes || sa->hard.packets;

	WRITE_ONCE(sa->limited, limited);
	clear_bit(FIRED_SOFT, &sa->fired);	/* new limits may be reported anew */
	rcu_read_lock();
	run(sa);
	rcu_read_unlock();
}

void vdt_expire_stop(struct vdt_sa *sa)
{
	timer_shutdown_sync(&sa->timer);
}

static void check(struct vdt_sa *sa, const struct vdt_lifetime *life, bool hard, u64 packets,
		  u64 bytes)
{
	u64 max_packets = READ_ONCE(life->packets);
	u64 max_bytes = READ_ONCE(life->bytes);

	if (max_bytes && bytes >= max_bytes)
		fire(sa, hard, VIADUCT_EXPIRE_BYTES);
	else if (max_packets && packets >= max_packets)
		fire(sa, hard, VIADUCT_EXPIRE_PACKETS);
}

bool vdt_expire_count(struct vdt_sa *sa, u32 packets, u64 bytes)
{
	u64 all_packets = atomic64_add_return(packets, &sa->packets);
	u64 all_bytes = atomic64_add_return(bytes, &sa->bytes);
	bool usable = vdt_sa_usable(sa);

	if (unlikely(!usable))
		return false;
	check(sa, &sa->hard, true, all_packets, all_bytes);
	check(sa, &sa->soft, false, all_packets, all_bytes);
	return true;
}

void vdt_expire_seq(struct vdt_sa *sa, bool hard)
{
	if (!test_bit(hard ? FIRED_HARD : FIRED_SOFT, &sa->fired))
		fire(sa, hard, VIADUCT_EXPIRE_SEQ);
}
