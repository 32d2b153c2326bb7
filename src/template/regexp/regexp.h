/* SPDX-License-Identifier: MIT
 *
 * Regular expressions as Go's package regexp has them: RE2's syntax, leftmost-first matches, Go's
 * error texts and rules for empty matches. PCRE2 does the matching.
 *
 *	const struct regexp *re = regexp_get(expr, &err);    kept in a cache, borrowed
 *	size_t spans[2 * (regexp_groups(re) + 1)];
 *	struct regexp_iter it;
 *	regexp_iter_init(&it, re, subject, spans);
 *	while (regexp_iter_next(&it, &err))
 *		…subject.p + spans[0] .. subject.p + spans[1]…
 *
 * Where Go's matcher needs time linear in the text, PCRE2 may backtrack: a match that takes more
 * than REGEXP_STEPS_MAX steps, or a search that takes REGEXP_SEARCH_MS, is an error.
 */
#ifndef UD_TEMPLATE_REGEXP_H
#define UD_TEMPLATE_REGEXP_H

#include "base/base.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Expressions kept compiled; when one more comes, all are dropped. */
#define REGEXP_CACHE_MAX 256
/* Backtracking steps of one match, and bytes of its stack. */
#define REGEXP_STEPS_MAX 20000000
#define REGEXP_STACK_MAX ((size_t)8 << 20)
/* Steps are counted for each byte that a match may start at. In long texts the time of the processor
 * is looked at, too: how long one search may take. */
#define REGEXP_SEARCH_MS 1000
/* A span of a group that took no part in a match. */
#define REGEXP_NO_SPAN SIZE_MAX

struct regexp;

/* The compiled expression, borrowed until the next regexp_get or regexp_cache_clear. NULL and Go's
 * error text ("error parsing regexp: …") for an expression that is none. */
const struct regexp *regexp_get(struct str expr, struct error *err) MUSTCHECK;
/* Frees all expressions and the matcher's memory. */
void regexp_cache_clear(void);

/* Capturing groups, the whole match not counted. */
size_t regexp_groups(const struct regexp *re);
/* The number of the group called name, 0 if there is none. */
size_t regexp_group(const struct regexp *re, struct str name);

/* A text to look for matches in; what is asked of it once is kept. The bytes are borrowed. */
struct regexp_text {
	struct str bytes;
	bool valid;	 /* UTF-8 */
	uint64_t mended; /* which of the texts that were made valid is this one, 0: none yet */
};

struct regexp_text regexp_text(struct str bytes);
/* The leftmost match at or after byte start. spans has room for 2 * (groups + 1) offsets; span i is
 * spans[2 * i] .. spans[2 * i + 1]. spans may be NULL. */
bool regexp_match(const struct regexp *re, struct regexp_text *subject, size_t start, size_t *spans,
	bool *ret_matched, struct error *err) MUSTCHECK;

/* Appends text with $1, ${1}, $name and ${name} replaced by what these groups matched, and $$ by a
 * dollar, as Regexp.Expand does. A name is as long as it can be: $1x is the group called 1x. */
void regexp_expand(struct buf *out, const struct regexp *re, struct str text, struct str subject,
	const size_t *spans);

/* All matches one after another, as FindAll has them: none overlaps another, and an empty one
 * directly behind another is left out. */
struct regexp_iter {
	const struct regexp *re;
	struct regexp_text subject;
	size_t *spans;
	size_t at;
	size_t last_end; /* of the match before, REGEXP_NO_SPAN if there is none */
};

void regexp_iter_init(struct regexp_iter *it, const struct regexp *re, struct str subject,
	size_t *spans);
/* The next match to it->spans; false at the end, or with an error. */
bool regexp_iter_next(struct regexp_iter *it, struct error *err);

#endif
