// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The engine behind the decryption: two engines set each other up, then one gets messages whose inner
 * chain is the fuzzer's, sealed with the right keys; between them time, commands, kernel events and
 * true messages. An authenticated peer must not crash us, confuse our kernel, or leak.
 *
 *	octet 0: whom to attack (bit 0), and when (bits 1-2)
 *	then records: an operation and its arguments
 */
#include <stdlib.h>
#include <string.h>

#include "ike/gateway.h"
#include "ike/sa.h"
#include "ike/wire/message.h"
#include "ike/xchg.h"
#include "tests/common/ike_pair.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define RECORDS_MAX 24

/* The @n-th IKE SA of the gateway, counted round. */
static struct ike_sa *pick_sa(struct pair_end *e, unsigned int n)
{
	struct ike_gateway *g = ike_gateway_find(e->engine, "peer");
	struct ike_sa *sa;
	unsigned int count = 0;

	DL_FOREACH(g->sas, sa)
		count++;
	if (!count)
		return NULL;
	n %= count;
	DL_FOREACH(g->sas, sa)
		if (!n--)
			return sa;
	return NULL;
}

static uint8_t exchange_of(const struct ike_xchg *x)
{
	switch (x->kind) {
	case IKE_XCHG_SA_INIT:
		return IKE_EXCHANGE_SA_INIT;
	case IKE_XCHG_AUTH:
		return IKE_EXCHANGE_AUTH;
	case IKE_XCHG_NEW_CHILD:
	case IKE_XCHG_REKEY_CHILD:
	case IKE_XCHG_REKEY_IKE:
		return IKE_EXCHANGE_CREATE_CHILD_SA;
	case IKE_XCHG_DELETE_CHILD:
	case IKE_XCHG_DELETE_IKE:
	case IKE_XCHG_LIVENESS:
	case IKE_XCHG_AUTH_FAILED:
	case IKE_XCHG_INFORMATIONAL:
		break;
	}
	return IKE_EXCHANGE_INFORMATIONAL;
}

/* Seals @chain as the peer would and gives it to @e. */
static void inject(struct pair_end *e, struct ike_sa *sa, uint8_t exchange, bool response,
		   uint32_t id, uint8_t first, const uint8_t *chain, size_t len)
{
	struct ike_header h = { .spi_i = sa->spi_i, .spi_r = sa->spi_r, .version = IKE_VERSION_2,
				.exchange = exchange, .message_id = id };
	struct ike_builder b = { .w = { .base = (uint8_t *)chain, .len = len, .cap = len },
				 .first = first };
	struct ike_sk_keys keys = *ike_sa_keys_in(sa);
	vd_auto_secret out = { 0 };

	h.flags = (sa->initiator ? 0 : IKE_FLAG_INITIATOR) | (response ? IKE_FLAG_RESPONSE : 0);
	keys.next_iv = 1 + ((uint64_t)id << 32 | e->pair->now);
	if (ike_sk_seal(&out, &e->ops, &keys, &h, &b) == IKE_WIRE_OK)
		pair_inject(e, sa->path.natt, out.data, out.len);
	vd_wipe(&keys, sizeof(keys));
}

static void inject_record(struct pair_end *e, struct vd_reader *r, uint8_t op)
{
	struct ike_sa *sa = pick_sa(e, op >> 6);
	bool response = (op & 7) == 3;
	uint8_t exchange = vd_read_u8(r), first = vd_read_u8(r);
	size_t want = vd_read_u16(r), len = vd_reader_left(r);
	const uint8_t *chain;
	uint32_t id;

	if (want < len)
		len = want;
	chain = vd_read_bytes(r, len);
	if (r->failed || !sa || !sa->keyed || (response && !sa->out))
		return;
	id = response ? sa->out->message_id : sa->next_response;
	if (op & 0x20)
		id += (op & 0x10) ? 1 : (uint32_t)-1;
	if (response && !(exchange & 1))
		exchange = exchange_of(sa->out);
	else
		exchange = (uint8_t)(IKE_EXCHANGE_AUTH + exchange % 3);
	inject(e, sa, exchange, response, id, first, chain, len);
}

static void kernel_event(struct pair_end *e, uint8_t what)
{
	struct ike_kernel_event ev = { .kind = (enum ike_kernel_event_kind)(what & 3), .child = 1 };
	const struct pair_sa *s = &e->sas[what >> 4];

	strcpy(ev.tunnel, what & 4 ? "via1" : "via0");
	ev.remote = (struct vd_endpoint){ e->gateway.remote, 4500 };
	if (ev.kind != IKE_KERNEL_ACQUIRE && s->spi) {
		memcpy(ev.tunnel, s->tunnel, sizeof(ev.tunnel));
		ev.spi = s->spi;
		ev.inbound = s->inbound;
		ev.hard = what & 8;
	}
	/* What is gone must be gone there, too. */
	if (s->spi && !s->larval &&
	    (ev.kind == IKE_KERNEL_SA_GONE || (ev.kind == IKE_KERNEL_EXPIRE && ev.hard)))
		e->sas[what >> 4].spi = 0;
	else if (ev.kind == IKE_KERNEL_SA_GONE || ev.hard)
		return;
	ike_engine_kernel_event(e->engine, e->pair->now, &ev);
	pair_drain(e);
}

static void record(struct ike_pair *p, struct pair_end *e, struct vd_reader *r)
{
	uint8_t op = vd_read_u8(r), arg;

	switch (op & 7) {
	case 0:
	case 1:
	case 2:
	case 3:
		inject_record(e, r, op);
		break;
	case 4:
		pair_advance(p, (vd_time)vd_read_u8(r) * 300);
		break;
	case 5:
		arg = vd_read_u8(r);
		ike_engine_command(e->engine, p->now, (enum ike_verb)(arg & 3), "peer",
				   arg & 4 ? "via0" : arg & 8 ? "via1" : NULL);
		pair_drain(e);
		break;
	case 6:
		kernel_event(e, vd_read_u8(r));
		break;
	case 7:
		if (op & 8)
			e->stalled = !e->stalled;
		pair_run(p, 1 + (op >> 6));
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vd_reader r = vd_reader_init(data, size);
	uint8_t how = vd_read_u8(&r);
	struct ike_pair *p;
	struct pair_end *e;

	if (!size)
		return 0;
	p = pair_new(true);
	e = &p->end[how & 1];
	switch (how >> 1 & 3) {
	case 0:
		pair_deliver(&p->end[1]);	/* the responder waits for IKE_AUTH */
		break;
	case 1:
		pair_deliver(&p->end[1]);
		pair_deliver(&p->end[0]);	/* the initiator waits for its answer */
		break;
	default:
		pair_run(p, 8);			/* up, with both children */
	}
	for (int i = 0; i < RECORDS_MAX && vd_reader_left(&r) && !r.failed; i++)
		record(p, e, &r);
	pair_free(p);
	return 0;
}
