/* SPDX-License-Identifier: MIT
 *
 * Reads the elements of a layout from text, see time_fields.h: one function per kind of element,
 * and a table that tells which.
 */
#include "config.h"

#include "template/format/time_fields.h"

#include "template/format/time.h"

#define MINUTE	  60
#define HOUR	  3600
#define NS_DIGITS 9
/* Two-digit years from here on are of the last century. */
#define CENTURY_PIVOT 69

typedef bool (*reader)(struct time_fields *p, const struct layout_part *part);

static bool is_digit_at(struct str s, size_t i)
{
	return i < s.len && s.p[i] >= '0' && s.p[i] <= '9';
}

static void skip(struct time_fields *p, size_t n)
{
	p->text = str_sub(p->text, n, p->text.len);
}

/* All of s as a decimal number with an optional sign. */
bool time_read_integer(struct str s, int *ret)
{
	bool sign = s.len && (s.p[0] == '-' || s.p[0] == '+');
	int n = 0;

	for (size_t i = sign; i < s.len; i++) {
		if (!is_digit_at(s, i))
			return false;
		n = n * 10 + (s.p[i] - '0');
	}
	*ret = s.len && s.p[0] == '-' ? -n : n;
	return true;
}

/* One or two digits, two if fixed. */
static bool take_number(struct time_fields *p, bool fixed, int *ret)
{
	*ret = 0;
	if (!is_digit_at(p->text, 0))
		return false;
	if (!is_digit_at(p->text, 1)) {
		if (fixed)
			return false;
		*ret = p->text.p[0] - '0';
		skip(p, 1);
		return true;
	}
	*ret = (p->text.p[0] - '0') * 10 + (p->text.p[1] - '0');
	skip(p, 2);
	return true;
}

static bool check_range(struct time_fields *p, int value, int min, int max, const char *field)
{
	if (value < min || value > max)
		p->out_of_range = field;
	return true;
}

static bool read_year(struct time_fields *p, const struct layout_part *part)
{
	bool full = part->element == LAYOUT_LONG_YEAR;
	size_t len = full ? 4 : 2;
	int year;

	if (p->text.len < len || (full && !is_digit_at(p->text, 0)))
		return false;
	if (!time_read_integer(str_sub(p->text, 0, len), &year))
		return false;
	skip(p, len);
	p->year = full ? year : year >= CENTURY_PIVOT ? year + 1900 : year + 2000;
	return true;
}

/* One of n names, whatever their case, or the first three letters of one; which one to *ret. */
static bool take_name(
	struct time_fields *p, struct str (*name)(int i), int first, int last, bool full, int *ret)
{
	for (int i = first; i <= last; i++) {
		struct str want = name(i);

		if (!full)
			want = str_sub(want, 0, 3);
		if (p->text.len >= want.len && str_eq_nocase(str_sub(p->text, 0, want.len), want)) {
			skip(p, want.len);
			*ret = i;
			return true;
		}
	}
	return false;
}

static bool read_month_name(struct time_fields *p, const struct layout_part *part)
{
	bool full = part->element == LAYOUT_LONG_MONTH;

	return take_name(p, time_month_name, 1, 12, full, &p->month);
}

static bool read_month(struct time_fields *p, const struct layout_part *part)
{
	return take_number(p, part->element == LAYOUT_ZERO_MONTH, &p->month) &&
	       check_range(p, p->month, 1, 12, "month");
}

/* The day of the week is read and forgotten. */
static bool read_weekday(struct time_fields *p, const struct layout_part *part)
{
	bool full = part->element == LAYOUT_LONG_WEEKDAY;
	int weekday;

	return take_name(p, time_weekday_name, 0, 6, full, &weekday);
}

static bool read_day(struct time_fields *p, const struct layout_part *part)
{
	if (part->element == LAYOUT_SPACE_DAY && p->text.len && p->text.p[0] == ' ')
		skip(p, 1);
	return take_number(p, part->element == LAYOUT_ZERO_DAY, &p->day);
}

static bool read_year_day(struct time_fields *p, const struct layout_part *part)
{
	bool fixed = part->element == LAYOUT_ZERO_YEAR_DAY;
	size_t n = 0;
	int day = 0;

	for (int i = 0; i < 2 && !fixed && p->text.len && p->text.p[0] == ' '; i++)
		skip(p, 1);
	for (; n < 3 && is_digit_at(p->text, n); n++)
		day = day * 10 + (p->text.p[n] - '0');
	if (n == 0 || (fixed && n != 3))
		return false;
	skip(p, n);
	p->year_day = day;
	return true;
}

