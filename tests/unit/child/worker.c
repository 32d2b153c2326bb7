/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/worker.h"

#include "base/alloc.h"
#include "unit/loop.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct task {
	pthread_t ran_on;
	int order;
	atomic_bool *gate; /* run waits for it */
	bool ran, done, dropped;
};

static int order;

static void task_on_run(void *data)
{
	struct task *t = data;
	const struct timespec pause = {.tv_nsec = NS_PER_MS};

	while (t->gate && !atomic_load(t->gate))
		nanosleep(&pause, NULL);
	t->ran_on = pthread_self();
	t->ran = true;
}

static void task_on_done(void *data)
{
	struct task *t = data;

	t->done = true;
	t->order = order++;
}

static void task_on_drop(void *data)
{
	((struct task *)data)->dropped = true;
}

static const struct worker_ops ops = {task_on_run, task_on_done, task_on_drop};

Test(worker, jobs_run_on_the_thread_and_end_on_the_loop_in_order)
{
	struct event_base *base = event_base_new();
	struct error err = ERROR_INIT;
	struct worker *w = worker_new(base, &err);
	struct task tasks[100] = {0};

	cr_assert_not_null(w);
	order = 0;
	for (size_t i = 0; i < ARRAY_LEN(tasks); i++)
		worker_run(w, &ops, &tasks[i]);
	loop_until(base, tasks[ARRAY_LEN(tasks) - 1].done);
	for (size_t i = 0; i < ARRAY_LEN(tasks); i++) {
		cr_assert_eq(tasks[i].order, (int)i);
		cr_assert(!pthread_equal(tasks[i].ran_on, pthread_self()));
	}
	worker_free(w);
	event_base_free(base);
}

Test(worker, an_abandoned_job_is_dropped_on_the_loop)
{
	struct event_base *base = event_base_new();
	struct error err = ERROR_INIT;
	struct worker *w = worker_new(base, &err);
	atomic_bool gate = false;
	struct task t = {.gate = &gate};
	struct worker_job *job = worker_run(w, &ops, &t);

	worker_abandon(job);
	cr_assert(!t.dropped);
	atomic_store(&gate, true);
	loop_until(base, t.dropped);
	cr_assert(t.ran);
	cr_assert(!t.done);
	worker_free(w);
	event_base_free(base);
}

Test(worker, freeing_it_finishes_the_running_job_and_drops_the_rest)
{
	struct event_base *base = event_base_new();
	struct error err = ERROR_INIT;
	struct worker *w = worker_new(base, &err);
	struct task tasks[3] = {0};

	for (size_t i = 0; i < ARRAY_LEN(tasks); i++)
		worker_run(w, &ops, &tasks[i]);
	worker_free(w);
	for (size_t i = 0; i < ARRAY_LEN(tasks); i++) {
		cr_assert(tasks[i].dropped);
		cr_assert(!tasks[i].done);
	}
	event_base_free(base);
}
