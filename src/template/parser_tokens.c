/* SPDX-License-Identifier: MIT
 *
 * What both halves of the parser stand on, see parser_state.h: tokens that can be put back, and
 * errors with their line.
 */
#include "config.h"

#include "template/parser_state.h"

#include "template/constant.h"

#include <stdarg.h>

/* --- tokens -------------------------------------------------------------------- */

struct token token_next(struct parser *p)
{
	struct body *b = p->body;

	if (b->n_back > 0)
		b->n_back--;
	else
		b->tokens[0] = lexer_next(&p->lexer);
	return b->tokens[b->n_back];
}

void token_back(struct parser *p)
{
	p->body->n_back++;
}

void token_back2(struct parser *p, struct token t1)
{
	p->body->tokens[1] = t1;
	p->body->n_back = 2;
}

void token_back3(struct parser *p, struct token t2, struct token t1)
{
	p->body->tokens[1] = t1;
	p->body->tokens[2] = t2;
	p->body->n_back = 3;
}

struct token token_peek(struct parser *p)
{
	struct token t = token_next(p);

	token_back(p);
	return t;
}

struct token token_next_non_space(struct parser *p)
{
	struct token t;

	do {
		t = token_next(p);
	} while (t.kind == TOKEN_SPACE);
	return t;
}

struct token token_peek_non_space(struct parser *p)
{
	struct token t = token_next_non_space(p);

	token_back(p);
	return t;
}

/* --- errors ---------------------------------------------------------------------- */

void parser_fail(struct parser *p, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	error_vset(p->err, fmt, ap);
	va_end(ap);
	error_prepend(p->err, "template: %.*s:%u: ", STR_ARG(p->parse->source->name),
		p->body->tokens[0].line);
	if (!p->parse->failed_at)
		p->parse->failed_at = p->body->tokens[0].pos;
	longjmp(p->failed, 1);
}

/* Fails with a text made of before, the description of t, and after. */
static NORETURN void fail_describing(
	struct parser *p, const char *before, const struct token *t, struct str after)
{
	struct str text;
	struct buf b;

	buf_init(&b, SIZE_MAX);
	token_describe(t, &b);
	text = arena_str(p->parse->arena, buf_str(&b));
	buf_release(&b);
	parser_fail(p, "%s%.*s%.*s", before, STR_ARG(text), STR_ARG(after));
}

void parser_unexpected(struct parser *p, struct token t, const char *context)
{
	struct str name = p->parse->source->name, after = STR("");

	p->parse->failed_at = t.pos;
	if (t.kind != TOKEN_ERROR)
		fail_describing(
			p, "unexpected ", &t, arena_fmt(p->parse->arena, " in %s", context));
	if (p->body->action_line && p->body->action_line != t.line)
		after = arena_fmt(p->parse->arena, "%s started at %.*s:%u",
			str_has_suffix(t.text, STR(" action")) ? "" : " in action", STR_ARG(name),
			p->body->action_line);
	fail_describing(p, "", &t, after);
}

struct str parser_string(struct parser *p, struct token t)
{
	struct error why = ERROR_INIT;
	struct str text, ret;

	if (constant_read_string(t.text, p->parse->arena, &ret, &why))
		return ret;
	text = arena_str(p->parse->arena, error_str(&why));
	error_clear(&why);
	parser_fail(p, "%.*s", STR_ARG(text));
}
