/* SPDX-License-Identifier: MIT
 *
 * The engine of the inventory's tests, see fake_engine.h.
 */
#include "config.h"

#include "unit/model/fake_engine.h"

#include "base/alloc.h"
#include "base/log.h"
#include "model/container.h"
#include "model/expose.h"
#include "unit/loop.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#define TEXT_MAX 8192
#define NETWORK  "1111111111111111111111111111111111111111111111111111111111111111"

struct engine_call {
	struct fake_engine *engine;
	struct engine_call_handlers handlers;
	void *arg;
	size_t number;
};

/* The fake that the inventory under test talks to: requests carry no pointer to it. */
static struct fake_engine *current;

static struct engine_call *on_call(struct engine *e UNUSED, const struct engine_request *request,
	const struct engine_call_handlers *handlers, void *arg)
{
	struct engine_call *call = xmalloc(sizeof(*call));

	cr_assert_lt(current->n, FAKE_CALLS_MAX);
	*call = (struct engine_call){current, *handlers, arg, current->n};
	current->calls[current->n] = call;
	current->paths[current->n++] = xstrdup(request->path);
	return call;
}

static void on_cancel(struct engine_call *call)
{
	call->engine->calls[call->number] = NULL;
	free(call);
}

static const struct inventory_io io = {.call = on_call, .cancel = on_cancel};

static void inventory_on_change(const struct inventory_change *change, void *arg)
{
	struct fake_engine *f = arg;

	f->changes++;
	f->last = *change;
	snprintf(f->last_name, sizeof(f->last_name), "%s", change->name ? change->name : "");
	snprintf(f->last_id, sizeof(f->last_id), "%.*s", STR_ARG(change->id));
}

void fake_start(struct fake_engine *f, const struct inventory_options *options)
{
	struct inventory_options o = {.name = "fake"};

	*f = (struct fake_engine){.base = event_base_new()};
	current = f;
	if (options)
		o = *options;
	o.on_change = inventory_on_change;
	o.arg = f;
	f->inv = inventory_new(f->base, &o);
	inventory_set_io(f->inv, &io);
	inventory_set_engine(f->inv, NULL);
}

void fake_stop(struct fake_engine *f)
{
	for (size_t i = 0; i < f->n; i++) {
		free(f->calls[i]);
		free(f->paths[i]);
	}
	inventory_free(f->inv);
	event_base_free(f->base);
}

void fake_up(struct fake_engine *f, const char *list)
{
	bool all = fake_count(f, "/containers/json?all=1") > 0;

	inventory_engine_handlers()->on_up(NULL, f->inv);
	all = all || fake_waiting(f, "/containers/json?all=1");
	fake_answer(f, "/networks", 200,
		"[{\"Name\":\"front\",\"Id\":\"" NETWORK "\",\"Internal\":false}]");
	fake_answer(f, "/info", 200, "{\"Name\":\"host\",\"Containers\":3,\"Images\":2}");
	fake_answer(f, "/version", 200, "{\"Version\":\"28.5.2\",\"ApiVersion\":\"1.51\"}");
	fake_answer(f, all ? "/containers/json?all=1" : "/containers/json", 200, list);
}

void fake_start_with_a(struct fake_engine *f, const struct inventory_options *options)
{
	char list[8192 + 3];

	fake_start(f, options);
	snprintf(list, sizeof(list), "[%s]", fake_row(A, "a", "running", "10.0.0.1"));
	fake_up(f, list);
	fake_answer(f, PATH_A, 200, fake_inspect(A, "a", "running", "10.0.0.1"));
	cr_assert_eq(f->changes, 1);
	cr_assert_str_eq(f->last.event, "first list");
}

void fake_advance(struct fake_engine *f, int64_t ns)
{
	int64_t end = clock_mono_ns() + ns;

	loop_until(f->base, clock_mono_ns() >= end);
}

static char said[1024];

static void log_on_line(enum log_level level, const char *line)
{
	snprintf(said, sizeof(said), "%s", line);
}

const char *fake_said(void)
{
	return said;
}

void fake_quiet(void)
{
	log_set_sink(log_on_line);
}

size_t fake_count(const struct fake_engine *f, const char *path)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		n += strncmp(f->paths[i], path, strlen(path)) == 0;
	return n;
}

size_t fake_waiting(const struct fake_engine *f, const char *path)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		n += f->calls[i] && strcmp(f->paths[i], path) == 0;
	return n;
}

