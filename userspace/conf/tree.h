/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The configuration as written: blocks, entries, values, each with its place. Made by the
 * grammar, read by build.c. All of it lives in one arena and is freed at once.
 */
#ifndef VD_CONF_TREE_H
#define VD_CONF_TREE_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conf/conf.h"

struct conf_value {
	const char		*text;
	struct ike_pos		pos;		/* of the text itself, behind a quote */
	struct conf_value	*next;
};

struct conf_values {
	struct conf_value	*first, *last;
	uint32_t		n;
};

struct conf_entry {
	const char		*key;		/* NULL: a bare list, as in `addresses` */
	struct ike_pos		pos;
	struct conf_values	values;		/* n = 0: nothing behind the = */
	struct conf_entry	*next;
	bool			seen;		/* build.c: belongs to a known key */
};

struct conf_block {
	struct conf_value	kind;		/* "gateway" … not checked by the grammar */
	struct conf_value	name;
	struct conf_entry	*entries;
	struct conf_block	*next;
	uint32_t		index;		/* build.c: among the gateways */
	uint32_t		stamp;		/* types_net.c: the expansion it is part of already */
	bool			busy;		/* types_net.c: being expanded */
};

struct conf_head {
	struct conf_value	kind, name;
};

struct conf_entries {
	struct conf_entry	*first, *last;
};

struct conf_chunk;

/* One parse: the tree, its memory, the errors, and where the include files come from. */
struct conf_parse {
	struct conf_chunk	*chunks;
	bool			no_memory;
	bool			broken;		/* a block does not end: what follows would mislead */
	struct conf_block	*blocks, **tail;
	struct vd_conf_errors	*errors;
	struct vd_conf_errors	*warnings;
	/* include files */
	struct vd_conf_texts	*texts;
	vd_conf_loader		load;
	void			*load_arg;
	int			load_error;
	struct vd_conf		*conf;		/* collects the file names */
	size_t			names_cap;
	unsigned int		depth;
	uint32_t		stamp;		/* of the last expansion of a group */
	/* the file being read */
	const char		*file;
	struct conf_value	open_kind;	/* the block being read, text NULL: none */
	struct conf_value	open_name;
	struct conf_value	last, before;	/* the last two words read, for messages */
	jmp_buf			fatal;		/* where the lexer goes without memory */
	bool			line_counts;	/* lexer: a line's end is a token; not behind `{`, `}`, `,` or another one */
};

/* Zeroed memory until conf_parse_free(), or NULL with no_memory set. */
void *conf_alloc(struct conf_parse *p, size_t n);
/* A terminated copy of @n octets. */
char *conf_copy(struct conf_parse *p, const char *text, size_t n);
void conf_parse_free(struct conf_parse *p);

/* Adds an error. @expected and @nearest may be NULL. */
void conf_error(struct conf_parse *p, struct ike_pos pos, const char *expected, const char *nearest,
		const char *fmt, ...) __attribute__((format(printf, 5, 6)));
void conf_warn(struct conf_parse *p, struct ike_pos pos, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* The same with a command that mends it. */
void conf_error_fix(struct conf_parse *p, struct ike_pos pos, const char *fix, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* Puts a list in the order of the files and lines. NULL is fine. */
void conf_errors_sort(struct vd_conf_errors *list, const struct vd_conf *c);

/* Parses texts[@index] and what it includes into the tree. Errors are collected; -ENOMEM is returned. */
int conf_parse_text(struct conf_parse *p, size_t index);
/* @path as seen from the folder of @from, in the arena. */
const char *conf_resolve(struct conf_parse *p, const char *from, const char *path);

/* ---- called by the grammar ---- */

void conf_tree_open(struct conf_parse *p, const struct conf_head *head);
void conf_tree_block(struct conf_parse *p, const struct conf_head *head, struct conf_entry *entries);
/* `include PATTERN`, the only statement that is no block. */
void conf_tree_statement(struct conf_parse *p, const struct conf_head *head);
struct conf_entry *conf_tree_entry(struct conf_parse *p, const struct conf_value *key,
				   const struct conf_values *values);
struct conf_entries conf_tree_append(struct conf_entries list, struct conf_entry *e);
struct conf_values conf_tree_value(struct conf_parse *p, const struct conf_values *list,
				   const struct conf_value *v);
/* A syntax error that is really a missing `}`: says so and returns true. */
bool conf_tree_unclosed(struct conf_parse *p, struct ike_pos at, bool at_end);

#endif
