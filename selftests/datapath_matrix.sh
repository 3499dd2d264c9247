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
	manual_tunnel "$@"
	case $2 in
	raw) sniff wan wire hq 'esp or ip6 proto 50' ;;
	udp) sniff wan wire hq 'udp port 4500' ;;
	esac
	traffic_both_families
	# Echo and reply of 6 x 4 packets at least, all of them as it should be.
	wait_for 10 sniffed_at_least wire 48
	end wire
	nothing_lost
}
traffic_both_families() {
	ping_all hq-host $branchhost4 6
	ping_all hq-host $branchhost6 6
	ping_sized hq-host $branchhost4 1200
	ping_sized branch-host $hqhost6 1200
	# Larger than any MTU: fragments before the tunnel.
	ping_sized branch-host $hqhost4 4000
	ping_sized hq-host $branchhost6 4000
	# An odd size, for the padding.
	ping_sized hq-host $branchhost4 0
	ping_sized branch-host $hqhost6 1
}
ping_sized() {
	local got
	got=$(at "$1" ping -q -n -i 0.05 -c 4 -W 5 -s "$3" "$2" | sed -n 's/.* \([0-9]*\) received.*/\1/p')
	[ "${got:-0}" = 4 ] || { echo "ping $1 -> $2 of $3 octets: ${got:-0} of 4"; return 1; }
}

manual_setup
need tcpdump
cases=()
for outer in 4 6; do
	for encap in raw udp; do
		for alg in gcm128 gcm256 cbc128 cbc256; do
			esn=
			case $alg in *256) esn=esn ;; esac
			name=outer_ipv${outer}_${encap}_${alg}${esn:+_esn}
			eval "$name() { combination $outer $encap $alg $esn; }"
			cases+=("$name")
		done
	done
done
run_cases "${cases[@]}"
