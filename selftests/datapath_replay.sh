#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# datapath_replay.sh - packets sent again, late, altered, cut, or for nobody: each is dropped, counted
# under its own reason, and never delivered.
# shellcheck source=selftests/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=selftests/lib_sa.sh
. "$here/lib_sa.sh"

# On the segment between the router and branch, towards branch.
inject() { at wan python3 "$here/inject.py" branch "$work/take.pcap" "$@"; }
# take N: captures N ESP packets of hq on their way to branch. They arrive, too.
take() {
	sniff wan take branch "src host $hq4 and (esp or udp port 4500)"
	ping_all hq-host $branchhost4 "$1"
	wait_for 10 sniffed_at_least take "$1"
	end take
}
delivered() { sa_field branch in 0x1001 stats.rx-packets; }
sa_drops() { sa_field branch in 0x1001 "stats.drops.$1"; }
has_drops() { [ "$(sa_drops "$1")" -ge "$2" ]; }
ns_drops() { vdt branch stats-get | word "drops.$1"; }

# dropped REASON INJECT_ARGUMENT...: everything injected is counted there, nothing is delivered.
dropped() {
	local reason=$1 before count n
	shift
	before=$(delivered)
	count=$(sa_drops "$reason")
	n=$(inject "$@")
	wait_for 10 has_drops "$reason" $((count + n)) ||
		fail "$n injected, $reason was $count, is $(sa_drops "$reason"): $(drops branch)"
	[ "$(sa_drops "$reason")" = $((count + n)) ]
	[ "$(delivered)" = "$before" ]
}

replayed() {
	take 5
	dropped rx-replay
	dropped rx-replay
}
left_of_the_window() {
	take 5
	mv "$work/take.pcap" "$work/old.pcap"
	ping_all hq-host $branchhost4 100
	mv "$work/old.pcap" "$work/take.pcap"
	dropped rx-late
}
still_works() { ping_all hq-host $branchhost4 5; }
altered() {
	# Fresh sequence numbers that branch has not seen: taken while branch does not listen.
	ip_in wan link set branch down
	sniff wan take hq "src host $hq4 and (esp or udp port 4500)"
	at hq-host ping -n -q -c 5 -i 0.1 -W 1 $branchhost4 || true
	wait_for 10 sniffed_at_least take 5
	end take
	ip_in wan link set branch up
	ip_in wan addr replace 2001:db8:51::fe/64 dev branch nodad
	retarget
	dropped rx-icv --flip 30
	dropped rx-icv --flip -1
	# The sequence number is authenticated, too: 4096 packets ahead, so that it isn't a replay.
	dropped rx-icv --flip 6
	# Not one of the failures may have moved the window: the true packets are still good.
	local before n
	before=$(delivered)
	n=$(inject)
	wait_for 10 delivered_at_least $((before + n))
}
delivered_at_least() { [ "$(delivered)" -ge "$1" ]; }
# retarget: what was captured on the hq side gets the addresses of the branch side.
retarget() {
	python3 - "$work/take.pcap" "$(at wan cat /sys/class/net/branch/address)" \
		"$(at branch cat /sys/class/net/wan/address)" <<-'PY'
		import struct, sys
		path, src, dst = sys.argv[1:]
		mac = lambda s: bytes.fromhex(s.replace(":", ""))
		data = bytearray(open(path, "rb").read())
		at = 24
		while at + 16 <= len(data):
		    n = struct.unpack("<I", data[at + 8:at + 12])[0]
		    data[at + 16:at + 28] = mac(dst) + mac(src)
		    at += 16 + n
		open(path, "wb").write(data)
	PY
}
cut_short() {
	local before
	take 3
	before=$(delivered)
	# Too short for an IV, for an ICV, and an ICV that is not where it was.
	for n in 8 12 20 40; do inject --cut $n; done
	ping_all hq-host $branchhost4 3
	[ "$(delivered)" = $((before + 3)) ]
	[ $(($(sa_drops rx-truncated) + $(sa_drops rx-icv) + $(sa_drops rx-replay))) -ge 12 ]
}
in_udp() {
	manual_tunnel 4 udp gcm128
	take 5
	dropped rx-replay
	still_works
}
unknown_spi() {
	# In UDP, where the socket is ours: raw ESP for nobody is passed on, it may be XFRM's.
	local count n
	count=$(ns_drops rx-no-sa)
	n=$(inject --spi 0x4242)
	wait_for 10 no_sa_at_least $((count + n))
}
no_sa_at_least() { [ "$(ns_drops rx-no-sa)" -ge "$1" ]; }
encapsulation_disagrees() {
	# Agreed on UDP; the same octets without it must not be taken (RFC 7296, 2.23).
	dropped rx-encap --bare
}
without_protection() {
	no_tunnel
	add_device hq
	add_device branch
	any_child hq
	any_child branch
	ends 4 raw
	local a before n
	a=$(algorithm gcm128 $key_a)
	# shellcheck disable=SC2086
	vdt branch sa-new dev via0 child 1 dir in spi 0x1001 $branch_ends $a replay-window 0
	# shellcheck disable=SC2086
	vdt hq sa-new dev via0 child 1 dir out spi 0x1001 $hq_ends $a
	sniff wan take branch "src host $hq4 and esp"
	at hq-host ping -n -q -c 3 -i 0.1 -W 1 $branchhost4 || true
	wait_for 10 sniffed_at_least take 3
	end take
	before=$(delivered)
	n=$(inject)
	wait_for 10 delivered_at_least $((before + n))
}

manual_setup
need python3 tcpdump
manual_tunnel 4 raw gcm256 || exit 1
ping_all hq-host $branchhost4 3 || { on_failure; exit 1; }
run_cases replayed left_of_the_window still_works altered cut_short in_udp unknown_spi \
	encapsulation_disagrees without_protection
