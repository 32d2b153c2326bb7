/* SPDX-License-Identifier: MIT
 *
 * When to act on changes: the first one at once; those that follow it closely wait until it has
 * been quiet for wait_min, but no longer than wait_max after the first of them; and never sooner
 * than min_interval after the last reload. Pure: the caller brings the time (any monotonic
 * nanoseconds) and keeps the timer. Calling sequence:
 *
 *	settle_init(&s, wait_min, wait_max, min_interval);
 *	settle_note(&s, now, false);                 a change
 *	if (settle_due(&s, &when) && when <= now) {  otherwise: a timer for when
 *		settle_take(&s);
 *		…                                    the cycle
 *		settle_applied(&s, now);             if it reloaded something
 *	}
 */
#ifndef UD_SETTLE_H
#define UD_SETTLE_H

#include "base/base.h"

#include <stdbool.h>
#include <stdint.h>

struct settle {
	int64_t wait_min, wait_max, min_interval; /* ns */
	int64_t first;	 /* the first change that waits; valid while pending */
	int64_t last;	 /* the last change of all, SETTLE_NEVER before any */
	int64_t applied; /* the last reload, SETTLE_NEVER before any */
	bool pending;	 /* a change waits */
	bool follows;	 /* it came closely after another one */
	bool urgent;	 /* one of those that wait does not wait for quiet */
};

#define SETTLE_NEVER INT64_MIN

void settle_init(struct settle *s, int64_t wait_min, int64_t wait_max, int64_t min_interval);
/* A change. urgent passes wait, not min_interval. */
void settle_note(struct settle *s, int64_t now, bool urgent);
/* Whether something waits, and from when on it may be acted upon. */
bool settle_due(const struct settle *s, int64_t *ret_when);
/* What waited is acted upon from now on. */
void settle_take(struct settle *s);
/* A reload ended (well or not). */
void settle_applied(struct settle *s, int64_t now);

#endif
