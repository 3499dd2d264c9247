// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading what selectors look at from an inner packet: see selector.h. The packet is not
 * trusted; every octet is bounds-checked against what is linear and what is there.
 * No state, no lock. RFC 791, RFC 8200, RFC 4301 4.4.1.1 (selectors and fragments).
 */
#include "selector.h"

#define IP6_HDR_LEN	40
#define IP6_EXT_MAX	8	/* headers to walk; nobody sane sends more */

#define NXT_HOPOPTS	0
#define NXT_ICMP	1
#define NXT_TCP		6
#define NXT_UDP		17
#define NXT_DCCP	33
#define NXT_ROUTING	43
#define NXT_FRAGMENT	44
#define NXT_AH		51
#define NXT_ICMPV6	58
#define NXT_DSTOPTS	60
#define NXT_SCTP	132
#define NXT_MH		135
#define NXT_UDPLITE	136

/* A packet of @total octets of which @len are readable. */
struct view {
	const u8 *data;
	u32 len;
	u32 total;
};

static u16 get16(const u8 *p)
{
	return p[0] << 8 | p[1];
}

static u64 get_be(const u8 *p, u32 n)
{
	u64 v = 0;

	while (n--)
		v = v << 8 | *p++;
	return v;
}

static void put_be(u8 *p, u32 n, u64 v)
{
	while (n--) {
		p[n] = v;
		v >>= 8;
	}
}

void vdt_ts_addr_get(struct vdt_ts_addr *addr, const void *octets, enum vdt_family family)
{
	const u8 *p = octets;

	addr->hi = family == VDT_V4 ? 0 : get_be(p, 8);
	addr->lo = family == VDT_V4 ? get_be(p, 4) : get_be(p + 8, 8);
}

void vdt_ts_addr_put(void *octets, const struct vdt_ts_addr *addr, enum vdt_family family)
{
	u8 *p = octets;

	if (family == VDT_V4) {
		put_be(p, 4, addr->lo);
	} else {
		put_be(p, 8, addr->hi);
		put_be(p + 8, 8, addr->lo);
	}
}

/* Are the first @end octets there? 0, how many must be pulled, or -EINVAL. */
static int want(const struct view *v, u32 end)
{
	if (end > v->total)
		return -EINVAL;
	return end > v->len ? (int)end : 0;
}

/* Ports, or what stands in their place, behind the headers at @off. */
static int read_ports(const struct view *v, u32 off, struct vdt_flow *flow)
{
	const u8 *p = v->data + off;
	int ret;

	switch (flow->proto) {
	case NXT_TCP:
	case NXT_UDP:
	case NXT_DCCP:
	case NXT_SCTP:
	case NXT_UDPLITE:
		ret = want(v, off + 4);
		if (ret)
			break;
		flow->local_port = get16(p);
		flow->remote_port = get16(p + 2);
		flow->ports = true;
		break;
	case NXT_ICMP:
	case NXT_ICMPV6:
		ret = want(v, off + 2);
		if (ret)
			break;
		flow->local_port = get16(p);
		flow->remote_port = flow->local_port;
		flow->ports = true;
		break;
	case NXT_MH:
		ret = want(v, off + 3);
		if (ret)
			break;
		flow->local_port = p[2] << 8;
		flow->remote_port = flow->local_port;
		flow->ports = true;
		break;
	default:
		ret = 0;
		break;
	}
	/* Cut off in the transport header: valid IP, ports unknown. */
	return ret > 0 ? ret : 0;
}

static int read_ipv4(struct view *v, enum viaduct_dir dir, struct vdt_flow *flow)
{
	const u8 *p = v->data;
	u32 header, length;
	int ret = want(v, 20);

	if (ret)
		return ret;
	header = (p[0] & 0xf) * 4;
	length = get16(p + 2);
	/* A GSO packet over 64 KiB on its way out (BIG TCP) has no length. */
	if (!length && dir == VIADUCT_DIR_OUT)
		length = v->total;
	if (header < 20 || length < header || length > v->total)
		return -EINVAL;
	v->total = length;
	flow->family = VDT_V4;
	flow->proto = p[9];
	vdt_ts_addr_get(&flow->local, p + 12, VDT_V4);
	vdt_ts_addr_get(&flow->remote, p + 16, VDT_V4);
	if (get16(p + 6) & 0x1fff)
		return 0;
	return read_ports(v, header, flow);
}

/*
 * Walk the extension headers from @off. On return 0 flow->proto is the upper layer's;
 * *off is where it begins, or 0 when that can't be known (a later fragment, too many).
 */
static int walk_ipv6(const struct view *v, u32 *off, struct vdt_flow *flow)
{
	const u8 *p;
	u32 i, size;
	int ret;

	for (i = 0; i <= IP6_EXT_MAX; i++) {
		p = v->data + *off;
		switch (flow->proto) {
		case NXT_HOPOPTS:
		case NXT_ROUTING:
		case NXT_DSTOPTS:
		case NXT_FRAGMENT:
		case NXT_AH:
			break;
		default:
			return 0;
		}
		ret = want(v, *off + 8);
		if (ret)
			return ret;
		if (flow->proto == NXT_FRAGMENT) {
			size = 8;
			if (get16(p + 2) & 0xfff8) {
				flow->proto = p[0];
				break;
			}
		} else if (flow->proto == NXT_AH) {
			size = (p[1] + 2) * 4;
		} else {
			size = (p[1] + 1) * 8;
		}
		if (*off + size > v->total)
			return -EINVAL;
		flow->proto = p[0];
		*off += size;
	}
	*off = 0;
	return 0;
}

static int read_ipv6(struct view *v, enum viaduct_dir dir, struct vdt_flow *flow)
{
	const u8 *p = v->data;
	u32 length, off = IP6_HDR_LEN;
	int ret = want(v, IP6_HDR_LEN);

	if (ret)
		return ret;
	length = IP6_HDR_LEN + get16(p + 4);
	/* A GSO packet over 64 KiB on its way out (BIG TCP) has no length. */
	if (length == IP6_HDR_LEN && dir == VIADUCT_DIR_OUT)
		length = v->total;
	if (length > v->total)
		return -EINVAL;
	v->total = length;
	flow->family = VDT_V6;
	flow->proto = p[6];
	vdt_ts_addr_get(&flow->local, p + 8, VDT_V6);
	vdt_ts_addr_get(&flow->remote, p + 24, VDT_V6);
	ret = walk_ipv6(v, &off, flow);
	if (ret || !off)
		return ret;
	return read_ports(v, off, flow);
}

int vdt_flow_read(const u8 *data, u32 len, u32 total, enum viaduct_dir dir,
		  struct vdt_flow *flow)
{
	struct view v = { .data = data, .len = min(len, total), .total = total };
	struct vdt_flow f = {};
	int ret = want(&v, 1);

	if (ret)
		return ret;
	if (data[0] >> 4 == 4)
		ret = read_ipv4(&v, dir, &f);
	else if (data[0] >> 4 == 6)
		ret = read_ipv6(&v, dir, &f);
	else
		ret = -EINVAL;
	if (ret)
		return ret;
	if (dir == VIADUCT_DIR_IN) {
		swap(f.local, f.remote);
		swap(f.local_port, f.remote_port);
	}
	*flow = f;
	return 0;
}
