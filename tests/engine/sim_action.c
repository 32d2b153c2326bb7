/* SPDX-License-Identifier: MIT
 *
 * Actions run the flavour's sequence, a line of words, each of which is an event and the change
 * that goes with it. So an inspect between two events shows what an engine would show there.
 */
#include "config.h"

#include "engine/sim_action.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "engine/sim_event.h"
#include "engine/sim_model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CODE_KILLED 137

/* What a sequence is run with. */
struct run {
	struct sim *s;
	struct sim_container *c;
	const char *signal;
	int code;
};

struct word {
	const char *word;
	void (*run)(struct run *r);
};

static void emit_simple(struct run *r, const char *action)
{
	sim_emit(r->s, sim_event_container(r->s, r->c, action));
}

/* The signal is an attribute on docker only (events-kill). */
static void emit_kill(struct run *r, const char *signal)
{
	struct sim_event *ev = sim_event_container(r->s, r->c, "kill");

	if (!r->s->fl->podman)
		sim_event_attribute(ev, "signal", signal);
	sim_emit(r->s, ev);
}

static void do_kill(struct run *r)
{
	emit_kill(r, r->signal);
}

static void do_kill9(struct run *r)
{
	emit_kill(r, "9");
	r->code = CODE_KILLED;
}

static void ended(struct run *r)
{
	if (!sim_container_is_up(r->c))
		return;
	r->c->status = SIM_EXITED;
	r->c->exit_code = r->code;
	r->c->finished = clock_real_ns();
	sim_container_addresses(r->s, r->c, false);
}

static void do_die(struct run *r)
{
	char code[16], seconds[24];
	struct sim_event *ev;

	ended(r);
	snprintf(code, sizeof(code), "%d", r->code);
	snprintf(seconds, sizeof(seconds), "%lld",
		(long long)((r->c->finished - r->c->started) / NS_PER_S));
	ev = sim_event_container(r->s, r->c, "die");
	sim_event_attribute(ev, "exitCode", code);
	if (r->s->fl->exec_duration)
		sim_event_attribute(ev, "execDuration", seconds);
	if (r->s->fl->podman)
		sim_pairs_set(&ev->attributes, "containerExitCode", code);
	sim_emit(r->s, ev);
}

static void each_network(struct run *r, const char *action)
{
	for (size_t i = 0; i < r->c->endpoints.n; i++)
		sim_emit(r->s, sim_event_network(r->s, r->c->endpoints.v[i].net, r->c, action));
}

static void do_connect(struct run *r)
{
	each_network(r, "connect");
}

/* The process has ended before its network goes. */
static void do_disconnect(struct run *r)
{
	ended(r);
	each_network(r, "disconnect");
}

static void do_start(struct run *r)
{
	r->c->status = SIM_RUNNING;
	r->c->started = clock_real_ns();
	r->c->pid = r->s->next_pid++;
	r->c->exit_code = 0;
	if (r->c->health) {
		free(r->c->health);
		r->c->health = xstrdup("starting");
	}
	sim_container_addresses(r->s, r->c, true);
	emit_simple(r, "start");
}

static void do_stop(struct run *r)
{
	if (!r->s->fl->podman)
		ended(r);
	emit_simple(r, "stop");
}

/* podman 5 tells with what the container had ended (events-kill of 5.8.6). */
static void do_remove(struct run *r)
{
	struct sim_event *ev = sim_event_container(r->s, r->c, "remove");
	char code[16];

	snprintf(code, sizeof(code), "%d", r->c->exit_code);
	if (r->c->finished && !r->s->fl->always_exit_code)
		sim_event_attribute(ev, "containerExitCode", code);
	sim_emit(r->s, ev);
}

static void do_create(struct run *r)
{
	emit_simple(r, "create");
}

static void do_init(struct run *r)
{
	emit_simple(r, "init");
}

static void do_cleanup(struct run *r)
{
	emit_simple(r, "cleanup");
}

static void do_restart(struct run *r)
{
	emit_simple(r, "restart");
}

static void do_destroy(struct run *r)
{
	emit_simple(r, "destroy");
}

static const struct word words[] = {
	{"cleanup", do_cleanup},
	{"connect", do_connect},
	{"create", do_create},
	{"destroy", do_destroy},
	{"die", do_die},
	{"disconnect", do_disconnect},
	{"init", do_init},
	{"kill", do_kill},
	{"kill9", do_kill9},
	{"remove", do_remove},
	{"restart", do_restart},
	{"start", do_start},
	{"stop", do_stop},
};

