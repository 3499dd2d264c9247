// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The table of keys: the one place that knows which exist, what they take, what they
 * are by default, and what the manual says of them.
 */
#include "conf/schema.h"

#include <string.h>

#define SECOND	1000ull
#define MINUTE	(60 * SECOND)
#define HOUR	(60 * MINUTE)
#define DAY	(24 * HOUR)

#define FIELD(base_, type, member) \
	.base = base_, .off = offsetof(type, member), .size = sizeof(((type *)0)->member)
#define IKE_GW(member)	FIELD(CONF_IKE, struct ike_gateway_conf, member)
#define VD_GW(member)	FIELD(CONF_VD, struct vd_conf_gateway, member)
#define IKE_TUN(member)	FIELD(CONF_IKE, struct ike_tunnel_conf, member)
#define VD_TUN(member)	FIELD(CONF_VD, struct vd_conf_tunnel, member)
#define POS_GW(member)	.pos_base = CONF_IKE, .pos_off = offsetof(struct ike_gateway_conf, member)
#define POS_TUN(member)	.pos_base = CONF_IKE, .pos_off = offsetof(struct ike_tunnel_conf, member)
#define POS_VT(member)	.pos_base = CONF_VD, .pos_off = offsetof(struct vd_conf_tunnel, member)
#define NO_POS		.pos_off = -1

static const char later[] = "not supported by this version";

static const struct conf_word versions[] = { { "1", 1, later }, { "2", 2, NULL }, { 0 } };
static const struct conf_word auths[] = {
	{ "psk", IKE_AUTH_PSK, NULL }, { "cert", IKE_AUTH_CERT, later }, { 0 } };
static const struct conf_word dpd_actions[] = {
	{ "restart", IKE_DPD_RESTART, NULL }, { "clear", IKE_DPD_CLEAR, NULL },
	{ "on-traffic", IKE_DPD_ON_TRAFFIC, NULL }, { 0 } };
static const struct conf_word nat_modes[] = {
	{ "auto", IKE_NAT_AUTO, NULL }, { "force", IKE_NAT_FORCE, NULL },
	{ "off", 0, "not possible with IKEv2, where it is part of the protocol (RFC 7296, 2.23)" }, { 0 } };
static const struct conf_word starts[] = {
	{ "always", IKE_START_ALWAYS, NULL }, { "on-traffic", IKE_START_ON_TRAFFIC, NULL },
	{ "respond", IKE_START_RESPOND, NULL }, { 0 } };
static const struct conf_word protocols[] = {
	{ "esp", IKE_PROTO_ESP, NULL }, { "ah", IKE_PROTO_AH, later }, { 0 } };
static const struct conf_word esns[] = {
	{ "yes", VD_CONF_ESN_YES, NULL }, { "no", VD_CONF_ESN_NO, NULL }, { 0 } };
static const struct conf_word dfs[] = {
	{ "copy", VD_CONF_DF_COPY, NULL }, { "set", VD_CONF_DF_SET, NULL },
	{ "clear", VD_CONF_DF_CLEAR, NULL }, { 0 } };
/* Features with but one setting in this version: to say it is accepted, to ask for more is not. */
static const struct conf_word no_only[] = { { "no", 0, NULL }, { "yes", 0, later }, { 0 } };
static const struct conf_word tunnel_only[] = { { "tunnel", 0, NULL }, { "transport", 0, later }, { 0 } };
static const struct conf_word one_only[] = { { "one", 0, NULL }, { "mesh", 0, later }, { 0 } };
/* A word in place of a number or an address. */
static const struct conf_word any[] = { { "any", 0, NULL }, { 0 } };
static const struct conf_word off[] = { { "off", 0, NULL }, { 0 } };
static const struct conf_word automatic[] = { { "auto", 0, NULL }, { 0 } };
static const struct conf_word copy[] = { { "copy", UINT8_MAX, NULL }, { 0 } };

#define REFUSED(kind_, name_, doc_) \
	{ .kind = kind_, .name = name_, .type = NULL, .pos_off = -1, .doc = doc_ }

