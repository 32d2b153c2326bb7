/* SPDX-License-Identifier: MIT
 *
 * Numbers to text and back: values at the edges of precision, range and syntax.
 */
#include "config.h"

#include "template/format/number.h"

#include <criterion/criterion.h>
#include <float.h>
#include <math.h>

#define OUT_MAX 4096

static void assert_float(double f, char verb, int prec, unsigned bits, const char *want)
{
	struct buf out;

	buf_init(&out, OUT_MAX);
	float_add(&out, f, verb, prec, bits);
	cr_assert_str_eq(buf_cstr(&out), want);
	buf_release(&out);
}

static void assert_reads_float(const char *text, enum number_fault fault, double want)
{
	double f = -1;

	cr_assert_eq(float_parse(str_from(text), 64, &f), fault, "%s", text);
	cr_assert_eq(f, want, "%s", text);
}

static void assert_reads_int(
	const char *text, unsigned base, unsigned bits, enum number_fault fault, int64_t want)
{
	int64_t i = -1;

	cr_assert_eq(int_parse(str_from(text), base, bits, &i), fault, "%s", text);
	cr_assert_eq(i, want, "%s", text);
}

Test(number, shortest_text_has_no_more_digits_than_needed)
{
	assert_float(0.1, 'g', FLOAT_SHORTEST, 64, "0.1");
	assert_float(0.1 + 0.2, 'g', FLOAT_SHORTEST, 64, "0.30000000000000004");
	assert_float(1e23, 'g', FLOAT_SHORTEST, 64, "1e+23");
	assert_float(5e-324, 'g', FLOAT_SHORTEST, 64, "5e-324");
	assert_float(DBL_MAX, 'g', FLOAT_SHORTEST, 64, "1.7976931348623157e+308");
	assert_float(9007199254740993.0, 'f', FLOAT_SHORTEST, 64, "9007199254740992");
	assert_float((double)0.1f, 'g', FLOAT_SHORTEST, 32, "0.1");
	assert_float((double)FLT_MAX, 'e', FLOAT_SHORTEST, 32, "3.4028235e+38");
	assert_float(100, 'e', FLOAT_SHORTEST, 64, "1e+02");
}

Test(number, shortest_text_of_a_power_of_two_may_lie_above_the_nearest_digits)
{
	/* The gap below a power of two is half as wide: the nearest 16 digits do not read back, the
	 * next ones do. */
	assert_float(ldexp(1, -44), 'g', FLOAT_SHORTEST, 64, "5.684341886080802e-14");
	assert_float(ldexp(1, 89), 'g', FLOAT_SHORTEST, 64, "6.189700196426902e+26");
}

Test(number, general_format_changes_to_an_exponent_from_the_millions)
{
	assert_float(100000, 'g', FLOAT_SHORTEST, 64, "100000");
	assert_float(1000000, 'g', FLOAT_SHORTEST, 64, "1e+06");
	assert_float(123456789, 'g', FLOAT_SHORTEST, 64, "1.23456789e+08");
	assert_float(0.0001, 'g', FLOAT_SHORTEST, 64, "0.0001");
	assert_float(0.00001, 'G', FLOAT_SHORTEST, 64, "1E-05");
	assert_float(123456, 'g', 3, 64, "1.23e+05");
	assert_float(123456, 'g', 10, 64, "123456");
	assert_float(0, 'g', FLOAT_SHORTEST, 64, "0");
	assert_float(-0.0, 'g', FLOAT_SHORTEST, 64, "-0");
}

Test(number, given_precision_is_rounded_half_to_even_on_the_exact_value)
{
	assert_float(0.5, 'f', 0, 64, "0");
	assert_float(1.5, 'f', 0, 64, "2");
	assert_float(2.5, 'f', 0, 64, "2");
	assert_float(2.675, 'f', 2, 64, "2.67");
	assert_float(1e21, 'f', 1, 64, "1000000000000000000000.0");
	assert_float(999999.5, 'e', 5, 64, "1.00000e+06");
	assert_float(0.1, 'e', 20, 64, "1.00000000000000005551e-01");
	assert_float(0, 'e', 2, 64, "0.00e+00");
}

