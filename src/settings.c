/* SPDX-License-Identifier: MIT
 *
 * Loading and checking a configuration, see settings.h. What the room of the configuration cannot
 * know is asked of the rooms that do: engine/engine, model/filter, template/template. Every error
 * is collected and has the file and line of what it is about.
 */
#include "config.h"

#include "settings.h"

#include "base/alloc.h"
#include "base/log.h"
#include "cli.h"
#include "config/config.h"
#include "engine/engine.h"
#include "model/filter.h"
#include "model/inventory.h"
#include "model/self.h"
#include "proxy/proxy.h"

#include <stdlib.h>
#include <unistd.h>

/* Turns err into an error about a key of output; err is empty afterwards. */
static void add_output_error(const struct config *config, const struct config_output *output,
	unsigned line, const char *key, struct error *err, struct config_errors *errors)
{
	vec_push(errors, xasprintf("%s:%u: [output %s] %s: %s", config->path, line, output->name,
				 key, error_text(err)));
	error_clear(err);
}

struct engine_options settings_engine(const struct config_engine *engine)
{
	return (struct engine_options){
		.name = engine->name,
		.endpoint = engine->endpoint,
		.tls = engine->tls,
		.tls_ca = engine->tls_ca,
		.tls_cert = engine->tls_cert,
		.tls_key = engine->tls_key,
		.tls_name = engine->tls_name,
		.connections = engine->max_connections,
		.request_timeout_ns = engine->request_timeout_ns,
		.connect_timeout_ns = engine->connect_timeout_ns,
		.liveness_ns = engine->liveness_ns,
		.swarm = engine->source == SOURCE_SWARM,
	};
}

static struct str text_or_none(const char *s)
{
	return s ? str_from(s) : str_n(NULL, 0);
}

struct inventory_options settings_inventory(
	const struct config *config, const struct config_engine *engine)
{
	return (struct inventory_options){
		.name = engine->name,
		.resync_ns = engine->resync_ns,
		.first_deadline_ns = config->first_render_deadline_ns,
		.ttl_ns = engine->engine_ttl_ns,
		.absent_ns = engine->exit_after_ns,
		.swarm = engine->source == SOURCE_SWARM,
		.refresh_ns = engine->refresh_ns,
		.addresses = {.published = text_or_none(engine->address.published),
			.host = text_or_none(engine->host_address),
			.follow = engine->follow_network},
	};
}

void settings_self(
	const struct config *config, const struct config_engine *engine, struct self *ret)
{
	struct self seen, all;

	self_look(&seen);
	all = seen;
	all.given = text_or_none(config->current_container);
	all.apart = engine->follow_network;
	self_copy(ret, &all);
	self_release(&seen);
}

static void check_engine(const struct config_engine *engine, struct config_errors *errors)
{
	struct engine_options options = settings_engine(engine);
	struct error err = ERROR_INIT;

	if (engine_check(&options, &err))
		return;
	vec_push(errors, xasprintf("%s: [engine %s] endpoint: %s", engine->endpoint_origin,
				 engine->name, error_text(&err)));
	error_clear(&err);
}

static void check_filters(const struct config *config, const struct config_output *output,
	struct config_errors *errors)
{
	struct filter *scratch = filter_new();
	struct error err = ERROR_INIT;

	for (size_t i = 0; i < output->filters.n; i++) {
		const struct config_filter *f = &output->filters.v[i];

		if (!filter_add(scratch, f->key, f->value, &err))
			add_output_error(config, output, f->line, "container_filter", &err, errors);
	}
	filter_free(scratch);
}

static void check_proxy(const struct config *config, const struct config_output *output,
	struct config_errors *errors)
{
	struct error err = ERROR_INIT;

	if (!proxy_check_config(output, &err))
		vec_push(errors,
			xasprintf("%s:%u: %s", config->path, output->line, error_text(&err)));
	error_clear(&err);
}

bool settings_check(const struct config *config, struct config_errors *errors)
{
	size_t before = errors->n;

	for (size_t i = 0; i < config->engines.n; i++)
		check_engine(&config->engines.v[i], errors);
	for (size_t i = 0; i < config->outputs.n; i++)
		check_filters(config, &config->outputs.v[i], errors);
	for (size_t i = 0; i < config->outputs.n; i++)
		check_proxy(config, &config->outputs.v[i], errors);
	return config_check_files(config, errors) && errors->n == before;
}

void settings_log_errors(struct config_errors *errors)
{
	for (size_t i = 0; i < errors->n; i++)
		log_error("%s", errors->v[i]);
	config_errors_release(errors);
}

struct config *settings_load(const struct cli_options *options)
{
	struct config_input in = cli_config_input(options);
	struct config_errors errors = CONFIG_ERRORS_INIT;
	struct config *config = NULL;

	if (config_load(&in, &config, &errors) && !settings_check(config, &errors)) {
		config_free(config);
		config = NULL;
	}
	settings_log_errors(&errors);
	return config;
}

/* Whether a command can do without a configuration file. */
static bool needs_no_file(const struct cli_options *options)
{
	if (options->output || options->config_given)
		return false;
	return options->endpoint || access(options->config_path, F_OK) != 0;
}

/* --engine must be there, and what is asked must be usable. */
static void check_engines(const struct cli_options *options, const struct config *config,
	struct config_errors *errors)
{
	if (options->engine && !config_find_engine(config, options->engine)) {
		struct error err = ERROR_INIT;

		error_set(&err, "--engine: %s has no [engine %s]; it has", config->path,
			options->engine);
		for (size_t i = 0; i < config->engines.n; i++)
			error_append(&err, "%s %s", i ? "," : "", config->engines.v[i].name);
		vec_push(errors, xstrdup(error_text(&err)));
		error_clear(&err);
	}
	for (size_t i = 0; i < config->engines.n; i++)
		check_engine(&config->engines.v[i], errors);
}

const struct config_engine *settings_engine_of(
	const struct cli_options *options, const struct config *config)
{
	return options->engine ? config_find_engine(config, options->engine)
			       : &config->engines.v[0];
}

struct config *settings_load_engine(const struct cli_options *options)
{
	struct config_input in = cli_config_input(options);
	struct config_errors errors = CONFIG_ERRORS_INIT;
	struct config *config = NULL;
	bool ok;

	if (needs_no_file(options)) {
		in.path = "command line";
		ok = config_defaults(&in, &config, &errors);
	} else {
		ok = config_load(&in, &config, &errors);
	}
	if (ok)
		check_engines(options, config, &errors);
	if (ok && errors.n) {
		config_free(config);
		config = NULL;
	}
	settings_log_errors(&errors);
	return config;
}
