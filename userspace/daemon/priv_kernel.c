// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The module and [priv]: opening, its events on their way to [net], counters, and what an earlier
 * daemon left behind.
 */
#include "daemon/priv.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "daemon/conf_pack.h"
#include "ike/cause.h"

#define DUMP_TRIES	5	/* a dump the kernel calls inconsistent is taken again */

int vd_priv_kernel_open(struct vd_priv *p)
{
	int err = vd_kernel_open(&p->kernel);

	if (err == -ENOENT) {
		vd_error(VD_LOG_KERNEL, "%s, and the kernel could not load it\n  fix: %s",
			 ike_cause_title(IKE_CAUSE_KERNEL_ABSENT),
			 ike_cause_fix(IKE_CAUSE_KERNEL_ABSENT));
		return VD_EXIT_NO_MODULE;
	}
	if (err == -EPERM)
		vd_error(VD_LOG_KERNEL, "the kernel module refuses us: viaductd needs CAP_NET_ADMIN "
			 "(start it as root, or by systemd)");
	else if (err)
		vd_error(VD_LOG_KERNEL, "the kernel module: %s", strerror(-err));
	return err ? VD_EXIT_FAILED : 0;
}

/* ---- events ---- */

static void on_bad_packets(struct vd_priv *p, const struct vd_priv_tunnel *t,
			   const struct vd_kernel_notice *n)
{
	static struct vd_ratelimit limit = { .burst = 5, .interval = 60 * VD_SECOND };
	struct vd_log_field field = { "VIADUCT_TUNNEL", t->name };
	uint64_t missed;

	if (vd_ratelimit_pass(&limit, vd_now(), &missed))
		vd_log_fields(VD_LOG_KERNEL, VD_LOG_WARNING, &field, 1,
			      "%s: many packets %s on SPI %08x (viaductctl show %s counts them)",
			      t->name, n->replay ? "were replayed or too late" :
			      "failed the integrity check", n->event.spi, t->name);
}

/* Events of what [net] deleted itself, or of what is not its own, do not concern it. */
static bool concerns_net(struct vd_priv *p, struct vd_priv_tunnel *t,
			 const struct ike_kernel_event *ev)
{
	struct ike_sa_id id = { .child = ev->child, .spi = ev->spi, .inbound = ev->inbound };

	if (ev->kind == IKE_KERNEL_ACQUIRE)
		return true;
	if (!vd_priv_sa_known(t, &id))
		return false;
	if (ev->kind == IKE_KERNEL_SA_GONE || (ev->kind == IKE_KERNEL_EXPIRE && ev->hard))
		vd_priv_sa_forget(t, &id);
	return true;
}

static void on_notice(void *arg, const struct vd_kernel_notice *n)
{
	struct vd_priv *p = arg;
	struct vd_priv_tunnel *t = vd_priv_tunnel_by_index(p, n->ifindex);
	struct vd_msg_event m;

	if (!t)
		return;
	if (!n->for_engine) {
		on_bad_packets(p, t, n);
		return;
	}
	if (!concerns_net(p, t, &n->event))
		return;
	vd_msg_from_event(&m, &n->event);
	memcpy(m.id.tunnel, t->name, sizeof(m.id.tunnel));
	vd_chan_send(p->net.chan, VD_MSG_EVENT, 0, &m, NULL, 0, -1);
}

/* ---- events were lost: which of our SAs are gone? ---- */

struct id_list {
	size_t			n, cap;
	struct vd_kernel_sa	*sa;
};

static int collect_sa(void *arg, const struct vd_kernel_sa *sa)
{
	struct id_list *l = arg;

	if (l->n == l->cap) {
		size_t cap = l->cap ? l->cap * 2 : 64;
		struct vd_kernel_sa *grown = realloc(l->sa, cap * sizeof(*grown));

		if (!grown)
			return -ENOMEM;
		l->sa = grown;
		l->cap = cap;
	}
	l->sa[l->n++] = *sa;
	return 0;
}

static int dump_sas(struct vd_priv *p, uint32_t ifindex, struct id_list *l)
{
	int err = -EINTR;

	for (int i = 0; err == -EINTR && i < DUMP_TRIES; i++) {
		l->n = 0;
		err = vd_kernel_sa_dump(p->kernel, ifindex, collect_sa, l);
	}
	return err;
}

static bool listed(const struct id_list *l, const struct ike_sa_id *id)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->sa[i].child == id->child && l->sa[i].spi == id->spi &&
		    (l->sa[i].inbound != 0) == id->inbound)
			return true;
	return false;
}

static void resync_tunnel(struct vd_priv *p, struct vd_priv_tunnel *t)
{
	struct id_list l = { 0 };
	struct vd_priv_sa *s, *next;

	if (t->ifindex && dump_sas(p, t->ifindex, &l) == 0) {
		for (s = t->sas; s; s = next) {
			struct vd_kernel_notice n = { .ifindex = t->ifindex, .for_engine = true };

			next = s->next;
			if (!s->id.spi || listed(&l, &s->id))
				continue;
			n.event.kind = IKE_KERNEL_SA_GONE;
			n.event.child = s->id.child;
			n.event.spi = s->id.spi;
			n.event.inbound = s->id.inbound;
			on_notice(p, &n);
		}
	}
	free(l.sa);
}

static int on_kernel_io(sd_event_source *src, int fd, uint32_t revents, void *arg)
{
	struct vd_priv *p = arg;
	int err = vd_kernel_events(p->kernel, on_notice, p);

	if (err == -ENOBUFS) {
		vd_warning(VD_LOG_KERNEL, "events of the kernel were lost: comparing the SAs");
		for (struct vd_priv_tunnel *t = p->by_name; t; t = t->by_name.next)
			resync_tunnel(p, t);
	} else if (err) {
		vd_error(VD_LOG_KERNEL, "events of the kernel: %s", strerror(-err));
	}
	return 0;
}

