#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# datapath_seq.sh - the sequence number where it hurts: an ESN SA passes 2^32 without losing a packet
# (RFC 4303, 2.2.1 and Appendix A), one without ESN stops before it would repeat an IV (3.3.3), and
# lifetimes by packets, bytes and time expire softly, then hard, with an event for each.
# shellcheck source=selftests/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=selftests/lib_sa.sh
. "$here/lib_sa.sh"

# pair ALGORITHM SEQ [SA WORD...]: all SAs start as if SEQ packets had passed.
pair() {
	local alg=$1 seq=$2
	shift 2
	manual_tunnel 4 raw "$alg" seq "$seq" "$@"
}
wraps() {
	pair "$1" 4294967280 esn
	# Echo and reply: both directions pass 2^32 in the midst.
	ping_all hq-host $branchhost4 60
	nothing_lost
	[ "$(sa_field hq out 0x1001 seq)" = $((4294967280 + 60)) ]
	[ "$(sa_field branch in 0x1001 seq)" = $((4294967280 + 60)) ]
}
esn_wraps_gcm() { wraps gcm256; }
esn_wraps_cbc() { wraps cbc256; }

events() { # NS NAME: starts a monitor
	spawn_in "$1" "$2" "$tools/nl_viaduct" monitor
	wait_for 10 grep -q listening "$work/$2.out"
}
event() { grep -q "$2" "$work/$1.out"; }

stops_at_the_end() {
	local seq
	pair gcm128 4294967285
	events hq ends
	at hq-host ping -n -q -c 20 -i 0.05 -W 1 $branchhost4 || true
	# The SA that ran out is gone; what it sent last is what its peer saw last.
	not vdt hq sa-get dev via0 child 1 dir out spi 0x1001
	seq=$(sa_field branch in 0x1001 seq)
	echo "last seen $seq; drops: $(drops hq)"
	# 2^32 - 1 is the last number an SA may send.
	[ "$seq" = 4294967295 ]
	[ "$(sa_field branch in 0x1001 stats.rx-packets)" = 10 ]
	[ "$(tunnel_field hq stats.drops.tx-seq-overflow)" -ge 1 ]
	wait_for 10 event ends 'expire .*expire-hard 1 expire-cause seq'
	end ends
}

# expires CAUSE SOFT_WORDS HARD_WORDS
soft_and_hard_by_packets() {
	pair gcm128 0 soft.packets 10 hard.packets 20
	events hq ends
	ping_all hq-host $branchhost4 9
	not event ends expire
	at hq-host ping -n -q -c 6 -i 0.05 -W 1 $branchhost4
	wait_for 10 event ends 'expire .*expire-hard 0 expire-cause packets'
	not event ends 'expire-hard 1'
	at hq-host ping -n -q -c 12 -i 0.05 -W 1 $branchhost4 || true
	wait_for 10 event ends 'expire .*expire-hard 1 expire-cause packets'
	# Not one more than allowed got through.
	[ "$(tunnel_field branch stats.rx-packets)" -le 20 ]
	# One event each, not one a packet.
	[ "$(grep -c 'spi 0x00001001.*expire-hard 0' "$work/ends.out")" = 1 ]
	[ "$(grep -c 'spi 0x00001001.*expire-hard 1' "$work/ends.out")" = 1 ]
	end ends
}
soft_and_hard_by_bytes() {
	pair gcm128 0 soft.bytes 5000 hard.bytes 10000
	events branch ends
	at hq-host ping -n -q -c 6 -i 0.05 -W 1 -s 972 $branchhost4
	wait_for 10 event ends 'expire .*expire-hard 0 expire-cause bytes'
	at hq-host ping -n -q -c 8 -i 0.05 -W 1 -s 972 $branchhost4 || true
	wait_for 10 event ends 'expire .*expire-hard 1 expire-cause bytes'
	end ends
}
soft_and_hard_by_time() {
	# An emulated machine takes its time to set all of this up.
	pair gcm128 0 soft.seconds 8 hard.seconds 14
	events hq ends
	wait_for 20 event ends 'expire .*expire-hard 0 expire-cause time'
	ping_all hq-host $branchhost4 1
	wait_for 20 event ends 'expire .*expire-hard 1 expire-cause time'
	not at hq-host ping -n -q -c 1 -W 1 $branchhost4
	end ends
}

manual_setup
run_cases esn_wraps_gcm esn_wraps_cbc stops_at_the_end soft_and_hard_by_packets \
	soft_and_hard_by_bytes soft_and_hard_by_time
