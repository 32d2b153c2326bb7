/* SPDX-License-Identifier: MIT
 *
 * Taking turns: a check that can only see files in place sees those of all outputs that it is for.
 * So one of them at a time has a file in place that is not yet checked; otherwise the good would be
 * refused along with the bad.
 *
 * Invariant: of the targets with one check key at most one holds the turn, and while one waits
 * another holds it.
 */
#include "config.h"

#include "proxy/proxy.h"
#include "publish/publisher_impl.h"

/* Another target of t's check that is in the given state. */
static struct target *find_other(const struct target *t, enum turn turn)
{
	const char *key = proxy_check_key(t->proxy);
	struct target *other;

	TAILQ_FOREACH(other, &t->pub->targets, link)
	if (other != t && other->turn == turn && strcmp(proxy_check_key(other->proxy), key) == 0)
		return other;
	return NULL;
}

bool turn_take(struct target *t)
{
	t->turn = find_other(t, TURN_HELD) ? TURN_WAITING : TURN_HELD;
	return t->turn == TURN_HELD;
}

void turn_give(struct target *t)
{
	struct target *next = t->turn == TURN_HELD ? find_other(t, TURN_WAITING) : NULL;

	t->turn = TURN_NONE;
	if (next)
		target_go(next, STEP_COMMIT);
}
