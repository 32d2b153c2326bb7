/* SPDX-License-Identifier: MIT
 *
 * YAML to values and back. What go-yaml gives was seen by running it.
 */
#include "config.h"

#include "template/yaml/yaml_read.h"

#include "base/alloc.h"
#include "template/funcs.h"
#include "template/yaml/yaml_write.h"

#include "rendering.h"

#include <criterion/criterion.h>

/* The text as a JSON string, for the data of a template. */
#define READ(text, want) assert_renders("{{printf \"%#v\" (mustFromYaml .)}}", text, want)
#define FAILS(text, problem)                                                                       \
	assert_fails("{{mustFromYaml .}}", text, "",                                               \
		"template: t:1:2: executing \"t\" at <mustFromYaml .>: error calling "             \
		"mustFromYaml: " problem)

/* Reads n times the text open and tells what comes of it. */
static enum yaml_fault read_repeated(const char *open, size_t n, struct error *err)
{
	struct buf text, scratch;
	enum yaml_fault fault;
	struct arena a;
	struct value v;

	arena_init(&a);
	buf_init(&text, SIZE_MAX);
	buf_init(&scratch, SIZE_MAX);
	for (size_t i = 0; i < n; i++)
		buf_add_cstr(&text, open);
	fault = yaml_read(&a, &scratch, buf_str(&text), &v, err);
	buf_release(&scratch);
	buf_release(&text);
	arena_release(&a);
	return fault;
}

Test(yaml, plain_scalars_have_the_types_of_their_texts)
{
	READ("\"[1, 0x1F, 0b11, 0o17, 017, 1_000, -3, +4]\"",
		"[]interface {}{1, 31, 3, 15, 15, 1000, -3, 4}");
	READ("\"[1.5, .5, 1e3, 08, -.inf]\"", "[]interface {}{1.5, 0.5, 1000, 8, -Inf}");
	READ("\"[true, True, ~, null, yes, y, on]\"",
		"[]interface {}{true, true, interface {}(nil), interface {}(nil), \"yes\", \"y\", "
		"\"on\"}");
	READ("\"[18446744073709551615, 0b-1, 1:30, 1.2.3]\"",
		"[]interface {}{0xffffffffffffffff, -1, \"1:30\", \"1.2.3\"}");
	assert_renders("{{(fromYaml .).Year}}", "\"2001-02-03\"", "2001");
	assert_renders("{{printf \"%T\" (fromYaml .)}}", "\"2001-02-03\"", "time.Time");
}

Test(yaml, tag_must_fit_the_text)
{
	READ("\"[!!str 1, !!float 1, !!int \\\"3\\\", !x 1, !!binary aGk=]\"",
		"[]interface {}{\"1\", 1, 3, \"1\", \"hi\"}");
	FAILS("\"!!int a\"", "yaml: cannot decode !!str `a` as a !!int");
	FAILS("\"!!bool yes\"", "yaml: cannot decode !!str `yes` as a !!bool");
	FAILS("\"!!binary '*'\"", "yaml: !!binary value contains invalid base64 data");
}

Test(yaml, map_has_string_keys_if_all_are_strings)
{
	READ("\"a: 1\\nb: {c: d}\"",
		"map[string]interface {}{\"a\":1, \"b\":map[string]interface {}{\"c\":\"d\"}}");
	READ("\"1: a\\nx: b\"", "map[interface {}]interface {}{\"x\":\"b\", 1:\"a\"}");
	FAILS("\"? [a]\\n: b\"", "yaml: invalid map key: []interface {}{\"a\"}");
	FAILS("\"a: 1\\nb: 2\\na: 3\\na: 4\"",
		"yaml: unmarshal errors:\n  line 3: mapping key \"a\" already defined at line 1\n"
		"  line 4: mapping key \"a\" already defined at line 1\n"
		"  line 4: mapping key \"a\" already defined at line 3");
}

