/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "engine/events.h"

#include "base/alloc.h"
#include "engine/event_peek.h"
#include "engine/event_table.h"
#include "engine/transcript.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#define ID "4dd7f7ab1710c49ad3f89a3d2b5dfb88396f91f72b88e6426bff0e36585c4411"
#define START                                                                                      \
	"{\"Type\":\"container\",\"Action\":\"start\",\"Actor\":{\"ID\":\"" ID                     \
	"\",\"Attributes\":{\"image\":\"bb:1\",\"name\":\"web\"}},\"timeNano\":7}"
#define START_TEXT "  start 7 id=" ID " name=web image=bb:1\n"

static void events_test_on_event(const struct engine_event *event, void *arg)
{
	transcript_add_event(arg, event);
}

static void events_test_on_lost(const char *why, void *arg)
{
	buf_add_fmt(arg, "  lost: %s\n", why);
}

static const struct events_handlers handlers = {events_test_on_event, events_test_on_lost};

static void add_counts(struct buf *text, const struct events *es)
{
	const struct events_counts *counts = events_counts(es);

	buf_add_fmt(text, "%llu seen, %llu dropped, %llu lost", (unsigned long long)counts->seen,
		(unsigned long long)counts->dropped, (unsigned long long)counts->lost);
}

/* Feeds bytes in pieces of the given size, the first one of first bytes. */
static void feed(struct buf *text, struct str bytes, size_t first, size_t size)
{
	struct events *es = events_new(&handlers, text);

	buf_clear(text);
	events_feed(es, bytes.p, first);
	for (size_t i = first; i < bytes.len; i += size)
		events_feed(es, bytes.p + i, size < bytes.len - i ? size : bytes.len - i);
	add_counts(text, es);
	events_free(es);
}

/* The text for bytes in one piece; byte by byte and at every split it must be the same. */
static char *text_of(struct str bytes)
{
	struct buf text;
	char *want;

	buf_init(&text, SIZE_MAX / 2);
	feed(&text, bytes, bytes.len, 1);
	want = xstrdup(buf_cstr(&text));
	feed(&text, bytes, 0, 1);
	cr_assert_str_eq(buf_cstr(&text), want, "fed byte by byte:\n%s\nwanted:\n%s", buf_cstr(&text), want);
	for (size_t i = 1; i < bytes.len; i += 1 + bytes.len / 1000) {
		feed(&text, bytes, i, bytes.len);
		cr_assert_str_eq(buf_cstr(&text), want, "split at %zu", i);
	}
	buf_release(&text);
	return want;
}

static void assert_text(struct str bytes, const char *want)
{
	char *text = text_of(bytes);

	cr_assert_str_eq(text, want);
	free(text);
}

#define assert_says(bytes, want) assert_text(STR(bytes), want)

Test(events, one_line_is_one_event)
{
	assert_says(START "\n", START_TEXT "1 seen, 0 dropped, 0 lost");
	assert_says("", "0 seen, 0 dropped, 0 lost");
	assert_says("\n\r\n \n", "0 seen, 0 dropped, 0 lost");
}

Test(events, frames_may_touch_or_have_separators_and_line_breaks_within)
{
	assert_says(START START, START_TEXT START_TEXT "2 seen, 0 dropped, 0 lost");
	assert_says("\x1e" START "\n\x1e" START "\n", START_TEXT START_TEXT "2 seen, 0 dropped, 0 lost");
	assert_says("{\n \"Type\": \"container\",\n \"Action\": \"start\",\n"
		    " \"Actor\": {\n  \"ID\": \"" ID "\"\n }\n}\n",
		"  start 0 id=" ID "\n1 seen, 0 dropped, 0 lost");
}

Test(events, keys_come_in_any_order)
{
	assert_says("{\"timeNano\":7,\"Actor\":{\"Attributes\":{\"name\":\"web\",\"image\":\"bb:1\"},"
		    "\"ID\":\"" ID "\"},\"Action\":\"start\",\"Type\":\"container\"}\n",
		START_TEXT "1 seen, 0 dropped, 0 lost");
}

