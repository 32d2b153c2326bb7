/* SPDX-License-Identifier: MIT
 *
 * Methods of time.Time and of the types that they return, see time_methods.h. Each reads its
 * arguments by the members of their declared types, which the caller has checked.
 */
#include "config.h"

#include "template/format/time_methods.h"

#include "template/format/time.h"
#include "template/format/time_encode.h"
#include "template/funcs.h"

#define MILLISECOND 1000000
#define SECOND	    (INT64_C(1000) * MILLISECOND)
#define MINUTE	    (60 * SECOND)
#define HOUR	    (60 * MINUTE)

#define METHOD(id)                                                                                 \
	static bool id(struct call *c UNUSED, struct value recv UNUSED,                            \
		const struct value *args UNUSED, size_t n UNUSED, struct value *ret UNUSED)
#define NO_ARGS	   NULL, 0, false
#define ONE_ARG(t) (const struct type *const[]){t}, 1, false
#define ROW(go, id, args, t)                                                                       \
	{                                                                                          \
		STR_INIT(go), id, args, t, false                                                   \
	}

static const struct go_time *time_of(struct value v)
{
	return v.rec;
}

/* A moment as a value in the call's arena. */
static struct value time_value(struct call *c, struct go_time t)
{
	return value_rec(&type_time, arena_memdup(c->arena, &t, sizeof(t)));
}

static struct civil_time fields_of(struct value v)
{
	struct civil_time fields;

	go_time_civil(v.rec, &fields);
	return fields;
}

/* The text that add appends, as the call's result. */
static bool return_text(struct call *c, void (*add)(struct buf *out, const struct go_time *t),
	struct value recv, struct value *ret)
{
	struct buf *b = call_buf(c);

	add(b, recv.rec);
	return call_return_buf(c, b, ret);
}

METHOD(time_Add)
{
	*ret = time_value(c, time_plus(recv.rec, args[0].i));
	return true;
}

METHOD(time_AddDate)
{
	*ret = time_value(c, time_plus_date(recv.rec, args[0].i, args[1].i, args[2].i));
	return true;
}

METHOD(time_After)
{
	*ret = value_bool(time_compare(recv.rec, args[0].rec) > 0);
	return true;
}

METHOD(time_Before)
{
	*ret = value_bool(time_compare(recv.rec, args[0].rec) < 0);
	return true;
}

METHOD(time_Compare)
{
	*ret = value_int(time_compare(recv.rec, args[0].rec));
	return true;
}

METHOD(time_Day)
{
	*ret = value_int(fields_of(recv).day);
	return true;
}

METHOD(time_Equal)
{
	*ret = value_bool(time_compare(recv.rec, args[0].rec) == 0);
	return true;
}

METHOD(time_Format)
{
	struct buf *b = call_buf(c);

	time_add(b, recv.rec, value_as_str(args[0]));
	return call_return_buf(c, b, ret);
}

METHOD(time_GoString)
{
	return return_text(c, time_add_go_syntax, recv, ret);
}

METHOD(time_Hour)
{
	*ret = value_int(fields_of(recv).hour);
	return true;
}

METHOD(time_In)
{
	if (!args[0].rec)
		return call_fail(c, "time: missing Location in call to Time.In");
	*ret = time_value(c, time_in(recv.rec, args[0].rec));
	return true;
}

METHOD(time_IsDST)
{
	struct zone z;

	zone_lookup(time_of(recv)->loc, time_of(recv)->sec, &z);
	*ret = value_bool(z.dst);
	return true;
}

METHOD(time_IsZero)
{
	*ret = value_bool(go_time_is_zero(recv.rec));
	return true;
}

METHOD(time_Local)
{
	*ret = time_value(c, time_in(recv.rec, zone_local()));
	return true;
}

METHOD(time_Location)
{
	const struct go_time *t = recv.rec;
	const struct location *loc = t->loc;

	if (!loc)
		loc = t->fixed ? zone_fixed(c->arena, STR(""), t->offset) : zone_utc();
	*ret = value_rec(&type_location_pointer, loc);
	return true;
}

