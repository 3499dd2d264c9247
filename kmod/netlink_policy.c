// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which attributes each request may carry, and their ranges. What is not listed is refused
 * by the core, with the attribute's offset. scripts/check-netlink-spec compares this file
 * with the uapi header and Documentation/netlink/specs/viaduct.yaml.
 */
#include <linux/in.h>

#include "netlink_msg.h"

/* Not const: 6.1's struct nla_policy points to a writable one. */
static struct netlink_range_validation ifindex_range = { .min = 1, .max = S32_MAX };
static struct netlink_range_validation nonzero_range = { .min = 1, .max = U32_MAX };
static struct netlink_range_validation spi_range = { .min = 256, .max = U32_MAX };
static struct netlink_range_validation window_range = { .max = VIADUCT_REPLAY_MAX };
static struct netlink_range_validation larval_range = { .min = 100, .max = 3600000 };
static struct netlink_range_validation seconds_range = { .max = U32_MAX };

#define IFINDEX	NLA_POLICY_FULL_RANGE(NLA_U32, &ifindex_range)
#define ADDRESS	NLA_POLICY_RANGE(NLA_BINARY, 4, 16)
#define KEY	{ .type = NLA_BINARY, .len = VIADUCT_KEY_MAX }
#define SPI	NLA_POLICY_MIN(NLA_BE32, 256)
#define SPI_HOST NLA_POLICY_FULL_RANGE(NLA_U32, &spi_range)
#define DIR	NLA_POLICY_RANGE(NLA_U8, VIADUCT_DIR_IN, VIADUCT_DIR_OUT)
#define PROTO	NLA_POLICY_RANGE(NLA_U8, IPPROTO_ESP, IPPROTO_AH)
#define PORT	NLA_POLICY_MIN(NLA_BE16, 1)

/* All dumps, and SA_FLUSH. */
const struct nla_policy vdt_ifindex_policy[VDT_A_IFINDEX + 1] = {
	[VDT_A_IFINDEX]			= IFINDEX,
};

const struct nla_policy vdt_tunnel_get_policy[VIADUCT_A_TUNNEL_MAX + 1] = {
	[VIADUCT_A_TUNNEL_IFINDEX]	= IFINDEX,
	[VIADUCT_A_TUNNEL_IFNAME]	= { .type = NLA_NUL_STRING, .len = IFNAMSIZ - 1 },
};

const struct nla_policy vdt_tunnel_set_policy[VIADUCT_A_TUNNEL_MAX + 1] = {
	[VIADUCT_A_TUNNEL_IFINDEX]	= IFINDEX,
	[VIADUCT_A_TUNNEL_IFNAME]	= { .type = NLA_NUL_STRING, .len = IFNAMSIZ - 1 },
	[VIADUCT_A_TUNNEL_CARRIER]	= NLA_POLICY_MAX(NLA_U8, VIADUCT_CARRIER_ALWAYS),
	[VIADUCT_A_TUNNEL_QUEUE_LEN]	= NLA_POLICY_MAX(NLA_U32, VIADUCT_QUEUE_MAX),
	[VIADUCT_A_TUNNEL_DF]		= NLA_POLICY_MAX(NLA_U8, VIADUCT_DF_CLEAR),
	[VIADUCT_A_TUNNEL_DSCP]		= NLA_POLICY_MAX(NLA_U8, VIADUCT_DSCP_SET),
	[VIADUCT_A_TUNNEL_DSCP_VALUE]	= NLA_POLICY_MAX(NLA_U8, 63),
	[VIADUCT_A_TUNNEL_TTL]		= { .type = NLA_U8 },
	[VIADUCT_A_TUNNEL_MARK]		= { .type = NLA_U32 },
	[VIADUCT_A_TUNNEL_MTU_AUTO]	= NLA_POLICY_MAX(NLA_U8, 1),
};

const struct nla_policy vdt_ts_policy[VIADUCT_A_TS_MAX + 1] = {
	[VIADUCT_A_TS_START]		= ADDRESS,
	[VIADUCT_A_TS_END]		= ADDRESS,
	[VIADUCT_A_TS_PROTO]		= { .type = NLA_U8 },
	[VIADUCT_A_TS_PORT_START]	= { .type = NLA_U16 },
	[VIADUCT_A_TS_PORT_END]		= { .type = NLA_U16 },
};

const struct nla_policy vdt_child_new_policy[VIADUCT_A_CHILD_MAX + 1] = {
	[VIADUCT_A_CHILD_IFINDEX]	= IFINDEX,
	[VIADUCT_A_CHILD_ID]		= NLA_POLICY_FULL_RANGE(NLA_U32, &nonzero_range),
	[VIADUCT_A_CHILD_LOCAL_TS]	= NLA_POLICY_NESTED(vdt_ts_policy),
	[VIADUCT_A_CHILD_REMOTE_TS]	= NLA_POLICY_NESTED(vdt_ts_policy),
	[VIADUCT_A_CHILD_ON_DEMAND]	= { .type = NLA_FLAG },
};

