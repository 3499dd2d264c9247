#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# datapath_matrix.sh - traffic through SAs made by hand: both outer and both inner families, raw and
# in UDP, each algorithm. Small and fragmented packets; every one must arrive and be counted.
# shellcheck source=selftests/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=selftests/lib_sa.sh
. "$here/lib_sa.sh"

# combination OUTER ENCAP ALGORITHM [esn]
combination() {
	local before
	manual_tunnel "$@"
	# A host learns the path's MTU for IPv6 by losing a packet.
	at hq-host ping -q -n -c 2 -i 0.2 -W 1 -s 4000 $branchhost6 || true
	at branch-host ping -q -n -c 2 -i 0.2 -W 1 -s 4000 $hqhost6 || true
	before=$(on_the_wire "$1" "$2")
	traffic_both_families
	nothing_lost
	# 4 echoes and 4 answers six times, the large ones in three pieces or more.
	[ $(($(on_the_wire "$1" "$2") - before)) -ge 80 ]
	[ "$(at wan nft list counters | awk '/clear/ { getline; print $2 }')" = 0 ]
}
traffic_both_families() {
	ping_sized hq-host $branchhost4 1200
	ping_sized branch-host $hqhost6 1200
	# Larger than any MTU: fragments before the tunnel.
	ping_sized branch-host $hqhost4 4000
	ping_sized hq-host $branchhost6 4000
	# An odd size, for the padding.
	ping_sized hq-host $branchhost6 1
	ping_sized branch-host $hqhost4 0
}
ping_sized() {
	local got
	got=$(at "$1" ping -q -n -i 0.02 -c 4 -W 5 -s "$3" "$2" | sed -n 's/.* \([0-9]*\) received.*/\1/p')
	[ "${got:-0}" = 4 ] || { echo "ping $1 -> $2 of $3 octets: ${got:-0} of 4"; return 1; }
}

# What passes the router, by kind. Nothing of the inner networks may be among it.
count_at_router() {
	at wan nft -f - <<-'NFT'
		table inet look {
			counter raw4 { }
			counter raw6 { }
			counter udp4 { }
			counter udp6 { }
			counter clear { }
			chain pre {
				type filter hook prerouting priority -300
				ip protocol esp counter name raw4
				ip6 nexthdr esp counter name raw6
				ip protocol udp udp dport 4500 counter name udp4
				ip6 nexthdr udp udp dport 4500 counter name udp6
				ip saddr 10.0.0.0/8 counter name clear
				ip6 saddr fd00::/16 counter name clear
			}
		}
	NFT
}
on_the_wire() { at wan nft list counter inet look "$2$1" | awk '$1 == "packets" { print $2 }'; }

manual_setup
need nft
count_at_router || skip_all "no nftables in this kernel"
cases=()
add() { # OUTER ENCAP ALGORITHM [esn]
	local name="outer_ipv$1_$2_$3${4:+_$4}"
	eval "$name() { combination $*; }"
	cases+=("$name")
}
for outer in 4 6; do
	for encap in raw udp; do
		add $outer $encap gcm128
		add $outer $encap cbc256 esn
	done
done
add 4 raw gcm256 esn
add 6 udp cbc128
run_cases "${cases[@]}"