/* Bodies come in two pieces, so that every answer crosses a boundary. */
static void answer(struct engine_call *call, int status, struct str body)
{
	struct error err = ERROR_INIT;
	size_t half = body.len / 2;

	if (status >= 200 && status < 300) {
		if (call->handlers.on_body) {
			call->handlers.on_body(call, str_sub(body, 0, half), call->arg);
			call->handlers.on_body(call, str_sub(body, half, body.len), call->arg);
		}
		call->handlers.on_done(call, status, NULL, call->arg);
	} else {
		error_set(&err, "the engine answered %d", status);
		call->handlers.on_done(call, status, &err, call->arg);
	}
	error_clear(&err);
}

void fake_answer(struct fake_engine *f, const char *path, int status, const char *body)
{
	for (size_t i = 0; i < f->n; i++) {
		struct engine_call *call = f->calls[i];

		if (!call || strcmp(f->paths[i], path) != 0)
			continue;
		f->calls[i] = NULL;
		answer(call, status, str_from(body));
		free(call);
		return;
	}
	cr_assert_fail("no request waits for %s", path);
}

static void tell(struct fake_engine *f, struct engine_event *event)
{
	static int64_t nano = INT64_MAX / 2; /* later than all that inspects say */

	if (!event->time_nano)
		event->time_nano = nano++;
	event->action = engine_event_text(event->kind);
	inventory_engine_handlers()->on_event(NULL, event, f->inv);
}

void fake_event_at(struct fake_engine *f, enum engine_event_kind kind, const char *id, int64_t nano)
{
	struct engine_event event = {.kind = kind,
		.id = str_from(id),
		.network = STR(NETWORK),
		.time_nano = nano};

	tell(f, &event);
}

void fake_event(struct fake_engine *f, enum engine_event_kind kind, const char *id)
{
	fake_event_at(f, kind, id, 0);
}

void fake_health(struct fake_engine *f, const char *id, const char *health)
{
	struct engine_event event = {.kind = ENGINE_CONTAINER_HEALTH, .id = str_from(id)};

	event.health = str_from(health);
	tell(f, &event);
}

const char *fake_inspect_with(const char *id, const char *name, const char *status, const char *ip,
	const char *state, const char *more)
{
	static char text[TEXT_MAX];
	bool running = strcmp(status, "running") == 0 || strcmp(status, "paused") == 0;
	int n = snprintf(text, sizeof(text),
		"{\"Id\":\"%s\",\"Name\":\"/%s\",\"Created\":\"2024-05-01T10:00:00Z\","
		"\"State\":{\"Status\":\"%s\",\"Running\":%s%s},\"Image\":\"sha256:aa\","
		"\"Config\":{\"Image\":\"app:1\",\"Env\":[\"A=1\"],\"Labels\":{\"tier\":\"web\"}},"
		"\"NetworkSettings\":{\"Ports\":{\"80/tcp\":null},\"Networks\":{\"front\":{"
		"\"NetworkID\":\"%s\",\"IPAddress\":\"%s\",\"EndpointID\":\"e%s\"}}}%s}",
		id, name, status, running ? "true" : "false", state, running ? NETWORK : "", ip,
		ip, more);

	cr_assert_lt(n, TEXT_MAX);
	return text;
}

const char *fake_inspect(const char *id, const char *name, const char *status, const char *ip)
{
	return fake_inspect_with(id, name, status, ip, "", "");
}

const char *fake_row(const char *id, const char *name, const char *status, const char *ip)
{
	static char text[TEXT_MAX];

	snprintf(text, sizeof(text),
		"{\"Id\":\"%s\",\"Names\":[\"/%s\"],\"State\":\"%s\",\"Status\":\"Up 5 seconds\","
		"\"Ports\":[{\"PrivatePort\":80,\"Type\":\"tcp\"}],\"NetworkSettings\":{"
		"\"Networks\":{\"front\":{\"NetworkID\":\"%s\",\"IPAddress\":\"%s\","
		"\"EndpointID\":\"e%s\"}}}}",
		id, name, status, NETWORK, ip, ip);
	return text;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

const char *fake_running(struct fake_engine *f)
{
	static char text[TEXT_MAX];
	struct snapshot *s = inventory_snapshot(f->inv);
	char *names[64];
	size_t n = 0, len = 0;

	if (!s)
		return "none";
	text[0] = '\0';
	for (size_t i = 0; i < snapshot_count(s); i++) {
		const struct container *c = snapshot_at(s, i);

		if (c->rec.state.running)
			names[n++] = xmemdup0(c->rec.name.p, c->rec.name.len);
	}
	qsort(names, n, sizeof(*names), compare_names);
	for (size_t i = 0; i < n; i++) {
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s", i ? " " : "",
			names[i]);
		free(names[i]);
	}
	snapshot_unref(s);
	return text;
}
