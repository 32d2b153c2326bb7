/* SPDX-License-Identifier: MIT
 *
 * Start order, signals, reload and teardown, see daemon.h. Everything that does something lives in a
 * room of its own; here it is only wired:
 *
 *	engines -> (a change) -> publisher -> outputs -> (take, render) -> engines
 *
 * A reload builds the new outputs beside the old ones and swaps when all could be built; an engine
 * whose settings did not change keeps its connection and its inventory.
 */
#include "config.h"

#include "daemon.h"

#include "base/buf.h"
#include "base/child.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/vec.h"
#include "cli.h"
#include "config/config.h"
#include "engines.h"
#include "model/expose.h"
#include "model/inventory.h"
#include "output.h"
#include "proxy/proxy.h"
#include "publish/publisher.h"
#include "publish/target.h"
#include "settings.h"
#include "template/regexp/regexp.h"

#include <event2/event.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct outputs {
	struct output **v;
	size_t n, cap;
};

/* How long the end waits for a check or reload that runs. */
#define DAEMON_END_NS (5 * (int64_t)NS_PER_S)

struct daemon {
	const struct cli_options *options;
	struct config *config;
	struct event_base *base;
	struct event *on_term, *on_int, *on_hup;
	struct event *end_deadline; /* NULL until the end has begun */
	struct children *children;
	struct publisher *publisher;
	struct engines *engines;
	bool absent; /* it ends for want of an engine */
	struct outputs outputs;
};

/* --- engines -------------------------------------------------------------------------- */

/* The model changed. */
static void daemon_on_change(const struct inventory_change *change, void *arg)
{
	struct daemon *d = arg;
	struct target_cause cause = {.event = change->event, .container = change->name};

	if (!d->end_deadline)
		publisher_notify(d->publisher, &cause, change->urgent);
}

/* The engine is away for as long as exit_after says. */
static void daemon_on_absent(void *arg)
{
	struct daemon *d = arg;

	log_error("no engine for as long as exit_after allows: ending");
	d->absent = true;
	event_base_loopbreak(d->base);
}

static struct snapshot *daemon_snapshot(void *arg)
{
	struct daemon *d = arg;

	return engines_snapshot(d->engines);
}

/* --- outputs ------------------------------------------------------------------------ */

static void outputs_free(struct outputs *outputs)
{
	for (size_t i = 0; i < outputs->n; i++)
		output_free(outputs->v[i]);
	vec_release(outputs);
}

/* All outputs of config, or none. */
static bool outputs_build(struct daemon *d, const struct config *config,
	struct outputs *ret_outputs, struct error *err)
{
	struct outputs outputs = VEC_INIT;

	for (size_t i = 0; i < config->outputs.n; i++) {
		struct output *o = output_new(d->base, d->publisher, &config->outputs.v[i],
			daemon_snapshot, d, err);

		if (!o) {
			outputs_free(&outputs);
			return error_prepend(err, "%s: ", config->path);
		}
		vec_push(&outputs, o);
	}
	*ret_outputs = outputs;
	return true;
}

static void outputs_tell_wants(struct daemon *d)
{
	bool stopped = false, counts = false;

	for (size_t i = 0; i < d->outputs.n; i++) {
		stopped |= output_wants_stopped(d->outputs.v[i]);
		counts |= output_wants_counts(d->outputs.v[i]);
	}
	engines_set_wants(d->engines, stopped, counts);
}

/* A new output goes on where the old one of its name was. */
static void outputs_adopt(const struct outputs *now, const struct outputs *before)
{
	for (size_t i = 0; i < now->n; i++)
		for (size_t j = 0; j < before->n; j++)
			if (strcmp(output_config(now->v[i])->name,
				    output_config(before->v[j])->name) == 0)
				target_adopt(output_target(now->v[i]),
					output_target(before->v[j]));
}

/* --- reload --------------------------------------------------------------------------- */

static void log_use(const struct config *config)
{
	log_set_level(config->log_level);
	log_set_format(config->log_format);
}

/* Swaps to config, or leaves everything as it is. */
static bool reload_to(struct daemon *d, struct config *config, struct error *err)
{
	struct outputs before = d->outputs, now;
	struct config *config_before = d->config;
	struct target_cause cause = {.event = "reload"};

	if (!outputs_build(d, config, &now, err))
		return false;
	if (!engines_reload(d->engines, config, config_before, err)) {
		outputs_free(&now);
		return error_prepend(err, "%s: ", config->path);
	}
	d->config = config;
	outputs_adopt(&now, &before);
	d->outputs = now;
	outputs_free(&before);
	engines_reap(d->engines);
	config_free(config_before);
	log_use(config);
	outputs_tell_wants(d);
	publisher_notify(d->publisher, &cause, false);
	engines_resync(d->engines);
	return true;
}

/* SIGHUP */
static void daemon_on_hup(evutil_socket_t signal_number UNUSED, short what UNUSED, void *arg)
{
	struct daemon *d = arg;
	struct error err = ERROR_INIT;
	struct config *config;

	if (d->end_deadline)
		return;
	config = settings_load(d->options);
	if (config && reload_to(d, config, &err)) {
		log_info("%s: read again, %zu %s", config->path, config->outputs.n,
			config->outputs.n == 1 ? "output" : "outputs");
		return;
	}
	if (config)
		log_error("%s", error_text(&err));
	log_error("%s: nothing changed, the configuration of before is still in use",
		d->options->config_path);
	error_clear(&err);
	config_free(config);
}

