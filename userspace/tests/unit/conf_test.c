// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What good configurations become: values, defaults, positions, includes, differences.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/strbuf.h"
#include "conf/supported.h"
#include "crypto/kex.h"
#include "crypto/ops.h"
#include "tests/common/conf_text.h"

static struct vd_conf_errors errors, warnings;

static struct vd_conf *parse(const char *text)
{
	struct vd_conf *c = NULL;

	if (test_conf(&c, text, &errors, &warnings)) {
		for (uint32_t i = 0; i < errors.n; i++)
			vd_conf_error_print(stderr, &errors.e[i]);
		fail();
	}
	return c;
}

static const char *ts_text(const struct ike_ts_list *list)
{
	static char buf[1024];
	struct vd_strbuf b = vd_strbuf_init(buf, sizeof(buf));

	ike_ts_list_format(&b, list);
	return buf;
}

static const char *proposals_text(const struct ike_proposal_list *list)
{
	static char buf[1024];
	struct vd_strbuf b = vd_strbuf_init(buf, sizeof(buf));

	ike_proposal_list_format(&b, list);
	return buf;
}

#define TEN_LINES							\
	"gateway hq {\n    remote      = 198.51.100.1\n    secret-file = hq.psk\n}\n"	\
	"tunnel via0 {\n    gateway = hq\n    address = 169.254.7.1/30\n    routes  = 10.20.0.0/16\n}\n"

/* The configuration of the README, and with it every default. */
static void test_ten_lines(void **state)
{
	struct vd_conf *c = parse(TEN_LINES);
	const struct ike_gateway_conf *g = &c->ike.gateways[0];
	const struct ike_tunnel_conf *t = &g->tunnels[0];
	const struct vd_conf_tunnel *vt = &c->gateways[0].tunnels[0];
	struct ike_proposal_list def;
	char addr[VD_ADDR_TEXT];

	assert_int_equal(warnings.n, 0);
	assert_int_equal(c->ike.n_gateways, 1);
	assert_string_equal(g->name, "hq");
	assert_int_equal(g->version, 2);
	assert_string_equal(vd_addr_text(&g->remote, addr), "198.51.100.1");
	assert_int_equal(g->remote_port, 500);
	assert_int_equal(g->local.family, VD_FAMILY_NONE);
	assert_int_equal(g->local_id.type, IKE_ID_NONE);
	assert_int_equal(g->remote_id.type, IKE_ID_NONE);
	assert_int_equal(g->auth, IKE_AUTH_PSK);
	assert_int_equal(g->lifetime, 8 * 3600 * VD_SECOND);
	assert_int_equal(g->dpd, 30 * VD_SECOND);
	assert_int_equal(g->dpd_action, IKE_DPD_RESTART);
	assert_int_equal(g->keepalive, 20 * VD_SECOND);
	assert_int_equal(g->nat, IKE_NAT_AUTO);
	assert_int_equal(g->retry, 5 * VD_SECOND);
	assert_false(g->allow_legacy);
	ike_proposal_default(&def, IKE_PROTO_IKE);
	assert_int_equal(g->proposals.n, def.n);
	assert_string_equal(c->gateways[0].secret_file, "hq.psk");

	assert_int_equal(g->n_tunnels, 1);
	assert_string_equal(t->name, "via0");
	assert_int_equal(t->protocol, IKE_PROTO_ESP);
	ike_proposal_default(&def, IKE_PROTO_ESP);
	assert_int_equal(t->proposals.n, def.n);
	assert_false(ike_proposal_has_dh(&t->proposals));
	assert_string_equal(ts_text(&t->local_ts), "0.0.0.0/0, ::/0");
	assert_string_equal(ts_text(&t->remote_ts), "0.0.0.0/0, ::/0");
	assert_int_equal(t->start, IKE_START_ALWAYS);
	assert_int_equal(t->lifetime, 3600 * VD_SECOND);
	assert_int_equal(t->lifetime_bytes, 0);
	assert_int_equal(t->lifetime_packets, 0);
	assert_int_equal(t->replay_window, 1024);

	assert_int_equal(vt->addresses.n, 1);
	assert_string_equal(vd_addr_text(&vt->addresses.p[0].addr, addr), "169.254.7.1");
	assert_int_equal(vt->addresses.p[0].len, 30);
	assert_int_equal(vt->routes.n, 1);
	assert_int_equal(vt->routes.p[0].len, 16);
	assert_true(vt->add_route);
	assert_int_equal(vt->mtu, 0);
	assert_false(vt->dscp_set);
	assert_int_equal(vt->df, VD_CONF_DF_COPY);
	assert_int_equal(vt->ttl, 0);
	assert_int_equal(vt->mark, 0);
	assert_int_equal(vt->queue, 128);
	assert_false(vt->carrier_always);
	vd_conf_free(c);
}

