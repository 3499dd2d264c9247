// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Proposals as text, in strongSwan's notation: words joined by "-", several of
 * one type side by side; groups also as "group-NN".
 */
#include <errno.h>
#include <string.h>

#include "ike/proposal.h"

/* The longest word of the notation is "chacha20poly1305". */
#define WORD_MAX_LEN 24

/* ---- words ---- */

struct word {
	size_t		at;		/* offset in the text */
	char		text[WORD_MAX_LEN];	/* lower case; "" if it is longer than any we know */
};

struct alias {
	const char	*word;
	const char	*name;
};

static const struct alias aliases[] = {
	{ "x25519", "curve25519" },	{ "x448", "curve448" },
	{ "aes", "aes128" },		{ "sha", "sha1" },
	{ "sha2_256", "sha256" },	{ "sha2_384", "sha384" },
	{ "sha2_512", "sha512" },	{ "aes128gcm", "aes128gcm16" },
	{ "aes192gcm", "aes192gcm16" },	{ "aes256gcm", "aes256gcm16" },
	{ "aes128gcm128", "aes128gcm16" }, { "aes192gcm128", "aes192gcm16" },
	{ "aes256gcm128", "aes256gcm16" },
};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* The word at *@pos, without the "-" behind it; *@pos goes to the next word's start. */
static struct word next_word(const char *text, size_t *pos)
{
	struct word w = { .at = *pos };
	size_t len = strcspn(text + *pos, "-");

	for (size_t i = 0; i < len && len < sizeof(w.text); i++)
		w.text[i] = lower(text[*pos + i]);
	*pos += len;
	if (text[*pos] == '-')
		(*pos)++;
	return w;
}

/* The row of "14"; NULL for another word, and for 0: to have no group is said by "modpnone". */
static const struct ike_transform_info *find_group(const char *s)
{
	unsigned int n = 0;

	for (; *s >= '0' && *s <= '9' && n < 1000; s++)
		n = n * 10 + (unsigned int)(*s - '0');
	return *s || !n ? NULL : ike_transform_info(IKE_T_DH, (uint16_t)n, 0);
}

static const struct ike_transform_info *find_name(const char *name)
{
	const struct ike_transform_info *row;

	for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
		if (!strcmp(aliases[i].word, name))
			name = aliases[i].name;
	for (size_t i = 0; (row = ike_transform_row(i)); i++)
		if (row->uses && !strcmp(row->name, name))
			return row;
	return NULL;
}

/* ---- parsing ---- */

struct parse {
	const char	*text;
	bool		allow_weak;
	uint8_t		use;		/* IKE_USE_* of the protocol */
	size_t		at;		/* the word at fault */
	const char	*why;
	uint8_t		n;
	struct ike_transform t[IKE_TRANSFORMS_MAX];
};

static bool fail(struct parse *p, size_t at, const char *why)
{
	p->at = at;
	p->why = why;
	return false;
}

static bool has_type(const struct parse *p, uint8_t type)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->t[i].type == type)
			return true;
	return false;
}

static bool add(struct parse *p, size_t at, struct ike_transform t)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->t[i].type == t.type && p->t[i].id == t.id && p->t[i].key_bits == t.key_bits)
			return true;
	if (p->n == IKE_TRANSFORMS_MAX)
		return fail(p, at, "too many algorithms in one proposal");
	p->t[p->n++] = t;
	return true;
}

static const char *not_usable(uint8_t use)
{
	if (use == IKE_USE_IKE)
		return "this algorithm is not for IKE";
	if (use == IKE_USE_ESP)
		return "this algorithm is not for ESP";
	return "this algorithm is not for AH";
}

static bool parse_word(struct parse *p, size_t *pos)
{
	struct word w = next_word(p->text, pos);
	const struct ike_transform_info *row;

	if (!strcmp(w.text, "group") && p->text[*pos])
		row = find_group(next_word(p->text, pos).text);
	else
		row = find_name(w.text);
	if (!row)
		return fail(p, w.at, "unknown algorithm");
	if (!(row->uses & p->use))
		return fail(p, w.at, not_usable(p->use));
	if (row->weak && !p->allow_weak)
		return fail(p, w.at, "this algorithm is weak; allow-legacy = yes permits it");
	return add(p, w.at, (struct ike_transform){
		.type = row->type, .id = row->id, .key_bits = row->key_bits });
}

