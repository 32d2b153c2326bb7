/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "engine/fake.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "engine/transcript.h"

#include <criterion/criterion.h>
#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/un.h>
#include <unistd.h>

#define TEST_DEADLINE_NS (20 * (int64_t)NS_PER_S)

static void swallow_log(enum log_level level, const char *line)
{
}

void fake_init(struct fake *f, bool is_unix)
{
	memset(f, 0, sizeof(*f));
	log_set_sink(swallow_log);
	f->base = event_base_new();
	buf_init(&f->log, SIZE_MAX / 2);
	buf_init(&f->text, SIZE_MAX / 2);
	f->api_version = "1.44";
	strcpy(f->dir, "/tmp/upstreamd-test-XXXXXX");
	cr_assert_not_null(mkdtemp(f->dir));
	if (is_unix) {
		snprintf(f->path, sizeof(f->path), "%s/engine.sock", f->dir);
		snprintf(f->endpoint, sizeof(f->endpoint), "unix://%s", f->path);
	}
	f->options = (struct engine_options){
		.name = "fake",
		.retry_min_ns = 10 * NS_PER_MS,
		.retry_max_ns = 50 * NS_PER_MS,
	};
}

void fake_close(struct fake_conn *c)
{
	if (!c->bev)
		return;
	bufferevent_free(c->bev);
	c->bev = NULL;
	c->fake->open--;
	if (c->fake->stream == c)
		c->fake->stream = NULL;
}

void fake_send(struct fake_conn *c, const char *bytes)
{
	fake_send_n(c, bytes, strlen(bytes));
}

void fake_send_n(struct fake_conn *c, const char *bytes, size_t n)
{
	bufferevent_write(c->bev, bytes, n);
}

void fake_reply(struct fake_conn *c, int status, const char *body)
{
	char *text = xasprintf("HTTP/1.1 %d X\r\nContent-Length: %zu\r\n\r\n%s", status,
		strlen(body), body);

	fake_send(c, text);
	free(text);
}

void fake_event(struct fake *f, const char *json)
{
	char *text = xasprintf("%zx\r\n%s\n\r\n", strlen(json) + 1, json);

	cr_assert_not_null(f->stream);
	fake_send(f->stream, text);
	free(text);
}

static void answer_ping(struct fake_conn *c)
{
	char *text = xasprintf("HTTP/1.1 200 OK\r\n%s%s%s%sServer: Fake/1 (test)\r\n"
			       "Content-Length: 2\r\n\r\nOK",
		c->fake->api_version ? "Api-Version: " : "",
		c->fake->api_version ? c->fake->api_version : "",
		c->fake->api_version ? "\r\n" : "",
		c->fake->podman ? "Libpod-Api-Version: 4.3.1\r\n" : "");

	fake_send(c, text);
	free(text);
}

/* The path without "/v1.NN". */
static const char *unversioned(const char *path)
{
	return strncmp(path, "/v", 2) == 0 && strchr(path + 1, '/') ? strchr(path + 1, '/') : path;
}

