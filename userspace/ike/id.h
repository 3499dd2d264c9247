/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Identities (RFC 7296, 3.5; RFC 2407, 4.6.2.1): what a peer says it is, and
 * whether that is whom we expect.
 */
#ifndef IKE_ID_H
#define IKE_ID_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/strbuf.h"

enum ike_id_type {
	IKE_ID_NONE = 0,	/* configuration: not set; any is accepted, or the address is sent */
	IKE_ID_IPV4_ADDR = 1,
	IKE_ID_FQDN = 2,
	IKE_ID_RFC822_ADDR = 3,
	IKE_ID_IPV6_ADDR = 5,
	IKE_ID_DER_ASN1_DN = 9,
	IKE_ID_KEY_ID = 11,
};

#define IKE_ID_MAX 256	/* octets; a longer one from a peer is refused */

struct ike_id {
	uint8_t		type;		/* enum ike_id_type or a number we don't know */
	uint16_t	len;
	uint8_t		data[IKE_ID_MAX];
};

/*
 * Reads the configuration's notation: an address, "@fqdn" or a name, user@name, "keyid:0x…" or "keyid:text";
 * a type may be forced by "fqdn:", "email:", "ipv4:", "ipv6:", "keyid:". 0, or -EINVAL with @id unchanged.
 * (X.500 names come with the certificates.)
 */
int  ike_id_parse(struct ike_id *id, const char *text);
struct ike_id ike_id_from_addr(const struct vd_addr *addr);
/* Does @peer satisfy the configured @expected? Names compare without case. */
bool ike_id_match(const struct ike_id *expected, const struct ike_id *peer);
/* The configuration's notation, safe for a terminal. NONE is "any". */
void ike_id_format(struct vd_strbuf *b, const struct ike_id *id);

#endif
