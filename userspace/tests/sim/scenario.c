// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Named scenarios: the table, and what they share.
 */
#include "scenario.h"

#include <string.h>

void sim_command(struct sim_host *h, enum ike_verb verb, const char *tunnel)
{
	ike_engine_command(h->engine, h->world->now, verb, "peer", tunnel);
	sim_host_drain(h);
}

void sim_expect_up(struct sim_world *w, vd_time within)
{
	if (!sim_run_until(w, w->now + within, sim_agreed))
		sim_explain(w);
}

const struct ike_cause *sim_expect_failure(struct sim_host *h, enum ike_cause_code code)
{
	static const struct ike_cause none;
	const struct ike_cause *c = sim_host_failure(h, code);

	if (!c) {
		sim_violation(h->world, "%c told no %s; its first failure: %s", h->name,
			      ike_cause_name(code),
			      h->n_failures ? ike_cause_name(h->failures[0].code) : "none");
		return &none;
	}
	if (strcmp(c->gateway, "peer") && code != IKE_CAUSE_AUTH_NO_GATEWAY)
		sim_violation(h->world, "%c: the cause names gateway \"%s\"", h->name, c->gateway);
	return c;
}

void sim_expect_cause(struct sim_host *h, enum ike_cause_code code, bool certain, bool told,
		      uint32_t line)
{
	const struct ike_cause *c = sim_expect_failure(h, code);

	if (h->world->failed)
		return;
	if ((c->certainty == IKE_CERTAIN) != certain)
		sim_violation(h->world, "%c %s: certainty", h->name, ike_cause_name(code));
	if (c->told_by_peer != told)
		sim_violation(h->world, "%c %s: told by the peer: %d", h->name, ike_cause_name(code),
			      c->told_by_peer);
	if (c->line != line)
		sim_violation(h->world, "%c %s: line %u, not %u", h->name, ike_cause_name(code),
			      c->line, line);
	if (c->initiator != (h->name == 'A'))
		sim_violation(h->world, "%c %s: role", h->name, ike_cause_name(code));
}

void sim_expect_str(struct sim_world *w, const char *what, const char *got, const char *want)
{
	if (strcmp(got, want))
		sim_violation(w, "%s is \"%s\", not \"%s\"", what, got, want);
}

void sim_expect(struct sim_world *w, bool ok, const char *what)
{
	if (!ok)
		sim_violation(w, "%s", what);
}

bool sim_scenario_run(const struct sim_scenario *s, uint64_t seed, bool trace, char *why, size_t cap)
{
	struct sim_world w;
	bool ok;

	sim_world_init(&w, seed, trace);
	s->run(&w);
	ok = !w.failed;
	snprintf(why, cap, "%s", w.why);
	sim_world_free(&w);
	return ok;
}

#define X(fn, name) { name, sim_scenario_##fn },
const struct sim_scenario sim_scenarios[] = {
	SIM_SCENARIOS(X)
	{ NULL, NULL },
};
#undef X
