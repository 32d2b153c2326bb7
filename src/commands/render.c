/* SPDX-License-Identifier: MIT
 *
 * upstreamd render: what templates make of the live engine, or of a snapshot's file. What stands on
 * the command line and what an [output NAME] says are brought to one struct render; the templates
 * are read before the engine is asked, because most errors are theirs.
 */
#include "config.h"

#include "base/alloc.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/vec.h"
#include "cli.h"
#include "commands/commands.h"
#include "commands/live.h"
#include "commands/print.h"
#include "commands/say.h"
#include "config/config.h"
#include "model/expose.h"
#include "model/filter.h"
#include "model/snapshot_file.h"
#include "output.h"
#include "publish/lines.h"
#include "publish/target.h"
#include "publish/templates.h"
#include "settings.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>

/* Between the templates of an operand. */
#define TEMPLATE_SEPARATOR ';'

struct render {
	const struct cli_options *options;
	struct config *config;              /* NULL: none was needed */
	const struct config_output *output; /* of --output, else NULL */
	VEC(char *) paths;
	struct templates *templates;
	struct filter *filter;
	struct snapshot *snapshot;
	const char *dest; /* NULL: standard output */
	bool keep_blank_lines;
	struct buf out;
};

/* --- what to render ------------------------------------------------------------------------- */

static void add_path(struct render *r, struct str path)
{
	if (str_eq(path, STR("-")))
		path = STR("/dev/stdin");
	if (path.len)
		vec_push(&r->paths, xmemdup0(path.p, path.len));
}

/* The operand's templates, then those of --template. */
static int take_paths(struct render *r)
{
	const struct cli_options *o = r->options;
	struct str path, rest = str_from(o->operands.v[0]);
	bool more = true;

	while (more) {
		more = str_cut(rest, TEMPLATE_SEPARATOR, &path, &rest);
		add_path(r, path);
	}
	for (size_t i = 0; i < o->templates.n; i++)
		add_path(r, str_from(o->templates.v[i]));
	if (r->paths.n == 0) {
		log_error("\"%s\" names no template", o->operands.v[0]);
		return CLI_EXIT_USAGE;
	}
	r->dest = o->operands.n > 1 ? o->operands.v[1] : NULL;
	return CLI_EXIT_OK;
}

static int take_output(struct render *r)
{
	const struct cli_options *o = r->options;

	r->output = config_find_output(r->config, o->output);
	if (!r->output) {
		struct error err = ERROR_INIT;

		error_set(&err, "%s has no [output %s]; it has", r->config->path, o->output);
		for (size_t i = 0; i < r->config->outputs.n; i++)
			error_append(&err, "%s %s", i ? "," : "", r->config->outputs.v[i].name);
		return say_error(&err, CLI_EXIT_USAGE);
	}
	for (size_t i = 0; i < r->output->templates.n; i++)
		add_path(r, str_from(r->output->templates.v[i]));
	r->keep_blank_lines |= r->output->keep_blank_lines;
	r->dest = o->operands.n ? o->operands.v[0] : NULL;
	return CLI_EXIT_OK;
}

/* A filter of the command line, KEY=VALUE as in the configuration. */
static bool add_filter(struct filter *f, const char *text, struct error *err)
{
	struct str key, value;
	char *name, *pattern;
	bool ok;

	if (!str_cut(str_from(text), '=', &key, &value))
		return error_set(
			err, "--container-filter: \"%s\" is not KEY=VALUE, such as label=tier=web",
			text);
	key = str_trim(key);
	value = str_trim(value);
	name = xmemdup0(key.p, key.len);
	pattern = xmemdup0(value.p, value.len);
	ok = filter_add(f, name, pattern, err);
	free(pattern);
	free(name);
	return ok || error_prepend(err, "--container-filter: ");
}

static int make_filter(struct render *r)
{
	const struct cli_options *o = r->options;
	struct error err = ERROR_INIT;

	r->filter = r->output ? output_filter(r->output, &err) : filter_new();
	if (!r->filter)
		return say_error(&err, CLI_EXIT_CONFIG);
	if (o->only_exposed)
		filter_only_exposed(r->filter);
	if (o->only_published)
		filter_only_published(r->filter);
	if (o->include_stopped)
		filter_include_stopped(r->filter);
	for (size_t i = 0; i < o->filters.n; i++)
		if (!add_filter(r->filter, o->filters.v[i], &err))
			return say_error(&err, CLI_EXIT_USAGE);
	return CLI_EXIT_OK;
}

static int load_config(struct render *r)
{
	if (r->options->from && !r->options->output)
		return CLI_EXIT_OK;
	r->config = settings_load_engine(r->options);
	return r->config ? CLI_EXIT_OK : CLI_EXIT_CONFIG;
}

static int take_what(struct render *r)
{
	r->keep_blank_lines = r->options->keep_blank_lines;
	return r->options->output ? take_output(r) : take_paths(r);
}

