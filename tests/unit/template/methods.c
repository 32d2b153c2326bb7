/* SPDX-License-Identifier: MIT
 *
 * Methods of the values that functions give: times, durations, versions.
 */
#include "config.h"

#include "rendering.h"

#include <criterion/criterion.h>

#define TIME "{{$t := toDate \"2006-01-02 15:04:05\" \"2024-02-29 13:14:15\"}}"
#define DAY  TIME "{{$d := $t.Sub ($t.AddDate 0 0 -1)}}"

Test(methods, time_is_moved_and_rounded_by_durations)
{
	assert_renders(DAY "{{$t.Add $d}}", "null", "2024-03-01 13:14:15 +0000 UTC");
	assert_renders(DAY "{{$t.Round $d}}", "null", "2024-03-01 00:00:00 +0000 UTC");
	assert_renders(DAY "{{$t.Truncate $d}}", "null", "2024-02-29 00:00:00 +0000 UTC");
	assert_renders(TIME "{{$t.In $t.Location}}", "null", "2024-02-29 13:14:15 +0000 UTC");
}

Test(methods, times_are_compared)
{
	assert_renders(DAY
		"{{$t.Compare $t}} {{$t.Compare ($t.Add $d)}} {{($t.Add $d).Compare $t}}",
		"null", "0 -1 1");
}

Test(methods, duration_is_measured_in_each_unit)
{
	assert_renders(
		DAY "{{$d.Microseconds}} {{$d.Nanoseconds}}", "null", "86400000000 86400000000000");
	assert_renders(DAY "{{$d.Round $d}} {{$d.Truncate $d}}", "null", "24h0m0s 24h0m0s");
	assert_renders(
		DAY "{{(($t.AddDate 0 0 -1).Sub $t).Abs}} {{$d.Abs}}", "null", "24h0m0s 24h0m0s");
	assert_renders(TIME "{{$t.UnixMicro}}", "null", "1709212455000000");
}

Test(methods, method_of_several_results_cannot_be_called)
{
	assert_fails(TIME "{{$t.Clock}}", "null", "",
		"template: t:1:64: executing \"t\" at <$t.Clock>: function Clock has 3 return "
		"values; "
		"should be 1 or 2");
	assert_fails(TIME "{{$t.ISOWeek}}", "null", "",
		"template: t:1:64: executing \"t\" at <$t.ISOWeek>: invalid function signature for "
		"ISOWeek: second return value should be error; is int");
	assert_fails(TIME "{{$t.ZoneBounds}}", "null", "",
		"template: t:1:64: executing \"t\" at <$t.ZoneBounds>: invalid function signature "
		"for "
		"ZoneBounds: second return value should be error; is time.Time");
}

Test(methods, versions_are_compared)
{
	const char *versions = "{{$v := semver \"1.2.3\"}}{{$w := semver \"1.3.0\"}}"
			       "{{$v.Equal $v}} {{$v.Equal $w}} {{$v.LessThanEqual $w}} "
			       "{{$v.GreaterThan $w}} {{$v.GreaterThanEqual $v}}";

	assert_renders(versions, "null", "true false true false true");
}

Test(methods, version_is_written_as_text_and_json)
{
	assert_renders("{{printf \"%s %s\" (semver \"1.2.3\").MarshalText "
		       "(semver \"v1.2.3-a+b\").MarshalJSON}}",
		"null", "1.2.3 \"1.2.3-a+b\"");
}
