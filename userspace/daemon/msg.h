/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The messages between the roles of viaductd: one table of types with who sends them to
 * whom, their size and how many descriptors they carry, and one check that a receiver
 * applies before it looks at anything else. Pure: no input or output here (chan.h).
 *
 * A message is one datagram of a SOCK_SEQPACKET pair: header, fixed body, and for the few
 * types that have one a tail of octets. Bodies hold fixed-width integers, addresses and
 * terminated strings only, no pointers, no bool: whatever octets come, reading them is
 * defined. Both ends are the same binary, so there is no byte order and no version.
 */
#ifndef VD_DAEMON_MSG_H
#define VD_DAEMON_MSG_H

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/time.h"
#include "ike/config.h"
#include "ike/engine.h"
#include "ike/id.h"
#include "ike/ts.h"

enum vd_role {
	VD_ROLE_PRIV = 1,	/* CAP_NET_ADMIN; parent */
	VD_ROLE_NET,		/* parses the network; nothing else */
	VD_ROLE_KEYS,		/* long-term secrets; no network */
};
const char *vd_role_name(enum vd_role role);

#define VD_MSG_TAIL_MAX	66000	/* an IKE message, a nonce and a prf output fit */
#define VD_MSG_FDS_MAX	1
#define VD_TUNNEL_MAX	16	/* IFNAMSIZ */
#define VD_MSG_TEXT	256

struct vd_msg_header {
	uint32_t	type;		/* enum vd_msg_type */
	uint32_t	size;		/* of body and tail */
	uint64_t	token;		/* pairs a result with its request; 0: none */
};

/* ---- bodies ---- */

struct vd_msg_empty { uint32_t zero; };

struct vd_msg_udp {		/* a bound IKE socket, one descriptor */
	uint32_t	family;	/* enum vd_family */
	uint32_t	port;
	uint32_t	natt;	/* 1: datagrams carry the non-ESP marker */
};

struct vd_msg_config {		/* one descriptor: the files' texts (conf_pack.h) */
	uint32_t	dry_run;
};

struct vd_msg_verdict {		/* [net] about a configuration; [priv] about applying it; [keys] about a secret */
	int32_t		error;	/* 0 or a negative errno */
	uint32_t	line;	/* of the configuration, 0: about none */
	uint32_t	column;
	char		file[VD_MSG_TEXT];
	char		text[VD_MSG_TEXT];
};

struct vd_msg_result {
	int32_t		error;
	uint32_t	spi;	/* SPI_ALLOC, host order */
	vd_time		idle;	/* SA_QUERY */
	struct vd_addr	local;	/* ROUTE_GET */
	char		text[VD_MSG_TEXT];	/* what the kernel said, or "" */
};

struct vd_msg_sa_id {
	char		tunnel[VD_TUNNEL_MAX];
	uint32_t	child;
	uint32_t	spi;	/* host order */
	uint32_t	inbound;
};

struct vd_msg_event {		/* struct ike_kernel_event */
	struct vd_msg_sa_id	id;
	uint32_t		kind;
	uint32_t		hard;
	struct ike_ts		trigger_local, trigger_remote;
	struct vd_endpoint	remote;
};

/*
 * One descriptor, with a struct vd_kernel_stats (of no tunnel), @tunnels times struct
 * vd_kernel_tunnel_stats, @sas times struct vd_kernel_sa (kernel.h).
 */
struct vd_msg_dump {
	int32_t		error;
	uint32_t	tunnels;
	uint32_t	sas;
};

struct vd_msg_child {
	char			tunnel[VD_TUNNEL_MAX];
	uint32_t		child;
	uint32_t		on_demand;
	struct ike_ts_list	local_ts, remote_ts;
};

struct vd_msg_sa {
	struct vd_msg_sa_id	id;
	uint32_t		protocol, encr, encr_key_bits, integ, esn;
	uint32_t		encap;
	struct vd_endpoint	local, remote;
	struct vd_key		encr_key, integ_key;
	uint32_t		replay_window;
	vd_time			soft, hard;
	uint64_t		soft_bytes, hard_bytes, soft_packets, hard_packets;
};

struct vd_msg_routes {		/* @up 1: set the routes of @tunnel, 0: take them away */
	char			tunnel[VD_TUNNEL_MAX];
	uint32_t		up;
	struct ike_ts_list	remote_ts;
};

struct vd_msg_route_get {
	struct vd_addr	peer;
};

struct vd_msg_dump_request {
	char		tunnel[VD_TUNNEL_MAX];	/* "": all of ours */
};

struct vd_msg_log {		/* tail: the text */
	uint32_t	level;	/* enum vd_log_level */
	uint32_t	subsys;	/* enum vd_log_subsys */
	uint32_t	code;	/* enum ike_cause_code or 0 */
	char		gateway[IKE_NAME_MAX];
	char		tunnel[VD_TUNNEL_MAX];
};

struct vd_msg_secret {		/* one descriptor: the opened secret file */
	char		gateway[IKE_NAME_MAX];
};

struct vd_msg_psk {		/* tail: the octets to sign */
	char		gateway[IKE_NAME_MAX];
	struct ike_id	local_id, remote_id;
	uint32_t	prf;
	uint32_t	auth_len;	/* 0: sign; else verify @auth */
	uint8_t		auth[IKE_PRF_MAX];
};

struct vd_msg_psk_result {
	int32_t		error;
	uint32_t	auth_len;
	uint8_t		auth[IKE_PRF_MAX];
};

/* ---- the table: type, sender, receiver, body, longest tail, descriptors ---- */

