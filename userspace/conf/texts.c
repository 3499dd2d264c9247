// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The texts a configuration is made of, and reading them from files.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/tree.h"

void vd_conf_texts_free(struct vd_conf_texts *texts)
{
	for (size_t i = 0; i < texts->n; i++) {
		free(texts->t[i].pattern);
		free(texts->t[i].name);
		free(texts->t[i].data);
	}
	free(texts->t);
	*texts = (struct vd_conf_texts){ 0 };
}

/* Takes @data over, also on failure. */
static int add_owned(struct vd_conf_texts *texts, const char *pattern, const char *name,
		     char *data, size_t len)
{
	struct vd_conf_text t = { .data = data, .len = len };
	struct vd_conf_text *all;

	if (texts->n >= VD_CONF_TEXTS_MAX) {
		free(data);
		return -E2BIG;
	}
	t.pattern = strdup(pattern);
	t.name = strdup(name);
	all = t.pattern && t.name ? realloc(texts->t, (texts->n + 1) * sizeof(*all)) : NULL;
	if (!all) {
		free(t.pattern);
		free(t.name);
		free(data);
		return -ENOMEM;
	}
	texts->t = all;
	texts->t[texts->n++] = t;
	return 0;
}

int vd_conf_texts_add(struct vd_conf_texts *texts, const char *pattern, const char *name,
		      const void *data, size_t len)
{
	char *copy;

	if (len > VD_CONF_TEXT_MAX)
		return -E2BIG;
	copy = malloc(len + 1);
	if (!copy)
		return -ENOMEM;
	if (len)
		memcpy(copy, data, len);
	copy[len] = '\0';
	return add_owned(texts, pattern, name, copy, len);
}

/* The whole of @fd, a file of @size octets by fstat(): one that grows meanwhile is cut there. */
static int slurp(int fd, size_t size, char **out, size_t *len)
{
	char *data = malloc(size + 1);
	size_t n = 0;

	if (!data)
		return -ENOMEM;
	while (n < size) {
		ssize_t got = read(fd, data + n, size - n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			int err = -errno;

			free(data);
			return err;
		}
		if (!got)
			break;
		n += (size_t)got;
	}
	data[n] = '\0';
	*out = data;
	*len = n;
	return 0;
}

static int read_file(struct vd_conf_texts *texts, const char *pattern, const char *path)
{
	/* O_NONBLOCK: a FIFO in conf.d must not hold the daemon. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK), err;
	struct stat st;
	char *data = NULL;
	size_t len = 0;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st))
		err = -errno;
	else if (S_ISDIR(st.st_mode))
		err = -EISDIR;
	else if (!S_ISREG(st.st_mode))
		err = -EINVAL;
	else if (st.st_size > VD_CONF_TEXT_MAX)
		err = -E2BIG;
	else
		err = slurp(fd, (size_t)st.st_size, &data, &len);
	close(fd);
	return err ? err : add_owned(texts, pattern, path, data, len);
}

/* vd_conf_loader for the file system. */
static int load_files(void *arg, const char *pattern, struct vd_conf_texts *texts)
{
	glob_t g = { 0 };
	int err = 0;

	switch (glob(pattern, 0, NULL, &g)) {
	case 0:
		break;
	case GLOB_NOMATCH:
		globfree(&g);
		return 0;
	case GLOB_NOSPACE:
		globfree(&g);
		return -ENOMEM;
	default:
		globfree(&g);
		return -EIO;
	}
	for (size_t i = 0; i < g.gl_pathc && !err; i++)
		err = read_file(texts, pattern, g.gl_pathv[i]);
	globfree(&g);
	return err;
}

int vd_conf_read(struct vd_conf **out, const char *path, struct vd_conf_texts *texts,
		 struct vd_conf_errors *errors, struct vd_conf_errors *warnings)
{
	int err;

	vd_conf_texts_free(texts);
	err = read_file(texts, "", path);
	if (!err)
		return vd_conf_parse(out, texts, load_files, NULL, errors, warnings);
	if (err == -ENOMEM)
		return err;
	errors->n = errors->total = 1;
	memset(&errors->e[0], 0, sizeof(errors->e[0]));
	snprintf(errors->e[0].file, sizeof(errors->e[0].file), "%s", path);
	snprintf(errors->e[0].message, sizeof(errors->e[0].message), "cannot read it: %s", strerror(-err));
	return -EINVAL;
}
