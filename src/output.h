/* SPDX-License-Identifier: MIT
 *
 * One [output NAME] of the running daemon: its filter, its templates and its target, wired to each
 * other. What it shows comes from whoever gives snapshots.
 */
#ifndef UD_OUTPUT_H
#define UD_OUTPUT_H

#include "base/base.h"
#include "base/error.h"

#include <stdbool.h>

struct config_output;
struct event_base;
struct filter;
struct output;
struct publisher;
struct snapshot;
struct target;

/* The newest snapshot, one reference; NULL while there is none. */
typedef struct snapshot *output_snapshot_fn(void *arg);

/* config is borrowed and must outlive the output. NULL if a filter or command cannot be used. */
struct output *output_new(struct event_base *base, struct publisher *pub,
	const struct config_output *config, output_snapshot_fn *snapshot, void *arg,
	struct error *err) MUSTCHECK;
/* The filter that config asks for, owned by the caller; NULL if it cannot be used. */
struct filter *output_filter(const struct config_output *config, struct error *err) MUSTCHECK;
/* NULL is allowed. */
void output_free(struct output *o);
const struct config_output *output_config(const struct output *o);
struct target *output_target(const struct output *o);
/* Whether it shows containers that do not run. */
bool output_wants_stopped(const struct output *o);
/* Whether its templates, as they are now, read what the engine counts (containers, images). */
bool output_wants_counts(const struct output *o);

#endif
