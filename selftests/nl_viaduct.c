// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * nl_viaduct: every command of the netlink family "viaduct" from the shell, so that tests can
 * program children and SAs by hand and watch events. One table per attribute set drives both
 * reading the command line and printing answers.
 *
 *   nl_viaduct child-new dev via0 child 1 local 10.1.0.0/16 remote 0.0.0.0/0 on-demand
 *   nl_viaduct spi-alloc dev via0 local-addr 192.0.2.1
 *   nl_viaduct sa-new dev via0 child 1 dir out spi 0x1000 local-addr 192.0.2.1
 *              remote-addr 198.51.100.1 encr 20 encr-key HEX hard.seconds 3600
 *   nl_viaduct sa-get                      all; with dev: of a tunnel; with dir and spi: one
 *   nl_viaduct monitor [count N] [seconds N]      prints "listening", then a line per event
 *   nl_viaduct socket-hold ADDRESS PORT    a UDP socket, attached until the process ends
 *
 * A selector is START-END or ADDRESS/PREFIX, then ",PROTO" and ",PORT-PORT" if wanted.
 * Answers are one line each: the command's name, then names and values. Exit status: 0 done,
 * 1 refused by the kernel (stderr: errno's name, the kernel's text, the attribute), 2 usage,
 * 3 the monitor's seconds passed.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/netlink.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>

#include "nl_tables.h"

#define DUMP_TRIES	20

static struct nl_sock *nl;
static int family;
static FILE *out;

