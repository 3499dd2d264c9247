/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the netlink_*.c files share. Nobody else includes this.
 *
 *   netlink.c         the family, its operations; tunnel, socket, statistics
 *   netlink_policy.c  which attributes each request may carry
 *   netlink_child.c   children and their selectors
 *   netlink_sa.c      SPI_ALLOC, SA_*
 *   netlink_event.c   the multicast group
 *
 * A handler reads attributes into a plain struct and checks them, then calls the object's
 * function, which judges and commits under the tunnel's lock. An error names the attribute.
 */
#ifndef _VIADUCT_NETLINK_MSG_H
#define _VIADUCT_NETLINK_MSG_H

#include <net/genetlink.h>

#include "netdev.h"
#include "netlink.h"
#include "sa.h"

/* Every attribute set with a tunnel in it numbers the interface index alike. */
#define VDT_A_IFINDEX	VIADUCT_A_TUNNEL_IFINDEX

extern struct genl_family vdt_genl_family;
/* False while the family goes: no events any more. */
extern bool vdt_genl_on;

extern const struct nla_policy vdt_ifindex_policy[VDT_A_IFINDEX + 1];
extern const struct nla_policy vdt_tunnel_get_policy[VIADUCT_A_TUNNEL_MAX + 1];
extern const struct nla_policy vdt_tunnel_set_policy[VIADUCT_A_TUNNEL_MAX + 1];
extern const struct nla_policy vdt_ts_policy[VIADUCT_A_TS_MAX + 1];
extern const struct nla_policy vdt_child_new_policy[VIADUCT_A_CHILD_MAX + 1];
extern const struct nla_policy vdt_child_id_policy[VIADUCT_A_CHILD_MAX + 1];
extern const struct nla_policy vdt_lifetime_policy[VIADUCT_A_LIFETIME_MAX + 1];
extern const struct nla_policy vdt_spi_alloc_policy[VIADUCT_A_SA_MAX + 1];
extern const struct nla_policy vdt_sa_new_policy[VIADUCT_A_SA_MAX + 1];
extern const struct nla_policy vdt_sa_update_policy[VIADUCT_A_SA_MAX + 1];
extern const struct nla_policy vdt_sa_id_policy[VIADUCT_A_SA_MAX + 1];
extern const struct nla_policy vdt_socket_policy[VIADUCT_A_SOCKET_MAX + 1];

/* 0 if the request carries @attr; else -EINVAL with @text (a literal). */
#define vdt_nl_require(info, attr, text) ({					\
	int __ret = 0;								\
										\
	if (!(info)->attrs[attr]) {						\
		NL_SET_ERR_ATTR_MISS((info)->extack, NULL, attr);		\
		NL_SET_ERR_MSG((info)->extack, text);				\
		__ret = -EINVAL;						\
	}									\
	__ret;									\
})

/* -EINVAL, @text (a literal), at @attr (struct nlattr *). */
#define vdt_nl_invalid(extack, attr, text) ({					\
	NL_SET_ERR_MSG_ATTR(extack, attr, text);				\
	-EINVAL;								\
})

/* The object's function failed: point at @attr unless it pointed somewhere itself. */
void vdt_nl_blame(struct genl_info *info, u16 attr);

/*
 * The tunnel a request names by its interface index, with a reference for vdt_tunnel_put();
 * or ERR_PTR with a text.
 */
struct vdt_tunnel *vdt_nl_tunnel(struct genl_info *info);

/* A reply to @info with room for @size octets of attributes; *@hdr for vdt_nl_reply(). */
struct sk_buff *vdt_nl_reply_new(struct genl_info *info, u8 cmd, size_t size, void **hdr);

/* Finish and send @msg if @err is 0, free it otherwise; the handler's result. */
int vdt_nl_reply(struct sk_buff *msg, void *hdr, struct genl_info *info, int err);

/*
 * Where a dump stands, in netlink_callback.ctx. The next object is the first one
 * not before (ifindex, child, dir, serial); all of them ascend, so deletions and additions in
 * between lose and repeat nothing that stays.
 */
struct vdt_nl_dump {
	unsigned long ifindex;
	u32 only;		/* interface index to show, 0: all */
	u32 child;
	u32 dir;		/* enum viaduct_dir, SAs only */
	bool unread;		/* the request's attributes are still to be read */
	u64 serial;		/* SAs only */
};

static inline struct vdt_nl_dump *vdt_nl_dump(struct netlink_callback *cb)
{
	BUILD_BUG_ON(sizeof(struct vdt_nl_dump) > sizeof(cb->ctx));
	return (struct vdt_nl_dump *)cb->ctx;
}

/* The .start of all dumps, which take VDT_A_IFINDEX as a filter and nothing else. */
int vdt_nl_dump_start(struct netlink_callback *cb);

/*
 * Call @one for each tunnel of the dump with its lock held; it shows what comes behind the
 * position and returns -EMSGSIZE when the message is full. The .dumpit of all dumps.
 */
int vdt_nl_dump_tunnels(struct sk_buff *skb, struct netlink_callback *cb,
			int (*one)(struct sk_buff *, struct netlink_callback *,
				   struct vdt_tunnel *));

/* The header of one object in a dump, marked if the dump is inconsistent. NULL: no room. */
void *vdt_nl_dump_put(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd);

/* An outer address. -EMSGSIZE. */
int vdt_nl_put_addr(struct sk_buff *msg, int attrtype, u8 family, const union vdt_addr *addr);

/* netlink_child.c */
int vdt_nl_child_new(struct sk_buff *skb, struct genl_info *info);
int vdt_nl_child_set(struct sk_buff *skb, struct genl_info *info);
int vdt_nl_child_get(struct sk_buff *skb, struct genl_info *info);
int vdt_nl_child_dump_start(struct netlink_callback *cb);
int vdt_nl_child_dump(struct sk_buff *skb, struct netlink_callback *cb);
int vdt_nl_child_del(struct sk_buff *skb, struct genl_info *info);

/* The selectors of one packet, for ACQUIRE_NTF. */
int vdt_nl_put_trigger(struct sk_buff *msg, const struct vdt_flow *flow);

/* netlink_sa.c */
int vdt_nl_spi_alloc(struct sk_buff *skb, struct genl_info *info);
int vdt_nl_sa_new(struct sk_buff *skb, struct genl_info *info);
int vdt_nl_sa_update(struct sk_buff *skb, struct genl_info *info);
int vdt_nl_sa_get(struct sk_buff *skb, struct genl_info *info);
int vdt_nl_sa_dump(struct sk_buff *skb, struct netlink_callback *cb);
int vdt_nl_sa_del(struct sk_buff *skb, struct genl_info *info);
int vdt_nl_sa_flush(struct sk_buff *skb, struct genl_info *info);

/* What names @sa, with its outer addresses. Any context. -EMSGSIZE. */
int vdt_nl_put_sa_id(struct sk_buff *msg, const struct vdt_sa *sa);

#endif /* _VIADUCT_NETLINK_MSG_H */
