/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/vec.h"

#include <criterion/criterion.h>
#include <stdint.h>

Test(vec, members_are_kept_in_order)
{
	VEC(int) v = VEC_INIT;

	for (int i = 0; i < 1000; i++)
		vec_push(&v, i);
	cr_assert_eq(v.n, 1000);
	for (int i = 0; i < 1000; i++)
		cr_assert_eq(v.v[i], i);
	vec_release(&v);
	cr_assert_null(v.v);
	cr_assert_eq(v.n, 0);
	cr_assert_eq(v.cap, 0);
}

Test(vec, remove_closes_the_gap)
{
	VEC(int) v = VEC_INIT;

	for (int i = 0; i < 4; i++)
		vec_push(&v, i);
	vec_remove(&v, 1);
	vec_remove(&v, 2);
	cr_assert_eq(v.n, 2);
	cr_assert_eq(v.v[0], 0);
	cr_assert_eq(v.v[1], 2);
	vec_remove(&v, 0);
	vec_remove(&v, 0);
	cr_assert_eq(v.n, 0);
	vec_release(&v);
}

Test(vec, a_member_may_be_pushed_again_while_it_grows)
{
	VEC(int) v = VEC_INIT;

	vec_push(&v, 42);
	for (int i = 0; i < 100; i++)
		vec_push(&v, v.v[0]);
	cr_assert_eq(v.v[100], 42);
	vec_release(&v);
}

Test(vec, structs_with_commas_can_be_pushed)
{
	struct pair {
		int a, b;
	};
	VEC(struct pair) v = VEC_INIT;

	vec_push(&v, (struct pair){1, 2});
	cr_assert_eq(v.v[0].b, 2);
	vec_release(&v);
}

Test(vec, clear_keeps_the_memory)
{
	VEC(int) v = VEC_INIT;
	const int *before;

	vec_push(&v, 1);
	before = v.v;
	vec_clear(&v);
	vec_push(&v, 2);
	cr_assert_eq(v.v, before);
	cr_assert_eq(v.n, 1);
	vec_release(&v);
}

Test(vec, capacity_doubles_and_does_not_overflow)
{
	cr_assert_eq(grow_capacity(0, 1, 4), 4);
	cr_assert_eq(grow_capacity(4, 5, 4), 8);
	cr_assert_eq(grow_capacity(8, 100, 4), 128);
	cr_assert_eq(grow_capacity(SIZE_MAX / 2 + 1, SIZE_MAX, 4), SIZE_MAX);
}
