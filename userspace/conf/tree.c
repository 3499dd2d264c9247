// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The tree of a configuration: its memory, its growth under the grammar, its include files.
 */
#include "conf/tree.h"

#include <errno.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "conf/grammar.gen.h"
#include "conf/lexer.gen.h"

#define CHUNK_MIN	16384
#define INCLUDE_DEPTH	8

struct conf_chunk {
	struct conf_chunk	*next;
	size_t			used, cap;
	alignas(max_align_t) unsigned char data[];
};

/* ---- memory ---- */

void *conf_alloc(struct conf_parse *p, size_t n)
{
	struct conf_chunk *c = p->chunks;
	size_t align = alignof(max_align_t);
	void *at;

	n = (n + align - 1) / align * align;
	if (!c || c->cap - c->used < n) {
		size_t cap = n > CHUNK_MIN ? n : CHUNK_MIN;

		c = calloc(1, sizeof(*c) + cap);
		if (!c) {
			p->no_memory = true;
			return NULL;
		}
		c->cap = cap;
		c->next = p->chunks;
		p->chunks = c;
	}
	at = c->data + c->used;
	c->used += n;
	return at;
}

char *conf_copy(struct conf_parse *p, const char *text, size_t n)
{
	char *s = conf_alloc(p, n + 1);

	if (s)
		memcpy(s, text, n);
	return s;
}

void conf_parse_free(struct conf_parse *p)
{
	while (p->chunks) {
		struct conf_chunk *next = p->chunks->next;

		free(p->chunks);
		p->chunks = next;
	}
}

/* ---- growth ---- */

void conf_tree_open(struct conf_parse *p, const struct conf_head *head)
{
	p->open_kind = head->kind;
	p->open_name = head->name;
}

void conf_tree_block(struct conf_parse *p, const struct conf_head *head, struct conf_entry *entries)
{
	struct conf_block *b = conf_alloc(p, sizeof(*b));

	p->open_kind.text = NULL;
	if (!b)
		return;
	b->kind = head->kind;
	b->name = head->name;
	b->entries = entries;
	*p->tail = b;
	p->tail = &b->next;
}

struct conf_entry *conf_tree_entry(struct conf_parse *p, const struct conf_value *key,
				   const struct conf_values *values)
{
	struct conf_entry *e = conf_alloc(p, sizeof(*e));

	if (!e)
		return NULL;
	if (values)
		e->values = *values;
	e->key = key ? key->text : NULL;
	e->pos = key ? key->pos : e->values.first ? e->values.first->pos : (struct ike_pos){ 0 };
	return e;
}

struct conf_entries conf_tree_append(struct conf_entries list, struct conf_entry *e)
{
	if (!e)
		return list;
	if (list.last)
		list.last->next = e;
	else
		list.first = e;
	list.last = e;
	return list;
}

struct conf_values conf_tree_value(struct conf_parse *p, const struct conf_values *list,
				   const struct conf_value *v)
{
	struct conf_values l = list ? *list : (struct conf_values){ 0 };
	struct conf_value *copy = conf_alloc(p, sizeof(*copy));

	if (!copy)
		return l;
	*copy = *v;
	copy->next = NULL;
	if (l.last)
		l.last->next = copy;
	else
		l.first = copy;
	l.last = copy;
	l.n++;
	return l;
}

static bool is_kind(const char *word)
{
	return word && (!strcmp(word, "gateway") || !strcmp(word, "tunnel") || !strcmp(word, "addresses"));
}

bool conf_tree_unclosed(struct conf_parse *p, struct ike_pos at, bool at_end)
{
	if (p->broken)
		return true;
	if (!p->open_kind.text || (!at_end && !is_kind(p->before.text)))
		return false;
	conf_error(p, at_end ? at : p->before.pos, "`}`", NULL, "the block `%s %s`, begun in line %u, has no end",
		   p->open_kind.text, p->open_name.text, p->open_kind.pos.line);
	p->broken = true;
	return true;
}

/* ---- files ---- */

const char *conf_resolve(struct conf_parse *p, const char *from, const char *path)
{
	const char *slash = strrchr(from, '/');
	size_t dir = slash ? (size_t)(slash - from) + 1 : 0, len = strlen(path);
	char *s;

	if (path[0] == '/' || !dir)
		return conf_copy(p, path, len);
	s = conf_alloc(p, dir + len + 1);
	if (s) {
		memcpy(s, from, dir);
		memcpy(s + dir, path, len);
	}
	return s;
}

static bool was_read(const struct conf_parse *p, const char *name)
{
	for (size_t i = 0; i < p->conf->n_files; i++)
		if (!strcmp(p->conf->files[i], name))
			return true;
	return false;
}

