// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * nl_dump: dumps of the netlink family "viaduct" while the objects change (KTAP). A dump is read
 * one message buffer at a time, and between two buffers another socket deletes and adds. What
 * was there all the time must be shown exactly once, and the dump be marked as interrupted
 * (NLM_F_DUMP_INTR); without changes it must not be.
 *
 * Makes its own network namespace: two tunnels, SAs enough for several buffers, and a child with
 * as many selectors as fit.
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
#include <unistd.h>

#include <linux/netlink.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>

#include <linux/viaduct.h>

#define SAS		300	/* of the child, in two directions */
#define FIRST_SPI	0x1000
#define CHILDREN	60

static struct nl_sock *nl;	/* commands */
static int family, cases, failures;

static void __attribute__((noreturn)) die(const char *what)
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

/* ---- commands ---- */

static struct nl_msg *message(int cmd, int flags, unsigned int ifindex)
{
	struct nl_msg *msg = nlmsg_alloc_size(65536);

	if (!msg || !genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, family, 0, flags, cmd, 1))
		die("message");
	if (ifindex)
		nla_put_u32(msg, VIADUCT_A_SA_IFINDEX, ifindex);
	return msg;
}

static void must(struct nl_msg *msg, const char *what)
{
	int err = nl_send_sync(nl, msg);

	if (err < 0) {
		printf("Bail out! %s: %s\n", what, nl_geterror(err));
		exit(1);
	}
}

static void ts6(struct nl_msg *m, int type, unsigned int n)
{
	struct nlattr *nest = nla_nest_start(m, type);
	unsigned char start[16] = { 0xfd, n >> 8, n }, end[16] = { 0xfd, n >> 8, n };

	end[15] = 0xff;
	nla_put(m, VIADUCT_A_TS_START, 16, start);
	nla_put(m, VIADUCT_A_TS_END, 16, end);
	nla_put_u8(m, VIADUCT_A_TS_PROTO, IPPROTO_TCP);
	nla_put_u16(m, VIADUCT_A_TS_PORT_START, n);
	nla_put_u16(m, VIADUCT_A_TS_PORT_END, n + 1);
	nla_nest_end(m, nest);
}

static void child_new(unsigned int ifindex, unsigned int id, unsigned int selectors)
{
	struct nl_msg *m = message(VIADUCT_CMD_CHILD_NEW, NLM_F_ACK, ifindex);

	nla_put_u32(m, VIADUCT_A_CHILD_ID, id);
	for (unsigned int i = 0; i < selectors; i++) {
		ts6(m, VIADUCT_A_CHILD_LOCAL_TS, i);
		ts6(m, VIADUCT_A_CHILD_REMOTE_TS, i);
	}
	must(m, "child-new");
}

static void child_del(unsigned int ifindex, unsigned int id)
{
	struct nl_msg *m = message(VIADUCT_CMD_CHILD_DEL, NLM_F_ACK, ifindex);

	nla_put_u32(m, VIADUCT_A_CHILD_ID, id);
	must(m, "child-del");
}

static struct nl_msg *sa_message(int cmd, unsigned int ifindex, unsigned int spi)
{
	struct nl_msg *m = message(cmd, NLM_F_ACK, ifindex);

	nla_put_u32(m, VIADUCT_A_SA_CHILD, 1);
	nla_put_u8(m, VIADUCT_A_SA_DIR, spi % 2 ? VIADUCT_DIR_IN : VIADUCT_DIR_OUT);
	nla_put_u32(m, VIADUCT_A_SA_SPI, htonl(spi));
	return m;
}

static void sa_new(unsigned int ifindex, unsigned int spi)
{
	struct nl_msg *m = sa_message(VIADUCT_CMD_SA_NEW, ifindex, spi);
	unsigned char key[20] = { spi };

	nla_put_u32(m, VIADUCT_A_SA_LOCAL, htonl(0xc0000201));
	nla_put_u32(m, VIADUCT_A_SA_REMOTE, htonl(0xc6336401));
	nla_put_u16(m, VIADUCT_A_SA_ENCR, 20);
	nla_put(m, VIADUCT_A_SA_ENCR_KEY, sizeof(key), key);
	must(m, "sa-new");
}

