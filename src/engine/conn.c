/* SPDX-License-Identifier: MIT
 *
 * A bufferevent from dial.c with an HTTP parser behind it, see conn.h. One timer serves as
 * connect timeout, as the answer's deadline, and to report a failed dial from the loop.
 *
 * Handlers may free the conn: while one of ours runs on it, busy is set and conn_free only marks
 * it; it goes when the outermost function leaves. A doomed conn calls no handler.
 */
#include "config.h"

#include "engine/conn.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "engine/dial.h"
#include "engine/record.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <stdlib.h>

/* What libevent reads at most in a turn of its loop. */
#define LIBEVENT_READ ((size_t)4096)
/* What is read at once after that, and how much of it before others have their turn. */
#define REST_READ     ((size_t)16384)
#define REST_MAX      ((size_t)256 * 1024)

enum conn_state {
	CONN_CONNECTING,
	CONN_IDLE,
	CONN_AWAITING, /* an answer */
	CONN_FAILED,
};

struct conn {
	struct dialer *dialer;
	struct conn_counts *counts;
	struct conn_handlers handlers;
	void *arg;
	struct wire *wire;       /* NULL if dialling failed */
	struct bufferevent *bev; /* the wire's */
	struct event *timer;
	struct error dial_error;
	enum conn_state state;
	bool pending;   /* a request was written */
	bool keep;      /* the answer under way leaves the connection open */
	bool whole;     /* the parser saw the answer's end */
	bool busy, doomed;
	unsigned answers;
	int64_t connect_timeout_ns, timeout_ns;
	unsigned recorded; /* number in the recording */
	struct http_parser http;
};

static void conn_on_http_head(const struct http_head *head, void *arg)
{
	struct conn *c = arg;

	c->keep = head->keep_alive;
	if (!c->doomed)
		c->handlers.on_head(c, head, c->arg);
}

static void conn_on_http_body(struct str bytes, void *arg)
{
	struct conn *c = arg;

	if (!c->doomed)
		c->handlers.on_body(c, bytes, c->arg);
}

/* on_done is called when the parser has returned, so that it may send the next request. */
static void conn_on_http_done(void *arg)
{
	struct conn *c = arg;

	c->whole = true;
}

static void destroy(struct conn *c)
{
	wire_free(c->wire);
	event_free(c->timer);
	error_clear(&c->dial_error);
	http_release(&c->http);
	free(c);
}

void conn_free(struct conn *c)
{
	if (!c)
		return;
	c->doomed = true;
	if (c->bev)
		bufferevent_setcb(c->bev, NULL, NULL, NULL, NULL);
	event_del(c->timer);
	if (!c->busy)
		destroy(c);
}

/* Leaves a function that called handlers. */
static void unbusy(struct conn *c)
{
	c->busy = false;
	if (c->doomed)
		destroy(c);
}

/* To be called while busy. */
static void fail(struct conn *c, enum conn_failure failure, const struct error *err)
{
	if (c->doomed || c->state == CONN_FAILED)
		return;
	c->state = CONN_FAILED;
	event_del(c->timer);
	if (c->bev)
		bufferevent_disable(c->bev, EV_READ | EV_WRITE);
	c->handlers.on_fail(c, failure, err, c->arg);
}

static void set_timer(struct conn *c, int64_t ns)
{
	struct timeval tv = clock_timeval(ns);

	event_add(c->timer, &tv);
}

static void set_idle(struct conn *c)
{
	c->state = CONN_IDLE;
	event_del(c->timer);
}

/* The answer is whole: the conn is free for another request, if it stays open. */
static void finish_answer(struct conn *c)
{
	c->whole = c->pending = false;
	c->answers++;
	set_idle(c);
	c->handlers.on_done(c, c->arg);
}