Test(number, precision_beyond_the_digits_of_a_float_is_filled_with_zeros)
{
	struct buf out;

	buf_init(&out, OUT_MAX);
	float_add(&out, 0.5, 'f', 2000, 64);
	cr_assert_eq(out.len, 2002);
	cr_assert_eq(out.data[2], '5');
	cr_assert_eq(out.data[2001], '0');
	buf_clear(&out);
	float_add(&out, DBL_MIN, 'e', 2000, 64);
	cr_assert_eq(out.len, 2007);
	cr_assert(str_has_suffix(buf_str(&out), STR("000e-308")));
	buf_release(&out);
}

Test(number, binary_and_hexadecimal_floats_show_mantissa_and_exponent)
{
	assert_float(1, 'b', FLOAT_SHORTEST, 64, "4503599627370496p-52");
	assert_float(1, 'x', FLOAT_SHORTEST, 64, "0x1p+00");
	assert_float(-1.5, 'x', FLOAT_SHORTEST, 64, "-0x1.8p+00");
	assert_float(3.14159, 'X', 2, 64, "0X1.92P+01");
	assert_float(1.999999, 'x', 0, 64, "0x1p+01");
	assert_float(5e-324, 'x', FLOAT_SHORTEST, 64, "0x1p-1074");
	assert_float(0, 'x', 3, 64, "0x0.000p+00");
}

Test(number, what_is_no_number_has_a_name)
{
	assert_float((double)INFINITY, 'g', FLOAT_SHORTEST, 64, "+Inf");
	assert_float(-(double)INFINITY, 'f', 2, 64, "-Inf");
	assert_float((double)NAN, 'x', 2, 64, "NaN");
	assert_float(DBL_MAX, 'g', FLOAT_SHORTEST, 32, "+Inf");
}

Test(number, floats_are_read_with_correct_rounding)
{
	assert_reads_float("0.1", NUMBER_OK, 0.1);
	assert_reads_float(".5", NUMBER_OK, 0.5);
	assert_reads_float("5.", NUMBER_OK, 5);
	assert_reads_float("+1e3", NUMBER_OK, 1000);
	assert_reads_float("0x1.8p1", NUMBER_OK, 3);
	assert_reads_float("0x_1p-2", NUMBER_OK, 0.25);
	assert_reads_float("9007199254740993", NUMBER_OK, 9007199254740992.0);
	assert_reads_float("1e-400", NUMBER_OK, 0);
	assert_reads_float("InFinity", NUMBER_OK, (double)INFINITY);
	assert_reads_float("-inf", NUMBER_OK, -(double)INFINITY);
}

Test(number, floats_with_bad_syntax_are_refused_and_read_as_zero)
{
	static const char *const bad[] = {"", ".", "+", "1e", "1e+", "0x1", "0x.p1", "1..2", " 1",
		"1 ", "1f", "+nan", "infin", "1__0", "_1", "1_", "1_.5", "0x1p1_", "--1", "1e5.0"};

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_reads_float(bad[i], NUMBER_SYNTAX, 0);
}

Test(number, float_out_of_range_is_infinite)
{
	assert_reads_float("1e400", NUMBER_RANGE, (double)INFINITY);
	assert_reads_float("-0x1p2000", NUMBER_RANGE, -(double)INFINITY);
}

Test(number, float_longer_than_the_stack_buffer_is_read)
{
	char text[200] = "0.";

	memset(text + 2, '3', sizeof(text) - 3);
	text[sizeof(text) - 1] = '\0';
	assert_reads_float(text, NUMBER_OK, 1.0 / 3);
}

Test(number, integers_are_read_in_their_base)
{
	assert_reads_int("0", 10, 0, NUMBER_OK, 0);
	assert_reads_int("-42", 10, 0, NUMBER_OK, -42);
	assert_reads_int("+7", 10, 0, NUMBER_OK, 7);
	assert_reads_int("zz", 36, 0, NUMBER_OK, 35 * 36 + 35);
	assert_reads_int("010", 10, 0, NUMBER_OK, 10);
	assert_reads_int("-9223372036854775808", 10, 64, NUMBER_OK, INT64_MIN);
}