Test(yaml, merged_keys_give_way)
{
	READ("\"a: &x {k: 1, l: 2}\\nb:\\n  <<: *x\\n  l: 3\"",
		"map[string]interface {}{\"a\":map[string]interface {}{\"k\":1, \"l\":2}, "
		"\"b\":map[string]interface {}{\"k\":1, \"l\":3}}");
	READ("\"<<: [{a: 1}, {a: 2, b: 2}]\"", "map[string]interface {}{\"a\":1, \"b\":2}");
	READ("\"a: 1\\n<<: {1: x, ~: y}\"", "map[string]interface {}{\"1\":\"x\", \"a\":1}");
	FAILS("\"<<: 1\"", "yaml: map merge requires map or sequence of maps as the value");
	FAILS("\"a: 1\\n<<: {[x]: y}\"",
		"yaml: unmarshal errors:\n  line 2: cannot unmarshal !!seq into string");
	FAILS("\"1: 1\\n<<: {[x]: y}\"", "runtime error: hash of unhashable type []interface {}");
}

Test(yaml, alias_stands_for_its_anchor)
{
	READ("\"[&a 1, *a, &a 2, *a]\"", "[]interface {}{1, 1, 2, 2}");
	FAILS("\"[*a]\"", "yaml: unknown anchor 'a' referenced");
	FAILS("\"&a [*a]\"", "yaml: anchor 'a' value contains itself");
	FAILS("\"a: &a [x,x,x,x,x,x,x,x,x,x]\\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\\n"
	      "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\\n"
	      "e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\"",
		"yaml: document contains excessive aliasing");
}

Test(yaml, errors_name_the_line_as_go_yaml_does)
{
	FAILS("\"a: b: c\"", "yaml: mapping values are not allowed in this context");
	FAILS("\"a: 1\\nb: c: d\"", "yaml: line 2: mapping values are not allowed in this context");
	FAILS("\"a: [1\"", "yaml: line 1: did not find expected ',' or ']'");
	FAILS("\"\\u0007\"", "yaml: control characters are not allowed");
	FAILS("\"a: \\\"x\"", "yaml: found unexpected end of stream");
}

Test(yaml, two_tokens_ahead_are_looked_at)
{
	FAILS("\"- a: b\\n...\\n@\"", "yaml: line 3: found character that cannot start any token");
	READ("\"- a: b\\n...\\nx\\n...\\n@\"",
		"[]interface {}{map[string]interface {}{\"a\":\"b\"}}");
	FAILS("\"[*a, @\"", "yaml: found character that cannot start any token");
}

Test(yaml, scanner_differs_from_libyaml_where_go_yaml_does)
{
	READ("\"[a:, {b:}]\"",
		"[]interface {}{\"a:\", map[string]interface {}{\"b:\":interface {}(nil)}}");
	READ("\"\\\"it\\\\'s \\\\\\\\/\\\"\"", "\"it's \\\\/\"");
	READ("\"a\\\\/b\"", "\"a\\\\/b\"");
	FAILS("\"\\\"a\\\\/b\\\"\"", "yaml: found unknown escape character");
	FAILS("\"\\ufeff- \\u00e9\\n- \\\"\\\\/\\\"\"",
		"yaml: line 2: found unknown escape character");
	READ("\"'\\\\/'\"", "\"\\\\/\"");
	FAILS("\"[x?y]\"", "yaml: did not find expected ',' or ']'");
	FAILS("\"a:\\n  {x?y: 1}\"", "yaml: line 1: did not find expected ',' or '}'");
}

Test(yaml, tag_takes_in_flow_indicators)
{
	READ("\"[!a,b x, !!str,y z]\"", "[]interface {}{\"x\", \"z\"}");
	READ("\"!a[b] x\"", "\"x\"");
	FAILS("\"[!<x>,a]\"", "yaml: did not find expected whitespace or line break");
}

Test(yaml, question_mark_ends_a_plain_scalar_on_its_own_line)
{
	FAILS("\"{a\\r\\n b?}\"", "yaml: line 1: did not find expected ',' or '}'");
	FAILS("\"{a\\n\\u2028 b?}\"", "yaml: line 2: did not find expected ',' or '}'");
	READ("\"a?b\"", "\"a?b\"");
}

