/* SPDX-License-Identifier: MIT
 *
 * Template text to tokens, one at a time:
 *
 *	lexer_init(&lx, arena, text);
 *	do {
 *		t = lexer_next(&lx);
 *	} while (t.kind != TOKEN_EOF && t.kind != TOKEN_ERROR);
 *
 * Token texts are slices of the input; the text of an error lies in the arena. The text around
 * trim markers is cut here. After an error the lexer is at its end. Pure: bytes in, tokens out.
 */
#ifndef UD_TEMPLATE_LEXER_H
#define UD_TEMPLATE_LEXER_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

enum token_kind {
	TOKEN_ERROR, /* text is the message */
	TOKEN_EOF,
	TOKEN_TEXT,
	TOKEN_LEFT_DELIM,
	TOKEN_RIGHT_DELIM,
	TOKEN_SPACE, /* a run of it, within an action */
	TOKEN_BOOL,
	TOKEN_CHAR, /* a printable ASCII character without another meaning, like a comma */
	TOKEN_CHAR_CONSTANT,
	TOKEN_COMPLEX, /* 1+2i; 2i alone is a number */
	TOKEN_NUMBER,
	TOKEN_STRING,	  /* with its quotes */
	TOKEN_RAW_STRING, /* with its backquotes */
	TOKEN_ASSIGN,
	TOKEN_DECLARE,
	TOKEN_PIPE,
	TOKEN_LEFT_PAREN,
	TOKEN_RIGHT_PAREN,
	TOKEN_FIELD,	  /* .name */
	TOKEN_IDENTIFIER, /* a function */
	TOKEN_VARIABLE,	  /* $ or $name */
	TOKEN_KEYWORD,	  /* only marks where the keywords begin */
	TOKEN_DOT,
	TOKEN_BLOCK,
	TOKEN_BREAK,
	TOKEN_CONTINUE,
	TOKEN_DEFINE,
	TOKEN_ELSE,
	TOKEN_END,
	TOKEN_IF,
	TOKEN_NIL,
	TOKEN_RANGE,
	TOKEN_TEMPLATE,
	TOKEN_WITH,
};

struct token {
	enum token_kind kind;
	uint32_t pos;  /* offset of its first byte */
	uint32_t line; /* of its first byte, from 1 */
	struct str text;
};

struct lexer {
	struct arena *arena;
	struct str input;
	size_t pos, start;
	uint32_t line, start_line;
	int parens;
	bool inside; /* an action */
	bool at_eof; /* the end was looked at: nothing is put back any more */
};

/* text is at most UINT32_MAX bytes and outlives the lexer, as the arena does. */
void lexer_init(struct lexer *lx, struct arena *arena, struct str text);
struct token lexer_next(struct lexer *lx);
/* The token as error texts name it. */
void token_describe(const struct token *t, struct buf *out);

#endif
