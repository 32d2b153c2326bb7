/* SPDX-License-Identifier: MIT
 *
 * sprig's lists.
 */
#include "config.h"

#include "template/funcs.h"

/* Its arguments as a list, the nil slice without any. */
static bool list_list(struct call *c, const struct value *args, size_t n, struct value *ret)
{
	struct value list = {.t = &type_any_slice};

	if (n)
		list = slice_new(c->arena, &type_any_slice, 0, n);
	for (size_t i = 0; i < n; i++)
		slice_push(list, args[i]);
	*ret = list;
	return true;
}

/* --- table ----------------------------------------------------------------------------- */

static const struct func rows[] = {
	{STR_INIT("list"), list_list, FUNC_REST(&type_any), &type_any_slice, 0},
	{STR_INIT("tuple"), list_list, FUNC_REST(&type_any), &type_any_slice, 0},
};

const struct func_table funcs_lists = {rows, ARRAY_LEN(rows)};
