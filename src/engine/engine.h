/* SPDX-License-Identifier: MIT
 *
 * The engine room's front door: one container engine (docker, podman), its event stream held open
 * for ever, and requests to it. Calling sequence:
 *
 *	struct engine_options options = {.endpoint = "unix:///var/run/docker.sock"};
 *	struct engine *e = engine_new(base, &options, &handlers, arg, &err);
 *	engine_start(e);                 from now on by itself: connect, reconnect, probe
 *	...on_up: list now; on_event: act; on_lost: list again...
 *	engine_get(e, "/containers/json", &call_handlers, arg);
 *	engine_free(e);
 *
 * At each (re)connect: GET /_ping negotiates the API version, /events is opened, and only then
 * on_up says that the stream is open: whatever is listed from there on cannot miss a change. When
 * the stream ends, on_down says why, once, and the engine tries again with backoff, for ever.
 * Between on_up and on_down the stream's socket is drained whatever else goes on.
 *
 * All callbacks come from the event loop, never from inside a call of this header. A handler may
 * start and cancel calls, but not free the engine. The room logs its connections' state itself
 * (up, down, trying again); the outcome of a call is the caller's to log.
 */
#ifndef UD_ENGINE_ENGINE_H
#define UD_ENGINE_ENGINE_H

#include "base/base.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"
#include "engine/events.h"

#include <stdbool.h>
#include <stdint.h>

struct children;
struct event_base;
struct engine;
struct engine_call;

/* Defaults of the options. */
#define ENGINE_CONNECTIONS         4
#define ENGINE_CONNECTIONS_MAX     64
/* Connections for acts, opened when there are any. */
#define ENGINE_ACTS                2
#define ENGINE_REQUEST_TIMEOUT_NS  (30 * (int64_t)1000000000)
#define ENGINE_CONNECT_TIMEOUT_NS  (10 * (int64_t)1000000000)
#define ENGINE_LIVENESS_NS         (10 * (int64_t)1000000000)
#define ENGINE_RETRY_MIN_NS        (100 * (int64_t)1000000)
#define ENGINE_RETRY_MAX_NS        (10 * (int64_t)1000000000)
/* Largest body of an answer: a list of 10,000 containers with many labels. */
#define ENGINE_BODY_MAX            ((uint64_t)256 << 20)
/* Longest path of a request, with its query. */
#define ENGINE_PATH_MAX            8192

/* Everything is copied. 0 or NULL means the default. */
struct engine_options {
	const char *name;     /* for logs; the endpoint if NULL */
	const char *endpoint; /* see engine/endpoint.h; NULL: "auto" */
	/* PEM files for TLS. With one of them, or with tls, tcp:// means tls://, as for docker. */
	bool tls;
	const char *tls_ca, *tls_cert, *tls_key;
	const char *tls_name; /* in the engine's certificate; the endpoint's host if NULL */
	struct children *children; /* for ssh://, borrowed: must outlive the engine */
	const char *record; /* file to record all that is said to, see engine/record.h; or NULL */
	unsigned connections; /* for requests, besides the stream and the probe */
	int64_t request_timeout_ns; /* one call from its start on a connection to its last byte */
	int64_t connect_timeout_ns;
	int64_t liveness_ns;  /* a dead engine is found within this */
	int64_t retry_min_ns, retry_max_ns;
	bool swarm; /* ask for service and node events too */
	bool once;  /* whoever uses it gives up at on_retry and says why: no trouble is logged */
};

/* Any may be NULL. */
struct engine_handlers {
	/* The version is negotiated and the event stream is open: list now. */
	void (*on_up)(struct engine *e, void *arg);
	/* Something happened; the event and its strings are borrowed for the call. Events are
	 * hints: what an inspect says counts. */
	void (*on_event)(struct engine *e, const struct engine_event *event, void *arg);
	/* An event was unreadable and is skipped: list again. why is borrowed. */
	void (*on_lost)(struct engine *e, const char *why, void *arg);
	/* The stream is gone; calls under way go on and end by themselves. Comes only after on_up,
	 * once. Keep what is known. */
	void (*on_down)(struct engine *e, const struct error *why, void *arg);
	/* A connect failed; the next try is in delay_ns. */
	void (*on_retry)(struct engine *e, const struct error *why, int64_t delay_ns, void *arg);
};

