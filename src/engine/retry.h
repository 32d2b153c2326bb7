/* SPDX-License-Identifier: MIT
 *
 * How long to wait before trying again: doubles from min to max, each time somewhere in the upper
 * half of that, so that many clients of one engine do not come back at the same moment. Pure but
 * for the random numbers.
 */
#ifndef UD_ENGINE_RETRY_H
#define UD_ENGINE_RETRY_H

#include <stdint.h>

struct retry {
	int64_t min_ns, max_ns;
	unsigned n; /* tries since the last success */
};

void retry_init(struct retry *r, int64_t min_ns, int64_t max_ns);
/* The wait before the next try: at most min_ns << n, at most max_ns, at least half of that. */
int64_t retry_next(struct retry *r);
/* It worked: begin at min_ns again. */
void retry_reset(struct retry *r);

#endif