#define VD_MSG_TYPES(X) \
	/* [priv] to [net] */ \
	X(UDP,		PRIV, NET,  udp,	0, 1) \
	X(CONTROL,	PRIV, NET,  empty,	0, 1)	/* the listening control socket */ \
	X(KEYS_CHANNEL,	PRIV, NET,  empty,	0, 1) \
	X(CONFIG,	PRIV, NET,  config,	0, 1)	/* judge it; answer CONFIG_VERDICT */ \
	X(COMMIT,	PRIV, NET,  verdict,	0, 0)	/* use the last CONFIG, or it failed */ \
	X(RESULT,	PRIV, NET,  result,	0, 0) \
	X(EVENT,	PRIV, NET,  event,	0, 0) \
	X(DUMP,		PRIV, NET,  dump,	0, 1) \
	X(STOP,		PRIV, NET,  empty,	0, 0)	/* close all, then STOPPED */ \
	/* [net] to [priv] */ \
	X(CONFIG_VERDICT, NET, PRIV, verdict,	0, 0) \
	X(APPLIED,	NET,  PRIV, empty,	0, 0)	/* the engine runs by the last COMMIT */ \
	X(NET_ALIVE,	NET,  PRIV, empty,	0, 0) \
	X(NET_LOG,	NET,  PRIV, log,	4096, 0) \
	X(STOPPED,	NET,  PRIV, empty,	0, 0) \
	X(RELOAD,	NET,  PRIV, config,	0, 0) \
	X(CHILD_SET,	NET,  PRIV, child,	0, 0) \
	X(CHILD_DEL,	NET,  PRIV, sa_id,	0, 0) \
	X(SPI_ALLOC,	NET,  PRIV, sa,		0, 0) \
	X(SA_ADD,	NET,  PRIV, sa,		0, 0) \
	X(SA_UPDATE,	NET,  PRIV, sa,		0, 0) \
	X(SA_DEL,	NET,  PRIV, sa_id,	0, 0) \
	X(SA_QUERY,	NET,  PRIV, sa_id,	0, 0) \
	X(DUMP_REQUEST,	NET,  PRIV, dump_request, 0, 0) \
	X(ROUTES,	NET,  PRIV, routes,	0, 0) \
	X(ROUTE_GET,	NET,  PRIV, route_get,	0, 0) \
	/* [priv] and [keys] */ \
	X(SECRET,	PRIV, KEYS, secret,	0, 1)	/* load it beside the ones in use */ \
	X(SECRETS_USE,	PRIV, KEYS, empty,	0, 0)	/* the ones loaded replace the ones in use */ \
	X(SECRETS_DROP,	PRIV, KEYS, empty,	0, 0)	/* forget the ones loaded, not in use */ \
	X(NET_CHANNEL,	PRIV, KEYS, empty,	0, 1) \
	X(SECRET_VERDICT, KEYS, PRIV, verdict,	0, 0) \
	X(KEYS_ALIVE,	KEYS, PRIV, empty,	0, 0) \
	X(KEYS_LOG,	KEYS, PRIV, log,	4096, 0) \
	/* [net] and [keys] */ \
	X(PSK_SIGN,	NET,  KEYS, psk,	VD_MSG_TAIL_MAX, 0) \
	X(PSK_VERIFY,	NET,  KEYS, psk,	VD_MSG_TAIL_MAX, 0) \
	X(PSK_RESULT,	KEYS, NET,  psk_result,	0, 0)

enum vd_msg_type {
	VD_MSG_NONE,
#define X(name, from, to, body, tail, fds) VD_MSG_##name,
	VD_MSG_TYPES(X)
#undef X
	VD_MSG_TYPE_MAX
};

union vd_msg_body {
#define X(name, from, to, body, tail, fds) struct vd_msg_##body name;
	VD_MSG_TYPES(X)
#undef X
};

#define VD_MSG_SIZE_MAX	(sizeof(struct vd_msg_header) + sizeof(union vd_msg_body) + VD_MSG_TAIL_MAX)

/* A received message: points into the receiver's buffer. */
struct vd_msg {
	enum vd_msg_type	type;
	uint64_t		token;
	const union vd_msg_body	*body;
	const uint8_t		*tail;
	size_t			tail_len;
	int			fd;	/* -1: none. Who wants to keep it sets -1 here */
};

const char *vd_msg_name(enum vd_msg_type type);
/* Octets of the fixed body of @type. */
size_t vd_msg_body_size(enum vd_msg_type type);
/* Descriptors @type carries: 0 or 1. */
unsigned int vd_msg_fds(enum vd_msg_type type);
/*
 * Checks the datagram @data (aligned for a uint64_t) that @from sent to @to with @n_fds descriptors:
 * type, direction, sizes, descriptors, and every field of the body (terminated names, counts, enum
 * values, key lengths against limits). 0 and *@m set (fd -1), or -EPROTO with *@m unchanged.
 */
int vd_msg_parse(struct vd_msg *m, enum vd_role from, enum vd_role to,
		 const void *data, size_t len, unsigned int n_fds);
/* True if a message @type of @tail_len octets may go from @from to @to. */
int vd_msg_may_send(enum vd_msg_type type, enum vd_role from, enum vd_role to, size_t tail_len);

/* ---- conversions from and to the engine's structures (msg_conv.c) ---- */

void vd_msg_from_sa_id(struct vd_msg_sa_id *out, const struct ike_sa_id *id);
struct ike_sa_id vd_msg_to_sa_id(const struct vd_msg_sa_id *m);
void vd_msg_from_sa(struct vd_msg_sa *out, const struct ike_sa_params *p);
/* Copies keys: the caller wipes @out. */
void vd_msg_to_sa(struct ike_sa_params *out, const struct vd_msg_sa *m);
void vd_msg_from_event(struct vd_msg_event *out, const struct ike_kernel_event *ev);
void vd_msg_to_event(struct ike_kernel_event *out, const struct vd_msg_event *m);

#endif
