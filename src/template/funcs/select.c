/* SPDX-License-Identifier: MIT
 *
 * docker-gen's functions that pick and group objects by what lies at a path (where, groupBy and
 * their kin). Items are not copied: results hold the same values.
 */
#include "config.h"

#include "template/funcs.h"

#include "base/utf8.h"
#include "template/funcs/entries.h"
#include "template/funcs/list.h"

/* --- where ------------------------------------------------------------------------ */

/* Whether an item with this value at the path is taken; *ret is the answer. */
typedef bool (*where_test)(
	struct call *c, struct value at_path, const struct value *args, bool *ret);

/* args: entries, path, what the test needs. */
static bool where_by(struct call *c, const char *func, const struct value *args, where_test test,
	struct value *ret)
{
	struct str path = value_as_str(args[1]);
	struct value list, selection;
	size_t n;

	if (!entries_list(c, func, args[0], &list))
		return false;
	n = slice_len(list);
	selection = list_new_appended(c, n);
	for (size_t i = 0; i < n; i++) {
		struct value item = entries_at(list, i), at_path;
		bool take;

		if (!entries_get(c, item, path, &at_path) || !test(c, at_path, args, &take))
			return false;
		if (take)
			slice_push(selection, item);
	}
	selection.sl->cap = (uint32_t)slice_appended_cap(slice_len(selection), GO_INTERFACE_SIZE);
	*ret = selection;
	return true;
}

static bool test_equal(struct call *c UNUSED, struct value v, const struct value *args, bool *ret)
{
	*ret = value_deep_equal(v, args[2]);
	return true;
}

static bool test_not_equal(
	struct call *c UNUSED, struct value v, const struct value *args, bool *ret)
{
	*ret = !value_deep_equal(v, args[2]);
	return true;
}

static bool test_exists(
	struct call *c UNUSED, struct value v, const struct value *args UNUSED, bool *ret)
{
	*ret = !value_is_nil_interface(v);
	return true;
}

static bool test_not_exists(
	struct call *c UNUSED, struct value v, const struct value *args UNUSED, bool *ret)
{
	*ret = value_is_nil_interface(v);
	return true;
}

/* Whether one of the parts of text between separators is part. An empty separator separates runes.
 */
static bool has_part(struct str text, struct str sep, struct str part)
{
	if (sep.len == 0)
		return part.len > 0 && str_find(text, part) >= 0 && utf8_count(part) == 1;
	for (;;) {
		ssize_t at = str_find(text, sep);

		if (str_eq(at < 0 ? text : str_sub(text, 0, (size_t)at), part))
			return true;
		if (at < 0)
			return false;
		text = str_sub(text, (size_t)at + sep.len, text.len);
	}
}

/* How many different strings of wanted are among the parts of v; args: entries, path, separator,
 * wanted. */
static bool count_parts(
	struct call *c, struct value v, const struct value *args, size_t *ret, bool *ret_nil)
{
	struct value wanted = args[3];
	size_t n = slice_len(wanted), found = 0;

	*ret_nil = value_is_nil_interface(v);
	if (*ret_nil)
		return true;
	if (value_type(v) != &type_string)
		return entries_not_string(c, v);
	for (size_t i = 0; i < n; i++) {
		struct str one = value_as_str(slice_at(wanted, i));
		bool seen = false;

		for (size_t j = 0; j < i && !seen; j++)
			seen = str_eq(one, value_as_str(slice_at(wanted, j)));
		found += !seen && has_part(value_as_str(v), value_as_str(args[2]), one);
	}
	*ret = found;
	return true;
}

static bool test_any(struct call *c, struct value v, const struct value *args, bool *ret)
{
	size_t found = 0;
	bool nil;

	if (!count_parts(c, v, args, &found, &nil))
		return false;
	*ret = !nil && found > 0;
	return true;
}

static bool test_all(struct call *c, struct value v, const struct value *args, bool *ret)
{
	size_t found = 0;
	bool nil;

	if (!count_parts(c, v, args, &found, &nil))
		return false;
	*ret = !nil && found == slice_len(args[3]);
	return true;
}

#define WHERE(name, text, test)                                                                    \
	static bool name(                                                                          \
		struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)      \
	{                                                                                          \
		return where_by(c, text, args, test, ret);                                         \
	}

WHERE(select_where, "where", test_equal)
WHERE(select_where_not, "whereNot", test_not_equal)
WHERE(select_where_exist, "whereExist", test_exists)
WHERE(select_where_not_exist, "whereNotExist", test_not_exists)
WHERE(select_where_any, "whereAny", test_any)
WHERE(select_where_all, "whereAll", test_all)

