// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The engine before any authentication: datagrams of the fuzzer's, alone or made from true ones, at
 * any moment of a set-up. Nobody without the keys may crash it, make state without limit, or end an
 * IKE SA that is up.
 *
 *	octet 0: bits 0-1 rounds of true messages before, bit 2 whom to attack
 *	then records: operation, arguments
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "ike/engine_priv.h"
#include "tests/common/ike_pair.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define RECORDS_MAX	32
#define DATAGRAM_MAX	2048

static int count_up(const struct ike_gateway_status *s, void *arg)
{
	*(unsigned int *)arg += s->state == IKE_GATEWAY_UP;
	return 0;
}

static unsigned int up(struct pair_end *e)
{
	unsigned int n = 0;

	ike_engine_each_gateway(e->engine, count_up, &n);
	return n;
}

/* A datagram as the fuzzer wrote it. */
static void raw(struct pair_end *e, struct vd_reader *r, uint8_t op)
{
	size_t len = vd_read_u16(r);
	const uint8_t *octets;

	if (len > vd_reader_left(r))
		len = vd_reader_left(r);
	octets = vd_read_bytes(r, len);
	if (octets || !len)
		pair_inject(e, op & 0x10, len ? octets : (const uint8_t *)"", len);
}

/* A true one that waits, changed in places, cut, or repeated. */
static void patched(struct pair_end *e, struct vd_reader *r, uint8_t op)
{
	uint8_t octets[DATAGRAM_MAX], n = vd_read_u8(r) & 7;
	uint8_t which = vd_read_u8(r);
	const struct vd_secret *from;
	size_t len;

	if (!e->n_inbox)
		return;
	from = &e->inbox[which % e->n_inbox].octets;
	len = from->len < sizeof(octets) ? from->len : sizeof(octets);
	memcpy(octets, from->data, len);
	while (n--) {
		uint16_t at = vd_read_u16(r);
		uint8_t v = vd_read_u8(r);

		octets[at % len] ^= v;
	}
	if (op & 0x20)
		len -= vd_read_u8(r) % len;
	/* Let the length be right, or hardly anything is looked at. */
	if (len >= 28 && !(op & 0x40)) {
		octets[24] = octets[25] = 0;
		octets[26] = (uint8_t)(len >> 8);
		octets[27] = (uint8_t)len;
	}
	pair_inject(e, e->inbox[which % e->n_inbox].path.natt, octets, len);
}

static void record(struct ike_pair *p, struct pair_end *e, struct vd_reader *r)
{
	uint8_t op = vd_read_u8(r);

	switch (op & 3) {
	case 0:
		raw(e, r, op);
		break;
	case 1:
		patched(e, r, op);
		break;
	case 2:
		pair_advance(p, (vd_time)vd_read_u8(r) * 200);
		break;
	case 3:
		pair_run(p, 1);
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vd_reader r = vd_reader_init(data, size);
	uint8_t how = vd_read_u8(&r);
	unsigned int before;
	struct ike_pair *p;
	struct pair_end *e;

	if (!size)
		return 0;
	p = pair_new(true);
	e = &p->end[!(how & 4)];
	pair_run(p, how & 3);
	for (int i = 0; i < RECORDS_MAX && vd_reader_left(&r) && !r.failed; i++) {
		before = up(e);
		/* Time and true messages may end an SA; what is injected may not. */
		if ((*r.at & 3) >= 2)
			before = 0;
		record(p, e, &r);
		if (up(e) < before) {
			fprintf(stderr, "an unauthenticated datagram ended an IKE SA\n");
			abort();
		}
	}
	if (e->engine->half_open > e->engine->limits.half_open_max)
		abort();
	pair_free(p);
	return 0;
}
