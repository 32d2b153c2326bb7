/* SPDX-License-Identifier: MIT
 *
 * sprig's regular expressions. The functions whose name starts with "must" give the error of a bad
 * expression, the others panic in Go, which a template sees as an error too, with another text;
 * only regexMatch is silent.
 */
#include "config.h"

#include "template/funcs.h"

#include "base/utf8.h"
#include "template/format/quote.h"
#include "template/regexp/regexp.h"

/* What a function does with an expression that is none. */
enum on_bad { RETURN_ERROR, PANIC };

static const struct regexp *get(struct call *c, struct value expr, enum on_bad on_bad)
{
	struct error err = ERROR_INIT;
	struct str text = value_as_str(expr);
	const struct regexp *re = regexp_get(text, &err);
	struct buf *b;

	if (re)
		return re;
	if (on_bad == RETURN_ERROR) {
		call_fail_error(c, &err);
		return NULL;
	}
	b = call_buf(c);
	if (quote_can_backquote(text))
		buf_add_fmt(b, "`%.*s`", STR_ARG(text));
	else
		quote_add(b, text, QUOTE_PRINT);
	call_fail(c, "regexp: Compile(%.*s): %.*s", STR_ARG(buf_str(b)), STR_ARG(error_str(&err)));
	error_clear(&err);
	return NULL;
}

/* Starts to look for all matches. */
static void iter_init(
	struct call *c, struct regexp_iter *it, const struct regexp *re, struct value subject)
{
	size_t *spans = arena_array(c->arena, size_t, 2 * (regexp_groups(re) + 1));

	regexp_iter_init(it, re, value_as_str(subject), spans);
}

static struct str matched(const struct regexp_iter *it)
{
	return str_sub(it->subject.bytes, it->spans[0], it->spans[1]);
}

/* The room that Go gives the first match of a text. */
#define FIND_ALL_FLOOR 10

/* A list that grows as Go's append makes it. */
struct list {
	struct value v;
};

static void list_add(struct call *c, struct list *list, struct str s)
{
	size_t len = slice_len(list->v);

	if (!list->v.sl || len == list->v.sl->cap) {
		struct value more = slice_new(c->arena, &type_string_slice, 0,
			len ? slice_grown_cap(len, len + 1, GO_STRING_SIZE) : FIND_ALL_FLOOR);

		for (size_t i = 0; i < len; i++)
			slice_push(more, slice_at(list->v, i));
		list->v = more;
	}
	slice_push(list->v, value_str(s));
}

/* Ends a loop over matches: false if it ended by an error. */
static bool loop_ok(struct call *c, struct error *err)
{
	return !error_is_set(err) || call_fail_error(c, err);
}

/* --- match, find -------------------------------------------------------------------- */

static bool match(struct call *c, const struct regexp *re, struct value s, struct value *ret)
{
	struct regexp_text text = regexp_text(value_as_str(s));
	struct error err = ERROR_INIT;
	bool found;

	if (!regexp_match(re, &text, 0, NULL, &found, &err))
		return call_fail_error(c, &err);
	*ret = value_bool(found);
	return true;
}

static bool regex_match(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	const struct regexp *re = regexp_get(value_as_str(args[0]), NULL);

	*ret = value_bool(false);
	return !re || match(c, re, args[1], ret);
}

static bool regex_must_match(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	const struct regexp *re = get(c, args[0], RETURN_ERROR);

	return re && match(c, re, args[1], ret);
}

static bool find(struct call *c, const struct value *args, enum on_bad on_bad, struct value *ret)
{
	const struct regexp *re = get(c, args[0], on_bad);
	struct error err = ERROR_INIT;
	struct regexp_iter it;

	if (!re)
		return false;
	iter_init(c, &it, re, args[1]);
	*ret = value_str(regexp_iter_next(&it, &err) ? matched(&it) : STR(""));
	return loop_ok(c, &err);
}

static bool regex_find(struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return find(c, args, PANIC, ret);
}

static bool regex_must_find(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return find(c, args, RETURN_ERROR, ret);
}

/* args: expression, text, the most matches (all if negative). Without a match the nil slice. */
static bool find_all(
	struct call *c, const struct value *args, enum on_bad on_bad, struct value *ret)
{
	const struct regexp *re = get(c, args[0], on_bad);
	struct list found = {{.head = TYPE_HEAD(&type_string_slice)}};
	struct error err = ERROR_INIT;
	struct regexp_iter it;

	if (!re)
		return false;
	iter_init(c, &it, re, args[1]);
	for (int64_t left = args[2].i; left != 0 && regexp_iter_next(&it, &err); left--)
		list_add(c, &found, matched(&it));
	*ret = found.v;
	return loop_ok(c, &err);
}

static bool regex_find_all(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return find_all(c, args, PANIC, ret);
}

static bool regex_must_find_all(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return find_all(c, args, RETURN_ERROR, ret);
}

/* --- replace ----------------------------------------------------------------------------- */

/* How far a replacement goes on after a match that ended at end, when it looked from at. */
static size_t replace_advance(struct str s, size_t at, size_t end)
{
	size_t width = 1;

	if (end > at)
		return end;
	if (at < s.len)
		utf8_decode(str_sub(s, at, s.len), &width);
	return at + width;
}

/* args: expression, text, replacement. Replacing has rules of its own for empty matches: one that
 * touches the match before it is left as it is. */
static bool replace_all(struct call *c, const struct value *args, enum on_bad on_bad, bool literal,
	struct value *ret)
{
	const struct regexp *re = get(c, args[0], on_bad);
	struct str s = value_as_str(args[1]), with = value_as_str(args[2]);
	struct regexp_text text = regexp_text(s);
	struct buf *b = call_buf(c);
	struct error err = ERROR_INIT;
	size_t last_end = 0;
	size_t *spans;

