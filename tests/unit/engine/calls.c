/* SPDX-License-Identifier: MIT
 *
 * Requests over the pool of connections.
 */
#include "config.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "engine/fake.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#define MANY 50

static struct fake fake;
static struct record records[MANY];

static void set_up(void)
{
	fake_init(&fake, true);
	for (size_t i = 0; i < MANY; i++)
		record_init(&records[i], &fake);
}

static void tear_down(void)
{
	fake_release(&fake);
	for (size_t i = 0; i < MANY; i++)
		record_release(&records[i]);
}

TestSuite(calls, .init = set_up, .fini = tear_down);

static void answer_with_path(struct fake_conn *c, const char *method, const char *path)
{
	fake_reply(c, 200, path);
}

static void answer_chunked(struct fake_conn *c, const char *method, const char *path)
{
	fake_send(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
		     "3\r\n{\"a\r\n4\r\n\":1}\r\n0\r\n\r\n");
}

static void answer_nothing(struct fake_conn *c, const char *method, const char *path)
{
}

static void answer_and_close(struct fake_conn *c, const char *method, const char *path)
{
	fake_send(c, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
}

static void answer_half(struct fake_conn *c, const char *method, const char *path)
{
	fake_send(c, "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhalf");
	bufferevent_flush(c->bev, EV_WRITE, BEV_FLUSH);
}

static void answer_twice(struct fake_conn *c, const char *method, const char *path)
{
	fake_send(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
		     "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbad");
}

static struct fake_conn *last_conn(void)
{
	return fake.conns.v[fake.conns.n - 1];
}

static void get_and_wait(struct record *r, const char *path)
{
	unsigned before = r->done;

	record_get(r, path);
	loop_until(&fake, r->done, before + 1);
}

Test(calls, the_version_is_put_before_the_path_and_connections_are_kept)
{
	fake.answer = answer_with_path;
	fake_bring_up(&fake);
	for (size_t i = 0; i < 5; i++) {
		get_and_wait(&records[i], "/containers/json?all=1");
		cr_assert_eq(records[i].status, 200);
		cr_assert_null(records[i].error);
		cr_assert_str_eq(buf_cstr(&records[i].body), "/containers/json?all=1");
	}
	cr_assert_eq(fake_count(&fake, "GET /v1.44/containers/json?all=1"), 5);
	cr_assert_eq(fake.conns.n, 2, "one for the stream, one for the calls");
}

Test(calls, an_unversioned_path_stays_as_it_is)
{
	fake.answer = answer_with_path;
	fake_bring_up(&fake);
	record_call(&records[0], &(struct engine_request){.path = "/info", .unversioned = true});
	loop_until(&fake, records[0].done, 1);
	cr_assert_eq(fake_count(&fake, "GET /info"), 1);
}

Test(calls, chunked_bodies_come_joined)
{
	fake.answer = answer_chunked;
	fake_bring_up(&fake);
	get_and_wait(&records[0], "/x");
	cr_assert_str_eq(buf_cstr(&records[0].body), "{\"a\":1}");
}

Test(calls, many_at_once_share_a_few_connections_in_order)
{
	fake.options.connections = 3;
	fake.answer = answer_with_path;
	fake_bring_up(&fake);
	for (size_t i = 0; i < MANY; i++) {
		char path[32];

		snprintf(path, sizeof(path), "/c/%zu", i);
		record_get(&records[i], path);
	}
	for (size_t i = 0; i < MANY; i++) {
		char path[32];

		loop_until(&fake, records[i].done, 1);
		snprintf(path, sizeof(path), "/c/%zu", i);
		cr_assert_str_eq(buf_cstr(&records[i].body), path);
	}
	cr_assert_leq(fake.most_open, 4);
	cr_assert_eq(fake.conns.n, 4);
}

Test(calls, an_error_has_the_engines_message)
{
	fake_bring_up(&fake);
	get_and_wait(&records[0], "/containers/x/json");
	cr_assert_eq(records[0].status, 404);
	cr_assert_str_eq(records[0].error,
		"engine fake: GET /containers/x/json: status 404: no such thing");
	cr_assert_eq(records[0].body.len, 0, "the body of an error is no body");
	get_and_wait(&records[1], "/containers/y/json");
	cr_assert_eq(fake.conns.n, 2, "an error leaves the connection open");
}

Test(calls, a_hang_ends_with_the_deadline)
{
	fake.options.request_timeout_ns = 50 * NS_PER_MS;
	fake.options.connections = 1;
	fake.answer = answer_nothing;
	fake_bring_up(&fake);
	record_get(&records[0], "/slow");
	record_get(&records[1], "/slow");
	loop_until(&fake, records[1].done, 1);
	cr_assert_eq(records[0].status, 0);
	cr_assert_str_eq(records[0].error, "engine fake: GET /slow: no answer within 0.05 s");
	fake.answer = answer_half;
	get_and_wait(&records[2], "/half");
	cr_assert_str_eq(records[2].error,
		"engine fake: GET /half: the answer did not end within 0.05 s");
	cr_assert_eq(fake.downs, 0);
}

Test(calls, a_cut_answer_is_an_error)
{
	fake.answer = answer_half;
	fake_bring_up(&fake);
	record_get(&records[0], "/half");
	while (records[0].body.len < 4)
		event_base_loop(fake.base, EVLOOP_ONCE);
	fake_close(last_conn());
	loop_until(&fake, records[0].done, 1);
	cr_assert_eq(records[0].status, 0);
	cr_assert_str_eq(records[0].error, "engine fake: GET /half: the connection was closed within "
					   "the answer's body, after 4 bytes");
}

Test(calls, a_connection_that_the_engine_closed_meanwhile_costs_nothing)
{
	fake.answer = answer_with_path;
	fake_bring_up(&fake);
	get_and_wait(&records[0], "/a");
	shutdown(bufferevent_getfd(last_conn()->bev), SHUT_RDWR);
	get_and_wait(&records[1], "/b");
	cr_assert_eq(records[1].status, 200);
	cr_assert_str_eq(buf_cstr(&records[1].body), "/b");
}

/* The engine reads the request on a kept connection and closes without a byte. */
static void close_second(struct fake_conn *c, const char *method, const char *path)
{
	if (c->requests == 2)
		fake_close(c);
	else
		fake_reply(c, 200, path);
}

Test(calls, a_get_is_tried_again_on_a_fresh_connection)
{
	fake.answer = close_second;
	fake_bring_up(&fake);
	get_and_wait(&records[0], "/a");
	get_and_wait(&records[1], "/b");
	cr_assert_eq(records[1].status, 200);
	cr_assert_eq(fake_count(&fake, "GET /v1.44/b"), 2);
}

static void close_always(struct fake_conn *c, const char *method, const char *path)
{
	fake_close(c);
}

Test(calls, a_post_gets_a_fresh_connection_at_once_and_is_sent_once)
{
	fake.answer = close_second;
	fake_bring_up(&fake);
	get_and_wait(&records[0], "/a");
	record_call(&records[1], &(struct engine_request){.method = "POST", .path = "/b"});
	loop_until(&fake, records[1].done, 1);
	cr_assert_eq(records[1].status, 200);
	fake.answer = close_always;
	record_call(&records[2], &(struct engine_request){.method = "POST", .path = "/c"});
	loop_until(&fake, records[2].done, 1);
	cr_assert_eq(records[2].status, 0);
	cr_assert_eq(fake_count(&fake, "POST /v1.44/c"), 1);
}

Test(calls, a_get_is_not_tried_for_ever)
{
	fake.answer = answer_with_path;
	fake_bring_up(&fake);
	get_and_wait(&records[0], "/a");
	fake.answer = close_always;
	get_and_wait(&records[1], "/b");
	cr_assert_eq(records[1].status, 0);
	cr_assert_eq(fake_count(&fake, "GET /v1.44/b"), 2);
}

Test(calls, a_connection_that_the_answer_closes_is_not_used_again)
{
	fake.answer = answer_and_close;
	fake_bring_up(&fake);
	get_and_wait(&records[0], "/a");
	get_and_wait(&records[1], "/b");
	cr_assert_eq(records[1].status, 200);
	cr_assert_eq(fake.conns.n, 3);
}

Test(calls, bytes_that_nobody_asked_for_close_the_connection)
{
	fake.answer = answer_twice;
	fake_bring_up(&fake);
	get_and_wait(&records[0], "/a");
	cr_assert_eq(records[0].status, 200);
	fake.answer = answer_with_path;
	get_and_wait(&records[1], "/b");
	cr_assert_str_eq(buf_cstr(&records[1].body), "/b");
}

Test(calls, a_body_goes_with_a_post)
{
	fake.answer = answer_with_path;
	fake_bring_up(&fake);
	record_call(&records[0],
		&(struct engine_request){.method = "POST", .path = "/exec", .body = STR("{\"a\":1}")});
	loop_until(&fake, records[0].done, 1);
	cr_assert_eq(records[0].status, 200);
	get_and_wait(&records[1], "/after");
	cr_assert_eq(records[1].status, 200);
}

Test(calls, a_body_over_the_cap_is_an_error)
{
	fake.answer = answer_with_path;
	fake_bring_up(&fake);
	record_call(&records[0], &(struct engine_request){.path = "/12345", .body_max = 6});
	record_call(&records[1], &(struct engine_request){.path = "/12345", .body_max = 5});
	loop_until(&fake, records[0].done, 1);
	loop_until(&fake, records[1].done, 1);
	cr_assert_eq(records[0].status, 200);
	cr_assert_eq(records[1].status, 0);
	cr_assert_str_eq(records[1].error,
		"engine fake: GET /12345: the body is larger than 5 bytes");
}

Test(calls, a_path_that_could_forge_a_request_is_refused)
{
	static const char *const bad[] = {"/a b", "/a\r\nHost: x", "a", "/\x7f", "/\xc3\xa4"};
	char *longest = xmalloc(ENGINE_PATH_MAX + 2);
	size_t i;

	fake.answer = answer_with_path;
	fake_bring_up(&fake);
	for (i = 0; i < ARRAY_LEN(bad); i++)
		record_get(&records[i], bad[i]);
	memset(longest, '/', ENGINE_PATH_MAX + 1);
	longest[ENGINE_PATH_MAX + 1] = '\0';
	record_get(&records[i++], longest);
	free(longest);
	cr_assert_eq(records[0].done, 0, "never from inside a call");
	while (i--) {
		loop_until(&fake, records[i].done, 1);
		cr_assert_not_null(strstr(records[i].error, "a request's path"));
	}
	cr_assert_eq(fake.conns.n, 1);
}

Test(calls, escaping_keeps_a_value_one_segment)
{
	struct buf b;

	buf_init(&b, 100);
	engine_path_add(&b, STR("a/../b?c=%\r\n\xff~-._Z9"));
	cr_assert_str_eq(buf_cstr(&b), "a%2F..%2Fb%3Fc%3D%25%0D%0A%FF~-._Z9");
	buf_release(&b);
}

static void cancel_self(struct record *r)
{
	engine_call_cancel(r->call);
	r->call = NULL;
}

Test(calls, may_be_cancelled_wherever_they_are)
{
	fake.options.connections = 1;
	fake.answer = answer_half;
	fake_bring_up(&fake);
	records[0].on_bytes = cancel_self; /* under way, from its own handler */
	record_get(&records[0], "/0");
	record_get(&records[1], "/1"); /* waiting */
	record_get(&records[2], "/2");
	record_get(&records[3], "bad"); /* failed, not yet reported */
	engine_call_cancel(records[1].call);
	engine_call_cancel(records[3].call);
	fake.answer = answer_with_path;
	records[2].then = cancel_self; /* ending */
	while (!records[0].body.len && !records[2].done)
		event_base_loop(fake.base, EVLOOP_ONCE);
	loop_until(&fake, records[2].done, 1);
	record_get(&records[4], "/4"); /* under way, from outside */
	engine_call_cancel(records[4].call);
	get_and_wait(&records[5], "/5");
	cr_assert_eq(records[0].done + records[1].done + records[3].done + records[4].done, 0);
	cr_assert_eq(fake_count(&fake, "GET /v1.44/1"), 0);
}

static void get_next(struct record *r)
{
	if (r + 1 < records + MANY)
		record_get(r + 1, "/next");
}

Test(calls, may_be_started_from_a_call_that_ends)
{
	fake.answer = answer_with_path;
	fake_bring_up(&fake);
	for (size_t i = 0; i < MANY; i++)
		records[i].then = get_next;
	record_get(&records[0], "/first");
	loop_until(&fake, records[MANY - 1].done, 1);
	cr_assert_eq(fake.conns.n, 2);
}

Test(calls, end_in_silence_when_the_engine_is_freed)
{
	fake.options.connections = 2;
	fake.answer = answer_nothing;
	fake_bring_up(&fake);
	for (size_t i = 0; i < 5; i++)
		record_get(&records[i], i == 4 ? "bad" : "/x");
	while (!fake_count(&fake, "GET /v1.44/x"))
		event_base_loop(fake.base, EVLOOP_ONCE);
	engine_free(fake.engine);
	fake.engine = NULL;
	event_base_loop(fake.base, EVLOOP_NONBLOCK);
	for (size_t i = 0; i < 4; i++)
		cr_assert_eq(records[i].done, 0);
}

Test(calls, fail_with_the_path_while_the_engine_is_gone)
{
	fake_start_engine(&fake);
	record_get(&records[0], "/x");
	loop_until(&fake, records[0].done, 1);
	cr_assert_eq(records[0].status, 0);
	cr_assert_not_null(strstr(records[0].error, "engine fake: GET /x: cannot connect to unix://"),
		"%s", records[0].error);
}