const struct nla_policy vdt_child_id_policy[VIADUCT_A_CHILD_MAX + 1] = {
	[VIADUCT_A_CHILD_IFINDEX]	= IFINDEX,
	[VIADUCT_A_CHILD_ID]		= NLA_POLICY_FULL_RANGE(NLA_U32, &nonzero_range),
};

const struct nla_policy vdt_lifetime_policy[VIADUCT_A_LIFETIME_MAX + 1] = {
	[VIADUCT_A_LIFETIME_SECONDS]	= NLA_POLICY_FULL_RANGE(NLA_U64, &seconds_range),
	[VIADUCT_A_LIFETIME_BYTES]	= { .type = NLA_U64 },
	[VIADUCT_A_LIFETIME_PACKETS]	= { .type = NLA_U64 },
};

const struct nla_policy vdt_spi_alloc_policy[VIADUCT_A_SA_MAX + 1] = {
	[VIADUCT_A_SA_IFINDEX]		= IFINDEX,
	[VIADUCT_A_SA_PROTO]		= PROTO,
	[VIADUCT_A_SA_LOCAL]		= ADDRESS,
	[VIADUCT_A_SA_LARVAL_TIMEOUT]	= NLA_POLICY_FULL_RANGE(NLA_U32, &larval_range),
	[VIADUCT_A_SA_SPI_MIN]		= SPI_HOST,
	[VIADUCT_A_SA_SPI_MAX]		= SPI_HOST,
};

const struct nla_policy vdt_sa_new_policy[VIADUCT_A_SA_MAX + 1] = {
	[VIADUCT_A_SA_IFINDEX]		= IFINDEX,
	[VIADUCT_A_SA_CHILD]		= { .type = NLA_U32 },
	[VIADUCT_A_SA_DIR]		= DIR,
	[VIADUCT_A_SA_SPI]		= SPI,
	[VIADUCT_A_SA_PROTO]		= PROTO,
	[VIADUCT_A_SA_MODE]		= NLA_POLICY_RANGE(NLA_U8, VIADUCT_MODE_TUNNEL,
							   VIADUCT_MODE_TRANSPORT),
	[VIADUCT_A_SA_LOCAL]		= ADDRESS,
	[VIADUCT_A_SA_REMOTE]		= ADDRESS,
	[VIADUCT_A_SA_LOCAL_PORT]	= PORT,
	[VIADUCT_A_SA_REMOTE_PORT]	= PORT,
	[VIADUCT_A_SA_ENCR]		= { .type = NLA_U16 },
	[VIADUCT_A_SA_ENCR_KEY]		= KEY,
	[VIADUCT_A_SA_INTEG]		= { .type = NLA_U16 },
	[VIADUCT_A_SA_INTEG_KEY]	= KEY,
	[VIADUCT_A_SA_ESN]		= { .type = NLA_FLAG },
	[VIADUCT_A_SA_REPLAY_WINDOW]	= NLA_POLICY_FULL_RANGE(NLA_U32, &window_range),
	[VIADUCT_A_SA_SEQ]		= { .type = NLA_U64 },
	[VIADUCT_A_SA_SOFT]		= NLA_POLICY_NESTED(vdt_lifetime_policy),
	[VIADUCT_A_SA_HARD]		= NLA_POLICY_NESTED(vdt_lifetime_policy),
};

const struct nla_policy vdt_sa_update_policy[VIADUCT_A_SA_MAX + 1] = {
	[VIADUCT_A_SA_IFINDEX]		= IFINDEX,
	[VIADUCT_A_SA_CHILD]		= { .type = NLA_U32 },
	[VIADUCT_A_SA_DIR]		= DIR,
	[VIADUCT_A_SA_SPI]		= SPI,
	[VIADUCT_A_SA_LOCAL]		= ADDRESS,
	[VIADUCT_A_SA_REMOTE]		= ADDRESS,
	[VIADUCT_A_SA_LOCAL_PORT]	= PORT,
	[VIADUCT_A_SA_REMOTE_PORT]	= PORT,
	[VIADUCT_A_SA_SOFT]		= NLA_POLICY_NESTED(vdt_lifetime_policy),
	[VIADUCT_A_SA_HARD]		= NLA_POLICY_NESTED(vdt_lifetime_policy),
};

const struct nla_policy vdt_sa_id_policy[VIADUCT_A_SA_MAX + 1] = {
	[VIADUCT_A_SA_IFINDEX]		= IFINDEX,
	[VIADUCT_A_SA_CHILD]		= { .type = NLA_U32 },
	[VIADUCT_A_SA_DIR]		= DIR,
	[VIADUCT_A_SA_SPI]		= SPI,
};

const struct nla_policy vdt_socket_policy[VIADUCT_A_SOCKET_MAX + 1] = {
	[VIADUCT_A_SOCKET_FD]		= { .type = NLA_U32 },
};
