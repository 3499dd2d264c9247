#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# interop_initiator_natt.sh - viaduct behind a NAT calls strongSwan: CBC and HMAC, ESP in UDP.
# shellcheck source=selftests/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=selftests/lib_gateway.sh
. "$here/lib_gateway.sh"
# shellcheck source=selftests/lib_strongswan.sh
. "$here/lib_strongswan.sh"
# shellcheck source=selftests/lib_interop.sh
. "$here/lib_interop.sh"

interop_run viaduct 'viaduct' aes256-sha256-modp2048 aes256-sha256