static bool same_file(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* What is read must not be overwritten. */
static int check_dest(struct render *r)
{
	const char *from = r->options->from;
	const char *victim = NULL;

	if (!r->dest)
		return CLI_EXIT_OK;
	for (size_t i = 0; i < r->paths.n; i++)
		if (same_file(r->dest, r->paths.v[i]))
			victim = "a template";
	if (from && same_file(r->dest, from))
		victim = "the snapshot";
	if (!victim)
		return CLI_EXIT_OK;
	log_error("DEST %s is %s, which would be overwritten", r->dest, victim);
	return CLI_EXIT_USAGE;
}

static int prepare_templates(struct render *r)
{
	struct error err = ERROR_INIT;

	r->templates = templates_new(NULL, r->paths.v, r->paths.n, NULL, NULL);
	if (templates_prepare(r->templates, &err))
		return CLI_EXIT_OK;
	say_template_error(r->templates, &err);
	error_clear(&err);
	return CLI_EXIT_TEMPLATE;
}

/* --- the containers --------------------------------------------------------------------------- */

static void on_bad_container(const char *why, void *arg)
{
	const struct render *r = arg;

	log_warn("%s: %s; it is left out", r->options->from, why);
}

static int take_snapshot(struct render *r)
{
	const char *from = r->options->from;
	struct error err = ERROR_INIT;

	if (!from)
		return live_snapshot(
			r->options, r->config, filter_wants_stopped(r->filter), &r->snapshot);
	if (strcmp(from, "-") == 0)
		from = "/dev/stdin";
	r->snapshot = snapshot_from_file(from, on_bad_container, r, &err);
	return r->snapshot ? CLI_EXIT_OK : say_error(&err, CLI_EXIT_FAILURE);
}

/* --- rendering ---------------------------------------------------------------------------------- */

static bool render_once(struct render *r, const struct template_set *set, struct str name,
	struct error *err)
{
	struct template_options options = {.env = snapshot_env(r->snapshot)};
	struct arena arena;
	bool ok;

	if (r->output) {
		options.sandbox = r->output->template_sandbox;
		options.file_dirs = r->output->template_files.v;
		options.n_file_dirs = r->output->template_files.n;
	}
	buf_clear(&r->out);
	arena_init(&arena);
	ok = template_render(set, name, snapshot_root(r->snapshot, r->filter, &arena), &options,
		&r->out, err);
	arena_release(&arena);
	if (ok && !r->keep_blank_lines)
		lines_remove_blank(&r->out);
	return ok;
}

/* What --repeat is for; on standard error, a figure in front of each line. */
static void say_figures(const struct render *r, int64_t all_ns, int64_t best_ns)
{
	struct rusage usage;

	fprintf(stderr, "%" PRId64 " ns per render\n", all_ns / (int64_t)r->options->repeat);
	fprintf(stderr, "%" PRId64 " ns for the fastest of %" PRIu64 "\n", best_ns,
		r->options->repeat);
	fprintf(stderr, "%zu bytes of output\n", r->out.len);
	if (getrusage(RUSAGE_SELF, &usage) == 0)
		fprintf(stderr, "%ld kB peak RSS\n", usage.ru_maxrss);
}

static int render_all(struct render *r)
{
	uint64_t times = r->options->repeat ? r->options->repeat : 1;
	int64_t all_ns = 0, best_ns = INT64_MAX;
	struct error err = ERROR_INIT;
	const struct template_set *set = templates_set(r->templates);
	struct str name = templates_main(r->templates);

	for (uint64_t i = 0; i < times; i++) {
		int64_t before = clock_mono_ns(), took;

		if (!render_once(r, set, name, &err)) {
			error_prepend(&err, "%s: ", r->paths.v[0]);
			say_template_error(r->templates, &err);
			error_clear(&err);
			return CLI_EXIT_TEMPLATE;
		}
		took = clock_mono_ns() - before;
		all_ns += took;
		if (took < best_ns)
			best_ns = took;
	}
	if (r->options->repeat)
		say_figures(r, all_ns, best_ns);
	return CLI_EXIT_OK;
}

static int write_out(struct render *r)
{
	struct error err = ERROR_INIT;

	if (print_file(r->dest, 0, buf_str(&r->out), &err))
		return CLI_EXIT_OK;
	return say_error(&err, CLI_EXIT_FAILURE);
}

static void render_release(struct render *r)
{
	buf_release(&r->out);
	snapshot_unref(r->snapshot);
	if (r->filter)
		filter_free(r->filter);
	templates_free(r->templates);
	for (size_t i = 0; i < r->paths.n; i++)
		free(r->paths.v[i]);
	vec_release(&r->paths);
	config_free(r->config);
}

int command_render(const struct cli_options *options)
{
	static int (*const steps[])(struct render *) = {load_config, take_what, check_dest, make_filter,
		prepare_templates, take_snapshot, render_all, write_out};
	struct render r = {.options = options};
	int status = CLI_EXIT_OK;

	buf_init(&r.out, TARGET_OUTPUT_MAX);
	for (size_t i = 0; i < ARRAY_LEN(steps) && status == CLI_EXIT_OK; i++)
		status = steps[i](&r);
	render_release(&r);
	return status;
}
