/* SPDX-License-Identifier: MIT
 *
 * UTF-8 as Go's unicode/utf8 sees it: an invalid byte decodes as U+FFFD with width 1.
 */
#ifndef UD_UTF8_H
#define UD_UTF8_H

#include "base/base.h"
#include "base/str.h"

#define RUNE_ERROR 0xFFFDu
#define RUNE_MAX   0x10FFFFu
#define UTF8_MAX   4

/* Decodes the first rune of s (s.len > 0); its width in bytes to *width. An invalid encoding
 * (overlong, surrogate, truncated, out of range) gives RUNE_ERROR and width 1. */
uint32_t utf8_decode(struct str s, size_t *width);
/* The last rune of s (s.len > 0), likewise. */
uint32_t utf8_decode_last(struct str s, size_t *width);
/* Encodes rune into out, returns the width; an invalid rune is encoded as U+FFFD. */
size_t utf8_encode(uint32_t rune, char out[UTF8_MAX]);
bool utf8_valid(struct str s);
bool utf8_valid_rune(uint32_t rune);
/* Runes in s; an invalid byte counts as one. */
size_t utf8_count(struct str s);

#endif
