#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# interop_responder.sh - strongSwan calls viaduct, raw ESP, CBC and HMAC, with PFS.
# shellcheck source=selftests/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=selftests/lib_gateway.sh
. "$here/lib_gateway.sh"
# shellcheck source=selftests/lib_strongswan.sh
. "$here/lib_strongswan.sh"
# shellcheck source=selftests/lib_interop.sh
. "$here/lib_interop.sh"

interop_run strongswan '' aes128-sha256-x25519 aes128-sha256-ecp256
