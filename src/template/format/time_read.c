/* SPDX-License-Identifier: MIT
 *
 * Reads times in layouts, see time.h: literal text here, elements in time_fields.c. The fields are
 * put together and checked against the calendar at the end.
 */
#include "config.h"

#include "template/format/time.h"

#include "template/format/layout.h"
#include "template/format/time_fields.h"

#include <stdio.h>

#define HOUR 3600
/* Input in an error message is cut to this. */
#define QUOTED_MAX 65536
static void skip(struct time_fields *p, size_t n)
{
	p->text = str_sub(p->text, n, p->text.len);
}

/* Takes the literal from the front of the text; a run of spaces matches any run of spaces. */
static bool take_literal(struct time_fields *p, struct str literal)
{
	size_t i = 0;

	while (i < literal.len) {
		if (literal.p[i] == ' ') {
			if (p->text.len && p->text.p[0] != ' ')
				return false;
			while (i < literal.len && literal.p[i] == ' ')
				i++;
			while (p->text.len && p->text.p[0] == ' ')
				skip(p, 1);
			continue;
		}
		if (!p->text.len || p->text.p[0] != literal.p[i])
			return false;
		i++;
		skip(p, 1);
	}
	return true;
}

/* An error about the whole text, then message and, if it is not empty, a quotation. */
static bool fail(struct error *err, struct str text, const char *message, struct str quotation)
{
	struct buf b;

	buf_init(&b, QUOTED_MAX);
	buf_add_cstr(&b, "parsing time ");
	layout_quote(&b, str_sub(text, 0, QUOTED_MAX / 16));
	buf_add_fmt(&b, ": %s", message);
	if (quotation.len)
		layout_quote(&b, str_sub(quotation, 0, QUOTED_MAX / 16));
	error_set(err, "%s", buf_cstr(&b));
	buf_release(&b);
	return false;
}

static bool fail_element(
	struct error *err, struct str text, struct str layout, struct str got, struct str want)
{
	struct buf b;

	buf_init(&b, QUOTED_MAX);
	buf_add_cstr(&b, "parsing time ");
	layout_quote(&b, str_sub(text, 0, QUOTED_MAX / 32));
	buf_add_cstr(&b, " as ");
	layout_quote(&b, str_sub(layout, 0, QUOTED_MAX / 32));
	buf_add_cstr(&b, ": cannot parse ");
	layout_quote(&b, str_sub(got, 0, QUOTED_MAX / 32));
	buf_add_cstr(&b, " as ");
	layout_quote(&b, str_sub(want, 0, QUOTED_MAX / 32));
	error_set(err, "%s", buf_cstr(&b));
	buf_release(&b);
	return false;
}

/* Reads all elements into *p. */
static bool read_elements(
	struct time_fields *p, struct str layout, struct str text, struct error *err)
{
	for (;;) {
		struct layout_part part = layout_next(&p->layout);
		char message[64];
		struct str hold;
		bool ok;

		if (!take_literal(p, part.literal))
			return fail_element(err, text, layout, p->text, part.literal);
		if (part.element == LAYOUT_NONE)
			break;
		hold = p->text;
		ok = time_read_element(p, &part);
		if (p->out_of_range) {
			snprintf(message, sizeof(message), "%s out of range", p->out_of_range);
			return fail(err, text, message, STR(""));
		}
		if (!ok)
			return fail_element(err, text, layout, hold, part.text);
	}
	if (p->text.len)
		return fail(err, text, "extra text: ", p->text);
	return true;
}

static bool is_leap(int64_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_in(int64_t year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* Month and day from the day of the year; what was read of them must agree. */
static bool resolve_year_day(struct time_fields *p, struct str text, struct error *err)
{
	int month = 1, day = p->year_day;

	if (day < 1 || day > 365 + is_leap(p->year))
		return fail(err, text, "day-of-year out of range", STR(""));
	while (day > days_in(p->year, month))
		day -= days_in(p->year, month++);
	if (p->month >= 0 && p->month != month)
		return fail(err, text, "day-of-year does not match month", STR(""));
	if (p->day >= 0 && p->day != day)
		return fail(err, text, "day-of-year does not match day", STR(""));
	p->month = month;
	p->day = day;
	return true;
}

static bool resolve_date(struct time_fields *p, struct str text, struct error *err)
{
	if (p->year_day >= 0) {
		if (!resolve_year_day(p, text, err))
			return false;
	} else {
		if (p->month < 0)
			p->month = 1;
		if (p->day < 0)
			p->day = 1;
	}
	if (p->day < 1 || p->day > days_in(p->year, p->month))
		return fail(err, text, "day out of range", STR(""));
	return true;
}

/* A moment whose offset was read: shown in here if it fits, else in a fixed offset. */
static struct go_time with_offset(
	struct arena *a, const struct time_fields *p, struct go_time t, const struct location *here)
{
	struct zone z;

	t.sec -= p->offset;
	zone_lookup(here, t.sec, &z);
	if (z.offset == p->offset && (!p->zone.len || str_eq(z.name, p->zone)))
		return time_in(&t, here);
	if (p->zone.len)
		return time_in(&t, zone_fixed(a, p->zone, p->offset));
	t.offset = p->offset;
	t.fixed = true;
	return t;
}

/* A moment of which only the zone's abbreviation was read. One that here does not know counts as
 * UTC; what stands behind GMT is then the offset it is shown with. */
static struct go_time with_zone_name(
	struct arena *a, const struct time_fields *p, struct go_time t, const struct location *here)
{
	int offset = 0, hours = 0;

	if (zone_find_name(here, p->zone, t.sec, &offset)) {
		t.sec -= offset;
		return time_in(&t, here);
	}
	if (p->zone.len > 3 && str_has_prefix(p->zone, STR("GMT")) &&
		time_read_integer(str_sub(p->zone, 3, p->zone.len), &hours))
		offset = hours * HOUR;
	return time_in(&t, zone_fixed(a, p->zone, offset));
}

static bool parse(struct arena *a, struct str layout, struct str text,
	const struct location *zoneless, const struct location *here, struct go_time *ret,
	struct error *err)
{
	struct time_fields p = {.text = text,
		.layout = layout,
		.month = -1,
		.day = -1,
		.year_day = -1,
		.offset = -1};
	struct civil_time c;
	struct go_time t;

	if (!read_elements(&p, layout, text, err))
		return false;
	if (p.pm && p.hour < 12)
		p.hour += 12;
	else if (p.am && p.hour == 12)
		p.hour = 0;
	if (!resolve_date(&p, text, err))
		return false;
	c = (struct civil_time){.year = p.year,
		.month = p.month,
		.day = p.day,
		.hour = p.hour,
		.minute = p.minute,
		.second = p.second,
		.nsec = p.nsec};
	t = time_of_clock(&c, NULL);
	if (p.utc)
		*ret = t;
	else if (p.offset != -1)
		*ret = with_offset(a, &p, t, here);
	else if (p.zone.len)
		*ret = with_zone_name(a, &p, t, here);
	else
		*ret = time_of_clock(&c, zoneless);
	return true;
}

bool time_parse_in(struct arena *a, struct str layout, struct str text, const struct location *here,
	struct go_time *ret, struct error *err)
{
	return parse(a, layout, text, here, here, ret, err);
}

bool time_parse(
	struct arena *a, struct str layout, struct str text, struct go_time *ret, struct error *err)
{
	return parse(a, layout, text, NULL, zone_local(), ret, err);
}
