/* SPDX-License-Identifier: MIT
 *
 * Numbers to text, see number.h. Decimal digits of floats come from the C library's printf, which
 * is exact at any precision; the shortest digits are found by reading candidates back. How digits
 * become %e, %f and %g is ours.
 */
#include "config.h"

#include "template/format/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* No float64 has more significant digits, nor more digits behind the point, than these. */
#define DIGITS_MAX   767
#define FRACTION_MAX 1074
/* Digits before the point of the largest float64. */
#define WHOLE_MAX 309
/* All whole floats up to here print with all their digits. */
#define WHOLE_EXACT 9007199254740992.0

/* The value is 0.d1d2d3… * 10^point; no trailing zeros, so that zero has n == 0. */
struct decimal {
	char d[DIGITS_MAX + 1];
	int n, point;
};

/* The parts of a float of either size. */
struct binary {
	bool negative;
	uint64_t mantissa; /* with the implicit bit */
	int exponent;	   /* of the mantissa's highest bit position */
	unsigned mantissa_bits;
	bool lowest_exponent; /* the gap to the next lower float is not smaller */
};

void uint_add(struct buf *out, uint64_t u, unsigned base)
{
	char text[INT_TEXT_MAX], *at = text + sizeof(text);

	do {
		*--at = "0123456789abcdefghijklmnopqrstuvwxyz"[u % base];
		u /= base;
	} while (u);
	buf_add(out, at, (size_t)(text + sizeof(text) - at));
}

void int_add(struct buf *out, int64_t i, unsigned base)
{
	if (i < 0)
		buf_add_char(out, '-');
	uint_add(out, i < 0 ? 0 - (uint64_t)i : (uint64_t)i, base);
}

static void add_zeros(struct buf *out, int n)
{
	for (; n > 0 && !out->full; n--)
		buf_add_char(out, '0');
}

static struct binary take_apart(double f, unsigned bits)
{
	struct binary b = {.negative = signbit(f) != 0, .mantissa_bits = bits == 32 ? 23 : 52};
	int exponent_mask = bits == 32 ? 0xff : 0x7ff, bias = bits == 32 ? 127 : 1023, raw;
	union {
		double d;
		uint64_t u;
	} wide = {.d = f};
	union {
		float f;
		uint32_t u;
	} narrow = {.f = (float)f};
	uint64_t u = bits == 32 ? narrow.u : wide.u;

	raw = (int)(u >> b.mantissa_bits) & exponent_mask;
	b.mantissa = u & (((uint64_t)1 << b.mantissa_bits) - 1);
	b.lowest_exponent = raw <= 1;
	if (raw)
		b.mantissa |= (uint64_t)1 << b.mantissa_bits;
	b.exponent = (raw ? raw : 1) - bias;
	return b;
}

static void strip_zeros(struct decimal *d)
{
	while (d->n > 0 && d->d[d->n - 1] == '0')
		d->n--;
	if (d->n == 0)
		d->point = 0;
}

/* Fills d with f >= 0 rounded to n digits, n <= DIGITS_MAX; zeros are kept. */
static void round_to(struct decimal *d, double f, int n)
{
	char text[DIGITS_MAX + 16];
	int len = 0;

	snprintf(text, sizeof(text), "%.*e", n - 1, f);
	for (const char *p = text; *p != 'e'; p++)
		if (*p != '.')
			d->d[len++] = *p;
	d->n = len;
	d->point = atoi(strchr(text, 'e') + 1) + 1;
}

/* Whether d reads back as f. */
static bool reads_back(const struct decimal *d, double f, unsigned bits)
{
	char text[DIGITS_MAX + 32];

	snprintf(text, sizeof(text), "0.%.*se%d", d->n, d->d, d->point);
	return bits == 32 ? strtof(text, NULL) == (float)f : strtod(text, NULL) == f;
}

/* Adds one to the last digit. */
static void increment(struct decimal *d)
{
	int i = d->n;

	while (i > 0 && d->d[i - 1] == '9')
		d->d[--i] = '0';
	if (i > 0) {
		d->d[i - 1]++;
		return;
	}
	d->d[0] = '1';
	d->point++;
}

