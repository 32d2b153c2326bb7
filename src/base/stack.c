/* SPDX-License-Identifier: MIT
 *
 * A stack of one's own is that of a thread which the caller waits for: nothing runs at the same
 * time. All signals stay with the calling thread.
 */
#include "config.h"

#include "base/stack.h"

#include <pthread.h>
#include <signal.h>

struct stack_job {
	void (*fn)(void *arg);
	void *arg;
};

static void *stack_on_start(void *arg)
{
	const struct stack_job *job = arg;

	job->fn(job->arg);
	return NULL;
}

bool stack_run(size_t bytes, void (*fn)(void *arg), void *arg)
{
	struct stack_job job = {fn, arg};
	pthread_attr_t attr;
	pthread_t thread;
	sigset_t all, before;
	bool started;

	if (pthread_attr_init(&attr) != 0)
		return false;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	started = pthread_attr_setstacksize(&attr, bytes) == 0 &&
		  pthread_create(&thread, &attr, stack_on_start, &job) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
	if (started)
		pthread_join(thread, NULL);
	return started;
}
