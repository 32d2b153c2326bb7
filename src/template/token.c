/* SPDX-License-Identifier: MIT
 *
 * Tokens as error texts name them, see lexer.h.
 */
#include "config.h"

#include "template/lexer.h"

#include "base/utf8.h"
#include "template/format/quote.h"

/* Longest token that is shown whole, and runes that are shown of a longer one. */
#define DESCRIBE_MAX 10

/* The first runes of s. */
static struct str first_runes(struct str s, size_t runes)
{
	size_t at = 0, width;

	while (runes-- && at < s.len) {
		utf8_decode(str_sub(s, at, s.len), &width);
		at += width;
	}
	return str_sub(s, 0, at);
}

void token_describe(const struct token *t, struct buf *out)
{
	if (t->kind == TOKEN_EOF) {
		buf_add_cstr(out, "EOF");
	} else if (t->kind == TOKEN_ERROR) {
		buf_add_str(out, t->text);
	} else if (t->kind > TOKEN_KEYWORD) {
		buf_add_fmt(out, "<%.*s>", STR_ARG(t->text));
	} else if (t->text.len > DESCRIBE_MAX) {
		quote_add(out, first_runes(t->text, DESCRIBE_MAX), QUOTE_PRINT);
		buf_add_cstr(out, "...");
	} else {
		quote_add(out, t->text, QUOTE_PRINT);
	}
}
