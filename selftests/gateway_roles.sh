#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# gateway_roles.sh - the processes of viaductd: the one that parses packets has no capability, runs
# as nobody's root, and can neither read the secrets nor reach the file system; when it is killed
# another takes over.
# shellcheck source=selftests/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=selftests/lib_gateway.sh
. "$here/lib_gateway.sh"

parent() { cat "$work/pids/viaductd-hq"; }
# role NAME: the pid of that child of viaductd.
role() {
	local pid
	for pid in $(pgrep -P "$(parent)"); do
		if tr '\0' ' ' <"/proc/$pid/cmdline" | grep -q "$1"; then echo "$pid"; return; fi
	done
	return 1
}
status_of() { sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status"; }

three_processes() {
	[ -n "$(role net)" ]
	[ -n "$(role keys)" ]
	[ "$(pgrep -P "$(parent)" | wc -l)" = 2 ]
}
net_has_no_capability() {
	local pid set
	pid=$(role net)
	for set in CapPrm CapEff CapInh CapAmb CapBnd; do
		echo "$set $(status_of "$pid" $set)"
		[ "$(status_of "$pid" $set)" = 0000000000000000 ]
	done
	[ "$(status_of "$pid" NoNewPrivs)" = 1 ]
}
net_holds_no_secret() {
	# The secret of the configuration is nowhere in the memory of the process.
	local pid map range
	pid=$(role net)
	while read -r range map _; do
		case $map in r*) ;; *) continue ;; esac
		[ $((16#${range#*-} - 16#${range%-*})) -lt 67108864 ] || continue
		if dd if="/proc/$pid/mem" bs=4096 skip=$((16#${range%-*} / 4096)) \
			count=$(((16#${range#*-} - 16#${range%-*}) / 4096)) 2>/dev/null | grep -qaF "$psk"; then
			fail "found in $range"
		fi
	done <"/proc/$pid/maps"
}
keys_has_no_network() {
	local pid
	pid=$(role keys)
	[ "$(status_of "$pid" CapEff)" = 0000000000000000 ]
	# No inode of one of its sockets is that of a UDP socket.
	find "/proc/$pid/fd" -lname 'socket:*' -exec readlink {} + | tr -dc '0-9\n' >"$work/sockets"
	not grep -qxFf "$work/sockets" <(awk 'NR > 1 { print $10 }' "/proc/$pid/net/udp" "/proc/$pid/net/udp6")
}
another_net() { [ -n "$(role net)" ] && [ "$(role net)" != "$1" ]; }
tunnel_survives_the_loss_of_net() {
	local before
	wait_for 10 tunnel_is hq via0 up
	before=$(role net)
	kill -KILL "$before"
	# The datapath does not ask anybody.
	ping_all hq-host $branchhost4 10
	wait_for 20 another_net "$before"
	ping_all hq-host $branchhost4 10
}

need jq ping pgrep
need_module
two_gateways || skip_all "cannot build namespaces"
two_ends "start = respond" "" "" ""
start_gateway branch && start_gateway hq || exit 1
ctl hq up branch --timeout 30 || { on_failure; exit 1; }
run_cases three_processes net_has_no_capability net_holds_no_secret keys_has_no_network \
	tunnel_survives_the_loss_of_net