/* `allow-legacy` stands before what it permits: rows are read in this order. */
const struct conf_key conf_keys[] = {
	{ .kind = CONF_GATEWAY, .name = "ike", .type = &conf_type_word, IKE_GW(version), POS_GW(pos_version),
	  .def = "2", .words = versions, .doc = "The version of IKE." },
	{ .kind = CONF_GATEWAY, .name = "remote", .type = &conf_type_address, IKE_GW(remote), POS_GW(pos_remote),
	  .required = true, .words = any,
	  .doc = "The peer's address. *any* accepts a peer from everywhere and needs *start = respond*." },
	{ .kind = CONF_GATEWAY, .name = "remote-port", .type = &conf_type_number, IKE_GW(remote_port), NO_POS,
	  .def = "500", .min = 1, .max = 65535, .doc = "The UDP port IKE is begun on at the peer." },
	{ .kind = CONF_GATEWAY, .name = "local", .type = &conf_type_address, IKE_GW(local), POS_GW(pos_local),
	  .def = "any", .words = any, .doc = "Our address. *any* takes the one the route to the peer gives." },
	{ .kind = CONF_GATEWAY, .name = "local-id", .type = &conf_type_id, IKE_GW(local_id), POS_GW(pos_local_id),
	  .doc = "Who we say we are: an address, a name, user@name, or *keyid:* and text or 0x and hexadecimal. "
		 "Without it our address is sent." },
	{ .kind = CONF_GATEWAY, .name = "remote-id", .type = &conf_type_id, IKE_GW(remote_id), POS_GW(pos_remote_id),
	  .doc = "Who the peer must say it is. Without it any identity is accepted from a peer that "
		 "has the key and comes from *remote*." },
	{ .kind = CONF_GATEWAY, .name = "auth", .type = &conf_type_word, IKE_GW(auth), NO_POS,
	  .def = "psk", .words = auths, .doc = "How both ends prove who they are: a pre-shared key." },
	{ .kind = CONF_GATEWAY, .name = "secret-file", .type = &conf_type_path, VD_GW(secret_file), POS_GW(pos_auth),
	  .doc = "The file with the pre-shared key, seen from the folder of the file that names it. Its owner alone may "
		 "read it (*chmod 600*). The content is the key, octet by octet, less one newline at the end; "
		 "or 0x and hexadecimal digits. Required with *auth = psk*." },
	{ .kind = CONF_GATEWAY, .name = "allow-legacy", .type = &conf_type_bool, IKE_GW(allow_legacy), NO_POS,
	  .def = "no", .doc = "Permits weak algorithms for this gateway and its tunnels (RFC 8221, RFC 8247)." },
	{ .kind = CONF_GATEWAY, .name = "proposals", .type = &conf_type_ike_proposals,
	  IKE_GW(proposals), POS_GW(pos_proposals),
	  .doc = "What Phase 1 may use, best first, as in *aes256gcm16-prfsha384-ecp384, aes256-sha256-group-14*. "
		 "Without it: AES-GCM and AES-CBC with SHA-2 and the groups 31, 20, 19, 14." },
	{ .kind = CONF_GATEWAY, .name = "lifetime", .type = &conf_type_duration, IKE_GW(lifetime), NO_POS,
	  .def = "8h", .min = 10 * SECOND, .max = 30 * DAY,
	  .doc = "Lifetime of the Phase 1 SA. It is rekeyed a little before." },
	{ .kind = CONF_GATEWAY, .name = "dpd", .type = &conf_type_duration, IKE_GW(dpd), NO_POS,
	  .def = "30s", .words = off, .min = SECOND, .max = HOUR,
	  .doc = "After how long without a sign of life the peer is asked for one." },
	{ .kind = CONF_GATEWAY, .name = "dpd-action", .type = &conf_type_word, IKE_GW(dpd_action), NO_POS,
	  .def = "restart", .words = dpd_actions,
	  .doc = "What happens when the peer is dead: negotiate anew at once, wait for it or an administrator, "
		 "or negotiate when a packet waits." },
	{ .kind = CONF_GATEWAY, .name = "keepalive", .type = &conf_type_duration, IKE_GW(keepalive), NO_POS,
	  .def = "20s", .words = off, .min = SECOND, .max = HOUR,
	  .doc = "Interval of NAT keep-alives (RFC 3948, 2.3), sent only behind a NAT." },
	{ .kind = CONF_GATEWAY, .name = "nat-traversal", .type = &conf_type_word, IKE_GW(nat), NO_POS,
	  .def = "auto", .words = nat_modes,
	  .doc = "UDP encapsulation when a NAT is found, or always: *force* helps where a firewall blocks ESP." },
	{ .kind = CONF_GATEWAY, .name = "start", .type = &conf_type_word, VD_GW(start), NO_POS,
	  .def = "always", .words = starts,
	  .doc = "When tunnels are negotiated: at once and until they are up, when a packet waits, or when the peer asks." },
	{ .kind = CONF_GATEWAY, .name = "retry", .type = &conf_type_duration, IKE_GW(retry), NO_POS,
	  .def = "5s", .min = SECOND, .max = HOUR,
	  .doc = "Pause between attempts with *start = always*." },
	{ .kind = CONF_GATEWAY, .name = "mobike", .type = &conf_type_word, .base = CONF_IKE, .size = 0, NO_POS,
	  .def = "no", .words = no_only, .doc = "Moving to another address without a new negotiation (RFC 4555)." },
	{ .kind = CONF_GATEWAY, .name = "fragmentation", .type = &conf_type_word, .base = CONF_IKE, .size = 0, NO_POS,
	  .def = "no", .words = no_only, .doc = "IKE messages in pieces (RFC 7383)." },
	REFUSED(CONF_GATEWAY, "mode", "Main or aggressive mode of IKEv1."),
	REFUSED(CONF_GATEWAY, "cert", "Our certificate."),
	REFUSED(CONF_GATEWAY, "key", "The private key of our certificate."),
	REFUSED(CONF_GATEWAY, "ca", "Certificate authorities we trust."),
	REFUSED(CONF_GATEWAY, "pool", "Addresses to hand out to remote users."),

	{ .kind = CONF_TUNNEL, .name = "gateway", .type = &conf_type_ref, .base = CONF_IKE, .size = 0, NO_POS,
	  .required = true, .doc = "The gateway the tunnel leads to." },
	{ .kind = CONF_TUNNEL, .name = "protocol", .type = &conf_type_word, IKE_TUN(protocol), NO_POS,
	  .def = "esp", .words = protocols, .doc = "What protects the packets." },
	{ .kind = CONF_TUNNEL, .name = "mode", .type = &conf_type_word, .base = CONF_IKE, .size = 0, NO_POS,
	  .def = "tunnel", .words = tunnel_only, .doc = "Whole packets inside, or only what they carry." },
	{ .kind = CONF_TUNNEL, .name = "proposals", .type = &conf_type_esp_proposals,
	  IKE_TUN(proposals), POS_TUN(pos_proposals),
	  .doc = "What Phase 2 may use, best first, as in *aes256gcm16, aes256-sha256*. A group named here is the "
		 "PFS group of that proposal. Without it: AES-GCM, then AES-CBC with SHA-2." },
	{ .kind = CONF_TUNNEL, .name = "pfs", .type = &conf_type_pfs, VD_TUN(pfs), POS_TUN(pos_pfs),
	  .doc = "Groups for perfect forward secrecy, best first, as in *group-14* or *curve25519, ecp256*; or *none*; "
		 "*none* behind a group lets the peer do without. Both ends must agree. Without it: what "
		 "*proposals* names, else none, which is also what strongSwan does "
		 "when nothing is said; FortiGate and AWS expect a group." },
	{ .kind = CONF_TUNNEL, .name = "esn", .type = &conf_type_word, VD_TUN(esn), NO_POS,
	  .words = esns, .doc = "64-bit sequence numbers (RFC 4303, 2.2.1). Without it: as *proposals* says." },
	{ .kind = CONF_TUNNEL, .name = "local-subnets", .type = &conf_type_selectors,
	  IKE_TUN(local_ts), POS_TUN(pos_local_ts), .def = "0.0.0.0/0, ::/0",
	  .doc = "What may be sent into the tunnel, by source: subnets, ranges, addresses or groups of them, each with an "
		 "optional protocol and port: *10.1.0.0/16*, *10.0.0.1-10.0.0.9*, *10.1.0.0/16[tcp/443]*." },
	{ .kind = CONF_TUNNEL, .name = "remote-subnets", .type = &conf_type_selectors,
	  IKE_TUN(remote_ts), POS_TUN(pos_remote_ts), .def = "0.0.0.0/0, ::/0",
	  .doc = "The same by destination. The peer's must mirror ours." },
	{ .kind = CONF_TUNNEL, .name = "selectors", .type = &conf_type_word, .base = CONF_IKE, .size = 0, NO_POS,
	  .def = "one", .words = one_only,
	  .doc = "All subnets in one SA, or an SA for each pair." },
	{ .kind = CONF_TUNNEL, .name = "start", .type = &conf_type_word, IKE_TUN(start), NO_POS,
	  .words = starts, .doc = "When this tunnel is negotiated. Without it: as its gateway's." },
	{ .kind = CONF_TUNNEL, .name = "lifetime", .type = &conf_type_duration, IKE_TUN(lifetime), POS_TUN(pos_lifetime),
	  .def = "1h", .min = 10 * SECOND, .max = 30 * DAY,
	  .doc = "Lifetime of the tunnel's SAs. They are rekeyed a little before." },
	{ .kind = CONF_TUNNEL, .name = "lifetime-bytes", .type = &conf_type_size, IKE_TUN(lifetime_bytes), NO_POS,
	  .def = "off", .words = off, .min = 1000000, .max = UINT64_MAX / 2,
	  .doc = "Octets an SA may carry. K, M, G, T are powers of 1000; Ki, Mi, Gi, Ti of 1024." },
	{ .kind = CONF_TUNNEL, .name = "lifetime-packets", .type = &conf_type_size, IKE_TUN(lifetime_packets), NO_POS,
	  .def = "off", .words = off, .min = 1000, .max = UINT64_MAX / 2,
	  .doc = "Packets an SA may carry." },
	{ .kind = CONF_TUNNEL, .name = "replay-window", .type = &conf_type_number, IKE_TUN(replay_window), NO_POS,
	  .def = "1024", .words = off, .min = 32, .max = 65536,
	  .doc = "How many packets may overtake one another before the late ones are dropped (RFC 4303, 3.4.3)." },
	{ .kind = CONF_TUNNEL, .name = "address", .type = &conf_type_prefixes, VD_TUN(addresses), POS_VT(pos_addresses),
	  .doc = "Addresses of the interface, as in *169.254.7.1/30*." },
	{ .kind = CONF_TUNNEL, .name = "routes", .type = &conf_type_routes, VD_TUN(routes), POS_VT(pos_routes),
	  .doc = "Subnets routed into the interface while the tunnel is up." },
	{ .kind = CONF_TUNNEL, .name = "add-route", .type = &conf_type_bool, VD_TUN(add_route), NO_POS,
	  .def = "yes", .doc = "Also route what *remote-subnets* came out as; never a default route." },
	{ .kind = CONF_TUNNEL, .name = "mtu", .type = &conf_type_number, VD_TUN(mtu), NO_POS,
	  .def = "auto", .words = automatic, .min = 576, .max = 65535,
	  .doc = "MTU of the interface. *auto* follows the path and the algorithms." },
	{ .kind = CONF_TUNNEL, .name = "dscp", .type = &conf_type_number, VD_TUN(dscp), NO_POS,
	  .def = "copy", .words = copy, .max = 63,
	  .doc = "DSCP of the outer header: as the inner one's, or this." },
	{ .kind = CONF_TUNNEL, .name = "df", .type = &conf_type_word, VD_TUN(df), NO_POS,
	  .def = "copy", .words = dfs, .doc = "Don't Fragment of the outer IPv4 header." },
	{ .kind = CONF_TUNNEL, .name = "ttl", .type = &conf_type_number, VD_TUN(ttl), NO_POS,
	  .def = "auto", .words = automatic, .min = 1, .max = 255, .doc = "TTL of the outer header." },
	{ .kind = CONF_TUNNEL, .name = "mark", .type = &conf_type_number, VD_TUN(mark), NO_POS,
	  .def = "0", .max = UINT32_MAX, .doc = "Firewall mark of outer packets and of their route's lookup." },
	{ .kind = CONF_TUNNEL, .name = "queue", .type = &conf_type_number, VD_TUN(queue), NO_POS,
	  .def = "128", .max = 4096, .doc = "Packets that wait while the tunnel is negotiated." },
	REFUSED(CONF_TUNNEL, "cpus", "An SA for each CPU (RFC 9611)."),
};

