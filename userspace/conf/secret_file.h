/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files with a pre-shared key (P1-02). The content is the key, octet by octet, less one
 * newline at its end; or, if it begins with "0x", its hexadecimal form.
 */
#ifndef VD_CONF_SECRET_FILE_H
#define VD_CONF_SECRET_FILE_H

#include <stddef.h>

#include "base/secret.h"

#define VD_PSK_MAX	1024	/* octets of a key */

struct vd_secret_file_error {
	char	message[320];	/* "hq.psk: others can read it (mode 0644)" */
	char	fix[320];	/* "chmod 600 /etc/viaduct/hq.psk", "" */
};

/*
 * Reads the key in @path. Refused: a file that anyone but its owner may read or write, one whose owner
 * is neither root nor us, what is not a regular file, an empty or over-long key, bad hexadecimal.
 * 0; -EACCES (owner or mode), -EINVAL (content), -ENOMEM, or the errno of open(2) or read(2).
 * @out is unchanged on error and @err (not NULL) says why, never quoting the content.
 */
int vd_secret_file_read(const char *path, struct vd_secret *out, struct vd_secret_file_error *err);

/*
 * The first half: opens @path and checks what it is, who owns it and who may read it, without reading it. The
 * daemon's privileged process passes the descriptor on to the one that holds keys. 0 with *@fd
 * set (close-on-exec, the caller's), or an error as above with @err filled.
 */
int vd_secret_file_open(const char *path, int *fd, struct vd_secret_file_error *err);

/* The second half: the key in an open file. 0; -EINVAL, -ENOMEM or read(2)'s errno with *@why, a static text. */
int vd_secret_fd_read(int fd, struct vd_secret *out, const char **why);

/* The key in the text of such a file. 0, -EINVAL, -ENOMEM. *@why: a static text, on error. */
int vd_secret_text_parse(const void *text, size_t len, struct vd_secret *out, const char **why);

#endif
