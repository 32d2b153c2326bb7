/* SPDX-License-Identifier: MIT
 *
 * The pool of connections and the queue before it, see request.h.
 *
 * A call is in one of three lists: waiting (for a connection), under way (call->slot), or failed
 * (its on_done comes from the loop). Handlers may start and cancel calls at any time, so each
 * function that calls one does it last, or looks at nothing afterwards that it might have freed.
 */
#include "config.h"

#include "engine/request.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "engine/dial.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

struct slot;

struct engine_call {
	TAILQ_ENTRY(engine_call) link;
	struct request_pool *pool;
	struct engine_call_handlers handlers;
	void *arg;
	char *method, *path; /* path without the version */
	struct buf request;
	int64_t timeout_ns;
	uint64_t body_max;
	struct slot *slot;   /* while under way */
	int status;
	struct buf error_body;
	struct error failure; /* while in the failed list */
	bool retried;
	bool ending; /* on_done is running */
};

TAILQ_HEAD(call_list, engine_call);

/* One connection of the pool. */
struct slot {
	TAILQ_ENTRY(slot) link;
	struct request_pool *pool;
	struct conn *conn;
	struct engine_call *call; /* NULL while it rests */
	int64_t idle_since;
};

TAILQ_HEAD(slot_list, slot);

struct request_pool {
	struct dialer *dialer;
	struct conn_counts *counts;
	struct request_pool_options options;
	struct call_list waiting, failed;
	struct slot_list resting, working; /* the last used one first */
	unsigned n_slots;
	size_t pending;
	uint64_t n_failed;
	struct event *report; /* calls on_done of the failed list */
};

static const struct conn_handlers slot_handlers;
static void pump(struct request_pool *pool);

static void call_destroy(struct engine_call *call)
{
	call->pool->pending--;
	free(call->method);
	free(call->path);
	buf_release(&call->request);
	buf_release(&call->error_body);
	error_clear(&call->failure);
	free(call);
}

/* The end of a call that is in no list any more. */
static void call_end(struct engine_call *call, int status, const struct error *err)
{
	call->ending = true;
	if (status == 0)
		call->pool->n_failed++;
	call->handlers.on_done(call, status, err, call->arg);
	call_destroy(call);
}

static void add_context(const struct engine_call *call, struct error *err)
{
	error_prepend(err, "engine %s: %s %.200s: ", call->pool->options.name, call->method,
		call->path);
}

/* Lets on_done come from the loop with what *why says, which is left as it is. */
static void call_fail_later(struct engine_call *call, const struct error *why)
{
	struct timeval now = {0, 0};

	error_set(&call->failure, "%s", error_text(why));
	add_context(call, &call->failure);
	TAILQ_INSERT_TAIL(&call->pool->failed, call, link);
	event_add(call->pool->report, &now);
}

static void request_on_report(evutil_socket_t fd, short what, void *arg)
{
	struct request_pool *pool = arg;
	struct engine_call *call;

	(void)fd;
	(void)what;
	while ((call = TAILQ_FIRST(&pool->failed)) != NULL) {
		struct error err = ERROR_INIT;

		TAILQ_REMOVE(&pool->failed, call, link);
		error_move(&err, &call->failure);
		call_end(call, 0, &err);
		error_clear(&err);
	}
}

static void slot_close(struct slot *slot)
{
	struct request_pool *pool = slot->pool;

	TAILQ_REMOVE(slot->call ? &pool->working : &pool->resting, slot, link);
	pool->n_slots--;
	conn_free(slot->conn);
	free(slot);
}

/* Takes the call off its slot, which goes to rest or is closed. */
static void slot_leave(struct slot *slot, bool reusable)
{
	struct request_pool *pool = slot->pool;

	slot->call->slot = NULL;
	if (!reusable) {
		slot_close(slot);
		return;
	}
	TAILQ_REMOVE(&pool->working, slot, link);
	slot->call = NULL;
	slot->idle_since = clock_mono_ns();
	TAILQ_INSERT_HEAD(&pool->resting, slot, link);
}