Test(events, uninteresting_events_are_dropped)
{
	assert_says("{\"Type\":\"image\",\"Action\":\"start\",\"Actor\":{\"ID\":\"x\"}}\n"
		    "{\"Type\":\"container\",\"Action\":\"exec_die\",\"Actor\":{\"ID\":\"x\"}}\n"
		    "{\"Type\":\"container\",\"Action\":\"exec_start: /bin/sh -c \\\"}{\\\"\"}\n"
		    "{\"Action\":\"top\",\"Actor\":{\"ID\":\"x\"},\"Type\":\"container\"}\n"
		    "{\"Type\":\"a type that is longer than any word\",\"Action\":\"start\"}\n"
		    "{\"Type\":\"container\",\"Action\":\"an action longer than any word\"}\n",
		"0 seen, 6 dropped, 0 lost");
}

Test(events, labels_cannot_forge_type_or_action)
{
	assert_says("{\"Actor\":{\"Attributes\":{\"Type\":\"container\",\"Action\":\"start\"},"
		    "\"ID\":\"" ID "\",\"Action\":\"start\"},"
		    "\"Type\":\"volume\",\"Action\":\"mount\"}\n",
		"0 seen, 1 dropped, 0 lost");
	assert_says("{\"Actor\":{\"Attributes\":{\"Type\":\"volume\",\"Action\":\"mount\","
		    "\"x\":\"\\\",\\\"Type\\\":\\\"volume\\\"\"},\"ID\":\"" ID "\"},"
		    "\"Type\":\"container\",\"Action\":\"start\"}\n",
		"  start 0 id=" ID "\n1 seen, 0 dropped, 0 lost");
	assert_says("{\"x\":\"Type\",\"y\":[\"Type\",\"volume\"],\"Type\":\"container\","
		    "\"Action\":\"start\",\"Actor\":{\"ID\":\"" ID "\"}}\n",
		"  start 0 id=" ID "\n1 seen, 0 dropped, 0 lost");
}

Test(events, escapes_in_keys_and_words_are_understood)
{
	assert_says("{\"Typ\\u0065\":\"cont\\u0061iner\",\"Action\":\"st\\u0061rt\","
		    "\"Actor\":{\"ID\":\"" ID "\"}}\n",
		"  start 0 id=" ID "\n1 seen, 0 dropped, 0 lost");
	assert_says("{\"Type\":\"container\",\"Action\":\"he\\u0061lth_status: b\\u0061d\","
		    "\"Actor\":{\"ID\":\"" ID "\"}}\n",
		"  health_status 0 id=" ID " health=bad\n1 seen, 0 dropped, 0 lost");
	assert_says("{\"Type\":\"container\",\"Action\":\"exec\\u005fdie\"}\n",
		"0 seen, 1 dropped, 0 lost");
}

Test(events, both_spellings_of_health_are_read)
{
	assert_says("{\"Type\":\"container\",\"Action\":\"health_status: unhealthy\","
		    "\"Actor\":{\"ID\":\"" ID "\"}}\n"
		    "{\"Type\":\"container\",\"Action\":\"health_status\","
		    "\"Actor\":{\"ID\":\"" ID "\"},\"HealthStatus\":\"healthy\"}\n",
		"  health_status 0 id=" ID " health=unhealthy\n"
		"  health_status 0 id=" ID " health=healthy\n2 seen, 0 dropped, 0 lost");
}