/* One piece of input to the parser; false when no more may be read. */
static bool take(struct conn *c, struct str bytes)
{
	struct error err = ERROR_INIT;
	size_t used = 0;

	c->counts->bytes_in += bytes.len;
	if (dialer_recorder(c->dialer))
		recorder_answer(dialer_recorder(c->dialer), c->recorded, bytes);
	while (bytes.len && !c->doomed && c->state == CONN_AWAITING) {
		if (!http_feed(&c->http, bytes, &used, &err)) {
			fail(c, CONN_BAD, &err);
			error_clear(&err);
			return false;
		}
		bytes = str_sub(bytes, used, bytes.len);
		if (c->whole && bytes.len)
			c->keep = false; /* what follows answers nothing that was asked */
		if (c->whole && !c->doomed)
			finish_answer(c);
	}
	if (bytes.len && !c->doomed && c->state == CONN_IDLE) {
		error_set(&err, "the engine sent bytes that no request asked for");
		fail(c, CONN_BAD, &err);
		error_clear(&err);
	}
	return !c->doomed && c->state != CONN_FAILED;
}

/* What the bufferevent has read; the number of bytes. */
static size_t drain(struct conn *c)
{
	struct evbuffer *in = bufferevent_get_input(c->bev);
	struct evbuffer_iovec piece;
	size_t drained = 0;
	bool more = true;

	while (more && evbuffer_peek(in, -1, NULL, &piece, 1) > 0 && piece.iov_len) {
		size_t n = piece.iov_len;

		more = take(c, str_n(piece.iov_base, n));
		evbuffer_drain(in, n);
		drained += n;
	}
	return drained;
}

static void closed(struct conn *c, bool broken, int code);

/* libevent reads 4 KiB in a turn of the loop: what is behind them is read at once, as an answer would
 * else take several turns. */
static void read_rest(struct conn *c)
{
	char bytes[REST_READ];
	size_t all = 0;
	ssize_t n;

	do {
		n = wire_recv(c->wire, bytes, sizeof(bytes));
		all += n > 0 ? (size_t)n : 0;
		if (n < 0)
			closed(c, true, errno);
	} while (n > 0 && take(c, str_n(bytes, (size_t)n)) && (size_t)n == sizeof(bytes) &&
		all < REST_MAX);
}

static void conn_on_read(struct bufferevent *bev, void *arg)
{
	struct conn *c = arg;

	(void)bev;
	c->busy = true;
	if (drain(c) >= LIBEVENT_READ && !c->doomed && c->state != CONN_FAILED)
		read_rest(c);
	unbusy(c);
}

/* Once the transport stands, the time runs for the answer. */
static void connected(struct conn *c)
{
	wire_connected(c->wire);
	if (!c->pending) {
		set_idle(c);
		return;
	}
	c->state = CONN_AWAITING;
	set_timer(c, c->timeout_ns);
}

/* The peer closed, in order or not. An answer may end with that. */
static void closed(struct conn *c, bool broken, int code)
{
	struct error err = ERROR_INIT;
	bool silent = c->state == CONN_AWAITING && !http_has_begun(&c->http);

	if (dialer_recorder(c->dialer))
		recorder_end(dialer_recorder(c->dialer), c->recorded);
	if (c->state == CONN_AWAITING && !broken && http_eof(&c->http, &err)) {
		c->keep = false;
		finish_answer(c);
		return;
	}
	if (c->state != CONN_AWAITING)
		error_set(&err, "the engine closed the connection");
	if (broken || silent)
		wire_explain_end(c->wire, broken ? code : 0, &err);
	if (!error_is_set(&err))
		error_set(&err, "the connection broke");
	fail(c, CONN_CLOSED, &err);
	error_clear(&err);
}

