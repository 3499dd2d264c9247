#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# datapath_mtu.sh - packets of every size around the limit, a path that gets narrower, TCP through
# both, and the messages that tell a sender.
# shellcheck source=selftests/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=selftests/lib_sa.sh
. "$here/lib_sa.sh"

mtu() { at "$1" cat /sys/class/net/via0/mtu; }
mtu_is() { [ "$(mtu "$1")" = "$2" ]; }
mtu_below() { [ "$(mtu hq)" -lt "$1" ]; }
# whole SIZE: an unfragmented IPv4 packet of SIZE octets arrives and comes back.
whole() { at hq-host ping -n -q -c 1 -W 5 -M "do" -s $(($1 - 28)) $branchhost4; }
whole6() { at hq-host ping -n -q -c 1 -W 5 -M "do" -s $(($1 - 48)) $branchhost6; }

# fits OUTER ENCAP ALGORITHM: the automatic MTU is the largest that needs no outer fragment.
fits() {
	local m
	manual_tunnel "$1" "$2" "$3"
	m=$(mtu hq)
	echo "MTU $m"
	[ "$m" -gt 1350 ]
	[ "$m" -lt 1500 ]
	sniff wan outer hq "ip[6:2] & 0x3fff != 0 and src host $hq4 or ip6[6] = 44 and src host $hq6"
	whole "$m"
	whole $((m - 1))
	whole6 "$m"
	[ "$(sniffed outer)" = 0 ]
	end outer
}
fits_4_raw_gcm() { fits 4 raw gcm128; }
fits_4_udp_gcm() { fits 4 udp gcm128; }
fits_6_raw_gcm() { fits 6 raw gcm128; }
fits_4_raw_cbc() { fits 4 raw cbc256; }
fits_6_udp_cbc() { fits 6 udp cbc256; }
uses_what_there_is() {
	# One octet more would not have fitted: nothing is given away but padding.
	local m overhead
	manual_tunnel 4 raw gcm128
	m=$(mtu hq)
	# IPv4 20, ESP 8, IV 8, pad length and next header 2, ICV 16, aligned to 4.
	overhead=54
	echo "MTU $m, could be $(((1500 - 20 - 8 - 8 - 16) / 4 * 4 - 2))"
	[ $((m + overhead)) -le 1500 ]
	[ $((m + overhead)) -gt 1490 ]
}
tells_the_sender_v4() {
	manual_tunnel 4 raw gcm128
	at hq-host ip route flush cache
	# ping reports the ICMP message that carries the MTU.
	at hq-host ping -n -c 1 -W 2 -M "do" -s 1472 $branchhost4 >"$work/big" 2>&1 || true
	cat "$work/big"
	grep -qE "mtu ?= ?$(mtu hq)" "$work/big"
}
tells_the_sender_v6() {
	manual_tunnel 4 raw gcm128
	at hq-host ping -n -c 1 -W 2 -M "do" -s 1452 $branchhost6 >"$work/big" 2>&1 || true
	cat "$work/big"
	grep -qE "mtu ?= ?$(mtu hq)" "$work/big"
}
# path MTU: the router's far side is that narrow, and nobody remembers how it was.
path() {
	local ns
	ip_in wan link set branch mtu "$1"
	ip_in branch link set wan mtu "$1"
	for ns in hq branch hq-host branch-host; do
		ip_in $ns route flush cache
		ip_in $ns -6 route flush cache
	done
}
narrower_path() {
	# The router's ICMP answers to our outer packets do the rest.
	local before
	manual_tunnel 4 raw gcm128
	before=$(mtu hq)
	path 1400
	at hq-host ping -n -q -c 5 -i 0.2 -W 1 -M "do" -s $((before - 28)) $branchhost4 || true
	wait_for 10 mtu_below 1400 || fail "still $(mtu hq)"
	[ "$(mtu hq)" -ge 1330 ]
	at hq-host ping -n -q -c 1 -W 1 -M "do" -s $((before - 28)) $branchhost4 || true
	whole "$(mtu hq)"
	whole6 "$(mtu hq)"
	tcp
}
too_narrow_for_ipv6() {
	# IPv6 needs 1280 inside: then the outside is fragmented; an IPv4 sender with DF is told.
	manual_tunnel 4 raw gcm128
	path 1300
	at hq-host ping -n -c 8 -i 0.2 -W 1 -M "do" -s 1372 $branchhost4 >"$work/big" 2>&1 || true
	cat "$work/big"
	at hq-host ping -n -c 3 -i 0.2 -W 1 -M "do" -s 1252 $branchhost4 >"$work/big" 2>&1 || true
	cat "$work/big"
	grep -qE 'mtu ?= ?12[0-9][0-9]' "$work/big"
	whole 1240
	whole6 1280
	tcp
}
tcp() {
	spawn_in branch-host iperf iperf3 -s -1
	wait_for 20 listening branch-host 5201
	timeout 60 ip netns exec "$prefix-hq-host" iperf3 -c $branchhost4 -w 128K -n 2M -J >"$work/iperf.json"
	# iperf3 ends when all is in the sender's buffer: the last part may not have arrived.
	[ "$(jq .end.sum_received.bytes "$work/iperf.json")" -ge 1000000 ]
}
wide_again() {
	path 1500
	manual_tunnel 4 raw gcm128
	wait_for 10 mtu_is hq 1446
	whole 1446
	tcp
}

manual_setup
need tcpdump iperf3 jq
run_cases fits_4_raw_gcm fits_4_udp_gcm fits_6_raw_gcm fits_4_raw_cbc fits_6_udp_cbc \
	uses_what_there_is tells_the_sender_v4 tells_the_sender_v6 narrower_path too_narrow_for_ipv6 wide_again
