/* SPDX-License-Identifier: MIT
 *
 * Running commands, see child.h; child_start.c makes them. A child goes through phases driven by
 * its timer: it runs, was told to end (SIGTERM), was killed (SIGKILL), is given up. Whatever the
 * phase, its end is seen in one place only: reap_all, on SIGCHLD.
 *
 * Invariant: a child is on the set's list from child_start until child_free; it holds its pid
 * until it is reaped, so that a signal never reaches a stranger who got the same number.
 */
#include "config.h"

#include "base/child.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/child_start.h"
#include "base/clock.h"
#include "base/vec.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <sys/wait.h>
#include <unistd.h>

#define READ_STEP ((size_t)32 * 1024)
/* Reads in a row before other events get their turn. */
#define READ_TURNS 16
/* How long children_free waits for what it killed. */
#define FREE_WAIT_NS ((int64_t)1000 * NS_PER_MS)
#define FREE_POLL_NS ((long)2 * NS_PER_MS)

enum phase { PHASE_RUNNING, PHASE_TERMINATED, PHASE_KILLED, PHASE_LINGERING };

struct child {
	TAILQ_ENTRY(child) link;
	struct children *set;
	pid_t pid; /* 0 = not started, or reaped */
	int fd;	   /* its output, -1 = closed */
	struct event *readable, *timer;
	struct buf output;
	uint64_t dropped;
	enum phase phase;
	bool timed_out;
	int64_t started, grace_ns;
	int start_error;
	char *reason;
	child_done_cb *done; /* NULL = nobody wants to know any more */
	void *arg;
};

struct children {
	struct event_base *base;
	struct event *sigchld;
	TAILQ_HEAD(child_list, child) list;
	size_t lingering;
};

static void child_free(struct child *c)
{
	if (c->phase == PHASE_LINGERING)
		c->set->lingering--;
	TAILQ_REMOVE(&c->set->list, c, link);
	if (c->readable)
		event_free(c->readable);
	event_free(c->timer);
	if (c->fd >= 0)
		close(c->fd);
	buf_release(&c->output);
	free(c->reason);
	free(c);
}

static void close_output(struct child *c)
{
	if (c->readable)
		event_free(c->readable);
	c->readable = NULL;
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
}

static void keep_output(struct child *c, const char *data, size_t n)
{
	size_t room = c->output.max - c->output.len;
	size_t keep = c->phase == PHASE_LINGERING ? 0 : n < room ? n : room;

	buf_add(&c->output, data, keep);
	c->dropped += n - keep;
}

/* Reads what is there, up to READ_TURNS steps; closes the pipe at its end. */
static void drain_output(struct child *c)
{
	char data[READ_STEP];

	for (int turn = 0; turn < READ_TURNS && c->fd >= 0; turn++) {
		ssize_t n = read(c->fd, data, sizeof(data));

		if (n > 0)
			keep_output(c, data, (size_t)n);
		else if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		else
			close_output(c);
	}
}

/* The output pipe is readable or was closed. May free a child that only lingers for its pipe. */
static void child_on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct child *c = arg;

	(void)fd;
	(void)what;
	drain_output(c);
	if (c->fd < 0 && c->phase == PHASE_LINGERING)
		child_free(c);
}

/* Closes the longest held pipes beyond the limit. */
static void limit_lingering(struct children *set)
{
	struct child *c, *next;

	for (c = TAILQ_FIRST(&set->list); c && set->lingering > CHILD_LINGER_MAX; c = next) {
		next = TAILQ_NEXT(c, link);
		if (c->phase == PHASE_LINGERING)
			child_free(c);
	}
}

/* Tells the owner and lets go of the child; a pipe that is still open is drained until it ends. */
static void child_end(struct child *c, struct child_result *result)
{
	struct children *set = c->set;
	child_done_cb *done = c->done;

	event_del(c->timer);
	c->done = NULL;
	result->ns = clock_mono_ns() - c->started;
	result->output.p = buf_cstr(&c->output);
	result->output.len = c->output.len;
	result->dropped = c->dropped;
	if (done)
		done(c->arg, result);
	if (c->fd < 0) {
		child_free(c);
		return;
	}
	c->phase = PHASE_LINGERING;
	set->lingering++;
	/* To the end of the list: it is the youngest of those that linger. */
	TAILQ_REMOVE(&set->list, c, link);
	TAILQ_INSERT_TAIL(&set->list, c, link);
	limit_lingering(set);
}

static void child_on_reaped(struct child *c, int status)
{
	struct child_result result = {.end = CHILD_EXITED};

	c->pid = 0;
	if (c->timed_out) {
		result.end = CHILD_TIMED_OUT;
	} else if (WIFSIGNALED(status)) {
		result.end = CHILD_SIGNALLED;
		result.code = WTERMSIG(status);
	} else {
		result.code = WEXITSTATUS(status);
	}
	drain_output(c);
	child_end(c, &result);
}

struct str child_output(struct child *c)
{
	drain_output(c);
	return c->reason ? str_from(c->reason) : buf_str(&c->output);
}

static struct child *find_pid(struct children *set, pid_t pid)
{
	struct child *c;

	TAILQ_FOREACH(c, &set->list, link)
	if (c->pid == pid)
		return c;
	return NULL;
}

/* SIGCHLD: reaps every child that ended. One that was told to end takes the rest of its group
 * along, which is killed while the unreaped leader still keeps the group's number from reuse. */
