// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Time: a heap of events, and engines that have deadlines. Whatever is earliest happens next.
 */
#include "sim.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "tests/common/test_ops.h"

void sim_violation(struct sim_world *w, const char *fmt, ...)
{
	va_list ap;

	if (w->failed)
		return;
	w->failed = true;
	va_start(ap, fmt);
	vsnprintf(w->why, sizeof(w->why), fmt, ap);
	va_end(ap);
	sim_trace(w, "VIOLATION %s", w->why);
}

static bool before(const struct sim_event *a, const struct sim_event *b)
{
	return a->when < b->when || (a->when == b->when && a->order < b->order);
}

static void push(struct sim_world *w, struct sim_event *ev)
{
	size_t i = w->n_events++;

	if (w->n_events > w->cap_events) {
		w->cap_events = w->cap_events ? w->cap_events * 2 : 256;
		w->events = realloc(w->events, w->cap_events * sizeof(*w->events));
		if (!w->events)
			abort();
	}
	while (i && before(ev, w->events[(i - 1) / 2])) {
		w->events[i] = w->events[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	w->events[i] = ev;
}

static struct sim_event *pop(struct sim_world *w)
{
	struct sim_event *top = w->events[0], *last = w->events[--w->n_events];
	size_t i = 0;

	for (;;) {
		size_t kid = 2 * i + 1;

		if (kid >= w->n_events)
			break;
		if (kid + 1 < w->n_events && before(w->events[kid + 1], w->events[kid]))
			kid++;
		if (!before(w->events[kid], last))
			break;
		w->events[i] = w->events[kid];
		i = kid;
	}
	w->events[i] = last;
	return top;
}

struct sim_event *sim_event_new(struct sim_world *w, enum sim_event_kind kind, struct sim_host *h,
				vd_time after)
{
	struct sim_event *ev = calloc(1, sizeof(*ev));

	if (!ev)
		abort();
	ev->kind = kind;
	ev->host = h;
	ev->boot = h ? h->boot : 0;
	ev->when = w->now + after;
	ev->order = w->order++;
	push(w, ev);
	return ev;
}

void sim_call(struct sim_world *w, struct sim_host *h, vd_time after,
	      void (*call)(struct sim_world *w, struct sim_host *h, int arg), int arg)
{
	struct sim_event *ev = sim_event_new(w, SIM_CALL, h, after);

	ev->call = call;
	ev->arg = arg;
}

static void event_free(struct sim_event *ev)
{
	free(ev->data);
	free(ev->priv);
	free(ev->esp);
	free(ev);
}

static void happen(struct sim_world *w, struct sim_event *ev)
{
	struct sim_host *h = ev->host;

	if (ev->kind == SIM_CALL) {
		ev->call(w, h, ev->arg);
		return;
	}
	if (!h->alive)
		return;
	switch (ev->kind) {
	case SIM_DATAGRAM:
		sim_host_datagram(h, &ev->path, ev->data, ev->len);
		break;
	case SIM_ESP:
		sim_kernel_receive(h, ev->esp, ev->from);
		break;
	case SIM_RESULT:
		if (ev->boot != h->boot)
			break;
		ev->result.data = ev->data;
		ev->result.priv = ev->priv;
		ike_engine_complete(h->engine, w->now, ev->token, &ev->result);
		break;
	case SIM_EXPIRE:
		if (ev->boot == h->boot)
			sim_kernel_expire(h, &ev->id, ev->hard);
		break;
	case SIM_CALL:
		break;
	}
	sim_host_drain(h);
}

static vd_time next_time(const struct sim_world *w)
{
	vd_time t = w->n_events ? w->events[0]->when : VD_NEVER;

	for (int i = 0; i < w->n_hosts; i++) {
		const struct sim_host *h = &w->hosts[i];
		vd_time d = h->alive ? ike_engine_deadline(h->engine) : VD_NEVER;

		if (d < t)
			t = d;
	}
	return t;
}

static void step(struct sim_world *w)
{
	struct sim_event *ev;

	for (int i = 0; i < w->n_hosts; i++) {
		struct sim_host *h = &w->hosts[i];

		if (!h->alive || ike_engine_deadline(h->engine) > w->now)
			continue;
		ike_engine_tick(h->engine, w->now);
		sim_host_drain(h);
	}
	while (w->n_events && w->events[0]->when <= w->now) {
		ev = pop(w);
		happen(w, ev);
		event_free(ev);
	}
}

bool sim_run_until(struct sim_world *w, vd_time when, bool (*done)(struct sim_world *w))
{
	vd_time t;

	for (;;) {
		if (done && done(w))
			return true;
		t = next_time(w);
		if (t > when || w->failed)
			break;
		if (t > w->now)
			w->now = t;
		step(w);
	}
	if (w->now < when)
		w->now = when;
	return false;
}

void sim_run(struct sim_world *w, vd_time when)
{
	sim_run_until(w, when, NULL);
}

void sim_world_init(struct sim_world *w, uint64_t seed, bool trace)
{
	memset(w, 0, sizeof(*w));
	w->rng.state = seed * 0x2545f4914f6cdd1du + 1;
	w->now = 1000000;
	w->trace = trace;
	w->net.delay_min = 5;
	w->net.delay_max = 20;
	w->async_max = 5;
}

void sim_world_free(struct sim_world *w)
{
	for (int i = 0; i < w->n_hosts; i++) {
		sim_host_crash(&w->hosts[i]);
		test_ops_close(&w->hosts[i].ops);
	}
	while (w->n_events)
		event_free(pop(w));
	free(w->events);
}
