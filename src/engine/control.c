/* SPDX-License-Identifier: MIT
 *
 * Acts on containers, see control.h. An act is a chain of requests: each names the function that
 * goes on when its answer is there. One timer is the deadline of the whole act, and in the meantime
 * the pause before a command that still runs is looked at again.
 */
#include "config.h"

#include "engine/control.h"

#include "base/alloc.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "engine/control_json.h"
#include "engine/engine.h"
#include "engine/frames.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

/* The stream of a command ends with the command: looking again is for engines that need a moment to
 * note it. */
#define LOOK_AGAIN_NS  (50 * (int64_t)NS_PER_MS)
#define PATH_MAX_BYTES 1024

struct control {
	struct engine *engine;
	char *container;
	control_answer_cb *answer;
	void *arg;
	int64_t started, deadline, timeout_ns;
	struct event *timer;
	struct engine_call *call;
	void (*next)(struct control *c); /* when the call's answer is there, or the pause over */
	bool is_stream;			 /* the answer is frames, not JSON */
	struct frames frames;
	struct buf body;   /* of a JSON answer */
	struct buf output; /* of a stream */
	char *argv_json;   /* exec */
	char *exec;	   /* its id, to be put in a path */
};

static void control_free(struct control *c)
{
	event_free(c->timer);
	buf_release(&c->body);
	buf_release(&c->output);
	free(c->container);
	free(c->argv_json);
	free(c->exec);
	free(c);
}

/* Answers and frees. */
static void end(struct control *c, struct control_answer *answer)
{
	answer->output = buf_str(&c->output);
	answer->ns = clock_mono_ns() - c->started;
	c->answer(c->arg, answer);
	control_free(c);
}

static void fail(struct control *c, int status, const struct error *err)
{
	struct control_answer answer = {.err = err, .status = status};

	end(c, &answer);
}

static void succeed(struct control *c)
{
	struct control_answer answer = {.err = NULL};

	end(c, &answer);
}

/* Fails with err after what was done, and clears it. */
static void fail_at(struct control *c, struct error *err, const char *what)
{
	error_prepend(err, "engine %s: %s %s: ", engine_name(c->engine), what, c->container);
	fail(c, 0, err);
	error_clear(err);
}

/* --- requests --------------------------------------------------------------------------- */

static void arm(struct control *c, int64_t when)
{
	struct timeval tv = clock_timeval(when - clock_mono_ns());

	event_add(c->timer, &tv);
}

static void keep_output(void *arg, struct str bytes)
{
	struct buf *b = arg;

	buf_add_str(b, str_sub(bytes, 0, b->max - b->len));
}

static void control_on_body(struct engine_call *call, struct str bytes, void *arg)
{
	struct control *c = arg;

	(void)call;
	if (c->is_stream)
		frames_feed(&c->frames, bytes, keep_output, &c->output);
	else
		buf_add_str(&c->body, bytes);
}

static void control_on_done(
	struct engine_call *call, int status, const struct error *err, void *arg)
{
	struct control *c = arg;
	struct error cut = ERROR_INIT;

	(void)call;
	c->call = NULL;
	if (err) {
		fail(c, status, err);
	} else if (c->is_stream && !frames_is_whole(&c->frames)) {
		error_set(&cut, "the stream was cut");
		fail_at(c, &cut, "output of");
	} else {
		c->next(c);
	}
}

static void control_on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct control *c = arg;
	struct error err = ERROR_INIT;

	(void)fd;
	(void)what;
	if (clock_mono_ns() < c->deadline) {
		arm(c, c->deadline);
		c->next(c);
		return;
	}
	engine_call_cancel(c->call);
	error_set(&err, "no end within %g s%s", (double)c->timeout_ns / NS_PER_S,
		c->exec ? "; the command may still run in the container" : "");
	fail_at(c, &err, c->argv_json ? "a command in" : "asking about");
}

/* Sends a request; next goes on from its answer. path is emptied. */
static void ask(struct control *c, const char *method, struct buf *path, struct str body,
	bool is_stream, void (*next)(struct control *c))
{
	static const struct engine_call_handlers handlers = {control_on_body, control_on_done};
	struct engine_request request = {
		.method = method,
		.path = buf_cstr(path),
		.body = body,
		.is_act = true,
		.timeout_ns = c->timeout_ns,
		.body_max = is_stream ? CONTROL_STREAM_MAX : CONTROL_ANSWER_MAX,
	};

	c->is_stream = is_stream;
	c->next = next;
	buf_clear(&c->body);
	c->call = engine_call(c->engine, &request, &handlers, c);
	buf_release(path);
}

/* Begins "/containers/ID". */
static void container_path(const struct control *c, struct buf *path)
{
	buf_init(path, PATH_MAX_BYTES);
	buf_add_cstr(path, "/containers/");
	engine_path_add(path, str_from(c->container));
}

static struct control *control_new(struct engine *e, const char *container, int64_t timeout_ns,
	control_answer_cb *answer, void *arg)
{
	struct control *c = xcalloc(1, sizeof(*c));

	c->engine = e;
	c->container = xstrdup(container);
	c->answer = answer;
	c->arg = arg;
	c->timeout_ns = timeout_ns;
	c->started = clock_mono_ns();
	c->deadline = c->started + timeout_ns;
	buf_init(&c->body, (size_t)CONTROL_ANSWER_MAX);
	buf_init(&c->output, CONTROL_OUTPUT_MAX);
	c->timer = evtimer_new(engine_base(e), control_on_timer, c);
	if (!c->timer)
		abort();
	arm(c, c->deadline);
	return c;
}

