// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The choice among proposals and, where there is none, the difference
 * (RFC 7296, 2.7, 3.3.3, 3.3.6).
 *
 * One function, differences(), compares two proposals type by type. No difference
 * means that a suite can be chosen; otherwise its result is the diagnosis. So what
 * is refused and what is reported can never disagree.
 */
#include "ike/proposal.h"

#include <string.h>

#define BIT(type)	(1u << (type))
#define BIT_UNKNOWN	1u	/* the peer's proposal has a transform type we don't know */

/* ---- looking at one proposal ---- */

static bool has_type(const struct ike_proposal *p, uint8_t type)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->t[i].type == type)
			return true;
	return false;
}

static bool has(const struct ike_proposal *p, const struct ike_transform *t)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->t[i].type == t->type && p->t[i].id == t->id &&
		    p->t[i].key_bits == t->key_bits)
			return true;
	return false;
}

/* NONE is said by NONE or by silence (RFC 7296, 3.3.3 for DH, 3.3 for INTEG beside an AEAD). */
static bool takes_none(const struct ike_proposal *p, uint8_t type)
{
	struct ike_transform none = { .type = type };

	return !has_type(p, type) || has(p, &none);
}

static bool has_group(const struct ike_proposal *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->t[i].type == IKE_T_DH && p->t[i].id != IKE_DH_NONE)
			return true;
	return false;
}

static bool is_aead(const struct ike_transform *t)
{
	const struct ike_transform_info *info = ike_transform_info(t->type, t->id, t->key_bits);

	return info && info->aead;
}

static bool has_aead(const struct ike_proposal *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->t[i].type == IKE_T_ENCR && is_aead(&p->t[i]))
			return true;
	return false;
}

static bool has_unknown_type(const struct ike_proposal *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->t[i].type < IKE_T_ENCR || p->t[i].type > IKE_T_ESN)
			return true;
	return false;
}

/* More than one transform of a type: an offer, not an answer. */
static bool is_ambiguous(const struct ike_proposal *p)
{
	for (size_t i = 0; i < p->n; i++)
		for (size_t j = i + 1; j < p->n; j++)
			if (p->t[i].type == p->t[j].type)
				return true;
	return false;
}

/* ---- two proposals ---- */

struct pair {
	const struct ike_proposal	*ours, *theirs;
	const struct ike_proposal	*lead, *other;	/* the same two, by whose order counts */
	const struct ike_select_rules	*rules;
};

static struct pair make_pair(const struct ike_proposal *ours, const struct ike_proposal *theirs,
			     const struct ike_select_rules *rules)
{
	return (struct pair){
		.ours = ours, .theirs = theirs, .rules = rules,
		.lead = rules->prefer_theirs ? theirs : ours,
		.other = rules->prefer_theirs ? ours : theirs,
	};
}

/* The first transform of @type both have, NONE not counted where NONE is no algorithm. */
static bool pick(const struct pair *pair, uint8_t type, struct ike_transform *out)
{
	for (size_t i = 0; i < pair->lead->n; i++) {
		const struct ike_transform *t = &pair->lead->t[i];

		if (t->type != type || (t->id == 0 && type != IKE_T_ESN))
			continue;
		if (has(pair->other, t)) {
			*out = *t;
			return true;
		}
	}
	return false;
}

/*
 * The first cipher both have whose integrity fits too: none beside an AEAD (*@integ is NONE then), a
 * common one beside others.
 */
static bool pick_cipher(const struct pair *pair, struct ike_transform *encr,
			struct ike_transform *integ)
{
	bool aead_fits = takes_none(pair->ours, IKE_T_INTEG) && takes_none(pair->theirs, IKE_T_INTEG);
	struct ike_transform common = { .type = IKE_T_INTEG };
	bool plain_fits = pick(pair, IKE_T_INTEG, &common);

	for (size_t i = 0; i < pair->lead->n; i++) {
		const struct ike_transform *t = &pair->lead->t[i];
		bool aead = is_aead(t);

		if (t->type != IKE_T_ENCR || !has(pair->other, t))
			continue;
		if (aead ? !aead_fits : !plain_fits)
			continue;
		*encr = *t;
		*integ = aead ? (struct ike_transform){ .type = IKE_T_INTEG } : common;
		return true;
	}
	return false;
}