static void assert_pos(const struct ike_pos *p, const char *file, uint32_t line, uint32_t column)
{
	assert_string_equal(p->file, file);
	assert_int_equal(p->line, line);
	assert_int_equal(p->column, column);
}

static void test_positions(void **state)
{
	struct vd_conf *c = parse("gateway hq {\n remote = 192.0.2.1\n  local = 192.0.2.2\n local-id = a\n remote-id = b\n"
				  " secret-file = k\n proposals = aes256-sha256-modp2048\n ike = 2\n}\n\n"
				  "  tunnel via0 {\n gateway = hq\n proposals = aes256gcm16\n pfs = none\n"
				  " local-subnets = 10.1.0.0/16\n remote-subnets = 10.2.0.0/16\n lifetime = 30m\n"
				  " routes = 10.2.0.0/16\n address = 10.3.0.1/32\n}\n");
	const struct ike_gateway_conf *g = &c->ike.gateways[0];
	const struct ike_tunnel_conf *t = &g->tunnels[0];
	const struct vd_conf_tunnel *vt = &c->gateways[0].tunnels[0];

	assert_pos(&g->pos, "t.conf", 1, 1);
	assert_pos(&g->pos_remote, "t.conf", 2, 2);
	assert_pos(&g->pos_local, "t.conf", 3, 3);
	assert_pos(&g->pos_local_id, "t.conf", 4, 2);
	assert_pos(&g->pos_remote_id, "t.conf", 5, 2);
	assert_pos(&g->pos_auth, "t.conf", 6, 2);
	assert_pos(&c->gateways[0].pos_secret_file, "t.conf", 6, 2);
	assert_pos(&g->pos_proposals, "t.conf", 7, 2);
	assert_pos(&g->pos_version, "t.conf", 8, 2);
	assert_pos(&t->pos, "t.conf", 11, 3);
	assert_pos(&t->pos_proposals, "t.conf", 13, 2);
	assert_pos(&t->pos_pfs, "t.conf", 14, 2);
	assert_pos(&t->pos_local_ts, "t.conf", 15, 2);
	assert_pos(&t->pos_remote_ts, "t.conf", 16, 2);
	assert_pos(&t->pos_lifetime, "t.conf", 17, 2);
	assert_pos(&vt->pos_routes, "t.conf", 18, 2);
	assert_pos(&vt->pos_addresses, "t.conf", 19, 2);
	vd_conf_free(c);
	/* What is not written has no line. */
	c = parse(TEN_LINES);
	assert_int_equal(c->ike.gateways[0].pos_local.line, 0);
	assert_int_equal(c->ike.gateways[0].tunnels[0].pos_pfs.line, 0);
	vd_conf_free(c);
}

