#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# interop_responder_natt.sh - strongSwan behind a NAT calls viaduct: GCM, ESP in UDP.
# shellcheck source=selftests/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=selftests/lib_gateway.sh
. "$here/lib_gateway.sh"
# shellcheck source=selftests/lib_strongswan.sh
. "$here/lib_strongswan.sh"
# shellcheck source=selftests/lib_interop.sh
. "$here/lib_interop.sh"

interop_run strongswan 'strongswan' aes128gcm16-prfsha256-ecp256 aes128gcm16