Test(events, network_events_name_the_container_of_both_engines)
{
	assert_says("{\"Type\":\"network\",\"Action\":\"connect\",\"Actor\":{\"ID\":\"net\","
		    "\"Attributes\":{\"container\":\"" ID "\",\"name\":\"front\"}}}\n"
		    "{\"Type\":\"network\",\"Action\":\"disconnect\",\"Actor\":{\"ID\":\"" ID "\","
		    "\"Attributes\":{\"name\":\"web\",\"network\":\"front\"}}}\n"
		    "{\"Type\":\"network\",\"Action\":\"remove\",\"Actor\":{\"ID\":\"net\","
		    "\"Attributes\":{\"name\":\"\",\"network\":\"front\"}}}\n",
		"  network connect 0 id=" ID " network=net netname=front\n"
		"  network disconnect 0 id=" ID " netname=front name=web\n"
		"  network destroy 0 network=net netname=front\n3 seen, 0 dropped, 0 lost");
}

Test(events, bad_events_are_lost_and_the_next_ones_read)
{
	assert_says("{\"Type\":\"container\",\"Action\":\"start\",}\n" START "\n",
		"  lost: an event is not JSON (parse error: invalid object key (must be a string))\n"
		START_TEXT "1 seen, 0 dropped, 1 lost");
	assert_says("{\"Type\":\"container\",\"Action\":\"start\",\"x\":\"\xff\"}\n" START "\n",
		"  lost: an event is not JSON (lexical error: invalid bytes in UTF8 string.)\n"
		START_TEXT "1 seen, 0 dropped, 1 lost");
	assert_says("{\"Type\":\"container\"}\n{}\n" START "\n",
		"  lost: an event has no Type or no Action\n"
		"  lost: an event has no Type or no Action\n"
		START_TEXT "1 seen, 0 dropped, 2 lost");
	assert_says("{\"Type\":\"container\",\"Action\":\"start\",\"Actor\":{\"ID\":\"\"}}\n" START,
		"  lost: an event (start) has no id\n" START_TEXT "1 seen, 0 dropped, 1 lost");
	assert_says("garbage {\"a\":1}\n" START "\n",
		"  lost: there is something that is no event between two events\n"
		START_TEXT "1 seen, 0 dropped, 1 lost");
}

Test(events, a_cut_event_costs_at_most_one_more)
{
	assert_says("{\"Type\":\"container\",\"Action\":\"start\",\"Actor\":{\"ID\":\"4d\n" START "\n",
		"  lost: an event has a newline within a string\n" START_TEXT
		"1 seen, 0 dropped, 1 lost");
	assert_says("{\"Type\":\"container\",\"Action\":\"start\"\n" START "\n",
		"  lost: an event ends before its closing brace\n" START_TEXT
		"1 seen, 0 dropped, 1 lost");
	assert_says("{\"Type\":\"image\",\"Action\":\n" START "\n" START "\n",
		"  lost: an event ends before its closing brace\n" START_TEXT
		"1 seen, 0 dropped, 1 lost");
	assert_says("{\"x\":\"a\\\n" START "\n",
		"  lost: an event has a newline within a string\n" START_TEXT
		"1 seen, 0 dropped, 1 lost");
}

Test(events, a_new_stream_forgets_the_partial_event)
{
	struct buf text;
	struct events *es;

	buf_init(&text, SIZE_MAX / 2);
	es = events_new(&handlers, &text);
	events_feed(es, START, strlen(START) - 5);
	events_reset(es);
	events_feed(es, START, strlen(START));
	add_counts(&text, es);
	cr_assert_str_eq(buf_cstr(&text), START_TEXT "1 seen, 0 dropped, 0 lost");
	events_free(es);
	buf_release(&text);
}

/* An event whose image is as long as makes the whole size bytes; Type stands where last says. */
static struct str event_of_size(struct buf *b, size_t size, bool type_last, const char *action)
{
	struct buf tail;

