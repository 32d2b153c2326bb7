/* SPDX-License-Identifier: MIT
 *
 * sprig's dates and durations. A date may be a time or a number of seconds since 1970; what is
 * neither counts as now. Layouts and zone names are Go's; an unknown zone counts as UTC.
 */
#include "config.h"

#include "template/funcs.h"

#include "base/clock.h"
#include "template/format/number.h"
#include "template/format/time.h"

#define SECOND INT64_C(1000000000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)
#define MONTH  (30 * DAY)
#define YEAR   (365 * DAY)

/* The moment with a reading of the process's clock, which starts at 1 when it is first asked. */
static struct go_time now(void)
{
	static int64_t start;
	int64_t ns = clock_real_ns(), mono = clock_mono_ns();
	struct go_time t = time_at(ns / SECOND, (int32_t)(ns % SECOND), zone_local());

	if (!start)
		start = mono - 1;
	t.mono = mono - start;
	return t;
}

/* The moment that v means. int32 is one of the types that count as seconds for some functions. */
static struct go_time moment(struct value v, bool int32_too)
{
	const struct go_time *t = v.rec;

	if (value_type(v) == &type_time)
		return *t;
	if (!value_is_none(v) && value_type(v)->kind == KIND_POINTER &&
		value_type(v)->elem == &type_time && t)
		return *t;
	if (value_type(v) == &type_int || value_type(v) == &type_int64 ||
		(int32_too && value_type(v) == &type_int32))
		return time_at(v.i, 0, zone_local());
	return now();
}

static struct value time_value(struct call *c, struct go_time t)
{
	return value_rec(&type_time, arena_memdup(c->arena, &t, sizeof(t)));
}

/* --- showing ----------------------------------------------------------------------------- */

static bool show(
	struct call *c, struct str layout, struct value date, struct str zone, struct value *ret)
{
	const struct location *loc = NULL;
	struct error err = ERROR_INIT;
	struct go_time t = moment(date, true);
	struct buf *b = call_buf(c);

	if (!zone_load(zone, &loc, &err)) {
		error_clear(&err);
		loc = NULL;
	}
	t = time_in(&t, loc);
	time_add(b, &t, layout);
	return call_return_buf(c, b, ret);
}

#define HTML_LAYOUT STR("2006-01-02")
#define LOCAL	    STR("Local")

static bool date_date(struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return show(c, value_as_str(args[0]), args[1], LOCAL, ret);
}

static bool date_in_zone(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return show(c, value_as_str(args[0]), args[1], value_as_str(args[2]), ret);
}

static bool date_html(struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return show(c, HTML_LAYOUT, args[0], LOCAL, ret);
}

static bool date_html_in_zone(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	return show(c, HTML_LAYOUT, args[0], value_as_str(args[1]), ret);
}

static bool date_unix_epoch(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	const struct go_time *t = args[0].rec;

	*ret = value_str(arena_fmt(c->arena, "%lld", (long long)t->sec));
	return true;
}

/* --- reading, moving ------------------------------------------------------------------------ */

static bool date_now(
	struct call *c, const struct value *args UNUSED, size_t n UNUSED, struct value *ret)
{
	*ret = time_value(c, now());
	return true;
}

static bool date_to_date(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct error err = ERROR_INIT;
	struct go_time t = GO_TIME_ZERO;

	if (!time_parse_in(
		    c->arena, value_as_str(args[0]), value_as_str(args[1]), zone_local(), &t, &err))
		error_clear(&err);
	*ret = time_value(c, t);
	return true;
}

static bool date_must_to_date(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct error err = ERROR_INIT;
	struct go_time t;

	if (!time_parse_in(
		    c->arena, value_as_str(args[0]), value_as_str(args[1]), zone_local(), &t, &err))
		return call_fail_error(c, &err);
	*ret = time_value(c, t);
	return true;
}

/* args: duration, time. A bad duration moves nothing. */
static bool date_modify(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct error err = ERROR_INIT;
	int64_t ns = 0;

	*ret = args[1];
	if (!go_duration_parse(value_as_str(args[0]), &ns, &err)) {
		error_clear(&err);
		return true;
	}
	*ret = time_value(c, time_plus(args[1].rec, ns));
	return true;
}

static bool date_must_modify(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct error err = ERROR_INIT;
	int64_t ns;

	if (!go_duration_parse(value_as_str(args[0]), &ns, &err))
		return call_fail_error(c, &err);
	*ret = time_value(c, time_plus(args[1].rec, ns));
	return true;
}

