/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The IKE engine: datagrams, commands, kernel events and time go in; actions and
 * a deadline come out. No sockets, no clock, no files, no threads, no globals.
 *
 *	ike_engine_datagram(), _command(), _kernel_event(), _complete(), _tick()
 *	then ike_engine_next_action() until it returns false, then sleep until ike_engine_deadline().
 *
 * Slow or secret work (Diffie-Hellman, anything with a long-term secret, the kernel)
 * is an action with a token; its result comes back by ike_engine_complete(), in any
 * order, at any later time. A token not completed stalls its exchange only, until the
 * exchange times out. Completing an unknown token is ignored.
 */
#ifndef IKE_ENGINE_H
#define IKE_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/secret.h"
#include "base/time.h"
#include "ike/cause.h"
#include "ike/config.h"
#include "ike/ops.h"
#include "ike/transform.h"
#include "ike/ts.h"

struct ike_engine;

/* A datagram's way. @natt: came or goes over the socket with the non-ESP marker (already stripped, to be added). */
struct ike_path {
	struct vd_endpoint	local;
	struct vd_endpoint	remote;
	bool			natt;
};

struct ike_limits {
	uint32_t	cookie_threshold;	/* half-open IKE SAs from which cookies are asked for */
	uint32_t	half_open_max;		/* in all; beyond, requests are dropped */
	uint32_t	half_open_per_source;
	vd_time		retransmit_first;	/* ms until the first retransmission; doubles */
	uint8_t		retransmit_tries;	/* sends in all before giving up */
	vd_time		half_open_timeout;	/* responder: until an unauthenticated SA is dropped */
};
extern const struct ike_limits ike_limits_default;

/* NULL without memory. @ops and what it points to must outlive the engine. */
struct ike_engine *ike_engine_new(const struct ike_ops *ops, const struct ike_limits *limits);
/* Frees everything, without telling the peers. Pending actions are dropped, secrets wiped. */
void ike_engine_free(struct ike_engine *e);

/*
 * Takes @cfg, which must stay valid until replaced and ike_engine_next_action() has returned false. Gateways and tunnels that did
 * not change keep their SAs; changed or removed ones are closed with a Delete; new ones start. 0 or -ENOMEM (nothing changed).
 */
int ike_engine_configure(struct ike_engine *e, vd_time now, const struct ike_config *cfg);

/* A datagram from the network: untrusted, of any length; the buffer is the caller's again on return. */
void ike_engine_datagram(struct ike_engine *e, vd_time now, const struct ike_path *path,
			 const uint8_t *data, size_t len);

enum ike_verb { IKE_UP, IKE_DOWN, IKE_REKEY_CHILD, IKE_REKEY_IKE };

/*
 * An administrator's order for a gateway (@tunnel NULL: all of its tunnels) or one tunnel.
 * 0, -ENOENT (no such name), -ENOTCONN (rekey of what is not up), -EALREADY. Progress comes as events.
 */
int ike_engine_command(struct ike_engine *e, vd_time now, enum ike_verb verb,
		       const char *gateway, const char *tunnel);

/* ---- events from the kernel module (daemon/kernel.c makes them from netlink) ---- */

enum ike_kernel_event_kind {
	IKE_KERNEL_ACQUIRE,	/* a packet waits on tunnel/child */
	IKE_KERNEL_EXPIRE,	/* SA tunnel/child/inbound/spi: soft or hard */
	IKE_KERNEL_SA_GONE,	/* deleted, not by us */
	IKE_KERNEL_MAPPING,	/* the peer's endpoint moved */
};

struct ike_kernel_event {
	enum ike_kernel_event_kind kind;
	char			tunnel[16];
	uint32_t		child;
	bool			inbound;
	uint32_t		spi;		/* host order */
	bool			hard;
	struct ike_ts		trigger_local;	/* ACQUIRE: the packet, family NONE if unknown */
	struct ike_ts		trigger_remote;
	struct vd_endpoint	remote;		/* MAPPING: the new one */
};
void ike_engine_kernel_event(struct ike_engine *e, vd_time now, const struct ike_kernel_event *ev);

/* ---- actions ---- */

enum ike_action_kind {
	/* no result */
	IKE_ACT_SEND,
	IKE_ACT_KEEPALIVE,	/* one octet 0xff on path */
	IKE_ACT_EVENT,
	IKE_ACT_CHILD_SET,	/* create or replace a child in the kernel */
	IKE_ACT_CHILD_DEL,
	IKE_ACT_SA_DEL,
	IKE_ACT_SA_UPDATE,	/* new endpoints: MOBIKE, NAT mapping */
	/* with a result: ike_engine_complete(token) */
	IKE_ACT_DH_GENERATE,
	IKE_ACT_DH_DERIVE,
	IKE_ACT_PSK_SIGN,
	IKE_ACT_PSK_VERIFY,
	IKE_ACT_SPI_ALLOC,
	IKE_ACT_SA_ADD,
	IKE_ACT_SA_QUERY,
	IKE_ACT_ROUTE,		/* our address towards path.remote, when none is configured */
};

