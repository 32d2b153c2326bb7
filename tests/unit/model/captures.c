/* SPDX-License-Identifier: MIT
 *
 * The recorded event streams of real engines (tests/captures) through HTTP, events and the
 * inventory, in one piece, byte by byte and split in two. Every inspect is answered, once the
 * stream is over, as of a running container with the name, pause and health that the last events
 * told; what is asked for and what is dropped without asking is the inventory's. The model that
 * results is compared with models.want, which another reader of the streams made.
 */
#include "config.h"

#include "model/inventory.h"

#include "base/alloc.h"
#include "base/file.h"
#include "base/vec.h"
#include "engine/events.h"
#include "engine/http.h"
#include "model/container.h"
#include "model/expose.h"
#include "unit/model/fake_engine.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CAPTURE_MAX ((size_t)4 << 20)
/* Places at which each stream is split; all with UD_TEST_EVERY_SPLIT in the environment. */
#define SPLITS 8

TestSuite(model_captures, .init = fake_quiet);

/* What the events told of a container. */
struct told {
	char *id, *name, *health;
	bool paused;
};

struct stream {
	struct fake_engine fake;
	VEC(struct told) told;
	struct http_parser http;
	struct events *events;
};

static struct told *told_of(struct stream *s, struct str id)
{
	for (size_t i = 0; i < s->told.n; i++)
		if (str_eqz(id, s->told.v[i].id))
			return &s->told.v[i];
	vec_push(&s->told, (struct told){.id = xmemdup0(id.p, id.len)});
	return &s->told.v[s->told.n - 1];
}

static void set_text(char **text, struct str value)
{
	if (value.len == 0)
		return;
	free(*text);
	*text = xmemdup0(value.p, value.len);
}

static void stream_on_event(const struct engine_event *event, void *arg)
{
	struct stream *s = arg;
	struct told *t = told_of(s, event->id);

	if (event->kind < ENGINE_NETWORK_CONNECT)
		set_text(&t->name, event->name);
	if (event->kind == ENGINE_CONTAINER_HEALTH)
		set_text(&t->health, event->health);
	if (event->kind == ENGINE_CONTAINER_PAUSE)
		t->paused = true;
	if (event->kind == ENGINE_CONTAINER_UNPAUSE || event->kind == ENGINE_CONTAINER_DIE)
		t->paused = false;
	inventory_engine_handlers()->on_event(NULL, event, s->fake.inv);
}

static void stream_on_lost(const char *why, void *arg)
{
	cr_assert_fail("lost: %s", why);
}

static void stream_on_head(const struct http_head *head, void *arg) {}

static void stream_on_body(struct str bytes, void *arg)
{
	struct stream *s = arg;

	events_feed(s->events, bytes.p, bytes.len);
}

static void stream_on_done(void *arg) {}

static void stream_init(struct stream *s)
{
	static const struct events_handlers events_handlers = {stream_on_event, stream_on_lost};
	static const struct http_handlers http_handlers = {
		stream_on_head, stream_on_body, stream_on_done};

	*s = (struct stream){.told = VEC_INIT};
	fake_start(&s->fake, NULL);
	fake_up(&s->fake, "[]");
	s->events = events_new(&events_handlers, s);
	http_init(&s->http, &http_handlers, s);
	http_expect(&s->http, HTTP_EXPECT_BODY, HTTP_BODY_UNLIMITED);
}

static void stream_release(struct stream *s)
{
	events_free(s->events);
	http_release(&s->http);
	fake_stop(&s->fake);
	for (size_t i = 0; i < s->told.n; i++) {
		free(s->told.v[i].id);
		free(s->told.v[i].name);
		free(s->told.v[i].health);
	}
	vec_release(&s->told);
}

static void feed(struct stream *s, struct str bytes)
{
	struct error err = ERROR_INIT;
	size_t used;

	cr_assert(http_feed(&s->http, bytes, &used, &err), "%s", error_text(&err));
}

static void answer(struct stream *s, const char *path)
{
	struct str id = str_from(path + strlen("/containers/"));
	const struct told *t = told_of(s, str_sub(id, 0, id.len - strlen("/json")));
	char *state = xasprintf(",\"Paused\":%s,\"Health\":{\"Status\":\"%s\"}",
		t->paused ? "true" : "false", t->health ? t->health : "none");

	fake_answer(&s->fake, path, 200,
		fake_inspect_with(t->id, t->name ? t->name : "", t->paused ? "paused" : "running",
			"10.0.0.1", state, ""));
	free(state);
}

