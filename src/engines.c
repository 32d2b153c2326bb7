/* SPDX-License-Identifier: MIT
 *
 * Connections and inventories by the sections of the configuration, and one snapshot of all, see
 * engines.h. With one engine its snapshots and changes are handed on as they are.
 *
 * Invariant: once ready, there is a snapshot. A member that has not answered yet is left out of it,
 * or shown as its predecessor knew it.
 */
#include "config.h"

#include "engines.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/vec.h"
#include "config/config.h"
#include "engine/engine.h"
#include "model/expose.h"
#include "model/self.h"
#include "settings.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct member {
	struct engines *set;
	char *name;
	struct engine *engine;
	struct inventory *inventory;
	bool answered; /* its inventory has snapshots */
	struct snapshot
		*stand_in; /* what its predecessor knew; NULL: none, or not needed any more */
};

struct members {
	struct member **v;
	size_t n, cap;
};

struct engines {
	struct event_base *base;
	struct children *children;
	struct engines_options options;
	struct members members; /* in the order of the configuration */
	struct members retired; /* replaced, and maybe still in use */
	bool recorded;		/* an engine was: a second one would overwrite it */
	bool wants_stopped, wants_counts;
	bool ready;
	char *current; /* whom the user says that we run in, until it was looked for; or NULL */
	int64_t deadline_ns;
	struct event *deadline; /* for those that have not answered */
	/* The last snapshot and what it was made of. */
	struct snapshot *merged;
	struct snapshot *parts[CONFIG_ENGINES_MAX];
	size_t n_parts;
	uint64_t generation;
};

/* --- the first snapshot --------------------------------------------------------------- */

static bool member_shown(const struct member *m)
{
	return m->answered || m->stand_in;
}

static size_t count_shown(const struct engines *es)
{
	size_t n = 0;

	for (size_t i = 0; i < es->members.n; i++)
		n += member_shown(es->members.v[i]);
	return n;
}

/* Hands a change on, with the engine's name if that says anything. */
static void tell(struct engines *es, const struct member *m, const struct inventory_change *change)
{
	struct inventory_change told = *change;
	char *name = NULL;

	if (es->members.n > 1 && m)
		name = xasprintf("%s%s%s", m->name, change->name ? "/" : "",
			change->name ? change->name : "");
	if (name)
		told.name = name;
	es->options.on_change(&told, es->options.arg);
	free(name);
}

static void become_ready(struct engines *es)
{
	struct inventory_change change = {
		.event = "first list", .at_mono_ns = clock_mono_ns(), .containers = 1};

	es->ready = true;
	event_del(es->deadline);
	tell(es, NULL, &change);
}

static void engines_on_deadline(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
	struct engines *es = arg;

	for (size_t i = 0; i < es->members.n; i++) {
		const struct member *m = es->members.v[i];

		if (!member_shown(m))
			log_warn("%s: no answer yet from %s: its containers are left out until "
				 "there is one",
				m->name, engine_endpoint(m->engine));
	}
	become_ready(es);
}

/* Ready when all are shown; the deadline begins when the first one is. */
static void check_ready(struct engines *es)
{
	struct timeval tv = clock_timeval(es->deadline_ns);
	size_t shown = count_shown(es);

	if (es->ready || shown == 0)
		return;
	if (shown == es->members.n)
		become_ready(es);
	else if (!evtimer_pending(es->deadline, NULL))
		evtimer_add(es->deadline, &tv);
}

static void member_on_change(const struct inventory_change *change, void *arg)
{
	struct member *m = arg;

	m->answered = true;
	snapshot_unref(m->stand_in);
	m->stand_in = NULL;
	if (m->set->ready)
		tell(m->set, m, change);
	else
		check_ready(m->set);
}

static void member_on_absent(void *arg)
{
	struct member *m = arg;

	m->set->options.on_absent(m->set->options.arg);
}

/* --- members ------------------------------------------------------------------------------ */

static void member_free(struct member *m)
{
	if (!m)
		return;
	engine_free(m->engine);
	inventory_free(m->inventory);
	snapshot_unref(m->stand_in);
	free(m->name);
	free(m);
}

static void members_free(struct members *members)
{
	for (size_t i = 0; i < members->n; i++)
		member_free(members->v[i]);
	vec_release(members);
}

