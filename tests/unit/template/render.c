/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "rendering.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Test(render, missing_key_prints_no_value_and_null_too)
{
	assert_renders("{{.a}} {{.b}} {{print .a}}", "{\"b\":null}", "<no value> <no value> <nil>");
}

Test(render, missing_key_of_a_missing_key_is_missing)
{
	assert_renders("{{.a.b.c}}", "{}", "<no value>");
	assert_fails("{{.b.c}}", "{\"b\":null}", "",
		"template: t:1:4: executing \"t\" at <.b.c>: nil pointer evaluating interface "
		"{}.c");
}

Test(render, output_before_an_error_stays)
{
	assert_fails("one\n{{.a.x}}two", "{\"a\":1}", "one\n",
		"template: t:2:4: executing \"t\" at <.a.x>: can't evaluate field x in type "
		"interface {}");
}

Test(render, error_is_shown_where_the_argument_is)
{
	assert_fails("{{print (index . 9)}}", "[1]", "",
		"template: t:1:9: executing \"t\" at <index . 9>: error calling index: index out "
		"of "
		"range: 9");
}

Test(render, and_or_stop_at_the_argument_that_decides)
{
	assert_renders("{{or 1 (index . 9)}}{{and 0 (index . 9)}}", "[]", "10");
	assert_renders("{{and 1 2 3}}{{or 0 \"\" 3}}", "null", "33");
}

Test(render, with_and_range_set_dot_and_put_it_back)
{
	assert_renders("{{with .a}}{{.}}{{range $.l}}{{.}}{{end}}{{.}}{{end}}{{len .}}",
		"{\"a\":\"x\",\"l\":[1,2]}", "x12x2");
}

Test(render, else_with_and_else_if_chain)
{
	const char *text = "{{if .a}}a{{else if .b}}b{{else}}c{{end}}"
			   "{{with .a}}a{{else with .b}}{{.}}{{else}}c{{end}}";

	assert_renders(text, "{\"a\":1}", "aa");
	assert_renders(text, "{\"b\":2}", "b2");
	assert_renders(text, "{}", "cc");
}

Test(render, break_and_continue_leave_the_blocks_within_the_range)
{
	assert_renders("{{range .}}{{with .}}{{if eq . 2.0}}{{continue}}{{end}}"
		       "{{if eq . 4.0}}{{break}}{{end}}{{end}}{{.}}{{end}}|{{len .}}",
		"[1,2,3,4,5]", "13|5");
	assert_renders("{{range .}}{{range .}}{{if .}}{{break}}{{end}}{{.}}{{end}};{{end}}",
		"[[0,1,0],[0,0]]", "0;00;");
}

Test(render, range_walks_keys_in_order)
{
	assert_renders("{{range $k, $v := .}}{{$k}}{{$v}} {{end}}", "{\"b\":1,\"a\":2,\"B\":3}",
		"B3 a2 b1 ");
}

Test(render, range_over_integers_counts)
{
	assert_renders("{{range 3}}{{.}}{{end}}{{range 0}}a{{else}}b{{end}}", "null", "012b");
	assert_fails("{{range $i, $x := 3}}{{end}}", "null", "",
		"template: t:1:18: executing \"t\" at <3>: can't use 3 to iterate over more than "
		"one "
		"variable");
}

Test(render, range_refuses_text)
{
	assert_fails("{{range .}}{{end}}", "\"abc\"", "",
		"template: t:1:8: executing \"t\" at <.>: range can't iterate over abc");
}

Test(render, templates_call_each_other)
{
	assert_renders("{{define \"f\"}}{{if .n}}{{.v}}{{template \"f\" .n}}{{end}}{{end}}"
		       "{{template \"f\" .}}",
		"{\"v\":1,\"n\":{\"v\":2,\"n\":{\"v\":3,\"n\":{\"n\":0}}}}", "123");
}

Test(render, text_of_a_block_is_a_default)
{
	assert_renders("{{block \"b\" .}}[{{.}}]{{end}}", "1", "[1]");
}

Test(render, pipeline_value_is_the_last_argument)
{
	assert_renders("{{\"a\" | printf \"%s-%s\" \"b\"}}", "null", "b-a");
	assert_fails("{{1 | .a}}", "{\"a\":1}", "",
		"template: t:1:6: executing \"t\" at <.a>: a is not a method but has arguments");
}

Test(render, wrong_number_of_arguments_is_an_error_of_the_run)
{
	assert_fails("{{len}}", "null", "",
		"template: t:1:2: executing \"t\" at <len>: wrong number of args for len: want 1 "
		"got "
		"0");
	assert_fails("{{1 | len 2}}", "null", "",
		"template: t:1:6: executing \"t\" at <len>: wrong number of args for len: want 1 "
		"got "
		"2");
}

Test(render, constants_fit_the_parameter)
{
	assert_fails("{{printf 1}}", "null", "",
		"template: t:1:9: executing \"t\" at <1>: expected string; found 1");
	assert_fails("{{9223372036854775808}}", "null", "",
		"template: t:1:2: executing \"t\" at <9223372036854775808>: 9223372036854775808 "
		"overflows int");
}

Test(render, call_of_what_is_no_function_names_it)
{
	assert_fails("{{call .a 1}}", "{\"a\":1}", "",
		"template: t:1:2: executing \"t\" at <call .a 1>: error calling call: non-function "
		".a "
		"of type float64");
	assert_fails("{{call (index . 8) (index . 9)}}", "[]", "",
		"template: t:1:8: executing \"t\" at <index . 8>: error calling index: index out "
		"of "
		"range: 8");
	assert_fails("{{1 | call}}", "null", "",
		"template: t:1:6: executing \"t\" at <call>: error calling call: non-function <int "
		"Value> of type int");
	assert_fails("{{call nil}}", "null", "",
		"template: t:1:2: executing \"t\" at <call nil>: error calling call: call of nil");
}

Test(render, undefined_template_is_an_error_where_it_is_called)
{
	assert_fails("a{{template \"x\"}}", "null", "a",
		"template: t:1:12: executing \"t\" at <{{template \"x\"}}>: template \"x\" not "
		"defined");
}

/* text, n times: before, then middle, then after. */
static void assert_nested(const char *before, const char *after, const char *want)
{
	char *text = malloc((strlen(before) + strlen(after)) * TEMPLATE_PARENS_MAX + 16),
	     *at = text;

	at += sprintf(at, "{{");
	for (int i = 0; i < TEMPLATE_PARENS_MAX; i++)
		at = stpcpy(at, before);
	at = stpcpy(at, "7");
	for (int i = 0; i < TEMPLATE_PARENS_MAX; i++)
		at = stpcpy(at, after);
	strcpy(at, "}}");
	assert_renders(text, "null", want);
	free(text);
}

Test(render, nesting_beyond_the_stack_is_evaluated)
{
	assert_nested("(", ")", "7");
	assert_nested("(print ", ")", "7");
	assert_nested("(and 1 ", ")", "7");
	assert_nested("($x := ", ")", "7");
}

Test(render, statement_in_an_error_is_shown_with_its_variables)
{
	assert_fails("{{template \"u\" $v := 1 | print 2}}", "null", "",
		"template: t:1:11: executing \"t\" at <{{template \"u\" $v := 1 | print 2}}>: "
		"template \"u\" not defined");
}
