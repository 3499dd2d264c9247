/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the IKE core is configured with: plain values, no secrets, each with the
 * place in the configuration it came from, so that a failure can name the line.
 *
 * conf/ builds a struct ike_config; the engine takes it whole (all or nothing)
 * and keeps it until the next one. Immutable once the engine has it.
 */
#ifndef IKE_CONFIG_H
#define IKE_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/time.h"
#include "ike/id.h"
#include "ike/proposal.h"
#include "ike/ts.h"

#define IKE_NAME_MAX	32	/* gateway names, with the terminator; a tunnel's is its interface (IFNAMSIZ 16) */

/* A place in the configuration. @file belongs to the config; line 0: not set there (a default). */
struct ike_pos {
	const char	*file;
	uint32_t	line;
	uint32_t	column;
};

enum ike_start {
	IKE_START_ALWAYS,	/* negotiate at once, retry until up (P2-11) */
	IKE_START_ON_TRAFFIC,	/* when a packet waits (P2-10) */
	IKE_START_RESPOND,	/* wait for the peer */
};

enum ike_dpd_action {
	IKE_DPD_RESTART,
	IKE_DPD_CLEAR,
	IKE_DPD_ON_TRAFFIC,
};

enum ike_nat_mode {
	IKE_NAT_AUTO,
	IKE_NAT_FORCE,		/* UDP encapsulation even without a NAT */
};

enum ike_auth_kind {
	IKE_AUTH_PSK,
	IKE_AUTH_CERT,
};

struct ike_tunnel_conf {
	char			name[16];	/* the interface */
	enum ike_protocol	protocol;	/* ESP or AH */
	struct ike_proposal_list proposals;	/* with the PFS groups as DH transforms */
	struct ike_ts_list	local_ts;
	struct ike_ts_list	remote_ts;
	enum ike_start		start;
	vd_time			lifetime;	/* hard, ms; soft is 90 % of it less jitter */
	uint64_t		lifetime_bytes;	/* 0: none */
	uint64_t		lifetime_packets;
	uint32_t		replay_window;
	/* where */
	struct ike_pos		pos;		/* the block's first line */
	struct ike_pos		pos_proposals;
	struct ike_pos		pos_pfs;
	struct ike_pos		pos_local_ts;
	struct ike_pos		pos_remote_ts;
	struct ike_pos		pos_lifetime;
};

struct ike_gateway_conf {
	char			name[IKE_NAME_MAX];
	uint8_t			version;	/* 1 or 2 */
	struct vd_addr		remote;		/* NONE: any address */
	uint16_t		remote_port;	/* 500 */
	struct vd_addr		local;		/* NONE: what the route gives */
	struct ike_id		local_id;	/* NONE: the local address */
	struct ike_id		remote_id;	/* NONE: any that has the PSK and matches @remote */
	enum ike_auth_kind	auth;
	struct ike_proposal_list proposals;
	vd_time			lifetime;	/* IKE SA, ms; rekeyed at 90 % less jitter */
	vd_time			dpd;		/* idle time until a liveness check, ms; 0: off */
	enum ike_dpd_action	dpd_action;
	vd_time			keepalive;	/* NAT keep-alive interval, ms */
	enum ike_nat_mode	nat;
	vd_time			retry;		/* between attempts of start = always, ms */
	bool			allow_legacy;
	uint16_t		n_tunnels;
	struct ike_tunnel_conf	*tunnels;
	/* where */
	struct ike_pos		pos;
	struct ike_pos		pos_version;
	struct ike_pos		pos_remote;
	struct ike_pos		pos_local;
	struct ike_pos		pos_local_id;
	struct ike_pos		pos_remote_id;
	struct ike_pos		pos_auth;	/* secret-file, cert */
	struct ike_pos		pos_proposals;
};

struct ike_config {
	uint16_t		n_gateways;
	struct ike_gateway_conf	*gateways;
};

#endif
