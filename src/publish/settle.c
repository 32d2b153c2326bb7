/* SPDX-License-Identifier: MIT
 *
 * Debounce and pause, see settle.h.
 */
#include "config.h"

#include "publish/settle.h"

void settle_init(struct settle *s, int64_t wait_min, int64_t wait_max, int64_t min_interval)
{
	*s = (struct settle){.wait_min = wait_min,
		.wait_max = wait_max,
		.min_interval = min_interval,
		.last = SETTLE_NEVER,
		.applied = SETTLE_NEVER};
}

void settle_note(struct settle *s, int64_t now, bool urgent)
{
	bool follows = s->last != SETTLE_NEVER && now - s->last < s->wait_min;

	if (!s->pending) {
		s->pending = true;
		s->first = now;
		s->follows = follows;
		s->urgent = false;
	}
	/* A second one that waits (for the pause, or a cycle to end) makes it a burst. */
	s->follows |= follows;
	s->urgent |= urgent;
	s->last = now;
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

bool settle_due(const struct settle *s, int64_t *ret_when)
{
	int64_t when = s->first;

	if (!s->pending)
		return false;
	if (s->follows && !s->urgent) {
		int64_t quiet = s->last + s->wait_min, limit = s->first + s->wait_max;

		when = quiet < limit ? quiet : limit;
	}
	if (s->applied != SETTLE_NEVER)
		when = later(when, s->applied + s->min_interval);
	*ret_when = when;
	return true;
}

void settle_take(struct settle *s)
{
	s->pending = s->follows = s->urgent = false;
}

void settle_applied(struct settle *s, int64_t now)
{
	s->applied = now;
}
