/* SPDX-License-Identifier: MIT
 *
 * A small engine in the test's own event loop: listens on a unix or TCP socket, reads requests,
 * and lets the test answer each with whatever bytes it wants. Beside it, an engine under test with
 * handlers that record. loop_until turns the loop until a condition holds.
 */
#ifndef UD_TEST_FAKE_H
#define UD_TEST_FAKE_H

#include "base/buf.h"
#include "base/vec.h"
#include "engine/engine.h"

#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <openssl/ssl.h>

struct fake;

struct fake_conn {
	struct fake *fake;
	struct bufferevent *bev; /* NULL when closed */
	unsigned requests;
};

struct fake {
	struct event_base *base;
	struct evconnlistener *listener;
	SSL_CTX *tls; /* NULL: plain */
	char dir[64], path[96], endpoint[128];
	uint16_t port;
	VEC(struct fake_conn *) conns; /* in the order of accept, closed ones too */
	unsigned open, most_open;
	struct fake_conn *stream; /* the last one that asked for /events */
	struct buf log;           /* "GET /path" lines, without the version's number changed */
	const char *api_version;  /* of the ping; NULL: no header */
	const char *events_head;  /* answer to /events; NULL: a chunked 200 */
	bool mute;                /* answers nothing */
	bool refuse_since;        /* of /events */
	bool podman;              /* says so in the ping */
	/* For what is neither ping nor events; NULL: 404. */
	void (*answer)(struct fake_conn *c, const char *method, const char *path);

	struct engine *engine;
	struct engine_options options;
	unsigned ups, downs, retries, lost, events;
	struct buf text;          /* events as lines, "down: …", "retry: …", "lost: …" lines */
};

/* unix is false for TCP on 127.0.0.1. */
void fake_init(struct fake *f, bool is_unix);
void fake_listen(struct fake *f);
/* Closes the listening socket and, with a path, removes it. */
void fake_deafen(struct fake *f, bool remove_path);
void fake_release(struct fake *f);
/* Makes the engine from f->options and starts it. */
void fake_start_engine(struct fake *f);
void fake_bring_up(struct fake *f);
void fake_send(struct fake_conn *c, const char *bytes);
/* A 200 with Content-Length. */
void fake_reply(struct fake_conn *c, int status, const char *body);
/* A chunk on the event stream. */
void fake_event(struct fake *f, const char *json);
void fake_send_n(struct fake_conn *c, const char *bytes, size_t n);
void fake_close(struct fake_conn *c);
/* Closes as soon as all is sent. */
void fake_end(struct fake_conn *c);
unsigned fake_count(struct fake *f, const char *request_line);

void loop_until_at(struct fake *f, bool (*is_true)(void *arg), void *arg, const char *what,
	const char *file, int line);
/* Turns the loop until the counter has at least the value. */
void loop_until_count(struct fake *f, const unsigned *counter, unsigned value, const char *what,
	const char *file, int line);
#define loop_until(f, counter, value)                                                              \
	loop_until_count((f), &(counter), (value), #counter " >= " #value, __FILE__, __LINE__)

/* A call that records. */
struct record {
	struct fake *fake;
	struct engine_call *call;
	unsigned done;
	int status;
	struct buf body;
	char *error;
	void (*then)(struct record *r); /* called in on_done */
	void (*on_bytes)(struct record *r);
};

void record_init(struct record *r, struct fake *f);
void record_release(struct record *r);
void record_get(struct record *r, const char *path);
void record_call(struct record *r, const struct engine_request *request);

#endif