/* ---- an earlier daemon's SAs ---- */

void vd_priv_kernel_inherit(struct vd_priv *p)
{
	struct id_list l = { 0 };
	uint32_t generation = p->generation;

	if (sd_event_add_io(p->event, &p->kernel_io, vd_kernel_event_fd(p->kernel), EPOLLIN,
			    on_kernel_io, p) < 0)
		vd_error(VD_LOG_KERNEL, "cannot listen to the kernel");
	if (dump_sas(p, 0, &l) < 0)
		l.n = 0;
	p->generation = 0;	/* of none of ours */
	for (size_t i = 0; i < l.n; i++) {
		struct vd_priv_tunnel *t = vd_priv_tunnel_by_index(p, l.sa[i].ifindex);
		struct ike_sa_id id = { .child = l.sa[i].child, .spi = l.sa[i].spi,
					.inbound = l.sa[i].inbound != 0 };
		struct ike_sa_id child = { .child = l.sa[i].child };

		if (!t || vd_priv_sa_known(t, &id))
			continue;
		vd_priv_sa_note(p, t, &id);
		if (child.child && !vd_priv_sa_known(t, &child))
			vd_priv_sa_note(p, t, &child);
	}
	p->generation = generation;
	free(l.sa);
}

/* ---- counters ---- */

struct dump {
	struct vd_priv		*priv;
	struct vd_kernel_stats	none;
	struct id_list		sas;
	struct vd_kernel_tunnel_stats *tunnels;
	size_t			n_tunnels, cap;
};

static int collect_tunnel(void *arg, const struct vd_kernel_tunnel_stats *t)
{
	struct dump *d = arg;
	const struct vd_priv_tunnel *ours = vd_priv_tunnel_by_index(d->priv, t->ifindex);

	if (!ours)
		return 0;
	if (d->n_tunnels == d->cap) {
		size_t cap = d->cap ? d->cap * 2 : 16;
		struct vd_kernel_tunnel_stats *grown = realloc(d->tunnels, cap * sizeof(*grown));

		if (!grown)
			return -ENOMEM;
		d->tunnels = grown;
		d->cap = cap;
	}
	d->tunnels[d->n_tunnels] = *t;
	memcpy(d->tunnels[d->n_tunnels++].tunnel, ours->name, sizeof(t->tunnel));
	return 0;
}

static int by_tunnel(const void *a, const void *b)
{
	return strncmp(a, b, VD_TUNNEL_MAX);	/* both kinds of entry begin with the name */
}

static int take_dump(struct vd_priv *p, uint32_t ifindex, struct dump *d)
{
	int err = -EINTR;
	size_t kept = 0;

	for (int i = 0; err == -EINTR && i < DUMP_TRIES; i++) {
		d->n_tunnels = 0;
		err = vd_kernel_tunnel_dump(p->kernel, ifindex, collect_tunnel, d);
	}
	if (!err)
		err = dump_sas(p, ifindex, &d->sas);
	if (!err)
		err = vd_kernel_stats_get(p->kernel, &d->none);
	for (size_t i = 0; !err && i < d->sas.n; i++) {
		const struct vd_priv_tunnel *t = vd_priv_tunnel_by_index(p, d->sas.sa[i].ifindex);

		if (!t)
			continue;
		d->sas.sa[kept] = d->sas.sa[i];
		memcpy(d->sas.sa[kept++].tunnel, t->name, VD_TUNNEL_MAX);
	}
	d->sas.n = kept;
	if (d->n_tunnels)
		qsort(d->tunnels, d->n_tunnels, sizeof(*d->tunnels), by_tunnel);
	return err;
}

/* The dump as a memory descriptor, or a negative errno. */
static int dump_fd(const struct dump *d)
{
	size_t tunnels = d->n_tunnels * sizeof(*d->tunnels), sas = d->sas.n * sizeof(*d->sas.sa);
	size_t len = sizeof(d->none) + tunnels + sas;
	uint8_t *buf = malloc(len);
	int fd;

	if (!buf)
		return -ENOMEM;
	memcpy(buf, &d->none, sizeof(d->none));
	if (tunnels)
		memcpy(buf + sizeof(d->none), d->tunnels, tunnels);
	if (sas)
		memcpy(buf + sizeof(d->none) + tunnels, d->sas.sa, sas);
	fd = vd_memfd_make("viaduct-dump", buf, len);
	free(buf);
	return fd;
}

void vd_priv_kernel_dump(struct vd_priv *p, uint64_t token, const char *tunnel)
{
	const struct vd_priv_tunnel *t = *tunnel ? vd_priv_tunnel_find(p, tunnel) : NULL;
	struct dump d = { .priv = p };
	struct vd_msg_dump m = { 0 };
	int fd;

	m.error = take_dump(p, t ? t->ifindex : 0, &d);
	if (m.error)
		d.n_tunnels = d.sas.n = 0;
	m.tunnels = d.n_tunnels;
	m.sas = d.sas.n;
	fd = dump_fd(&d);
	if (fd >= 0) {
		vd_chan_send(p->net.chan, VD_MSG_DUMP, token, &m, NULL, 0, fd);
		close(fd);
	} else {
		vd_error(VD_LOG_KERNEL, "counters: %s", strerror(-fd));
	}
	free(d.tunnels);
	free(d.sas.sa);
}
