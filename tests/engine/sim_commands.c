/* SPDX-License-Identifier: MIT
 *
 * The control socket's commands, one row each.
 */
#include "config.h"

#include "engine/sim_commands.h"

#include "base/alloc.h"
#include "engine/sim_action.h"
#include "engine/sim_event.h"
#include "engine/sim_model.h"

#include <stdlib.h>
#include <string.h>

#define ARGS_ANY 256

struct command {
	const char *name;
	size_t min, max;
	bool (*run)(struct call *c);
	const char *help;
};

bool sim_take_container(struct call *c, const char *ref, struct sim_container **ret)
{
	*ret = sim_container_find(c->s, ref);
	return *ret || error_set(c->err, "no container '%s'", ref);
}

static bool find_network(struct call *c, const char *ref, struct sim_network **ret)
{
	*ret = sim_network_find(c->s, ref);
	return *ret || error_set(c->err, "no network '%s'", ref);
}

static bool options(struct call *c, struct sim_container *ct, size_t from)
{
	for (size_t i = from; i < c->n; i++)
		if (!sim_container_option(c->s, ct, c->args[i], c->err))
			return false;
	return true;
}

static bool create(struct call *c, const char *name, struct sim_container **ret)
{
	if (!sim_container_new(c->s, name, ret, c->err))
		return false;
	if (!options(c, *ret, 1)) {
		sim_container_remove(c->s, *ret);
		return false;
	}
	sim_create(c->s, *ret);
	return true;
}

static bool cmd_create(struct call *c)
{
	struct sim_container *ct;

	return create(c, c->args[0], &ct);
}

static bool cmd_run(struct call *c)
{
	struct sim_container *ct;

	return create(c, c->args[0], &ct) && sim_start(c->s, ct, c->err);
}

static bool cmd_start(struct call *c)
{
	struct sim_container *ct;

	return sim_take_container(c, c->args[0], &ct) && sim_start(c->s, ct, c->err);
}

static bool cmd_start_fails(struct call *c)
{
	struct sim_container *ct;

	return sim_take_container(c, c->args[0], &ct) && sim_start_fails(c->s, ct, c->err);
}

static bool cmd_stop(struct call *c)
{
	struct sim_container *ct;
	bool hard = c->n > 1 && strcmp(c->args[1], "hard") == 0;

	return sim_take_container(c, c->args[0], &ct) && sim_stop(c->s, ct, hard, c->err);
}

static bool cmd_kill(struct call *c)
{
	struct sim_container *ct;

	return sim_take_container(c, c->args[0], &ct) &&
	       sim_kill(c->s, ct, c->n > 1 ? c->args[1] : "9", false, c->err);
}

static bool cmd_signal(struct call *c)
{
	struct sim_container *ct;

	return sim_take_container(c, c->args[0], &ct) &&
	       sim_kill(c->s, ct, c->args[1], true, c->err);
}

static bool cmd_die(struct call *c)
{
	struct sim_container *ct;

	return sim_take_container(c, c->args[0], &ct) &&
	       sim_die(c->s, ct, c->n > 1 ? atoi(c->args[1]) : 0, c->err);
}

static bool cmd_loop(struct call *c)
{
	struct sim_container *ct;

	return sim_take_container(c, c->args[0], &ct) &&
	       sim_loop(c->s, ct, c->n > 1 ? atoi(c->args[1]) : 1, c->err);
}

static bool cmd_restart(struct call *c)
{
	struct sim_container *ct;

	if (!sim_take_container(c, c->args[0], &ct))
		return false;
	sim_restart(c->s, ct, c->n > 1 && strcmp(c->args[1], "hard") == 0);
	return true;
}

static bool cmd_remove(struct call *c)
{
	struct sim_container *ct;

	if (!sim_take_container(c, c->args[0], &ct))
		return false;
	sim_remove(c->s, ct);
	return true;
}

static bool cmd_pause(struct call *c)
{
	struct sim_container *ct;

	return sim_take_container(c, c->args[0], &ct) && sim_pause(c->s, ct, true, c->err);
}

static bool cmd_unpause(struct call *c)
{
	struct sim_container *ct;

	return sim_take_container(c, c->args[0], &ct) && sim_pause(c->s, ct, false, c->err);
}

static bool cmd_rename(struct call *c)
{
	struct sim_container *ct;

	return sim_take_container(c, c->args[0], &ct) && sim_rename(c->s, ct, c->args[1], c->err);
}

static bool cmd_update(struct call *c)
{
	struct sim_container *ct;

	if (!sim_take_container(c, c->args[0], &ct))
		return false;
	sim_simple(c->s, ct, "update");
	return true;
}