static void run_word(struct run *r, struct str word)
{
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_eqz(word, words[i].word)) {
			words[i].run(r);
			return;
		}
	fprintf(stderr, "enginesim: unknown word '%.*s' in a sequence\n", STR_ARG(word));
	abort();
}

static void run_sequence(struct run *r, enum sim_act act)
{
	struct str rest = str_from(r->s->fl->sequence[act]), word;

	while (rest.len) {
		if (!str_cut(rest, ' ', &word, &rest))
			rest.len = 0;
		run_word(r, word);
	}
}

static bool need_up(const struct sim_container *c, struct error *err)
{
	return sim_container_is_up(c) || error_set(err, "%s does not run", c->name);
}

void sim_create(struct sim *s, struct sim_container *c)
{
	if (c->mode == SIM_MODE_NETWORK && c->endpoints.n == 0)
		sim_endpoint_add(s, c, sim_network_find(s, s->fl->default_network));
	run_sequence(&(struct run){.s = s, .c = c}, ACT_CREATE);
}

bool sim_start(struct sim *s, struct sim_container *c, struct error *err)
{
	if (sim_container_is_up(c))
		return error_set(err, "%s runs already", c->name);
	run_sequence(&(struct run){.s = s, .c = c}, ACT_START);
	return true;
}

static const char *stop_signal(const struct sim_container *c)
{
	return c->stop_signal ? c->stop_signal : "15";
}

bool sim_stop(struct sim *s, struct sim_container *c, bool hard, struct error *err)
{
	struct run r = {.s = s, .c = c, .signal = stop_signal(c)};

	if (!need_up(c, err))
		return false;
	if (hard)
		r.code = CODE_KILLED;
	run_sequence(&r, hard ? ACT_STOP_HARD : ACT_STOP);
	return true;
}

bool sim_kill(struct sim *s, struct sim_container *c, const char *signal, bool harmless,
	struct error *err)
{
	struct run r = {.s = s, .c = c, .signal = signal, .code = 128 + atoi(signal)};

	if (!need_up(c, err))
		return false;
	if (harmless)
		emit_kill(&r, signal);
	else
		run_sequence(&r, ACT_KILL);
	return true;
}

bool sim_die(struct sim *s, struct sim_container *c, int code, struct error *err)
{
	if (!need_up(c, err))
		return false;
	run_sequence(&(struct run){.s = s, .c = c, .code = code}, ACT_DIE);
	return true;
}

bool sim_loop(struct sim *s, struct sim_container *c, int code, struct error *err)
{
	if (!need_up(c, err))
		return false;
	run_sequence(&(struct run){.s = s, .c = c, .code = code}, ACT_LOOP);
	return true;
}

void sim_restart(struct sim *s, struct sim_container *c, bool hard)
{
	struct run r = {.s = s, .c = c, .signal = stop_signal(c), .code = hard ? CODE_KILLED : 0};

	if (!sim_container_is_up(c))
		run_sequence(&r, ACT_RESTART_STOPPED);
	else
		run_sequence(&r, hard ? ACT_RESTART_HARD : ACT_RESTART);
}

bool sim_start_fails(struct sim *s, struct sim_container *c, struct error *err)
{
	if (sim_container_is_up(c))
		return error_set(err, "%s runs already", c->name);
	run_sequence(&(struct run){.s = s, .c = c}, ACT_START_FAILS);
	return true;
}

void sim_remove(struct sim *s, struct sim_container *c)
{
	struct run r = {.s = s, .c = c, .code = CODE_KILLED};

	run_sequence(&r, sim_container_is_up(c) ? ACT_REMOVE_RUNNING : ACT_REMOVE);
	sim_container_remove(s, c);
}

/* No health event comes, but the state is unhealthy until the next probe (inspects during
 * events-health-pause-restart). */
bool sim_pause(struct sim *s, struct sim_container *c, bool pause, struct error *err)
{
	if (c->status != (pause ? SIM_RUNNING : SIM_PAUSED))
		return error_set(err, "%s is not %s", c->name, pause ? "running" : "paused");
	c->status = pause ? SIM_PAUSED : SIM_RUNNING;
	if (pause && c->health && !s->fl->podman) {
		free(c->health);
		c->health = xstrdup("unhealthy");
	}
	sim_simple(s, c, pause ? "pause" : "unpause");
	return true;
}

