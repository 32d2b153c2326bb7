/* SPDX-License-Identifier: MIT
 *
 * The states of a session, see session.h:
 *
 *	WAITING -> PINGING -> OPENING -> UP -> WAITING ...
 *
 * One connection goes through all of them: it pings, and the answer tells versions; then it opens
 * /events and stays. What goes wrong in any of them leads to WAITING, for as long as retry.c says.
 * An engine that refuses the stream's filter or path is asked again with less (enum plan).
 *
 * After the first stream, docker is asked for what happened since the last event: it keeps the newest
 * 256. Podman is not: it gives no live events at all for a time that is in its future.
 *
 * While UP a silent stream is probed by pings on another connection: an engine that does not answer
 * it in time is dead, whatever its sockets say. One that refuses it is perhaps going down in order
 * and still tells of its containers' deaths; only the second refusal counts.
 */
#include "config.h"

#include "engine/session.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "engine/dial.h"
#include "engine/engine.h"
#include "engine/retry.h"

#include <event2/event.h>
#include <stdlib.h>

/* Cap on the body of a ping, which says "OK". */
#define PING_BODY_MAX 65536
/* A stream that lived this long was a good one: the next failure is a new story. */
#define STABLE_NS (5 * (int64_t)NS_PER_S)
/* Some engines answer a filter that they do not know with a stream that ends at once. */
#define EARLY_END_NS (1 * (int64_t)NS_PER_S)
#define EARLY_ENDS_MAX 2
/* Refused probes before a stream that is still open is given up. */
#define REFUSED_PROBES_MAX 2

enum session_state { STOPPED, WAITING, PINGING, OPENING, UP };

/* How the stream is asked for. Each refusal takes the next, weaker one. */
enum plan { PLAN_FILTER, PLAN_NO_FILTER, PLAN_NO_VERSION, PLAN_END };

struct session {
	struct dialer *dialer;
	struct conn_counts *counts;
	struct session_options options;
	struct session_handlers handlers;
	void *arg;
	struct retry retry;
	enum session_state state;
	struct event *timer; /* WAITING: the next try; UP: the next look at the stream */
	struct conn *stream; /* PINGING, OPENING, UP */
	struct conn *probe;  /* pings while UP; rests between them */
	bool probing;
	unsigned refused_probes;
	enum plan plan;
	unsigned early_ends;
	int64_t since;       /* time of the newest event, 0 before the first */
	bool no_since;       /* this engine has refused it */
	int status;          /* of the stream connection's answer under way */
	struct buf error_body;
	int64_t up_since, last_data;
	struct api_version version;
	char server[SESSION_SERVER_MAX + 1];
	bool podman;
	char *last_trouble;  /* what was logged last, so that it is logged once */
};

static void set_timer(struct session *s, int64_t ns)
{
	struct timeval tv = clock_timeval(ns);

	event_add(s->timer, &tv);
}

static void close_connections(struct session *s)
{
	conn_free(s->stream);
	conn_free(s->probe);
	s->stream = s->probe = NULL;
	s->probing = false;
	event_del(s->timer);
}

/* The same trouble again is of no news. */
static void log_trouble(struct session *s, const struct error *why, int64_t wait)
{
	bool news = !s->options.once &&
		(!s->last_trouble || strcmp(s->last_trouble, error_text(why)) != 0);

	log_event(news ? LOG_WARN : LOG_DEBUG, "cannot connect to the engine, trying again",
		LOG_STR("engine", s->options.name), LOG_STR("cause", error_text(why)),
		LOG_MS("wait", wait));
	free(s->last_trouble);
	s->last_trouble = xstrdup(error_text(why));
}

static void wait_and_retry(struct session *s, const struct error *why)
{
	int64_t wait = retry_next(&s->retry);

	s->state = WAITING;
	close_connections(s);
	set_timer(s, wait);
	log_trouble(s, why, wait);
	s->handlers.on_retry(why, wait, s->arg);
}

/* How a stream ends. An end in order is no trouble until a new one is refused. */
enum end { END_IN_ORDER, END_BROKEN, END_DEAD };

