/* SPDX-License-Identifier: MIT
 *
 * The engine room's door, see engine.h: a session holds the event stream, a pool of connections
 * carries the calls, and the event parser stands between the stream and the handlers.
 */
#include "config.h"

#include "engine/engine.h"

#include "base/alloc.h"
#include "engine/api.h"
#include "engine/dial.h"
#include "engine/record.h"
#include "engine/replay.h"
#include "engine/request.h"
#include "engine/session.h"
#include "engine/tls.h"

#include <stdio.h>
#include <stdlib.h>

/* Enough of an event to know it again. */
struct mark {
	int64_t time_nano;
	uint64_t hash;
};

struct engine {
	struct engine_handlers handlers;
	void *arg;
	char *name;
	struct engine_options options; /* numbers alone: texts are gone */
	struct dialer *dialer;
	struct conn_counts conn_counts;
	struct session *session;
	struct request_pool *pool, *acts;
	struct events *events;
	uint64_t ups, downs;
	struct mark newest; /* of the events so far */
	struct mark last;   /* newest when the stream began: it may be told once more */
	char version_text[16];
};

static void engine_on_up(void *arg)
{
	struct engine *e = arg;
	struct api_version version = session_version(e->session);

	e->ups++;
	e->last = e->newest;
	events_reset(e->events);
	e->version_text[0] = '\0';
	if (version.major)
		snprintf(e->version_text, sizeof(e->version_text), "%u.%u", version.major,
			version.minor);
	if (e->handlers.on_up)
		e->handlers.on_up(e, e->arg);
}

static void engine_on_bytes(struct str bytes, void *arg)
{
	struct engine *e = arg;

	events_feed(e->events, bytes.p, bytes.len);
}

static void abort_calls(struct engine *e, const struct error *why)
{
	request_pool_abort(e->pool, why);
	request_pool_abort(e->acts, why);
}

/* Nobody waits for a dead engine. */
static void engine_on_down(const struct error *why, bool dead, void *arg)
{
	struct engine *e = arg;

	e->downs++;
	if (dead)
		abort_calls(e, why);
	if (e->handlers.on_down)
		e->handlers.on_down(e, why, e->arg);
}

static void engine_on_retry(const struct error *why, int64_t delay_ns, void *arg)
{
	struct engine *e = arg;

	if (e->handlers.on_retry)
		e->handlers.on_retry(e, why, delay_ns, e->arg);
}

static struct mark mark_of(const struct engine_event *event)
{
	uint64_t hash = str_hash(event->id) * 31 + str_hash(event->network);

	return (struct mark){event->time_nano, hash * 31 + (uint64_t)event->kind};
}

/* A stream that was asked for with a time begins with the event of that time, which is known. */
static bool is_known(struct engine *e, const struct mark *mark)
{
	return mark->time_nano && mark->time_nano == e->last.time_nano &&
		mark->hash == e->last.hash;
}

static void engine_on_event(const struct engine_event *event, void *arg)
{
	struct engine *e = arg;
	struct mark mark = mark_of(event);

	if (is_known(e, &mark))
		return;
	if (mark.time_nano >= e->newest.time_nano) {
		e->newest = mark;
		session_saw(e->session, mark.time_nano);
	}
	if (e->handlers.on_event)
		e->handlers.on_event(e, event, e->arg);
}

static void engine_on_lost(const char *why, void *arg)
{
	struct engine *e = arg;

	if (e->handlers.on_lost)
		e->handlers.on_lost(e, why, e->arg);
}

static int64_t or_default(int64_t value, int64_t fallback)
{
	return value > 0 ? value : fallback;
}

static void fill_options(struct engine_options *o)
{
	if (o->connections == 0)
		o->connections = ENGINE_CONNECTIONS;
	if (o->connections > ENGINE_CONNECTIONS_MAX)
		o->connections = ENGINE_CONNECTIONS_MAX;
	o->request_timeout_ns = or_default(o->request_timeout_ns, ENGINE_REQUEST_TIMEOUT_NS);
	o->connect_timeout_ns = or_default(o->connect_timeout_ns, ENGINE_CONNECT_TIMEOUT_NS);
	o->liveness_ns = or_default(o->liveness_ns, ENGINE_LIVENESS_NS);
	o->retry_min_ns = or_default(o->retry_min_ns, ENGINE_RETRY_MIN_NS);
	o->retry_max_ns = or_default(o->retry_max_ns, ENGINE_RETRY_MAX_NS);
}

static void make_parts(struct engine *e)
{
	static const struct events_handlers events_handlers = {engine_on_event, engine_on_lost};
	static const struct session_handlers session_handlers = {
		engine_on_up, engine_on_bytes, engine_on_down, engine_on_retry};
	const struct engine_options *o = &e->options;
	struct request_pool_options pool_options = {
		.name = e->name,
		.connections = o->connections,
		.connect_timeout_ns = o->connect_timeout_ns,
	};
	struct session_options session_options = {
		.name = e->name,
		.swarm = o->swarm,
		.once = o->once,
		.connect_timeout_ns = o->connect_timeout_ns,
		.request_timeout_ns = o->request_timeout_ns,
		.liveness_ns = o->liveness_ns,
		.retry_min_ns = o->retry_min_ns,
		.retry_max_ns = o->retry_max_ns,
	};

	e->pool = request_pool_new(e->dialer, &e->conn_counts, &pool_options);
	pool_options.connections = ENGINE_ACTS;
	e->acts = request_pool_new(e->dialer, &e->conn_counts, &pool_options);
	e->events = events_new(&events_handlers, e);
	e->session = session_new(e->dialer, &e->conn_counts, &session_options, &session_handlers, e);
}

