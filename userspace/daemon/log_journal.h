/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The log's way into journald: structured fields, and the MESSAGE_ID of a failure's code.
 */
#ifndef VD_DAEMON_LOG_JOURNAL_H
#define VD_DAEMON_LOG_JOURNAL_H

/* If stderr is the journal's (JOURNAL_STREAM, systemd.exec(5)), the log goes there by its native protocol. Else nothing. */
void vd_log_journal_open(void);

#endif
