#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# gateway_failure.sh - what goes wrong is a value: each wrong setting gives its code, with both
# sides' values where the protocol shows them, at the end that can know.
# shellcheck source=selftests/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=selftests/lib_gateway.sh
. "$here/lib_gateway.sh"

# attempt HQ_GATEWAY BRANCH_GATEWAY HQ_TUNNEL BRANCH_TUNNEL: both ends anew, and hq calls.
attempt() {
	stop_gateway hq
	stop_gateway branch
	two_ends "start = respond
		    $1" "$2" "$3" "$4"
	[ -z "${hq_id:-}" ] || sed -i "s/local-id = .*/local-id = $hq_id/" "$work/hq/viaduct.conf"
	[ -z "${hq_psk:-}" ] || printf '%s\n' "$hq_psk" >"$work/hq/psk"
	[ -n "${silent:-}" ] || start_gateway branch
	start_gateway hq
	ctl hq up branch --timeout "${wait:-15}" --json >"$work/up.json" 2>&1 || true
	cat "$work/up.json"
}
# cause NS FILTER: of the last failure that any gateway or tunnel there remembers.
cause() { ctl "$1" status --json | jq -r "[.. | .last_failure? // empty] | last | $2"; }
# expect_cause NS CODE...: one of these codes.
expect_cause() {
	local ns=$1 code
	shift
	code=$(wait_for 5 has_cause "$ns"; cause "$ns" .code)
	case " $* " in
	*" $code "*) echo "$ns: $(cause "$ns" '.text // .title')" ;;
	*) fail "$ns: code $code, not one of $*" ;;
	esac
}
has_cause() { [ "$(cause "$1" .code)" != null ]; }
# both_sides NS: certain, and with ours and theirs.
both_sides() {
	local ours theirs
	ours=$(cause "$1" .ours)
	theirs=$(cause "$1" .theirs)
	echo "$1: ours $ours, theirs $theirs, $(cause "$1" .certainty)"
	[ "$(cause "$1" .certainty)" = certain ]
	[ -n "$ours" ]
	[ "$ours" != null ]
	[ -n "$theirs" ]
	[ "$theirs" != null ]
	[ "$ours" != "$theirs" ]
}

phase1_encryption() {
	attempt 'proposals = aes128-sha256-ecp256' 'proposals = aes256-sha256-ecp256' '' ''
	expect_cause branch 1101 1105
	both_sides branch
	expect_cause hq 1106
}
phase1_group() {
	attempt 'proposals = aes256-sha256-modp2048' 'proposals = aes256-sha256-ecp384' '' ''
	expect_cause branch 1103
	both_sides branch
	expect_cause hq 1103 1106 1108
}
phase2_encryption() {
	attempt '' '' 'proposals = aes128-sha256' 'proposals = aes256-sha256'
	expect_cause branch 2101 2106
	both_sides branch
	expect_cause hq 2107
}
pfs_on_one_side() {
	# The child of IKE_AUTH has no DH (RFC 7296, 1.2), so only the rekey can show it.
	attempt '' '' 'pfs = none' 'pfs = group-19'
	ctl hq rekey via0 --child --timeout 15 || true
	expect_cause branch 2103
	both_sides branch
	expect_cause hq 2103 2107
}
selectors() {
	attempt '' '' 'local-subnets = 10.1.0.0/16
		    remote-subnets = 10.2.0.0/16' 'local-subnets = 10.3.0.0/16
		    remote-subnets = 10.4.0.0/16'
	expect_cause branch 2201
	both_sides branch
	expect_cause hq 2202
}
wrong_secret() {
	hq_psk='another secret than the one of the peer' attempt '' '' '' ''
	expect_cause branch 3101
	expect_cause hq 3102
}
wrong_id() {
	hq_id=someone.example attempt '' '' '' ''
	expect_cause branch 3103 3105
	both_sides branch
	expect_cause hq 3102
}
no_answer() {
	# Retransmissions end after about a minute (1 + 2 + 4 … s).
	silent=1 wait=100 attempt '' '' '' ''
	expect_cause hq 4101
}

# ---- configuration ------------------------------------------------------------------------------
check_config() { # prints the messages; the exit status of viaductd --check
	"$bin/viaductd" --check "$work/bad.conf" 2>&1
}
unknown_key() {
	local text rc=0
	printf 'gateway hq {\n    remte = 192.0.2.1\n    secret-file = psk\n}\n' >"$work/bad.conf"
	text=$(check_config) || rc=$?
	echo "$text"
	[ "$rc" = 2 ]
	grep -q 'bad.conf:2:5' <<<"$text"
	grep -q 'remote' <<<"$text"
}
reload_is_all_or_nothing() {
	attempt '' '' '' ''
	wait_for 10 tunnel_is hq via0 up
	echo 'nonsense {' >>"$work/hq/viaduct.conf"
	local rc=0
	ctl hq reload || rc=$?
	[ "$rc" = 2 ]
	tunnel_is hq via0 up
	ping_all hq-host $branchhost4 3
}
readable_secret_is_refused() {
	local text
	two_ends '' '' '' ''
	chmod 644 "$work/hq/psk"
	text=$("$bin/viaductd" --check "$work/hq/viaduct.conf" 2>&1) && fail "accepted: $text"
	echo "$text"
	grep -q chmod <<<"$text"
}
no_daemon() {
	local rc=0
	stop_gateway hq
	ctl hq status || rc=$?
	[ "$rc" = 3 ]
}

need jq ping
need_module
two_gateways || skip_all "cannot build namespaces"
run_cases phase1_encryption phase1_group phase2_encryption pfs_on_one_side selectors wrong_secret \
	wrong_id no_answer unknown_key reload_is_all_or_nothing readable_secret_is_refused no_daemon
