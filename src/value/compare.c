/* SPDX-License-Identifier: MIT
 *
 * Comparison of values: == of Go, reflect.DeepEqual, and the order of map keys.
 */
#include "config.h"

#include "value/value.h"

/* Values nested deeper than this (a map that holds itself, above all) count as different. */
#define COMPARE_DEPTH_MAX 2000
/* So do values of more parts than this; a list may hold another one twice, that one a third twice,
 * and so on. */
#define COMPARE_STEPS_MAX ((size_t)16 << 20)

static int order_int(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int order_uint(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* NaN sorts before all numbers, as Go's cmp.Compare has it. */
static int order_float(double a, double b)
{
	if (a != a || b != b)
		return (b != b ? 0 : -1) + (a != a ? 0 : 1);
	return (a > b) - (a < b);
}

static bool is_nil_header(struct value v)
{
	return !v.sl || !v.sl->data;
}

static bool struct_equal(struct value a, struct value b)
{
	for (size_t i = 0; i < value_type(a)->n_fields; i++) {
		const struct field *f = &value_type(a)->fields[i];

		if (!value_equal(record_field(a, f), record_field(b, f)))
			return false;
	}
	return true;
}

static bool array_equal(struct value a, struct value b)
{
	if (slice_len(a) != slice_len(b))
		return false;
	for (size_t i = 0; i < slice_len(a); i++)
		if (!value_equal(slice_at(a, i), slice_at(b, i)))
			return false;
	return true;
}

bool value_equal(struct value a, struct value b)
{
	if (value_type(a) != value_type(b))
		return false;
	switch (value_kind(a)) {
	case KIND_BOOL:
		return a.b == b.b;
	case KIND_INT ... KIND_UINTPTR:
		return a.u == b.u;
	case KIND_FLOAT32:
	case KIND_FLOAT64:
		return a.f == b.f;
	case KIND_COMPLEX64:
	case KIND_COMPLEX128:
		return a.c->re == b.c->re && a.c->im == b.c->im;
	case KIND_STRING:
		return str_eq(value_as_str(a), value_as_str(b));
	case KIND_STRUCT:
		return struct_equal(a, b);
	case KIND_ARRAY:
		return array_equal(a, b);
	case KIND_POINTER:
	case KIND_MAP:
	case KIND_FUNC:
	case KIND_SLICE:
		return a.rec == b.rec;
	case KIND_INTERFACE:
	case KIND_INVALID:
		break;
	}
	return true;
}

/* How far a comparison has come. */
struct deep {
	unsigned depth;
	size_t *steps;
};

static bool deep_equal(struct value a, struct value b, struct deep deep);

static bool deep_equal_slice(struct value a, struct value b, struct deep deep)
{
	if (value_type(a)->kind == KIND_SLICE && is_nil_header(a) != is_nil_header(b))
		return false;
	if (slice_len(a) != slice_len(b))
		return false;
	/* As in Go, even if there is a NaN in it. */
	if (value_type(a)->kind == KIND_SLICE && a.sl && b.sl && a.sl->data == b.sl->data)
		return true;
	for (size_t i = 0; i < slice_len(a); i++)
		if (!deep_equal(slice_at(a, i), slice_at(b, i), deep))
			return false;
	return true;
}

static bool deep_equal_struct(struct value a, struct value b, struct deep deep)
{
	for (size_t i = 0; i < value_type(a)->n_fields; i++) {
		const struct field *f = &value_type(a)->fields[i];

		if (!deep_equal(record_field(a, f), record_field(b, f), deep))
			return false;
	}
	return true;
}

static bool deep_equal_map(struct value a, struct value b, struct deep deep)
{
	struct value key, v, other;
	size_t pos = 0;

	if (!a.m != !b.m || map_len(a) != map_len(b))
		return false;
	while (map_next(a, &pos, &key, &v)) {
		other = map_get(b, key);
		if (value_is_none(other) || !deep_equal(v, other, deep))
			return false;
	}
	return true;
}

static bool deep_equal_pointer(struct value a, struct value b, struct deep deep)
{
	if (a.rec == b.rec)
		return true;
	if (!a.rec || !b.rec)
		return false;
	return deep_equal(value_load(value_type(a)->elem, a.rec),
		value_load(value_type(b)->elem, b.rec), deep);
}

static bool deep_equal(struct value a, struct value b, struct deep deep)
{
	deep.depth++;
	if (value_type(a) != value_type(b) || deep.depth > COMPARE_DEPTH_MAX ||
		(*deep.steps)++ > COMPARE_STEPS_MAX)
		return false;
	switch (value_kind(a)) {
	case KIND_SLICE:
	case KIND_ARRAY:
		return deep_equal_slice(a, b, deep);
	case KIND_STRUCT:
		return deep_equal_struct(a, b, deep);
	case KIND_MAP:
		return a.m == b.m || deep_equal_map(a, b, deep);
	case KIND_POINTER:
		return deep_equal_pointer(a, b, deep);
	case KIND_FUNC:
		return !a.fn && !b.fn;
	case KIND_INVALID:
	case KIND_BOOL ... KIND_COMPLEX128:
	case KIND_INTERFACE:
	case KIND_STRING:
		break;
	}
	return value_equal(a, b);
}

bool value_deep_equal(struct value a, struct value b)
{
	size_t steps = 0;

	return deep_equal(a, b, (struct deep){.steps = &steps});
}

static int struct_order(struct value a, struct value b)
{
	for (size_t i = 0; i < value_type(a)->n_fields; i++) {
		const struct field *f = &value_type(a)->fields[i];
		int d = value_order(record_field(a, f), record_field(b, f));

		if (d)
			return d;
	}
	return 0;
}

static int array_order(struct value a, struct value b)
{
	for (size_t i = 0; i < slice_len(a) && i < slice_len(b); i++) {
		int d = value_order(slice_at(a, i), slice_at(b, i));

		if (d)
			return d;
	}
	return 0;
}

/* Nil comes first. Go tells types apart by address: those of its own basic types lie in this order,
 * before all that programs declare. */
static size_t type_rank(struct value v)
{
	static const struct type *const basic[] = {&type_string, &type_int8, &type_uint8,
		&type_int16, &type_uint16, &type_int32, &type_uint32, &type_int64, &type_uint64,
		&type_int, &type_uint, &type_complex128, &type_float32, &type_float64, &type_bool};
	size_t rank = 0;

	if (value_kind(v) == KIND_INTERFACE)
		return 0;
	while (rank < ARRAY_LEN(basic) && value_type(v) != basic[rank])
		rank++;
	return rank + 1;
}

/* Other types have no order to keep and go by name. */
static int type_order(struct value a, struct value b)
{
	size_t x = type_rank(a), y = type_rank(b);

	if (x != y)
		return x < y ? -1 : 1;
	return strcmp(value_type(a)->name, value_type(b)->name);
}

int value_order(struct value a, struct value b)
{
	int d;

	if (value_type(a) != value_type(b))
		return type_order(a, b);
	switch (value_kind(a)) {
	case KIND_BOOL:
		return order_int(a.b, b.b);
	case KIND_INT ... KIND_INT64:
		return order_int(a.i, b.i);
	case KIND_UINT ... KIND_UINTPTR:
	case KIND_POINTER:
	case KIND_FUNC:
		return order_uint(a.u, b.u);
	case KIND_FLOAT32:
	case KIND_FLOAT64:
		return order_float(a.f, b.f);
	case KIND_COMPLEX64:
	case KIND_COMPLEX128:
		d = order_float(a.c->re, b.c->re);
		return d ? d : order_float(a.c->im, b.c->im);
	case KIND_STRING:
		return str_cmp(value_as_str(a), value_as_str(b));
	case KIND_STRUCT:
		return struct_order(a, b);
	case KIND_ARRAY:
		return array_order(a, b);
	case KIND_INVALID:
	case KIND_INTERFACE:
	case KIND_MAP:
	case KIND_SLICE:
		break;
	}
	return 0;
}
