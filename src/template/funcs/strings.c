/* SPDX-License-Identifier: MIT
 *
 * sprig's strings. Their arguments come in the order that suits a pipeline: the text is the last.
 */
#include "config.h"

#include "template/funcs.h"

#include "base/utf8.h"
#include "template/format/number.h"
#include "template/format/quote.h"
#include "template/format/unicode.h"
#include "template/funcs/strval.h"

/* --- cutting ------------------------------------------------------------------------- */

static bool string_trim(struct call *c UNUSED, const struct value *args, size_t n UNUSED,
	struct value *ret)
{
	*ret = value_str(str_trim_unicode(value_as_str(args[0])));
	return true;
}

/* Whether rune r, of this width at p, is in set; an invalid byte matches any invalid byte. */
static bool in_set(struct str set, uint32_t r)
{
	while (set.len) {
		size_t width;

		if (utf8_decode(set, &width) == r)
			return true;
		set = str_sub(set, width, set.len);
	}
	return false;
}

/* strings.Trim: args are the runes to remove and the text. */
static bool string_trim_all(struct call *c UNUSED, const struct value *args, size_t n UNUSED,
	struct value *ret)
{
	struct str set = value_as_str(args[0]), s = value_as_str(args[1]);
	size_t width;

	while (s.len && in_set(set, utf8_decode(s, &width)))
		s = str_sub(s, width, s.len);
	while (s.len && in_set(set, utf8_decode_last(s, &width)))
		s.len -= width;
	*ret = value_str(s);
	return true;
}

static bool string_trim_prefix(struct call *c UNUSED, const struct value *args, size_t n UNUSED,
	struct value *ret)
{
	struct str prefix = value_as_str(args[0]), s = value_as_str(args[1]);

	if (str_has_prefix(s, prefix))
		s = str_sub(s, prefix.len, s.len);
	*ret = value_str(s);
	return true;
}

static bool string_trim_suffix(struct call *c UNUSED, const struct value *args, size_t n UNUSED,
	struct value *ret)
{
	struct str suffix = value_as_str(args[0]), s = value_as_str(args[1]);

	if (str_has_suffix(s, suffix))
		s.len -= suffix.len;
	*ret = value_str(s);
	return true;
}

/* The first c bytes, or the last -c; sprig counts bytes here. */
static bool string_trunc(struct call *c UNUSED, const struct value *args, size_t n UNUSED,
	struct value *ret)
{
	struct str s = value_as_str(args[1]);
	int64_t count = args[0].i;

	if (count < 0 && (int64_t)s.len + count > 0)
		s = str_sub(s, (size_t)((int64_t)s.len + count), s.len);
	else if (count >= 0 && (int64_t)s.len > count)
		s.len = (size_t)count;
	*ret = value_str(s);
	return true;
}

static bool string_nospace(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct str s = value_as_str(args[0]);
	struct buf *b = call_buf(c);

	while (s.len) {
		char rune[UTF8_MAX];
		size_t width;
		uint32_t r = utf8_decode(s, &width);

		if (!rune_is_space(r))
			buf_add(b, rune, utf8_encode(r, rune));
		s = str_sub(s, width, s.len);
	}
	return call_return_buf(c, b, ret);
}

/* --- asking -------------------------------------------------------------------------- */

static bool string_contains(struct call *c UNUSED, const struct value *args, size_t n UNUSED,
	struct value *ret)
{
	*ret = value_bool(str_find(value_as_str(args[1]), value_as_str(args[0])) >= 0);
	return true;
}

static bool string_has_prefix(struct call *c UNUSED, const struct value *args, size_t n UNUSED,
	struct value *ret)
{
	*ret = value_bool(str_has_prefix(value_as_str(args[1]), value_as_str(args[0])));
	return true;
}

static bool string_has_suffix(struct call *c UNUSED, const struct value *args, size_t n UNUSED,
	struct value *ret)
{
	*ret = value_bool(str_has_suffix(value_as_str(args[1]), value_as_str(args[0])));
	return true;
}

/* --- making -------------------------------------------------------------------------- */

/* strval of every argument that is not nil, each written by add, with spaces between them. */
static bool join_quoted(struct call *c, const struct value *args, size_t n,
	void (*add)(struct buf *b, struct str s), bool strval, struct value *ret)
{
	struct buf *b = call_buf(c);
	bool first = true;

	for (size_t i = 0; i < n; i++) {
		struct str s;

		if (value_is_nil_interface(args[i]))
			continue;
		if (strval ? !call_strval(c, args[i], &s) : !call_sprint(c, args[i], &s))
			return false;
		if (!first)
			buf_add_char(b, ' ');
		add(b, s);
		first = false;
	}
	return call_return_buf(c, b, ret);
}

static void add_quoted(struct buf *b, struct str s)
{
	quote_add(b, s, QUOTE_PRINT);
}

static void add_single_quoted(struct buf *b, struct str s)
{
	buf_add_char(b, '\'');
	buf_add_str(b, s);
	buf_add_char(b, '\'');
}

static bool string_quote(struct call *c, const struct value *args, size_t n, struct value *ret)
{
	return join_quoted(c, args, n, add_quoted, true, ret);
}

static bool string_squote(struct call *c, const struct value *args, size_t n, struct value *ret)
{
	return join_quoted(c, args, n, add_single_quoted, false, ret);
}

static bool string_cat(struct call *c, const struct value *args, size_t n, struct value *ret)
{
	return join_quoted(c, args, n, buf_add_str, false, ret);
}

