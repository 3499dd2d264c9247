# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# lib_interop.sh - viaductd at hq against strongSwan at branch: the cases are the same whoever
# initiates and whether or not there is a NAT; the scripts interop_*.sh choose. Sourced after
# lib.sh, lib_gateway.sh, lib_strongswan.sh. The proof is always the byte counters of the SAs at
# both ends: a ping alone could have found another way.

# interop_setup INITIATOR NAT PROPOSALS_IKE PROPOSALS_ESP
#   INITIATOR viaduct|strongswan, NAT '' or who sits behind one: viaduct|strongswan
interop_setup() {
	local viaduct_sees=$branch4 swan_sees=$hq4
	initiator=$1 behind=$2
	case $behind in
	viaduct) masquerade hq; swan_sees=%any ;;
	strongswan) masquerade branch; viaduct_sees=any ;;
	esac
	gateway_conf hq <<-CONF
		gateway peer {
		    remote = $viaduct_sees
		    local-id = hq.example
		    remote-id = branch.example
		    secret-file = psk
		    start = respond
		    proposals = $3
		}
		tunnel via0 {
		    gateway = peer
		    address = 169.254.7.1/30
		    local-subnets = 10.1.0.0/16
		    remote-subnets = 10.2.0.0/16
		    routes = 10.2.0.0/16
		    proposals = $4
		}
	CONF
	swan_start branch <<-CONF || return 1
		connections {
		  peer {
		    version = 2
		    local_addrs = $branch4
		    remote_addrs = $swan_sees
		    proposals = $3
		    rekey_time = 0
		    local {
		      auth = psk
		      id = branch.example
		    }
		    remote {
		      auth = psk
		      id = hq.example
		    }
		    children {
		      net {
		        local_ts = 10.2.0.0/16
		        remote_ts = 10.1.0.0/16
		        esp_proposals = $4
		        rekey_time = 0
		      }
		    }
		  }
		}
		secrets {
		  ike-1 {
		    secret = "$psk"
		  }
		}
	CONF
	start_gateway hq
}

# ---- cases --------------------------------------------------------------------------------------
establish() {
	if [ "$initiator" = viaduct ]; then
		ctl hq up peer --timeout 30
	else
		swan branch --initiate --child net --timeout 30
	fi
	wait_for 10 tunnel_is hq via0 up
	wait_for 10 same_spis
}

# same_spis: each end knows exactly one SA pair, and it is the same.
same_spis() {
	[ "$(swan_child branch spi-in)" = "$(tunnel hq via0 .spi_out)" ] &&
		[ "$(swan_child branch spi-out)" = "$(tunnel hq via0 .spi_in)" ]
}

encapsulated_as_it_should() {
	local want=false
	[ -z "$behind" ] || want=true
	[ "$(tunnel hq via0 .encap)" = "$want" ]
	if [ -n "$behind" ]; then
		[ "$(swan_child branch encap)" = yes ]
		case $behind in
		viaduct) [ "$(gateway hq peer .nat)" = local ] ;;
		strongswan) [ "$(gateway hq peer .nat)" = remote ] ;;
		esac
	else
		[ -z "$(swan_child branch encap)" ]
		[ "$(gateway hq peer .nat)" = none ]
	fi
}

# traffic: 10 pings each way; the bytes must agree at both ends, SA by SA.
traffic() {
	local v_in v_out s_in s_out
	read -r _ _ v_in v_out < <(counters hq via0)
	s_in=$(swan_sum branch bytes-in)
	s_out=$(swan_sum branch bytes-out)
	ping_all hq-host "$branchhost4" 10
	ping_all branch-host "$hqhost4" 10
	wait_for 10 bytes_agree "$v_in" "$v_out" "$s_in" "$s_out" 1680 || fail "the counters differ"
}
bytes_agree() { # V_IN V_OUT S_IN S_OUT BYTES, those before and how much each must have grown
	local v_in v_out s_in s_out
	read -r _ _ v_in v_out < <(counters hq via0)
	s_in=$(swan_sum branch bytes-in)
	s_out=$(swan_sum branch bytes-out)
	echo "viaduct in $v_in out $v_out, strongSwan in $s_in out $s_out" >"$work/bytes"
	[ $((v_in - $1)) = "$5" ] && [ $((v_out - $2)) = "$5" ] &&
		[ $((s_in - $3)) = "$5" ] && [ $((s_out - $4)) = "$5" ]
}

