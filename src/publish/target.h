/* SPDX-License-Identifier: MIT
 *
 * One output: what turns the state of the containers into one file in place, and tells who reads
 * it. A state machine whose steps are named functions that return the next step:
 *
 *	idle -> settle -> render -> compare -> check -> commit -> reload -> verify -> idle
 *
 * A check that has no {candidate} among its words can only see the file in place: then commit comes
 * before check, and a refusal restores the old file, before anybody was told to read it. Where it
 * is told after a reload that the new file is not live, the old one is put back and reloaded, and
 * the same bytes are not tried again.
 *
 * Whatever fails, the file that was there stays, the error is logged once (not again while it
 * stays the same), and the daemon goes on. That the file is *written* and that it is *applied* are
 * two facts: a reload that failed is tried again, with growing pauses, though the bytes did not
 * change. What arrives during a cycle makes exactly one further cycle. Calling sequence:
 *
 *	struct publisher *pub = publisher_new(&services, err);
 *	struct target *t = target_new(pub, output, &source, err);     one per [output NAME]
 *	struct target_cause cause = {.event = "start", .container = "web-1"};
 *	publisher_notify(pub, &cause, false);           each time the model changed
 *	target_notify(t, &cause, false);                or for one output alone
 *	target_free(t); publisher_free(pub);            kills what runs, waits for a commit under
 *way
 */
#ifndef UD_TARGET_H
#define UD_TARGET_H

#include "base/base.h"
#include "base/buf.h"
#include "base/error.h"

#include <stdint.h>

struct config_output;
struct publisher;
struct target;

#define TARGET_OUTPUT_MAX ((size_t)64 << 20) /* bytes of one rendered file */
/* A render that takes longer does not go on in the loop. */
#define TARGET_HOLD_NS (50 * (int64_t)1000000)
/* Pauses between attempts after a failure: the first one, doubled up to the last. */
#define TARGET_RETRY_MIN_MS 1000
#define TARGET_RETRY_MAX_MS 60000

/* The newest state as one output sees it. */
struct target_view {
	void *ref;	   /* the source's; given back by drop */
	uint64_t hash;	   /* equal hashes render to equal bytes */
	size_t containers; /* for the summary */
};

/* Where an output's bytes come from. The callbacks are called from the loop, one at a time. */
struct target_source {
	/* Takes a reference to the newest state. false: there is none yet, the output waits for
	 * the next notification. */
	bool (*take)(void *arg, struct target_view *ret_view);
	void (*drop)(void *arg, void *ref);
	/* Readies what render needs. *ret_slow: render may hold the loop. May be NULL. */
	bool (*prepare)(void *arg, bool *ret_slow, struct error *err);
	/* Appends the file's bytes, before blank lines are removed. If give_up_ns (clock_mono_ns) is
	 * not 0 it should fail when that has passed, with *ret_gave_up true: then it is called again,
	 * in a copy of the process, where it has all the time of render_timeout; there what it changes
	 * elsewhere is lost. So it is at once where it is slow, or took more than TARGET_HOLD_NS the
	 * last time. */
	bool (*render)(void *arg, void *ref, int64_t give_up_ns, bool *ret_gave_up, struct buf *out,
		struct error *err);
	/* Appends lines that show a person what an error of prepare or render is about. May be
	 * NULL. */
	void (*explain)(void *arg, const struct error *err, struct buf *out);
	void *arg;
};

/* Why there is something to do; strings are copied. */
struct target_cause {
	const char *event;     /* "start", "die", "connected", "template", "resync" … */
	const char *container; /* its name, NULL if it is about none */
};

enum target_result {
	TARGET_UNCHANGED, /* the same bytes are in place already */
	TARGET_APPLIED,	  /* written, and whoever reads it was told */
	TARGET_FAILED	  /* see the error; the old file stays, or the reload is owed */
};

/* What one cycle did. Borrowed, valid during the callback. */
struct target_cycle {
	const char *output, *dest;
	const char *event, *container; /* of the first cause; container may be NULL */
	uint64_t causes;	       /* notifications that this cycle answers */
	size_t containers, bytes;
	enum target_result result;
	const char *what; /* "written, checked, reloaded", "unchanged", "refused by the check" … */
	const char *error;					     /* NULL unless TARGET_FAILED */
	int64_t render_ns, check_ns, commit_ns, reload_ns, total_ns; /* -1: was not done */
};

/* For whoever shows it. Borrowed from the target, valid until the loop goes on. */
struct target_status {
	const char *output, *dest;
	const char *step;  /* "idle", "check" … */
	bool written;	   /* dest holds what was rendered last */
	bool applied;	   /* and its reader was told, with success */
	const char *error; /* what is wrong now, NULL if nothing is */
	size_t bytes;	   /* of the last render that went well */
	uint64_t cycles, commits, reloads, failures;
	int64_t applied_real_ns; /* the last time something was applied; 0 = never yet */
};

/* output is borrowed and must outlive the target. Touches nothing before the loop goes on; a target
 * that it replaces is freed by then. Then clears left-overs of an earlier process away from beside
 * dest, and waits to be notified. NULL if a command cannot be used. */
struct target *target_new(struct publisher *pub, const struct config_output *output,
	const struct target_source *source, struct error *err) MUSTCHECK;
/* Kills a check or reload that runs. The source is not called any more. */
void target_free(struct target *t);
/* Something changed. urgent passes the wait for quiet, not the pause between reloads. */
void target_notify(struct target *t, const struct target_cause *cause, bool urgent);
/* After the configuration was read again: t, new, takes over from old what is still true of the
 * same dest and reload (an owed reload, the error, counters). old is freed by the caller. */
void target_adopt(struct target *t, const struct target *old);
/* Whether a cycle runs or is due; an owed retry does not count. */
bool target_busy(const struct target *t);
void target_get_status(const struct target *t, struct target_status *ret_status);

#endif