static void sa_del(unsigned int ifindex, unsigned int spi)
{
	must(sa_message(VIADUCT_CMD_SA_DEL, ifindex, spi), "sa-del");
}

/* ---- a dump, buffer by buffer ---- */

struct dump {
	int		fd;
	bool		done;
	bool		interrupted;
	int		error;
	unsigned int	objects;
	unsigned int	selectors;		/* of all children together */
	unsigned char	seen[0x10000];		/* by SPI, or by child */
};

static void begin(struct dump *d, int cmd, unsigned int ifindex)
{
	struct nl_msg *msg = message(cmd, NLM_F_REQUEST | NLM_F_DUMP, ifindex);
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct timeval limit = { .tv_sec = 20 };
	struct nlmsghdr *h = nlmsg_hdr(msg);

	memset(d, 0, sizeof(*d));
	d->fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
	if (d->fd < 0)
		die("socket");
	setsockopt(d->fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	h->nlmsg_seq = 1;
	h->nlmsg_pid = 0;
	if (sendto(d->fd, h, h->nlmsg_len, 0, (void *)&kernel, sizeof(kernel)) < 0)
		die("dump");
	nlmsg_free(msg);
}

static void object(struct dump *d, struct nlmsghdr *h)
{
	struct genlmsghdr *g = nlmsg_data(h);
	struct nlattr *a = genlmsg_attrdata(g, 0);
	int len = genlmsg_attrlen(g, 0), id = -1;

	for (; nla_ok(a, len); a = nla_next(a, &len)) {
		if (g->cmd == VIADUCT_CMD_SA_GET && nla_type(a) == VIADUCT_A_SA_SPI)
			id = ntohl(nla_get_u32(a));
		if (g->cmd != VIADUCT_CMD_CHILD_GET)
			continue;
		if (nla_type(a) == VIADUCT_A_CHILD_ID)
			id = nla_get_u32(a);
		if (nla_type(a) == VIADUCT_A_CHILD_LOCAL_TS ||
		    nla_type(a) == VIADUCT_A_CHILD_REMOTE_TS)
			d->selectors++;
	}
	d->objects++;
	if (id >= 0 && id < (int)sizeof(d->seen))
		d->seen[id]++;
}

/* The next buffer. */
static void more(struct dump *d)
{
	static char buf[65536];
	struct nlmsghdr *h = (struct nlmsghdr *)buf;
	int len = recv(d->fd, buf, sizeof(buf), 0);

	if (len < 0)
		die("recv");
	for (; nlmsg_ok(h, len); h = nlmsg_next(h, &len)) {
		d->interrupted |= (h->nlmsg_flags & NLM_F_DUMP_INTR) != 0;
		if (h->nlmsg_type == NLMSG_DONE) {
			d->done = true;
			d->error = *(int *)nlmsg_data(h);
		} else if (h->nlmsg_type == NLMSG_ERROR) {
			d->done = true;
			d->error = ((struct nlmsgerr *)nlmsg_data(h))->error;
		} else {
			object(d, h);
		}
	}
}

static void finish(struct dump *d)
{
	while (!d->done)
		more(d);
	close(d->fd);
}

/* ---- cases ---- */

static struct dump d;

static bool each_once(unsigned int first, unsigned int n, unsigned int but1, unsigned int but2)
{
	for (unsigned int i = first; i < first + n; i++)
		if (i != but1 && i != but2 && d.seen[i] != 1) {
			printf("# %#x was shown %u times\n", i, d.seen[i]);
			return false;
		}
	return true;
}

static void undisturbed(unsigned int via0, unsigned int via1)
{
	unsigned int buffers = 0;

	begin(&d, VIADUCT_CMD_SA_GET, 0);
	for (; !d.done; buffers++)
		more(&d);
	close(d.fd);
	printf("# %u objects in %u buffers\n", d.objects, buffers);
	report(!d.error && !d.interrupted && d.objects == SAS + 1 && buffers > 2 &&
	       each_once(FIRST_SPI, SAS, 0, 0), "all SAs once");
	begin(&d, VIADUCT_CMD_SA_GET, via0);
	finish(&d);
	report(!d.error && d.objects == SAS && each_once(FIRST_SPI, SAS, 0, 0), "of one tunnel");
	begin(&d, VIADUCT_CMD_SA_GET, via1);
	finish(&d);
	report(!d.error && d.objects == 1, "of the other tunnel");
	begin(&d, VIADUCT_CMD_TUNNEL_GET, 0);
	finish(&d);
	report(!d.error && d.objects == 2, "tunnels");
}

/* In the first buffer are low SPIs of the inbound list, the odd ones; others come later. */
static void disturbed_sas(unsigned int via0)
{
	unsigned int early = FIRST_SPI + 1, late = FIRST_SPI + SAS - 2;
	unsigned int fresh = FIRST_SPI + SAS + 1;
	bool ok;

	begin(&d, VIADUCT_CMD_SA_GET, 0);
	more(&d);
	ok = d.seen[early] == 1 && d.seen[late] == 0 && !d.done;
	sa_del(via0, early);
	sa_del(via0, late);
	sa_new(via0, fresh);
	finish(&d);
	report(ok && !d.error && d.interrupted && each_once(FIRST_SPI, SAS, early, late) &&
	       d.seen[early] == 1 && d.seen[late] == 0 && d.seen[fresh] <= 1,
	       "SAs deleted and added during the dump");
	sa_new(via0, early);
	sa_new(via0, late);
	sa_del(via0, fresh);
}

static void children(unsigned int via1)
{
	for (unsigned int i = 2; i < 2 + CHILDREN; i++)
		child_new(via1, i, i == 30 ? VIADUCT_TS_MAX : 5);
	begin(&d, VIADUCT_CMD_CHILD_GET, via1);
	finish(&d);
	report(!d.error && !d.interrupted && d.objects == 1 + CHILDREN &&
	       each_once(1, 1 + CHILDREN, 0, 0) &&
	       d.selectors == 2 + 2 * 5 * (CHILDREN - 1) + 2 * VIADUCT_TS_MAX,
	       "children, one with all selectors there can be");
	begin(&d, VIADUCT_CMD_CHILD_GET, via1);
	more(&d);
	child_del(via1, 1);
	child_del(via1, CHILDREN);
	finish(&d);
	report(!d.error && d.interrupted && each_once(2, CHILDREN, CHILDREN, 0) && !d.seen[CHILDREN],
	       "children deleted during the dump");
}

static void tunnel_goes(unsigned int via0)
{
	begin(&d, VIADUCT_CMD_SA_GET, 0);
	more(&d);
	if (system("ip link del via0"))
		die("ip link del");
	finish(&d);
	report(!d.error && d.interrupted && d.objects < SAS, "the tunnel goes during the dump");
	begin(&d, VIADUCT_CMD_SA_GET, via0);
	finish(&d);
	report(d.error == -ENODEV && !d.objects, "a tunnel that is gone");
}

int main(void)
{
	unsigned int via0, via1;

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
	if (system("ip link add via0 type viaduct && ip link add via1 type viaduct"))
		die("ip link add");
	via0 = if_nametoindex("via0");
	via1 = if_nametoindex("via1");
	puts("1..9");
	child_new(via0, 1, 1);
	child_new(via1, 1, 1);
	for (unsigned int i = 0; i < SAS; i++)
		sa_new(via0, FIRST_SPI + i);
	sa_new(via1, 0x9001);

	undisturbed(via0, via1);
	disturbed_sas(via0);
	children(via1);
	tunnel_goes(via0);
	return failures != 0;
}
