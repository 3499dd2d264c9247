#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# datapath_mapping.sh - the peer's NAT mapping moves: the first authentic packet from the new place
# turns our outbound SA there and tells the daemon; a forged one does not (RFC 7296, 2.23).
# shellcheck source=selftests/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=selftests/lib_sa.sh
. "$here/lib_sa.sh"

# remap PORT: wan hides hq behind its own address, with PORT instead of 4500.
remap() {
	at wan nft -f - <<-NFT
		table ip nat
		delete table ip nat
		table ip nat {
			chain post {
				type nat hook postrouting priority srcnat
				oifname "branch" udp sport 4500 snat to 198.51.100.254:$1
			}
		}
	NFT
	# The mapping that exists would live on: a new zone is as good as a NAT that forgot it.
	at wan nft -f - <<-NFT
		table ip zone
		delete table ip zone
		table ip zone {
			chain pre {
				type filter hook prerouting priority raw
				ct zone set $1
			}
		}
	NFT
}
branch_remote() { sa_field branch out 0x1002 "$1"; }
branch_sends_to() { [ "$(branch_remote remote-addr):$(branch_remote remote-port)" = "$1" ]; }
told() { grep -q "^mapping .*new-remote $1 new-remote-port $2" "$work/moves.out"; }

natted() {
	local a b
	no_tunnel
	remap 5001
	hold_sockets 4
	add_device hq
	add_device branch
	any_child hq
	any_child branch
	a=$(algorithm gcm128 $key_a)
	b=$(algorithm gcm128 $key_b)
	hq_ends="local-addr $hq4 remote-addr $branch4 local-port 4500 remote-port 4500"
	# What IKE saw of hq: the NAT's address and port.
	branch_ends="local-addr $branch4 remote-addr 198.51.100.254 local-port 4500 remote-port 5001"
	# shellcheck disable=SC2086
	{
		vdt hq sa-new dev via0 child 1 dir in spi 0x1002 $hq_ends $b replay-window 64
		vdt branch sa-new dev via0 child 1 dir in spi 0x1001 $branch_ends $a replay-window 64
		vdt hq sa-new dev via0 child 1 dir out spi 0x1001 $hq_ends $a
		vdt branch sa-new dev via0 child 1 dir out spi 0x1002 $branch_ends $b
	}
	ping_all hq-host $branchhost4 5
	branch_sends_to 198.51.100.254:5001
	nothing_lost
}
port_moves() {
	spawn_in branch moves "$tools/nl_viaduct" monitor
	wait_for 10 grep -q listening "$work/moves.out"
	remap 6002
	at hq-host ping -n -q -c 3 -i 0.3 -W 2 $branchhost4
	wait_for 10 branch_sends_to 198.51.100.254:6002
	wait_for 10 told 198.51.100.254 6002
	ping_all hq-host $branchhost4 5
	# Once per move, not once per packet.
	[ "$(grep -c ^mapping "$work/moves.out")" = 1 ]
	end moves
}
address_moves() {
	# hq roams: its outer address changes, the NAT goes away.
	at wan nft delete table ip nat
	ip_in hq addr add 192.0.2.77/24 dev wan
	vdt hq sa-update dev via0 child 1 dir out spi 0x1001 local-addr 192.0.2.77 remote-addr $branch4 \
		local-port 4500 remote-port 4500
	vdt hq sa-update dev via0 child 1 dir in spi 0x1002 local-addr 192.0.2.77 remote-addr $branch4 \
		local-port 4500 remote-port 4500
	at hq-host ping -n -q -c 3 -i 0.3 -W 2 $branchhost4
	wait_for 10 branch_sends_to 192.0.2.77:4500
	ping_all hq-host $branchhost4 5
	ping_all branch-host $hqhost4 5
}
forged_packets_move_nothing() {
	# An ESP header that authenticates nothing, from another place.
	at wan bash -c 'for i in 1 2 3 4 5; do
		printf "\0\0\20\1\0\1\0\1%064d" 0 >/dev/udp/198.51.100.1/4500; done'
	wait_for 10 branch_refused 5
	branch_sends_to 192.0.2.77:4500
	ping_all hq-host $branchhost4 5
}
branch_refused() { [ "$(tunnel_field branch stats.drops.rx-icv)" -ge "$1" ]; }

manual_setup
run_cases natted port_moves address_moves forged_packets_move_nothing