static void answer_all(struct stream *s)
{
	for (size_t i = 0; i < s->fake.n; i++)
		if (s->fake.calls[i] && strncmp(s->fake.paths[i], "/containers/", 12) == 0) {
			char *path = xstrdup(s->fake.paths[i]);

			answer(s, path);
			free(path);
		}
}

static int compare_lines(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The running containers of the model as in models.want. */
static void describe(struct fake_engine *f, struct buf *out)
{
	struct snapshot *s = inventory_snapshot(f->inv);
	VEC(char *) lines = VEC_INIT;

	for (size_t i = 0; i < snapshot_count(s); i++) {
		const struct rec_container *r = &snapshot_at(s, i)->rec;
		struct str health = r->state.health.status;

		if (str_eq(health, STR("none")))
			health = STR("");
		if (r->state.running)
			vec_push(&lines,
				xasprintf("{\"id\":\"%.*s\",\"name\":\"%.*s\",\"paused\":%s,"
					  "\"health\":\"%.*s\"}\n",
					STR_ARG(r->id), STR_ARG(r->name),
					r->state.paused ? "true" : "false", STR_ARG(health)));
	}
	snapshot_unref(s);
	if (lines.n)
		qsort(lines.v, lines.n, sizeof(*lines.v), compare_lines);
	for (size_t i = 0; i < lines.n; i++) {
		buf_add_cstr(out, lines.v[i]);
		free(lines.v[i]);
	}
	vec_release(&lines);
}

/* The stream in pieces: [0, split), then step bytes at a time. */
static void check_stream(
	const char *path, struct str bytes, struct str want, size_t split, size_t step)
{
	struct stream s;
	struct buf got;

	stream_init(&s);
	feed(&s, str_sub(bytes, 0, split));
	for (size_t at = split; at < bytes.len; at += step)
		feed(&s, str_sub(bytes, at, at + step < bytes.len ? at + step : bytes.len));
	answer_all(&s);
	buf_init(&got, SIZE_MAX / 2);
	describe(&s.fake, &got);
	cr_assert(str_eq(buf_str(&got), want),
		"%s, split at %zu, %zu bytes at a time: got\n%s\nwanted\n%.*s", path, split, step,
		buf_cstr(&got), STR_ARG(want));
	buf_release(&got);
	stream_release(&s);
}

static void read_file(const char *name, struct buf *ret)
{
	const char *top = getenv("top_srcdir");
	char *path = xasprintf("%s/tests/captures/%s", top ? top : ".", name);
	struct error err = ERROR_INIT;

	buf_init(ret, SIZE_MAX / 2);
	cr_assert(file_read(path, CAPTURE_MAX, ret, &err), "%s", error_text(&err));
	free(path);
}

static void check_capture(struct str name, struct str want)
{
	char *path = xmemdup0(name.p, name.len);
	size_t every = getenv("UD_TEST_EVERY_SPLIT") ? SIZE_MAX : SPLITS;
	struct buf bytes;

	read_file(path, &bytes);
	check_stream(path, buf_str(&bytes), want, bytes.len, 1);
	check_stream(path, buf_str(&bytes), want, 0, 1);
	for (size_t k = 1; k < bytes.len; k += 1 + bytes.len / every)
		check_stream(path, buf_str(&bytes), want, k, bytes.len);
	buf_release(&bytes);
	free(path);
}

Test(model_captures, streams_lead_to_the_model_that_another_reader_found)
{
	struct str rest, name, section;
	size_t streams = 0;
	struct buf want;
	ssize_t next;

	read_file("models.want", &want);
	rest = buf_str(&want);
	while (str_has_prefix(rest, STR("# "))) {
		cr_assert(str_cut(str_sub(rest, 2, rest.len), '\n', &name, &rest));
		next = str_has_prefix(rest, STR("#")) ? 0 : str_find(rest, STR("\n#"));
		section = str_sub(rest, 0, next < 0 ? rest.len : next ? (size_t)next + 1 : 0);
		rest = str_sub(rest, section.len, rest.len);
		check_capture(name, section);
		streams++;
	}
	cr_assert_eq(rest.len, 0);
	cr_assert_gt(streams, 100);
	buf_release(&want);
}
