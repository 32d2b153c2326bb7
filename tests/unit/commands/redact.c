/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "commands/redact.h"

#include <criterion/criterion.h>

static void assert_redacted(const char *json, const char *expected)
{
	struct buf out;

	buf_init(&out, SIZE_MAX);
	redact_json(str_from(json), &out);
	cr_assert_str_eq(buf_cstr(&out), expected);
	buf_release(&out);
}

static void assert_untouched(const char *json)
{
	assert_redacted(json, json);
}

Test(redact, members_are_masked_by_their_name)
{
	assert_redacted("{\"env\": {\"TOKEN\" : \"x\", \"A\":\"b\"}}",
		"{\"env\": {\"TOKEN\" : \"REDACTED\", \"A\":\"b\"}}");
	assert_redacted("{\"api\\u004bey\":\"x\"}", "{\"api\\u004bey\":\"REDACTED\"}");
	assert_untouched("{\"TOKEN\":\"\",\"KEY\":null,\"PASSWORD\":7,\"SECRET\":true}");
}

Test(redact, a_name_counts_for_its_own_value_only)
{
	assert_untouched("{\"TOKEN\":{\"a\":\"x\"},\"b\":\"y\",\"KEY\":[\"z\"],\"c\":[{}],\"d\":\"e\"}");
	assert_redacted("{\"a\":[{\"b\":\"c\"}],\"KEY\":\"x\"}",
		"{\"a\":[{\"b\":\"c\"}],\"KEY\":\"REDACTED\"}");
}

Test(redact, variables_of_a_list_are_masked)
{
	assert_redacted("{\"Env\":[\"A=b\",\"DB_PASS=x\\\"y\",\"C=d\"]}",
		"{\"Env\":[\"A=b\",\"DB_PASS=REDACTED\",\"C=d\"]}");
}

Test(redact, the_argument_behind_an_option_is_masked)
{
	assert_redacted("[\"app\",\"--password\",\"x\",\"-v\",\"y\"]",
		"[\"app\",\"--password\",\"REDACTED\",\"-v\",\"y\"]");
	assert_redacted("[\"--token=x\",\"y\"]", "[\"--token=REDACTED\",\"y\"]");
	assert_untouched("[[\"--password\"],\"x\"]");
	assert_untouched("{\"a\":\"--password\",\"b\":\"x\"}");
}

Test(redact, what_is_not_masked_stays_byte_for_byte)
{
	assert_untouched(" {\n\t\"a\\/b\" : [ 1e3 , \"\\u00fc\\ud83d\\ude00\\ud800 \\b\\f\\n\\r\\t\\\\\" ]}\n");
	assert_untouched("\"\xff\xc3\xbc\"");
	assert_untouched("");
}

Test(redact, what_is_left_of_a_masked_string_is_escaped_anew)
{
	assert_redacted("[\"\\\"\\\\\\n\\u00fc\\ud83d\\ude00 KEY=x\"]",
		"[\"\\\"\\\\\\u000a\xc3\xbc\xf0\x9f\x98\x80 KEY=REDACTED\"]");
}

Test(redact, an_escape_hides_nothing)
{
	assert_redacted("[\"DB_\\u0050ASSWORD=x\"]", "[\"DB_PASSWORD=REDACTED\"]");
	assert_redacted("[\"https:\\/\\/u:p@h\"]", "[\"https://u:REDACTED@h\"]");
}
