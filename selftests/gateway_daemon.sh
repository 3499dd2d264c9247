#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# gateway_daemon.sh - what viaductd does around the negotiation: interfaces, addresses and routes
# come and go with configuration and tunnel, a reload changes what it must and nothing else, tunnels
# on demand lose no packet, processes that die are replaced, the end is clean or, with --keep, none.
# shellcheck source=selftests/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=selftests/lib_gateway.sh
. "$here/lib_gateway.sh"

both_up() { wait_for 20 tunnel_is hq via0 up && wait_for 20 tunnel_is branch via0 up; }
has_route() { ip_in "$1" -o route show dev via0 2>/dev/null | grep -q "^$2"; }
no_route() { ! has_route "$@"; }
child_of() { # NS ROLE: the pid of that child of viaductd
	pgrep -P "$(cat "$work/pids/viaductd-$1")" -f "role=$2"
}
is_another() { [ -n "$(child_of "$1" "$2")" ] && [ "$(child_of "$1" "$2")" != "$3" ]; }
spis() { tunnel hq via0 '"\(.spi_in) \(.spi_out)"'; }
sas_in() { tunnel "$1" via0 '.sa_list | length'; }
one_pair() { [ "$(sas_in hq)" = 2 ] && [ "$(sas_in branch)" = 2 ]; }

interface_is_made() {
	ctl hq up branch --timeout 30
	both_up
	ip_in hq -d link show via0 | grep -qw viaduct
	ip_in hq -d link show via0 | grep -q 'alias branch'
	ip_in hq addr show via0 | grep -q '169.254.7.1/30'
	wait_for 5 has_route hq 10.2.0.0/16
}
routes_come_and_go() {
	ctl hq down branch
	wait_for 10 no_route hq 10.2.0.0/16
	wait_for 10 no_route branch 10.1.0.0/16
	ctl hq up branch --timeout 30
	wait_for 10 has_route hq 10.2.0.0/16
	wait_for 10 has_route branch 10.1.0.0/16
	both_up
}
secret_is_nowhere_but_in_keys() {
	local role pid range mode found
	for role in net keys priv; do
		if [ $role = priv ]; then pid=$(cat "$work/pids/viaductd-hq"); else pid=$(child_of hq $role); fi
		found=''
		while read -r range mode _; do
			case $mode in r*) ;; *) continue ;; esac
			[ $((16#${range#*-} - 16#${range%-*})) -lt 33554432 ] || continue
			if dd if="/proc/$pid/mem" bs=4096 skip=$((16#${range%-*} / 4096)) \
				count=$(((16#${range#*-} - 16#${range%-*}) / 4096)) 2>/dev/null |
				grep -qaF "$psk"; then found=1; fi
		done <"/proc/$pid/maps"
		echo "$role: ${found:-not} found"
		# That [keys] has it proves that the search can find it.
		if [ $role = keys ]; then [ -n "$found" ]; else [ -z "$found" ]; fi
	done
}
roles_are_confined() {
	local role pid
	for role in net keys; do
		pid=$(child_of hq $role)
		grep -q '^CapEff:[[:space:]]*0*$' "/proc/$pid/status"
		grep -q '^CapBnd:[[:space:]]*0*$' "/proc/$pid/status"
		grep -q '^Seccomp:[[:space:]]*2$' "/proc/$pid/status"
		grep -q '^NoNewPrivs:[[:space:]]*1$' "/proc/$pid/status"
		[ "$(awk '/^Uid:/ { print $2 * $3 * $4 * $5 }' "/proc/$pid/status")" != 0 ]
		[ "$(find "/proc/$pid/root/" -mindepth 1 | wc -l)" = 0 ]
	done
}

reload_without_change_does_nothing() {
	local before
	before=$(spis)
	ctl hq reload --json | jq -e '.changes == []'
	[ "$(spis)" = "$before" ]
	both_up
}
dry_run_changes_nothing() {
	sed 's|routes = 10.2.0.0/16,|routes = 10.2.0.0/16, 10.9.0.0/16,|' "$work/hq/viaduct.conf" >"$work/new"
	cp "$work/hq/viaduct.conf" "$work/old"
	cp "$work/new" "$work/hq/viaduct.conf"
	ctl hq reload --dry-run --json | jq -e '.changes[0].fields == ["routes"]'
	no_route hq 10.9.0.0/16
}
reload_adds_a_route_and_keeps_the_sa() {
	local before
	before=$(spis)
	ctl hq reload --json | jq -e '.changes[0].name == "via0"'
	wait_for 5 has_route hq 10.9.0.0/16
	[ "$(spis)" = "$before" ]
	cp "$work/old" "$work/hq/viaduct.conf"
	ctl hq reload
	wait_for 5 no_route hq 10.9.0.0/16
	[ "$(spis)" = "$before" ]
	ping_all hq-host $branchhost4 5
}
reload_by_signal() {
	cp "$work/new" "$work/hq/viaduct.conf"
	kill -HUP "$(cat "$work/pids/viaductd-hq")"
	wait_for 5 has_route hq 10.9.0.0/16
	cp "$work/old" "$work/hq/viaduct.conf"
	kill -HUP "$(cat "$work/pids/viaductd-hq")"
	wait_for 5 no_route hq 10.9.0.0/16
}
bad_secret_keeps_the_old_configuration() {
	local rc=0
	chmod 644 "$work/hq/psk"
	ctl hq reload --json >"$work/reload.json" || rc=$?
	cat "$work/reload.json"
	[ "$rc" = 2 ]
	grep -q 'chmod 600' "$work/reload.json"
	chmod 600 "$work/hq/psk"
	cp "$work/hq/psk" "$work/good"
	echo '0xnothex' >"$work/hq/psk"
	rc=0
	ctl hq reload || rc=$?
	[ "$rc" = 2 ]
	cp "$work/good" "$work/hq/psk"
	ctl hq reload
	both_up
	ping_all hq-host $branchhost4 3
}
tunnel_is_added_and_removed() {
	cat >>"$work/hq/viaduct.conf" <<-CONF
		tunnel via9 {
		    gateway = branch
		    address = 169.254.9.1/30
		    local-subnets = 169.254.9.0/24
		    remote-subnets = 169.254.9.0/24
		    start = respond
		}
	CONF
	ctl hq reload --json | jq -e '[.changes[] | select(.op == "add" and .name == "via9")] | length == 1'
	ip_in hq addr show via9 | grep -q 169.254.9.1
	cp "$work/old" "$work/hq/viaduct.conf"
	ctl hq reload
	not ip_in hq link show via9
	wait_for 30 tunnel_is hq via0 up || ctl hq up branch --timeout 30
	both_up
}

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
run_cases interface_is_made routes_come_and_go secret_is_nowhere_but_in_keys roles_are_confined \
	reload_without_change_does_nothing dry_run_changes_nothing reload_adds_a_route_and_keeps_the_sa \
	reload_by_signal bad_secret_keeps_the_old_configuration tunnel_is_added_and_removed net_is_replaced \
	keys_is_replaced stopped_process_is_replaced two_daemons_do_not_meet crash_leaves_the_tunnel \
	stop_removes_what_was_made foreign_interface_is_not_touched administrators_interface_stays \
	on_demand_loses_no_packet asked_for_before_the_daemon_listens
