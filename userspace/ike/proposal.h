/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Proposals (RFC 7296, 2.7 and 3.3): the registry of transforms, the text
 * notation, the choice, and the difference between two proposals as data.
 */
#ifndef IKE_PROPOSAL_H
#define IKE_PROPOSAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "ike/transform.h"

#define IKE_TRANSFORMS_MAX	48	/* in one proposal */
#define IKE_PROPOSALS_MAX	16	/* in one SA payload */

struct ike_proposal {
	uint8_t			number;		/* 1.., as on the wire */
	enum ike_protocol	protocol;
	uint8_t			spi_len;	/* 0, 4 or 8 */
	uint8_t			spi[8];
	uint8_t			n;
	struct ike_transform	t[IKE_TRANSFORMS_MAX];
};

struct ike_proposal_list {
	uint8_t			n;
	struct ike_proposal	p[IKE_PROPOSALS_MAX];
};

/* ---- the registry ---- */

/* One row per (type, id, key_bits). Lengths in octets. */
struct ike_transform_info {
	uint8_t		type;
	uint16_t	id;
	uint16_t	key_bits;	/* 0: the transform has no Key Length attribute */
	const char	*name;		/* strongSwan's notation: "aes256gcm16", "prfsha256", "sha256", "modp2048" */
	uint16_t	key_len;	/* ENCR without the salt, INTEG; PRF: preferred key length */
	uint8_t		salt_len;	/* ENCR: behind the key in the keying material */
	uint8_t		iv_len;		/* ENCR: explicit IV on the wire */
	uint8_t		block_len;	/* ENCR: padding granularity, at least 1 */
	uint8_t		icv_len;	/* AEAD, INTEG; PRF: output length */
	uint16_t	dh_len;		/* DH: octets of the public value on the wire */
	bool		aead;
	bool		weak;		/* only under allow-legacy (RFC 8247, RFC 8221) */
	uint8_t		uses;		/* IKE_USE_* */
};
#define IKE_USE_IKE	1
#define IKE_USE_ESP	2
#define IKE_USE_AH	4

/* NULL if unknown. @key_bits matters for ENCR only. */
const struct ike_transform_info *ike_transform_info(uint8_t type, uint16_t id, uint16_t key_bits);
/* Row @i of the registry, in no order; NULL beyond its end. */
const struct ike_transform_info *ike_transform_row(size_t i);
/* "modp2048" for (DH, 14); "encr-99" for numbers without a name. */
void ike_transform_format(struct vd_strbuf *b, const struct ike_transform *t);

/* ---- text ---- */

/*
 * Parses one proposal in the configuration's notation, e.g. "aes256-sha256-modp2048", "aes256gcm16-prfsha384-ecp384",
 * groups also as "group-14", "esn"/"noesn". @protocol tells what is required and allowed: IKE without a PRF named gets the
 * one of its integrity algorithm; ESP and AH without "esn" or "noesn" get
 * "no ESN"; both words may stand side by side.
 * On error returns -EINVAL, sets *@at to the offset of the word at fault and *@why to a static text; @p unchanged.
 */
int  ike_proposal_parse(struct ike_proposal *p, enum ike_protocol protocol, const char *text,
			bool allow_weak, size_t *at, const char **why);
/* The same notation back; several transforms of a type stand side by side, as strongSwan writes them. */
void ike_proposal_format(struct vd_strbuf *b, const struct ike_proposal *p);
void ike_proposal_list_format(struct vd_strbuf *b, const struct ike_proposal_list *list);
void ike_suite_format(struct vd_strbuf *b, const struct ike_suite *suite);
/* What a gateway or a tunnel offers when the configuration says nothing. */
void ike_proposal_default(struct ike_proposal_list *list, enum ike_protocol protocol);

/* ---- the choice ---- */

