/* SPDX-License-Identifier: MIT
 *
 * Durations to text and back, see time.h.
 */
#include "config.h"

#include "template/format/time.h"

#include "template/format/layout.h"
#include "template/format/number.h"

#define MICROSECOND UINT64_C(1000)
#define MILLISECOND (1000 * MICROSECOND)
#define SECOND	    (1000 * MILLISECOND)
#define MINUTE	    (60 * SECOND)
#define HOUR	    (60 * MINUTE)
/* Nanoseconds of the longest duration, the negative one. */
#define LONGEST (UINT64_C(1) << 63)
/* Input in an error message is cut to this. */
#define QUOTED_MAX 65536

static const struct {
	const char *name;
	uint64_t ns;
} units[] = {
	{"ns", 1},
	{"us", MICROSECOND},
	{"\xc2\xb5s", MICROSECOND}, /* micro sign */
	{"\xce\xbcs", MICROSECOND}, /* Greek mu */
	{"ms", MILLISECOND},
	{"s", SECOND},
	{"m", MINUTE},
	{"h", HOUR},
};

/* Appends u / scale with all digits that it needs. */
static void add_decimal(struct buf *out, uint64_t u, uint64_t scale)
{
	uint64_t rest = u % scale;

	uint_add(out, u / scale, 10);
	if (rest)
		buf_add_char(out, '.');
	while (rest) {
		scale /= 10;
		buf_add_char(out, (char)('0' + rest / scale));
		rest %= scale;
	}
}

void go_duration_add(struct buf *out, int64_t ns)
{
	uint64_t u = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;

	if (ns < 0)
		buf_add_char(out, '-');
	if (u == 0 || u >= SECOND) {
		if (u >= HOUR) {
			uint_add(out, u / HOUR, 10);
			buf_add_char(out, 'h');
		}
		if (u >= MINUTE) {
			uint_add(out, u / MINUTE % 60, 10);
			buf_add_char(out, 'm');
		}
		add_decimal(out, u % MINUTE, SECOND);
		buf_add_char(out, 's');
		return;
	}
	if (u < MICROSECOND) {
		uint_add(out, u, 10);
		buf_add_cstr(out, "ns");
	} else if (u < MILLISECOND) {
		add_decimal(out, u, MICROSECOND);
		buf_add_cstr(out, "\xc2\xb5s");
	} else {
		add_decimal(out, u, MILLISECOND);
		buf_add_cstr(out, "ms");
	}
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool fail(struct error *err, const char *what, struct str unit, struct str all)
{
	struct buf text;

	buf_init(&text, QUOTED_MAX);
	buf_add_fmt(&text, "time: %s ", what);
	if (unit.len) {
		layout_quote(&text, str_sub(unit, 0, QUOTED_MAX / 16));
		buf_add_cstr(&text, " in duration ");
	}
	layout_quote(&text, str_sub(all, 0, QUOTED_MAX / 16));
	error_set(err, "%s", buf_cstr(&text));
	buf_release(&text);
	return false;
}

/* Whole digits at the front of *s; false if the number is too large for a duration. */
static bool take_whole(struct str *s, uint64_t *ret)
{
	uint64_t u = 0;
	size_t i = 0;

	for (; i < s->len && is_digit(s->p[i]); i++) {
		if (u > LONGEST / 10)
			return false;
		u = u * 10 + (uint64_t)(s->p[i] - '0');
		if (u > LONGEST)
			return false;
	}
	*s = str_sub(*s, i, s->len);
	*ret = u;
	return true;
}

/* Digits behind the point: *ret / *scale. Those beyond what fits add nothing. */
static void take_fraction(struct str *s, uint64_t *ret, double *scale)
{
	bool fits = true;
	size_t i = 0;

	*ret = 0;
	*scale = 1;
	for (; i < s->len && is_digit(s->p[i]); i++) {
		uint64_t next = *ret * 10 + (uint64_t)(s->p[i] - '0');

		fits = fits && *ret <= (LONGEST - 1) / 10 && next <= LONGEST;
		if (!fits)
			continue;
		*ret = next;
		*scale *= 10;
	}
	*s = str_sub(*s, i, s->len);
}

/* The name of a unit: all up to the next number. */
static struct str take_unit(struct str *s)
{
	struct str name;
	size_t i = 0;

	while (i < s->len && s->p[i] != '.' && !is_digit(s->p[i]))
		i++;
	name = str_sub(*s, 0, i);
	*s = str_sub(*s, i, s->len);
	return name;
}

/* Nanoseconds of a unit, 0 if there is no such unit. */
static uint64_t unit_size(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(units); i++)
		if (str_eqz(name, units[i].name))
			return units[i].ns;
	return 0;
}

/* One number with its unit from the front of *s; all is the whole text, for errors. */
static bool take_part(struct str *s, struct str all, uint64_t *ret, struct error *err)
{
	uint64_t whole, fraction = 0, unit;
	size_t before = s->len;
	double scale = 1;
	bool digits;
	struct str name;

	if ((s->p[0] != '.' && !is_digit(s->p[0])) || !take_whole(s, &whole))
		return fail(err, "invalid duration", STR(""), all);
	digits = s->len != before;
	if (s->len && s->p[0] == '.') {
		*s = str_n(s->p + 1, s->len - 1);
		before = s->len;
		take_fraction(s, &fraction, &scale);
		digits = digits || s->len != before;
	}
	if (!digits)
		return fail(err, "invalid duration", STR(""), all);
	name = take_unit(s);
	if (!name.len)
		return fail(err, "missing unit in duration", STR(""), all);
	unit = unit_size(name);
	if (!unit)
		return fail(err, "unknown unit", name, all);
	if (whole > LONGEST / unit)
		return fail(err, "invalid duration", STR(""), all);
	*ret = whole * unit;
	if (fraction)
		*ret += (uint64_t)((double)fraction * ((double)unit / scale));
	if (*ret > LONGEST)
		return fail(err, "invalid duration", STR(""), all);
	return true;
}

bool go_duration_parse(struct str s, int64_t *ret, struct error *err)
{
	bool negative = s.len && s.p[0] == '-';
	uint64_t sum = 0, part = 0;
	struct str all = s;

	if (negative || (s.len && s.p[0] == '+'))
		s = str_n(s.p + 1, s.len - 1);
	if (str_eqz(s, "0")) {
		*ret = 0;
		return true;
	}
	if (s.len == 0)
		return fail(err, "invalid duration", STR(""), all);
	while (s.len) {
		if (!take_part(&s, all, &part, err))
			return false;
		sum += part;
		if (sum > LONGEST)
			return fail(err, "invalid duration", STR(""), all);
	}
	if (!negative && sum == LONGEST)
		return fail(err, "invalid duration", STR(""), all);
	*ret = (int64_t)(negative ? 0 - sum : sum);
	return true;
}
