/* SPDX-License-Identifier: MIT
 *
 * Every kind of value in memory, and what comparison makes of it.
 */
#include "config.h"

#include "value/value.h"

#include <criterion/criterion.h>
#include <math.h>

struct inner {
	struct str name;
	int64_t n;
};

struct all {
	bool flag;
	int8_t i8;
	int16_t i16;
	int32_t i32;
	int64_t i64;
	uint8_t u8;
	uint16_t u16;
	uint32_t u32;
	uint64_t u64;
	float f32;
	double f64;
	struct complex128 complex;
	struct str text;
	struct slice list;
	struct map *map;
	struct inner inner;
	struct inner *pointer;
	struct value any;
};

static const struct field inner_fields[] = {
	{STR_INIT("Name"), &type_string, offsetof(struct inner, name)},
	{STR_INIT("N"), &type_int, offsetof(struct inner, n)},
};
static const struct type type_inner = {.kind = KIND_STRUCT,
	.size = sizeof(struct inner),
	.name = "test.Inner",
	.fields = inner_fields,
	.n_fields = ARRAY_LEN(inner_fields)};
static const struct type type_inner_pointer = {
	.kind = KIND_POINTER, .size = sizeof(void *), .name = "*test.Inner", .elem = &type_inner};

static const struct field all_fields[] = {
	{STR_INIT("Flag"), &type_bool, offsetof(struct all, flag)},
	{STR_INIT("I8"), &type_int8, offsetof(struct all, i8)},
	{STR_INIT("I16"), &type_int16, offsetof(struct all, i16)},
	{STR_INIT("I32"), &type_int32, offsetof(struct all, i32)},
	{STR_INIT("I64"), &type_int64, offsetof(struct all, i64)},
	{STR_INIT("U8"), &type_uint8, offsetof(struct all, u8)},
	{STR_INIT("U16"), &type_uint16, offsetof(struct all, u16)},
	{STR_INIT("U32"), &type_uint32, offsetof(struct all, u32)},
	{STR_INIT("U64"), &type_uint64, offsetof(struct all, u64)},
	{STR_INIT("F32"), &type_float32, offsetof(struct all, f32)},
	{STR_INIT("F64"), &type_float64, offsetof(struct all, f64)},
	{STR_INIT("Complex"), &type_complex128, offsetof(struct all, complex)},
	{STR_INIT("Text"), &type_string, offsetof(struct all, text)},
	{STR_INIT("List"), &type_int_slice, offsetof(struct all, list)},
	{STR_INIT("Map"), &type_any_map, offsetof(struct all, map)},
	{STR_INIT("Inner"), &type_inner, offsetof(struct all, inner)},
	{STR_INIT("Pointer"), &type_inner_pointer, offsetof(struct all, pointer)},
	{STR_INIT("Any"), &type_any, offsetof(struct all, any)},
};
static const struct type type_all = {.kind = KIND_STRUCT,
	.size = sizeof(struct all),
	.name = "test.All",
	.fields = all_fields,
	.n_fields = ARRAY_LEN(all_fields)};

static struct arena arena;
static struct inner target = {STR_INIT("t"), 5};
static int64_t numbers[] = {1, 2, 3};

static void set_up(void)
{
	arena_init(&arena);
}

static void tear_down(void)
{
	arena_release(&arena);
}

TestSuite(kinds, .init = set_up, .fini = tear_down);

static struct all make(void)
{
	struct value m = map_new(&arena, &type_any_map, 1);
	struct all a = {true, -8, -16, -32, -64, 8, 16, 32, UINT64_MAX, 0.5f, 0.25, {1, -1},
		STR_INIT("text"), {numbers, 3, 3}, NULL, {STR_INIT("i"), 1}, &target, {.head = 0}};

	map_set_str(m, STR("k"), value_int(1));
	a.map = m.m;
	value_store(&type_any, &a.any, value_str(STR("inside")));
	return a;
}

static struct value field(const struct all *a, const char *name)
{
	return record_field(value_rec(&type_all, a), type_field(&type_all, str_from(name)));
}

Test(kinds, memory_is_read_as_its_type_says)
{
	struct all a = make();

	cr_assert_eq(field(&a, "I8").i, -8);
	cr_assert_eq(field(&a, "I16").i, -16);
	cr_assert_eq(field(&a, "I32").i, -32);
	cr_assert_eq(field(&a, "I64").i, -64);
	cr_assert_eq(field(&a, "U8").u, 8);
	cr_assert_eq(field(&a, "U16").u, 16);
	cr_assert_eq(field(&a, "U32").u, 32);
	cr_assert_eq(field(&a, "U64").u, UINT64_MAX);
	cr_assert_eq(field(&a, "F32").f, 0.5);
	cr_assert_eq(field(&a, "Complex").c->im, -1.0);
	cr_assert_eq(slice_at(field(&a, "List"), 2).i, 3);
	cr_assert_eq(map_len(field(&a, "Map")), 1);
	cr_assert_eq(((const struct inner *)field(&a, "Pointer").rec)->n, 5);
	cr_assert(str_eqz(value_as_str(field(&a, "Any")), "inside"));
}

