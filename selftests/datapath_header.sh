#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# datapath_header.sh - what the outer header says and what of it comes back: DSCP, ECN (RFC 6040),
# TTL, DF, the mark that chooses the route; and that XFRM's policies have no say.
# shellcheck source=selftests/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=selftests/lib_sa.sh
. "$here/lib_sa.sh"

# on_wire FILTER COMMAND...: the command puts at least one such outer packet of hq on the wire.
on_wire() {
	local filter=$1
	shift
	sniff wan outer hq "src host $hq4 and esp"
	"$@" >/dev/null
	wait_for 10 sniffed_at_least outer 1
	end outer
	tcpdump -n -v -r "$work/outer.pcap" 2>/dev/null | sed 's/^/  /'
	[ "$(sniffed outer "$filter")" -ge 1 ]
}
echo_with() { at hq-host ping -n -q -c 1 -W 3 "$@" $branchhost4; } # OPTION...

copies_dscp_and_ecn() {
	manual_tunnel 4 raw gcm128
	on_wire 'ip[1] = 0xb8' echo_with -Q 0xb8
	on_wire 'ip[1] = 0x2a' echo_with -Q 0x2a
}
sets_dscp_keeps_ecn() {
	vdt hq tunnel-set dev via0 dscp set dscp-value 10
	on_wire 'ip[1] = 0x2a' echo_with -Q 0xba
	vdt hq tunnel-set dev via0 dscp copy
}
ttl_is_its_own() {
	on_wire 'ip[8] = 64' echo_with -t 9
	vdt hq tunnel-set dev via0 ttl 33
	on_wire 'ip[8] = 33' echo_with -t 9
	vdt hq tunnel-set dev via0 ttl 0
}
df_by_policy() {
	on_wire 'ip[6] & 0x40 != 0' echo_with -M "do"
	on_wire 'ip[6] & 0x40 = 0' echo_with -M dont
	vdt hq tunnel-set dev via0 df set
	on_wire 'ip[6] & 0x40 != 0' echo_with -M dont
	vdt hq tunnel-set dev via0 df clear
	on_wire 'ip[6] & 0x40 = 0' echo_with -M "do"
	vdt hq tunnel-set dev via0 df copy
}
# wan marks congestion on what comes from hq.
congestion() {
	at wan nft -f - <<-NFT
		table ip ce {
			chain middle {
				type filter hook forward priority 0
				ip saddr $hq4 ip protocol esp ip ecn set ce
			}
		}
	NFT
}
congestion_comes_through() {
	congestion
	sniff branch-host inner eth0 "icmp[0] = 8"
	echo_with -Q 0x02
	wait_for 10 sniffed_at_least inner 1
	end inner
	[ "$(sniffed inner 'ip[1] & 3 = 3')" = 1 ]
	[ -z "$(drops branch)" ]
}
congestion_on_not_ect_is_dropped() {
	not echo_with -Q 0x00
	[ "$(tunnel_field branch stats.drops.rx-ecn)" = 1 ]
	at wan nft delete table ip ce
}
mark_chooses_the_route() {
	# Without the mark there is no way; with it there is.
	ip_in hq route add default via 192.0.2.254 table 77
	ip_in hq rule add fwmark 0x77 lookup 77 priority 10
	ip_in hq route del default
	vdt hq tunnel-set dev via0 mark 0x77
	echo_with
	vdt hq tunnel-set dev via0 mark 0
	not echo_with
	[ "$(tunnel_field hq stats.drops.tx-no-route)" -ge 1 ]
	ip_in hq route add default via 192.0.2.254
	ip_in hq rule del priority 10
	echo_with
}
never_into_itself() {
	# Everything into the tunnel, the peer's address too: refused, not an endless loop.
	ip_in hq route add $branch4/32 dev via0
	not echo_with
	[ "$(tunnel_field hq stats.drops.tx-loop)" -ge 1 ]
	ip_in hq route del $branch4/32 dev via0
	echo_with
}
xfrm_policies_have_no_say() {
	at hq ip xfrm policy add src 10.1.0.0/16 dst 10.2.0.0/16 dir out action block
	at branch ip xfrm policy add src 10.1.0.0/16 dst 10.2.0.0/16 dir in action block
	at branch ip xfrm policy add src 10.1.0.0/16 dst 10.2.0.0/16 dir fwd action block
	at hq ip xfrm policy add src $hq4 dst $branch4 dir out action block
	echo_with
	at hq ip xfrm policy flush
	at branch ip xfrm policy flush
}

manual_setup
need tcpdump
run_cases copies_dscp_and_ecn sets_dscp_keeps_ecn ttl_is_its_own df_by_policy \
	congestion_comes_through congestion_on_not_ect_is_dropped mark_chooses_the_route \
	never_into_itself xfrm_policies_have_no_say
