// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The configuration's way (priv.h): [priv] reads the files and judges what it alone can see
 * (secret files); [net] parses the same texts and judges them; [keys] judges the secrets; then
 * interfaces are made, [keys] and [net] are told to use the new one. An error anywhere: all stays
 * as it was.
 *
 *	read → CONFIG → CONFIG_VERDICT → SECRET… → SECRET_VERDICT… → apply → COMMIT → APPLIED
 */
#include "daemon/priv.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf/secret_file.h"
#include "daemon/conf_pack.h"

static void reload_clear(struct vd_priv_reload *r)
{
	vd_conf_free(r->conf);
	vd_conf_texts_free(&r->texts);
	memset(r, 0, sizeof(*r));
}

/* ---- errors ---- */

__attribute__((format(printf, 4, 5)))
static void add_error(struct vd_conf_errors *errors, const struct ike_pos *pos, const char *fix,
		      const char *fmt, ...)
{
	struct vd_conf_error *e;
	va_list ap;

	if (errors->total++ >= VD_CONF_ERRORS_MAX)
		return;
	e = &errors->e[errors->n++];
	memset(e, 0, sizeof(*e));
	if (pos && pos->file) {
		snprintf(e->file, sizeof(e->file), "%s", pos->file);
		e->line = pos->line;
		e->column = pos->column;
	}
	snprintf(e->fix, sizeof(e->fix), "%.250s", fix);
	va_start(ap, fmt);
	vsnprintf(e->message, sizeof(e->message), fmt, ap);
	va_end(ap);
}

/* Can every secret file be opened, and by nobody else? */
static void check_secret_files(const struct vd_conf *conf, struct vd_conf_errors *errors)
{
	for (size_t g = 0; g < conf->ike.n_gateways; g++) {
		const struct vd_conf_gateway *gw = &conf->gateways[g];
		struct vd_secret_file_error why = { 0 };
		int fd;

		if (!gw->secret_file)
			continue;
		if (vd_secret_file_open(gw->secret_file, &fd, &why) == 0)
			close(fd);
		else
			add_error(errors, &gw->pos_secret_file, why.fix, "%.250s", why.message);
	}
}

static int read_config(struct vd_priv *p, struct vd_priv_reload *r, struct vd_conf_errors *errors,
		       struct vd_conf_errors *warnings)
{
	int err = vd_conf_read(&r->conf, p->options->config, &r->texts, errors, warnings);

	if (!err) {
		check_secret_files(r->conf, errors);
		err = errors->n ? -EINVAL : 0;
	} else if (!errors->n) {
		add_error(errors, NULL, "", "%s: %s", p->options->config, strerror(-err));
	}
	return err;
}

static void warn(const struct vd_conf_errors *warnings)
{
	for (uint32_t i = 0; i < warnings->n; i++)
		vd_warning(VD_LOG_CONF, "%s:%u: %s", warnings->e[i].file, warnings->e[i].line,
			   warnings->e[i].message);
}

/* Both lists are too large for the stack. */
struct findings {
	struct vd_conf_errors errors, warnings;
};

int vd_priv_config_first(struct vd_priv *p)
{
	struct findings *f = calloc(1, sizeof(*f));
	int err;

	if (!f)
		return VD_EXIT_FAILED;
	err = read_config(p, &p->reload, &f->errors, &f->warnings);
	for (uint32_t i = 0; i < f->errors.n; i++)
		vd_conf_error_print(stderr, &f->errors.e[i]);
	if (!err)
		warn(&f->warnings);
	free(f);
	if (err) {
		reload_clear(&p->reload);
		return VD_EXIT_CONFIG;
	}
	p->reload.active = true;
	return 0;
}

/* ---- to [net] and back ---- */

static int send_texts(struct vd_priv *p, const struct vd_conf_texts *texts,
		      const struct vd_conf_errors *errors, bool dry_run, uint64_t token)
{
	struct vd_msg_config m = { .dry_run = dry_run };
	vd_auto_secret packed = { 0 };
	int err = vd_conf_pack(&packed, texts, errors), fd;

	if (err)
		return err;
	fd = vd_memfd_make("viaduct-config", packed.data, packed.len);
	if (fd < 0)
		return fd;
	err = vd_chan_send(p->net.chan, VD_MSG_CONFIG, token, &m, NULL, 0, fd);
	close(fd);
	return err;
}

