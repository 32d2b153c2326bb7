/* SPDX-License-Identifier: MIT
 *
 * sprig's functions that see words in a text: abbreviation, wrapping, initials and the cases of
 * identifiers. Abbreviation, wrapping and initials count bytes, as sprig does, and may cut a
 * character; the others work on characters and turn invalid bytes into U+FFFD.
 */
#include "config.h"

#include "template/funcs.h"

#include "base/utf8.h"
#include "template/format/unicode.h"

#define ELLIPSIS STR("...")

/* --- abbreviation --------------------------------------------------------------------- */

/* s cut to width bytes of which the last three are dots; all of s if it is no longer. */
static void add_abbreviated(struct buf *b, struct str s, int64_t width)
{
	if ((int64_t)s.len <= width) {
		buf_add_str(b, s);
		return;
	}
	buf_add_str(b, str_sub(s, 0, (size_t)width - ELLIPSIS.len));
	buf_add_str(b, ELLIPSIS);
}

static bool words_abbrev(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct buf *b = call_buf(c);

	*ret = args[1];
	if (args[0].i < 4)
		return true;
	add_abbreviated(b, value_as_str(args[1]), args[0].i);
	return call_return_buf(c, b, ret);
}

/* args: where the visible part starts, the width of the result, the text. */
static bool words_abbrevboth(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	int64_t offset = args[0].i, width = args[1].i;
	struct str s = value_as_str(args[2]);
	int64_t len = (int64_t)s.len;
	struct buf *b = call_buf(c);

	*ret = args[2];
	if (width < 4 || (offset > 0 && width < 7) || len <= width)
		return true;
	/* The part in view is at least width - 3 bytes; what is left of the text wraps around. */
	if (offset > len)
		offset = len;
	if ((int64_t)((uint64_t)len - (uint64_t)offset) < width - 3)
		offset = len - (width - 3);
	if (offset <= 4) {
		add_abbreviated(b, s, width);
	} else if (width >= 7) {
		buf_add_str(b, ELLIPSIS);
		if (offset + width - 3 < len)
			add_abbreviated(b, str_sub(s, (size_t)offset, s.len), width - 3);
		else
			buf_add_str(b, str_sub(s, (size_t)(len - (width - 3)), s.len));
	}
	return call_return_buf(c, b, ret);
}

/* Bytes taken as characters of Latin-1, which sprig does here. */
static bool byte_is_space(unsigned char byte)
{
	return rune_is_space(byte);
}

static bool words_initials(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct str s = value_as_str(args[0]);
	struct buf *b = call_buf(c);
	bool gap = true;

	for (size_t i = 0; i < s.len; i++) {
		unsigned char byte = (unsigned char)s.p[i];
		bool space = byte_is_space(byte);

		if (!space && gap)
			buf_add_rune(b, byte);
		gap = space;
	}
	return call_return_buf(c, b, ret);
}

/* Without white space. A text that has none stays as it is; in any other each byte becomes a
 * character. */
static bool words_nospace(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct str s = value_as_str(args[0]);
	struct buf *b = call_buf(c);
	bool any = false;

	for (size_t i = 0; i < s.len; i++) {
		unsigned char byte = (unsigned char)s.p[i];

		if (byte_is_space(byte))
			any = true;
		else
			buf_add_rune(b, byte);
	}
	*ret = args[0];
	return !any || call_return_buf(c, b, ret);
}

/* --- wrapping ------------------------------------------------------------------------- */

/* Breaks s by newline so that a line has at most width bytes. A longer word stays whole, or is cut
 * if cut_words. */
static bool wrap(struct call *c, struct str s, int64_t width, struct str newline, bool cut_words,
	struct value *ret)
{
	struct buf *b = call_buf(c);
	size_t at = 0, w = width < 1 ? 1 : (size_t)width;