static bool add_indented(struct call *c, struct buf *b, int64_t spaces, struct str s)
{
	bool more = true;

	if (spaces < 0)
		return call_fail(c, "strings: negative Repeat count");
	while (more && !b->full) {
		struct str line;
		char *room = buf_reserve(b, (size_t)spaces);

		more = str_cut(s, '\n', &line, &s);
		if (!room)
			break;
		memset(room, ' ', (size_t)spaces);
		b->len += (size_t)spaces;
		buf_add_str(b, line);
		if (more)
			buf_add_char(b, '\n');
	}
	return true;
}

static bool string_indent(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct buf *b = call_buf(c);

	return add_indented(c, b, args[0].i, value_as_str(args[1])) && call_return_buf(c, b, ret);
}

static bool string_nindent(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct buf *b = call_buf(c);

	buf_add_char(b, '\n');
	return add_indented(c, b, args[0].i, value_as_str(args[1])) && call_return_buf(c, b, ret);
}

static bool string_repeat(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct str s = value_as_str(args[1]);
	struct buf *b = call_buf(c);

	if (args[0].i < 0)
		return call_fail(c, "strings: negative Repeat count");
	for (int64_t i = 0; i < args[0].i && s.len && !b->full; i++)
		buf_add_str(b, s);
	return call_return_buf(c, b, ret);
}

static bool string_plural(struct call *c UNUSED, const struct value *args, size_t n UNUSED,
	struct value *ret)
{
	*ret = args[2].i == 1 ? args[0] : args[1];
	return true;
}

static bool map_case(struct call *c, struct str s, uint32_t (*map)(uint32_t), struct value *ret)
{
	struct buf *b = call_buf(c);

	while (s.len) {
		char rune[UTF8_MAX];
		size_t width;
		uint32_t r = utf8_decode(s, &width);

		buf_add(b, rune, utf8_encode(map(r), rune));
		s = str_sub(s, width, s.len);
	}
	return call_return_buf(c, b, ret);
}

static bool string_lower(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return map_case(c, value_as_str(args[0]), rune_to_lower, ret);
}

static bool string_upper(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return map_case(c, value_as_str(args[0]), rune_to_upper, ret);
}

/* --- to and from lists and numbers ----------------------------------------------------- */

/* strconv.Atoi without its error: 0 for what is no number, the nearest limit for one too large. */
static bool string_atoi(struct call *c UNUSED, const struct value *args, size_t n UNUSED,
	struct value *ret)
{
	int64_t i;

	if (int_parse(value_as_str(args[0]), 10, 64, &i) == NUMBER_SYNTAX)
		i = 0;
	*ret = value_int(i);
	return true;
}

static bool string_to_string(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct str s;

	if (!call_strval(c, args[0], &s))
		return false;
	*ret = value_str(s);
	return true;
}

static bool string_to_strings(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return call_strings(c, args[0], ret);
}

static bool string_join(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct buf *b = call_buf(c);
	struct value list;

	if (!call_strings(c, args[1], &list))
		return false;
	for (size_t i = 0; i < slice_len(list); i++) {
		if (i)
			buf_add_str(b, value_as_str(args[0]));
		buf_add_str(b, value_as_str(slice_at(list, i)));
	}
	return call_return_buf(c, b, ret);
}

/* --- table ----------------------------------------------------------------------------- */

#define STRING      FUNC_ARGS(&type_string)
#define TWO_STRINGS FUNC_ARGS(&type_string, &type_string)
#define INT_STRING  FUNC_ARGS(&type_int, &type_string)
#define ANYTHING    FUNC_REST(&type_any)

static const struct func rows[] = {
	{STR_INIT("atoi"), string_atoi, STRING, &type_int, 0},
	{STR_INIT("cat"), string_cat, ANYTHING, &type_string, 0},
	{STR_INIT("hasPrefix"), string_has_prefix, TWO_STRINGS, &type_bool, 0},
	{STR_INIT("hasSuffix"), string_has_suffix, TWO_STRINGS, &type_bool, 0},
	{STR_INIT("indent"), string_indent, INT_STRING, &type_string, 0},
	{STR_INIT("join"), string_join, FUNC_ARGS(&type_string, &type_any), &type_string, 0},
	{STR_INIT("lower"), string_lower, STRING, &type_string, 0},
	{STR_INIT("nindent"), string_nindent, INT_STRING, &type_string, 0},
	{STR_INIT("nospace"), string_nospace, STRING, &type_string, 0},
	{STR_INIT("plural"), string_plural, FUNC_ARGS(&type_string, &type_string, &type_int),
		&type_string, 0},
	{STR_INIT("quote"), string_quote, ANYTHING, &type_string, 0},
	{STR_INIT("repeat"), string_repeat, INT_STRING, &type_string, 0},
	{STR_INIT("sprigContains"), string_contains, TWO_STRINGS, &type_bool, 0},
	{STR_INIT("squote"), string_squote, ANYTHING, &type_string, 0},
	{STR_INIT("toString"), string_to_string, FUNC_ARGS(&type_any), &type_string, 0},
	{STR_INIT("toStrings"), string_to_strings, FUNC_ARGS(&type_any), &type_string_slice, 0},
	{STR_INIT("trim"), string_trim, STRING, &type_string, 0},
	{STR_INIT("trimAll"), string_trim_all, TWO_STRINGS, &type_string, 0},
	{STR_INIT("trimPrefix"), string_trim_prefix, TWO_STRINGS, &type_string, 0},
	{STR_INIT("trimSuffix"), string_trim_suffix, TWO_STRINGS, &type_string, 0},
	{STR_INIT("trimall"), string_trim_all, TWO_STRINGS, &type_string, 0},
	{STR_INIT("trunc"), string_trunc, INT_STRING, &type_string, 0},
	{STR_INIT("upper"), string_upper, STRING, &type_string, 0},
};

const struct func_table funcs_strings = {rows, ARRAY_LEN(rows)};
