/* SPDX-License-Identifier: MIT
 *
 * Makes an emulated engine whole and takes it apart, see sim_setup.h.
 */
#include "config.h"

#include "engine/sim_setup.h"

#include "base/alloc.h"
#include "engine/sim_action.h"
#include "engine/sim_control.h"
#include "engine/sim_event.h"
#include "engine/sim_fault.h"
#include "engine/sim_fields.h"
#include "engine/sim_flavour.h"
#include "engine/sim_model.h"
#include "engine/sim_publish.h"

#include <stdlib.h>

/* Copies an option, %n replaced by n. Owned by the caller. */
static char *numbered(const char *option, uint64_t n)
{
	struct str rest = str_from(option);
	struct buf out;
	ssize_t at;

	buf_init(&out, (size_t)1 << 20);
	while ((at = str_find(rest, STR("%n"))) >= 0) {
		buf_add(&out, rest.p, (size_t)at);
		buf_add_fmt(&out, "%llu", (unsigned long long)n);
		rest = str_sub(rest, (size_t)at + 2, rest.len);
	}
	buf_add_str(&out, rest);
	buf_cstr(&out);
	return buf_take(&out, NULL);
}

static bool generate_one(
	struct sim *s, const struct sim_settings *st, uint64_t n, struct error *err)
{
	char *name = xasprintf("%s%llu", st->prefix, (unsigned long long)n);
	struct sim_container *c;
	bool ok = sim_container_new(s, name, &c, err);

	for (size_t i = 0; ok && i < st->with.n; i++) {
		char *option = numbered(st->with.v[i], n);

		ok = sim_container_option(s, c, option, err);
		free(option);
	}
	free(name);
	if (!ok)
		return false;
	sim_create(s, c);
	return sim_start(s, c, err);
}

/* The containers that ran before anybody looked: their events are forgotten. */
static bool generate(struct sim *s, const struct sim_settings *st, struct error *err)
{
	for (uint64_t n = 1; n <= st->containers; n++)
		if (!generate_one(s, st, n, err))
			return false;
	sim_history_clear(s);
	s->count.events_emitted = 0;
	return true;
}

void sim_release(struct sim *s)
{
	sim_waiters_free(s);
	sim_control_free(s->control);
	s->control = NULL;
	sim_server_free(s->server);
	sim_publisher_free(s->publisher);
	sim_fault_clear(s);
	sim_history_clear(s);
	sim_model_release(s);
	sim_templates_free(s->templates);
	for (size_t i = 0; i < s->requests.n; i++)
		free(s->requests.v[i]);
	vec_release(&s->requests);
	vec_release(&s->by_endpoint);
}

bool sim_open(struct sim *s, const struct sim_settings *st, struct error *err)
{
	s->fl = flavour_find(st->flavour);
	if (!s->fl)
		return error_set(
			err, "no flavour '%s'; there are %s", st->flavour, flavour_names());
	s->publisher = sim_publisher_new(s);
	for (int i = 0; i < EP_N; i++)
		vec_push(&s->by_endpoint, 0);
	s->random = st->seed;
	s->patience_ns = st->patience_ns;
	if (!sim_templates_load(s, st->captures, err))
		return false;
	sim_networks_init(s);
	if (!generate(s, st, err))
		return false;
	if (!sim_server_new(s, &st->server, err))
		return false;
	/* last: who reaches the control socket may use everything */
	if (st->control)
		s->control = sim_control_new(s, st->control, err);
	return s->control || !st->control;
}
