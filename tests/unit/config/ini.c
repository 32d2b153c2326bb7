/* SPDX-License-Identifier: MIT
 *
 * The line reader alone: what it hands on is written down as text, one line for each event.
 */
#include "config.h"

#include "config/ini.h"

#include "base/buf.h"

#include <criterion/criterion.h>
#include <stdio.h>

static void write_section(void *arg, unsigned line, struct str section)
{
	if (section.p)
		buf_add_fmt(arg, "%u [%.*s]\n", line, STR_ARG(section));
	else
		buf_add_fmt(arg, "%u []\n", line);
}

static void write_key(void *arg, unsigned line, const char *key, const char *value)
{
	buf_add_fmt(arg, "%u %s=<%s>\n", line, key, value);
}

static void write_error(void *arg, unsigned line, const char *message)
{
	buf_add_fmt(arg, "%u error: %s\n", line, message);
}

static void assert_reads_n(struct str text, const char *expected)
{
	static const struct ini_events events = {write_section, write_key, write_error};
	struct buf out;

	buf_init(&out, SIZE_MAX);
	ini_read(text, &events, &out);
	cr_assert_str_eq(buf_cstr(&out), expected);
	buf_release(&out);
}

static void assert_reads(const char *text, const char *expected)
{
	assert_reads_n(str_from(text), expected);
}

/* A line of n bytes: key, " = " and as many x as it takes. */
static char *long_line(size_t n)
{
	char *line = malloc(n + 1);

	memset(line, 'x', n);
	memcpy(line, "key = ", 6);
	line[n] = '\0';
	return line;
}

Test(ini, sections_and_keys_come_with_their_lines)
{
	assert_reads("[a]\nx = 1\n\n# note\n[ b c ]\ny=2\n", "1 [a]\n2 x=<1>\n5 [b c]\n6 y=<2>\n");
}

Test(ini, empty_and_repeated_sections_are_seen)
{
	assert_reads("[a]\n[a]\n[b]", "1 [a]\n2 [a]\n3 [b]\n");
}

Test(ini, repeated_keys_are_all_given)
{
	assert_reads("[a]\nx = 1\nx = 2\n", "1 [a]\n2 x=<1>\n3 x=<2>\n");
}

Test(ini, a_value_keeps_equal_signs_colons_quotes_and_dollars)
{
	assert_reads(
		"[a]\nx = label=a:b;c#d \"$HOME\"\n", "1 [a]\n2 x=<label=a:b;c#d \"$HOME\">\n");
}

Test(ini, white_space_around_key_and_value_is_dropped)
{
	assert_reads("[a]\nx\t = \t 1 2 \t\n", "1 [a]\n2 x=<1 2>\n");
}

Test(ini, an_empty_value_is_given)
{
	assert_reads("[a]\nx =\ny=  \n", "1 [a]\n2 x=<>\n3 y=<>\n");
}

Test(ini, a_last_line_needs_no_end)
{
	assert_reads("[a]\nx = 1", "1 [a]\n2 x=<1>\n");
}

Test(ini, an_empty_text_gives_nothing)
{
	assert_reads("", "");
	assert_reads_n((struct str){NULL, 0}, "");
	assert_reads("\n\n", "");
}

Test(ini, lines_may_end_with_cr_lf)
{
	assert_reads("[a]\r\nx = 1\r\n\r\n;c\r\ny = 2\r\n", "1 [a]\n2 x=<1>\n5 y=<2>\n");
}

Test(ini, a_cr_inside_a_line_is_refused)
{
	assert_reads("[a]\nx = 1\ry = 2\n", "1 [a]\n2 error: the line has a control character\n");
}

Test(ini, a_byte_order_mark_in_front_is_skipped)
{
	assert_reads("\xef\xbb\xbf[a]\nx = 1\n", "1 [a]\n2 x=<1>\n");
	assert_reads("\xef\xbb\xbf"
		     "x = 1\n",
		"1 x=<1>\n");
}