static void conn_on_event(struct bufferevent *bev, short what, void *arg)
{
	struct conn *c = arg;
	int code = EVUTIL_SOCKET_ERROR();
	struct error err = ERROR_INIT;

	(void)bev;
	c->busy = true;
	if (what & BEV_EVENT_CONNECTED) {
		connected(c);
	} else if (c->state == CONN_CONNECTING) {
		wire_explain(c->wire, code, &err);
		fail(c, CONN_UNREACHABLE, &err);
		error_clear(&err);
	} else {
		drain(c);
		if (!c->doomed && c->state != CONN_FAILED)
			closed(c, what & BEV_EVENT_ERROR, code);
	}
	unbusy(c);
}

static void time_out(struct conn *c)
{
	const char *name = dialer_name(c->dialer);
	struct error err = ERROR_INIT;
	bool connecting = c->state == CONN_CONNECTING;

	if (connecting)
		error_set(&err, "cannot connect to %s: no connection within %g s", name,
			(double)c->connect_timeout_ns / NS_PER_S);
	else
		error_set(&err, "%s within %g s",
			http_has_begun(&c->http) ? "the answer did not end" : "no answer",
			(double)c->timeout_ns / NS_PER_S);
	fail(c, connecting ? CONN_UNREACHED : CONN_TIMEOUT, &err);
	error_clear(&err);
}

static void conn_on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct conn *c = arg;

	(void)fd;
	(void)what;
	c->busy = true;
	if (error_is_set(&c->dial_error))
		fail(c, CONN_UNREACHABLE, &c->dial_error);
	else
		time_out(c);
	unbusy(c);
}

struct conn *conn_open(struct dialer *d, struct conn_counts *counts, int64_t connect_timeout_ns,
	const struct conn_handlers *handlers, void *arg)
{
	static const struct http_handlers http_handlers = {
		conn_on_http_head, conn_on_http_body, conn_on_http_done};
	struct conn *c = xcalloc(1, sizeof(*c));

	c->dialer = d;
	c->counts = counts;
	c->handlers = *handlers;
	c->arg = arg;
	c->connect_timeout_ns = connect_timeout_ns;
	c->timer = evtimer_new(dialer_base(d), conn_on_timer, c);
	if (!c->timer)
		abort();
	http_init(&c->http, &http_handlers, c);
	counts->opened++;
	if (dialer_recorder(d))
		c->recorded = recorder_connection(dialer_recorder(d));
	c->wire = dial(d, &c->dial_error);
	if (!c->wire) {
		set_timer(c, 0);
		return c;
	}
	c->bev = wire_bev(c->wire);
	bufferevent_setcb(c->bev, conn_on_read, NULL, conn_on_event, c);
	bufferevent_enable(c->bev, EV_READ | EV_WRITE);
	if (wire_is_connected(c->wire))
		connected(c);
	else
		set_timer(c, connect_timeout_ns);
	return c;
}

void conn_send(struct conn *c, struct str request, enum http_expect expect, uint64_t body_max,
	int64_t timeout_ns)
{
	c->pending = true;
	c->whole = c->keep = false;
	c->timeout_ns = timeout_ns;
	if (c->wire && wire_is_slow(c->wire) && c->answers == 0)
		c->timeout_ns += c->connect_timeout_ns;
	http_expect(&c->http, expect, body_max);
	c->counts->requests++;
	if (dialer_recorder(c->dialer))
		recorder_request(dialer_recorder(c->dialer), c->recorded, request);
	if (c->state == CONN_IDLE) {
		c->state = CONN_AWAITING;
		set_timer(c, c->timeout_ns);
	}
	if (c->bev) {
		size_t sent = wire_send(c->wire, request.p, request.len);

		if (sent < request.len)
			bufferevent_write(c->bev, request.p + sent, request.len - sent);
	}
}

void conn_no_deadline(struct conn *c)
{
	event_del(c->timer);
}

bool conn_is_reusable(const struct conn *c)
{
	return c->state == CONN_IDLE && c->answers && c->keep;
}

unsigned conn_answers(const struct conn *c)
{
	return c->answers;
}

bool conn_answer_has_begun(const struct conn *c)
{
	return http_has_begun(&c->http);
}
