/* SPDX-License-Identifier: MIT
 *
 * Layouts, durations and moments at the edges of the calendar. Zones of these tests are made by
 * hand, so that they do not depend on the system's.
 */
#include "config.h"

#include "template/format/time.h"

#include "base/clock.h"
#include "template/format/format.h"
#include "template/format/time_methods.h"

#include <criterion/criterion.h>

#define OUT_MAX 4096

static struct arena arena;
static struct buf out;

static void setup(void)
{
	arena_init(&arena);
	buf_init(&out, OUT_MAX);
}

static void teardown(void)
{
	buf_release(&out);
	arena_release(&arena);
}

TestSuite(time, .init = setup, .fini = teardown);
TestSuite(duration, .init = setup, .fini = teardown);

static void assert_shows(
	int64_t sec, int32_t nsec, const struct location *loc, const char *layout, const char *want)
{
	struct go_time t = time_at(sec, nsec, loc);

	buf_clear(&out);
	time_add(&out, &t, str_from(layout));
	cr_assert_str_eq(buf_cstr(&out), want);
}

static void assert_reads(const char *layout, const char *text, const char *want)
{
	struct error err = ERROR_INIT;
	struct go_time t;

	cr_assert(time_parse_in(&arena, str_from(layout), str_from(text), NULL, &t, &err), "%s: %s",
		text, error_text(&err));
	buf_clear(&out);
	time_add(&out, &t, TIME_LAYOUT_STRING);
	cr_assert_str_eq(buf_cstr(&out), want);
}

static void assert_refuses(const char *layout, const char *text, const char *want)
{
	struct error err = ERROR_INIT;
	struct go_time t;

	cr_assert(!time_parse_in(&arena, str_from(layout), str_from(text), NULL, &t, &err), "%s",
		text);
	cr_assert_str_eq(error_text(&err), want);
	error_clear(&err);
}

/* Friday 2021-01-08 15:04:05.06 UTC. */
#define A_SECOND 1610118245
#define A_NANO	 60000000

Test(time, layout_elements_show_fields)
{
	assert_shows(A_SECOND, A_NANO, NULL, "2006-01-02 15:04:05", "2021-01-08 15:04:05");
	assert_shows(A_SECOND, A_NANO, NULL, "Monday Mon January Jan 1 2 _2 06",
		"Friday Fri January Jan 1 8  8 21");
	assert_shows(A_SECOND, A_NANO, NULL, "3:04PM 03 4 5 pm", "3:04PM 03 4 5 pm");
	assert_shows(A_SECOND, A_NANO, NULL, "002 __2", "008   8");
	assert_shows(A_SECOND, A_NANO, NULL, ".000 ,0 .999 .999999999", ".060 ,0 .06 .06");
	assert_shows(A_SECOND, 0, NULL, "05.999|05.000000000000", "05|05.000000000");
}

Test(time, what_only_resembles_an_element_is_literal)
{
	assert_shows(
		A_SECOND, 0, NULL, "Month Janx _2006 .01 07 Z7 x", "Month Janx _2021 .01 07 Z7 x");
	assert_shows(A_SECOND, 0, NULL, "", "");
}

Test(time, offsets_show_in_all_forms)
{
	const struct location *loc = zone_fixed(&arena, STR("XST"), -(5 * 3600 + 30 * 60 + 15));

	assert_shows(A_SECOND, 0, loc, "15:04:05 MST -0700 -07:00 -07 -070000 -07:00:00",
		"09:33:50 XST -0530 -05:30 -05 -053015 -05:30:15");
	assert_shows(A_SECOND, 0, loc, "Z0700 Z07:00 Z07", "-0530 -05:30 -05");
	assert_shows(A_SECOND, 0, NULL, "Z0700 Z07:00 Z07 Z070000 -0700 MST", "Z Z Z Z +0000 UTC");
	assert_shows(A_SECOND, 0, zone_fixed(&arena, STR(""), 7200), "MST", "+0200");
}

