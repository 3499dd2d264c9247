#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# gateway_ctl.sh - every command of viaductctl against a running viaductd: what an admin types, in
# words and as JSON, and what it returns. What each prints to the letter is userspace/tests/ctl.
# shellcheck source=selftests/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=selftests/lib_gateway.sh
. "$here/lib_gateway.sh"

# says PATTERN COMMAND...: its output, both streams, holds the pattern. Sets $rc, prints the output.
says() {
	local pattern=$1 text
	shift
	rc=0
	text=$("$@" 2>&1) || rc=$?
	printf '%s\n[exit %s]\n' "$text" "$rc"
	grep -qE -e "$pattern" <<<"$text"
}
# json COMMAND...: each line it prints is an object.
json() { "$@" --json | jq -es 'length > 0 and all(type == "object")' >/dev/null; }

before_it_is_up() {
	says 'gateways 0 of 1 up, tunnels 0 of 1 up' ctl hq status
	[ "$rc" = 0 ]
	says '^gateway branch' ctl hq show branch
	says 'nothing failed' ctl hq explain
}
up_tells_how_it_goes() {
	says 'up with 198\.51\.100\.1:500' ctl hq up branch --timeout 30
	[ "$rc" = 0 ]
	says 'branch: up' ctl hq up branch
	[ "$rc" = 0 ]
	json ctl hq up branch
}
status_shows_it() {
	says '^branch +up .*198\.51\.100\.1:500' ctl hq status
	says 'via0 +up .*any .*aes256gcm16' ctl hq status branch
	says 'gateways 1 of 1 up' ctl hq status --problems
	# Nothing has a problem, so nothing is listed.
	not grep -q via0 <<<"$(ctl hq status --problems)"
	json ctl hq status
}
show_has_all() {
	local fact
	for fact in 'IKE +version 2, initiator' 'local .*ID hq\.example' 'remote .*ID branch\.example' 'NAT +none' \
		'proposal +aes256gcm16-prf' '^tunnel via0 \(gateway branch\)' 'remote +0\.0\.0\.0/0, ::/0' 'drops ' \
		'^in +[0-9a-f]{8} 198\.51\.100\.1 ' '^out +[0-9a-f]{8} .*current'; do
		says "$fact" ctl hq show via0
	done
	json ctl hq show branch
}
spi() { tunnel hq via0 .spi_in; }
ike_spi() { gateway hq branch .spi_i; }
rekey_by_name() {
	local child ike
	child=$(spi)
	ike=$(ike_spi)
	says 'via0: rekeyed' ctl hq rekey via0
	[ "$rc" = 0 ]
	[ "$(spi)" != "$child" ]
	[ "$(ike_spi)" = "$ike" ]
	child=$(spi)
	says 'branch: rekeyed' ctl hq rekey branch
	[ "$(spi)" = "$child" ]
	[ "$(ike_spi)" != "$ike" ]
	ike=$(ike_spi)
	json ctl hq rekey via0 --ike
	[ "$(ike_spi)" != "$ike" ]
	ping_all hq-host $branchhost4 3
}
monitored() { grep -qE "$1" "$work/monitor.out"; }
rekey_is_seen() {
	ctl hq rekey via0
	monitored 'branch/via0: rekeyed' && grep -q tunnel-rekeyed "$work/monitor-json.out"
}
monitor_sees_the_end_and_the_begin() {
	spawn_in hq monitor "$bin/viaductctl" --run-dir "$work/hq/run" monitor
	spawn_in hq monitor-json "$bin/viaductctl" --run-dir "$work/hq/run" monitor via0 --json
	# Both listen when both have seen something.
	wait_for 30 rekey_is_seen
	says 'branch: down' ctl hq down branch
	[ "$rc" = 0 ]
	wait_for 10 monitored 'branch/via0: down: Taken down'
	says 'branch: up' ctl hq up branch --timeout 30
	wait_for 10 monitored 'branch/via0: up: '
	end monitor
	end monitor-json
	jq -es 'map(.event.kind) | index("tunnel-down") < index("tunnel-up")' "$work/monitor-json.out"
}
counters_are_there() {
	says '^ike +received +[1-9]' ctl hq counters
	json ctl hq counters
}
version_of_all() {
	says '^viaductd [0-9]' ctl hq version
	says '^module ' ctl hq version
	json ctl hq version
}
wrong_words() {
	says 'did you mean branch\?' ctl hq show brunch
	[ "$rc" = 2 ]
	says 'did you mean status\?' ctl hq stauts
	[ "$rc" = 2 ]
	ctl hq show brunch --json | jq -e '.error == "org.viaduct.NoSuchName" and .parameters.nearest == "branch"'
}
has_link() { at hq ip link show "$1" >/dev/null 2>&1; }
reload_in_two_steps() {
	cp "$work/hq/viaduct.conf" "$work/hq/before.conf"
	printf 'tunnel via1 {\n    gateway = branch\n    remote-subnets = 10.9.0.0/16\n    start = respond\n}\n' >>"$work/hq/viaduct.conf"
	says '' ctl hq check "$work/hq/viaduct.conf"
	[ "$rc" = 0 ]
	says '^\+ tunnel via1' ctl hq reload --dry-run
	[ "$rc" = 0 ]
	not has_link via1
	says '^\+ tunnel via1' ctl hq reload
	wait_for 10 has_link via1
	says 'nothing changed' ctl hq reload
	cp "$work/hq/before.conf" "$work/hq/viaduct.conf"
	ctl hq reload --json | jq -e '.changes == [.changes[] | select(.op == "remove" and .name == "via1")]'
	wait_for 10 not has_link via1
	# What did not change was not touched.
	tunnel_is hq via0 up
	ping_all hq-host $branchhost4 3
}
wrong_configuration() {
	cp "$work/hq/viaduct.conf" "$work/hq/before.conf"
	sed -i 's/remote =/remte =/' "$work/hq/viaduct.conf"
	says 'viaduct\.conf:2:5: .*did you mean .remote.' ctl hq check "$work/hq/viaduct.conf"
	[ "$rc" = 2 ]
	ctl hq check "$work/hq/viaduct.conf" --json | jq -e '.errors[0] | .line == 2 and .column == 5'
	says 'viaduct\.conf:2:5: .*did you mean .remote.' ctl hq reload
	[ "$rc" = 2 ]
	cp "$work/hq/before.conf" "$work/hq/viaduct.conf"
	tunnel_is hq via0 up
}
explains_what_failed() {
	ctl hq down branch
	stop_gateway branch
	says 'not up' ctl hq up branch --timeout 3
	[ "$rc" = 1 ]
	says 'waits for IKE_SA_INIT' ctl hq status
	wait_for 150 failed_with hq 4101
	says 'VIA-4101' ctl hq status
	says 'VIA-4101 branch: No answer' ctl hq explain branch
	says 'fix: .*198\.51\.100\.1' ctl hq explain VIA-4101
	json ctl hq explain
}
failed_with() { [ "$(gateway "$1" branch .last_failure.code)" = "$2" ]; }
without_a_daemon() {
	stop_gateway hq
	says 'not running' ctl hq status
	[ "$rc" = 3 ]
	says 'start the daemon' ctl hq up branch
	[ "$rc" = 3 ]
	ctl hq status --json >"$work/none.json" || [ $? = 3 ]
	jq -e .parameters.start "$work/none.json"
	says 'not running' ctl hq version
	[ "$rc" = 0 ]
}

need jq ping
need_module
two_gateways || skip_all "cannot build namespaces"
two_ends "start = respond" "" "" ""
start_gateway branch && start_gateway hq || exit 1
run_cases before_it_is_up up_tells_how_it_goes status_shows_it show_has_all rekey_by_name \
	monitor_sees_the_end_and_the_begin counters_are_there version_of_all wrong_words reload_in_two_steps \
	wrong_configuration explains_what_failed without_a_daemon