rekey_child() { # viaduct|strongswan
	local before
	before=$(tunnel hq via0 .spi_out)
	if [ "$1" = viaduct ]; then
		ctl hq rekey via0 --child --timeout 20
	else
		swan branch --rekey --child net
	fi
	wait_for 20 other_spi "$before"
	# The old pair must go, by Delete.
	wait_for 20 same_spis
	traffic
}
other_spi() { [ "$(tunnel hq via0 .spi_out)" != "$1" ]; }

rekey_ike() { # viaduct|strongswan
	local before
	before=$(gateway hq peer .spi_i)
	if [ "$1" = viaduct ]; then
		ctl hq rekey peer --ike --timeout 20
	else
		swan branch --rekey --ike peer
	fi
	wait_for 20 other_ike_spi "$before"
	wait_for 20 one_ike_sa
	same_spis
	traffic
}
other_ike_spi() { [ "$(gateway hq peer .spi_i)" != "$1" ]; }
one_ike_sa() { [ "$(swan_ike branch state)" = ESTABLISHED ] && [ "$(gateway hq peer .sas)" = 1 ]; }

child_rekey_by_viaduct() { rekey_child viaduct; }
child_rekey_by_strongswan() { rekey_child strongswan; }
ike_rekey_by_viaduct() { rekey_ike viaduct; }
ike_rekey_by_strongswan() { rekey_ike strongswan; }
# The new IKE SA must be able to do what the old one could.
child_rekey_after_ike_rekey() {
	rekey_child viaduct
	rekey_child strongswan
}
bulk() {
	spawn_in branch-host iperf iperf3 -s -1
	wait_for 20 listening branch-host 5201
	at hq-host iperf3 -c "$branchhost4" -w 128K -n 4M -J >"$work/iperf.json"
	# iperf3 ends when all is in the sender's buffer: the last part may not have arrived.
	[ "$(jq .end.sum_received.bytes "$work/iperf.json")" -ge 2000000 ]
}
delete_by_strongswan() {
	swan branch --terminate --ike peer
	wait_for 10 no_carrier
}
no_carrier() { [ "$(at hq cat /sys/class/net/via0/carrier)" = 0 ]; }
# The last: what its administrator took down, viaductd does not let the peer begin again.
delete_by_viaduct() {
	wait_for 10 tunnel_is hq via0 up
	ctl hq down peer
	wait_for 10 swan_is_empty
}
swan_is_empty() { [ -z "$(swan_ike branch state)" ]; }
again() {
	establish
	traffic
}

on_failure() {
	cat "$work/bytes" 2>/dev/null
	echo "--- viaductd"
	tail -n 30 "$work/viaductd-hq.out"
	ctl hq status
	echo "--- strongSwan"
	tail -n 25 "$work/swan-branch/log"
	swan branch --list-sas
}

# interop_run INITIATOR NAT IKE_PROPOSALS ESP_PROPOSALS: the whole script.
interop_run() {
	need jq swanctl /usr/sbin/charon-systemd ping iperf3 nft
	need_module
	two_gateways || skip_all "cannot build namespaces"
	interop_setup "$@" || { on_failure; exit 1; }
	run_cases establish encapsulated_as_it_should traffic child_rekey_by_viaduct \
		child_rekey_by_strongswan ike_rekey_by_viaduct ike_rekey_by_strongswan \
		child_rekey_after_ike_rekey bulk delete_by_strongswan again delete_by_viaduct
}