/* --- start and end -------------------------------------------------------------------- */

static void daemon_on_end_deadline(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
	struct daemon *d = arg;

	log_warn("a render, check or reload is still running: it is ended");
	event_base_loopbreak(d->base);
}

/* A cycle is over; the end may have waited for it. */
static void daemon_on_cycle(void *arg, const struct target_cycle *cycle UNUSED)
{
	struct daemon *d = arg;

	outputs_tell_wants(d); /* a template may have changed */
	if (d->end_deadline && !publisher_busy(d->publisher))
		event_base_loopbreak(d->base);
}

/* SIGTERM, SIGINT: a cycle that runs is finished first, since a file that is written but not applied
 * would look done to the next start. A second signal does not wait. */
static void daemon_on_end(evutil_socket_t signal_number, short what UNUSED, void *arg)
{
	struct timeval wait = clock_timeval(DAEMON_END_NS);
	struct daemon *d = arg;

	log_info("%s: ending", signal_number == SIGINT ? "SIGINT" : "SIGTERM");
	if (d->end_deadline || !publisher_busy(d->publisher)) {
		event_base_loopbreak(d->base);
		return;
	}
	d->end_deadline = evtimer_new(d->base, daemon_on_end_deadline, d);
	evtimer_add(d->end_deadline, &wait);
}

static struct event *signal_new(
	struct daemon *d, int signal_number, event_callback_fn callback)
{
	struct event *e = evsignal_new(d->base, signal_number, callback, d);

	evsignal_add(e, NULL);
	return e;
}

/* Signals come first: one that arrives while the rest starts is not lost, nor fatal. */
static void daemon_init(struct daemon *d, const struct cli_options *options)
{
	*d = (struct daemon){.options = options};
	signal(SIGPIPE, SIG_IGN);
	d->base = event_base_new();
	d->on_term = signal_new(d, SIGTERM, daemon_on_end);
	d->on_int = signal_new(d, SIGINT, daemon_on_end);
	d->on_hup = signal_new(d, SIGHUP, daemon_on_hup);
	d->children = children_new(d->base);
}

/* The engine for acts on containers. */
static struct engine *daemon_engine(void *arg)
{
	return engines_main(((struct daemon *)arg)->engines);
}

static bool daemon_start(struct daemon *d, struct error *err)
{
	struct engines_options options = {.record_path = d->options->record_path,
		.on_change = daemon_on_change,
		.on_absent = daemon_on_absent,
		.arg = d};
	struct proxy_services services = {
		.base = d->base, .children = d->children, .engine = daemon_engine, .arg = d};

	d->publisher = publisher_new(&services, err);
	if (!d->publisher)
		return false;
	publisher_on_cycle(d->publisher, daemon_on_cycle, d);
	d->engines = engines_new(d->base, d->children, &options);
	if (!engines_open(d->engines, d->config, err))
		return error_prepend(err, "%s: ", d->config->path);
	if (!outputs_build(d, d->config, &d->outputs, err))
		return false;
	outputs_tell_wants(d);
	engines_start(d->engines);
	return true;
}

static void daemon_release(struct daemon *d)
{
	outputs_free(&d->outputs);
	if (d->publisher)
		publisher_free(d->publisher);
	engines_free(d->engines);
	children_free(d->children);
	event_free(d->on_term);
	event_free(d->on_int);
	event_free(d->on_hup);
	if (d->end_deadline)
		event_free(d->end_deadline);
	/* libevent frees the last connections in a turn of its loop. */
	event_base_loop(d->base, EVLOOP_NONBLOCK);
	event_base_free(d->base);
	config_free(d->config);
	regexp_cache_clear();
	libevent_global_shutdown();
}

static void log_begin(const struct config *config)
{
	struct buf engines;

	buf_init(&engines, LINE_MAX);
	for (size_t i = 0; i < config->engines.n; i++)
		buf_add_fmt(&engines, "%s%s", i ? ", " : "", config->engines.v[i].endpoint);
	log_info("upstreamd " PACKAGE_VERSION ": %s, %zu %s, engine%s %s", config->path,
		config->outputs.n, config->outputs.n == 1 ? "output" : "outputs",
		config->engines.n == 1 ? "" : "s", buf_cstr(&engines));
	buf_release(&engines);
}

int daemon_run(const struct cli_options *options)
{
	struct error err = ERROR_INIT;
	struct daemon d;
	int status = CLI_EXIT_OK;

	daemon_init(&d, options);
	d.config = settings_load(options);
	if (!d.config) {
		status = CLI_EXIT_CONFIG;
	} else {
		log_use(d.config);
		log_begin(d.config);
		if (daemon_start(&d, &err)) {
			event_base_dispatch(d.base);
			status = d.absent ? CLI_EXIT_ENGINE : CLI_EXIT_OK;
		} else {
			log_error("%s", error_text(&err));
			status = CLI_EXIT_CONFIG;
		}
	}
	error_clear(&err);
	daemon_release(&d);
	return status;
}
