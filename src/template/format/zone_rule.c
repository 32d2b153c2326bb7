/* SPDX-License-Identifier: MIT
 *
 * The POSIX rule at the end of a zone file ("CET-1CEST,M3.5.0,M10.5.0/3"), which says what holds
 * after the last change that the file lists.
 */
#include "config.h"

#include "template/format/wrap.h"
#include "template/format/zone_data.h"
#include "value/time.h"

#define MINUTE 60
#define HOUR   3600
#define DAY    86400
/* Hours of an offset or a time of day; zone files go beyond POSIX. */
#define HOURS_MAX (24 * 7)
/* When the clock changes unless the rule says when. */
#define DEFAULT_TIME (2 * HOUR)
/* Shortest abbreviation. */
#define NAME_MIN 3

/* A day of the year on which the clock changes. */
struct rule_day {
	enum { JULIAN, DAY_OF_YEAR, MONTH_WEEK_DAY } kind;
	int day, week, month;
	int time; /* seconds after the day's begin */
};

struct rule {
	struct str std_name, dst_name;
	int std_offset, dst_offset;
	bool has_dst;
	struct rule_day begin, end; /* of daylight saving time */
};

static char peek(struct str s)
{
	return s.len ? s.p[0] : '\0';
}

static void skip(struct str *s, size_t n)
{
	*s = str_sub(*s, n, s->len);
}

/* Takes c from the front of s if it is there. */
static bool take_char(struct str *s, char c)
{
	if (s->len == 0 || s->p[0] != c)
		return false;
	skip(s, 1);
	return true;
}

/* A decimal number in min..max. */
static bool take_number(struct str *s, int min, int max, int *ret)
{
	int n = 0;
	size_t digits = 0;

	for (; digits < s->len && s->p[digits] >= '0' && s->p[digits] <= '9'; digits++) {
		n = n * 10 + (s->p[digits] - '0');
		if (n > max)
			return false;
	}
	if (digits == 0 || n < min)
		return false;
	skip(s, digits);
	*ret = n;
	return true;
}

/* An abbreviation: letters, or anything between < and >. */
static bool take_name(struct str *s, struct str *ret)
{
	size_t len = 0;

	if (take_char(s, '<')) {
		ssize_t end = str_chr(*s, '>');

		if (end < 0)
			return false;
		*ret = str_sub(*s, 0, (size_t)end);
		skip(s, (size_t)end + 1);
		return true;
	}
	while (len < s->len && !memchr("0123456789,-+", s->p[len], 13))
		len++;
	if (len < NAME_MIN)
		return false;
	*ret = str_sub(*s, 0, len);
	skip(s, len);
	return true;
}

/* [+-]hh[:mm[:ss]] in seconds. */
static bool take_offset(struct str *s, int *ret)
{
	bool negative = peek(*s) == '-';
	int hours, minutes = 0, seconds = 0, total;

	if (negative || peek(*s) == '+')
		skip(s, 1);
	if (!take_number(s, 0, HOURS_MAX, &hours))
		return false;
	if (take_char(s, ':')) {
		if (!take_number(s, 0, 59, &minutes))
			return false;
		if (take_char(s, ':') && !take_number(s, 0, 59, &seconds))
			return false;
	}
	total = hours * HOUR + minutes * MINUTE + seconds;
	*ret = negative ? -total : total;
	return true;
}

/* Jn, n or Mm.w.d, with an optional /time. */
static bool take_day(struct str *s, struct rule_day *ret)
{
	struct rule_day d = {.kind = DAY_OF_YEAR, .time = DEFAULT_TIME};
	bool ok;

	if (take_char(s, 'J')) {
		d.kind = JULIAN;
		ok = take_number(s, 1, 365, &d.day);
	} else if (take_char(s, 'M')) {
		d.kind = MONTH_WEEK_DAY;
		ok = take_number(s, 1, 12, &d.month) && take_char(s, '.') &&
		     take_number(s, 1, 5, &d.week) && take_char(s, '.') &&
		     take_number(s, 0, 6, &d.day);
	} else {
		ok = take_number(s, 0, 365, &d.day);
	}
	if (ok && take_char(s, '/'))
		ok = take_offset(s, &d.time);
	*ret = d;
	return ok;
}