static bool read_hour(struct time_fields *p, const struct layout_part *part)
{
	bool full = part->element == LAYOUT_HOUR;

	return take_number(p, part->element == LAYOUT_ZERO_HOUR12, &p->hour) &&
	       check_range(p, p->hour, 0, full ? 23 : 12, "hour");
}

static bool read_minute(struct time_fields *p, const struct layout_part *part)
{
	return take_number(p, part->element == LAYOUT_ZERO_MINUTE, &p->minute) &&
	       check_range(p, p->minute, 0, 59, "minute");
}

/* A point or comma and digits, len bytes in all; digits beyond nanoseconds are dropped. */
static bool take_fraction(struct time_fields *p, size_t len)
{
	struct str s = str_sub(p->text, 1, len);
	int ns;

	if (p->text.p[0] != '.' && p->text.p[0] != ',')
		return false;
	s = str_sub(s, 0, NS_DIGITS);
	if (!time_read_integer(s, &ns))
		return false;
	if (ns < 0)
		p->out_of_range = "fractional second";
	for (size_t i = s.len; i < NS_DIGITS; i++)
		ns *= 10;
	p->nsec = ns;
	skip(p, len);
	return true;
}

/* Length of a point or comma with digits behind it, 0 if there is none. */
static size_t fraction_len(struct str s)
{
	size_t n = 1;

	if (s.len < 2 || (s.p[0] != '.' && s.p[0] != ',') || !is_digit_at(s, 1))
		return 0;
	while (is_digit_at(s, n))
		n++;
	return n;
}

/* Seconds; a fraction behind them counts although the layout has none. */
static bool read_second(struct time_fields *p, const struct layout_part *part)
{
	struct str layout = p->layout;
	struct layout_part next = layout_next(&layout);
	size_t len;

	if (!take_number(p, part->element == LAYOUT_ZERO_SECOND, &p->second))
		return false;
	check_range(p, p->second, 0, 59, "second");
	len = fraction_len(p->text);
	if (p->out_of_range || !len || next.element == LAYOUT_FRACTION ||
		next.element == LAYOUT_FRACTION_TRIM)
		return true;
	return take_fraction(p, len);
}

static bool read_pm(struct time_fields *p, const struct layout_part *part)
{
	bool lower = part->element == LAYOUT_LOWER_PM;
	struct str s = str_sub(p->text, 0, 2);

	if (str_eqz(s, lower ? "pm" : "PM"))
		p->pm = true;
	else if (str_eqz(s, lower ? "am" : "AM"))
		p->am = true;
	else
		return false;
	skip(p, 2);
	return true;
}

/* The two digits at offset at of an offset's text. */
static bool offset_digits(struct str s, size_t at, int *ret)
{
	if (!is_digit_at(s, at) || !is_digit_at(s, at + 1))
		return false;
	*ret = (s.p[at] - '0') * 10 + (s.p[at + 1] - '0');
	return true;
}

/* Whether there is a colon before each two digits but the first. */
static bool has_colons(struct str s)
{
	for (size_t at = 3; at < s.len; at += 3)
		if (s.p[at] != ':')
			return false;
	return true;
}

static bool read_offset(struct time_fields *p, const struct layout_part *part)
{
	size_t step = part->colon ? 3 : 2, len = 3 + (part->minutes + part->seconds) * step;
	struct str s = str_sub(p->text, 0, len);
	int hours = 0, minutes = 0, seconds = 0;
	bool ok;

	if (part->z && p->text.len && p->text.p[0] == 'Z') {
		p->utc = true;
		skip(p, 1);
		return true;
	}
	if (s.len < len || (part->colon && !has_colons(s)))
		return false;
	skip(p, len);
	ok = offset_digits(s, 1, &hours) &&
	     (!part->minutes || offset_digits(s, 1 + step, &minutes)) &&
	     (!part->seconds || offset_digits(s, 1 + 2 * step, &seconds));
	/* People do write 24 hours, 60 minutes and 60 seconds. */
	check_range(p, hours, 0, 24, "time zone offset hour");
	check_range(p, minutes, 0, 60, "time zone offset minute");
	check_range(p, seconds, 0, 60, "time zone offset second");
	p->offset = hours * HOUR + minutes * MINUTE + seconds;
	if (s.p[0] == '-')
		p->offset = -p->offset;
	return ok && (s.p[0] == '+' || s.p[0] == '-');
}

