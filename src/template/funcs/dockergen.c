/* SPDX-License-Identifier: MIT
 *
 * docker-gen's smaller functions: strings, and names that sprig has with another meaning (split,
 * replace, contains, keys, coalesce).
 */
#include "config.h"

#include "template/funcs.h"

#include "base/utf8.h"
#include "template/format/escape.h"
#include "template/format/number.h"
#include "template/format/unicode.h"
#include "template/funcs/list.h"
#include "template/funcs/split.h"
#include "template/regexp/regexp.h"

/* --- strings ------------------------------------------------------------------------ */

/* The longest of the values that input contains. */
static bool docker_closest(
	struct call *c UNUSED, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct str best = STR("");

	for (size_t i = 0; i < slice_len(args[0]); i++) {
		struct str one = value_as_str(slice_at(args[0], i));

		if (one.len > best.len && str_find(value_as_str(args[1]), one) >= 0)
			best = one;
	}
	*ret = value_str(best);
	return true;
}

/* Puts the delimiter at the start of each line. docker-gen does it by a regular expression, so that
 * a dollar in the delimiter has its meaning. */
static bool docker_comment(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct error err = ERROR_INIT;
	const struct regexp *re = regexp_get(STR("(?m)^"), &err);
	struct buf *b = call_buf(c), *delimiter = call_buf(c);
	struct str text = value_as_str(args[1]);
	const size_t nothing[2] = {0, 0};

	if (!re)
		return call_fail_error(c, &err);
	regexp_expand(delimiter, re, value_as_str(args[0]), STR(""), nothing);
	for (;;) {
		ssize_t at = str_chr(text, '\n');

		buf_add_str(b, buf_str(delimiter));
		if (at < 0)
			break;
		buf_add_str(b, str_sub(text, 0, (size_t)at + 1));
		text = str_sub(text, (size_t)at + 1, text.len);
	}
	buf_add_str(b, text);
	return call_return_buf(c, b, ret);
}

/* strings.Replace */
static bool docker_replace(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return call_replace(c, value_as_str(args[0]), value_as_str(args[1]), value_as_str(args[2]),
		args[3].i, ret);
}

static bool docker_split(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	*ret = call_split(c, value_as_str(args[0]), value_as_str(args[1]), -1);
	return true;
}

static bool docker_split_n(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	*ret = call_split(c, value_as_str(args[0]), value_as_str(args[1]), args[2].i);
	return true;
}

static bool docker_query_escape(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct buf *b = call_buf(c);

	escape_query(b, value_as_str(args[0]));
	return call_return_buf(c, b, ret);
}

static bool docker_parse_bool(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct error err = ERROR_INIT;
	bool b;

	if (bool_parse(value_as_str(args[0]), &b) != NUMBER_OK) {
		number_error(&err, "ParseBool", value_as_str(args[0]), NUMBER_SYNTAX);
		return call_fail_error(c, &err);
	}
	*ret = value_bool(b);
	return true;
}

/* --- values --------------------------------------------------------------------------- */

static bool docker_coalesce(
	struct call *c UNUSED, const struct value *args, size_t n, struct value *ret)
{
	*ret = value_nil();
	for (size_t i = 0; i < n; i++) {
		if (value_is_nil_interface(args[i]))
			continue;
		*ret = args[i];
		break;
	}
	return true;
}

/* Whether a map has a key that equals the second argument, type and all. */
static bool docker_contains(
	struct call *c UNUSED, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct value key, v;
	size_t pos = 0;
	bool found = false;

	if (value_kind(args[0]) == KIND_MAP)
		while (!found && map_next(args[0], &pos, &key, &v)) {
			key = value_plain(key);
			found = value_type(key) == value_type(args[1]) && value_equal(key, args[1]);
		}
	*ret = value_bool(found);
	return true;
}

