// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * daemon/control_call.c, control_json.c: requests of the control protocol and the objects of
 * its replies (Documentation/control.md).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/control_call.h"
#include "daemon/control_json.h"

static int parse(const char *text, struct vd_control_call *call, char *error, size_t cap)
{
	json_t *e = NULL;
	int err = vd_control_parse(call, text, strlen(text), &e);

	error[0] = 0;
	if (e)
		strncat(error, json_string_value(json_object_get(e, "error")), cap - 1);
	json_decref(e);
	return err;
}

static void test_calls(void **state)
{
	struct vd_control_call c;
	char error[64];

	assert_int_equal(parse("{\"method\":\"org.viaduct.Status\",\"parameters\":{}}", &c, error, 64), 0);
	assert_int_equal(c.method, VD_CONTROL_STATUS);
	assert_int_equal(parse("{\"method\":\"org.viaduct.Status\"}", &c, error, 64), 0);
	assert_int_equal(parse("{\"method\":\"org.viaduct.Up\",\"more\":true,\"parameters\":"
			       "{\"name\":\"hq\",\"wait\":true,\"timeout\":7}}", &c, error, 64), 0);
	assert_int_equal(c.method, VD_CONTROL_UP);
	assert_true(c.more && c.wait);
	assert_int_equal(c.timeout, 7);
	assert_string_equal(c.name, "hq");
	assert_int_equal(parse("{\"method\":\"org.viaduct.Rekey\",\"parameters\":"
			       "{\"name\":\"hq\",\"what\":\"ike\"}}", &c, error, 64), 0);
	assert_true(c.rekey_ike);
}

static void test_bad_calls(void **state)
{
	static const struct { const char *text, *error; } bad[] = {
		{ "", "" },
		{ "[]", "" },
		{ "{\"method\":\"org.viaduct.Status\"", "" },
		{ "{\"method\":\"org.viaduct.Status\",\"method\":\"org.viaduct.Down\"}", "" },
		{ "{}", "org.viaduct.InvalidParameter" },
		{ "{\"method\":7}", "org.viaduct.InvalidParameter" },
		{ "{\"method\":\"org.viaduct.Nonsense\"}", "org.viaduct.MethodNotFound" },
		{ "{\"method\":\"com.other.Status\"}", "org.viaduct.MethodNotFound" },
		{ "{\"method\":\"org.viaduct.Show\"}", "org.viaduct.InvalidParameter" },
		{ "{\"method\":\"org.viaduct.Show\",\"parameters\":{\"name\":\"\"}}",
		  "org.viaduct.InvalidParameter" },
		{ "{\"method\":\"org.viaduct.Show\",\"parameters\":{\"name\":\"a\\u0000b\"}}", "" },
		{ "{\"method\":\"org.viaduct.Show\",\"parameters\":{\"name\":"
		  "\"0123456789012345678901234567890123456789\"}}", "org.viaduct.InvalidParameter" },
		{ "{\"method\":\"org.viaduct.Status\",\"parameters\":{\"nme\":\"x\"}}",
		  "org.viaduct.InvalidParameter" },
		{ "{\"method\":\"org.viaduct.Status\",\"parameters\":[]}", "org.viaduct.InvalidParameter" },
		{ "{\"method\":\"org.viaduct.Up\",\"parameters\":{\"name\":\"x\",\"timeout\":0}}",
		  "org.viaduct.InvalidParameter" },
		{ "{\"method\":\"org.viaduct.Up\",\"parameters\":{\"name\":\"x\",\"timeout\":1e9}}",
		  "org.viaduct.InvalidParameter" },
		{ "{\"method\":\"org.viaduct.Monitor\"}", "org.viaduct.InvalidParameter" },
	};
	struct vd_control_call c = { .timeout = 99 };
	char error[64];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_true(parse(bad[i].text, &c, error, sizeof(error)) < 0);
		assert_string_equal(error, bad[i].error);
		assert_int_equal(c.timeout, 99);	/* untouched on failure */
	}
}

static void test_time(void **state)
{
	struct vd_json_clock clock = { .now = 100000, .wall_ms = 1700000000123 };
	json_t *t = vd_json_time(&clock, 100000);

	assert_string_equal(json_string_value(t), "2023-11-14T22:13:20.123Z");
	json_decref(t);
	t = vd_json_time(&clock, 40000);
	assert_string_equal(json_string_value(t), "2023-11-14T22:12:20.123Z");
	json_decref(t);
	assert_null(vd_json_time(&clock, VD_NEVER));
}

