/* SPDX-License-Identifier: MIT
 *
 * The parser of re2.c and re2_atom.c: what they share, for nobody else.
 */
#ifndef UD_TEMPLATE_RE2_PARSER_H
#define UD_TEMPLATE_RE2_PARSER_H

#include "base/base.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"
#include "base/vec.h"
#include "template/regexp/re2.h"

#include <stdbool.h>
#include <stdint.h>

/* What RE2's limits count; size and product are saturated. */
struct cost {
	int64_t size, product;
	unsigned height;
};

struct flags {
	bool fold, multi_line, dot_nl, lazy;
};

/* An open group, or the whole expression. */
struct frame {
	struct flags flags; /* before the group */
	bool captures;
	bool written_fold; /* PCRE2's state of (?i) when the group was opened */
	bool has_atom;     /* in the current branch: a quantifier has something to repeat */
	struct cost atom;  /* the last one */
	struct cost branch; /* the atoms of the current branch before it */
	size_t atoms;       /* of the current branch */
	struct cost group;  /* the branches before it */
	size_t branches;
};

struct parser {
	struct str expr;
	size_t at;
	struct flags flags;
	bool written_fold;
	struct buf *out;
	struct re2_names *names;
	VEC(struct frame) frames;
	struct error *err;
};

/* Sets Go's error text about the bytes from..to of the expression; returns false. */
bool re2_fail(struct parser *p, const char *what, size_t from, size_t to);
/* Takes the next rune; fails for what is no UTF-8. */
bool re2_next_rune(struct parser *p, uint32_t *ret) MUSTCHECK;
bool re2_check_utf8(struct parser *p, size_t from, size_t to) MUSTCHECK;
bool re2_is_alnum(uint32_t c);

static inline struct str re2_rest(const struct parser *p)
{
	return str_sub(p->expr, p->at, p->expr.len);
}

/* The byte ahead of the place where the parser is; NUL behind the end. */
static inline char re2_peek(const struct parser *p, size_t ahead)
{
	return p->at + ahead < p->expr.len ? p->expr.p[p->at + ahead] : '\0';
}

/* An atom of that cost was written. */
bool re2_push(struct parser *p, struct cost cost) MUSTCHECK;

/* re2_atom.c: each reads one atom and writes it. */
bool re2_atom_rune(struct parser *p) MUSTCHECK;
bool re2_atom_class(struct parser *p) MUSTCHECK;
bool re2_atom_backslash(struct parser *p) MUSTCHECK;
/* Writes rune as an atom. */
bool re2_add_rune(struct parser *p, uint32_t rune) MUSTCHECK;
/* Writes an atom in PCRE2's words and goes on length bytes. */
bool re2_add_atom(struct parser *p, const char *pcre, size_t length) MUSTCHECK;

#endif
