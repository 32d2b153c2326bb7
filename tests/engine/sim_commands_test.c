/* SPDX-License-Identifier: MIT
 *
 * Commands about the emulator itself: bursts, counters and waiting on them, faults, sockets.
 */
#include "config.h"

#include "engine/sim_commands.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "engine/sim_action.h"
#include "engine/sim_conn.h"
#include "engine/sim_event.h"
#include "engine/sim_fault.h"
#include "engine/sim_fields.h"
#include "engine/sim_model.h"
#include "engine/sim_publish.h"
#include "engine/sim_server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WAIT_MS	     10000
#define WAIT_POLL_MS 2
#define QUIT_NS	     (10LL * NS_PER_MS)

bool sim_take_number(struct call *c, size_t i, uint64_t max, uint64_t *ret)
{
	return str_to_u64(str_from(c->args[i]), max, ret) ||
	       error_set(
		       c->err, "'%s' is no number up to %llu", c->args[i], (unsigned long long)max);
}

/* ---- bursts ---- */

struct burst_job {
	uint64_t ticket;
	char *ref;
	bool noise;
};

/* Event i of a burst: of the named container, or of each in turn. */
static void burst_make(struct sim *s, void *arg, uint64_t i)
{
	struct burst_job *job = arg;
	struct sim_container *ct = job->ref ? sim_container_find(s, job->ref) : NULL;

	if (!ct && s->containers.n)
		ct = s->containers.v[i % s->containers.n];
	if (!ct)
		return;
	if (job->noise)
		sim_simple(s, ct, "exec_start: /bin/sh -c exit 0");
	else
		sim_simple(s, ct, "update");
}

static void burst_done(struct sim *s, void *arg)
{
	struct burst_job *job = arg;

	if (job->ticket)
		sim_control_answer(s, job->ticket, NULL);
	free(job->ref);
	free(job);
}

bool sim_cmd_burst(struct call *c)
{
	struct burst_job *job;
	uint64_t n;
	bool noise = c->n < 2 || strcmp(c->args[1], "exec") == 0;

	if (!sim_take_number(c, 0, 100000000, &n))
		return false;
	if (!noise && strcmp(c->args[1], "update") != 0)
		return error_set(c->err, "a burst is of exec or update, not '%s'", c->args[1]);
	if (c->s->containers.n == 0)
		return error_set(c->err, "a burst needs a container");
	job = xcalloc(1, sizeof(*job));
	job->noise = noise;
	job->ref = c->n > 2 ? xstrdup(c->args[2]) : NULL;
	job->ticket = sim_control_later(c->conn);
	if (!sim_burst(c->s, n, burst_make, burst_done, job)) {
		job->ticket = 0;
		burst_done(c->s, job);
		return error_set(c->err, "a burst is running");
	}
	c->later = true;
	return true;
}

/* ---- counters ---- */

bool sim_cmd_counters(struct call *c)
{
	sim_counters_list(c->s, c->out);
	return true;
}

bool sim_cmd_get(struct call *c)
{
	uint64_t value;

	if (!sim_counter_get(c->s, c->args[0], &value, c->err))
		return false;
	buf_add_fmt(c->out, "%llu\n", (unsigned long long)value);
	return true;
}

bool sim_cmd_requests(struct call *c)
{
	for (size_t i = 0; i < c->s->requests.n; i++)
		buf_add_fmt(c->out, "%s\n", c->s->requests.v[i]);
	return true;
}

/* Forgets the requests and puts the counters to 0. */
bool sim_cmd_reset(struct call *c)
{
	struct sim *s = c->s;

	for (size_t i = 0; i < s->requests.n; i++)
		free(s->requests.v[i]);
	vec_clear(&s->requests);
	for (size_t i = 0; i < s->by_endpoint.n; i++)
		s->by_endpoint.v[i] = 0;
	for (size_t i = 0; i < s->containers.n; i++)
		s->containers.v[i]->inspects = 0;
	s->count = (struct sim_counters){.requests = 0};
	return true;
}

/* A condition that a client waits for. */
struct waiter {
	struct sim *s;
	struct event *timer;
	uint64_t ticket, value;
	char *name;
	bool (*holds)(uint64_t a, uint64_t b);
	const char *op;
	int64_t deadline;
};

static bool op_eq(uint64_t a, uint64_t b)
{
	return a == b;
}

