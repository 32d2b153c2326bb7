/* SPDX-License-Identifier: MIT
 *
 * sprig's arithmetic on integers and floats, conversions between them, and sequences of integers.
 * Arguments may be of any type (cast.h); integers are 64 bit and wrap around as Go's do.
 */
#include "config.h"

#include "template/funcs.h"

#include "template/format/number.h"
#include "template/funcs/cast.h"
#include "template/funcs/list.h"

#include <math.h>

/* Most members of a sequence (until, untilStep, seq). */
#define SEQUENCE_MAX 10000000

static struct value int64_value(uint64_t u)
{
	return (struct value){.head = TYPE_HEAD(&type_int64), .u = u};
}

/* The integer as its bits, for sums that wrap around. */
static uint64_t bits(struct value v)
{
	return (uint64_t)cast_int(v);
}

/* --- integers ------------------------------------------------------------------------- */

static bool arithmetic_add(
	struct call *c UNUSED, const struct value *args, size_t n, struct value *ret)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += bits(args[i]);
	*ret = int64_value(sum);
	return true;
}

static bool arithmetic_add1(
	struct call *c UNUSED, const struct value *args, size_t n UNUSED, struct value *ret)
{
	*ret = int64_value(bits(args[0]) + 1);
	return true;
}

static bool arithmetic_sub(
	struct call *c UNUSED, const struct value *args, size_t n UNUSED, struct value *ret)
{
	*ret = int64_value(bits(args[0]) - bits(args[1]));
	return true;
}

static bool arithmetic_mul(
	struct call *c UNUSED, const struct value *args, size_t n, struct value *ret)
{
	uint64_t product = bits(args[0]);

	for (size_t i = 1; i < n; i++)
		product *= bits(args[i]);
	*ret = int64_value(product);
	return true;
}

/* The quotient, cut towards 0, and the rest. */
static bool divide(struct call *c, const struct value *args, int64_t *quotient, int64_t *rest)
{
	int64_t a = cast_int(args[0]), b = cast_int(args[1]);

	if (b == 0)
		return call_fail(c, "runtime error: integer divide by zero");
	/* The one quotient that has no place wraps around. */
	*quotient = b == -1 ? (int64_t)(0 - (uint64_t)a) : a / b;
	*rest = b == -1 ? 0 : a % b;
	return true;
}

static bool arithmetic_div(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	int64_t quotient, rest;

	if (!divide(c, args, &quotient, &rest))
		return false;
	*ret = int64_value((uint64_t)quotient);
	return true;
}

static bool arithmetic_mod(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	int64_t quotient, rest;

	if (!divide(c, args, &quotient, &rest))
		return false;
	*ret = int64_value((uint64_t)rest);
	return true;
}

static bool arithmetic_max(
	struct call *c UNUSED, const struct value *args, size_t n, struct value *ret)
{
	int64_t most = cast_int(args[0]);

	for (size_t i = 1; i < n; i++)
		if (cast_int(args[i]) > most)
			most = cast_int(args[i]);
	*ret = int64_value((uint64_t)most);
	return true;
}

static bool arithmetic_min(
	struct call *c UNUSED, const struct value *args, size_t n, struct value *ret)
{
	int64_t least = cast_int(args[0]);

	for (size_t i = 1; i < n; i++)
		if (cast_int(args[i]) < least)
			least = cast_int(args[i]);
	*ret = int64_value((uint64_t)least);
	return true;
}

/* --- floats --------------------------------------------------------------------------- */

/* Go's math.Max: infinity wins over NaN, and 0 over -0. */
static double float_max(double a, double b)
{
	if (a == INFINITY || b == INFINITY)
		return INFINITY;
	if (isnan(a) || isnan(b))
		return NAN;
	if (a == 0 && b == 0)
		return signbit(a) ? b : a;
	return a > b ? a : b;
}

static bool arithmetic_maxf(
	struct call *c UNUSED, const struct value *args, size_t n, struct value *ret)
{
	double most = cast_float(args[0]);

	for (size_t i = 1; i < n; i++)
		most = float_max(most, cast_float(args[i]));
	*ret = value_float(most);
	return true;
}

