/* SPDX-License-Identifier: MIT
 *
 * Go's time.Time: a moment, and the location that it is shown in. The model's .Created and the date
 * functions' values are of this type; what can be done with one (layouts, zones, methods) is the
 * template room's.
 */
#ifndef UD_VALUE_TIME_H
#define UD_VALUE_TIME_H

#include "value/value.h"

struct location; /* a time zone with its rules, defined where zones are read */

struct go_time {
	int64_t sec;		    /* since 1970-01-01 00:00:00 UTC */
	int32_t nsec;		    /* 0..999999999 */
	int32_t offset;		    /* seconds east of UTC that it is shown with */
	const struct location *loc; /* NULL: UTC if !fixed, else a nameless fixed offset */
	bool fixed;
	int64_t mono; /* reading of the process's own clock in ns, 0: none; only printing shows it */
};

/* The zero time.Time, 0001-01-01 00:00:00 UTC. */
#define GO_TIME_ZERO ((struct go_time){.sec = -62135596800})

/* A calendar's fields, proleptic Gregorian. */
struct civil_time {
	int64_t year;
	int month, day; /* from 1 */
	int hour, minute, second, nsec;
};

/* time.Time; its memory is a struct go_time. */
extern const struct type type_time;

static inline bool go_time_is_zero(const struct go_time *t)
{
	return t->sec == GO_TIME_ZERO.sec && t->nsec == 0;
}

/* Fields of t in its own offset. */
void go_time_civil(const struct go_time *t, struct civil_time *ret);
/* Days from 1970-01-01 to a date; month 1..12, day may lie outside its month. */
int64_t civil_days(int64_t year, int month, int64_t day);
/* RFC 3339 with nanoseconds as times are encoded; false if t has none. */
bool go_time_rfc3339(struct arena *a, const struct go_time *t, struct str *ret,
	struct error *err) MUSTCHECK;
/* What String() gives for UTC and fixed offsets: "2006-01-02 15:04:05.999999999 -0700 MST". */
struct str go_time_text(struct arena *a, const struct go_time *t, const char *zone);

#endif
