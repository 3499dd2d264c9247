#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# probe.sh OUT CC ARGS... - ask the compiler what the kernel being built for has, and write it
# to OUT as macros. Distributions backport, so version numbers say nothing.
#
# A probe: NAME, then C code that compiles when the kernel has it. Only compat.h reads the answers.
set -eu
out=$1
shift
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

names=''
probe()
{
	name=$1
	cat >"$dir/$name.c"
	names="$names $name"
}

probe NEWLINK_PARAMS <<'C'
#include <net/rtnetlink.h>
static int f(struct net_device *d, struct rtnl_newlink_params *p, struct netlink_ext_ack *e)
{
	return rtnl_newlink_link_net(p) != NULL;
}
struct rtnl_link_ops ops = { .newlink = f };
C
probe DEV_LLTX <<'C'
#include <linux/netdevice.h>
void f(struct net_device *d);
void f(struct net_device *d) { d->lltx = true; }
C
probe COMPLETION_DATA <<'C'
#include <linux/crypto.h>
void f(void *data, int err);
crypto_completion_t p = f;
C
probe TIMER_CONTAINER_OF <<'C'
#include <linux/timer.h>
struct s { struct timer_list t; };
void *f(struct timer_list *t);
void *f(struct timer_list *t) { struct s *s = timer_container_of(s, t, t); return s; }
C
probe GSO_HEADER <<'C'
#include <net/gso.h>
C
probe UNALIGNED_HEADER <<'C'
#include <linux/unaligned.h>
C
probe DUMMY_ALLOC <<'C'
#include <linux/netdevice.h>
struct net_device *f(void);
struct net_device *f(void) { return alloc_netdev_dummy(0); }
C
probe NAPI_GRO_FLUSH <<'C'
#include <linux/netdevice.h>
#include <net/gro.h>
void f(struct napi_struct *n);
void f(struct napi_struct *n) { napi_gro_flush(n, false); }
C
probe TUNNEL_SOCK_SK <<'C'
#include <net/udp_tunnel.h>
void f(struct net *n, struct sock *sk, struct udp_tunnel_sock_cfg *c);
void f(struct net *n, struct sock *sk, struct udp_tunnel_sock_cfg *c)
{
	setup_udp_tunnel_sock(n, sk, c);
}
C
probe INET_SET_BIT <<'C'
#include <net/inet_sock.h>
void f(struct sock *sk);
void f(struct sock *sk) { inet_assign_bit(MC_LOOP, sk, true); }
C

for name in $names; do
	"$@" -Werror -fsyntax-only "$dir/$name.c" >"$dir/$name.log" 2>&1 &
	eval "pid_$name=$!"
done
{
	echo '/* SPDX-License-Identifier: GPL-2.0-only */'
	echo '/* Made by compat/probe.sh. */'
	for name in $names; do
		eval "pid=\$pid_$name"
		if wait "$pid"; then
			echo "#define VDT_HAVE_$name 1"
		else
			echo "/* VDT_HAVE_$name: no */"
		fi
	done
} >"$dir/features.h"
mkdir -p "$(dirname "$out")"
mv "$dir/features.h" "$out"