	buf_init(&tail, SIZE_MAX / 2);
	buf_clear(b);
	buf_add_fmt(&tail, "\"}}%s}", type_last ? ",\"Type\":\"container\"" : "");
	buf_add_fmt(b, "{%s\"Action\":\"%s\",\"Actor\":{\"ID\":\"" ID "\",\"Attributes\":{\"x\":\"",
		type_last ? "" : "\"Type\":\"container\",", action);
	while (b->len < size - tail.len)
		buf_add_char(b, 'x');
	buf_add_str(b, buf_str(&tail));
	buf_add_cstr(b, "\n" START "\n");
	buf_release(&tail);
	return buf_str(b);
}

Test(events_limit, event_size)
{
	struct buf b, text;

	buf_init(&b, SIZE_MAX / 2);
	buf_init(&text, SIZE_MAX / 2);
	for (int type_last = 0; type_last < 2; type_last++)
		for (size_t size = EVENT_BYTES_MAX - 1; size <= EVENT_BYTES_MAX + 1; size++) {
			struct str bytes = event_of_size(&b, size, type_last, "start");
			const char *want = size <= EVENT_BYTES_MAX
				? "  start 0 id=" ID "\n" START_TEXT "2 seen, 0 dropped, 0 lost"
				: "  lost: an event is larger than 1 MiB\n" START_TEXT
				  "1 seen, 0 dropped, 1 lost";

			feed(&text, bytes, bytes.len, 1);
			cr_assert_str_eq(buf_cstr(&text), want);
			feed(&text, bytes, 0, 1);
			cr_assert_str_eq(buf_cstr(&text), want);
			feed(&text, bytes, 7, 65536);
			cr_assert_str_eq(buf_cstr(&text), want);
		}
	buf_release(&b);
	buf_release(&text);
}

Test(events_limit, dropped_events_may_have_any_size)
{
	struct buf b, text;
	struct str bytes;

	buf_init(&b, SIZE_MAX / 2);
	buf_init(&text, SIZE_MAX / 2);
	bytes = event_of_size(&b, EVENT_BYTES_MAX * 3, false, "exec_die");
	feed(&text, bytes, bytes.len, 1);
	cr_assert_str_eq(buf_cstr(&text), START_TEXT "1 seen, 1 dropped, 0 lost");
	feed(&text, bytes, 0, 1000);
	cr_assert_str_eq(buf_cstr(&text), START_TEXT "1 seen, 1 dropped, 0 lost");
	buf_release(&b);
	buf_release(&text);
}

Test(events_limit, nesting)
{
	struct buf b;

	buf_init(&b, SIZE_MAX / 2);
	for (int depth = EVENT_DEPTH_MAX; depth <= EVENT_DEPTH_MAX + 1; depth++) {
		buf_clear(&b);
		buf_add_cstr(&b, "{\"Type\":\"container\",\"Action\":\"die\",\"Actor\":{\"ID\":\"a\"},\"x\":");
		for (int i = 1; i < depth; i++)
			buf_add_char(&b, '[');
		for (int i = 1; i < depth; i++)
			buf_add_char(&b, ']');
		buf_add_cstr(&b, "}\n" START "\n");
		assert_text(buf_str(&b),
			depth <= EVENT_DEPTH_MAX
				? "  die 0 id=a\n" START_TEXT "2 seen, 0 dropped, 0 lost"
				: "  lost: an event is nested too deeply\n" START_TEXT
				  "1 seen, 0 dropped, 1 lost");
	}
	buf_release(&b);
}

Test(event_table, rows_are_sorted_and_have_words)
{
	const struct event_word *before = event_table_at(0), *word;

	cr_assert_not_null(engine_event_text(before->kind));
	for (size_t i = 1; (word = event_table_at(i)) != NULL; i++) {
		int d = str_cmp(before->type, word->type);

		cr_assert(d < 0 || (d == 0 && str_cmp(before->action, word->action) < 0),
			"row %zu is out of order", i);
		cr_assert_not_null(engine_event_text(word->kind));
		before = word;
	}
}

