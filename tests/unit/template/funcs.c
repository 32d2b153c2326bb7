/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "template/funcs.h"

#include <criterion/criterion.h>

Test(funcs, every_table_is_sorted_by_name)
{
	const struct func_table *const *tables;
	size_t n;

	tables = func_tables(&n);
	cr_assert_gt(n, 0);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 1; j < tables[i]->n; j++)
			cr_assert_lt(str_cmp(tables[i]->rows[j - 1].name, tables[i]->rows[j].name),
				0, "%.*s comes after %.*s", STR_ARG(tables[i]->rows[j].name),
				STR_ARG(tables[i]->rows[j - 1].name));
}

Test(funcs, every_row_is_whole)
{
	const struct func_table *const *tables;
	size_t n;

	tables = func_tables(&n);
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < tables[i]->n; j++) {
			const struct func *f = &tables[i]->rows[j];

			cr_assert_not_null(f->result, "%.*s", STR_ARG(f->name));
			cr_assert(f->fn || f->flags & (FUNC_AND | FUNC_OR | FUNC_CALL), "%.*s",
				STR_ARG(f->name));
			cr_assert(!f->variadic || f->n_in > 0, "%.*s", STR_ARG(f->name));
		}
	}
}

Test(funcs, name_is_found_in_the_first_table_that_has_it)
{
	cr_assert_not_null(func_find(STR("printf")));
	cr_assert_null(func_find(STR("nofunc")));
	cr_assert_null(func_find(STR("")));
}

Test(funcs, truth_is_that_of_if)
{
	struct arena a;

	arena_init(&a);
	cr_assert(!value_truth(VALUE_NONE));
	cr_assert(!value_truth(value_nil()));
	cr_assert(!value_truth(value_int(0)));
	cr_assert(!value_truth(value_float(-0.0)));
	cr_assert(!value_truth(value_str(STR(""))));
	cr_assert(!value_truth(slice_new(&a, &type_any_slice, 0, 4)));
	cr_assert(!value_truth(map_new(&a, &type_any_map, 4)));
	cr_assert(value_truth(value_float(__builtin_nan(""))));
	cr_assert(value_truth(value_str(STR("0"))));
	cr_assert(value_truth(slice_new(&a, &type_any_slice, 1, 1)));
	arena_release(&a);
}

Test(funcs, unnamed_and_named_types_of_one_shape_are_assignable)
{
	static const struct type named = {.kind = KIND_SLICE,
		.size = sizeof(struct slice),
		.name = "test.List",
		.elem = &type_any};

	cr_assert(type_assignable(&named, &type_any_slice));
	cr_assert(type_assignable(&type_any_slice, &named));
	cr_assert(type_assignable(&named, &type_any));
	cr_assert(!type_assignable(&type_string_slice, &type_any_slice));
	cr_assert(!type_assignable(&type_int64, &type_int));
}
