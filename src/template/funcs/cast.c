/* SPDX-License-Identifier: MIT
 *
 * Values as numbers, see cast.h.
 */
#include "config.h"

#include "template/funcs/cast.h"

#include "template/format/number.h"
#include "template/format/time_methods.h"

/* What pointers lead to; a nil pointer stays. */
static struct value follow(struct value v)
{
	while (value_kind(v) == KIND_POINTER && v.rec)
		v = value_load(value_type(v)->elem, v.rec);
	return v;
}

/* Whether v is of one of Go's own integer types; of those made from them only a date's count. */
static bool is_integer(struct value v)
{
	static const struct type *const types[] = {&type_int, &type_int8, &type_int16, &type_int32,
		&type_int64, &type_uint, &type_uint8, &type_uint16, &type_uint32, &type_uint64,
		&type_month, &type_weekday};

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (value_type(v) == types[i])
			return true;
	return false;
}

static bool is_unsigned(struct value v)
{
	return value_type(v)->kind >= KIND_UINT && value_type(v)->kind <= KIND_UINTPTR;
}

int64_t cast_float_to_int(double f)
{
	return f >= -0x1p63 && f < 0x1p63 ? (int64_t)f : INT64_MIN;
}

/* s up to the last point that has a zero behind it, when nothing but points and zeros follow. */
static struct str trim_zero_decimal(struct str s)
{
	bool zero = false;

	for (size_t i = s.len; i > 0 && (s.p[i - 1] == '.' || s.p[i - 1] == '0'); i--) {
		if (s.p[i - 1] == '.' && zero)
			return str_sub(s, 0, i - 1);
		zero |= s.p[i - 1] == '0';
	}
	return s;
}

int64_t cast_int(struct value v)
{
	int64_t i;

	v = follow(v);
	if (is_integer(v))
		return v.i;
	if (value_type(v) == &type_float64 || value_type(v) == &type_float32)
		return cast_float_to_int(v.f);
	if (value_type(v) == &type_bool)
		return v.b;
	if (value_type(v) == &type_string &&
		int_parse(trim_zero_decimal(value_as_str(v)), 0, 64, &i) == NUMBER_OK)
		return i;
	return 0;
}

double cast_float(struct value v)
{
	double f;

	v = follow(v);
	if (is_integer(v))
		return is_unsigned(v) ? (double)v.u : (double)v.i;
	if (value_type(v) == &type_float64 || value_type(v) == &type_float32)
		return v.f;
	if (value_type(v) == &type_bool)
		return v.b;
	if (value_type(v) == &type_string && float_parse(value_as_str(v), 64, &f) == NUMBER_OK)
		return f;
	return 0;
}