static void __attribute__((noreturn, format(printf, 2, 3))) die(int status, const char *fmt, ...)
{
	va_list ap;

	fflush(stdout);
	fputs("nl_viaduct: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(status);
}

static void check(int err, const char *what)
{
	if (err < 0)
		die(1, "%s: %s", what, nl_geterror(err));
}

/* ---- command line to attributes ---- */

static unsigned long long number(const char *text)
{
	unsigned long long v;
	char *end;

	errno = 0;
	v = strtoull(text, &end, 0);
	if (errno || end == text || *end)
		die(2, "not a number: %s", text);
	return v;
}

static int address(const char *text, unsigned char octets[16])
{
	if (inet_pton(AF_INET, text, octets) == 1)
		return 4;
	if (inet_pton(AF_INET6, text, octets) == 1)
		return 16;
	die(2, "not an address: %s", text);
}

static void put_hex(struct nl_msg *msg, int attr, const char *text)
{
	unsigned char key[1024];
	size_t n = strlen(text) / 2;

	if (strlen(text) % 2 || n > sizeof(key))
		die(2, "not octets in hexadecimal: %s", text);
	for (size_t i = 0; i < n; i++) {
		char two[3] = { text[2 * i], text[2 * i + 1], 0 }, *end;

		key[i] = strtoul(two, &end, 16);
		if (*end)
			die(2, "not octets in hexadecimal: %s", text);
	}
	check(nla_put(msg, attr, n, key), "message");
}

/* START-END or ADDRESS/PREFIX, then ,PROTO and ,PORT-PORT. */
static void put_ts(struct nl_msg *msg, int attr, const char *arg)
{
	struct nlattr *nest = nla_nest_start(msg, attr);
	unsigned char start[16], end[16];
	char text[256], *proto, *ports, *dash, *slash;
	int len, bits;

	if (!nest || snprintf(text, sizeof(text), "%s", arg) >= (int)sizeof(text))
		die(2, "selector too long: %s", arg);
	proto = strchr(text, ',');
	if (proto)
		*proto++ = 0;
	ports = proto ? strchr(proto, ',') : NULL;
	if (ports)
		*ports++ = 0;
	dash = strchr(text, '-');
	slash = strchr(text, '/');
	if (dash)
		*dash++ = 0;
	if (slash)
		*slash++ = 0;
	len = address(text, start);
	memcpy(end, start, sizeof(end));
	if (dash)
		len = address(dash, end) == len ? len : 0;
	bits = slash ? (int)number(slash) : len * 8;
	for (int i = bits; !dash && i < len * 8; i++) {
		start[i / 8] &= ~(0x80 >> i % 8);
		end[i / 8] |= 0x80 >> i % 8;
	}
	if (!len || bits > len * 8)
		die(2, "not a selector: %s", arg);
	check(nla_put(msg, VIADUCT_A_TS_START, len, start), "message");
	check(nla_put(msg, VIADUCT_A_TS_END, len, end), "message");
	if (proto)
		check(nla_put_u8(msg, VIADUCT_A_TS_PROTO, number(proto)), "message");
	if (ports) {
		char *last = strchr(ports, '-');

		if (last)
			*last++ = 0;
		check(nla_put_u16(msg, VIADUCT_A_TS_PORT_START, number(ports)), "message");
		check(nla_put_u16(msg, VIADUCT_A_TS_PORT_END, number(last ? last : ports)),
		      "message");
	}
	nla_nest_end(msg, nest);
}

static int value_of(const struct field *f, const char *text)
{
	for (int i = 0; f->names[i]; i++)
		if (!strcmp(f->names[i], text))
			return i;
	return number(text);
}

static void put_value(struct nl_msg *msg, const struct field *f, const char *text)
{
	unsigned char addr[16];
	int err = -1, len;

	switch (f->type) {
	case U8: err = nla_put_u8(msg, f->attr, number(text)); break;
	case U16: err = nla_put_u16(msg, f->attr, number(text)); break;
	case U32: err = nla_put_u32(msg, f->attr, number(text)); break;
	case U64: err = nla_put_u64(msg, f->attr, number(text)); break;
	case BE16: err = nla_put_u16(msg, f->attr, htons(number(text))); break;
	case SPI: err = nla_put_u32(msg, f->attr, htonl(number(text))); break;
	case STR: err = nla_put_string(msg, f->attr, text); break;
	case NAME: err = nla_put_u8(msg, f->attr, value_of(f, text)); break;
	case FLAG: err = nla_put_flag(msg, f->attr); break;
	case HEX: put_hex(msg, f->attr, text); return;
	case TS: put_ts(msg, f->attr, text); return;
	case ADDR:
		len = address(text, addr);
		err = nla_put(msg, f->attr, len, addr);
		break;
	case DEV:
		if (!if_nametoindex(text))
			die(1, "no interface %s", text);
		err = nla_put_u32(msg, f->attr, if_nametoindex(text));
		break;
	case NEST:
		die(2, "%s has parts: write %s.PART", f->name, f->name);
	}
	check(err, "message");
}

static const struct field *find(const struct field *set, const char *name, size_t len)
{
	for (; set->name; set++)
		if (strlen(set->name) == len && !memcmp(set->name, name, len))
			return set;
	die(2, "unknown keyword: %s", name);
}

/* All words "f.PART VALUE" as one nest. */
static void put_nest(struct nl_msg *msg, const struct field *f, char **words)
{
	struct nlattr *nest = NULL;
	size_t len = strlen(f->name);

	for (; words[0] && words[1]; words++) {
		const char *part = words[0] + len + 1;

		if (strncmp(words[0], f->name, len) || words[0][len] != '.')
			continue;
		if (!nest)
			nest = nla_nest_start(msg, f->attr);
		put_value(msg, find(f->nest, part, strlen(part)), words[1]);
	}
	if (nest)
		nla_nest_end(msg, nest);
}

static void put_words(struct nl_msg *msg, const struct field *set, char **words)
{
	char **w = words;

	while (*w) {
		const char *dot = strchr(*w, '.');
		const struct field *f = find(set, *w, dot ? (size_t)(dot - *w) : strlen(*w));

		if (f->type != FLAG && !w[1])
			die(2, "%s needs a value", *w);
		if (!dot)
			put_value(msg, f, w[1]);
		w += f->type == FLAG ? 1 : 2;
	}
	for (; set->name; set++)
		if (set->type == NEST)
			put_nest(msg, set, words);
}

/* ---- attributes to text ---- */

static const char *addr_text(const struct nlattr *a, char *buf, size_t size)
{
	if (!inet_ntop(nla_len(a) == 4 ? AF_INET : AF_INET6, nla_data(a), buf, size))
		return "?";
	return buf;
}

static void print_ts(struct nlattr *attr)
{
	struct nlattr *a[VIADUCT_A_TS_MAX + 1];
	char start[64], end[64];

	if (nla_parse_nested(a, VIADUCT_A_TS_MAX, attr, NULL) < 0 || !a[VIADUCT_A_TS_START] ||
	    !a[VIADUCT_A_TS_END])
		die(1, "a selector without addresses");
	fprintf(out, "%s-%s", addr_text(a[VIADUCT_A_TS_START], start, sizeof(start)),
	       addr_text(a[VIADUCT_A_TS_END], end, sizeof(end)));
	if (a[VIADUCT_A_TS_PROTO])
		fprintf(out, ",%u", nla_get_u8(a[VIADUCT_A_TS_PROTO]));
	if (a[VIADUCT_A_TS_PORT_START] && a[VIADUCT_A_TS_PORT_END])
		fprintf(out, ",%u-%u", nla_get_u16(a[VIADUCT_A_TS_PORT_START]),
		       nla_get_u16(a[VIADUCT_A_TS_PORT_END]));
}

static void print_attrs(const struct field *set, const char *prefix, struct nlattr *a, int len);

static void print_attr(const struct field *f, const char *prefix, struct nlattr *a)
{
	char buf[64], inner[64];

	if (f->type == NEST) {
		snprintf(inner, sizeof(inner), "%s%s.", prefix, f->name);
		print_attrs(f->nest, inner, nla_data(a), nla_len(a));
		return;
	}
	fprintf(out, " %s%s", prefix, f->name);
	switch (f->type) {
	case U8: fprintf(out, " %u", nla_get_u8(a)); break;
	case U16: fprintf(out, " %u", nla_get_u16(a)); break;
	case DEV:
	case U32: fprintf(out, " %u", nla_get_u32(a)); break;
	case U64: fprintf(out, " %llu", (unsigned long long)nla_get_u64(a)); break;
	case BE16: fprintf(out, " %u", ntohs(nla_get_u16(a))); break;
	case SPI: fprintf(out, " 0x%08x", ntohl(nla_get_u32(a))); break;
	case STR: fprintf(out, " %s", nla_get_string(a)); break;
	case ADDR: fprintf(out, " %s", addr_text(a, buf, sizeof(buf))); break;
	case NAME: fprintf(out, " %s", f->names[nla_get_u8(a)]); break;
	case TS:
		fputc(' ', out);
		print_ts(a);
		break;
	case HEX:
		/* Only keys have this type, and the kernel never sends one. */
		die(1, "the kernel gave a key away: %s", f->name);
	case FLAG:
	case NEST:
		break;
	}
}

static void print_attrs(const struct field *set, const char *prefix, struct nlattr *a, int len)
{
	const struct field *f;

	for (; nla_ok(a, len); a = nla_next(a, &len)) {
		/* The name behind "dev", which is for the command line, has the same number. */
		for (f = set; f->name && (f->attr != nla_type(a) || f->type == DEV); f++)
			;
		if (f->name)
			print_attr(f, prefix, a);
		else
			fprintf(out, " %sattr%d ?", prefix, nla_type(a));
	}
}

static int print_message(struct nl_msg *msg, void *arg)
{
	struct genlmsghdr *g = nlmsg_data(nlmsg_hdr(msg));
	int *left = arg;

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (commands[i].cmd == g->cmd) {
			fputs(commands[i].name, out);
			print_attrs(commands[i].set, "", genlmsg_attrdata(g, 0),
				    genlmsg_attrlen(g, 0));
			fputc('\n', out);
		}
	fflush(out);
	if (left && --*left == 0)
		exit(0);
	return NL_OK;
}

/* ---- errors ---- */

static const char *attr_name(const struct field *set, int attr)
{
	for (; set->name; set++)
		if (set->attr == attr && set->type != DEV)
			return set->name;
	return "?";
}

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *e, void *arg)
{
	const struct command *c = arg;
	struct nlmsghdr *h = (struct nlmsghdr *)e - 1;
	struct nlattr *a[NLMSGERR_ATTR_MAX + 1] = { NULL };
	char *request = (char *)&e->msg, where[64] = "";
	size_t off = sizeof(*e) + e->msg.nlmsg_len - sizeof(e->msg);

	if (h->nlmsg_flags & NLM_F_ACK_TLVS)
		nla_parse(a, NLMSGERR_ATTR_MAX, (struct nlattr *)((char *)e + NLMSG_ALIGN(off)),
			  h->nlmsg_len - NLMSG_HDRLEN - NLMSG_ALIGN(off), NULL);
	if (a[NLMSGERR_ATTR_OFFS]) {
		struct nlattr *bad = (struct nlattr *)(request + nla_get_u32(a[NLMSGERR_ATTR_OFFS]));

		snprintf(where, sizeof(where), " (at %s)", attr_name(c->set, nla_type(bad)));
	} else if (a[NLMSGERR_ATTR_MISS_TYPE]) {
		snprintf(where, sizeof(where), " (missing %s)",
			 attr_name(c->set, nla_get_u32(a[NLMSGERR_ATTR_MISS_TYPE])));
	}
	die(1, "%s: %s: %s%s", c->name, strerrorname_np(-e->error),
	    a[NLMSGERR_ATTR_MSG] ? nla_get_string(a[NLMSGERR_ATTR_MSG]) : strerror(-e->error), where);
}

