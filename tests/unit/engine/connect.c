/* SPDX-License-Identifier: MIT
 *
 * Connecting, the event stream, and coming back.
 */
#include "config.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "engine/fake.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define START(id)                                                                                  \
	"{\"Type\":\"container\",\"Action\":\"start\",\"Actor\":{\"ID\":\"" id "\"},\"timeNano\":1}"

static struct fake fake;

static void set_up(void)
{
	fake_init(&fake, true);
}

static void tear_down(void)
{
	fake_release(&fake);
}

TestSuite(connect, .init = set_up, .fini = tear_down);

static bool text_has(const char *part)
{
	return strstr(buf_cstr(&fake.text), part) != NULL;
}

Test(connect, pings_negotiates_and_opens_the_stream_on_one_connection)
{
	fake_bring_up(&fake);
	cr_assert(engine_is_up(fake.engine));
	cr_assert_str_eq(engine_api_version(fake.engine), "1.44");
	cr_assert(engine_api_at_least(fake.engine, 1, 44));
	cr_assert(!engine_api_at_least(fake.engine, 1, 45));
	cr_assert_str_eq(engine_server(fake.engine), "Fake/1 (test)");
	cr_assert(!engine_is_podman(fake.engine));
	cr_assert_eq(fake.conns.n, 1);
	cr_assert(str_has_prefix(buf_str(&fake.log),
		STR("GET /_ping\nGET /v1.44/events?filters=%7B%22type%22%3A%5B%22container%22")));
}

Test(connect, speaks_no_newer_version_than_it_knows)
{
	fake.api_version = "1.99";
	fake_bring_up(&fake);
	cr_assert_str_eq(engine_api_version(fake.engine), "1.55");
}

Test(connect, does_without_a_version_if_the_ping_tells_none)
{
	fake.api_version = NULL;
	fake_bring_up(&fake);
	cr_assert_str_eq(engine_api_version(fake.engine), "");
	cr_assert_not_null(strstr(buf_cstr(&fake.log), "\nGET /events?filters="));
}

Test(connect, refuses_an_engine_that_is_too_old)
{
	fake.api_version = "1.12";
	fake_listen(&fake);
	fake_start_engine(&fake);
	loop_until(&fake, fake.retries, 2);
	cr_assert(text_has("the engine's API is 1.12; at least 1.24 is needed"));
	cr_assert_eq(fake.ups, 0);
}

Test(connect, events_come_as_the_engine_sends_them)
{
	fake_bring_up(&fake);
	fake_event(&fake, START("a"));
	fake_event(&fake, START("b"));
	loop_until(&fake, fake.events, 2);
	cr_assert_str_eq(buf_cstr(&fake.text), "  start 1 id=a\n  start 1 id=b\n");
}

Test(connect, an_unreadable_event_is_reported_and_the_stream_goes_on)
{
	fake_bring_up(&fake);
	fake_event(&fake, "{\"Type\":\"container\",\"Action\":\"start\",}");
	fake_event(&fake, START("b"));
	loop_until(&fake, fake.events, 1);
	cr_assert_eq(fake.lost, 1);
	cr_assert_eq(fake.downs, 0);
}

Test(connect, comes_back_after_a_cut_and_negotiates_anew)
{
	fake_bring_up(&fake);
	fake.api_version = "1.30";
	fake_event(&fake, START("a"));
	fake_send(fake.stream, "40\r\n{\"Type\":\"contai");
	loop_until(&fake, fake.events, 1);
	fake_close(fake.stream);
	loop_until(&fake, fake.downs, 1);
	cr_assert(!engine_is_up(fake.engine));
	loop_until(&fake, fake.ups, 2);
	cr_assert_str_eq(engine_api_version(fake.engine), "1.30");
	fake_event(&fake, START("b"));
	loop_until(&fake, fake.events, 2);
	cr_assert_eq(fake.lost, 0, "the partial event belongs to the old stream");
	cr_assert_eq(fake.downs, 1);
}

