/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The attributes and commands of the netlink family "viaduct" as tables, for nl_viaduct.c:
 * which word on the command line and in the output is which attribute, and how its value reads.
 */
#ifndef NL_TABLES_H
#define NL_TABLES_H

#include <stddef.h>

#include <linux/viaduct.h>

enum type { U8, U16, U32, U64, BE16, SPI, HEX, ADDR, FLAG, STR, NAME, TS, NEST, DEV };

struct field {
	const char		*name;
	int			attr;
	enum type		type;
	const char *const	*names;		/* NAME: by value */
	const struct field	*nest;		/* NEST */
};

static const char *const carriers[] = { "sa", "always", NULL };
static const char *const dfs[] = { "copy", "set", "clear", NULL };
static const char *const dscps[] = { "copy", "set", NULL };
static const char *const dirs[] = { "?", "in", "out", NULL };
static const char *const modes[] = { "?", "tunnel", "transport", NULL };
static const char *const causes[] = { "?", "time", "bytes", "packets", "seq", NULL };
static const char *const events[] = { "?", "deleted", "icv", "replay", NULL };

#define DROP(name, id)	{ name, VIADUCT_DROP_##id, U64, NULL, NULL }
static const struct field drops[] = {
	DROP("tx-not-ip", TX_NOT_IP), DROP("tx-no-child", TX_NO_CHILD),
	DROP("tx-no-sa", TX_NO_SA), DROP("tx-queue-full", TX_QUEUE_FULL),
	DROP("tx-queue-purged", TX_QUEUE_PURGED), DROP("tx-sa-expired", TX_SA_EXPIRED),
	DROP("tx-seq-overflow", TX_SEQ_OVERFLOW), DROP("tx-no-route", TX_NO_ROUTE),
	DROP("tx-loop", TX_LOOP), DROP("tx-too-big", TX_TOO_BIG),
	DROP("tx-no-memory", TX_NO_MEMORY), DROP("tx-crypto", TX_CRYPTO), DROP("tx-ttl", TX_TTL),
	DROP("rx-truncated", RX_TRUNCATED), DROP("rx-no-sa", RX_NO_SA),
	DROP("rx-encap", RX_ENCAP), DROP("rx-sa-expired", RX_SA_EXPIRED),
	DROP("rx-replay", RX_REPLAY), DROP("rx-late", RX_LATE), DROP("rx-icv", RX_ICV),
	DROP("rx-padding", RX_PADDING), DROP("rx-next-header", RX_NEXT_HEADER),
	DROP("rx-dummy", RX_DUMMY), DROP("rx-inner-header", RX_INNER_HEADER),
	DROP("rx-selector", RX_SELECTOR), DROP("rx-ecn", RX_ECN),
	DROP("rx-no-memory", RX_NO_MEMORY), DROP("rx-crypto", RX_CRYPTO),
	DROP("rx-backlog", RX_BACKLOG), DROP("rx-down", RX_DOWN),
	{ NULL, 0, U8, NULL, NULL },
};

static const struct field stats[] = {
	{ "tx-packets", VIADUCT_A_STATS_TX_PACKETS, U64, NULL, NULL },
	{ "tx-bytes", VIADUCT_A_STATS_TX_BYTES, U64, NULL, NULL },
	{ "rx-packets", VIADUCT_A_STATS_RX_PACKETS, U64, NULL, NULL },
	{ "rx-bytes", VIADUCT_A_STATS_RX_BYTES, U64, NULL, NULL },
	{ "drops", VIADUCT_A_STATS_DROPS, NEST, NULL, drops },
	{ NULL, 0, U8, NULL, NULL },
};

static const struct field lifetime[] = {
	{ "seconds", VIADUCT_A_LIFETIME_SECONDS, U64, NULL, NULL },
	{ "bytes", VIADUCT_A_LIFETIME_BYTES, U64, NULL, NULL },
	{ "packets", VIADUCT_A_LIFETIME_PACKETS, U64, NULL, NULL },
	{ NULL, 0, U8, NULL, NULL },
};

