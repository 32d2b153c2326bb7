/* SPDX-License-Identifier: MIT
 *
 * Which containers an output sees. Without any setting: those that run. The keys of a filter and what
 * they match are those of the engine's own list (docker ps --filter), and engine, by its name;
 * decided from the model, so that no request is needed. Filters of one key are alternatives (labels: all must match), filters of
 * different keys must all match. Calling sequence:
 *
 *	struct filter *f = filter_new();
 *	filter_only_exposed(f); ...
 *	if (!filter_add(f, "label", "tier=web", &err)) ...
 *	filter_matches(f, container, s)
 *	filter_free(f);
 */
#ifndef UD_MODEL_FILTER_H
#define UD_MODEL_FILTER_H

#include "base/base.h"
#include "base/error.h"

#include <stdbool.h>

/* Filters of one output. */
#define FILTER_MAX 256
/* Bytes of a filter's value. */
#define FILTER_VALUE_MAX 4096

struct container;
struct filter;
struct snapshot;

struct filter *filter_new(void) __attribute__((returns_nonnull));
void filter_free(struct filter *f);
/* Only containers that expose a tcp port, as the filter expose=1-65535, which it is where there is no
 * filter on expose. One difference to what the engine answers: ports that an image declares count
 * for a container whose networks open none (host, internal ones), too, as templates see them. */
void filter_only_exposed(struct filter *f);
/* Only containers with a tcp port that is published on the host, as the filter publish=1-65535, which
 * it is where there is no filter on publish. */
void filter_only_published(struct filter *f);
/* Stopped, created, paused and dead ones too. A filter on status replaces it. */
void filter_include_stopped(struct filter *f);
/* One filter. Unknown keys, and values that no container could match, are errors that say what
 * would be right. */
bool filter_add(struct filter *f, const char *key, const char *value, struct error *err) MUSTCHECK;

/* s: for filters that name another container (before, since); NULL if there are no others. A NULL
 * f takes all containers, whatever their state. */
bool filter_matches(const struct filter *f, const struct container *c, const struct snapshot *s);
/* Whether containers that do not run can match: if no filter of all outputs says so, nothing needs to
 * be known about them. */
bool filter_wants_stopped(const struct filter *f);

#endif
