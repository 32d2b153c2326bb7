/* SPDX-License-Identifier: MIT
 *
 * What the files that build a container share: build.c, the record and its block; build_network.c,
 * addresses and networks.
 *
 * The record is built twice with the same code: first into a work space, to learn how many bytes
 * its lists, maps and strings take, then into a block of just that size.
 */
#ifndef UD_MODEL_BUILD_H
#define UD_MODEL_BUILD_H

#include "base/arena.h"
#include "model/inspect.h"
#include "value/context.h"

struct intern_pool;
struct interned;

struct builder {
	const struct inspect *in;
	struct str engine;
	struct arena *arena;
	struct arena *scratch; /* for sorting; gone after the build */
	struct intern_pool *pool;
	bool final;            /* the second round: strings are copied */
	char *text;            /* final: where the next one goes */
	size_t text_len;
	struct interned **interned;
	size_t n_interned;
};

/* A string that this container alone has. */
struct str build_own(struct builder *b, struct str s);
/* A string that other containers are likely to have as well. */
struct str build_shared(struct builder *b, struct str s);
/* A slice with room for n members, never the nil slice; len counts up as they are added. */
struct slice build_list(struct builder *b, size_t n, size_t size);

/* .Networks, .IP and its kin, .Addresses. */
void build_networking(struct builder *b, struct rec_container *rec);

/* The value of a dict's entry. */
static inline const void *entry_elem(const void *entry)
{
	return (const char *)entry + SHAPE_ELEM;
}

#endif
