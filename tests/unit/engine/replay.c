/* SPDX-License-Identifier: MIT
 *
 * Recordings: written, read and played.
 */
#include "config.h"

#include "engine/replay.h"

#include "base/alloc.h"
#include "engine/fake.h"
#include "engine/record.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define START(id)                                                                                  \
	"{\"Type\":\"container\",\"Action\":\"start\",\"Actor\":{\"ID\":\"" id "\"},\"timeNano\":1}"

static struct fake fake;
static char *file;

static void set_up(void)
{
	fake_init(&fake, true);
	file = xasprintf("%s/recording", fake.dir);
}

static void tear_down(void)
{
	unlink(file);
	fake_release(&fake);
	free(file);
}

TestSuite(replay_engine, .init = set_up, .fini = tear_down);

static struct replay *read_good(const char *records)
{
	char *text = xasprintf("%s%s", RECORD_FIRST_LINE, records);
	struct error err = ERROR_INIT;
	struct replay *p = replay_read(str_from(text), "x.rec", &err);

	cr_assert_not_null(p, "%s", error_text(&err));
	free(text);
	return p;
}

static void assert_answers(struct replay *p, const char *path, const char *want)
{
	const struct replay_exchange *x = replay_next(p, STR("GET"), str_from(path));

	cr_assert_not_null(x, "%s", path);
	cr_assert(str_eqz(x->pieces[0].bytes, want), "%s: %.*s", path, STR_ARG(x->pieces[0].bytes));
}

Test(replay, answers_are_told_in_their_order_and_the_last_one_again)
{
	struct replay *p = read_good("0 1 > 16\nGET /v1.44/a HTT\n5 1 < 3\none\n"
				     "7 1 > 16\nGET /v1.44/a HTT\n8 1 < 3\ntwo\n"
				     "9 1 > 10\nGET /b HTT\n9 1 < 1\nb\n");

	assert_answers(p, "/a", "one");
	assert_answers(p, "/v1.30/b", "b");
	assert_answers(p, "/v1.55/a", "two");
	assert_answers(p, "/a", "two");
	cr_assert_null(replay_next(p, STR("GET"), STR("/c")));
	cr_assert_null(replay_next(p, STR("POST"), STR("/a")));
	replay_free(p);
}

Test(replay, pieces_and_ends_keep_their_times)
{
	struct replay *p = read_good("100 1 > 10\nGET /a HTT\n101 2 > 10\nGET /b HTT\n"
				     "105 1 < 1\n1\n110 2 < 1\nb\n200 1 < 2\n\n\n\n250 1 x\n");
	const struct replay_exchange *a = replay_next(p, STR("GET"), STR("/a"));
	const struct replay_exchange *b = replay_next(p, STR("GET"), STR("/b"));

	cr_assert_eq(a->n, 2);
	cr_assert_eq(a->pieces[0].after_ns, 5000000);
	cr_assert_eq(a->pieces[1].after_ns, 100000000);
	cr_assert(str_eqz(a->pieces[1].bytes, "\n\n"));
	cr_assert(a->ends);
	cr_assert_eq(a->end_after_ns, 150000000);
	cr_assert_eq(b->n, 1);
	cr_assert(!b->ends);
	replay_free(p);
}

Test(replay, a_stream_is_told_once)
{
	struct replay *p = read_good("0 1 > 26\nGET /v1.44/events?f=1 HTTP\n5 1 < 3\none\n");

	assert_answers(p, "/v1.44/events?other=2", "one");
	cr_assert(replay_next(p, STR("GET"), STR("/events"))->pieces[0].bytes.len > 3);
	replay_free(p);
}

Test(replay, what_is_no_recording_is_refused_with_its_place)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"", "x.rec: neither a recording nor a captured HTTP answer"},
		{"upstreamd recording 2\n", "neither a recording"},
		{RECORD_FIRST_LINE "x\n", "cannot be understood (at byte 22)"},
		{RECORD_FIRST_LINE "0 1 ? 1\nx\n", "cannot be understood"},
		{RECORD_FIRST_LINE "0 1", "a record's line has no end"},
		{RECORD_FIRST_LINE "0 1 > 99999999999999999999\nx\n", "a record is cut"},
		{RECORD_FIRST_LINE "0 1 > 10\nGET", "a record is cut"},
		{RECORD_FIRST_LINE "0 1 > 2\nGET\n", "a record is cut"},
		{RECORD_FIRST_LINE "0 1 > 3\nGET\n", "no method or path"},
		{RECORD_FIRST_LINE "0 1 > 8\nGET x HT\n", "no method or path"},
		{RECORD_FIRST_LINE "0 1 < 3\nabc\n", "an answer without a request"},
		{RECORD_FIRST_LINE "0 999999 x\n", "cannot be understood"},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct error err = ERROR_INIT;

		cr_assert_null(replay_read(str_from(cases[i].text), "x.rec", &err));
		cr_assert(strstr(error_text(&err), cases[i].want), "%s", error_text(&err));
		error_clear(&err);
	}
}