/* No engine can do this to a container: it stands for what a client has missed. */
static bool cmd_set(struct call *c)
{
	struct sim_container *ct;

	return sim_take_container(c, c->args[0], &ct) && options(c, ct, 1);
}

/* What `compose up` does to a changed service. */
static bool cmd_recreate(struct call *c)
{
	struct sim_container *ct;

	if (!sim_take_container(c, c->args[0], &ct))
		return false;
	if (sim_container_is_up(ct) && !sim_stop(c->s, ct, false, c->err))
		return false;
	sim_remove(c->s, ct);
	return cmd_run(c);
}

static bool cmd_health(struct call *c)
{
	struct sim_container *ct;

	if (!sim_take_container(c, c->args[0], &ct))
		return false;
	sim_health(c->s, ct, c->args[1]);
	return true;
}

static bool cmd_exec(struct call *c)
{
	struct sim_container *ct;

	if (!sim_take_container(c, c->args[0], &ct))
		return false;
	sim_exec(c->s, ct, c->n > 1 ? c->args[1] : "/bin/sh -c exit 0",
		c->n > 2 ? atoi(c->args[2]) : 0);
	return true;
}

static bool cmd_connect(struct call *c)
{
	struct sim_container *ct;
	struct sim_network *net;

	return find_network(c, c->args[0], &net) && sim_take_container(c, c->args[1], &ct) &&
	       sim_connect(c->s, ct, net, c->err);
}

static bool cmd_disconnect(struct call *c)
{
	struct sim_container *ct;
	struct sim_network *net;

	return find_network(c, c->args[0], &net) && sim_take_container(c, c->args[1], &ct) &&
	       sim_disconnect(c->s, ct, net, c->err);
}

static bool cmd_network_create(struct call *c)
{
	struct sim_network *net;

	if (sim_network_find(c->s, c->args[0]))
		return error_set(c->err, "there is a network '%s' already", c->args[0]);
	net = sim_network_create(c->s, c->args[0]);
	for (size_t i = 1; i < c->n; i++) {
		char *label = xstrdup(c->args[i]);
		char *value = strchr(label, '=');

		if (value)
			*value++ = '\0';
		sim_pairs_set(&net->labels, label, value ? value : "");
		free(label);
	}
	return true;
}

static bool cmd_network_remove(struct call *c)
{
	struct sim_network *net;

	if (!find_network(c, c->args[0], &net))
		return false;
	sim_network_destroy(c->s, net);
	return true;
}

static bool cmd_emit(struct call *c)
{
	sim_emit(c->s, sim_event_raw(c->args[0]));
	return true;
}

/* A start event of a container with a label of that many bytes; engines pass labels of
 * 100 kB in one piece. */
static bool cmd_emit_big(struct call *c)
{
	struct sim_container *ct;
	struct sim_event *ev;
	uint64_t bytes;
	char *value;

	if (!sim_take_container(c, c->args[0], &ct) ||
		!sim_take_number(c, 1, (uint64_t)32 << 20, &bytes))
		return false;
	value = xmalloc(bytes + 1);
	memset(value, 'x', bytes);
	value[bytes] = '\0';
	ev = sim_event_container(c->s, ct, "start");
	sim_event_attribute(ev, "big", value);
	free(value);
	sim_emit(c->s, ev);
	return true;
}

static bool cmd_help(struct call *c)
{
	sim_command_help(c->out);
	return true;
}

