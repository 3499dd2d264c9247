/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of keys and the types of their values. A row says where its value goes;
 * a type parses and compares. Everything else about a key (errors, defaults, the
 * manual, the difference at a reload) follows from its row.
 */
#ifndef VD_CONF_SCHEMA_H
#define VD_CONF_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conf/tree.h"

enum conf_kind { CONF_GATEWAY, CONF_TUNNEL };

/* The structures a row's value can be in. */
enum conf_base { CONF_IKE, CONF_VD };

struct conf_key;

struct conf_word {
	const char	*name;		/* NULL: the end */
	uint32_t	value;
	const char	*refused;	/* NULL: fine; else why this version does not take it */
};

/* Parsed names, sorted, for references. */
struct conf_names {
	size_t			n;
	struct conf_block	**sorted;
};
struct conf_block *conf_names_find(const struct conf_names *names, const char *name);
const char *conf_names_nearest(const struct conf_names *names, const char *name);

/* What a value is parsed for. */
struct conf_ctx {
	struct conf_parse	*p;
	const struct conf_names	*groups;	/* `addresses` blocks */
	const struct conf_key	*key;
	bool			allow_legacy;
};

struct conf_type {
	const char	*name;		/* for the manual */
	bool		list;
	/* True with *@dest set, or false with the error reported and @dest unchanged. */
	bool (*parse)(struct conf_ctx *c, const struct conf_values *v, void *dest);
	bool (*equal)(const void *a, const void *b, size_t size);
};

struct conf_key {
	enum conf_kind		kind;
	const char		*name;
	const struct conf_type	*type;		/* NULL: this version refuses the key, @doc says what it is */
	enum conf_base		base;
	uint16_t		off, size;
	enum conf_base		pos_base;
	int32_t			pos_off;	/* -1: its place is not kept */
	const char		*def;		/* NULL: nothing is stored */
	bool			required;
	const struct conf_word	*words;		/* instead of, or beside, a number or an address */
	uint64_t		min, max;	/* numbers; durations in ms */
	const char		*doc;
};

extern const struct conf_key conf_keys[];
extern const size_t conf_n_keys;

/* The row of a key, NULL if there is none. */
const struct conf_key *conf_key_find(enum conf_kind kind, const char *name);
/* "off or 1s to 1h", for messages and the manual. */
void conf_key_values(const struct conf_key *k, char *buf, size_t cap);

/* Where the value of @k is in the structures of one gateway or tunnel. */
static inline void *conf_field(const struct conf_key *k, void *ike, void *vd)
{
	return (char *)(k->base == CONF_IKE ? ike : vd) + k->off;
}

/* types.c, types_net.c, types_ike.c */
extern const struct conf_type conf_type_word, conf_type_bool, conf_type_number, conf_type_size,
	conf_type_duration, conf_type_path, conf_type_ref;
extern const struct conf_type conf_type_address, conf_type_prefixes, conf_type_routes, conf_type_selectors;
extern const struct conf_type conf_type_id, conf_type_ike_proposals, conf_type_esp_proposals, conf_type_pfs;

/* Checks one address of an `addresses` block: reported if neither address nor group. */
void conf_check_group_member(struct conf_ctx *c, const struct conf_value *v);
/* Writes @v into the field of @size octets (0, 1, 2, 4, 8) at @dest. */
void conf_store(void *dest, size_t size, uint64_t v);
/* A duration as one writes it: "90m". */
void conf_duration_text(uint64_t ms, char *buf, size_t cap);

#endif
