#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# gateway_rekey.sh - child and IKE SAs are replaced under load, from either side, with and without
# PFS, and no packet is lost. The load is a UDP echo at a fixed rate, each answer counted.
# shellcheck source=selftests/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=selftests/lib_gateway.sh
. "$here/lib_gateway.sh"

# Under load: pings at 100 a second for as long as the function runs, then all must be answered.
under_load() {
	local sent got
	spawn_in hq-host load ping -n -i 0.01 $branchhost4
	wait_for 10 grep -q 'icmp_seq=20 ' "$work/load.out"
	"$@"
	end load INT
	read -r sent got < <(sed -n 's/^\([0-9]*\) packets transmitted, \([0-9]*\) received.*/\1 \2/p' "$work/load.out")
	echo "sent $sent, answered $got"
	# The last one may still be on its way when ping is told to stop.
	[ "$sent" -gt 50 ]
	[ $((sent - got)) -le 1 ]
	no_gaps
}
# no_gaps: every sequence number up to the last answer was answered.
no_gaps() {
	awk 'match($0, /icmp_seq=[0-9]+/) { n = substr($0, RSTART + 9, RLENGTH - 9) + 0; seen[n] = 1; if (n > max) max = n }
		END { for (i = 1; i <= max; i++) if (!(i in seen)) { print "lost icmp_seq " i; bad = 1 } exit bad }' "$work/load.out"
}

spi() { tunnel "$1" via0 .spi_out; }
changed() { [ "$("$1" "$2")" != "$3" ]; }
child_rekeys() { # NS TIMES
	local n before
	for ((n = 0; n < $2; n++)); do
		before=$(spi hq)
		ctl "$1" rekey via0 --child --timeout 20
		wait_for 10 changed spi hq "$before"
	done
	wait_for 20 agreed
}
ike_spi() { gateway "$1" "$([ "$1" = hq ] && echo branch || echo hq)" '"\(.spi_i)\(.spi_r)"'; }
ike_rekeys() { # NS TIMES
	local n before
	for ((n = 0; n < $2; n++)); do
		before=$(ike_spi "$1")
		ctl "$1" rekey "$([ "$1" = hq ] && echo branch || echo hq)" --ike --timeout 20
		wait_for 10 changed ike_spi "$1" "$before"
	done
	wait_for 20 agreed
}
# agreed: exactly one SA pair at each end, the same one.
agreed() {
	[ "$(tunnel hq via0 .sas)" = 1 ] && [ "$(tunnel branch via0 .sas)" = 1 ] &&
		[ "$(tunnel hq via0 .spi_out)" = "$(tunnel branch via0 .spi_in)" ] &&
		[ "$(tunnel hq via0 .spi_in)" = "$(tunnel branch via0 .spi_out)" ] &&
		[ "$(ike_spi hq)" = "$(ike_spi branch)" ]
}

child_by_initiator() { under_load child_rekeys hq 3; }
child_by_responder() { under_load child_rekeys branch 3; }
ike_by_initiator() { under_load ike_rekeys hq 2; }
ike_by_responder() { under_load ike_rekeys branch 2; }
both_at_once() {
	# Simultaneous rekeys collide (RFC 7296, 2.8.1); one pair must remain.
	under_load collide
}
collide() {
	local n a b
	for ((n = 0; n < 3; n++)); do
		ctl hq rekey via0 --child --timeout 20 & a=$!
		ctl branch rekey via0 --child --timeout 20 & b=$!
		wait $a || true
		wait $b || true
		wait_for 20 agreed
	done
}
child_with_pfs() {
	stop_gateway hq
	stop_gateway branch
	two_ends "start = respond" "" "pfs = group-19" "pfs = group-19"
	start_gateway branch
	start_gateway hq
	ctl hq up branch --timeout 30
	under_load child_rekeys hq 2
	under_load child_rekeys branch 2
}
by_lifetime() {
	# Nobody asks: the soft lifetime does.
	stop_gateway hq
	stop_gateway branch
	# Soft at nine tenths: three seconds for the rekey, on an emulated machine.
	two_ends "start = respond" "" "lifetime = 30s" "lifetime = 30s"
	start_gateway branch
	start_gateway hq
	ctl hq up branch --timeout 30
	before=$(spi hq)
	under_load wait_for 40 changed spi hq "$before"
}

need jq ping
need_module
two_gateways || skip_all "cannot build namespaces"
two_ends "start = respond" "" "pfs = none" "pfs = none"
start_gateway branch && start_gateway hq || exit 1
ctl hq up branch --timeout 30 || { on_failure; exit 1; }
ping_all hq-host $branchhost4 3
run_cases child_by_initiator child_by_responder ike_by_initiator ike_by_responder both_at_once \
	child_with_pfs by_lifetime
