/* SPDX-License-Identifier: MIT
 *
 * The [engine NAME] sections of the running daemon: each has a connection and an inventory of its
 * own, and all of them make one snapshot. Calling sequence:
 *
 *	struct engines *es = engines_new(base, children, &options);
 *	if (!engines_open(es, config, &err)) ...
 *	engines_start(es);
 *	...on_change: s = engines_snapshot(es); ...; snapshot_unref(s);
 *	engines_reload(es, new_config, old_config, &err);      SIGHUP
 *	engines_reap(es);
 *	engines_free(es);
 *
 * An engine that is gone takes nothing away, neither of the others nor of what was known of it. The
 * first snapshot waits for all of them; one that still has not answered first_render_deadline after
 * another one did is not waited for.
 */
#ifndef UD_ENGINES_H
#define UD_ENGINES_H

#include "base/base.h"
#include "base/error.h"
#include "model/inventory.h"

#include <stdbool.h>

struct children;
struct config;
struct engine;
struct engines;
struct event_base;
struct snapshot;

struct engines_options {
	const char *record_path; /* of the first engine, see engine/record.h; or NULL */
	/* There is a new snapshot. change->name has the engine's name before it ("far/web-1") when
	 * there are several. Called from the loop; may free nothing. */
	void (*on_change)(const struct inventory_change *change, void *arg);
	/* An engine is away for longer than its exit_after. Likewise. */
	void (*on_absent)(void *arg);
	void *arg;
};

/* children is borrowed. options is copied, its strings are not. */
struct engines *engines_new(struct event_base *base, struct children *children,
	const struct engines_options *options) __attribute__((returns_nonnull));
void engines_free(struct engines *es);
/* All engines of config, once. */
bool engines_open(struct engines *es, const struct config *config, struct error *err) MUSTCHECK;
void engines_start(struct engines *es);
/* Those of config take the place of those of before; an engine whose settings did not change keeps
 * its connection. What was known of one that changed is shown until it has answered. false: nothing
 * changed. */
bool engines_reload(struct engines *es, const struct config *config, const struct config *before,
	struct error *err) MUSTCHECK;
/* Frees the engines that were replaced by a reload: nobody has calls to them any more. */
void engines_reap(struct engines *es);

/* The newest, one reference; NULL while there is none yet. */
struct snapshot *engines_snapshot(struct engines *es);
/* The first section's engine; another one after a reload. NULL before engines_open. */
struct engine *engines_main(const struct engines *es);
/* List everything again. */
void engines_resync(struct engines *es);
/* See inventory_set_wants. */
void engines_set_wants(struct engines *es, bool stopped, bool counts);

#endif