Test(connect, comes_back_after_the_stream_ended_in_order)
{
	fake_bring_up(&fake);
	fake_send(fake.stream, "0\r\n\r\n");
	loop_until(&fake, fake.ups, 2);
	cr_assert(text_has("down: the engine ended the stream\n"));
}

/* Requests whose line begins with that. */
static unsigned count_begin(const char *line_begin)
{
	struct str rest = buf_str(&fake.log), line;
	unsigned n = 0;

	while (str_cut(rest, '\n', &line, &rest))
		n += str_has_prefix(line, str_from(line_begin));
	return n;
}

#define TIMED(id, nano)                                                                            \
	"{\"Type\":\"container\",\"Action\":\"start\",\"Actor\":{\"ID\":\"" id                              \
	"\"},\"timeNano\":" nano "}"

Test(connect, asks_for_what_happened_meanwhile_and_knows_the_last_event_again)
{
	fake_bring_up(&fake);
	fake_event(&fake, TIMED("b", "1700000000000000007"));
	fake_event(&fake, TIMED("a", "1700000000000000006"));
	loop_until(&fake, fake.events, 2);
	cr_assert_eq(count_begin("GET /v1.44/events?since"), 0);
	fake_close(fake.stream);
	loop_until(&fake, fake.ups, 2);
	cr_assert_eq(count_begin("GET /v1.44/events?since=1700000000.000000007&filters="), 1);
	fake_event(&fake, TIMED("b", "1700000000000000007"));
	fake_event(&fake, TIMED("c", "1700000000000000007"));
	loop_until(&fake, fake.events, 3);
	cr_assert_not_null(strstr(buf_cstr(&fake.text), "7 id=c"));
	cr_assert(!strstr(strstr(buf_cstr(&fake.text), "id=b") + 4, "id=b"));
}

Test(connect, a_refused_since_is_left_out)
{
	fake_bring_up(&fake);
	fake_event(&fake, START("a"));
	loop_until(&fake, fake.events, 1);
	fake.refuse_since = true;
	fake_close(fake.stream);
	loop_until(&fake, fake.ups, 2);
	cr_assert_eq(count_begin("GET /v1.44/events?since=0.000000001"), 1);
	cr_assert_eq(count_begin("GET /v1.44/events?filters"), 2, "the filter stays");
	fake_close(fake.stream);
	loop_until(&fake, fake.ups, 3);
	cr_assert_eq(count_begin("GET /v1.44/events?since"), 1, "it is not tried again");
}

Test(connect, podman_is_not_asked_for_what_happened_meanwhile)
{
	fake.podman = true;
	fake_bring_up(&fake);
	fake_event(&fake, START("a"));
	loop_until(&fake, fake.events, 1);
	fake_close(fake.stream);
	loop_until(&fake, fake.ups, 2);
	cr_assert_eq(count_begin("GET /v1.44/events?since"), 0);
}

Test(connect, a_stream_without_a_head_is_left)
{
	fake.options.liveness_ns = 50 * NS_PER_MS;
	fake.events_head = "";
	fake_listen(&fake);
	fake_start_engine(&fake);
	loop_until(&fake, fake.retries, 1);
	cr_assert(text_has("event stream: no answer within 0.05 s"), "%s", buf_cstr(&fake.text));
}

Test(connect, waits_for_a_socket_that_is_not_there_and_opens_the_new_one)
{
	fake_start_engine(&fake);
	loop_until(&fake, fake.retries, 2);
	cr_assert(text_has("No such file or directory (is the engine running?"));
	cr_assert(text_has(fake.path));
	fake_listen(&fake);
	loop_until(&fake, fake.ups, 1);
	fake_deafen(&fake, true);
	fake_close(fake.stream);
	loop_until(&fake, fake.downs, 1);
	fake_listen(&fake);
	loop_until(&fake, fake.ups, 2);
}

Test(connect, a_socket_that_nobody_listens_on_is_explained)
{
	fake_listen(&fake);
	fake_deafen(&fake, false);
	fake_start_engine(&fake);
	loop_until(&fake, fake.retries, 1);
	cr_assert(text_has("Connection refused (nobody listens"), "%s", buf_cstr(&fake.text));
	unlink(fake.path);
}