const size_t conf_n_keys = sizeof(conf_keys) / sizeof(conf_keys[0]);

const struct conf_key *conf_key_find(enum conf_kind kind, const char *name)
{
	for (size_t i = 0; i < conf_n_keys; i++)
		if (conf_keys[i].kind == kind && !strcmp(conf_keys[i].name, name))
			return &conf_keys[i];
	return NULL;
}

/* ---- for people ---- */

static bool is_number(const struct conf_type *t)
{
	return t == &conf_type_number || t == &conf_type_size || t == &conf_type_duration;
}

void conf_key_values(const struct conf_key *k, char *buf, size_t cap)
{
	size_t len = 0;
	char min[24], max[24];

	buf[0] = '\0';
	if (k->type == &conf_type_bool)
		snprintf(buf, cap, "yes or no");
	for (const struct conf_word *w = k->words; w && w->name; w++)
		if (!w->refused && len < cap)
			len += (size_t)snprintf(buf + len, cap - len, "%s%s", len ? " or " : "", w->name);
	if (!is_number(k->type) || len >= cap)
		return;
	if (k->type == &conf_type_duration) {
		conf_duration_text(k->min, min, sizeof(min));
		conf_duration_text(k->max, max, sizeof(max));
	} else {
		snprintf(min, sizeof(min), "%llu", (unsigned long long)k->min);
		snprintf(max, sizeof(max), "%llu", (unsigned long long)k->max);
	}
	if (k->max >= UINT64_MAX / 2)
		snprintf(buf + len, cap - len, "%sat least %s", len ? " or " : "", min);
	else
		snprintf(buf + len, cap - len, "%s%s to %s", len ? " or " : "", min, max);
}

