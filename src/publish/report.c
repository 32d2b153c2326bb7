/* SPDX-License-Identifier: MIT
 *
 * What a target tells about its cycles: one summary line each, the error of one that failed, and
 * the publisher's callback. A failure that only repeats the last one is told at level debug.
 */
#include "config.h"

#include "publish/machine.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "config/config.h"
#include "publish/publisher_impl.h"

#include <stdlib.h>

/* Lines of a failing command that go to the log. */
#define SAID_LINES_MAX 20
#define WHAT_MAX       ((size_t)256)
#define FIELDS_MAX     12

static void add_part(struct buf *what, bool done, const char *part)
{
	if (done)
		buf_add_fmt(what, "%s%s", what->len ? ", " : "", part);
}

/* "checked, written, reloaded", "unchanged", … */
static void describe(const struct target *t, struct buf *what)
{
	const struct cycle *c = &t->now;

	add_part(what, c->checked && !c->failed, "checked");
	add_part(what, c->written, "written");
	add_part(what, c->reloaded, "reloaded");
	add_part(what, c->verified && !c->failed, "verified");
	add_part(what, c->failed, c->trouble);
	add_part(what, what->len == 0, "unchanged");
}

static void log_summary(
	const struct target *t, enum log_level level, const char *what, int64_t total)
{
	static const char *const spans[] = {[SPAN_RENDER] = "render",
		[SPAN_CHECK] = "check",
		[SPAN_COMMIT] = "commit",
		[SPAN_RELOAD] = "reload"};
	const struct cycle *c = &t->now;
	struct log_field fields[FIELDS_MAX];
	size_t n = 0;
	char *msg;

	if (!log_enabled(level))
		return;
	fields[n++] = LOG_STR("event", c->event);
	if (c->container)
		fields[n++] = LOG_STR("container", c->container);
	if (c->causes > 1)
		fields[n++] = LOG_INT("events", c->causes);
	fields[n++] = LOG_INT("containers", c->view.containers);
	fields[n++] = LOG_INT("bytes", c->bytes);
	for (size_t i = 0; i < SPANS; i++)
		if (c->spans[i] >= 0)
			fields[n++] = LOG_MS(spans[i], c->spans[i]);
	fields[n++] = LOG_MS("total", total);
	msg = xasprintf("output %s: %s", t->output->name, what);
	log_fields(level, msg, fields, n);
	free(msg);
}

/* What the failing command wrote, line by line. */
static void log_said(const struct target *t, enum log_level level)
{
	struct str rest = str_from(t->now.said), line;

	for (int n = 0; rest.len && log_enabled(level); n++) {
		char *text;

		if (!str_cut(rest, '\n', &line, &rest))
			rest = STR("");
		if (n == SAID_LINES_MAX) {
			log_fields(level, "  | …", NULL, 0);
			return;
		}
		text = xasprintf("  | %.*s", STR_ARG(line));
		log_fields(level, text, NULL, 0);
		free(text);
	}
}

/* Whether the error is a new one. Afterwards t->error is the present one, or NULL. */
static bool note_error(struct target *t)
{
	const char *text = error_text(&t->now.error);
	bool repeats = t->now.failed && t->error && strcmp(t->error, text) == 0;

	free(t->error);
	t->error = t->now.failed ? xstrdup(text) : NULL;
	return t->now.failed && !repeats;
}

static void log_failure(const struct target *t, bool is_new)
{
	char *msg = xasprintf("output %s: %s: %s", t->output->name, t->now.trouble, t->error);

	log_fields(is_new ? LOG_ERROR : LOG_DEBUG, msg, NULL, 0);
	free(msg);
	if (t->now.said)
		log_said(t, is_new ? LOG_INFO : LOG_DEBUG);
}

static enum target_result result_of(const struct cycle *c)
{
	if (c->failed)
		return TARGET_FAILED;
	return c->written || c->reloaded ? TARGET_APPLIED : TARGET_UNCHANGED;
}

static void call_back(const struct target *t, const char *what, int64_t total)
{
	const struct cycle *c = &t->now;
	struct target_cycle cycle = {.output = t->output->name,
		.dest = t->output->dest,
		.event = c->event,
		.container = c->container,
		.causes = c->causes,
		.containers = c->view.containers,
		.bytes = c->bytes,
		.result = result_of(c),
		.what = what,
		.error = t->error,
		.render_ns = c->spans[SPAN_RENDER],
		.check_ns = c->spans[SPAN_CHECK],
		.commit_ns = c->spans[SPAN_COMMIT],
		.reload_ns = c->spans[SPAN_RELOAD],
		.total_ns = total};

	if (t->pub->cycle)
		t->pub->cycle(t->pub->cycle_arg, &cycle);
}

void report_cycle(struct target *t)
{
	int64_t total = clock_mono_ns() - t->now.started;
	bool is_new = note_error(t);
	struct buf what;

	t->cycles++;
	t->failures += t->now.failed;
	buf_init(&what, WHAT_MAX);
	describe(t, &what);
	if (t->now.failed)
		log_failure(t, is_new);
	log_summary(t, t->now.failed && !is_new ? LOG_DEBUG : LOG_INFO, buf_cstr(&what), total);
	call_back(t, buf_cstr(&what), total);
	buf_release(&what);
}