static void test_everything_set(void **state)
{
	struct vd_conf *c = parse(
		"tunnel via1 {   # before its gateway\n"
		"    gateway = \"br.1\"\n"
		"    protocol = esp\n    mode = tunnel\n    selectors = one\n"
		"    proposals = aes256gcm16, aes128-sha256\n    pfs = group-14, curve25519\n    esn = yes\n"
		"    local-subnets = 10.1.0.0/16,\n        10.0.0.1-10.0.0.9 , 10.5.5.5[udp/53],\n"
		"        2001:db8::/32[icmpv6/128]\n"
		"    remote-subnets = branch[tcp/80-90], 192.0.2.0/24[icmp/3.4], 192.0.2.7[tcp/opaque], ::1[89]\n"
		"    start = respond\n    lifetime = 1h30m\n    lifetime-bytes = 10Gi\n    lifetime-packets = 5M\n"
		"    replay-window = off\n    address = 10.3.0.1/32, 2001:db8:1::1/64\n    add-route = no\n    mtu = 1400\n"
		"    dscp = 46\n    df = clear\n    ttl = 64\n    mark = 0xff\n    queue = 0\n}\n"
		"addresses branch {\n    10.2.0.0/16, more\n    10.4.0.0/16\n}\n"
		"addresses more { 2001:db8:2::/48 }\n"
		"gateway br.1 {\n    remote = 2001:db8::1\n    local = 2001:db8::2\n    remote-port = 4500\n"
		"    local-id = hq@example.org\n    remote-id = \"keyid:0x0102\"\n    secret-file = \"my \\\"keys\\\"/br.psk\"\n"
		"    proposals = aes256gcm16-prfsha384-ecp384, aes256-sha256-group-14\n    lifetime = 1d\n    dpd = off\n"
		"    dpd-action = on-traffic\n    keepalive = off\n    nat-traversal = force\n    start = on-traffic\n"
		"    retry = 1m\n    mobike = no\n    fragmentation = no\n    ike = 2\n    auth = psk\n}\n");
	const struct ike_gateway_conf *g = &c->ike.gateways[0];
	const struct ike_tunnel_conf *t = &g->tunnels[0];
	const struct vd_conf_tunnel *vt = &c->gateways[0].tunnels[0];

	assert_int_equal(g->remote_port, 4500);
	assert_int_equal(g->local_id.type, IKE_ID_RFC822_ADDR);
	assert_int_equal(g->remote_id.type, IKE_ID_KEY_ID);
	assert_int_equal(g->remote_id.len, 2);
	assert_string_equal(c->gateways[0].secret_file, "my \"keys\"/br.psk");
	assert_string_equal(proposals_text(&g->proposals), "aes256gcm16-prfsha384-ecp384, aes256-sha256-modp2048");
	assert_int_equal(g->proposals.p[1].number, 2);
	assert_int_equal(g->lifetime, 86400 * VD_SECOND);
	assert_int_equal(g->dpd, 0);
	assert_int_equal(g->dpd_action, IKE_DPD_ON_TRAFFIC);
	assert_int_equal(g->keepalive, 0);
	assert_int_equal(g->nat, IKE_NAT_FORCE);
	assert_int_equal(g->retry, 60 * VD_SECOND);

	assert_string_equal(proposals_text(&t->proposals),
			    "aes256gcm16-modp2048-curve25519-esn, aes128-sha256-modp2048-curve25519-esn");
	assert_string_equal(ts_text(&t->local_ts),
			    "10.1.0.0/16, 10.0.0.1-10.0.0.9, 10.5.5.5/32[udp/53], 2001:db8::/32[ipv6-icmp/128]");
	assert_string_equal(ts_text(&t->remote_ts),
			    "10.2.0.0/16[tcp/80-90], 2001:db8:2::/48[tcp/80-90], 10.4.0.0/16[tcp/80-90], "
			    "192.0.2.0/24[icmp/3.4], 192.0.2.7/32[tcp/opaque], ::1/128[89]");
	assert_int_equal(t->start, IKE_START_RESPOND);
	assert_int_equal(t->lifetime, 5400 * VD_SECOND);
	assert_true(t->lifetime_bytes == 10ull << 30);
	assert_int_equal(t->lifetime_packets, 5000000);
	assert_int_equal(t->replay_window, 0);
	assert_int_equal(vt->addresses.n, 2);
	assert_false(vt->add_route);
	assert_int_equal(vt->mtu, 1400);
	assert_true(vt->dscp_set);
	assert_int_equal(vt->dscp, 46);
	assert_int_equal(vt->df, VD_CONF_DF_CLEAR);
	assert_int_equal(vt->ttl, 64);
	assert_int_equal(vt->mark, 0xff);
	assert_int_equal(vt->queue, 0);
	vd_conf_free(c);
}

#define GW "gateway hq {\n remote = 192.0.2.1\n secret-file = k\n}\n"

