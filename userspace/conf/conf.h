/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The configuration: texts in, one immutable value out, or a list of errors with
 * their places. All or nothing: a configuration with an error is no configuration.
 *
 * Reading files and parsing them are apart: the process with the right to read
 * fills a struct vd_conf_texts (vd_conf_read()), any other can parse the same
 * texts again (vd_conf_parse()) and gets the same value.
 *
 *	lexer.l, grammar.y   text → tree of blocks
 *	schema.c             the one table of keys: type, default, range, documentation
 *	check.c              what concerns more than one key
 *	diff.c               what a reload changes
 */
#ifndef VD_CONF_H
#define VD_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/addr.h"
#include "ike/config.h"

#define VD_CONF_DEFAULT_FILE	"/etc/viaduct/viaduct.conf"

/* ---- the value ---- */

struct vd_conf_prefix {
	struct vd_addr	addr;
	uint8_t		len;
};

struct vd_conf_prefixes {
	uint16_t		n;
	struct vd_conf_prefix	*p;
};

enum vd_conf_df {		/* DF of outer IPv4 */
	VD_CONF_DF_COPY,
	VD_CONF_DF_SET,
	VD_CONF_DF_CLEAR,
};

/* Perfect forward secrecy as written; the proposals have its groups as DH transforms already. */
struct vd_conf_pfs {
	bool			set;
	uint8_t			n;		/* 0 with @set: none */
	uint16_t		groups[8];	/* enum ike_dh */
};

enum vd_conf_esn {
	VD_CONF_ESN_PROPOSALS,	/* as the proposals say */
	VD_CONF_ESN_NO,
	VD_CONF_ESN_YES,
};

/* What the IKE core need not know of a tunnel. */
struct vd_conf_tunnel {
	struct vd_conf_pfs	pfs;
	enum vd_conf_esn	esn;
	struct vd_conf_prefixes	addresses;	/* on the interface; the host part counts */
	struct vd_conf_prefixes	routes;		/* into the interface, while the tunnel is up; masked */
	bool			add_route;	/* also for the negotiated remote selectors (not for whole families) */
	uint16_t		mtu;		/* 0: automatic */
	bool			dscp_set;	/* false: copied from the inner header */
	uint8_t			dscp;		/* 0..63, 255 without @dscp_set */
	enum vd_conf_df		df;
	uint8_t			ttl;		/* 0: the namespace's default */
	uint32_t		mark;		/* fwmark of outer packets and their route */
	uint32_t		queue;		/* packets that wait for an SA */
	bool			carrier_always;	/* true for start = on-traffic, else carrier follows the SA */
	struct ike_pos		pos_addresses;
	struct ike_pos		pos_routes;
};

struct vd_conf_gateway {
	char			*secret_file;	/* path, absolute if the configuration's file was given absolute */
	struct ike_pos		pos_secret_file;
	enum ike_start		start;		/* of its tunnels that say nothing else */
	struct vd_conf_tunnel	*tunnels;	/* [i] belongs to ike.gateways[].tunnels[i] */
};

struct vd_conf {
	struct ike_config	ike;		/* for ike_engine_configure() */
	struct vd_conf_gateway	*gateways;	/* [i] belongs to ike.gateways[i] */
	size_t			n_files;
	char			**files;	/* read, in order, the main one first; ike_pos.file points here */
};

/* NULL is fine. */
void vd_conf_free(struct vd_conf *c);
/* Index of a gateway by name, -1 if there is none. */
int vd_conf_gateway_index(const struct vd_conf *c, const char *name);
/* Finds a tunnel by name: indexes to @g and @t, or false. */
bool vd_conf_tunnel_index(const struct vd_conf *c, const char *name, size_t *g, size_t *t);

/* ---- errors ---- */

#define VD_CONF_ERRORS_MAX 20

/* Texts are UTF-8 without control characters, whatever the files hold. */
struct vd_conf_error {
	char		file[256];
	uint32_t	line;		/* 0: about the file as a whole */
	uint32_t	column;		/* octets, from 1 */
	char		message[256];	/* what is wrong: "unknown key `remte`" */
	char		expected[320];	/* what would be right: "an IPv4 or IPv6 address", "" */
	char		nearest[64];	/* the nearest known word, "" */
	char		fix[256];	/* a command to run, "" */
};

