/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bad messages of nl_invalid.c, included by it: first what builds each one, then the table
 * with what has to come back.
 */

/* ---- shape ---- */
static void no_attribute(struct nl_msg *m) { }
static void unknown_attribute(struct nl_msg *m) { dev(m); u32(m, 200, 1); }
static void short_u32(struct nl_msg *m) { u16(m, VIADUCT_A_TUNNEL_IFINDEX, ifindex); }
static void long_u32(struct nl_msg *m) { octets(m, VIADUCT_A_TUNNEL_IFINDEX, 8); }
static void short_u64(struct nl_msg *m)
{
	good_sa(m, VIADUCT_DIR_OUT);
	u32(m, VIADUCT_A_SA_SEQ, 1);
}
static void flag_with_value(struct nl_msg *m)
{
	good_sa(m, VIADUCT_DIR_OUT);
	u8(m, VIADUCT_A_SA_ESN, 1);
}
static void attribute_past_the_end(struct nl_msg *m)
{
	struct nlattr *a;

	dev(m);
	a = nlmsg_attrdata(nlmsg_hdr(m), GENL_HDRLEN);
	a->nla_len = 64;
}
static void trailing_octets(struct nl_msg *m)
{
	dev(m);
	nlmsg_reserve(m, 3, 0);
	nlmsg_hdr(m)->nlmsg_len -= 1;
}
static void nest_without_flag(struct nl_msg *m)
{
	child(m, 9);
	any_ts(m, VIADUCT_A_CHILD_LOCAL_TS);
	octets(m, VIADUCT_A_CHILD_REMOTE_TS, 16);
}
static void nest_of_garbage(struct nl_msg *m)
{
	child(m, 9);
	any_ts(m, VIADUCT_A_CHILD_LOCAL_TS);
	nla_put(m, VIADUCT_A_CHILD_REMOTE_TS | NLA_F_NESTED, 7, "\xff\xff\xff\xff\xff\xff\xff");
}
static void nest_in_the_wrong_place(struct nl_msg *m)
{
	struct nlattr *nest;

	child(m, 9);
	any_ts(m, VIADUCT_A_CHILD_LOCAL_TS);
	nest = nla_nest_start(m, VIADUCT_A_CHILD_REMOTE_TS);
	any_ts(m, VIADUCT_A_TS_START);
	nla_nest_end(m, nest);
}
static void unknown_in_nest(struct nl_msg *m)
{
	struct nlattr *nest;

	sa_id(m, 1, VIADUCT_DIR_OUT, 0x1000);
	nest = nla_nest_start(m, VIADUCT_A_SA_HARD);
	u32(m, 77, 1);
	nla_nest_end(m, nest);
}

/* ---- tunnels ---- */
static void loopback(struct nl_msg *m) { u32(m, VIADUCT_A_TUNNEL_IFINDEX, 1); }
static void index_0(struct nl_msg *m) { u32(m, VIADUCT_A_TUNNEL_IFINDEX, 0); }
static void negative_index(struct nl_msg *m) { u32(m, VIADUCT_A_TUNNEL_IFINDEX, 0x80000000); }
static void absent_name(struct nl_msg *m) { nla_put_string(m, VIADUCT_A_TUNNEL_IFNAME, "via9"); }
static void long_name(struct nl_msg *m)
{
	nla_put_string(m, VIADUCT_A_TUNNEL_IFNAME, "a-name-of-seventeen");
}
static void open_name(struct nl_msg *m) { nla_put(m, VIADUCT_A_TUNNEL_IFNAME, 4, "via0"); }
static void set_children(struct nl_msg *m) { dev(m); u32(m, VIADUCT_A_TUNNEL_CHILDREN, 3); }
static void carrier_7(struct nl_msg *m)
{
	dev(m);
	u32(m, VIADUCT_A_TUNNEL_MARK, 5);
	u8(m, VIADUCT_A_TUNNEL_CARRIER, 7);
}
static void dscp_64(struct nl_msg *m) { dev(m); u8(m, VIADUCT_A_TUNNEL_DSCP_VALUE, 64); }
static void queue_4097(struct nl_msg *m) { dev(m); u32(m, VIADUCT_A_TUNNEL_QUEUE_LEN, 4097); }
static void df_3(struct nl_msg *m) { dev(m); u8(m, VIADUCT_A_TUNNEL_DF, 3); }
static void mtu_auto_2(struct nl_msg *m) { dev(m); u8(m, VIADUCT_A_TUNNEL_MTU_AUTO, 2); }

