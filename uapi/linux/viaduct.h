/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note OR MIT */
/*
 * viaduct: route-based IPsec. The generic netlink family "viaduct".
 *
 * The one contract between viaduct.ko and whoever programs it. It is described
 * for tools in Documentation/netlink/specs/viaduct.yaml; a test compares that
 * file, this header and the module's policies.
 *
 * Objects. A tunnel is a network device of link kind "viaduct". A tunnel has
 * children: a pair of traffic-selector lists and the SAs that carry what they
 * select. An SA belongs to one child and has one direction.
 *
 * Identity. A tunnel: its ifindex in the sender's network namespace. A child:
 * (ifindex, id), the id chosen by the creator and never 0. An SA: (ifindex,
 * child, direction, SPI). Besides, an inbound SA is unique in its network
 * namespace by (SPI, local address, protocol), which is how packets find it.
 *
 * Every command needs CAP_NET_ADMIN over the network namespace. Errors are a
 * negative errno with an extack text and the offset of the attribute at fault;
 * a command that fails changes nothing.
 */
#ifndef _UAPI_LINUX_VIADUCT_H
#define _UAPI_LINUX_VIADUCT_H

#define VIADUCT_FAMILY_NAME	"viaduct"
#define VIADUCT_FAMILY_VERSION	1
#define VIADUCT_MCGRP_EVENTS	"events"

#define VIADUCT_KEY_MAX		132	/* AES-256 + salt, or HMAC-SHA2-512 and room */
#define VIADUCT_TS_MAX		255	/* selectors in one list of a child (RFC 7296, 3.13) */
#define VIADUCT_REPLAY_MIN	32	/* packets (RFC 4303, 3.4.3) */
#define VIADUCT_REPLAY_DEFAULT	64
#define VIADUCT_REPLAY_MAX	65536
#define VIADUCT_QUEUE_MAX	4096	/* packets waiting for an SA, per child */

enum viaduct_cmd {
	VIADUCT_CMD_UNSPEC,
	VIADUCT_CMD_TUNNEL_GET,		/* do, dump */
	VIADUCT_CMD_TUNNEL_SET,
	VIADUCT_CMD_CHILD_NEW,
	VIADUCT_CMD_CHILD_SET,		/* replace all that CHILD_NEW sets */
	VIADUCT_CMD_CHILD_GET,		/* do, dump */
	VIADUCT_CMD_CHILD_DEL,		/* with its SAs */
	VIADUCT_CMD_SPI_ALLOC,		/* reserve an inbound SPI (larval SA) */
	VIADUCT_CMD_SA_NEW,
	VIADUCT_CMD_SA_UPDATE,		/* addresses, ports, lifetimes */
	VIADUCT_CMD_SA_GET,		/* do, dump */
	VIADUCT_CMD_SA_DEL,
	VIADUCT_CMD_SA_FLUSH,		/* of a tunnel, or of the namespace */
	VIADUCT_CMD_SOCKET_ATTACH,	/* take ESP from a UDP socket (RFC 3948) */
	VIADUCT_CMD_SOCKET_DETACH,
	VIADUCT_CMD_STATS_GET,		/* what no tunnel can be charged with */

	/* notifications, group "events" */
	VIADUCT_CMD_ACQUIRE_NTF,	/* a packet waits for an SA */
	VIADUCT_CMD_EXPIRE_NTF,		/* a lifetime was reached, or a larval SA timed out */
	VIADUCT_CMD_SA_NTF,		/* deleted by the kernel, or too many bad packets */
	VIADUCT_CMD_MAPPING_NTF,	/* the peer's address or port moved (NAT) */

	__VIADUCT_CMD_MAX,
	VIADUCT_CMD_MAX = __VIADUCT_CMD_MAX - 1
};

