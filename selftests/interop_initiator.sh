#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# interop_initiator.sh - viaduct calls strongSwan, raw ESP, with PFS at the rekey.
# shellcheck source=selftests/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=selftests/lib_gateway.sh
. "$here/lib_gateway.sh"
# shellcheck source=selftests/lib_strongswan.sh
. "$here/lib_strongswan.sh"
# shellcheck source=selftests/lib_interop.sh
. "$here/lib_interop.sh"

interop_run viaduct '' aes256gcm16-prfsha384-ecp384 aes256gcm16-ecp384
