/* SPDX-License-Identifier: MIT
 *
 * sprig's defaults and conditions: what is empty (false, zero, without members, nil) and what
 * takes its place.
 */
#include "config.h"

#include "template/funcs.h"

#include "template/funcs/list.h"

bool value_is_empty(struct value v)
{
	return value_kind(v) != KIND_STRUCT && !value_truth(v);
}

static bool defaults_default(
	struct call *c UNUSED, const struct value *args, size_t n, struct value *ret)
{
	*ret = n < 2 || value_is_empty(args[1]) ? args[0] : args[1];
	return true;
}

static bool defaults_empty(
	struct call *c UNUSED, const struct value *args, size_t n UNUSED, struct value *ret)
{
	*ret = value_bool(value_is_empty(args[0]));
	return true;
}

static bool defaults_coalesce(
	struct call *c UNUSED, const struct value *args, size_t n, struct value *ret)
{
	*ret = value_nil();
	for (size_t i = 0; i < n; i++) {
		if (value_is_empty(args[i]))
			continue;
		*ret = args[i];
		break;
	}
	return true;
}

static bool defaults_all(
	struct call *c UNUSED, const struct value *args, size_t n, struct value *ret)
{
	bool all = true;

	for (size_t i = 0; i < n; i++)
		all &= !value_is_empty(args[i]);
	*ret = value_bool(all);
	return true;
}

static bool defaults_any(
	struct call *c UNUSED, const struct value *args, size_t n, struct value *ret)
{
	bool any = false;

	for (size_t i = 0; i < n; i++)
		any |= !value_is_empty(args[i]);
	*ret = value_bool(any);
	return true;
}

static bool defaults_ternary(
	struct call *c UNUSED, const struct value *args, size_t n UNUSED, struct value *ret)
{
	*ret = args[2].b ? args[0] : args[1];
	return true;
}

static bool defaults_fail(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret UNUSED)
{
	return call_fail_str(c, value_as_str(args[0]));
}

/* --- table ----------------------------------------------------------------------------- */

static const struct func rows[] = {
	{STR_INIT("all"), defaults_all, FUNC_REST(&type_any), &type_bool, 0},
	{STR_INIT("any"), defaults_any, FUNC_REST(&type_any), &type_bool, 0},
	{STR_INIT("default"), defaults_default, FUNC_REST(&type_any, &type_any), &type_any, 0},
	{STR_INIT("empty"), defaults_empty, FUNC_ARGS(&type_any), &type_bool, 0},
	{STR_INIT("fail"), defaults_fail, FUNC_ARGS(&type_string), &type_string, 0},
	{STR_INIT("sprigCoalesce"), defaults_coalesce, FUNC_REST(&type_any), &type_any, 0},
	{STR_INIT("ternary"), defaults_ternary, FUNC_ARGS(&type_any, &type_any, &type_bool),
		&type_any, 0},
};

const struct func_table funcs_defaults = {rows, ARRAY_LEN(rows)};
