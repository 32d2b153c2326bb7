/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "template/template.h"

#include <criterion/criterion.h>

static struct template_set *set;
static struct buf out;
static struct error err;

static void set_up(void)
{
	set = template_set_new();
	buf_init(&out, 1 << 16);
	err = (struct error)ERROR_INIT;
}

static void tear_down(void)
{
	template_set_free(set);
	buf_release(&out);
	error_clear(&err);
}

TestSuite(sets, .init = set_up, .fini = tear_down);

static void parse(const char *name, const char *text)
{
	cr_assert(template_parse(set, name, str_from(text), &err), "%s", error_text(&err));
}

static void assert_gives(const char *name, const char *want)
{
	buf_clear(&out);
	cr_assert(template_render(set, str_from(name), VALUE_NONE, NULL, &out, &err), "%s",
		error_text(&err));
	cr_assert_str_eq(buf_cstr(&out), want);
}

Test(sets, texts_see_the_templates_of_each_other)
{
	parse("main", "<{{template \"part\"}}{{template \"other\"}}>");
	parse("other", "o{{define \"part\"}}p{{end}}");
	assert_gives("main", "<po>");
	assert_gives("other", "o");
}

Test(sets, later_definition_replaces_an_earlier_one)
{
	parse("main", "{{template \"part\"}}{{define \"part\"}}old{{end}}");
	parse("over", "{{define \"part\"}}new{{end}}");
	assert_gives("main", "new");
}

Test(sets, empty_definition_replaces_nothing)
{
	parse("main", "{{template \"part\"}}{{define \"part\"}}old{{end}}");
	parse("over", "{{define \"part\"}} \n {{end}}");
	assert_gives("main", "old");
}

Test(sets, text_that_fails_changes_nothing)
{
	parse("main", "{{template \"part\"}}{{define \"part\"}}old{{end}}");
	cr_assert(!template_parse(set, "bad", STR("{{define \"part\"}}new{{end}}{{if}}"), &err));
	cr_assert_str_eq(error_text(&err), "template: bad:1: missing value for if");
	error_clear(&err);
	cr_assert(!template_exists(set, STR("bad")));
	assert_gives("main", "old");
}

Test(sets, two_definitions_in_one_text_are_refused)
{
	cr_assert(!template_parse(
		set, "t", STR("{{define \"x\"}}A{{end}}\n{{define \"x\"}}B{{end}}"), &err));
	cr_assert_str_eq(
		error_text(&err), "template: t:2: template: multiple definition of template \"x\"");
}

Test(sets, error_names_the_text_it_is_in)
{
	parse("main", "{{template \"part\" 1}}");
	parse("other", "\n{{define \"part\"}}{{.x}}{{end}}");
	cr_assert(!template_render(set, STR("main"), VALUE_NONE, NULL, &out, &err));
	cr_assert_str_eq(error_text(&err), "template: other:2:19: executing \"part\" at <.x>: "
					   "can't evaluate field x in type int");
}

Test(sets, unknown_template_is_named)
{
	cr_assert(!template_render(set, STR("nope"), VALUE_NONE, NULL, &out, &err));
	cr_assert_str_eq(error_text(&err), "template: no template \"nope\"");
}

Test(sets, a_set_renders_many_times)
{
	parse("main", "{{$x := 1}}{{range 3}}{{$x}}{{end}}");
	for (int i = 0; i < 100; i++)
		assert_gives("main", "111");
}

Test(sets, text_need_not_outlive_the_parse)
{
	char text[] = "a{{\"b\"}}c";

	parse("main", text);
	memset(text, 'x', sizeof(text) - 1);
	assert_gives("main", "abc");
}
