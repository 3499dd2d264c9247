// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A request on the control socket. What is accepted names a method and holds terminated names;
 * what is refused changes nothing and, when there is an error object, it is one of the protocol.
 */
#include <assert.h>
#include <string.h>

#include "daemon/control_call.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vd_control_call c = { .timeout = 12345 };
	json_t *error = NULL;

	if (vd_control_parse(&c, (const char *)data, size, &error) == 0) {
		assert(!error && c.method <= VD_CONTROL_COUNTERS);
		assert(memchr(c.name, 0, sizeof(c.name)));
		assert(c.timeout >= 1 && c.timeout <= VD_CONTROL_TIMEOUT_MAX);
	} else {
		assert(c.timeout == 12345);
		if (error)
			assert(strncmp(json_string_value(json_object_get(error, "error")),
				       "org.viaduct.", 12) == 0);
	}
	json_decref(error);
	return 0;
}