/* ---- children ---- */
static void only_dev(struct nl_msg *m) { dev(m); }
static void child_0(struct nl_msg *m) { child(m, 0); }
static void child_9(struct nl_msg *m) { child(m, 9); }
static void child_again(struct nl_msg *m)
{
	child(m, 1);
	any_ts(m, VIADUCT_A_CHILD_LOCAL_TS);
	any_ts(m, VIADUCT_A_CHILD_REMOTE_TS);
}
static void child_absent_set(struct nl_msg *m)
{
	child(m, 9);
	any_ts(m, VIADUCT_A_CHILD_LOCAL_TS);
	any_ts(m, VIADUCT_A_CHILD_REMOTE_TS);
}
static void child_of_loopback(struct nl_msg *m)
{
	loopback(m);
	u32(m, VIADUCT_A_CHILD_ID, 9);
	any_ts(m, VIADUCT_A_CHILD_LOCAL_TS);
	any_ts(m, VIADUCT_A_CHILD_REMOTE_TS);
}
static void no_remote_ts(struct nl_msg *m)
{
	child(m, 9);
	any_ts(m, VIADUCT_A_CHILD_LOCAL_TS);
}
static void many_ts(struct nl_msg *m)
{
	child(m, 9);
	any_ts(m, VIADUCT_A_CHILD_REMOTE_TS);
	for (int i = 0; i < VIADUCT_TS_MAX + 1; i++)
		any_ts(m, VIADUCT_A_CHILD_LOCAL_TS);
}
static void ts_backwards(struct nl_msg *m)
{
	child(m, 9);
	any_ts(m, VIADUCT_A_CHILD_LOCAL_TS);
	ts(m, VIADUCT_A_CHILD_REMOTE_TS, "10.0.0.2", "10.0.0.1");
}
static void ts_two_families(struct nl_msg *m)
{
	child(m, 9);
	any_ts(m, VIADUCT_A_CHILD_LOCAL_TS);
	ts(m, VIADUCT_A_CHILD_REMOTE_TS, "10.0.0.2", "fd00::1");
}
static void ts_nothing_in_common(struct nl_msg *m)
{
	child(m, 1);
	any_ts(m, VIADUCT_A_CHILD_LOCAL_TS);
	ts(m, VIADUCT_A_CHILD_REMOTE_TS, "fd00::", "fd00::ffff");
}
static void ts_without_end(struct nl_msg *m)
{
	struct nlattr *nest;

	child(m, 1);
	any_ts(m, VIADUCT_A_CHILD_LOCAL_TS);
	nest = nla_nest_start(m, VIADUCT_A_CHILD_REMOTE_TS);
	addr(m, VIADUCT_A_TS_START, "10.0.0.0");
	nla_nest_end(m, nest);
}
static void ts_odd_address(struct nl_msg *m)
{
	struct nlattr *nest;

	child(m, 1);
	any_ts(m, VIADUCT_A_CHILD_LOCAL_TS);
	nest = nla_nest_start(m, VIADUCT_A_CHILD_REMOTE_TS);
	octets(m, VIADUCT_A_TS_START, 5);
	octets(m, VIADUCT_A_TS_END, 5);
	nla_nest_end(m, nest);
}
static void ts_ports_of_any(struct nl_msg *m) { ts_with(m, -1, 80, 80); }
static void ts_ports_backwards(struct nl_msg *m) { ts_with(m, 6, 81, 80); }
static void ts_one_port(struct nl_msg *m) { ts_with(m, 6, 80, -1); }
static void ts_nearly_opaque(struct nl_msg *m) { ts_with(m, 6, 65535, 1); }