Test(ini, a_byte_order_mark_elsewhere_belongs_to_the_key)
{
	assert_reads("[a]\n\xef\xbb\xbfx = 1\n", "1 [a]\n2 \xef\xbb\xbfx=<1>\n");
}

Test(ini, utf_16_is_refused_once)
{
	assert_reads_n(str_n("\xff\xfe[\0a\0]\0\n\0", 10),
		"1 error: the file is UTF-16; save it as UTF-8\n");
	assert_reads_n(str_n("\xfe\xff\0[\0a\0]\0\n", 10),
		"1 error: the file is UTF-16; save it as UTF-8\n");
}

Test(ini, a_nul_is_refused_even_in_a_comment)
{
	const char *message = "error: the line has a NUL byte; the file must be plain text\n";
	char expected[256];

	snprintf(expected, sizeof(expected), "1 %s2 %s3 y=<1>\n", message, message);
	assert_reads_n(str_n("x = 1\0z\n# \0\ny = 1\n", 18), expected);
}

Test(ini, comments_may_be_indented_and_of_any_length)
{
	char *line = long_line(1000);
	char text[2048];

	line[0] = '#';
	snprintf(text, sizeof(text), "[a]\n  ; note\n\t# x = 1\n%s\n   %s\nx = 1\n", line, line);
	assert_reads(text, "1 [a]\n6 x=<1>\n");
	free(line);
}

Test(ini, a_line_as_long_as_possible_is_read_whole)
{
	char *line = long_line(INI_LINE_MAX), *expected;

	cr_assert_gt(asprintf(&expected, "1 key=<%s>\n", line + 6), 0);
	assert_reads(line, expected);
	free(line);
	free(expected);
}

Test(ini, a_longer_line_is_refused_and_no_part_of_it_is_read)
{
	char *line = long_line(INI_LINE_MAX + 1), *text;

	/* Cut at inih's 200 bytes the rest would be a key of its own. */
	cr_assert_gt(asprintf(&text, "%sxxdest = /b\nx = 1\n", line), 0);
	assert_reads(text, "1 error: the line has 209 bytes, at most 197 are possible\n2 x=<1>\n");
	free(line);
	free(text);
}

Test(ini, a_section_name_as_long_as_possible_is_read_whole)
{
	char name[INI_NAME_MAX + 1], text[80], expected[80];

	memset(name, 'n', INI_NAME_MAX);
	name[INI_NAME_MAX] = '\0';
	snprintf(text, sizeof(text), "[%s]\nx = 1\n", name);
	snprintf(expected, sizeof(expected), "1 [%s]\n2 x=<1>\n", name);
	assert_reads(text, expected);
}

Test(ini, a_longer_section_name_is_refused)
{
	char name[INI_NAME_MAX + 2], text[80];

	memset(name, 'n', INI_NAME_MAX + 1);
	name[INI_NAME_MAX + 1] = '\0';
	snprintf(text, sizeof(text), "[%s]\n", name);
	assert_reads(
		text, "1 error: the section name has 50 bytes, at most 49 are possible\n1 []\n");
}

Test(ini, a_longer_key_is_refused)
{
	char name[INI_NAME_MAX + 2], text[80];

	memset(name, 'n', INI_NAME_MAX + 1);
	name[INI_NAME_MAX + 1] = '\0';
	snprintf(text, sizeof(text), "%s = 1\n", name);
	assert_reads(text, "1 error: the key has 50 bytes, at most 49 are possible\n");
	snprintf(text, sizeof(text), "%s = 1\n", name + 1);
	cr_assert_eq(strlen(name + 1), INI_NAME_MAX);
}

Test(ini, a_semicolon_after_white_space_is_refused)
{
	const char *message =
		"error: ' ;' inside a line: it would start a comment; put comments on lines of "
		"their own, and no space before a ';' that is meant\n";
	const char *lines[] = {
		"x = a ; b", "x = a\t;b", "x = ;b", "x ;= b", "[a] ; note", "[a ;b]"};

	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		char expected[256];

		snprintf(expected, sizeof(expected), "1 %s%s", message,
			lines[i][0] == '[' ? "1 []\n" : "");
		assert_reads(lines[i], expected);
	}
}

