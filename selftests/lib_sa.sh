# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# lib_sa.sh - tunnels with SAs made by hand (nl_viaduct), between hq and branch of the two-gateway
# set-up. Sourced after lib.sh. SPI 0x1001 goes from hq to branch, 0x1002 back.

# vdt NS COMMAND WORD...: nl_viaduct there.
vdt() {
	local ns=$1
	shift
	at "$ns" "$tools/nl_viaduct" "$@"
}
# word NAME: the value behind that name in a line of nl_viaduct; 0 if it is not there, since
# counters that are zero are left out.
word() {
	local i words
	read -ra words
	for ((i = 0; i < ${#words[@]} - 1; i++)); do
		if [ "${words[i]}" = "$1" ]; then
			echo "${words[i + 1]}"
			return
		fi
	done
	echo 0
}
# sa_field NS in|out SPI NAME
sa_field() { vdt "$1" sa-get dev via0 child 1 dir "$2" spi "$3" | word "$4"; }
tunnel_field() { vdt "$1" tunnel-get dev via0 | word "$2"; }
# drops NS: all reasons that are not zero, for messages.
drops() {
	local i words
	read -ra words < <(vdt "$1" tunnel-get dev via0)
	for ((i = 0; i < ${#words[@]}; i++)); do
		case ${words[i]} in stats.drops.*) echo "${words[i]#stats.drops.} ${words[i + 1]}" ;; esac
	done
}

key_a=000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
key_b=202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f
# algorithm NAME KEY: as words for sa-new. The numbers are IANA's, IKEv2 transform types 1 and 3.
algorithm() {
	case $1 in
	gcm128) echo "encr 20 encr-key ${2:0:32}a1a2a3a4" ;;
	gcm256) echo "encr 20 encr-key ${2}a1a2a3a4" ;;
	cbc128) echo "encr 12 encr-key ${2:0:32} integ 12 integ-key $key_b" ;;
	cbc256) echo "encr 12 encr-key $2 integ 12 integ-key $key_b" ;;
	*) fail "algorithm $1?" ;;
	esac
}

# ends OUTER ENCAP: the outer addresses and ports of hq and of branch, as words.
hq_ends='' branch_ends=''
ends() {
	local h=$hq4 b=$branch4 ports=''
	if [ "$1" = 6 ]; then h=$hq6 b=$branch6; fi
	[ "$2" = raw ] || ports='local-port 4500 remote-port 4500'
	hq_ends="local-addr $h remote-addr $b $ports"
	branch_ends="local-addr $b remote-addr $h $ports"
}

# add_device NS [ADDRESS...]: via0, up, with what the host behind the other gateway is reached by.
add_device() {
	ip_in "$1" link add via0 type viaduct || return 1
	# No link-local address and no multicast, so that nothing but the test's own packets is counted.
	ip_in "$1" link set via0 addrgenmode none multicast off up
	if [ "$1" = hq ]; then
		ip_in hq route replace 10.2.0.0/16 dev via0
		ip_in hq route replace fd00:2::/64 dev via0
	else
		ip_in branch route replace 10.1.0.0/16 dev via0
		ip_in branch route replace fd00:1::/64 dev via0
	fi
}
any_child() { # NS [WORD...]: child 1, which selects everything
	local ns=$1
	shift
	vdt "$ns" child-new dev via0 child 1 local 0.0.0.0/0 local ::/0 remote 0.0.0.0/0 remote ::/0 "$@"
}

# add_sas ALGORITHM [WORD...]: all four, inbound ones first; after ends().
add_sas() {
	local a b alg=$1
	shift
	a=$(algorithm "$alg" $key_a)
	b=$(algorithm "$alg" $key_b)
	# shellcheck disable=SC2086
	{
		vdt hq sa-new dev via0 child 1 dir in spi 0x1002 $hq_ends $b replay-window 64 "$@" &&
			vdt branch sa-new dev via0 child 1 dir in spi 0x1001 $branch_ends $a replay-window 64 "$@" &&
			vdt hq sa-new dev via0 child 1 dir out spi 0x1001 $hq_ends $a "$@" &&
			vdt branch sa-new dev via0 child 1 dir out spi 0x1002 $branch_ends $b "$@"
	}
}

# hold_sockets OUTER: port 4500 at both gateways, given to the module as viaductd would.
hold_sockets() {
	local ns any=0.0.0.0
	[ "$1" = 4 ] || any=::
	for ns in hq branch; do
		spawn_in "$ns" "socket-$ns" "$tools/nl_viaduct" socket-hold $any 4500
		wait_for 10 grep -q attached "$work/socket-$ns.out" || { cat "$work/socket-$ns.out"; return 1; }
	done
}
drop_sockets() {
	end socket-hq
	end socket-branch
}

# manual_tunnel OUTER(4|6) ENCAP(raw|udp) ALGORITHM [SA WORD...]: the whole, both ends.
manual_tunnel() {
	local outer=$1 encap=$2 alg=$3
	shift 3
	no_tunnel
	[ "$encap" = raw ] || hold_sockets "$outer" || return 1
	add_device hq && add_device branch && any_child hq && any_child branch || return 1
	ends "$outer" "$encap"
	add_sas "$alg" "$@"
}
no_tunnel() {
	local ns
	drop_sockets
	for ns in hq branch; do
		ip_in $ns link del via0 2>/dev/null || true
	done
}

# Each end delivered exactly what the other sent, and neither dropped anything.
nothing_lost() {
	local a b c d lost
	a=$(sa_field hq out 0x1001 stats.tx-packets)
	b=$(sa_field branch in 0x1001 stats.rx-packets)
	c=$(sa_field branch out 0x1002 stats.tx-packets)
	d=$(sa_field hq in 0x1002 stats.rx-packets)
	lost=$(drops hq; drops branch)
	echo "hq sent $a, branch took $b; branch sent $c, hq took $d; drops: $lost"
	[ "$a" = "$b" ] && [ "$c" = "$d" ] && [ "$a" -gt 0 ] && [ "$c" -gt 0 ] && [ -z "$lost" ]
}

# What a failed case shows.
on_failure() {
	local ns
	for ns in hq branch; do
		echo "--- $ns"
		vdt $ns tunnel-get
		vdt $ns child-get
		vdt $ns sa-get
		vdt $ns stats-get
	done
	dmesg | tail -n 5
}

# manual_setup: what each of these tests begins with.
manual_setup() {
	need ping awk nft
	[ -x "$tools/nl_viaduct" ] || skip_all "no $tools/nl_viaduct: make -C selftests"
	need_module
	two_gateways || { echo "Bail out! cannot build the namespaces"; exit 1; }
	# Packets are counted here: IPv6's multicast listener reports would come on top.
	local ns
	for ns in hq branch; do
		at $ns nft -f - <<-NFT
			table ip6 quiet {
				chain output {
					type filter hook output priority 0
					icmpv6 type { mld-listener-report, mld2-listener-report } drop
				}
			}
		NFT
	done
}