/* Tunnel: TUNNEL_GET, TUNNEL_SET */
enum viaduct_tunnel_attr {
	VIADUCT_A_TUNNEL_UNSPEC,
	VIADUCT_A_TUNNEL_IFINDEX,	/* u32 */
	VIADUCT_A_TUNNEL_IFNAME,	/* string, alternative to the index in requests */
	VIADUCT_A_TUNNEL_CARRIER,	/* u8, enum viaduct_carrier */
	VIADUCT_A_TUNNEL_QUEUE_LEN,	/* u32, packets per child that wait for an SA */
	VIADUCT_A_TUNNEL_DF,		/* u8, enum viaduct_df: outer IPv4 DF */
	VIADUCT_A_TUNNEL_DSCP,		/* u8, enum viaduct_dscp */
	VIADUCT_A_TUNNEL_DSCP_VALUE,	/* u8, 0..63, for VIADUCT_DSCP_SET */
	VIADUCT_A_TUNNEL_TTL,		/* u8, outer TTL, 0: the default of the namespace */
	VIADUCT_A_TUNNEL_MARK,		/* u32, fwmark of outer packets and their route */
	VIADUCT_A_TUNNEL_MTU_AUTO,	/* u8, 1: the device MTU follows path and transforms */
	VIADUCT_A_TUNNEL_CHILDREN,	/* u32, read only */
	VIADUCT_A_TUNNEL_SAS,		/* u32, read only */
	VIADUCT_A_TUNNEL_STATS,		/* nest, enum viaduct_stats_attr, read only */
	VIADUCT_A_TUNNEL_PAD,

	__VIADUCT_A_TUNNEL_MAX,
	VIADUCT_A_TUNNEL_MAX = __VIADUCT_A_TUNNEL_MAX - 1
};

enum viaduct_carrier {
	VIADUCT_CARRIER_SA,		/* up while a usable outbound SA exists */
	VIADUCT_CARRIER_ALWAYS,		/* up always: on-demand tunnels */
};

enum viaduct_df {
	VIADUCT_DF_COPY,		/* inner IPv4 DF; set for IPv6 */
	VIADUCT_DF_SET,
	VIADUCT_DF_CLEAR,
};

enum viaduct_dscp {
	VIADUCT_DSCP_COPY,
	VIADUCT_DSCP_SET,
};

/*
 * Traffic selector (RFC 4301, 4.4.1.2; RFC 7296, 3.13.1). A range each. Ports need a
 * protocol; 65535 to 0 is OPAQUE: packets that show no port, such as later fragments.
 */
enum viaduct_ts_attr {
	VIADUCT_A_TS_UNSPEC,
	VIADUCT_A_TS_START,		/* binary, 4 or 16 octets: the family */
	VIADUCT_A_TS_END,		/* binary, the same length, not below START */
	VIADUCT_A_TS_PROTO,		/* u8, 0: any */
	VIADUCT_A_TS_PORT_START,	/* u16 host order; ICMP: type << 8 | code; MH: type << 8 */
	VIADUCT_A_TS_PORT_END,		/* u16 host order; both absent: 0..65535 */

	__VIADUCT_A_TS_MAX,
	VIADUCT_A_TS_MAX = __VIADUCT_A_TS_MAX - 1
};

/* Child: CHILD_*, ACQUIRE_NTF */
enum viaduct_child_attr {
	VIADUCT_A_CHILD_UNSPEC,
	VIADUCT_A_CHILD_IFINDEX,	/* u32 */
	VIADUCT_A_CHILD_ID,		/* u32, not 0 */
	VIADUCT_A_CHILD_LOCAL_TS,	/* nest, enum viaduct_ts_attr, repeated */
	VIADUCT_A_CHILD_REMOTE_TS,	/* nest, enum viaduct_ts_attr, repeated */
	VIADUCT_A_CHILD_ON_DEMAND,	/* flag: a packet without an SA sends ACQUIRE and waits */
	VIADUCT_A_CHILD_OUT_SPI,	/* u32 BE, the current outbound SA, read only */
	VIADUCT_A_CHILD_QUEUED,		/* u32, packets waiting, read only */
	VIADUCT_A_CHILD_TRIGGER_LOCAL,	/* nest ts: the packet that asked, ACQUIRE only */
	VIADUCT_A_CHILD_TRIGGER_REMOTE,	/* nest ts */

	__VIADUCT_A_CHILD_MAX,
	VIADUCT_A_CHILD_MAX = __VIADUCT_A_CHILD_MAX - 1
};

enum viaduct_dir {
	VIADUCT_DIR_IN = 1,
	VIADUCT_DIR_OUT,
};

enum viaduct_mode {
	VIADUCT_MODE_TUNNEL = 1,
	VIADUCT_MODE_TRANSPORT,
};

