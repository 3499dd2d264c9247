// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * nl_invalid: what bad netlink messages get (KTAP). Each case sends one message to the family
 * "viaduct" that is short, wrongly nested, out of range, or names what is not there, and asserts
 * the errno, a text, the attribute it points at, and that no object changed. At the end
 * thousands of damaged messages: the kernel has to answer each, and to work afterwards.
 *
 * Makes its own network namespace. The objects it tries to damage: via0 with child 1, which has
 * the SA 0x1000 out and 0x2000 in.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/netlink.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>

#include <linux/viaduct.h>

#define DAMAGED	4000	/* messages */

struct answer {
	int error;
	int at;			/* attribute type the offset points at, 0: none */
	int missing;		/* attribute type that is missed, 0: none */
	char text[256];
};

static struct nl_sock *nl;
static int family, ifindex, cases, failures;

static void die(const char *what)
{
	printf("Bail out! %s: %s\n", what, strerror(errno));
	exit(1);
}

static void report(bool ok, const char *name)
{
	cases++;
	failures += !ok;
	printf("%sok %d %s\n", ok ? "" : "not ", cases, name);
}

/* ---- messages ---- */

static struct nl_msg *message(int cmd, int flags)
{
	struct nl_msg *msg = nlmsg_alloc_size(65536);

	if (!msg || !genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, family, 0, flags, cmd, 1))
		die("message");
	return msg;
}

static void u8(struct nl_msg *m, int type, unsigned int v) { nla_put_u8(m, type, v); }
static void u16(struct nl_msg *m, int type, unsigned int v) { nla_put_u16(m, type, v); }
static void be16(struct nl_msg *m, int type, unsigned int v) { nla_put_u16(m, type, htons(v)); }
static void u32(struct nl_msg *m, int type, unsigned int v) { nla_put_u32(m, type, v); }
static void be32(struct nl_msg *m, int type, unsigned int v) { nla_put_u32(m, type, htonl(v)); }

static void octets(struct nl_msg *m, int type, int n)
{
	unsigned char zeros[65536] = { 0 };

	nla_put(m, type, n, zeros);
}

static void addr(struct nl_msg *m, int type, const char *text)
{
	unsigned char a[16];
	int len = strchr(text, ':') ? 16 : 4;

	if (inet_pton(len == 4 ? AF_INET : AF_INET6, text, a) != 1)
		die(text);
	nla_put(m, type, len, a);
}

static void ts(struct nl_msg *m, int type, const char *start, const char *end)
{
	struct nlattr *nest = nla_nest_start(m, type);

	addr(m, VIADUCT_A_TS_START, start);
	addr(m, VIADUCT_A_TS_END, end);
	nla_nest_end(m, nest);
}

static void dev(struct nl_msg *m) { u32(m, VIADUCT_A_SA_IFINDEX, ifindex); }

static void child(struct nl_msg *m, unsigned int id)
{
	dev(m);
	u32(m, VIADUCT_A_CHILD_ID, id);
}

static void any_ts(struct nl_msg *m, int type) { ts(m, type, "0.0.0.0", "255.255.255.255"); }

static void sa_id(struct nl_msg *m, unsigned int id, int dir, unsigned int spi)
{
	dev(m);
	u32(m, VIADUCT_A_SA_CHILD, id);
	u8(m, VIADUCT_A_SA_DIR, dir);
	be32(m, VIADUCT_A_SA_SPI, spi);
}

static void sa_ends(struct nl_msg *m)
{
	addr(m, VIADUCT_A_SA_LOCAL, "192.0.2.1");
	addr(m, VIADUCT_A_SA_REMOTE, "198.51.100.1");
}

static void gcm(struct nl_msg *m)
{
	u16(m, VIADUCT_A_SA_ENCR, 20);
	octets(m, VIADUCT_A_SA_ENCR_KEY, 20);
}

/* A valid SA but for what the case adds or spoils. */
static void good_sa(struct nl_msg *m, int dir)
{
	sa_id(m, 1, dir, 0x3000);
	sa_ends(m);
	gcm(m);
}

static void ts_with(struct nl_msg *m, int proto, int first, int last)
{
	struct nlattr *nest;

	child(m, 9);
	any_ts(m, VIADUCT_A_CHILD_LOCAL_TS);
	nest = nla_nest_start(m, VIADUCT_A_CHILD_REMOTE_TS);
	addr(m, VIADUCT_A_TS_START, "10.0.0.0");
	addr(m, VIADUCT_A_TS_END, "10.0.0.9");
	if (proto >= 0)
		u8(m, VIADUCT_A_TS_PROTO, proto);
	if (first >= 0)
		u16(m, VIADUCT_A_TS_PORT_START, first);
	if (last >= 0)
		u16(m, VIADUCT_A_TS_PORT_END, last);
	nla_nest_end(m, nest);
}