Test(connect, a_directory_in_place_of_the_socket_is_explained)
{
	cr_assert_eq(mkdir(fake.path, 0700), 0);
	fake_start_engine(&fake);
	loop_until(&fake, fake.retries, 1);
	cr_assert(text_has("it is a directory: the engine's socket was not there"), "%s",
		buf_cstr(&fake.text));
	rmdir(fake.path);
}

Test(connect, a_file_in_place_of_the_socket_is_explained)
{
	close(open(fake.path, O_CREAT | O_WRONLY, 0600));
	fake_start_engine(&fake);
	loop_until(&fake, fake.retries, 1);
	cr_assert(text_has("it is not a socket"), "%s", buf_cstr(&fake.text));
}

/* What a bind mount of a replaced socket file shows: an inode without a name. */
Test(connect, a_socket_whose_file_was_replaced_is_explained)
{
	char endpoint[64];
	int fd;

	fake_listen(&fake);
	fd = open(fake.path, O_PATH);
	fake_deafen(&fake, true);
	snprintf(endpoint, sizeof(endpoint), "unix:///proc/self/fd/%d", fd);
	fake.options.endpoint = endpoint;
	fake_start_engine(&fake);
	loop_until(&fake, fake.retries, 1);
	cr_assert(text_has("mount the socket's directory instead"), "%s", buf_cstr(&fake.text));
	close(fd);
}

Test(connect, a_refused_filter_is_left_out)
{
	fake.events_head = "HTTP/1.1 400 Bad\r\nContent-Length: 28\r\n\r\n"
			   "{\"message\":\"invalid filter\"}";
	fake_listen(&fake);
	fake_start_engine(&fake);
	loop_until(&fake, fake.retries, 1);
	cr_assert(text_has("the event stream was refused: status 400: invalid filter\n"), "%s",
		buf_cstr(&fake.text));
	cr_assert_geq(fake_count(&fake, "GET /v1.44/events"), 1);
	cr_assert_geq(fake_count(&fake, "GET /events"), 1);
	fake.events_head = NULL;
	loop_until(&fake, fake.ups, 1);
}

Test(connect, a_filter_that_ends_the_stream_at_once_is_left_out)
{
	fake.events_head = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
	fake_listen(&fake);
	fake_start_engine(&fake);
	loop_until(&fake, fake.downs, 3);
	cr_assert_geq(fake_count(&fake, "GET /v1.44/events"), 1);
}

Test(connect, a_forbidden_stream_says_what_to_allow)
{
	fake.events_head = "HTTP/1.0 403 Forbidden\r\ncontent-type: text/html\r\n"
			   "Content-Length: 40\r\n\r\n<html><h1>403 Forbidden</h1>\nx y</html>\n\n";
	fake_listen(&fake);
	fake_start_engine(&fake);
	loop_until(&fake, fake.retries, 1);
	cr_assert(text_has("status 403: 403 Forbidden x y (GET /events is not allowed; with "
			   "docker-socket-proxy set EVENTS=1)"),
		"%s", buf_cstr(&fake.text));
}

Test(connect, what_is_no_http_is_refused)
{
	fake.events_head = "\x15\x03\x01";
	fake_listen(&fake);
	fake_start_engine(&fake);
	loop_until(&fake, fake.retries, 1);
	cr_assert(text_has("event stream: the answer is TLS, not HTTP"), "%s", buf_cstr(&fake.text));
}

Test(connect, an_engine_that_accepts_and_never_answers_is_left)
{
	fake.options.liveness_ns = 50 * NS_PER_MS;
	fake.mute = true;
	fake_listen(&fake);
	fake_start_engine(&fake);
	loop_until(&fake, fake.retries, 2);
	cr_assert(text_has("ping: no answer within 0.05 s"), "%s", buf_cstr(&fake.text));
	fake.mute = false;
	loop_until(&fake, fake.ups, 1);
}