static const struct field tunnel[] = {
	{ "dev", VIADUCT_A_TUNNEL_IFINDEX, DEV, NULL, NULL },
	{ "ifindex", VIADUCT_A_TUNNEL_IFINDEX, U32, NULL, NULL },
	{ "name", VIADUCT_A_TUNNEL_IFNAME, STR, NULL, NULL },
	{ "carrier", VIADUCT_A_TUNNEL_CARRIER, NAME, carriers, NULL },
	{ "queue-len", VIADUCT_A_TUNNEL_QUEUE_LEN, U32, NULL, NULL },
	{ "df", VIADUCT_A_TUNNEL_DF, NAME, dfs, NULL },
	{ "dscp", VIADUCT_A_TUNNEL_DSCP, NAME, dscps, NULL },
	{ "dscp-value", VIADUCT_A_TUNNEL_DSCP_VALUE, U8, NULL, NULL },
	{ "ttl", VIADUCT_A_TUNNEL_TTL, U8, NULL, NULL },
	{ "mark", VIADUCT_A_TUNNEL_MARK, U32, NULL, NULL },
	{ "mtu-auto", VIADUCT_A_TUNNEL_MTU_AUTO, U8, NULL, NULL },
	{ "children", VIADUCT_A_TUNNEL_CHILDREN, U32, NULL, NULL },
	{ "sas", VIADUCT_A_TUNNEL_SAS, U32, NULL, NULL },
	{ "stats", VIADUCT_A_TUNNEL_STATS, NEST, NULL, stats },
	{ NULL, 0, U8, NULL, NULL },
};

static const struct field child[] = {
	{ "dev", VIADUCT_A_CHILD_IFINDEX, DEV, NULL, NULL },
	{ "ifindex", VIADUCT_A_CHILD_IFINDEX, U32, NULL, NULL },
	{ "child", VIADUCT_A_CHILD_ID, U32, NULL, NULL },
	{ "local", VIADUCT_A_CHILD_LOCAL_TS, TS, NULL, NULL },
	{ "remote", VIADUCT_A_CHILD_REMOTE_TS, TS, NULL, NULL },
	{ "on-demand", VIADUCT_A_CHILD_ON_DEMAND, FLAG, NULL, NULL },
	{ "out-spi", VIADUCT_A_CHILD_OUT_SPI, SPI, NULL, NULL },
	{ "queued", VIADUCT_A_CHILD_QUEUED, U32, NULL, NULL },
	{ "trigger-local", VIADUCT_A_CHILD_TRIGGER_LOCAL, TS, NULL, NULL },
	{ "trigger-remote", VIADUCT_A_CHILD_TRIGGER_REMOTE, TS, NULL, NULL },
	{ NULL, 0, U8, NULL, NULL },
};