/* ---- SAs ---- */
static void sa_without_dir(struct nl_msg *m)
{
	child(m, 1);
	be32(m, VIADUCT_A_SA_SPI, 0x1000);
}
static void sa_dir_3(struct nl_msg *m) { sa_id(m, 1, 3, 0x1000); }
static void sa_spi_255(struct nl_msg *m) { sa_id(m, 1, VIADUCT_DIR_OUT, 255); }
static void sa_absent(struct nl_msg *m) { sa_id(m, 1, VIADUCT_DIR_OUT, 0x1001); }
static void sa_other_dir(struct nl_msg *m) { sa_id(m, 1, VIADUCT_DIR_IN, 0x1000); }
static void sa_other_child(struct nl_msg *m) { sa_id(m, 9, VIADUCT_DIR_OUT, 0x1000); }
static void sa_child_0(struct nl_msg *m) { sa_id(m, 0, VIADUCT_DIR_OUT, 0x3000); sa_ends(m); gcm(m); }
static void sa_no_child(struct nl_msg *m) { sa_id(m, 9, VIADUCT_DIR_OUT, 0x3000); sa_ends(m); gcm(m); }
static void sa_again(struct nl_msg *m) { sa_id(m, 1, VIADUCT_DIR_IN, 0x2000); sa_ends(m); gcm(m); }
static void sa_no_address(struct nl_msg *m) { sa_id(m, 1, VIADUCT_DIR_OUT, 0x3000); gcm(m); }
static void sa_with_addresses(struct nl_msg *m, const char *local, const char *remote)
{
	sa_id(m, 1, VIADUCT_DIR_OUT, 0x3000);
	addr(m, VIADUCT_A_SA_LOCAL, local);
	addr(m, VIADUCT_A_SA_REMOTE, remote);
	gcm(m);
}
static void sa_two_families(struct nl_msg *m) { sa_with_addresses(m, "192.0.2.1", "2001:db8::1"); }
static void sa_multicast(struct nl_msg *m) { sa_with_addresses(m, "192.0.2.1", "224.0.0.1"); }
static void sa_unspecified(struct nl_msg *m) { sa_with_addresses(m, "::", "2001:db8::1"); }
static void sa_mapped(struct nl_msg *m) { sa_with_addresses(m, "2001:db8::1", "::ffff:1.2.3.4"); }
static void sa_odd_address(struct nl_msg *m)
{
	sa_id(m, 1, VIADUCT_DIR_OUT, 0x3000);
	octets(m, VIADUCT_A_SA_LOCAL, 6);
	octets(m, VIADUCT_A_SA_REMOTE, 6);
	gcm(m);
}
static void sa_long_address(struct nl_msg *m)
{
	good_sa(m, VIADUCT_DIR_OUT);
	octets(m, VIADUCT_A_SA_LOCAL, 17);
}
static void sa_one_port(struct nl_msg *m)
{
	good_sa(m, VIADUCT_DIR_OUT);
	be16(m, VIADUCT_A_SA_LOCAL_PORT, 4500);
}
static void sa_port_0(struct nl_msg *m)
{
	good_sa(m, VIADUCT_DIR_OUT);
	be16(m, VIADUCT_A_SA_LOCAL_PORT, 4500);
	be16(m, VIADUCT_A_SA_REMOTE_PORT, 0);
}
static void sa_no_encr(struct nl_msg *m) { sa_id(m, 1, VIADUCT_DIR_OUT, 0x3000); sa_ends(m); }
static void sa_transforms(struct nl_msg *m, int encr, int key, int integ, int integ_key)
{
	sa_id(m, 1, VIADUCT_DIR_OUT, 0x3000);
	sa_ends(m);
	u16(m, VIADUCT_A_SA_ENCR, encr);
	if (key)
		octets(m, VIADUCT_A_SA_ENCR_KEY, key);
	if (integ)
		u16(m, VIADUCT_A_SA_INTEG, integ);
	if (integ_key)
		octets(m, VIADUCT_A_SA_INTEG_KEY, integ_key);
}
static void sa_encr_999(struct nl_msg *m) { sa_transforms(m, 999, 16, 0, 0); }
static void sa_short_key(struct nl_msg *m) { sa_transforms(m, 20, 19, 0, 0); }
static void sa_no_key(struct nl_msg *m) { sa_transforms(m, 20, 0, 0, 0); }
static void sa_huge_key(struct nl_msg *m) { sa_transforms(m, 20, VIADUCT_KEY_MAX + 1, 0, 0); }
static void sa_aead_and_integ(struct nl_msg *m) { sa_transforms(m, 20, 20, 12, 32); }
static void sa_cbc_alone(struct nl_msg *m) { sa_transforms(m, 12, 16, 0, 0); }
static void sa_integ_999(struct nl_msg *m) { sa_transforms(m, 12, 16, 999, 32); }
static void sa_integ_key_short(struct nl_msg *m) { sa_transforms(m, 12, 16, 12, 31); }
static void sa_integ_key_alone(struct nl_msg *m) { sa_transforms(m, 12, 16, 0, 32); }
static void sa_ah(struct nl_msg *m) { good_sa(m, VIADUCT_DIR_OUT); u8(m, VIADUCT_A_SA_PROTO, 51); }
static void sa_proto_17(struct nl_msg *m) { good_sa(m, VIADUCT_DIR_OUT); u8(m, VIADUCT_A_SA_PROTO, 17); }
static void sa_mode_9(struct nl_msg *m) { good_sa(m, VIADUCT_DIR_OUT); u8(m, VIADUCT_A_SA_MODE, 9); }
static void sa_window(struct nl_msg *m, int dir, unsigned int window)
{
	good_sa(m, dir);
	u32(m, VIADUCT_A_SA_REPLAY_WINDOW, window);
}
static void sa_window_31(struct nl_msg *m) { sa_window(m, VIADUCT_DIR_IN, 31); }
static void sa_window_65537(struct nl_msg *m) { sa_window(m, VIADUCT_DIR_IN, 65537); }
static void sa_window_out(struct nl_msg *m) { sa_window(m, VIADUCT_DIR_OUT, 64); }
static void sa_seq_33_bits(struct nl_msg *m)
{
	good_sa(m, VIADUCT_DIR_OUT);
	nla_put_u64(m, VIADUCT_A_SA_SEQ, 1ULL << 32);
}
static void sa_driver(struct nl_msg *m)
{
	good_sa(m, VIADUCT_DIR_OUT);
	nla_put_string(m, VIADUCT_A_SA_ENCR_DRIVER, "mine");
}
static void sa_long_life(struct nl_msg *m)
{
	struct nlattr *nest;

	sa_id(m, 1, VIADUCT_DIR_OUT, 0x1000);
	nest = nla_nest_start(m, VIADUCT_A_SA_HARD);
	nla_put_u64(m, VIADUCT_A_LIFETIME_SECONDS, 1ULL << 32);
	nla_nest_end(m, nest);
}
static void update_absent(struct nl_msg *m) { sa_id(m, 1, VIADUCT_DIR_OUT, 0x1001); sa_ends(m); }
static void update_half(struct nl_msg *m)
{
	sa_id(m, 1, VIADUCT_DIR_OUT, 0x1000);
	addr(m, VIADUCT_A_SA_LOCAL, "192.0.2.7");
}
static void update_key(struct nl_msg *m) { sa_id(m, 1, VIADUCT_DIR_OUT, 0x1000); gcm(m); }
static void update_family(struct nl_msg *m)
{
	sa_id(m, 1, VIADUCT_DIR_OUT, 0x1000);
	addr(m, VIADUCT_A_SA_LOCAL, "192.0.2.7");
	addr(m, VIADUCT_A_SA_REMOTE, "2001:db8::1");
}
static void larval_absent(struct nl_msg *m)
{
	dev(m);
	u8(m, VIADUCT_A_SA_DIR, VIADUCT_DIR_IN);
	be32(m, VIADUCT_A_SA_SPI, 0x4444);
}