/* The name as ike_pos.file keeps it: it lives as long as the configuration. */
static const char *add_name(struct conf_parse *p, const char *name)
{
	struct vd_conf *c = p->conf;
	char *copy = strdup(name);

	if (copy && c->n_files == p->names_cap) {
		size_t cap = p->names_cap ? 2 * p->names_cap : 16;
		char **files = realloc(c->files, cap * sizeof(*files));

		if (files) {
			c->files = files;
			p->names_cap = cap;
		} else {
			free(copy);
			copy = NULL;
		}
	}
	if (!copy) {
		p->no_memory = true;
		return NULL;
	}
	return c->files[c->n_files++] = copy;
}

/* Apart from scan(): what longjmp() leaves behind must be nobody's local variable. */
static void run(struct conf_parse *p, yyscan_t scanner, const char *data, size_t len)
{
	jmp_buf outer;

	memcpy(outer, p->fatal, sizeof(outer));
	if (!setjmp(p->fatal)) {
		yy_scan_bytes(data, (int)len, scanner);
		if (yyparse(scanner, p) == 2)
			p->no_memory = true;
	}
	memcpy(p->fatal, outer, sizeof(outer));
}

static void scan(struct conf_parse *p, const char *data, size_t len)
{
	static const unsigned char bom[] = { 0xef, 0xbb, 0xbf };
	yyscan_t scanner;

	if (len >= sizeof(bom) && !memcmp(data, bom, sizeof(bom))) {
		data += sizeof(bom);
		len -= sizeof(bom);
	}
	if (yylex_init_extra(p, &scanner)) {
		p->no_memory = true;
		return;
	}
	/* No yylex_destroy(): the scanner is in the arena. */
	run(p, scanner, data, len);
}

int conf_parse_text(struct conf_parse *p, size_t index)
{
	/* The array may move while includes are loaded, the texts do not. */
	struct vd_conf_text t = p->texts->t[index];
	const char *file = p->file;

	p->file = add_name(p, t.name);
	p->open_kind.text = NULL;
	p->line_counts = false;
	p->last = p->before = (struct conf_value){ 0 };
	if (p->file)
		scan(p, t.data, t.len);
	p->file = file;
	return p->no_memory ? -ENOMEM : 0;
}

static bool has_pattern(const struct conf_parse *p, const char *pattern)
{
	for (size_t i = 0; i < p->texts->n; i++)
		if (!strcmp(p->texts->t[i].pattern, pattern))
			return true;
	return false;
}

static void include_one(struct conf_parse *p, const struct conf_value *at, size_t index)
{
	const char *name = p->texts->t[index].name;
	bool counts = p->line_counts;
	struct conf_value last = p->last, before = p->before;

	if (was_read(p, name)) {
		conf_error(p, at->pos, NULL, NULL, "`%s` is included twice", name);
		return;
	}
	p->depth++;
	conf_parse_text(p, index);
	p->depth--;
	p->open_kind.text = NULL;
	p->line_counts = counts;
	p->last = last;
	p->before = before;
}

static void include(struct conf_parse *p, const struct conf_value *at)
{
	const char *pattern = conf_resolve(p, p->file, at->text);
	size_t n;
	int err = 0;

	if (!pattern)
		return;
	if (p->depth == INCLUDE_DEPTH) {
		conf_error(p, at->pos, NULL, NULL, "files include each other more than %d deep", INCLUDE_DEPTH);
		return;
	}
	if (!has_pattern(p, pattern) && p->load)
		err = p->load(p->load_arg, pattern, p->texts);
	if (err) {
		conf_error(p, at->pos, NULL, NULL, "cannot include `%s`: %s", pattern, strerror(-err));
		return;
	}
	if (!has_pattern(p, pattern) && !strpbrk(pattern, "*?[")) {
		conf_error(p, at->pos, "the name of a file, or a pattern", NULL, "no file `%s`", pattern);
		return;
	}
	n = p->texts->n;
	for (size_t i = 0; i < n && !p->no_memory; i++)
		if (!strcmp(p->texts->t[i].pattern, pattern))
			include_one(p, at, i);
}

void conf_tree_statement(struct conf_parse *p, const struct conf_head *head)
{
	static const char *const words[] = { "gateway", "tunnel", "addresses", "include" };
	struct vd_nearest near = { .typed = head->kind.text };
	struct ike_pos end = head->name.pos;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		vd_nearest_offer(&near, words[i]);
	if (!strcmp(head->kind.text, "include")) {
		include(p, &head->name);
		return;
	}
	end.column += (uint32_t)strlen(head->name.text);
	if (is_kind(head->kind.text))
		conf_error(p, end, "`{`", NULL, "`%s %s` has no block", head->kind.text, head->name.text);
	else
		conf_error(p, head->kind.pos, "`gateway NAME {`, `tunnel NAME {`, `addresses NAME {` or `include FILE`",
			   near.best, "unknown statement `%s`", head->kind.text);
}