/* What the endpoint needs besides itself. */
static bool read_parts(const struct engine_options *o, const struct endpoint *ep,
	struct dialer_options *ret, struct error *err)
{
	struct tls_options files = {o->tls_ca, o->tls_cert, o->tls_key, o->tls_name};

	if (ep->kind == ENDPOINT_TLS) {
		ret->tls = tls_new(&files, ep->host, err);
		if (!ret->tls)
			return error_prepend(err, "engine endpoint \"%s\": ", ep->text);
	}
	if (ep->kind == ENDPOINT_REPLAY) {
		ret->replay = replay_load(ep->path, err);
		if (!ret->replay)
			return error_prepend(err, "engine endpoint \"%s\": ", ep->text);
	}
	return true;
}

/* The endpoint with what it needs: TLS, a recording. The outputs own what they are given. */
static bool read_endpoint(const struct engine_options *o, struct endpoint *ret_endpoint,
	struct dialer_options *ret, struct error *err)
{
	struct endpoint ep;

	if (!endpoint_parse(&ep, o->endpoint ? o->endpoint : "auto", err))
		return false;
	if (ep.kind == ENDPOINT_TCP && (o->tls || o->tls_ca || o->tls_cert || o->tls_key))
		ep.kind = ENDPOINT_TLS;
	if (!read_parts(o, &ep, ret, err)) {
		endpoint_release(&ep);
		return false;
	}
	*ret_endpoint = ep;
	return true;
}

bool engine_check(const struct engine_options *options, struct error *err)
{
	struct dialer_options parts = {.tls = NULL};
	struct endpoint endpoint;

	if (!read_endpoint(options, &endpoint, &parts, err))
		return false;
	endpoint_release(&endpoint);
	tls_free(parts.tls);
	replay_free(parts.replay);
	return true;
}

/* NULL, without an error, if nothing is to be recorded. */
static bool open_recorder(const char *path, struct recorder **ret, struct error *err)
{
	*ret = path ? recorder_new(path, err) : NULL;
	return *ret || !path;
}

struct engine *engine_new(struct event_base *base, const struct engine_options *options,
	const struct engine_handlers *handlers, void *arg, struct error *err)
{
	struct dialer_options dialer_options = {.children = options->children};
	struct endpoint endpoint;
	struct engine *e;

	if (!open_recorder(options->record, &dialer_options.recorder, err))
		return NULL;
	if (!read_endpoint(options, &endpoint, &dialer_options, err)) {
		recorder_free(dialer_options.recorder);
		return NULL;
	}
	e = xcalloc(1, sizeof(*e));
	e->handlers = *handlers;
	e->arg = arg;
	e->options = *options;
	fill_options(&e->options);
	e->name = xstrdup(options->name ? options->name : endpoint.text);
	dialer_options.liveness_ns = e->options.liveness_ns;
	e->dialer = dialer_new(base, &endpoint, &dialer_options);
	make_parts(e);
	return e;
}

void engine_start(struct engine *e)
{
	session_start(e->session);
}

void engine_free(struct engine *e)
{
	if (!e)
		return;
	session_free(e->session);
	request_pool_free(e->pool);
	request_pool_free(e->acts);
	dialer_free(e->dialer);
	events_free(e->events);
	free(e->name);
	free(e);
}

struct engine_call *engine_get(struct engine *e, const char *path,
	const struct engine_call_handlers *handlers, void *arg)
{
	struct engine_request request = {.path = path};

	return engine_call(e, &request, handlers, arg);
}

struct engine_call *engine_call(struct engine *e, const struct engine_request *request,
	const struct engine_call_handlers *handlers, void *arg)
{
	struct engine_request r = *request;

	r.timeout_ns = or_default(r.timeout_ns, e->options.request_timeout_ns);
	return request_start(
		r.is_act ? e->acts : e->pool, &r, session_version(e->session), handlers, arg);
}

void engine_path_add(struct buf *path, struct str segment)
{
	api_add_escaped(path, segment);
}

struct event_base *engine_base(const struct engine *e)
{
	return dialer_base(e->dialer);
}

const char *engine_name(const struct engine *e)
{
	return e->name;
}

const char *engine_endpoint(const struct engine *e)
{
	return dialer_name(e->dialer);
}

bool engine_is_up(const struct engine *e)
{
	return session_is_up(e->session);
}

const char *engine_api_version(const struct engine *e)
{
	return e->version_text;
}

bool engine_api_at_least(const struct engine *e, unsigned major, unsigned minor)
{
	return api_version_cmp(session_version(e->session), (struct api_version){major, minor}) >= 0;
}

const char *engine_server(const struct engine *e)
{
	return session_server(e->session);
}

bool engine_is_podman(const struct engine *e)
{
	return session_is_podman(e->session);
}

int64_t engine_request_timeout(const struct engine *e)
{
	return e->options.request_timeout_ns;
}

void engine_get_counts(const struct engine *e, struct engine_counts *ret)
{
	*ret = (struct engine_counts){
		.requests = e->conn_counts.requests,
		.connections = e->conn_counts.opened,
		.failed = request_pool_failed(e->pool) + request_pool_failed(e->acts),
		.ups = e->ups,
		.downs = e->downs,
		.bytes_in = e->conn_counts.bytes_in,
		.events = *events_counts(e->events),
	};
}
