#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# datapath_async.sh - ciphers that complete later, in another context: pcrypt in front of the usual
# driver. Nothing may be lost or pass another, and what is under way when its SA, its device or the
# module goes must not be missed. The kernel's log is a judge, too.
# shellcheck source=selftests/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=selftests/lib_sa.sh
. "$here/lib_sa.sh"

flood() {
	spawn_in hq-host flood-hq ping -n -q -f $branchhost4
	spawn_in branch-host flood-branch ping -n -q -f $hqhost4
	wait_for 20 flowing
}
flowing() { [ "$(sa_field branch in 0x1001 stats.rx-packets)" -ge 100 ]; }
calm() {
	end flood-hq INT
	end flood-branch INT
}

is_asynchronous() {
	manual_tunnel 4 raw cbc128
	vdt hq sa-get dev via0 | grep -q 'driver pcrypt('
}
loses_nothing() {
	ping_all hq-host $branchhost4 50
	nothing_lost
}
carries_tcp() {
	spawn_in branch-host iperf iperf3 -s
	wait_for 20 listening branch-host 5201
	at hq-host timeout 60 iperf3 -c $branchhost4 -n 4M -J >"$work/iperf.json"
	[ "$(jq .end.sum_sent.bytes "$work/iperf.json")" -ge 4000000 ]
	end iperf
}
sas_go() {
	local i
	ends 4 raw
	flood
	for i in 1 2 3; do
		vdt hq sa-flush dev via0
		vdt branch sa-flush dev via0
		add_sas cbc128
		wait_for 20 flowing
	done
	calm
}
device_goes() {
	flood
	ip_in hq link del via0
	calm
}
module_goes() {
	manual_tunnel 4 raw cbc128
	flood
	rmmod viaduct
	calm
	need_module
}

need iperf3 jq
load_crypto
modprobe -q pcrypt || skip_all "no pcrypt in this kernel"
# Makes the instance and fails: it has no test of that name.
modprobe tcrypt alg='pcrypt(authenc(hmac(sha256),cbc(aes)))' type=3 2>/dev/null
grep -q 'driver *: pcrypt(authenc' /proc/crypto || skip_all "no instance of pcrypt"
manual_setup
run_cases is_asynchronous loses_nothing carries_tcp sas_go device_goes module_goes
