// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * daemon/msg.c: what one role accepts from another. For every type a good message passes and each
 * way to spoil it is refused; nothing goes in a direction the table does not name.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/msg.h"

#define FROM_NET VD_ROLE_NET, VD_ROLE_PRIV

struct datagram {
	struct vd_msg_header	h;
	union vd_msg_body	b;
	uint8_t			tail[64];
};

static const enum vd_role roles[] = { VD_ROLE_PRIV, VD_ROLE_NET, VD_ROLE_KEYS };

static struct ike_ts ts4(uint32_t start, uint32_t end)
{
	uint8_t s[4] = { start >> 24, start >> 16, start >> 8, start };
	uint8_t e[4] = { end >> 24, end >> 16, end >> 8, end };

	return (struct ike_ts){ vd_addr_make(s, 4), vd_addr_make(e, 4), 0, 0, 65535 };
}

static struct datagram *make(enum vd_msg_type type)
{
	struct datagram *d = calloc(1, sizeof(*d));

	d->h.type = type;
	d->h.size = vd_msg_body_size(type);
	return d;
}

static int parse(const struct datagram *d, enum vd_role from, enum vd_role to)
{
	struct vd_msg m;

	return vd_msg_parse(&m, from, to, d, sizeof(d->h) + d->h.size, vd_msg_fds(d->h.type));
}

static struct datagram *make_sa(enum vd_msg_type type)
{
	struct datagram *d = make(type);
	struct vd_msg_sa *sa = &d->b.SA_ADD;

	strcpy(sa->id.tunnel, "via0");
	sa->id.child = 1;
	sa->id.spi = 0x1000;
	sa->protocol = IKE_PROTO_ESP;
	sa->encr = IKE_ENCR_AES_GCM_16;
	sa->encr_key_bits = 256;
	sa->encr_key.len = 36;
	sa->local.addr = vd_addr_make((const uint8_t[]){ 192, 0, 2, 1 }, 4);
	sa->remote.addr = vd_addr_make((const uint8_t[]){ 198, 51, 100, 1 }, 4);
	return d;
}

static void test_sa(void **state)
{
	struct datagram *d = make_sa(VD_MSG_SA_ADD), good = *d;

	assert_int_equal(parse(d, FROM_NET), 0);
#define SPOILED(change) do {						\
		*d = good;						\
		change;							\
		assert_true(parse(d, FROM_NET) < 0);			\
	} while (0)
	SPOILED(memset(d->b.SA_ADD.id.tunnel, 'x', 16));
	SPOILED(d->b.SA_ADD.id.tunnel[0] = 0);
	SPOILED(d->b.SA_ADD.id.tunnel[1] = '\n');
	SPOILED(strcpy(d->b.SA_ADD.id.tunnel, "../x"));
	SPOILED(d->b.SA_ADD.id.inbound = 2);
	SPOILED(d->b.SA_ADD.id.spi = 255);
	SPOILED(d->b.SA_ADD.protocol = IKE_PROTO_IKE);
	SPOILED(d->b.SA_ADD.encr = 0x10000);
	SPOILED(d->b.SA_ADD.esn = 2);
	SPOILED(d->b.SA_ADD.encap = 2);
	SPOILED(d->b.SA_ADD.encap = 1);			/* without ports */
	SPOILED(d->b.SA_ADD.encr_key.len = VD_KEY_MAX + 1);
	SPOILED(d->b.SA_ADD.integ_key.len = 255);
	SPOILED(d->b.SA_ADD.local.addr.family = 5);
	SPOILED(d->b.SA_ADD.local.addr.family = VD_FAMILY_NONE);
	SPOILED(d->b.SA_ADD.remote.addr.family = VD_FAMILY_IPV6);
	SPOILED(d->b.SA_ADD.soft = -1);
	SPOILED(d->h.size++);
	SPOILED(d->h.size--);
#undef SPOILED
	free(d);
}

static void test_child(void **state)
{
	struct datagram *d = make(VD_MSG_CHILD_SET), good;
	struct vd_msg_child *c = &d->b.CHILD_SET;

	strcpy(c->tunnel, "via0");
	c->child = 7;
	c->local_ts.n = c->remote_ts.n = 1;
	c->local_ts.ts[0] = ts4(0x0a010000, 0x0a01ffff);
	c->remote_ts.ts[0] = ts4(0x0a020000, 0x0a02ffff);
	good = *d;
	assert_int_equal(parse(d, FROM_NET), 0);
#define SPOILED(change) do {						\
		*d = good;						\
		change;							\
		assert_true(parse(d, FROM_NET) < 0);			\
	} while (0)
	SPOILED(c->child = 0);
	SPOILED(c->local_ts.n = 0);
	SPOILED(c->remote_ts.n = IKE_TS_MAX + 1);
	SPOILED(c->local_ts.ts[0] = ts4(0x0a010001, 0x0a010000));
	SPOILED(c->local_ts.ts[0].end.family = VD_FAMILY_IPV6);
	SPOILED(c->on_demand = 3);
#undef SPOILED
	free(d);
}

