/* SPDX-License-Identifier: MIT
 *
 * Moments in locations, and their text; see time.h. Arithmetic wraps around as in Go, because
 * templates may ask for any number of seconds.
 */
#include "config.h"

#include "template/format/time.h"

#include "template/format/layout.h"
#include "template/format/wrap.h"

#include <inttypes.h>
#include <stdlib.h>

#define MINUTE	  60
#define HOUR	  3600
#define DAY	  86400
#define NS_DIGITS 9

static const char *const weekday_names[] = {
	"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
static const char *const month_names[] = {"January", "February", "March", "April", "May", "June",
	"July", "August", "September", "October", "November", "December"};

/* a / b rounded down; the rest, 0..b-1, to *rest. */
static int64_t floor_div(int64_t a, int64_t b, int64_t *rest)
{
	int64_t q = a / b;

	*rest = a % b;
	if (*rest < 0) {
		*rest += b;
		q--;
	}
	return q;
}

struct go_time time_at(int64_t sec, int32_t nsec, const struct location *loc)
{
	struct go_time t = {.sec = sec, .nsec = nsec, .loc = loc == zone_utc() ? NULL : loc};
	struct zone z;

	zone_lookup(loc, sec, &z);
	t.offset = z.offset;
	return t;
}

struct go_time time_in(const struct go_time *t, const struct location *loc)
{
	return time_at(t->sec, t->nsec, loc);
}

struct go_time time_of_clock(const struct civil_time *c, const struct location *loc)
{
	int64_t month, nsec, sec, years = floor_div((int64_t)c->month - 1, 12, &month);
	int64_t more = floor_div(c->nsec, 1000000000, &nsec);

	sec = civil_days(wrap_add(c->year, years), (int)month + 1, c->day);
	sec = wrap_mul(sec, DAY);
	sec = wrap_add(sec, (int64_t)c->hour * HOUR + (int64_t)c->minute * MINUTE);
	sec = wrap_add(sec, c->second + more);
	sec = wrap_sub(sec, zone_offset_of_clock(loc, sec));
	return time_at(sec, (int32_t)nsec, loc);
}

int time_weekday(const struct go_time *t)
{
	struct civil_time c;
	int64_t rest;

	go_time_civil(t, &c);
	/* 1970-01-01 was a Thursday. */
	floor_div(wrap_add(civil_days(c.year, c.month, c.day), 4), 7, &rest);
	return (int)rest;
}

int time_year_day(const struct go_time *t)
{
	struct civil_time c;

	go_time_civil(t, &c);
	return (int)(civil_days(c.year, c.month, c.day) - civil_days(c.year, 1, 1)) + 1;
}

struct str time_zone_name(const struct go_time *t)
{
	struct zone z;

	if (!t->loc)
		return t->fixed ? STR("") : STR("UTC");
	zone_lookup(t->loc, t->sec, &z);
	return z.name;
}

struct str time_weekday_name(int weekday)
{
	return str_from(weekday_names[weekday]);
}

struct str time_month_name(int month)
{
	return str_from(month_names[month - 1]);
}

/* Appends n with at least width digits, a minus before them. */
static void add_number(struct buf *out, int64_t n, int width)
{
	if (n < 0)
		buf_add_char(out, '-');
	buf_add_fmt(
		out, "%0*llu", width, (unsigned long long)(n < 0 ? 0 - (uint64_t)n : (uint64_t)n));
}

/* ±hhmm and its variants. */
static void add_offset(struct buf *out, int offset, bool colon, bool minutes, bool seconds)
{
	int abs_minutes = abs(offset / MINUTE);

	/* As Go does, the sign is that of the whole minutes. */
	buf_add_char(out, offset / MINUTE < 0 ? '-' : '+');
	add_number(out, abs_minutes / 60, 2);
	if (colon)
		buf_add_char(out, ':');
	if (minutes)
		add_number(out, abs_minutes % 60, 2);
	if (!seconds)
		return;
	if (colon)
		buf_add_char(out, ':');
	add_number(out, offset / MINUTE < 0 ? -offset % MINUTE : offset % MINUTE, 2);
}

/* A moment and the fields it is shown with. */
struct shown {
	const struct go_time *t;
	struct civil_time c;
};

typedef void (*writer)(struct buf *out, const struct shown *m, const struct layout_part *part);

static void write_month(struct buf *out, const struct shown *m, const struct layout_part *part)
{
	struct str name = time_month_name(m->c.month);

	if (part->element == LAYOUT_LONG_MONTH)
		buf_add_str(out, name);
	else if (part->element == LAYOUT_MONTH)
		buf_add_str(out, str_sub(name, 0, 3));
	else
		add_number(out, m->c.month, part->element == LAYOUT_ZERO_MONTH ? 2 : 1);
}

static void write_weekday(struct buf *out, const struct shown *m, const struct layout_part *part)
{
	struct str name = time_weekday_name(time_weekday(m->t));

	buf_add_str(out, part->element == LAYOUT_WEEKDAY ? str_sub(name, 0, 3) : name);
}

static void write_day(struct buf *out, const struct shown *m, const struct layout_part *part)
{
	if (part->element == LAYOUT_SPACE_DAY && m->c.day < 10)
		buf_add_char(out, ' ');
	add_number(out, m->c.day, part->element == LAYOUT_ZERO_DAY ? 2 : 1);
}

static void write_year_day(struct buf *out, const struct shown *m, const struct layout_part *part)
{
	int day = time_year_day(m->t);

	buf_add_fmt(out, part->element == LAYOUT_ZERO_YEAR_DAY ? "%03d" : "%3d", day);
}

static void write_year(struct buf *out, const struct shown *m, const struct layout_part *part)
{
	if (part->element == LAYOUT_LONG_YEAR)
		add_number(out, m->c.year, 4);
	else
		add_number(out, llabs(m->c.year % 100), 2);
}

static void write_hour(struct buf *out, const struct shown *m, const struct layout_part *part)
{
	int hour12 = m->c.hour % 12 ? m->c.hour % 12 : 12;

	if (part->element == LAYOUT_HOUR)
		add_number(out, m->c.hour, 2);
	else
		add_number(out, hour12, part->element == LAYOUT_ZERO_HOUR12 ? 2 : 1);
}

static void write_minute(struct buf *out, const struct shown *m, const struct layout_part *part)
{
	add_number(out, m->c.minute, part->element == LAYOUT_ZERO_MINUTE ? 2 : 1);
}

static void write_second(struct buf *out, const struct shown *m, const struct layout_part *part)
{
	add_number(out, m->c.second, part->element == LAYOUT_ZERO_SECOND ? 2 : 1);
}

static void write_pm(struct buf *out, const struct shown *m, const struct layout_part *part)
{
	bool lower = part->element == LAYOUT_LOWER_PM;

	if (m->c.hour >= 12)
		buf_add_cstr(out, lower ? "pm" : "PM");
	else
		buf_add_cstr(out, lower ? "am" : "AM");
}

static void write_offset(struct buf *out, const struct shown *m, const struct layout_part *part)
{
	if (part->z && m->t->offset == 0)
		buf_add_char(out, 'Z');
	else
		add_offset(out, m->t->offset, part->colon, part->minutes, part->seconds);
}

static void write_zone_name(struct buf *out, const struct shown *m, const struct layout_part *part)
{
	struct str name = time_zone_name(m->t);

	(void)part;
	if (name.len)
		buf_add_str(out, name);
	else
		add_offset(out, m->t->offset, false, true, false);
}

static void write_fraction(struct buf *out, const struct shown *m, const struct layout_part *part)
{
	char digits[NS_DIGITS];
	size_t n = part->digits < NS_DIGITS ? part->digits : NS_DIGITS;
	int nsec = m->c.nsec;

	for (int i = NS_DIGITS; i-- > 0; nsec /= 10)
		digits[i] = (char)('0' + nsec % 10);
	if (part->element == LAYOUT_FRACTION_TRIM) {
		while (n > 0 && digits[n - 1] == '0')
			n--;
		if (n == 0)
			return;
	}
	buf_add_char(out, part->text.p[0]);
	buf_add(out, digits, n);
}

static const writer writers[] = {
	[LAYOUT_LONG_MONTH] = write_month,
	[LAYOUT_MONTH] = write_month,
	[LAYOUT_NUM_MONTH] = write_month,
	[LAYOUT_ZERO_MONTH] = write_month,
	[LAYOUT_LONG_WEEKDAY] = write_weekday,
	[LAYOUT_WEEKDAY] = write_weekday,
	[LAYOUT_DAY] = write_day,
	[LAYOUT_SPACE_DAY] = write_day,
	[LAYOUT_ZERO_DAY] = write_day,
	[LAYOUT_SPACE_YEAR_DAY] = write_year_day,
	[LAYOUT_ZERO_YEAR_DAY] = write_year_day,
	[LAYOUT_HOUR] = write_hour,
	[LAYOUT_HOUR12] = write_hour,
	[LAYOUT_ZERO_HOUR12] = write_hour,
	[LAYOUT_MINUTE] = write_minute,
	[LAYOUT_ZERO_MINUTE] = write_minute,
	[LAYOUT_SECOND] = write_second,
	[LAYOUT_ZERO_SECOND] = write_second,
	[LAYOUT_LONG_YEAR] = write_year,
	[LAYOUT_YEAR] = write_year,
	[LAYOUT_PM] = write_pm,
	[LAYOUT_LOWER_PM] = write_pm,
	[LAYOUT_ZONE_NAME] = write_zone_name,
	[LAYOUT_OFFSET] = write_offset,
	[LAYOUT_FRACTION] = write_fraction,
	[LAYOUT_FRACTION_TRIM] = write_fraction,
};

void time_add(struct buf *out, const struct go_time *t, struct str layout)
{
	struct shown m = {.t = t};

	go_time_civil(t, &m.c);
	while (layout.len > 0 && !out->full) {
		struct layout_part part = layout_next(&layout);

		buf_add_str(out, part.literal);
		if (part.element != LAYOUT_NONE)
			writers[part.element](out, &m, &part);
	}
}

void time_add_string(struct buf *out, const struct go_time *t)
{
	uint64_t ns = t->mono < 0 ? 0 - (uint64_t)t->mono : (uint64_t)t->mono;

	time_add(out, t, TIME_LAYOUT_STRING);
	if (t->mono)
		buf_add_fmt(out, " m=%c%" PRIu64 ".%09" PRIu64, t->mono < 0 ? '-' : '+',
			ns / 1000000000, ns % 1000000000);
}

void time_add_go_syntax(struct buf *out, const struct go_time *t)
{
	struct civil_time c;

	go_time_civil(t, &c);
	buf_add_fmt(out, "time.Date(%lld, time.%s, %d, %d, %d, %d, %d, ", (long long)c.year,
		month_names[c.month - 1], c.day, c.hour, c.minute, c.second, c.nsec);
	if (!t->loc && !t->fixed) {
		buf_add_cstr(out, "time.UTC");
	} else if (t->loc == zone_local()) {
		buf_add_cstr(out, "time.Local");
	} else {
		buf_add_cstr(out, "time.Location(");
		layout_quote(out, t->loc ? zone_location_name(t->loc) : STR(""));
		buf_add_char(out, ')');
	}
	buf_add_char(out, ')');
}
