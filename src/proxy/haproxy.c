/* SPDX-License-Identifier: MIT
 *
 * HAProxy in master-worker mode. The check is `haproxy -c`, on the candidate if the command names
 * dest, else with the file in place. The reload is asked of the master, by its socket or by
 * SIGUSR2, and is over when a new worker runs; a master that did not like the file keeps its old
 * worker. A signal during a reload can be lost, and a reload during a reload cuts connections, so
 * there is never more than one at a time (outputs with the same key share it), and each waits for
 * its end.
 */
#include "config.h"

#include "proxy/haproxy.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "config/config.h"
#include "proxy/complaint.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROGRAM "haproxy"
/* Where HAProxy's image has its configuration. */
#define IMAGE_CONFIG "/usr/local/etc/haproxy/haproxy.cfg"

/* --- check ---------------------------------------------------------------------------------- */

/* Whether dest is a word of the command, so that another file can be put in its place. */
static bool names_dest(const struct proxy *p)
{
	char *const *argv = p->output->proxy_command.argv;

	for (; argv && *argv; argv++)
		if (strcmp(*argv, p->output->dest) == 0)
			return true;
	return !p->output->proxy_command.argv;
}

static bool haproxy_checks_candidate(const struct proxy *p, bool dest_exists UNUSED)
{
	return proxy_runs_here(p) && names_dest(p);
}

/* -c without -q, which hides the errors. */
static void haproxy_check(struct proxy_ask *ask)
{
	const struct config_output *o = ask->proxy->output;
	char *const *argv = o->proxy_command.argv;
	const char *file = ask->candidate ? ask->candidate : ask->dest;
	struct words words = VEC_INIT;

	if (!argv) {
		vec_push(&words, PROGRAM);
		vec_push(&words, "-f");
		vec_push(&words, proxy_runs_here(ask->proxy) ? file : IMAGE_CONFIG);
	}
	for (; argv && *argv; argv++)
		vec_push(&words, strcmp(*argv, ask->dest) == 0 && proxy_runs_here(ask->proxy)
					 ? file
					 : *argv);
	vec_push(&words, "-c");
	vec_push(&words, NULL);
	if (proxy_runs_here(ask->proxy))
		ask_run(ask, words.v, o->check_timeout_ns);
	else
		ask_exec(ask, words.v, o->check_timeout_ns);
	vec_release(&words);
}

/* --- reload --------------------------------------------------------------------------------- */

static void reload_free(struct haproxy_reload *r)
{
	haproxy_cli_cancel(r->cli);
	control_cancel(r->control);
	event_free(r->timer);
	vec_release(&r->before);
	free(r);
}

void haproxy_end(
	struct haproxy_reload *r, enum proxy_verdict verdict, const char *text, struct str output)
{
	struct proxy_ask *ask = r->ask;
	int64_t ns = clock_mono_ns() - r->started;

	ask->state = NULL;
	ask_end(ask, verdict, text, output, ns);
	reload_free(r);
}

void haproxy_look_later(struct haproxy_reload *r)
{
	struct timeval pause = clock_timeval(r->way->pause_ns);
	char text[128];

	if (clock_mono_ns() < r->deadline) {
		event_add(r->timer, &pause);
		return;
	}
	snprintf(text, sizeof(text),
		"HAProxy started no new worker within %g s of the reload: its log says why",
		(double)(r->deadline - r->started) / NS_PER_S);
	haproxy_end(r, r->told ? PROXY_REFUSED : PROXY_BROKEN, text, STR(""));
}

static void haproxy_on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct haproxy_reload *r = arg;

	(void)fd;
	(void)what;
	r->way->look(r);
}

static void haproxy_reload(struct proxy_ask *ask)
{
	struct haproxy_reload *r = xcalloc(1, sizeof(*r));
	struct timeval now = {0, 0};

	r->ask = ask;
	r->way = ask->proxy->output->proxy_socket ? &haproxy_by_socket : &haproxy_by_signal;
	r->started = clock_mono_ns();
	r->deadline = r->started + ask->proxy->output->reload_timeout_ns;
	r->timer = evtimer_new(ask->proxy->services.base, haproxy_on_timer, r);
	if (!r->timer)
		abort();
	ask->state = r;
	event_add(r->timer, &now);
}

/* --- the row -------------------------------------------------------------------------------- */

static bool haproxy_check_config(const struct config_output *o, struct error *err)
{
	if (!proxy_has_own_way(o, "haproxy", err))
		return false;
	if (o->proxy_log)
		return error_set(err, "proxy_log: HAProxy has none: remove it");
	if (o->proxy_pid_file && (o->proxy_container || o->proxy_socket))
		return error_set(err,
			"proxy_pid_file: says nothing besides %s: remove one of the two",
			o->proxy_container ? "proxy_container" : "proxy_socket");
	return true;
}

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

static void haproxy_open(struct proxy *p)
{
	const struct config_output *o = p->output;

	p->check_key = xasprintf(
		"haproxy\n%s\n%s", or_empty(o->proxy_container), or_empty(o->proxy_command.text));
	p->reload_key = xasprintf("haproxy\n%s\n%s\n%s", or_empty(o->proxy_container),
		or_empty(o->proxy_socket), or_empty(o->proxy_pid_file));
}

static void haproxy_cancel(struct proxy_ask *ask)
{
	reload_free(ask->state);
}

const struct proxy_row proxy_haproxy = {
	.name = "haproxy",
	.check_config = haproxy_check_config,
	.open = haproxy_open,
	.checks_candidate = haproxy_checks_candidate,
	.reload_proves = true,
	.acts = {[PROXY_CHECK] = haproxy_check, [PROXY_RELOAD] = haproxy_reload},
	.cancel = haproxy_cancel,
};
