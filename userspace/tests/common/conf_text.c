// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Configurations from texts in a test.
 */
#include "tests/common/conf_text.h"

#include <stdlib.h>
#include <string.h>

int test_conf(struct vd_conf **out, const char *text, struct vd_conf_errors *errors,
	      struct vd_conf_errors *warnings)
{
	struct vd_conf_texts texts = { 0 };
	int err;

	if (vd_conf_texts_add(&texts, "", "t.conf", text, strlen(text)))
		abort();
	err = vd_conf_parse(out, &texts, NULL, NULL, errors, warnings);
	vd_conf_texts_free(&texts);
	return err;
}
