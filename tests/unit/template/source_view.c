/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "template/source_view.h"

#include "template/template.h"

#include <criterion/criterion.h>

static void assert_view(const char *source, uint32_t line, uint32_t column, const char *expected)
{
	struct source_place place = {.line = line, .column = column, .has_column = true};
	struct buf out;

	buf_init(&out, SIZE_MAX);
	source_view_add(&out, str_from(source), &place, false);
	cr_assert_str_eq(buf_cstr(&out), expected);
	buf_release(&out);
}

static struct source_place first_place(const char *text)
{
	struct source_place place;
	size_t at = 0;

	cr_assert(source_place_next(str_from(text), &at, &place), "%s", text);
	return place;
}

Test(source_view, errors_of_a_render_have_line_and_column)
{
	struct source_place p =
		first_place("/etc/a.tmpl: template: a.tmpl:12:7: executing \"b:1:2: \" at <.X>: y");

	cr_assert(str_eq(p.name, STR("a.tmpl")));
	cr_assert_eq(p.line, 12);
	cr_assert(p.has_column);
	cr_assert_eq(p.column, 7);
}

Test(source_view, errors_of_the_parser_have_a_line)
{
	struct source_place p = first_place("template: a.tmpl:3: function \"x\" not defined");

	cr_assert_eq(p.line, 3);
	cr_assert(!p.has_column);
}

Test(source_view, a_name_may_have_colons_and_numbers)
{
	struct source_place p = first_place("template: a:1:b 2:x:5:9: executing");

	cr_assert(str_eq(p.name, STR("a:1:b 2:x")), "%.*s", STR_ARG(p.name));
	cr_assert_eq(p.line, 5);
	cr_assert_eq(p.column, 9);
}

Test(source_view, all_places_of_an_error_are_found)
{
	const char *text = "template: a:1:2: executing \"a\" at <eval \"b\">: error calling eval: "
			   "template: b:3:4: executing \"b\" at <.X>: no";
	struct source_place place;
	size_t at = 0;

	cr_assert(source_place_next(str_from(text), &at, &place));
	cr_assert(str_eq(place.name, STR("a")));
	cr_assert(source_place_next(str_from(text), &at, &place));
	cr_assert(str_eq(place.name, STR("b")));
	cr_assert_eq(place.line, 3);
	cr_assert(!source_place_next(str_from(text), &at, &place));
}

Test(source_view, other_errors_have_no_place)
{
	static const char *const texts[] = {"", "cannot read x.tmpl: no", "template: no template \"x\"",
		"template: a:99999999999: x", "template: a:: x", "template: a\n:1: x", "template: a:1:2"};
	struct source_place place;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		size_t at = 0;

		cr_assert(!source_place_next(str_from(texts[i]), &at, &place), "%s", texts[i]);
	}
}

Test(source_view, the_mark_is_below_the_column)
{
	assert_view("one\ntwo {{ .X }}\nthree", 2, 7,
		"    2 | two {{ .X }}\n"
		"      |        ^\n");
	assert_view("a\r\nb\r\n", 1, 0, "    1 | a\n      | ^\n");
}

Test(source_view, a_line_without_a_column_has_no_mark)
{
	struct source_place place = {.line = 1};
	struct buf out;

	buf_init(&out, SIZE_MAX);
	source_view_add(&out, STR("abc"), &place, true);
	cr_assert_str_eq(buf_cstr(&out), "    1 | abc\n");
	buf_release(&out);
}

Test(source_view, colour_is_for_the_mark)
{
	struct source_place place = {.line = 1, .has_column = true, .column = 1};
	struct buf out;

	buf_init(&out, SIZE_MAX);
	source_view_add(&out, STR("abc"), &place, true);
	cr_assert_str_eq(buf_cstr(&out), "    1 | abc\n      |  \033[1;31m^\033[0m\n");
	buf_release(&out);
}

Test(source_view, tabs_go_to_the_next_stop)
{
	assert_view("\ta\tb", 1, 3,
		"    1 |     a   b\n"
		"      |         ^\n");
}

