/* SPDX-License-Identifier: MIT
 *
 * File operations as jobs, see files.h. Each kind is a row: what it does, and how it is undone when
 * its result is not wanted.
 */
#include "config.h"

#include "publish/files.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/worker.h"
#include "publish/commit.h"

#include <stdlib.h>

struct files_row {
	bool (*run)(struct files_job *job);
	void (*drop)(struct files_job *job); /* may be NULL */
	bool always;			     /* what puts things in order is done in any case */
};

static bool run_start(struct files_job *job)
{
	char *dest;
	bool ok;

	if (!candidate_resolve(job->path, &dest, &job->error))
		return false;
	candidate_sweep(dest);
	ok = commit_recover(dest, job->options.state_dir, &job->restored, &job->error);
	free(dest);
	return ok;
}

static bool run_prepare(struct files_job *job)
{
	return candidate_prepare(job->path, &job->options, buf_str(&job->bytes), &job->candidate,
		&job->equal, &job->error);
}

static void drop_prepare(struct files_job *job)
{
	candidate_discard(&job->candidate);
}

static bool run_commit(struct files_job *job)
{
	return commit_candidate(&job->candidate, job->keep_old, &job->error);
}

static void drop_commit(struct files_job *job)
{
	if (!job->ran)
		candidate_discard(&job->candidate);
	else if (job->ok && job->keep_old && !commit_restore(&job->candidate, &job->error))
		error_clear(&job->error);
}

static bool run_accept(struct files_job *job)
{
	commit_accept(&job->candidate);
	return true;
}

static bool run_restore(struct files_job *job)
{
	return commit_restore(&job->candidate, &job->error);
}

static bool run_discard(struct files_job *job)
{
	candidate_discard(&job->candidate);
	return true;
}

static const struct files_row rows[] = {
	[FILES_START] = {run_start, NULL, false},
	[FILES_PREPARE] = {run_prepare, drop_prepare, false},
	[FILES_COMMIT] = {run_commit, drop_commit, false},
	[FILES_ACCEPT] = {run_accept, NULL, true},
	[FILES_RESTORE] = {run_restore, NULL, true},
	[FILES_DISCARD] = {run_discard, NULL, true},
};

static void job_free(struct files_job *job)
{
	free(job->path);
	free(job->state_dir);
	buf_release(&job->bytes);
	candidate_release(&job->candidate);
	error_clear(&job->error);
	free(job);
}

/* On the thread. */
static void files_on_run(void *data)
{
	struct files_job *job = data;

	job->ok = rows[job->kind].run(job);
	job->ran = true;
}

/* On the loop: the result. */
static void files_on_done(void *data)
{
	struct files_job *job = data;

	job->ns = clock_mono_ns() - job->started;
	if (job->done)
		job->done(job->arg, job);
	job_free(job);
}

/* On the loop: nobody waits for the result. */
static void files_on_drop(void *data)
{
	struct files_job *job = data;
	const struct files_row *row = &rows[job->kind];

	if (row->always && !job->ran)
		files_on_run(job);
	if (row->drop)
		row->drop(job);
	job_free(job);
}

struct files_job *files_job_new(enum files_kind kind, const char *path)
{
	struct files_job *job = xcalloc(1, sizeof(*job));

	job->kind = kind;
	job->path = xstrdup(path);
	return job;
}

struct worker_job *files_start(struct worker *w, struct files_job *job)
{
	static const struct worker_ops ops = {files_on_run, files_on_done, files_on_drop};

	job->started = clock_mono_ns();
	return worker_run(w, &ops, job);
}

void files_abandon(struct worker_job *handle)
{
	worker_abandon(handle);
}