static void serve(struct fake_conn *c, const char *method, const char *path)
{
	struct fake *f = c->fake;
	const char *name = unversioned(path);

	c->requests++;
	buf_add_fmt(&f->log, "%s %s\n", method, path);
	if (f->mute)
		return;
	if (strcmp(name, "/_ping") == 0) {
		answer_ping(c);
	} else if (f->refuse_since && strncmp(name, "/events?since", 13) == 0) {
		fake_reply(c, 400, "{\"message\":\"since?\"}");
	} else if (strncmp(name, "/events", 7) == 0) {
		f->stream = c;
		fake_send(c, f->events_head ? f->events_head
					    : "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
	} else if (f->answer) {
		f->answer(c, method, name);
	} else {
		fake_reply(c, 404, "{\"message\":\"no such thing\"}");
	}
}

/* Requests with a small body at most: a Content-Length is read and skipped. */
static void fake_on_read(struct bufferevent *bev, void *arg)
{
	struct fake_conn *c = arg;
	struct evbuffer *in = bufferevent_get_input(bev);
	char method[16], path[2048];

	while (c->bev) {
		struct evbuffer_ptr end = evbuffer_search(in, "\r\n\r\n", 4, NULL);
		const char *head, *length;
		size_t total;

		if (end.pos < 0)
			return;
		total = (size_t)end.pos + 4;
		head = (const char *)evbuffer_pullup(in, (ssize_t)total);
		cr_assert_eq(sscanf(head, "%15s %2047s", method, path), 2);
		length = memmem(head, total, "Content-Length: ", 16);
		if (length)
			total += strtoul(length + 16, NULL, 10);
		if (evbuffer_get_length(in) < total)
			return;
		evbuffer_drain(in, total);
		serve(c, method, path);
	}
}

static void fake_on_close(struct bufferevent *bev, short what, void *arg)
{
	if (!(what & BEV_EVENT_CONNECTED))
		fake_close(arg);
}

static void fake_on_sent(struct bufferevent *bev, void *arg)
{
	fake_close(arg);
}

void fake_end(struct fake_conn *c)
{
	bufferevent_setcb(c->bev, NULL, fake_on_sent, fake_on_close, c);
}

static void fake_on_accept(struct evconnlistener *l, evutil_socket_t fd, struct sockaddr *sa,
	int len, void *arg)
{
	struct fake *f = arg;
	struct fake_conn *c = xcalloc(1, sizeof(*c));

	c->fake = f;
	c->bev = f->tls ? bufferevent_openssl_socket_new(f->base, fd, SSL_new(f->tls),
				  BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE)
			: bufferevent_socket_new(f->base, fd, BEV_OPT_CLOSE_ON_FREE);
	vec_push(&f->conns, c);
	if (++f->open > f->most_open)
		f->most_open = f->open;
	bufferevent_setcb(c->bev, fake_on_read, NULL, fake_on_close, c);
	bufferevent_enable(c->bev, EV_READ | EV_WRITE);
}

void fake_listen(struct fake *f)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(f->port)};
	bool is_unix = f->path[0];
	socklen_t len = sizeof(in);

	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	strcpy(un.sun_path, f->path);
	f->listener = evconnlistener_new_bind(f->base, fake_on_accept, f,
		LEV_OPT_CLOSE_ON_FREE | LEV_OPT_REUSEABLE, 64,
		is_unix ? (struct sockaddr *)&un : (struct sockaddr *)&in,
		is_unix ? (int)sizeof(un) : (int)sizeof(in));
	cr_assert_not_null(f->listener);
	if (is_unix)
		return;
	getsockname(evconnlistener_get_fd(f->listener), (struct sockaddr *)&in, &len);
	f->port = ntohs(in.sin_port);
	snprintf(f->endpoint, sizeof(f->endpoint), "tcp://127.0.0.1:%u", f->port);
}

void fake_deafen(struct fake *f, bool remove_path)
{
	if (f->listener)
		evconnlistener_free(f->listener);
	f->listener = NULL;
	if (remove_path && f->path[0])
		unlink(f->path);
}

void fake_release(struct fake *f)
{
	engine_free(f->engine);
	fake_deafen(f, true);
	for (size_t i = 0; i < f->conns.n; i++) {
		fake_close(f->conns.v[i]);
		free(f->conns.v[i]);
	}
	vec_release(&f->conns);
	event_base_loop(f->base, EVLOOP_NONBLOCK);
	event_base_free(f->base);
	rmdir(f->dir);
	buf_release(&f->log);
	buf_release(&f->text);
	log_set_sink(NULL);
}

static void fake_on_up(struct engine *e, void *arg)
{
	((struct fake *)arg)->ups++;
}

static void fake_on_engine_event(struct engine *e, const struct engine_event *event, void *arg)
{
	struct fake *f = arg;

	f->events++;
	transcript_add_event(&f->text, event);
}