static void children_on_sigchld(evutil_socket_t sig, short what, void *arg)
{
	struct children *set = arg;
	siginfo_t info;

	(void)sig;
	(void)what;
	for (;;) {
		struct child *c;
		int status;

		info.si_pid = 0;
		if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0)
			return;
		c = find_pid(set, info.si_pid);
		if (c && c->phase != PHASE_RUNNING)
			kill(-c->pid, SIGKILL);
		if (waitpid(info.si_pid, &status, WNOHANG) == info.si_pid && c)
			child_on_reaped(c, status);
	}
}

static void arm_timer(struct child *c, int64_t ns)
{
	struct timeval tv = clock_timeval(ns);

	event_add(c->timer, &tv);
}

/* Sends SIGTERM to the group and starts the grace time. */
static void terminate(struct child *c)
{
	kill(-c->pid, SIGTERM);
	c->phase = PHASE_TERMINATED;
	arm_timer(c, c->grace_ns);
}

static void report_not_started(struct child *c)
{
	struct child_result result = {
		.end = CHILD_NOT_STARTED, .code = c->start_error, .reason = c->reason};

	child_end(c, &result);
}

/* The timeout or a grace time has passed, or the command could not be started. */
static void child_on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct child *c = arg;
	struct child_result result = {.end = CHILD_TIMED_OUT};

	(void)fd;
	(void)what;
	switch (c->phase) {
	case PHASE_RUNNING:
		if (c->start_error) {
			report_not_started(c);
			return;
		}
		c->timed_out = true;
		terminate(c);
		return;
	case PHASE_TERMINATED:
		kill(-c->pid, SIGKILL);
		c->phase = PHASE_KILLED;
		arm_timer(c, c->grace_ns);
		return;
	case PHASE_KILLED:
		/* Stuck in the kernel: it is reaped as a stranger some day. */
		c->pid = 0;
		close_output(c);
		child_end(c, &result);
		return;
	case PHASE_LINGERING:
		return;
	}
}

/* Opens the pipe and starts the command; 0 or an errno value. */
static int launch(struct child *c, const struct child_spec *spec)
{
	int fds[2], code;

	if (pipe2(fds, O_CLOEXEC) != 0)
		return errno;
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	code = spec->run ? child_fork(spec, fds[1], &c->pid) : child_spawn(spec, fds[1], &c->pid);
	close(fds[1]);
	if (code != 0) {
		c->pid = 0;
		close(fds[0]);
		return code;
	}
	c->fd = fds[0];
	c->readable = event_new(c->set->base, c->fd, EV_READ | EV_PERSIST, child_on_readable, c);
	event_add(c->readable, NULL);
	return 0;
}

struct child *child_start(struct children *set, const struct child_spec *spec)
{
	struct child *c = xcalloc(1, sizeof(*c));

	c->set = set;
	c->fd = -1;
	c->done = spec->done;
	c->arg = spec->arg;
	c->grace_ns = spec->grace_ns ? spec->grace_ns : (int64_t)CHILD_GRACE_MS * NS_PER_MS;
	buf_init(&c->output, spec->output_max);
	c->timer = evtimer_new(set->base, child_on_timer, c);
	c->started = clock_mono_ns();
	TAILQ_INSERT_TAIL(&set->list, c, link);
	c->start_error = launch(c, spec);
	if (c->start_error) {
		c->reason = child_start_reason(spec, c->start_error);
		arm_timer(c, 0);
	} else if (spec->timeout_ns > 0) {
		arm_timer(c, spec->timeout_ns);
	}
	return c;
}

void child_cancel(struct child *c)
{
	if (!c)
		return;
	c->done = NULL;
	if (c->pid == 0)
		child_free(c);
	else if (c->phase == PHASE_RUNNING)
		terminate(c);
}

char *child_describe(const struct child_result *result)
{
	switch (result->end) {
	case CHILD_EXITED:
		return xasprintf("exit status %d", result->code);
	case CHILD_SIGNALLED:
		return xasprintf("killed by signal %d (%s)", result->code, strsignal(result->code));
	case CHILD_TIMED_OUT:
		return xasprintf("timed out after %.1f s", (double)result->ns / NS_PER_S);
	case CHILD_NOT_STARTED:
		return xasprintf("cannot start %s", result->reason);
	}
	abort();
}

struct children *children_new(struct event_base *base)
{
	struct children *set = xcalloc(1, sizeof(*set));

	set->base = base;
	TAILQ_INIT(&set->list);
	set->sigchld = evsignal_new(base, SIGCHLD, children_on_sigchld, set);
	event_add(set->sigchld, NULL);
	return set;
}

/* Waits for a killed child, but not for ever. */
static void await_killed(pid_t pid, int64_t deadline)
{
	const struct timespec pause = {.tv_nsec = FREE_POLL_NS};

	while (waitpid(pid, NULL, WNOHANG) == 0 && clock_mono_ns() < deadline)
		nanosleep(&pause, NULL);
}

void children_free(struct children *set)
{
	int64_t deadline = clock_mono_ns() + FREE_WAIT_NS;
	struct child *c;

	if (!set)
		return;
	TAILQ_FOREACH(c, &set->list, link)
	if (c->pid != 0)
		kill(-c->pid, SIGKILL);
	while ((c = TAILQ_FIRST(&set->list)) != NULL) {
		if (c->pid != 0)
			await_killed(c->pid, deadline);
		child_free(c);
	}
	event_free(set->sigchld);
	free(set);
}