bool sim_rename(struct sim *s, struct sim_container *c, const char *name, struct error *err)
{
	char *old = xasprintf("/%s", c->name);
	struct sim_event *ev;

	if (!sim_container_rename(s, c, name, err)) {
		free(old);
		return false;
	}
	ev = sim_event_container(s, c, "rename");
	if (!s->fl->podman)
		sim_event_attribute(ev, "oldName", old);
	free(old);
	sim_emit(s, ev);
	return true;
}

void sim_simple(struct sim *s, struct sim_container *c, const char *action)
{
	sim_emit(s, sim_event_container(s, c, action));
}

/* docker reports changes only, podman every probe (events-health). */
void sim_health(struct sim *s, struct sim_container *c, const char *status)
{
	bool changed = !c->health || strcmp(c->health, status) != 0;
	char *action =
		s->fl->podman ? xstrdup("health_status") : xasprintf("health_status: %s", status);
	struct sim_event *ev;

	free(c->health);
	c->health = xstrdup(status);
	ev = sim_event_container(s, c, action);
	if (s->fl->podman)
		ev->health = xstrdup(status);
	free(action);
	if (changed || s->fl->podman)
		sim_emit(s, ev);
	else
		sim_event_unref(ev);
}

static void emit_exec(struct sim *s, struct sim_container *c, const char *what, const char *command,
	const char *id)
{
	char *action = xasprintf("%s: %s", what, command);
	struct sim_event *ev = sim_event_container(s, c, action);

	sim_event_attribute(ev, "execID", id);
	free(action);
	sim_emit(s, ev);
}

/* podman: exec and exec_died, without the command (events-exec). */
static unsigned podman_exec(struct sim *s, struct sim_container *c, const char *code)
{
	struct sim_event *ev;

	sim_simple(s, c, "exec");
	ev = sim_event_container(s, c, "exec_died");
	sim_pairs_set(&ev->attributes, "containerExitCode", code);
	sim_emit(s, ev);
	return 2;
}

unsigned sim_exec(struct sim *s, struct sim_container *c, const char *command, int code)
{
	char id[SIM_ID_LEN + 1], text[16];
	struct sim_event *ev;

	snprintf(text, sizeof(text), "%d", code);
	if (s->fl->podman)
		return podman_exec(s, c, text);
	sim_random_id(s, id);
	emit_exec(s, c, "exec_create", command, id);
	emit_exec(s, c, "exec_start", command, id);
	ev = sim_event_container(s, c, "exec_die");
	sim_event_attribute(ev, "execID", id);
	sim_event_attribute(ev, "exitCode", text);
	sim_emit(s, ev);
	return 3;
}

bool sim_connect(struct sim *s, struct sim_container *c, struct sim_network *net, struct error *err)
{
	if (sim_endpoint_find(c, net))
		return error_set(err, "%s is in network %s already", c->name, net->name);
	sim_endpoint_add(s, c, net);
	sim_emit(s, sim_event_network(s, net, c, "connect"));
	return true;
}

bool sim_disconnect(
	struct sim *s, struct sim_container *c, struct sim_network *net, struct error *err)
{
	if (!sim_endpoint_find(c, net))
		return error_set(err, "%s is not in network %s", c->name, net->name);
	sim_endpoint_remove(c, net);
	sim_emit(s, sim_event_network(s, net, c, "disconnect"));
	if (s->fl->disconnect_twice)
		sim_emit(s, sim_event_network(s, net, c, "disconnect"));
	return true;
}

struct sim_network *sim_network_create(struct sim *s, const char *name)
{
	struct sim_network *net = sim_network_new(s, name);

	if (!s->fl->podman || s->fl->network_attribute) /* 4.3.1 reports none */
		sim_emit(s, sim_event_network(s, net, NULL, "create"));
	return net;
}

void sim_network_destroy(struct sim *s, struct sim_network *net)
{
	if (!s->fl->podman || s->fl->network_attribute)
		sim_emit(s, sim_event_network(s, net, NULL, s->fl->podman ? "remove" : "destroy"));
	sim_network_remove(s, net);
}