/*
 * The group: that of the KE payload if both take it, else the first one common, else none if both
 * can do without.
 */
static bool pick_group(const struct pair *pair, struct ike_transform *out)
{
	struct ike_transform wanted = { .type = IKE_T_DH, .id = (uint16_t)pair->rules->ke_group };
	bool none = pair->ours->protocol != IKE_PROTO_IKE && takes_none(pair->ours, IKE_T_DH) &&
		    takes_none(pair->theirs, IKE_T_DH);

	if (none && wanted.id == IKE_DH_NONE) {
		*out = (struct ike_transform){ .type = IKE_T_DH };
		return true;
	}
	if (wanted.id != IKE_DH_NONE && has(pair->ours, &wanted) && has(pair->theirs, &wanted)) {
		*out = wanted;
		return true;
	}
	if (pick(pair, IKE_T_DH, out))
		return true;
	*out = (struct ike_transform){ .type = IKE_T_DH };
	return none;
}

/* Only a child's group can be left out, never an IKE SA's. */
static bool group_counts(const struct pair *pair)
{
	return !pair->rules->ignore_dh || pair->ours->protocol == IKE_PROTO_IKE;
}

struct differences {
	uint8_t	types;	/* what differs */
	uint8_t	moot;	/* what can't be told, because something before it differs */
};

/* Encryption and integrity hang together by AEADs. */
static struct differences cipher_differences(const struct pair *pair)
{
	struct ike_transform encr, integ;
	struct differences d = { 0 };

	if (pair->ours->protocol == IKE_PROTO_AH) {
		if (has_type(pair->theirs, IKE_T_ENCR))
			d.types |= BIT(IKE_T_ENCR);
		if (!pick(pair, IKE_T_INTEG, &integ))
			d.types |= BIT(IKE_T_INTEG);
		return d;
	}
	if (pick_cipher(pair, &encr, &integ))
		return d;
	if (pick(pair, IKE_T_ENCR, &encr)) {
		d.types |= BIT(IKE_T_INTEG);
		return d;
	}
	d.types |= BIT(IKE_T_ENCR);
	if (has_aead(pair->ours) || has_aead(pair->theirs))
		d.moot |= BIT(IKE_T_INTEG);
	else if (!pick(pair, IKE_T_INTEG, &integ))
		d.types |= BIT(IKE_T_INTEG);
	return d;
}

static struct differences differences(const struct pair *pair)
{
	struct differences d = cipher_differences(pair);
	bool ike = pair->ours->protocol == IKE_PROTO_IKE;
	struct ike_transform t;

	/* RFC 7296, 3.3.3: which types belong to which protocol. */
	if (ike ? !pick(pair, IKE_T_PRF, &t) : has_type(pair->theirs, IKE_T_PRF))
		d.types |= BIT(IKE_T_PRF);
	if (group_counts(pair) && !pick_group(pair, &t))
		d.types |= BIT(IKE_T_DH);
	if (ike ? has_type(pair->theirs, IKE_T_ESN) : !pick(pair, IKE_T_ESN, &t))
		d.types |= BIT(IKE_T_ESN);
	/* 3.3.6: a proposal with a transform type we don't know is unacceptable as a whole. */
	if (has_unknown_type(pair->theirs))
		d.types |= BIT_UNKNOWN;
	return d;
}

/* ---- the suite of a matching pair ---- */

static void add_chosen(struct ike_selection *sel, const struct ike_proposal *theirs,
		       const struct ike_transform *t)
{
	/* 3.3.6: one transform of each type in the proposal; NONE is repeated where it was said. */
	if (has(theirs, t))
		sel->chosen.t[sel->chosen.n++] = *t;
}