bool vd_conf_schema(size_t i, struct vd_conf_key_doc *out)
{
	static char values[256];
	const struct conf_key *k = &conf_keys[i];

	if (i >= conf_n_keys)
		return false;
	values[0] = '\0';
	if (k->type)
		conf_key_values(k, values, sizeof(values));
	*out = (struct vd_conf_key_doc){
		.block = k->kind == CONF_GATEWAY ? "gateway" : "tunnel", .key = k->name,
		.type = k->type ? k->type->name : "", .values = values, .def = k->def ? k->def : "",
		.required = k->required, .supported = k->type != NULL, .doc = k->doc,
	};
	return true;
}

/* scdoc takes an underscore for the begin of underlined text. */
static void scdoc_text(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '_')
			fputc('\\', out);
		fputc(*text, out);
	}
}

void vd_conf_schema_scdoc(FILE *out)
{
	struct vd_conf_key_doc d;
	const char *block = "";

	for (size_t i = 0; vd_conf_schema(i, &d); i++) {
		if (strcmp(block, d.block))
			fprintf(out, "%s## Keys of %s\n\n", *block ? "\n" : "", d.block);
		block = d.block;
		fprintf(out, "*%s* = _%s_\n\t", d.key, d.supported ? d.type : "not supported by this version");
		scdoc_text(out, d.doc);
		if (d.values[0]) {
			fputs(" Values: ", out);
			scdoc_text(out, d.values);
			fputc('.', out);
		}
		if (d.def[0]) {
			fputs(" Default: ", out);
			scdoc_text(out, d.def);
			fputc('.', out);
		}
		fputs(d.required ? " Required.\n\n" : "\n\n", out);
	}
}
