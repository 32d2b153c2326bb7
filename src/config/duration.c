/* SPDX-License-Identifier: MIT
 *
 * Durations, see duration.h. Arithmetic is in nanoseconds and checked for overflow.
 */
#include "config.h"

#include "config/duration.h"

#include "base/clock.h"

#include <inttypes.h>

/* Digits after the point; more could not be whole milliseconds of an hour. */
#define FRACTION_DIGITS_MAX 9

struct unit {
	struct str name;
	int64_t ns;
};

/* "ms" before "m": the first that matches counts. */
static const struct unit units[] = {
	{STR_INIT("ms"), NS_PER_MS},
	{STR_INIT("s"), NS_PER_S},
	{STR_INIT("m"), 60 * (int64_t)NS_PER_S},
	{STR_INIT("h"), 3600 * (int64_t)NS_PER_S},
};

static struct str take_digits(struct str *rest)
{
	size_t n = 0;
	struct str digits;

	while (n < rest->len && rest->p[n] >= '0' && rest->p[n] <= '9')
		n++;
	digits = str_sub(*rest, 0, n);
	*rest = str_sub(*rest, n, rest->len);
	return digits;
}

static const struct unit *take_unit(struct str *rest)
{
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		if (str_has_prefix(*rest, units[i].name)) {
			*rest = str_sub(*rest, units[i].name.len, rest->len);
			return &units[i];
		}
	}
	return NULL;
}

/* The part after the point, of unit; false if it is no whole number of nanoseconds. */
static bool fraction_ns(struct str digits, int64_t unit, int64_t *ret)
{
	int64_t scale = 1;
	uint64_t v;
	__int128 ns;

	if (digits.len > FRACTION_DIGITS_MAX || !str_to_u64(digits, INT64_MAX, &v))
		return false;
	for (size_t i = 0; i < digits.len; i++)
		scale *= 10;
	ns = (__int128)v * unit;
	if (ns % scale)
		return false;
	*ret = (int64_t)(ns / scale);
	return true;
}

/* part: digits [ '.' digits ] unit */
static bool take_part(struct str *rest, int64_t *total)
{
	struct str whole = take_digits(rest), fraction = {"", 0};
	const struct unit *unit;
	int64_t ns, more = 0;
	uint64_t v;

	if (rest->len && rest->p[0] == '.') {
		*rest = str_sub(*rest, 1, rest->len);
		fraction = take_digits(rest);
		if (fraction.len == 0)
			return false;
	}
	unit = take_unit(rest);
	if (!unit || !str_to_u64(whole, INT64_MAX, &v))
		return false;
	if (fraction.len && !fraction_ns(fraction, unit->ns, &more))
		return false;
	return !__builtin_mul_overflow((int64_t)v, unit->ns, &ns) &&
	       !__builtin_add_overflow(ns, more, &ns) && !__builtin_add_overflow(*total, ns, total);
}

bool duration_parse(struct str text, int64_t *ret_ns)
{
	int64_t total = 0;

	if (text.len == 0)
		return false;
	if (str_eqz(text, "0"))
		text.len = 0;
	while (text.len)
		if (!take_part(&text, &total) || total > DURATION_MAX_NS)
			return false;
	if (total % NS_PER_MS)
		return false;
	*ret_ns = total;
	return true;
}

void duration_print(int64_t ns, struct buf *out)
{
	int64_t s = ns / NS_PER_S;

	if (ns % NS_PER_S) {
		buf_add_fmt(out, "%" PRId64 "ms", ns / NS_PER_MS);
		return;
	}
	if (s == 0)
		buf_add_cstr(out, "0s");
	if (s >= 3600)
		buf_add_fmt(out, "%" PRId64 "h", s / 3600);
	if (s / 60 % 60)
		buf_add_fmt(out, "%" PRId64 "m", s / 60 % 60);
	if (s % 60)
		buf_add_fmt(out, "%" PRId64 "s", s % 60);
}
