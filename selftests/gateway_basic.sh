#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# gateway_basic.sh - two viaductd negotiate, hosts behind them talk, the admin takes it down and up.
# shellcheck source=selftests/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=selftests/lib_gateway.sh
. "$here/lib_gateway.sh"

negotiates() {
	ctl hq up branch --timeout 30
	wait_for 10 tunnel_is hq via0 up
	wait_for 10 tunnel_is branch via0 up
	[ "$(gateway hq branch .role)" = initiator ]
	[ "$(gateway branch hq .role)" = responder ]
	[ "$(tunnel hq via0 .spi_out)" = "$(tunnel branch via0 .spi_in)" ]
	[ "$(tunnel hq via0 .spi_in)" = "$(tunnel branch via0 .spi_out)" ]
}
carries_both_families() {
	ping_all hq-host $branchhost4 20
	ping_all branch-host $hqhost4 20
	ping_all hq-host $branchhost6 20
	ping_all branch-host $hqhost6 20
}
counts_every_packet() {
	mark via0 hq branch
	ping_all hq-host $branchhost4 20
	ping_all branch-host $hqhost6 20
	balanced via0 hq branch 40
}
nothing_in_clear() {
	sniff wan clear hq 'net 10.0.0.0/8 or net fd00::/16'
	sniff wan sealed hq esp
	ping_all hq-host $branchhost4 5
	wait_for 10 sniffed_at_least sealed 10
	[ "$(sniffed clear)" = 0 ]
	end clear
	end sealed
}
transfers_bulk() {
	spawn_in branch-host iperf iperf3 -s -1
	wait_for 20 listening branch-host 5201
	at hq-host iperf3 -c $branchhost4 -w 128K -n 8M -J >"$work/iperf.json"
	# iperf3 ends when all is in the sender's buffer: the last part may not have arrived.
	[ "$(jq .end.sum_received.bytes "$work/iperf.json")" -ge 4000000 ]
}
carrier() { [ "$(at "$1" cat /sys/class/net/via0/carrier 2>/dev/null)" = "$2" ]; }
goes_down() {
	ctl hq down branch
	wait_for 10 carrier hq 0
	wait_for 10 carrier branch 0
	not tunnel_is hq via0 up
	not at hq-host ping -c 1 -W 1 $branchhost4
}
comes_up_again() {
	ctl hq up branch --timeout 30
	wait_for 10 carrier hq 1
	wait_for 10 carrier branch 1
	ping_all hq-host $branchhost4 5
}
one_sa_pair_left() {
	[ "$(gateway hq branch .sas)" = 1 ]
	[ "$(tunnel hq via0 .sas)" = 1 ]
	[ "$(tunnel branch via0 .sas)" = 1 ]
}
answers_in_json() {
	ctl hq status --json | jq -e '.gateways[0].tunnels[0].state == "up"'
	ctl hq show via0 --json | jq -e .
}
responder_may_initiate() {
	# What an administrator took down at hq would stay down: branch ends it and begins it again.
	ctl branch down hq
	wait_for 10 carrier hq 0
	ctl branch up hq --timeout 30
	wait_for 10 tunnel_is branch via0 up
	ping_all branch-host $hqhost4 5
}
one_pair_at_branch() { [ "$(tunnel branch via0 .sas)" = 1 ]; }
survives_a_killed_peer() {
	# No Delete is sent; a new IKE SA with INITIAL_CONTACT replaces the old one (RFC 7296, 2.4).
	end viaductd-hq KILL
	start_gateway hq
	ctl hq up branch --timeout 30
	ping_all hq-host $branchhost4 5
	wait_for 20 one_pair_at_branch
}

need jq tcpdump iperf3 ping
need_module
two_gateways || skip_all "cannot build namespaces"
two_ends "start = respond" "" "" ""
start_gateway branch && start_gateway hq || exit 1
run_cases negotiates carries_both_families counts_every_packet nothing_in_clear transfers_bulk \
	answers_in_json goes_down comes_up_again one_sa_pair_left responder_may_initiate \
	survives_a_killed_peer