struct engine_call_handlers {
	/* Bytes of the body as they come, only of a 2xx answer; borrowed. May be NULL. */
	void (*on_body)(struct engine_call *call, struct str bytes, void *arg);
	/* The end of the call, exactly once unless it is cancelled; the call is freed after it.
	 * status: the HTTP status of a whole answer; 0 if there is none (refused, cut, too late,
	 * too large). err: NULL for 2xx; else names the engine and the path, and for a whole answer
	 * the engine's own message. */
	void (*on_done)(struct engine_call *call, int status, const struct error *err, void *arg);
};

/* A request with all its settings; engine_get fills the usual ones. Everything is copied. */
struct engine_request {
	const char *method; /* NULL: GET */
	const char *path;   /* starts with a slash, "/v1.NN" is put before it; printable ASCII only */
	bool unversioned;   /* send path as it is */
	bool is_act;	    /* on one of ENGINE_ACTS connections of their own, see control.h */
	struct str body;
	const char *content_type; /* of body; NULL: application/json */
	int64_t timeout_ns;       /* 0: the engine's request timeout */
	uint64_t body_max;        /* 0: ENGINE_BODY_MAX */
};

/* Whether engine_new would accept these: the endpoint can be understood and certificates be read. */
bool engine_check(const struct engine_options *options, struct error *err) MUSTCHECK;
/* NULL and *err for an endpoint that cannot be understood. handlers is copied. */
struct engine *engine_new(struct event_base *base, const struct engine_options *options,
	const struct engine_handlers *handlers, void *arg, struct error *err) MUSTCHECK;
/* Begins to connect; once. */
void engine_start(struct engine *e);
/* Ends everything at once. Calls that are not done are cancelled: their on_done does not come.
 * libevent frees a connection that was looking up a name in the next turn of its loop: run that
 * once (EVLOOP_NONBLOCK) before event_base_free. */
void engine_free(struct engine *e);

/* A GET of path (see engine_request). The call belongs to the engine; it is gone after on_done or
 * engine_call_cancel. Calls wait in order for one of the connections. */
struct engine_call *engine_get(struct engine *e, const char *path,
	const struct engine_call_handlers *handlers, void *arg);
struct engine_call *engine_call(struct engine *e, const struct engine_request *request,
	const struct engine_call_handlers *handlers, void *arg);
/* The call's handlers are not called any more. */
void engine_call_cancel(struct engine_call *call);
/* Appends segment to a path, percent-encoded so that it stays one segment or query value. */
void engine_path_add(struct buf *path, struct str segment);

/* The loop that it lives in. */
struct event_base *engine_base(const struct engine *e);
/* Name for logs. */
const char *engine_name(const struct engine *e);
/* The endpoint as given. */
const char *engine_endpoint(const struct engine *e);
bool engine_is_up(const struct engine *e);
/* "1.44"; "" before the first on_up. */
const char *engine_api_version(const struct engine *e);
/* The negotiated version is at least major.minor. */
bool engine_api_at_least(const struct engine *e, unsigned major, unsigned minor);
/* The Server header of the last ping, "Docker/29.7.2 (linux)"; "" if there was none. */
const char *engine_server(const struct engine *e);
bool engine_is_podman(const struct engine *e);
/* What a request has if it does not say otherwise. */
int64_t engine_request_timeout(const struct engine *e);

struct engine_counts {
	uint64_t requests;       /* sent, pings and event streams included */
	uint64_t connections;    /* opened */
	uint64_t failed;         /* calls that ended without a whole answer */
	uint64_t ups, downs;     /* on_up, on_down */
	uint64_t bytes_in;       /* read from all connections */
	struct events_counts events;
};

void engine_get_counts(const struct engine *e, struct engine_counts *ret);

#endif
