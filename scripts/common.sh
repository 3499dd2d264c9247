# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# What the scripts share: where the project and its cache are, how to speak to the user.
# Sourced, never run.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$top/build
cache=${XDG_CACHE_HOME:-$HOME/.cache}/viaduct
kernels=$cache/kernels
prog=$(basename "$0")

say() { printf '%s: %s\n' "$prog" "$*"; }
die() { printf '%s: %s\n' "$prog" "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# sbin is where ip, nft, modprobe live, and it is not in an ordinary user's path.
case :$PATH: in
*:/usr/sbin:*) ;;
*) PATH=$PATH:/usr/sbin:/sbin ;;
esac

# kernel_dir NAME: the folder of a cached kernel (6.1, 6.12). It holds root/ (the unpacked
# packages), version, and what scripts/vm derives from them.
kernel_dir() {
	[ -s "$kernels/$1/version" ] || return 1
	printf '%s\n' "$kernels/$1"
}

# kernel_version NAME|VERSION: the release as uname -r reports it.
kernel_version() {
	if [ -s "$kernels/$1/version" ]; then cat "$kernels/$1/version"; else printf '%s\n' "$1"; fi
}

# kernel_headers NAME|VERSION: a folder to build modules against, from the cache or the system.
kernel_headers() {
	local v d
	v=$(kernel_version "$1")
	for d in "$kernels"/*/root/usr/src/linux-headers-"$v" "/lib/modules/$v/build" \
		"/usr/src/linux-headers-$v"; do
		if [ -e "$d/Makefile" ]; then
			printf '%s\n' "$d"
			return 0
		fi
	done
	return 1
}