static bool arithmetic_minf(
	struct call *c UNUSED, const struct value *args, size_t n, struct value *ret)
{
	double least = cast_float(args[0]);

	for (size_t i = 1; i < n; i++)
		least = -float_max(-least, -cast_float(args[i]));
	*ret = value_float(least);
	return true;
}

static bool arithmetic_floor(
	struct call *c UNUSED, const struct value *args, size_t n UNUSED, struct value *ret)
{
	*ret = value_float(floor(cast_float(args[0])));
	return true;
}

static bool arithmetic_ceil(
	struct call *c UNUSED, const struct value *args, size_t n UNUSED, struct value *ret)
{
	*ret = value_float(ceil(cast_float(args[0])));
	return true;
}

/* Go's math.Pow(10, n), which is not the nearest float for all n: it multiplies squares of ten with
 * their exponents apart. */
static double power_of_ten(double n)
{
	int exponent = 0, square_exponent;
	double product = 1, square = frexp(10, &square_exponent);

	if (n == 0)
		return 1;
	if (fabs(n) >= 0x1p63)
		return n > 0 ? INFINITY : 0;
	for (uint64_t left = (uint64_t)fabs(n); left; left >>= 1) {
		if (square_exponent < -(1 << 12) || square_exponent > 1 << 12) {
			exponent += square_exponent;
			break;
		}
		if (left & 1) {
			product *= square;
			exponent += square_exponent;
		}
		square *= square;
		square_exponent *= 2;
		if (square < .5) {
			square += square;
			square_exponent--;
		}
	}
	if (n < 0) {
		product = 1 / product;
		exponent = -exponent;
	}
	return ldexp(product, exponent);
}

/* args: number, places, from which fraction on is rounded up (0.5). */
static bool arithmetic_round(
	struct call *c UNUSED, const struct value *args, size_t n, struct value *ret)
{
	double from = n > 2 ? args[2].f : .5, whole;
	double power = power_of_ten((double)args[1].i);
	double scaled = power * cast_float(args[0]);
	double fraction = isinf(scaled) ? NAN : modf(scaled, &whole);

	*ret = value_float((fraction >= from ? ceil(scaled) : floor(scaled)) / power);
	return true;
}

/* --- conversions ------------------------------------------------------------------------ */

static bool arithmetic_int(
	struct call *c UNUSED, const struct value *args, size_t n UNUSED, struct value *ret)
{
	*ret = value_int(cast_int(args[0]));
	return true;
}

static bool arithmetic_int64(
	struct call *c UNUSED, const struct value *args, size_t n UNUSED, struct value *ret)
{
	*ret = int64_value(bits(args[0]));
	return true;
}

static bool arithmetic_float64(
	struct call *c UNUSED, const struct value *args, size_t n UNUSED, struct value *ret)
{
	*ret = value_float(cast_float(args[0]));
	return true;
}

/* The number whose octal digits the argument prints as; 0 for what is none. */
static bool arithmetic_to_decimal(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct str text;
	int64_t i;

	if (!call_sprint(c, args[0], &text))
		return false;
	if (int_parse(text, 8, 64, &i) != NUMBER_OK)
		i = 0;
	*ret = int64_value((uint64_t)i);
	return true;
}

/* --- sequences --------------------------------------------------------------------------- */

/* How many integers there are from start by step before stop. */
static uint64_t sequence_length(int64_t start, int64_t stop, int64_t step)
{
	uint64_t distance, stride;

	if (start == stop || step == 0 || (stop < start) != (step < 0))
		return 0;
	distance = step > 0 ? (uint64_t)stop - (uint64_t)start : (uint64_t)start - (uint64_t)stop;
	stride = step > 0 ? (uint64_t)step : 0 - (uint64_t)step;
	return (distance - 1) / stride + 1;
}

static bool check_sequence(struct call *c, uint64_t length)
{
	if (length <= SEQUENCE_MAX)
		return true;
	return call_fail(c, "sequence of %llu numbers is too long, the most are %d",
		(unsigned long long)length, SEQUENCE_MAX);
}

/* The i-th member; never passes stop, so that it does not overflow. */
static int64_t sequence_at(int64_t start, int64_t step, uint64_t i)
{
	return (int64_t)((uint64_t)start + i * (uint64_t)step);
}

