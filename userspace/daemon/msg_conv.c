// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The engine's structures and their form in messages between roles (msg.h). Pure.
 */
#include "daemon/msg.h"

#include <string.h>

void vd_msg_from_sa_id(struct vd_msg_sa_id *out, const struct ike_sa_id *id)
{
	memset(out, 0, sizeof(*out));
	memcpy(out->tunnel, id->tunnel, sizeof(out->tunnel));
	out->child = id->child;
	out->spi = id->spi;
	out->inbound = id->inbound;
}

struct ike_sa_id vd_msg_to_sa_id(const struct vd_msg_sa_id *m)
{
	struct ike_sa_id id = { .child = m->child, .spi = m->spi, .inbound = m->inbound != 0 };

	memcpy(id.tunnel, m->tunnel, sizeof(id.tunnel));
	return id;
}

void vd_msg_from_sa(struct vd_msg_sa *out, const struct ike_sa_params *p)
{
	memset(out, 0, sizeof(*out));
	vd_msg_from_sa_id(&out->id, &p->id);
	out->protocol = p->suite.protocol;
	out->encr = p->suite.encr;
	out->encr_key_bits = p->suite.encr_key_bits;
	out->integ = p->suite.integ;
	out->esn = p->suite.esn;
	out->encap = p->encap;
	out->local = p->local;
	out->remote = p->remote;
	out->encr_key = p->encr_key;
	out->integ_key = p->integ_key;
	out->replay_window = p->replay_window;
	out->soft = p->soft;
	out->hard = p->hard;
	out->soft_bytes = p->soft_bytes;
	out->hard_bytes = p->hard_bytes;
	out->soft_packets = p->soft_packets;
	out->hard_packets = p->hard_packets;
}

void vd_msg_to_sa(struct ike_sa_params *out, const struct vd_msg_sa *m)
{
	memset(out, 0, sizeof(*out));
	out->id = vd_msg_to_sa_id(&m->id);
	out->suite.protocol = m->protocol;
	out->suite.encr = m->encr;
	out->suite.encr_key_bits = m->encr_key_bits;
	out->suite.integ = m->integ;
	out->suite.esn = m->esn;
	out->encap = m->encap != 0;
	out->local = m->local;
	out->remote = m->remote;
	out->encr_key = m->encr_key;
	out->integ_key = m->integ_key;
	out->replay_window = m->replay_window;
	out->soft = m->soft;
	out->hard = m->hard;
	out->soft_bytes = m->soft_bytes;
	out->hard_bytes = m->hard_bytes;
	out->soft_packets = m->soft_packets;
	out->hard_packets = m->hard_packets;
}

void vd_msg_from_event(struct vd_msg_event *out, const struct ike_kernel_event *ev)
{
	memset(out, 0, sizeof(*out));
	memcpy(out->id.tunnel, ev->tunnel, sizeof(out->id.tunnel));
	out->id.child = ev->child;
	out->id.spi = ev->spi;
	out->id.inbound = ev->inbound;
	out->kind = ev->kind;
	out->hard = ev->hard;
	out->trigger_local = ev->trigger_local;
	out->trigger_remote = ev->trigger_remote;
	out->remote = ev->remote;
}

void vd_msg_to_event(struct ike_kernel_event *out, const struct vd_msg_event *m)
{
	memset(out, 0, sizeof(*out));
	memcpy(out->tunnel, m->id.tunnel, sizeof(out->tunnel));
	out->child = m->id.child;
	out->spi = m->id.spi;
	out->inbound = m->id.inbound != 0;
	out->kind = m->kind;
	out->hard = m->hard != 0;
	out->trigger_local = m->trigger_local;
	out->trigger_remote = m->trigger_remote;
	out->remote = m->remote;
}