/* The part about daylight saving time, all of s. */
static bool parse_dst(struct str s, struct rule *r)
{
	r->has_dst = true;
	if (!take_name(&s, &r->dst_name))
		return false;
	r->dst_offset = r->std_offset + HOUR;
	if (s.len > 0 && s.p[0] != ',') {
		if (!take_offset(&s, &r->dst_offset))
			return false;
		r->dst_offset = -r->dst_offset;
	}
	if (s.len == 0)
		s = STR(",M3.2.0,M11.1.0");
	if (!take_char(&s, ',') && !take_char(&s, ';'))
		return false;
	return take_day(&s, &r->begin) && take_char(&s, ',') && take_day(&s, &r->end) && !s.len;
}

static bool parse_rule(struct str s, struct rule *r)
{
	*r = (struct rule){.has_dst = false};
	if (!take_name(&s, &r->std_name) || !take_offset(&s, &r->std_offset))
		return false;
	/* The rule says what is to be added to local time, we what is to be added to UTC. */
	r->std_offset = -r->std_offset;
	return s.len == 0 || s.p[0] == ',' || parse_dst(s, r);
}

static bool is_leap(int64_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Day of the year, from 0, on which the week-th weekday d->day of the month falls. */
static int64_t month_week_day(int64_t year, const struct rule_day *d)
{
	int64_t first = civil_days(year, d->month, 1);
	int64_t next =
		d->month == 12 ? civil_days(year + 1, 1, 1) : civil_days(year, d->month + 1, 1);
	/* 1970-01-01 was a Thursday. */
	int64_t weekday = ((first + 4) % 7 + 7) % 7;
	int64_t day = first + (d->day - weekday + 7) % 7;

	for (int week = 1; week < d->week && day + 7 < next; week++)
		day += 7;
	return day - civil_days(year, 1, 1);
}

/* Seconds from the begin of the year, in UTC, at which the clock changes from offset. */
static int64_t change_time(int64_t year, const struct rule_day *d, int offset)
{
	int64_t day = d->day;

	if (d->kind == JULIAN)
		day += is_leap(year) && d->day >= 60 ? 0 : -1;
	else if (d->kind == MONTH_WEEK_DAY)
		day = month_week_day(year, d);
	return day * DAY + d->time - offset;
}

/* The part of the year that sec, seconds after the begin of it at base, falls into. */
static void lookup_in_year(
	const struct rule *r, int64_t year, int64_t base, int64_t sec, struct zone *ret)
{
	struct zone outer = {.name = r->std_name, .offset = r->std_offset, .dst = false};
	struct zone inner = {.name = r->dst_name, .offset = r->dst_offset, .dst = true};
	int64_t begin = change_time(year, &r->begin, r->std_offset);
	int64_t end = change_time(year, &r->end, r->dst_offset);

	if (end < begin) {
		/* South of the equator the year begins and ends in summer. */
		struct zone swap = outer;
		int64_t moment = begin;

		outer = inner;
		inner = swap;
		begin = end;
		end = moment;
	}
	if (sec < begin) {
		*ret = outer;
		ret->start = base;
		ret->end = wrap_add(base, begin);
	} else if (sec >= end) {
		*ret = outer;
		ret->start = wrap_add(base, end);
		ret->end = wrap_add(base, (int64_t)365 * DAY);
	} else {
		*ret = inner;
		ret->start = wrap_add(base, begin);
		ret->end = wrap_add(base, end);
	}
}

bool zone_rule_lookup(struct str rule, int64_t last, int64_t sec, struct zone *ret)
{
	struct go_time t = {.sec = sec};
	struct civil_time c;
	struct rule r;
	int64_t base;

	if (!parse_rule(rule, &r))
		return false;
	if (!r.has_dst) {
		*ret = (struct zone){.name = r.std_name,
			.offset = r.std_offset,
			.start = last,
			.end = ZONE_OMEGA};
		return true;
	}
	go_time_civil(&t, &c);
	base = wrap_mul(civil_days(c.year, 1, 1), DAY);
	lookup_in_year(&r, c.year, base, wrap_sub(sec, base), ret);
	return true;
}