static const struct field sa[] = {
	{ "dev", VIADUCT_A_SA_IFINDEX, DEV, NULL, NULL },
	{ "ifindex", VIADUCT_A_SA_IFINDEX, U32, NULL, NULL },
	{ "child", VIADUCT_A_SA_CHILD, U32, NULL, NULL },
	{ "dir", VIADUCT_A_SA_DIR, NAME, dirs, NULL },
	{ "spi", VIADUCT_A_SA_SPI, SPI, NULL, NULL },
	{ "proto", VIADUCT_A_SA_PROTO, U8, NULL, NULL },
	{ "mode", VIADUCT_A_SA_MODE, NAME, modes, NULL },
	{ "local-addr", VIADUCT_A_SA_LOCAL, ADDR, NULL, NULL },
	{ "remote-addr", VIADUCT_A_SA_REMOTE, ADDR, NULL, NULL },
	{ "local-port", VIADUCT_A_SA_LOCAL_PORT, BE16, NULL, NULL },
	{ "remote-port", VIADUCT_A_SA_REMOTE_PORT, BE16, NULL, NULL },
	{ "encr", VIADUCT_A_SA_ENCR, U16, NULL, NULL },
	{ "encr-key", VIADUCT_A_SA_ENCR_KEY, HEX, NULL, NULL },
	{ "integ", VIADUCT_A_SA_INTEG, U16, NULL, NULL },
	{ "integ-key", VIADUCT_A_SA_INTEG_KEY, HEX, NULL, NULL },
	{ "esn", VIADUCT_A_SA_ESN, FLAG, NULL, NULL },
	{ "replay-window", VIADUCT_A_SA_REPLAY_WINDOW, U32, NULL, NULL },
	{ "seq", VIADUCT_A_SA_SEQ, U64, NULL, NULL },
	{ "soft", VIADUCT_A_SA_SOFT, NEST, NULL, lifetime },
	{ "hard", VIADUCT_A_SA_HARD, NEST, NULL, lifetime },
	{ "current", VIADUCT_A_SA_CURRENT, FLAG, NULL, NULL },
	{ "driver", VIADUCT_A_SA_ENCR_DRIVER, STR, NULL, NULL },
	{ "stats", VIADUCT_A_SA_STATS, NEST, NULL, stats },
	{ "age", VIADUCT_A_SA_AGE, U64, NULL, NULL },
	{ "idle", VIADUCT_A_SA_IDLE, U64, NULL, NULL },
	{ "larval-timeout", VIADUCT_A_SA_LARVAL_TIMEOUT, U32, NULL, NULL },
	{ "spi-min", VIADUCT_A_SA_SPI_MIN, U32, NULL, NULL },
	{ "spi-max", VIADUCT_A_SA_SPI_MAX, U32, NULL, NULL },
	{ "event", VIADUCT_A_SA_EVENT, NAME, events, NULL },
	{ "expire-hard", VIADUCT_A_SA_EXPIRE_HARD, U8, NULL, NULL },
	{ "expire-cause", VIADUCT_A_SA_EXPIRE_CAUSE, NAME, causes, NULL },
	{ "new-remote", VIADUCT_A_SA_NEW_REMOTE, ADDR, NULL, NULL },
	{ "new-remote-port", VIADUCT_A_SA_NEW_REMOTE_PORT, BE16, NULL, NULL },
	{ NULL, 0, U8, NULL, NULL },
};

static const struct field sock[] = {
	{ "fd", VIADUCT_A_SOCKET_FD, U32, NULL, NULL },
	{ NULL, 0, U8, NULL, NULL },
};

/* A command dumps unless it is given the keyword that names one object. */
static const struct command {
	const char		*name;
	int			cmd;
	const struct field	*set;
	const char		*one;
} commands[] = {
	{ "tunnel-get", VIADUCT_CMD_TUNNEL_GET, tunnel, "dev ifindex name" },
	{ "tunnel-set", VIADUCT_CMD_TUNNEL_SET, tunnel, NULL },
	{ "child-new", VIADUCT_CMD_CHILD_NEW, child, NULL },
	{ "child-set", VIADUCT_CMD_CHILD_SET, child, NULL },
	{ "child-get", VIADUCT_CMD_CHILD_GET, child, "child" },
	{ "child-del", VIADUCT_CMD_CHILD_DEL, child, NULL },
	{ "spi-alloc", VIADUCT_CMD_SPI_ALLOC, sa, NULL },
	{ "sa-new", VIADUCT_CMD_SA_NEW, sa, NULL },
	{ "sa-update", VIADUCT_CMD_SA_UPDATE, sa, NULL },
	{ "sa-get", VIADUCT_CMD_SA_GET, sa, "spi" },
	{ "sa-del", VIADUCT_CMD_SA_DEL, sa, NULL },
	{ "sa-flush", VIADUCT_CMD_SA_FLUSH, sa, NULL },
	{ "socket-attach", VIADUCT_CMD_SOCKET_ATTACH, sock, NULL },
	{ "socket-detach", VIADUCT_CMD_SOCKET_DETACH, sock, NULL },
	{ "stats-get", VIADUCT_CMD_STATS_GET, stats, NULL },
	{ "acquire", VIADUCT_CMD_ACQUIRE_NTF, child, NULL },
	{ "expire", VIADUCT_CMD_EXPIRE_NTF, sa, NULL },
	{ "sa", VIADUCT_CMD_SA_NTF, sa, NULL },
	{ "mapping", VIADUCT_CMD_MAPPING_NTF, sa, NULL },
};

#endif
