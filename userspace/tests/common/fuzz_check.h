/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What must hold of anything a peer sends, for the fuzz targets: a broken rule aborts.
 */
#ifndef TESTS_COMMON_FUZZ_CHECK_H
#define TESTS_COMMON_FUZZ_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "ike/wire/chain.h"

/* Aborts unless @cond. */
void fuzz_require(bool cond);
/* Reads @n octets, so that a view out of bounds is seen. */
void fuzz_touch(const uint8_t *p, size_t n);
/* Aborts unless the text is terminated, within its buffer, and printable ASCII. */
void fuzz_require_printable(const struct vd_strbuf *b);
/*
 * Parses every payload of the chain, formats what has a text, and emits each again: what is emitted
 * must parse to the same value.
 */
void fuzz_payloads(const struct ike_chain *c);

#endif
