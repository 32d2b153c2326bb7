/* SPDX-License-Identifier: MIT
 *
 * RFC 3339 as Go's time.Time.UnmarshalJSON reads it: two digits everywhere, a dot before fractions,
 * an offset below 24:00. Fractions beyond nanoseconds are cut.
 */
#include "config.h"

#include "model/shape.h"

#include "value/time.h"

#define MINUTE 60
#define HOUR   3600
#define DAY    86400

/* Exactly n digits at *s, which moves behind them; within min..max. */
static bool number(struct str *s, size_t n, int min, int max, int *ret)
{
	int v = 0;

	if (s->len < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (s->p[i] < '0' || s->p[i] > '9')
			return false;
		v = v * 10 + (s->p[i] - '0');
	}
	*s = str_sub(*s, n, s->len);
	*ret = v;
	return v >= min && v <= max;
}

static bool literal(struct str *s, char c)
{
	if (s->len == 0 || s->p[0] != c)
		return false;
	*s = str_sub(*s, 1, s->len);
	return true;
}

static int days_in(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap);
}

/* The digits behind the dot, at least one. */
static bool fraction(struct str *s, int32_t *nsec)
{
	int32_t unit = 100000000;
	size_t n = 0;

	for (; n < s->len && s->p[n] >= '0' && s->p[n] <= '9'; n++) {
		*nsec += (s->p[n] - '0') * unit;
		unit /= 10;
	}
	*s = str_sub(*s, n, s->len);
	return n > 0;
}

static bool zone(struct str *s, struct shape_time *t)
{
	int hour, minute, sign;

	if (literal(s, 'Z'))
		return s->len == 0;
	if (literal(s, '+'))
		sign = 1;
	else if (literal(s, '-'))
		sign = -1;
	else
		return false;
	if (!number(s, 2, 0, 23, &hour) || !literal(s, ':') || !number(s, 2, 0, 59, &minute))
		return false;
	t->offset = sign * (hour * HOUR + minute * MINUTE);
	return s->len == 0;
}

bool shape_time_parse(struct str s, struct shape_time *ret)
{
	struct shape_time t = {.set = true};
	int year, month, day, hour, minute, second;

	if (!number(&s, 4, 0, 9999, &year) || !literal(&s, '-') ||
		!number(&s, 2, 1, 12, &month) || !literal(&s, '-') ||
		!number(&s, 2, 1, days_in(year, month), &day) || !literal(&s, 'T'))
		return false;
	if (!number(&s, 2, 0, 23, &hour) || !literal(&s, ':') || !number(&s, 2, 0, 59, &minute) ||
		!literal(&s, ':') || !number(&s, 2, 0, 59, &second))
		return false;
	if (literal(&s, '.') && !fraction(&s, &t.nsec))
		return false;
	if (!zone(&s, &t))
		return false;
	t.sec = civil_days(year, month, day) * DAY + hour * HOUR + minute * MINUTE + second -
		t.offset;
	*ret = t;
	return true;
}