METHOD(time_Minute)
{
	*ret = value_int(fields_of(recv).minute);
	return true;
}

METHOD(time_Month)
{
	*ret = (struct value){.head = TYPE_HEAD(&type_month), .i = fields_of(recv).month};
	return true;
}

METHOD(time_Nanosecond)
{
	*ret = value_int(time_of(recv)->nsec);
	return true;
}

METHOD(time_Round)
{
	*ret = time_value(c, time_round(recv.rec, args[0].i));
	return true;
}

METHOD(time_Second)
{
	*ret = value_int(fields_of(recv).second);
	return true;
}

METHOD(time_String)
{
	return return_text(c, time_add_string, recv, ret);
}

METHOD(time_Sub)
{
	*ret = value_duration(time_minus(recv.rec, args[0].rec));
	return true;
}

METHOD(time_Truncate)
{
	*ret = time_value(c, time_truncate(recv.rec, args[0].i));
	return true;
}

METHOD(time_UTC)
{
	*ret = time_value(c, time_in(recv.rec, NULL));
	return true;
}

/* t in units of which there are per_second, wrapping around. */
static struct value unix_value(const struct go_time *t, int64_t per_second)
{
	uint64_t n = (uint64_t)t->sec * (uint64_t)per_second;

	n += (uint64_t)(t->nsec / (SECOND / per_second));
	return (struct value){.head = TYPE_HEAD(&type_int64), .i = (int64_t)n};
}

METHOD(time_Unix)
{
	*ret = unix_value(recv.rec, 1);
	return true;
}

METHOD(time_UnixMicro)
{
	*ret = unix_value(recv.rec, 1000000);
	return true;
}

METHOD(time_UnixMilli)
{
	*ret = unix_value(recv.rec, 1000);
	return true;
}

METHOD(time_UnixNano)
{
	*ret = unix_value(recv.rec, SECOND);
	return true;
}

METHOD(time_Weekday)
{
	*ret = (struct value){.head = TYPE_HEAD(&type_weekday), .i = time_weekday(recv.rec)};
	return true;
}

METHOD(time_Year)
{
	*ret = value_int(fields_of(recv).year);
	return true;
}

METHOD(time_YearDay)
{
	*ret = value_int(time_year_day(recv.rec));
	return true;
}

/* Methods with results that templates cannot take. */

METHOD(time_Date)
{
	return call_fail(c, "function Date has 3 return values; should be 1 or 2");
}

METHOD(time_Clock)
{
	return call_fail(c, "function Clock has 3 return values; should be 1 or 2");
}

METHOD(time_ISOWeek)
{
	return call_fail(c, "invalid function signature for ISOWeek: second return value should "
			    "be error; is int");
}

METHOD(time_Zone)
{
	return call_fail(c, "invalid function signature for Zone: second return value should be "
			    "error; is int");
}

METHOD(time_ZoneBounds)
{
	return call_fail(c, "invalid function signature for ZoneBounds: second return value should "
			    "be error; is time.Time");
}

#define BYTES_AND_LAYOUT (const struct type *const[]){&type_bytes, &type_string}, 2, false
#define THREE_INTS (const struct type *const[]){&type_int, &type_int, &type_int}, 3, false