static struct member *member_new(struct engines *es, const struct config *config,
	const struct config_engine *section, struct error *err)
{
	struct member *m = xcalloc(1, sizeof(*m));
	struct engine_options engine_options = settings_engine(section);
	struct inventory_options inventory_options = settings_inventory(config, section);
	struct self self;

	settings_self(config, section, &self);
	inventory_options.self = &self;
	inventory_options.env = (const char *const *)environ;
	inventory_options.wants_stopped = es->wants_stopped;
	inventory_options.wants_counts = es->wants_counts;
	inventory_options.on_change = member_on_change;
	inventory_options.on_absent = member_on_absent;
	inventory_options.arg = m;
	engine_options.children = es->children;
	if (!es->recorded)
		engine_options.record = es->options.record_path;
	m->set = es;
	m->name = xstrdup(section->name);
	m->inventory = inventory_new(es->base, &inventory_options);
	self_release(&self);
	m->engine = engine_new(
		es->base, &engine_options, inventory_engine_handlers(), m->inventory, err);
	if (!m->engine) {
		error_prepend(err, "%s: ", section->endpoint_origin);
		member_free(m);
		return NULL;
	}
	es->recorded = true;
	inventory_set_engine(m->inventory, m->engine);
	return m;
}

static struct member *find_member(const struct members *members, const char *name)
{
	for (size_t i = 0; i < members->n; i++)
		if (strcmp(members->v[i]->name, name) == 0)
			return members->v[i];
	return NULL;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool section_unchanged(const struct config_engine *x, const struct config_engine *y)
{
	return strcmp(x->name, y->name) == 0 && strcmp(x->endpoint, y->endpoint) == 0 &&
	       x->tls == y->tls && same_text(x->tls_ca, y->tls_ca) &&
	       same_text(x->tls_cert, y->tls_cert) && same_text(x->tls_key, y->tls_key) &&
	       same_text(x->tls_name, y->tls_name) &&
	       x->connect_timeout_ns == y->connect_timeout_ns &&
	       x->request_timeout_ns == y->request_timeout_ns && x->liveness_ns == y->liveness_ns &&
	       x->resync_ns == y->resync_ns && x->engine_ttl_ns == y->engine_ttl_ns &&
	       x->exit_after_ns == y->exit_after_ns && x->max_connections == y->max_connections &&
	       x->source == y->source && x->refresh_ns == y->refresh_ns &&
	       same_text(x->address.published, y->address.published) &&
	       same_text(x->host_address, y->host_address) &&
	       x->follow_network == y->follow_network;
}

/* --- all of them ---------------------------------------------------------------------------- */

struct engines *engines_new(
	struct event_base *base, struct children *children, const struct engines_options *options)
{
	struct engines *es = xcalloc(1, sizeof(*es));

	es->base = base;
	es->children = children;
	es->options = *options;
	es->deadline = evtimer_new(base, engines_on_deadline, es);
	if (!es->deadline)
		abort();
	return es;
}

static void forget_merged(struct engines *es)
{
	for (size_t i = 0; i < es->n_parts; i++)
		snapshot_unref(es->parts[i]);
	es->n_parts = 0;
	snapshot_unref(es->merged);
	es->merged = NULL;
}

void engines_free(struct engines *es)
{
	if (!es)
		return;
	forget_merged(es);
	members_free(&es->members);
	members_free(&es->retired);
	event_free(es->deadline);
	free(es->current);
	free(es);
}

static void take_settings(struct engines *es, const struct config *config)
{
	free(es->current);
	es->current = config->current_container ? xstrdup(config->current_container) : NULL;
	es->deadline_ns = config->first_render_deadline_ns ? config->first_render_deadline_ns
							   : INVENTORY_FIRST_DEADLINE_NS;
}

bool engines_open(struct engines *es, const struct config *config, struct error *err)
{
	struct members members = VEC_INIT;

	for (size_t i = 0; i < config->engines.n; i++) {
		struct member *m = member_new(es, config, &config->engines.v[i], err);

		if (!m) {
			members_free(&members);
			return false;
		}
		vec_push(&members, m);
	}
	take_settings(es, config);
	es->members = members;
	return true;
}

void engines_start(struct engines *es)
{
	for (size_t i = 0; i < es->members.n; i++)
		engine_start(es->members.v[i]->engine);
}

/* Members for config: those that need not change are the old ones, and stay in the old list too. */
static bool build_members(struct engines *es, const struct config *config,
	const struct config *before, struct members *ret, struct members *ret_made,
	struct error *err)
{
	struct members members = VEC_INIT, made = VEC_INIT;