/* SA: SPI_ALLOC, SA_*, EXPIRE_NTF, SA_NTF, MAPPING_NTF */
enum viaduct_sa_attr {
	VIADUCT_A_SA_UNSPEC,
	VIADUCT_A_SA_IFINDEX,		/* u32 */
	VIADUCT_A_SA_CHILD,		/* u32, a child's id; absent or 0: a larval SA */
	VIADUCT_A_SA_DIR,		/* u8, enum viaduct_dir */
	VIADUCT_A_SA_SPI,		/* u32 BE, not below 256 */
	VIADUCT_A_SA_PROTO,		/* u8, IPPROTO_ESP (the default) or IPPROTO_AH */
	VIADUCT_A_SA_MODE,		/* u8, enum viaduct_mode, default tunnel */
	VIADUCT_A_SA_LOCAL,		/* binary, 4 or 16 octets: our outer address */
	VIADUCT_A_SA_REMOTE,		/* binary, the same length: the peer's outer address */
	VIADUCT_A_SA_LOCAL_PORT,	/* u16 BE; both ports: UDP encapsulation */
	VIADUCT_A_SA_REMOTE_PORT,	/* u16 BE */
	VIADUCT_A_SA_ENCR,		/* u16, IKEv2 transform ID, type 1 (IANA) */
	VIADUCT_A_SA_ENCR_KEY,		/* binary, key with the salt behind it; write only */
	VIADUCT_A_SA_INTEG,		/* u16, IKEv2 transform ID, type 3; absent with an AEAD */
	VIADUCT_A_SA_INTEG_KEY,		/* binary; write only */
	VIADUCT_A_SA_ESN,		/* flag: 64-bit sequence numbers (RFC 4303, 2.2.1) */
	VIADUCT_A_SA_REPLAY_WINDOW,	/* u32, packets, 0: off, or 32..65536; inbound */
	VIADUCT_A_SA_SEQ,		/* u64: out: last sent; in: highest accepted */
	VIADUCT_A_SA_SOFT,		/* nest, enum viaduct_lifetime_attr */
	VIADUCT_A_SA_HARD,		/* nest, enum viaduct_lifetime_attr */
	VIADUCT_A_SA_CURRENT,		/* flag, read only: the child sends with this one */
	VIADUCT_A_SA_ENCR_DRIVER,	/* string, read only: the crypto driver in use */
	VIADUCT_A_SA_STATS,		/* nest, enum viaduct_stats_attr, read only */
	VIADUCT_A_SA_AGE,		/* u64, ms since creation, read only */
	VIADUCT_A_SA_IDLE,		/* u64, ms since the last good packet, read only */
	VIADUCT_A_SA_LARVAL_TIMEOUT,	/* u32, ms; SPI_ALLOC, default 30000 */
	VIADUCT_A_SA_SPI_MIN,		/* u32 host order; SPI_ALLOC, default 0x100 */
	VIADUCT_A_SA_SPI_MAX,		/* u32 host order; SPI_ALLOC, default 0xffffffff */
	VIADUCT_A_SA_EVENT,		/* u8, enum viaduct_sa_event; SA_NTF */
	VIADUCT_A_SA_EXPIRE_HARD,	/* u8, 0: soft, 1: hard; EXPIRE_NTF */
	VIADUCT_A_SA_EXPIRE_CAUSE,	/* u8, enum viaduct_expire; EXPIRE_NTF */
	VIADUCT_A_SA_NEW_REMOTE,	/* binary; MAPPING_NTF */
	VIADUCT_A_SA_NEW_REMOTE_PORT,	/* u16 BE; MAPPING_NTF */
	VIADUCT_A_SA_PAD,

	__VIADUCT_A_SA_MAX,
	VIADUCT_A_SA_MAX = __VIADUCT_A_SA_MAX - 1
};

enum viaduct_lifetime_attr {
	VIADUCT_A_LIFETIME_UNSPEC,
	VIADUCT_A_LIFETIME_SECONDS,	/* u64 since the SA was added; 0 or absent: no limit */
	VIADUCT_A_LIFETIME_BYTES,	/* u64, inner octets */
	VIADUCT_A_LIFETIME_PACKETS,	/* u64 */
	VIADUCT_A_LIFETIME_PAD,

	__VIADUCT_A_LIFETIME_MAX,
	VIADUCT_A_LIFETIME_MAX = __VIADUCT_A_LIFETIME_MAX - 1
};

enum viaduct_expire {
	VIADUCT_EXPIRE_TIME = 1,
	VIADUCT_EXPIRE_BYTES,
	VIADUCT_EXPIRE_PACKETS,
	VIADUCT_EXPIRE_SEQ,		/* the sequence number space ends */
};

enum viaduct_sa_event {
	VIADUCT_SA_EVENT_DELETED = 1,	/* with its tunnel or child, or on command */
	VIADUCT_SA_EVENT_ICV,		/* integrity failures over the threshold */
	VIADUCT_SA_EVENT_REPLAY,	/* replays over the threshold */
};