/* Go gives the keys in no order; ours are sorted. */
static bool docker_keys(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct value keys, key, v;
	struct str text;

	*ret = value_nil();
	if (value_is_nil_interface(args[0]))
		return true;
	if (value_kind(args[0]) != KIND_MAP) {
		if (!call_sprint(c, args[0], &text))
			return false;
		return call_fail(c, "cannot call keys on a non-map value: %.*s", STR_ARG(text));
	}
	keys = slice_new(c->arena, &type_any_slice, 0, map_len(args[0]));
	for (size_t i = 0; i < map_len(args[0]); i++) {
		map_at_sorted(args[0], i, &key, &v);
		slice_push(keys, key);
	}
	*ret = keys;
	return true;
}

static bool has_string(struct value list, size_t n, struct str s)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(value_as_str(slice_at(list, i)), s))
			return true;
	return false;
}

/* The strings that are in both lists, once each. Go gives them in no order; ours are sorted. */
static bool docker_intersect(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	size_t length = slice_len(args[0]);
	struct value both = slice_new(c->arena, &type_string_slice, 0, length);

	if (!call_spend(c, length * (uint64_t)(slice_len(args[1]) + length)))
		return false;
	for (size_t i = 0; i < length; i++) {
		struct value s = slice_at(args[0], i);

		if (has_string(args[1], slice_len(args[1]), value_as_str(s)) &&
			!has_string(both, slice_len(both), value_as_str(s)))
			slice_push(both, s);
	}
	list_sort_strings(both);
	*ret = both;
	return true;
}

static bool docker_when(
	struct call *c UNUSED, const struct value *args, size_t n UNUSED, struct value *ret)
{
	*ret = args[0].b ? args[1] : args[2];
	return true;
}

/* Renders another template of the set with the second argument, if there is one, as its dot. */
static bool docker_eval(struct call *c, const struct value *args, size_t n, struct value *ret)
{
	struct value dot = n == 2 ? args[1] : value_nil();
	struct str text;

	if (n > 2)
		return call_fail(c, "too many arguments");
	if (value_is_nil_interface(dot))
		dot = VALUE_NONE;
	if (!call_template(c, value_as_str(args[0]), dot, &text))
		return false;
	*ret = value_str(text);
	return true;
}

/* --- table ------------------------------------------------------------------------------- */

static const struct func rows[] = {
	{STR_INIT("closest"), docker_closest, FUNC_ARGS(&type_string_slice, &type_string),
		&type_string, 0},
	{STR_INIT("coalesce"), docker_coalesce, FUNC_REST(&type_any), &type_any, 0},
	{STR_INIT("comment"), docker_comment, FUNC_ARGS(&type_string, &type_string), &type_string,
		0},
	{STR_INIT("contains"), docker_contains, FUNC_ARGS(&type_any, &type_any), &type_bool, 0},
	{STR_INIT("eval"), docker_eval, FUNC_REST(&type_string, &type_any), &type_string,
		FUNC_CHANGES},
	{STR_INIT("intersect"), docker_intersect, FUNC_ARGS(&type_string_slice, &type_string_slice),
		&type_string_slice, 0},
	{STR_INIT("keys"), docker_keys, FUNC_ARGS(&type_any), &type_any, 0},
	{STR_INIT("parseBool"), docker_parse_bool, FUNC_ARGS(&type_string), &type_bool, 0},
	{STR_INIT("queryEscape"), docker_query_escape, FUNC_ARGS(&type_string), &type_string, 0},
	{STR_INIT("replace"), docker_replace,
		FUNC_ARGS(&type_string, &type_string, &type_string, &type_int), &type_string, 0},
	{STR_INIT("split"), docker_split, FUNC_ARGS(&type_string, &type_string), &type_string_slice,
		0},
	{STR_INIT("splitN"), docker_split_n, FUNC_ARGS(&type_string, &type_string, &type_int),
		&type_string_slice, 0},
	{STR_INIT("when"), docker_when, FUNC_ARGS(&type_bool, &type_any, &type_any), &type_any, 0},
};

const struct func_table funcs_dockergen = {rows, ARRAY_LEN(rows)};