/* ---- answers ---- */

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *e, void *arg)
{
	struct nlmsghdr *h = (struct nlmsghdr *)e - 1;
	struct nlattr *a[NLMSGERR_ATTR_MAX + 1] = { NULL };
	size_t off = NLMSG_ALIGN(sizeof(*e) + e->msg.nlmsg_len - sizeof(e->msg));
	struct answer *answer = arg;

	answer->error = e->error;
	if (h->nlmsg_flags & NLM_F_ACK_TLVS)
		nla_parse(a, NLMSGERR_ATTR_MAX, (struct nlattr *)((char *)e + off),
			  h->nlmsg_len - NLMSG_HDRLEN - off, NULL);
	if (a[NLMSGERR_ATTR_MSG])
		nla_strlcpy(answer->text, a[NLMSGERR_ATTR_MSG], sizeof(answer->text));
	if (a[NLMSGERR_ATTR_OFFS])
		answer->at = nla_type((struct nlattr *)((char *)&e->msg +
							nla_get_u32(a[NLMSGERR_ATTR_OFFS])));
	if (a[NLMSGERR_ATTR_MISS_TYPE])
		answer->missing = nla_get_u32(a[NLMSGERR_ATTR_MISS_TYPE]);
	return NL_STOP;
}

/* A dump that fails may say so in its end. */
static int on_end(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *h = nlmsg_hdr(msg);
	struct answer *answer = arg;
	struct nlattr *text = NULL;

	answer->error = 0;
	if (h->nlmsg_type != NLMSG_DONE || h->nlmsg_len < NLMSG_LENGTH(sizeof(int)))
		return NL_STOP;
	answer->error = *(int *)nlmsg_data(h);
	if (h->nlmsg_flags & NLM_F_ACK_TLVS)
		text = nlmsg_find_attr(h, sizeof(int), NLMSGERR_ATTR_MSG);
	if (text)
		nla_strlcpy(answer->text, text, sizeof(answer->text));
	return NL_STOP;
}

struct snapshot {
	unsigned int n;
	unsigned char data[16384];
};

/* All attributes but the clocks'. */
static int on_object(struct nl_msg *msg, void *arg)
{
	struct genlmsghdr *g = nlmsg_data(nlmsg_hdr(msg));
	int len = genlmsg_attrlen(g, 0);
	struct snapshot *s = arg;
	struct nlattr *a;

	if (!s)
		return NL_OK;
	for (a = genlmsg_attrdata(g, 0); nla_ok(a, len); a = nla_next(a, &len)) {
		if (g->cmd == VIADUCT_CMD_SA_GET && (nla_type(a) == VIADUCT_A_SA_AGE ||
						     nla_type(a) == VIADUCT_A_SA_IDLE))
			continue;
		if (s->n + a->nla_len > sizeof(s->data))
			die("snapshot");
		memcpy(s->data + s->n, a, a->nla_len);
		s->n += a->nla_len;
	}
	return NL_OK;
}

/* Send @msg (freed) and wait for the end of what comes back. */
static void ask(struct nl_msg *msg, struct answer *answer, struct snapshot *s)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);

	memset(answer, 0, sizeof(*answer));
	answer->error = 1;
	nl_cb_err(cb, NL_CB_CUSTOM, on_error, answer);
	nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, on_object, s);
	nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, on_end, answer);
	nl_cb_set(cb, NL_CB_FINISH, NL_CB_CUSTOM, on_end, answer);
	if (nl_send_auto(nl, msg) < 0)
		die("send");
	nlmsg_free(msg);
	while (answer->error > 0) {
		int err = nl_recvmsgs(nl, cb);

		if (err == -NLE_AGAIN || err == -NLE_NOMEM)
			die("no answer");
	}
	nl_cb_put(cb);
}

static void take_snapshot(struct snapshot *s)
{
	static const int dumps[] = { VIADUCT_CMD_TUNNEL_GET, VIADUCT_CMD_CHILD_GET,
				     VIADUCT_CMD_SA_GET };
	struct answer answer;

	s->n = 0;
	for (int i = 0; i < 3; i++) {
		ask(message(dumps[i], NLM_F_DUMP), &answer, s);
		if (answer.error)
			die("dump");
	}
	if (s->n < 100)
		die("the objects to be damaged are gone");
}

/* ---- cases ---- */

struct bad {
	const char *name;
	int cmd;
	int error;
	int at;			/* attribute to be pointed at, 0: none in particular */
	int missing;
	const char *text;	/* part of the text; NULL: any */
	void (*build)(struct nl_msg *m);
	int flags;
};

#include "nl_invalid_cases.h"

static void run(const struct bad *b)
{
	struct nl_msg *msg = message(b->cmd, b->flags);
	static struct snapshot before, after;
	struct answer answer;
	bool ok, same;

	take_snapshot(&before);
	b->build(msg);
	ask(msg, &answer, NULL);
	take_snapshot(&after);
	same = before.n == after.n && !memcmp(before.data, after.data, before.n);
	ok = same && answer.error == -b->error && (!b->at || answer.at == b->at) &&
	     (!b->missing || answer.missing == b->missing) &&
	     (b->text ? strstr(answer.text, b->text) != NULL : answer.text[0]);
	if (!ok)
		printf("# %s; got %s at %d missing %d \"%s\", wanted %s at %d missing %d \"%s\"\n",
		       same ? "nothing changed" : "an object changed",
		       strerrorname_np(-answer.error), answer.at, answer.missing, answer.text,
		       strerrorname_np(b->error), b->at, b->missing, b->text ? b->text : "");
	report(ok, b->name);
}

