# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# lib_strongswan.sh - runs strongSwan (charon-systemd, without systemd) in a namespace of the
# two-gateway set-up. Sourced after lib.sh. Its files are in $work/swan-NS.

# swan_start NS <SWANCTL.CONF: configuration from stdin; returns when it is loaded.
swan_start() {
	local dir=$work/swan-$1
	mkdir -p "$dir"
	cat >"$dir/swanctl.conf"
	# An explicit list: with all of Debian's plugins each swanctl call takes seconds here.
	cat >"$dir/strongswan.conf" <<-CONF
		charon-systemd {
		    load = random nonce openssl pem pkcs1 pubkey x509 kdf hmac vici kernel-netlink socket-default updown
		    install_routes = no
		    retransmit_timeout = 2
		    retransmit_tries = 4
		    filelog {
		        log {
		            path = $dir/log
		            default = 1
		            ike = 2
		            flush_line = yes
		        }
		    }
		    plugins {
		        vici {
		            socket = unix://$dir/vici
		        }
		    }
		}
		swanctl {
		    load = random nonce openssl pem pkcs1 pubkey x509
		}
	CONF
	modprobe -qa esp4 esp6 xfrm_user xfrm4_tunnel || true
	spawn_in "$1" "charon-$1" env "STRONGSWAN_CONF=$dir/strongswan.conf" /usr/sbin/charon-systemd
	wait_for 30 test -S "$dir/vici" || { cat "$work/charon-$1.out"; return 1; }
	swan "$1" --load-all --noprompt --file "$dir/swanctl.conf" >"$dir/load" 2>&1 ||
		{ cat "$dir/load"; return 1; }
}

# swan NS --COMMAND ARGUMENT...
swan() {
	local ns=$1 command=$2
	shift 2
	STRONGSWAN_CONF=$work/swan-$ns/strongswan.conf at "$ns" swanctl "$command" \
		--uri "unix://$work/swan-$ns/vici" "$@"
}

# swan_child NS FIELD: of each installed CHILD_SA, one a line (bytes-in, spi-in, encap, ...).
swan_child() {
	swan "$1" --list-sas --raw | tr -s '{ }' '\n' | awk -F = -v field="$2" '
		$1 == "state" { installed = ($2 == "INSTALLED") }
		$1 == field && installed { print $2 }'
}
swan_sum() { swan_child "$1" "$2" | awk '{ n += $1 } END { print n + 0 }'; }
# swan_ike NS FIELD: of each IKE_SA (state, initiator-spi, nat-any, ...).
swan_ike() {
	swan "$1" --list-sas --raw | sed 's/child-sas {[^}]*}[^}]*}/ /g' | tr -s '{ }' '\n' |
		awk -F = -v field="$2" '$1 == field { print $2 }'
}
swan_log() { cat "$work/swan-$1/log"; }
