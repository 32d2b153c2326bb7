/* SPDX-License-Identifier: MIT
 *
 * Zone files built by hand, rules and names.
 */
#include "config.h"

#include "template/format/zone.h"

#include "base/buf.h"
#include "template/format/zone_data.h"

#include <criterion/criterion.h>

static struct arena arena;
static struct buf file;

static void setup(void)
{
	arena_init(&arena);
	buf_init(&file, ZONE_FILE_MAX);
}

static void teardown(void)
{
	buf_release(&file);
	arena_release(&arena);
}

TestSuite(zone, .init = setup, .fini = teardown);

static void add_big(uint64_t u, size_t size)
{
	while (size-- > 0)
		buf_add_char(&file, (char)(u >> size * 8));
}

/* Two kinds, standard time and one hour of daylight saving time, with changes to the second and
 * back to the first, at 1000 and 2000. */
static void add_block(char version, size_t time_size)
{
	buf_add_cstr(&file, "TZif");
	buf_add_char(&file, version);
	for (int i = 0; i < 15; i++)
		buf_add_char(&file, '\0');
	for (size_t i = 0; i < 3; i++)
		add_big(0, 4);
	add_big(2, 4);
	add_big(2, 4);
	add_big(8, 4);
	add_big(1000, time_size);
	add_big(2000, time_size);
	buf_add(&file, "\1\0", 2);
	add_big(3600, 4);
	buf_add(&file, "\0\0", 2);
	add_big(7200, 4);
	buf_add(&file, "\1\4", 2);
	buf_add(&file, "STD\0DST\0", 8);
}

static void assert_zone(
	const struct location *loc, int64_t sec, const char *name, int offset, bool dst)
{
	struct zone z;

	zone_lookup(loc, sec, &z);
	cr_assert(str_eqz(z.name, name), "%.*s at %ld", STR_ARG(z.name), (long)sec);
	cr_assert_eq(z.offset, offset);
	cr_assert_eq(z.dst, dst);
	cr_assert(z.start <= sec && sec < z.end);
}

Test(zone, utc_is_always_the_same)
{
	assert_zone(NULL, 0, "UTC", 0, false);
	cr_assert(str_eqz(zone_location_name(NULL), "UTC"));
}

Test(zone, changes_of_a_file_hold_until_the_next)
{
	struct location *loc;

	add_block('\0', 4);
	loc = zone_file_parse(&arena, STR("Test/Zone"), buf_str(&file));
	cr_assert_not_null(loc);
	assert_zone(loc, -5, "STD", 3600, false);
	assert_zone(loc, 999, "STD", 3600, false);
	assert_zone(loc, 1000, "DST", 7200, true);
	assert_zone(loc, 1999, "DST", 7200, true);
	assert_zone(loc, 2000, "STD", 3600, false);
	assert_zone(loc, INT64_MAX - 1, "STD", 3600, false);
	cr_assert(str_eqz(zone_location_name(loc), "Test/Zone"));
}

Test(zone, rule_at_the_end_of_a_file_goes_on)
{
	struct location *loc;

	add_block('2', 4);
	add_block('2', 8);
	buf_add_cstr(&file, "\nCET-1CEST,M3.5.0,M10.5.0/3\n");
	loc = zone_file_parse(&arena, STR("Test/Zone"), buf_str(&file));
	cr_assert_not_null(loc);
	assert_zone(loc, 1711846799, "CET", 3600, false);
	assert_zone(loc, 1711846800, "CEST", 7200, true);
	assert_zone(loc, 1729990799, "CEST", 7200, true);
	assert_zone(loc, 1729990800, "CET", 3600, false);
}

Test(zone, malformed_files_are_refused_wherever_they_end)
{
	size_t len;

	add_block('2', 4);
	add_block('2', 8);
	len = file.len;
	for (size_t n = 0; n < len; n++)
		cr_assert_null(zone_file_parse(&arena, STR("x"), str_n(file.data, n)), "%zu", n);
	cr_assert_not_null(zone_file_parse(&arena, STR("x"), buf_str(&file)));
	file.data[0] = 'X';
	cr_assert_null(zone_file_parse(&arena, STR("x"), buf_str(&file)));
}

Test(zone, change_to_a_kind_that_is_not_there_is_refused)
{
	add_block('\0', 4);
	file.data[44 + 8] = 2;
	cr_assert_null(zone_file_parse(&arena, STR("x"), buf_str(&file)));
}

Test(zone, rules_of_all_kinds_are_understood)
{
	struct zone z;

	cr_assert(zone_rule_lookup(STR("<-03>3"), 5, 1000, &z));
	cr_assert(str_eqz(z.name, "-03") && z.offset == -3 * 3600 && z.start == 5);
	/* South of the equator: summer at the begin of the year. */
	cr_assert(zone_rule_lookup(STR("AEST-10AEDT,M10.1.0,M4.1.0/3"), 0, 1609459200, &z));
	cr_assert(str_eqz(z.name, "AEDT") && z.offset == 11 * 3600 && z.dst);
	cr_assert(zone_rule_lookup(STR("EST5EDT"), 0, 1593600000, &z));
	cr_assert(str_eqz(z.name, "EDT") && z.offset == -4 * 3600);
	cr_assert(zone_rule_lookup(STR("AAA0BBB,J60/0,J300/0"), 0, 951868800, &z));
	cr_assert(str_eqz(z.name, "BBB"));
	cr_assert(zone_rule_lookup(STR("AAA0BBB,59/0,300/0"), 0, 951782399, &z));
	cr_assert(str_eqz(z.name, "AAA"));
}

