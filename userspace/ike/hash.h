/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * uthash and utlist as the core uses them: running out of memory leaves the table as it was, and the
 * element with hh.tbl NULL.
 */
#ifndef IKE_HASH_H
#define IKE_HASH_H

#define HASH_NONFATAL_OOM 1
#include <uthash.h>
#include <utlist.h>

#endif