static void test_small_things(void **state)
{
	struct vd_conf *c;

	/* An empty file, comments, a byte order mark, carriage returns, no newline at the end, Allman braces. */
	c = parse("");
	assert_int_equal(c->ike.n_gateways, 0);
	vd_conf_free(c);
	c = parse("\xef\xbb\xbf# nothing\r\n\r\n");
	assert_int_equal(c->ike.n_gateways, 0);
	vd_conf_free(c);
	c = parse("gateway hq\n{\r\n remote = 192.0.2.1 # here\r\n secret-file = k\r\n}\r\ntunnel via0 { gateway = hq }");
	assert_int_equal(c->ike.gateways[0].n_tunnels, 1);
	vd_conf_free(c);
	/* A tunnel without a start of its own takes its gateway's; on-traffic keeps the carrier up. */
	c = parse("gateway hq {\n remote = any\n secret-file = k\n start = respond\n}\ntunnel via0 { gateway = hq }\n"
		  "gateway b {\n remote = ::1\n secret-file = k\n start = on-traffic\n}\ntunnel via1 { gateway = b }\n");
	assert_int_equal(c->ike.gateways[0].tunnels[0].start, IKE_START_RESPOND);
	assert_false(c->gateways[0].tunnels[0].carrier_always);
	assert_int_equal(c->ike.gateways[1].tunnels[0].start, IKE_START_ON_TRAFFIC);
	assert_true(c->gateways[1].tunnels[0].carrier_always);
	vd_conf_free(c);
	/* PFS by the proposals themselves, with the place to mend; optional PFS. */
	c = parse(GW "tunnel via0 {\n gateway = hq\n proposals = aes256gcm16-ecp256\n}\n"
		  "tunnel via1 {\n gateway = hq\n proposals = aes256gcm16\n pfs = ecp256, none\n}\n");
	assert_int_equal(ike_proposal_first_group(&c->ike.gateways[0].tunnels[0].proposals), IKE_DH_ECP256);
	assert_int_equal(c->ike.gateways[0].tunnels[0].pos_pfs.line, 7);
	assert_string_equal(proposals_text(&c->ike.gateways[0].tunnels[1].proposals), "aes256gcm16-ecp256-modpnone");
	vd_conf_free(c);
	/* Two tunnels of one gateway among those of others: each where it belongs. */
	c = parse("gateway a {\n remote = ::1\n secret-file = k\n}\ngateway b {\n remote = ::2\n secret-file = k\n}\n"
		  "tunnel t0 {\n gateway = b\n mtu = 1400\n}\ntunnel t1 {\n gateway = a\n mtu = 1401\n}\ntunnel t2 {\n gateway = b\n mtu = 1402\n}\n");
	assert_int_equal(c->ike.gateways[0].n_tunnels, 1);
	assert_int_equal(c->ike.gateways[1].n_tunnels, 2);
	assert_string_equal(c->ike.gateways[1].tunnels[1].name, "t2");
	assert_int_equal(c->gateways[1].tunnels[1].mtu, 1402);
	assert_int_equal(c->gateways[0].tunnels[0].mtu, 1401);
	assert_int_equal(vd_conf_gateway_index(c, "b"), 1);
	assert_int_equal(vd_conf_gateway_index(c, "c"), -1);
	vd_conf_free(c);
}

/* ---- includes ---- */