static void go_down(struct session *s, const struct error *why, enum end end)
{
	int64_t lived = clock_mono_ns() - s->up_since, wait;

	if (lived >= STABLE_NS)
		retry_reset(&s->retry);
	if (end == END_IN_ORDER && lived < EARLY_END_NS && s->plan == PLAN_FILTER &&
		++s->early_ends >= EARLY_ENDS_MAX)
		s->plan = PLAN_NO_FILTER;
	if (lived >= EARLY_END_NS)
		s->early_ends = 0;
	wait = retry_next(&s->retry);
	s->state = WAITING;
	close_connections(s);
	set_timer(s, wait);
	log_event(end == END_IN_ORDER || s->options.once ? LOG_INFO : LOG_WARN,
		"engine's event stream ended, connecting anew",
		LOG_STR("engine", s->options.name), LOG_STR("cause", error_text(why)),
		LOG_MS("up", lived), LOG_MS("wait", wait));
	s->handlers.on_down(why, end == END_DEAD, s->arg);
}

/* ---- ping ---- */

/* Another engine than before may understand more. */
static void remember_server(struct session *s, const struct http_head *head)
{
	struct str server = str_sub(http_header(head, "Server"), 0, SESSION_SERVER_MAX);

	s->podman = http_header(head, "Libpod-Api-Version").p != NULL;
	if (str_eqz(server, s->server))
		return;
	memcpy(s->server, server.p ? server.p : "", server.len);
	s->server[server.len] = '\0';
	s->plan = PLAN_FILTER;
	s->early_ends = 0;
	s->no_since = false;
}

static bool negotiate(struct session *s, const struct http_head *head, struct error *err)
{
	if (!api_negotiate(http_header(head, "Api-Version"), &s->version, err))
		return false;
	remember_server(s, head);
	return true;
}

static void send_ping(struct conn *c, int64_t timeout)
{
	struct buf request;

	buf_init(&request, ENGINE_PATH_MAX);
	api_add_request(&request, "GET", STR("/_ping"), NULL, str_n(NULL, 0));
	conn_send(c, buf_str(&request), HTTP_EXPECT_BODY, PING_BODY_MAX, timeout);
	buf_release(&request);
}

/* ---- stream ---- */

static const struct conn_handlers stream_handlers;

static bool asks_since(const struct session *s)
{
	return s->since > 0 && !s->no_since && !s->podman;
}

/* Engines send the stream's head at once: one that does not is as dead as one that does not answer
 * a ping. */
static int64_t stream_timeout(const struct session *s)
{
	return s->options.liveness_ns < s->options.request_timeout_ns
		? s->options.liveness_ns
		: s->options.request_timeout_ns;
}

static void open_stream(struct session *s)
{
	struct events_query query = {.filter = s->plan == PLAN_FILTER,
		.swarm = s->options.swarm,
		.since_ns = asks_since(s) ? s->since : 0};
	struct buf path, request;

	if (!conn_is_reusable(s->stream)) {
		conn_free(s->stream);
		s->stream = conn_open(s->dialer, s->counts, s->options.connect_timeout_ns,
			&stream_handlers, s);
	}
	s->state = OPENING;
	buf_clear(&s->error_body);
	buf_init(&path, ENGINE_PATH_MAX);
	buf_init(&request, (size_t)2 * ENGINE_PATH_MAX);
	api_add_events_path(&path, session_version(s), &query);
	api_add_request(&request, "GET", buf_str(&path), NULL, str_n(NULL, 0));
	conn_send(s->stream, buf_str(&request), HTTP_EXPECT_BODY, HTTP_BODY_UNLIMITED,
		stream_timeout(s));
	buf_release(&path);
	buf_release(&request);
}

