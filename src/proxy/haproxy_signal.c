/* SPDX-License-Identifier: MIT
 *
 * A reload by SIGUSR2 to the master, here (pid file, /proc) or in a container (the engine's kill
 * and top): over when a worker that was not there before runs in two looks; a master that does not
 * like the file starts none, or (from 3.1 on) one that ends at once.
 */
#include "config.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "config/config.h"
#include "proxy/haproxy.h"
#include "proxy/processes.h"

#include <signal.h>

#define PROGRAM	      "haproxy"
#define PID_FILE      "/run/haproxy.pid"
#define LOOK_PAUSE_NS (100 * (int64_t)NS_PER_MS)

static const struct config_output *output_of(const struct haproxy_reload *r)
{
	return r->ask->proxy->output;
}

static void told(struct haproxy_reload *r, const struct error *err)
{
	if (err) {
		haproxy_end(r, PROXY_BROKEN, error_text(err), STR(""));
		return;
	}
	r->told = true;
	haproxy_look_later(r);
}

static void haproxy_on_killed(void *arg, const struct control_answer *answer)
{
	struct haproxy_reload *r = arg;

	r->control = NULL;
	told(r, answer->err);
}

static void tell(struct haproxy_reload *r)
{
	struct error err = ERROR_INIT;
	bool ok;

	if (output_of(r)->proxy_container) {
		r->control = control_kill(ask_engine(r->ask), output_of(r)->proxy_container, "USR2",
			proxy_time_left(r->deadline), haproxy_on_killed, r);
		return;
	}
	ok = processes_signal(r->master, PROGRAM, SIGUSR2, &err);
	told(r, ok ? NULL : &err);
	error_clear(&err);
}

static bool is_in(const struct control_process *processes, size_t n, int64_t pid)
{
	for (size_t i = 0; i < n; i++)
		if (processes[i].pid == pid)
			return true;
	return false;
}

static bool ran_before(const struct haproxy_reload *r, int64_t pid)
{
	for (size_t i = 0; i < r->before.n; i++)
		if (r->before.v[i] == pid)
			return true;
	return false;
}

static bool is_haproxy(const struct control_process *p)
{
	return str_find(p->command, STR(PROGRAM)) >= 0;
}

/* In a container: the HAProxy that another one is a child of. */
static void find_master(struct haproxy_reload *r, const struct control_process *processes, size_t n)
{
	for (size_t i = 0; i < n && !r->master; i++)
		for (size_t j = 0; j < n && is_haproxy(&processes[i]); j++)
			if (is_haproxy(&processes[j]) && processes[j].parent == processes[i].pid)
				r->master = processes[i].pid;
}

/* A worker that is new, and was so at the last look already. */
static bool has_new(struct haproxy_reload *r, const struct control_process *processes, size_t n)
{
	int64_t fresh = 0;

	for (size_t i = 0; i < n; i++)
		if (processes[i].parent == r->master && is_haproxy(&processes[i]) &&
			!ran_before(r, processes[i].pid))
			fresh = processes[i].pid;
	if (fresh && fresh == r->fresh)
		return true;
	r->fresh = fresh;
	return false;
}

static void listed(struct haproxy_reload *r, const struct control_process *processes, size_t n)
{
	find_master(r, processes, n);
	if (!r->master || !is_in(processes, n, r->master)) {
		haproxy_end(r, PROXY_BROKEN,
			r->told ? "HAProxy ended during the reload"
				: "HAProxy does not run in master-worker mode (option -W)",
			STR(""));
		return;
	}
	if (r->told) {
		if (has_new(r, processes, n))
			haproxy_end(r, PROXY_GOOD, NULL, STR(""));
		else
			haproxy_look_later(r);
		return;
	}
	for (size_t i = 0; i < n; i++)
		if (processes[i].parent == r->master)
			vec_push(&r->before, processes[i].pid);
	if (r->before.n == 0)
		haproxy_end(r, PROXY_BROKEN,
			"HAProxy has no worker: it must run in master-worker mode (option -W)",
			STR(""));
	else
		tell(r);
}

static void haproxy_on_top(void *arg, const struct control_answer *answer)
{
	struct haproxy_reload *r = arg;

	r->control = NULL;
	if (answer->err)
		haproxy_end(r, PROXY_BROKEN, error_text(answer->err), STR(""));
	else
		listed(r, answer->processes, answer->n_processes);
}

static void look_here(struct haproxy_reload *r)
{
	const char *path = output_of(r)->proxy_pid_file;
	const struct control_process *processes;
	struct error err = ERROR_INIT;
	struct arena arena;
	size_t n;

	arena_init(&arena);
	if ((!r->master &&
		    !processes_from_pid_file(path ? path : PID_FILE, PROGRAM, &r->master, &err)) ||
		!processes_list(&arena, PROGRAM, &processes, &n, &err))
		haproxy_end(r, PROXY_BROKEN, error_text(&err), STR(""));
	else
		listed(r, processes, n);
	arena_release(&arena);
	error_clear(&err);
}

static void signal_look(struct haproxy_reload *r)
{
	if (output_of(r)->proxy_container)
		r->control = control_top(ask_engine(r->ask), output_of(r)->proxy_container,
			proxy_time_left(r->deadline), haproxy_on_top, r);
	else
		look_here(r);
}

const struct haproxy_way haproxy_by_signal = {.look = signal_look, .pause_ns = LOOK_PAUSE_NS};