	while (s.len - at > w && !b->full) {
		ssize_t space;

		if (s.p[at] == ' ') {
			at++;
			continue;
		}
		space = str_rchr(str_sub(s, at, at + w + 1), ' ');
		if (space < 0 && cut_words) {
			buf_add_str(b, str_sub(s, at, at + w));
			buf_add_str(b, newline);
			at += w;
			continue;
		}
		if (space < 0) {
			space = str_chr(str_sub(s, at + w, s.len), ' ');
			if (space < 0)
				break;
			space += (ssize_t)w;
		}
		buf_add_str(b, str_sub(s, at, at + (size_t)space));
		buf_add_str(b, newline);
		at += (size_t)space + 1;
	}
	buf_add_str(b, str_sub(s, at, s.len));
	return call_return_buf(c, b, ret);
}

static bool words_wrap(struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return wrap(c, value_as_str(args[1]), args[0].i, STR("\n"), false, ret);
}

static bool words_wrap_with(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct str newline = value_as_str(args[1]);

	return wrap(
		c, value_as_str(args[2]), args[0].i, newline.len ? newline : STR("\n"), true, ret);
}

/* --- case of letters -------------------------------------------------------------------- */

/* Reads the characters of a text one by one. */
static bool next_rune(struct str *s, uint32_t *ret)
{
	size_t width;

	if (s->len == 0)
		return false;
	*ret = utf8_decode(*s, &width);
	*s = str_sub(*s, width, s->len);
	return true;
}

/* The first letter of each word in lower case. */
static bool words_untitle(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct str s = value_as_str(args[0]);
	struct buf *b = call_buf(c);
	bool first = true;
	uint32_t r;

	while (next_rune(&s, &r)) {
		bool space = rune_is_space(r);

		buf_add_rune(b, first && !space ? rune_to_lower(r) : r);
		first = space;
	}
	return call_return_buf(c, b, ret);
}

/* What stands between words for strings.Title. */
static bool separates_titles(uint32_t r)
{
	if (r < 0x80)
		return !(rune_is_letter(r) || rune_is_digit(r) || r == '_');
	return !rune_is_letter(r) && !rune_is_digit(r) && rune_is_space(r);
}

static bool words_title(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct str s = value_as_str(args[0]);
	struct buf *b = call_buf(c);
	bool first = true;
	uint32_t r;

	while (next_rune(&s, &r)) {
		buf_add_rune(b, first ? rune_to_title(r) : r);
		first = separates_titles(r);
	}
	return call_return_buf(c, b, ret);
}

/* Upper and title case to lower; lower case to upper, to title at the start of a word. */
static bool words_swapcase(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct str s = value_as_str(args[0]);
	struct buf *b = call_buf(c);
	bool first = true;
	uint32_t r;

	while (next_rune(&s, &r)) {
		bool high = rune_is_upper(r) || rune_is_title(r), low = rune_is_lower(r);

		if (high)
			buf_add_rune(b, rune_to_lower(r));
		else if (low)
			buf_add_rune(b, first ? rune_to_title(r) : rune_to_upper(r));
		else
			buf_add_rune(b, r);
		first = !high && !low && rune_is_space(r);
	}
	return call_return_buf(c, b, ret);
}

/* --- table ------------------------------------------------------------------------------ */

#define STRING FUNC_ARGS(&type_string)

static const struct func rows[] = {
	{STR_INIT("abbrev"), words_abbrev, FUNC_ARGS(&type_int, &type_string), &type_string, 0},
	{STR_INIT("abbrevboth"), words_abbrevboth, FUNC_ARGS(&type_int, &type_int, &type_string),
		&type_string, 0},
	{STR_INIT("initials"), words_initials, STRING, &type_string, 0},
	{STR_INIT("nospace"), words_nospace, STRING, &type_string, 0},
	{STR_INIT("swapcase"), words_swapcase, STRING, &type_string, 0},
	{STR_INIT("title"), words_title, STRING, &type_string, 0},
	{STR_INIT("untitle"), words_untitle, STRING, &type_string, 0},
	{STR_INIT("wrap"), words_wrap, FUNC_ARGS(&type_int, &type_string), &type_string, 0},
	{STR_INIT("wrapWith"), words_wrap_with, FUNC_ARGS(&type_int, &type_string, &type_string),
		&type_string, 0},
};

const struct func_table funcs_words = {rows, ARRAY_LEN(rows)};
