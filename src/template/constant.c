/* SPDX-License-Identifier: MIT
 *
 * Reading constants, see constant.h. A number is read under all the types that can hold it; which
 * one it is depends on where it stands (a parameter of type float64 takes 1, an int takes 1.0).
 */
#include "config.h"

#include "template/constant.h"

#include "template/format/number.h"
#include "template/format/quote.h"

#include <limits.h>
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

/* --- pairs ---------------------------------------------------------------------------------- */

/* Takes one byte of those in set. */
static bool accept(struct str *s, const char *set)
{
	if (!s->len || !s->p[0] || !strchr(set, s->p[0]))
		return false;
	*s = str_sub(*s, 1, s->len);
	return true;
}

static void accept_all(struct str *s, const char *set)
{
	while (accept(s, set))
		;
}

/* Takes what may be a float as Go's fmt scans one: of the right bytes, not yet in the right order.
 */
static void take_float(struct str *s)
{
	const char *digits = "0123456789_", *exponent = "eEpP";

	accept(s, "+-");
	/* The beginning of an infinity is not given back. */
	accept(s, "iI");
	if (accept(s, "0") && accept(s, "xX")) {
		digits = "0123456789aAbBcCdDeEfF_";
		exponent = "pP";
	}
	accept_all(s, digits);
	if (accept(s, "."))
		accept_all(s, digits);
	if (accept(s, exponent)) {
		accept(s, "+-");
		accept_all(s, "0123456789_");
	}
}

static bool fail_number(
	struct error *err, const char *func, struct str text, enum number_fault fault)
{
	fail_quoting(err, "parsing ", text);
	error_prepend(err, "strconv.%s: ", func);
	return error_append(
		err, fault == NUMBER_RANGE ? ": value out of range" : ": invalid syntax");
}

/* A part of a pair. Only here a decimal number may have an exponent of two. */
static bool read_part(struct str s, double *ret, struct error *err)
{
	ssize_t p = has_any(s, "xX") ? -1 : str_chr(s, 'p');
	size_t end = p < 0 ? s.len : (size_t)p;
	enum number_fault fault = float_parse(str_sub(s, 0, end), 64, ret);
	int64_t exponent;

	if (fault != NUMBER_OK)
		return fail_number(err, "ParseFloat", s, fault);
	if (p < 0)
		return true;
	fault = int_parse(str_sub(s, end + 1, s.len), 10, 0, &exponent);
	if (fault != NUMBER_OK)
		return fail_number(err, "Atoi", s, fault);
	*ret = ldexp(*ret, exponent > INT_MAX	? INT_MAX
			   : exponent < INT_MIN ? INT_MIN
						: (int)exponent);
	return true;
}

static bool read_pair(struct number *n, struct str text, struct error *err)
{
	struct str rest = text, first, second;
	double re, im;
	bool ok;

	take_float(&rest);
	first = str_sub(text, 0, text.len - rest.len);
	second = rest;
	ok = accept(&rest, "+-");
	take_float(&rest);
	second = str_sub(second, 0, second.len - rest.len);
	if (!ok || !accept(&rest, "i"))
		return error_set(err, "syntax error scanning complex number");
	if (!read_part(first, &re, err) || !read_part(second, &im, err))
		return false;
	set_complex(n, re, im);
	return true;
}

/* --- single numbers -------------------------------------------------------------------------- */

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