Test(time, calendar_reaches_beyond_our_years)
{
	assert_shows(-62135596800, 0, NULL, "2006-01-02 Mon 002", "0001-01-01 Mon 001");
	assert_shows(-62167219200, 0, NULL, "2006-01-02", "0000-01-01");
	assert_shows(-62198755200, 0, NULL, "2006-01-02 06", "-0001-01-01 01");
	assert_shows(951782400, 0, NULL, "2006-01-02 002 Mon", "2000-02-29 060 Tue");
	assert_shows(INT64_MAX, 0, NULL, "2006-01-02 15:04:05", "292277026596-12-04 15:30:07");
	assert_shows(INT64_MIN, 0, NULL, "2006-01-02 15:04:05", "292277026596-12-04 15:30:08");
}

Test(time, clock_fields_beyond_their_range_carry_over)
{
	struct civil_time c = {.year = 2021,
		.month = 14,
		.day = 31,
		.hour = 25,
		.minute = -1,
		.second = 61,
		.nsec = -1};
	struct go_time t = time_of_clock(&c, NULL);

	buf_clear(&out);
	time_add(&out, &t, TIME_LAYOUT_STRING);
	cr_assert_str_eq(buf_cstr(&out), "2022-03-04 01:00:00.999999999 +0000 UTC");
}

Test(time, go_syntax_names_the_location)
{
	struct go_time t = time_at(A_SECOND, 7, NULL), fixed = t;

	time_add_go_syntax(&out, &t);
	cr_assert_str_eq(buf_cstr(&out), "time.Date(2021, time.January, 8, 15, 4, 5, 7, time.UTC)");
	fixed = time_in(&t, zone_fixed(&arena, STR("A\"\xc3\xa9"), 3600));
	buf_clear(&out);
	time_add_go_syntax(&out, &fixed);
	cr_assert_str_eq(buf_cstr(&out), "time.Date(2021, time.January, 8, 16, 4, 5, 7, "
					 "time.Location(\"A\\\"\\xc3\\xa9\"))");
}

Test(time, text_is_read_by_the_same_layouts)
{
	assert_reads("2006-01-02", "2020-02-29", "2020-02-29 00:00:00 +0000 UTC");
	assert_reads("Mon Jan _2 15:04:05 2006", "tUE FEB  4 01:02:03 2020",
		"2020-02-04 01:02:03 +0000 UTC");
	assert_reads("3:04pm", "12:05am", "0000-01-01 00:05:00 +0000 UTC");
	assert_reads("3:04PM", "11:30PM", "0000-01-01 23:30:00 +0000 UTC");
	assert_reads("2006-002", "2020-366", "2020-12-31 00:00:00 +0000 UTC");
	assert_reads("06", "69", "1969-01-01 00:00:00 +0000 UTC");
	assert_reads("06", "68", "2068-01-01 00:00:00 +0000 UTC");
	assert_reads("", "", "0000-01-01 00:00:00 +0000 UTC");
	assert_reads("2006 01", "2006   01", "2006-01-01 00:00:00 +0000 UTC");
}

Test(time, fractions_are_read_even_without_an_element)
{
	assert_reads("15:04:05", "12:00:00.5", "0000-01-01 12:00:00.5 +0000 UTC");
	assert_reads("15:04:05", "12:00:00,25", "0000-01-01 12:00:00.25 +0000 UTC");
	assert_reads("15:04:05.999", "12:00:00.123456", "0000-01-01 12:00:00.123456 +0000 UTC");
	assert_reads("15:04:05", "12:00:00.12345678912", "0000-01-01 12:00:00.123456789 +0000 UTC");
	assert_refuses("15:04:05.000", "12:00:00.5",
		"parsing time \"12:00:00.5\" as \"15:04:05.000\": cannot parse \".5\" as \".000\"");
}