static void slot_on_head(struct conn *conn, const struct http_head *head, void *arg)
{
	struct slot *slot = arg;

	(void)conn;
	slot->call->status = head->status;
}

static void slot_on_body(struct conn *conn, struct str bytes, void *arg)
{
	struct engine_call *call = ((struct slot *)arg)->call;
	size_t room = API_ERROR_BODY_MAX - call->error_body.len;

	(void)conn;
	if (call->status / 100 != 2)
		buf_add_str(&call->error_body, str_sub(bytes, 0, room));
	else if (call->handlers.on_body)
		call->handlers.on_body(call, bytes, call->arg);
}

static void slot_on_done(struct conn *conn, void *arg)
{
	struct slot *slot = arg;
	struct request_pool *pool = slot->pool;
	struct engine_call *call = slot->call;
	struct error err = ERROR_INIT;

	slot_leave(slot, conn_is_reusable(conn));
	pump(pool);
	if (call->status / 100 == 2) {
		call_end(call, call->status, NULL);
		return;
	}
	api_error(&err, call->status, call->method, call->path, buf_str(&call->error_body));
	add_context(call, &err);
	call_end(call, call->status, &err);
	error_clear(&err);
}

static bool is_repeatable(const struct engine_call *call)
{
	return strcmp(call->method, "GET") == 0 || strcmp(call->method, "HEAD") == 0;
}

static void slot_on_fail(struct conn *conn, enum conn_failure failure, const struct error *why,
	void *arg)
{
	struct slot *slot = arg;
	struct request_pool *pool = slot->pool;
	struct engine_call *call = slot->call;
	struct error err = ERROR_INIT;
	bool stale = failure == CONN_CLOSED && conn_answers(conn) && !conn_answer_has_begun(conn);

	if (!call) {
		slot_close(slot);
		return;
	}
	slot_leave(slot, false);
	if (stale && !call->retried && is_repeatable(call)) {
		call->retried = true;
		TAILQ_INSERT_HEAD(&pool->waiting, call, link);
		pump(pool);
		return;
	}
	error_set(&err, "%s", error_text(why));
	add_context(call, &err);
	pump(pool);
	call_end(call, 0, &err);
	error_clear(&err);
}

static const struct conn_handlers slot_handlers = {
	slot_on_head,
	slot_on_body,
	slot_on_done,
	slot_on_fail,
};

static struct slot *slot_open(struct request_pool *pool)
{
	struct slot *slot = xcalloc(1, sizeof(*slot));

	slot->pool = pool;
	slot->conn = conn_open(pool->dialer, pool->counts, pool->options.connect_timeout_ns,
		&slot_handlers, slot);
	TAILQ_INSERT_HEAD(&pool->resting, slot, link);
	pool->n_slots++;
	return slot;
}

/* A connection for call: a second try, and what cannot be tried twice, gets a new one. NULL if all
 * are at work. */
static struct slot *find_slot(struct request_pool *pool, const struct engine_call *call)
{
	int64_t oldest = clock_mono_ns() - REQUEST_IDLE_MAX_NS;
	struct slot *slot;

	while ((slot = TAILQ_FIRST(&pool->resting)) != NULL) {
		if (!call->retried && is_repeatable(call) && slot->idle_since >= oldest)
			return slot;
		slot_close(slot);
	}
	return pool->n_slots < pool->options.connections ? slot_open(pool) : NULL;
}

/* Gives waiting calls to free connections. Calls no handler. */
static void pump(struct request_pool *pool)
{
	struct engine_call *call;
	struct slot *slot;

	while ((call = TAILQ_FIRST(&pool->waiting)) && (slot = find_slot(pool, call))) {
		bool head = strcmp(call->method, "HEAD") == 0;

		TAILQ_REMOVE(&pool->waiting, call, link);
		TAILQ_REMOVE(&pool->resting, slot, link);
		TAILQ_INSERT_HEAD(&pool->working, slot, link);
		slot->call = call;
		call->slot = slot;
		call->status = 0;
		conn_send(slot->conn, buf_str(&call->request),
			head ? HTTP_EXPECT_NO_BODY : HTTP_EXPECT_BODY, call->body_max,
			call->timeout_ns);
	}
}

