/* SPDX-License-Identifier: MIT
 *
 * A snapshot: all that is known at one moment, immutable, with a generation that counts up and a
 * hash that is equal when nothing that a template can see has changed. What has not changed shares
 * its memory with older snapshots. An output looks at it through its filter. Calling sequence:
 *
 *	struct snapshot *s = inventory_snapshot(inventory);       one reference
 *	snapshot_look(s, filter, &view);                          view.hash as last time: no render
 *	arena_init(&arena);
 *	root = snapshot_root(s, filter, &arena);                  what the template gets as its data
 *	template_render(set, name, root, &options, &out, &err);
 *	arena_release(&arena);
 *	snapshot_unref(s);
 *
 * References are counted without locks: one thread. A forked child may read.
 */
#ifndef UD_MODEL_EXPOSE_H
#define UD_MODEL_EXPOSE_H

#include "base/arena.h"
#include "base/base.h"
#include "base/str.h"
#include "value/value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct container;
struct filter;
struct rec_docker;
struct snapshot;

/* What of a snapshot an output sees. */
struct snapshot_view {
	size_t containers;
	/* Of those containers, .Docker, .Env and .CurrentContainer; equal only if all are. */
	uint64_t hash;
};

struct snapshot *snapshot_ref(struct snapshot *s);
void snapshot_unref(struct snapshot *s);
uint64_t snapshot_generation(const struct snapshot *s);
uint64_t snapshot_hash(const struct snapshot *s);
/* All containers, running or not, in the order templates see: the engine's, newest first. */
size_t snapshot_count(const struct snapshot *s);
const struct container *snapshot_at(const struct snapshot *s, size_t i);
/* By whole id, by name without a slash, or by the beginning of an id if that is unique; NULL. */
const struct container *snapshot_find(const struct snapshot *s, struct str id_or_name);
/* The same, but a container of that engine goes first. */
const struct container *snapshot_find_beside(const struct snapshot *s, struct str engine,
	struct str id_or_name);
const struct rec_docker *snapshot_docker(const struct snapshot *s);
/* The container the program runs in; NULL if it runs in none or it is not known. */
const struct container *snapshot_current(const struct snapshot *s);

void snapshot_look(const struct snapshot *s, const struct filter *f, struct snapshot_view *ret);
/* The root of a template: a *context.Context over the containers that f lets through (NULL: all),
 * with the methods Docker, Env and CurrentContainer. It lies in arena and borrows from s: both must
 * outlive the render. */
struct value snapshot_root(const struct snapshot *s, const struct filter *f, struct arena *arena);
/* The process environment as templates see it by .Env: a map[string]string. Borrowed. */
struct value snapshot_env(const struct snapshot *s);

/* --- making one ---------------------------------------------------------------- */

struct snapshot_draft {
	uint64_t generation;
	struct container **containers; /* sealed; a reference is taken of each */
	size_t n;
	bool sorted;                   /* keep this order; else newest first */
	const struct rec_docker *docker; /* copied */
	const char *const *env;        /* KEY=VALUE, NULL at the end; NULL: empty */
	struct str current_id;
};

/* What several engines know, as one snapshot, one reference: all containers, newest first, of
 * equally old ones those of an earlier part. .Docker and .Env are the first part's, and so is
 * .CurrentContainer, unless only another one has it. n is not 0. */
struct snapshot *snapshot_merge(struct snapshot *const *parts, size_t n, uint64_t generation)
	__attribute__((returns_nonnull));
/* A snapshot of the draft, one reference. */
struct snapshot *snapshot_new(const struct snapshot_draft *draft) __attribute__((returns_nonnull));

#endif
