/* SPDX-License-Identifier: MIT
 *
 * Exponential backoff with jitter, see retry.h.
 */
#include "config.h"

#include "engine/retry.h"

#include <event2/util.h>

void retry_init(struct retry *r, int64_t min_ns, int64_t max_ns)
{
	r->min_ns = min_ns;
	r->max_ns = max_ns > min_ns ? max_ns : min_ns;
	r->n = 0;
}

int64_t retry_next(struct retry *r)
{
	int64_t wait = r->min_ns;
	uint32_t random;

	for (unsigned i = 0; i < r->n && wait < r->max_ns; i++)
		wait = wait > r->max_ns / 2 ? r->max_ns : wait * 2;
	if (wait < r->max_ns)
		r->n++;
	evutil_secure_rng_get_bytes(&random, sizeof(random));
	return wait / 2 + (int64_t)((double)(wait - wait / 2) * (random / (double)UINT32_MAX));
}

void retry_reset(struct retry *r)
{
	r->n = 0;
}
