// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The content of a key file.
 */
#include <stdlib.h>

#include "conf/secret_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	vd_auto_secret s = { 0 };
	const char *why = NULL;
	int err = vd_secret_text_parse(data, size, &s, &why);

	if (err ? !why || s.data : !s.len || s.len > VD_PSK_MAX)
		abort();
	return 0;
}
