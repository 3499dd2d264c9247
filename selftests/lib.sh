# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# lib.sh - what the self-tests share: KTAP, namespaces, the two-gateway set-up, polling, counters.
# Sourced by each test. Everything a test makes lives in namespaces with a prefix of its own, in
# $work, or is a process whose pid is noted; the exit trap removes all three.
#
#     hq-host ── hq ────────── wan ────────── branch ── branch-host
#   10.1.0.2   10.1.0.1   192.0.2.254    198.51.100.1    10.2.0.2
#   fd00:1::2  192.0.2.1  198.51.100.254 10.2.0.1        fd00:2::2
#
# wan is a plain router: the place for a NAT, a small MTU, loss, and for looking at the wire.

set -u
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
top=${VIADUCT_TOP:-$(cd "$here/.." && pwd)}
bin=${VIADUCT_BIN:-$top/build/userspace/release}
tools=${VIADUCT_TOOLS:-$top/build/selftests}
export LC_ALL=C.UTF-8
PATH=$PATH:/usr/sbin:/sbin

prefix=v$$
work=$(mktemp -d "${TMPDIR:-/tmp}/viaduct-test.XXXXXX")
mkdir "$work/pids"

# ---- KTAP -----------------------------------------------------------------------------------
# A case is a function. It runs in a subshell under set -e: what fails ends it. It may say why by
# `fail TEXT`, or leave by `skip REASON`. What it prints becomes diagnostic lines.
# Beware: `! command` and all but the last of `a && b` do not end it; `not command` does, and so
# do separate lines. A function called before || or && or if runs without set -e.
fail() { echo "$*"; exit 1; }
not() { ! "$@"; }
skip() { echo "$*" >"$work/skip"; exit 4; }

# skip_all REASON: for a machine on which nothing here can run. 4 is kselftest's KSFT_SKIP.
skip_all() {
	echo "KTAP version 1"
	echo "1..0 # SKIP $*"
	exit 4
}

# run_cases FUNCTION...: runs and reports them; the exit status of the whole.
run_cases() {
	local fn rc n=0 bad=0
	echo "KTAP version 1"
	echo "1..$#"
	for fn in "$@"; do
		n=$((n + 1))
		rm -f "$work/skip"
		(set -e; "$fn") 2>&1 | sed 's/^/# /'
		rc=${PIPESTATUS[0]}
		case $rc in
		0) echo "ok $n $fn" ;;
		4) echo "ok $n $fn # SKIP $(cat "$work/skip")" ;;
		*)
			echo "not ok $n $fn"
			bad=1
			if declare -F on_failure >/dev/null; then on_failure 2>&1 | sed 's/^/#   /'; fi
			;;
		esac
	done
	return "$bad"
}

# ---- processes ------------------------------------------------------------------------------
# spawn NAME COMMAND...: in the background, with its output in $work/NAME.out.
spawn() {
	local name=$1
	shift
	end "$name"
	"$@" >"$work/$name.out" 2>&1 </dev/null &
	echo $! >"$work/pids/$name"
}
# spawn_in NS NAME COMMAND...: the same in a namespace. ip execs, so the pid is the command's.
spawn_in() {
	local ns=$1 name=$2
	shift 2
	spawn "$name" ip netns exec "$prefix-$ns" "$@"
}
alive() { kill -0 "$(cat "$work/pids/$1")" 2>/dev/null; }
# end NAME [SIGNAL]: ends it and waits until it is gone, by force after 10 s.
end() {
	local pid
	[ -e "$work/pids/$1" ] || return 0
	pid=$(cat "$work/pids/$1")
	rm -f "$work/pids/$1"
	kill "-${2:-TERM}" "$pid" 2>/dev/null || return 0
	if ! wait_for 10 gone "$pid"; then kill -KILL "$pid" 2>/dev/null; fi
	wait "$pid" 2>/dev/null || true
}
gone() {
	# A zombie that another shell has to reap is gone, too.
	! grep -q '^State:[[:space:]]*[^Z]' "/proc/$1/status" 2>/dev/null
}

