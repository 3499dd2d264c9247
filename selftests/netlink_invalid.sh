#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# netlink_invalid.sh - what short, wrongly nested, out-of-range messages and absent objects get;
# and thousands of damaged ones. The cases are in nl_invalid.c.
# shellcheck source=selftests/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
need_module
"$tools/nl_invalid"
