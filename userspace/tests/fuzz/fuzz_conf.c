// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A configuration of arbitrary octets, with one file to include behind a line "===". Whatever is accepted is
 * compared with itself parsed again: no difference may come out.
 */
#include <stdlib.h>
#include <string.h>

#include "conf/conf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t *find_split(const uint8_t *data, size_t size)
{
	return memmem(data, size, "\n===\n", 5);
}

static void check_errors(const struct vd_conf_errors *e)
{
	static char sink[1 << 16];
	FILE *f = fmemopen(sink, sizeof(sink), "w");

	if (!f || e->n > VD_CONF_ERRORS_MAX || e->total < e->n || !e->total)
		abort();
	for (uint32_t i = 0; i < e->n; i++)
		vd_conf_error_print(f, &e->e[i]);
	fclose(f);
}

static void check_value(const struct vd_conf *c, struct vd_conf_texts *texts, struct vd_conf_errors *errors)
{
	struct vd_conf_changes ch = { 0 };
	struct vd_conf *again = NULL;

	if (vd_conf_parse(&again, texts, NULL, NULL, errors, NULL))
		abort();
	if (vd_conf_diff(c, again, &ch) || ch.n)
		abort();
	vd_conf_changes_free(&ch);
	vd_conf_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct vd_conf_errors errors, warnings;
	const uint8_t *split = find_split(data, size);
	size_t first = split ? (size_t)(split - data) : size;
	struct vd_conf_texts texts = { 0 };
	struct vd_conf *c = NULL;
	int err;

	if (vd_conf_texts_add(&texts, "", "d/main.conf", data, first) ||
	    (split && vd_conf_texts_add(&texts, "d/more.conf", "d/more.conf", split + 5, size - first - 5)))
		abort();
	err = vd_conf_parse(&c, &texts, NULL, NULL, &errors, &warnings);
	if (err)
		check_errors(&errors);
	else
		check_value(c, &texts, &errors);
	vd_conf_free(c);
	vd_conf_texts_free(&texts);
	return 0;
}