static struct ike_tunnel_conf tunnel_conf = { .name = "via0", .protocol = IKE_PROTO_ESP };
static struct ike_gateway_conf gateway_conf = { .name = "hq", .version = 2, .remote_port = 500 };

static void test_tunnel(void **state)
{
	struct vd_json_clock clock = { .now = 5000, .wall_ms = 1700000000000 };
	struct ike_tunnel_status s = {
		.gateway = &gateway_conf, .conf = &tunnel_conf, .state = IKE_TUNNEL_UP,
		.spi_in = 0xab, .spi_out = 0xcd, .sas = 1, .since = 1000,
		.suite = { IKE_PROTO_ESP, IKE_ENCR_AES_GCM_16, 128 },
		.rekey_at = VD_NEVER, .expires_at = 9000,
	};
	struct { struct vd_kernel_stats none; struct vd_kernel_tunnel_stats t[3];
		 struct vd_kernel_sa sa[2]; } dump = {
		.t = { { .tunnel = "aaa" }, { .tunnel = "via0" }, { .tunnel = "via1" } },
		.sa = { { .tunnel = "via0", .inbound = 1, .spi = 0xab, .encr = IKE_ENCR_AES_GCM_16 },
			{ .tunnel = "via1", .spi = 0xee } },
	};
	struct vd_kernel_view view;
	json_t *o, *sa;

	dump.t[1].stats.rx_bytes = 77;
	dump.t[1].stats.drops[16] = 3;
	dump.sa[0].stats.rx_packets = 9;
	assert_true(vd_kernel_view_init(&view, &dump, sizeof(dump), 3, 2));
	assert_false(vd_kernel_view_init(&view, &dump, sizeof(dump) - 1, 3, 2));
	assert_false(vd_kernel_view_init(&view, &dump, sizeof(dump), 2, 2));
	assert_true(vd_kernel_view_init(&view, &dump, sizeof(dump), 3, 2));
	o = vd_json_tunnel(&clock, &s, &view, true);
	assert_string_equal(json_string_value(json_object_get(o, "state")), "up");
	assert_string_equal(json_string_value(json_object_get(o, "spi_in")), "000000ab");
	assert_string_equal(json_string_value(json_object_get(o, "proposal")), "aes128gcm16");
	assert_int_equal(json_integer_value(json_object_get(o, "bytes_in")), 77);
	assert_int_equal(json_object_size(json_object_get(o, "drops")), 1);
	assert_null(json_object_get(o, "rekey_at"));
	assert_non_null(json_object_get(o, "expires_at"));
	assert_null(json_object_get(o, "last_failure"));
	assert_int_equal(json_array_size(json_object_get(o, "sa_list")), 1);
	sa = json_array_get(json_object_get(o, "sa_list"), 0);
	assert_string_equal(json_string_value(json_object_get(sa, "dir")), "in");
	assert_int_equal(json_integer_value(json_object_get(sa, "packets")), 9);
	json_decref(o);
}

static void test_cause(void **state)
{
	struct vd_json_clock clock = { .now = 5000, .wall_ms = 1700000000000 };
	struct ike_cause c = { .code = IKE_CAUSE_AUTH_PSK, .phase = IKE_PHASE_AUTH,
			       .field = IKE_FIELD_PSK, .gateway = "hq", .when = 4000 };
	json_t *o = vd_json_cause(&clock, &c);

	assert_string_equal(json_string_value(json_object_get(o, "id")), "VIA-3101");
	assert_string_equal(json_string_value(json_object_get(o, "name")), "AUTH_PSK");
	assert_string_equal(json_string_value(json_object_get(o, "certainty")), "certain");
	assert_null(json_object_get(o, "tunnel"));
	assert_null(json_object_get(o, "theirs"));
	assert_non_null(strstr(json_string_value(json_object_get(o, "text")), "VIA-3101 hq:"));
	assert_string_equal(json_string_value(json_object_get(o, "time")), "2023-11-14T22:13:19.000Z");
	json_decref(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_bad_calls),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_tunnel),
		cmocka_unit_test(test_cause),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
