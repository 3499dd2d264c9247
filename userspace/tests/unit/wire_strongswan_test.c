// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Messages of another implementation, byte for byte: every one is opened with the
 * session's keys, taken apart, and each payload emitted again must be the octets it came from.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ike/wire/encrypted.h"
#include "ike/wire/payload.h"
#include "tests/common/hex.h"
#include "tests/common/test_ops.h"
#include "tests/vectors/strongswan_ike.h"

#define N_SESSIONS (sizeof(strongswan_sessions) / sizeof(strongswan_sessions[0]))

static struct ike_ops ops;

struct opened {
	uint8_t			wire[1024];
	struct ike_message	m;
	struct vd_secret	plain;
	struct ike_chain	inner;
};

static struct ike_sk_keys keys_of(const struct strongswan_session *s, bool initiator)
{
	struct ike_sk_keys k;

	ike_sk_keys_init(&k, &s->suite);
	k.encr_key.len = (uint8_t)test_hex(initiator ? s->sk_ei : s->sk_er, k.encr_key.data, VD_KEY_MAX);
	k.integ_key.len = (uint8_t)test_hex(initiator ? s->sk_ai : s->sk_ar, k.integ_key.data, VD_KEY_MAX);
	return k;
}

static void open_message(struct opened *o, const struct strongswan_session *s, size_t i)
{
	size_t n = test_hex(s->messages[i], o->wire, sizeof(o->wire));
	struct ike_sk_keys k;

	o->plain = (struct vd_secret){ 0 };
	o->inner.n = 0;
	assert_int_equal(ike_message_parse(&o->m, o->wire, n, NULL), IKE_WIRE_OK);
	if (o->m.sealed.type == IKE_PAYLOAD_NONE)
		return;
	k = keys_of(s, o->m.header.flags & IKE_FLAG_INITIATOR);
	assert_int_equal(ike_sk_open(&o->plain, &ops, &k, &o->m), IKE_WIRE_OK);
	assert_int_equal(ike_chain_parse(&o->inner, o->m.sealed.first, o->plain.data, o->plain.len, NULL),
			 IKE_WIRE_OK);
}

static void emit_again(struct ike_builder *b, const struct ike_payload *p)
{
	struct ike_proposal_list sa;
	struct ike_nonce nonce;
	struct ike_notify n;
	struct ike_delete d;
	struct ike_ts_list ts;
	struct ike_auth auth;
	struct ike_ke ke;
	struct ike_id id;
	uint32_t spi;

	switch ((enum ike_payload_type)p->type) {
	case IKE_PAYLOAD_SA:
		assert_int_equal(ike_wire_sa_parse(&sa, p), IKE_WIRE_OK);
		ike_wire_sa_emit(b, &sa);
		return;
	case IKE_PAYLOAD_KE:
		assert_int_equal(ike_wire_ke_parse(&ke, p), IKE_WIRE_OK);
		ike_wire_ke_emit(b, (enum ike_dh)ke.group, ke.data, ke.len);
		return;
	case IKE_PAYLOAD_NONCE:
		assert_int_equal(ike_wire_nonce_parse(&nonce, p), IKE_WIRE_OK);
		ike_wire_nonce_emit(b, &nonce);
		return;
	case IKE_PAYLOAD_IDI:
	case IKE_PAYLOAD_IDR:
		assert_int_equal(ike_wire_id_parse(&id, p), IKE_WIRE_OK);
		ike_wire_id_emit(b, (enum ike_payload_type)p->type, &id);
		return;
	case IKE_PAYLOAD_AUTH:
		assert_int_equal(ike_wire_auth_parse(&auth, p), IKE_WIRE_OK);
		ike_wire_auth_emit(b, (enum ike_auth_method)auth.method, auth.data, auth.len);
		return;
	case IKE_PAYLOAD_NOTIFY:
		assert_int_equal(ike_wire_notify_parse(&n, p), IKE_WIRE_OK);
		assert_non_null(ike_notify_name(n.type));
		if (n.spi_len)
			ike_wire_notify_emit_spi(b, (enum ike_notify_type)n.type,
						 (enum ike_protocol)n.protocol, ike_notify_spi(&n));
		else
			ike_wire_notify_emit(b, (enum ike_notify_type)n.type, n.data, n.len);
		return;
	case IKE_PAYLOAD_DELETE:
		assert_int_equal(ike_wire_delete_parse(&d, p), IKE_WIRE_OK);
		assert_true(d.n <= 1);
		spi = ike_delete_spi(&d, 0);
		ike_wire_delete_emit(b, (enum ike_protocol)d.protocol, &spi, d.n);
		return;
	case IKE_PAYLOAD_TSI:
	case IKE_PAYLOAD_TSR:
		assert_int_equal(ike_wire_ts_parse(&ts, p), IKE_WIRE_OK);
		ike_wire_ts_emit(b, (enum ike_payload_type)p->type, &ts);
		return;
	case IKE_PAYLOAD_VENDOR:
		ike_builder_raw(b, IKE_PAYLOAD_VENDOR, p->body, p->len);
		return;
	case IKE_PAYLOAD_NONE:
	case IKE_PAYLOAD_CERT:
	case IKE_PAYLOAD_CERTREQ:
	case IKE_PAYLOAD_SK:
	case IKE_PAYLOAD_CP:
	case IKE_PAYLOAD_EAP:
	case IKE_PAYLOAD_SKF:
		break;
	}
	fail_msg("payload %u was not expected in the capture", p->type);
}

