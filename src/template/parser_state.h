/* SPDX-License-Identifier: MIT
 *
 * What the two halves of the parser share: statements (parser.c) and expressions (expression.c).
 * Private to them.
 *
 * A failure leaves by longjmp to parser_run; nothing outside the arena is held meanwhile.
 */
#ifndef UD_TEMPLATE_PARSER_STATE_H
#define UD_TEMPLATE_PARSER_STATE_H

#include "template/lexer.h"
#include "template/parser.h"
#include "template/scope.h"

#include <setjmp.h>

/* Tokens that can be put back. */
#define LOOKAHEAD 3

/* What is kept for each tree while it is parsed: a define or block begins anew. */
struct body {
	struct tree *tree;
	struct scope scope;
	struct token tokens[LOOKAHEAD]; /* [0] is the last one that came from the lexer */
	unsigned n_back;		/* how many of them are put back */
	unsigned parens;		/* nesting now */
	unsigned ranges;
	uint32_t action_line; /* where the current action began, 0 = none */
};

struct parser {
	struct parse *parse;
	struct lexer lexer;
	struct body *body;
	unsigned blocks;      /* nesting now */
	unsigned conditional; /* nesting of arguments that may not be evaluated */
	bool maybe;	      /* the current statement may leave a variable unset */
	struct error *err;
	jmp_buf failed;
};

/* --- tokens ------------------------------------------------------------------ */

struct token token_next(struct parser *p);
struct token token_next_non_space(struct parser *p);
struct token token_peek(struct parser *p);
struct token token_peek_non_space(struct parser *p);
/* Puts the last token back. */
void token_back(struct parser *p);
/* Puts t1 back, before the one that is already. */
void token_back2(struct parser *p, struct token t1);
void token_back3(struct parser *p, struct token t2, struct token t1);

/* --- errors -------------------------------------------------------------------- */

NORETURN void parser_fail(struct parser *p, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* "unexpected TOKEN in CONTEXT", or the lexer's error. */
NORETURN void parser_unexpected(struct parser *p, struct token t, const char *context);
/* The text of a string token. */
struct str parser_string(struct parser *p, struct token t);

/* --- expressions ----------------------------------------------------------------- */

#define node_new(p, type, kind, pos)                                                               \
	((type *)node_init(arena_new((p)->parse->arena, type), kind, pos))
void *node_init(void *node, enum node_kind kind, uint32_t pos);
/* Up to and with the token that ends it. context names it in errors. */
struct pipe_node *parse_pipeline(struct parser *p, const char *context, enum token_kind end);

#endif
