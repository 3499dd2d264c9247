// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The log by journald's native protocol (log_journal.h). Runs in [priv] only; the other
 * roles' records come to it as messages.
 */
#include "daemon/log_journal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include "base/log.h"
#include "daemon/report.h"

#define FIELDS_MAX	12

struct entry {
	struct iovec	iov[FIELDS_MAX];
	char		*text[FIELDS_MAX];
	int		n;
};

__attribute__((format(printf, 2, 3)))
static void add(struct entry *e, const char *fmt, ...)
{
	va_list ap;
	int len;

	if (e->n == FIELDS_MAX)
		return;
	va_start(ap, fmt);
	len = vasprintf(&e->text[e->n], fmt, ap);
	va_end(ap);
	if (len < 0)
		return;
	e->iov[e->n] = (struct iovec){ e->text[e->n], len };
	e->n++;
}

static void to_journal(void *arg, const struct vd_log_record *r)
{
	struct entry e = { .n = 0 };

	add(&e, "MESSAGE=%s", r->message);
	add(&e, "PRIORITY=%d", (int)r->level);
	add(&e, "VIADUCT_SUBSYSTEM=%s", vd_log_subsys_name(r->subsys));
	add(&e, "CODE_FILE=%s", r->file);
	add(&e, "CODE_LINE=%d", r->line);
	add(&e, "CODE_FUNC=%s", r->func);
	for (size_t i = 0; i < r->n_fields; i++) {
		add(&e, "%s=%s", r->fields[i].name, r->fields[i].value);
		if (strcmp(r->fields[i].name, "VIADUCT_CODE") == 0) {
			char id[VD_MESSAGE_ID_LEN + 1];

			vd_cause_message_id(strtoul(r->fields[i].value, NULL, 10), id);
			add(&e, "MESSAGE_ID=%s", id);
		}
	}
	sd_journal_sendv(e.iov, e.n);
	while (e.n)
		free(e.text[--e.n]);
}

void vd_log_journal_open(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long dev, ino;
	struct stat st;

	if (stream && sscanf(stream, "%llu:%llu", &dev, &ino) == 2 &&
	    fstat(STDERR_FILENO, &st) == 0 && st.st_dev == dev && st.st_ino == ino)
		vd_log_set_sink(to_journal, NULL);
}
