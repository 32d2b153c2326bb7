/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "value/value.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct arena arena;

static void set_up(void)
{
	arena_init(&arena);
}

static void tear_down(void)
{
	arena_release(&arena);
}

TestSuite(dict, .init = set_up, .fini = tear_down);

static struct value number_map(size_t n)
{
	struct value m = map_new(&arena, &type_any_map, 0);

	for (size_t i = 0; i < n; i++)
		map_set_str(m, arena_fmt(&arena, "key%zu", i), value_int((int64_t)i));
	return m;
}

Test(dict, keeps_every_key_while_it_grows)
{
	struct value m = number_map(1000);

	cr_assert_eq(map_len(m), 1000);
	for (size_t i = 0; i < 1000; i++) {
		char key[16];
		struct value v;

		snprintf(key, sizeof(key), "key%zu", i);
		v = map_get_str(m, str_from(key));
		cr_assert_eq(value_type(v), &type_int);
		cr_assert_eq(v.i, (int64_t)i);
	}
	cr_assert(value_is_none(map_get_str(m, STR("key1000"))));
}

Test(dict, finds_keys_at_every_size_and_after_removals)
{
	for (size_t n = 0; n < 70; n++) {
		struct value m = number_map(n);

		for (size_t i = 0; i < n; i += 3)
			map_delete(m, value_str(arena_fmt(&arena, "key%zu", i)));
		for (size_t i = 0; i < n; i++) {
			struct value v = map_get_str(m, arena_fmt(&arena, "key%zu", i));

			cr_assert_eq(value_is_none(v), i % 3 == 0);
			cr_assert(i % 3 == 0 || v.i == (int64_t)i);
		}
	}
}

Test(dict, room_that_is_reserved_keeps_what_is_there)
{
	struct value m = number_map(3), nil = {.head = TYPE_HEAD(&type_any_map), .m = NULL};

	map_reserve(m, 100);
	cr_assert_eq(map_len(m), 3);
	cr_assert_eq(map_get_str(m, STR("key2")).i, 2);
	map_set_str(m, STR("more"), value_int(1));
	cr_assert_eq(map_len(m), 4);
	map_reserve(nil, 100);
	cr_assert_eq(map_len(nil), 0);
}

Test(dict, value_of_an_interface_map_comes_through_an_interface)
{
	struct value m = number_map(1);

	cr_assert(map_get_str(m, STR("key0")).head & VALUE_IFACE);
}

Test(dict, value_of_a_string_map_does_not)
{
	struct value m = map_new(&arena, &type_string_map, 1);

	map_set_str(m, STR("a"), value_str(STR("x")));
	cr_assert_eq(map_get_str(m, STR("a")).head & VALUE_FLAGS, 0);
}

Test(dict, nil_value_stays_a_key)
{
	struct value m = map_new(&arena, &type_any_map, 1);

	map_set_str(m, STR("a"), value_nil());
	cr_assert_eq(map_len(m), 1);
	cr_assert(value_is_nil_interface(map_get_str(m, STR("a"))));
}

Test(dict, setting_a_key_again_replaces_its_value)
{
	struct value m = number_map(20);

	map_set_str(m, STR("key7"), value_int(70));
	cr_assert_eq(map_len(m), 20);
	cr_assert_eq(map_get_str(m, STR("key7")).i, 70);
}

Test(dict, removed_key_is_gone_and_can_come_back)
{
	struct value m = number_map(20);

	map_delete(m, value_str(STR("key7")));
	cr_assert_eq(map_len(m), 19);
	cr_assert(value_is_none(map_get_str(m, STR("key7"))));
	map_set_str(m, STR("key7"), value_int(1));
	cr_assert_eq(map_get_str(m, STR("key7")).i, 1);
	cr_assert_eq(map_get_str(m, STR("key19")).i, 19);
}

Test(dict, adding_and_removing_for_long_does_not_grow_it)
{
	struct value m = number_map(4);
	size_t before;

	for (int i = 0; i < 100; i++) {
		map_set_str(m, STR("x"), value_int(i));
		map_delete(m, value_str(STR("x")));
	}
	before = arena.bytes;
	cr_assert_eq(map_len(m), 4);
	cr_assert_leq(before, 1u << 20);
}

Test(dict, sorted_order_follows_changes)
{
	struct value m = map_new(&arena, &type_any_map, 0), key, v;

	map_set_str(m, STR("b"), value_int(1));
	map_set_str(m, STR("a"), value_int(2));
	map_at_sorted(m, 0, &key, &v);
	cr_assert(str_eqz(value_as_str(key), "a"));
	map_set_str(m, STR("A"), value_int(3));
	map_at_sorted(m, 0, &key, &v);
	cr_assert(str_eqz(value_as_str(key), "A"));
	map_delete(m, key);
	map_at_sorted(m, 1, &key, &v);
	cr_assert(str_eqz(value_as_str(key), "b"));
	cr_assert_eq(v.i, 1);
}

Test(dict, sorted_map_is_read_without_memory)
{
	struct value m = number_map(100), key, v;
	size_t before;
	char *at;

	map_sort(m);
	before = arena.bytes;
	at = arena.at;
	for (size_t i = 0; i < 100; i++)
		map_at_sorted(m, i, &key, &v);
	cr_assert_eq(arena.bytes, before);
	cr_assert_eq(arena.at, at);
}

Test(dict, keys_of_any_type_are_told_apart_by_type)
{
	struct value m = map_new(&arena, &type_any_any_map, 0);

	map_set(m, value_int(1), value_str(STR("int")));
	map_set(m, value_str(STR("1")), value_str(STR("string")));
	map_set(m, value_float(1), value_str(STR("float")));
	map_set(m, value_bool(true), value_str(STR("bool")));
	cr_assert_eq(map_len(m), 4);
	cr_assert(str_eqz(value_as_str(map_get(m, value_int(1))), "int"));
	cr_assert(str_eqz(value_as_str(map_get(m, value_float(1))), "float"));
	cr_assert(str_eqz(value_as_str(map_get(m, value_bool(true))), "bool"));
	for (int64_t i = 2; i < 50; i++)
		map_set(m, value_int(i), value_int(i));
	cr_assert(str_eqz(value_as_str(map_get(m, value_str(STR("1")))), "string"));
	cr_assert_eq(map_get(m, value_int(49)).i, 49);
}

Test(dict, nil_map_reads_as_empty)
{
	struct value m = {.head = TYPE_HEAD(&type_any_map)}, key, v;
	size_t pos = 0;

	cr_assert_eq(map_len(m), 0);
	cr_assert(value_is_none(map_get_str(m, STR("a"))));
	cr_assert(!map_next(m, &pos, &key, &v));
	map_delete(m, value_str(STR("a")));
}

Test(dict, walk_passes_every_live_entry_once)
{
	struct value m = number_map(30), key, v;
	size_t pos = 0, n = 0;
	int64_t sum = 0;

	map_delete(m, value_str(STR("key29")));
	while (map_next(m, &pos, &key, &v)) {
		n++;
		sum += v.i;
	}
	cr_assert_eq(n, 29);
	cr_assert_eq(sum, 28 * 29 / 2);
}
