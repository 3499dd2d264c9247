#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# datapath_queue.sh - packets without an SA: an on-demand child asks once, keeps them in a bounded
# queue and sends them in order when the SA comes; another child drops them; selectors decide who is
# who; the carrier follows the SA.
# shellcheck source=selftests/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=selftests/lib_sa.sh
. "$here/lib_sa.sh"

carrier() { [ "$(at "$1" cat /sys/class/net/via0/carrier)" = "$2" ]; }
queued() { vdt hq child-get dev via0 child 1 | word queued; }
queued_is() { [ "$(queued)" = "$1" ]; }
# on_demand_ends: devices and children without SAs; hq asks when there is traffic.
on_demand_ends() {
	no_tunnel
	add_device hq
	add_device branch
	vdt hq tunnel-set dev via0 carrier always
	any_child hq on-demand
	any_child branch
	ends 4 raw
}
# numbered N: N datagrams, numbered, from hq-host to branch-host.
numbered() {
	# shellcheck disable=SC2016
	at hq-host bash -c 'for ((i = 1; i <= $1; i++)); do echo "$i" >/dev/udp/10.2.0.2/7000; done' send "$1"
}
receiver() {
	spawn_in branch-host receiver python3 -c '
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("10.2.0.2", 7000))
print("ready", flush=True)
while True:
    print("got", s.recv(100).decode().strip(), flush=True)'
	wait_for 10 grep -q ready "$work/receiver.out"
}
got_in_order() { # N: exactly 1..N, in this order
	[ "$(sed -n 's/^got //p' "$work/receiver.out" | paste -sd ' ')" = "$(seq -s ' ' "$1")" ]
}

