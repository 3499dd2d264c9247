// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The role [net] (net.h): start, configuration, messages, time, end.
 */
#include "daemon/net.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "crypto/ops.h"
#include "daemon/conf_pack.h"
#include "daemon/roles.h"

#define PACK_MAX	(256u << 20)
#define STOP_MS		3000	/* for the peers to acknowledge our Deletes */

struct vd_json_clock vd_net_clock(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (struct vd_json_clock){
		.now = vd_now(),
		.wall_ms = (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000,
	};
}

/* ---- time ---- */

static int still_open(const struct ike_gateway_status *s, void *arg)
{
	return s->sas > 0 && s->state != IKE_GATEWAY_IDLE;
}

static void stop_if_done(struct vd_net *net)
{
	if (ike_engine_each_gateway(net->engine, still_open, NULL))
		return;
	vd_chan_send_empty(net->worker.priv, VD_MSG_STOPPED, -1);
	sd_event_exit(net->worker.event, 0);
}

static void arm_timer(struct vd_net *net)
{
	vd_time at = ike_engine_deadline(net->engine);

	if (at == VD_NEVER) {
		sd_event_source_set_enabled(net->timer, SD_EVENT_OFF);
		return;
	}
	sd_event_source_set_time(net->timer, at > 0 ? (uint64_t)at * 1000 : 0);
	sd_event_source_set_enabled(net->timer, SD_EVENT_ONESHOT);
}

void vd_net_pump(struct vd_net *net)
{
	struct ike_action a;

	/* An action completed at once leads back here; the loop below goes on with what it brings. */
	if (net->pumping)
		return;
	net->pumping = true;
	while (ike_engine_next_action(net->engine, &a))
		vd_net_action(net, &a);
	net->pumping = false;
	arm_timer(net);
	if (net->stopping)
		stop_if_done(net);
}

static int on_timer(sd_event_source *s, uint64_t usec, void *arg)
{
	struct vd_net *net = arg;

	ike_engine_tick(net->engine, vd_now());
	vd_net_pump(net);
	return 0;
}

/* ---- configuration ---- */

int vd_net_reload(struct vd_net *net, uint64_t id, bool dry_run)
{
	struct vd_msg_config m = { .dry_run = dry_run };

	if (net->reload_call || net->candidate)
		return -EBUSY;
	net->reload_call = id;
	return vd_chan_send(net->worker.priv, VD_MSG_RELOAD, id, &m, NULL, 0, -1);
}

static void send_verdict(struct vd_net *net, uint64_t token, int error)
{
	struct vd_msg_verdict v = { .error = error };

	vd_chan_send(net->worker.priv, VD_MSG_CONFIG_VERDICT, token, &v, NULL, 0, -1);
}

/* What [priv] read, as a configuration; or errors, its own or those it found. */
static int judge(int fd, struct vd_conf **conf, struct vd_conf_errors *errors)
{
	struct vd_conf_texts texts = { 0 };
	struct vd_conf_errors found = { 0 };
	vd_auto_secret packed = { 0 };
	int err;

	memset(errors, 0, sizeof(*errors));
	err = vd_memfd_read(fd, PACK_MAX, &packed);
	if (!err)
		err = vd_conf_unpack(&texts, &found, packed.data, packed.len);
	if (!err)
		err = vd_conf_parse(conf, &texts, NULL, NULL, errors, NULL);
	vd_conf_texts_free(&texts);
	if (found.n) {
		if (!err) {
			vd_conf_free(*conf);
			*conf = NULL;
		}
		*errors = found;
		return -EINVAL;
	}
	return err;
}

static void internal_error(struct vd_conf_errors *errors, const char *what, int err)
{
	memset(errors, 0, sizeof(*errors));
	errors->n = errors->total = 1;
	snprintf(errors->e[0].message, sizeof(errors->e[0].message), "%.180s: %s", what,
		 strerror(-err));
}

static void on_config(struct vd_net *net, const struct vd_msg *m)
{
	struct vd_conf_errors *errors = calloc(1, sizeof(*errors));
	struct vd_conf_changes changes = { 0 };
	struct vd_conf *conf = NULL;
	int err = errors ? judge(m->fd, &conf, errors) : -ENOMEM;

	if (!err)
		err = vd_conf_diff(net->conf, conf, &changes);
	if (err && errors && !errors->n)
		internal_error(errors, "reading the configuration", err);
	if (err || m->body->CONFIG.dry_run) {
		vd_net_reload_done(net, &changes, err ? errors : NULL);
		vd_conf_free(conf);
	} else {
		vd_conf_free(net->candidate);
		net->candidate = conf;
	}
	send_verdict(net, m->token, err);
	vd_conf_changes_free(&changes);
	free(errors);
}

static void use_candidate(struct vd_net *net)
{
	struct vd_conf *old = net->conf;
	int err = ike_engine_configure(net->engine, vd_now(), &net->candidate->ike);

	if (err) {
		vd_error(VD_LOG_NET, "using the configuration: %s", strerror(-err));
		vd_conf_free(net->candidate);
		net->candidate = NULL;
		return;
	}
	net->conf = net->candidate;
	net->candidate = NULL;
	vd_net_pump(net);
	vd_conf_free(old);
	vd_chan_send_empty(net->worker.priv, VD_MSG_APPLIED, -1);
}

static void open_control(struct vd_net *net);

static void on_commit(struct vd_net *net, const struct vd_msg *m)
{
	const struct vd_msg_verdict *v = &m->body->COMMIT;
	struct vd_conf_changes changes = { 0 };
	struct vd_conf_errors *errors;

	if (!net->candidate)
		return;
	if (!v->error) {
		vd_conf_diff(net->conf, net->candidate, &changes);
		use_candidate(net);
		open_control(net);
		vd_net_reload_done(net, &changes, NULL);
		vd_conf_changes_free(&changes);
		return;
	}
	vd_conf_free(net->candidate);
	net->candidate = NULL;
	errors = calloc(1, sizeof(*errors));
	if (!errors)
		return;
	if (v->text[0]) {
		struct vd_conf_error *e = &errors->e[0];

		errors->n = errors->total = 1;
		snprintf(e->file, sizeof(e->file), "%s", v->file);
		e->line = v->line;
		e->column = v->column;
		snprintf(e->message, sizeof(e->message), "%s", v->text);
	} else {
		internal_error(errors, "applying the configuration", v->error);
	}
	vd_net_reload_done(net, NULL, errors);
	free(errors);
}

/* ---- messages ---- */

static void on_keys_message(void *arg, struct vd_msg *m)
{
	struct vd_net *net = arg;

	vd_net_on_psk_result(net, m);
	vd_net_pump(net);
}

static void on_keys_gone(void *arg, int error)
{
	struct vd_net *net = arg;

	vd_warning(VD_LOG_NET, "[keys] is gone%s", error ? ": it sent a malformed message" : "");
	net->keys = vd_chan_free(net->keys);
	vd_net_psk_fail(net);
	vd_net_pump(net);
}

static void on_keys_channel(struct vd_net *net, struct vd_msg *m)
{
	struct vd_chan_handler handler = { on_keys_message, on_keys_gone, net };
	int err;

	net->keys = vd_chan_free(net->keys);
	vd_net_psk_fail(net);
	err = vd_chan_new(&net->keys, net->worker.event, m->fd, VD_ROLE_NET, VD_ROLE_KEYS,
			  &handler);
	m->fd = -1;
	if (err)
		vd_error(VD_LOG_NET, "channel to [keys]: %s", strerror(-err));
}

static void on_udp(struct vd_net *net, struct vd_msg *m)
{
	const struct vd_msg_udp *u = &m->body->UDP;
	int err = vd_net_udp_add(net, m->fd, u->family, u->port, u->natt);

	m->fd = -1;
	if (err)
		vd_error(VD_LOG_NET, "UDP socket: %s", strerror(-err));
}

/* Administrators are heard once there is a configuration to ask about; until then they wait. */
static void open_control(struct vd_net *net)
{
	struct vd_control_handler handler = { vd_net_on_call, vd_net_on_call_timeout, net };
	int err;

	if (net->control_fd < 0 || !net->conf)
		return;
	err = vd_control_new(&net->control, net->worker.event, net->control_fd, &handler);
	net->control_fd = -1;
	if (err)
		vd_error(VD_LOG_CONTROL, "control socket: %s", strerror(-err));
}

static void on_control(struct vd_net *net, struct vd_msg *m)
{
	net->control = vd_control_free(net->control);
	if (net->control_fd >= 0)
		close(net->control_fd);
	net->control_fd = m->fd;
	m->fd = -1;
	open_control(net);
}

static void on_kernel_event(struct vd_net *net, const struct vd_msg *m)
{
	struct ike_kernel_event ev;

	vd_msg_to_event(&ev, &m->body->EVENT);
	ike_engine_kernel_event(net->engine, vd_now(), &ev);
}

static void on_dump(struct vd_net *net, const struct vd_msg *m)
{
	const struct vd_msg_dump *d = &m->body->DUMP;
	vd_auto_secret data = { 0 };
	struct vd_kernel_view view;
	int err = d->error ? d->error : vd_memfd_read(m->fd, PACK_MAX, &data);

	if (!err && !vd_kernel_view_init(&view, data.data, data.len, d->tunnels, d->sas))
		err = -EPROTO;
	if (err)
		vd_warning(VD_LOG_NET, "counters of the kernel: %s", strerror(-err));
	vd_net_on_dump(net, m->token, err ? NULL : &view);
}

static int gateway_down(const struct ike_gateway_status *s, void *arg)
{
	const char ***name = arg;

	*(*name)++ = s->conf->name;
	return 0;
}

static int on_stop_timeout(sd_event_source *s, uint64_t usec, void *arg)
{
	struct vd_net *net = arg;

	vd_chan_send_empty(net->worker.priv, VD_MSG_STOPPED, -1);
	return sd_event_exit(net->worker.event, 0);
}

/* Deletes to all peers, then the end. */
static void on_stop(struct vd_net *net)
{
	const char **names, **end;

	if (net->stopping)
		return;
	net->stopping = true;
	names = calloc((net->conf ? net->conf->ike.n_gateways : 0) + 1, sizeof(*names));
	end = names;
	if (names && net->conf) {
		ike_engine_each_gateway(net->engine, gateway_down, &end);
		for (const char **n = names; n < end; n++)
			ike_engine_command(net->engine, vd_now(), IKE_DOWN, *n, NULL);
	}
	free(names);
	sd_event_add_time_relative(net->worker.event, &net->stop_timer, CLOCK_BOOTTIME,
				   STOP_MS * 1000, 10000, on_stop_timeout, net);
}

static void on_priv_message(void *arg, struct vd_msg *m)
{
	struct vd_net *net = arg;

	if (m->type == VD_MSG_UDP)
		on_udp(net, m);
	else if (m->type == VD_MSG_CONTROL)
		on_control(net, m);
	else if (m->type == VD_MSG_KEYS_CHANNEL)
		on_keys_channel(net, m);
	else if (m->type == VD_MSG_CONFIG)
		on_config(net, m);
	else if (m->type == VD_MSG_COMMIT)
		on_commit(net, m);
	else if (m->type == VD_MSG_RESULT)
		vd_net_on_result(net, m);
	else if (m->type == VD_MSG_EVENT)
		on_kernel_event(net, m);
	else if (m->type == VD_MSG_DUMP)
		on_dump(net, m);
	else if (m->type == VD_MSG_STOP)
		on_stop(net);
	vd_net_pump(net);
}

/* ---- start and end ---- */

static void net_end(struct vd_net *net)
{
	net->control = vd_control_free(net->control);
	net->keys = vd_chan_free(net->keys);
	vd_net_udp_close(net);
	net->timer = sd_event_source_disable_unref(net->timer);
	net->stop_timer = sd_event_source_disable_unref(net->stop_timer);
	vd_worker_end(&net->worker);
	/* No completion is wanted any more: the engine goes first. */
	ike_engine_free(net->engine);
	net->engine = NULL;
	vd_net_psk_drop(net);
	vd_net_told_free(net);
	vd_conf_free(net->conf);
	vd_conf_free(net->candidate);
	vd_crypto_close(&net->ops);
}

int vd_net_main(const struct vd_worker_args *args)
{
	static struct vd_net net = { .control_fd = -1 };
	int status = VD_EXIT_FAILED;

	/* OpenSSL reads its files while there are files. */
	if (vd_crypto_open(&net.ops) < 0) {
		vd_error(VD_LOG_NET, "OpenSSL lacks an algorithm viaduct needs");
		return VD_EXIT_FAILED;
	}
	net.engine = ike_engine_new(&net.ops, &ike_limits_default);
	if (!net.engine || vd_worker_init(&net.worker, VD_ROLE_NET, args, on_priv_message, &net) < 0)
		goto out;
	if (sd_event_add_time(net.worker.event, &net.timer, CLOCK_BOOTTIME, 0, 1000, on_timer,
			      &net) < 0)
		goto out;
	arm_timer(&net);
	status = vd_worker_run(&net.worker);
out:
	net_end(&net);
	return status;
}