Test(connect, a_silent_stream_is_probed_on_another_connection)
{
	fake.options.liveness_ns = 400 * NS_PER_MS;
	fake_bring_up(&fake);
	while (fake_count(&fake, "GET /_ping") < 4)
		event_base_loop(fake.base, EVLOOP_ONCE);
	cr_assert_eq(fake.downs, 0);
	cr_assert_eq(fake.conns.n, 2, "the probes share one connection");
}

Test(connect, an_engine_that_stops_answering_is_left_and_its_calls_end)
{
	struct record r;

	fake.options.liveness_ns = 100 * NS_PER_MS;
	fake_bring_up(&fake);
	fake.mute = true;
	record_init(&r, &fake);
	record_get(&r, "/containers/json");
	loop_until(&fake, fake.downs, 1);
	cr_assert(text_has("down: the engine does not answer a ping: no answer within 0.05 s"));
	loop_until(&fake, r.done, 1);
	cr_assert_eq(r.status, 0);
	cr_assert_not_null(strstr(r.error, "the engine does not answer a ping"));
	fake.mute = false;
	loop_until(&fake, fake.ups, 2);
	record_release(&r);
}

Test(connect, a_stream_outlives_one_refused_probe)
{
	struct engine_counts counts;

	fake.options.liveness_ns = 1000 * NS_PER_MS;
	fake_bring_up(&fake);
	fake_deafen(&fake, true);
	do {
		event_base_loop(fake.base, EVLOOP_ONCE);
		engine_get_counts(fake.engine, &counts);
	} while (counts.connections < 2);
	fake_event(&fake, START("a"));
	loop_until(&fake, fake.events, 1);
	cr_assert_eq(fake.downs, 0);
	loop_until(&fake, fake.downs, 1);
}

Test(connect, counts_what_it_does)
{
	struct engine_counts counts;

	fake_bring_up(&fake);
	fake_event(&fake, START("a"));
	fake_event(&fake, "{\"Type\":\"image\",\"Action\":\"tag\"}");
	fake_event(&fake, "{\"Type\":\"container\"}");
	loop_until(&fake, fake.lost, 1);
	engine_get_counts(fake.engine, &counts);
	cr_assert_eq(counts.requests, 2);
	cr_assert_eq(counts.connections, 1);
	cr_assert_eq(counts.ups, 1);
	cr_assert_eq(counts.downs, 0);
	cr_assert_eq(counts.events.seen, 1);
	cr_assert_eq(counts.events.dropped, 1);
	cr_assert_eq(counts.events.lost, 1);
	cr_assert_gt(counts.bytes_in, counts.events.bytes);
}

Test(connect, a_burst_on_the_stream_is_drained)
{
	fake_bring_up(&fake);
	for (unsigned i = 0; i < 20000; i++)
		fake_event(&fake, START("a"));
	loop_until(&fake, fake.events, 20000);
	cr_assert_eq(fake.downs, 0);
}

Test(connect, works_over_tcp_and_looks_names_up)
{
	struct fake tcp;
	char by_name[64];

	fake_init(&tcp, false);
	fake_bring_up(&tcp);
	cr_assert(engine_is_up(tcp.engine));
	engine_free(tcp.engine);
	snprintf(by_name, sizeof(by_name), "tcp://localhost:%u", tcp.port);
	tcp.options.endpoint = by_name;
	fake_start_engine(&tcp);
	loop_until(&tcp, tcp.ups, 2);
	fake_deafen(&tcp, false);
	fake_close(tcp.stream);
	loop_until(&tcp, tcp.retries, 1);
	cr_assert_not_null(strstr(buf_cstr(&tcp.text), "Connection refused (nobody listens on port"),
		"%s", buf_cstr(&tcp.text));
	fake_release(&tcp);
}

Test(connect, may_be_freed_while_a_name_is_looked_up)
{
	fake.options.endpoint = "tcp://no-such-host.invalid:1";
	fake_start_engine(&fake);
	event_base_loop(fake.base, EVLOOP_ONCE);
	engine_free(fake.engine);
	fake.engine = NULL;
}