asks_once_and_waits() {
	on_demand_ends
	spawn_in hq ask "$tools/nl_viaduct" monitor
	wait_for 10 grep -q listening "$work/ask.out"
	numbered 20
	wait_for 10 queued_is 20
	cat "$work/ask.out"
	[ "$(grep -c '^acquire' "$work/ask.out")" = 1 ]
	grep '^acquire' "$work/ask.out" | grep -q 'child 1 '
	grep '^acquire' "$work/ask.out" | grep -q 'trigger-local 10.1.0.2-10.1.0.2,17'
	grep '^acquire' "$work/ask.out" | grep -q 'trigger-remote 10.2.0.2-10.2.0.2,17,7000-7000'
	end ask
}
sends_in_order_when_the_sa_comes() {
	on_demand_ends
	receiver
	numbered 50
	wait_for 10 queued_is 50
	add_sas gcm128
	wait_for 10 got_in_order 50 || fail "$(paste -sd ' ' "$work/receiver.out")"
	queued_is 0
	end receiver
}
keeps_no_more_than_it_may() {
	on_demand_ends
	vdt hq tunnel-set dev via0 queue-len 16
	numbered 40
	wait_for 10 queued_is 16
	[ "$(tunnel_field hq stats.drops.tx-queue-full)" = 24 ]
	# What stays behind with the child is counted, too.
	vdt hq child-del dev via0 child 1
	[ "$(tunnel_field hq stats.drops.tx-queue-purged)" = 16 ]
}
without_demand_it_drops() {
	no_tunnel
	add_device hq
	vdt hq tunnel-set dev via0 carrier always
	any_child hq
	numbered 5
	wait_for 10 dropped_at_least tx-no-sa 5
}
dropped_at_least() { [ "$(tunnel_field hq "stats.drops.$1")" -ge "$2" ]; }
outside_of_all_selectors() {
	no_tunnel
	add_device hq
	vdt hq tunnel-set dev via0 carrier always
	vdt hq child-new dev via0 child 1 local 10.1.0.0/16 remote 10.2.7.0/24 on-demand
	numbered 5
	wait_for 10 dropped_at_least tx-no-child 5
}
selectors_choose_the_child() {
	no_tunnel
	add_device hq
	add_device branch
	ends 4 raw
	local a b ns
	a=$(algorithm gcm128 $key_a)
	b=$(algorithm gcm128 $key_b)
	for ns in hq branch; do
		# Echo by the one, UDP to one port by the other.
		vdt $ns child-new dev via0 child 1 local 10.0.0.0/8,1 remote 10.0.0.0/8,1
	done
	vdt hq child-new dev via0 child 2 local 10.1.0.0/16,17 remote 10.2.0.0/16,17,7000-7000
	vdt branch child-new dev via0 child 2 local 10.2.0.0/16,17,7000-7000 remote 10.1.0.0/16,17
	# shellcheck disable=SC2086
	{
		vdt hq sa-new dev via0 child 1 dir in spi 0x1002 $hq_ends $b replay-window 64
		vdt branch sa-new dev via0 child 1 dir in spi 0x1001 $branch_ends $a replay-window 64
		vdt hq sa-new dev via0 child 1 dir out spi 0x1001 $hq_ends $a
		vdt branch sa-new dev via0 child 1 dir out spi 0x1002 $branch_ends $b
		vdt branch sa-new dev via0 child 2 dir in spi 0x2001 $branch_ends $a replay-window 64
		vdt hq sa-new dev via0 child 2 dir out spi 0x2001 $hq_ends $a
	}
	receiver
	ping_all hq-host $branchhost4 5
	numbered 7
	wait_for 10 got_in_order 7
	[ "$(sa_field branch in 0x1001 stats.rx-packets)" = 5 ]
	[ "$(vdt branch sa-get dev via0 child 2 dir in spi 0x2001 | word stats.rx-packets)" = 7 ]
	end receiver
}
peer_may_not_send_what_was_not_agreed() {
	no_tunnel
	add_device hq
	add_device branch
	# IPv4 only: hq's multicast listener reports are none of this.
	vdt hq child-new dev via0 child 1 local 0.0.0.0/0 remote 0.0.0.0/0
	# branch agreed to another subnet than hq sends to.
	vdt branch child-new dev via0 child 1 local 10.2.9.0/24 remote 10.1.0.0/16
	ends 4 raw
	add_sas gcm128
	at hq-host ping -n -q -c 3 -i 0.1 -W 1 $branchhost4 || true
	[ "$(sa_field branch in 0x1001 stats.drops.rx-selector)" = 3 ]
}
carrier_follows_the_sa() {
	no_tunnel
	add_device hq
	add_device branch
	any_child hq
	any_child branch
	wait_for 5 carrier hq 0
	ends 4 raw
	add_sas gcm128
	wait_for 5 carrier hq 1
	vdt hq sa-del dev via0 child 1 dir out spi 0x1001
	wait_for 5 carrier hq 0
	vdt hq tunnel-set dev via0 carrier always
	wait_for 5 carrier hq 1
	vdt hq tunnel-set dev via0 carrier sa
	wait_for 5 carrier hq 0
}
switches_without_a_loss() {
	# The new pair is there before the old one goes: what a rekey does, by hand.
	local a b n spi sent got
	manual_tunnel 4 raw gcm128
	spawn_in hq-host load ping -n -i 0.01 $branchhost4
	wait_for 10 grep -q 'icmp_seq=10 ' "$work/load.out"
	for n in 3 4 5 6; do
		a=$(algorithm gcm256 "${n}0${key_a:2}")
		b=$(algorithm gcm256 "${n}0${key_b:2}")
		# shellcheck disable=SC2086
		{
			vdt hq sa-new dev via0 child 1 dir in spi 0x${n}002 $hq_ends $b replay-window 64
			vdt branch sa-new dev via0 child 1 dir in spi 0x${n}001 $branch_ends $a replay-window 64
			vdt hq sa-new dev via0 child 1 dir out spi 0x${n}001 $hq_ends $a
			vdt branch sa-new dev via0 child 1 dir out spi 0x${n}002 $branch_ends $b
		}
		[ "$(vdt hq child-get dev via0 child 1 | word out-spi)" = "0x0000${n}001" ]
	done
	wait_for 10 grep -q 'icmp_seq=200 ' "$work/load.out"
	end load INT
	read -r sent got < <(sed -n 's/^\([0-9]*\) packets transmitted, \([0-9]*\) received.*/\1 \2/p' "$work/load.out")
	echo "sent $sent, answered $got"
	[ $((sent - got)) -le 1 ]
	[ -z "$(drops hq)$(drops branch)" ]
	for spi in 0x1001 0x3001 0x4001 0x5001; do
		vdt hq sa-del dev via0 child 1 dir out spi $spi
	done
	ping_all hq-host $branchhost4 3
}

manual_setup
need python3
run_cases asks_once_and_waits sends_in_order_when_the_sa_comes keeps_no_more_than_it_may \
	without_demand_it_drops outside_of_all_selectors selectors_choose_the_child \
	peer_may_not_send_what_was_not_agreed carrier_follows_the_sa switches_without_a_loss
