/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Configurations from texts in a test.
 */
#ifndef TESTS_COMMON_CONF_TEXT_H
#define TESTS_COMMON_CONF_TEXT_H

#include "conf/conf.h"

/* Parses one text, named "t.conf". Returns what vd_conf_parse() does. */
int test_conf(struct vd_conf **out, const char *text, struct vd_conf_errors *errors,
	      struct vd_conf_errors *warnings);

#endif