/* ---- SPIs and sockets ---- */
static void spi(struct nl_msg *m, unsigned int min, unsigned int max)
{
	dev(m);
	addr(m, VIADUCT_A_SA_LOCAL, "192.0.2.1");
	u32(m, VIADUCT_A_SA_SPI_MIN, min);
	u32(m, VIADUCT_A_SA_SPI_MAX, max);
}
static void spi_taken(struct nl_msg *m) { spi(m, 0x2000, 0x2000); }
static void spi_backwards(struct nl_msg *m) { spi(m, 0x2001, 0x2000); }
static void spi_255(struct nl_msg *m) { spi(m, 255, 0x2000); }
static void spi_nowhere(struct nl_msg *m) { addr(m, VIADUCT_A_SA_LOCAL, "192.0.2.1"); }
static void spi_hasty(struct nl_msg *m)
{
	dev(m);
	addr(m, VIADUCT_A_SA_LOCAL, "192.0.2.1");
	u32(m, VIADUCT_A_SA_LARVAL_TIMEOUT, 0);
}
static void fd_closed(struct nl_msg *m) { u32(m, VIADUCT_A_SOCKET_FD, 999); }
static void fd_negative(struct nl_msg *m) { u32(m, VIADUCT_A_SOCKET_FD, -1); }
static void fd_file(struct nl_msg *m) { u32(m, VIADUCT_A_SOCKET_FD, 0); }
static int sock_of(int type)
{
	static int fds[16];

	if (!fds[type])
		fds[type] = socket(AF_INET, type, 0);
	return fds[type];
}
static void fd_tcp(struct nl_msg *m) { u32(m, VIADUCT_A_SOCKET_FD, sock_of(SOCK_STREAM)); }
static void fd_unbound(struct nl_msg *m) { u32(m, VIADUCT_A_SOCKET_FD, sock_of(SOCK_DGRAM)); }

