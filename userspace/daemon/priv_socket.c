// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What [priv] opens for [net]: the IKE sockets on UDP 500 and 4500 of both families, and the control
 * socket in the run directory, beside the lock that keeps two daemons apart.
 *
 * The IKE sockets are bound to any address, and packet information tells to which one a datagram
 * came. Without SO_REUSEADDR: another IKE daemon on these ports is an error to be told, not
 * a neighbour that gets half of the datagrams.
 */
#include "daemon/priv.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define IKE_PORT	500
#define NATT_PORT	4500
#define RECEIVE_BUFFER	(1 << 20)	/* a burst of half-open requests, not a queue to live in */

const char *vd_priv_path(const struct vd_priv *p, const char *name, char buf[static 256])
{
	int n = snprintf(buf, 256, "%s/%s", p->options->run_dir, name);

	return n > 0 && n < 256 ? buf : "";
}

/* ---- run directory ---- */

static int lock_run_dir(struct vd_priv *p)
{
	char path[256];

	p->lock_fd = open(vd_priv_path(p, "lock", path), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (p->lock_fd < 0) {
		vd_error(VD_LOG_DAEMON, "%s: %s", path, strerror(errno));
		return VD_EXIT_FAILED;
	}
	if (flock(p->lock_fd, LOCK_EX | LOCK_NB) < 0) {
		vd_error(VD_LOG_DAEMON, "another viaductd runs in %s (viaductctl --run-dir %s status); "
			 "for one per network namespace give each its own --run-dir",
			 p->options->run_dir, p->options->run_dir);
		return VD_EXIT_FAILED;
	}
	return 0;
}

static int listen_control(struct vd_priv *p)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	char path[256];
	mode_t mask;
	int err = 0;

	vd_priv_path(p, "control.sock", path);
	if (!*path || strlen(path) >= sizeof(sun.sun_path)) {
		vd_error(VD_LOG_CONTROL, "%s: too long for a socket's path", p->options->run_dir);
		return VD_EXIT_FAILED;
	}
	memcpy(sun.sun_path, path, strlen(path) + 1);
	p->control_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	/* We hold the lock: what lies there is left over. */
	unlink(path);
	mask = umask(0177);
	if (p->control_fd < 0 || bind(p->control_fd, (struct sockaddr *)&sun, sizeof(sun)) < 0 ||
	    listen(p->control_fd, 16) < 0)
		err = errno;
	umask(mask);
	if (err)
		vd_error(VD_LOG_CONTROL, "%s: %s", path, strerror(err));
	return err ? VD_EXIT_FAILED : 0;
}

int vd_priv_run_dir(struct vd_priv *p)
{
	char path[256];
	int status;

	if (mkdir(p->options->run_dir, 0755) < 0 && errno != EEXIST) {
		vd_error(VD_LOG_DAEMON, "%s: %s", p->options->run_dir, strerror(errno));
		return VD_EXIT_FAILED;
	}
	status = lock_run_dir(p);
	if (status)
		return status;
	/* The root of [net] and [keys]: nothing in it, nobody may put anything there. */
	if (mkdir(vd_priv_path(p, "empty", path), 0555) < 0 && errno != EEXIST) {
		vd_error(VD_LOG_DAEMON, "%s: %s", path, strerror(errno));
		return VD_EXIT_FAILED;
	}
	return listen_control(p);
}

/* ---- IKE sockets ---- */

/* The fwmark all tunnels share: then IKE goes the way of their ESP. 0: none, or they differ. */
static uint32_t common_mark(const struct vd_conf *conf)
{
	uint32_t mark = 0;
	bool first = true;

	for (size_t g = 0; g < conf->ike.n_gateways; g++) {
		for (size_t t = 0; t < conf->ike.gateways[g].n_tunnels; t++) {
			uint32_t m = conf->gateways[g].tunnels[t].mark;

			if (!first && m != mark)
				return 0;
			mark = m;
			first = false;
		}
	}
	return mark;
}

