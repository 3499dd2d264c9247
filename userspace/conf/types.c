// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Types of single values: words, switches, numbers, durations, sizes, paths.
 */
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "conf/schema.h"

void conf_store(void *dest, size_t size, uint64_t v)
{
	uint8_t v8 = (uint8_t)v;
	uint16_t v16 = (uint16_t)v;
	uint32_t v32 = (uint32_t)v;

	if (size == 1)
		memcpy(dest, &v8, 1);
	else if (size == 2)
		memcpy(dest, &v16, 2);
	else if (size == 4)
		memcpy(dest, &v32, 4);
	else if (size == 8)
		memcpy(dest, &v, 8);
}

static bool equal_scalar(const void *a, const void *b, size_t size)
{
	return !memcmp(a, b, size);
}

/* The one value of a key that takes no list; NULL with the error reported. */
static const struct conf_value *single(struct conf_ctx *c, const struct conf_values *v)
{
	if (v->n == 1)
		return v->first;
	conf_error(c->p, v->first->next->pos, "one value", NULL, "`%s` takes no list", c->key->name);
	return NULL;
}

static void bad_value(struct conf_ctx *c, const struct conf_value *v, const char *form, const char *nearest)
{
	char values[256];

	if (!form) {
		conf_key_values(c->key, values, sizeof(values));
		form = values;
	}
	conf_error(c->p, v->pos, form, nearest, "`%s` is no value of `%s`", v->text, c->key->name);
}

static const struct conf_word *find_word(const struct conf_word *w, const char *text)
{
	for (; w && w->name; w++)
		if (!strcmp(w->name, text))
			return w;
	return NULL;
}

/* ---- words ---- */

static bool parse_word(struct conf_ctx *c, const struct conf_values *vs, void *dest)
{
	const struct conf_value *v = single(c, vs);
	const struct conf_word *w = v ? find_word(c->key->words, v->text) : NULL;
	char values[256];

	if (!v)
		return false;
	if (!w) {
		struct vd_nearest n = { .typed = v->text };

		for (w = c->key->words; w->name; w++)
			if (!w->refused)
				vd_nearest_offer(&n, w->name);
		bad_value(c, v, NULL, n.best);
		return false;
	}
	if (w->refused) {
		conf_key_values(c->key, values, sizeof(values));
		conf_error(c->p, v->pos, values, NULL, "`%s = %s` is %s", c->key->name, w->name, w->refused);
		return false;
	}
	conf_store(dest, c->key->size, w->value);
	return true;
}

const struct conf_type conf_type_word = { "word", false, parse_word, equal_scalar };

static bool parse_bool(struct conf_ctx *c, const struct conf_values *vs, void *dest)
{
	const struct conf_value *v = single(c, vs);
	bool yes = v && !strcmp(v->text, "yes");

	if (!v)
		return false;
	if (!yes && strcmp(v->text, "no")) {
		bool likely = !strcmp(v->text, "true") || !strcmp(v->text, "on") || !strcmp(v->text, "1");
		bool unlikely = !strcmp(v->text, "false") || !strcmp(v->text, "off") || !strcmp(v->text, "0");

		bad_value(c, v, NULL, likely ? "yes" : unlikely ? "no" : NULL);
		return false;
	}
	*(bool *)dest = yes;
	return true;
}

const struct conf_type conf_type_bool = { "yes or no", false, parse_bool, equal_scalar };

/* ---- numbers ---- */

/* Digits at *@at, which moves behind them. False if there are none or they are too many for 64 bits. */
static bool digits(const char **at, uint64_t *out)
{
	const char *s = *at;
	uint64_t v = 0;

	for (; *s >= '0' && *s <= '9'; s++) {
		unsigned int d = (unsigned int)(*s - '0');

		if (v > (UINT64_MAX - d) / 10)
			return false;
		v = v * 10 + d;
	}
	if (s == *at)
		return false;
	*at = s;
	*out = v;
	return true;
}

static bool hex_number(const char *s, uint64_t *out)
{
	static const char hex[] = "0123456789abcdefABCDEF";

	if (s[0] != '0' || s[1] != 'x' || !s[2] || strlen(s) > 18 || s[2 + strspn(s + 2, hex)])
		return false;
	*out = strtoull(s, NULL, 16);
	return true;
}

/* The words of the key, the range, and then the store: common to all numbers. */
static bool finish_number(struct conf_ctx *c, const struct conf_value *v, bool ok, uint64_t n,
			  const char *form, void *dest)
{
	char values[256], expected[320];

	if (ok && n >= c->key->min && n <= c->key->max) {
		conf_store(dest, c->key->size, n);
		return true;
	}
	conf_key_values(c->key, values, sizeof(values));
	snprintf(expected, sizeof(expected), ok ? "%s" : "%s: %s", ok ? values : form, values);
	conf_error(c->p, v->pos, expected, NULL, ok ? "`%s` is out of the range of `%s`" : "`%s` is no value of `%s`",
		   v->text, c->key->name);
	return false;
}

