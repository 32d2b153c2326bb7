/* SPDX-License-Identifier: MIT
 *
 * What the files of the filter share, see filter.h: filter.c is the filter, filter_keys.c the table
 * of keys.
 */
#ifndef UD_MODEL_FILTER_IMPL_H
#define UD_MODEL_FILTER_IMPL_H

#include "model/filter.h"

#include "base/str.h"

struct pcre2_real_code_8;

struct criterion {
	char *text; /* the value as given */
	struct pcre2_real_code_8 *pattern; /* a pcre2_code */
	uint64_t first, last; /* of a port range, or an exit code */
	struct str proto;     /* static */
};

typedef bool filter_parse_fn(struct criterion *c, struct error *err);
typedef bool filter_match_fn(const struct criterion *c, const struct container *container,
	const struct snapshot *s);

struct filter_key {
	const char *name;
	filter_parse_fn *parse; /* NULL: any text will do */
	filter_match_fn *match;
	bool all; /* every value must match, not one of them */
};

#define FILTER_KEYS 15
/* Sorted by name. */
extern const struct filter_key filter_keys[FILTER_KEYS];

/* The engine's word for the state; engines before 1.9 sent only whether it runs. */
struct str filter_status(const struct container *c);
/* Keys that are one question to the engine: one of them must match. */
bool filter_key_is_port(const struct filter_key *key);

#endif
