/* SPDX-License-Identifier: MIT
 *
 * Reads a regular expression in RE2's syntax, as Go's package regexp accepts it, and writes the same
 * one in PCRE2's. Pure; see regexp.h for matching.
 *
 * What RE2 does not have (look-around, back references, possessive and atomic groups, verbs) is an
 * error here, with Go's text, so nothing of PCRE2's own syntax can come through.
 */
#ifndef UD_TEMPLATE_RE2_H
#define UD_TEMPLATE_RE2_H

#include "base/base.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"
#include "base/vec.h"

#include <stdbool.h>

/* Longest expression, in bytes; Go has no such limit. */
#define RE2_EXPR_MAX ((size_t)64 * 1024)
/* regexp/syntax: the largest count of a repetition, and of nested ones multiplied. */
#define RE2_REPEAT_MAX 1000
/* regexp/syntax: deepest nesting. */
#define RE2_HEIGHT_MAX 1000
/* regexp/syntax: instructions of the compiled program. */
#define RE2_SIZE_MAX ((128 << 20) / 40)

/* Names of the groups, [0] is group 1; an unnamed one has len 0. They point into the expression. */
struct re2_names {
	struct str *v;
	size_t n, cap;
};

/* Appends the expression in PCRE2's syntax to out, which is to be compiled with PCRE2_UTF,
 * PCRE2_ALT_CIRCUMFLEX and newline LF. Errors have the text of Go's regexp/syntax.Error. */
bool re2_translate(struct str expr, struct buf *out, struct re2_names *names,
	struct error *err) MUSTCHECK;
void re2_names_release(struct re2_names *names);

#endif
