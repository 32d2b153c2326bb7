/* SPDX-License-Identifier: MIT
 *
 * Text to numbers and back as Go's package strconv does it. The readers give Go's value even when
 * they fail (0 for bad syntax, the nearest limit for one that is out of range), because callers in
 * the template language use it; number_error makes Go's error text from what they return:
 *
 *	fault = int_parse(s, 10, 0, &n);
 *	if (fault != NUMBER_OK)
 *		return number_error(err, "ParseInt", s, fault);
 *
 * Everything is exact: floats are read and written with correct rounding. LC_NUMERIC must be "C",
 * as it is in a program that never calls setlocale.
 */
#ifndef UD_TEMPLATE_FORMAT_NUMBER_H
#define UD_TEMPLATE_FORMAT_NUMBER_H

#include "base/base.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* Written as the shortest text that reads back as the same float. */
#define FLOAT_SHORTEST (-1)
/* Longest text of an integer: 64 binary digits and a sign. */
#define INT_TEXT_MAX 65

enum number_fault { NUMBER_OK, NUMBER_SYNTAX, NUMBER_RANGE };

/* s in base 2..36, or 0: then a prefix 0b 0o 0x 0 tells the base and underscores may separate
 * digits. bits is the size of the type the result must fit in: 8..64, 0 means 64. */
enum number_fault int_parse(struct str s, unsigned base, unsigned bits, int64_t *ret) MUSTCHECK;
enum number_fault uint_parse(struct str s, unsigned base, unsigned bits, uint64_t *ret) MUSTCHECK;
/* A decimal or hexadecimal float, "inf", "infinity" or "nan" in any case; bits is 32 or 64.
 * Underscores are allowed where Go's ParseFloat allows them (with the prefix 0x only). */
enum number_fault float_parse(struct str s, unsigned bits, double *ret) MUSTCHECK;
/* 1 t T TRUE true True, 0 f F FALSE false False; all else is NUMBER_SYNTAX. */
enum number_fault bool_parse(struct str s, bool *ret) MUSTCHECK;
/* Whether s is a number by complex literal rules ("1i", "1+2i" …) as ParseComplex reads it. */
enum number_fault complex_parse(struct str s, double *ret_re, double *ret_im) MUSTCHECK;

/* Sets `strconv.FUNC: parsing "S": invalid syntax` or `… value out of range`; returns false. */
bool number_error(struct error *err, const char *func, struct str s, enum number_fault fault);

/* Appends u in base 2..36 with lower case digits; int_add puts a minus before a negative i. */
void uint_add(struct buf *out, uint64_t u, unsigned base);
void int_add(struct buf *out, int64_t i, unsigned base);
/* Appends f, a float of bits (32 or 64), in format verb b e E f g G x X with prec digits (or
 * FLOAT_SHORTEST), as strconv.AppendFloat: "+Inf", "-Inf" and "NaN" for what is no number. */
void float_add(struct buf *out, double f, char verb, int prec, unsigned bits);

#endif
