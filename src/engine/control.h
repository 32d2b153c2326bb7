/* SPDX-License-Identifier: MIT
 *
 * What can be done to a container through its engine: run a command in it, send it a signal,
 * restart it; and what can be seen of it: its processes and its log. Calling sequence:
 *
 *	const char *const argv[] = {"nginx", "-t", NULL};
 *
 *	me->control = control_exec(engine, "web", argv, timeout_ns, me_on_answer, me);
 *	…   me_on_answer(me, answer): me->control is gone from here on
 *	control_cancel(me->control);       or this: no answer comes any more
 *
 * container is an id or a name. Each act has one deadline for all of its requests, and is answered
 * from the event loop, never from within. The engine must outlive it. exec, kill and restart are
 * POST requests, on connections of their own (see struct engine_request): a command that takes long
 * holds up no inspect.
 *
 * Docker Engine API: ContainerExec, ExecStart, ExecInspect, ContainerKill, ContainerRestart,
 * ContainerTop, ContainerLogs. An exec is started without an upgrade of the connection, which gives
 * the same frames and passes more proxies.
 */
#ifndef UD_ENGINE_CONTROL_H
#define UD_ENGINE_CONTROL_H

#include "base/error.h"
#include "base/str.h"

#include <stddef.h>
#include <stdint.h>

struct engine;
struct control;

/* Bytes of a command's or log's output that are kept: the first ones. */
#define CONTROL_OUTPUT_MAX ((size_t)1 << 20)
/* Bytes of such a stream with its frames; one that goes on is an error. */
#define CONTROL_STREAM_MAX ((uint64_t)64 << 20)
/* Bytes of an answer in JSON. */
#define CONTROL_ANSWER_MAX ((uint64_t)1 << 20)
/* Processes of one container that are looked at. */
#define CONTROL_PROCESSES_MAX 4096

struct control_process {
	int64_t pid, parent; /* the host's with docker, the container's with podman */
	struct str command;
};

/* Borrowed, valid during the callback. */
struct control_answer {
	const struct error *err; /* NULL: the engine did what was asked */
	int status;		 /* HTTP, of the request that failed; 0 without an answer */
	int exit_code;		 /* exec: of the command */
	struct str output;	 /* exec, logs: both streams as they came */
	const struct control_process *processes; /* top */
	size_t n_processes;
	int64_t ns; /* from the start to now */
};

typedef void control_answer_cb(void *arg, const struct control_answer *answer);

/* Runs argv (NULL at the end; copied) as the container's own user, and waits for its end. An exit
 * code other than 0 is no error. A command that is not there has exit code 126 or 127 and says so
 * in its output. */
struct control *control_exec(struct engine *e, const char *container, const char *const *argv,
	int64_t timeout_ns, control_answer_cb *answer, void *arg);
/* Sends a signal to the container's first process; signal as "HUP" or "USR2". */
struct control *control_kill(struct engine *e, const char *container, const char *signal,
	int64_t timeout_ns, control_answer_cb *answer, void *arg);
/* Stops and starts the container; it gets its own stop timeout in between. */
struct control *control_restart(struct engine *e, const char *container, int64_t timeout_ns,
	control_answer_cb *answer, void *arg);
/* The container's processes, with their parents and command lines. */
struct control *control_top(struct engine *e, const char *container, int64_t timeout_ns,
	control_answer_cb *answer, void *arg);
/* What the container wrote since a moment of the engine's clock (nanoseconds since 1970). */
struct control *control_logs(struct engine *e, const char *container, int64_t since_real_ns,
	int64_t timeout_ns, control_answer_cb *answer, void *arg);
/* NULL is allowed. What the engine was told already is not taken back. */
void control_cancel(struct control *c);

#endif
