/* SPDX-License-Identifier: MIT
 *
 * String and character literals as Go's package strconv writes and reads them. A byte that is not
 * valid UTF-8 is written as \xNN.
 */
#ifndef UD_TEMPLATE_FORMAT_QUOTE_H
#define UD_TEMPLATE_FORMAT_QUOTE_H

#include "base/base.h"
#include "base/buf.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* What stays unescaped besides printable ASCII. */
enum quote_style {
	QUOTE_PRINT,   /* printable characters (Quote) */
	QUOTE_ASCII,   /* nothing (QuoteToASCII) */
	QUOTE_GRAPHIC, /* printable characters and space separators (QuoteToGraphic) */
};

/* Appends s as a double-quoted literal. */
void quote_add(struct buf *out, struct str s, enum quote_style style);
/* Appends rune as a single-quoted literal; an invalid one counts as U+FFFD. */
void quote_add_rune(struct buf *out, uint32_t rune, enum quote_style style);
/* Whether s can stand between backquotes on one line. */
bool quote_can_backquote(struct str s);
/* Appends the text of s, a whole literal in double quotes, backquotes or (at most one character)
 * single quotes. False if it is none; then nothing was appended. */
bool quote_undo(struct buf *out, struct str s) MUSTCHECK;
/* Takes the first character or escape from *s. quote is the literal's own quote character, or 0.
 * *multibyte says whether *rune is a character to encode as UTF-8 (else a byte). False, and *s
 * unchanged, when it is not valid there. */
bool quote_undo_char(struct str *s, char quote, uint32_t *rune, bool *multibyte) MUSTCHECK;

#endif