Test(time, offsets_and_zone_names_are_read)
{
	assert_reads("2006-01-02T15:04:05Z07:00", "2020-01-02T03:04:05+02:00",
		"2020-01-02 03:04:05 +0200 +0200");
	assert_reads("2006-01-02T15:04:05Z07:00", "2020-01-02T03:04:05Z",
		"2020-01-02 03:04:05 +0000 UTC");
	assert_reads("2006 MST", "2020 PST", "2020-01-01 00:00:00 +0000 PST");
	assert_reads("2006 15 MST", "2020 03 GMT+3", "2020-01-01 06:00:00 +0300 GMT+3");
	assert_reads("2006 -0700 MST", "2020 -0130 ABC", "2020-01-01 00:00:00 -0130 ABC");
	assert_refuses(
		"-0700", "+2500", "parsing time \"+2500\": time zone offset hour out of range");
	assert_refuses("MST", "ABCD",
		"parsing time \"ABCD\" as \"MST\": cannot parse \"ABCD\" as \"MST\"");
}

Test(time, bad_text_is_refused_with_its_place)
{
	assert_refuses("2006-01-02", "x",
		"parsing time \"x\" as \"2006-01-02\": cannot parse \"x\" as \"2006\"");
	assert_refuses("2006-01-02", "2020/01/02",
		"parsing time \"2020/01/02\" as \"2006-01-02\": cannot parse \"/01/02\" as \"-\"");
	assert_refuses(
		"2006-01-02", "2020-13-01", "parsing time \"2020-13-01\": month out of range");
	assert_refuses("2006-01-02", "2019-02-29", "parsing time \"2019-02-29\": day out of range");
	assert_refuses("15:04", "24:00", "parsing time \"24:00\": hour out of range");
	assert_refuses("2006", "2020\xc3\xa9",
		"parsing time \"2020\\xc3\\xa9\": extra text: \"\\xc3\\xa9\"");
	assert_refuses("2006-002 01", "2021-060 02",
		"parsing time \"2021-060 02\": day-of-year does not match month");
	assert_refuses(
		"2006-002", "2021-366", "parsing time \"2021-366\": day-of-year out of range");
}

static void assert_duration(int64_t ns, const char *want)
{
	struct error err = ERROR_INIT;
	int64_t again;

	buf_clear(&out);
	go_duration_add(&out, ns);
	cr_assert_str_eq(buf_cstr(&out), want);
	cr_assert(go_duration_parse(buf_str(&out), &again, &err));
	cr_assert_eq(again, ns);
}

static void assert_no_duration(const char *text, const char *want)
{
	struct error err = ERROR_INIT;
	int64_t ns = 7;

	cr_assert(!go_duration_parse(str_from(text), &ns, &err));
	cr_assert_str_eq(error_text(&err), want);
	cr_assert_eq(ns, 7);
	error_clear(&err);
}

Test(duration, text_has_the_largest_units_that_fit)
{
	assert_duration(0, "0s");
	assert_duration(1, "1ns");
	assert_duration(1100, "1.1\xc2\xb5s");
	assert_duration(-2200000, "-2.2ms");
	assert_duration(3300000000, "3.3s");
	assert_duration(245000000000, "4m5s");
	assert_duration(18367001000000, "5h6m7.001s");
	assert_duration(480000000001, "8m0.000000001s");
	assert_duration(INT64_MAX, "2562047h47m16.854775807s");
	assert_duration(INT64_MIN, "-2562047h47m16.854775808s");
}

Test(duration, text_is_read_in_any_units)
{
	int64_t ns;

	cr_assert(go_duration_parse(STR("1.5h"), &ns, NULL));
	cr_assert_eq(ns, INT64_C(5400000000000));
	cr_assert(go_duration_parse(STR("-.5s1us2\xce\xbcs"), &ns, NULL));
	cr_assert_eq(ns, -500003000);
	cr_assert(go_duration_parse(STR("+0"), &ns, NULL));
	cr_assert_eq(ns, 0);
	cr_assert(go_duration_parse(STR("0.3333333333333333333h"), &ns, NULL));
	cr_assert_eq(ns, INT64_C(1200000000000));
}

