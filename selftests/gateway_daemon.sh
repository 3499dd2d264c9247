#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# gateway_daemon.sh - what viaductd does around the negotiation: interfaces, addresses and routes
# come and go with configuration and tunnel, the roles are confined and the secret is where it
# belongs, a reload changes what it must and nothing else.
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
spis() { tunnel hq via0 '"\(.spi_in) \(.spi_out)"'; }

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
# holds PID: whether the secret is in memory that process can write.
holds() {
	local range mode start
	while read -r range mode _; do
		case $mode in rw*) ;; *) continue ;; esac
		start=$((16#${range%-*}))
		if dd if="/proc/$1/mem" bs=1M iflag=skip_bytes,count_bytes skip=$start \
			count=$((16#${range#*-} - start)) 2>/dev/null | grep -qaF "$psk"; then return 0; fi
	done <"/proc/$1/maps"
	return 1
}
secret_is_nowhere_but_in_keys() {
	# That [keys] has it proves that the search can find it.
	holds "$(child_of hq keys)"
	not holds "$(child_of hq net)"
	not holds "$(cat "$work/pids/viaductd-hq")"
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
	local before
	before=$(spis)
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
	[ "$(spis)" = "$before" ]
	cp "$work/old" "$work/hq/viaduct.conf"
	ctl hq reload
	not ip_in hq link show via9
	[ "$(spis)" = "$before" ]
	ping_all hq-host $branchhost4 5
}

need jq ping pgrep
need_module
two_gateways || skip_all "cannot build namespaces"
two_ends "start = respond" "" "" ""
start_gateway branch && start_gateway hq || exit 1
run_cases interface_is_made routes_come_and_go secret_is_nowhere_but_in_keys roles_are_confined \
	reload_without_change_does_nothing dry_run_changes_nothing reload_adds_a_route_and_keeps_the_sa \
	reload_by_signal bad_secret_keeps_the_old_configuration tunnel_is_added_and_removed
