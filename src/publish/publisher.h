/* SPDX-License-Identifier: MIT
 *
 * What all outputs share: the loop, the children, the worker that syncs files, and the reloads,
 * which run one at a time for each command, after all outputs that need it are committed. See
 * target.h for the calling sequence.
 */
#ifndef UD_PUBLISHER_H
#define UD_PUBLISHER_H

#include "base/base.h"
#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

struct proxy_services;
struct publisher;
struct target_cause;
struct target_cycle;

/* Called at the end of each cycle, after its summary was logged. Must free no target. */
typedef void publisher_cycle_cb(void *arg, const struct target_cycle *cycle);

/* Copied; what it points to is borrowed. */
struct publisher *publisher_new(
	const struct proxy_services *services, struct error *err) MUSTCHECK;
/* After all of its targets are freed. Waits for a file operation that runs. */
void publisher_free(struct publisher *pub);
/* Other pauses between attempts than TARGET_RETRY_*_MS. */
void publisher_set_retry(struct publisher *pub, int64_t min_ns, int64_t max_ns);
/* target_notify for every target. */
void publisher_notify(struct publisher *pub, const struct target_cause *cause, bool urgent);
/* Whether any target is busy, see target_busy. */
bool publisher_busy(const struct publisher *pub);
void publisher_on_cycle(struct publisher *pub, publisher_cycle_cb *cycle, void *arg);

#endif
