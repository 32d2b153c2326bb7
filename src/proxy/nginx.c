/* SPDX-License-Identifier: MIT
 *
 * nginx. The check is `nginx -t`: on this machine, where a private mount namespace can be had, with
 * the candidate bound over dest, so that nginx sees its whole configuration and the live tree is
 * untouched; otherwise with the file in place, before any signal (nginx reads its files when it is
 * told to). The reload is SIGHUP to the master, and is over when new workers run and the old ones
 * are gone or shutting down; the exit status of `nginx -s reload` is 0 also if the master refuses.
 */
#include "config.h"

#include "proxy/nginx.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "config/config.h"
#include "engine/control.h"
#include "proxy/complaint.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MASTER	 STR("nginx: master process")
#define WORKER	 STR("nginx: worker process")
#define FINISHES STR("is shutting down")
/* A bind is tried several times by nginx; only the last word counts. */
#define BIND		  STR("bind() to ")
#define CAP_SYS_ADMIN_BIT 21

/* --- check ---------------------------------------------------------------------------------- */

/* Whether this process may mount, from the effective capabilities in /proc/self/status. */
static bool may_mount(void)
{
	FILE *f = fopen("/proc/self/status", "re");
	unsigned long long caps = 0;
	char line[256];

	if (!f)
		return false;
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "CapEff: %llx", &caps) == 1)
			break;
	fclose(f);
	return caps >> CAP_SYS_ADMIN_BIT & 1;
}

static bool nginx_checks_candidate(const struct proxy *p, bool dest_exists)
{
	return proxy_runs_here(p) && dest_exists && may_mount();
}

/* The words of proxy_command with -t. */
static void add_test(const struct proxy *p, struct words *words)
{
	char *const *argv = p->output->proxy_command.argv;

	if (!argv)
		vec_push(words, "nginx");
	for (; argv && *argv; argv++)
		vec_push(words, *argv);
	vec_push(words, "-t");
	vec_push(words, NULL);
}

static void check_here(struct proxy_ask *ask)
{
	static const char bind[] = "mount --bind -- \"$0\" \"$1\" || exit 125; shift; exec \"$@\"";
	struct words words = VEC_INIT;

	if (ask->candidate) {
		vec_push(&words, "unshare");
		vec_push(&words, "--mount");
		vec_push(&words, "--propagation");
		vec_push(&words, "private");
		vec_push(&words, "sh");
		vec_push(&words, "-c");
		vec_push(&words, bind);
		vec_push(&words, ask->candidate);
		vec_push(&words, ask->dest);
	}
	add_test(ask->proxy, &words);
	ask_run(ask, words.v, ask->proxy->output->check_timeout_ns);
	vec_release(&words);
}

static void check_there(struct proxy_ask *ask)
{
	struct words words = VEC_INIT;

	add_test(ask->proxy, &words);
	ask_exec(ask, words.v, ask->proxy->output->check_timeout_ns);
	vec_release(&words);
}

static void nginx_check(struct proxy_ask *ask)
{
	if (proxy_runs_here(ask->proxy))
		check_here(ask);
	else
		check_there(ask);
}

/* --- reload --------------------------------------------------------------------------------- */

static void reload_free(struct nginx_reload *r)
{
	control_cancel(r->control);
	event_free(r->timer);
	vec_release(&r->before);
	free(r);
}

static void reload_end(
	struct nginx_reload *r, enum proxy_verdict verdict, const char *text, struct str output)
{
	struct proxy_ask *ask = r->ask;
	int64_t ns = clock_mono_ns() - r->started;

	ask->state = NULL;
	ask_end(ask, verdict, text, output, ns);
	reload_free(r);
}

void nginx_on_trouble(struct nginx_reload *r, const char *text)
{
	reload_end(r, PROXY_BROKEN, text, STR(""));
}

static bool is_worker(const struct nginx_reload *r, const struct control_process *p)
{
	return p->parent == r->master && str_has_prefix(p->command, WORKER);
}

static bool ran_before(const struct nginx_reload *r, int64_t pid)
{
	for (size_t i = 0; i < r->before.n; i++)
		if (r->before.v[i] == pid)
			return true;
	return false;
}

/* The master is the one that no other nginx started; with several (a binary upgrade) the first. */
static bool find_master(struct nginx_reload *r, const struct control_process *processes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!str_has_prefix(processes[i].command, MASTER))
			continue;
		if (r->master && r->master != processes[i].pid)
			continue;
		r->master = processes[i].pid;
		return true;
	}
	return false;
}

