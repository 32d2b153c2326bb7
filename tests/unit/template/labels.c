/* SPDX-License-Identifier: MIT
 *
 * docker-gen's functions over containers and their labels.
 */
#include "config.h"

#include "template/template.h"
#include "value/context.h"

#include <criterion/criterion.h>

static struct arena arena;
static struct rec_container web, db, bare;
static const struct rec_container *all[3];
static struct rec_root root;

static void set_up(void)
{
	struct value labels;

	record_types_register();
	arena_init(&arena);
	web.name = STR("web");
	labels = map_new(&arena, &type_string_map, 2);
	map_set_str(labels, STR("team"), value_str(STR("core")));
	map_set_str(labels, STR("empty"), value_str(STR("")));
	web.labels = labels.m;
	db.name = STR("db");
	labels = map_new(&arena, &type_string_map, 1);
	map_set_str(labels, STR("team"), value_str(STR("data")));
	db.labels = labels.m;
	bare.name = STR("bare");
	all[0] = &web;
	all[1] = &db;
	all[2] = &bare;
	root.containers = (struct slice){all, 3, 3};
}

static void tear_down(void)
{
	arena_release(&arena);
}

TestSuite(labels, .init = set_up, .fini = tear_down);

static void check(int line, const char *text, const char *want, const char *error)
{
	struct template_set *set = template_set_new();
	struct error err = ERROR_INIT;
	struct buf out;
	bool ok;

	buf_init(&out, 1 << 16);
	ok = template_parse(set, "t", str_from(text), &err) &&
	     template_render(
		     set, STR("t"), value_rec(&type_context_pointer, &root), NULL, &out, &err);
	cr_assert_eq(ok, !error, "line %d: %s: %s", line, text, error_text(&err));
	if (error)
		cr_assert_str_eq(error_text(&err), error, "line %d: %s gives\n%s\nnot\n%s", line,
			text, error_text(&err), error);
	else
		cr_assert_str_eq(buf_cstr(&out), want, "line %d: %s gives %s, not %s", line, text,
			buf_cstr(&out), want);
	error_clear(&err);
	buf_release(&out);
	template_set_free(set);
}

#define assert_gives(text, want)  check(__LINE__, text, want, NULL)
#define assert_fails(text, error) check(__LINE__, text, NULL, error)

Test(labels, container_with_the_label_is_taken_though_it_be_empty)
{
	assert_gives("{{range whereLabelExists . \"team\"}}{{.Name}} {{end}}", "web db ");
	assert_gives("{{range whereLabelExists . \"empty\"}}{{.Name}} {{end}}", "web ");
	assert_gives("{{range whereLabelDoesNotExist . \"team\"}}{{.Name}} {{end}}", "bare ");
}

Test(labels, value_is_searched_by_a_regular_expression)
{
	assert_gives("{{range whereLabelValueMatches . \"team\" \"at\"}}{{.Name}} {{end}}", "db ");
	assert_gives(
		"{{range whereLabelValueMatches . \"empty\" \"^$\"}}{{.Name}} {{end}}", "web ");
	assert_fails("{{whereLabelValueMatches . \"team\" \"(\"}}",
		"template: t:1:2: executing \"t\" at <whereLabelValueMatches . \"team\" \"(\">: "
		"error calling whereLabelValueMatches: error parsing regexp: missing closing ): "
		"`(`");
}

Test(labels, what_one_picks_another_takes)
{
	assert_gives("{{len (whereLabelExists (whereLabelExists . \"team\") \"empty\")}}", "1");
	assert_gives("{{printf \"%T\" (whereLabelExists . \"team\")}}", "context.Context");
	assert_fails("{{whereLabelExists 1 \"team\"}}",
		"template: t:1:19: executing \"t\" at <1>: can't handle 1 for arg of type "
		"context.Context");
}

Test(labels, groups_leave_out_or_collect_those_without_the_label)
{
	assert_gives("{{range $k, $v := groupByLabel . \"team\"}}{{$k}}={{len $v}} {{end}}",
		"core=1 data=1 ");
	assert_gives("{{range $k, $v := groupByLabelWithDefault . \"team\" \"core\"}}{{$k}}="
		     "{{range $v}}{{.Name}} {{end}}{{end}}",
		"core=web bare data=db ");
}

Test(labels, group_of_other_things_is_an_error)
{
	assert_fails("{{groupByLabel 1 \"x\"}}",
		"template: t:1:2: executing \"t\" at <groupByLabel 1 \"x\">: error calling "
		"groupByLabel: must pass an array or slice to 'groupByLabel'; received 1; kind "
		"int");
	assert_fails("{{groupByLabelWithDefault .Env \"x\" \"\"}}",
		"template: t:1:2: executing \"t\" at <groupByLabelWithDefault .Env \"x\" \"\">: "
		"error calling groupByLabelWithDefault: must pass an array or slice to "
		"'groupByLabelWithDefault'; received map[]; kind map");
}

Test(labels, group_of_nobody_is_an_error)
{
	static const struct rec_container *none[1];

	root.containers = (struct slice){none, 1, 1};
	assert_fails("{{groupByLabel . \"x\"}}",
		"template: t:1:2: executing \"t\" at <groupByLabel . \"x\">: error calling "
		"groupByLabel: runtime error: invalid memory address or nil pointer dereference");
}
