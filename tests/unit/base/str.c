/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/str.h"

#include <criterion/criterion.h>

Test(str, cut_splits_at_the_first_separator)
{
	struct str head, tail;

	cr_assert(str_cut(STR("a=b=c"), '=', &head, &tail));
	cr_assert(str_eqz(head, "a"));
	cr_assert(str_eqz(tail, "b=c"));
}

Test(str, cut_without_separator_keeps_all_in_head)
{
	struct str head, tail;

	cr_assert(!str_cut(STR("abc"), '=', &head, &tail));
	cr_assert(str_eqz(head, "abc"));
	cr_assert_eq(tail.len, 0);
}

Test(str, number_that_overflows_is_refused)
{
	uint64_t v = 7;

	cr_assert(str_to_u64(STR("18446744073709551615"), UINT64_MAX, &v));
	cr_assert_eq(v, UINT64_MAX);
	cr_assert(!str_to_u64(STR("18446744073709551616"), UINT64_MAX, &v));
	cr_assert(!str_to_u64(STR("65536"), 65535, &v));
	cr_assert(!str_to_u64(STR(""), 10, &v));
	cr_assert(!str_to_u64(STR("-1"), 10, &v));
	cr_assert_eq(v, UINT64_MAX);
}

Test(str, distance_counts_single_edits)
{
	cr_assert_eq(str_distance(STR("template"), STR("templete")), 1);
	cr_assert_eq(str_distance(STR("dest"), STR("dst")), 1);
	cr_assert_eq(str_distance(STR(""), STR("abc")), 3);
}
