/* SPDX-License-Identifier: MIT
 *
 * The worker thread, see worker.h. Two queues under one lock: what is to be done, and what is
 * done; a byte in a pipe wakes the loop for the second. The thread takes no signals.
 */
#include "config.h"

#include "base/worker.h"

#include "base/alloc.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <unistd.h>

struct worker_job {
	STAILQ_ENTRY(worker_job) link;
	const struct worker_ops *ops;
	void *data;
	bool abandoned; /* only the loop looks at it */
};

STAILQ_HEAD(job_list, worker_job);

struct worker {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct job_list todo, finished; /* under the lock, as is ending */
	bool ending;
	int fds[2];
	struct event *finished_event;
};

static struct worker_job *take_first(struct job_list *list)
{
	struct worker_job *job = STAILQ_FIRST(list);

	if (job)
		STAILQ_REMOVE_HEAD(list, link);
	return job;
}

/* The thread: one job after another until it is told to end. */
static void *worker_main(void *arg)
{
	struct worker *w = arg;

	pthread_mutex_lock(&w->lock);
	while (!w->ending) {
		struct worker_job *job = take_first(&w->todo);

		if (!job) {
			pthread_cond_wait(&w->wake, &w->lock);
			continue;
		}
		pthread_mutex_unlock(&w->lock);
		job->ops->run(job->data);
		pthread_mutex_lock(&w->lock);
		STAILQ_INSERT_TAIL(&w->finished, job, link);
		/* A full pipe wakes the loop as well. */
		while (write(w->fds[1], "", 1) < 0 && errno == EINTR)
			;
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

static void job_end(struct worker_job *job)
{
	const struct worker_ops *ops = job->ops;
	void *data = job->data;
	bool abandoned = job->abandoned;

	free(job);
	if (abandoned)
		ops->drop(data);
	else
		ops->done(data);
}

/* Jobs are finished. Their done callbacks may run and abandon others. */
static void worker_on_finished(evutil_socket_t fd, short what, void *arg)
{
	struct worker *w = arg;
	char bytes[64];

	(void)what;
	while (read((int)fd, bytes, sizeof(bytes)) > 0)
		;
	for (;;) {
		struct worker_job *job;

		pthread_mutex_lock(&w->lock);
		job = take_first(&w->finished);
		pthread_mutex_unlock(&w->lock);
		if (!job)
			return;
		job_end(job);
	}
}

/* All signals stay with the loop's thread. */
static int start_thread(struct worker *w)
{
	sigset_t all, before;
	int code;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	code = pthread_create(&w->thread, NULL, worker_main, w);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return code;
}

static void release(struct worker *w)
{
	close(w->fds[0]);
	close(w->fds[1]);
	pthread_cond_destroy(&w->wake);
	pthread_mutex_destroy(&w->lock);
	free(w);
}

struct worker *worker_new(struct event_base *base, struct error *err)
{
	struct worker *w = xcalloc(1, sizeof(*w));
	int code;

	if (pipe2(w->fds, O_CLOEXEC | O_NONBLOCK) != 0) {
		error_errno(err, errno, "cannot open a pipe");
		free(w);
		return NULL;
	}
	STAILQ_INIT(&w->todo);
	STAILQ_INIT(&w->finished);
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->wake, NULL);
	code = start_thread(w);
	if (code != 0) {
		error_errno(err, code, "cannot start a thread");
		release(w);
		return NULL;
	}
	w->finished_event = event_new(base, w->fds[0], EV_READ | EV_PERSIST, worker_on_finished, w);
	event_add(w->finished_event, NULL);
	return w;
}

void worker_free(struct worker *w)
{
	struct worker_job *job;

	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	w->ending = true;
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	event_free(w->finished_event);
	while ((job = take_first(&w->finished)) || (job = take_first(&w->todo))) {
		job->abandoned = true;
		job_end(job);
	}
	release(w);
}

struct worker_job *worker_run(struct worker *w, const struct worker_ops *ops, void *data)
{
	struct worker_job *job = xcalloc(1, sizeof(*job));

	job->ops = ops;
	job->data = data;
	pthread_mutex_lock(&w->lock);
	STAILQ_INSERT_TAIL(&w->todo, job, link);
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
	return job;
}

void worker_abandon(struct worker_job *job)
{
	if (job)
		job->abandoned = true;
}