/* A dump that fails may say so in its end. */
static int on_end(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *h = nlmsg_hdr(msg);
	struct nlattr *text = NULL;
	int error = 0;

	if (h->nlmsg_type == NLMSG_DONE && h->nlmsg_len >= NLMSG_LENGTH(sizeof(int)))
		error = *(int *)nlmsg_data(h);
	if (error && h->nlmsg_flags & NLM_F_ACK_TLVS)
		text = nlmsg_find_attr(h, sizeof(int), NLMSGERR_ATTR_MSG);
	if (error)
		die(1, "dump: %s: %s", strerrorname_np(-error),
		    text ? nla_get_string(text) : strerror(-error));
	*(bool *)arg = true;
	return NL_STOP;
}

static int on_change(struct nl_msg *msg, void *arg)
{
	*(bool *)arg = true;
	return NL_OK;
}

/* ---- doing ---- */

/* Returns false when a dump was interrupted by changes. */
static bool transact(const struct command *c, int flags, char **words)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);
	struct nl_msg *msg = nlmsg_alloc_size(65536);
	bool done = false, changed = false;
	int err = 0;

	if (!msg || !cb || !genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, family, 0, flags, c->cmd,
					VIADUCT_FAMILY_VERSION))
		die(1, "no memory");
	put_words(msg, c->set, words);
	nl_cb_err(cb, NL_CB_CUSTOM, on_error, (void *)c);
	nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, print_message, NULL);
	nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, on_end, &done);
	nl_cb_set(cb, NL_CB_FINISH, NL_CB_CUSTOM, on_end, &done);
	nl_cb_set(cb, NL_CB_DUMP_INTR, NL_CB_CUSTOM, on_change, &changed);
	check(nl_send_auto(nl, msg), "send");
	nlmsg_free(msg);
	while (!done && err >= 0)
		err = nl_recvmsgs(nl, cb);
	nl_cb_put(cb);
	check(err, c->name);
	return !changed;
}