static void send_commit(struct vd_priv *p, const struct vd_msg_verdict *v)
{
	static const struct vd_msg_verdict good;

	vd_chan_send(p->net.chan, VD_MSG_COMMIT, p->reload.token, v ? v : &good, NULL, 0, -1);
}

/* A verdict about @pos. */
static struct vd_msg_verdict bad(int error, const struct ike_pos *pos, const char *text)
{
	struct vd_msg_verdict v = { .error = error };

	if (pos && pos->file) {
		snprintf(v.file, sizeof(v.file), "%s", pos->file);
		v.line = pos->line;
		v.column = pos->column;
	}
	snprintf(v.text, sizeof(v.text), "%s", text);
	return v;
}

void vd_priv_config_send(struct vd_priv *p)
{
	struct vd_conf_errors *none = calloc(1, sizeof(*none));
	const struct vd_conf_texts *texts = &p->texts;

	/* The first one, or the reload the last [net] did not live to see. */
	if (p->reload.active && !p->reload.dry_run)
		texts = &p->reload.texts;
	else
		reload_clear(&p->reload);
	if (!none || send_texts(p, texts, none, false, 0) < 0)
		vd_error(VD_LOG_CONF, "cannot pass the configuration to [net]");
	free(none);
}

void vd_priv_config_reload(struct vd_priv *p, uint64_t token, bool dry_run)
{
	struct findings *f = calloc(1, sizeof(*f));
	int err;

	if (!f)
		return;
	if (p->reload.active || p->old) {
		vd_warning(VD_LOG_CONF, "a reload is under way already");
		free(f);
		return;
	}
	err = read_config(p, &p->reload, &f->errors, &f->warnings);
	if (!err)
		warn(&f->warnings);
	p->reload.active = true;
	p->reload.dry_run = dry_run || err;
	p->reload.token = token;
	/* [net] tells the errors to who asked. */
	if (send_texts(p, &p->reload.texts, &f->errors, dry_run, token) < 0)
		reload_clear(&p->reload);
	free(f);
}

/* ---- secrets ---- */

static int send_secret(struct vd_priv *p, const struct vd_conf *conf, size_t g, uint64_t token,
		       struct vd_secret_file_error *why)
{
	struct vd_msg_secret m = { 0 };
	int fd, err = vd_secret_file_open(conf->gateways[g].secret_file, &fd, why);

	if (err)
		return err;
	snprintf(m.gateway, sizeof(m.gateway), "%s", conf->ike.gateways[g].name);
	err = vd_chan_send(p->keys.chan, VD_MSG_SECRET, token, &m, NULL, 0, fd);
	close(fd);
	if (err)
		snprintf(why->message, sizeof(why->message), "[keys] does not run");
	return err;
}

static void commit(struct vd_priv *p);
static void give_up(struct vd_priv *p, const struct vd_msg_verdict *why);

/* The secrets of the candidate; the verdicts come one by one. */
static void send_candidate_secrets(struct vd_priv *p)
{
	struct vd_priv_reload *r = &p->reload;
	struct vd_secret_file_error why = { 0 };

	vd_chan_send_empty(p->keys.chan, VD_MSG_SECRETS_DROP, -1);
	r->secrets_pending = 0;
	r->round++;
	memset(&r->secrets, 0, sizeof(r->secrets));
	for (size_t g = 0; g < r->conf->ike.n_gateways; g++) {
		int err;

		if (!r->conf->gateways[g].secret_file)
			continue;
		err = send_secret(p, r->conf, g, (uint64_t)r->round << 32 | g, &why);
		if (err) {
			struct vd_msg_verdict v = bad(err, &r->conf->gateways[g].pos_secret_file,
						      why.message);

			give_up(p, &v);
			return;
		}
		r->secrets_pending++;
	}
	if (!r->secrets_pending)
		commit(p);
}

