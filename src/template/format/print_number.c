/* SPDX-License-Identifier: MIT
 *
 * Numbers under the flags of a verb, see printer.h.
 */
#include "config.h"

#include "template/format/printer.h"

#include "base/utf8.h"
#include "template/format/number.h"
#include "template/format/quote.h"
#include "template/format/unicode.h"

#include <math.h>

/* Longest exponent of a float with its letter: "p-1074". */
#define EXPONENT_MAX 6
/* Digits that %#g keeps when no precision is given. */
#define SHARP_DIGITS 6

static void add_zeros(struct buf *out, int n)
{
	char *room = n > 0 ? buf_reserve(out, (size_t)n) : NULL;

	if (!room)
		return;
	memset(room, '0', (size_t)n);
	out->len += (size_t)n;
}

/* Pads with spaces whatever the flags say: zeros are among the digits already. */
static void pad_with_spaces(struct printer *p, size_t start)
{
	bool zero = p->zero;

	p->zero = false;
	printer_pad(p, start);
	p->zero = zero;
}

/* Writes the digits of u, at the end of text, and returns where they begin. */
static char *write_digits(char text[INT_TEXT_MAX], uint64_t u, unsigned base, bool upper)
{
	const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
	char *at = text + INT_TEXT_MAX;

	do {
		*--at = digits[u % base];
		u /= base;
	} while (u);
	return at;
}

/* The prefix that a verb or # asks for before digits. */
static const char *integer_prefix(
	const struct printer *p, unsigned base, uint32_t verb, bool upper, bool zero_first)
{
	if (verb == 'O')
		return p->sharp && !zero_first ? "0o0" : "0o";
	if (!p->sharp)
		return "";
	switch (base) {
	case 2:
		return "0b";
	case 8:
		return zero_first ? "" : "0";
	case 16:
		return upper ? "0X" : "0x";
	default:
		return "";
	}
}

/* How many digits a number has at least; sign tells whether it has one. */
static int least_digits(const struct printer *p, bool sign)
{
	if (p->has_precision)
		return p->precision;
	return p->zero && !p->minus && p->has_width ? p->width - sign : 0;
}

static void add_integer(
	struct printer *p, uint64_t u, bool is_signed, unsigned base, uint32_t verb, bool upper)
{
	bool negative = is_signed && (int64_t)u < 0, sign = negative || p->plus || p->space;
	char text[INT_TEXT_MAX], *digits;
	size_t start = p->out->len;
	int n, zeros;

	if (p->has_precision && p->precision == 0 && u == 0) {
		/* Nothing but padding, and that of spaces. */
		pad_with_spaces(p, start);
		return;
	}
	digits = write_digits(text, negative ? 0 - u : u, base, upper);
	n = (int)(text + INT_TEXT_MAX - digits);
	zeros = least_digits(p, sign) - n;
	if (sign)
		buf_add_char(p->out, negative ? '-' : p->plus ? '+' : ' ');
	buf_add_cstr(p->out, integer_prefix(p, base, verb, upper, zeros > 0 || digits[0] == '0'));
	add_zeros(p->out, zeros);
	buf_add(p->out, digits, (size_t)n);
	pad_with_spaces(p, start);
}

void printer_add_0x(struct printer *p, uint64_t u, bool prefix)
{
	bool sharp = p->sharp;

	p->sharp = prefix;
	add_integer(p, u, false, 16, 'v', false);
	p->sharp = sharp;
}

/* %U: U+0078, with # followed by the character itself. */
static void add_code_point(struct printer *p, uint64_t u)
{
	int least = p->has_precision && p->precision > 4 ? p->precision : 4, n;
	char text[INT_TEXT_MAX], *digits = write_digits(text, u, 16, true);
	size_t start = p->out->len;

	n = (int)(text + INT_TEXT_MAX - digits);
	buf_add_cstr(p->out, "U+");
	add_zeros(p->out, least - n);
	buf_add(p->out, digits, (size_t)n);
	if (p->sharp && u <= RUNE_MAX && rune_is_print((uint32_t)u)) {
		buf_add_cstr(p->out, " '");
		buf_add_rune(p->out, (uint32_t)u);
		buf_add_char(p->out, '\'');
	}
	pad_with_spaces(p, start);
}

/* %c and %q. */
static void add_character(struct printer *p, uint64_t u, bool quoted)
{
	uint32_t rune = u > RUNE_MAX ? RUNE_ERROR : (uint32_t)u;
	size_t start = p->out->len;

	if (quoted)
		quote_add_rune(p->out, rune, p->plus ? QUOTE_ASCII : QUOTE_PRINT);
	else
		buf_add_rune(p->out, rune);
	printer_pad(p, start);
}