struct ike_sa_id {		/* an ESP or AH SA in the kernel */
	char			tunnel[16];
	uint32_t		child;
	bool			inbound;
	uint32_t		spi;		/* host order */
};

struct ike_sa_params {
	struct ike_sa_id	id;
	struct ike_suite	suite;
	struct vd_endpoint	local;		/* ports count only with @encap */
	struct vd_endpoint	remote;
	bool			encap;		/* UDP encapsulation (RFC 3948) */
	struct vd_key		encr_key;	/* with the salt behind it */
	struct vd_key		integ_key;
	uint32_t		replay_window;
	vd_time			soft, hard;	/* ms, 0: none */
	uint64_t		soft_bytes, hard_bytes;
	uint64_t		soft_packets, hard_packets;
};

/* What to authenticate with a gateway's PSK (RFC 7296, 2.15): AUTH = prf(prf(psk, "Key Pad for IKEv2"), octets). */
struct ike_psk_request {
	char			gateway[IKE_NAME_MAX];
	struct ike_id		local_id;
	struct ike_id		remote_id;
	enum ike_prf		prf;
	struct vd_secret	octets;		/* message | nonce | prf(SK_p, ID) */
	uint8_t			auth[IKE_PRF_MAX];	/* PSK_VERIFY: what the peer sent */
	uint8_t			auth_len;
};

enum ike_event_kind {
	IKE_EVENT_GATEWAY_CONNECTING,
	IKE_EVENT_GATEWAY_UP,		/* IKE SA authenticated */
	IKE_EVENT_GATEWAY_REKEYED,
	IKE_EVENT_GATEWAY_DOWN,		/* @cause says why */
	IKE_EVENT_TUNNEL_UP,		/* with its selectors: routes may be set */
	IKE_EVENT_TUNNEL_REKEYED,
	IKE_EVENT_TUNNEL_DOWN,
	IKE_EVENT_FAILED,		/* an attempt failed, @cause says why; told once per attempt */
	IKE_EVENT_NAT,			/* NAT found: @nat_local, @nat_remote */
	IKE_EVENT_STEP,			/* for `monitor`: one line of the negotiation, @step */
};

enum ike_step {			/* what was just sent or received, IKE_EVENT_STEP */
	IKE_STEP_SA_INIT_SENT, IKE_STEP_SA_INIT_RECEIVED,
	IKE_STEP_AUTH_SENT, IKE_STEP_AUTH_RECEIVED,
	IKE_STEP_CREATE_CHILD_SENT, IKE_STEP_CREATE_CHILD_RECEIVED,
	IKE_STEP_INFORMATIONAL_SENT, IKE_STEP_INFORMATIONAL_RECEIVED,
	IKE_STEP_COOKIE_SENT, IKE_STEP_COOKIE_RECEIVED,
	IKE_STEP_RETRANSMIT,
};

struct ike_event {
	enum ike_event_kind	kind;
	enum ike_step		step;
	bool			request;	/* STEP: a request, else a response */
	char			gateway[IKE_NAME_MAX];
	char			tunnel[16];	/* "" for the gateway's own */
	struct vd_endpoint	local, remote;
	struct ike_suite	suite;		/* UP, REKEYED */
	uint32_t		spi_in, spi_out;	/* TUNNEL_* */
	struct ike_ts_list	local_ts, remote_ts;	/* TUNNEL_UP, _REKEYED */
	bool			nat_local, nat_remote;
	bool			has_cause;
	struct ike_cause	cause;
};

struct ike_action {
	enum ike_action_kind	kind;
	uint64_t		token;		/* 0 for actions without a result */
	struct ike_path		path;		/* SEND, KEEPALIVE; ROUTE: remote.addr */
	struct vd_secret	data;		/* SEND: the datagram; DH_DERIVE: our private value */
	enum ike_dh		group;		/* DH_* */
	struct vd_secret	peer_public;	/* DH_DERIVE */
	struct ike_psk_request	psk;		/* PSK_* */
	struct ike_sa_params	sa;		/* SA_*; SPI_ALLOC: id.tunnel, id.child, local, remote, suite.protocol */
	struct ike_ts_list	local_ts, remote_ts;	/* CHILD_SET */
	bool			on_demand;	/* CHILD_SET */
	struct ike_event	event;		/* EVENT */
};

/*
 * Takes the oldest action. False if there is none. The action belongs to the caller, who ends it
 * by ike_action_clear() (which wipes and frees what it holds).
 */
bool ike_engine_next_action(struct ike_engine *e, struct ike_action *out);
void ike_action_clear(struct ike_action *a);

