/* SPDX-License-Identifier: MIT
 *
 * Moments and durations to text and back, as Go's package time does it. Layouts are Go's: how the
 * reference time Mon Jan 2 15:04:05 -0700 2006 would be shown.
 */
#ifndef UD_TEMPLATE_FORMAT_TIME_H
#define UD_TEMPLATE_FORMAT_TIME_H

#include "base/arena.h"
#include "base/base.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"
#include "template/format/zone.h"
#include "value/time.h"

#include <stdbool.h>
#include <stdint.h>

/* Layout of Time.String. */
#define TIME_LAYOUT_STRING STR("2006-01-02 15:04:05.999999999 -0700 MST")
/* Longest text of a duration: "-2562047h47m16.854775808s". */
#define DURATION_TEXT_MAX 25

/* The moment sec (and nsec, 0..999999999) as shown in loc (NULL: UTC). */
struct go_time time_at(int64_t sec, int32_t nsec, const struct location *loc);
/* The same moment shown in loc (Time.In). */
struct go_time time_in(const struct go_time *t, const struct location *loc);
/* The moment at which the clock of loc shows c; fields may lie outside their ranges, as for
 * time.Date. */
struct go_time time_of_clock(const struct civil_time *c, const struct location *loc);
/* Day of the week, 0 is Sunday; day of the year, from 1. */
int time_weekday(const struct go_time *t);
int time_year_day(const struct go_time *t);
/* Name of the zone that t is shown in, "" for a nameless offset. */
struct str time_zone_name(const struct go_time *t);
/* "Sunday" … and "January" …; weekday from 0, month from 1, both in range. */
struct str time_weekday_name(int weekday);
struct str time_month_name(int month);

/* Appends t in layout (Time.Format). */
void time_add(struct buf *out, const struct go_time *t, struct str layout);
/* Appends t as Time.String shows it: with the process's clock ("m=+1.5") if t holds its reading. */
void time_add_string(struct buf *out, const struct go_time *t);
/* Appends t as Go source text (Time.GoString). */
void time_add_go_syntax(struct buf *out, const struct go_time *t);

/* Reads text in layout (time.ParseInLocation with here for both): without a zone in text the
 * moment is the one at which clocks of here show it, zone names are those of here. A location that
 * text makes up lives in a. */
bool time_parse_in(struct arena *a, struct str layout, struct str text, const struct location *here,
	struct go_time *ret, struct error *err) MUSTCHECK;
/* time.Parse: UTC without a zone in text; zone names are those of zone_local. */
bool time_parse(struct arena *a, struct str layout, struct str text, struct go_time *ret,
	struct error *err) MUSTCHECK;

/* --- arithmetic, which wraps around or saturates where Go's does ------------------- */

/* t plus ns nanoseconds (Time.Add). */
struct go_time time_plus(const struct go_time *t, int64_t ns);
/* a minus b in nanoseconds, at most what fits (Time.Sub). */
int64_t time_minus(const struct go_time *a, const struct go_time *b);
/* <0, 0, >0: which moment comes first, however they are shown. */
int time_compare(const struct go_time *a, const struct go_time *b);
/* The same time of day so many years, months and days later (Time.AddDate). */
struct go_time time_plus_date(const struct go_time *t, int64_t years, int64_t months, int64_t days);
/* Rounded to a multiple of ns since the year 1: down, or to the nearest, halves up. */
struct go_time time_truncate(const struct go_time *t, int64_t ns);
struct go_time time_round(const struct go_time *t, int64_t ns);
/* A duration rounded to a multiple of m nanoseconds: towards zero, or to the nearest, halves away
 * from zero. */
int64_t go_duration_truncate(int64_t ns, int64_t m);
int64_t go_duration_round(int64_t ns, int64_t m);

/* Appends a duration of ns nanoseconds, "1h2m3.5s" (Duration.String). */
void go_duration_add(struct buf *out, int64_t ns);
/* Reads "1h2m3.5s" (time.ParseDuration). */
bool go_duration_parse(struct str s, int64_t *ret, struct error *err) MUSTCHECK;

#endif