static void go_up(struct session *s)
{
	struct buf version;

	s->state = UP;
	s->up_since = s->last_data = clock_mono_ns();
	s->refused_probes = 0;
	conn_no_deadline(s->stream);
	set_timer(s, s->options.liveness_ns / 2);
	free(s->last_trouble);
	s->last_trouble = NULL;
	buf_init(&version, 32);
	api_add_version(&version, session_version(s));
	log_event(LOG_INFO, "engine is connected", LOG_STR("engine", s->options.name),
		LOG_STR("endpoint", dialer_name(s->dialer)),
		LOG_STR("api", version.len ? buf_cstr(&version) : "without version"),
		LOG_STR("server", s->server));
	buf_release(&version);
	s->handlers.on_up(s->arg);
}

static void stream_on_head(struct conn *c, const struct http_head *head, void *arg)
{
	struct session *s = arg;
	struct error err = ERROR_INIT;

	(void)c;
	s->status = head->status;
	if (s->state == PINGING && s->status == 200 && !negotiate(s, head, &err)) {
		wait_and_retry(s, &err);
		error_clear(&err);
	} else if (s->state == OPENING && s->status == 200) {
		go_up(s);
	}
}

static void stream_on_body(struct conn *c, struct str bytes, void *arg)
{
	struct session *s = arg;

	(void)c;
	if (s->state == UP) {
		s->last_data = clock_mono_ns();
		s->handlers.on_bytes(bytes, s->arg);
	} else if (s->status != 200) {
		buf_add_str(&s->error_body,
			str_sub(bytes, 0, API_ERROR_BODY_MAX - s->error_body.len));
	}
}

/* The stream's path was refused: ask for less, at once. What remains refused is an error. */
static void stream_refused(struct session *s)
{
	struct error err = ERROR_INIT;
	bool refused = s->status == 400 || s->status == 404 || s->status == 500;
	bool asks_less = refused && (asks_since(s) || s->plan + 1 < PLAN_END);

	api_error(&err, s->status, "GET", "/events", buf_str(&s->error_body));
	error_prepend(&err, "the event stream was refused: ");
	if (asks_less) {
		if (asks_since(s))
			s->no_since = true;
		else
			s->plan++;
		log_event(LOG_DEBUG, "asking for the event stream with less",
			LOG_STR("engine", s->options.name), LOG_STR("cause", error_text(&err)));
		open_stream(s);
	} else {
		s->plan = PLAN_FILTER;
		wait_and_retry(s, &err);
	}
	error_clear(&err);
}

static void stream_on_done(struct conn *c, void *arg)
{
	struct session *s = arg;
	struct error err = ERROR_INIT;

	(void)c;
	if (s->state == UP) {
		error_set(&err, "the engine ended the stream");
		go_down(s, &err, END_IN_ORDER);
	} else if (s->state == OPENING) {
		stream_refused(s);
	} else if (s->status == 200) {
		open_stream(s);
	} else {
		api_error(&err, s->status, "GET", "/_ping", buf_str(&s->error_body));
		error_prepend(&err, "the ping was refused: ");
		wait_and_retry(s, &err);
	}
	error_clear(&err);
}

static void stream_on_fail(struct conn *c, enum conn_failure failure, const struct error *why,
	void *arg)
{
	struct session *s = arg;
	struct error err = ERROR_INIT;

	(void)c;
	if (s->state == UP) {
		go_down(s, why, failure == CONN_CLOSED ? END_IN_ORDER : END_BROKEN);
		return;
	}
	error_set(&err, "%s", error_text(why));
	if (failure != CONN_UNREACHABLE && failure != CONN_UNREACHED)
		error_prepend(&err, "%s: %s: ", dialer_name(s->dialer),
			s->state == PINGING ? "ping" : "event stream");
	wait_and_retry(s, &err);
	error_clear(&err);
}

static const struct conn_handlers stream_handlers = {
	stream_on_head,
	stream_on_body,
	stream_on_done,
	stream_on_fail,
};

static void connect_now(struct session *s)
{
	dialer_refresh(s->dialer);
	s->state = PINGING;
	s->status = 0;
	buf_clear(&s->error_body);
	s->stream = conn_open(s->dialer, s->counts, s->options.connect_timeout_ns,
		&stream_handlers, s);
	send_ping(s->stream, s->options.liveness_ns);
}

/* ---- liveness ---- */

