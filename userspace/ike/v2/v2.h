/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IKEv2 (RFC 7296): one file per exchange and role, and what they share.
 *
 *	receive.c        a datagram finds its IKE SA, is opened, and goes to its exchange
 *	message.c        requests and responses are sealed, sent, sent again
 *	rules.c          which payloads each message must, may, must not carry
 *	sa_init_i.c      IKE_SA_INIT as initiator       sa_init_r.c   as responder
 *	auth_i.c         IKE_AUTH as initiator          auth_r.c      as responder (auth.c: both)
 *	create_child.c   CREATE_CHILD_SA: new child and rekey of a child, both roles
 *	rekey_child.c    what a rekey adds: collisions, the old child's end
 *	rekey_ike.c      CREATE_CHILD_SA: rekey of the IKE SA
 *	informational.c  Delete, liveness, errors
 *	offer.c          proposals and selectors of a child: offered, chosen, checked
 *	setup.c          a child's way: SPI, keys, kernel
 *	dh.c             Diffie-Hellman steps
 *	cookie.c         nat.c
 */
#ifndef IKE_V2_H
#define IKE_V2_H

#include "ike/child.h"
#include "ike/failure.h"
#include "ike/gateway.h"
#include "ike/sa.h"
#include "ike/wire/message.h"
#include "ike/xchg.h"

/* Octets of the largest chain we build: sixteen proposals of 48 transforms, a KE of 1,024, two full lists of selectors. */
#define IKE_V2_CHAIN_MAX 16384
#define IKE_V2_NONCE 32

/* ---- started by the core ---- */

/* Begins an IKE SA with @g's peer, for @t. Failure is told and tried again later. */
void ike_v2_connect(struct ike_engine *e, struct ike_gateway *g, struct ike_tunnel *t);
/* Begins exchange @x, whose turn it is. */
void ike_v2_start(struct ike_engine *e, struct ike_xchg *x);
/* The answer to sa->out did not come: send again or give up (2.1, 2.4). */
void ike_v2_retransmit(struct ike_engine *e, struct ike_sa *sa);

/* ---- message.c ---- */

/* Seals (if keyed) and sends the request of @x, and keeps it for retransmission. False: @x must end. */
bool ike_v2_request(struct ike_engine *e, struct ike_xchg *x, enum ike_exchange type,
		    const struct ike_builder *b);
/* Seals and sends the response of @x, and keeps it; the next request may come. @x stays sa->in. */
void ike_v2_response(struct ike_engine *e, struct ike_xchg *x, enum ike_exchange type,
		     const struct ike_builder *b);
/* A response of one notify, and the end of @x. */
void ike_v2_refuse(struct ike_engine *e, struct ike_xchg *x, enum ike_exchange type,
		   enum ike_notify_type notify, const void *data, size_t len);
/* Sends the kept response again, by the way the request came. */
void ike_v2_send_again(struct ike_engine *e, struct ike_sa *sa, const struct ike_path *path);
/* An unprotected answer of one notify to the message with header @to, made without state. */
void ike_v2_reply_clear(struct ike_engine *e, const struct ike_path *path,
			const struct ike_header *to, enum ike_notify_type notify,
			const void *data, size_t len);
/* Sends octets as they are. */
void ike_v2_send(struct ike_engine *e, const struct ike_path *path, const struct vd_secret *octets);

/* ---- rules.c ---- */

enum ike_v2_step {
	IKE_V2_SA_INIT_REQUEST, IKE_V2_SA_INIT_RESPONSE,
	IKE_V2_AUTH_REQUEST, IKE_V2_AUTH_RESPONSE,
	IKE_V2_CHILD_REQUEST, IKE_V2_CHILD_RESPONSE,
	IKE_V2_REKEY_IKE_REQUEST, IKE_V2_REKEY_IKE_RESPONSE,
	IKE_V2_INFORMATIONAL,
	IKE_V2_ERROR,		/* a response that carries an error and nothing else of weight */
};
/* Is the chain what @step allows? All notifies are well-formed then. */
bool ike_v2_allowed(enum ike_v2_step step, const struct ike_chain *c);

/* ---- receivers ---- */

/* What one datagram is: given down from receive.c. */
struct ike_v2_input {
	const struct ike_path		*path;
	const struct ike_message	*message;
};