Test(source_view, bytes_become_columns)
{
	assert_view("\xc3\xbc{{", 1, 2, "    1 | \xc3\xbc{{\n      |  ^\n");
	assert_view("\xe6\x97\xa5{{", 1, 3, "    1 | \xe6\x97\xa5{{\n      |   ^\n");
	assert_view("e\xcc\x81{{", 1, 3, "    1 | e\xcc\x81{{\n      |  ^\n");
}

Test(source_view, nothing_of_a_source_reaches_the_terminal_as_a_command)
{
	assert_view("a\033[2Jb\x01\xff" "c\xe2\x80\xae" "d", 1, 8, "    1 | a?[2Jb??c?d\n      |         ^\n");
}

Test(source_view, a_column_behind_the_end_is_the_end)
{
	assert_view("abc", 1, 3, "    1 | abc\n      |    ^\n");
	assert_view("abc", 1, 4000000000u, "    1 | abc\n      |    ^\n");
	assert_view("", 1, 0, "    1 | \n      | ^\n");
}

Test(source_view, a_line_that_is_not_there_shows_nothing)
{
	assert_view("a\nb", 3, 0, "");
	assert_view("a\nb", 0, 0, "");
	assert_view("a\n", 2, 0, "    2 | \n      | ^\n");
}

/* Where the mark stands, and the character above it. */
static char marked_char(const char *source, uint32_t column)
{
	struct source_place place = {.line = 1, .column = column, .has_column = true};
	struct str line, rest, mark;
	struct buf out;
	ssize_t at;
	char c;

	buf_init(&out, SIZE_MAX);
	source_view_add(&out, str_from(source), &place, false);
	cr_assert(str_cut(buf_str(&out), '\n', &line, &rest));
	cr_assert(str_cut(rest, '\n', &mark, &rest));
	at = str_chr(mark, '^');
	cr_assert_geq(at, 0);
	cr_assert_leq(line.len, SOURCE_VIEW_COLUMNS + 8 + 2 * 3);
	/* The ellipsis in front is three bytes of one column. */
	if (str_find(line, STR("| \xe2\x80\xa6")) >= 0)
		at += 2;
	c = (size_t)at < line.len ? line.p[at] : '\0';
	buf_release(&out);
	return c;
}

Test(source_view, of_a_long_line_the_part_around_the_mark_is_shown)
{
	char source[1001];

	memset(source, '.', 1000);
	source[1000] = '\0';
	for (size_t i = 0; i < 1000; i += 37) {
		source[i] = 'X';
		cr_assert_eq(marked_char(source, (uint32_t)i), 'X', "at %zu", i);
		source[i] = '.';
	}
	source[999] = 'X';
	cr_assert_eq(marked_char(source, 999), 'X');
}

Test(source_view, a_line_that_just_fits_is_shown_whole)
{
	char source[SOURCE_VIEW_COLUMNS + 2];

	memset(source, 'x', sizeof(source));
	source[SOURCE_VIEW_COLUMNS] = '\0';
	cr_assert_eq(marked_char(source, 0), 'x');
	cr_assert_eq(marked_char(source, SOURCE_VIEW_COLUMNS - 1), 'x');
}

Test(source_view, a_line_can_be_had_alone)
{
	cr_assert(str_eq(source_line(STR("a\n\t {{ x }} \nb"), 2), STR("{{ x }}")));
	cr_assert_eq(source_line(STR("a"), 9).len, 0);
}

/* --- where the parser failed ---------------------------------------------------------------- */

static void assert_failure(const char *text, uint32_t line, uint32_t column)
{
	struct template_set *set = template_set_new();
	struct template_failure at;

	cr_assert(!template_parse(set, "t", str_from(text), NULL), "%s", text);
	at = template_parse_failure(set);
	cr_assert_eq(at.line, line, "%s: line %u", text, at.line);
	cr_assert_eq(at.column, column, "%s: column %u", text, at.column);
	template_set_free(set);
}

Test(sets, a_failed_parse_says_where)
{
	assert_failure("a\n{{ foo }}", 2, 3);
	assert_failure("{{ $x }}", 1, 3);
	assert_failure("x {{ if }}{{ end }}", 1, 8);
	assert_failure("{{ define \"a\" }}\n  {{ bar }}{{ end }}", 2, 5);
}