void control_cancel(struct control *c)
{
	if (!c)
		return;
	engine_call_cancel(c->call);
	control_free(c);
}

/* --- exec ------------------------------------------------------------------------------- */

static void exec_path(const struct control *c, struct buf *path, const char *what)
{
	buf_init(path, PATH_MAX_BYTES);
	buf_add_cstr(path, "/exec/");
	engine_path_add(path, str_from(c->exec));
	buf_add_cstr(path, what);
}

static void look_at_exec(struct control *c);

/* The command's state is there. */
static void exec_seen(struct control *c)
{
	struct control_answer answer = {.err = NULL};
	struct error err = ERROR_INIT;
	struct arena arena;
	bool running, ok;

	arena_init(&arena);
	ok = control_read_exec(&arena, buf_str(&c->body), &running, &answer.exit_code, &err);
	arena_release(&arena);
	if (!ok) {
		fail_at(c, &err, "a command in");
	} else if (running) {
		int64_t when = clock_mono_ns() + LOOK_AGAIN_NS;

		c->next = look_at_exec;
		arm(c, when < c->deadline ? when : c->deadline);
	} else {
		end(c, &answer);
	}
}

static void look_at_exec(struct control *c)
{
	struct buf path;

	exec_path(c, &path, "/json");
	ask(c, "GET", &path, STR(""), false, exec_seen);
}

static void exec_created(struct control *c)
{
	struct error err = ERROR_INIT;
	struct arena arena;
	struct buf path;
	struct str id;
	bool ok;

	arena_init(&arena);
	ok = control_read_id(&arena, buf_str(&c->body), &id, &err);
	if (ok)
		c->exec = xstrdup(arena_str(&arena, id).p);
	arena_release(&arena);
	if (!ok) {
		fail_at(c, &err, "a command in");
		return;
	}
	exec_path(c, &path, "/start");
	ask(c, "POST", &path, STR("{\"Detach\":false,\"Tty\":false}"), true, look_at_exec);
}

struct control *control_exec(struct engine *e, const char *container, const char *const *argv,
	int64_t timeout_ns, control_answer_cb *answer, void *arg)
{
	struct control *c = control_new(e, container, timeout_ns, answer, arg);
	struct buf path, body;

	buf_init(&body, (size_t)CONTROL_ANSWER_MAX);
	control_write_exec(&body, argv);
	c->argv_json = buf_take(&body, NULL);
	container_path(c, &path);
	buf_add_cstr(&path, "/exec");
	ask(c, "POST", &path, str_from(c->argv_json), false, exec_created);
	return c;
}

/* --- kill, restart ---------------------------------------------------------------------- */

struct control *control_kill(struct engine *e, const char *container, const char *signal,
	int64_t timeout_ns, control_answer_cb *answer, void *arg)
{
	struct control *c = control_new(e, container, timeout_ns, answer, arg);
	struct buf path;

	container_path(c, &path);
	buf_add_cstr(&path, "/kill?signal=");
	engine_path_add(&path, str_from(signal));
	ask(c, "POST", &path, STR(""), false, succeed);
	return c;
}

struct control *control_restart(struct engine *e, const char *container, int64_t timeout_ns,
	control_answer_cb *answer, void *arg)
{
	struct control *c = control_new(e, container, timeout_ns, answer, arg);
	struct buf path;

	container_path(c, &path);
	buf_add_cstr(&path, "/restart");
	ask(c, "POST", &path, STR(""), false, succeed);
	return c;
}

/* --- top, logs -------------------------------------------------------------------------- */

static void top_seen(struct control *c)
{
	struct control_answer answer = {.err = NULL};
	struct error err = ERROR_INIT;
	struct arena arena;

	arena_init(&arena);
	if (control_read_top(
		    &arena, buf_str(&c->body), &answer.processes, &answer.n_processes, &err))
		end(c, &answer);
	else
		fail_at(c, &err, "processes of");
	arena_release(&arena);
}

/* docker hands ps_args to the host's ps; podman reads its own descriptors, and would hand options
 * to a ps in the container, which need not be there. */
struct control *control_top(struct engine *e, const char *container, int64_t timeout_ns,
	control_answer_cb *answer, void *arg)
{
	struct control *c = control_new(e, container, timeout_ns, answer, arg);
	struct buf path;

	container_path(c, &path);
	buf_add_cstr(&path, "/top?ps_args=");
	engine_path_add(
		&path, engine_is_podman(e) ? STR("pid,ppid,args") : STR("-eo pid,ppid,args"));
	ask(c, "GET", &path, STR(""), false, top_seen);
	return c;
}

struct control *control_logs(struct engine *e, const char *container, int64_t since_real_ns,
	int64_t timeout_ns, control_answer_cb *answer, void *arg)
{
	struct control *c = control_new(e, container, timeout_ns, answer, arg);
	struct buf path;

	container_path(c, &path);
	buf_add_fmt(&path, "/logs?stdout=1&stderr=1&since=%lld.%09lld",
		(long long)(since_real_ns / NS_PER_S), (long long)(since_real_ns % NS_PER_S));
	ask(c, "GET", &path, STR(""), true, succeed);
	return c;
}