#define TUNNEL(a)	VIADUCT_A_TUNNEL_##a
#define CHILD(a)	VIADUCT_A_CHILD_##a
#define SA(a)		VIADUCT_A_SA_##a
#define BAD(cmd, build, error, at, missing, text) \
	{ #cmd " " #build, VIADUCT_CMD_##cmd, error, at, missing, text, build, NLM_F_ACK }
#define BAD_DUMP(cmd, build, error, at, missing, text) \
	{ #cmd " dump " #build, VIADUCT_CMD_##cmd, error, at, missing, text, build, NLM_F_DUMP }

static const struct bad bads[] = {
	BAD(UNSPEC, no_attribute, EOPNOTSUPP, 0, 0, ""),
	BAD(ACQUIRE_NTF, no_attribute, EOPNOTSUPP, 0, 0, ""),
	BAD(MAX, unknown_attribute, EOPNOTSUPP, 0, 0, ""),
	BAD(TUNNEL_SET, no_attribute, EINVAL, 0, TUNNEL(IFINDEX), "index"),
	BAD(TUNNEL_SET, unknown_attribute, EINVAL, 200, 0, NULL),
	BAD(STATS_GET, only_dev, EINVAL, 1, 0, NULL),
	BAD(TUNNEL_SET, short_u32, EINVAL, TUNNEL(IFINDEX), 0, NULL),
	BAD(TUNNEL_SET, long_u32, EINVAL, TUNNEL(IFINDEX), 0, NULL),
	BAD(SA_NEW, short_u64, EINVAL, SA(SEQ), 0, NULL),
	BAD(SA_NEW, flag_with_value, ERANGE, SA(ESN), 0, NULL),
	BAD(TUNNEL_SET, attribute_past_the_end, EINVAL, 0, 0, ""),
	BAD(TUNNEL_SET, trailing_octets, EINVAL, 0, 0, NULL),
	BAD(CHILD_NEW, nest_without_flag, EINVAL, CHILD(REMOTE_TS), 0, NULL),
	BAD(CHILD_NEW, nest_of_garbage, EINVAL, 0, 0, NULL),
	BAD(CHILD_NEW, nest_in_the_wrong_place, EINVAL, 0, 0, NULL),
	BAD(SA_UPDATE, unknown_in_nest, EINVAL, 77, 0, NULL),
	BAD(SA_UPDATE, sa_long_life, ERANGE, VIADUCT_A_LIFETIME_SECONDS, 0, NULL),

	BAD(TUNNEL_GET, no_attribute, EINVAL, 0, TUNNEL(IFINDEX), "index"),
	BAD(TUNNEL_GET, loopback, ENODEV, TUNNEL(IFINDEX), 0, "no viaduct interface"),
	BAD(TUNNEL_GET, index_0, ERANGE, TUNNEL(IFINDEX), 0, NULL),
	BAD(TUNNEL_GET, negative_index, ERANGE, TUNNEL(IFINDEX), 0, NULL),
	BAD(TUNNEL_GET, absent_name, ENODEV, TUNNEL(IFNAME), 0, "no viaduct interface"),
	BAD(TUNNEL_GET, long_name, EINVAL, TUNNEL(IFNAME), 0, NULL),
	BAD(TUNNEL_GET, open_name, EINVAL, TUNNEL(IFNAME), 0, NULL),
	BAD(TUNNEL_GET, carrier_7, EINVAL, 0, 0, NULL),
	BAD_DUMP(TUNNEL_GET, loopback, ENODEV, 0, 0, "no viaduct interface"),
	BAD_DUMP(TUNNEL_GET, absent_name, EINVAL, 0, 0, NULL),
	BAD_DUMP(CHILD_GET, child_9, EINVAL, 0, 0, NULL),
	BAD_DUMP(SA_GET, loopback, ENODEV, 0, 0, "no viaduct interface"),
	BAD(TUNNEL_SET, set_children, EINVAL, TUNNEL(CHILDREN), 0, NULL),
	BAD(TUNNEL_SET, carrier_7, ERANGE, TUNNEL(CARRIER), 0, NULL),
	BAD(TUNNEL_SET, dscp_64, ERANGE, TUNNEL(DSCP_VALUE), 0, NULL),
	BAD(TUNNEL_SET, queue_4097, ERANGE, TUNNEL(QUEUE_LEN), 0, NULL),
	BAD(TUNNEL_SET, df_3, ERANGE, TUNNEL(DF), 0, NULL),
	BAD(TUNNEL_SET, mtu_auto_2, ERANGE, TUNNEL(MTU_AUTO), 0, NULL),
	BAD(TUNNEL_SET, loopback, ENODEV, TUNNEL(IFINDEX), 0, NULL),

	BAD(CHILD_NEW, only_dev, EINVAL, 0, CHILD(ID), "id"),
	BAD(CHILD_NEW, child_0, ERANGE, CHILD(ID), 0, NULL),
	BAD(CHILD_NEW, child_again, EEXIST, CHILD(ID), 0, NULL),
	BAD(CHILD_NEW, child_of_loopback, ENODEV, CHILD(IFINDEX), 0, NULL),
	BAD(CHILD_NEW, child_9, EINVAL, 0, CHILD(LOCAL_TS), "selector"),
	BAD(CHILD_NEW, no_remote_ts, EINVAL, 0, CHILD(REMOTE_TS), "selector"),
	BAD(CHILD_NEW, many_ts, E2BIG, CHILD(LOCAL_TS), 0, "255"),
	BAD(CHILD_NEW, ts_backwards, EINVAL, VIADUCT_A_TS_END, 0, "below"),
	BAD(CHILD_NEW, ts_two_families, EINVAL, VIADUCT_A_TS_END, 0, "families"),
	BAD(CHILD_SET, ts_nothing_in_common, EINVAL, CHILD(REMOTE_TS), 0, "family"),
	BAD(CHILD_SET, ts_without_end, EINVAL, CHILD(REMOTE_TS), 0, "start and end"),
	BAD(CHILD_SET, ts_odd_address, EINVAL, VIADUCT_A_TS_START, 0, "4 or 16"),
	BAD(CHILD_SET, child_absent_set, ENOENT, CHILD(ID), 0, NULL),
	BAD(CHILD_NEW, ts_ports_of_any, EINVAL, VIADUCT_A_TS_PORT_START, 0, "protocol"),
	BAD(CHILD_NEW, ts_ports_backwards, EINVAL, VIADUCT_A_TS_PORT_END, 0, "below"),
	BAD(CHILD_NEW, ts_one_port, EINVAL, CHILD(REMOTE_TS), 0, "both"),
	BAD(CHILD_NEW, ts_nearly_opaque, EINVAL, VIADUCT_A_TS_PORT_END, 0, "below"),
	BAD(CHILD_GET, child_9, ENOENT, CHILD(ID), 0, NULL),
	BAD(CHILD_DEL, child_9, ENOENT, CHILD(ID), 0, NULL),
	BAD(CHILD_DEL, only_dev, EINVAL, 0, CHILD(ID), NULL),
	BAD(CHILD_DEL, child_again, EINVAL, 0, 0, NULL),

	BAD(SA_GET, sa_without_dir, EINVAL, 0, SA(DIR), "direction"),
	BAD(SA_GET, child_9, EINVAL, 0, SA(DIR), NULL),
	BAD(SA_GET, sa_dir_3, ERANGE, SA(DIR), 0, NULL),
	BAD(SA_GET, sa_spi_255, ERANGE, SA(SPI), 0, NULL),
	BAD(SA_GET, sa_absent, ENOENT, SA(SPI), 0, NULL),
	BAD(SA_GET, sa_other_dir, ENOENT, SA(SPI), 0, NULL),
	BAD(SA_GET, sa_other_child, ENOENT, SA(SPI), 0, NULL),
	BAD(SA_GET, larval_absent, ENOENT, SA(SPI), 0, NULL),
	BAD(SA_DEL, sa_absent, ENOENT, SA(SPI), 0, NULL),
	BAD(SA_DEL, sa_other_dir, ENOENT, SA(SPI), 0, NULL),
	BAD(SA_DEL, larval_absent, ENOENT, SA(SPI), 0, NULL),
	BAD(SA_FLUSH, loopback, ENODEV, SA(IFINDEX), 0, NULL),
	BAD(SA_NEW, sa_child_0, EINVAL, SA(CHILD), 0, NULL),
	BAD(SA_NEW, sa_no_child, ENOENT, SA(CHILD), 0, NULL),
	BAD(SA_NEW, sa_again, EEXIST, SA(SPI), 0, NULL),
	BAD(SA_NEW, sa_no_address, EINVAL, 0, SA(LOCAL), "address"),
	BAD(SA_NEW, sa_two_families, EINVAL, SA(REMOTE), 0, "families"),
	BAD(SA_NEW, sa_multicast, EINVAL, SA(REMOTE), 0, "unicast"),
	BAD(SA_NEW, sa_unspecified, EINVAL, SA(LOCAL), 0, "unicast"),
	BAD(SA_NEW, sa_mapped, EINVAL, SA(REMOTE), 0, "unicast"),
	BAD(SA_NEW, sa_odd_address, EINVAL, SA(LOCAL), 0, "4 or 16"),
	BAD(SA_NEW, sa_long_address, ERANGE, SA(LOCAL), 0, NULL),
	BAD(SA_NEW, sa_one_port, EINVAL, SA(LOCAL_PORT), 0, "both"),
	BAD(SA_NEW, sa_port_0, ERANGE, SA(REMOTE_PORT), 0, NULL),
	BAD(SA_NEW, sa_no_encr, EINVAL, 0, SA(ENCR), "encryption"),
	BAD(SA_NEW, sa_encr_999, EOPNOTSUPP, SA(ENCR), 0, NULL),
	BAD(SA_NEW, sa_short_key, EINVAL, SA(ENCR_KEY), 0, "length"),
	BAD(SA_NEW, sa_no_key, EINVAL, SA(ENCR), 0, "length"),
	BAD(SA_NEW, sa_huge_key, ERANGE, SA(ENCR_KEY), 0, NULL),
	BAD(SA_NEW, sa_aead_and_integ, EINVAL, SA(INTEG), 0, NULL),
	BAD(SA_NEW, sa_cbc_alone, EINVAL, SA(ENCR), 0, "integrity"),
	BAD(SA_NEW, sa_integ_999, EOPNOTSUPP, SA(INTEG), 0, NULL),
	BAD(SA_NEW, sa_integ_key_short, EINVAL, SA(INTEG_KEY), 0, "length"),
	BAD(SA_NEW, sa_integ_key_alone, EINVAL, SA(INTEG_KEY), 0, "integrity"),
	BAD(SA_NEW, sa_ah, EOPNOTSUPP, SA(PROTO), 0, NULL),
	BAD(SA_NEW, sa_proto_17, ERANGE, SA(PROTO), 0, NULL),
	BAD(SA_NEW, sa_mode_9, ERANGE, SA(MODE), 0, NULL),
	BAD(SA_NEW, sa_window_31, EINVAL, SA(REPLAY_WINDOW), 0, "32"),
	BAD(SA_NEW, sa_window_65537, ERANGE, SA(REPLAY_WINDOW), 0, NULL),
	BAD(SA_NEW, sa_window_out, EINVAL, SA(REPLAY_WINDOW), 0, NULL),
	BAD(SA_NEW, sa_seq_33_bits, EINVAL, SA(SEQ), 0, "32 bits"),
	BAD(SA_NEW, sa_driver, EINVAL, SA(ENCR_DRIVER), 0, NULL),
	BAD(SA_UPDATE, update_absent, ENOENT, SA(SPI), 0, NULL),
	BAD(SA_UPDATE, update_half, EINVAL, 0, SA(REMOTE), "remote"),
	BAD(SA_UPDATE, update_key, EINVAL, SA(ENCR), 0, NULL),
	BAD(SA_UPDATE, update_family, EINVAL, SA(REMOTE), 0, "families"),

	BAD(SPI_ALLOC, only_dev, EINVAL, 0, SA(LOCAL), "address"),
	BAD(SPI_ALLOC, spi_nowhere, EINVAL, 0, SA(IFINDEX), NULL),
	BAD(SPI_ALLOC, spi_taken, ENOSPC, SA(SPI_MIN), 0, NULL),
	BAD(SPI_ALLOC, spi_backwards, EINVAL, SA(SPI_MAX), 0, "below"),
	BAD(SPI_ALLOC, spi_255, ERANGE, SA(SPI_MIN), 0, NULL),
	BAD(SPI_ALLOC, spi_hasty, ERANGE, SA(LARVAL_TIMEOUT), 0, NULL),
	BAD(SOCKET_ATTACH, no_attribute, EINVAL, 0, VIADUCT_A_SOCKET_FD, NULL),
	BAD(SOCKET_ATTACH, fd_closed, EBADF, VIADUCT_A_SOCKET_FD, 0, NULL),
	BAD(SOCKET_ATTACH, fd_negative, EBADF, VIADUCT_A_SOCKET_FD, 0, NULL),
	BAD(SOCKET_ATTACH, fd_file, ENOTSOCK, VIADUCT_A_SOCKET_FD, 0, NULL),
	BAD(SOCKET_ATTACH, fd_tcp, EPROTOTYPE, VIADUCT_A_SOCKET_FD, 0, NULL),
	BAD(SOCKET_ATTACH, fd_unbound, EINVAL, VIADUCT_A_SOCKET_FD, 0, NULL),
	BAD(SOCKET_DETACH, fd_unbound, EINVAL, VIADUCT_A_SOCKET_FD, 0, NULL),
};