static void write_file(const char *dir, const char *name, const char *text)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void test_include(void **state)
{
	char dir[] = "/tmp/viaduct-conf-XXXXXX", path[300], cmd[300];
	struct vd_conf_texts texts = { 0 }, wire = { 0 };
	struct vd_conf *c = NULL, *again = NULL;
	struct vd_conf_changes ch = { 0 };

	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/conf.d", dir);
	assert_int_equal(mkdir(path, 0700), 0);
	write_file(dir, "main.conf", "include conf.d/*.conf\ninclude nothing.d/*.conf\ntunnel via0 { gateway = hq }\n");
	write_file(dir, "conf.d/a.conf", "gateway hq {\n remote = 192.0.2.1\n secret-file = hq.psk\n}\n");
	write_file(dir, "conf.d/b.conf", "tunnel via1 {\n gateway = hq\n}\n");
	write_file(dir, "conf.d/c.txt", "not read\n");
	snprintf(path, sizeof(path), "%s/main.conf", dir);
	assert_int_equal(vd_conf_read(&c, path, &texts, &errors, &warnings), 0);
	assert_int_equal(texts.n, 3);
	assert_int_equal(c->n_files, 3);
	assert_string_equal(c->files[0], path);
	snprintf(path, sizeof(path), "%s/conf.d/a.conf", dir);
	assert_pos(&c->ike.gateways[0].pos, path, 1, 1);
	/* A relative secret lies beside the file that names it. */
	snprintf(path, sizeof(path), "%s/conf.d/hq.psk", dir);
	assert_string_equal(c->gateways[0].secret_file, path);

	/* Another process gets the texts, has no files, and gets the same. */
	for (size_t i = 0; i < texts.n; i++)
		assert_int_equal(vd_conf_texts_add(&wire, texts.t[i].pattern, texts.t[i].name, texts.t[i].data,
						   texts.t[i].len), 0);
	assert_int_equal(vd_conf_parse(&again, &wire, NULL, NULL, &errors, NULL), 0);
	assert_int_equal(vd_conf_diff(c, again, &ch), 0);
	assert_int_equal(ch.n, 0);
	assert_pos(&again->ike.gateways[0].pos, c->ike.gateways[0].pos.file, 1, 1);
	vd_conf_free(again);
	vd_conf_texts_free(&wire);
	vd_conf_free(c);

	/* An error is placed in the file it is in; a loop is an error. */
	write_file(dir, "conf.d/b.conf", "tunnel via1 {\n gatewy = hq\n}\n");
	snprintf(path, sizeof(path), "%s/main.conf", dir);
	assert_int_equal(vd_conf_read(&c, path, &texts, &errors, NULL), -EINVAL);
	assert_int_equal(errors.n, 1);
	assert_non_null(strstr(errors.e[0].file, "conf.d/b.conf"));
	assert_int_equal(errors.e[0].line, 2);
	write_file(dir, "conf.d/b.conf", "include ../conf.d/b.conf\n");
	assert_int_equal(vd_conf_read(&c, path, &texts, &errors, NULL), -EINVAL);
	assert_non_null(strstr(errors.e[0].message, "deep"));
	write_file(dir, "conf.d/b.conf", "include a.conf\n");
	assert_int_equal(vd_conf_read(&c, path, &texts, &errors, NULL), -EINVAL);
	assert_non_null(strstr(errors.e[0].message, "is included twice"));
	vd_conf_texts_free(&texts);
	snprintf(path, sizeof(path), "%s/absent.conf", dir);
	assert_int_equal(vd_conf_read(&c, path, &texts, &errors, NULL), -EINVAL);
	assert_int_equal(errors.n, 1);
	assert_non_null(strstr(errors.e[0].message, "No such file"));
	vd_conf_texts_free(&texts);
	snprintf(cmd, sizeof(cmd), "rm -r %s", dir);
	assert_int_equal(system(cmd), 0);
}

/* ---- differences ---- */

static void assert_change(const struct vd_conf_change *c, enum vd_conf_op op, bool tunnel, const char *name, const char *fields)
{
	char got[256] = "";

	for (size_t i = 0; i < c->n_fields; i++) {
		strcat(got, i ? " " : "");
		strcat(got, c->fields[i]);
	}
	assert_int_equal(c->op, op);
	assert_int_equal(c->is_tunnel, tunnel);
	assert_string_equal(c->name, name);
	assert_string_equal(got, fields);
}

static void test_diff(void **state)
{
	struct vd_conf *a = parse(GW "tunnel via0 {\n gateway = hq\n address = 10.0.0.1/24\n}\ntunnel via1 { gateway = hq }\n"
				  "gateway old {\n remote = ::1\n secret-file = k\n}\ntunnel via2 { gateway = old }\n");
	struct vd_conf *b = parse("gateway new {\n remote = ::1\n secret-file = k\n}\ntunnel via2 { gateway = new }\n"
				  "gateway hq {\n remote = 192.0.2.1\n secret-file = k2\n lifetime = 7h\n dpd = 30s\n}\n"
				  "tunnel via0 {\n gateway = hq\n address = 10.0.0.1/24, 10.0.1.1/24\n pfs = ecp256\n remote-subnets = 10.0.0.0/8\n}\n"
				  "tunnel via3 { gateway = hq }\n");
	struct vd_conf_changes ch = { 0 };

	assert_int_equal(vd_conf_diff(a, b, &ch), 0);
	assert_int_equal(ch.n, 7);
	assert_change(&ch.c[0], VD_CONF_REMOVE, false, "old", "");
	assert_change(&ch.c[1], VD_CONF_ADD, false, "new", "");
	assert_change(&ch.c[2], VD_CONF_CHANGE, false, "hq", "secret-file lifetime");
	assert_change(&ch.c[3], VD_CONF_REMOVE, true, "via1", "");
	assert_string_equal(ch.c[3].gateway, "hq");
	assert_change(&ch.c[4], VD_CONF_CHANGE, true, "via2", "gateway");
	assert_change(&ch.c[5], VD_CONF_CHANGE, true, "via0", "pfs remote-subnets address");
	assert_change(&ch.c[6], VD_CONF_ADD, true, "via3", "");
	vd_conf_changes_free(&ch);
	assert_int_equal(vd_conf_diff(NULL, b, &ch), 0);
	assert_int_equal(ch.n, 5);
	vd_conf_changes_free(&ch);
	assert_int_equal(vd_conf_diff(b, b, &ch), 0);
	assert_int_equal(ch.n, 0);
	vd_conf_changes_free(&ch);
	vd_conf_free(a);
	vd_conf_free(b);
}

