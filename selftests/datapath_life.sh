#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# cpus: 2
# datapath_life.sh - things that go away while packets flow: the device, a child, the SAs, the
# sockets, a namespace, the module. And a device that lives in another namespace than its packets'
# outside. Two processors, so that things happen at once. The kernel's log is the judge as much as the cases are (scripts/vm reads it).
# shellcheck source=selftests/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=selftests/lib_sa.sh
. "$here/lib_sa.sh"

# flood: UDP both ways, as much as goes, through whatever is there.
flood() {
	local ns to
	for ns in hq branch; do
		if [ $ns = hq ]; then to=$branchhost4; else to=$hqhost4; fi
		spawn_in $ns-host "flood-$ns" python3 -c '
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
print("ready", flush=True)
while True:
    try:
        s.sendto(b"x" * 900, (sys.argv[1], 9))
    except OSError:
        pass' $to
		wait_for 10 grep -q ready "$work/flood-$ns.out"
	done
}
calm() {
	end flood-hq
	end flood-branch
}
flowing() { [ "$(sa_field branch in 0x1001 stats.rx-packets)" -ge "$1" ]; }

device_under_traffic() {
	local i
	for i in 1 2 3 4; do
		manual_tunnel 4 "$([ $((i % 2)) = 0 ] && echo udp || echo raw)" gcm128
		flood
		wait_for 20 flowing 200
		ip_in hq link del via0
		ip_in branch link del via0
		calm
	done
}
sas_under_traffic() {
	manual_tunnel 4 raw gcm128
	flood
	local i
	for i in 1 2 3 4 5; do
		wait_for 20 flowing 100
		vdt hq sa-flush dev via0
		vdt branch sa-flush dev via0
		add_sas gcm256
	done
	vdt hq child-del dev via0 child 1
	vdt branch child-del dev via0 child 1
	calm
}
socket_under_traffic() {
	manual_tunnel 4 udp gcm128
	flood
	wait_for 20 flowing 200
	# The daemon dies; the module must let go of its socket in time.
	end socket-hq KILL
	end socket-branch KILL
	calm
	manual_tunnel 4 udp gcm128
	ping_all hq-host $branchhost4 5
}
down_and_up_under_traffic() {
	manual_tunnel 4 raw cbc128
	flood
	local i
	for i in 1 2 3 4 5; do
		ip_in hq link set via0 down
		ip_in hq link set via0 up
		ip_in branch link set via0 down
		ip_in branch link set via0 up
	done
	calm
	ip_in hq route replace 10.2.0.0/16 dev via0
	ip_in branch route replace 10.1.0.0/16 dev via0
	ping_all hq-host $branchhost4 5
}
other_namespace() {
	# Created in hq, moved to hq-host: outside stays in hq, as with every tunnel that is moved.
	local index
	no_tunnel
	add_device hq
	add_device branch
	index=$(at hq cat /sys/class/net/via0/ifindex)
	ip_in hq link set via0 netns "$prefix-hq-host"
	addresses hq-host via0 10.9.9.1/32
	ip_in hq-host link set via0 up
	ip_in hq-host route add 10.9.8.0/24 dev via0
	addresses branch via0 10.9.8.1/24
	ip_in branch route add 10.9.9.1 dev via0
	any_child branch
	vdt hq child-new ifindex "$index" child 1 local 0.0.0.0/0 remote 0.0.0.0/0
	ends 4 raw
	local a b
	a=$(algorithm gcm128 $key_a)
	b=$(algorithm gcm128 $key_b)
	# shellcheck disable=SC2086
	{
		vdt hq sa-new ifindex "$index" child 1 dir in spi 0x1002 $hq_ends $b replay-window 64
		vdt hq sa-new ifindex "$index" child 1 dir out spi 0x1001 $hq_ends $a
		vdt branch sa-new dev via0 child 1 dir in spi 0x1001 $branch_ends $a replay-window 64
		vdt branch sa-new dev via0 child 1 dir out spi 0x1002 $branch_ends $b
	}
	ping_all hq-host 10.9.8.1 10
	[ "$(sa_field branch in 0x1001 stats.rx-packets)" = 10 ]
	ip_in hq-host link del via0
}
same_spi_in_two_namespaces() {
	# SPIs and devices are per namespace: the same numbers in two pairs, at once.
	manual_tunnel 4 raw gcm128
	add_ns left right
	link left eth right eth
	addresses left eth 10.7.0.1/24
	addresses right eth 10.7.0.2/24
	local ns me peer in out k
	for ns in left right; do
		if [ $ns = left ]; then me=1 peer=2 in=0x1002 out=0x1001; else me=2 peer=1 in=0x1001 out=0x1002; fi
		ip_in $ns link add via0 type viaduct
		ip_in $ns link set via0 up
		addresses $ns via0 10.6.0.$me/24
		vdt $ns child-new dev via0 child 1 local 0.0.0.0/0 remote 0.0.0.0/0
		k=$(algorithm gcm256 $key_a)
		# shellcheck disable=SC2086
		{
			vdt $ns sa-new dev via0 child 1 dir in spi $in local-addr 10.7.0.$me remote-addr 10.7.0.$peer $k replay-window 64
			vdt $ns sa-new dev via0 child 1 dir out spi $out local-addr 10.7.0.$me remote-addr 10.7.0.$peer $k
		}
	done
	ping_all left 10.6.0.2 10
	ping_all hq-host $branchhost4 10
	nothing_lost
}
namespace_under_traffic() {
	# left and right of the case before vanish while they talk.
	spawn_in left flood-left ping -n -q -f 10.6.0.2
	ping_all left 10.6.0.2 3
	ip netns del "$prefix-right"
	end flood-left
	ip netns del "$prefix-left"
	ping_all hq-host $branchhost4 5
}
module_under_traffic() {
	local i
	for i in 1 2 3; do
		manual_tunnel 4 "$([ $((i % 2)) = 0 ] && echo udp || echo raw)" gcm128
		flood
		wait_for 20 flowing 200
		rmmod viaduct
		[ ! -d /sys/module/viaduct ]
		not at hq ip link show via0
		calm
		drop_sockets
		need_module
	done
	manual_tunnel 4 raw gcm128
	ping_all hq-host $branchhost4 5
}
leaves_nothing() {
	no_tunnel
	rmmod viaduct
	not grep -q viaduct /proc/slabinfo
	need_module
}

manual_setup
need python3
run_cases device_under_traffic sas_under_traffic socket_under_traffic down_and_up_under_traffic \
	other_namespace same_spi_in_two_namespaces namespace_under_traffic module_under_traffic \
	leaves_nothing