struct vd_conf_errors {
	uint32_t		n;
	uint32_t		total;	/* also those that did not fit */
	struct vd_conf_error	e[VD_CONF_ERRORS_MAX];
};

/* "hq.conf:9:5: unknown key `remte`, did you mean `remote`?", one line per error, as compilers write them. */
void vd_conf_error_print(FILE *out, const struct vd_conf_error *e);

/* ---- texts ---- */

#define VD_CONF_TEXT_MAX	(16u << 20)	/* octets of one file */
#define VD_CONF_TEXTS_MAX	4096		/* files */

struct vd_conf_text {
	char	*pattern;	/* the include that named it, as resolved; "" for the main file */
	char	*name;		/* its path */
	char	*data;		/* not terminated by its length only: data[len] is 0 */
	size_t	len;
};

struct vd_conf_texts {
	size_t			n;
	struct vd_conf_text	*t;
};

/* Copies one text in. 0, -ENOMEM, -E2BIG (too many or too long). */
int  vd_conf_texts_add(struct vd_conf_texts *texts, const char *pattern, const char *name,
		       const void *data, size_t len);
void vd_conf_texts_free(struct vd_conf_texts *texts);

/*
 * Called for an include whose files are not among @texts yet: adds them (none: fine for a pattern with
 * wildcards, an error for a plain name). @pattern is absolute if the main file's name is.
 * 0, or a negative errno that is reported at the include.
 */
typedef int (*vd_conf_loader)(void *arg, const char *pattern, struct vd_conf_texts *texts);

/*
 * Parses @texts, the first being the main file; includes not found there are asked from @load
 * (NULL: there are no more). 0 with *@out set; -EINVAL with *@errors filled; -ENOMEM.
 * *@warnings (may be NULL) gets what is allowed but unwise.
 */
int vd_conf_parse(struct vd_conf **out, struct vd_conf_texts *texts, vd_conf_loader load, void *arg,
		  struct vd_conf_errors *errors, struct vd_conf_errors *warnings);

/* Reads @path and all it includes from the file system into @texts (emptied first), then vd_conf_parse(). */
int vd_conf_read(struct vd_conf **out, const char *path, struct vd_conf_texts *texts,
		 struct vd_conf_errors *errors, struct vd_conf_errors *warnings);

/* ---- what a reload changes ---- */

enum vd_conf_op { VD_CONF_ADD, VD_CONF_REMOVE, VD_CONF_CHANGE };

#define VD_CONF_FIELDS_MAX 32

struct vd_conf_change {
	enum vd_conf_op	op;
	bool		is_tunnel;	/* else a gateway */
	char		name[IKE_NAME_MAX];
	char		gateway[IKE_NAME_MAX];	/* of a tunnel: the new one, REMOVE: the old one */
	uint8_t		n_fields;	/* CHANGE: keys whose values differ */
	const char	*fields[VD_CONF_FIELDS_MAX];	/* static texts */
};

struct vd_conf_changes {
	size_t			n;
	struct vd_conf_change	*c;
};

/*
 * From @old (NULL: nothing) to @new. Gateways first, then tunnels; removed ones before the others;
 * each in the order of the files. 0 or -ENOMEM.
 */
int  vd_conf_diff(const struct vd_conf *old, const struct vd_conf *new, struct vd_conf_changes *out);
void vd_conf_changes_free(struct vd_conf_changes *c);

/* ---- the schema, for the manual and for completion ---- */

struct vd_conf_key_doc {
	const char	*block;		/* "gateway", "tunnel" */
	const char	*key;
	const char	*type;		/* "duration", "address", "list of subnets" … */
	const char	*values;	/* range or words: "always | on-traffic | respond", "" */
	const char	*def;		/* as one would write it, "" for none */
	bool		required;
	bool		supported;	/* false: known, but refused by this version */
	const char	*doc;		/* a sentence or several */
};

/* Row @i of the schema; false past the end. @out->values is good until the next call. */
bool vd_conf_schema(size_t i, struct vd_conf_key_doc *out);
/* The keys' part of viaduct.conf(5), in scdoc's notation. */
void vd_conf_schema_scdoc(FILE *out);

#endif