static void test_octet_for_octet(void **state)
{
	for (size_t s = 0; s < N_SESSIONS; s++) {
		for (size_t i = 0; i < 8; i++) {
			uint8_t buf[1024];
			struct ike_builder b = ike_builder_init(buf, sizeof(buf));
			vd_auto_secret again = { 0 };
			struct opened o;
			const struct ike_chain *c;

			open_message(&o, &strongswan_sessions[s], i);
			c = o.m.sealed.type == IKE_PAYLOAD_NONE ? &o.m.clear : &o.inner;
			assert_true(c->n > 0);
			for (size_t k = 0; k < c->n; k++)
				emit_again(&b, &c->p[k]);
			if (o.m.sealed.type == IKE_PAYLOAD_NONE) {
				assert_int_equal(ike_message_emit(&again, &o.m.header, &b), IKE_WIRE_OK);
				assert_int_equal(again.len, o.m.len);
				assert_memory_equal(again.data, o.wire, again.len);
			} else {
				assert_int_equal(b.first, o.m.sealed.first);
				assert_int_equal(b.w.len, o.plain.len);
				assert_memory_equal(buf, o.plain.data, b.w.len);
			}
			vd_secret_free(&o.plain);
		}
	}
}

/* Sealed again with the same IV, an AEAD gives the very datagram. */
static void test_seal_again(void **state)
{
	const struct strongswan_session *s = &strongswan_sessions[0];
	vd_auto_secret again = { 0 };
	struct ike_builder b;
	struct ike_sk_keys k;
	struct opened o;

	open_message(&o, s, 2);
	k = keys_of(s, true);
	b = (struct ike_builder){
		.w = { .base = o.plain.data, .len = o.plain.len, .cap = o.plain.len },
		.first = o.m.sealed.first,
	};
	for (int i = 0; i < 8; i++)
		k.next_iv = k.next_iv << 8 | o.m.sealed.body[i];
	assert_int_equal(ike_sk_seal(&again, &ops, &k, &o.m.header, &b), IKE_WIRE_OK);
	assert_int_equal(again.len, o.m.len);
	assert_memory_equal(again.data, o.wire, again.len);
	vd_secret_free(&o.plain);
}

/* The values that matter, as a reader of the capture sees them. */
static void test_values(void **state)
{
	struct opened o;
	struct ike_proposal_list sa;
	struct ike_ts_list ts;
	struct ike_notify n;
	struct ike_id id;
	char buf[128];
	struct vd_strbuf b = vd_strbuf_init(buf, sizeof(buf));

	open_message(&o, &strongswan_sessions[0], 0);
	assert_int_equal(o.m.header.exchange, IKE_EXCHANGE_SA_INIT);
	assert_true(ike_chain_notify(&o.m.clear, IKE_NOTIFY_NAT_DETECTION_SOURCE_IP, &n));
	assert_int_equal(n.len, 20);
	assert_int_equal(ike_wire_sa_parse(&sa, ike_chain_find(&o.m.clear, IKE_PAYLOAD_SA)), IKE_WIRE_OK);
	ike_proposal_list_format(&b, &sa);
	assert_string_equal(buf, "aes128gcm16-prfsha256-curve25519");

	open_message(&o, &strongswan_sessions[1], 0);
	assert_int_equal(ike_wire_sa_parse(&sa, ike_chain_find(&o.m.clear, IKE_PAYLOAD_SA)), IKE_WIRE_OK);
	b = vd_strbuf_init(buf, sizeof(buf));
	ike_proposal_list_format(&b, &sa);
	assert_string_equal(buf, "aes256-sha256-modp2048, aes256gcm16-prfsha384-ecp384");

	open_message(&o, &strongswan_sessions[1], 2);
	assert_int_equal(ike_wire_id_parse(&id, ike_chain_find(&o.inner, IKE_PAYLOAD_IDI)), IKE_WIRE_OK);
	b = vd_strbuf_init(buf, sizeof(buf));
	ike_id_format(&b, &id);
	assert_string_equal(buf, "A.lab");
	assert_int_equal(ike_wire_ts_parse(&ts, ike_chain_find(&o.inner, IKE_PAYLOAD_TSR)), IKE_WIRE_OK);
	b = vd_strbuf_init(buf, sizeof(buf));
	ike_ts_list_format(&b, &ts);
	assert_string_equal(buf, "10.2.0.2/32");
	vd_secret_free(&o.plain);

	open_message(&o, &strongswan_sessions[1], 4);
	assert_true(ike_chain_notify(&o.inner, IKE_NOTIFY_REKEY_SA, &n));
	assert_int_equal(n.protocol, IKE_PROTO_ESP);
	assert_true(ike_notify_spi(&n) != 0);
	vd_secret_free(&o.plain);
}

static int setup(void **state)
{
	test_ops_open(&ops, 1);
	return 0;
}

static int teardown(void **state)
{
	test_ops_close(&ops);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_octet_for_octet),
		cmocka_unit_test(test_seal_again),
		cmocka_unit_test(test_values),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