/* What an answer says is of no interest: any answer is a sign of life. */
static void probe_on_head(struct conn *c, const struct http_head *head, void *arg)
{
	(void)c;
	(void)head;
	(void)arg;
}

static void probe_on_body(struct conn *c, struct str bytes, void *arg)
{
	(void)c;
	(void)bytes;
	(void)arg;
}

static void close_probe(struct session *s)
{
	conn_free(s->probe);
	s->probe = NULL;
	s->probing = false;
}

static void probe_on_done(struct conn *c, void *arg)
{
	struct session *s = arg;

	s->refused_probes = 0;
	s->probing = false;
	if (!conn_is_reusable(c))
		close_probe(s);
	set_timer(s, s->options.liveness_ns / 2);
}

static void probe(struct session *s);

static void probe_on_fail(struct conn *c, enum conn_failure failure, const struct error *why,
	void *arg)
{
	struct session *s = arg;
	struct error err = ERROR_INIT;
	bool was_probing = s->probing, rested = failure == CONN_CLOSED && conn_answers(c) > 0;

	if (!was_probing || rested) {
		/* Closed while it rested, seen now or with the request. */
		close_probe(s);
		if (was_probing)
			probe(s);
		return;
	}
	if (failure == CONN_BAD ||
		(failure != CONN_TIMEOUT && failure != CONN_UNREACHED &&
			++s->refused_probes < REFUSED_PROBES_MAX)) {
		close_probe(s);
		set_timer(s, s->options.liveness_ns / 2);
		return;
	}
	error_set(&err, "the engine does not answer a ping: %s", error_text(why));
	go_down(s, &err, END_DEAD);
	error_clear(&err);
}

static const struct conn_handlers probe_handlers = {
	probe_on_head,
	probe_on_body,
	probe_on_done,
	probe_on_fail,
};

static void probe(struct session *s)
{
	int64_t half = s->options.liveness_ns / 2;

	if (!s->probe)
		s->probe = conn_open(s->dialer, s->counts, half, &probe_handlers, s);
	s->probing = true;
	send_ping(s->probe, half);
}

/* A stream that spoke lately needs no probe. */
static void look_at_stream(struct session *s)
{
	int64_t half = s->options.liveness_ns / 2;
	int64_t silent = clock_mono_ns() - s->last_data;

	if (silent < half)
		set_timer(s, half - silent);
	else
		probe(s);
}

static void session_on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct session *s = arg;

	(void)fd;
	(void)what;
	if (s->state == UP)
		look_at_stream(s);
	else if (s->state == WAITING)
		connect_now(s);
}

/* ---- the door ---- */

struct session *session_new(struct dialer *dialer, struct conn_counts *counts,
	const struct session_options *options, const struct session_handlers *handlers, void *arg)
{
	struct session *s = xcalloc(1, sizeof(*s));

	s->dialer = dialer;
	s->counts = counts;
	s->options = *options;
	s->handlers = *handlers;
	s->arg = arg;
	retry_init(&s->retry, options->retry_min_ns, options->retry_max_ns);
	buf_init(&s->error_body, API_ERROR_BODY_MAX);
	s->timer = evtimer_new(dialer_base(dialer), session_on_timer, s);
	if (!s->timer)
		abort();
	return s;
}

void session_start(struct session *s)
{
	if (s->state != STOPPED)
		return;
	s->state = WAITING;
	set_timer(s, 0);
}

void session_free(struct session *s)
{
	if (!s)
		return;
	close_connections(s);
	event_free(s->timer);
	buf_release(&s->error_body);
	free(s->last_trouble);
	free(s);
}

void session_saw(struct session *s, int64_t time_nano)
{
	if (time_nano > s->since)
		s->since = time_nano;
}

bool session_is_up(const struct session *s)
{
	return s->state == UP;
}

struct api_version session_version(const struct session *s)
{
	return s->plan == PLAN_NO_VERSION ? (struct api_version){0, 0} : s->version;
}

const char *session_server(const struct session *s)
{
	return s->server;
}

bool session_is_podman(const struct session *s)
{
	return s->podman;
}
