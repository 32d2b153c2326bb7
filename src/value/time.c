/* SPDX-License-Identifier: MIT
 *
 * Calendar arithmetic and plain text of struct go_time, see time.h.
 */
#include "config.h"

#include "value/time.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define DAY_SECONDS   86400
#define ERA_YEARS     400
#define ERA_DAYS      146097 /* of 400 years */
#define DAYS_TO_EPOCH 719468 /* from 0000-03-01 to 1970-01-01 */
/* Go counts seconds from this many years (a multiple of an era) before 0000-03-01 and wraps around
 * beyond 64 bits: what lies before them is shown as far in the future. */
#define FIRST_YEARS     INT64_C(292277022400)
#define EPOCH_IN_SECONDS                                                                           \
	((uint64_t)(FIRST_YEARS / ERA_YEARS * ERA_DAYS + DAYS_TO_EPOCH) * DAY_SECONDS)

/* Division that rounds down, and its rest. */
static int64_t floor_div(int64_t a, int64_t b, int64_t *rest)
{
	int64_t q = a / b, r = a % b;

	if (r < 0) {
		r += b;
		q--;
	}
	*rest = r;
	return q;
}

int64_t civil_days(int64_t year, int month, int64_t day)
{
	/* Years start in March, so that the leap day is the last one. */
	int64_t of_era, era = floor_div(month <= 2 ? year - 1 : year, ERA_YEARS, &of_era);
	int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

	of_year += of_era * 365 + of_era / 4 - of_era / 100 - DAYS_TO_EPOCH;
	return (int64_t)((uint64_t)era * ERA_DAYS + (uint64_t)of_year);
}

void go_time_civil(const struct go_time *t, struct civil_time *ret)
{
	uint64_t absolute = (uint64_t)t->sec + (uint64_t)(int64_t)t->offset + EPOCH_IN_SECONDS;
	int64_t second = (int64_t)(absolute % DAY_SECONDS), days = (int64_t)(absolute / DAY_SECONDS);
	int64_t era = days / ERA_DAYS, day = days % ERA_DAYS, year, of_year, shifted;

	year = (day - day / 1460 + day / 36524 - day / (ERA_DAYS - 1)) / 365;
	of_year = day - (365 * year + year / 4 - year / 100);
	shifted = (5 * of_year + 2) / 153; /* month, March is 0 */
	ret->day = (int)(of_year - (153 * shifted + 2) / 5 + 1);
	ret->month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
	ret->year = era * ERA_YEARS + year + (ret->month <= 2) - FIRST_YEARS;
	ret->hour = (int)(second / 3600);
	ret->minute = (int)(second / 60 % 60);
	ret->second = (int)(second % 60);
	ret->nsec = t->nsec;
}

/* The fraction of a second as ".5", without trailing zeros; empty if it is 0. */
static void write_fraction(char out[16], int nsec)
{
	int len;

	out[0] = '\0';
	if (nsec == 0)
		return;
	len = snprintf(out, 16, ".%09d", nsec);
	while (out[len - 1] == '0')
		out[--len] = '\0';
}

struct str go_time_text(struct arena *a, const struct go_time *t, const char *zone)
{
	struct civil_time c;
	char fraction[16], offset[16];
	int minutes = abs(t->offset / 60);

	go_time_civil(t, &c);
	write_fraction(fraction, c.nsec);
	snprintf(offset, sizeof(offset), "%c%02d%02d", t->offset < 0 ? '-' : '+', minutes / 60,
		minutes % 60);
	return arena_fmt(a, "%s%04" PRId64 "-%02d-%02d %02d:%02d:%02d%s %s %s",
		c.year < 0 ? "-" : "", c.year < 0 ? -c.year : c.year, c.month, c.day, c.hour,
		c.minute, c.second, fraction, offset, zone ? zone : offset);
}

static struct str time_string(struct arena *a, struct value v)
{
	const struct go_time *t = v.rec;

	return go_time_text(a, t, t->loc || t->fixed ? NULL : "UTC");
}

bool go_time_rfc3339(struct arena *a, const struct go_time *t, struct str *ret, struct error *err)
{
	char fraction[16], offset[16] = "Z";
	int minutes = abs(t->offset / 60);
	struct civil_time c;

	go_time_civil(t, &c);
	if (c.year < 0 || c.year > 9999)
		return error_set(err, "year outside of range [0,9999]");
	if (minutes >= 24 * 60)
		return error_set(err, "timezone hour outside of range [0,23]");
	write_fraction(fraction, c.nsec);
	if (t->offset)
		snprintf(offset, sizeof(offset), "%c%02d:%02d", t->offset < 0 ? '-' : '+',
			minutes / 60, minutes % 60);
	*ret = arena_fmt(a, "%04" PRId64 "-%02d-%02dT%02d:%02d:%02d%s%s", c.year, c.month, c.day,
		c.hour, c.minute, c.second, fraction, offset);
	return true;
}

static bool time_json(struct arena *a, struct value v, struct str *ret, struct error *err)
{
	return go_time_rfc3339(a, v.rec, ret, err) || error_prepend(err, "Time.MarshalJSON: ");
}

/* Names that Go has, over our members: so moments are compared, and an attempt to read a field is
 * refused as in Go. The location counts by identity, a nameless one by its offset. */
static const struct field time_fields[] = {
	{STR_INIT("wall"), &type_int32, offsetof(struct go_time, nsec)},
	{STR_INIT("ext"), &type_int64, offsetof(struct go_time, sec)},
	{STR_INIT("loc"), sizeof(void *) == 8 ? &type_uint64 : &type_uint32,
		offsetof(struct go_time, loc)},
	{STR_INIT("loc"), &type_int32, offsetof(struct go_time, offset)},
};

const struct type type_time = {
	.kind = KIND_STRUCT,
	.size = sizeof(struct go_time),
	.name = "time.Time",
	.fields = time_fields,
	.n_fields = sizeof(time_fields) / sizeof(time_fields[0]),
	.stringer = time_string,
	.json_text = time_json,
};