static void choose(const struct pair *pair, struct ike_selection *sel)
{
	const struct ike_proposal *theirs = pair->theirs;
	struct ike_transform encr = { .type = IKE_T_ENCR }, integ = { .type = IKE_T_INTEG };
	struct ike_transform prf = { .type = IKE_T_PRF }, dh = { .type = IKE_T_DH };
	struct ike_transform esn = { .type = IKE_T_ESN };

	if (theirs->protocol == IKE_PROTO_AH)
		pick(pair, IKE_T_INTEG, &integ);
	else
		pick_cipher(pair, &encr, &integ);
	if (theirs->protocol == IKE_PROTO_IKE)
		pick(pair, IKE_T_PRF, &prf);
	else
		pick(pair, IKE_T_ESN, &esn);
	if (group_counts(pair))
		pick_group(pair, &dh);

	sel->suite = (struct ike_suite){
		.protocol = theirs->protocol,
		.encr = (enum ike_encr)encr.id,
		.encr_key_bits = encr.key_bits,
		.integ = (enum ike_integ)integ.id,
		.prf = (enum ike_prf)prf.id,
		.dh = (enum ike_dh)dh.id,
		.esn = (enum ike_esn)esn.id,
	};
	sel->chosen = (struct ike_proposal){
		.number = theirs->number, .protocol = theirs->protocol, .spi_len = theirs->spi_len,
	};
	memcpy(sel->chosen.spi, theirs->spi, sizeof(theirs->spi));
	add_chosen(sel, theirs, &encr);
	add_chosen(sel, theirs, &integ);
	if (theirs->protocol == IKE_PROTO_IKE)
		add_chosen(sel, theirs, &prf);
	add_chosen(sel, theirs, &dh);
	if (theirs->protocol != IKE_PROTO_IKE)
		add_chosen(sel, theirs, &esn);
}

/* ---- two lists ---- */

/* All pairs in the order of preference: @k counts from 0. */
static bool nth_pair(const struct ike_proposal_list *ours, const struct ike_proposal_list *theirs,
		     const struct ike_select_rules *rules, size_t k, size_t *i, size_t *j)
{
	if (k >= (size_t)ours->n * theirs->n)
		return false;
	*i = rules->prefer_theirs ? k % ours->n : k / theirs->n;
	*j = rules->prefer_theirs ? k / ours->n : k % theirs->n;
	return true;
}

/* The first matching pair; with @only_ke one whose group is that of the KE payload. */
static bool select_pair(const struct ike_proposal_list *ours,
			const struct ike_proposal_list *theirs,
			const struct ike_select_rules *rules, bool only_ke,
			struct ike_selection *sel)
{
	size_t i, j;

	for (size_t k = 0; nth_pair(ours, theirs, rules, k, &i, &j); k++) {
		struct pair pair = make_pair(&ours->p[i], &theirs->p[j], rules);
		struct ike_selection made;

		if (pair.ours->protocol != pair.theirs->protocol || differences(&pair).types)
			continue;
		choose(&pair, &made);
		if (only_ke && made.suite.dh != rules->ke_group)
			continue;
		made.theirs = (uint8_t)j;
		if (sel)
			*sel = made;
		return true;
	}
	return false;
}

static unsigned int count_bits(uint8_t bits)
{
	unsigned int n = 0;

	for (; bits; bits &= (uint8_t)(bits - 1))
		n++;
	return n;
}

static bool same_cipher_other_length(const struct ike_proposal *a, const struct ike_proposal *b)
{
	for (size_t i = 0; i < a->n; i++)
		for (size_t j = 0; j < b->n; j++)
			if (a->t[i].type == IKE_T_ENCR && b->t[j].type == IKE_T_ENCR &&
			    a->t[i].id == b->t[j].id && a->t[i].key_bits != b->t[j].key_bits)
				return true;
	return false;
}

/* The field of the first type in @types, for the nearest pair @a and @b. */
static enum ike_field field_of(uint8_t types, const struct ike_proposal *a,
			       const struct ike_proposal *b)
{
	if (types & BIT(IKE_T_ENCR))
		return same_cipher_other_length(a, b) ? IKE_FIELD_KEY_LENGTH : IKE_FIELD_ENCR;
	if (types & BIT(IKE_T_INTEG))
		return IKE_FIELD_INTEG;
	if (types & BIT(IKE_T_PRF))
		return IKE_FIELD_PRF;
	if (types & BIT(IKE_T_DH))
		return a->protocol != IKE_PROTO_IKE && has_group(a) != has_group(b) ?
		       IKE_FIELD_PFS : IKE_FIELD_DH;
	if (types & BIT(IKE_T_ESN))
		return IKE_FIELD_ESN;
	return IKE_FIELD_COMBINATION;
}

/* Which of several to name: integrity before PRF, since one hash in the configuration sets both. */
static uint8_t first_type(uint8_t types)
{
	static const uint8_t order[] = { IKE_T_ENCR, IKE_T_INTEG, IKE_T_PRF, IKE_T_DH, IKE_T_ESN };

	for (size_t i = 0; i < sizeof(order); i++)
		if (types & BIT(order[i]))
			return (uint8_t)BIT(order[i]);
	return 0;
}

