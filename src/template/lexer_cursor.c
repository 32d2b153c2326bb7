/* SPDX-License-Identifier: MIT
 *
 * The place in the text that the scanner has come to, see lexer_cursor.h.
 */
#include "config.h"

#include "template/lexer_cursor.h"

#include "base/utf8.h"
#include "template/format/quote.h"
#include "template/format/unicode.h"

struct str cursor_rest(const struct lexer *lx)
{
	return str_sub(lx->input, lx->pos, lx->input.len);
}

uint32_t cursor_next(struct lexer *lx)
{
	size_t width;
	uint32_t r;

	if (lx->pos >= lx->input.len) {
		lx->at_eof = true;
		return CURSOR_END;
	}
	r = utf8_decode(cursor_rest(lx), &width);
	lx->pos += width;
	if (r == '\n')
		lx->line++;
	return r;
}

void cursor_back(struct lexer *lx)
{
	size_t width;

	if (lx->at_eof || lx->pos == 0)
		return;
	if (utf8_decode_last(str_sub(lx->input, 0, lx->pos), &width) == '\n')
		lx->line--;
	lx->pos -= width;
}

uint32_t cursor_peek(struct lexer *lx)
{
	uint32_t r = cursor_next(lx);

	cursor_back(lx);
	return r;
}

bool cursor_accept(struct lexer *lx, const char *set)
{
	uint32_t r = cursor_next(lx);

	if (r && r < 0x80 && strchr(set, (int)r))
		return true;
	cursor_back(lx);
	return false;
}

void cursor_accept_run(struct lexer *lx, const char *set)
{
	while (cursor_accept(lx, set))
		;
}

static uint32_t count_lines(struct str s)
{
	uint32_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += s.p[i] == '\n';
	return n;
}

void cursor_count_lines(struct lexer *lx)
{
	lx->line += count_lines(str_sub(lx->input, lx->start, lx->pos));
}

struct token cursor_take(struct lexer *lx, enum token_kind kind)
{
	struct token t = {
		kind, (uint32_t)lx->start, lx->start_line, str_sub(lx->input, lx->start, lx->pos)};

	lx->start = lx->pos;
	lx->start_line = lx->line;
	return t;
}

void cursor_skip(struct lexer *lx)
{
	cursor_count_lines(lx);
	lx->start = lx->pos;
	lx->start_line = lx->line;
}

struct token cursor_fail(struct lexer *lx, struct str message)
{
	struct token t = {TOKEN_ERROR, (uint32_t)lx->start, lx->start_line, message};

	lx->input.len = lx->pos = lx->start = 0;
	return t;
}

struct token cursor_fail_rune(struct lexer *lx, const char *message, uint32_t r)
{
	char utf8[UTF8_MAX];

	if (!rune_is_print(r))
		return cursor_fail(lx, arena_fmt(lx->arena, "%s U+%04X", message, r));
	return cursor_fail(lx, arena_fmt(lx->arena, "%s U+%04X '%.*s'", message, r,
				       (int)utf8_encode(r, utf8), utf8));
}

struct token cursor_fail_quoted(struct lexer *lx, const char *message)
{
	struct str text;
	struct buf b;

	buf_init(&b, SIZE_MAX);
	buf_add_cstr(&b, message);
	quote_add(&b, str_sub(lx->input, lx->start, lx->pos), QUOTE_PRINT);
	text = arena_str(lx->arena, buf_str(&b));
	buf_release(&b);
	return cursor_fail(lx, text);
}