Test(yaml, tab_before_a_comment_is_taken_where_a_comment_is_expected)
{
	READ("\"# a\\n\\t# b\\nc\"", "\"c\"");
	READ("\"# a\\n\\t\\n# b\\nc\"", "\"c\"");
	READ("\"?\\t# a\\n  b\\n: c\"", "map[string]interface {}{\"b\":\"c\"}");
	FAILS("\"a: \\\"b\\\"\\n\\t# c\\nd: e\"",
		"yaml: line 2: found character that cannot start any token");
	FAILS("\"-\\t@\"", "yaml: found character that cannot start any token");
}

Test(yaml, only_version_is_1_1)
{
	READ("\"%YAML 1.1\\n--- a\"", "\"a\"");
	FAILS("\"%YAML 1.2\\n--- a\"", "yaml: found incompatible YAML document");
	FAILS("\"%YAML 1.2\\n%YAML 1.1\\n--- a\"", "yaml: found incompatible YAML document");
	FAILS("\"%YAML 1.1\\n%YAML 1.2\\n--- a\"", "yaml: line 1: found duplicate %YAML directive");
	FAILS("\"%YAML 1.2\\n@\"", "yaml: line 2: found character that cannot start any token");
	FAILS("\"%YAML 001.1\\n--- a\"", "yaml: found extremely long version number");
	FAILS("\"%YAML 123x\"", "yaml: found extremely long version number");
	READ("\"a\\n...\\n%YAML 1.2\\n---\\nb\"", "\"a\"");
}

Test(yaml, key_without_a_colon_is_told_after_a_character_that_begins_no_token)
{
	FAILS("\"a: b\\nc\\n@\"", "yaml: line 3: found character that cannot start any token");
	FAILS("\"a: b\\nc\\nd: e\"", "yaml: line 2: could not find expected ':'");
	FAILS("\"a: b\\n&c d\\n%x\"", "yaml: line 2: could not find expected ':'");
}

Test(yaml, slash_is_no_escape_before_any_other_fault_of_its_scalar)
{
	FAILS("\"a: \\\"\\\\/\"", "yaml: found unknown escape character");
	FAILS("\"\\n- \\\"\\\\/\\\"\\n\\t\\n- b\"", "yaml: line 2: found unknown escape character");
}

Test(yaml, bytes_that_are_no_text_are_an_error_when_they_are_near)
{
	const char *text =
		"{{mustFromYaml (print \"a\\n--- b\\n--- c\\n\" (repeat (int .) \"#\") \"\\a\")}}";

	assert_renders(text, "600", "a");
	assert_fails(text, "100", "",
		"template: t:1:2: executing \"t\" at <mustFromYaml (print \"a\\n--- b\\n--- c\\n\" "
		"(repeat (int .) \"#\") \"\\a\")>: error calling mustFromYaml: yaml: control "
		"characters "
		"are "
		"not allowed");
}

Test(yaml, changes_to_a_long_text_are_limited)
{
	struct error err = ERROR_INIT;

	cr_assert_eq(read_repeated("- [a:]\n", 1000, &err), YAML_READ_OK);
	cr_assert_eq(read_repeated("- [a:]\n", 20000, &err), YAML_READ_ERROR);
	cr_assert_str_eq(error_text(&err), "yaml: line 478: found unexpected ':'");
	error_clear(&err);
}

Test(yaml, fault_behind_a_version_ends_the_scan)
{
	FAILS("\">+\\n%YAML 0.2\\n \"", "yaml: line 1: found incompatible YAML document");
}

Test(yaml, slash_is_told_in_its_own_line_unless_the_scalar_begins_later)
{
	FAILS("\"a: \\\"\\\\/\\nb: c\"", "yaml: found unknown escape character");
	FAILS("\"a: \\\"\\n\\\\/\\nb: c\"", "yaml: line 2: found unknown escape character");
	FAILS("\"a: \\\"\\r\\n\\\\/\\\"\"", "yaml: line 2: found unknown escape character");
}

Test(yaml, key_that_is_merged_into_strings_must_be_one)
{
	FAILS("\"a: 1\\n<<: {{x: 1}: y}\"",
		"yaml: unmarshal errors:\n  line 2: cannot unmarshal !!map into string");
	FAILS("\"a: 1\\n<<: {[x, 1]: y}\"",
		"yaml: unmarshal errors:\n  line 2: cannot unmarshal !!seq into string");
	FAILS("\"<<: {? !!int x : y}\"", "yaml: cannot decode !!str `x` as a !!int");
}