/* The result of an action with a token. Only the fields of its kind are read; secrets are copied. */
struct ike_result {
	int			error;		/* 0 or a negative errno */
	const uint8_t		*data;		/* DH_GENERATE: public value; DH_DERIVE: shared secret; PSK_SIGN: AUTH */
	size_t			len;
	const uint8_t		*priv;		/* DH_GENERATE: the private value, opaque, given back in DH_DERIVE */
	size_t			priv_len;
	uint32_t		spi;		/* SPI_ALLOC, host order */
	vd_time			idle;		/* SA_QUERY: since the last packet received */
	struct vd_addr		local;		/* ROUTE: the source address the route gives */
	const char		*text;		/* what the kernel said (extack), or NULL */
};
/*
 * Errors: PSK_VERIFY -EACCES (does not match), PSK_* -ENOENT (no PSK), DH_DERIVE -EBADMSG (bad public value), ROUTE any
 * (no way there). NAT detection hashes our own address (RFC 7296, 2.23), so it must be known before the first message goes out.
 */
void ike_engine_complete(struct ike_engine *e, vd_time now, uint64_t token, const struct ike_result *r);

/* Does what is due. Calling early is harmless. */
void ike_engine_tick(struct ike_engine *e, vd_time now);
/* When ike_engine_tick() is to be called next; VD_NEVER: not before another input. */
vd_time ike_engine_deadline(const struct ike_engine *e);

/* ---- looking in ---- */

enum ike_gateway_state {
	IKE_GATEWAY_IDLE,		/* waits for traffic, the peer, or an administrator */
	IKE_GATEWAY_CONNECTING,
	IKE_GATEWAY_UP,
	IKE_GATEWAY_RETRY_WAIT,		/* failed, tries again at @next_try */
};

enum ike_tunnel_state {
	IKE_TUNNEL_IDLE,
	IKE_TUNNEL_CONNECTING,
	IKE_TUNNEL_UP,
	IKE_TUNNEL_REKEYING,
	IKE_TUNNEL_RETRY_WAIT,
};

/* What a connecting object waits for; "stuck connecting" says it (DG-06). */
enum ike_waits_for {
	IKE_WAITS_NOTHING,
	IKE_WAITS_SA_INIT_RESPONSE, IKE_WAITS_AUTH_RESPONSE, IKE_WAITS_AUTH_REQUEST,
	IKE_WAITS_CREATE_CHILD_RESPONSE, IKE_WAITS_INFORMATIONAL_RESPONSE,
	IKE_WAITS_DH, IKE_WAITS_KEYS, IKE_WAITS_KERNEL,
};

struct ike_gateway_status {
	const struct ike_gateway_conf *conf;
	enum ike_gateway_state	state;
	enum ike_waits_for	waits_for;
	uint8_t			tries;			/* sends of the request that waits */
	bool			initiator;
	uint64_t		spi_i, spi_r;
	struct ike_path		path;
	struct ike_suite	suite;
	struct ike_id		remote_id;		/* as authenticated */
	bool			nat_local, nat_remote;
	vd_time			since;			/* of the state */
	vd_time			rekey_at, expires_at;	/* VD_NEVER: none */
	vd_time			next_try;		/* RETRY_WAIT */
	uint32_t		sas;			/* IKE SAs, more than one around a rekey */
	const struct ike_cause	*last_failure;		/* NULL: none since start */
};

struct ike_tunnel_status {
	const struct ike_gateway_conf *gateway;
	const struct ike_tunnel_conf *conf;
	enum ike_tunnel_state	state;
	uint32_t		child;			/* id in the kernel */
	uint32_t		spi_in, spi_out;	/* host order, 0 if not up */
	uint32_t		sas;			/* child SA pairs, more than one around a rekey */
	struct ike_suite	suite;
	bool			encap;
	struct ike_ts_list	local_ts, remote_ts;
	vd_time			since;
	vd_time			rekey_at, expires_at;
	const struct ike_cause	*last_failure;
};

/* Call back for each; pointers are valid during the call only. A non-zero return ends the walk and is returned. */
int ike_engine_each_gateway(const struct ike_engine *e,
			    int (*fn)(const struct ike_gateway_status *s, void *arg), void *arg);
int ike_engine_each_tunnel(const struct ike_engine *e, const char *gateway,
			   int (*fn)(const struct ike_tunnel_status *s, void *arg), void *arg);

/* Datagrams not accepted, by reason; `show` and metrics read them. */
enum ike_drop {
	IKE_DROP_TRUNCATED, IKE_DROP_LENGTH, IKE_DROP_VERSION, IKE_DROP_FLAGS, IKE_DROP_EXCHANGE,
	IKE_DROP_UNKNOWN_SPI, IKE_DROP_NO_GATEWAY, IKE_DROP_SYNTAX, IKE_DROP_INTEGRITY, IKE_DROP_MESSAGE_ID,
	IKE_DROP_RETRANSMIT, IKE_DROP_HALF_OPEN, IKE_DROP_COOKIE, IKE_DROP_UNEXPECTED, IKE_DROP_NO_MEMORY,
	IKE_DROP_MAX
};
struct ike_counters {
	uint64_t	received, sent, retransmitted;
	uint64_t	drops[IKE_DROP_MAX];
};
const struct ike_counters *ike_engine_counters(const struct ike_engine *e);
const char *ike_drop_name(enum ike_drop d);

#endif