static void command(const struct command *c, char **words)
{
	bool dump = c->one != NULL;

	for (char **w = words; dump && *w; w++) {
		const char *found = strstr(c->one, *w);

		/* As a whole word. */
		dump = !(found && (found == c->one || found[-1] == ' ') &&
			 (!found[strlen(*w)] || found[strlen(*w)] == ' '));
	}
	if (!dump) {
		transact(c, NLM_F_ACK, words);
		return;
	}
	/* A dump in which something changed begins again; what it said is forgotten. */
	for (int i = 0; i < DUMP_TRIES; i++) {
		size_t size = 0;
		char *text = NULL;
		bool whole;

		out = open_memstream(&text, &size);
		if (!out)
			die(1, "no memory");
		whole = transact(c, NLM_F_DUMP, words);
		fclose(out);
		if (whole)
			fputs(text, stdout);
		free(text);
		if (whole)
			return;
	}
	die(1, "%s: EINTR: the objects change too fast", c->name);
}

static void time_is_up(int sig)
{
	_exit(3);
}

static void monitor(char **words)
{
	int group = genl_ctrl_resolve_grp(nl, VIADUCT_FAMILY_NAME, VIADUCT_MCGRP_EVENTS);
	struct pollfd p = { .fd = nl_socket_get_fd(nl), .events = POLLIN };
	int count = -1;

	check(group, "group events");
	signal(SIGALRM, time_is_up);
	for (; words[0] && words[1]; words += 2) {
		if (!strcmp(words[0], "count"))
			count = number(words[1]);
		else if (!strcmp(words[0], "seconds"))
			alarm(number(words[1]));	/* its handler ends us */
		else
			die(2, "monitor takes count and seconds");
	}
	nl_socket_disable_seq_check(nl);
	nl_socket_modify_cb(nl, NL_CB_VALID, NL_CB_CUSTOM, print_message, &count);
	check(nl_socket_add_membership(nl, group), "group events");
	puts("listening");
	fflush(stdout);
	while (poll(&p, 1, -1) >= 0 || errno == EINTR)
		check(nl_recvmsgs_default(nl), "event");
}

