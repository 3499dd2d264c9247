# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# lib_gateway.sh - runs viaductd in a namespace of the two-gateway set-up and asks it things by
# viaductctl. Sourced after lib.sh. A gateway's files are in $work/NS: viaduct.conf, psk, run/, log.

psk='a secret of two gateways, only for tests'

# gateway_conf NS: reads the configuration from stdin. The secret lies beside it as psk.
gateway_conf() {
	local dir=$work/$1
	mkdir -p "$dir/run"
	chmod 700 "$dir"
	cat >"$dir/viaduct.conf"
	(umask 077 && printf '%s\n' "$psk" >"$dir/psk")
}

# start_gateway NS: starts viaductd and waits until it takes commands.
start_gateway() {
	local dir=$work/$1
	[ -x "$bin/viaductd" ] || { echo "no $bin/viaductd: make"; return 1; }
	[ ! -e "$work/pids/viaductd-$1" ] || end "viaductd-$1"
	rm -f "$dir/run/control.sock"
	spawn_in "$1" "viaductd-$1" "$bin/viaductd" --foreground --config "$dir/viaduct.conf" \
		--run-dir "$dir/run" --log-level debug
	if ! wait_for 20 test -S "$dir/run/control.sock" || ! wait_for 10 ctl "$1" status; then
		echo "viaductd in $1 does not answer; its log:"
		tail -n 30 "$work/viaductd-$1.out"
		return 1
	fi
}
stop_gateway() { end "viaductd-$1"; }

# ctl NS ARGUMENT...: viaductctl as the admin of that gateway.
ctl() {
	local ns=$1
	shift
	at "$ns" "$bin/viaductctl" --run-dir "$work/$ns/run" "$@"
}

# tunnel NS NAME FILTER: a jq filter over the tunnel object of `show --json`.
tunnel() {
	ctl "$1" show "$2" --json |
		jq -r --arg n "$2" "[.. | objects | select(.name? == \$n and has(\"state\"))] | last | $3"
}
# gateway NS NAME FILTER: the same over the gateway object.
gateway() {
	ctl "$1" show "$2" --json |
		jq -r --arg n "$2" "[.. | objects | select(.name? == \$n and has(\"state\"))] | first | $3"
}
tunnel_is() { [ "$(tunnel "$1" "$2" .state)" = "$3" ]; }
gateway_is() { [ "$(gateway "$1" "$2" .state)" = "$3" ]; }

# counters NS TUNNEL: "packets_in packets_out bytes_in bytes_out".
counters() {
	tunnel "$1" "$2" '"\(.packets_in) \(.packets_out) \(.bytes_in) \(.bytes_out)"'
}

# mark TUNNEL NS1 NS2, traffic, then balanced: each end took what the other sent. Not from the very
# beginning: a responder may send before its caller knows the SA.
mark() { # TUNNEL NS1 NS2
	local before='' now=''
	# The ends are read one after the other: what passes meanwhile would count at one of them only.
	for _ in $(seq 20); do
		now="$(counters "$2" "$1") $(counters "$3" "$1")"
		[ "$now" != "$before" ] || break
		before=$now
	done
	read -r a_in0 a_out0 _ < <(counters "$2" "$1")
	read -r b_in0 b_out0 _ < <(counters "$3" "$1")
}
balanced() { # TUNNEL NS1 NS2 PACKETS: at least so many each way since mark
	local a_in a_out b_in b_out
	read -r a_in a_out _ < <(counters "$2" "$1")
	read -r b_in b_out _ < <(counters "$3" "$1")
	echo "$2 in $((a_in - a_in0)) out $((a_out - a_out0)), $3 in $((b_in - b_in0)) out $((b_out - b_out0))"
	[ $((a_out - a_out0)) = $((b_in - b_in0)) ] && [ $((b_out - b_out0)) = $((a_in - a_in0)) ] &&
		[ $((a_out - a_out0)) -ge "$4" ] && [ $((b_out - b_out0)) -ge "$4" ]
}

# gateway_log NS: what viaductd had to say.
gateway_log() { cat "$work/viaductd-$1.out"; }

# two_ends [HQ_EXTRA] [BRANCH_EXTRA] [HQ_TUNNEL] [BRANCH_TUNNEL]: configures both gateways of the
# picture with one tunnel via0 each; the arguments are more lines for the blocks. branch waits to
# be called (its peer may be behind a NAT), hq starts when told to.
two_ends() {
	gateway_conf hq <<-CONF
		gateway branch {
		    remote = $branch4
		    local-id = hq.example
		    remote-id = branch.example
		    secret-file = psk
		    ${1:-}
		}
		tunnel via0 {
		    gateway = branch
		    address = 169.254.7.1/30
		    routes = 10.2.0.0/16, fd00:2::/64
		    ${3:-}
		}
	CONF
	gateway_conf branch <<-CONF
		gateway hq {
		    remote = $hq4
		    local-id = branch.example
		    remote-id = hq.example
		    secret-file = psk
		    start = respond
		    ${2:-}
		}
		tunnel via0 {
		    gateway = hq
		    address = 169.254.7.2/30
		    routes = 10.1.0.0/16, fd00:1::/64
		    ${4:-}
		}
	CONF
}

# on_failure: what a failed case shows.
on_failure() {
	local ns
	for ns in hq branch; do
		[ -e "$work/viaductd-$ns.out" ] || continue
		echo "--- viaductd in $ns"
		tail -n 25 "$work/viaductd-$ns.out"
		timeout 5 ip netns exec "$prefix-$ns" "$bin/viaductctl" --run-dir "$work/$ns/run" status
	done
	dmesg | tail -n 5
}
