/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the tree of blocks to the value: what build.c and check.c share.
 */
#ifndef VD_CONF_BUILD_H
#define VD_CONF_BUILD_H

#include "conf/schema.h"

/* A gateway or tunnel being built. */
struct conf_item {
	struct conf_block	*block;
	bool			ok;		/* no error in it: cross-checks make sense */
	uint16_t		gateway;	/* index; of a tunnel: the one it belongs to */
	uint16_t		tunnel;		/* index within its gateway */
};

struct conf_build {
	struct conf_parse	*p;
	struct vd_conf		*conf;
	struct conf_names	gateways, tunnels, groups;
	size_t			n_gateways, n_tunnels;
	struct conf_item	*gateway_items;	/* in the order of the files */
	struct conf_item	*tunnel_items;
};

struct conf_entry *conf_find_entry(const struct conf_block *b, const char *key);
/* The place of @key's value in @b, or of the block's name if the key is not there. */
struct ike_pos conf_value_pos(const struct conf_block *b, const char *key);
/* Says that @block lacks @key, unless an unknown key there is @key mistyped. */
void conf_report_missing(struct conf_build *b, enum conf_kind kind, const struct conf_block *block, const char *key);

/* The keys `pfs` and `esn` act on the proposals. False with the error reported. */
bool conf_apply_pfs_and_esn(struct conf_build *b, const struct conf_item *item,
			    struct ike_tunnel_conf *ike, const struct vd_conf_tunnel *vd);

/* What concerns more than one key of a gateway or a tunnel, or more than one of them. */
void conf_check_gateway(struct conf_build *b, const struct conf_item *item);
void conf_check_tunnel(struct conf_build *b, const struct conf_item *item);
void conf_check_all(struct conf_build *b);

#endif