/* --- durations ---------------------------------------------------------------------------------
 */

static int64_t since(const struct go_time *t)
{
	struct go_time current = now();

	return time_minus(&current, t);
}

static bool return_duration(struct call *c, int64_t ns, struct value *ret)
{
	struct buf *b = call_buf(c);

	go_duration_add(b, ns);
	return call_return_buf(c, b, ret);
}

static bool date_ago(struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	struct go_time t = moment(args[0], false);

	return return_duration(c, go_duration_round(since(&t), SECOND), ret);
}

/* Seconds as a string or an int64, which is what the arithmetic functions give; all else is 0. */
static bool date_duration(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	int64_t seconds = 0;

	if (value_type(args[0]) == &type_int64)
		seconds = args[0].i;
	else if (value_type(args[0]) == &type_string &&
		 int_parse(value_as_str(args[0]), 10, 64, &seconds) == NUMBER_SYNTAX)
		seconds = 0;
	return return_duration(c, (int64_t)((uint64_t)seconds * (uint64_t)SECOND), ret);
}

/* The duration that v means: a text, nanoseconds, or the time since then. */
static int64_t rough_duration(struct value v)
{
	struct error err = ERROR_INIT;
	int64_t ns = 0;

	if (value_type(v) == &type_int64)
		return v.i;
	if (value_type(v) == &type_time)
		return since(v.rec);
	if (value_type(v) == &type_string && !go_duration_parse(value_as_str(v), &ns, &err)) {
		error_clear(&err);
		return 0;
	}
	return ns;
}

/* The largest unit of which there is more than one, without a sign. */
static bool date_duration_round(
	struct call *c, const struct value *args, size_t n UNUSED, struct value *ret)
{
	static const struct {
		int64_t ns;
		const char *name;
	} units[] = {
		{YEAR, "y"}, {MONTH, "mo"}, {DAY, "d"}, {HOUR, "h"}, {MINUTE, "m"}, {SECOND, "s"}};
	int64_t ns = rough_duration(args[0]);
	uint64_t size = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;

	*ret = value_str(STR("0s"));
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		uint64_t unit = (uint64_t)units[i].ns;

		if (size <= unit)
			continue;
		*ret = value_str(arena_fmt(
			c->arena, "%llu%s", (unsigned long long)(size / unit), units[i].name));
		break;
	}
	return true;
}

/* --- table ----------------------------------------------------------------------------- */

#define VALUE	FUNC_ARGS(&type_any)
#define IN_ZONE FUNC_ARGS(&type_string, &type_any, &type_string)
#define MODIFY	FUNC_ARGS(&type_string, &type_time)
#define TO_DATE FUNC_ARGS(&type_string, &type_string)
#define HTML_IN FUNC_ARGS(&type_any, &type_string)

static const struct func rows[] = {
	{STR_INIT("ago"), date_ago, VALUE, &type_string, FUNC_VOLATILE},
	{STR_INIT("date"), date_date, FUNC_ARGS(&type_string, &type_any), &type_string, 0},
	{STR_INIT("dateInZone"), date_in_zone, IN_ZONE, &type_string, 0},
	{STR_INIT("dateModify"), date_modify, MODIFY, &type_time, 0},
	{STR_INIT("date_in_zone"), date_in_zone, IN_ZONE, &type_string, 0},
	{STR_INIT("date_modify"), date_modify, MODIFY, &type_time, 0},
	{STR_INIT("duration"), date_duration, VALUE, &type_string, 0},
	{STR_INIT("durationRound"), date_duration_round, VALUE, &type_string, FUNC_VOLATILE},
	{STR_INIT("htmlDate"), date_html, VALUE, &type_string, 0},
	{STR_INIT("htmlDateInZone"), date_html_in_zone, HTML_IN, &type_string, 0},
	{STR_INIT("mustDateModify"), date_must_modify, MODIFY, &type_time, 0},
	{STR_INIT("mustToDate"), date_must_to_date, TO_DATE, &type_time, 0},
	{STR_INIT("must_date_modify"), date_must_modify, MODIFY, &type_time, 0},
	{STR_INIT("now"), date_now, FUNC_NONE, &type_time, FUNC_VOLATILE},
	{STR_INIT("toDate"), date_to_date, TO_DATE, &type_time, 0},
	{STR_INIT("unixEpoch"), date_unix_epoch, FUNC_ARGS(&type_time), &type_string, 0},
};

const struct func_table funcs_date = {rows, ARRAY_LEN(rows)};