Test(yaml, large_document_may_be_aliases_for_the_most_part)
{
	const char *text = "{{$x := repeat 60000 \"x,\"}}{{$a := repeat (int .) \",*a\"}}"
			   "{{len (mustFromYaml (print \"[&a [\" $x \"]\" $a \"]\"))}}";

	assert_renders(text, "9", "10");
	assert_fails(text, "20", "",
		"template: t:1:64: executing \"t\" at <mustFromYaml (print \"[&a [\" $x \"]\" $a "
		"\"]\")>: error calling mustFromYaml: yaml: document contains excessive aliasing");
}

Test(yaml, keys_of_many_kinds_have_an_order)
{
	assert_renders("{{fromYaml . | toYaml}}",
		"\"{18446744073709551615: a, 1: b, 1.5: c, true: d, 2001-01-01: e, ~: f, x: g}\"",
		"true: d\n1: b\n1.5: c\n18446744073709551615: a\nnull: f\nx: g\n"
		"2001-01-01T00:00:00Z: e\n");
}

Test(yaml, old_numbers_of_base_sixty_are_quoted)
{
	assert_renders("{{toYaml .}}",
		"[\"1_0:30\", \"1_0:30:5\", \"1:3_0\", \"+1:30\", \"1:60\", \"01:30.5_\"]",
		"- \"1_0:30\"\n- \"1_0:30:5\"\n- 1:3_0\n- \"+1:30\"\n- 1:60\n- \"01:30.5_\"\n");
}

Test(yaml, durations_are_texts)
{
	assert_renders("{{$t := toDate \"2006\" \"2024\"}}{{toYaml ($t.Sub ($t.AddDate 0 0 -1))}}",
		"null", "24h0m0s\n");
}

Test(yaml, from_yaml_keeps_what_the_root_has_before_an_error)
{
	assert_renders("{{fromYaml .}}", "\"a: 1\\n? [x]\\n: y\\nb: 2\"", "map[a:1]");
	assert_renders("{{(fromYaml .).a}}", "\"a: 1\\nb: !!int x\\nc: 2\"", "1");
	assert_renders("{{fromYaml .}}", "\"[1, !!int x]\"", "<no value>");
	assert_fails("{{fromYaml .}}", "\"1: 1\\n<<: {[x]: y}\"", "",
		"template: t:1:2: executing \"t\" at <fromYaml .>: error calling fromYaml: runtime "
		"error: hash of unhashable type []interface {}");
}

Test(yaml, depth_and_length_of_text_are_limited)
{
	struct error err = ERROR_INIT;

	cr_assert_eq(read_repeated("- ", YAML_READ_DEPTH_MAX - 1, &err), YAML_READ_OK);
	cr_assert_eq(read_repeated("- ", YAML_READ_DEPTH_MAX + 1, &err), YAML_READ_ERROR);
	cr_assert_str_eq(error_text(&err), "yaml: exceeded max depth of 2000");
	cr_assert_eq(read_repeated("#", YAML_READ_MAX, &err), YAML_READ_OK);
	cr_assert_eq(read_repeated("#", YAML_READ_MAX + 1, &err), YAML_READ_ERROR);
	cr_assert_str_eq(error_text(&err), "yaml: text is longer than 8388608 bytes");
	error_clear(&err);
}

Test(yaml, mapping_that_merges_itself_is_refused)
{
	FAILS("\"a: &a\\n  <<: *a\"", "yaml: anchor 'a' value contains itself");
	FAILS("\"a: &a\\n  <<: [*a]\"", "yaml: anchor 'a' value contains itself");
}

Test(yaml, only_so_many_errors_are_told)
{
	struct error err = ERROR_INIT;
	size_t lines = 0;

	cr_assert_eq(read_repeated("a: 1\n", 1000, &err), YAML_READ_ERROR);
	for (const char *p = error_text(&err); (p = strchr(p, '\n')); p++)
		lines++;
	cr_assert_eq(lines, YAML_READ_ERRORS_MAX);
	error_clear(&err);
}

/* --- writing ------------------------------------------------------------------------------ */

