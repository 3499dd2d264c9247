#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# netlink_dump.sh - dumps of many objects, and of objects that change meanwhile. The cases are in
# nl_dump.c.
# shellcheck source=selftests/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
need_module
"$tools/nl_dump"