static bool take_word(struct conf_ctx *c, const struct conf_value *v, void *dest)
{
	const struct conf_word *w = find_word(c->key->words, v->text);

	if (!w)
		return false;
	conf_store(dest, c->key->size, w->value);
	return true;
}

static bool parse_number(struct conf_ctx *c, const struct conf_values *vs, void *dest)
{
	const struct conf_value *v = single(c, vs);
	const char *at;
	uint64_t n = 0;
	bool ok;

	if (!v)
		return false;
	if (take_word(c, v, dest))
		return true;
	at = v->text;
	ok = hex_number(at, &n) || (digits(&at, &n) && !*at);
	return finish_number(c, v, ok, n, "a number", dest);
}

const struct conf_type conf_type_number = { "number", false, parse_number, equal_scalar };

static bool scale(uint64_t *n, uint64_t by)
{
	if (*n > UINT64_MAX / by)
		return false;
	*n *= by;
	return true;
}

static bool parse_size(struct conf_ctx *c, const struct conf_values *vs, void *dest)
{
	static const char units[] = "KMGT";
	const struct conf_value *v = single(c, vs);
	const char *at, *unit;
	uint64_t n = 0;
	bool ok;

	if (!v)
		return false;
	if (take_word(c, v, dest))
		return true;
	at = v->text;
	ok = digits(&at, &n);
	unit = ok && *at ? strchr(units, *at) : NULL;
	if (unit) {
		uint64_t base = at[1] == 'i' ? 1024 : 1000;

		at += base == 1024 ? 2 : 1;
		for (const char *u = units; ok && u <= unit; u++)
			ok = scale(&n, base);
	}
	return finish_number(c, v, ok && !*at, n, "a number such as 500M or 10G", dest);
}

const struct conf_type conf_type_size = { "size", false, parse_size, equal_scalar };

static bool parse_duration(struct conf_ctx *c, const struct conf_values *vs, void *dest)
{
	static const struct {
		char		unit;
		uint64_t	ms;
	} units[] = { { 'd', 86400000 }, { 'h', 3600000 }, { 'm', 60000 }, { 's', 1000 } };
	const struct conf_value *v = single(c, vs);
	uint64_t total = 0;
	const char *at;
	bool ok;

	if (!v)
		return false;
	if (take_word(c, v, dest))
		return true;
	at = v->text;
	ok = *at != '\0';
	/* Larger units first, each once: 1h30m. */
	for (size_t u = 0; ok && *at; ) {
		uint64_t n;

		ok = digits(&at, &n);
		while (ok && u < 4 && units[u].unit != *at)
			u++;
		ok = ok && u < 4 && scale(&n, units[u].ms) && total + n >= total;
		if (ok) {
			total += n;
			at++;
			u++;
		}
	}
	return finish_number(c, v, ok, total, "a number with its unit, such as 8h, 90m or 30s", dest);
}

const struct conf_type conf_type_duration = { "duration", false, parse_duration, equal_scalar };

void conf_duration_text(uint64_t ms, char *buf, size_t cap)
{
	unsigned long long s = ms / 1000;

	if (s % 86400 == 0)
		snprintf(buf, cap, "%llud", s / 86400);
	else if (s % 3600 == 0)
		snprintf(buf, cap, "%lluh", s / 3600);
	else if (s % 60 == 0)
		snprintf(buf, cap, "%llum", s / 60);
	else
		snprintf(buf, cap, "%llus", s);
}

/* ---- paths, references ---- */

static bool parse_path(struct conf_ctx *c, const struct conf_values *vs, void *dest)
{
	const struct conf_value *v = single(c, vs);
	const char *path;
	char *copy;

	if (!v)
		return false;
	if (!*v->text) {
		bad_value(c, v, "the path of a file", NULL);
		return false;
	}
	path = conf_resolve(c->p, v->pos.file, v->text);
	copy = path ? strdup(path) : NULL;
	if (!copy) {
		c->p->no_memory = true;
		return false;
	}
	*(char **)dest = copy;
	return true;
}

static bool equal_path(const void *a, const void *b, size_t size)
{
	const char *x = *(char *const *)a, *y = *(char *const *)b;

	return x == y || (x && y && !strcmp(x, y));
}

const struct conf_type conf_type_path = { "path", false, parse_path, equal_path };

/* Resolved by build.c before any value is parsed: which gateway a tunnel belongs to decides where it is stored. */
static bool parse_ref(struct conf_ctx *c, const struct conf_values *vs, void *dest)
{
	return true;
}

const struct conf_type conf_type_ref = { "name", false, parse_ref, equal_scalar };