/* Length of a sign with hours up to 23 behind it, 0 if there is none. */
static size_t signed_hours_len(struct str s)
{
	size_t n = 1;
	int hours = 0;

	if (s.len == 0 || (s.p[0] != '+' && s.p[0] != '-'))
		return 0;
	for (; is_digit_at(s, n); n++) {
		hours = hours * 10 + (s.p[n] - '0');
		if (hours > 23)
			return 0;
	}
	return n > 1 ? n : 0;
}

/* Length of what looks like a zone's abbreviation, 0 if there is none: three capital letters, or
 * four or five that end in T, and some that are not so regular. */
static size_t zone_name_len(struct str s)
{
	size_t capitals = 0;

	if (s.len < 3)
		return 0;
	if (str_has_prefix(s, STR("ChST")) || str_has_prefix(s, STR("MeST")))
		return 4;
	if (str_has_prefix(s, STR("GMT")))
		return 3 + signed_hours_len(str_sub(s, 3, s.len));
	if (s.p[0] == '+' || s.p[0] == '-')
		return signed_hours_len(s);
	while (capitals < 6 && capitals < s.len && s.p[capitals] >= 'A' && s.p[capitals] <= 'Z')
		capitals++;
	switch (capitals) {
	case 3:
		return 3;
	case 4:
		return s.p[3] == 'T' || str_has_prefix(s, STR("WITA")) ? 4 : 0;
	case 5:
		return s.p[4] == 'T' ? 5 : 0;
	default:
		return 0;
	}
}

static bool read_zone_name(struct time_fields *p, const struct layout_part *part)
{
	size_t len;

	(void)part;
	if (str_has_prefix(p->text, STR("UTC"))) {
		p->utc = true;
		skip(p, 3);
		return true;
	}
	len = zone_name_len(p->text);
	if (!len)
		return false;
	p->zone = str_sub(p->text, 0, len);
	skip(p, len);
	return true;
}

/* Exactly as many digits as the layout has. */
static bool read_fraction(struct time_fields *p, const struct layout_part *part)
{
	if (p->text.len < part->digits + 1)
		return false;
	return take_fraction(p, part->digits + 1);
}

/* Any number of digits, or none. */
static bool read_optional_fraction(struct time_fields *p, const struct layout_part *part)
{
	size_t len = fraction_len(p->text);

	(void)part;
	return len == 0 || take_fraction(p, len);
}

static const reader readers[] = {
	[LAYOUT_LONG_MONTH] = read_month_name,
	[LAYOUT_MONTH] = read_month_name,
	[LAYOUT_NUM_MONTH] = read_month,
	[LAYOUT_ZERO_MONTH] = read_month,
	[LAYOUT_LONG_WEEKDAY] = read_weekday,
	[LAYOUT_WEEKDAY] = read_weekday,
	[LAYOUT_DAY] = read_day,
	[LAYOUT_SPACE_DAY] = read_day,
	[LAYOUT_ZERO_DAY] = read_day,
	[LAYOUT_SPACE_YEAR_DAY] = read_year_day,
	[LAYOUT_ZERO_YEAR_DAY] = read_year_day,
	[LAYOUT_HOUR] = read_hour,
	[LAYOUT_HOUR12] = read_hour,
	[LAYOUT_ZERO_HOUR12] = read_hour,
	[LAYOUT_MINUTE] = read_minute,
	[LAYOUT_ZERO_MINUTE] = read_minute,
	[LAYOUT_SECOND] = read_second,
	[LAYOUT_ZERO_SECOND] = read_second,
	[LAYOUT_LONG_YEAR] = read_year,
	[LAYOUT_YEAR] = read_year,
	[LAYOUT_PM] = read_pm,
	[LAYOUT_LOWER_PM] = read_pm,
	[LAYOUT_ZONE_NAME] = read_zone_name,
	[LAYOUT_OFFSET] = read_offset,
	[LAYOUT_FRACTION] = read_fraction,
	[LAYOUT_FRACTION_TRIM] = read_optional_fraction,
};

bool time_read_element(struct time_fields *p, const struct layout_part *part)
{
	return readers[part->element](p, part);
}
