/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "value/value.h"

#include <criterion/criterion.h>

static struct arena arena;

static void set_up(void)
{
	arena_init(&arena);
}

static void tear_down(void)
{
	arena_release(&arena);
}

TestSuite(value, .init = set_up, .fini = tear_down);
TestSuite(list, .init = set_up, .fini = tear_down);
TestSuite(compare, .init = set_up, .fini = tear_down);

struct sample {
	bool flag;
	int32_t small;
	uint8_t byte;
	double ratio;
	struct str name;
	struct slice names;
	struct map *labels;
	struct value any;
};

static const struct field sample_fields[] = {
	{STR_INIT("Flag"), &type_bool, offsetof(struct sample, flag)},
	{STR_INIT("Small"), &type_int32, offsetof(struct sample, small)},
	{STR_INIT("Byte"), &type_uint8, offsetof(struct sample, byte)},
	{STR_INIT("Ratio"), &type_float64, offsetof(struct sample, ratio)},
	{STR_INIT("Name"), &type_string, offsetof(struct sample, name)},
	{STR_INIT("Names"), &type_string_slice, offsetof(struct sample, names)},
	{STR_INIT("Labels"), &type_string_map, offsetof(struct sample, labels)},
	{STR_INIT("Any"), &type_any, offsetof(struct sample, any)},
};

static const struct type type_sample = {.kind = KIND_STRUCT,
	.size = sizeof(struct sample),
	.name = "test.Sample",
	.fields = sample_fields,
	.n_fields = ARRAY_LEN(sample_fields)};

static struct value sample_get(const struct sample *s, const char *name)
{
	const struct field *f = type_field(&type_sample, str_from(name));

	cr_assert_not_null(f);
	return record_field(value_rec(&type_sample, s), f);
}

Test(value, fields_of_a_struct_are_read_in_place)
{
	struct sample s = {true, -5, 200, 0.5, STR_INIT("web"), {NULL, 0, 0}, NULL, {.head = 0}};

	cr_assert(sample_get(&s, "Flag").b);
	cr_assert_eq(sample_get(&s, "Small").i, -5);
	cr_assert_eq(sample_get(&s, "Byte").u, 200);
	cr_assert_eq(sample_get(&s, "Ratio").f, 0.5);
	cr_assert(str_eqz(value_as_str(sample_get(&s, "Name")), "web"));
	cr_assert_eq(slice_len(sample_get(&s, "Names")), 0);
	cr_assert_eq(map_len(sample_get(&s, "Labels")), 0);
	cr_assert(value_is_nil_interface(sample_get(&s, "Any")));
	cr_assert_null(type_field(&type_sample, STR("Nope")));
}

Test(value, interface_gives_the_value_inside)
{
	struct sample s = {.flag = false};
	struct value v;

	value_store(&type_any, &s.any, value_int(7));
	v = sample_get(&s, "Any");
	cr_assert_eq(value_type(v), &type_int);
	cr_assert_eq(v.i, 7);
	cr_assert_eq(v.head & VALUE_FLAGS, VALUE_IFACE);
}

Test(value, stored_values_read_back)
{
	struct sample a = {.flag = false}, b;

	for (size_t i = 0; i < ARRAY_LEN(sample_fields); i++) {
		const struct field *f = &sample_fields[i];

		value_store(f->type, (char *)&b + f->offset,
			record_field(value_rec(&type_sample, &a), f));
	}
	value_store(&type_int32, &a.small, value_int(-70000));
	cr_assert_eq(sample_get(&a, "Small").i, -70000);
	cr_assert(value_deep_equal(sample_get(&a, "Names"), sample_get(&b, "Names")));
}

Test(value, a_made_type_is_one_object)
{
	cr_assert_eq(type_slice_of(&type_any), &type_any_slice);
	cr_assert_eq(type_map_of(&type_string, &type_any), &type_any_map);
	cr_assert_eq(type_pointer_to(&type_sample), type_pointer_to(&type_sample));
	cr_assert_str_eq(type_pointer_to(&type_sample)->name, "*test.Sample");
	cr_assert_str_eq(
		type_map_of(&type_string, &type_any_slice)->name, "map[string][]interface {}");
}

Test(value, a_registered_type_is_the_made_one)
{
	static const struct type list = {.kind = KIND_SLICE,
		.size = sizeof(struct slice),
		.name = "[]int8",
		.elem = &type_int8};

	type_register(&list);
	cr_assert_eq(type_slice_of(&type_int8), &list);
}

Test(list, pushed_members_read_back)
{
	struct value v = slice_new(&arena, &type_string_slice, 0, 3);

	slice_push(v, value_str(STR("a")));
	slice_push(v, value_str(STR("b")));
	cr_assert_eq(slice_len(v), 2);
	cr_assert(str_eqz(value_as_str(slice_at(v, 1)), "b"));
}

Test(list, part_of_a_slice_shares_its_storage)
{
	struct value v = slice_new(&arena, &type_int_slice, 4, 6), part;

	part = slice_sub(&arena, v, 1, 3);
	slice_set(part, 0, value_int(9));
	cr_assert_eq(slice_at(v, 1).i, 9);
	cr_assert_eq(part.sl->cap, 5);
	cr_assert_eq(slice_len(slice_sub(&arena, part, 0, 5)), 5);
}

Test(compare, nil_and_empty_slice_differ_deeply)
{
	struct value nil = {.head = TYPE_HEAD(&type_any_slice)},
		     empty = slice_new(&arena, &type_any_slice, 0, 0);

	cr_assert(!value_deep_equal(nil, empty));
	cr_assert(value_deep_equal(nil, nil));
	cr_assert(value_deep_equal(empty, slice_new(&arena, &type_any_slice, 0, 4)));
}

Test(compare, maps_are_deeply_equal_whatever_the_order)
{
	struct value a = map_new(&arena, &type_any_map, 0), b = map_new(&arena, &type_any_map, 0);

	map_set_str(a, STR("x"), value_int(1));
	map_set_str(a, STR("y"), value_str(STR("s")));
	map_set_str(b, STR("y"), value_str(STR("s")));
	map_set_str(b, STR("x"), value_int(1));
	cr_assert(value_deep_equal(a, b));
	map_set_str(b, STR("x"), value_float(1));
	cr_assert(!value_deep_equal(a, b));
}

Test(compare, a_map_that_holds_itself_ends)
{
	struct value a = map_new(&arena, &type_any_map, 0), b = map_new(&arena, &type_any_map, 0);

	map_set_str(a, STR("x"), a);
	map_set_str(b, STR("x"), b);
	cr_assert(!value_deep_equal(a, b));
}

Test(compare, keys_sort_nil_first_and_nan_before_numbers)
{
	cr_assert_lt(value_order(value_nil(), value_int(1)), 0);
	cr_assert_gt(value_order(value_int(1), value_nil()), 0);
	cr_assert_lt(value_order(value_float(__builtin_nan("")), value_float(-1e300)), 0);
	cr_assert_lt(value_order(value_int(-1), value_int(1)), 0);
	cr_assert_lt(value_order(value_str(STR("a")), value_str(STR("ab"))), 0);
}