Test(zone, malformed_rules_are_refused)
{
	static const char *const bad[] = {"", "A1", "AAA", "AAA999", "AAA1BBB,M13.1.0,M4.1.0",
		"AAA1BBB,M3.1.0", "AAA1BBB,M3.6.0,M4.1.0", "AAA1BBB,J0,J5", "<AAA1", "AAA1BB",
		"AAA1BBB,1,2x", "AAA1:60"};
	struct zone z;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		cr_assert(!zone_rule_lookup(str_from(bad[i]), 0, 0, &z), "%s", bad[i]);
}

Test(zone, names_lead_nowhere_else)
{
	static const char *const bad[] = {"../etc/passwd", "/etc/localtime", "a/../../b", "\\x"};
	const struct location *loc;
	struct error err = ERROR_INIT;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		cr_assert(!zone_load(str_from(bad[i]), &loc, &err));
		cr_assert_str_eq(error_text(&err), "time: invalid location name");
	}
	cr_assert(!zone_load(STR("Nowhere/Nope"), &loc, &err));
	cr_assert_str_eq(error_text(&err), "unknown time zone Nowhere/Nope");
	error_clear(&err);
}

Test(zone, name_longer_than_the_limit_is_refused)
{
	char name[ZONE_NAME_MAX + 2];
	const struct location *loc;
	struct error err = ERROR_INIT;

	memset(name, 'a', sizeof(name));
	cr_assert(!zone_load(str_n(name, ZONE_NAME_MAX + 1), &loc, &err));
	cr_assert_str_eq(error_text(&err), "time: invalid location name");
	error_clear(&err);
}

Test(zone, utc_and_local_need_no_file)
{
	const struct location *loc = zone_local();

	cr_assert(zone_load(STR("UTC"), &loc, NULL));
	cr_assert_null(loc);
	cr_assert(zone_load(STR("Local"), &loc, NULL));
	cr_assert_eq(loc, zone_local());
}

Test(zone, clock_that_is_skipped_or_shown_twice_has_the_standard_offset)
{
	struct location *loc;

	add_block('2', 4);
	add_block('2', 8);
	buf_add_cstr(&file, "\nCET-1CEST,M3.5.0,M10.5.0/3\n");
	loc = zone_file_parse(&arena, STR("Test/Zone"), buf_str(&file));
	cr_assert_not_null(loc);
	/* 2024-03-31 02:30 does not exist; 2024-10-27 02:30 is there twice. */
	cr_assert_eq(zone_offset_of_clock(loc, 1711852200), 3600);
	cr_assert_eq(zone_offset_of_clock(loc, 1729996200), 3600);
	cr_assert_eq(zone_offset_of_clock(loc, 1711843200), 3600);
	cr_assert_eq(zone_offset_of_clock(loc, 1729990800), 7200);
}

Test(zone, abbreviations_are_found_at_their_time)
{
	struct location *loc;
	int offset;

	add_block('\0', 4);
	loc = zone_file_parse(&arena, STR("Test/Zone"), buf_str(&file));
	cr_assert_not_null(loc);
	cr_assert(zone_find_name(loc, STR("DST"), 1500 + 7200, &offset));
	cr_assert_eq(offset, 7200);
	cr_assert(zone_find_name(loc, STR("DST"), 100000, &offset));
	cr_assert_eq(offset, 7200);
	cr_assert(!zone_find_name(loc, STR("XYZ"), 0, &offset));
	cr_assert(!zone_find_name(NULL, STR("UTC"), 0, &offset));
}

static void assert_local(const char *tz, const char *name)
{
	setenv("TZ", tz, 1);
	cr_assert(str_eqz(zone_location_name(zone_local()), name), "%s: %.*s", tz,
		STR_ARG(zone_location_name(zone_local())));
}

Test(zone, local_one_is_named_by_the_environment)
{
	assert_local(":Europe/Berlin", "Europe/Berlin");
}

Test(zone, local_one_may_be_a_file)
{
	assert_local("/usr/share/zoneinfo/Europe/Berlin", "/usr/share/zoneinfo/Europe/Berlin");
}

Test(zone, local_one_is_utc_if_the_environment_is_empty)
{
	assert_local("", "UTC");
}

Test(zone, local_one_is_utc_if_there_is_none_of_that_name)
{
	assert_local("../etc/passwd", "UTC");
}

Test(zone, local_one_is_utc_if_there_is_no_such_file)
{
	assert_local("/nonexistent/zone", "UTC");
}
