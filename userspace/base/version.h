/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one place for the version of daemon and command. dkms.conf and NEWS.md carry the
 * same number; scripts/check-docs compares them.
 */
#ifndef VD_BASE_VERSION_H
#define VD_BASE_VERSION_H

#define VD_VERSION	"0.1.0"

#endif