static const struct method time_rows[] = {
	ROW("Add", time_Add, ONE_ARG(&type_duration), &type_time),
	ROW("AddDate", time_AddDate, THREE_INTS, &type_time),
	ROW("After", time_After, ONE_ARG(&type_time), &type_bool),
	ROW("AppendBinary", time_AppendBinary, ONE_ARG(&type_bytes), &type_bytes),
	ROW("AppendFormat", time_AppendFormat, BYTES_AND_LAYOUT, &type_bytes),
	ROW("AppendText", time_AppendText, ONE_ARG(&type_bytes), &type_bytes),
	ROW("Before", time_Before, ONE_ARG(&type_time), &type_bool),
	ROW("Clock", time_Clock, NO_ARGS, NULL),
	ROW("Compare", time_Compare, ONE_ARG(&type_time), &type_int),
	ROW("Date", time_Date, NO_ARGS, NULL),
	ROW("Day", time_Day, NO_ARGS, &type_int),
	ROW("Equal", time_Equal, ONE_ARG(&type_time), &type_bool),
	ROW("Format", time_Format, ONE_ARG(&type_string), &type_string),
	ROW("GoString", time_GoString, NO_ARGS, &type_string),
	ROW("GobEncode", time_MarshalBinary, NO_ARGS, &type_bytes),
	ROW("Hour", time_Hour, NO_ARGS, &type_int),
	ROW("ISOWeek", time_ISOWeek, NO_ARGS, NULL),
	ROW("In", time_In, ONE_ARG(&type_location_pointer), &type_time),
	ROW("IsDST", time_IsDST, NO_ARGS, &type_bool),
	ROW("IsZero", time_IsZero, NO_ARGS, &type_bool),
	ROW("Local", time_Local, NO_ARGS, &type_time),
	ROW("Location", time_Location, NO_ARGS, &type_location_pointer),
	ROW("MarshalBinary", time_MarshalBinary, NO_ARGS, &type_bytes),
	ROW("MarshalJSON", time_MarshalJSON, NO_ARGS, &type_bytes),
	ROW("MarshalText", time_MarshalText, NO_ARGS, &type_bytes),
	ROW("Minute", time_Minute, NO_ARGS, &type_int),
	ROW("Month", time_Month, NO_ARGS, &type_month),
	ROW("Nanosecond", time_Nanosecond, NO_ARGS, &type_int),
	ROW("Round", time_Round, ONE_ARG(&type_duration), &type_time),
	ROW("Second", time_Second, NO_ARGS, &type_int),
	ROW("String", time_String, NO_ARGS, &type_string),
	ROW("Sub", time_Sub, ONE_ARG(&type_time), &type_duration),
	ROW("Truncate", time_Truncate, ONE_ARG(&type_duration), &type_time),
	ROW("UTC", time_UTC, NO_ARGS, &type_time),
	ROW("Unix", time_Unix, NO_ARGS, &type_int64),
	ROW("UnixMicro", time_UnixMicro, NO_ARGS, &type_int64),
	ROW("UnixMilli", time_UnixMilli, NO_ARGS, &type_int64),
	ROW("UnixNano", time_UnixNano, NO_ARGS, &type_int64),
	ROW("Weekday", time_Weekday, NO_ARGS, &type_weekday),
	ROW("Year", time_Year, NO_ARGS, &type_int),
	ROW("YearDay", time_YearDay, NO_ARGS, &type_int),
	ROW("Zone", time_Zone, NO_ARGS, NULL),
	ROW("ZoneBounds", time_ZoneBounds, NO_ARGS, NULL),
};

/* A type that has the methods of time.Time, to search them like those of any other. */
static const struct type time_with_methods = {.kind = KIND_STRUCT,
	.name = "time.Time",
	.methods = time_rows,
	.n_methods = ARRAY_LEN(time_rows)};

const struct method *time_method(struct str name)
{
	return type_method(&time_with_methods, name);
}

/* --- durations ------------------------------------------------------------------- */

METHOD(duration_Abs)
{
	int64_t ns = recv.i;

	*ret = value_duration(ns >= 0 ? ns : ns == INT64_MIN ? INT64_MAX : -ns);
	return true;
}

/* ns in units; whole units and the rest are added up as Go does, for the same rounding. */
static struct value float_units(int64_t ns, int64_t unit)
{
	return value_float((double)(ns / unit) + (double)(ns % unit) / (double)unit);
}

METHOD(duration_Hours)
{
	*ret = float_units(recv.i, HOUR);
	return true;
}

METHOD(duration_Minutes)
{
	*ret = float_units(recv.i, MINUTE);
	return true;
}

METHOD(duration_Seconds)
{
	*ret = float_units(recv.i, SECOND);
	return true;
}

METHOD(duration_Microseconds)
{
	*ret = (struct value){.head = TYPE_HEAD(&type_int64), .i = recv.i / 1000};
	return true;
}

