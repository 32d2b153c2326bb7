/* SPDX-License-Identifier: MIT
 *
 * Wires one output, see output.h: its target asks for the newest state and for bytes; the state is
 * a snapshot seen through the filter, the bytes are what the templates make of it.
 */
#include "config.h"

#include "output.h"

#include "base/alloc.h"
#include "base/arena.h"
#include "config/config.h"
#include "model/expose.h"
#include "model/filter.h"
#include "publish/target.h"
#include "publish/templates.h"

#include <stdlib.h>

struct output {
	const struct config_output *config;
	struct filter *filter;
	struct templates *templates;
	struct target *target;
	output_snapshot_fn *snapshot;
	void *arg;
};

/* Equal only if equal bytes come of it: what the output sees, and the templates it is seen by. */
static uint64_t output_hash(const struct output *o, const struct snapshot *s, uint64_t seen)
{
	uint64_t parts[3] = {seen, templates_version(o->templates), 0};

	if (templates_traits(o->templates).varies)
		parts[2] = snapshot_generation(s);
	return str_hash(str_n((const char *)parts, sizeof(parts)));
}

static bool output_take(void *arg, struct target_view *ret_view)
{
	struct output *o = arg;
	struct snapshot *s = o->snapshot(o->arg);
	struct snapshot_view view;

	if (!s)
		return false;
	snapshot_look(s, o->filter, &view);
	*ret_view = (struct target_view){.ref = s,
		.hash = output_hash(o, s, view.hash),
		.containers = view.containers};
	return true;
}

static void output_drop(void *arg UNUSED, void *ref)
{
	snapshot_unref(ref);
}

static bool output_prepare(void *arg, bool *ret_slow, struct error *err)
{
	struct output *o = arg;

	if (!templates_prepare(o->templates, err))
		return false;
	*ret_slow = templates_traits(o->templates).slow;
	return true;
}

static bool output_render(void *arg, void *ref, int64_t give_up_ns, bool *ret_gave_up,
	struct buf *out, struct error *err)
{
	struct output *o = arg;
	struct snapshot *s = ref;
	struct template_options options = {.env = snapshot_env(s),
		.sandbox = o->config->template_sandbox,
		.file_dirs = o->config->template_files.v,
		.n_file_dirs = o->config->template_files.n,
		.give_up_ns = give_up_ns,
		.ret_gave_up = ret_gave_up};
	struct arena arena;
	bool ok;

	arena_init(&arena);
	ok = templates_render(o->templates, snapshot_root(s, o->filter, &arena), &options, out, err);
	arena_release(&arena);
	return ok;
}

/* The lines of the templates that the error names. */
static void output_explain(void *arg, const struct error *err, struct buf *out)
{
	const struct output *o = arg;

	templates_show(o->templates, err, false, out);
}

static void output_on_template_change(void *arg)
{
	struct output *o = arg;
	struct target_cause cause = {.event = "template"};

	target_notify(o->target, &cause, false);
}

struct filter *output_filter(const struct config_output *config, struct error *err)
{
	struct filter *f = filter_new();

	if (config->only_exposed)
		filter_only_exposed(f);
	if (config->only_published)
		filter_only_published(f);
	if (config->include_stopped)
		filter_include_stopped(f);
	for (size_t i = 0; i < config->engines.n; i++) {
		if (filter_add(f, "engine", config->engines.v[i], err))
			continue;
		error_prepend(err, "[output %s] engine: ", config->name);
		filter_free(f);
		return NULL;
	}
	for (size_t i = 0; i < config->filters.n; i++) {
		const struct config_filter *row = &config->filters.v[i];

		if (filter_add(f, row->key, row->value, err))
			continue;
		error_prepend(err, "line %u: [output %s] container_filter: ", row->line, config->name);
		filter_free(f);
		return NULL;
	}
	return f;
}

struct output *output_new(struct event_base *base, struct publisher *pub,
	const struct config_output *config, output_snapshot_fn *snapshot, void *arg,
	struct error *err)
{
	struct output *o = xcalloc(1, sizeof(*o));
	struct error unread = ERROR_INIT;
	struct target_source source = {
		.take = output_take,
		.drop = output_drop,
		.prepare = output_prepare,
		.render = output_render,
		.explain = output_explain,
		.arg = o};

	o->config = config;
	o->snapshot = snapshot;
	o->arg = arg;
	o->filter = output_filter(config, err);
	if (!o->filter)
		goto fail;
	o->templates = templates_new(base, config->templates.v, config->templates.n,
		output_on_template_change, o);
	/* So that it is known what they want; what is wrong with them is told by the render. */
	if (!templates_prepare(o->templates, &unread))
		error_clear(&unread);
	o->target = target_new(pub, config, &source, err);
	if (!o->target)
		goto fail;
	return o;
fail:
	output_free(o);
	return NULL;
}

void output_free(struct output *o)
{
	if (!o)
		return;
	if (o->target)
		target_free(o->target);
	templates_free(o->templates);
	if (o->filter)
		filter_free(o->filter);
	free(o);
}

const struct config_output *output_config(const struct output *o)
{
	return o->config;
}

struct target *output_target(const struct output *o)
{
	return o->target;
}

bool output_wants_stopped(const struct output *o)
{
	return filter_wants_stopped(o->filter);
}

bool output_wants_counts(const struct output *o)
{
	const struct template_set *set = templates_set(o->templates);

	return set &&
	       (template_set_names(set, STR("NumContainers")) ||
		       template_set_names(set, STR("NumImages")) ||
		       template_set_uses_whole(set, STR("Docker")));
}
