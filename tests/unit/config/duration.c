/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "config/duration.h"

#include "base/clock.h"

#include <criterion/criterion.h>

#define MS ((int64_t)NS_PER_MS)

static void assert_reads(const char *text, int64_t ms)
{
	int64_t ns = -1;

	cr_assert(duration_parse(str_from(text), &ns), "%s", text);
	cr_assert_eq(ns, ms * MS, "%s is %lld ns", text, (long long)ns);
}

static void assert_refuses(const char *text)
{
	int64_t ns = -1;

	cr_assert(!duration_parse(str_from(text), &ns), "%s", text);
	cr_assert_eq(ns, -1);
}

static void assert_prints(int64_t ms, const char *expected)
{
	struct buf out;
	int64_t again;

	buf_init(&out, 64);
	duration_print(ms * MS, &out);
	cr_assert_str_eq(buf_cstr(&out), expected);
	cr_assert(duration_parse(buf_str(&out), &again));
	cr_assert_eq(again, ms * MS);
	buf_release(&out);
}

Test(duration, units_are_ms_s_m_and_h)
{
	assert_reads("1ms", 1);
	assert_reads("10s", 10000);
	assert_reads("5m", 300000);
	assert_reads("2h", 7200000);
}

Test(duration, parts_add_up)
{
	assert_reads("1m30s", 90000);
	assert_reads("1h2m3s4ms", 3723004);
	assert_reads("1s1s", 2000);
}

Test(duration, fractions_are_exact)
{
	assert_reads("1.5s", 1500);
	assert_reads("0.25m", 15000);
	assert_reads("0.001s", 1);
	assert_reads("0.1h", 360000);
	assert_reads("1.500000000s", 1500);
}

Test(duration, zero_needs_no_unit)
{
	assert_reads("0", 0);
	assert_reads("0s", 0);
	assert_refuses("1");
	assert_refuses("00");
}

Test(duration, less_than_a_millisecond_is_refused)
{
	assert_refuses("0.5ms");
	assert_refuses("0.0001s");
	assert_refuses("1.0000000001h");
}

Test(duration, what_is_no_duration_is_refused)
{
	const char *texts[] = {"", "s", ".5s", "1.s", "1 s", " 1s", "1s ", "-1s", "+1s", "1d", "1S",
		"1us", "1s1", "one", "1..5s", "0x1s", "1ms2"};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		assert_refuses(texts[i]);
}

Test(duration, what_is_too_long_is_refused_and_does_not_overflow)
{
	int64_t ns;

	cr_assert(duration_parse(STR("8784h"), &ns));
	cr_assert_eq(ns, DURATION_MAX_NS);
	assert_refuses("8784h1ms");
	assert_refuses("9223372036854775807h");
	assert_refuses("9223372036854775808s");
	assert_refuses("99999999999999999999999999s");
	assert_refuses("2562047h2562047h2562047h");
}

Test(duration, prints_what_it_reads)
{
	assert_prints(0, "0s");
	assert_prints(1, "1ms");
	assert_prints(1500, "1500ms");
	assert_prints(1000, "1s");
	assert_prints(90000, "1m30s");
	assert_prints(3600000, "1h");
	assert_prints(3601000, "1h1s");
	assert_prints(86400000, "24h");
}
