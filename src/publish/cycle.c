/* SPDX-License-Identifier: MIT
 *
 * What a target keeps about the cycle that runs, from its cause to its failure.
 */
#include "config.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "publish/machine.h"

#include <stdlib.h>

void cycle_init(struct cycle *c)
{
	*c = (struct cycle){.event = NULL};
	for (int i = 0; i < SPANS; i++)
		c->spans[i] = -1;
}

void cycle_release(struct cycle *c)
{
	free(c->event);
	free(c->container);
	free(c->said);
	error_clear(&c->error);
	cycle_init(c);
}

void cycle_begin(struct target *t)
{
	t->now = t->next;
	cycle_init(&t->next);
	if (!t->now.event)
		t->now.event = xstrdup("retry");
	t->now.started = clock_mono_ns();
	t->now.owed_before = t->owed;
	t->retry_at = 0;
	settle_take(&t->settle);
	reload_prepare(&t->member);
}

enum step cycle_fail(struct target *t, const char *trouble, struct error *err)
{
	if (!t->now.failed) {
		t->now.failed = true;
		t->now.trouble = trouble;
		error_move(&t->now.error, err);
	}
	error_clear(err);
	return t->owed ? STEP_RELOAD : STEP_FINISH;
}

void cycle_span(struct target *t, enum span span, int64_t ns)
{
	t->now.spans[span] = (t->now.spans[span] < 0 ? 0 : t->now.spans[span]) + ns;
}
