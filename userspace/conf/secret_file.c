// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Files with a pre-shared key. What is checked is the open file, never its name: nobody can
 * exchange it between the check and the reading.
 */
#include "conf/secret_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A key in hexadecimal, "0x" and a newline. */
#define TEXT_MAX (2 * VD_PSK_MAX + 4)

/* ---- the text ---- */

static int digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static int parse_hex(const uint8_t *text, size_t len, struct vd_secret *out, const char **why)
{
	vd_auto_secret s = { 0 };
	int err;

	if (len % 2) {
		*why = "an odd number of hexadecimal digits";
		return -EINVAL;
	}
	err = vd_secret_alloc(&s, len / 2);
	if (err) {
		*why = "out of memory";
		return err;
	}
	for (size_t i = 0; i < len; i += 2) {
		int high = digit(text[i]), low = digit(text[i + 1]);

		if (high < 0 || low < 0) {
			*why = "something else than hexadecimal digits behind 0x";
			return -EINVAL;
		}
		s.data[i / 2] = (uint8_t)(high << 4 | low);
	}
	vd_secret_move(out, &s);
	return 0;
}

int vd_secret_text_parse(const void *text, size_t len, struct vd_secret *out, const char **why)
{
	const uint8_t *t = text;
	bool hex;

	if (len && t[len - 1] == '\n')
		len--;
	hex = len >= 2 && t[0] == '0' && t[1] == 'x';
	if (len == (hex ? 2 : 0)) {
		*why = "it is empty";
		return -EINVAL;
	}
	if ((hex ? (len - 2) / 2 : len) > VD_PSK_MAX) {
		*why = "the key is longer than 1024 octets";
		return -EINVAL;
	}
	if (hex)
		return parse_hex(t + 2, len - 2, out, why);
	if (vd_secret_set(out, t, len)) {
		*why = "out of memory";
		return -ENOMEM;
	}
	return 0;
}

/* ---- the file ---- */

/* @path for a shell, in single quotes when it has anything a shell could take for its own. */
static void shell_quote(const char *path, char *buf, size_t cap)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+@%:,";
	size_t n = 0;

	if (!path[strspn(path, plain)]) {
		snprintf(buf, cap, "%s", path);
		return;
	}
	buf[n++] = '\'';
	for (; *path && n + 6 < cap; path++) {
		if (*path == '\'') {
			memcpy(buf + n, "'\\''", 4);
			n += 4;
		} else {
			buf[n++] = *path;
		}
	}
	buf[n++] = '\'';
	buf[n] = '\0';
}

static int check(const char *path, const struct stat *st, struct vd_secret_file_error *err)
{
	char quoted[256];

	shell_quote(path, quoted, sizeof(quoted));
	if (!S_ISREG(st->st_mode)) {
		snprintf(err->message, sizeof(err->message), "%s: not a regular file", path);
		return -EINVAL;
	}
	if (st->st_uid && st->st_uid != geteuid()) {
		snprintf(err->message, sizeof(err->message), "%s: its owner (uid %u) is neither root nor us",
			 path, (unsigned int)st->st_uid);
		snprintf(err->fix, sizeof(err->fix), "chown root %s", quoted);
		return -EACCES;
	}
	if (st->st_mode & 077) {
		snprintf(err->message, sizeof(err->message), "%s: others than its owner can %s it (mode %04o)", path,
			 st->st_mode & 044 ? "read" : "use", (unsigned int)(st->st_mode & 07777));
		snprintf(err->fix, sizeof(err->fix), "chmod 600 %s", quoted);
		return -EACCES;
	}
	return 0;
}

int vd_secret_file_open(const char *path, int *fd, struct vd_secret_file_error *err)
{
	/* O_NONBLOCK: a FIFO must not hold us. */
	int f = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK), ret;
	struct stat st;

	*err = (struct vd_secret_file_error){ 0 };
	if (f < 0 || fstat(f, &st)) {
		ret = -errno;
		snprintf(err->message, sizeof(err->message), "%s: %s", path, strerror(errno));
	} else {
		ret = check(path, &st, err);
	}
	if (!ret)
		*fd = f;
	else if (f >= 0)
		close(f);
	return ret;
}

/* Up to @cap octets of @fd. The number read, or a negative errno. */
static ssize_t read_all(int fd, uint8_t *buf, size_t cap)
{
	size_t n = 0;

	while (n < cap) {
		ssize_t got = read(fd, buf + n, cap - n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (!got)
			break;
		n += (size_t)got;
	}
	return (ssize_t)n;
}

int vd_secret_fd_read(int fd, struct vd_secret *out, const char **why)
{
	uint8_t text[TEXT_MAX + 1];
	ssize_t n = read_all(fd, text, sizeof(text));
	int err;

	if (n < 0) {
		*why = "it cannot be read";
		err = (int)n;
	} else if (n > TEXT_MAX) {
		*why = "the key is longer than 1024 octets";
		err = -EINVAL;
	} else {
		err = vd_secret_text_parse(text, (size_t)n, out, why);
	}
	vd_wipe(text, sizeof(text));
	return err;
}

int vd_secret_file_read(const char *path, struct vd_secret *out, struct vd_secret_file_error *err)
{
	const char *why = "";
	int fd, ret = vd_secret_file_open(path, &fd, err);

	if (ret)
		return ret;
	ret = vd_secret_fd_read(fd, out, &why);
	close(fd);
	if (ret)
		snprintf(err->message, sizeof(err->message), "%s: %s", path, why);
	return ret;
}
