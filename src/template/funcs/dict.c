/* SPDX-License-Identifier: MIT
 *
 * sprig's dictionaries: map[string]interface{} that set and unset change in place.
 */
#include "config.h"

#include "template/funcs.h"

#include "template/funcs/list.h"

#include "template/funcs/strval.h"

/* dict "key" value …: keys of any type become strings; a key without a value gets "". */
static bool dict_dict(struct call *c, const struct value *args, size_t n, struct value *ret)
{
	struct value d = map_new(c->arena, &type_any_map, (n + 1) / 2);

	for (size_t i = 0; i < n; i += 2) {
		struct str key;

		if (!call_strval(c, args[i], &key))
			return false;
		map_set_str(d, key, i + 1 < n ? args[i + 1] : value_str(STR("")));
	}
	*ret = d;
	return true;
}

static bool dict_get(
	struct call *c UNUSED, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct value v = map_get(args[0], args[1]);

	*ret = !value_is_none(v) ? v : value_str(STR(""));
	return true;
}

static bool dict_set(struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	if (!args[0].m)
		return call_fail(c, "assignment to entry in nil map");
	map_set(args[0], args[1], args[2]);
	*ret = args[0];
	return true;
}

static bool dict_unset(
	struct call *c UNUSED, const struct value *args, size_t n UNUSED, struct value *ret)
{
	map_delete(args[0], args[1]);
	*ret = args[0];
	return true;
}

static bool dict_has_key(
	struct call *c UNUSED, const struct value *args, size_t n UNUSED, struct value *ret)
{
	*ret = value_bool(!value_is_none(map_get(args[0], args[1])));
	return true;
}

/* pluck key dict …: the values of key in all dicts that have it. */
static bool dict_pluck(struct call *c, const struct value *args, size_t n, struct value *ret)
{
	struct value list = list_new_appended(c, n);

	for (size_t i = 1; i < n; i++) {
		struct value v = map_get(args[i], args[0]);

		if (!value_is_none(v))
			slice_push(list, v);
	}
	list.sl->cap = (uint32_t)slice_appended_cap(slice_len(list), GO_INTERFACE_SIZE);
	*ret = list;
	return true;
}

static bool dict_pick(struct call *c, const struct value *args, size_t n, struct value *ret)
{
	struct value d = map_new(c->arena, &type_any_map, n);

	for (size_t i = 1; i < n; i++) {
		struct value v = map_get(args[0], args[i]);

		if (!value_is_none(v))
			map_set(d, args[i], v);
	}
	*ret = d;
	return true;
}

static bool dict_omit(struct call *c, const struct value *args, size_t n, struct value *ret)
{
	struct value d = map_new(c->arena, &type_any_map, map_len(args[0])), key, v;
	size_t pos = 0;

	while (map_next(args[0], &pos, &key, &v))
		map_set(d, key, v);
	for (size_t i = 1; i < n; i++)
		map_delete(d, args[i]);
	*ret = d;
	return true;
}

/* Go gives the values in no order; ours are in the order of the sorted keys. */
static bool dict_values(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	size_t length = map_len(args[0]);
	struct value list = list_new_appended(c, length);

	for (size_t i = 0; i < length; i++) {
		struct value key, v;

		map_at_sorted(args[0], i, &key, &v);
		slice_push(list, v);
	}
	*ret = list;
	return true;
}

/* --- table ----------------------------------------------------------------------------- */

#define DICT_KEY  FUNC_ARGS(&type_any_map, &type_string)
#define DICT_KEYS FUNC_REST(&type_any_map, &type_string)

static const struct func rows[] = {
	{STR_INIT("dict"), dict_dict, FUNC_REST(&type_any), &type_any_map, 0},
	{STR_INIT("get"), dict_get, DICT_KEY, &type_any, 0},
	{STR_INIT("hasKey"), dict_has_key, DICT_KEY, &type_bool, 0},
	{STR_INIT("omit"), dict_omit, DICT_KEYS, &type_any_map, 0},
	{STR_INIT("pick"), dict_pick, DICT_KEYS, &type_any_map, 0},
	{STR_INIT("pluck"), dict_pluck, FUNC_REST(&type_string, &type_any_map), &type_any_slice, 0},
	{STR_INIT("set"), dict_set, FUNC_ARGS(&type_any_map, &type_string, &type_any),
		&type_any_map, FUNC_CHANGES},
	{STR_INIT("unset"), dict_unset, DICT_KEY, &type_any_map, FUNC_CHANGES},
	{STR_INIT("values"), dict_values, FUNC_ARGS(&type_any_map), &type_any_slice, 0},
};

const struct func_table funcs_dict = {rows, ARRAY_LEN(rows)};
