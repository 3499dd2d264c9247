#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# datapath_xfrm.sh - the kernel's own XFRM as the foreign implementation: viaduct at hq, `ip xfrm`
# at branch, the same keys. What we send it must read, and the reverse.
# shellcheck source=selftests/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=selftests/lib_sa.sh
. "$here/lib_sa.sh"

xfrm_algorithm() { # NAME KEY: fills the array alg
	case $1 in
	gcm128) alg=(aead 'rfc4106(gcm(aes))' "0x${2:0:32}a1a2a3a4" 128) ;;
	gcm256) alg=(aead 'rfc4106(gcm(aes))' "0x${2}a1a2a3a4" 128) ;;
	cbc128) alg=(enc 'cbc(aes)' "0x${2:0:32}" auth-trunc 'hmac(sha256)' "0x$key_b" 128) ;;
	cbc256) alg=(enc 'cbc(aes)' "0x$2" auth-trunc 'hmac(sha256)' "0x$key_b" 128) ;;
	esac
}

# xfrm_end OUTER ENCAP ALGORITHM [esn]: branch by XFRM, tunnel mode, everything selected.
xfrm_end() {
	local h=$hq4 b=$branch4 encap=() flags=() alg dir l r any
	if [ "$1" = 6 ]; then h=$hq6 b=$branch6; fi
	if [ "$2" = udp ]; then
		encap=(encap espinudp 4500 4500 0.0.0.0)
		spawn_in branch encap-socket python3 -c '
import signal, socket, sys
v6 = sys.argv[1] == "6"
s = socket.socket(socket.AF_INET6 if v6 else socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("::" if v6 else "0.0.0.0", 4500))
s.setsockopt(socket.IPPROTO_UDP, 100, 2)  # UDP_ENCAP, UDP_ENCAP_ESPINUDP
print("attached", flush=True)
signal.pause()' "$1"
		wait_for 10 grep -q attached "$work/encap-socket.out"
	fi
	[ "${4:-}" != esn ] || flags=(flag esn replay-window 64)
	[ "${4:-}" = esn ] || flags=(replay-window 32)
	at branch ip xfrm state flush
	at branch ip xfrm policy flush
	xfrm_algorithm "$3" $key_a
	at branch ip xfrm state add src $h dst $b proto esp spi 0x1001 reqid 1 mode tunnel flag af-unspec \
		"${flags[@]}" "${alg[@]}" "${encap[@]}"
	xfrm_algorithm "$3" $key_b
	at branch ip xfrm state add src $b dst $h proto esp spi 0x1002 reqid 1 mode tunnel flag af-unspec \
		"${flags[@]}" "${alg[@]}" "${encap[@]}"
	for any in 10.1.0.0/16,10.2.0.0/16 fd00:1::/64,fd00:2::/64; do
		r=${any%,*} l=${any#*,}
		at branch ip xfrm policy add src "$l" dst "$r" dir out tmpl src $b dst $h proto esp reqid 1 mode tunnel
		for dir in in fwd; do
			at branch ip xfrm policy add src "$r" dst "$l" dir "$dir" tmpl src $h dst $b proto esp reqid 1 mode tunnel
		done
	done
}

# combination OUTER ENCAP ALGORITHM [esn]
combination() {
	local a b
	no_tunnel
	end encap-socket
	if [ "$2" = udp ]; then
		spawn_in hq socket-hq "$tools/nl_viaduct" socket-hold "$([ "$1" = 6 ] && echo :: || echo 0.0.0.0)" 4500
		wait_for 10 grep -q attached "$work/socket-hq.out"
	fi
	xfrm_end "$@"
	add_device hq
	any_child hq
	ends "$1" "$2"
	a=$(algorithm "$3" $key_a)
	b=$(algorithm "$3" $key_b)
	# shellcheck disable=SC2086
	vdt hq sa-new dev via0 child 1 dir in spi 0x1002 $hq_ends $b replay-window 64 ${4:-}
	# shellcheck disable=SC2086
	vdt hq sa-new dev via0 child 1 dir out spi 0x1001 $hq_ends $a ${4:-}
	ping_all hq-host $branchhost4 10
	ping_all hq-host $branchhost6 10
	ping_all branch-host $hqhost4 10
	ping_all branch-host $hqhost6 10
	at hq-host ping -q -n -c 2 -s 3000 -W 5 $branchhost4
	[ "$(sa_field hq out 0x1001 stats.tx-packets)" -ge 42 ]
	[ "$(sa_field hq in 0x1002 stats.rx-packets)" -ge 42 ]
	[ -z "$(drops hq)" ]
	# XFRM's own count, to prove that nothing went beside.
	[ "$(at branch ip -s xfrm state get src "$(outer_of hq "$1")" dst "$(outer_of branch "$1")" proto esp spi 0x1001 |
		sed -n 's/.* \([0-9]*\)(packets).*/\1/p' | sort -n | tail -1)" -ge 42 ]
}
outer_of() {
	case $1$2 in
	hq4) echo $hq4 ;; hq6) echo $hq6 ;; branch4) echo $branch4 ;; branch6) echo $branch6 ;;
	esac
}

manual_setup
need python3
modprobe -qa esp4 esp6 xfrm_user xfrm4_tunnel || true
at branch ip xfrm state >/dev/null || skip_all "no XFRM in this kernel"
run_4_raw_gcm128() { combination 4 raw gcm128; }
run_4_raw_gcm256_esn() { combination 4 raw gcm256 esn; }
run_4_raw_cbc128() { combination 4 raw cbc128; }
run_4_raw_cbc256_esn() { combination 4 raw cbc256 esn; }
run_4_udp_gcm256() { combination 4 udp gcm256; }
run_4_udp_cbc256_esn() { combination 4 udp cbc256 esn; }
run_6_raw_gcm128_esn() { combination 6 raw gcm128 esn; }
run_6_raw_cbc256() { combination 6 raw cbc256; }
run_6_udp_gcm128() { combination 6 udp gcm128; }
run_cases run_4_raw_gcm128 run_4_raw_gcm256_esn run_4_raw_cbc128 run_4_raw_cbc256_esn \
	run_4_udp_gcm256 run_4_udp_cbc256_esn run_6_raw_gcm128_esn run_6_raw_cbc256 run_6_udp_gcm128
