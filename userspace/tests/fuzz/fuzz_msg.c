// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A message between viaductd's roles, as a role that was taken over may send it. The first octet
 * chooses who sends to whom, the second the number of descriptors. What passes the check must be
 * safe to convert and to walk: names end, lists are as long as they say.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/msg.h"
#include "daemon/prefix.h"

static void walk_sa(const struct vd_msg_sa *m)
{
	struct ike_sa_params p;
	struct vd_msg_sa back;

	vd_msg_to_sa(&p, m);
	assert(strlen(p.id.tunnel) < sizeof(p.id.tunnel));
	assert(p.encr_key.len <= VD_KEY_MAX && p.integ_key.len <= VD_KEY_MAX);
	vd_msg_from_sa(&back, &p);
	assert(back.encr == m->encr && back.id.spi == m->id.spi && back.encap == m->encap);
}

static void walk_list(const struct ike_ts_list *l)
{
	struct vd_conf_prefixes list = { 0 };
	char text[4096];
	struct vd_strbuf b = vd_strbuf_init(text, sizeof(text));

	assert(l->n <= IKE_TS_MAX);
	ike_ts_list_format(&b, l);
	for (unsigned int i = 0; i < l->n; i++)
		assert(vd_prefixes_of_ts(&list, &l->ts[i]) == 0);
	vd_prefixes_free(&list);
	ike_ts_list_contains(l, l);
}

static void walk(const struct vd_msg *m)
{
	struct ike_kernel_event ev;

	assert(vd_msg_body_size(m->type) > 0 && m->fd == -1);
	if (m->type == VD_MSG_SA_ADD || m->type == VD_MSG_SA_UPDATE || m->type == VD_MSG_SPI_ALLOC) {
		walk_sa(&m->body->SA_ADD);
	} else if (m->type == VD_MSG_CHILD_SET) {
		walk_list(&m->body->CHILD_SET.local_ts);
		walk_list(&m->body->CHILD_SET.remote_ts);
	} else if (m->type == VD_MSG_ROUTES) {
		walk_list(&m->body->ROUTES.remote_ts);
	} else if (m->type == VD_MSG_EVENT) {
		vd_msg_to_event(&ev, &m->body->EVENT);
		assert(strlen(ev.tunnel) < sizeof(ev.tunnel));
	} else if (m->type == VD_MSG_PSK_SIGN || m->type == VD_MSG_PSK_VERIFY) {
		char text[IKE_ID_MAX * 4 + 16];
		struct vd_strbuf b = vd_strbuf_init(text, sizeof(text));

		assert(strlen(m->body->PSK_SIGN.gateway) < IKE_NAME_MAX && m->tail_len > 0);
		ike_id_format(&b, &m->body->PSK_SIGN.remote_id);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vd_msg m = { .token = 1 };
	uint8_t *copy;

	if (size < 2)
		return 0;
	/* On the heap and no longer than it is: reading past the end is seen. */
	copy = malloc(size - 2 ? size - 2 : 1);
	memcpy(copy, data + 2, size - 2);
	if (vd_msg_parse(&m, 1 + data[0] % 3, 1 + data[0] / 3 % 3, copy, size - 2, data[1] % 3) == 0)
		walk(&m);
	else
		assert(m.token == 1);
	free(copy);
	return 0;
}
