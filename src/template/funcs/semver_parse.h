/* SPDX-License-Identifier: MIT
 *
 * Semantic versions and constraints on them, by the rules and with the error texts of version 3.3
 * of the library that sprig uses.
 */
#ifndef UD_TEMPLATE_SEMVER_PARSE_H
#define UD_TEMPLATE_SEMVER_PARSE_H

#include "base/arena.h"
#include "base/base.h"
#include "base/error.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longest version or constraint. */
#define SEMVER_TEXT_MAX 4096

/* pre is behind the dash, metadata behind the plus. */
struct semver {
	uint64_t major, minor, patch;
	struct str pre, metadata, original;
};

/* The numbers of a version with wildcards as they are written, borrowed. minor and patch begin with
 * their point, pre with its dash; missing parts are empty. */
struct semver_parts {
	struct str major, minor, patch, pre, metadata;
};

/* v1.2.3-pre+metadata; v, minor and patch may be missing. Parts are borrowed. */
bool semver_parse(struct str s, struct semver *ret, struct error *err) MUSTCHECK;
bool semver_check_pre(struct str pre, struct error *err) MUSTCHECK;
bool semver_check_metadata(struct str metadata, struct error *err) MUSTCHECK;
/* Length of the longest version that s begins with, 0 if it begins with none. wildcards: x, X, *
 * and | count as digits. */
size_t semver_scan(struct str s, bool wildcards, struct semver_parts *ret);
/* <0, 0, >0; metadata does not count. */
int semver_compare(const struct semver *a, const struct semver *b);
int semver_compare_pre(struct str a, struct str b);
struct str semver_text(struct arena *a, const struct semver *v);

/* Whether v satisfies the constraint; a is for temporary texts. */
bool semver_check(struct arena *a, struct str constraint, const struct semver *v, bool *ret,
	struct error *err) MUSTCHECK;
/* Fails if constraint is none. */
bool semver_check_constraint(struct arena *a, struct str constraint, struct error *err) MUSTCHECK;

#endif