/* ---- the schema ---- */

static void test_schema(void **state)
{
	struct vd_conf_key_doc d;
	char *page = NULL;
	size_t len = 0, n = 0;
	FILE *f = open_memstream(&page, &len);

	for (size_t i = 0; vd_conf_schema(i, &d); i++, n++) {
		assert_true(strlen(d.doc) > 10);
		assert_true(!d.supported || *d.type);
	}
	assert_true(n > 40);
	assert_false(vd_conf_schema(n, &d));
	vd_conf_schema_scdoc(f);
	fclose(f);
	assert_non_null(strstr(page, "*secret-file* = _path_"));
	assert_non_null(strstr(page, "Default: 8h."));
	free(page);
}

/* What a proposal may name is what crypto/ can do: neither more nor less. */
static void test_supported_is_what_crypto_has(void **state)
{
	const struct ike_transform_info *row;
	struct ike_ops ops;

	assert_int_equal(vd_crypto_open(&ops), 0);
	for (size_t i = 0; (row = ike_transform_row(i)); i++) {
		struct ike_transform t = { row->type, row->id, row->key_bits };
		uint8_t key[80] = { 0 }, iv[16] = { 0 }, out[64], tag[16];
		struct ike_cipher_key k = { (enum ike_encr)row->id, key, (size_t)row->key_len + row->salt_len };
		bool have = true;

		if (!(row->uses & IKE_USE_IKE))
			continue;
		switch ((enum ike_transform_type)row->type) {
		case IKE_T_ENCR:
			have = !ops.encrypt(ops.ctx, &k, iv, NULL, 0, iv, 16, out, tag);
			break;
		case IKE_T_PRF:
			have = vd_crypto_prf_len((enum ike_prf)row->id) > 0;
			if (have)
				assert_int_equal(vd_crypto_prf_len((enum ike_prf)row->id), row->icv_len);
			break;
		case IKE_T_INTEG:
			have = !ops.integ(ops.ctx, (enum ike_integ)row->id, key, row->key_len, NULL, 0, out);
			break;
		case IKE_T_DH:
			have = vd_kex_public_len((enum ike_dh)row->id) > 0;
			if (have)
				assert_int_equal(vd_kex_public_len((enum ike_dh)row->id), row->dh_len);
			break;
		case IKE_T_ESN:
			continue;
		}
		if (have != conf_transform_supported(IKE_PROTO_IKE, &t))
			fail_msg("%s", row->name);
	}
	vd_crypto_close(&ops);
}

/* Thousands of gateways and tunnels parse and compare, each found again under its name. */
static void test_many(void **state)
{
	struct vd_conf *a = NULL, *b = NULL;
	struct vd_conf_texts texts = { 0 };
	struct vd_conf_changes ch = { 0 };
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);

	for (int i = 0; i < 2000; i++)
		fprintf(f, "gateway g%d {\n remote = 10.0.%d.%d\n secret-file = k\n}\ntunnel v%d { gateway = g%d }\n",
			i, i / 256, i % 256, i, i);
	fclose(f);
	assert_int_equal(vd_conf_texts_add(&texts, "", "t.conf", text, len), 0);
	assert_int_equal(vd_conf_parse(&a, &texts, NULL, NULL, &errors, &warnings), 0);
	assert_int_equal(vd_conf_parse(&b, &texts, NULL, NULL, &errors, &warnings), 0);
	assert_int_equal(a->ike.n_gateways, 2000);
	assert_int_equal(vd_conf_diff(a, b, &ch), 0);
	assert_int_equal(ch.n, 0);
	vd_conf_texts_free(&texts);
	vd_conf_free(a);
	vd_conf_free(b);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ten_lines),
		cmocka_unit_test(test_positions),
		cmocka_unit_test(test_everything_set),
		cmocka_unit_test(test_small_things),
		cmocka_unit_test(test_include),
		cmocka_unit_test(test_diff),
		cmocka_unit_test(test_schema),
		cmocka_unit_test(test_supported_is_what_crypto_has),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests_name("conf", tests, NULL, NULL);
}
