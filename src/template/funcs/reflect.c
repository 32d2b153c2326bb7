/* SPDX-License-Identifier: MIT
 *
 * sprig's questions about types and deep equality.
 */
#include "config.h"

#include "template/funcs.h"

static struct str type_text(struct value v)
{
	return str_from(format_type_name(v));
}

static struct str kind_text(struct value v)
{
	return str_from(
		value_is_nil_interface(v) ? kind_name(KIND_INVALID) : kind_name(value_kind(v)));
}

static bool reflect_type_of(
	struct call *c UNUSED, const struct value *args, size_t n UNUSED, struct value *ret)
{
	*ret = value_str(type_text(args[0]));
	return true;
}

static bool reflect_type_is(
	struct call *c UNUSED, const struct value *args, size_t n UNUSED, struct value *ret)
{
	*ret = value_bool(str_eq(value_as_str(args[0]), type_text(args[1])));
	return true;
}

/* A pointer to the type counts too. */
static bool reflect_type_is_like(
	struct call *c UNUSED, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct str wanted = value_as_str(args[0]), is = type_text(args[1]);

	*ret = value_bool(str_eq(wanted, is) ||
			  (str_has_prefix(is, STR("*")) && str_eq(wanted, str_sub(is, 1, is.len))));
	return true;
}

static bool reflect_kind_of(
	struct call *c UNUSED, const struct value *args, size_t n UNUSED, struct value *ret)
{
	*ret = value_str(kind_text(args[0]));
	return true;
}

static bool reflect_kind_is(
	struct call *c UNUSED, const struct value *args, size_t n UNUSED, struct value *ret)
{
	*ret = value_bool(str_eq(value_as_str(args[0]), kind_text(args[1])));
	return true;
}

static bool reflect_deep_equal(
	struct call *c UNUSED, const struct value *args, size_t n UNUSED, struct value *ret)
{
	*ret = value_bool(value_deep_equal(args[0], args[1]));
	return true;
}

/* --- table ----------------------------------------------------------------------------- */

#define NAME_VALUE FUNC_ARGS(&type_string, &type_any)

static const struct func rows[] = {
	{STR_INIT("deepEqual"), reflect_deep_equal, FUNC_ARGS(&type_any, &type_any), &type_bool, 0},
	{STR_INIT("kindIs"), reflect_kind_is, NAME_VALUE, &type_bool, 0},
	{STR_INIT("kindOf"), reflect_kind_of, FUNC_ARGS(&type_any), &type_string, 0},
	{STR_INIT("typeIs"), reflect_type_is, NAME_VALUE, &type_bool, 0},
	{STR_INIT("typeIsLike"), reflect_type_is_like, NAME_VALUE, &type_bool, 0},
	{STR_INIT("typeOf"), reflect_type_of, FUNC_ARGS(&type_any), &type_string, 0},
};

const struct func_table funcs_reflect = {rows, ARRAY_LEN(rows)};
