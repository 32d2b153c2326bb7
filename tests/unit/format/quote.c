/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "template/format/quote.h"

#include <criterion/criterion.h>

#define OUT_MAX 4096

static void assert_quoted(struct str s, enum quote_style style, const char *want)
{
	struct buf out;

	buf_init(&out, OUT_MAX);
	quote_add(&out, s, style);
	cr_assert_str_eq(buf_cstr(&out), want);
	buf_release(&out);
}

static void assert_unquoted(const char *literal, struct str want)
{
	struct buf out;

	buf_init(&out, OUT_MAX);
	cr_assert(quote_undo(&out, str_from(literal)), "%s", literal);
	cr_assert(str_eq(buf_str(&out), want), "%s", literal);
	buf_release(&out);
}

Test(quote, printable_characters_stay)
{
	assert_quoted(STR("plain"), QUOTE_PRINT, "\"plain\"");
	assert_quoted(STR("h\xc3\xa9 \xe4\xb8\x96"), QUOTE_PRINT, "\"h\xc3\xa9 \xe4\xb8\x96\"");
	assert_quoted(STR("h\xc3\xa9"), QUOTE_ASCII, "\"h\\u00e9\"");
	assert_quoted(STR("\xf0\x9f\x98\x80"), QUOTE_ASCII, "\"\\U0001f600\"");
}

Test(quote, control_characters_are_escaped)
{
	assert_quoted(STR("\a\b\f\n\r\t\v\\\""), QUOTE_PRINT, "\"\\a\\b\\f\\n\\r\\t\\v\\\\\\\"\"");
	assert_quoted(STR("\0\x01\x7f"), QUOTE_PRINT, "\"\\x00\\x01\\x7f\"");
	assert_quoted(STR("\xc2\x85\xe2\x80\xa8"), QUOTE_PRINT, "\"\\u0085\\u2028\"");
	assert_quoted(STR("\xef\xbb\xbf"), QUOTE_PRINT, "\"\\ufeff\"");
}

Test(quote, bytes_that_are_not_utf8_are_shown_as_bytes)
{
	assert_quoted(STR("a\xff\xc3"), QUOTE_PRINT, "\"a\\xff\\xc3\"");
	assert_quoted(STR("\xed\xa0\x80"), QUOTE_PRINT, "\"\\xed\\xa0\\x80\"");
	assert_quoted(STR("\xef\xbf\xbd"), QUOTE_PRINT, "\"\xef\xbf\xbd\"");
}

Test(quote, spaces_other_than_ascii_stay_in_graphic_style_only)
{
	assert_quoted(STR("\xc2\xa0\xe3\x80\x80"), QUOTE_PRINT, "\"\\u00a0\\u3000\"");
	assert_quoted(STR("\xc2\xa0\xe3\x80\x80"), QUOTE_GRAPHIC, "\"\xc2\xa0\xe3\x80\x80\"");
}

Test(quote, runes_are_quoted_singly)
{
	struct buf out;

	buf_init(&out, OUT_MAX);
	quote_add_rune(&out, '\'', QUOTE_PRINT);
	quote_add_rune(&out, '"', QUOTE_PRINT);
	quote_add_rune(&out, 0xd800, QUOTE_PRINT);
	quote_add_rune(&out, 0x110000, QUOTE_ASCII);
	cr_assert_str_eq(buf_cstr(&out), "'\\'''\"''\xef\xbf\xbd''\\ufffd'");
	buf_release(&out);
}

Test(quote, backquotes_hold_one_clean_line)
{
	cr_assert(quote_can_backquote(STR("a\tb \\ \"")));
	cr_assert(!quote_can_backquote(STR("a`b")));
	cr_assert(!quote_can_backquote(STR("a\nb")));
	cr_assert(!quote_can_backquote(STR("\x7f")));
	cr_assert(!quote_can_backquote(STR("\xff")));
	cr_assert(!quote_can_backquote(STR("\xef\xbb\xbf")));
}

Test(quote, literals_are_read_back)
{
	assert_unquoted(
		"\"a\\n\\x41\\101\\u00e9\\U0001F600\"", STR("a\nAA\xc3\xa9\xf0\x9f\x98\x80"));
	assert_unquoted("\"\\xff\"", STR("\xff"));
	assert_unquoted("\"'\"", STR("'"));
	assert_unquoted("'\"'", STR("\""));
	assert_unquoted("'\\''", STR("'"));
	assert_unquoted("''", STR(""));
	assert_unquoted("`a\\n\r\n`", STR("a\\n\n"));
	assert_unquoted("\"\xff\"", STR("\xef\xbf\xbd"));
}

Test(quote, malformed_literals_are_refused_and_add_nothing)
{
	static const char *const bad[] = {"", "\"", "a", "\"a", "\"a'", "\"\\\"", "\"\\9\"",
		"\"\\19\"", "\"\\400\"", "\"\\xa\"", "\"\\ud800\"", "\"\\U00110000\"", "\"\\'\"",
		"'\\\"'", "'ab'", "'", "`a", "``a`", "\"a\nb\"", "\"a\"b\"", "\"\\z\""};
	struct buf out;

	buf_init(&out, OUT_MAX);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		cr_assert(!quote_undo(&out, str_from(bad[i])), "%s", bad[i]);
		cr_assert_eq(out.len, 0, "%s", bad[i]);
	}
	buf_release(&out);
}

Test(quote, characters_are_taken_one_by_one)
{
	struct str s = STR("\\t\xc3\xa9'");
	uint32_t rune;
	bool multibyte;

	cr_assert(quote_undo_char(&s, '\'', &rune, &multibyte));
	cr_assert(rune == '\t' && !multibyte);
	cr_assert(quote_undo_char(&s, '\'', &rune, &multibyte));
	cr_assert(rune == 0xe9 && multibyte);
	cr_assert(!quote_undo_char(&s, '\'', &rune, &multibyte));
	cr_assert(quote_undo_char(&s, 0, &rune, &multibyte));
	cr_assert(!quote_undo_char(&s, 0, &rune, &multibyte));
}
