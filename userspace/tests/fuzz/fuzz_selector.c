// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's reading of inner packets (kmod/flow.c) and choice among children
 * (kmod/selector.c): no octet is read that is not there, and the choice is what trying every
 * pair of ranges by octet comparison gives.
 */
#include <stdint.h>
#include <stdlib.h>

#include "../../../kmod/flow.c"
#include "../../../kmod/selector.c"

#define CHILDREN	5

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
	if (!ok)
		abort();
}

struct input {
	const uint8_t	*at;
	const uint8_t	*end;
};

static u32 take(struct input *in, int n)
{
	u32 v = 0;

	while (n-- && in->at < in->end)
		v = v << 8 | *in->at++;
	return v;
}

/* Octet by octet, as skb pulls go; each view in memory of its own, so that ASan sees a step over. */
static int read_growing(const u8 *packet, u32 total, enum viaduct_dir dir, struct vdt_flow *flow)
{
	u32 len = 0;

	for (;;) {
		u8 *linear = malloc(len ? len : 1);
		int ret;

		memcpy(linear, packet, len);
		ret = vdt_flow_read(linear, len, total, dir, flow);
		free(linear);
		if (ret <= 0)
			return ret;
		require((u32)ret > len && (u32)ret <= total);
		len = ret;
	}
}

static void take_addr(struct input *in, struct vdt_ts_addr *a, u8 family)
{
	u8 octets[16] = { 0 };
	int i;

	/* Few values, so that ranges and packets meet. */
	for (i = 0; i < (family == VDT_V4 ? 4 : 16); i += 4)
		octets[i + 3] = take(in, 1) & 0x0f;
	if (take(in, 1) & 1)
		octets[0] = take(in, 1);
	vdt_ts_addr_get(a, octets, family);
}

static void take_ts(struct input *in, struct vdt_ts *ts)
{
	uint8_t kind = take(in, 1);

	ts->family = kind & 1 ? VDT_V6 : VDT_V4;
	ts->port_end = 65535;
	if (kind & 2) {
		ts->end.hi = ts->family == VDT_V4 ? 0 : UINT64_MAX;
		ts->end.lo = ts->family == VDT_V4 ? UINT32_MAX : UINT64_MAX;
		return;
	}
	take_addr(in, &ts->start, ts->family);
	take_addr(in, &ts->end, ts->family);
	if (kind & 4)
		ts->proto = take(in, 1);
	if (kind & 16) {
		ts->port_start = 65535;
		ts->port_end = 0;
	} else if (kind & 8) {
		ts->port_start = take(in, 2);
		ts->port_end = take(in, 2);
	}
}

static bool in_range(const struct vdt_ts *ts, const struct vdt_ts_addr *addr)
{
	int n = ts->family == VDT_V4 ? 4 : 16;
	u8 start[16], end[16], a[16];

	vdt_ts_addr_put(start, &ts->start, ts->family);
	vdt_ts_addr_put(end, &ts->end, ts->family);
	vdt_ts_addr_put(a, addr, ts->family);
	return memcmp(start, a, n) <= 0 && memcmp(a, end, n) <= 0;
}

static bool naive_match(const struct vdt_ts *ts, const struct vdt_flow *f,
			const struct vdt_ts_addr *addr, u16 port)
{
	if (ts->family != f->family || !in_range(ts, addr))
		return false;
	if (ts->proto && ts->proto != f->proto)
		return false;
	if (ts->port_start == 0 && ts->port_end == 65535)
		return true;
	if (!f->ports)
		return ts->port_start == 65535 && ts->port_end == 0;
	return ts->port_start <= port && port <= ts->port_end;
}

static u32 naive_width(const struct vdt_selector *s, const struct vdt_flow *f)
{
	const struct vdt_ts *local = vdt_selector_local(s), *remote = vdt_selector_remote(s);
	u32 best = UINT32_MAX;
	int i, j;

	for (i = 0; i < s->n_local; i++)
		for (j = 0; j < s->n_remote; j++)
			if (naive_match(&local[i], f, &f->local, f->local_port) &&
			    naive_match(&remote[j], f, &f->remote, f->remote_port) &&
			    local[i].width + remote[j].width < best)
				best = local[i].width + remote[j].width;
	return best;
}

static void check_choice(struct vdt_selector **s, u32 n, const struct vdt_flow *f)
{
	struct vdt_selector_entry e[CHILDREN];
	struct vdt_selector_table *t;
	u32 i, best = UINT32_MAX;
	void *child = NULL;

	for (i = 0; i < n; i++) {
		u32 width = naive_width(s[i], f);

		require(vdt_selector_match(s[i], f) == (width != UINT32_MAX));
		if (width < best) {
			best = width;
			child = s[i];
		}
		e[i].selector = s[i];
		e[i].child = s[i];
	}
	t = vdt_selector_table_build(e, n);
	require(vdt_selector_lookup(t, f) == child);
	if (vdt_selector_any(t, f->family))
		require(vdt_selector_any(t, f->family) == child);
	vdt_selector_table_free(t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vdt_flow untouched, out = { 0 }, in_flow = { 0 };
	struct vdt_selector *s[CHILDREN] = { NULL };
	struct input in = { data, data + size };
	u32 children = take(&in, 1) % (CHILDREN + 1), n = 0, i;
	int ret;

	for (; children; children--) {
		u16 n_local = 1 + take(&in, 1) % 3, n_remote = 1 + take(&in, 1) % 3;

		s[n] = vdt_selector_alloc(n_local, n_remote);
		for (i = 0; i < (u32)n_local + n_remote; i++)
			take_ts(&in, &s[n]->ts[i]);
		if (vdt_selector_seal(s[n]))
			vdt_selector_free(s[n]);
		else
			n++;
	}
	memset(&untouched, 0x5a, sizeof(untouched));
	out = untouched;
	ret = read_growing(in.at, in.end - in.at, VIADUCT_DIR_OUT, &out);
	if (ret) {
		require(ret == -EINVAL && !memcmp(&out, &untouched, sizeof(out)));
	} else {
		check_choice(s, n, &out);
		/* The other direction: the ends swapped; it does not know packets over 64 KiB. */
		if (!read_growing(in.at, in.end - in.at, VIADUCT_DIR_IN, &in_flow)) {
			require(in_flow.local.lo == out.remote.lo && in_flow.proto == out.proto);
			require(!in_flow.ports || in_flow.remote_port == out.local_port);
			check_choice(s, n, &in_flow);
		}
	}
	while (n--)
		vdt_selector_free(s[n]);
	return 0;
}
