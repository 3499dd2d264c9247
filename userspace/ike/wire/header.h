/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The IKE header (RFC 7296, 3.1; the same layout in RFC 2408, 3.1, so both
 * versions begin here).
 */
#ifndef IKE_WIRE_HEADER_H
#define IKE_WIRE_HEADER_H

#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "ike/wire/error.h"

#define IKE_HEADER_LEN	28
#define IKE_SPI_LEN	8

enum ike_exchange {
	IKE_EXCHANGE_SA_INIT = 34,
	IKE_EXCHANGE_AUTH = 35,
	IKE_EXCHANGE_CREATE_CHILD_SA = 36,
	IKE_EXCHANGE_INFORMATIONAL = 37,
};

#define IKE_FLAG_INITIATOR	0x08	/* sent by the original initiator of the IKE SA */
#define IKE_FLAG_VERSION	0x10	/* the sender could speak a higher major version */
#define IKE_FLAG_RESPONSE	0x20

#define IKE_VERSION_1		0x10
#define IKE_VERSION_2		0x20
#define IKE_VERSION_MAJOR(v)	((v) >> 4)

struct ike_header {
	uint64_t	spi_i;		/* compared and hashed only: as a big-endian number */
	uint64_t	spi_r;
	uint8_t		next_payload;	/* emission fills it in */
	uint8_t		version;	/* major << 4 | minor */
	uint8_t		exchange;	/* enum ike_exchange, or a number we don't know */
	uint8_t		flags;
	uint32_t	message_id;
	uint32_t	length;		/* emission fills it in */
};

/*
 * Reads the header of a datagram of @len octets. Any version: the caller dispatches by it.
 * TRUNCATED, or LENGTH if the header's length is not @len.
 */
IKE_MUST_CHECK enum ike_wire_error
ike_header_parse(struct ike_header *h, const uint8_t *data, size_t len);
void ike_header_emit(struct vd_writer *w, const struct ike_header *h);

#endif