	if (!re)
		return false;
	spans = arena_array(c->arena, size_t, 2 * (regexp_groups(re) + 1));
	for (size_t at = 0; at <= s.len && !b->full;) {
		bool found;

		if (!regexp_match(re, &text, at, spans, &found, &err))
			return call_fail_error(c, &err);
		if (!found)
			break;
		buf_add_str(b, str_sub(s, last_end, spans[0]));
		if (spans[1] > last_end || spans[0] == 0) {
			if (literal)
				buf_add_str(b, with);
			else
				regexp_expand(b, re, with, s, spans);
		}
		last_end = spans[1];
		at = replace_advance(s, at, spans[1]);
	}
	buf_add_str(b, str_sub(s, last_end, s.len));
	return call_return_buf(c, b, ret);
}

static bool regex_replace_all(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return replace_all(c, args, PANIC, false, ret);
}

static bool regex_must_replace_all(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return replace_all(c, args, RETURN_ERROR, false, ret);
}

static bool regex_replace_all_literal(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return replace_all(c, args, PANIC, true, ret);
}

static bool regex_must_replace_all_literal(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return replace_all(c, args, RETURN_ERROR, true, ret);
}

/* --- split, quote ---------------------------------------------------------------------------- */

/* The list as Go appends its members to one with room for cap. */
static struct value list_with_room(struct call *c, struct value list, size_t cap)
{
	size_t n = slice_len(list);
	struct value copy =
		slice_new(c->arena, &type_string_slice, 0, slice_grown_cap(cap, n, GO_STRING_SIZE));

	for (size_t i = 0; i < n; i++)
		slice_push(copy, slice_at(list, i));
	return copy;
}

/* args: expression, text, the most parts (all if negative). */
static bool split(struct call *c, const struct value *args, enum on_bad on_bad, struct value *ret)
{
	const struct regexp *re = get(c, args[0], on_bad);
	struct str s = value_as_str(args[1]);
	struct list parts = {{.head = TYPE_HEAD(&type_string_slice)}};
	struct error err = ERROR_INIT;
	int64_t most = args[2].i;
	size_t from = 0, end = 0, matches = 0;
	struct regexp_iter it;

	if (!re)
		return false;
	if (most != 0 && value_len(args[0]) > 0 && s.len == 0) {
		parts.v = slice_new(c->arena, &type_string_slice, 0, 1);
		list_add(c, &parts, s);
	} else if (most != 0) {
		parts.v = slice_new(c->arena, &type_string_slice, 0, 0);
		iter_init(c, &it, re, args[1]);
		while ((most < 0 || slice_len(parts.v) + 1 < (uint64_t)most) &&
			regexp_iter_next(&it, &err)) {
			matches++;
			end = it.spans[0];
			if (it.spans[1] != 0)
				list_add(c, &parts, str_sub(s, from, end));
			from = it.spans[1];
		}
		if (end != s.len)
			list_add(c, &parts, str_sub(s, from, s.len));
		parts.v = list_with_room(c, parts.v, matches);
	}
	*ret = parts.v;
	return loop_ok(c, &err);
}

static bool regex_split(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return split(c, args, PANIC, ret);
}

static bool regex_must_split(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return split(c, args, RETURN_ERROR, ret);
}

static bool regex_quote_meta(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct str s = value_as_str(args[0]);
	struct buf *b = call_buf(c);

	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] && strchr("\\.+*?()|[]{}^$", s.p[i]))
			buf_add_char(b, '\\');
		buf_add_char(b, s.p[i]);
	}
	return call_return_buf(c, b, ret);
}

/* --- table ------------------------------------------------------------------------------------ */

#define TWO_STRINGS   FUNC_ARGS(&type_string, &type_string)
#define THREE_STRINGS FUNC_ARGS(&type_string, &type_string, &type_string)
#define STRINGS_INT   FUNC_ARGS(&type_string, &type_string, &type_int)

static const struct func rows[] = {
	{STR_INIT("mustRegexFind"), regex_must_find, TWO_STRINGS, &type_string, 0},
	{STR_INIT("mustRegexFindAll"), regex_must_find_all, STRINGS_INT, &type_string_slice, 0},
	{STR_INIT("mustRegexMatch"), regex_must_match, TWO_STRINGS, &type_bool, 0},
	{STR_INIT("mustRegexReplaceAll"), regex_must_replace_all, THREE_STRINGS, &type_string, 0},
	{STR_INIT("mustRegexReplaceAllLiteral"), regex_must_replace_all_literal, THREE_STRINGS,
		&type_string, 0},
	{STR_INIT("mustRegexSplit"), regex_must_split, STRINGS_INT, &type_string_slice, 0},
	{STR_INIT("regexFind"), regex_find, TWO_STRINGS, &type_string, 0},
	{STR_INIT("regexFindAll"), regex_find_all, STRINGS_INT, &type_string_slice, 0},
	{STR_INIT("regexMatch"), regex_match, TWO_STRINGS, &type_bool, 0},
	{STR_INIT("regexQuoteMeta"), regex_quote_meta, FUNC_ARGS(&type_string), &type_string, 0},
	{STR_INIT("regexReplaceAll"), regex_replace_all, THREE_STRINGS, &type_string, 0},
	{STR_INIT("regexReplaceAllLiteral"), regex_replace_all_literal, THREE_STRINGS, &type_string,
		0},
	{STR_INIT("regexSplit"), regex_split, STRINGS_INT, &type_string_slice, 0},
};

const struct func_table funcs_regex = {rows, ARRAY_LEN(rows)};
