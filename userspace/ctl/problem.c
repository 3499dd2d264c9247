// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * When there is no daemon, or it refuses: what is wrong and what to type. With --json the same as
 * an error object in the daemon's own shape, under org.viaduct.ctl.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "ctl/client.h"
#include "ctl/text.h"

/* Is there a viaduct.ko for the running kernel, installed but not loaded? */
static bool module_installed(void)
{
	char path[256], line[1024];
	struct utsname u;
	bool found = false;
	FILE *f;

	if (uname(&u))
		return false;
	snprintf(path, sizeof(path), "/lib/modules/%s/modules.dep", u.release);
	f = fopen(path, "re");
	if (!f)
		return false;
	while (!found && fgets(line, sizeof(line), f))
		found = strstr(line, "/viaduct.ko") != NULL;
	fclose(f);
	return found;
}

/* What loads the module, NULL when it is loaded. */
static const char *module_fix(void)
{
	if (!access("/sys/module/viaduct", F_OK))
		return NULL;
	if (module_installed())
		return "modprobe viaduct";
	return "apt install viaduct-dkms (or, in the source tree: make dkms), then modprobe viaduct";
}

static const char *start_command(void)
{
	if (!access("/run/systemd/system", F_OK))
		return "systemctl start viaductd";
	return "viaductd --foreground";
}

/* An error object of our own; takes over @parameters. */
static void json_problem(struct vd_ctl *ctl, const char *name, json_t *parameters)
{
	json_t *o = vd_must(json_pack("{s:s+, s:o}", "error", "org.viaduct.ctl.", name, "parameters",
				      vd_must(parameters)));

	vd_json_line(ctl, o);
	json_decref(o);
}

static void no_daemon(struct vd_ctl *ctl, const char *why)
{
	const char *load = module_fix();

	if (ctl->json) {
		json_problem(ctl, "NoDaemon", json_pack("{s:s, s:s, s:s, s:s*}", "socket", ctl->socket,
							"why", why, "start", start_command(),
							"load_module", load));
		return;
	}
	vd_complain(ctl, "viaductd is not running (%s: %s)", ctl->socket, why);
	if (load)
		vd_lines(ctl, ctl->err, VD_PLAIN, "  the kernel module is not loaded: ", load);
	vd_lines(ctl, ctl->err, VD_PLAIN, "  start the daemon: ", start_command());
	vd_lines(ctl, ctl->err, VD_PLAIN, "  if it does not stay up: ",
		 !access("/run/systemd/system", F_OK) ? "journalctl -u viaductd -e" : "viaductctl check");
}

void vd_problem_connect(struct vd_ctl *ctl, int err)
{
	switch (-err) {
	case ENOENT:
		no_daemon(ctl, "no such socket");
		return;
	case ECONNREFUSED:
		no_daemon(ctl, "nobody listens");
		return;
	case EACCES:
	case EPERM:
		if (ctl->json)
			json_problem(ctl, "NotPermitted", json_pack("{s:s}", "socket", ctl->socket));
		else
			vd_complain(ctl, "%s: not permitted. Only root may speak to viaductd: "
				    "sudo viaductctl", ctl->socket);
		return;
	case ETIMEDOUT:
		vd_problem_receive(ctl, err);
		return;
	default:
		no_daemon(ctl, strerror(-err));
	}
}

void vd_problem_receive(struct vd_ctl *ctl, int err)
{
	const char *what;

	switch (-err) {
	case ETIMEDOUT:
		what = "viaductd does not answer. Its log may tell why: journalctl -u viaductd -e";
		break;
	case ECONNRESET:
		what = "viaductd went away. Its log tells why: journalctl -u viaductd -e";
		break;
	case EPROTO:
	case EMSGSIZE:
		what = "not understood: is it viaductd that answers at this socket, and of this version?";
		break;
	default:
		what = strerror(-err);
	}
	if (ctl->json)
		json_problem(ctl, err == -ECONNRESET ? "Closed" : "Failed",
			     json_pack("{s:s, s:s}", "socket", ctl->socket, "why", what));
	else
		vd_complain(ctl, "%s: %s", ctl->socket, what);
}

static void config_invalid(struct vd_ctl *ctl, const json_t *parameters)
{
	const json_t *errors = json_object_get(parameters, "errors"), *e;
	size_t i;

	json_array_foreach(errors, i, e)
		vd_ctl_conf_error_print(ctl, e);
	vd_complain(ctl, "%zu error%s in the configuration; viaductd keeps the one it has",
		    json_array_size(errors), json_array_size(errors) == 1 ? "" : "s");
}

enum vd_ctl_exit vd_problem_reply(struct vd_ctl *ctl, const struct vd_reply *r)
{
	const char *name = strrchr(r->error, '.');
	bool usage, config;

	name = name ? name + 1 : r->error;
	config = !strcmp(name, "ConfigInvalid");
	usage = !strcmp(name, "NoSuchName") || !strcmp(name, "InvalidParameter");
	if (ctl->json) {
		vd_json_line(ctl, r->message);
	} else if (config) {
		config_invalid(ctl, r->parameters);
	} else if (!strcmp(name, "NoSuchName")) {
		const char *near = vd_js_str(r->parameters, "nearest");

		vd_complain(ctl, "no gateway or tunnel is called %s%s%s%s",
			    vd_js_text(r->parameters, "name"), near && *near ? "; did you mean " : "",
			    near ? near : "", near && *near ? "?" : " (viaductctl status lists them)");
	} else if (!strcmp(name, "NotUp")) {
		vd_complain(ctl, "%s is not up: viaductctl up %s", vd_js_text(r->parameters, "name"),
			    vd_js_text(r->parameters, "name"));
	} else if (!strcmp(name, "ModuleAbsent")) {
		const char *fix = vd_js_str(r->parameters, "fix");

		vd_complain(ctl, "the kernel module viaduct is not loaded: %s",
			    fix && *fix ? fix : module_fix() ? module_fix() : "restart viaductd");
	} else if (!strcmp(name, "InvalidParameter")) {
		vd_complain(ctl, "viaductd does not accept %s", vd_js_text(r->parameters, "parameter"));
	} else if (!strcmp(name, "NotPermitted")) {
		vd_complain(ctl, "not permitted. Only root may speak to viaductd: sudo viaductctl");
	} else if (!strcmp(name, "MethodNotFound")) {
		vd_complain(ctl, "the running viaductd does not know %s: restart it, it is of another version",
			    vd_js_text(r->parameters, "method"));
	} else if (!strcmp(name, "Failed")) {
		vd_complain(ctl, "viaductd could not: %s", vd_js_text(r->parameters, "reason"));
	} else {
		vd_complain(ctl, "viaductd refused: %s", r->error);
	}
	return usage || config ? VD_CTL_USAGE : VD_CTL_FAILED;
}
