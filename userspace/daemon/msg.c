// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The table of messages between roles and the check every received one passes (msg.h).
 * Pure; tests/fuzz/fuzz_msg.c feeds it.
 */
#include "daemon/msg.h"

#include <errno.h>
#include <string.h>

struct msg_row {
	const char	*name;
	enum vd_role	from, to;
	size_t		body;
	size_t		tail_max;
	unsigned int	fds;
};

static const struct msg_row rows[VD_MSG_TYPE_MAX] = {
#define X(name_, from_, to_, body_, tail_, fds_) [VD_MSG_##name_] = { \
	#name_, VD_ROLE_##from_, VD_ROLE_##to_, sizeof(struct vd_msg_##body_), tail_, fds_ },
	VD_MSG_TYPES(X)
#undef X
};

const char *vd_role_name(enum vd_role role)
{
	switch (role) {
	case VD_ROLE_PRIV:
		return "priv";
	case VD_ROLE_NET:
		return "net";
	case VD_ROLE_KEYS:
		return "keys";
	}
	return "?";
}

static const struct msg_row *row(uint32_t type)
{
	return type > VD_MSG_NONE && type < VD_MSG_TYPE_MAX ? &rows[type] : NULL;
}

const char *vd_msg_name(enum vd_msg_type type)
{
	return row(type) ? row(type)->name : "?";
}

size_t vd_msg_body_size(enum vd_msg_type type)
{
	return row(type) ? row(type)->body : 0;
}

unsigned int vd_msg_fds(enum vd_msg_type type)
{
	return row(type) ? row(type)->fds : 0;
}

int vd_msg_may_send(enum vd_msg_type type, enum vd_role from, enum vd_role to, size_t tail_len)
{
	const struct msg_row *r = row(type);

	return r && r->from == from && r->to == to && tail_len <= r->tail_max;
}

/* ---- fields ---- */

static bool terminated(const char *s, size_t cap)
{
	return memchr(s, 0, cap) != NULL;
}

/* A name that may stand in a log: printable, no separators. "" only if @empty. */
static bool name_ok(const char *s, size_t cap, bool empty)
{
	if (!terminated(s, cap) || (!*s && !empty))
		return false;
	for (; *s; s++)
		if (*s <= ' ' || *s >= 0x7f || *s == '/')
			return false;
	return true;
}

static bool text_ok(const char *s, size_t cap)
{
	return terminated(s, cap);
}

static bool flag_ok(uint32_t v)
{
	return v <= 1;
}

static bool errno_ok(int32_t e)
{
	return e <= 0 && e >= -4095;
}

static bool addr_ok(const struct vd_addr *a, bool unset)
{
	switch (a->family) {
	case VD_FAMILY_NONE:
		return unset;
	case VD_FAMILY_IPV4:
	case VD_FAMILY_IPV6:
		return true;
	}
	return false;
}

/* A range of one family, its end not below its start. */
static bool ts_ok(const struct ike_ts *ts)
{
	return addr_ok(&ts->start, false) && ts->start.family == ts->end.family &&
	       memcmp(ts->start.bytes, ts->end.bytes, vd_addr_len(ts->start.family)) <= 0;
}

static bool ts_unset_or_ok(const struct ike_ts *ts)
{
	return (ts->start.family == VD_FAMILY_NONE && ts->end.family == VD_FAMILY_NONE) ||
	       ts_ok(ts);
}

static bool ts_list_ok(const struct ike_ts_list *list, bool empty)
{
	if (list->n > IKE_TS_MAX || (!list->n && !empty))
		return false;
	for (unsigned int i = 0; i < list->n; i++)
		if (!ts_ok(&list->ts[i]))
			return false;
	return true;
}

static bool sa_id_ok(const struct vd_msg_sa_id *id, bool spi)
{
	return name_ok(id->tunnel, sizeof(id->tunnel), false) && flag_ok(id->inbound) &&
	       (!spi || id->spi >= 256);	/* RFC 4303, 2.1: 0..255 are reserved */
}

static bool endpoints_ok(const struct vd_endpoint *a, const struct vd_endpoint *b)
{
	return addr_ok(&a->addr, false) && a->addr.family == b->addr.family;
}

static bool sa_ok(const struct vd_msg_sa *m, bool keys)
{
	if (!sa_id_ok(&m->id, keys) || !endpoints_ok(&m->local, &m->remote) || !flag_ok(m->encap))
		return false;
	if (m->protocol != IKE_PROTO_ESP && m->protocol != IKE_PROTO_AH)
		return false;
	if (m->encap && (!m->local.port || !m->remote.port))
		return false;
	if (m->encr > UINT16_MAX || m->encr_key_bits > 8 * VD_KEY_MAX || m->integ > UINT16_MAX ||
	    m->esn > IKE_ESN_YES)
		return false;
	if (m->encr_key.len > VD_KEY_MAX || m->integ_key.len > VD_KEY_MAX)
		return false;
	return m->soft >= 0 && m->hard >= 0;
}

static bool event_ok(const struct vd_msg_event *m)
{
	return m->kind <= IKE_KERNEL_MAPPING && sa_id_ok(&m->id, false) && flag_ok(m->hard) &&
	       ts_unset_or_ok(&m->trigger_local) && ts_unset_or_ok(&m->trigger_remote) &&
	       addr_ok(&m->remote.addr, true);
}

static bool log_ok(const struct vd_msg_log *m)
{
	return m->level >= VD_LOG_ERROR && m->level <= VD_LOG_DEBUG &&
	       m->subsys < VD_LOG_SUBSYS_MAX && name_ok(m->gateway, sizeof(m->gateway), true) &&
	       name_ok(m->tunnel, sizeof(m->tunnel), true);
}

