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

static bool names(const char *field)
{
	return template_set_names(set, str_from(field));
}

static bool uses_whole(const char *field)
{
	return template_set_uses_whole(set, str_from(field));
}

Test(sets, names_of_fields_are_known_wherever_they_stand)
{
	parse("main",
		"{{if .A}}{{else}}{{range $.B.C}}{{end}}{{end}}{{$v := 1}}{{with (index .D 0).E}}"
		"{{print $v (printf \"%v\" .G)}}{{block \"part\" .F}}{{end}}{{else with "
		".H}}{{end}}");
	for (const char *c = "A\0B\0C\0D\0E\0F\0G\0H\0"; *c; c += 2)
		cr_assert(names(c), "%s", c);
	cr_assert(!names("v"));
	cr_assert(!names("I"));
}

Test(sets, value_that_is_only_asked_for_fields_or_kept_is_not_used_whole)
{
	parse("main", "{{.A.B}}{{$d := dict \"a\" .A}}{{$_ := set $d \"b\" $.A}}{{(.A).C}}"
		      "{{template \"part\" .A.D}}{{define \"part\"}}{{end}}");
	cr_assert(names("A"));
	cr_assert(!uses_whole("A"));
	cr_assert(uses_whole("B"));
	cr_assert(uses_whole("D"));
}

Test(sets, value_that_goes_elsewhere_is_used_whole)
{
	static const char *const texts[] = {"{{.A}}", "{{json .A}}", "{{printf \"%v\" $.A}}",
		"{{.A | json}}", "{{json (.A)}}", "{{$x := .A}}", "{{with .A}}{{.}}{{end}}",
		"{{template \"part\" .A}}", "{{(index .List 0).A}}",
		"{{set .Map \"k\" (json .A)}}"};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		tear_down();
		set_up();
		parse("main", texts[i]);
		cr_assert(uses_whole("A"), "%s", texts[i]);
	}
}

Test(sets, names_of_a_replaced_definition_are_forgotten)
{
	parse("main", "{{template \"part\"}}{{define \"part\"}}{{.A}}{{end}}");
	cr_assert(names("A"));
	parse("over", "{{define \"part\"}}{{.B}}{{end}}");
	cr_assert(!names("A"));
	cr_assert(names("B"));
	cr_assert(!template_parse(set, "bad", STR("{{.C}}{{"), &err));
	cr_assert(!names("C"));
}

Test(sets, traits_are_those_of_the_functions_in_use)
{
	parse("main", "{{upper \"a\"}}");
	cr_assert(!template_set_traits(set).slow);
	cr_assert(!template_set_traits(set).varies);
	parse("now", "{{now}}");
	cr_assert(template_set_traits(set).varies);
	cr_assert(!template_set_traits(set).slow);
	parse("key", "{{if false}}{{genPrivateKey \"rsa\"}}{{end}}");
	cr_assert(template_set_traits(set).slow);
}