void ike_v2_sa_init_request(struct ike_engine *e, const struct ike_v2_input *in);
void ike_v2_sa_init_response(struct ike_engine *e, struct ike_sa *sa,
			     const struct ike_v2_input *in);
/* A clear message with a payload @type we don't know, marked critical (RFC 7296, 2.5). */
void ike_v2_unknown_critical(struct ike_engine *e, const struct ike_path *path,
			     const struct ike_header *h, uint8_t type);
/* The peer speaks another major version. */
void ike_v2_other_version(struct ike_engine *e, const struct ike_path *path,
			  const struct ike_header *h);
/* Requests: @x is new; @octets (the decrypted chain) may be taken over. */
void ike_v2_auth_request(struct ike_engine *e, struct ike_xchg *x, struct vd_secret *octets,
			 const struct ike_chain *c);
void ike_v2_create_child_request(struct ike_engine *e, struct ike_xchg *x,
				 const struct ike_chain *c);
void ike_v2_rekey_ike_request(struct ike_engine *e, struct ike_xchg *x, const struct ike_chain *c);
void ike_v2_informational_request(struct ike_engine *e, struct ike_xchg *x,
				  const struct ike_chain *c);
/* Responses to our @x. */
void ike_v2_auth_response(struct ike_engine *e, struct ike_xchg *x, struct vd_secret *octets,
			  const struct ike_chain *c);
void ike_v2_create_child_response(struct ike_engine *e, struct ike_xchg *x,
				  const struct ike_chain *c);
void ike_v2_rekey_ike_response(struct ike_engine *e, struct ike_xchg *x, const struct ike_chain *c);
void ike_v2_informational_response(struct ike_engine *e, struct ike_xchg *x,
				   const struct ike_chain *c);

/* ---- starters, by ike_v2_start() ---- */

void ike_v2_auth_start(struct ike_engine *e, struct ike_sa *sa, struct ike_tunnel *t);
void ike_v2_create_child_start(struct ike_engine *e, struct ike_xchg *x);
void ike_v2_rekey_ike_start(struct ike_engine *e, struct ike_xchg *x);
void ike_v2_informational_start(struct ike_engine *e, struct ike_xchg *x);

/* ---- auth.c: what both roles of IKE_AUTH share ---- */

/* Our ID at @g: as configured, or our address. */
struct ike_id ike_auth_local_id(const struct ike_gateway *g, const struct ike_path *path);
/*
 * Asks for our AUTH value, or for the check of the peer's (x->peer_id_body, peer_auth). IDs and exchange
 * are set in @x. 0 or a negative errno.
 */
int  ike_auth_sign(struct ike_engine *e, struct ike_xchg *x, ike_done_fn done);
int  ike_auth_verify(struct ike_engine *e, struct ike_xchg *x, ike_done_fn done);
/* Takes the result of signing. */
bool ike_auth_signed(struct ike_xchg *x, const struct ike_result *r);
/* Copies ID and AUTH payloads of the peer to @x. The error to send, or 0; @cause is filled. */
uint16_t ike_auth_read(struct ike_engine *e, struct ike_xchg *x, const struct ike_chain *c,
		       struct ike_cause *cause);
/* The cause of a failed signature or check. */
void ike_auth_cause(struct ike_engine *e, struct ike_cause *c, const struct ike_xchg *x, int error,
		    bool verify);

/* ---- rekey_child.c ---- */

/* The peer's request @x rekeys a child: finds it and any rekey of ours. 0 or the notify to refuse with. */
uint16_t ike_v2_rekey_child_accept(struct ike_engine *e, struct ike_xchg *x, uint32_t spi);
/* Does the peer rekey the child of our @x already? */
bool ike_v2_rekey_child_peers(const struct ike_xchg *x);
/* The peer's rekey @x is done: the new child is up, the old one waits for its Delete. */
void ike_v2_rekey_child_answered(struct ike_engine *e, struct ike_xchg *x);
/* Our rekey @x is done: who lost deletes (2.8.1). */
void ike_v2_rekey_child_done(struct ike_engine *e, struct ike_xchg *x);
/* Our rekey @x was refused by @notify. True: that is no failure, and dealt with. */
bool ike_v2_rekey_child_refused(struct ike_engine *e, struct ike_xchg *x, uint16_t notify);

/* ---- rekey_ike.c ---- */

/*
 * The peer uses @sa, made by its rekey and undecided against ours: it knows that its own stands, since it
 * would delete it otherwise.
 */
