/* SPDX-License-Identifier: MIT
 *
 * Calls: requests that wait in order for one of a few keep-alive connections, each with a deadline
 * and a cap on its answer. engine.c is the only caller; struct engine_call of engine.h lives here.
 *
 * A connection that has rested long is not used again; one that turns out to be closed before a
 * byte of the answer came costs nothing but a second try on a fresh one, once, for GET and HEAD.
 */
#ifndef UD_ENGINE_REQUEST_H
#define UD_ENGINE_REQUEST_H

#include "base/base.h"
#include "base/error.h"
#include "engine/api.h"
#include "engine/conn.h"
#include "engine/engine.h"

/* A connection that rested longer is closed instead of used: who knows what is at its other end. */
#define REQUEST_IDLE_MAX_NS (60 * (int64_t)1000000000)

struct request_pool;

struct request_pool_options {
	const char *name; /* of the engine, for errors; outlives the pool */
	unsigned connections;
	int64_t connect_timeout_ns;
};

struct request_pool *request_pool_new(struct dialer *dialer, struct conn_counts *counts,
	const struct request_pool_options *options);
/* Calls that are not done end without on_done. */
void request_pool_free(struct request_pool *pool);
/* Starts a call; version is put before its path. A bad path is reported by on_done like any other
 * failure. */
struct engine_call *request_start(struct request_pool *pool, const struct engine_request *request,
	struct api_version version, const struct engine_call_handlers *handlers, void *arg);
/* The engine is dead: every call ends with why, from the event loop; connections are closed. */
void request_pool_abort(struct request_pool *pool, const struct error *why);
/* Calls that ended without a whole answer. */
uint64_t request_pool_failed(const struct request_pool *pool);
/* Calls that wait or are under way. */
size_t request_pool_pending(const struct request_pool *pool);

#endif
