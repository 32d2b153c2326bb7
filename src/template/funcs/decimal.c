/* SPDX-License-Identifier: MIT
 *
 * sprig's arithmetic on decimals (addf, subf, mulf, divf): floats are taken as their shortest
 * decimal texts, computed with exactly, and the result is the float next to it. A quotient has 16
 * digits behind the point. So {{addf 0.1 0.2}} is 0.3.
 *
 * Whole numbers of any size are OpenSSL's. Nothing here allocates from the arena before they are
 * freed.
 */
#include "config.h"

#include "template/funcs.h"

#include "base/alloc.h"
#include "template/format/number.h"
#include "template/funcs/cast.h"

#include <math.h>
#include <openssl/bn.h>
#include <stdio.h>
#include <stdlib.h>

/* Most bits that a number may grow to: some 19,000 digits. */
#define DECIMAL_BITS_MAX 65536
/* Most decimal places, either way, of a number that is computed with. */
#define DECIMAL_EXPONENT_MAX 20000
/* Places of a quotient. */
#define QUOTIENT_PLACES 16
/* Longest text of a float: -d.(16 d)e-308. */
#define FLOAT_TEXT_MAX 40

/* digits * 10^exponent */
struct decimal {
	BIGNUM *digits;
	int64_t exponent;
};

/* A chain of operations. */
struct sum {
	struct decimal total;
	BIGNUM *scratch, *rest;
	BN_CTX *ctx;
};

typedef bool (*decimal_op)(struct sum *s, struct decimal *next, struct error *err);

static bool fail_memory(struct error *err)
{
	return error_set(err, "the cryptographic library is out of memory");
}

/* --- floats to decimals and back --------------------------------------------------------- */

/* A float's shortest text is [-]d[.ddd]e±dd. */
static bool decimal_set(struct decimal *d, double f, struct error *err)
{
	char text[FLOAT_TEXT_MAX], digits[FLOAT_TEXT_MAX];
	size_t n = 0, places = 0;
	char *e;
	struct buf b;

	if (isnan(f) || isinf(f))
		return error_set(err, "Cannot create a Decimal from %s",
			isnan(f) ? "NaN"
			: f > 0	 ? "+Inf"
				 : "-Inf");
	buf_init(&b, sizeof(text) - 1);
	float_add(&b, f == 0 ? 0 : f, 'e', FLOAT_SHORTEST, 64);
	snprintf(text, sizeof(text), "%s", buf_cstr(&b));
	buf_release(&b);
	e = strchr(text, 'e');
	for (const char *p = text; p < e; p++) {
		if (*p != '.')
			digits[n++] = *p;
		else
			places = (size_t)(e - p - 1);
	}
	digits[n] = '\0';
	d->exponent = strtol(e + 1, NULL, 10) - (int64_t)places;
	return BN_dec2bn(&d->digits, digits) || fail_memory(err);
}

static bool decimal_float(const struct decimal *d, double *ret, struct error *err)
{
	char *digits = BN_bn2dec(d->digits), *text;
	enum number_fault fault;

	if (!digits)
		return fail_memory(err);
	text = xasprintf("%se%lld", digits, (long long)d->exponent);
	OPENSSL_free(digits);
	/* A number that is too large is infinite. */
	fault = float_parse(str_from(text), 64, ret);
	free(text);
	return fault != NUMBER_SYNTAX || error_set(err, "a decimal cannot be read back");
}

/* --- operations ------------------------------------------------------------------------------ */

static bool check_size(const struct decimal *d, struct error *err)
{
	if (BN_num_bits(d->digits) <= DECIMAL_BITS_MAX &&
		llabs(d->exponent) <= DECIMAL_EXPONENT_MAX)
		return true;
	return error_set(
		err, "a decimal has too many digits, the most are about %d", DECIMAL_EXPONENT_MAX);
}

/* Multiplies a number by 10^places, places >= 0. */
static bool scale_up(struct sum *s, BIGNUM *digits, int64_t places)
{
	BIGNUM *power = s->scratch;

	return BN_set_word(s->rest, 10) && BN_set_word(power, (BN_ULONG)places) &&
	       BN_exp(power, s->rest, power, s->ctx) && BN_mul(digits, digits, power, s->ctx);
}

/* Gives both numbers the smaller exponent. */
static bool align(struct sum *s, struct decimal *next)
{
	int64_t gap = s->total.exponent - next->exponent;
	struct decimal *coarse = gap > 0 ? &s->total : next;

	if (gap != 0 && !scale_up(s, coarse->digits, gap > 0 ? gap : -gap))
		return false;
	coarse->exponent -= gap > 0 ? gap : -gap;
	return true;
}

