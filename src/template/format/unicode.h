/* SPDX-License-Identifier: MIT
 *
 * Unicode 15.0 properties and case mappings of code points, as the functions of the same purpose
 * in Go's package unicode (and IsPrint, IsGraphic of strconv) give them. A value that is no code
 * point has no property and maps to itself. Pure; tables are in unicode_tables.h, which
 * unicode-tables.py makes.
 */
#ifndef UD_TEMPLATE_FORMAT_UNICODE_H
#define UD_TEMPLATE_FORMAT_UNICODE_H

#include "base/buf.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

bool rune_is_letter(uint32_t r);
bool rune_is_upper(uint32_t r);
bool rune_is_lower(uint32_t r);
bool rune_is_title(uint32_t r);
/* Decimal digits (Nd) only. */
bool rune_is_digit(uint32_t r);
/* Any numeric character (N). */
bool rune_is_number(uint32_t r);
bool rune_is_punct(uint32_t r);
/* The White_Space property: also U+0085, U+00A0, U+3000 and others. */
bool rune_is_space(uint32_t r);
/* Letters, marks, numbers, punctuation, symbols and the ASCII space. */
bool rune_is_print(uint32_t r);
/* As rune_is_print, and all other space separators (Zs). */
bool rune_is_graphic(uint32_t r);

uint32_t rune_to_upper(uint32_t r);
uint32_t rune_to_lower(uint32_t r);
uint32_t rune_to_title(uint32_t r);
/* The next code point that is equal to r without regard to case; smaller ones follow the largest,
 * so that repeated calls walk all of them. r itself when it has no other form. */
uint32_t rune_fold(uint32_t r);

/* Appends s with every rune mapped (strings.ToUpper, strings.ToLower, strings.ToTitle); a byte that
 * is not valid UTF-8 becomes U+FFFD. */
void buf_add_upper(struct buf *out, struct str s);
void buf_add_lower(struct buf *out, struct str s);
void buf_add_title(struct buf *out, struct str s);
/* Appends one rune as UTF-8, an invalid one as U+FFFD. */
void buf_add_rune(struct buf *out, uint32_t r);
/* s without white space (rune_is_space) at its ends (strings.TrimSpace). */
struct str str_trim_unicode(struct str s);
/* Equality without regard to case by simple folding (strings.EqualFold). */
bool str_eq_fold(struct str a, struct str b);

#endif