Test(duration, bad_text_is_refused)
{
	assert_no_duration("", "time: invalid duration \"\"");
	assert_no_duration("3", "time: missing unit in duration \"3\"");
	assert_no_duration(".s", "time: invalid duration \".s\"");
	assert_no_duration("1x\xff", "time: unknown unit \"x\\xff\" in duration \"1x\\xff\"");
	assert_no_duration(
		"9223372036854775808ns", "time: invalid duration \"9223372036854775808ns\"");
	assert_no_duration("2562048h", "time: invalid duration \"2562048h\"");
}

static void assert_moment(struct go_time t, const char *want)
{
	buf_clear(&out);
	time_add(&out, &t, TIME_LAYOUT_STRING);
	cr_assert_str_eq(buf_cstr(&out), want);
}

Test(time, dates_are_added_by_the_calendar)
{
	struct go_time t = time_at(951782400, 5, NULL); /* 2000-02-29 */

	assert_moment(time_plus_date(&t, 1, 0, 0), "2001-03-01 00:00:00.000000005 +0000 UTC");
	assert_moment(time_plus_date(&t, 0, -14, 0), "1998-12-29 00:00:00.000000005 +0000 UTC");
	assert_moment(time_plus_date(&t, 0, 0, 366), "2001-03-01 00:00:00.000000005 +0000 UTC");
}

Test(time, durations_are_added_and_measured)
{
	struct go_time t = time_at(0, 500, NULL), later = time_plus(&t, 1999999999);

	assert_moment(later, "1970-01-01 00:00:02.000000499 +0000 UTC");
	assert_moment(time_plus(&t, -501), "1969-12-31 23:59:59.999999999 +0000 UTC");
	cr_assert_eq(time_minus(&later, &t), 1999999999);
	t = time_at(INT64_MIN, 0, NULL);
	cr_assert_eq(time_minus(&later, &t), INT64_MAX);
	cr_assert_eq(time_minus(&t, &later), INT64_MIN);
	cr_assert(time_compare(&t, &later) < 0 && time_compare(&later, &later) == 0);
}

Test(time, moments_are_rounded_since_the_year_one)
{
	struct go_time t = time_at(A_SECOND, 500000000, NULL);

	assert_moment(time_round(&t, NS_PER_S), "2021-01-08 15:04:06 +0000 UTC");
	assert_moment(time_truncate(&t, NS_PER_S), "2021-01-08 15:04:05 +0000 UTC");
	/* The first day of year 1 was a Monday: so are the days that weeks are rounded to. */
	assert_moment(
		time_truncate(&t, INT64_C(604800) * NS_PER_S), "2021-01-04 00:00:00 +0000 UTC");
	assert_moment(time_round(&t, 0), "2021-01-08 15:04:05.5 +0000 UTC");
}

Test(duration, rounding_goes_away_from_zero_and_saturates)
{
	cr_assert_eq(go_duration_round(1500, 1000), 2000);
	cr_assert_eq(go_duration_round(-1500, 1000), -2000);
	cr_assert_eq(go_duration_round(1499, 1000), 1000);
	cr_assert_eq(go_duration_truncate(-1999, 1000), -1000);
	cr_assert_eq(go_duration_round(7, 0), 7);
	cr_assert_eq(go_duration_round(INT64_MAX, INT64_MAX - 1), INT64_MAX - 1);
	cr_assert_eq(go_duration_round(INT64_MAX - 1, 1000), INT64_MAX);
	cr_assert_eq(go_duration_round(INT64_MIN, 1000), INT64_MIN);
}