Test(number, base_zero_takes_the_base_from_the_prefix)
{
	assert_reads_int("0x1F", 0, 0, NUMBER_OK, 31);
	assert_reads_int("-0b101", 0, 0, NUMBER_OK, -5);
	assert_reads_int("0o17", 0, 0, NUMBER_OK, 15);
	assert_reads_int("017", 0, 0, NUMBER_OK, 15);
	assert_reads_int("1_000", 0, 0, NUMBER_OK, 1000);
	assert_reads_int("0_7", 0, 0, NUMBER_OK, 7);
	assert_reads_int("08", 0, 0, NUMBER_SYNTAX, 0);
	assert_reads_int("0x", 0, 0, NUMBER_SYNTAX, 0);
	assert_reads_int("1__0", 0, 0, NUMBER_SYNTAX, 0);
	assert_reads_int("1_000", 10, 0, NUMBER_SYNTAX, 0);
}

Test(number, integer_out_of_range_is_the_limit_of_its_type)
{
	uint64_t u;

	assert_reads_int("9223372036854775808", 10, 0, NUMBER_RANGE, INT64_MAX);
	assert_reads_int("-9223372036854775809", 10, 0, NUMBER_RANGE, INT64_MIN);
	assert_reads_int("128", 10, 8, NUMBER_RANGE, 127);
	assert_reads_int("-129", 10, 8, NUMBER_RANGE, -128);
	assert_reads_int("99999999999999999999", 10, 0, NUMBER_RANGE, INT64_MAX);
	cr_assert_eq(uint_parse(STR("18446744073709551616"), 10, 0, &u), NUMBER_RANGE);
	cr_assert_eq(u, UINT64_MAX);
	cr_assert_eq(uint_parse(STR("-1"), 10, 0, &u), NUMBER_SYNTAX);
}

Test(number, integers_are_written_in_any_base)
{
	struct buf out;

	buf_init(&out, OUT_MAX);
	int_add(&out, INT64_MIN, 2);
	cr_assert_eq(out.len, INT_TEXT_MAX);
	buf_clear(&out);
	int_add(&out, INT64_MIN, 10);
	buf_add_char(&out, ' ');
	uint_add(&out, UINT64_MAX, 36);
	buf_add_char(&out, ' ');
	int_add(&out, 0, 8);
	cr_assert_str_eq(buf_cstr(&out), "-9223372036854775808 3w5e11264sgsf 0");
	buf_release(&out);
}

Test(number, complex_literal_has_two_parts)
{
	double re, im;

	cr_assert_eq(complex_parse(STR("1+2i"), &re, &im), NUMBER_OK);
	cr_assert(re == 1 && im == 2);
	cr_assert_eq(complex_parse(STR("-1e-2-3e+1i"), &re, &im), NUMBER_OK);
	cr_assert(re == -0.01 && im == -30);
	cr_assert_eq(complex_parse(STR("4i"), &re, &im), NUMBER_OK);
	cr_assert(re == 0 && im == 4);
	cr_assert_eq(complex_parse(STR("0x1p+2+0x1p-1i"), &re, &im), NUMBER_OK);
	cr_assert(re == 4 && im == 0.5);
	cr_assert_eq(complex_parse(STR("1+i2"), &re, &im), NUMBER_SYNTAX);
}

Test(number, truth_has_few_names)
{
	bool b = false;

	cr_assert_eq(bool_parse(STR("True"), &b), NUMBER_OK);
	cr_assert(b);
	cr_assert_eq(bool_parse(STR("f"), &b), NUMBER_OK);
	cr_assert(!b);
	cr_assert_eq(bool_parse(STR("tRUE"), &b), NUMBER_SYNTAX);
	cr_assert_eq(bool_parse(STR("yes"), &b), NUMBER_SYNTAX);
}

Test(number, error_names_function_input_and_fault)
{
	struct error err = ERROR_INIT;

	cr_assert(!number_error(&err, "Atoi", STR("x\"\n"), NUMBER_SYNTAX));
	cr_assert_str_eq(error_text(&err), "strconv.Atoi: parsing \"x\\\"\\n\": invalid syntax");
	cr_assert(!number_error(&err, "ParseInt", STR("300"), NUMBER_RANGE));
	cr_assert_str_eq(error_text(&err), "strconv.ParseInt: parsing \"300\": value out of range");
	error_clear(&err);
}
