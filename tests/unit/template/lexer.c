/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "template/lexer.h"

#include <criterion/criterion.h>

static struct arena arena;
static struct lexer lexer;

static void set_up(void)
{
	arena_init(&arena);
}

static void tear_down(void)
{
	arena_release(&arena);
}

TestSuite(lexer, .init = set_up, .fini = tear_down);

static void begin(const char *text)
{
	lexer_init(&lexer, &arena, str_from(text));
}

static void assert_next(enum token_kind kind, const char *text)
{
	struct token t = lexer_next(&lexer);

	cr_assert_eq(
		t.kind, kind, "kind %d, not %d, of %.*s", (int)t.kind, (int)kind, STR_ARG(t.text));
	cr_assert(str_eqz(t.text, text), "%.*s, not %s", STR_ARG(t.text), text);
}

Test(lexer, text_around_an_action_is_kept)
{
	begin("a {{.b}} c");
	assert_next(TOKEN_TEXT, "a ");
	assert_next(TOKEN_LEFT_DELIM, "{{");
	assert_next(TOKEN_FIELD, ".b");
	assert_next(TOKEN_RIGHT_DELIM, "}}");
	assert_next(TOKEN_TEXT, " c");
	assert_next(TOKEN_EOF, "");
	assert_next(TOKEN_EOF, "");
}

Test(lexer, trims_space_before_dash_delimiter)
{
	begin("a \n\t{{- 1 -}} \r\n b");
	assert_next(TOKEN_TEXT, "a");
	assert_next(TOKEN_LEFT_DELIM, "{{");
	assert_next(TOKEN_NUMBER, "1");
	assert_next(TOKEN_RIGHT_DELIM, "}}");
	assert_next(TOKEN_TEXT, "b");
}

Test(lexer, minus_without_space_is_a_sign)
{
	begin("{{-3}}");
	assert_next(TOKEN_LEFT_DELIM, "{{");
	assert_next(TOKEN_NUMBER, "-3");
	assert_next(TOKEN_RIGHT_DELIM, "}}");
}

Test(lexer, comment_leaves_nothing)
{
	begin("a{{/* {{ */}}b{{- /* c */ -}} d");
	assert_next(TOKEN_TEXT, "a");
	assert_next(TOKEN_TEXT, "b");
	assert_next(TOKEN_TEXT, "d");
	assert_next(TOKEN_EOF, "");
}

Test(lexer, chain_of_fields_is_cut_at_dots)
{
	begin("{{$x.a.b | f (.) 'c' `r` \"s\"}}");
	assert_next(TOKEN_LEFT_DELIM, "{{");
	assert_next(TOKEN_VARIABLE, "$x");
	assert_next(TOKEN_FIELD, ".a");
	assert_next(TOKEN_FIELD, ".b");
	assert_next(TOKEN_SPACE, " ");
	assert_next(TOKEN_PIPE, "|");
	assert_next(TOKEN_SPACE, " ");
	assert_next(TOKEN_IDENTIFIER, "f");
	assert_next(TOKEN_SPACE, " ");
	assert_next(TOKEN_LEFT_PAREN, "(");
	assert_next(TOKEN_DOT, ".");
	assert_next(TOKEN_RIGHT_PAREN, ")");
	assert_next(TOKEN_SPACE, " ");
	assert_next(TOKEN_CHAR_CONSTANT, "'c'");
	assert_next(TOKEN_SPACE, " ");
	assert_next(TOKEN_RAW_STRING, "`r`");
	assert_next(TOKEN_SPACE, " ");
	assert_next(TOKEN_STRING, "\"s\"");
	assert_next(TOKEN_RIGHT_DELIM, "}}");
}

Test(lexer, nothing_comes_after_an_error)
{
	begin("{{@}} {{\"");
	assert_next(TOKEN_LEFT_DELIM, "{{");
	assert_next(TOKEN_CHAR, "@");
	assert_next(TOKEN_RIGHT_DELIM, "}}");
	assert_next(TOKEN_TEXT, " ");
	assert_next(TOKEN_LEFT_DELIM, "{{");
	assert_next(TOKEN_ERROR, "unterminated quoted string");
	assert_next(TOKEN_ERROR, "unclosed action");
}

Test(lexer, tokens_know_their_line)
{
	struct token t;

	begin("a\nb{{\n.x\n}}\n{{.y}}");
	do {
		t = lexer_next(&lexer);
	} while (t.kind != TOKEN_FIELD);
	cr_assert_eq(t.line, 3);
	do {
		t = lexer_next(&lexer);
	} while (t.kind != TOKEN_FIELD);
	cr_assert_eq(t.line, 5);
	cr_assert_eq(t.pos, 14);
}