static const struct command commands[] = {
	{"burst", 1, 3, sim_cmd_burst,
		"N [exec|update] [REF]: N events as fast as clients take them"},
	{"connect", 2, 2, cmd_connect, "NETWORK REF"},
	{"counters", 0, 0, sim_cmd_counters, "all counters"},
	{"create", 1, ARGS_ANY, cmd_create, "NAME [OPTION…]"},
	{"cut", 0, 2, sim_cmd_cut,
		"[now|end|chunk|json|BYTES] [reset]: event streams; chunk and json in the next "
		"event"},
	{"die", 1, 2, cmd_die, "REF [CODE]"},
	{"disconnect", 2, 2, cmd_disconnect, "NETWORK REF"},
	{"disturb", 2, 2, sim_cmd_disturb,
		"lose|late|again N: the next N events; late: told in the reversed order after the "
		"last, again: told once more after it"},
	{"emit", 1, 1, cmd_emit, "TEXT: an event as it is"},
	{"emit-big", 2, 2, cmd_emit_big, "REF BYTES: a start event with a label of that size"},
	{"engine-kill", 0, 0, sim_cmd_engine_kill, "ends connections, refuses new ones"},
	{"engine-start", 0, 0, sim_cmd_engine_start, "listens again, as after a restart"},
	{"engine-stop", 0, 1, sim_cmd_engine_stop,
		"[live-restore]: stops containers, ends streams"},
	{"exec", 1, 3, cmd_exec, "REF [COMMAND [CODE]]: the events of one exec"},
	{"fault", 1, ARGS_ANY, sim_cmd_fault,
		"close|cut|delay|drop|hang|header|malformed|slow|status [endpoint=WORD] "
		"[match=TEXT] "
		"[times=N] [after=N] [status=N] [ms=N] [bytes=N] [reset]"},
	{"faults", 0, 0, sim_cmd_faults, "the fault rules"},
	{"get", 1, 1, sim_cmd_get, "COUNTER"},
	{"health", 2, 2, cmd_health, "REF starting|healthy|unhealthy"},
	{"help", 0, 0, cmd_help, "this"},
	{"idle-close", 0, 0, sim_cmd_idle_close, "ends connections without a request"},
	{"inspect", 1, 1, sim_cmd_inspect, "REF"},
	{"kill", 1, 2, cmd_kill, "REF [SIGNAL]: a signal that ends it"},
	{"list", 0, 0, sim_cmd_list, "ID NAME STATUS of all containers"},
	{"listen", 0, 0, sim_cmd_listen, "opens the sockets again"},
	{"loop", 1, 2, cmd_loop, "REF [CODE]: dies and is started again"},
	{"network-create", 1, ARGS_ANY, cmd_network_create, "NAME [KEY=VALUE…]: labels"},
	{"network-remove", 1, 1, cmd_network_remove, "NAME"},
	{"pause", 1, 1, cmd_pause, "REF"},
	{"quit", 0, 0, sim_cmd_quit, "ends the emulator"},
	{"recreate", 1, ARGS_ANY, cmd_recreate, "NAME [OPTION…]: stop, remove, create, start"},
	{"refuse", 0, 1, sim_cmd_refuse, "[gone]: closes the listening sockets"},
	{"remove", 1, 1, cmd_remove, "REF"},
	{"rename", 2, 2, cmd_rename, "REF NAME"},
	{"requests", 0, 0, sim_cmd_requests, "METHOD TARGET of the latest requests"},
	{"reset", 0, 0, sim_cmd_reset, "counters and requests"},
	{"restart", 1, 2, cmd_restart, "REF [hard]"},
	{"run", 1, ARGS_ANY, cmd_run, "NAME [OPTION…]: create and start"},
	{"set", 2, ARGS_ANY, cmd_set, "REF OPTION…: without an event"},
	{"signal", 2, 2, cmd_signal, "REF SIGNAL: one that does not end it"},
	{"start", 1, 1, cmd_start, "REF"},
	{"start-fails", 1, 1, cmd_start_fails, "REF"},
	{"stop", 1, 2, cmd_stop, "REF [hard]"},
	{"unfault", 0, 0, sim_cmd_unfault, "removes all fault rules"},
	{"unpause", 1, 1, cmd_unpause, "REF"},
	{"update", 1, 1, cmd_update, "REF"},
	{"wait", 3, 4, sim_cmd_wait, "COUNTER eq|ne|ge|le N [MS]"},
};

void sim_command_help(struct buf *out)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		buf_add_fmt(out, "%-16s %s\n", commands[i].name, commands[i].help);
	buf_add_cstr(out, "OPTION: image=I label.K=V unlabel=K env.K=V port=80/tcp[@[IP:]PORT] "
			  "network=N[:ALIAS] volume=NAME:/DIR mode=host|none|container:REF "
			  "health=STATUS restart=always|no stop-signal=S\n");
	buf_add_cstr(out, "COUNTER: see counters; inspects.REF counts one container's inspects\n");
}

bool sim_command(struct sim *s, const char *const *args, size_t n, struct sim_control_conn *conn,
	struct buf *out, bool *ret_later, struct error *err)
{
	struct call c = {
		.s = s, .args = args + 1, .n = n - 1, .conn = conn, .out = out, .err = err};
	bool ok;

	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (strcmp(commands[i].name, args[0]) != 0)
			continue;
		if (c.n < commands[i].min || c.n > commands[i].max)
			return error_set(err, "usage: %s %s", args[0], commands[i].help);
		ok = commands[i].run(&c);
		*ret_later = c.later;
		return ok;
	}
	return error_set(err, "unknown command '%s'", args[0]);
}