Test(yaml, strings_are_quoted_where_they_would_read_as_something_else)
{
	assert_renders("{{toYaml .}}",
		"[\"a\", \"1\", \"yes\", \"~\", \"\", \"- x\", \"a: b\", \" a\", \"it's\", \"'x\", "
		"\"1:30\", \"\\ud83d\\ude00\", \"a\\u2028b\", \"#\", \"a #b\", \"a\\tb\"]",
		"- a\n- \"1\"\n- \"yes\"\n- \"~\"\n- \"\"\n- '- x'\n- 'a: b'\n- ' a'\n- it's\n"
		"- '''x'\n- \"1:30\"\n- \"\\U0001F600\"\n- 'a\xe2\x80\xa8  b'\n- '#'\n- 'a #b'\n"
		"- \"a\\tb\"\n");
}

Test(yaml, text_of_several_lines_is_a_literal)
{
	assert_renders("{{toYaml .}}",
		"{\"a\": \"x\\ny\\n\", \"b\": \"x\\ny\", \"c\": \" x\\n\\n\"}",
		"a: |\n    x\n    y\nb: |-\n    x\n    y\nc: |4+\n     x\n\n");
	assert_renders("{{toYaml .}}", "[\"x \\ny\", \"x\\n \"]", "- \"x \\ny\"\n- \"x\\n \"\n");
	assert_renders("{{toYaml .}}", "{\"a\\nb\": 1}", "? |-\n    a\n    b\n: 1\n");
}

Test(yaml, levels_are_four_columns_and_items_two)
{
	assert_renders("{{toYaml .}}", "{\"a\": [[1, [2]], {\"b\": {\"c\": []}}], \"d\": {}}",
		"a:\n    - - 1\n      - - 2\n    - b:\n        c: []\nd: {}\n");
	assert_renders("{{toYaml .}}", "null", "null\n");
}

Test(yaml, keys_are_sorted_as_people_count)
{
	assert_renders("{{toYaml .}}",
		"{\"a10\": 0, \"a2\": 0, \"a\": 0, \"B\": 0, \"_\": 0, \"a02\": 0, \"ab\": 0, "
		"\"1\": 0}",
		"_: 0\n\"1\": 0\nB: 0\na: 0\na2: 0\na02: 0\na10: 0\nab: 0\n");
	assert_renders("{{fromYaml . | toYaml}}",
		"\"x: 1\\n2: 1\\n10: 1\\ntrue: 1\\n1.5: 1\\n~: 1\"",
		"true: 1\n1.5: 1\n2: 1\n10: 1\nnull: 1\nx: 1\n");
}

Test(yaml, long_key_stands_behind_a_question_mark)
{
	assert_renders("{{toYaml (dict (repeat 128 \"k\") 1) | len}}", "null", "132");
	assert_renders("{{toYaml (dict (repeat 129 \"k\") 1) | len}}", "null", "136");
}

Test(yaml, bytes_that_are_no_text_are_base64)
{
	assert_renders("{{toYaml \"\\xff\"}}", "null", "!!binary /w==\n");
	assert_renders("{{toYaml (dict \"\\xff\" (repeat 60 \"\\xff\"))}}", "null",
		"!!binary /w==: !!binary |\n"
		"    //////////////////////////////////////////////////////////////////////\n"
		"    //////////\n");
}

Test(yaml, function_has_no_yaml)
{
	assert_fails("{{toYaml 1i}}", "null", "",
		"template: t:1:2: executing \"t\" at <toYaml 1i>: error calling toYaml: cannot "
		"marshal type: complex128");
}

Test(yaml, map_that_holds_itself_is_an_error)
{
	assert_fails("{{$d := dict}}{{$_ := set $d \"d\" $d}}{{toYaml $d}}", "null", "",
		"template: t:1:39: executing \"t\" at <toYaml $d>: error calling toYaml: value is "
		"nested more than 2000 deep");
}

Test(yaml, writing_ends_when_the_text_is_too_long)
{
	struct template_limits limits = {.string = 1000};

	assert_fails_limited(
		"{{$l := list}}{{range until 60}}{{$l = list $l $l}}{{end}}{{toYaml $l}}", "null",
		&limits,
		"template: t:1:60: executing \"t\" at <toYaml $l>: error calling toYaml: string is "
		"longer than 1000 bytes");
}