/* AEADs and other ciphers need different company, so they stand in proposals of their own (3.3). */
static bool check_ciphers(struct parse *p, bool *aead)
{
	size_t n_aead = 0, n_plain = 0;

	for (size_t i = 0; i < p->n; i++) {
		const struct ike_transform *t = &p->t[i];

		if (t->type != IKE_T_ENCR)
			continue;
		if (ike_transform_info(t->type, t->id, t->key_bits)->aead)
			n_aead++;
		else
			n_plain++;
	}
	if (n_aead && n_plain)
		return fail(p, 0, "combined-mode and other ciphers need a proposal each");
	*aead = n_aead > 0;
	return true;
}

static enum ike_prf prf_of(uint16_t integ)
{
	switch ((enum ike_integ)integ) {
	case IKE_INTEG_HMAC_MD5_96:		return IKE_PRF_HMAC_MD5;
	case IKE_INTEG_HMAC_SHA1_96:		return IKE_PRF_HMAC_SHA1;
	case IKE_INTEG_AES_XCBC_96:		return IKE_PRF_AES128_XCBC;
	case IKE_INTEG_AES_CMAC_96:		return IKE_PRF_AES128_CMAC;
	case IKE_INTEG_HMAC_SHA2_256_128:	return IKE_PRF_HMAC_SHA2_256;
	case IKE_INTEG_HMAC_SHA2_384_192:	return IKE_PRF_HMAC_SHA2_384;
	case IKE_INTEG_HMAC_SHA2_512_256:	return IKE_PRF_HMAC_SHA2_512;
	case IKE_INTEG_NONE:			break;
	}
	return IKE_PRF_NONE;
}

static bool derive_prf(struct parse *p)
{
	uint8_t n = p->n;

	for (size_t i = 0; i < n; i++) {
		struct ike_transform t = { .type = IKE_T_PRF };

		if (p->t[i].type != IKE_T_INTEG)
			continue;
		t.id = (uint16_t)prf_of(p->t[i].id);
		if (!add(p, 0, t))
			return false;
	}
	return true;
}

static void remove_type(struct parse *p, uint8_t type)
{
	uint8_t kept = 0;

	for (size_t i = 0; i < p->n; i++)
		if (p->t[i].type != type)
			p->t[kept++] = p->t[i];
	p->n = kept;
}

static bool complete_ike(struct parse *p, bool aead)
{
	size_t end = strlen(p->text);

	if (!has_type(p, IKE_T_INTEG) && !aead)
		return fail(p, end, "a hash is missing, such as sha256");
	/* "aes256gcm16-sha384-ecp384": beside an AEAD, a hash can only mean the PRF. */
	if (!has_type(p, IKE_T_PRF) && !derive_prf(p))
		return false;
	if (!has_type(p, IKE_T_PRF))
		return fail(p, end, "a PRF is missing, such as prfsha256");
	if (aead)
		remove_type(p, IKE_T_INTEG);
	if (!has_type(p, IKE_T_DH))
		return fail(p, end, "a DH group is missing, such as ecp256 or group-14");
	return true;
}

static bool complete_child(struct parse *p, bool aead)
{
	if (aead && has_type(p, IKE_T_INTEG))
		return fail(p, 0, "a combined-mode cipher takes no hash beside it");
	if (!aead && !has_type(p, IKE_T_INTEG))
		return fail(p, strlen(p->text), "a hash is missing, such as sha256");
	/* RFC 7296, 3.3.3: ESN is mandatory in ESP and AH proposals. */
	if (!has_type(p, IKE_T_ESN))
		return add(p, 0, (struct ike_transform){ .type = IKE_T_ESN, .id = IKE_ESN_NO });
	return true;
}