/* Socket: SOCKET_ATTACH, SOCKET_DETACH */
enum viaduct_socket_attr {
	VIADUCT_A_SOCKET_UNSPEC,
	VIADUCT_A_SOCKET_FD,		/* u32, a bound UDP socket of the sender */

	__VIADUCT_A_SOCKET_MAX,
	VIADUCT_A_SOCKET_MAX = __VIADUCT_A_SOCKET_MAX - 1
};

/*
 * Statistics of a tunnel, an SA, or (STATS_GET) the namespace. Every packet that
 * is not delivered counts in exactly one reason.
 */
enum viaduct_stats_attr {
	VIADUCT_A_STATS_UNSPEC,
	VIADUCT_A_STATS_TX_PACKETS,	/* u64, sent as ESP */
	VIADUCT_A_STATS_TX_BYTES,	/* u64, inner octets */
	VIADUCT_A_STATS_RX_PACKETS,	/* u64, delivered */
	VIADUCT_A_STATS_RX_BYTES,	/* u64, inner octets */
	VIADUCT_A_STATS_DROPS,		/* nest, enum viaduct_drop: u64 each, zeros left out */
	VIADUCT_A_STATS_PAD,

	__VIADUCT_A_STATS_MAX,
	VIADUCT_A_STATS_MAX = __VIADUCT_A_STATS_MAX - 1
};

/* Why a packet was dropped. Also the attribute types inside VIADUCT_A_STATS_DROPS. */
enum viaduct_drop {
	VIADUCT_DROP_UNSPEC,
	/* transmit */
	VIADUCT_DROP_TX_NOT_IP,		/* neither IPv4 nor IPv6, or a malformed header */
	VIADUCT_DROP_TX_NO_CHILD,	/* no child's selectors match */
	VIADUCT_DROP_TX_NO_SA,		/* no SA, and the child is not on demand */
	VIADUCT_DROP_TX_QUEUE_FULL,	/* waiting for an SA, the oldest was dropped */
	VIADUCT_DROP_TX_QUEUE_PURGED,	/* waited in vain: negotiation failed or device down */
	VIADUCT_DROP_TX_SA_EXPIRED,	/* hard lifetime reached */
	VIADUCT_DROP_TX_SEQ_OVERFLOW,	/* sequence numbers used up (RFC 4303, 3.3.3) */
	VIADUCT_DROP_TX_NO_ROUTE,	/* no route to the peer */
	VIADUCT_DROP_TX_LOOP,		/* the outer route leads into the tunnel */
	VIADUCT_DROP_TX_TOO_BIG,	/* over the path MTU, the sender was told */
	VIADUCT_DROP_TX_NO_MEMORY,
	VIADUCT_DROP_TX_CRYPTO,		/* the cipher reported an error */
	VIADUCT_DROP_TX_TTL,		/* inner TTL or hop limit used up */
	/* receive */
	VIADUCT_DROP_RX_TRUNCATED,	/* shorter than its own header says */
	VIADUCT_DROP_RX_NO_SA,		/* unknown SPI */
	VIADUCT_DROP_RX_ENCAP,		/* UDP encapsulation and SA disagree */
	VIADUCT_DROP_RX_SA_EXPIRED,
	VIADUCT_DROP_RX_REPLAY,		/* seen already */
	VIADUCT_DROP_RX_LATE,		/* left of the replay window */
	VIADUCT_DROP_RX_ICV,		/* integrity check failed */
	VIADUCT_DROP_RX_PADDING,	/* pad length or contents (RFC 4303, 2.4) */
	VIADUCT_DROP_RX_NEXT_HEADER,	/* not what the mode carries */
	VIADUCT_DROP_RX_DUMMY,		/* next header 59, dropped as meant (RFC 4303, 2.6) */
	VIADUCT_DROP_RX_INNER_HEADER,	/* malformed inner IP header */
	VIADUCT_DROP_RX_SELECTOR,	/* inner packet outside the child's selectors */
	VIADUCT_DROP_RX_ECN,		/* RFC 6040: CE on a not-ECT packet */
	VIADUCT_DROP_RX_NO_MEMORY,
	VIADUCT_DROP_RX_CRYPTO,		/* the cipher reported another error */
	VIADUCT_DROP_RX_BACKLOG,	/* more packets than the receiver could take */
	VIADUCT_DROP_RX_DOWN,		/* the tunnel device is down */

	__VIADUCT_DROP_MAX,
	VIADUCT_DROP_MAX = __VIADUCT_DROP_MAX - 1
};

#endif /* _UAPI_LINUX_VIADUCT_H */
