// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * viaductd --check: the configuration is read and judged, nothing else is done. The secret files
 * are looked at, who may read them, but not read.
 */
#include "daemon/roles.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf/conf.h"
#include "conf/secret_file.h"
#include "daemon/control_json.h"

struct findings {
	struct vd_conf_errors errors, warnings;
};

/* Root would be refused at the start for the same reasons: errors. Others can't tell: warnings. */
static void look_at_secrets(const struct vd_conf *conf, struct vd_conf_errors *found)
{
	for (size_t g = 0; g < conf->ike.n_gateways; g++) {
		const struct vd_conf_gateway *gw = &conf->gateways[g];
		struct vd_secret_file_error why = { 0 };
		struct vd_conf_error *e;
		int fd;

		if (!gw->secret_file || found->n == VD_CONF_ERRORS_MAX)
			continue;
		if (vd_secret_file_open(gw->secret_file, &fd, &why) == 0) {
			close(fd);
			continue;
		}
		e = &found->e[found->n++];
		found->total++;
		memset(e, 0, sizeof(*e));
		if (gw->pos_secret_file.file)
			snprintf(e->file, sizeof(e->file), "%s", gw->pos_secret_file.file);
		e->line = gw->pos_secret_file.line;
		e->column = gw->pos_secret_file.column;
		snprintf(e->message, sizeof(e->message), "%.250s", why.message);
		snprintf(e->fix, sizeof(e->fix), "%.250s", why.fix);
	}
}

static void print_text(const struct findings *f)
{
	for (uint32_t i = 0; i < f->errors.n; i++)
		vd_conf_error_print(stderr, &f->errors.e[i]);
	for (uint32_t i = 0; i < f->warnings.n; i++) {
		fputs("warning: ", stderr);
		vd_conf_error_print(stderr, &f->warnings.e[i]);
	}
}

static void print_json(const struct findings *f)
{
	json_t *o = json_object();

	json_object_set_new(o, "errors", vd_json_conf_errors(&f->errors));
	json_object_set_new(o, "warnings", vd_json_conf_errors(&f->warnings));
	json_dumpf(o, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(o);
}

int vd_check_main(const char *path, bool json)
{
	struct findings *f = calloc(1, sizeof(*f));
	struct vd_conf_texts texts = { 0 };
	struct vd_conf *conf = NULL;
	int err;

	if (!f)
		return VD_EXIT_FAILED;
	err = vd_conf_read(&conf, path, &texts, &f->errors, &f->warnings);
	if (err && !f->errors.n) {
		f->errors.n = f->errors.total = 1;
		snprintf(f->errors.e[0].file, sizeof(f->errors.e[0].file), "%s", path);
		snprintf(f->errors.e[0].message, sizeof(f->errors.e[0].message), "%s",
			 strerror(-err));
	}
	if (!err)
		look_at_secrets(conf, geteuid() == 0 ? &f->errors : &f->warnings);
	if (f->errors.n)
		err = -EINVAL;
	if (json)
		print_json(f);
	else
		print_text(f);
	vd_conf_free(conf);
	vd_conf_texts_free(&texts);
	free(f);
	return err ? VD_EXIT_CONFIG : VD_EXIT_OK;
}
