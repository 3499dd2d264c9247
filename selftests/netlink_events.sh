#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# netlink_events.sh - who is told what by the group "events": the listeners of the tunnel's own
# namespace, of each SA that goes, and of nothing else.
# shellcheck source=selftests/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
need_module

vdt() { # NS COMMAND WORD...
	local ns=$1
	shift
	at "$ns" "$tools/nl_viaduct" "$@"
}
listen() { # NS NAME
	spawn_in "$1" "$2" "$tools/nl_viaduct" monitor
	wait_for 10 grep -q listening "$work/$2.out"
}
heard() { grep -q -- "$2" "$work/$1.out"; }
# count NAME: events heard.
count() { grep -vc listening "$work/$1.out" || true; }

key=000102030405060708090a0b0c0d0e0f11223344
sa() { # NS DIR SPI [WORD...]
	local ns=$1 dir=$2 spi=$3
	shift 3
	vdt "$ns" sa-new dev via0 child 1 dir "$dir" spi "$spi" local-addr 192.0.2.1 \
		remote-addr 198.51.100.1 encr 20 encr-key $key "$@"
}
tunnel() { # NS
	ip_in "$1" link add via0 type viaduct
	vdt "$1" child-new dev via0 child 1 local 0.0.0.0/0 remote 0.0.0.0/0
}
reset() {
	end here
	end there
	ip_in one link del via0 2>/dev/null || true
	tunnel one
	listen one here
	listen two there
}

deleted_with_its_child() {
	reset
	sa one out 0x1001
	sa one in 0x1002 local-port 4500 remote-port 4500
	vdt one child-del dev via0 child 1
	wait_for 10 heard here 'sa .*spi 0x00001001'
	wait_for 10 heard here 'sa .*spi 0x00001002'
	grep 0x00001001 "$work/here.out" | grep -q 'dir out .*child 1 local-addr 192.0.2.1 remote-addr 198.51.100.1 .*event deleted'
	grep 0x00001002 "$work/here.out" | grep -q 'dir in .*local-port 4500 remote-port 4500 .*event deleted'
	[ "$(count here)" = 2 ]
	[ "$(count there)" = 0 ]
}
deleted_with_its_device() {
	reset
	sa one in 0x1003
	ip_in one link del via0
	wait_for 10 heard here 'spi 0x00001003.*event deleted'
	[ "$(count here)" = 1 ]
}
on_request() {
	# Several programs may hold SAs of a namespace, so a deletion on request is told as well.
	reset
	sa one out 0x1004
	vdt one sa-del dev via0 child 1 dir out spi 0x1004
	wait_for 10 heard here 'spi 0x00001004.*event deleted'
	sa one out 0x1005
	vdt one sa-flush dev via0
	wait_for 10 heard here 'spi 0x00001005.*event deleted'
	[ "$(count here)" = 2 ]
}
larval_times_out() {
	reset
	vdt one spi-alloc dev via0 local-addr 192.0.2.1 larval-timeout 100
	wait_for 10 heard here 'expire .*local-addr 192.0.2.1 expire-hard 1 expire-cause time'
	wait_for 10 no_sa one
	[ "$(count here)" = 1 ]
}
no_sa() { [ -z "$(vdt "$1" sa-get)" ]; }
every_listener() {
	reset
	listen one here2
	sa one out 0x1006
	vdt one child-del dev via0 child 1
	wait_for 10 heard here 0x00001006
	wait_for 10 heard here2 0x00001006
	end here2
}
namespaces_do_not_mix() {
	reset
	tunnel two
	sa one out 0x1007
	sa two out 0x1008
	vdt one child-del dev via0 child 1
	vdt two child-del dev via0 child 1
	wait_for 10 heard here 0x00001007
	wait_for 10 heard there 0x00001008
	if heard here 0x00001008 || heard there 0x00001007; then fail "told the wrong namespace"; fi
	[ -z "$(vdt two sa-get)" ]
	ip_in two link del via0
}
moved_device() {
	# The device lives in two now; SAs, commands and events stay where it was made.
	local index
	reset
	index=$(at one cat /sys/class/net/via0/ifindex)
	sa one out 0x1009
	ip_in one link set via0 netns "$prefix-two"
	vdt one sa-get | grep -q 0x00001009
	if vdt two tunnel-get | grep -q via0; then fail "the other namespace sees the tunnel"; fi
	if vdt two child-del dev via0 child 1 2>/dev/null; then fail "commanded from the other"; fi
	vdt one child-del ifindex "$index" child 1
	wait_for 10 heard here "ifindex $index dir out spi 0x00001009"
	[ "$(count there)" = 0 ]
	ip_in two link del via0
}

add_ns one two
tunnel one
run_cases deleted_with_its_child deleted_with_its_device on_request larval_times_out \
	every_listener namespaces_do_not_mix moved_device