/* New workers run, and each old one is gone or finishes. */
static bool is_live(const struct nginx_reload *r, const struct control_process *processes, size_t n)
{
	bool fresh = false;

	for (size_t i = 0; i < n; i++) {
		const struct control_process *p = &processes[i];

		if (!is_worker(r, p) || str_has_suffix(p->command, FINISHES))
			continue;
		if (ran_before(r, p->pid))
			return false;
		fresh = true;
	}
	return fresh;
}

void nginx_on_list(struct nginx_reload *r, const struct control_process *processes, size_t n)
{
	if (!find_master(r, processes, n)) {
		nginx_on_trouble(r, r->told_real ? "nginx ended during the reload"
						 : "nginx does not run: no master process");
		return;
	}
	if (r->told_real) {
		if (is_live(r, processes, n))
			reload_end(r, PROXY_GOOD, NULL, STR(""));
		else
			r->place->read_log(r);
		return;
	}
	for (size_t i = 0; i < n; i++)
		if (is_worker(r, &processes[i]))
			vec_push(&r->before, processes[i].pid);
	r->told_real = clock_real_ns();
	r->place->tell(r);
}

static void look_later(struct nginx_reload *r)
{
	struct timeval pause = clock_timeval(r->place->pause_ns);

	event_add(r->timer, &pause);
}

void nginx_on_told(struct nginx_reload *r)
{
	look_later(r);
}

/* The line that says why the master refused; NULL if there is none yet. Owned by the caller. */
static char *find_refusal(struct str log)
{
	struct str line, said = STR("");

	while (log.len) {
		if (!str_cut(log, '\n', &line, &log))
			log = STR("");
		if (str_find(line, STR("[emerg]")) < 0)
			continue;
		if (str_find(line, STR("still could not bind()")) >= 0 && said.len)
			break;
		said = line;
		if (str_find(line, BIND) < 0)
			break;
	}
	if (!said.len || (str_find(said, BIND) >= 0 && str_find(line, STR("still could not")) < 0))
		return NULL;
	return complaint_line(said);
}

void nginx_on_log(struct nginx_reload *r, struct str log)
{
	char *refusal = find_refusal(log);
	char text[128];

	if (refusal) {
		reload_end(r, PROXY_REFUSED, refusal, log);
		free(refusal);
		return;
	}
	if (clock_mono_ns() < r->deadline) {
		look_later(r);
		return;
	}
	snprintf(text, sizeof(text),
		"nginx started no new workers within %g s of the reload: its error log says why",
		(double)(r->deadline - r->started) / NS_PER_S);
	reload_end(r, PROXY_REFUSED, text, log);
}

static void nginx_on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct nginx_reload *r = arg;

	(void)fd;
	(void)what;
	r->place->list(r);
}

static void nginx_reload(struct proxy_ask *ask)
{
	struct nginx_reload *r = xcalloc(1, sizeof(*r));
	struct timeval now = {0, 0};

	r->ask = ask;
	r->place = proxy_runs_here(ask->proxy) ? &nginx_here : &nginx_there;
	r->started = clock_mono_ns();
	r->deadline = r->started + ask->proxy->output->reload_timeout_ns;
	r->timer = evtimer_new(ask->proxy->services.base, nginx_on_timer, r);
	if (!r->timer)
		abort();
	ask->state = r;
	event_add(r->timer, &now);
}

/* --- the row -------------------------------------------------------------------------------- */

static bool nginx_check_config(const struct config_output *o, struct error *err)
{
	if (!proxy_has_own_way(o, "nginx", err))
		return false;
	if (o->proxy_socket)
		return error_set(err, "proxy_socket: nginx has none: remove it");
	if (o->proxy_container && (o->proxy_pid_file || o->proxy_log))
		return error_set(err,
			"%s: is for an nginx on this host, proxy_container for one in a "
			"container: remove one of the two",
			o->proxy_pid_file ? "proxy_pid_file" : "proxy_log");
	return true;
}

static void nginx_open(struct proxy *p)
{
	const struct config_output *o = p->output;

	p->check_key = xasprintf("nginx\n%s\n%s", o->proxy_container ? o->proxy_container : "",
		o->proxy_command.text ? o->proxy_command.text : "");
	p->reload_key = xasprintf("nginx\n%s\n%s", o->proxy_container ? o->proxy_container : "",
		o->proxy_pid_file ? o->proxy_pid_file : "");
}

static void nginx_cancel(struct proxy_ask *ask)
{
	reload_free(ask->state);
}

const struct proxy_row proxy_nginx = {
	.name = "nginx",
	.check_config = nginx_check_config,
	.open = nginx_open,
	.checks_candidate = nginx_checks_candidate,
	.reload_proves = true,
	.acts = {[PROXY_CHECK] = nginx_check, [PROXY_RELOAD] = nginx_reload},
	.cancel = nginx_cancel,
};