static void fake_on_lost(struct engine *e, const char *why, void *arg)
{
	struct fake *f = arg;

	f->lost++;
	buf_add_fmt(&f->text, "lost: %s\n", why);
}

static void fake_on_down(struct engine *e, const struct error *why, void *arg)
{
	struct fake *f = arg;

	f->downs++;
	buf_add_fmt(&f->text, "down: %s\n", error_text(why));
}

static void fake_on_retry(struct engine *e, const struct error *why, int64_t delay_ns, void *arg)
{
	struct fake *f = arg;

	f->retries++;
	buf_add_fmt(&f->text, "retry: %s\n", error_text(why));
}

void fake_start_engine(struct fake *f)
{
	static const struct engine_handlers handlers = {fake_on_up, fake_on_engine_event,
		fake_on_lost, fake_on_down, fake_on_retry};
	struct error err = ERROR_INIT;

	if (!f->options.endpoint)
		f->options.endpoint = f->endpoint;
	f->engine = engine_new(f->base, &f->options, &handlers, f, &err);
	cr_assert_not_null(f->engine, "%s", error_text(&err));
	engine_start(f->engine);
}

void fake_bring_up(struct fake *f)
{
	fake_listen(f);
	fake_start_engine(f);
	loop_until(f, f->ups, 1);
}

unsigned fake_count(struct fake *f, const char *request_line)
{
	struct str rest = buf_str(&f->log), line;
	unsigned n = 0;

	while (str_cut(rest, '\n', &line, &rest))
		n += str_eqz(line, request_line);
	return n;
}

static void fake_on_deadline(evutil_socket_t fd, short what, void *arg)
{
	*(bool *)arg = true;
}

void loop_until_at(struct fake *f, bool (*is_true)(void *arg), void *arg, const char *what,
	const char *file, int line)
{
	struct timeval tv = clock_timeval(TEST_DEADLINE_NS);
	bool late = false;
	struct event *deadline = evtimer_new(f->base, fake_on_deadline, &late);

	event_add(deadline, &tv);
	while (!is_true(arg) && !late)
		event_base_loop(f->base, EVLOOP_ONCE);
	event_free(deadline);
	cr_assert(is_true(arg), "%s:%d: waited in vain for %s; so far:\n%s%s", file, line, what,
		buf_cstr(&f->log), buf_cstr(&f->text));
}

struct count {
	const unsigned *counter;
	unsigned value;
};

static bool count_is_reached(void *arg)
{
	const struct count *c = arg;

	return *c->counter >= c->value;
}

void loop_until_count(struct fake *f, const unsigned *counter, unsigned value, const char *what,
	const char *file, int line)
{
	struct count c = {counter, value};

	loop_until_at(f, count_is_reached, &c, what, file, line);
}

static void record_on_body(struct engine_call *call, struct str bytes, void *arg)
{
	struct record *r = arg;

	buf_add_str(&r->body, bytes);
	if (r->on_bytes)
		r->on_bytes(r);
}

static void record_on_done(struct engine_call *call, int status, const struct error *err, void *arg)
{
	struct record *r = arg;

	cr_assert_eq(call, r->call);
	r->done++;
	r->status = status;
	r->error = err ? xstrdup(error_text(err)) : NULL;
	if (r->then)
		r->then(r);
	r->call = NULL;
}

void record_init(struct record *r, struct fake *f)
{
	memset(r, 0, sizeof(*r));
	r->fake = f;
	buf_init(&r->body, SIZE_MAX / 2);
}

void record_release(struct record *r)
{
	buf_release(&r->body);
	free(r->error);
}

void record_call(struct record *r, const struct engine_request *request)
{
	static const struct engine_call_handlers handlers = {record_on_body, record_on_done};

	r->call = engine_call(r->fake->engine, request, &handlers, r);
}

void record_get(struct record *r, const char *path)
{
	record_call(r, &(struct engine_request){.path = path});
}