# wait_for SECONDS COMMAND...: polls until the command succeeds; 1 when it never did. An emulated or
# busy machine is given several times as long.
patience=${PATIENCE:-4}
wait_for() {
	local end=$((SECONDS + $1 * patience))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.1
	done
}

# ---- namespaces -----------------------------------------------------------------------------
at() { # NS COMMAND...
	local ns=$1
	shift
	ip netns exec "$prefix-$ns" "$@"
}
ip_in() { # NS ARGUMENT...: ip itself, without a second exec
	local ns=$1
	shift
	ip -n "$prefix-$ns" "$@"
}

add_ns() {
	local ns
	for ns in "$@"; do
		ip netns add "$prefix-$ns"
		# shellcheck disable=SC2016
		at "$ns" bash -c 'ip link set lo up; cd /proc/sys/net || exit
			for conf in all default; do
				echo 0 >ipv4/conf/$conf/rp_filter
				echo 0 >ipv6/conf/$conf/accept_dad
				echo 0 >ipv6/conf/$conf/router_solicitations
			done'
	done
}

# link NS1 DEV1 NS2 DEV2: a veth pair, both ends up.
link() {
	ip link add "$2" netns "$prefix-$1" type veth peer name "$4" netns "$prefix-$3"
	ip_in "$1" link set "$2" up
	ip_in "$3" link set "$4" up
}

# addresses NS DEV ADDRESS...
addresses() {
	local ns=$1 dev=$2 a
	shift 2
	for a in "$@"; do
		case $a in
		*:*) ip_in "$ns" addr add "$a" dev "$dev" nodad ;;
		*) ip_in "$ns" addr add "$a" dev "$dev" ;;
		esac
	done
}

hq4=192.0.2.1 hq6=2001:db8:2::1 branch4=198.51.100.1 branch6=2001:db8:51::1
hqhost4=10.1.0.2 hqhost6=fd00:1::2 branchhost4=10.2.0.2 branchhost6=fd00:2::2

# two_gateways: the set-up of the picture above, without any tunnel.
two_gateways() {
	add_ns hq branch wan hq-host branch-host
	link hq wan wan hq
	link branch wan wan branch
	link hq lan hq-host eth0
	link branch lan branch-host eth0
	ip -n "$prefix-hq" -batch - <<-BATCH
		addr add $hq4/24 dev wan
		addr add $hq6/64 dev wan nodad
		addr add 10.1.0.1/24 dev lan
		addr add fd00:1::1/64 dev lan nodad
		route add default via 192.0.2.254
		route add default via 2001:db8:2::fe
	BATCH
	ip -n "$prefix-branch" -batch - <<-BATCH
		addr add $branch4/24 dev wan
		addr add $branch6/64 dev wan nodad
		addr add 10.2.0.1/24 dev lan
		addr add fd00:2::1/64 dev lan nodad
		route add default via 198.51.100.254
		route add default via 2001:db8:51::fe
	BATCH
	# What leaks past the tunnel must not arrive by the underlay.
	ip -n "$prefix-wan" -batch - <<-BATCH
		addr add 192.0.2.254/24 dev hq
		addr add 2001:db8:2::fe/64 dev hq nodad
		addr add 198.51.100.254/24 dev branch
		addr add 2001:db8:51::fe/64 dev branch nodad
		route add blackhole 10.1.0.0/16
		route add blackhole 10.2.0.0/16
		route add blackhole fd00::/16
	BATCH
	ip -n "$prefix-hq-host" -batch - <<-BATCH
		addr add $hqhost4/24 dev eth0
		addr add $hqhost6/64 dev eth0 nodad
		route add default via 10.1.0.1
		route add default via fd00:1::1
	BATCH
	ip -n "$prefix-branch-host" -batch - <<-BATCH
		addr add $branchhost4/24 dev eth0
		addr add $branchhost6/64 dev eth0 nodad
		route add default via 10.2.0.1
		route add default via fd00:2::1
	BATCH
	local ns
	for ns in hq branch wan; do
		at "$ns" bash -c 'echo 1 >/proc/sys/net/ipv4/ip_forward
			echo 1 >/proc/sys/net/ipv6/conf/all/forwarding'
	done
	wait_for 10 at hq ping -c 1 -W 1 $branch4 || return 1
	wait_for 10 at hq ping -c 1 -W 1 $branch6
}