Test(time, every_method_is_found_by_its_name)
{
	static const char *const names[] = {"Add", "AddDate", "After", "Before", "Clock", "Compare",
		"Date", "Day", "Equal", "Format", "GoString", "Hour", "ISOWeek", "In", "IsDST",
		"IsZero", "Local", "Location", "Minute", "Month", "Nanosecond", "Round", "Second",
		"String", "Sub", "Truncate", "UTC", "Unix", "UnixMicro", "UnixMilli", "UnixNano",
		"Weekday", "Year", "YearDay", "Zone", "ZoneBounds"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		cr_assert_not_null(time_method(str_from(names[i])), "%s", names[i]);
	cr_assert_null(time_method(STR("format")));
	for (size_t i = 0; i < type_duration.n_methods; i++)
		cr_assert_eq(type_method(&type_duration, type_duration.methods[i].name),
			&type_duration.methods[i]);
}

Test(time, months_weekdays_and_durations_print_by_name)
{
	const struct format f = {&out, &arena};
	const struct value args[] = {{.head = TYPE_HEAD(&type_month), .i = 2},
		{.head = TYPE_HEAD(&type_weekday), .i = 0}, value_duration(90000000000),
		{.head = TYPE_HEAD(&type_month), .i = 13},
		value_rec(&type_location_pointer, zone_utc())};

	cr_assert(format_printf(
		&f, STR("%v %v %v %v %v %[1]d %[3]d %[3]T"), args, ARRAY_LEN(args), NULL));
	cr_assert_str_eq(buf_cstr(&out), "February Sunday 1m30s %!Month(13) UTC 2 90000000000 "
					 "time.Duration");
}

Test(time, moments_print_and_compare)
{
	const struct format f = {&out, &arena};
	struct go_time t = time_at(A_SECOND, A_NANO, NULL), later = time_plus(&t, 1), same = t;
	const struct value v = value_rec(&type_time, &t);

	cr_assert(format_printf(&f, STR("%v|%.4s|%#v|%T"), (struct value[]){v, v, v, v}, 4, NULL));
	cr_assert_str_eq(buf_cstr(&out), "2021-01-08 15:04:05.06 +0000 UTC|2021|"
					 "time.Date(2021, time.January, 8, 15, 4, 5, 60000000, "
					 "time.UTC)|time.Time");
	cr_assert(value_deep_equal(v, value_rec(&type_time, &same)));
	cr_assert(!value_deep_equal(v, value_rec(&type_time, &later)));
	cr_assert(!value_equal(v, value_rec(&type_time, &later)));
}

Test(time, moments_under_verbs_without_a_method_show_their_members)
{
	const struct format f = {&out, &arena};
	struct go_time t = {.sec = 1700000000, .nsec = 5}, zero = GO_TIME_ZERO, now = t;
	const struct value v = value_rec(&type_time, &t), z = value_rec(&type_time, &zero);
	const struct value n = value_rec(&type_time, &now);

	cr_assert(format_printf(
		&f, STR("%d|%5d|%o|%t|%c"), (struct value[]){v, v, v, v, v}, 5, NULL));
	cr_assert_str_eq(buf_cstr(&out),
		"{5 63835596800 0}|{    5 63835596800     0}|{5 733471364000 0}|"
		"{%!t(uint64=5) %!t(int64=63835596800) %!t(*time.Location=<nil>)}|"
		"{\x05 \uFFFD %!c(*time.Location=<nil>)}");
	buf_clear(&out);
	cr_assert(format_printf(
		&f, STR("%d|%+d|%08d|%-5d|% d|%p"), (struct value[]){z, z, z, z, z, v}, 6, NULL));
	cr_assert_str_eq(buf_cstr(&out),
		"{0 0 0}|{+0 +0 +0}|{00000000 00000000 00000000}|{0     0     0    }|{ 0  0  0}|"
		"%!p(time.Time={5 63835596800 <nil>})");
	/* 1700000000 is 4382288000 seconds after 1885. */
	buf_clear(&out);
	now.mono = 158270;
	cr_assert(format_printf(&f, STR("%d"), (struct value[]){n}, 1, NULL));
	cr_assert_str_eq(buf_cstr(&out), "{13928817947268087813 158270 0}");
}