static bool complete(struct parse *p)
{
	bool aead;

	if (p->use != IKE_USE_AH && !has_type(p, IKE_T_ENCR))
		return fail(p, 0, "a cipher is missing, such as aes256gcm16");
	if (!check_ciphers(p, &aead))
		return false;
	return p->use == IKE_USE_IKE ? complete_ike(p, aead) : complete_child(p, aead);
}

/* The order in which types are written, on the wire and as text. */
static const uint8_t type_order[] = {
	IKE_T_ENCR, IKE_T_INTEG, IKE_T_PRF, IKE_T_DH, IKE_T_ESN,
};
#define N_TYPES (sizeof(type_order) / sizeof(type_order[0]))

static void sort_by_type(struct ike_proposal *out, const struct parse *p)
{
	for (size_t k = 0; k < N_TYPES; k++)
		for (size_t i = 0; i < p->n; i++)
			if (p->t[i].type == type_order[k])
				out->t[out->n++] = p->t[i];
}

static uint8_t use_of(enum ike_protocol protocol)
{
	switch (protocol) {
	case IKE_PROTO_IKE:	return IKE_USE_IKE;
	case IKE_PROTO_ESP:	return IKE_USE_ESP;
	case IKE_PROTO_AH:	return IKE_USE_AH;
	case IKE_PROTO_NONE:	break;
	}
	return 0;
}

int ike_proposal_parse(struct ike_proposal *p, enum ike_protocol protocol, const char *text,
		       bool allow_weak, size_t *at, const char **why)
{
	struct parse parse = { .text = text, .allow_weak = allow_weak, .use = use_of(protocol) };
	struct ike_proposal made = { .number = 1, .protocol = protocol };
	size_t pos = 0;
	bool ok = true;

	do {
		ok = parse_word(&parse, &pos);
	} while (ok && text[pos]);
	/* "aes256-" has an empty word at its end. */
	if (ok && pos && text[pos - 1] == '-')
		ok = fail(&parse, pos, "unknown algorithm");
	if (!ok || !complete(&parse)) {
		*at = parse.at;
		*why = parse.why;
		return -EINVAL;
	}
	sort_by_type(&made, &parse);
	*p = made;
	return 0;
}

void ike_proposal_default(struct ike_proposal_list *list, enum ike_protocol protocol)
{
	static const char *const ike[] = {
		"aes256gcm16-prfsha384-ecp384",
		"aes256gcm16-aes128gcm16-prfsha256-prfsha384-curve25519-ecp256-ecp384-modp2048",
		"aes256-aes128-sha256-sha384-curve25519-ecp256-ecp384-modp2048", NULL,
	};
	static const char *const esp[] = {
		"aes256gcm16", "aes128gcm16", "aes256-sha256", "aes128-sha256", NULL,
	};
	static const char *const ah[] = { "sha256-sha384-sha512", NULL };
	const char *const *text = protocol == IKE_PROTO_IKE ? ike : protocol == IKE_PROTO_AH ? ah : esp;
	const char *why;
	size_t at;

	list->n = 0;
	for (; *text; text++) {
		if (ike_proposal_parse(&list->p[list->n], protocol, *text, false, &at, &why))
			continue;	/* cannot be: a test parses each */
		list->p[list->n].number = (uint8_t)(list->n + 1);
		list->n++;
	}
}

/* ---- formatting ---- */

static const char *type_prefix(uint8_t type)
{
	switch ((enum ike_transform_type)type) {
	case IKE_T_ENCR:	return "encr-";
	case IKE_T_PRF:		return "prf-";
	case IKE_T_INTEG:	return "integ-";
	case IKE_T_DH:		return "group-";
	case IKE_T_ESN:		return "esn-";
	}
	return NULL;
}

void ike_transform_format(struct vd_strbuf *b, const struct ike_transform *t)
{
	const struct ike_transform_info *info = ike_transform_info(t->type, t->id, t->key_bits);
	const char *prefix = type_prefix(t->type);

	if (info && t->key_bits == info->key_bits) {
		vd_strbuf_str(b, info->name);
		return;
	}
	if (prefix) {
		vd_strbuf_str(b, prefix);
	} else {
		vd_strbuf_str(b, "type");
		vd_strbuf_u64(b, t->type);
		vd_strbuf_char(b, '-');
	}
	vd_strbuf_u64(b, t->id);
	if (t->key_bits == IKE_KEY_BITS_UNUSABLE) {
		vd_strbuf_str(b, "/?");
	} else if (t->key_bits) {
		vd_strbuf_char(b, '/');
		vd_strbuf_u64(b, t->key_bits);
	}
}

