#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# gateway_natt.sh - hq sits behind a real NAT (nftables masquerade in the router): the ends find
# out, move to port 4500, put ESP into UDP, and the tunnel survives a new mapping.
# shellcheck source=selftests/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=selftests/lib_gateway.sh
. "$here/lib_gateway.sh"

finds_the_nat() {
	sniff wan natted branch 'esp or udp'
	ctl hq up branch --timeout 30
	wait_for 10 tunnel_is branch via0 up
	[ "$(gateway hq branch .nat)" = local ]
	[ "$(gateway branch hq .nat)" = remote ]
	[ "$(tunnel hq via0 .encap)" = true ]
	[ "$(tunnel branch via0 .encap)" = true ]
}
carries_both_families() {
	ping_all hq-host $branchhost4 20
	ping_all branch-host $hqhost4 20
	ping_all hq-host $branchhost6 20
}
all_in_udp_4500() {
	wait_for 10 sniffed_at_least natted 60 'udp port 4500'
	[ "$(sniffed natted esp)" = 0 ]
	# Behind the NAT nobody shows its own address.
	[ "$(sniffed natted "host $hq4")" = 0 ]
	end natted
}
counts_every_packet() {
	mark via0 hq branch
	ping_all hq-host $branchhost4 20
	ping_all branch-host $hqhost6 20
	balanced via0 hq branch 40
}
rekeys_behind_it() {
	local before
	before=$(tunnel hq via0 .spi_out)
	ctl branch rekey via0 --child --timeout 20
	[ "$(tunnel hq via0 .spi_out)" != "$before" ]
	ctl branch rekey hq --ike --timeout 20
	ping_all hq-host $branchhost4 5
}
forced_without_nat() {
	stop_gateway hq
	stop_gateway branch
	at wan nft flush ruleset
	two_ends "nat-traversal = force
		    start = respond" "" "" ""
	start_gateway branch
	start_gateway hq
	ctl hq up branch --timeout 30
	[ "$(tunnel hq via0 .encap)" = true ]
	[ "$(tunnel branch via0 .encap)" = true ]
	ping_all hq-host $branchhost4 5
}

need jq tcpdump nft ping
need_module
two_gateways || skip_all "cannot build namespaces"
masquerade hq || skip_all "no nftables NAT in this kernel"
two_ends "start = respond" "" "" ""
# The address of a gateway behind a NAT is not known beforehand.
sed -i "s/remote = $hq4/remote = any/" "$work/branch/viaduct.conf"
start_gateway branch && start_gateway hq || exit 1
run_cases finds_the_nat carries_both_families all_in_udp_4500 counts_every_packet rekeys_behind_it \
	forced_without_nat
