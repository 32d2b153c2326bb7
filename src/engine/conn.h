/* SPDX-License-Identifier: MIT
 *
 * One connection to the engine that carries one request after the other. Calling sequence:
 *
 *	struct conn *c = conn_open(dialer, &counts, timeout, &handlers, arg);
 *	conn_send(c, request, HTTP_EXPECT_BODY, body_max, timeout);
 *	...on_head, on_body, on_done...
 *	if (conn_is_reusable(c)) conn_send(c, another...) else conn_free(c);
 *
 * on_fail ends the connection: it could not be made, the peer closed it, the deadline passed, or
 * the answer is no HTTP. It comes at most once and from the event loop only; conn_free is all that
 * may follow. A conn may be freed from each of its own handlers.
 *
 * What arrives is parsed at once: the socket is drained whatever the handlers make of it.
 */
#ifndef UD_ENGINE_CONN_H
#define UD_ENGINE_CONN_H

#include "base/base.h"
#include "base/error.h"
#include "base/str.h"
#include "engine/http.h"

#include <stdbool.h>
#include <stdint.h>

struct conn;
struct dialer;

enum conn_failure {
	CONN_UNREACHABLE, /* refused */
	CONN_UNREACHED,   /* no connection within the time for it */
	CONN_CLOSED,      /* by the peer */
	CONN_TIMEOUT,
	CONN_BAD,         /* the answer breaks HTTP or a limit */
};

struct conn_handlers {
	void (*on_head)(struct conn *c, const struct http_head *head, void *arg);
	void (*on_body)(struct conn *c, struct str bytes, void *arg);
	/* The answer is whole. */
	void (*on_done)(struct conn *c, void *arg);
	/* err is borrowed and does not name the engine, except when there never was a connection. */
	void (*on_fail)(struct conn *c, enum conn_failure failure, const struct error *err,
		void *arg);
};

struct conn_counts {
	uint64_t opened, requests, bytes_in;
};

/* Begins to connect; never fails at once. counts outlives the conn. */
struct conn *conn_open(struct dialer *d, struct conn_counts *counts, int64_t connect_timeout_ns,
	const struct conn_handlers *handlers, void *arg);
void conn_free(struct conn *c);
/* Sends a whole request and awaits its answer until timeout_ns from now. The bytes are copied. */
void conn_send(struct conn *c, struct str request, enum http_expect expect, uint64_t body_max,
	int64_t timeout_ns);
/* The answer under way may go on for ever: it is a stream. */
void conn_no_deadline(struct conn *c);
/* The last answer is whole and the peer keeps the connection open. */
bool conn_is_reusable(const struct conn *c);
/* Answers that came whole before the one under way. */
unsigned conn_answers(const struct conn *c);
/* A byte of the answer under way was seen. */
bool conn_answer_has_begun(const struct conn *c);

#endif