/* The transforms of @type, in order; returns how many. */
static size_t select_type(const struct ike_proposal *p, uint8_t type,
			  const struct ike_transform *out[static IKE_TRANSFORMS_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		if (p->t[i].type == type)
			out[n++] = &p->t[i];
	return n;
}

/* What the notation leaves out, since parsing adds it: "noesn" alone, PRFs that follow from the hashes. */
static bool is_implied(const struct ike_proposal *p, uint8_t type)
{
	const struct ike_transform *of_type[IKE_TRANSFORMS_MAX], *integ[IKE_TRANSFORMS_MAX];
	size_t n = select_type(p, type, of_type);

	if (type == IKE_T_INTEG)
		return n == 1 && of_type[0]->id == IKE_INTEG_NONE && !of_type[0]->key_bits;
	if (type == IKE_T_ESN)
		return n == 1 && of_type[0]->id == IKE_ESN_NO && !of_type[0]->key_bits;
	if (type != IKE_T_PRF || !n || select_type(p, IKE_T_INTEG, integ) != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (integ[i]->id == IKE_INTEG_NONE || integ[i]->key_bits || of_type[i]->key_bits ||
		    of_type[i]->id != (uint16_t)prf_of(integ[i]->id))
			return false;
	return true;
}

static void format_type(struct vd_strbuf *b, const struct ike_proposal *p, uint8_t type,
			bool *first)
{
	const struct ike_transform *of_type[IKE_TRANSFORMS_MAX];
	size_t n = select_type(p, type, of_type);

	for (size_t i = 0; i < n; i++) {
		if (!*first)
			vd_strbuf_char(b, '-');
		*first = false;
		ike_transform_format(b, of_type[i]);
	}
}

static bool is_ordered_type(uint8_t type)
{
	return memchr(type_order, type, sizeof(type_order));
}

void ike_proposal_format(struct vd_strbuf *b, const struct ike_proposal *p)
{
	bool first = true;

	for (size_t k = 0; k < N_TYPES; k++)
		if (!is_implied(p, type_order[k]))
			format_type(b, p, type_order[k], &first);
	for (size_t i = 0; i < p->n; i++) {
		if (is_ordered_type(p->t[i].type))
			continue;
		if (!first)
			vd_strbuf_char(b, '-');
		first = false;
		ike_transform_format(b, &p->t[i]);
	}
	if (first)
		vd_strbuf_str(b, "none");
}

void ike_proposal_list_format(struct vd_strbuf *b, const struct ike_proposal_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		if (i)
			vd_strbuf_str(b, ", ");
		ike_proposal_format(b, &list->p[i]);
	}
	if (!list->n)
		vd_strbuf_str(b, "none");
}

void ike_suite_format(struct vd_strbuf *b, const struct ike_suite *suite)
{
	struct ike_proposal p = { .protocol = suite->protocol };

	if (suite->encr != IKE_ENCR_NONE)
		p.t[p.n++] = (struct ike_transform){ IKE_T_ENCR, (uint16_t)suite->encr,
						     suite->encr_key_bits };
	if (suite->integ != IKE_INTEG_NONE)
		p.t[p.n++] = (struct ike_transform){ IKE_T_INTEG, (uint16_t)suite->integ, 0 };
	if (suite->prf != IKE_PRF_NONE)
		p.t[p.n++] = (struct ike_transform){ IKE_T_PRF, (uint16_t)suite->prf, 0 };
	if (suite->dh != IKE_DH_NONE)
		p.t[p.n++] = (struct ike_transform){ IKE_T_DH, (uint16_t)suite->dh, 0 };
	if (suite->protocol != IKE_PROTO_IKE)
		p.t[p.n++] = (struct ike_transform){ IKE_T_ESN, (uint16_t)suite->esn, 0 };
	ike_proposal_format(b, &p);
}
