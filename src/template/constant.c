/* SPDX-License-Identifier: MIT
 *
 * Reading constants, see constant.h. A number is read under all the types that can hold it; which
 * one it is depends on where it stands (a parameter of type float64 takes 1, an int takes 1.0).
 */
#include "config.h"

#include "template/constant.h"

#include "template/format/number.h"
#include "template/format/quote.h"

#include <math.h>

#define TWO_TO_63 9223372036854775808.0
#define TWO_TO_64 18446744073709551616.0

static bool has_any(struct str s, const char *set)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] && strchr(set, s.p[i]))
			return true;
	return false;
}

static bool fail_quoting(struct error *err, const char *message, struct str text)
{
	struct buf b;

	buf_init(&b, SIZE_MAX);
	buf_add_cstr(&b, message);
	quote_add(&b, text, QUOTE_PRINT);
	error_set(err, "%s", buf_cstr(&b));
	buf_release(&b);
	return false;
}

/* The integers that a float is. */
static void set_integers_of_float(struct number *n)
{
	bool whole = trunc(n->f) == n->f;

	n->is_int = whole && n->f >= -TWO_TO_63 && n->f < TWO_TO_63;
	if (n->is_int)
		n->i = (int64_t)n->f;
	n->is_uint = whole && n->f >= 0 && n->f < TWO_TO_64;
	if (n->is_uint)
		n->u = (uint64_t)n->f;
}

static void set_complex(struct number *n, double re, double im)
{
	n->is_complex = true;
	n->c = (struct complex128){re, im};
	n->is_float = im == 0;
	if (n->is_float) {
		n->f = re;
		set_integers_of_float(n);
	}
}

static bool read_char(struct number *n, struct str text, struct error *err)
{
	struct str tail = str_sub(text, 1, text.len);
	bool multibyte;
	uint32_t rune;

	if (!quote_undo_char(&tail, '\'', &rune, &multibyte))
		return error_set(err, "invalid syntax");
	if (!str_eqz(tail, "'"))
		return error_set(err, "malformed character constant: %.*s", STR_ARG(text));
	*n = (struct number){.is_int = true,
		.is_uint = true,
		.is_float = true,
		.i = rune,
		.u = rune,
		.f = (double)rune};
	return true;
}

/* A number ends at the sign that belongs to no exponent: where "1+2i" is cut. */
static size_t second_sign(struct str s)
{
	bool hex = s.len > 1 && has_any(str_sub(s, 0, 3), "xX");

	for (size_t i = 1; i < s.len; i++) {
		char before = s.p[i - 1] | 0x20;

		if ((s.p[i] == '+' || s.p[i] == '-') && before != 'p' && (before != 'e' || hex))
			return i;
	}
	return s.len;
}

/* The scanner of a pair knows decimal and hexadecimal floats with underscores anywhere. */
static bool read_pair_part(struct str s, double *ret)
{
	char text[64];
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == '_')
			continue;
		if (n == sizeof(text))
			return float_parse(s, 64, ret) == NUMBER_OK;
		text[n++] = s.p[i];
	}
	return float_parse(str_n(text, n), 64, ret) == NUMBER_OK;
}

static bool read_pair(struct number *n, struct str text, struct error *err)
{
	size_t cut = second_sign(text);
	double re, im;

	if (cut == text.len || !read_pair_part(str_sub(text, 0, cut), &re) ||
		!read_pair_part(str_sub(text, cut, text.len - 1), &im))
		return error_set(err, "syntax error scanning complex number");
	set_complex(n, re, im);
	return true;
}

static void read_integers(struct number *n, struct str text)
{
	n->is_uint = uint_parse(text, 0, 64, &n->u) == NUMBER_OK;
	n->is_int = int_parse(text, 0, 64, &n->i) == NUMBER_OK;
	if (n->is_int && n->i == 0) {
		n->is_uint = true;
		n->u = 0;
	}
}

static bool read_plain(struct number *n, struct str text, struct error *err)
{
	double f;

	if (text.p[text.len - 1] == 'i' &&
		float_parse(str_sub(text, 0, text.len - 1), 64, &f) == NUMBER_OK) {
		set_complex(n, 0, f);
		return true;
	}
	read_integers(n, text);
	if (n->is_int || n->is_uint) {
		n->is_float = true;
		n->f = n->is_int ? (double)n->i : (double)n->u;
		return true;
	}
	if (float_parse(text, 64, &n->f) != NUMBER_OK)
		return fail_quoting(err, "illegal number syntax: ", text);
	if (!has_any(text, ".eEpP"))
		return fail_quoting(err, "integer overflow: ", text);
	n->is_float = true;
	set_integers_of_float(n);
	return true;
}

/* A hexadecimal integer has an "e" that is no exponent. */
static bool is_hex_integer(struct str s)
{
	return s.len > 2 && s.p[0] == '0' && (s.p[1] | 0x20) == 'x' && !has_any(s, "pP");
}

/* The value a number has where nothing asks for a type. */
static void set_ideal_value(struct constant_node *n, struct arena *a)
{
	const struct number *num = &n->number;

	if (num->is_complex) {
		n->value = (struct value){.head = TYPE_HEAD(&type_complex128),
			.c = arena_memdup(a, &num->c, sizeof(num->c))};
	} else if (num->is_float && !is_hex_integer(n->text) && n->text.p[0] != '\'' &&
		   has_any(n->text, ".eEpP")) {
		n->value = value_float(num->f);
	} else if (num->is_int) {
		n->value = value_int(num->i);
	} else {
		n->overflows = num->is_uint;
	}
}

bool constant_read_number(
	struct constant_node *n, enum token_kind kind, struct arena *a, struct error *err)
{
	bool ok;

	if (kind == TOKEN_CHAR_CONSTANT)
		ok = read_char(&n->number, n->text, err);
	else if (kind == TOKEN_COMPLEX)
		ok = read_pair(&n->number, n->text, err);
	else
		ok = read_plain(&n->number, n->text, err);
	if (ok)
		set_ideal_value(n, a);
	return ok;
}

bool constant_read_string(struct str quoted, struct arena *a, struct str *ret, struct error *err)
{
	struct buf b;
	bool ok;

	buf_init(&b, quoted.len);
	ok = quote_undo(&b, quoted);
	if (ok)
		*ret = arena_str(a, buf_str(&b));
	buf_release(&b);
	return ok || error_set(err, "invalid syntax");
}
