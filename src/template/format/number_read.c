/* SPDX-License-Identifier: MIT
 *
 * Text to numbers, see number.h. Integers are read digit by digit; of a float the syntax is checked
 * here and the C library, which rounds correctly, is given what is left without underscores.
 */
#include "config.h"

#include "template/format/number.h"

#include "base/alloc.h"
#include "template/format/quote.h"

#include <math.h>
#include <stdlib.h>

/* Floats up to this length are copied to the stack. */
#define FLOAT_TEXT_SHORT 64
/* In an error message; longer input is cut there. */
#define ERROR_TEXT_MAX 65536

static char to_lower(char c)
{
	return (char)(c | 0x20);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
	return is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'f');
}

static struct str skip(struct str s, size_t n)
{
	return str_sub(s, n, s.len);
}

static bool has_sign(struct str s)
{
	return s.len > 0 && (s.p[0] == '+' || s.p[0] == '-');
}

/* Whether each underscore of s stands between digits, or between a base prefix and a digit. */
static bool underscores_ok(struct str s)
{
	bool hex = false, after_digit = false, after_underscore = false;

	if (has_sign(s))
		s = skip(s, 1);
	if (s.len >= 2 && s.p[0] == '0' && strchr("box", to_lower(s.p[1]))) {
		hex = to_lower(s.p[1]) == 'x';
		after_digit = true;
		s = skip(s, 2);
	}
	for (size_t i = 0; i < s.len; i++) {
		bool digit = hex ? is_hex(s.p[i]) : is_digit(s.p[i]);
		bool underscore = s.p[i] == '_';

		if (underscore ? !after_digit : (!digit && after_underscore))
			return false;
		after_digit = digit;
		after_underscore = underscore;
	}
	return !after_underscore;
}

/* The base that the prefix of s tells; the prefix is taken off. */
static unsigned take_base(struct str *s)
{
	if (s->len == 0 || s->p[0] != '0')
		return 10;
	if (s->len >= 3) {
		char c = to_lower(s->p[1]);
		unsigned base = c == 'b' ? 2 : c == 'o' ? 8 : c == 'x' ? 16 : 0;

		if (base) {
			*s = skip(*s, 2);
			return base;
		}
	}
	*s = skip(*s, 1);
	return 8;
}

/* The value of a digit in any base, 255 if c is none. */
static unsigned digit_value(char c)
{
	if (is_digit(c))
		return (unsigned)(c - '0');
	c = to_lower(c);
	if (c >= 'a' && c <= 'z')
		return (unsigned)(c - 'a') + 10;
	return 255;
}

enum number_fault uint_parse(struct str s, unsigned base, unsigned bits, uint64_t *ret)
{
	uint64_t max = bits == 0 || bits >= 64 ? UINT64_MAX : ((uint64_t)1 << bits) - 1, n = 0;
	struct str all = s;
	bool any_base = base == 0, underscores = false;

	*ret = 0;
	if (s.len == 0)
		return NUMBER_SYNTAX;
	if (any_base)
		base = take_base(&s);
	for (size_t i = 0; i < s.len; i++) {
		unsigned digit = digit_value(s.p[i]);

		if (any_base && s.p[i] == '_') {
			underscores = true;
			continue;
		}
		if (digit >= base)
			return NUMBER_SYNTAX;
		/* Go stops here: what follows an overflow is not looked at. */
		if (__builtin_mul_overflow(n, (uint64_t)base, &n) ||
			__builtin_add_overflow(n, (uint64_t)digit, &n) || n > max) {
			*ret = max;
			return NUMBER_RANGE;
		}
	}
	if (underscores && !underscores_ok(all))
		return NUMBER_SYNTAX;
	*ret = n;
	return NUMBER_OK;
}

enum number_fault int_parse(struct str s, unsigned base, unsigned bits, int64_t *ret)
{
	bool negative = s.len && s.p[0] == '-';
	uint64_t u, limit = (uint64_t)1 << ((bits == 0 || bits > 64 ? 64 : bits) - 1);
	enum number_fault fault;

	*ret = 0;
	if (has_sign(s))
		s = skip(s, 1);
	fault = uint_parse(s, base, bits, &u);
	if (fault == NUMBER_SYNTAX)
		return fault;
	if (negative) {
		bool over = u > limit;

		*ret = (int64_t)(0 - (over ? limit : u));
		return over ? NUMBER_RANGE : NUMBER_OK;
	}
	*ret = (int64_t)(u >= limit ? limit - 1 : u);
	return u >= limit ? NUMBER_RANGE : NUMBER_OK;
}

/* Infinity and not-a-number: whether s is one of their names. */
static bool special_float(struct str s, double *ret)
{
	struct str name = has_sign(s) ? skip(s, 1) : s;

	if (str_eq_nocase(name, STR("inf")) || str_eq_nocase(name, STR("infinity"))) {
		*ret = s.p[0] == '-' ? -(double)INFINITY : (double)INFINITY;
		return true;
	}
	if (str_eq_nocase(s, STR("nan"))) {
		*ret = (double)NAN;
		return true;
	}
	return false;
}

