/* SPDX-License-Identifier: MIT
 *
 * The steps of a target. Each is a function that does its part and returns the next step, or
 * STEP_WAIT if a callback will go on; the row of a step has its name for logs and status. The one that
 * renders is in render.c.
 *
 *	start -> idle -> settle -> render -> compare -> check -> commit -> reload -> verify ->
 *finish
 *
 * where the check can only see the file in place: compare -> commit -> check -> reload, or restore.
 * A failure goes to finish, by way of reload while an earlier one is still owed.
 */
#include "config.h"

#include "publish/machine.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "config/config.h"
#include "proxy/proxy.h"
#include "publish/files.h"
#include "publish/publisher_impl.h"

#include <event2/event.h>
#include <stdlib.h>

static void arm_timer(struct target *t, int64_t when)
{
	struct timeval tv = clock_timeval(when - clock_mono_ns());

	event_add(t->timer, &tv);
}

/* --- files ----------------------------------------------------------------------------------- */

/* Whether the check can only see the file in place. */
static bool checks_in_place(const struct target *t)
{
	return proxy_can(t->proxy, PROXY_CHECK) && !t->now.checks_candidate;
}

/* Whether it is told after a reload that the new file is not live. */
static bool may_be_refused_later(const struct target *t)
{
	return proxy_reload_proves(t->proxy) || proxy_can(t->proxy, PROXY_VERIFY);
}

/* Whether the old file is kept after the new one is in place: as long as that may turn out wrong.
 */
static bool keeps_old(const struct target *t)
{
	return checks_in_place(t) || may_be_refused_later(t);
}

/* Hands a job to the worker, with the candidate. */
static enum step start_job(
	struct target *t, enum files_kind kind, void (*done)(void *arg, struct files_job *job))
{
	struct files_job *job = files_job_new(kind, t->output->dest);

	job->state_dir = t->output->state_dir ? xstrdup(t->output->state_dir) : NULL;
	job->options = (struct candidate_options){.mode_set = t->output->mode.set,
		.mode = t->output->mode.bits,
		.write = (enum candidate_write)t->output->write,
		.state_dir = job->state_dir,
		.backup = t->output->backup};
	job->candidate = t->candidate;
	t->candidate = (struct candidate){.dest = NULL};
	if (kind == FILES_PREPARE) {
		job->bytes = t->bytes;
		buf_init(&t->bytes, TARGET_OUTPUT_MAX);
	}
	job->keep_old = keeps_old(t);
	job->done = done;
	job->arg = t;
	t->job = files_start(t->pub->worker, job);
	return STEP_WAIT;
}

/* As start_job, for what nobody waits for. */
static void let_go(struct target *t, enum files_kind kind)
{
	start_job(t, kind, NULL);
	t->job = NULL;
}

/* A job is back: takes the candidate. */
static void take_back(struct target *t, struct files_job *job)
{
	t->job = NULL;
	t->candidate = job->candidate;
	job->candidate = (struct candidate){.dest = NULL};
}

/* Says what a person should know, once. */
static void log_note(struct target *t)
{
	const char *note = t->candidate.note;

	if (!note || (t->note && strcmp(note, t->note) == 0))
		return;
	log_warn("output %s: %s", t->output->name, note);
	free(t->note);
	t->note = xstrdup(note);
}

/* --- start, idle, settle --------------------------------------------------------------------- */

static void target_on_started(void *arg, struct files_job *job)
{
	struct target *t = arg;

	t->job = NULL;
	if (!job->ok)
		log_warn("output %s: %s", t->output->name, error_text(&job->error));
	else if (job->restored)
		log_warn("output %s: put the old %s back: an earlier process ended before the new "
			 "one was checked",
			t->output->name, t->output->dest);
	target_go(t, STEP_IDLE);
}

static enum step step_new(struct target *t)
{
	arm_timer(t, clock_mono_ns());
	return STEP_WAIT;
}

static enum step step_start(struct target *t)
{
	return start_job(t, FILES_START, target_on_started);
}

static enum step step_idle(struct target *t)
{
	if (t->settle.pending)
		return STEP_SETTLE;
	if (t->retry_at)
		arm_timer(t, t->retry_at);
	return STEP_WAIT;
}

static enum step step_settle(struct target *t)
{
	int64_t when;

	if (!settle_due(&t->settle, &when))
		return STEP_IDLE;
	if (when > clock_mono_ns()) {
		arm_timer(t, when);
		return STEP_WAIT;
	}
	cycle_begin(t);
	return STEP_RENDER;
}

void target_on_timer(int fd, short what, void *arg)
{
	struct target *t = arg;

	(void)fd;
	(void)what;
	if (t->step == STEP_NEW) {
		target_go(t, STEP_START);
	} else if (t->step == STEP_SETTLE) {
		target_go(t, STEP_SETTLE);
	} else if (t->step == STEP_IDLE && t->retry_at && clock_mono_ns() >= t->retry_at) {
		cycle_begin(t);
		target_go(t, STEP_RENDER);
	} else if (t->step == STEP_IDLE) {
		target_go(t, STEP_IDLE);
	}
}

