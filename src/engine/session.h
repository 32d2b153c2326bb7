/* SPDX-License-Identifier: MIT
 *
 * The lasting side of an engine: ping, negotiate, open the event stream, watch that it lives, and
 * all over again when it ends. engine.c gives it a dialer and handlers and takes what it learns.
 * Handlers may not free the session. Logs the connection's state.
 */
#ifndef UD_ENGINE_SESSION_H
#define UD_ENGINE_SESSION_H

#include "base/base.h"
#include "base/error.h"
#include "base/str.h"
#include "engine/api.h"
#include "engine/conn.h"

#include <stdbool.h>
#include <stdint.h>

/* Longest Server header that is kept. */
#define SESSION_SERVER_MAX 128

struct session;

struct session_options {
	const char *name; /* for logs; outlives the session */
	bool swarm;       /* ask for service and node events too */
	bool once;        /* trouble is not logged: on_retry and on_down tell it */
	int64_t connect_timeout_ns, request_timeout_ns, liveness_ns;
	int64_t retry_min_ns, retry_max_ns;
};

struct session_handlers {
	/* The stream is open; the version is negotiated. */
	void (*on_up)(void *arg);
	/* Bytes of the stream's body. */
	void (*on_bytes)(struct str bytes, void *arg);
	/* It is gone. dead: the engine does not answer anything any more. */
	void (*on_down)(const struct error *why, bool dead, void *arg);
	void (*on_retry)(const struct error *why, int64_t delay_ns, void *arg);
};

/* dialer and counts outlive the session. */
struct session *session_new(struct dialer *dialer, struct conn_counts *counts,
	const struct session_options *options, const struct session_handlers *handlers, void *arg);
void session_free(struct session *s);
/* Begins to connect, from the event loop; once. */
void session_start(struct session *s);
/* An event of that time was read: the next stream need not begin earlier. */
void session_saw(struct session *s, int64_t time_nano);
bool session_is_up(const struct session *s);
/* What the last ping told; for the version also what the engine made of it. */
struct api_version session_version(const struct session *s);
const char *session_server(const struct session *s);
bool session_is_podman(const struct session *s);

#endif
