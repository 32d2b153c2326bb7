/* SPDX-License-Identifier: MIT
 *
 * Arithmetic on moments and durations, see time.h.
 */
#include "config.h"

#include "template/format/time.h"

#include "template/format/wrap.h"

#define NS_PER_SECOND 1000000000

/* Wide enough for every moment in nanoseconds. */
__extension__ typedef __int128 wide;

/* t at another moment, shown in the same location. */
static struct go_time move_to(const struct go_time *t, int64_t sec, int32_t nsec)
{
	struct go_time moved = *t;

	if (t->loc)
		return time_at(sec, nsec, t->loc);
	moved.sec = sec;
	moved.nsec = nsec;
	moved.mono = 0;
	return moved;
}

struct go_time time_plus(const struct go_time *t, int64_t ns)
{
	int64_t sec = wrap_add(t->sec, ns / NS_PER_SECOND);
	int64_t nsec = t->nsec + ns % NS_PER_SECOND;
	struct go_time moved;

	if (nsec >= NS_PER_SECOND) {
		sec = wrap_add(sec, 1);
		nsec -= NS_PER_SECOND;
	} else if (nsec < 0) {
		sec = wrap_add(sec, -1);
		nsec += NS_PER_SECOND;
	}
	moved = move_to(t, sec, (int32_t)nsec);
	moved.mono = t->mono ? wrap_add(t->mono, ns) : 0;
	return moved;
}

int64_t time_minus(const struct go_time *a, const struct go_time *b)
{
	wide ns = ((wide)a->sec - b->sec) * NS_PER_SECOND + (a->nsec - b->nsec);

	if (ns > INT64_MAX)
		return INT64_MAX;
	return ns < INT64_MIN ? INT64_MIN : (int64_t)ns;
}

int time_compare(const struct go_time *a, const struct go_time *b)
{
	if (a->sec != b->sec)
		return a->sec < b->sec ? -1 : 1;
	return (a->nsec > b->nsec) - (a->nsec < b->nsec);
}

struct go_time time_plus_date(const struct go_time *t, int64_t years, int64_t months, int64_t days)
{
	struct civil_time c;
	int64_t month, day, sec;
	struct go_time moved;

	go_time_civil(t, &c);
	month = wrap_add(c.month - 1, months % 12);
	years = wrap_add(years, months / 12);
	if (month < 0 || month >= 12) {
		years = wrap_add(years, month < 0 ? -1 : 1);
		month += month < 0 ? 12 : -12;
	}
	day = civil_days(wrap_add(c.year, years), (int)month + 1, c.day);
	day = wrap_add(day, days);
	sec = wrap_mul(day, 86400);
	sec = wrap_add(sec, c.hour * 3600 + c.minute * 60 + c.second);
	if (t->loc)
		return time_at(wrap_sub(sec, zone_offset_of_clock(t->loc, sec)), t->nsec, t->loc);
	moved = *t;
	moved.sec = wrap_sub(sec, t->offset);
	return moved;
}

/* How far t lies behind a multiple of ns > 0. */
static int64_t time_rest(const struct go_time *t, int64_t ns)
{
	wide since = ((wide)t->sec - GO_TIME_ZERO.sec) * NS_PER_SECOND + t->nsec;
	int64_t rest = (int64_t)(since % ns);

	return rest < 0 ? rest + ns : rest;
}

struct go_time time_truncate(const struct go_time *t, int64_t ns)
{
	return ns > 0 ? time_plus(t, -time_rest(t, ns)) : *t;
}

/* Whether rest is less than half of m > 0. */
static bool below_half(int64_t rest, int64_t m)
{
	return (uint64_t)rest + (uint64_t)rest < (uint64_t)m;
}

struct go_time time_round(const struct go_time *t, int64_t ns)
{
	int64_t rest;

	if (ns <= 0)
		return *t;
	rest = time_rest(t, ns);
	return time_plus(t, below_half(rest, ns) ? -rest : ns - rest);
}

int64_t go_duration_truncate(int64_t ns, int64_t m)
{
	return m > 0 ? ns - ns % m : ns;
}

int64_t go_duration_round(int64_t ns, int64_t m)
{
	int64_t rest, rounded;

	if (m <= 0)
		return ns;
	rest = ns % m;
	if (below_half(rest < 0 ? -rest : rest, m))
		return ns - rest;
	if (ns < 0)
		return __builtin_sub_overflow(ns - rest, m, &rounded) ? INT64_MIN : rounded;
	return __builtin_add_overflow(ns - rest, m, &rounded) ? INT64_MAX : rounded;
}