/* Fills d with the fewest digits that read back as f > 0; of several, those nearest to f. */
static void shortest(struct decimal *d, double f, unsigned bits)
{
	struct binary b = take_apart(f, bits);
	bool normal = b.mantissa >> b.mantissa_bits;
	/* Below a power of two floats lie closer, so that only a candidate above may be near enough
	 * although the nearest one, below, is not. */
	bool uneven = normal && !b.lowest_exponent && b.mantissa == (uint64_t)1 << b.mantissa_bits;
	int max = bits == 32 ? 9 : 17;
	/* Any text of so few digits comes back from a normal float unharmed: if there is a shorter
	 * one, this many digits end in zeros. */
	int n = !normal ? 1 : bits == 32 ? 6 : 15;

	for (; n <= max; n++) {
		round_to(d, f, n);
		if (reads_back(d, f, bits))
			break;
		if (uneven) {
			increment(d);
			if (reads_back(d, f, bits))
				break;
		}
	}
	strip_zeros(d);
}

/* The digits of a whole number that a float holds exactly. */
static void whole_digits(struct decimal *d, double f)
{
	int len = snprintf(d->d, sizeof(d->d), "%lld", (long long)f);

	d->n = d->point = len;
	strip_zeros(d);
}

/* %e: d.ddde±dd, with prec digits after the point. */
static void add_exponential(struct buf *out, const struct decimal *d, int prec, char letter)
{
	int exponent = d->n ? d->point - 1 : 0, more = d->n - 1 < prec ? d->n - 1 : prec;

	buf_add_char(out, d->n ? d->d[0] : '0');
	if (prec > 0) {
		buf_add_char(out, '.');
		if (more > 0)
			buf_add(out, d->d + 1, (size_t)more);
		add_zeros(out, prec - (more > 0 ? more : 0));
	}
	buf_add_fmt(out, "%c%c%02d", letter, exponent < 0 ? '-' : '+', abs(exponent));
}

/* %f: ddd.ddd, with prec digits after the point. */
static void add_plain(struct buf *out, const struct decimal *d, int prec)
{
	int whole = d->point > 0 ? d->point : 0, at = d->n < whole ? d->n : whole, leading, rest;

	if (whole == 0)
		buf_add_char(out, '0');
	buf_add(out, d->d, (size_t)at);
	add_zeros(out, whole - at);
	if (prec <= 0)
		return;
	buf_add_char(out, '.');
	leading = d->n && d->point < 0 ? -d->point : 0;
	if (leading > prec)
		leading = prec;
	add_zeros(out, leading);
	rest = d->n - at < prec - leading ? d->n - at : prec - leading;
	buf_add(out, d->d + at, (size_t)rest);
	add_zeros(out, prec - leading - rest);
}

/* %g with prec significant digits; threshold is the exponent from which %e is used. */
static void add_general(
	struct buf *out, const struct decimal *d, int prec, int threshold, char letter)
{
	int exponent = d->point - 1;

	if (exponent < -4 || exponent >= threshold) {
		add_exponential(out, d, (prec < d->n ? prec : d->n) - 1, letter);
		return;
	}
	if (prec > d->point)
		prec = d->n;
	add_plain(out, d, prec - d->point);
}

/* Appends f >= 0 with as many digits as it needs. */
static void add_shortest(struct buf *out, double f, char verb, unsigned bits)
{
	struct decimal d = {.n = 0};

	if (f > 0 && f <= WHOLE_EXACT && f == floor(f) && bits == 64)
		whole_digits(&d, f);
	else if (f > 0)
		shortest(&d, f, bits);
	if (verb == 'e' || verb == 'E')
		add_exponential(out, &d, d.n > 0 ? d.n - 1 : 0, verb);
	else if (verb == 'f')
		add_plain(out, &d, d.n - d.point);
	else
		add_general(out, &d, d.n, 6, verb == 'g' ? 'e' : 'E');
}

/* Appends f >= 0 in %f with prec digits after the point. */
static void add_fixed(struct buf *out, double f, int prec)
{
	char text[WHOLE_MAX + FRACTION_MAX + 8];
	int exact = prec < FRACTION_MAX ? prec : FRACTION_MAX;

	snprintf(text, sizeof(text), "%.*f", exact, f);
	buf_add_cstr(out, text);
	add_zeros(out, prec - exact);
}

