/* SPDX-License-Identifier: MIT
 *
 * One thread for what may block (fsync above all), so that the loop never does. A job is a struct
 * that the caller allocates and hands over: from worker_run until done is called only the worker
 * touches it, and it shares nothing with the rest of the program. Jobs run one after another, in
 * order. Calling sequence:
 *
 *	static const struct worker_ops ops = {run, done, drop};
 *	me->job = worker_run(worker, &ops, data);
 *	…   run(data) on the thread, then done(data) on the loop: data is the caller's again
 *	worker_abandon(me->job);      or this: drop(data) is called instead of done
 */
#ifndef UD_WORKER_H
#define UD_WORKER_H

#include "base/base.h"
#include "base/error.h"

struct event_base;
struct worker;
struct worker_job;

struct worker_ops {
	void (*run)(void *data);  /* on the thread; must not log, nor touch anything but data */
	void (*done)(void *data); /* on the loop, after run; the job handle is gone */
	void (*drop)(void *data); /* on the loop, after run, or without it: undo and free */
};

/* Starts the thread. */
struct worker *worker_new(struct event_base *base, struct error *err) MUSTCHECK;
/* Waits for the job that runs; it and all others are dropped. */
void worker_free(struct worker *w);
struct worker_job *worker_run(struct worker *w, const struct worker_ops *ops, void *data);
/* The caller no longer wants the result. The job may still run. NULL is allowed. */
void worker_abandon(struct worker_job *job);

#endif
