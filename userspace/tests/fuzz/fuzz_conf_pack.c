// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The packed configuration that [priv] gives to [net]: what unpacks packs to the same octets.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/conf_pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vd_conf_errors *errors = calloc(2, sizeof(*errors));
	struct vd_conf_texts texts, again;
	vd_auto_secret packed = { 0 };

	if (vd_conf_unpack(&texts, &errors[0], data, size) == 0) {
		assert(vd_conf_pack(&packed, &texts, &errors[0]) == 0);
		assert(vd_conf_unpack(&again, &errors[1], packed.data, packed.len) == 0);
		assert(again.n == texts.n && errors[0].n == errors[1].n);
		for (size_t i = 0; i < texts.n; i++)
			assert(again.t[i].len == texts.t[i].len &&
			       memcmp(again.t[i].data, texts.t[i].data, again.t[i].len) == 0);
		vd_conf_texts_free(&again);
		vd_conf_texts_free(&texts);
	}
	free(errors);
	return 0;
}
