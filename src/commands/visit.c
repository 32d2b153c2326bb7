/* SPDX-License-Identifier: MIT
 *
 * The loop of a visit, see visit.h. It stands between the engine and whoever visits: the engine's
 * handlers are passed on, and what would make a daemon try again ends the visit.
 */
#include "config.h"

#include "commands/visit.h"

#include "base/child.h"
#include "base/clock.h"
#include "cli.h"
#include "commands/say.h"
#include "config/config.h"
#include "config/duration.h"
#include "settings.h"

#include <event2/event.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* --- the end --------------------------------------------------------------------------------- */

static void end(struct visit *v, enum visit_end how)
{
	if (v->end == VISIT_RUNS)
		v->end = how;
	event_base_loopbreak(v->base);
}

void visit_done(struct visit *v)
{
	end(v, VISIT_DONE);
}

void visit_fail(struct visit *v, const struct error *err)
{
	if (v->end == VISIT_RUNS)
		error_set_str(&v->err, error_str(err));
	end(v, VISIT_FAILED);
}

static void visit_on_signal(evutil_socket_t signal_number, short what UNUSED, void *arg)
{
	struct visit *v = arg;

	v->signal = (int)signal_number;
	end(v, VISIT_SIGNAL);
}

static void visit_on_timeout(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
	struct error err = ERROR_INIT;
	struct visit *v = arg;
	struct buf time;

	buf_init(&time, 64);
	duration_print(v->options.timeout_ns, &time);
	error_set(&err, "engine %s: no whole answer within %s (--timeout): still waiting for %s",
		engine_endpoint(v->engine), buf_cstr(&time),
		engine_is_up(v->engine) && v->waiting_for ? v->waiting_for : "the connection");
	visit_fail(v, &err);
	error_clear(&err);
	buf_release(&time);
}

/* --- what the engine says ---------------------------------------------------------------------- */

static void visit_on_up(struct engine *e, void *arg)
{
	struct visit *v = arg;

	if (v->handlers.on_up)
		v->handlers.on_up(e, v->arg);
}

static void visit_on_event(struct engine *e, const struct engine_event *event, void *arg)
{
	struct visit *v = arg;

	if (v->handlers.on_event)
		v->handlers.on_event(e, event, v->arg);
}

static void visit_on_lost(struct engine *e, const char *why, void *arg)
{
	struct visit *v = arg;

	if (v->handlers.on_lost)
		v->handlers.on_lost(e, why, v->arg);
}

/* The stream of events may end before the answers are there; they are what counts. */
static void visit_on_down(struct engine *e, const struct error *why, void *arg)
{
	struct visit *v = arg;

	if (v->handlers.on_down)
		v->handlers.on_down(e, why, v->arg);
}

/* No connection, or none to an engine. What cannot be reached is named by the error already. */
static void visit_on_retry(struct engine *e, const struct error *why, int64_t delay_ns, void *arg)
{
	struct error err = ERROR_INIT;
	struct visit *v = arg;

	if (v->handlers.on_retry)
		v->handlers.on_retry(e, why, delay_ns, v->arg);
	if (v->options.lasting)
		return;
	error_set_str(&err, error_str(why));
	if (!strstr(error_text(why), engine_endpoint(e)))
		error_prepend(&err, "engine %s: ", engine_endpoint(e));
	visit_fail(v, &err);
	error_clear(&err);
}

static const struct engine_handlers visit_handlers = {
	.on_up = visit_on_up,
	.on_event = visit_on_event,
	.on_lost = visit_on_lost,
	.on_down = visit_on_down,
	.on_retry = visit_on_retry,
};

/* --- the visit --------------------------------------------------------------------------------- */

static struct event *signal_new(struct visit *v, int signal_number)
{
	struct event *e = evsignal_new(v->base, signal_number, visit_on_signal, v);

	if (!e)
		abort();
	evsignal_add(e, NULL);
	return e;
}

void visit_init(struct visit *v, const struct visit_options *options)
{
	*v = (struct visit){.options = *options};
	v->sigpipe_before = signal(SIGPIPE, SIG_IGN);
	v->base = event_base_new();
	if (!v->base)
		abort();
	v->on_int = signal_new(v, SIGINT);
	v->on_term = signal_new(v, SIGTERM);
	v->on_timeout = evtimer_new(v->base, visit_on_timeout, v);
	if (!v->on_timeout)
		abort();
	v->children = children_new(v->base);
}

bool visit_open(struct visit *v, const struct engine_handlers *handlers, void *arg,
	struct error *err)
{
	struct engine_options options = settings_engine(v->options.engine);

	options.children = v->children;
	options.record = v->options.record;
	options.once = !v->options.lasting;
	v->handlers = *handlers;
	v->arg = arg;
	v->engine = engine_new(v->base, &options, &visit_handlers, v, err);
	if (!v->engine)
		return error_prepend(err, "%s: ", v->options.engine->endpoint_origin);
	return true;
}

enum visit_end visit_run(struct visit *v, struct error *err)
{
	struct timeval timeout = clock_timeval(v->options.timeout_ns);

	if (v->options.timeout_ns)
		evtimer_add(v->on_timeout, &timeout);
	engine_start(v->engine);
	event_base_dispatch(v->base);
	event_del(v->on_timeout);
	error_move(err, &v->err);
	return v->end;
}

int visit_status(const struct visit *v, enum visit_end how, struct error *err)
{
	if (how == VISIT_DONE)
		return CLI_EXIT_OK;
	if (how == VISIT_SIGNAL)
		return CLI_EXIT_SIGNAL + v->signal;
	return say_error(err, CLI_EXIT_ENGINE);
}

void visit_leave(struct visit *v)
{
	engine_free(v->engine);
	v->engine = NULL;
}

void visit_release(struct visit *v)
{
	visit_leave(v);
	children_free(v->children);
	event_free(v->on_int);
	event_free(v->on_term);
	event_free(v->on_timeout);
	/* libevent frees the last connections in a turn of its loop. */
	event_base_loop(v->base, EVLOOP_NONBLOCK);
	event_base_free(v->base);
	error_clear(&v->err);
	/* Whoever reads what is printed may go away: that ends the process without a word. */
	signal(SIGPIPE, v->sigpipe_before);
}
