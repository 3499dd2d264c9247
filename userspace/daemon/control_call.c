// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Requests of the control protocol (control_call.h): a table of methods with the parameters
 * each may carry. What is not in the table is refused by name.
 */
#include "daemon/control_call.h"

#include <errno.h>
#include <string.h>

#define PREFIX "org.viaduct."

enum {				/* parameters a method takes */
	MAY_NAME = 1,
	MUST_NAME = 2,
	MAY_WAIT = 4,		/* wait, timeout */
	MAY_WHAT = 8,
	MAY_DRY_RUN = 16,
	MAY_GATEWAY = 32,	/* "gateway" instead of "name" */
	NEEDS_MORE = 64,
};

static const struct {
	const char *name;
	enum vd_control_method method;
	unsigned int takes;
} methods[] = {
	{ "Status", VD_CONTROL_STATUS, MAY_GATEWAY },
	{ "Show", VD_CONTROL_SHOW, MUST_NAME },
	{ "Up", VD_CONTROL_UP, MUST_NAME | MAY_WAIT },
	{ "Down", VD_CONTROL_DOWN, MUST_NAME },
	{ "Rekey", VD_CONTROL_REKEY, MUST_NAME | MAY_WAIT | MAY_WHAT },
	{ "Monitor", VD_CONTROL_MONITOR, MAY_NAME | NEEDS_MORE },
	{ "Reload", VD_CONTROL_RELOAD, MAY_DRY_RUN },
	{ "Counters", VD_CONTROL_COUNTERS, 0 },
};

json_t *vd_control_error(const char *name, json_t *parameters)
{
	json_t *o = json_object();
	char full[64] = PREFIX;

	strncat(full, name, sizeof(full) - sizeof(PREFIX));
	json_object_set_new(o, "error", json_string(full));
	json_object_set_new(o, "parameters", parameters ? parameters : json_object());
	return o;
}

static int bad(json_t **error, const char *parameter)
{
	*error = vd_control_error("InvalidParameter", json_pack("{s:s}", "parameter", parameter));
	return -EINVAL;
}

static int take_name(struct vd_control_call *c, const json_t *v)
{
	const char *s = json_string_value(v);
	size_t len = json_string_length(v);

	if (!s || !len || len >= sizeof(c->name) || strlen(s) != len)
		return -EINVAL;
	memcpy(c->name, s, len + 1);
	return 0;
}

static int take_timeout(struct vd_control_call *c, const json_t *v)
{
	json_int_t s = json_integer_value(v);

	if (!json_is_integer(v) || s < 1 || s > VD_CONTROL_TIMEOUT_MAX)
		return -EINVAL;
	c->timeout = s;
	return 0;
}

static int take_bool(bool *out, const json_t *v)
{
	if (!json_is_boolean(v))
		return -EINVAL;
	*out = json_is_true(v);
	return 0;
}

static int take_what(struct vd_control_call *c, const json_t *v)
{
	const char *s = json_string_value(v);

	if (!s || (strcmp(s, "ike") != 0 && strcmp(s, "child") != 0))
		return -EINVAL;
	c->rekey_ike = strcmp(s, "ike") == 0;
	return 0;
}

static int take_parameter(struct vd_control_call *c, unsigned int takes, const char *key,
			  const json_t *v)
{
	if (strcmp(key, "name") == 0 && takes & (MAY_NAME | MUST_NAME))
		return take_name(c, v);
	if (strcmp(key, "gateway") == 0 && takes & MAY_GATEWAY)
		return take_name(c, v);
	if (strcmp(key, "wait") == 0 && takes & MAY_WAIT)
		return take_bool(&c->wait, v);
	if (strcmp(key, "timeout") == 0 && takes & MAY_WAIT)
		return take_timeout(c, v);
	if (strcmp(key, "what") == 0 && takes & MAY_WHAT)
		return take_what(c, v);
	if (strcmp(key, "dry_run") == 0 && takes & MAY_DRY_RUN)
		return take_bool(&c->dry_run, v);
	return -EINVAL;
}

static int take_parameters(struct vd_control_call *c, unsigned int takes, json_t *parameters,
			   json_t **error)
{
	const char *key;
	json_t *v;

	if (parameters && !json_is_object(parameters))
		return bad(error, "parameters");
	json_object_foreach(parameters, key, v)
		if (take_parameter(c, takes, key, v) < 0)
			return bad(error, key);
	if (takes & MUST_NAME && !c->name[0])
		return bad(error, "name");
	if (takes & NEEDS_MORE && !c->more)
		return bad(error, "more");
	return 0;
}

/* The row of @name, or -1. */
static int find_method(const char *name)
{
	if (strncmp(name, PREFIX, strlen(PREFIX)) != 0)
		return -1;
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (strcmp(name + strlen(PREFIX), methods[i].name) == 0)
			return i;
	return -1;
}

static int read_object(struct vd_control_call *call, json_t *o, json_t **error)
{
	const char *method = json_string_value(json_object_get(o, "method"));
	struct vd_control_call c = { .timeout = 30 };
	int row = method ? find_method(method) : -1;
	json_t *more = json_object_get(o, "more");
	int err;

	if (!method)
		return bad(error, "method");
	if (row < 0) {
		*error = vd_control_error("MethodNotFound", json_pack("{s:s}", "method", method));
		return -EINVAL;
	}
	if (more && take_bool(&c.more, more) < 0)
		return bad(error, "more");
	c.method = methods[row].method;
	err = take_parameters(&c, methods[row].takes, json_object_get(o, "parameters"), error);
	if (!err)
		*call = c;
	return err;
}

int vd_control_parse(struct vd_control_call *call, const char *text, size_t len, json_t **error)
{
	json_t *o = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
	int err;

	*error = NULL;
	if (!json_is_object(o)) {
		json_decref(o);
		return -EINVAL;
	}
	err = read_object(call, o, error);
	json_decref(o);
	return err;
}