/*
 * What is wrong: a type that differs in every pair is to blame whatever else does; if there is none,
 * each algorithm has its match somewhere, only not together.
 */
static void diagnose(const struct ike_proposal_list *ours, const struct ike_proposal_list *theirs,
		     const struct ike_select_rules *rules, struct ike_proposal_diff *diff)
{
	struct ike_proposal_diff d = { .field = IKE_FIELD_PROTOCOL };
	uint8_t everywhere = UINT8_MAX, blamed;
	unsigned int nearest = UINT32_MAX;
	size_t i, j;

	for (size_t k = 0; nth_pair(ours, theirs, rules, k, &i, &j); k++) {
		struct pair pair = make_pair(&ours->p[i], &theirs->p[j], rules);

		if (pair.ours->protocol == pair.theirs->protocol) {
			struct differences found = differences(&pair);

			everywhere &= found.types | found.moot;
		}
	}
	blamed = first_type(everywhere);
	for (size_t k = 0; nth_pair(ours, theirs, rules, k, &i, &j); k++) {
		struct pair pair = make_pair(&ours->p[i], &theirs->p[j], rules);
		struct differences found;

		if (pair.ours->protocol != pair.theirs->protocol)
			continue;
		found = differences(&pair);
		if ((found.types & blamed) != blamed || count_bits(found.types) >= nearest)
			continue;
		nearest = count_bits(found.types);
		d = (struct ike_proposal_diff){
			.field = field_of(blamed, pair.ours, pair.theirs),
			.types = found.types, .ours = (uint8_t)i, .theirs = (uint8_t)j,
		};
	}
	*diff = d;
}

bool ike_proposal_select(const struct ike_proposal_list *ours,
			 const struct ike_proposal_list *theirs,
			 const struct ike_select_rules *rules,
			 struct ike_selection *sel, struct ike_proposal_diff *diff)
{
	bool valid = !rules->answer || (theirs->n == 1 && !is_ambiguous(&theirs->p[0]));

	if (valid && (select_pair(ours, theirs, rules, true, sel) ||
		      select_pair(ours, theirs, rules, false, sel)))
		return true;
	if (diff)
		diagnose(ours, theirs, rules, diff);
	return false;
}

bool ike_proposal_equal(const struct ike_proposal *a, const struct ike_proposal *b)
{
	if (a->number != b->number || a->protocol != b->protocol || a->spi_len != b->spi_len ||
	    memcmp(a->spi, b->spi, a->spi_len) || a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (a->t[i].type != b->t[i].type || a->t[i].id != b->t[i].id ||
		    a->t[i].key_bits != b->t[i].key_bits)
			return false;
	return true;
}

bool ike_proposal_list_equal(const struct ike_proposal_list *a, const struct ike_proposal_list *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (!ike_proposal_equal(&a->p[i], &b->p[i]))
			return false;
	return true;
}

bool ike_proposal_has_dh(const struct ike_proposal_list *list)
{
	return ike_proposal_first_group(list) != IKE_DH_NONE;
}

bool ike_proposal_list_has_group(const struct ike_proposal_list *list, enum ike_dh group)
{
	struct ike_transform t = { .type = IKE_T_DH, .id = (uint16_t)group };

	for (size_t i = 0; i < list->n; i++)
		if (has(&list->p[i], &t))
			return true;
	return false;
}

enum ike_dh ike_proposal_first_group(const struct ike_proposal_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		for (size_t k = 0; k < list->p[i].n; k++)
			if (list->p[i].t[k].type == IKE_T_DH && list->p[i].t[k].id != IKE_DH_NONE)
				return (enum ike_dh)list->p[i].t[k].id;
	return IKE_DH_NONE;
}

void ike_proposal_strip_dh(struct ike_proposal_list *out, const struct ike_proposal_list *in)
{
	struct ike_proposal_list made = *in;

	for (size_t i = 0; i < made.n; i++) {
		struct ike_proposal *p = &made.p[i];
		uint8_t kept = 0;

		for (size_t k = 0; k < p->n; k++)
			if (p->t[k].type != IKE_T_DH)
				p->t[kept++] = p->t[k];
		p->n = kept;
	}
	*out = made;
}
