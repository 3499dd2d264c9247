// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The role [keys]: holds the pre-shared keys, computes and checks AUTH values (RFC 7296, 2.15)
 * for [net], tells nobody a key. It gets each secret file as an open descriptor from [priv],
 * which never reads one itself.
 *
 * Two sets: the one in use, and the one being loaded for a reload, which replaces it as a whole.
 */
#include "daemon/roles.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/secret.h"
#include "conf/secret_file.h"
#include "crypto/ops.h"
#include "crypto/psk.h"

struct entry {
	struct entry	*next;
	char		gateway[IKE_NAME_MAX];
	struct vd_secret psk;
};

struct keys {
	struct vd_worker	worker;
	struct vd_chan		*net;
	struct ike_ops		ops;
	struct entry		*in_use;
	struct entry		*loaded;
};

static void entries_free(struct entry **list)
{
	struct entry *e;

	while ((e = *list)) {
		*list = e->next;
		vd_secret_free(&e->psk);
		free(e);
	}
}

static struct entry *find(struct entry *list, const char *gateway)
{
	while (list && strcmp(list->gateway, gateway) != 0)
		list = list->next;
	return list;
}

/* ---- loading ---- */

/* All of @fd, which is no longer than a key's text may be. */
static int read_text(int fd, uint8_t *buf, size_t cap, size_t *len)
{
	*len = 0;
	while (*len < cap) {
		ssize_t n = read(fd, buf + *len, cap - *len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			return 0;
		*len += n;
	}
	return -EFBIG;
}

static int load(struct keys *k, const char *gateway, int fd, const char **why)
{
	uint8_t text[2 * VD_PSK_MAX + 16];
	struct entry *e = calloc(1, sizeof(*e));
	size_t len;
	int err;

	*why = "out of memory";
	if (!e)
		return -ENOMEM;
	err = read_text(fd, text, sizeof(text), &len);
	if (err == -EFBIG)
		*why = "the file is longer than a key may be";
	else if (err)
		*why = strerror(-err);
	else
		err = vd_secret_text_parse(text, len, &e->psk, why);
	vd_wipe(text, sizeof(text));
	if (err) {
		free(e);
		return err;
	}
	memcpy(e->gateway, gateway, sizeof(e->gateway));
	e->next = k->loaded;
	k->loaded = e;
	return 0;
}

static void on_secret(struct keys *k, const struct vd_msg *m)
{
	const char *why = "";
	struct vd_msg_verdict v = { 0 };

	v.error = load(k, m->body->SECRET.gateway, m->fd, &why);
	if (v.error)
		snprintf(v.text, sizeof(v.text), "%s", why);
	vd_chan_send(k->worker.priv, VD_MSG_SECRET_VERDICT, m->token, &v, NULL, 0, -1);
}

/* ---- signing ---- */

static void answer(struct keys *k, uint64_t token, const struct vd_msg_psk_result *r)
{
	if (vd_chan_send(k->net, VD_MSG_PSK_RESULT, token, r, NULL, 0, -1) < 0)
		vd_debug(VD_LOG_KEYS, "an AUTH value found no taker");
}

static void on_psk(struct keys *k, const struct vd_msg *m)
{
	const struct vd_msg_psk *q = &m->body->PSK_SIGN;
	struct vd_msg_psk_result r = { .error = -ENOENT };
	const struct entry *e = find(k->in_use, q->gateway);
	vd_auto_secret octets = { 0 };
	uint8_t auth_len = 0;

	if (e)
		r.error = vd_secret_set(&octets, m->tail, m->tail_len);
	if (!r.error && m->type == VD_MSG_PSK_SIGN)
		r.error = vd_psk_sign(&k->ops, q->prf, &e->psk, &octets, r.auth, &auth_len);
	else if (!r.error)
		r.error = vd_psk_verify(&k->ops, q->prf, &e->psk, &octets, q->auth, q->auth_len);
	r.auth_len = auth_len;
	answer(k, m->token, &r);
	vd_wipe(&r, sizeof(r));
}

static void on_net_message(void *arg, struct vd_msg *m)
{
	on_psk(arg, m);		/* the table lets nothing else come from [net] */
}

static void on_net_gone(void *arg, int error)
{
	struct keys *k = arg;

	if (error)
		vd_warning(VD_LOG_KEYS, "[net] sent a malformed message: channel closed");
	k->net = vd_chan_free(k->net);
}

static void on_net_channel(struct keys *k, struct vd_msg *m)
{
	struct vd_chan_handler handler = { on_net_message, on_net_gone, k };
	int err;

	k->net = vd_chan_free(k->net);
	err = vd_chan_new(&k->net, k->worker.event, m->fd, VD_ROLE_KEYS, VD_ROLE_NET, &handler);
	m->fd = -1;
	if (err)
		vd_error(VD_LOG_KEYS, "channel to [net]: %s", strerror(-err));
}

static void on_priv_message(void *arg, struct vd_msg *m)
{
	struct keys *k = arg;

	if (m->type == VD_MSG_SECRET) {
		on_secret(k, m);
	} else if (m->type == VD_MSG_SECRETS_USE) {
		entries_free(&k->in_use);
		k->in_use = k->loaded;
		k->loaded = NULL;
	} else if (m->type == VD_MSG_SECRETS_DROP) {
		entries_free(&k->loaded);
	} else if (m->type == VD_MSG_NET_CHANNEL) {
		on_net_channel(k, m);
	}
}

int vd_keys_main(const struct vd_worker_args *args)
{
	struct keys k = { 0 };
	int status = VD_EXIT_FAILED;

	/* OpenSSL reads its files while there are files. */
	if (vd_crypto_open(&k.ops) < 0) {
		vd_error(VD_LOG_KEYS, "OpenSSL lacks an algorithm viaduct needs");
		return VD_EXIT_FAILED;
	}
	if (vd_worker_init(&k.worker, VD_ROLE_KEYS, args, on_priv_message, &k) == 0)
		status = vd_worker_run(&k.worker);
	entries_free(&k.in_use);
	entries_free(&k.loaded);
	vd_chan_free(k.net);
	vd_worker_end(&k.worker);
	vd_crypto_close(&k.ops);
	return status;
}
