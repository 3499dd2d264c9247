// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Packing and unpacking of configuration texts (conf_pack.h). Both here, so that they agree.
 *
 *	u32 n, n × { pattern, name, data }, u32 n_errors, u32 total, n_errors × { file, line, column,
 *	message, expected, nearest, fix }; a string is u32 length and its octets
 */
#include "daemon/conf_pack.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cursor.h"

#define SEALS	(F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

static size_t string_size(const char *s)
{
	return 4 + strlen(s);
}

static void put_data(struct vd_writer *w, const void *data, size_t len)
{
	vd_put_u32(w, len);
	vd_put_bytes(w, data, len);
}

static void put_string(struct vd_writer *w, const char *s)
{
	put_data(w, s, strlen(s));
}

static size_t packed_size(const struct vd_conf_texts *texts, const struct vd_conf_errors *errors)
{
	size_t size = 12 + errors->n * sizeof(struct vd_conf_error) + errors->n * 7 * 4;

	for (size_t i = 0; i < texts->n; i++)
		size += string_size(texts->t[i].pattern) + string_size(texts->t[i].name) +
			4 + texts->t[i].len;
	return size;
}

int vd_conf_pack(struct vd_secret *out, const struct vd_conf_texts *texts,
		 const struct vd_conf_errors *errors)
{
	struct vd_secret s = { 0 };
	struct vd_writer w;
	int err = vd_secret_alloc(&s, packed_size(texts, errors));

	if (err)
		return err;
	w = vd_writer_init(s.data, s.len);
	vd_put_u32(&w, texts->n);
	for (size_t i = 0; i < texts->n; i++) {
		put_string(&w, texts->t[i].pattern);
		put_string(&w, texts->t[i].name);
		put_data(&w, texts->t[i].data, texts->t[i].len);
	}
	vd_put_u32(&w, errors->n);
	vd_put_u32(&w, errors->total);
	for (uint32_t i = 0; i < errors->n; i++) {
		const struct vd_conf_error *e = &errors->e[i];

		put_string(&w, e->file);
		vd_put_u32(&w, e->line);
		vd_put_u32(&w, e->column);
		put_string(&w, e->message);
		put_string(&w, e->expected);
		put_string(&w, e->nearest);
		put_string(&w, e->fix);
	}
	if (w.failed) {
		vd_secret_free(&s);
		return -E2BIG;
	}
	s.len = w.len;
	vd_secret_free(out);
	vd_secret_move(out, &s);
	return 0;
}

/* A string as a terminated copy of its own; NULL when the reader failed or memory is out. */
static char *take_string(struct vd_reader *r)
{
	uint32_t len = vd_read_u32(r);
	const uint8_t *p = vd_read_bytes(r, len);

	return p && !r->failed ? strndup((const char *)p, len) : NULL;
}

static void take_fixed(struct vd_reader *r, char *out, size_t cap)
{
	uint32_t len = vd_read_u32(r);
	const uint8_t *p = vd_read_bytes(r, len);

	if (!p || len >= cap) {
		r->failed = true;
		return;
	}
	memcpy(out, p, len);
	out[len] = 0;
}

static int take_text(struct vd_reader *r, struct vd_conf_texts *texts)
{
	char *pattern = take_string(r), *name = take_string(r);
	uint32_t len = vd_read_u32(r);
	const uint8_t *data = vd_read_bytes(r, len);
	int err = -EPROTO;

	if (pattern && name && data && !r->failed)
		err = vd_conf_texts_add(texts, pattern, name, data, len);
	free(pattern);
	free(name);
	return err;
}

static void take_error(struct vd_reader *r, struct vd_conf_error *e)
{
	take_fixed(r, e->file, sizeof(e->file));
	e->line = vd_read_u32(r);
	e->column = vd_read_u32(r);
	take_fixed(r, e->message, sizeof(e->message));
	take_fixed(r, e->expected, sizeof(e->expected));
	take_fixed(r, e->nearest, sizeof(e->nearest));
	take_fixed(r, e->fix, sizeof(e->fix));
}

int vd_conf_unpack(struct vd_conf_texts *texts, struct vd_conf_errors *errors,
		   const void *data, size_t len)
{
	struct vd_reader r = vd_reader_init(data, len);
	uint32_t n = vd_read_u32(&r);
	int err = 0;

	memset(texts, 0, sizeof(*texts));
	memset(errors, 0, sizeof(*errors));
	for (uint32_t i = 0; !err && i < n; i++)
		err = take_text(&r, texts);
	n = vd_read_u32(&r);
	errors->total = vd_read_u32(&r);
	for (uint32_t i = 0; !err && i < n; i++) {
		if (i >= VD_CONF_ERRORS_MAX)
			err = -EPROTO;
		else
			take_error(&r, &errors->e[i]);
	}
	errors->n = n;
	if (!err && !vd_reader_done(&r))
		err = -EPROTO;
	if (err) {
		vd_conf_texts_free(texts);
		memset(errors, 0, sizeof(*errors));
	}
	return err;
}

/* ---- memory descriptors ---- */

int vd_memfd_make(const char *name, const void *data, size_t len)
{
	int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING), err;

	if (fd < 0)
		return -errno;
	for (size_t done = 0; done < len;) {
		ssize_t n = write(fd, (const uint8_t *)data + done, len - done);

		if (n < 0)
			goto fail;
		done += n;
	}
	if (fcntl(fd, F_ADD_SEALS, SEALS) < 0)
		goto fail;
	return fd;
fail:
	err = -errno;
	close(fd);
	return err;
}

int vd_memfd_read(int fd, size_t max, struct vd_secret *out)
{
	struct vd_secret s = { 0 };
	struct stat st;
	int err;

	if (fstat(fd, &st) < 0)
		return -errno;
	if ((fcntl(fd, F_GET_SEALS) & SEALS) != SEALS || (uint64_t)st.st_size > max)
		return -EPROTO;
	err = vd_secret_alloc(&s, st.st_size);
	for (size_t done = 0; !err && done < s.len;) {
		ssize_t n = pread(fd, s.data + done, s.len - done, done);

		if (n <= 0)
			err = n < 0 ? -errno : -EPROTO;
		else
			done += n;
	}
	if (err) {
		vd_secret_free(&s);
		return err;
	}
	vd_secret_free(out);
	vd_secret_move(out, &s);
	return 0;
}