enum ike_field {		/* what a mismatch is about; also in struct ike_cause */
	IKE_FIELD_NONE,
	IKE_FIELD_PROTOCOL,
	IKE_FIELD_ENCR,
	IKE_FIELD_KEY_LENGTH,
	IKE_FIELD_PRF,
	IKE_FIELD_INTEG,
	IKE_FIELD_DH,		/* Phase 1 group, or PFS group with both sides using PFS */
	IKE_FIELD_PFS,		/* PFS on one side only */
	IKE_FIELD_ESN,
	IKE_FIELD_TS,
	IKE_FIELD_ID,
	IKE_FIELD_PSK,
	IKE_FIELD_AUTH_METHOD,
	IKE_FIELD_VERSION,
	IKE_FIELD_MODE,
	IKE_FIELD_ADDRESS,
	IKE_FIELD_COMBINATION,	/* each transform is known to both, but in no common proposal */
};

/* The nearest miss: of all pairs the one that differs in the fewest types, and where. */
struct ike_proposal_diff {
	enum ike_field	field;		/* the first of ENCR, INTEG, PRF, DH, ESN that differs in every pair */
	uint8_t		types;		/* of the nearest pair: 1 << enum ike_transform_type for each */
					/* type that differs; bit 0: the peer's has a type we don't know */
	uint8_t		ours;		/* indexes of the nearest pair */
	uint8_t		theirs;
};

struct ike_selection {
	struct ike_suite	suite;
	uint8_t			theirs;		/* index of the peer's proposal chosen */
	struct ike_proposal	chosen;		/* exactly one transform per type, the peer's number and SPI */
};

struct ike_select_rules {
	bool	prefer_theirs;		/* the peer's order decides, default: ours */
	bool	ignore_dh;		/* IKE_AUTH: child proposals carry no DH (RFC 7296, 1.2) */
	enum ike_dh ke_group;		/* the group of the KE payload received: preferred if acceptable; NONE: no KE */
	bool	answer;			/* @theirs answers an offer of ours: one proposal, one transform of each type */
};

/*
 * Chooses as responder, or checks the responder's single answer as initiator. True with *@sel set; or false with
 * *@diff set to the nearest miss. Either out pointer may be NULL. A proposal with a transform type we don't know is passed over
 * (RFC 7296, 3.3.6). @theirs with n = 0 yields diff.field PROTOCOL.
 */
bool ike_proposal_select(const struct ike_proposal_list *ours, const struct ike_proposal_list *theirs,
			 const struct ike_select_rules *rules,
			 struct ike_selection *sel, struct ike_proposal_diff *diff);
/*
 * Both sides' values for @diff as a reader compares them, for struct ike_cause: ours "modp2048",
 * theirs "ecp256, modp1024"; for PFS "PFS group modp2048" and "no PFS"; for PROTOCOL "esp" and
 * "ah"; for COMBINATION both lists in full.
 */
void ike_proposal_diff_format(struct vd_strbuf *ours_text, struct vd_strbuf *theirs_text,
			      const struct ike_proposal_list *ours,
			      const struct ike_proposal_list *theirs,
			      const struct ike_proposal_diff *diff);
/* The same transforms in the same order (structs have padding: no memcmp); numbers and SPIs too. */
bool ike_proposal_equal(const struct ike_proposal *a, const struct ike_proposal *b);
bool ike_proposal_list_equal(const struct ike_proposal_list *a, const struct ike_proposal_list *b);
/* True if the list has a DH transform other than NONE. */
bool ike_proposal_has_dh(const struct ike_proposal_list *list);
bool ike_proposal_list_has_group(const struct ike_proposal_list *list, enum ike_dh group);
/* The first group in the list, NONE if it has none. */
enum ike_dh ike_proposal_first_group(const struct ike_proposal_list *list);
/* A copy without DH transforms, for the child in IKE_AUTH. */
void ike_proposal_strip_dh(struct ike_proposal_list *out, const struct ike_proposal_list *in);

#endif