static bool op_add(struct sum *s, struct decimal *next, struct error *err)
{
	return (align(s, next) && BN_add(s->total.digits, s->total.digits, next->digits)) ||
	       fail_memory(err);
}

static bool op_sub(struct sum *s, struct decimal *next, struct error *err)
{
	return (align(s, next) && BN_sub(s->total.digits, s->total.digits, next->digits)) ||
	       fail_memory(err);
}

static bool op_mul(struct sum *s, struct decimal *next, struct error *err)
{
	s->total.exponent += next->exponent;
	return BN_mul(s->total.digits, s->total.digits, next->digits, s->ctx) || fail_memory(err);
}

/* The quotient to QUOTIENT_PLACES, halves rounded away from 0. */
static bool op_div(struct sum *s, struct decimal *next, struct error *err)
{
	int64_t shift = s->total.exponent - next->exponent + QUOTIENT_PLACES;
	BIGNUM *a = s->total.digits, *b = next->digits;
	bool negative = BN_is_negative(a) != BN_is_negative(b);

	if (BN_is_zero(b))
		return error_set(err, "decimal division by 0");
	if (!scale_up(s, shift > 0 ? a : b, llabs(shift)))
		return fail_memory(err);
	BN_set_negative(a, 0);
	BN_set_negative(b, 0);
	if (!BN_div(a, s->rest, a, b, s->ctx) || !BN_lshift1(s->rest, s->rest))
		return fail_memory(err);
	if (BN_cmp(s->rest, b) >= 0 && !BN_add_word(a, 1))
		return fail_memory(err);
	BN_set_negative(a, negative);
	s->total.exponent = -QUOTIENT_PLACES;
	return true;
}

/* --- functions ---------------------------------------------------------------------------------
 */

/* first, then op with each of the arguments. */
static bool run(struct sum *s, double first, const struct value *args, size_t n, decimal_op op,
	struct error *err)
{
	struct decimal next = {BN_new(), 0};
	bool ok = next.digits && s->total.digits && s->scratch && s->rest && s->ctx;

	if (!ok)
		fail_memory(err);
	ok = ok && decimal_set(&s->total, first, err);
	for (size_t i = 0; i < n && ok; i++)
		ok = decimal_set(&next, cast_float(args[i]), err) && op(s, &next, err) &&
		     check_size(&s->total, err);
	BN_free(next.digits);
	return ok;
}

static bool compute(struct call *c, double first, const struct value *args, size_t n, decimal_op op,
	struct value *ret)
{
	struct sum s = {{BN_new(), 0}, BN_new(), BN_new(), BN_CTX_new()};
	struct error err = ERROR_INIT;
	double result = 0;
	bool ok = run(&s, first, args, n, op, &err) && decimal_float(&s.total, &result, &err);

	BN_free(s.total.digits);
	BN_free(s.scratch);
	BN_free(s.rest);
	BN_CTX_free(s.ctx);
	if (!ok)
		return call_fail_error(c, &err);
	*ret = value_float(result);
	return true;
}

static bool decimal_add(struct call *c, const struct value *args, size_t n, struct value *ret)
{
	return compute(c, 0, args, n, op_add, ret);
}

static bool decimal_add1(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	const struct value one = value_int(1);

	return compute(c, cast_float(args[0]), &one, 1, op_add, ret);
}

static bool decimal_sub(struct call *c, const struct value *args, size_t n, struct value *ret)
{
	return compute(c, cast_float(args[0]), args + 1, n - 1, op_sub, ret);
}

static bool decimal_mul(struct call *c, const struct value *args, size_t n, struct value *ret)
{
	return compute(c, cast_float(args[0]), args + 1, n - 1, op_mul, ret);
}

static bool decimal_div(struct call *c, const struct value *args, size_t n, struct value *ret)
{
	return compute(c, cast_float(args[0]), args + 1, n - 1, op_div, ret);
}

/* --- table ----------------------------------------------------------------------------- */

#define ONE_MORE FUNC_REST(&type_any, &type_any)

static const struct func rows[] = {
	{STR_INIT("add1f"), decimal_add1, FUNC_ARGS(&type_any), &type_float64, 0},
	{STR_INIT("addf"), decimal_add, FUNC_REST(&type_any), &type_float64, 0},
	{STR_INIT("divf"), decimal_div, ONE_MORE, &type_float64, 0},
	{STR_INIT("mulf"), decimal_mul, ONE_MORE, &type_float64, 0},
	{STR_INIT("subf"), decimal_sub, ONE_MORE, &type_float64, 0},
};

const struct func_table funcs_decimal = {rows, ARRAY_LEN(rows)};