Test(kinds, copy_by_fields_is_equal_deeply)
{
	struct all a = make(), b;

	memset(&b, 0, sizeof(b));
	for (size_t i = 0; i < ARRAY_LEN(all_fields); i++) {
		const struct field *f = &all_fields[i];

		value_store(
			f->type, (char *)&b + f->offset, record_field(value_rec(&type_all, &a), f));
	}
	cr_assert(value_deep_equal(value_rec(&type_all, &a), value_rec(&type_all, &b)));
}

Test(kinds, any_field_that_differs_makes_two_records_differ)
{
	static struct inner other = {STR_INIT("o"), 5};
	struct all a = make(), b;

	b = a;
	b.pointer = &other;
	cr_assert(!value_deep_equal(value_rec(&type_all, &a), value_rec(&type_all, &b)));
	b = a;
	b.f64 = 1;
	cr_assert(!value_deep_equal(value_rec(&type_all, &a), value_rec(&type_all, &b)));
	b = a;
	b.list.len = 2;
	cr_assert(!value_deep_equal(value_rec(&type_all, &a), value_rec(&type_all, &b)));
	b = a;
	b.pointer = NULL;
	cr_assert(!value_deep_equal(value_rec(&type_all, &a), value_rec(&type_all, &b)));
	b = a;
	value_store(&type_any, &b.any, value_nil());
	cr_assert(!value_deep_equal(value_rec(&type_all, &a), value_rec(&type_all, &b)));
}

Test(kinds, equal_compares_pointers_by_address_and_structs_by_content)
{
	struct inner a = {STR_INIT("x"), 1}, b = {STR_INIT("x"), 1};

	cr_assert(value_equal(value_rec(&type_inner, &a), value_rec(&type_inner, &b)));
	cr_assert(!value_equal(
		value_rec(&type_inner_pointer, &a), value_rec(&type_inner_pointer, &b)));
	b.n = 2;
	cr_assert(!value_equal(value_rec(&type_inner, &a), value_rec(&type_inner, &b)));
	cr_assert(!value_equal(value_float(NAN), value_float(NAN)));
	cr_assert(!value_equal(value_int(1), value_float(1)));
	cr_assert(value_equal(value_nil(), value_nil()));
}

Test(kinds, arrays_are_compared_member_by_member)
{
	static const struct type three = {
		.kind = KIND_ARRAY, .size = 24, .name = "[3]int", .elem = &type_int};
	int64_t data[] = {1, 2, 4};
	struct slice a = {numbers, 3, 3}, b = {data, 3, 3};
	struct value x = {.head = TYPE_HEAD(&three), .sl = &a},
		     y = {.head = TYPE_HEAD(&three), .sl = &b};

	cr_assert(value_equal(x, x));
	cr_assert(!value_equal(x, y));
	cr_assert(value_deep_equal(x, x));
	cr_assert_lt(value_order(x, y), 0);
}

Test(kinds, keys_of_each_kind_have_an_order)
{
	static const struct complex128 low = {1, 1}, high = {1, 2};
	struct inner a = {STR_INIT("a"), 9}, b = {STR_INIT("b"), 1};

	cr_assert_lt(value_order(value_bool(false), value_bool(true)), 0);
	cr_assert_gt(value_order((struct value){.head = TYPE_HEAD(&type_uint), .u = UINT64_MAX},
			     (struct value){.head = TYPE_HEAD(&type_uint), .u = 1}),
		0);
	cr_assert_lt(value_order((struct value){.head = TYPE_HEAD(&type_complex128), .c = &low},
			     (struct value){.head = TYPE_HEAD(&type_complex128), .c = &high}),
		0);
	cr_assert_lt(value_order(value_rec(&type_inner, &a), value_rec(&type_inner, &b)), 0);
	cr_assert_eq(value_order(value_rec(&type_inner, &a), value_rec(&type_inner, &a)), 0);
	cr_assert_lt(value_order(value_str(STR("a")), value_int(5)), 0);
}

Test(kinds, map_takes_keys_of_each_kind)
{
	struct value m = map_new(&arena, &type_any_any_map, 0);
	static const struct complex128 c = {1, 1};
	struct inner a = {STR_INIT("a"), 9};

	map_set(m, value_rec(&type_inner, &a), value_int(1));
	map_set(m, value_rec(&type_inner_pointer, &a), value_int(2));
	map_set(m, (struct value){.head = TYPE_HEAD(&type_complex128), .c = &c}, value_int(3));
	map_set(m, value_float(0.0), value_int(4));
	cr_assert_eq(map_get(m, value_float(-0.0)).i, 4);
	cr_assert_eq(map_get(m, value_rec(&type_inner, &a)).i, 1);
	cr_assert_eq(map_get(m, value_rec(&type_inner_pointer, &a)).i, 2);
	cr_assert_eq(map_get(m, (struct value){.head = TYPE_HEAD(&type_complex128), .c = &c}).i, 3);
}