static void test_psk(void **state)
{
	struct datagram *d = make(VD_MSG_PSK_VERIFY);
	size_t body = vd_msg_body_size(VD_MSG_PSK_VERIFY);
	struct vd_msg_psk *q = &d->b.PSK_VERIFY;
	uint8_t *buf = calloc(1, sizeof(*d) + 64);

	strcpy(q->gateway, "hq");
	q->auth_len = 32;
	d->h.size = body + 16;
	memcpy(buf, d, sizeof(d->h) + body);
	assert_int_equal(parse((struct datagram *)buf, VD_ROLE_NET, VD_ROLE_KEYS), 0);
	/* Nothing to sign, a length that lies, a name that is none, and the wrong kind of question. */
	((struct datagram *)buf)->h.size = body;
	assert_true(parse((struct datagram *)buf, VD_ROLE_NET, VD_ROLE_KEYS) < 0);
	((struct datagram *)buf)->h.size = body + 16;
	((struct datagram *)buf)->b.PSK_VERIFY.auth_len = IKE_PRF_MAX + 1;
	assert_true(parse((struct datagram *)buf, VD_ROLE_NET, VD_ROLE_KEYS) < 0);
	((struct datagram *)buf)->b.PSK_VERIFY.auth_len = 0;
	assert_true(parse((struct datagram *)buf, VD_ROLE_NET, VD_ROLE_KEYS) < 0);
	((struct datagram *)buf)->h.type = VD_MSG_PSK_SIGN;
	assert_int_equal(parse((struct datagram *)buf, VD_ROLE_NET, VD_ROLE_KEYS), 0);
	((struct datagram *)buf)->b.PSK_SIGN.local_id.len = IKE_ID_MAX + 1;
	assert_true(parse((struct datagram *)buf, VD_ROLE_NET, VD_ROLE_KEYS) < 0);
	free(buf);
	free(d);
}

/* A message goes one way only, and nothing shorter than its body passes. */
static void test_directions(void **state)
{
	for (unsigned int type = 0; type <= VD_MSG_TYPE_MAX + 1; type++) {
		unsigned int ways = 0;

		for (size_t f = 0; f < 3; f++)
			for (size_t t = 0; t < 3; t++)
				ways += vd_msg_may_send(type, roles[f], roles[t], 0) != 0;
		assert_int_equal(ways, type > VD_MSG_NONE && type < VD_MSG_TYPE_MAX);
	}
	/* [net] cannot speak as [priv], nor [keys] to the kernel. */
	assert_false(vd_msg_may_send(VD_MSG_SECRET, VD_ROLE_NET, VD_ROLE_KEYS, 0));
	assert_false(vd_msg_may_send(VD_MSG_SA_ADD, VD_ROLE_KEYS, VD_ROLE_PRIV, 0));
	assert_false(vd_msg_may_send(VD_MSG_PSK_SIGN, VD_ROLE_NET, VD_ROLE_PRIV, 0));
}

static void test_lengths(void **state)
{
	struct datagram *d = make_sa(VD_MSG_SA_ADD);
	struct vd_msg m = { .token = 99 };

	for (size_t len = 0; len < sizeof(d->h) + d->h.size; len++)
		assert_true(vd_msg_parse(&m, FROM_NET, d, len, 0) < 0);
	assert_true(vd_msg_parse(&m, FROM_NET, d, sizeof(d->h) + d->h.size, 1) < 0);
	assert_int_equal(m.token, 99);		/* untouched on failure */
	free(d);
}

static void test_conversion(void **state)
{
	struct ike_sa_params p = {
		.id = { "via0", 3, true, 0xdeadbeef },
		.suite = { IKE_PROTO_ESP, IKE_ENCR_AES_CBC, 256, IKE_INTEG_HMAC_SHA2_256_128,
			   IKE_PRF_NONE, IKE_DH_NONE, IKE_ESN_YES },
		.encap = true,
		.encr_key = { 32, { 1, 2, 3 } }, .integ_key = { 32, { 4, 5, 6 } },
		.replay_window = 64, .soft = 1, .hard = 2, .soft_bytes = 3, .hard_bytes = 4,
		.soft_packets = 5, .hard_packets = 6,
	}, back;
	struct vd_msg_sa m;

	p.local = (struct vd_endpoint){ vd_addr_make((const uint8_t[]){ 1, 2, 3, 4 }, 4), 4500 };
	p.remote = (struct vd_endpoint){ vd_addr_make((const uint8_t[]){ 5, 6, 7, 8 }, 4), 4501 };
	vd_msg_from_sa(&m, &p);
	vd_msg_to_sa(&back, &m);
	assert_string_equal(back.id.tunnel, p.id.tunnel);
	assert_int_equal(back.id.child, p.id.child);
	assert_int_equal(back.id.spi, p.id.spi);
	assert_true(back.id.inbound && back.encap);
	assert_int_equal(back.suite.encr, p.suite.encr);
	assert_int_equal(back.suite.integ, p.suite.integ);
	assert_int_equal(back.suite.esn, p.suite.esn);
	assert_memory_equal(&back.encr_key, &p.encr_key, sizeof(p.encr_key));
	assert_memory_equal(&back.integ_key, &p.integ_key, sizeof(p.integ_key));
	assert_true(vd_endpoint_equal(&back.local, &p.local));
	assert_true(vd_endpoint_equal(&back.remote, &p.remote));
	assert_int_equal(back.hard_packets, 6);
	assert_int_equal(back.soft_bytes, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sa),
		cmocka_unit_test(test_child),
		cmocka_unit_test(test_psk),
		cmocka_unit_test(test_directions),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_conversion),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
