/* SPDX-License-Identifier: MIT
 *
 * Runs commands without ever waiting for them: each in a process group of its own, standard input
 * /dev/null, standard output and error captured together, no other descriptor inherited. A command
 * that is talked to gets a socket for input and output, and only its errors are captured. A function
 * can be run instead of a command: in a copy of the process that keeps no descriptor but that of its
 * output (and standard error), ends without freeing anything, and dies with its parent. One
 * libevent signal event (SIGCHLD) reaps all children of the process, strangers too, so that
 * nothing is left over when we run as pid 1. Calling sequence:
 *
 *	struct children *set = children_new(base);           one per process
 *	struct child_spec spec = {.argv = argv, .timeout_ns = 10 * (int64_t)NS_PER_S,
 *		.output_max = CHILD_OUTPUT_MAX, .done = check_on_end, .arg = me};
 *	me->child = child_start(set, &spec);
 *	…   check_on_end(me, result): me->child is gone from here on
 *	child_cancel(me->child);                             or this: no callback comes any more
 *	children_free(set);
 *
 * A command that outlives its timeout gets SIGTERM, then SIGKILL, with its whole group; one that
 * even SIGKILL does not end (stuck in the kernel) is given up and reaped whenever it ends. A
 * command that leaves a daemon behind has ended when its first process has: what the daemon still
 * writes is read and thrown away.
 */
#ifndef UD_CHILD_H
#define UD_CHILD_H

#include "base/base.h"
#include "base/str.h"

#include <stdint.h>

struct event_base;
struct children;
struct child;

/* Enough to see what a checker says; what comes after it is read and counted. */
#define CHILD_OUTPUT_MAX ((size_t)64 * 1024)
/* From SIGTERM to SIGKILL, and from SIGKILL to giving up. */
#define CHILD_GRACE_MS 2000
/* Pipes of daemons that a command left behind which are drained; the oldest is closed beyond. */
#define CHILD_LINGER_MAX 8

enum child_end {
	CHILD_EXITED,     /* code is the exit status */
	CHILD_SIGNALLED,  /* code is the signal */
	CHILD_TIMED_OUT,  /* code is 0 */
	CHILD_NOT_STARTED /* code is the errno value, reason says it in words */
};

/* How a command ended; valid only during the callback. */
struct child_result {
	enum child_end end;
	int code;
	const char *reason; /* CHILD_NOT_STARTED: names the program; otherwise NULL */
	struct str output;  /* what it wrote, at most output_max bytes, followed by a NUL */
	uint64_t dropped;   /* bytes that it wrote beyond that */
	int64_t ns;         /* how long it ran */
};

typedef void child_done_cb(void *arg, const struct child_result *result);

/* Runs in a copy of the process; what it writes to the descriptor is the output. It must not touch
 * the loop. */
typedef void child_run_fn(void *arg, int output);

struct child_spec {
	char *const *argv;      /* NULL-terminated; argv[0] is searched in PATH */
	child_run_fn *run;      /* instead of argv; env and io do not count */
	void *run_arg;
	const char *const *env; /* "NAME=value" to add or replace, NULL-terminated; may be NULL */
	int64_t timeout_ns;     /* 0 = none */
	int64_t grace_ns;       /* 0 = CHILD_GRACE_MS */
	size_t output_max;      /* bytes kept */
	int io;                 /* becomes its input and output; stays the caller's. 0 = none */
	child_done_cb *done;
	void *arg;
};

struct children *children_new(struct event_base *base);
/* Kills what still runs, without callbacks. */
void children_free(struct children *set);
/* Starts a command; spec and what it points to is copied where it is needed longer. Never fails:
 * a command that cannot be started reports so through done, which is always called from the loop,
 * never from here. The result is valid until done is called. */
struct child *child_start(struct children *set, const struct child_spec *spec);
/* Ends the command (SIGTERM, then SIGKILL, to its group); done is not called. NULL is allowed. */
void child_cancel(struct child *c);
/* What it wrote up to now; if it could not be started, why. Valid until it ends. */
struct str child_output(struct child *c);
/* "exit status 1", "killed by signal 9 (Killed)", "timed out", or the reason. Owned by the caller. */
char *child_describe(const struct child_result *result);

#endif