/* As another user, who has no capability: not even looking is allowed. */
static int without_capability(void)
{
	int group = genl_ctrl_resolve_grp(nl, VIADUCT_FAMILY_NAME, VIADUCT_MCGRP_EVENTS);
	struct answer answer;
	int bad = 0;

	if (setgid(65534) || setuid(65534))
		return 1;
	for (int cmd = VIADUCT_CMD_TUNNEL_GET; cmd <= VIADUCT_CMD_STATS_GET; cmd++) {
		ask(message(cmd, NLM_F_ACK), &answer, NULL);
		bad |= answer.error != -EPERM;
	}
	ask(message(VIADUCT_CMD_SA_GET, NLM_F_DUMP), &answer, NULL);
	bad |= answer.error != -EPERM;
	bad |= nl_socket_add_membership(nl, group) >= 0;
	return bad;
}

static void check_capability(void)
{
	int status = 1;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0)
		_exit(without_capability());
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		die("fork");
	report(!status, "without CAP_NET_ADMIN nothing works, events neither");
}

/* Valid messages with octets changed, lengths cut, or attributes doubled. */
static void check_damaged(void)
{
	const unsigned int n = sizeof(bads) / sizeof(bads[0]);
	unsigned int seed = 20261120;
	static struct snapshot s;
	struct answer answer;

	for (unsigned int i = 0; i < DAMAGED; i++) {
		const struct bad *b = &bads[rand_r(&seed) % n];
		struct nl_msg *msg = message(b->cmd, NLM_F_ACK);
		struct nlmsghdr *h = nlmsg_hdr(msg);
		unsigned char *p;
		int body, hits = 1 + rand_r(&seed) % 4;

		if (i % 3)
			good_sa(msg, VIADUCT_DIR_IN + i % 2);
		else
			b->build(msg);
		p = nlmsg_data(h);
		body = h->nlmsg_len - NLMSG_HDRLEN;
		while (hits--)
			p[GENL_HDRLEN + rand_r(&seed) % (body - GENL_HDRLEN + 4)] = rand_r(&seed);
		if (rand_r(&seed) % 4 == 0)
			h->nlmsg_len -= rand_r(&seed) % body;
		ask(msg, &answer, NULL);
	}
	ask(message(VIADUCT_CMD_SA_FLUSH, NLM_F_ACK), &answer, NULL);
	if (answer.error)
		die("flush");
	take_snapshot(&s);
	report(true, "damaged messages are answered, and the family works on");
}

/* ---- set-up ---- */

static void must(struct nl_msg *msg, const char *what)
{
	struct answer answer;

	ask(msg, &answer, NULL);
	if (answer.error) {
		printf("Bail out! %s: %s %s\n", what, strerrorname_np(-answer.error), answer.text);
		exit(1);
	}
}

static void set_up(void)
{
	struct nl_msg *m;

	if (system("ip link add via0 type viaduct && ip link set via0 up && ip link set lo up"))
		die("via0");
	ifindex = if_nametoindex("via0");
	m = message(VIADUCT_CMD_CHILD_NEW, NLM_F_ACK);
	child(m, 1);
	any_ts(m, VIADUCT_A_CHILD_LOCAL_TS);
	any_ts(m, VIADUCT_A_CHILD_REMOTE_TS);
	must(m, "child-new");
	for (int dir = VIADUCT_DIR_IN; dir <= VIADUCT_DIR_OUT; dir++) {
		m = message(VIADUCT_CMD_SA_NEW, NLM_F_ACK);
		sa_id(m, 1, dir, dir == VIADUCT_DIR_OUT ? 0x1000 : 0x2000);
		sa_ends(m);
		gcm(m);
		must(m, "sa-new");
	}
}

int main(void)
{
	const unsigned int n = sizeof(bads) / sizeof(bads[0]);
	struct timeval limit = { .tv_sec = 20 };
	int one = 1;

	setlinebuf(stdout);
	puts("KTAP version 1");
	if (unshare(CLONE_NEWNET)) {
		printf("1..0 # SKIP a network namespace needs root: %s\n", strerror(errno));
		return 4;
	}
	nl = nl_socket_alloc();
	if (!nl || genl_connect(nl) < 0)
		die("netlink");
	family = genl_ctrl_resolve(nl, VIADUCT_FAMILY_NAME);
	if (family < 0) {
		puts("1..0 # SKIP no netlink family viaduct: the module is not loaded");
		return 4;
	}
	setsockopt(nl_socket_get_fd(nl), SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one));
	setsockopt(nl_socket_get_fd(nl), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	nl_socket_disable_auto_ack(nl);
	nl_socket_disable_seq_check(nl);
	set_up();
	printf("1..%u\n", n + 2);
	for (unsigned int i = 0; i < n; i++)
		run(&bads[i]);
	check_capability();
	check_damaged();
	return failures != 0;
}
