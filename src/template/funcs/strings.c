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
#include "template/funcs/split.h"
#include "template/funcs/strval.h"

#include <inttypes.h>
#include <stdio.h>

/* No slice of Go has more bytes. */
#define GO_MEMORY_MAX (INT64_C(1) << 48)

/* --- cutting ------------------------------------------------------------------------- */

static bool string_trim(
	struct call *c UNUSED, const struct value *args, size_t n UNUSED, struct value *ret)
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
static bool string_trim_all(
	struct call *c UNUSED, const struct value *args, size_t n UNUSED, struct value *ret)
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

static bool string_trim_prefix(
	struct call *c UNUSED, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct str prefix = value_as_str(args[0]), s = value_as_str(args[1]);

	if (str_has_prefix(s, prefix))
		s = str_sub(s, prefix.len, s.len);
	*ret = value_str(s);
	return true;
}

static bool string_trim_suffix(
	struct call *c UNUSED, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct str suffix = value_as_str(args[0]), s = value_as_str(args[1]);

	if (str_has_suffix(s, suffix))
		s.len -= suffix.len;
	*ret = value_str(s);
	return true;
}

/* The first c bytes, or the last -c; sprig counts bytes here. */
static bool string_trunc(
	struct call *c UNUSED, const struct value *args, size_t n UNUSED, struct value *ret)
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

/* Go's text of an index that lies outside. */
static bool fail_bounds(struct call *c, const char *which, int64_t at, size_t len)
{
	if (at < 0)
		return call_fail(c, "runtime error: slice bounds out of range [%s]", which);
	return call_fail(
		c, "runtime error: slice bounds out of range [%s] with length %zu", which, len);
}

/* args: start, end, text. A negative start is 0, an end that is negative or too large is the
 * text's, unless start is negative. */
static bool string_substr(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	int64_t start = args[0].i, end = args[1].i;
	struct str s = value_as_str(args[2]);
	int64_t len = (int64_t)s.len;
	char which[64];

	if (start < 0 && (end < 0 || end > len)) {
		snprintf(which, sizeof(which), ":%" PRId64, end);
		return fail_bounds(c, which, end, s.len);
	}
	if (start >= 0 && (end < 0 || end > len)) {
		snprintf(which, sizeof(which), "%" PRId64 ":%zu", start, s.len);
		if (start > len)
			return fail_bounds(c, which, -1, s.len);
		end = len;
	}
	if (start > end) {
		snprintf(which, sizeof(which), "%" PRId64 ":%" PRId64, start, end);
		return fail_bounds(c, which, -1, s.len);
	}
	*ret = value_str(str_sub(s, start < 0 ? 0 : (size_t)start, (size_t)end));
	return true;
}

/* --- asking -------------------------------------------------------------------------- */

static bool string_contains(
	struct call *c UNUSED, const struct value *args, size_t n UNUSED, struct value *ret)
{
	*ret = value_bool(str_find(value_as_str(args[1]), value_as_str(args[0])) >= 0);
	return true;
}

static bool string_has_prefix(
	struct call *c UNUSED, const struct value *args, size_t n UNUSED, struct value *ret)
{
	*ret = value_bool(str_has_prefix(value_as_str(args[1]), value_as_str(args[0])));
	return true;
}

static bool string_has_suffix(
	struct call *c UNUSED, const struct value *args, size_t n UNUSED, struct value *ret)
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

static void add_spaces(struct buf *b, size_t n)
{
	char *room = buf_reserve(b, n);

	if (!room)
		return;
	memset(room, ' ', n);
	b->len += n;
}

/* Fails as strings.Repeat panics for what no memory has room for. */
static bool check_repeat(struct call *c, size_t len, int64_t count)
{
	int64_t total;

	if (count < 0)
		return call_fail(c, "strings: negative Repeat count");
	if (__builtin_mul_overflow(len, count, &total))
		return call_fail(c, "strings: Repeat output length overflow");
	if (total > GO_MEMORY_MAX)
		return call_fail(c, "runtime error: makeslice: len out of range");
	return true;
}