static bool psk_ok(const struct vd_msg_psk *m, bool verify, size_t tail_len)
{
	return name_ok(m->gateway, sizeof(m->gateway), false) && m->local_id.len <= IKE_ID_MAX &&
	       m->remote_id.len <= IKE_ID_MAX && m->prf <= UINT16_MAX && tail_len > 0 &&
	       (verify ? m->auth_len > 0 && m->auth_len <= IKE_PRF_MAX : m->auth_len == 0);
}

static bool body_ok(enum vd_msg_type type, const union vd_msg_body *b, size_t tail_len)
{
	switch (type) {
	case VD_MSG_UDP:
		return (b->UDP.family == VD_FAMILY_IPV4 || b->UDP.family == VD_FAMILY_IPV6) &&
		       b->UDP.port <= UINT16_MAX && flag_ok(b->UDP.natt);
	case VD_MSG_CONFIG:
		return flag_ok(b->CONFIG.dry_run);
	case VD_MSG_RELOAD:
		return flag_ok(b->RELOAD.dry_run);
	case VD_MSG_COMMIT:
	case VD_MSG_CONFIG_VERDICT:
	case VD_MSG_SECRET_VERDICT:
		return errno_ok(b->COMMIT.error) &&
		       text_ok(b->COMMIT.file, sizeof(b->COMMIT.file)) &&
		       text_ok(b->COMMIT.text, sizeof(b->COMMIT.text));
	case VD_MSG_RESULT:
		return errno_ok(b->RESULT.error) && b->RESULT.idle >= 0 &&
		       addr_ok(&b->RESULT.local, true) &&
		       text_ok(b->RESULT.text, sizeof(b->RESULT.text));
	case VD_MSG_EVENT:
		return event_ok(&b->EVENT);
	case VD_MSG_DUMP:
		return errno_ok(b->DUMP.error);
	case VD_MSG_NET_LOG:
	case VD_MSG_KEYS_LOG:
		return log_ok(&b->NET_LOG);
	case VD_MSG_CHILD_SET:
		return name_ok(b->CHILD_SET.tunnel, VD_TUNNEL_MAX, false) &&
		       b->CHILD_SET.child != 0 && flag_ok(b->CHILD_SET.on_demand) &&
		       ts_list_ok(&b->CHILD_SET.local_ts, false) &&
		       ts_list_ok(&b->CHILD_SET.remote_ts, false);
	case VD_MSG_CHILD_DEL:
		return sa_id_ok(&b->CHILD_DEL, false);
	case VD_MSG_SPI_ALLOC:
		return sa_ok(&b->SPI_ALLOC, false);
	case VD_MSG_SA_ADD:
		return sa_ok(&b->SA_ADD, true);
	case VD_MSG_SA_UPDATE:
		return sa_ok(&b->SA_UPDATE, true);
	case VD_MSG_SA_DEL:
	case VD_MSG_SA_QUERY:
		return sa_id_ok(&b->SA_DEL, true);
	case VD_MSG_DUMP_REQUEST:
		return name_ok(b->DUMP_REQUEST.tunnel, VD_TUNNEL_MAX, true);
	case VD_MSG_ROUTES:
		return name_ok(b->ROUTES.tunnel, VD_TUNNEL_MAX, false) && flag_ok(b->ROUTES.up) &&
		       ts_list_ok(&b->ROUTES.remote_ts, true);
	case VD_MSG_ROUTE_GET:
		return addr_ok(&b->ROUTE_GET.peer, false);
	case VD_MSG_SECRET:
		return name_ok(b->SECRET.gateway, IKE_NAME_MAX, false);
	case VD_MSG_PSK_SIGN:
		return psk_ok(&b->PSK_SIGN, false, tail_len);
	case VD_MSG_PSK_VERIFY:
		return psk_ok(&b->PSK_VERIFY, true, tail_len);
	case VD_MSG_PSK_RESULT:
		return errno_ok(b->PSK_RESULT.error) && b->PSK_RESULT.auth_len <= IKE_PRF_MAX;
	case VD_MSG_CONTROL:
	case VD_MSG_KEYS_CHANNEL:
	case VD_MSG_STOP:
	case VD_MSG_APPLIED:
	case VD_MSG_NET_ALIVE:
	case VD_MSG_STOPPED:
	case VD_MSG_SECRETS_USE:
	case VD_MSG_SECRETS_DROP:
	case VD_MSG_NET_CHANNEL:
	case VD_MSG_KEYS_ALIVE:
		return b->STOP.zero == 0;
	case VD_MSG_NONE:
	case VD_MSG_TYPE_MAX:
		break;
	}
	return false;
}

int vd_msg_parse(struct vd_msg *m, enum vd_role from, enum vd_role to,
		 const void *data, size_t len, unsigned int n_fds)
{
	const struct vd_msg_header *h = data;
	const struct msg_row *r;
	const union vd_msg_body *body;
	size_t tail_len;

	if (len < sizeof(*h) || h->size != len - sizeof(*h))
		return -EPROTO;
	r = row(h->type);
	if (!r || r->from != from || r->to != to || r->fds != n_fds)
		return -EPROTO;
	if (h->size < r->body || h->size - r->body > r->tail_max)
		return -EPROTO;
	tail_len = h->size - r->body;
	body = (const void *)(h + 1);
	if (!body_ok(h->type, body, tail_len))
		return -EPROTO;
	*m = (struct vd_msg){
		.type = h->type, .token = h->token, .body = body,
		.tail = (const uint8_t *)body + r->body, .tail_len = tail_len, .fd = -1,
	};
	return 0;
}