	for (size_t i = 0; i < config->engines.n; i++) {
		const struct config_engine *section = &config->engines.v[i];
		const struct config_engine *old = config_find_engine(before, section->name);
		struct member *m;

		if (old && section_unchanged(section, old) &&
			same_text(config->current_container, before->current_container)) {
			m = find_member(&es->members, section->name);
		} else {
			m = member_new(es, config, section, err);
			if (!m) {
				members_free(&made);
				vec_release(&members);
				return false;
			}
			vec_push(&made, m);
		}
		vec_push(&members, m);
	}
	*ret = members;
	*ret_made = made;
	return true;
}

/* What an engine is shown as until it has answered. */
static struct snapshot *predecessor(const struct members *before, const char *name)
{
	struct member *m = find_member(before, name);

	if (!m)
		return NULL;
	if (m->answered)
		return inventory_snapshot(m->inventory);
	return m->stand_in ? snapshot_ref(m->stand_in) : NULL;
}

bool engines_reload(struct engines *es, const struct config *config, const struct config *before,
	struct error *err)
{
	struct members now, made, old = es->members;

	if (!build_members(es, config, before, &now, &made, err))
		return false;
	for (size_t i = 0; i < made.n; i++)
		made.v[i]->stand_in = predecessor(&old, made.v[i]->name);
	for (size_t i = 0; i < old.n; i++) {
		if (find_member(&now, old.v[i]->name) != old.v[i])
			vec_push(&es->retired, old.v[i]);
	}
	vec_release(&old);
	es->members = now;
	take_settings(es, config);
	if (count_shown(es) < es->members.n)
		es->ready = false;
	for (size_t i = 0; i < made.n; i++)
		engine_start(made.v[i]->engine);
	vec_release(&made);
	check_ready(es);
	return true;
}

void engines_reap(struct engines *es)
{
	members_free(&es->retired);
}

/* --- what they show ------------------------------------------------------------------------ */

static struct snapshot *member_snapshot(struct member *m)
{
	if (m->answered)
		return inventory_snapshot(m->inventory);
	return m->stand_in ? snapshot_ref(m->stand_in) : NULL;
}

/* A name that is wrong would only show as templates that behave oddly. */
static void check_current(struct engines *es)
{
	if (es->current && !snapshot_current(es->merged))
		log_warn("current_container = %s: there is no such container", es->current);
	free(es->current);
	es->current = NULL;
}

struct snapshot *engines_snapshot(struct engines *es)
{
	struct snapshot *parts[CONFIG_ENGINES_MAX];
	size_t n = 0;

	if (!es->ready)
		return NULL;
	for (size_t i = 0; i < es->members.n; i++) {
		struct snapshot *part = member_snapshot(es->members.v[i]);

		if (part)
			parts[n++] = part;
	}
	if (es->merged && n == es->n_parts && memcmp(parts, es->parts, n * sizeof(*parts)) == 0) {
		for (size_t i = 0; i < n; i++)
			snapshot_unref(parts[i]);
		return snapshot_ref(es->merged);
	}
	forget_merged(es);
	memcpy(es->parts, parts, n * sizeof(*parts));
	es->n_parts = n;
	es->merged = n == 1 ? snapshot_ref(parts[0]) : snapshot_merge(parts, n, ++es->generation);
	check_current(es);
	return snapshot_ref(es->merged);
}

struct engine *engines_main(const struct engines *es)
{
	return es && es->members.n ? es->members.v[0]->engine : NULL;
}

void engines_resync(struct engines *es)
{
	for (size_t i = 0; i < es->members.n; i++)
		inventory_resync(es->members.v[i]->inventory);
}

void engines_set_wants(struct engines *es, bool stopped, bool counts)
{
	es->wants_stopped = stopped;
	es->wants_counts = counts;
	for (size_t i = 0; i < es->members.n; i++)
		inventory_set_wants(es->members.v[i]->inventory, stopped, counts);
}
