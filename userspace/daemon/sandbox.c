// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Dropping privileges (sandbox.h): uid, root directory, capabilities with the bounding set, limits,
 * system calls. Order matters: what needs a privilege comes before the privilege goes.
 */
#include "daemon/sandbox.h"

#include <cap-ng.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <seccomp.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

/* Accounts made by sysusers.d/viaduct.conf; without them, nobody. */
static const char *const net_users[] = { "viaduct", "nobody", NULL };
static const char *const keys_users[] = { "viaduct-keys", "viaduct", "nobody", NULL };

static const struct passwd *account(const char *const *names)
{
	for (; *names; names++) {
		const struct passwd *pw = getpwnam(*names);

		if (pw && pw->pw_uid != 0)
			return pw;
	}
	return NULL;
}

static void limit(int resource, rlim_t value)
{
	struct rlimit rl = { value, value };

	setrlimit(resource, &rl);
}

/* ---- system calls ---- */

/* What an event loop over open descriptors with memory and time needs (newfstatat: libc's fstat). */
static const int allowed[] = {
	SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(pread64),
	SCMP_SYS(recvmsg), SCMP_SYS(recvfrom), SCMP_SYS(recvmmsg),
	SCMP_SYS(sendmsg), SCMP_SYS(sendto), SCMP_SYS(sendmmsg), SCMP_SYS(getsockopt),
	SCMP_SYS(getsockname), SCMP_SYS(shutdown), SCMP_SYS(close), SCMP_SYS(fcntl),
	SCMP_SYS(fstat), SCMP_SYS(newfstatat), SCMP_SYS(lseek), SCMP_SYS(dup), SCMP_SYS(dup3),
	SCMP_SYS(epoll_wait), SCMP_SYS(epoll_pwait), SCMP_SYS(epoll_pwait2), SCMP_SYS(epoll_ctl),
	SCMP_SYS(epoll_create1), SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(timerfd_create),
	SCMP_SYS(timerfd_settime), SCMP_SYS(signalfd4), SCMP_SYS(eventfd2),
	SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres), SCMP_SYS(gettimeofday), SCMP_SYS(time),
	SCMP_SYS(clock_nanosleep), SCMP_SYS(nanosleep),
	SCMP_SYS(getrandom), SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise),
	SCMP_SYS(futex), SCMP_SYS(sched_yield), SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn), SCMP_SYS(sigaltstack), SCMP_SYS(restart_syscall),
	SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getgid),
	SCMP_SYS(getegid), SCMP_SYS(sysinfo), SCMP_SYS(uname), SCMP_SYS(getcpu), SCMP_SYS(rseq),
	SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(tgkill),
};

/* Libraries try these and live with a refusal. There is nothing to open in an empty root anyway. */
static const int refused[] = {
	SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(statx),
	SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2),
	SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(ioctl), SCMP_SYS(prlimit64),
	SCMP_SYS(prctl), SCMP_SYS(sched_getaffinity), SCMP_SYS(mlock), SCMP_SYS(mlock2),
};

#ifndef __SANITIZE_ADDRESS__
static int add_rules(scmp_filter_ctx ctx, enum vd_role role)
{
	int err = 0;

	for (size_t i = 0; !err && i < sizeof(allowed) / sizeof(allowed[0]); i++)
		err = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, allowed[i], 0);
	for (size_t i = 0; !err && i < sizeof(refused) / sizeof(refused[0]); i++)
		err = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), refused[i], 0);
	/* Connections come to the control socket of [net]; nothing comes to [keys]. */
	if (!err && role == VD_ROLE_NET)
		err = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(accept4), 0);
	/* Memory, but never memory to execute. */
	if (!err)
		err = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
				       SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	if (!err)
		err = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
				       SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	return err;
}

static int filter_system_calls(enum vd_role role)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int err;

	if (!ctx)
		return -ENOMEM;
	err = add_rules(ctx, role);
	if (!err)
		err = seccomp_load(ctx);
	seccomp_release(ctx);
	return err;
}
#else
/* The sanitizers' own runtime calls whatever it likes. */
static int filter_system_calls(enum vd_role role)
{
	return 0;
}
#endif

/* ---- the steps ---- */

static int change_id(const struct passwd *pw)
{
	capng_clear(CAPNG_SELECT_BOTH);
	return capng_change_id(pw->pw_uid, pw->pw_gid, CAPNG_DROP_SUPP_GRP | CAPNG_CLEAR_BOUNDING) ?
	       -EPERM : 0;
}

int vd_sandbox_enter(enum vd_role role, const char *empty_dir, const char **what)
{
	const struct passwd *pw = account(role == VD_ROLE_KEYS ? keys_users : net_users);

	*what = "finding the account viaduct or nobody";
	if (!pw)
		return -ENOENT;
	/* Secrets stay out of the swap where the limit allows it; nothing depends on it. */
	if (role == VD_ROLE_KEYS) {
		limit(RLIMIT_MEMLOCK, RLIM_INFINITY);
		mlockall(MCL_CURRENT | MCL_FUTURE);
	}
	*what = "changing the root directory";
	if (chroot(empty_dir) < 0 || chdir("/") < 0)
		return -errno;
	limit(RLIMIT_CORE, 0);
	*what = "dropping capabilities";
	if (change_id(pw) < 0)
		return -EPERM;
	limit(RLIMIT_NPROC, 0);
	*what = "refusing new privileges";
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return -errno;
	*what = "filtering system calls";
	return filter_system_calls(role);
}

int vd_sandbox_priv(const char **what)
{
	static const unsigned int keep[] = {
		CAP_NET_ADMIN,		/* the module, rtnetlink */
		CAP_NET_BIND_SERVICE,	/* UDP 500 */
		CAP_SETUID, CAP_SETGID, CAP_SETPCAP, CAP_SYS_CHROOT,	/* for the children's start */
		CAP_IPC_LOCK, CAP_SYS_RESOURCE,	/* [keys] locks its memory */
		CAP_KILL,		/* a child that hangs runs under another uid */
	};

	capng_get_caps_process();
	for (unsigned int cap = 0; cap <= CAP_LAST_CAP; cap++) {
		bool wanted = false;

		for (size_t i = 0; i < sizeof(keep) / sizeof(keep[0]); i++)
			wanted |= keep[i] == cap;
		if (!wanted)
			capng_update(CAPNG_DROP, CAPNG_EFFECTIVE | CAPNG_PERMITTED |
				     CAPNG_INHERITABLE | CAPNG_BOUNDING_SET, cap);
	}
	*what = "dropping capabilities";
	if (capng_apply(CAPNG_SELECT_BOTH) != 0)
		return -EPERM;
	*what = "refusing new privileges";
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? -errno : 0;
}
