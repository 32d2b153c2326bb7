/* SPDX-License-Identifier: MIT
 *
 * struct str: a slice of bytes that somebody else owns. Not NUL-terminated, may hold NULs.
 */
#ifndef UD_STR_H
#define UD_STR_H

#include "base/base.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>

struct str {
	const char *p;
	size_t len;
};

/* A string literal as a struct str; STR_INIT for static initialisers. */
#define STR(lit)      ((struct str){"" lit, sizeof(lit) - 1})
#define STR_INIT(lit) {"" lit, sizeof(lit) - 1}
/* For printf("%.*s", STR_ARG(s)). */
#define STR_ARG(s) (int)((s).len > 0x7fffffff ? 0x7fffffff : (s).len), (s).p

static inline struct str str_from(const char *cstr)
{
	return (struct str){cstr, cstr ? strlen(cstr) : 0};
}

static inline struct str str_n(const char *p, size_t len)
{
	return (struct str){p, len};
}

static inline bool str_eq(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

static inline bool str_eqz(struct str a, const char *b)
{
	return str_eq(a, str_from(b));
}

/* Bytes from..to; both are clamped to the length. */
static inline struct str str_sub(struct str s, size_t from, size_t to)
{
	if (to > s.len)
		to = s.len;
	if (from > to)
		from = to;
	/* s.p may be NULL when s is empty. */
	return (struct str){from ? s.p + from : s.p, to - from};
}

static inline bool str_has_prefix(struct str s, struct str prefix)
{
	return s.len >= prefix.len &&
		(prefix.len == 0 || memcmp(s.p, prefix.p, prefix.len) == 0);
}

static inline bool str_has_suffix(struct str s, struct str suffix)
{
	return s.len >= suffix.len &&
		(suffix.len == 0 ||
			memcmp(s.p + s.len - suffix.len, suffix.p, suffix.len) == 0);
}

/* Bytewise order, as strcmp: <0, 0, >0. */
int str_cmp(struct str a, struct str b);
bool str_eq_nocase(struct str a, struct str b);
/* Offset of the first c / sub, -1 if there is none. */
ssize_t str_chr(struct str s, char c);
ssize_t str_rchr(struct str s, char c);
ssize_t str_find(struct str s, struct str sub);
/* Without leading and trailing ASCII white space (space, \t, \n, \v, \f, \r). */
struct str str_trim(struct str s);
/* Cuts at the first sep: true and *head, *tail are the parts; false and *head is all of s. */
bool str_cut(struct str s, char sep, struct str *head, struct str *tail);
/* A decimal number that fills s entirely and lies in 0..max. */
bool str_to_u64(struct str s, uint64_t max, uint64_t *ret) MUSTCHECK;
/* 64-bit hash of the bytes, seeded once per process (hash flooding by hostile labels). */
uint64_t str_hash(struct str s);
/* Levenshtein distance, for "did you mean"; long inputs count as far apart. */
unsigned str_distance(struct str a, struct str b);

#endif
