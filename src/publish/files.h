/* SPDX-License-Identifier: MIT
 *
 * The file operations of an output, run on the worker: each is a job that is handed over whole and
 * comes back by a callback. A job that nobody waits for any more still leaves things in order: a
 * candidate is removed, a swap that was not accepted is undone. Calling sequence:
 *
 *	struct files_job *job = files_job_new(FILES_PREPARE, path);
 *	job->bytes = …; job->options = …;
 *	job->done = me_on_file; job->arg = me;
 *	me->job = files_start(worker, job);
 *	…   me_on_file(me, job): take what is wanted out of it; it is freed afterwards
 *	files_abandon(me->job);            or this
 *
 * Jobs of one worker run in order.
 */
#ifndef UD_FILES_H
#define UD_FILES_H

#include "base/base.h"
#include "base/buf.h"
#include "base/error.h"
#include "publish/candidate.h"

#include <stdint.h>

struct worker;
struct worker_job;

enum files_kind {
	FILES_START,   /* clear up what an earlier process left beside path */
	FILES_PREPARE, /* compare path with bytes, write a candidate unless they are equal */
	FILES_COMMIT,  /* put the candidate in place */
	FILES_ACCEPT,  /* forget the old file */
	FILES_RESTORE, /* put the old file back */
	FILES_DISCARD  /* remove the candidate */
};

struct files_job {
	enum files_kind kind;
	char *path;
	struct candidate_options options; /* START (state_dir), PREPARE */
	char *state_dir;		  /* owned; of options */
	struct buf bytes;		  /* PREPARE */
	bool keep_old;			  /* COMMIT */
	struct candidate candidate;	  /* in and out */
	bool equal;			  /* out of PREPARE */
	bool restored;			  /* out of START: an old file was put back */
	bool ran, ok;			  /* out; not ok: error says why */
	struct error error;
	int64_t started, ns; /* from start to done */
	void (*done)(void *arg, struct files_job *job);
	void *arg;
};

struct files_job *files_job_new(enum files_kind kind, const char *path);
/* The job is the worker's until done. The handle is for files_abandon. done may be NULL: the job
 * runs, and that is all. */
struct worker_job *files_start(struct worker *w, struct files_job *job);
/* NULL is allowed. */
void files_abandon(struct worker_job *handle);

#endif