/* --- compare --------------------------------------------------------------------------------- */

/* dest holds what was rendered. */
static void settle_file(struct target *t)
{
	t->settled = true;
	t->settled_hash = t->now.view.hash;
	t->last_bytes = t->now.bytes;
	candidate_release(&t->candidate);
}

static void target_on_prepared(void *arg, struct files_job *job)
{
	struct target *t = arg;

	take_back(t, job);
	if (!job->ok) {
		t->settled = false;
		target_go(t, cycle_fail(t, "not written", &job->error));
	} else if (job->equal) {
		settle_file(t);
		target_go(t, t->owed ? STEP_RELOAD : STEP_FINISH);
	} else {
		t->settled = false;
		cycle_span(t, SPAN_COMMIT, job->ns);
		log_note(t);
		t->now.checks_candidate =
			proxy_checks_candidate(t->proxy, t->candidate.dest_exists);
		target_go(t, t->now.checks_candidate ? STEP_CHECK : STEP_COMMIT);
	}
}

static enum step step_compare(struct target *t)
{
	struct error err = ERROR_INIT;

	t->bytes_hash = str_hash(buf_str(&t->bytes));
	if (t->refused && t->bytes_hash == t->refused_hash) {
		buf_release(&t->bytes);
		error_set(&err, "%s", t->refused);
		return cycle_fail(t, "still what was not taken, the old file stays", &err);
	}
	return start_job(t, FILES_PREPARE, target_on_prepared);
}

/* --- check, commit, restore --------------------------------------------------------------------
 */

/* The file in place is good, as far as can be told: the old one goes. */
static void accept_file(struct target *t)
{
	if (!t->swapped)
		return;
	t->swapped = false;
	let_go(t, FILES_ACCEPT);
	settle_file(t);
}

static struct proxy_context context_of(const struct target *t)
{
	return (struct proxy_context){.output = t->output->name,
		.dest = t->output->dest,
		.candidate = t->candidate.path,
		.event = t->now.event,
		.container = t->now.container};
}

/* The error of a refused act. */
static enum step fail_by_answer(
	struct target *t, const char *trouble, const struct proxy_answer *answer)
{
	struct error err = ERROR_INIT;

	error_set(&err, "%s", answer->text);
	if (!t->now.failed && *answer->output)
		t->now.said = xstrdup(answer->output);
	return cycle_fail(t, trouble, &err);
}

static void target_on_checked(void *arg, const struct proxy_answer *answer)
{
	struct target *t = arg;
	bool good = answer->verdict == PROXY_GOOD;
	enum step next;

	t->ask = NULL;
	t->now.checked = true;
	cycle_span(t, SPAN_CHECK, clock_mono_ns() - t->now.asked);
	if (good && !t->swapped) {
		next = STEP_COMMIT;
	} else if (good) {
		t->owed = true;
		if (!may_be_refused_later(t))
			accept_file(t);
		turn_give(t);
		next = STEP_RELOAD;
	} else {
		next = fail_by_answer(t,
			answer->verdict == PROXY_REFUSED
				? "refused by the check, the old file stays"
				: "check failed, the old file stays",
			answer);
		if (t->swapped)
			next = STEP_RESTORE;
		else
			let_go(t, FILES_DISCARD);
	}
	target_go(t, next);
}

static enum step step_check(struct target *t)
{
	struct proxy_context context = context_of(t);

	t->now.asked = clock_mono_ns();
	t->ask = proxy_ask(t->proxy, PROXY_CHECK, &context, target_on_checked, t);
	return STEP_WAIT;
}

static void target_on_committed(void *arg, struct files_job *job)
{
	struct target *t = arg;

	take_back(t, job);
	cycle_span(t, SPAN_COMMIT, job->ns);
	if (!job->ok) {
		t->owed = t->now.owed_before;
		candidate_release(&t->candidate);
		turn_give(t);
		target_go(t, cycle_fail(t, "not written", &job->error));
		return;
	}
	log_note(t);
	t->now.written = true;
	t->commits++;
	t->swapped = job->keep_old;
	if (!t->swapped)
		settle_file(t);
	target_go(t, checks_in_place(t) ? STEP_CHECK : STEP_RELOAD);
}

/* A file that is good is owed a reload from before it is in place: should this target end in
 * between, its successor knows. */
static enum step step_commit(struct target *t)
{
	if (checks_in_place(t) && !turn_take(t))
		return STEP_WAIT;
	if (!checks_in_place(t))
		t->owed = true;
	return start_job(t, FILES_COMMIT, target_on_committed);
}

static void target_on_restored(void *arg, struct files_job *job)
{
	struct target *t = arg;

	take_back(t, job);
	candidate_release(&t->candidate);
	t->swapped = false;
	t->now.written = false;
	turn_give(t);
	if (!job->ok)
		error_append(&t->now.error, "; and %s", error_text(&job->error));
	target_go(t, t->owed ? STEP_RELOAD : STEP_FINISH);
}

