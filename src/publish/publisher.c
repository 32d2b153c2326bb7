/* SPDX-License-Identifier: MIT
 *
 * What outputs share, see publisher.h.
 */
#include "config.h"

#include "publish/publisher.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/worker.h"
#include "publish/publisher_impl.h"

#include <stdlib.h>

struct publisher *publisher_new(const struct proxy_services *services, struct error *err)
{
	struct publisher *pub = xcalloc(1, sizeof(*pub));

	pub->base = services->base;
	pub->services = *services;
	TAILQ_INIT(&pub->targets);
	TAILQ_INIT(&pub->reloads);
	publisher_set_retry(pub, (int64_t)TARGET_RETRY_MIN_MS * NS_PER_MS,
		(int64_t)TARGET_RETRY_MAX_MS * NS_PER_MS);
	pub->worker = worker_new(pub->base, err);
	if (!pub->worker) {
		free(pub);
		return NULL;
	}
	return pub;
}

void publisher_free(struct publisher *pub)
{
	if (!pub)
		return;
	worker_free(pub->worker);
	free(pub);
}

void publisher_set_retry(struct publisher *pub, int64_t min_ns, int64_t max_ns)
{
	pub->retry_min_ns = min_ns;
	pub->retry_max_ns = max_ns;
}

void publisher_notify(struct publisher *pub, const struct target_cause *cause, bool urgent)
{
	struct target *t;

	TAILQ_FOREACH(t, &pub->targets, link)
	target_notify(t, cause, urgent);
}

bool publisher_busy(const struct publisher *pub)
{
	struct target *t;

	TAILQ_FOREACH(t, &pub->targets, link)
	if (target_busy(t))
		return true;
	return false;
}

void publisher_on_cycle(struct publisher *pub, publisher_cycle_cb *cycle, void *arg)
{
	pub->cycle = cycle;
	pub->cycle_arg = arg;
}
