/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Test vectors as text: octets from hexadecimal.
 */
#ifndef TESTS_COMMON_HEX_H
#define TESTS_COMMON_HEX_H

#include <stddef.h>
#include <stdint.h>

/*
 * Decodes @text (blanks are skipped) into @out; returns the octets. Aborts on what is not
 * hexadecimal or does not fit.
 */
size_t test_hex(const char *text, uint8_t *out, size_t cap);

#endif