static int set_options(int fd, int family, uint32_t mark)
{
	int one = 1, size = RECEIVE_BUFFER, pmtu;

	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (mark && setsockopt(fd, SOL_SOCKET, SO_MARK, &mark, sizeof(mark)) < 0)
		return -errno;
	/* A large IKE message is fragmented rather than lost (RFC 7296, 2). */
	if (family == AF_INET) {
		pmtu = IP_PMTUDISC_DONT;
		setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &pmtu, sizeof(pmtu));
		return setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &one, sizeof(one)) < 0 ? -errno : 0;
	}
	pmtu = IPV6_PMTUDISC_DONT;
	setsockopt(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &pmtu, sizeof(pmtu));
	if (setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one)) < 0 ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &one, sizeof(one)) < 0)
		return -errno;
	return 0;
}

/* A bound socket, or a negative errno. */
static int open_udp(int family, uint16_t port, uint32_t mark)
{
	int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), err;
	struct vd_endpoint any = { .port = port };
	struct sockaddr_storage ss;
	socklen_t len;

	if (fd < 0)
		return -errno;
	any.addr.family = family == AF_INET ? VD_FAMILY_IPV4 : VD_FAMILY_IPV6;
	len = vd_endpoint_to_sockaddr(&any, &ss);
	err = set_options(fd, family, mark);
	if (!err && bind(fd, (struct sockaddr *)&ss, len) < 0)
		err = -errno;
	if (!err)
		return fd;
	close(fd);
	return err;
}

static void tell_bind_error(int family, uint16_t port, int err)
{
	const char *name = family == AF_INET ? "IPv4" : "IPv6";

	if (err == -EADDRINUSE)
		vd_error(VD_LOG_NET, "UDP port %u (%s) is taken by another process, perhaps another IKE "
			 "daemon: ss -lunp 'sport = %u' shows it", port, name, port);
	else
		vd_error(VD_LOG_NET, "UDP port %u (%s): %s", port, name, strerror(-err));
}

static int add_udp(struct vd_priv *p, int family, uint16_t port, uint32_t mark)
{
	int fd = open_udp(family, port, mark), err;
	char why[VD_KERNEL_TEXT] = "";

	/* A host without IPv6 is fine. */
	if (fd == -EAFNOSUPPORT && family == AF_INET6)
		return 0;
	if (fd < 0) {
		tell_bind_error(family, port, fd);
		return VD_EXIT_FAILED;
	}
	p->udp[p->n_udp++] = (struct vd_priv_udp){
		.fd = fd, .family = family == AF_INET ? VD_FAMILY_IPV4 : VD_FAMILY_IPV6,
		.port = port, .natt = port == NATT_PORT,
	};
	if (port != NATT_PORT)
		return 0;
	err = vd_kernel_socket_attach(p->kernel, fd, why);
	if (err && err != -EALREADY) {
		vd_error(VD_LOG_KERNEL, "UDP port %u: the kernel does not take ESP from it: %s%s%s",
			 port, strerror(-err), *why ? ": " : "", why);
		return VD_EXIT_FAILED;
	}
	return 0;
}

int vd_priv_udp_open(struct vd_priv *p)
{
	static const int families[] = { AF_INET, AF_INET6 };
	static const uint16_t ports[] = { IKE_PORT, NATT_PORT };
	uint32_t mark = common_mark(p->reload.conf);
	int status = 0;

	for (size_t f = 0; f < 2; f++)
		for (size_t i = 0; !status && i < 2; i++)
			status = add_udp(p, families[f], ports[i], mark);
	return status;
}

void vd_priv_sockets_close(struct vd_priv *p)
{
	char path[256];

	while (p->n_udp)
		close(p->udp[--p->n_udp].fd);
	if (p->control_fd >= 0) {
		unlink(vd_priv_path(p, "control.sock", path));
		close(p->control_fd);
	}
	if (p->lock_fd >= 0)
		close(p->lock_fd);
	p->control_fd = p->lock_fd = -1;
}