bool printer_add_integer(struct printer *p, uint64_t u, bool is_signed, uint32_t verb)
{
	switch (verb) {
	case 'v':
		if (p->sharp_v && !is_signed)
			printer_add_0x(p, u, true);
		else
			add_integer(p, u, is_signed, 10, verb, false);
		return true;
	case 'd':
		add_integer(p, u, is_signed, 10, verb, false);
		return true;
	case 'b':
		add_integer(p, u, is_signed, 2, verb, false);
		return true;
	case 'o':
	case 'O':
		add_integer(p, u, is_signed, 8, verb, false);
		return true;
	case 'x':
	case 'X':
		add_integer(p, u, is_signed, 16, verb, verb == 'X');
		return true;
	case 'c':
	case 'q':
		add_character(p, u, verb == 'q');
		return true;
	case 'U':
		add_code_point(p, u);
		return true;
	default:
		return false;
	}
}

/* # keeps the point and the zeros that %g drops. Works on the number, sign first, that was
 * appended since start. */
static void restore_point(struct printer *p, size_t start, char verb, int precision)
{
	const char *num = p->out->data + start;
	size_t len = p->out->len - start, end = len;
	bool point = false, nonzero = false, hex = verb == 'x' || verb == 'X';
	char tail[EXPONENT_MAX];
	int digits = 0;

	if (verb == 'g' || verb == 'G' || verb == 'x')
		digits = precision < 0 ? SHARP_DIGITS : precision;
	for (size_t i = 1; i < len; i++) {
		char c = (char)(num[i] | 0x20);

		if (c == 'p' || (c == 'e' && !hex)) {
			end = i;
			break;
		}
		if (num[i] == '.') {
			point = true;
			continue;
		}
		nonzero |= num[i] != '0';
		digits -= nonzero;
	}
	if (!point && end == 2 && num[1] == '0')
		digits--;
	memcpy(tail, num + end, len - end);
	p->out->len = start + end;
	if (!point)
		buf_add_char(p->out, '.');
	add_zeros(p->out, digits);
	buf_add(p->out, tail, len - end);
}

/* Removes the byte at offset at. */
static void remove_byte(struct buf *out, size_t at)
{
	memmove(out->data + at, out->data + at + 1, out->len - at - 1);
	out->len--;
}

/* The width with the sign before the zeros, for a number whose sign is at start. */
static void pad_after_sign(struct printer *p, size_t start)
{
	if (p->zero && !p->minus && p->has_width && (size_t)p->width > p->out->len - start) {
		p->width--;
		printer_pad(p, start + 1);
		p->width++;
	} else {
		printer_pad(p, start);
	}
}

/* Appends f with a sign in any case: a plus, or a space if that was asked for. */
static void add_signed(struct printer *p, double f, unsigned bits, char verb, int precision)
{
	size_t start = p->out->len;
	char *num;

	buf_add_char(p->out, '+');
	float_add(p->out, f, verb, precision, bits);
	if (p->out->full)
		return;
	num = p->out->data + start;
	if (num[1] == '-' || num[1] == '+')
		remove_byte(p->out, start);
	if (p->space && num[0] == '+' && !p->plus)
		num[0] = ' ';
}

static void add_float(struct printer *p, double f, unsigned bits, char verb, int precision)
{
	size_t start = p->out->len;

	if (p->has_precision)
		precision = p->precision;
	add_signed(p, f, bits, verb, precision);
	if (p->out->full)
		return;
	if (isnan(f) || p->out->data[start + 1] == 'I') {
		if (isnan(f) && !p->space && !p->plus)
			remove_byte(p->out, start);
		pad_with_spaces(p, start);
		return;
	}
	if (p->sharp && verb != 'b')
		restore_point(p, start, verb, precision);
	if (p->out->full)
		return;
	if (p->plus || p->out->data[start] != '+') {
		pad_after_sign(p, start);
		return;
	}
	remove_byte(p->out, start);
	printer_pad(p, start);
}

bool printer_add_float(struct printer *p, double f, unsigned bits, uint32_t verb)
{
	switch (verb) {
	case 'v':
		add_float(p, f, bits, 'g', FLOAT_SHORTEST);
		return true;
	case 'b':
	case 'g':
	case 'G':
	case 'x':
	case 'X':
		add_float(p, f, bits, (char)verb, FLOAT_SHORTEST);
		return true;
	case 'e':
	case 'E':
	case 'f':
		add_float(p, f, bits, (char)verb, 6);
		return true;
	case 'F':
		add_float(p, f, bits, 'f', 6);
		return true;
	default:
		return false;
	}
}

bool printer_add_complex(
	struct printer *p, const struct complex128 *c, unsigned bits, uint32_t verb)
{
	bool plus = p->plus, done;

	if (verb >= 0x80 || !verb || !strchr("vbgGxXfFeE", (int)verb))
		return false;
	buf_add_char(p->out, '(');
	done = printer_add_float(p, c->re, bits, verb);
	/* The imaginary part always has a sign. */
	p->plus = true;
	done = done && printer_add_float(p, c->im, bits, verb);
	p->plus = plus;
	buf_add_cstr(p->out, "i)");
	return done;
}