# masquerade hq|branch: from now on wan hides that gateway behind its own address on the far side.
masquerade() {
	local net=192.0.2.0/24 far=branch
	if [ "$1" = branch ]; then net=198.51.100.0/24 far=hq; fi
	at wan nft -f - <<-NFT
		table ip nat {
			chain post {
				type nat hook postrouting priority srcnat
				oifname "$far" ip saddr $net masquerade
			}
		}
	NFT
}

# ---- the module -----------------------------------------------------------------------------
load_crypto() {
	# Without udev nothing loads the fast drivers, and gcm(aes) would silently be the generic one.
	modprobe -qa aesni_intel ghash_clmulni_intel veth udp_tunnel ip6_udp_tunnel gcm ccm cbc ctr \
		hmac sha256 sha512 authenc cryptd crypto_simd crypto_null || true
}

# need_module: loads viaduct.ko from the build, or the installed one; skips all when it cannot be.
need_module() {
	local ko
	[ "$(id -u)" = 0 ] || skip_all "needs root"
	load_crypto
	[ ! -d /sys/module/viaduct ] || return 0
	ko=${VIADUCT_KO:-$top/build/kmod-$(uname -r)/kmod/viaduct.ko}
	if [ -e "$ko" ]; then
		modinfo -F depends "$ko" | tr , '\n' | xargs -r modprobe -a
		insmod "$ko" || skip_all "cannot load $ko"
	else
		modprobe viaduct 2>/dev/null ||
			skip_all "no viaduct.ko for $(uname -r): make modules"
	fi
}

# need TOOL...: skips all when one is not there.
need() {
	local tool
	for tool in "$@"; do
		command -v "$tool" >/dev/null || skip_all "needs $tool: scripts/setup"
	done
}

# ---- traffic and counters -------------------------------------------------------------------
# ping_all NS ADDRESS [COUNT]: every packet must come back.
ping_all() {
	local n=${3:-5} got
	got=$(at "$1" ping -q -n -i 0.05 -c "$n" -W 5 "$2" | sed -n 's/.* \([0-9]*\) received.*/\1/p')
	[ "${got:-0}" = "$n" ] || { echo "ping $1 -> $2: ${got:-0} of $n came back"; return 1; }
}

# listening NS PORT [t|u]: polls with this until a server is there.
listening() { at "$1" ss "-Hln${3:-t}" "sport = :$2" | grep -q .; }

# sniff NS NAME DEV FILTER: captures to $work/NAME.pcap; returns when the capture runs.
sniff() {
	spawn_in "$1" "$2" tcpdump --immediate-mode -U -n -i "$3" -w "$work/$2.pcap" "$4"
	wait_for 10 grep -q 'listening on' "$work/$2.out"
}
# sniffed NAME [FILTER]: how many packets it holds so far.
sniffed() { tcpdump -n -r "$work/$1.pcap" "${2:-}" 2>/dev/null | wc -l; }
sniffed_at_least() { [ "$(sniffed "$1" "${3:-}")" -ge "$2" ]; }

# ---- the end ----------------------------------------------------------------------------------
cleanup() { # [STATUS]
	local rc=${1:-$?} file ns
	trap - EXIT
	for file in "$work"/pids/*; do
		[ ! -e "$file" ] || end "$(basename "$file")"
	done
	for ns in $(ip netns list 2>/dev/null | awk -v p="$prefix-" 'index($1, p) == 1 { print $1 }'); do
		ip netns del "$ns"
	done
	if [ -n "${KEEP:-}" ]; then echo "# kept: $work"; else rm -rf "$work"; fi
	exit "$rc"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