Test(event_table, finds_each_row_and_nothing_else)
{
	const struct event_word *word;

	for (size_t i = 0; (word = event_table_at(i)) != NULL; i++) {
		cr_assert_eq(event_table_find(word->type, word->action), word);
		cr_assert(event_table_has_type(word->type));
	}
	cr_assert_null(event_table_find(STR("container"), STR("exec_start: start")));
	cr_assert_null(event_table_find(STR("network"), STR("start")));
	cr_assert_null(event_table_find(STR("zzz"), STR("zzz")));
	cr_assert_null(event_table_find(STR(""), STR("")));
	cr_assert(!event_table_has_type(STR("contain")));
	cr_assert(!event_table_has_type(STR("volume")));
}

Test(event_table, filter_names_each_action_once)
{
	static const char *const types[] = {"network", "node"};
	struct buf b;

	buf_init(&b, SIZE_MAX / 2);
	event_table_add_filter(&b, types, 2);
	cr_assert_str_eq(buf_cstr(&b), "{\"type\":[\"network\",\"node\"],\"event\":[\"connect\","
				       "\"destroy\",\"disconnect\",\"remove\",\"create\","
				       "\"update\"]}");
	buf_release(&b);
}

Test(event_peek, tells_early_what_nobody_wants)
{
	static const char *const useless[] = {
		"{\"Type\":\"image\"",
		"{ \"status\" : \"exec_die\" ,\n \"Action\" : \"exec_die\"",
		"{\"Action\":\"exec_start: /bin/sh -c \\\"x\\\"\",\"Actor\":{",
		"{\"Type\":\"network\",\"Action\":\"start\"}",
		"{\"Type\":\"\",",
	};

	for (size_t i = 0; i < ARRAY_LEN(useless); i++) {
		struct str frame = str_from(useless[i]);
		bool before = false;

		cr_assert(event_peek_drops(frame), "%s", useless[i]);
		for (size_t n = 1; n <= frame.len; n++) {
			bool drops = event_peek_drops(str_sub(frame, 0, n));

			cr_assert(drops || !before, "%s: %zu bytes", useless[i], n);
			before = drops;
		}
	}
}

Test(event_peek, leaves_to_the_parser_what_it_does_not_understand)
{
	static const char *const unclear[] = {
		"{",
		"{}",
		"{\"Type\":\"container\",\"Action\":\"start\"}",
		"{\"Type\":\"container\",\"Action\":\"health_status: healthy\"}",
		"{\"Typ\\u0065\":\"image\"}",
		"{\"Type\":\"im\\u0061ge\"}",
		"{\"Action\":\"exec\\u005fdie: x\"}",
		"{\"x\":1,\"Type\":\"image\"}",
		"{\"Actor\":{\"Type\":\"image\"},\"Type\":\"image\"}",
		"{\"Type\" \"image\"}",
		"{\"Type\":\"image",
		"{\"Type\":\"image\\",
		"{\"Type\":\"ima\nge\"}",
		"{\"Action\":\"create\"}",
	};

	for (size_t i = 0; i < ARRAY_LEN(unclear); i++)
		cr_assert(!event_peek_drops(str_from(unclear[i])), "%s", unclear[i]);
}

Test(events, flocks_of_useless_events_do_not_hide_the_next_one)
{
	struct buf bytes, want;

	buf_init(&bytes, SIZE_MAX / 2);
	buf_init(&want, SIZE_MAX / 2);
	for (int i = 0; i < 3; i++) {
		for (int k = 0; k < 3; k++)
			buf_add_cstr(&bytes, "{\"Type\":\"container\",\"Action\":\"exec_die\","
					     "\"Actor\":{\"ID\":\"x\",\"Attributes\":{\"a\":\"}\"}}}\n");
		buf_add_cstr(&bytes, START "\n");
		buf_add_cstr(&want, START_TEXT);
	}
	buf_add_cstr(&want, "3 seen, 9 dropped, 0 lost");
	assert_text(buf_str(&bytes), buf_cstr(&want));
	buf_release(&bytes);
	buf_release(&want);
}