Test(ini, a_hash_after_white_space_is_refused)
{
	assert_reads("x = a # b\n",
		"1 error: ' #' inside a line: comments stand on lines of their own\n");
}

Test(ini, a_value_that_starts_as_a_comment_is_refused)
{
	assert_reads("x =;b\ny =#b\n",
		"1 error: the value starts with ';', which starts comments\n"
		"2 error: the value starts with '#', which starts comments\n");
}

Test(ini, an_indented_line_is_refused_and_continues_nothing)
{
	const char *message = "error: the line is indented; keys and sections start in the first "
			      "column (a list is the same key on several lines)\n";
	char expected[512];

	snprintf(expected, sizeof(expected), "1 x=<1>\n2 %s3 %s4 %s4 []\n", message, message,
		message);
	assert_reads("x = 1\n  2\n\ty = 3\n [a]\n", expected);
}

Test(ini, what_is_no_key_no_section_and_no_comment_is_refused)
{
	const char *message =
		"1 error: not understood; expected key = value, [section] or a comment\n";

	assert_reads("x", message);
	assert_reads("x: 1", message);
	assert_reads("x: a = 1", message);
	assert_reads("\xa0x", message);
}

Test(ini, a_line_without_a_key_is_refused)
{
	assert_reads("= 1", "1 error: no key before '='\n");
}

Test(ini, a_section_line_must_be_whole)
{
	assert_reads("[a", "1 error: a section line must end with ']'\n1 []\n");
	assert_reads("[a] b", "1 error: a section line must end with ']'\n1 []\n");
	assert_reads("[]", "1 error: a section without a name\n1 []\n");
	assert_reads("[  ]", "1 error: a section without a name\n1 []\n");
	assert_reads("[", "1 error: a section line must end with ']'\n1 []\n");
	assert_reads("[a]b]", "1 error: a bracket inside a section name\n1 []\n");
	assert_reads("[[a]]", "1 error: a bracket inside a section name\n1 []\n");
}

Test(ini, a_wrong_section_line_ends_the_section_above)
{
	assert_reads("[a]\nx = 1\n[b\ny = 2\n[c]\n", "1 [a]\n2 x=<1>\n3 error: a section line must "
						     "end with ']'\n3 []\n4 y=<2>\n5 [c]\n");
}

Test(ini, bytes_that_are_not_ascii_are_values_like_others)
{
	assert_reads("x = \xc3\xa4 \xff\xa0\n", "1 x=<\xc3\xa4 \xff\xa0>\n");
}

static void assert_prints(struct str value, const char *expected)
{
	struct buf out;

	buf_init(&out, SIZE_MAX);
	cr_assert_eq(ini_print(STR("key"), value, &out), *expected != '\0');
	cr_assert_str_eq(buf_cstr(&out), expected);
	buf_release(&out);
}

Test(ini, only_what_reads_back_is_printed)
{
	assert_prints(STR("/a b/c;d"), "key = /a b/c;d\n");
	assert_prints(STR("a ;b"), "");
	assert_prints(STR("a #b"), "");
	assert_prints(STR(" a"), "");
	assert_prints(STR("a "), "");
	assert_prints(STR("a\n"), "");
	assert_prints(STR("a\nb"), "");
}

Test(ini, a_value_that_fills_the_line_is_printed_without_spaces)
{
	char *line = long_line(INI_LINE_MAX + 1), *expected;

	cr_assert_gt(asprintf(&expected, "key = %.*s\n", INI_LINE_MAX - 6, line + 6), 0);
	assert_prints(str_n(line + 6, INI_LINE_MAX - 6), expected);
	free(expected);
	memcpy(line, "key=xx", 6);
	cr_assert_gt(asprintf(&expected, "%.*s\n", INI_LINE_MAX, line), 0);
	assert_prints(str_n(line + 4, INI_LINE_MAX - 4), expected);
	assert_prints(str_n(line + 4, INI_LINE_MAX - 3), "");
	free(expected);
	free(line);
}