/* Skips digits and underscores; returns how many digits there were. */
static size_t scan_digits(struct str s, size_t *at, bool hex)
{
	size_t n = 0;

	for (; *at < s.len; ++*at) {
		if (hex ? is_hex(s.p[*at]) : is_digit(s.p[*at]))
			n++;
		else if (s.p[*at] != '_')
			break;
	}
	return n;
}

/* Whether s is an exponent without its letter. */
static bool exponent_ok(struct str s)
{
	size_t at = has_sign(s) ? 1 : 0;

	if (at >= s.len || !is_digit(s.p[at]))
		return false;
	scan_digits(s, &at, false);
	return at == s.len;
}

/* Whether s is a float literal: digits with an optional point, an exponent (a must after 0x). */
static bool float_syntax_ok(struct str s)
{
	size_t at = has_sign(s) ? 1 : 0, digits;
	bool hex = s.len > at + 2 && s.p[at] == '0' && to_lower(s.p[at + 1]) == 'x';

	if (hex)
		at += 2;
	digits = scan_digits(s, &at, hex);
	if (at < s.len && s.p[at] == '.') {
		at++;
		digits += scan_digits(s, &at, hex);
	}
	if (digits == 0)
		return false;
	if (at == s.len)
		return !hex;
	return to_lower(s.p[at]) == (hex ? 'p' : 'e') && exponent_ok(str_sub(s, at + 1, s.len));
}

/* Rounds the literal s, whose syntax is known to be right, to bits. */
static double float_value(struct str s, unsigned bits)
{
	char small[FLOAT_TEXT_SHORT], *text = small;
	size_t len = 0;
	double f;

	if (s.len >= sizeof(small))
		text = xmalloc(s.len + 1);
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] != '_')
			text[len++] = s.p[i];
	text[len] = '\0';
	f = bits == 32 ? (double)strtof(text, NULL) : strtod(text, NULL);
	if (text != small)
		free(text);
	return f;
}

enum number_fault float_parse(struct str s, unsigned bits, double *ret)
{
	*ret = 0;
	if (special_float(s, ret))
		return NUMBER_OK;
	if (!float_syntax_ok(s))
		return NUMBER_SYNTAX;
	if (str_chr(s, '_') >= 0 && !underscores_ok(s))
		return NUMBER_SYNTAX;
	*ret = float_value(s, bits);
	return isinf(*ret) ? NUMBER_RANGE : NUMBER_OK;
}

/* Where the imaginary part of s ("1+2i" without the i) begins: its sign, 0 if there is no other
 * part. A sign after an exponent letter belongs to the exponent. */
static size_t imaginary_at(struct str s)
{
	bool hex = str_find(s, STR("0x")) >= 0 || str_find(s, STR("0X")) >= 0;

	for (size_t i = s.len; i-- > 1;)
		if ((s.p[i] == '+' || s.p[i] == '-') && to_lower(s.p[i - 1]) != (hex ? 'p' : 'e'))
			return i;
	return 0;
}

enum number_fault complex_parse(struct str s, double *ret_re, double *ret_im)
{
	enum number_fault re = NUMBER_OK, im;
	size_t at;

	*ret_re = *ret_im = 0;
	if (s.len == 0 || s.p[s.len - 1] != 'i')
		return float_parse(s, 64, ret_re);
	s.len--;
	at = imaginary_at(s);
	if (at)
		re = float_parse(str_sub(s, 0, at), 64, ret_re);
	im = float_parse(skip(s, at), 64, ret_im);
	return re != NUMBER_OK ? re : im;
}

enum number_fault bool_parse(struct str s, bool *ret)
{
	static const char *const names[2][6] = {
		{"0", "f", "F", "FALSE", "false", "False"},
		{"1", "t", "T", "TRUE", "true", "True"},
	};

	for (int b = 0; b < 2; b++) {
		for (size_t i = 0; i < ARRAY_LEN(names[b]); i++) {
			if (str_eqz(s, names[b][i])) {
				*ret = b == 1;
				return NUMBER_OK;
			}
		}
	}
	*ret = false;
	return NUMBER_SYNTAX;
}

bool number_error(struct error *err, const char *func, struct str s, enum number_fault fault)
{
	struct buf quoted;

	buf_init(&quoted, ERROR_TEXT_MAX);
	quote_add(&quoted, str_sub(s, 0, ERROR_TEXT_MAX / 8), QUOTE_PRINT);
	error_set(err, "strconv.%s: parsing %s: %s", func, buf_cstr(&quoted),
		fault == NUMBER_RANGE ? "value out of range" : "invalid syntax");
	buf_release(&quoted);
	return false;
}
