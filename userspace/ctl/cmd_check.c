// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * check [FILE]: is a configuration right? The daemon's own parser answers, in a process of its own,
 * so that none needs to run.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/text.h"

/* viaductd beside this program (a build tree). New, NULL: none there. */
static char *beside(void)
{
	char self[PATH_MAX], *slash, *path;
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (n <= 0)
		return NULL;
	self[n] = '\0';
	slash = strrchr(self, '/');
	if (!slash)
		return NULL;
	*slash = '\0';
	if (asprintf(&path, "%s/viaductd", self) < 0)
		vd_must(NULL);
	if (!access(path, X_OK))
		return path;
	free(path);
	return NULL;
}

enum vd_ctl_exit vd_cmd_check(struct vd_ctl *ctl)
{
	const char *argv[5] = { "viaductd", "--check" };
	char *path = beside();
	size_t n = 2;

	if (ctl->args[0])
		argv[n++] = ctl->args[0];
	if (ctl->json)
		argv[n++] = "--json";
	fflush(ctl->out);
	if (path)
		execv(path, (char *const *)argv);
	else
		execvp("viaductd", (char *const *)argv);
	/* An ordinary user's PATH often has no sbin. */
	if (!path && errno == ENOENT)
		execv("/usr/sbin/viaductd", (char *const *)argv);
	vd_complain(ctl, "cannot run %s: %s", path ? path : "viaductd (in PATH or /usr/sbin)",
		    strerror(errno));
	free(path);
	return VD_CTL_FAILED;
}
