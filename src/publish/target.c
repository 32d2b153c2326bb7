/* SPDX-License-Identifier: MIT
 *
 * The life of a target, see target.h; its steps are in steps.c.
 */
#include "config.h"

#include "publish/target.h"

#include "base/alloc.h"
#include "base/child.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/worker.h"
#include "config/config.h"
#include "proxy/proxy.h"
#include "publish/files.h"
#include "publish/publisher_impl.h"

#include <event2/event.h>
#include <stdlib.h>

/* Says once what a user may not expect of the check. */
static void explain_check(const struct target *t)
{
	if (proxy_can(t->proxy, PROXY_CHECK) && !proxy_checks_candidate(t->proxy, true))
		log_info("output %s: the check names no {candidate}: it runs with the new file in "
			 "place, and a refusal puts the old one back before any reload",
			t->output->name);
}

struct target *target_new(struct publisher *pub, const struct config_output *output,
	const struct target_source *source, struct error *err)
{
	struct proxy *proxy = proxy_new(output, &pub->services, err);
	struct target *t;

	if (!proxy)
		return NULL;
	t = xcalloc(1, sizeof(*t));
	t->pub = pub;
	t->output = output;
	t->source = *source;
	t->proxy = proxy;
	settle_init(&t->settle, output->wait.min_ns, output->wait.max_ns, output->min_interval_ns);
	t->timer = evtimer_new(pub->base, target_on_timer, t);
	buf_init(&t->bytes, TARGET_OUTPUT_MAX);
	cycle_init(&t->now);
	cycle_init(&t->next);
	t->member.reloaded = target_on_reloaded;
	t->member.any_reload = target_on_any_reload;
	t->member.arg = t;
	reload_join(&pub->reloads, proxy_reload_key(proxy), &t->member);
	TAILQ_INSERT_TAIL(&pub->targets, t, link);
	explain_check(t);
	target_go(t, STEP_NEW);
	return t;
}

/* Leaves the files of a cycle that is cut short in order. */
static void clear_up(struct target *t)
{
	struct files_job *job;

	files_abandon(t->job);
	if (!t->candidate.dest)
		return;
	job = files_job_new(t->swapped ? FILES_RESTORE : FILES_DISCARD, t->output->dest);
	job->candidate = t->candidate;
	t->candidate = (struct candidate){.dest = NULL};
	files_start(t->pub->worker, job);
}

void target_free(struct target *t)
{
	if (!t)
		return;
	TAILQ_REMOVE(&t->pub->targets, t, link);
	proxy_cancel(t->ask);
	child_cancel(t->apart);
	reload_leave(&t->pub->reloads, &t->member);
	clear_up(t);
	turn_give(t);
	if (t->now.view_taken)
		t->source.drop(t->source.arg, t->now.view.ref);
	event_free(t->timer);
	cycle_release(&t->now);
	cycle_release(&t->next);
	buf_release(&t->bytes);
	proxy_free(t->proxy);
	free(t->error);
	free(t->note);
	free(t->refused);
	free(t);
}

void target_notify(struct target *t, const struct target_cause *cause, bool urgent)
{
	struct cycle *next = &t->next;

	if (next->causes++ == 0) {
		next->event = xstrdup(cause->event);
		next->container = cause->container ? xstrdup(cause->container) : NULL;
	}
	settle_note(&t->settle, clock_mono_ns(), urgent);
	if (t->step == STEP_IDLE || t->step == STEP_SETTLE)
		target_go(t, STEP_SETTLE);
}

void target_adopt(struct target *t, const struct target *old)
{
	const char *key = proxy_reload_key(t->proxy), *old_key = proxy_reload_key(old->proxy);

	t->settle.applied = old->settle.applied;
	t->render_ns = old->render_ns;
	t->cycles = old->cycles;
	t->commits = old->commits;
	t->reloads = old->reloads;
	t->failures = old->failures;
	t->applied_real_ns = old->applied_real_ns;
	if (strcmp(t->output->dest, old->output->dest) != 0)
		return;
	t->owed = old->owed && key && old_key && strcmp(key, old_key) == 0;
	free(t->error);
	t->error = old->error ? xstrdup(old->error) : NULL;
}

bool target_busy(const struct target *t)
{
	return t->step != STEP_IDLE || t->settle.pending;
}

void target_get_status(const struct target *t, struct target_status *ret_status)
{
	*ret_status = (struct target_status){.output = t->output->name,
		.dest = t->output->dest,
		.step = target_step_name(t->step),
		.written = t->settled,
		.applied = t->settled && !t->owed,
		.error = t->error,
		.bytes = t->last_bytes,
		.cycles = t->cycles,
		.commits = t->commits,
		.reloads = t->reloads,
		.failures = t->failures,
		.applied_real_ns = t->applied_real_ns};
}
