/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The configuration's shape. Blocks, entries, lists; which words mean something is
 * the schema's business. A line in error is skipped and the rest still read, so that
 * one run shows all there is to mend.
 *
 * The lexer gives a NEWLINE only where one can end something: not behind `{`, `}`, `,` or another NEWLINE.
 */
%code requires {
#include "conf/tree.h"
}

%define api.pure full
%define parse.error custom
%locations
%param { void *scanner }
%parse-param { struct conf_parse *p }
%expect 0

%union {
	struct conf_value	value;
	struct conf_values	values;
	struct conf_entry	*entry;
	struct conf_entries	entries;
	struct conf_head	head;
}

%token END 0 "the end of the file"
%token NEWLINE "the end of the line"
%token <value> WORD "a word"
%token <value> STRING "a quoted text"
%token '{' "`{`" '}' "`}`" '=' "`=`" ',' "`,`"

%type <value> value
%type <values> values
%type <entry> entry
%type <entries> body
%type <head> head line open

%code {
#include <stdio.h>
#include <string.h>

#include "conf/lexer.gen.h"

static void yyerror(const YYLTYPE *loc, void *scanner, struct conf_parse *p, const char *msg);
}

%%

file:
	items
|	items head			{ conf_tree_statement(p, &$2); }
;

items:
	%empty
|	items line			{ conf_tree_statement(p, &$2); }
|	items block
|	items error NEWLINE		{ yyerrok; }
;

head:
	WORD value			{ $$.kind = $1; $$.name = $2; }
;

line:
	head NEWLINE
;

open:
	head '{'			{ $$ = $1; conf_tree_open(p, &$1); }
|	line '{'			{ $$ = $1; conf_tree_open(p, &$1); }
;

block:
	open body '}'			{ conf_tree_block(p, &$1, $2.first); }
|	open body entry '}'		{ conf_tree_block(p, &$1, conf_tree_append($2, $3).first); }
;

body:
	%empty				{ $$.first = $$.last = NULL; }
|	body entry NEWLINE		{ $$ = conf_tree_append($1, $2); }
|	body error NEWLINE		{ $$ = $1; yyerrok; }
;

entry:
	WORD '=' values			{ $$ = conf_tree_entry(p, &$1, &$3); }
|	WORD '='			{ $$ = conf_tree_entry(p, &$1, NULL); }
|	values				{ $$ = conf_tree_entry(p, NULL, &$1); }
;

values:
	value				{ $$ = conf_tree_value(p, NULL, &$1); }
|	values ',' value		{ $$ = conf_tree_value(p, &$1, &$3); }
;

value:
	WORD
|	STRING
;

%%

/* Bison's own troubles: memory, and nothing else since syntax errors go the other way. */
static void yyerror(const YYLTYPE *loc, void *scanner, struct conf_parse *p, const char *msg)
{
	p->no_memory = true;
}

/* "`=`, `,` or the end of the line" */
static void expected_text(const yypcontext_t *ctx, char *buf, size_t cap)
{
	yysymbol_kind_t kinds[8];
	int n = yypcontext_expected_tokens(ctx, kinds, 8);
	size_t len = 0;

	buf[0] = '\0';
	for (int i = 0; i < n && len < cap; i++)
		len += (size_t)snprintf(buf + len, cap - len, "%s%s", !i ? "" : i == n - 1 ? " or " : ", ",
					yysymbol_name(kinds[i]));
}

static int yyreport_syntax_error(const yypcontext_t *ctx, void *scanner, struct conf_parse *p)
{
	const YYLTYPE *loc = yypcontext_location(ctx);
	struct ike_pos pos = { p->file, (uint32_t)loc->first_line, (uint32_t)loc->first_column };
	yysymbol_kind_t got = yypcontext_token(ctx);
	char expected[160];

	p->line_counts = true;
	if (conf_tree_unclosed(p, pos, got == YYSYMBOL_YYEOF))
		return 0;
	expected_text(ctx, expected, sizeof(expected));
	if (got == YYSYMBOL_WORD || got == YYSYMBOL_STRING)
		conf_error(p, pos, expected, NULL, "unexpected `%s`", p->last.text ? p->last.text : "");
	else if (got == YYSYMBOL_NEWLINE || got == YYSYMBOL_YYEOF)
		conf_error(p, pos, expected, NULL, "%s comes too early", yysymbol_name(got));
	else
		conf_error(p, pos, expected, NULL, "unexpected %s", yysymbol_name(got));
	return 0;
}