static bool op_ne(uint64_t a, uint64_t b)
{
	return a != b;
}

static bool op_ge(uint64_t a, uint64_t b)
{
	return a >= b;
}

static bool op_le(uint64_t a, uint64_t b)
{
	return a <= b;
}

static const struct {
	const char *word;
	bool (*holds)(uint64_t a, uint64_t b);
} operators[] = {{"eq", op_eq}, {"ge", op_ge}, {"le", op_le}, {"ne", op_ne}};

static void waiter_free(struct waiter *w)
{
	event_free(w->timer);
	free(w->name);
	free(w);
}

static void waiter_end(struct waiter *w, const char *error)
{
	sim_control_answer(w->s, w->ticket, error);
	for (size_t i = 0; i < w->s->waiters.n; i++)
		if (w->s->waiters.v[i] == w) {
			vec_remove(&w->s->waiters, i);
			break;
		}
	waiter_free(w);
}

static void waiter_on_timer(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
	struct timeval tv = clock_timeval(WAIT_POLL_MS * NS_PER_MS);
	struct error err = ERROR_INIT;
	struct waiter *w = arg;
	uint64_t now = 0;

	if (!sim_counter_get(w->s, w->name, &now, &err)) {
		waiter_end(w, error_text(&err));
		error_clear(&err);
	} else if (w->holds(now, w->value)) {
		waiter_end(w, NULL);
	} else if (clock_mono_ns() < w->deadline) {
		event_add(w->timer, &tv);
	} else {
		error_set(&err, "%s is %llu, waited for %s %llu", w->name, (unsigned long long)now,
			w->op, (unsigned long long)w->value);
		waiter_end(w, error_text(&err));
		error_clear(&err);
	}
}

void sim_waiters_free(struct sim *s)
{
	for (size_t i = 0; i < s->waiters.n; i++)
		waiter_free(s->waiters.v[i]);
	vec_release(&s->waiters);
}

bool sim_cmd_wait(struct call *c)
{
	uint64_t value, ms = WAIT_MS;
	struct waiter *w;
	size_t op = 0;

	while (op < ARRAY_LEN(operators) && strcmp(operators[op].word, c->args[1]) != 0)
		op++;
	if (op == ARRAY_LEN(operators))
		return error_set(c->err, "'%s' is not eq, ge, le or ne", c->args[1]);
	if (!sim_take_number(c, 2, UINT64_MAX, &value) ||
		(c->n > 3 && !sim_take_number(c, 3, 3600000, &ms)))
		return false;
	w = xcalloc(1, sizeof(*w));
	w->s = c->s;
	w->name = xstrdup(c->args[0]);
	w->holds = operators[op].holds;
	w->op = operators[op].word;
	w->value = value;
	w->deadline = clock_mono_ns() + (int64_t)ms * NS_PER_MS;
	w->ticket = sim_control_later(c->conn);
	w->timer = event_new(c->s->base, -1, EV_TIMEOUT, waiter_on_timer, w);
	vec_push(&c->s->waiters, w);
	event_active(w->timer, EV_TIMEOUT, 0);
	c->later = true;
	return true;
}

bool sim_cmd_list(struct call *c)
{
	for (size_t i = 0; i < c->s->containers.n; i++) {
		const struct sim_container *ct = c->s->containers.v[i];

		buf_add_fmt(c->out, "%s %s %s\n", ct->id, ct->name, sim_status_name(ct->status));
	}
	return true;
}

bool sim_cmd_inspect(struct call *c)
{
	struct sim_container *ct;

	if (!sim_take_container(c, c->args[0], &ct))
		return false;
	sim_write_inspect(c->s, ct, c->out);
	buf_add_char(c->out, '\n');
	return true;
}

/* ---- faults ---- */

bool sim_cmd_fault(struct call *c)
{
	return sim_fault_add(c->s, c->args, c->n, c->err);
}

bool sim_cmd_faults(struct call *c)
{
	sim_fault_list(c->s, c->out);
	return true;
}

bool sim_cmd_unfault(struct call *c)
{
	sim_fault_clear(c->s);
	return true;
}

static void cut_now(struct sim_conn *conn, bool reset)
{
	sim_stream_end(conn);
	sim_conn_close(conn, reset);
}

