// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * daemon/cause_text.c, event_text.c: the report an administrator reads.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/report.h"

static struct ike_cause pfs(void)
{
	struct ike_cause c = {
		.code = IKE_CAUSE_P2_PFS, .phase = IKE_PHASE_2, .field = IKE_FIELD_PFS,
		.gateway = "hq", .tunnel = "via0", .ours = "aes256-sha256-modp2048",
		.theirs = "aes256-sha256", .file = "hq.conf", .line = 9,
	};

	c.peer.addr = vd_addr_make((const uint8_t[]){ 198, 51, 100, 1 }, 4);
	return c;
}

static void test_report(void **state)
{
	struct ike_cause c = pfs();
	char text[VD_REPORT_MAX];
	struct vd_strbuf b = vd_strbuf_init(text, sizeof(text));

	vd_cause_report(&b, &c);
	assert_string_equal(text,
		"VIA-2103 hq/via0: Phase 2 refused: PFS on one side only  [certain]\n"
		"  peer 198.51.100.1 offered : aes256-sha256\n"
		"  hq.conf:9 requires        : aes256-sha256-modp2048\n"
		"  fix: set the same PFS on both ends: aes256-sha256-modp2048 here in hq.conf:9, "
		"aes256-sha256 on the peer");
}

/* A bare notify shows only our side, and says so. */
static void test_one_side(void **state)
{
	struct ike_cause c = pfs();
	char text[VD_REPORT_MAX];
	struct vd_strbuf b = vd_strbuf_init(text, sizeof(text));

	c.code = IKE_CAUSE_P1_REFUSED;
	c.tunnel[0] = c.theirs[0] = 0;
	c.initiator = true;
	c.certainty = IKE_LIKELY;
	vd_cause_report(&b, &c);
	assert_string_equal(text,
		"VIA-1106 hq: Phase 1 refused by the peer: no proposal chosen  [likely]\n"
		"  hq.conf:9 offered : aes256-sha256-modp2048\n"
		"  fix: the peer did not say what it wants; compare its Phase 1 proposals with hq.conf:9");
}

static void test_kernel(void **state)
{
	struct ike_cause c = { .code = IKE_CAUSE_KERNEL_REFUSED, .phase = IKE_PHASE_KERNEL,
			       .gateway = "hq", .tunnel = "via0", .ours = "no such algorithm",
			       .file = "hq.conf", .line = 8 };
	char text[VD_REPORT_MAX];
	struct vd_strbuf b = vd_strbuf_init(text, sizeof(text));

	vd_cause_report(&b, &c);
	assert_string_equal(text,
		"VIA-5101 hq/via0: The kernel module refused an SA  [certain]\n"
		"  the kernel says : no such algorithm\n"
		"  fix: see the text; is the algorithm available? dmesg tells more");
}

/* No cause leaves a placeholder in a sentence, however little is known. */
static void test_no_placeholder_left(void **state)
{
	static const enum ike_cause_code codes[] = {
#define X(number, NAME, title, fix) IKE_CAUSE_##NAME,
		IKE_CAUSE_CODES(X)
#undef X
	};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		struct ike_cause empty = { .code = codes[i] }, full = pfs();
		char text[VD_REPORT_MAX];
		struct vd_strbuf b = vd_strbuf_init(text, sizeof(text));

		vd_cause_report(&b, &empty);
		assert_null(strchr(text, '{'));
		assert_false(b.cut);
		full.code = codes[i];
		memset(full.ours, 'o', sizeof(full.ours) - 1);
		memset(full.theirs, 't', sizeof(full.theirs) - 1);
		memset(full.file, 'f', sizeof(full.file) - 1);
		b = vd_strbuf_init(text, sizeof(text));
		vd_cause_report(&b, &full);
		assert_null(strchr(text, '{'));
		assert_false(b.cut);
	}
}

static void test_message_id(void **state)
{
	char a[VD_MESSAGE_ID_LEN + 1], b[VD_MESSAGE_ID_LEN + 1];

	vd_cause_message_id(IKE_CAUSE_P2_PFS, a);
	vd_cause_message_id(IKE_CAUSE_AUTH_PSK, b);
	assert_int_equal(strlen(a), VD_MESSAGE_ID_LEN);
	assert_int_equal(strspn(a, "0123456789abcdef"), VD_MESSAGE_ID_LEN);
	assert_string_equal(a + VD_MESSAGE_ID_LEN - 4, "2103");
	assert_string_not_equal(a, b);
	assert_memory_equal(a, b, VD_MESSAGE_ID_LEN - 4);
}

static void event_text(char *text, size_t cap, const struct ike_event *ev)
{
	struct vd_strbuf b = vd_strbuf_init(text, cap);

	vd_event_text(&b, ev);
}

static void test_events(void **state)
{
	struct ike_event ev = {
		.kind = IKE_EVENT_STEP, .step = IKE_STEP_SA_INIT_SENT, .request = true,
		.remote = { vd_addr_make((const uint8_t[]){ 198, 51, 100, 1 }, 4), 500 },
	};
	char text[512];

	event_text(text, sizeof(text), &ev);
	assert_string_equal(text, "IKE_SA_INIT request sent to 198.51.100.1:500");
	ev.step = IKE_STEP_AUTH_RECEIVED;
	ev.request = false;
	event_text(text, sizeof(text), &ev);
	assert_string_equal(text, "IKE_AUTH response received from 198.51.100.1:500");
	ev.kind = IKE_EVENT_TUNNEL_DOWN;
	ev.has_cause = true;
	ev.cause = pfs();
	event_text(text, sizeof(text), &ev);
	assert_string_equal(text, "down: Phase 2 refused: PFS on one side only");
	ev = (struct ike_event){ .kind = IKE_EVENT_TUNNEL_UP, .spi_in = 0x1234, .spi_out = 0xc0ffee00,
				 .suite = { IKE_PROTO_ESP, IKE_ENCR_AES_GCM_16, 256 } };
	ev.local_ts.n = ev.remote_ts.n = 1;
	ev.local_ts.ts[0] = ev.remote_ts.ts[0] = ike_ts_any(VD_FAMILY_IPV4);
	event_text(text, sizeof(text), &ev);
	assert_string_equal(text, "up: 0.0.0.0/0 to 0.0.0.0/0, aes256gcm16, SPI in 00001234, out c0ffee00");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_report),
		cmocka_unit_test(test_one_side),
		cmocka_unit_test(test_kernel),
		cmocka_unit_test(test_no_placeholder_left),
		cmocka_unit_test(test_message_id),
		cmocka_unit_test(test_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
