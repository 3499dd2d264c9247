/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A configuration's texts and what [priv] has to say about them as octets, for the sealed
 * memory descriptor that goes with VD_MSG_CONFIG. No secret is in it: a text names files of keys.
 */
#ifndef VD_DAEMON_CONF_PACK_H
#define VD_DAEMON_CONF_PACK_H

#include "base/secret.h"
#include "conf/conf.h"

/* All of it into @out. 0, -ENOMEM, -E2BIG. */
int vd_conf_pack(struct vd_secret *out, const struct vd_conf_texts *texts,
		 const struct vd_conf_errors *errors);
/* The reverse. 0; -EPROTO, -ENOMEM with @texts empty. */
int vd_conf_unpack(struct vd_conf_texts *texts, struct vd_conf_errors *errors,
		   const void *data, size_t len);

/* A sealed memory descriptor with @len octets, or a negative errno. */
int vd_memfd_make(const char *name, const void *data, size_t len);
/* The content of a memory descriptor that can change no more. 0, -EPROTO (not sealed, over @max), another errno. */
int vd_memfd_read(int fd, size_t max, struct vd_secret *out);

#endif
