/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel*.c files share: the transaction and the attributes. Nobody else includes it.
 */
#ifndef VD_DAEMON_KERNEL_NL_H
#define VD_DAEMON_KERNEL_NL_H

#include <linux/viaduct.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>

#include "daemon/kernel.h"

struct vd_kernel {
	struct nl_sock	*cmd;		/* commands, each answered before the next */
	struct nl_sock	*events;	/* listens to the multicast group only */
	int		family;
};

typedef int (*vd_kernel_parse)(void *arg, struct nlattr **attrs);

struct vd_kernel_answer {
	int		error;
	bool		done;
	char		*why;
	int		max;		/* highest attribute of @parse */
	vd_kernel_parse	parse;		/* each message of the answer; NULL: none expected */
	void		*arg;
};

/* A request for @cmd on tunnel @ifindex (0: none); NULL without memory. */
struct nl_msg *vd_kernel_request(struct vd_kernel *k, uint8_t cmd, int flags, uint32_t ifindex);
/* Sends @msg (freed) and waits for the end of the answer. */
int vd_kernel_transact(struct vd_kernel *k, struct nl_msg *msg, struct vd_kernel_answer *a);
/* The same for a command that is only acknowledged; @put_error: whether building @msg failed. */
int vd_kernel_do(struct vd_kernel *k, struct nl_msg *msg, int put_error, char *why);

int	vd_kernel_put_addr(struct nl_msg *msg, int type, const struct vd_addr *a);
int	vd_kernel_put_ts_list(struct nl_msg *msg, int type, const struct ike_ts_list *list);
/* Getters take NULL for an absent attribute and give zero, or leave the output as it is. */
struct vd_addr	vd_kernel_get_addr(const struct nlattr *at);
uint64_t	vd_kernel_get_uint(const struct nlattr *at);
uint16_t	vd_kernel_get_port(const struct nlattr *at);
void		vd_kernel_get_ts(const struct nlattr *at, struct ike_ts *ts);
void		vd_kernel_get_stats_attrs(struct nlattr **attrs, struct vd_kernel_stats *s);
void		vd_kernel_get_stats(const struct nlattr *nest, struct vd_kernel_stats *s);

#endif