void ike_v2_rekey_ike_decided(struct ike_engine *e, struct ike_sa *sa);
/* The old IKE SA is deleted by the peer while a rekey of ours is under way (2.25.2). */
void ike_v2_rekey_ike_overtaken(struct ike_engine *e, struct ike_sa *sa);

/* ---- offer.c ---- */

/* What we propose for a child of @t: with our SPI; without groups in IKE_AUTH (1.2). 0 or -ENOMEM. */
int  ike_offer_make(struct ike_xchg *x, bool in_auth);
/*
 * Responder: chooses tunnel (@only if not NULL), suite and selectors from @c. 0: x->tunnel, suite,
 * tsi, tsr and the peer's SPI (*@spi) are set. Else the error to send, with @cause filled.
 */
uint16_t ike_offer_choose(struct ike_engine *e, struct ike_xchg *x, const struct ike_chain *c,
			  struct ike_tunnel *only, bool in_auth, uint32_t *spi,
			  struct ike_cause *cause);
/* Initiator: is the answer within the offer? True: x->suite, the child's selectors and SPI are set. */
bool ike_offer_check(struct ike_engine *e, struct ike_xchg *x, const struct ike_chain *c,
		     bool in_auth, struct ike_cause *cause);
/* Appends SA, and TSi, TSr: the offer, or the answer. */
void ike_offer_emit_sa(struct ike_builder *b, const struct ike_xchg *x);
void ike_offer_emit_ts(struct ike_builder *b, const struct ike_xchg *x);

/* ---- setup.c ---- */

/* Makes x->child for x->tunnel and asks for its SPI; @done follows. 0 or -ENOMEM. */
int  ike_setup_spi(struct ike_engine *e, struct ike_xchg *x, ike_done_fn done);
/* Takes the result of the former. False: x->child is unusable, the cause is filled. */
bool ike_setup_spi_done(struct ike_engine *e, struct ike_xchg *x, const struct ike_result *r,
			struct ike_cause *cause);
/* Derives the keys of x->child and adds its inbound SA; @done follows. 0 or a negative errno. */
int  ike_setup_install(struct ike_engine *e, struct ike_xchg *x, ike_done_fn done);
/* Takes the result of the former. */
bool ike_setup_install_done(struct ike_engine *e, struct ike_xchg *x, const struct ike_result *r,
			    struct ike_cause *cause);

/* ---- dh.c ---- */

/* A fresh pair of x->group; @done follows when it is there (x->dh_private, dh_public). 0 or -ENOMEM. */
int  ike_dh_generate(struct ike_engine *e, struct ike_xchg *x, ike_done_fn done);
bool ike_dh_generated(struct ike_xchg *x, const struct ike_result *r);
/* x->shared from x->peer_public. */
int  ike_dh_derive(struct ike_engine *e, struct ike_xchg *x, ike_done_fn done);
bool ike_dh_derived(struct ike_xchg *x, const struct ike_result *r);
/* A fresh nonce. */
bool ike_nonce_make(struct ike_engine *e, struct ike_nonce *n);
/* A cause for a failed DH or key step. */
void ike_dh_cause(struct ike_engine *e, struct ike_cause *c, const struct ike_xchg *x, int error);

/* ---- cookie.c ---- */

#define IKE_COOKIE_LEN 33
/* Must requests carry a cookie now (2.6)? */
bool ike_cookie_needed(const struct ike_engine *e);
/* The cookie for a request. False: no randomness. */
bool ike_cookie_make(struct ike_engine *e, const struct ike_header *h, const struct ike_nonce *ni,
		     const struct ike_path *path, uint8_t out[static IKE_COOKIE_LEN]);
/* Is @data a cookie we made for this request, not long ago? */
bool ike_cookie_valid(struct ike_engine *e, const struct ike_header *h, const struct ike_nonce *ni,
		      const struct ike_path *path, const uint8_t *data, size_t len);

/* ---- nat.c ---- */

/* Appends NAT_DETECTION_SOURCE_IP and _DESTINATION_IP (2.23). */
void ike_nat_emit(struct ike_engine *e, struct ike_builder *b, const struct ike_sa *sa);
/* Reads the peer's: sets sa->natt, nat_local, nat_remote, encap. @h is the message's header. */
void ike_nat_detect(struct ike_engine *e, struct ike_sa *sa, const struct ike_chain *c,
		    const struct ike_header *h, const struct ike_path *path);

#endif
