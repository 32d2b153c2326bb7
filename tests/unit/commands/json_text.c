/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "commands/json_text.h"

#include <criterion/criterion.h>

Test(json_text, strings_end_at_their_quote)
{
	cr_assert_eq(json_string_len(STR("\"\" x")), 2);
	cr_assert_eq(json_string_len(STR("\"a\\\"b\\\\\"c\"")), 8);
	cr_assert_eq(json_string_len(STR("\"a")), 2);
	cr_assert_eq(json_string_len(STR("\"a\\")), 3);
}

static void assert_only(const char *text, const char *expected)
{
	cr_assert(str_eqz(json_only_value(str_from(text)), expected), "%s", text);
}

Test(json_text, white_space_around_a_value_is_cut)
{
	assert_only(" {\"a\": [1, {}]}\n", "{\"a\": [1, {}]}");
	assert_only("[]", "[]");
	assert_only("[\"}]\"]", "[\"}]\"]");
}

Test(json_text, a_value_with_something_behind_it_is_none)
{
	assert_only("{} {}", "");
	assert_only("{}\"", "");
	assert_only("{}\" }", "");
	assert_only("[]]", "");
	assert_only("{", "");
	assert_only("", "");
	assert_only("x", "");
}