METHOD(duration_Milliseconds)
{
	*ret = (struct value){.head = TYPE_HEAD(&type_int64), .i = recv.i / MILLISECOND};
	return true;
}

METHOD(duration_Nanoseconds)
{
	*ret = (struct value){.head = TYPE_HEAD(&type_int64), .i = recv.i};
	return true;
}

METHOD(duration_Round)
{
	*ret = value_duration(go_duration_round(recv.i, args[0].i));
	return true;
}

METHOD(duration_Truncate)
{
	*ret = value_duration(go_duration_truncate(recv.i, args[0].i));
	return true;
}

static struct str duration_text(struct arena *a, struct value v)
{
	struct buf b;
	struct str s;
	char *room = arena_alloc(a, DURATION_TEXT_MAX);

	buf_init(&b, DURATION_TEXT_MAX);
	go_duration_add(&b, v.i);
	memcpy(room, b.data, b.len);
	s = str_n(room, b.len);
	buf_release(&b);
	return s;
}

/* A String method: the text that the type prints with. */
METHOD(stringer_String)
{
	*ret = value_str(value_type(recv)->stringer(c->arena, recv));
	return true;
}

static const struct method duration_rows[] = {
	ROW("Abs", duration_Abs, NO_ARGS, &type_duration),
	ROW("Hours", duration_Hours, NO_ARGS, &type_float64),
	ROW("Microseconds", duration_Microseconds, NO_ARGS, &type_int64),
	ROW("Milliseconds", duration_Milliseconds, NO_ARGS, &type_int64),
	ROW("Minutes", duration_Minutes, NO_ARGS, &type_float64),
	ROW("Nanoseconds", duration_Nanoseconds, NO_ARGS, &type_int64),
	ROW("Round", duration_Round, ONE_ARG(&type_duration), &type_duration),
	ROW("Seconds", duration_Seconds, NO_ARGS, &type_float64),
	ROW("String", stringer_String, NO_ARGS, &type_string),
	ROW("Truncate", duration_Truncate, ONE_ARG(&type_duration), &type_duration),
};
const struct type type_duration = {.kind = KIND_INT64,
	.size = sizeof(int64_t),
	.name = "time.Duration",
	.methods = duration_rows,
	.n_methods = ARRAY_LEN(duration_rows),
	.stringer = duration_text};

/* --- months, weekdays, locations ---------------------------------------------------- */

static const struct method string_rows[] = {
	ROW("String", stringer_String, NO_ARGS, &type_string),
};

static struct str month_text(struct arena *a, struct value v)
{
	if (v.i < 1 || v.i > 12)
		return arena_fmt(a, "%%!Month(%lld)", (long long)v.i);
	return time_month_name((int)v.i);
}

static struct str weekday_text(struct arena *a, struct value v)
{
	if (v.i < 0 || v.i > 6)
		return arena_fmt(a, "%%!Weekday(%lld)", (long long)v.i);
	return time_weekday_name((int)v.i);
}

static struct str location_text(struct arena *a UNUSED, struct value v)
{
	return zone_location_name(v.rec);
}

#define NAMED_INT(id, go)                                                                          \
	const struct type type_##id = {.kind = KIND_INT,                                           \
		.size = sizeof(int64_t),                                                           \
		.name = (go),                                                                      \
		.methods = string_rows,                                                            \
		.n_methods = ARRAY_LEN(string_rows),                                               \
		.stringer = id##_text}

NAMED_INT(month, "time.Month");
NAMED_INT(weekday, "time.Weekday");

static const struct method location_rows[] = {
	{STR_INIT("String"), stringer_String, NO_ARGS, &type_string, true},
};
const struct type type_location = {.kind = KIND_STRUCT,
	.name = "time.Location",
	.methods = location_rows,
	.n_methods = ARRAY_LEN(location_rows),
	.stringer = location_text};
const struct type type_location_pointer = {.kind = KIND_POINTER,
	.size = sizeof(void *),
	.name = "*time.Location",
	.elem = &type_location};