/* The reload is owed: it failed, which says nothing about the file. */
static enum step owe(struct target *t, const char *trouble, const struct proxy_answer *answer)
{
	fail_by_answer(t, trouble, answer);
	accept_file(t);
	t->owed = true;
	return STEP_FINISH;
}

/* Whoever read the file did not take it: the old one is put back and, since nobody knows what was
 * read of the new one, read again. The same bytes are not tried again. */
static enum step refuse(struct target *t, const char *trouble, const struct proxy_answer *answer)
{
	if (!t->swapped)
		return owe(t, trouble, answer);
	fail_by_answer(t, trouble, answer);
	t->owed = true;
	free(t->refused);
	t->refused = xstrdup(answer->text);
	t->refused_hash = t->bytes_hash;
	return STEP_RESTORE;
}

static enum step step_restore(struct target *t)
{
	return start_job(t, FILES_RESTORE, target_on_restored);
}

/* --- reload, verify, finish ----------------------------------------------------------------------
 */

static void set_applied(struct target *t)
{
	accept_file(t);
	t->owed = false;
	t->applied_real_ns = clock_real_ns();
}

void target_on_any_reload(void *arg)
{
	struct target *t = arg;

	settle_applied(&t->settle, clock_mono_ns());
}

void target_on_reloaded(void *arg, const struct proxy_answer *answer)
{
	struct target *t = arg;

	cycle_span(t, SPAN_RELOAD, clock_mono_ns() - t->now.asked);
	t->reloads++;
	if (answer->verdict == PROXY_REFUSED && t->swapped && proxy_reload_proves(t->proxy)) {
		target_go(t, refuse(t, "not taken by the reload, the old file is back", answer));
		return;
	}
	if (answer->verdict != PROXY_GOOD) {
		target_go(t, owe(t, "reload failed", answer));
		return;
	}
	t->now.reloaded = true;
	target_go(t, STEP_VERIFY);
}

static enum step step_reload(struct target *t)
{
	struct proxy_context context = context_of(t);

	if (!proxy_can(t->proxy, PROXY_RELOAD)) {
		set_applied(t);
		return STEP_FINISH;
	}
	t->now.asked = clock_mono_ns();
	reload_ask(&t->member, t->proxy, &context);
	return STEP_WAIT;
}

static void target_on_verified(void *arg, const struct proxy_answer *answer)
{
	struct target *t = arg;

	t->ask = NULL;
	t->now.verified = true;
	if (answer->verdict == PROXY_REFUSED) {
		target_go(t, refuse(t, "not live after the reload, the old file is back", answer));
		return;
	}
	if (answer->verdict != PROXY_GOOD) {
		target_go(t, owe(t, "not verified", answer));
		return;
	}
	set_applied(t);
	target_go(t, STEP_FINISH);
}

static enum step step_verify(struct target *t)
{
	struct proxy_context context = context_of(t);

	if (!proxy_can(t->proxy, PROXY_VERIFY)) {
		set_applied(t);
		return STEP_FINISH;
	}
	t->ask = proxy_ask(t->proxy, PROXY_VERIFY, &context, target_on_verified, t);
	return STEP_WAIT;
}

/* The pause before the next attempt: doubled for each one that failed in a row. */
static int64_t retry_pause(const struct target *t)
{
	int64_t pause = t->pub->retry_min_ns;

	for (unsigned i = 1; i < t->attempts && pause < t->pub->retry_max_ns; i++)
		pause *= 2;
	return pause < t->pub->retry_max_ns ? pause : t->pub->retry_max_ns;
}

static enum step step_finish(struct target *t)
{
	bool is_over = t->refused && t->bytes_hash == t->refused_hash && !t->owed;

	reload_pass(&t->member);
	t->attempts = t->now.failed ? t->attempts + 1 : 0;
	if (t->now.failed && !is_over)
		t->retry_at = clock_mono_ns() + retry_pause(t);
	report_cycle(t);
	cycle_release(&t->now);
	return STEP_IDLE;
}

/* --- the table ---------------------------------------------------------------------------------
 */

static const struct {
	const char *name;
	enum step (*run)(struct target *t);
} steps[] = {
	[STEP_NEW] = {"new", step_new},
	[STEP_START] = {"start", step_start},
	[STEP_IDLE] = {"idle", step_idle},
	[STEP_SETTLE] = {"settle", step_settle},
	[STEP_RENDER] = {"render", target_step_render},
	[STEP_COMPARE] = {"compare", step_compare},
	[STEP_CHECK] = {"check", step_check},
	[STEP_COMMIT] = {"commit", step_commit},
	[STEP_RESTORE] = {"restore", step_restore},
	[STEP_RELOAD] = {"reload", step_reload},
	[STEP_VERIFY] = {"verify", step_verify},
	[STEP_FINISH] = {"finish", step_finish},
};

const char *target_step_name(enum step step)
{
	return steps[step].name;
}

void target_go(struct target *t, enum step next)
{
	while (next != STEP_WAIT) {
		t->step = next;
		next = steps[next].run(t);
	}
}
