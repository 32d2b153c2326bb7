/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "rendering.h"

#include "base/alloc.h"

#include <criterion/criterion.h>
#include <stdio.h>

/* Repeats of a text. */
static char *repeated(const char *before, const char *text, size_t n, const char *after)
{
	struct buf b;

	buf_init(&b, (size_t)64 << 20);
	buf_add_cstr(&b, before);
	while (n--)
		buf_add_cstr(&b, text);
	buf_add_cstr(&b, after);
	return buf_take(&b, NULL);
}

static void assert_parse_fails(char *text, const char *error)
{
	struct template_set *set = template_set_new();
	struct error err = ERROR_INIT;

	cr_assert(!template_parse(set, "t", str_from(text), &err));
	cr_assert_str_eq(error_text(&err), error);
	error_clear(&err);
	template_set_free(set);
	free(text);
}

Test(limits, parentheses_deeper_than_the_limit_are_refused)
{
	assert_parse_fails(repeated("{{", "(", TEMPLATE_PARENS_MAX + 1, "1}}"),
		"template: t:1: max expression depth exceeded");
}

Test(limits, blocks_deeper_than_the_limit_are_refused)
{
	assert_parse_fails(repeated("", "{{if 1}}", TEMPLATE_BLOCKS_MAX + 1, ""),
		"template: t:1: blocks are nested more than 10000 deep");
	assert_parse_fails(repeated("{{if 1}}", "{{else if 1}}", TEMPLATE_BLOCKS_MAX + 1, ""),
		"template: t:1: blocks are nested more than 10000 deep");
}

Test(limits, blocks_up_to_the_limit_are_run)
{
	char *half = repeated("", "{{if 1}}", TEMPLATE_BLOCKS_MAX, "x");
	char *text = repeated(half, "{{end}}", TEMPLATE_BLOCKS_MAX, "");

	assert_renders(text, "null", "x");
	free(half);
	free(text);
}

Test(limits, pipeline_longer_than_the_limit_is_refused)
{
	assert_parse_fails(repeated("{{1", "|print", TEMPLATE_COMMANDS_MAX, "}}"),
		"template: t:1: pipeline too long");
}

Test(limits, text_larger_than_the_limit_is_refused)
{
	char *text = repeated("", "x", TEMPLATE_TEXT_MAX + 1, "");

	assert_parse_fails(text, "template: t: the text is larger than 8388608 bytes");
}

Test(limits, templates_that_call_each_other_for_ever_end)
{
	assert_fails("{{define \"r\"}}{{template \"r\" .}}{{end}}{{template \"r\" 0}}", "null", "",
		"template: t:1:25: executing \"r\" at <{{template \"r\" .}}>: exceeded maximum "
		"template depth (100000)");
	assert_fails_limited("{{define \"r\"}}{{template \"r\"}}{{end}}{{template \"r\"}}", "null",
		(&(struct template_limits){.depth = 3}),
		"template: t:1:25: executing \"r\" at <{{template \"r\"}}>: exceeded maximum "
		"template depth (3)");
}

Test(limits, loop_that_takes_too_many_rounds_ends)
{
	assert_fails_limited("{{range 1000000000000}}{{range 3}}{{end}}{{end}}", "null",
		(&(struct template_limits){.steps = 1000}),
		"template: t:1:31: executing \"t\" at <3>: too many loop rounds and template "
		"calls");
}

Test(limits, render_that_needs_too_much_memory_ends)
{
	assert_fails_limited("{{$x := \"xxxxxxxx\"}}{{range 100}}{{$x = print $x $x}}{{end}}",
		"null", (&(struct template_limits){.memory = 1 << 20}),
		"template: t:1:49: executing \"t\" at <$x>: the render needs more than 1048576 "
		"bytes "
		"of memory");
}

Test(limits, actions_that_keep_nothing_need_no_memory_that_grows)
{
	const char *text = "{{range 20000}}{{if list (printf \"%d\" . | repeat 50)}}"
			   "{{split \"a,b\" \",\" | join \"\" | len | mul 0 | default \"\"}}"
			   "{{$n := printf \"%d\" . | repeat 50 | len}}{{end}}{{end}}";

	check_renders(__FILE__, __LINE__, text, "null",
		&(struct template_limits){.memory = 256 << 10}, "", NULL);
}

Test(limits, render_tells_what_it_took)
{
	struct template_set *set = template_set_new();
	struct template_usage usage;
	struct template_options options = {.usage = &usage};
	struct error err = ERROR_INIT;
	struct buf out;

	buf_init(&out, 1000);
	cr_assert(template_parse(
		set, "t", STR("{{range 10}}{{end}}{{$x := repeat 100000 \"x\"}}"), &err));
	cr_assert(template_render(set, STR("t"), VALUE_NONE, &options, &out, &err));
	cr_assert_eq(usage.steps, 10);
	cr_assert_geq(usage.memory, 100000);
	cr_assert_lt(usage.memory, 1000000);
	buf_release(&out);
	template_set_free(set);
}

Test(limits, string_that_grows_too_long_ends_the_render)
{
	assert_fails_limited("{{$x := \"xxxxxxxx\"}}{{range 100}}{{$x = print $x $x}}{{end}}",
		"null", (&(struct template_limits){.string = 1000}),
		"template: t:1:40: executing \"t\" at <print $x $x>: error calling print: string "
		"is "
		"longer than 1000 bytes");
}

Test(limits, output_larger_than_its_buffer_ends_the_render)
{
	struct template_set *set = template_set_new();
	struct error err = ERROR_INIT;
	struct buf out;

	buf_init(&out, 1000);
	cr_assert(template_parse(set, "t", STR("{{range 1000}}abc{{end}}"), &err));
	cr_assert(!template_render(set, STR("t"), VALUE_NONE, NULL, &out, &err));
	cr_assert_str_eq(error_text(&err),
		"template: t:1:14: executing \"t\" at <abc>: output is larger than 1000 bytes");
	cr_assert_eq(out.len, 999);
	error_clear(&err);
	buf_release(&out);
	template_set_free(set);
}

Test(limits, action_whose_output_is_too_much_is_shown_whole)
{
	assert_fails("{{repeat 1048576 \"a\" | printf \"%s%s\" \"b\"}}", "null", NULL,
		"template: t:1:2: executing \"t\" at <{{repeat 1048576 \"a\" | printf \"%s%s\" "
		"\"b\"}}>: output is larger than 1048576 bytes");
}