static void socket_hold(char **words)
{
	struct sockaddr_storage ss = { .ss_family = AF_INET };
	struct sockaddr_in *in = (void *)&ss;
	struct sockaddr_in6 *in6 = (void *)&ss;
	char fd_text[16], datagram[65536], *attach[] = { "fd", fd_text, NULL };
	unsigned char addr[16];
	ssize_t n;
	int fd;

	if (!words[0] || !words[1])
		die(2, "socket-hold needs an address and a port");
	if (address(words[0], addr) == 16) {
		in6->sin6_family = AF_INET6;
		memcpy(&in6->sin6_addr, addr, 16);
		in6->sin6_port = htons(number(words[1]));
	} else {
		memcpy(&in->sin_addr, addr, 4);
		in->sin_port = htons(number(words[1]));
	}
	fd = socket(ss.ss_family, SOCK_DGRAM, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&ss, sizeof(ss)))
		die(1, "bind: %s", strerror(errno));
	snprintf(fd_text, sizeof(fd_text), "%d", fd);
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (commands[i].cmd == VIADUCT_CMD_SOCKET_ATTACH)
			transact(&commands[i], NLM_F_ACK, attach);
	puts("attached");
	fflush(stdout);
	/* What is not ESP comes to us. */
	while ((n = recv(fd, datagram, sizeof(datagram), 0)) >= 0) {
		printf("datagram %zd\n", n);
		fflush(stdout);
	}
}

int main(int argc, char **argv)
{
	int one = 1;

	out = stdout;
	if (argc < 2)
		die(2, "which command? (see the head of nl_viaduct.c)");
	nl = nl_socket_alloc();
	if (!nl)
		die(1, "no memory");
	check(genl_connect(nl), "netlink");
	setsockopt(nl_socket_get_fd(nl), SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one));
	nl_socket_set_buffer_size(nl, 1 << 20, 1 << 18);
	family = genl_ctrl_resolve(nl, VIADUCT_FAMILY_NAME);
	if (family < 0)
		die(1, "no netlink family viaduct: is the module loaded?");
	nl_socket_disable_auto_ack(nl);

	if (!strcmp(argv[1], "monitor"))
		monitor(argv + 2);
	else if (!strcmp(argv[1], "socket-hold"))
		socket_hold(argv + 2);
	else {
		for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
			if (!strcmp(commands[i].name, argv[1]) &&
			    commands[i].cmd <= VIADUCT_CMD_STATS_GET) {
				command(&commands[i], argv + 2);
				return 0;
			}
		die(2, "unknown command: %s", argv[1]);
	}
	return 0;
}