Test(replay, every_cut_of_a_recording_is_read_or_refused)
{
	struct str whole = STR(RECORD_FIRST_LINE "0 1 > 10\nGET /a HTT\n5 1 < 3\none\n250 1 x\n");

	for (size_t n = 0; n <= whole.len; n++) {
		struct error err = ERROR_INIT;
		struct replay *p = replay_read(str_sub(whole, 0, n), "x", &err);

		cr_assert(p || error_is_set(&err));
		replay_free(p);
		error_clear(&err);
	}
}

static void answer_with_path(struct fake_conn *c, const char *method, const char *path)
{
	fake_reply(c, 200, path);
}

/* What the engine said, then what its recording says, must be the same. */
Test(replay_engine, says_what_was_recorded)
{
	char *live, *endpoint = xasprintf("replay:%s", file);
	struct record before, after;
	struct stat st;

	record_init(&before, &fake);
	record_init(&after, &fake);
	fake.answer = answer_with_path;
	fake.options.record = file;
	fake_bring_up(&fake);
	record_get(&before, "/containers/json?all=1");
	loop_until(&fake, before.done, 1);
	fake_event(&fake, START("a"));
	fake_event(&fake, START("b"));
	loop_until(&fake, fake.events, 2);
	live = xstrdup(buf_cstr(&fake.text));
	engine_free(fake.engine);
	fake_deafen(&fake, true);
	cr_assert_eq(stat(file, &st), 0);
	cr_assert_eq(st.st_mode & 0777, 0600, "it has the containers' environment");

	buf_clear(&fake.text);
	fake.options.record = NULL;
	fake.options.endpoint = endpoint;
	fake_start_engine(&fake);
	loop_until(&fake, fake.ups, 2);
	cr_assert_str_eq(engine_server(fake.engine), "Fake/1 (test)");
	record_get(&after, "/containers/json?all=1");
	loop_until(&fake, after.done, 1);
	cr_assert_str_eq(buf_cstr(&after.body), buf_cstr(&before.body));
	loop_until(&fake, fake.events, 4);
	cr_assert_str_eq(buf_cstr(&fake.text), live);
	record_release(&after);
	record_init(&after, &fake);
	record_get(&after, "/never/asked");
	loop_until(&fake, after.done, 1);
	cr_assert_eq(after.status, 404);
	cr_assert(strstr(after.error, "the recording has no answer"), "%s", after.error);
	record_release(&before);
	record_release(&after);
	free(live);
	free(endpoint);
}

Test(replay_engine, plays_a_capture_of_a_stream)
{
	const char *top = getenv("top_srcdir");
	char *endpoint = xasprintf("replay:%s/tests/captures/docker-29.7.2/events-kill.http",
		top ? top : ".");
	struct record r;

	fake.options.endpoint = endpoint;
	fake_start_engine(&fake);
	loop_until(&fake, fake.ups, 1);
	loop_until(&fake, fake.events, 20);
	record_init(&r, &fake);
	record_get(&r, "/containers/json?all=1");
	loop_until(&fake, r.done, 1);
	cr_assert_str_eq(buf_cstr(&r.body), "[]");
	record_release(&r);
	free(endpoint);
}

Test(replay_engine, a_missing_file_is_named)
{
	static const struct engine_handlers nothing;
	struct error err = ERROR_INIT;

	fake.options.endpoint = "replay:/nonexistent/x.rec";
	cr_assert(!engine_check(&fake.options, &err));
	cr_assert(strstr(error_text(&err), "/nonexistent/x.rec"), "%s", error_text(&err));
	error_clear(&err);
	fake.options.endpoint = "unix:///x";
	fake.options.record = "/nonexistent/out.rec";
	cr_assert_null(engine_new(fake.base, &fake.options, &nothing, NULL, &err));
	cr_assert_str_eq(error_text(&err), "recording /nonexistent/out.rec: No such file or directory");
	error_clear(&err);
}