/* --- groupBy ----------------------------------------------------------------------- */

/* The groups of args[0] by the string at path args[1]; items without one are in none, or in the
 * group by_default. */
static bool group_by(struct call *c, const char *func, const struct value *args,
	const struct value *by_default, struct value *ret)
{
	struct value list, groups = entries_groups(c);

	if (!entries_list(c, func, args[0], &list))
		return false;
	for (size_t i = 0; i < slice_len(list); i++) {
		struct value item = entries_at(list, i);
		struct str key;
		bool found;

		if (!entries_get_string(c, item, value_as_str(args[1]), &key, &found))
			return false;
		if (!found && !by_default)
			continue;
		entries_group_add(c, groups, found ? key : value_as_str(*by_default), item);
	}
	*ret = groups;
	return true;
}

static bool select_group_by(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return group_by(c, "groupBy", args, NULL, ret);
}

static bool select_group_by_with_default(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return group_by(c, "groupByWithDefault", args, &args[2], ret);
}

/* Go gives the keys in no order; ours are sorted. */
static bool select_group_by_keys(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct value groups, keys, key, v;

	if (!group_by(c, "groupByKeys", args, NULL, &groups))
		return false;
	keys = slice_new(c->arena, &type_string_slice, 0,
		slice_appended_cap(map_len(groups), GO_STRING_SIZE));
	for (size_t i = 0; i < map_len(groups); i++) {
		map_at_sorted(groups, i, &key, &v);
		slice_push(keys, key);
	}
	*ret = keys;
	return true;
}

/* Adds item to the group of each part of text. */
static void group_add_parts(
	struct call *c, struct value groups, struct str text, struct str sep, struct value item)
{
	while (sep.len == 0 && text.len) {
		size_t width;

		utf8_decode(text, &width);
		entries_group_add(c, groups, str_sub(text, 0, width), item);
		text = str_sub(text, width, text.len);
	}
	while (sep.len) {
		ssize_t at = str_find(text, sep);

		entries_group_add(c, groups, at < 0 ? text : str_sub(text, 0, (size_t)at), item);
		if (at < 0)
			return;
		text = str_sub(text, (size_t)at + sep.len, text.len);
	}
}

static bool select_group_by_multi(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct value list, groups = entries_groups(c);

	if (!entries_list(c, "groupByMulti", args[0], &list))
		return false;
	for (size_t i = 0; i < slice_len(list); i++) {
		struct value item = entries_at(list, i);
		struct str text;
		bool found;

		if (!entries_get_string(c, item, value_as_str(args[1]), &text, &found))
			return false;
		if (found)
			group_add_parts(c, groups, text, value_as_str(args[2]), item);
	}
	*ret = groups;
	return true;
}

/* --- table --------------------------------------------------------------------------- */

static const struct func rows[] = {
	{STR_INIT("groupBy"), select_group_by, FUNC_ARGS(&type_any, &type_string),
		&type_any_slice_map, 0},
	{STR_INIT("groupByKeys"), select_group_by_keys, FUNC_ARGS(&type_any, &type_string),
		&type_string_slice, 0},
	{STR_INIT("groupByMulti"), select_group_by_multi,
		FUNC_ARGS(&type_any, &type_string, &type_string), &type_any_slice_map, 0},
	{STR_INIT("groupByWithDefault"), select_group_by_with_default,
		FUNC_ARGS(&type_any, &type_string, &type_string), &type_any_slice_map, 0},
	{STR_INIT("where"), select_where, FUNC_ARGS(&type_any, &type_string, &type_any), &type_any,
		0},
	{STR_INIT("whereAll"), select_where_all,
		FUNC_ARGS(&type_any, &type_string, &type_string, &type_string_slice), &type_any, 0},
	{STR_INIT("whereAny"), select_where_any,
		FUNC_ARGS(&type_any, &type_string, &type_string, &type_string_slice), &type_any, 0},
	{STR_INIT("whereExist"), select_where_exist, FUNC_ARGS(&type_any, &type_string), &type_any,
		0},
	{STR_INIT("whereNot"), select_where_not, FUNC_ARGS(&type_any, &type_string, &type_any),
		&type_any, 0},
	{STR_INIT("whereNotExist"), select_where_not_exist, FUNC_ARGS(&type_any, &type_string),
		&type_any, 0},
};

const struct func_table funcs_select = {rows, ARRAY_LEN(rows)};
