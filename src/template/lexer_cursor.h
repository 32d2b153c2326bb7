/* SPDX-License-Identifier: MIT
 *
 * Inside of the lexer: moving over its input rune by rune, and making tokens of what was passed.
 *
 * Invariant: start <= pos <= input.len; start_line is the line of start, line that of pos.
 */
#ifndef UD_TEMPLATE_LEXER_CURSOR_H
#define UD_TEMPLATE_LEXER_CURSOR_H

#include "template/lexer.h"

/* What cursor_next gives at the end of the input; no code point. */
#define CURSOR_END UINT32_MAX

/* --- moving ------------------------------------------------------------------------------ */

/* The input from pos on. */
struct str cursor_rest(const struct lexer *lx);
uint32_t cursor_next(struct lexer *lx);
/* Puts the last rune back. Once the end of the input has been looked at, pos stays. */
void cursor_back(struct lexer *lx);
uint32_t cursor_peek(struct lexer *lx);
/* Takes the next rune if it is one of set. */
bool cursor_accept(struct lexer *lx, const char *set);
void cursor_accept_run(struct lexer *lx, const char *set);
/* Counts the lines between start and pos, for a pos that was moved without cursor_next. */
void cursor_count_lines(struct lexer *lx);

/* --- what was passed ----------------------------------------------------------------------- */

/* What was scanned since start, as a token; the next one starts here. */
struct token cursor_take(struct lexer *lx, enum token_kind kind);
/* Drops what lies between start and pos, whose lines were not counted yet. */
void cursor_skip(struct lexer *lx);
/* An error token; nothing comes after it. */
struct token cursor_fail(struct lexer *lx, struct str message);
/* message, then the rune as "U+0040 '@'" (without the character if it is not printable). */
struct token cursor_fail_rune(struct lexer *lx, const char *message, uint32_t r);
/* message, then what was scanned, quoted. */
struct token cursor_fail_quoted(struct lexer *lx, const char *message);

#endif