static bool add_indented(struct call *c, struct buf *b, int64_t spaces, struct str s)
{
	bool more = true;

	if (!check_repeat(c, 1, spaces))
		return false;
	while (more && !b->full) {
		struct str line;

		more = str_cut(s, '\n', &line, &s);
		add_spaces(b, (size_t)spaces);
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

	if (!check_repeat(c, s.len, args[0].i))
		return false;
	for (int64_t i = 0; i < args[0].i && s.len && !b->full; i++)
		buf_add_str(b, s);
	return call_return_buf(c, b, ret);
}

static bool string_plural(
	struct call *c UNUSED, const struct value *args, size_t n UNUSED, struct value *ret)
{
	*ret = args[2].i == 1 ? args[0] : args[1];
	return true;
}

static bool string_lower(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct buf *b = call_buf(c);

	buf_add_lower(b, value_as_str(args[0]));
	return call_return_buf(c, b, ret);
}

static bool string_upper(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct buf *b = call_buf(c);

	buf_add_upper(b, value_as_str(args[0]));
	return call_return_buf(c, b, ret);
}

/* --- to and from lists and numbers ----------------------------------------------------- */

/* strconv.Atoi without its error: 0 for what is no number, the nearest limit for one too large. */
static bool string_atoi(
	struct call *c UNUSED, const struct value *args, size_t n UNUSED, struct value *ret)
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

static bool string_split_list(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	*ret = call_split(c, value_as_str(args[1]), value_as_str(args[0]), -1);
	return true;
}

/* The key of part i: "_0", "_1" … */
static struct str part_key(struct arena *a, size_t i)
{
	static const char few[] = "_0_1_2_3_4_5_6_7_8_9";

	return i < 10 ? str_n(few + 2 * i, 2) : arena_fmt(a, "_%zu", i);
}

/* A map[string]string of the parts under the keys _0, _1 … */
static bool split_map(
	struct call *c, struct value sep, struct value text, int64_t limit, struct value *ret)
{
	struct value parts = call_split(c, value_as_str(text), value_as_str(sep), limit);
	struct value map = map_new(c->arena, &type_string_map, slice_len(parts));

	for (size_t i = 0; i < slice_len(parts); i++)
		map_set_str(map, part_key(c->arena, i), slice_at(parts, i));
	*ret = map;
	return true;
}

static bool string_split(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return split_map(c, args[0], args[1], -1, ret);
}

static bool string_splitn(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return split_map(c, args[0], args[2], args[1].i, ret);
}

static bool string_replace(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return call_replace(
		c, value_as_str(args[2]), value_as_str(args[0]), value_as_str(args[1]), -1, ret);
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

#define STRING	    FUNC_ARGS(&type_string)
#define TWO_STRINGS FUNC_ARGS(&type_string, &type_string)
#define INT_STRING  FUNC_ARGS(&type_int, &type_string)
#define SPLITN	    FUNC_ARGS(&type_string, &type_int, &type_string)
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
	{STR_INIT("plural"), string_plural, FUNC_ARGS(&type_string, &type_string, &type_int),
		&type_string, 0},
	{STR_INIT("quote"), string_quote, ANYTHING, &type_string, 0},
	{STR_INIT("repeat"), string_repeat, INT_STRING, &type_string, 0},
	{STR_INIT("splitList"), string_split_list, TWO_STRINGS, &type_string_slice, 0},
	{STR_INIT("splitn"), string_splitn, SPLITN, &type_string_map, 0},
	{STR_INIT("sprigContains"), string_contains, TWO_STRINGS, &type_bool, 0},
	{STR_INIT("sprigReplace"), string_replace,
		FUNC_ARGS(&type_string, &type_string, &type_string), &type_string, 0},
	{STR_INIT("sprigSplit"), string_split, TWO_STRINGS, &type_string_map, 0},
	{STR_INIT("sprigSplitn"), string_splitn, SPLITN, &type_string_map, 0},
	{STR_INIT("squote"), string_squote, ANYTHING, &type_string, 0},
	{STR_INIT("substr"), string_substr, FUNC_ARGS(&type_int, &type_int, &type_string),
		&type_string, 0},
	{STR_INIT("toLower"), string_lower, STRING, &type_string, 0}, /* docker-gen's name */
	{STR_INIT("toString"), string_to_string, FUNC_ARGS(&type_any), &type_string, 0},
	{STR_INIT("toStrings"), string_to_strings, FUNC_ARGS(&type_any), &type_string_slice, 0},
	{STR_INIT("toUpper"), string_upper, STRING, &type_string, 0}, /* docker-gen's name */
	{STR_INIT("trim"), string_trim, STRING, &type_string, 0},
	{STR_INIT("trimAll"), string_trim_all, TWO_STRINGS, &type_string, 0},
	{STR_INIT("trimPrefix"), string_trim_prefix, TWO_STRINGS, &type_string, 0},
	{STR_INIT("trimSuffix"), string_trim_suffix, TWO_STRINGS, &type_string, 0},
	{STR_INIT("trimall"), string_trim_all, TWO_STRINGS, &type_string, 0},
	{STR_INIT("trunc"), string_trunc, INT_STRING, &type_string, 0},
	{STR_INIT("upper"), string_upper, STRING, &type_string, 0},
};

const struct func_table funcs_strings = {rows, ARRAY_LEN(rows)};