struct engine_call *request_start(struct request_pool *pool, const struct engine_request *request,
	struct api_version version, const struct engine_call_handlers *handlers, void *arg)
{
	struct engine_call *call = xcalloc(1, sizeof(*call));
	struct error err = ERROR_INIT;
	struct buf path;

	call->pool = pool;
	call->handlers = *handlers;
	call->arg = arg;
	call->method = xstrdup(request->method ? request->method : "GET");
	call->path = xstrdup(request->path);
	call->timeout_ns = request->timeout_ns;
	call->body_max = request->body_max ? request->body_max : ENGINE_BODY_MAX;
	buf_init(&call->request, SIZE_MAX / 2);
	buf_init(&call->error_body, API_ERROR_BODY_MAX);
	pool->pending++;
	if (!api_check_path(call->path, &err)) {
		call_fail_later(call, &err);
		error_clear(&err);
		return call;
	}
	buf_init(&path, ENGINE_PATH_MAX + 32);
	if (!request->unversioned)
		api_add_version(&path, version);
	buf_add_cstr(&path, call->path);
	api_add_request(&call->request, call->method, buf_str(&path), request->content_type,
		request->body);
	buf_release(&path);
	TAILQ_INSERT_TAIL(&pool->waiting, call, link);
	pump(pool);
	return call;
}

void engine_call_cancel(struct engine_call *call)
{
	struct request_pool *pool;

	if (!call || call->ending)
		return;
	pool = call->pool;
	if (call->slot)
		slot_leave(call->slot, false);
	else if (error_is_set(&call->failure))
		TAILQ_REMOVE(&pool->failed, call, link);
	else
		TAILQ_REMOVE(&pool->waiting, call, link);
	call_destroy(call);
	pump(pool);
}

struct request_pool *request_pool_new(struct dialer *dialer, struct conn_counts *counts,
	const struct request_pool_options *options)
{
	struct request_pool *pool = xcalloc(1, sizeof(*pool));

	pool->dialer = dialer;
	pool->counts = counts;
	pool->options = *options;
	TAILQ_INIT(&pool->waiting);
	TAILQ_INIT(&pool->failed);
	TAILQ_INIT(&pool->resting);
	TAILQ_INIT(&pool->working);
	pool->report = evtimer_new(dialer_base(dialer), request_on_report, pool);
	if (!pool->report)
		abort();
	return pool;
}

/* Closes all connections; the calls under way go to the front of the queue in their order. */
static void close_all(struct request_pool *pool)
{
	struct slot *slot;

	while ((slot = TAILQ_FIRST(&pool->working)) != NULL) {
		struct engine_call *call = slot->call;

		slot_leave(slot, false);
		TAILQ_INSERT_HEAD(&pool->waiting, call, link);
	}
	while ((slot = TAILQ_FIRST(&pool->resting)) != NULL)
		slot_close(slot);
}

void request_pool_abort(struct request_pool *pool, const struct error *why)
{
	struct engine_call *call;

	close_all(pool);
	while ((call = TAILQ_FIRST(&pool->waiting)) != NULL) {
		TAILQ_REMOVE(&pool->waiting, call, link);
		call_fail_later(call, why);
	}
}

void request_pool_free(struct request_pool *pool)
{
	struct engine_call *call;

	if (!pool)
		return;
	close_all(pool);
	TAILQ_CONCAT(&pool->waiting, &pool->failed, link);
	while ((call = TAILQ_FIRST(&pool->waiting)) != NULL) {
		TAILQ_REMOVE(&pool->waiting, call, link);
		call_destroy(call);
	}
	event_free(pool->report);
	free(pool);
}

uint64_t request_pool_failed(const struct request_pool *pool)
{
	return pool->n_failed;
}

size_t request_pool_pending(const struct request_pool *pool)
{
	return pool->pending;
}