static bool until_step(struct call *c, int64_t start, int64_t stop, int64_t step, struct value *ret)
{
	uint64_t length = sequence_length(start, stop, step);
	struct value list;

	if (!check_sequence(c, length))
		return false;
	list = slice_new(c->arena, &type_int_slice, 0, slice_appended_cap(length, GO_INT_SIZE));
	for (uint64_t i = 0; i < length; i++)
		slice_push(list, value_int(sequence_at(start, step, i)));
	*ret = list;
	return true;
}

static bool arithmetic_until_step(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return until_step(c, args[0].i, args[1].i, args[2].i, ret);
}

static bool arithmetic_until(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return until_step(c, 0, args[0].i, args[0].i < 0 ? -1 : 1, ret);
}

/* end, start end, or start step end as in a shell's seq: the end belongs to the sequence. */
static bool arithmetic_seq(struct call *c, const struct value *args, size_t n, struct value *ret)
{
	int64_t start = n > 1 ? args[0].i : 1, end = n ? args[n - 1].i : 0;
	int64_t towards = end < start ? -1 : 1, step = n == 3 ? args[1].i : towards;
	struct buf *b = call_buf(c);
	uint64_t length;

	*ret = value_str(STR(""));
	if (n == 0 || n > 3 || (towards < 0 && n == 3 && step > 0))
		return true;
	length = sequence_length(start, sequence_at(end, towards, 1), step);
	if (!check_sequence(c, length))
		return false;
	for (uint64_t i = 0; i < length && !b->full; i++) {
		if (i)
			buf_add_char(b, ' ');
		int_add(b, sequence_at(start, step, i), 10);
	}
	return call_return_buf(c, b, ret);
}

/* --- table ------------------------------------------------------------------------------- */

#define ONE	 FUNC_ARGS(&type_any)
#define TWO	 FUNC_ARGS(&type_any, &type_any)
#define ONE_MORE FUNC_REST(&type_any, &type_any)

static const struct func rows[] = {
	{STR_INIT("add"), arithmetic_add, FUNC_REST(&type_any), &type_int64, 0},
	{STR_INIT("add1"), arithmetic_add1, ONE, &type_int64, 0},
	{STR_INIT("biggest"), arithmetic_max, ONE_MORE, &type_int64, 0},
	{STR_INIT("ceil"), arithmetic_ceil, ONE, &type_float64, 0},
	{STR_INIT("div"), arithmetic_div, TWO, &type_int64, 0},
	{STR_INIT("float64"), arithmetic_float64, ONE, &type_float64, 0},
	{STR_INIT("floor"), arithmetic_floor, ONE, &type_float64, 0},
	{STR_INIT("int"), arithmetic_int, ONE, &type_int, 0},
	{STR_INIT("int64"), arithmetic_int64, ONE, &type_int64, 0},
	{STR_INIT("max"), arithmetic_max, ONE_MORE, &type_int64, 0},
	{STR_INIT("maxf"), arithmetic_maxf, ONE_MORE, &type_float64, 0},
	{STR_INIT("min"), arithmetic_min, ONE_MORE, &type_int64, 0},
	{STR_INIT("minf"), arithmetic_minf, ONE_MORE, &type_float64, 0},
	{STR_INIT("mod"), arithmetic_mod, TWO, &type_int64, 0},
	{STR_INIT("mul"), arithmetic_mul, ONE_MORE, &type_int64, 0},
	{STR_INIT("round"), arithmetic_round, FUNC_REST(&type_any, &type_int, &type_float64),
		&type_float64, 0},
	{STR_INIT("seq"), arithmetic_seq, FUNC_REST(&type_int), &type_string, 0},
	{STR_INIT("sub"), arithmetic_sub, TWO, &type_int64, 0},
	{STR_INIT("toDecimal"), arithmetic_to_decimal, ONE, &type_int64, 0},
	{STR_INIT("until"), arithmetic_until, FUNC_ARGS(&type_int), &type_int_slice, 0},
	{STR_INIT("untilStep"), arithmetic_until_step, FUNC_ARGS(&type_int, &type_int, &type_int),
		&type_int_slice, 0},
};

const struct func_table funcs_arithmetic = {rows, ARRAY_LEN(rows)};