void vd_priv_secret_verdict(struct vd_priv *p, uint64_t token, const struct vd_msg_verdict *v)
{
	struct vd_priv_reload *r = &p->reload;
	const struct vd_conf_gateway *gw;

	if (!token) {		/* of a restarted [keys] */
		if (v->error)
			vd_error(VD_LOG_KEYS, "a pre-shared key could not be loaded: %s", v->text);
		return;
	}
	if (!r->active || !r->secrets_pending || token >> 32 != r->round ||
	    (uint32_t)token >= r->conf->ike.n_gateways)
		return;
	gw = &r->conf->gateways[(uint32_t)token];
	if (v->error && !r->secrets.error) {
		char text[VD_MSG_TEXT];

		snprintf(text, sizeof(text), "%.150s: %.100s", gw->secret_file ? gw->secret_file : "",
			 v->text);
		r->secrets = bad(v->error, &gw->pos_secret_file, text);
	}
	if (--r->secrets_pending)
		return;
	if (r->secrets.error)
		give_up(p, &r->secrets);
	else
		commit(p);
}

void vd_priv_secrets_send(struct vd_priv *p)
{
	struct vd_secret_file_error why = { 0 };

	for (size_t g = 0; p->conf && g < p->conf->ike.n_gateways; g++)
		if (p->conf->gateways[g].secret_file && send_secret(p, p->conf, g, 0, &why))
			vd_error(VD_LOG_KEYS, "%s", why.message);
	vd_chan_send_empty(p->keys.chan, VD_MSG_SECRETS_USE, -1);
	/* A reload waited for verdicts of the one that is gone. */
	if (p->reload.active && p->reload.secrets_pending)
		send_candidate_secrets(p);
}

/* ---- the end of a reload ---- */

static void give_up(struct vd_priv *p, const struct vd_msg_verdict *why)
{
	bool first = !p->conf;

	vd_chan_send_empty(p->keys.chan, VD_MSG_SECRETS_DROP, -1);
	send_commit(p, why);
	if (first) {
		/* [net] would tell it to the log, but there is no time left for that. */
		if (why->file[0])
			vd_error(VD_LOG_CONF, "%s:%u:%u: %s", why->file, why->line, why->column,
				 why->text);
		else
			vd_error(VD_LOG_CONF, "%s", why->text);
		vd_priv_abort(p, VD_EXIT_CONFIG);
	}
	reload_clear(&p->reload);
}

static void commit(struct vd_priv *p)
{
	struct vd_priv_reload *r = &p->reload;
	char why[VD_MSG_TEXT] = "";
	struct vd_msg_verdict verdict;
	int err = vd_priv_tunnels_apply(p, r->conf, why);

	if (err) {
		/* What was made for it goes; what was changed goes back. */
		if (p->conf) {
			char again[VD_MSG_TEXT];

			vd_priv_tunnels_apply(p, p->conf, again);
			vd_priv_tunnels_prune(p);
		}
		verdict = bad(err, NULL, why);
		give_up(p, &verdict);
		return;
	}
	vd_chan_send_empty(p->keys.chan, VD_MSG_SECRETS_USE, -1);
	if (!p->conf) {
		vd_priv_kernel_inherit(p);
		vd_priv_tunnels_orphans(p);
	}
	p->old = p->conf;
	p->conf = r->conf;
	r->conf = NULL;
	vd_conf_texts_free(&p->texts);
	p->texts = r->texts;
	memset(&r->texts, 0, sizeof(r->texts));
	send_commit(p, NULL);
	reload_clear(r);
}

void vd_priv_config_verdict(struct vd_priv *p, const struct vd_msg_verdict *v)
{
	struct vd_priv_reload *r = &p->reload;

	if (!r->active) {		/* a restarted [net] gets what is in force */
		send_commit(p, NULL);
		return;
	}
	if (v->error || r->dry_run) {
		bool first = !p->conf;

		reload_clear(r);
		if (first)
			vd_priv_abort(p, VD_EXIT_CONFIG);
		return;
	}
	send_candidate_secrets(p);
}

void vd_priv_config_applied(struct vd_priv *p)
{
	vd_priv_tunnels_prune(p);
	vd_conf_free(p->old);
	p->old = NULL;
}

void vd_priv_config_end(struct vd_priv *p)
{
	reload_clear(&p->reload);
	vd_conf_texts_free(&p->texts);
	vd_conf_free(p->old);
	vd_conf_free(p->conf);
	p->old = p->conf = NULL;
}
