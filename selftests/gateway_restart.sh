#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# gateway_restart.sh - viaductd's processes die, hang, and end: those that die are replaced, a crash
# leaves the tunnels to the next daemon, an orderly end removes what was made and nothing else; and
# tunnels on demand lose no packet.
# shellcheck source=selftests/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=selftests/lib_gateway.sh
. "$here/lib_gateway.sh"

both_up() { wait_for 20 tunnel_is hq via0 up && wait_for 20 tunnel_is branch via0 up; }
has_route() { ip_in "$1" -o route show dev via0 2>/dev/null | grep -q "^$2"; }
child_of() { # NS ROLE: the pid of that child of viaductd
	pgrep -P "$(cat "$work/pids/viaductd-$1")" -f "role=$2"
}
is_another() { [ -n "$(child_of "$1" "$2")" ] && [ "$(child_of "$1" "$2")" != "$3" ]; }
sas_in() { tunnel "$1" via0 '.sa_list | length'; }
spis() { tunnel hq via0 '"\(.spi_in) \(.spi_out)"'; }
other_spis() { tunnel_is hq via0 up && [ "$(spis)" != "$1" ]; }
one_pair() { [ "$(sas_in hq)" = 2 ] && [ "$(sas_in branch)" = 2 ]; }

net_is_replaced() {
	local before
	before=$(child_of hq net)
	kill -KILL "$before"
	wait_for 20 is_another hq net "$before"
	ctl hq up branch --timeout 30
	both_up
	ping_all hq-host $branchhost4 5
	# What the dead one left in the kernel is gone.
	wait_for 20 one_pair
}
keys_is_replaced() {
	local before
	before=$(child_of hq keys)
	kill -KILL "$before"
	wait_for 20 is_another hq keys "$before"
	both_up
	ctl hq down branch
	ctl hq up branch --timeout 30
	both_up
}
stopped_process_is_replaced() {
	local before
	before=$(child_of hq keys)
	kill -STOP "$before"
	wait_for 60 is_another hq keys "$before"
}
two_daemons_do_not_meet() {
	local text rc=0
	text=$(at hq "$bin/viaductd" --config "$work/hq/viaduct.conf" --run-dir "$work/hq/run" 2>&1) || rc=$?
	echo "$text"
	[ "$rc" = 1 ]
	grep -q 'another viaductd' <<<"$text"
	rc=0
	text=$(at hq "$bin/viaductd" --config "$work/hq/viaduct.conf" --run-dir "$work/other" 2>&1) || rc=$?
	echo "$text"
	[ "$rc" = 1 ]
	grep -q 'port 500' <<<"$text"
	both_up
}

crash_leaves_the_tunnel() {
	both_up
	end viaductd-hq KILL
	ping_all hq-host $branchhost4 5
	start_gateway hq
	ctl hq up branch --timeout 30
	both_up
	ping_all hq-host $branchhost4 5
	wait_for 20 one_pair
}
crash_leaves_no_orphan() {
	# An interface of a tunnel that left the configuration while no daemon was there.
	end viaductd-hq KILL
	ip_in hq link show via0
	sed -i 's/via0/via1/' "$work/hq/viaduct.conf"
	start_gateway hq
	ip_in hq link show via1
	not ip_in hq link show via0
	end viaductd-hq KILL
	sed -i 's/via1/via0/' "$work/hq/viaduct.conf"
	start_gateway hq
	not ip_in hq link show via1
	ctl hq up branch --timeout 30
	both_up
}
deleted_interface_is_made_again() {
	# Its SAs are gone with it, which the kernel tells; the next negotiation makes it anew.
	local before
	before=$(spis)
	ip_in hq link del via0
	wait_for 30 other_spis "$before"
	both_up
	ping_all hq-host $branchhost4 5
}
keep_leaves_the_tunnel() {
	stop_gateway hq
	spawn_in hq viaductd-hq "$bin/viaductd" --config "$work/hq/viaduct.conf" --run-dir "$work/hq/run" \
		--log-level debug --keep
	wait_for 20 ctl hq status
	ctl hq up branch --timeout 30
	both_up
	stop_gateway hq
	ping_all hq-host $branchhost4 5
	start_gateway hq
	ctl hq up branch --timeout 30
	both_up
	wait_for 20 one_pair
	ping_all hq-host $branchhost4 5
}
stop_removes_what_was_made() {
	stop_gateway hq
	not ip_in hq link show via0
	# The peer was told.
	wait_for 10 gateway_is branch hq idle
	[ ! -e "$work/hq/run/control.sock" ]
}
foreign_interface_is_not_touched() {
	local text rc=0
	ip_in hq link add via0 type dummy
	text=$(at hq "$bin/viaductd" --config "$work/hq/viaduct.conf" --run-dir "$work/hq/run" 2>&1) || rc=$?
	echo "$text"
	[ "$rc" = 2 ]
	grep -q 'via0 exists already and is of kind dummy' <<<"$text"
	ip_in hq link show via0
	ip_in hq link del via0
}
administrators_interface_stays() {
	ip_in hq link add via0 type viaduct
	start_gateway hq
	ctl hq up branch --timeout 30
	both_up
	stop_gateway hq
	ip_in hq link show via0
	not has_route hq 10.2.0.0/16
	ip_in hq link del via0
}

on_demand_loses_no_packet() {
	stop_gateway branch
	two_ends "start = on-traffic" "" "" ""
	start_gateway branch
	start_gateway hq
	[ "$(tunnel hq via0 .state)" = idle ]
	has_route hq 10.2.0.0/16
	# The first packet asks for the SA and waits for it.
	ping_all hq-host $branchhost4 3
	both_up
}
asked_for_before_the_daemon_listens() {
	# An acquire nobody could hear is not lost: the next packet asks again.
	stop_gateway hq
	start_gateway hq
	wait_for 30 ping_all hq-host $branchhost4 1
	both_up
}

need jq ping pgrep
need_module
two_gateways || skip_all "cannot build namespaces"
two_ends "start = respond" "" "" ""
start_gateway branch && start_gateway hq || exit 1
ctl hq up branch --timeout 30 || { on_failure; exit 1; }
run_cases net_is_replaced keys_is_replaced stopped_process_is_replaced two_daemons_do_not_meet \
	crash_leaves_the_tunnel crash_leaves_no_orphan deleted_interface_is_made_again \
	keep_leaves_the_tunnel stop_removes_what_was_made foreign_interface_is_not_touched \
	administrators_interface_stays on_demand_loses_no_packet asked_for_before_the_daemon_listens
