/* SPDX-License-Identifier: MIT
 *
 * Inside of publish/: a target and its steps. target.c owns it, steps.c and render.c move it, report.c
 * tells about it. Two facts are kept apart: settled, dest holds what was rendered last; and owed, dest
 * was written and its reader not yet told with success.
 */
#ifndef UD_MACHINE_H
#define UD_MACHINE_H

#include "base/base.h"
#include "base/buf.h"
#include "base/error.h"
#include "publish/candidate.h"
#include "publish/reload.h"
#include "publish/settle.h"
#include "publish/target.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

struct child;
struct event;
struct proxy;
struct proxy_ask;
struct worker_job;

enum step {
	STEP_NEW,    /* not before the loop goes on: what it replaces may still be there */
	STEP_START,  /* clear up after an earlier process */
	STEP_IDLE,   /* wait for a change, or for the time to try again */
	STEP_SETTLE, /* wait for quiet and for the pause between reloads */
	STEP_RENDER,
	STEP_COMPARE, /* with dest, and write the candidate */
	STEP_CHECK,
	STEP_COMMIT,
	STEP_RESTORE, /* the file in place was refused */
	STEP_RELOAD,
	STEP_VERIFY,
	STEP_FINISH, /* sum up */
	STEP_WAIT    /* not a step: the present one goes on when its callback comes */
};

/* See turn.c. */
enum turn { TURN_NONE, TURN_WAITING, TURN_HELD };

/* What is measured; -1 = was not done. */
enum span { SPAN_RENDER, SPAN_CHECK, SPAN_COMMIT, SPAN_RELOAD, SPANS };

/* What a cycle has done so far. */
struct cycle {
	char *event, *container; /* of the first cause */
	uint64_t causes;
	struct target_view view;
	bool view_taken;
	bool checks_candidate; /* the check looks at it before it is in place */
	bool checked, written, reloaded, verified, failed;
	bool owed_before;    /* see struct target */
	const char *trouble; /* what failed, for the summary */
	struct error error;
	char *said; /* what the failing command wrote; owned */
	size_t bytes;
	int64_t started, asked, spans[SPANS]; /* begin of the cycle, of the act that runs */
};

struct target {
	TAILQ_ENTRY(target) link;
	struct publisher *pub;
	const struct config_output *output;
	struct target_source source;
	struct proxy *proxy;
	struct reload_member member;
	struct settle settle;
	struct event *timer;

	enum step step;
	struct cycle next; /* the causes that wait */
	struct cycle now;  /* the cycle that runs */
	struct buf bytes;  /* rendered, until it is compared */
	struct candidate candidate;
	struct worker_job *job;
	struct proxy_ask *ask;
	struct child *apart; /* renders in a process of its own */
	enum turn turn;
	bool swapped; /* dest is new and not yet accepted; the old file is kept */
	uint64_t bytes_hash; /* of what was rendered last */
	char *refused;	     /* why the reader did not take bytes of refused_hash; owned, or NULL */
	uint64_t refused_hash;

	bool settled; /* dest holds the bytes of settled_hash */
	uint64_t settled_hash;
	bool owed;	   /* a reload */
	unsigned attempts; /* that failed in a row */
	int64_t retry_at;  /* 0 = no retry is due */
	char *error;	   /* what is wrong now; owned, NULL = nothing */
	char *note;	   /* the last note of a commit; owned */

	int64_t render_ns; /* of the last render */
	size_t last_bytes;
	uint64_t cycles, commits, reloads, failures;
	int64_t applied_real_ns;
};

TAILQ_HEAD(target_list, target);

/* Goes on with next, until a step has to wait. */
void target_go(struct target *t, enum step next);
const char *target_step_name(enum step step);
enum step target_step_render(struct target *t);
/* The timer of new, idle and settle. */
void target_on_timer(int fd, short what, void *arg);
/* The group's reload ended for t, or for another output. */
void target_on_reloaded(void *arg, const struct proxy_answer *answer);
void target_on_any_reload(void *arg);

/* The right to have an unchecked file in place. false: commit begins again when it is t's turn. */
bool turn_take(struct target *t);
/* The next one goes on. Nothing if t has no turn. */
void turn_give(struct target *t);

void cycle_init(struct cycle *c);
void cycle_release(struct cycle *c);
/* What waited becomes the cycle that runs; if nothing did, the cycle is a retry. */
void cycle_begin(struct target *t);
/* The cycle failed; the first failure counts, err is emptied. Goes on with a reload that is owed
 * from before: the file in place is good. */
enum step cycle_fail(struct target *t, const char *trouble, struct error *err);
/* Adds to a span of the summary. */
void cycle_span(struct target *t, enum span span, int64_t ns);
/* The cycle of t is over: keeps count, logs its summary, and its error unless it was logged. */
void report_cycle(struct target *t);

#endif
