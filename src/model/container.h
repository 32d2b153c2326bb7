/* SPDX-License-Identifier: MIT
 *
 * One container as the model keeps it: the record that templates see, and the little beside it that
 * filters and the inventory need. Made of what an inspect says; strings, lists and maps lie in one
 * block behind it, strings that many containers share in an intern pool.
 *
 * Invariant: a sealed container never changes. A change makes another one: a copy that differs in
 * its state shares the block of the first (its base).
 *
 * Counted references: container_new gives one, container_ref another, container_unref takes one.
 * One thread.
 */
#ifndef UD_MODEL_CONTAINER_H
#define UD_MODEL_CONTAINER_H

#include "base/arena.h"
#include "base/base.h"
#include "value/context.h"

struct inspect;
struct intern_pool;

struct container {
	struct rec_container rec; /* first: a *context.RuntimeContainer points here */
	uint64_t hash;            /* of all that a template or a filter can see */
	struct str image_id;      /* "sha256:..." */
	struct str upper_dir;     /* where its root filesystem is written, if the engine tells */
	struct str stop_signal;   /* "SIGQUIT", "3", "" for the default */
	int64_t exit_code;
	int64_t started_ns;       /* since 1970, by the engine's clock; 0: unknown. Not in hash */
	unsigned refs;
	bool sealed;
	bool has_health; /* it has a healthcheck */
	bool has_lists;  /* its networks and addresses lie behind it, all else in base */

	/* Whose memory the record lies in. */
	struct container *base; /* referenced; NULL if it is our own */
	struct container *via;  /* whose addresses it has, referenced; or NULL */
	struct arena arena;     /* over the block; maps remember it */
	struct intern_pool *pool;
	struct interned **interned;
	size_t n_interned;
	size_t bytes; /* allocated for it, shared strings not counted */
};

/* A container of what was decoded, not sealed yet. engine is the name for .Engine.Name. */
struct container *container_new(const struct inspect *in, struct intern_pool *pool,
	struct str engine);
/* Network i is cut off from the outside. Only before it is sealed. */
void container_set_internal(struct container *c, size_t i, bool internal);
/* Ends its making: computes the hash. */
void container_seal(struct container *c);

/* A sealed copy of c in another state, sharing its memory. status is one of the engines' words; any
 * other becomes "running" or "exited". */
struct container *container_with_state(struct container *c, bool running, struct str status,
	bool stopping);

/* A copy of c, not sealed yet, with networks and addresses that may be changed. It may show memory of
 * via, which may be NULL. *text is replaced by a copy that lives as long as it does. */
struct container *container_with_addresses(struct container *c, struct container *via,
	struct str *text);

struct container *container_ref(struct container *c);
void container_unref(struct container *c);

size_t container_networks(const struct container *c);
const struct rec_network *container_network(const struct container *c, size_t i);
size_t container_addresses(const struct container *c);
const struct rec_address *container_address(const struct container *c, size_t i);
/* The value of a label; p is NULL if it has none of that name. */
struct str container_label(const struct container *c, struct str name);
/* Compose's and engines' words are few: a static copy of s if it is one of them, else p NULL. */
struct str container_word(struct str s);

#endif