/* cut [now|end|chunk|json|BYTES] [reset] */
bool sim_cmd_cut(struct call *c)
{
	const char *at = c->n ? c->args[0] : "now";
	bool reset = c->n > 1 && strcmp(c->args[1], "reset") == 0;
	enum sim_cut_at where = CUT_BYTES;
	uint64_t bytes = 0;

	if (strcmp(at, "chunk") == 0)
		where = CUT_CHUNK;
	else if (strcmp(at, "json") == 0)
		where = CUT_JSON;
	else if (strcmp(at, "now") == 0 || strcmp(at, "end") == 0)
		where = CUT_NOTHING;
	else if (!sim_take_number(c, 0, INT64_MAX, &bytes))
		return false;
	for (size_t i = sim_publisher_streams(c->s); i-- > 0;) {
		struct sim_conn *conn = sim_publisher_stream(c->s, i);

		if (strcmp(at, "end") == 0) {
			sim_stream_finish(conn);
		} else if (where == CUT_NOTHING) {
			cut_now(conn, reset);
		} else {
			conn->stream.cut_at = where;
			conn->stream.cut = (int64_t)bytes;
			conn->stream.cut_reset = reset;
		}
	}
	return true;
}

/* disturb lose|late|again N */
bool sim_cmd_disturb(struct call *c)
{
	static const struct {
		const char *word;
		enum sim_disturbance disturbance;
	} words[] = {{"again", SIM_AGAIN}, {"late", SIM_LATE}, {"lose", SIM_LOSE}};
	uint64_t n;

	if (!sim_take_number(c, 1, UINT32_MAX, &n))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strcmp(c->args[0], words[i].word) == 0) {
			sim_publisher_disturb(c->s, words[i].disturbance, n);
			return true;
		}
	return error_set(c->err, "events are lost, late or told again, not '%s'", c->args[0]);
}

bool sim_cmd_idle_close(struct call *c)
{
	buf_add_fmt(c->out, "%zu\n", sim_server_close_idle(c->s->server));
	return true;
}

/* refuse [gone]: gone removes the socket file too. */
bool sim_cmd_refuse(struct call *c)
{
	sim_server_refuse(c->s->server, c->n && strcmp(c->args[0], "gone") == 0);
	return true;
}

bool sim_cmd_listen(struct call *c)
{
	return sim_server_listen(c->s->server, c->err);
}

/* An engine killed by SIGKILL: every connection ends at once, the socket file stays (stop-sigkill).
 */
bool sim_cmd_engine_kill(struct call *c)
{
	sim_server_refuse(c->s->server, false);
	sim_server_close_all(c->s->server);
	return true;
}

/* An engine that stops takes its containers with it, unless live-restore is on; its streams tell
 * of that before they end, and the socket file goes (stop-sigterm, stop-liverestore). The real
 * ones take one to five seconds for that. */
bool sim_cmd_engine_stop(struct call *c)
{
	bool live = c->n && strcmp(c->args[0], "live-restore") == 0;
	struct sim *s = c->s;

	sim_server_refuse(s->server, true);
	for (size_t i = 0; !live && !s->fl->podman && i < s->containers.n; i++)
		if (sim_container_is_up(s->containers.v[i]) &&
			!sim_stop(s, s->containers.v[i], true, c->err))
			return false;
	sim_publisher_flush(s);
	sim_server_end_all(s->server, s->fl->stop_ends_chunks && !live);
	return true;
}

/* After a restart the default network has another id, and the history begins with the containers
 * whose restart policy brings them back, before anybody can connect (after-restart-since0). */
bool sim_cmd_engine_start(struct call *c)
{
	struct sim *s = c->s;
	struct sim_network *net = sim_network_find(s, s->fl->default_network);

	sim_history_clear(s);
	if (net && !s->fl->podman)
		sim_random_id(s, net->id);
	for (size_t i = 0; i < s->containers.n; i++)
		if (s->containers.v[i]->always && !sim_container_is_up(s->containers.v[i]) &&
			!sim_start(s, s->containers.v[i], c->err))
			return false;
	return sim_server_listen(s->server, c->err);
}

bool sim_cmd_quit(struct call *c)
{
	struct timeval soon = clock_timeval(QUIT_NS); /* after the answer to this */

	event_base_loopexit(c->s->base, &soon);
	return true;
}
