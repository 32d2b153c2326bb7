/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "engine/transcript.h"

static void add_field(struct buf *text, const char *name, struct str value)
{
	if (value.len)
		buf_add_fmt(text, " %s=%.*s", name, STR_ARG(value));
}

void transcript_add_event(struct buf *text, const struct engine_event *event)
{
	buf_add_fmt(text, "  %s %lld", event->action, (long long)event->time_nano);
	add_field(text, "id", event->id);
	add_field(text, "network", event->network);
	add_field(text, "netname", event->network_name);
	add_field(text, "name", event->name);
	add_field(text, "image", event->image);
	add_field(text, "signal", event->signal);
	add_field(text, "health", event->health);
	buf_add_char(text, '\n');
}

static void transcript_on_event(const struct engine_event *event, void *arg)
{
	struct transcript *t = arg;

	transcript_add_event(&t->text, event);
}

static void transcript_on_lost(const char *why, void *arg)
{
	struct transcript *t = arg;

	buf_add_fmt(&t->text, "  lost: %s\n", why);
}

static void transcript_on_head(const struct http_head *head, void *arg)
{
	struct transcript *t = arg;

	buf_add_fmt(&t->text, "HTTP/1.%d %d [%.*s]%s\n", head->minor, head->status,
		STR_ARG(head->reason), head->keep_alive ? " keep-alive" : "");
	for (size_t i = 0; i < head->n_headers; i++)
		buf_add_fmt(&t->text, "[%.*s]=[%.*s]\n", STR_ARG(head->headers[i].name),
			STR_ARG(head->headers[i].value));
}

static void transcript_on_body(struct str bytes, void *arg)
{
	struct transcript *t = arg;

	buf_add_str(&t->body, bytes);
	if (t->feed_events)
		events_feed(t->events, bytes.p, bytes.len);
}

static void add_body(struct transcript *t)
{
	buf_add_fmt(&t->text, "body %zu bytes, hash %llx\n", t->body.len,
		(unsigned long long)str_hash(buf_str(&t->body)));
	if (t->with_body) {
		buf_add_str(&t->text, buf_str(&t->body));
		buf_add_char(&t->text, '\n');
	}
	buf_clear(&t->body);
}

static void transcript_on_done(void *arg)
{
	struct transcript *t = arg;

	add_body(t);
	buf_add_cstr(&t->text, "done\n");
	t->answers++;
}

void transcript_clear(struct transcript *t)
{
	buf_clear(&t->text);
	buf_clear(&t->body);
	events_reset(t->events);
	t->failed = false;
	t->answers = 0;
	http_expect(&t->http, t->expect, t->body_max);
}

void transcript_init(struct transcript *t, enum http_expect expect, uint64_t body_max)
{
	static const struct http_handlers http_handlers = {
		transcript_on_head, transcript_on_body, transcript_on_done};
	static const struct events_handlers events_handlers = {
		transcript_on_event, transcript_on_lost};

	memset(t, 0, sizeof(*t));
	t->expect = expect;
	t->body_max = body_max;
	http_init(&t->http, &http_handlers, t);
	t->events = events_new(&events_handlers, t);
	buf_init(&t->text, SIZE_MAX / 2);
	buf_init(&t->body, SIZE_MAX / 2);
	transcript_clear(t);
}

void transcript_release(struct transcript *t)
{
	http_release(&t->http);
	events_free(t->events);
	buf_release(&t->text);
	buf_release(&t->body);
}

static void add_failure(struct transcript *t, struct error *err)
{
	if (t->body.len)
		add_body(t);
	buf_add_fmt(&t->text, "error: %s\n", error_text(err));
	error_clear(err);
	t->failed = true;
}

void transcript_feed(struct transcript *t, struct str bytes)
{
	struct error err = ERROR_INIT;
	size_t used = 0;

	while (bytes.len && !t->failed) {
		if (!http_feed(&t->http, bytes, &used, &err)) {
			add_failure(t, &err);
			return;
		}
		bytes = str_sub(bytes, used, bytes.len);
		if (bytes.len == 0)
			return;
		if (!t->pipelined || !http_is_done(&t->http)) {
			/* Bytes behind the end come in pieces; the text may not show that. */
			buf_add_str(&t->body, bytes);
			return;
		}
		http_expect(&t->http, t->expect, t->body_max);
	}
}

void transcript_eof(struct transcript *t)
{
	struct error err = ERROR_INIT;

	if (t->failed)
		return;
	if (!http_eof(&t->http, &err))
		add_failure(t, &err);
	else if (t->body.len)
		buf_add_fmt(&t->text, "rest [%.*s]\n", STR_ARG(buf_str(&t->body)));
}

const char *transcript_text(struct transcript *t)
{
	return buf_cstr(&t->text);
}