/* Appends f >= 0 with a given precision. */
static void add_rounded(struct buf *out, double f, char verb, int prec)
{
	struct decimal d = {.n = 0};
	int digits = verb == 'e' || verb == 'E' ? prec + 1 : prec ? prec : 1, threshold;

	if (f > 0) {
		round_to(&d, f, digits < DIGITS_MAX ? digits : DIGITS_MAX);
		strip_zeros(&d);
	}
	if (verb == 'e' || verb == 'E') {
		add_exponential(out, &d, prec, verb);
		return;
	}
	threshold = digits > d.n && d.n >= d.point ? d.n : digits;
	add_general(out, &d, digits, threshold, verb == 'g' ? 'e' : 'E');
}

/* %b: the mantissa as a whole number and a power of two. */
static void add_binary(struct buf *out, const struct binary *b)
{
	int exponent = b->exponent - (int)b->mantissa_bits;

	uint_add(out, b->mantissa, 10);
	buf_add_fmt(out, "p%c%d", exponent < 0 ? '-' : '+', abs(exponent));
}

/* In a hexadecimal float the highest bit of the mantissa is HEX_TOP, its fraction the 15 digits
 * below. */
#define HEX_TOP	   ((uint64_t)1 << 60)
#define HEX_DIGITS 15

/* Rounds m to prec hexadecimal digits, half to even. */
static uint64_t round_hex(uint64_t m, int prec)
{
	unsigned drop = 60 - (unsigned)prec * 4;
	uint64_t rest = m & (((uint64_t)1 << drop) - 1), half = (uint64_t)1 << (drop - 1);

	m >>= drop;
	if (rest > half || (rest == half && m & 1))
		m++;
	return m << drop;
}

/* The fraction m below HEX_TOP: prec digits, or with a negative prec as many as there are. */
static void add_hex_fraction(struct buf *out, uint64_t m, const char *digits, int prec)
{
	int n = 0;

	if (prec > 0 || (prec < 0 && m))
		buf_add_char(out, '.');
	for (; n < HEX_DIGITS && (prec < 0 ? m != 0 : n < prec); n++) {
		buf_add_char(out, digits[m >> 56]);
		m = m << 4 & (HEX_TOP - 1);
	}
	add_zeros(out, prec - n);
}

/* %x: 0x1.hhhp±dd; prec hexadecimal digits after the point, or as many as needed. */
static void add_hex(struct buf *out, const struct binary *b, char verb, int prec)
{
	bool upper = verb == 'X';
	uint64_t m = b->mantissa << (60 - b->mantissa_bits);
	int exponent = m ? b->exponent : 0;

	for (; m && !(m & HEX_TOP); m <<= 1)
		exponent--;
	if (prec >= 0 && prec < HEX_DIGITS)
		m = round_hex(m, prec);
	if (m & HEX_TOP << 1) {
		m >>= 1;
		exponent++;
	}
	buf_add_fmt(out, "0%c%c", verb, m & HEX_TOP ? '1' : '0');
	add_hex_fraction(
		out, m & (HEX_TOP - 1), upper ? "0123456789ABCDEF" : "0123456789abcdef", prec);
	buf_add_fmt(
		out, "%c%c%02d", upper ? 'P' : 'p', exponent < 0 ? '-' : '+', abs(exponent));
}

void float_add(struct buf *out, double f, char verb, int prec, unsigned bits)
{
	struct binary b;

	if (bits == 32)
		f = (double)(float)f;
	if (isnan(f) || isinf(f)) {
		buf_add_cstr(out, isnan(f) ? "NaN" : f < 0 ? "-Inf" : "+Inf");
		return;
	}
	b = take_apart(f, bits);
	if (b.negative)
		buf_add_char(out, '-');
	if (verb == 'b')
		add_binary(out, &b);
	else if (verb == 'x' || verb == 'X')
		add_hex(out, &b, verb, prec);
	else if (prec < 0)
		add_shortest(out, fabs(f), verb, bits);
	else if (verb == 'f')
		add_fixed(out, fabs(f), prec);
	else
		add_rounded(out, fabs(f), verb, prec);
}
