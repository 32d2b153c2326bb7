/* SPDX-License-Identifier: MIT
 *
 * Start order, signals, reload and teardown, see daemon.h. Everything that does something lives in a
 * room of its own; here it is only wired:
 *
 *	engine -> inventory -> (a change) -> publisher -> outputs -> (take, render) -> inventory
 *
 * A reload builds the new outputs beside the old ones and swaps when all could be built; an engine
 * whose settings did not change keeps its connection and its inventory.
 */
#include "config.h"

#include "daemon.h"

#include "base/child.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/vec.h"
#include "cli.h"
#include "config/config.h"
#include "engine/engine.h"
#include "model/expose.h"
#include "model/inventory.h"
#include "model/self.h"
#include "output.h"
#include "proxy/proxy.h"
#include "publish/publisher.h"
#include "publish/target.h"
#include "settings.h"
#include "template/regexp/regexp.h"

#include <event2/event.h>
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
	struct engine *engine;
	bool absent;   /* it ends for want of an engine */
	bool recorded; /* an engine was: a second one would overwrite it */
	struct inventory *inventory;
	struct outputs outputs;
};

/* --- engine and inventory --------------------------------------------------------- */

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

	return inventory_snapshot(d->inventory);
}

static bool engine_open(struct daemon *d, const struct config_engine *config, struct error *err)
{
	struct engine_options engine_options = settings_engine(config);
	char self[SELF_ID_LEN + 1];
	struct inventory_options inventory_options = {
		.name = config->name,
		.resync_ns = config->resync_ns,
		.first_deadline_ns = d->config->first_render_deadline_ns,
		.current_id = self_id(self) ? self : NULL,
		.env = (const char *const *)environ,
		.ttl_ns = config->engine_ttl_ns,
		.absent_ns = config->exit_after_ns,
		.on_change = daemon_on_change,
		.on_absent = daemon_on_absent,
		.arg = d,
	};

	engine_options.children = d->children;
	if (!d->recorded)
		engine_options.record = d->options->record_path;
	d->inventory = inventory_new(d->base, &inventory_options);
	d->engine = engine_new(
		d->base, &engine_options, inventory_engine_handlers(), d->inventory, err);
	if (!d->engine)
		return error_prepend(err, "%s: ", config->endpoint_origin);
	d->recorded = true;
	inventory_set_engine(d->inventory, d->engine);
	return true;
}

static void engine_close(struct daemon *d)
{
	if (d->engine)
		engine_free(d->engine);
	if (d->inventory)
		inventory_free(d->inventory);
	d->engine = NULL;
	d->inventory = NULL;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool engine_unchanged(const struct config *a, const struct config *b)
{
	const struct config_engine *x = &a->engines.v[0], *y = &b->engines.v[0];

	return strcmp(x->name, y->name) == 0 && strcmp(x->endpoint, y->endpoint) == 0 &&
		x->tls == y->tls && same_text(x->tls_ca, y->tls_ca) &&
		same_text(x->tls_cert, y->tls_cert) && same_text(x->tls_key, y->tls_key) &&
		same_text(x->tls_name, y->tls_name) &&
		x->connect_timeout_ns == y->connect_timeout_ns &&
		x->request_timeout_ns == y->request_timeout_ns &&
		x->liveness_ns == y->liveness_ns && x->resync_ns == y->resync_ns &&
		x->engine_ttl_ns == y->engine_ttl_ns && x->exit_after_ns == y->exit_after_ns &&
		x->max_connections == y->max_connections;
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
	bool stopped = false;

	for (size_t i = 0; i < d->outputs.n; i++)
		stopped |= output_wants_stopped(d->outputs.v[i]);
	inventory_set_wants(d->inventory, stopped, false);
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

/* The engine of a new configuration takes the place of the old one, if it is another. Outputs keep
 * their files until the new one has answered. */
static bool reload_engine(struct daemon *d, struct config *before, struct error *err)
{
	struct engine *engine = d->engine;
	struct inventory *inventory = d->inventory;

	if (engine_unchanged(d->config, before))
		return true;
	if (!engine_open(d, &d->config->engines.v[0], err)) {
		inventory_free(d->inventory);
		d->engine = engine;
		d->inventory = inventory;
		return false;
	}
	engine_free(engine);
	inventory_free(inventory);
	engine_start(d->engine);
	return true;
}

/* Swaps to config, or leaves everything as it is. */
static bool reload_to(struct daemon *d, struct config *config, struct error *err)
{
	struct outputs before = d->outputs, now;
	struct config *config_before = d->config;
	struct target_cause cause = {.event = "reload"};

	if (!outputs_build(d, config, &now, err))
		return false;
	d->config = config;
	if (!reload_engine(d, config_before, err)) {
		d->config = config_before;
		outputs_free(&now);
		return false;
	}
	outputs_adopt(&now, &before);
	d->outputs = now;
	outputs_free(&before);
	config_free(config_before);
	log_use(config);
	outputs_tell_wants(d);
	publisher_notify(d->publisher, &cause, false);
	inventory_resync(d->inventory);
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

	log_warn("a check or reload is still running: it is ended");
	event_base_loopbreak(d->base);
}

/* A cycle is over; the end may have waited for it. */
static void daemon_on_cycle(void *arg, const struct target_cycle *cycle UNUSED)
{
	struct daemon *d = arg;

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

/* The engine in use, for acts on containers. */
static struct engine *daemon_engine(void *arg)
{
	return ((struct daemon *)arg)->engine;
}

static bool daemon_start(struct daemon *d, struct error *err)
{
	struct proxy_services services = {
		.base = d->base, .children = d->children, .engine = daemon_engine, .arg = d};

	d->publisher = publisher_new(&services, err);
	if (!d->publisher)
		return false;
	publisher_on_cycle(d->publisher, daemon_on_cycle, d);
	if (!engine_open(d, &d->config->engines.v[0], err))
		return error_prepend(err, "%s: ", d->config->path);
	if (!outputs_build(d, d->config, &d->outputs, err))
		return false;
	outputs_tell_wants(d);
	engine_start(d->engine);
	return true;
}

static void daemon_release(struct daemon *d)
{
	outputs_free(&d->outputs);
	if (d->publisher)
		publisher_free(d->publisher);
	engine_close(d);
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
		log_info("upstreamd " PACKAGE_VERSION ": %s, %zu %s, engine %s", d.config->path,
			d.config->outputs.n, d.config->outputs.n == 1 ? "output" : "outputs",
			d.config->engines.v[0].endpoint);
		if (daemon_start(&d, &err)) {
			event_base_dispatch(d.base);
			status = d.absent ? CLI_EXIT_ABSENT : CLI_EXIT_OK;
		} else {
			log_error("%s", error_text(&err));
			status = CLI_EXIT_CONFIG;
		}
	}
	error_clear(&err);
	daemon_release(&d);
	return status;
}
