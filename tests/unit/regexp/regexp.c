/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "template/regexp/regexp.h"

#include "base/alloc.h"
#include "template/regexp/re2.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

static void release(void)
{
	regexp_cache_clear();
}

TestSuite(regexp, .fini = release);

static void assert_matches(const char *expr, const char *subject, bool wanted)
{
	struct error err = ERROR_INIT;
	const struct regexp *re = regexp_get(str_from(expr), &err);
	struct regexp_text text = regexp_text(str_from(subject));
	bool matched = !wanted;

	cr_assert_not_null(re, "%s: %s", expr, error_text(&err));
	cr_assert(regexp_match(re, &text, 0, NULL, &matched, &err));
	cr_assert_eq(matched, wanted, "`%s` on \"%s\"", expr, subject);
}

static void assert_refused(const char *expr, const char *wanted)
{
	struct error err = ERROR_INIT;

	cr_assert_null(regexp_get(str_from(expr), &err), "`%s` was accepted", expr);
	cr_assert_str_eq(error_text(&err), wanted);
	error_clear(&err);
}

/* All matches with a bar between them. */
static void assert_finds(const char *expr, const char *subject, const char *wanted)
{
	struct error err = ERROR_INIT;
	const struct regexp *re = regexp_get(str_from(expr), &err);
	struct regexp_iter it;
	size_t *spans;
	struct buf found;

	cr_assert_not_null(re, "%s", error_text(&err));
	spans = xreallocarray(NULL, regexp_groups(re) + 1, 2 * sizeof(*spans));
	buf_init(&found, 1000);
	regexp_iter_init(&it, re, str_from(subject), spans);
	while (regexp_iter_next(&it, &err))
		buf_add_fmt(&found, "|%.*s", (int)(spans[1] - spans[0]), subject + spans[0]);
	cr_assert(!error_is_set(&err), "%s", error_text(&err));
	cr_assert_str_eq(buf_cstr(&found), wanted);
	buf_release(&found);
	free(spans);
}

Test(regexp, dollar_and_circumflex_mean_the_whole_text)
{
	assert_matches("^a$", "a", true);
	assert_matches("^a$", "a\n", false);
	assert_matches("^b", "a\nb", false);
	assert_matches("(?m)^b$", "a\nb\nc", true);
	assert_matches("(?m)a\n^$", "a\n", true);
}

Test(regexp, dot_takes_no_newline_without_s)
{
	assert_matches("a.b", "a\nb", false);
	assert_matches("(?s)a.b", "a\nb", true);
	assert_matches("(?s:a.)b.c", "a\nb\nc", false);
}

Test(regexp, white_space_has_no_vertical_tab)
{
	assert_matches("\\s", "\v", false);
	assert_matches("[[:space:]]", "\v", true);
	assert_matches("\\S", "\v", true);
	assert_matches("[^\\S]", "\v", false);
}

Test(regexp, classes_are_ascii)
{
	assert_matches("^\\w$", "\xc3\xa9", false);
	assert_matches("^\\W$", "\xc3\xa9", true);
	assert_matches("^\\pL$", "\xc3\xa9", true);
	assert_matches("^\\p{Greek}$", "\xce\xb1", true);
	assert_matches("^\\P{^Greek}$", "\xce\xb1", true);
	assert_matches("^\\p{Letter}$", "b", true);
	assert_matches("\\d", "\xd9\xa1", false);
}

Test(regexp, negated_class_under_i_stays_a_complement)
{
	assert_matches("(?i)[[:^upper:]]", "a", false);
	assert_matches("(?i)[[:^upper:]]", "A", false);
	assert_matches("(?i)[[:^upper:]]", "1", true);
	assert_matches("(?i)[^k]", "K", false);
	assert_matches("(?i)k", "\xe2\x84\xaa", true);
	assert_matches("(?i)\\W", "\xe2\x84\xaa", false);
}

Test(regexp, flag_holds_to_the_end_of_its_group)
{
	assert_matches("^(?:(?i)a)b$", "Ab", true);
	assert_matches("^(?:(?i)a)b$", "AB", false);
	assert_matches("^(?i:a)b$", "aB", false);
	assert_matches("^a(?i)b|c$", "C", true);
	assert_matches("^x(?i)*$", "xxx", true);
	assert_matches("^(?i)a(?-i)b$", "Ab", true);
	assert_matches("^(?i)a(?-i)b$", "AB", false);
}

Test(regexp, U_swaps_greedy_and_lazy)
{
	assert_finds("a+?", "aaa", "|a|a|a");
	assert_finds("(?U)a+", "aaa", "|a|a|a");
	assert_finds("(?U)a+?", "aaa", "|aaa");
}

Test(regexp, empty_match_right_behind_a_match_is_left_out)
{
	assert_finds("a*", "baaac", "||aaa|");
	assert_finds("", "ab", "|||");
	assert_finds("x*", "\xc3\xa9z", "|||");
}

Test(regexp, brace_that_is_no_count_is_a_brace)
{
	assert_matches("^a{,2}$", "a{,2}", true);
	assert_matches("^{$", "{", true);
	assert_matches("^a{01}$", "a{01}", true);
	assert_matches("^a{*$", "a{{{", true);
}

Test(regexp, quoted_text_is_literal)
{
	assert_matches("^\\Qa.b\\E+$", "a.bbb", true);
	assert_matches("^\\Qa.b", "axb", false);
}

Test(regexp, what_re2_lacks_is_refused_with_go_s_words)
{
	assert_refused("(?=a)", "error parsing regexp: invalid or unsupported Perl syntax: `(?=`");
	assert_refused("(?<=a)b", "error parsing regexp: invalid named capture: `(?<=a)b`");
	assert_refused("\\1", "error parsing regexp: invalid escape sequence: `\\1`");
	assert_refused("a++", "error parsing regexp: invalid nested repetition operator: `++`");
	assert_refused("a**?", "error parsing regexp: invalid nested repetition operator: `**?`");
	assert_refused(
		"(*ACCEPT)", "error parsing regexp: missing argument to repetition operator: `*`");
	assert_refused("a|*", "error parsing regexp: missing argument to repetition operator: `*`");
	assert_refused("\\C", "error parsing regexp: invalid escape sequence: `\\C`");
	assert_refused("(?>a)", "error parsing regexp: invalid or unsupported Perl syntax: `(?>`");
	assert_refused(
		"\\p{Grek}", "error parsing regexp: invalid character class range: `\\p{Grek}`");
}

Test(regexp, unbalanced_brackets_are_refused)
{
	assert_refused("(a", "error parsing regexp: missing closing ): `(a`");
	assert_refused("a)b", "error parsing regexp: unexpected ): `a)b`");
	assert_refused("x[a", "error parsing regexp: missing closing ]: `[a`");
	assert_refused("[b-a]", "error parsing regexp: invalid character class range: `b-a`");
	assert_refused("\\", "error parsing regexp: trailing backslash at end of expression: ``");
	assert_refused("\xff", "error parsing regexp: invalid UTF-8: `\xff`");
}

Test(regexp, counts_beyond_the_limit_are_refused)
{
	assert_matches("^a{1000}$", "a", false);
	assert_refused("a{1001}", "error parsing regexp: invalid repeat count: `{1001}`");
	assert_refused("a{2,1}", "error parsing regexp: invalid repeat count: `{2,1}`");
	assert_refused(
		"a{99999999999}", "error parsing regexp: invalid repeat count: `{99999999999}`");
	assert_refused("((a{100}){10}){2}", "error parsing regexp: invalid repeat count: `{2}`");
	assert_matches("((a{10}){10}){10}", "a", false);
	assert_matches("((a{1000}){0}){1000}", "", true);
}

Test(regexp, deep_nesting_is_refused)
{
	char expr[2 * 1200 + 1];

	memset(expr, '(', 1200);
	memset(expr + 1200, ')', 1200);
	expr[2400] = '\0';
	{
		struct error err = ERROR_INIT;

		cr_assert_null(regexp_get(str_from(expr), &err));
		cr_assert(strstr(error_text(&err), "expression nests too deeply"));
		error_clear(&err);
	}
	memset(expr + 400, ')', 400);
	expr[800] = '\0';
	memset(expr, '(', 400);
	assert_matches(expr, "", true);
}

Test(regexp, too_long_expression_is_refused)
{
	char *expr = xmalloc(RE2_EXPR_MAX + 2);
	struct error err = ERROR_INIT;

	memset(expr, 'a', RE2_EXPR_MAX + 1);
	expr[RE2_EXPR_MAX + 1] = '\0';
	cr_assert_null(regexp_get(str_from(expr), &err));
	cr_assert(strstr(error_text(&err), "too large"));
	error_clear(&err);
	free(expr);
}

Test(regexp, runaway_backtracking_is_an_error)
{
	struct error err = ERROR_INIT;
	const struct regexp *re = regexp_get(STR("^(a+)+$"), &err);
	struct regexp_text text =
		regexp_text(STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"));
	bool matched;

	cr_assert_not_null(re);
	cr_assert(!regexp_match(re, &text, 0, NULL, &matched, &err));
	cr_assert(strstr(error_text(&err), "takes too long"));
	error_clear(&err);
}

/* n copies of s, and then end. Owned by the caller. */
static struct str long_text(const char *s, size_t n, const char *end)
{
	struct buf b;

	buf_init(&b, SIZE_MAX);
	for (size_t i = 0; i < n; i++)
		buf_add_cstr(&b, s);
	buf_add_cstr(&b, end);
	return str_n(b.data, b.len);
}

/* Each start alone keeps the limit of steps. */
Test(regexp, search_that_goes_through_a_long_text_from_each_start_is_an_error)
{
	struct str bytes = long_text("a", 100000, "");
	struct regexp_text text = regexp_text(bytes);
	struct error err = ERROR_INIT;
	const struct regexp *re = regexp_get(STR("(ab?)+(!|c)"), &err);
	bool matched;

	cr_assert_not_null(re);
	cr_assert(!regexp_match(re, &text, 0, NULL, &matched, &err));
	cr_assert(strstr(error_text(&err), "takes too long"), "%s", error_text(&err));
	error_clear(&err);
	free((char *)(uintptr_t)bytes.p);
}

Test(regexp, matches_are_found_wherever_they_stand_in_a_long_text)
{
	/* Runes of one, two and three bytes, so that stretches end within them. */
	static const char *const fillers[] = {"-", "\xc3\xa9", "\xe2\x82\xac", "\xff"};
	struct error err = ERROR_INIT;

	for (size_t i = 0; i < ARRAY_LEN(fillers); i++) {
		struct str bytes = long_text(fillers[i], 30011, "<x1>");
		char *start = (char *)(uintptr_t)bytes.p;
		const struct regexp *re = regexp_get(STR("<[a-z](\\d)>$|^<"), &err);
		size_t spans[4];
		struct regexp_iter it;

		cr_assert_not_null(re, "%s", error_text(&err));
		regexp_iter_init(&it, re, bytes, spans);
		cr_assert(regexp_iter_next(&it, &err), "%s", error_text(&err));
		cr_assert_eq(spans[0], bytes.len - 4);
		cr_assert_eq(spans[1], bytes.len);
		cr_assert_eq(spans[2], bytes.len - 2);
		cr_assert(!regexp_iter_next(&it, &err));
		cr_assert(!error_is_set(&err));
		free(start);
	}
}

Test(regexp, matches_side_by_side_in_a_long_text_are_all_found)
{
	static const char *const units[] = {"ab", "a\xff"};
	struct error err = ERROR_INIT;

	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		struct str bytes = long_text(units[i], 100000, "");
		const struct regexp *re = regexp_get(STR("a"), &err);
		struct regexp_iter it;
		size_t spans[2], n = 0;

		regexp_iter_init(&it, re, bytes, spans);
		for (; regexp_iter_next(&it, &err); n++)
			cr_assert_eq(spans[0], 2 * n);
		cr_assert_eq(n, 100000);
		free((char *)(uintptr_t)bytes.p);
	}
}

Test(regexp, groups_are_found_by_name)
{
	struct error err = ERROR_INIT;
	const struct regexp *re = regexp_get(STR("(a)(?P<x>b)(?<y>c)(?:d)"), &err);

	cr_assert_not_null(re);
	cr_assert_eq(regexp_groups(re), 3);
	cr_assert_eq(regexp_group(re, STR("x")), 2);
	cr_assert_eq(regexp_group(re, STR("y")), 3);
	cr_assert_eq(regexp_group(re, STR("z")), 0);
}

Test(regexp, cache_drops_and_compiles_again)
{
	for (unsigned i = 0; i < 2 * REGEXP_CACHE_MAX + 1; i++) {
		char expr[16];

		snprintf(expr, sizeof(expr), "^a{%u}$", i % 1000);
		assert_matches(expr, "b", false);
	}
	assert_matches("^a$", "a", true);
}

Test(regexp, escapes_that_go_does_not_know_are_refused)
{
	assert_refused("\\x4g", "error parsing regexp: invalid escape sequence: `\\x4g`");
	assert_refused("\\x", "error parsing regexp: invalid escape sequence: `\\x`");
	assert_refused("\\x{", "error parsing regexp: invalid escape sequence: `\\x{`");
	assert_refused("\\x{}", "error parsing regexp: invalid escape sequence: `\\x{}`");
	assert_refused("\\x{g}", "error parsing regexp: invalid escape sequence: `\\x{g`");
	assert_refused("\\x{12", "error parsing regexp: invalid escape sequence: `\\x{12`");
	assert_refused(
		"\\x{110000}", "error parsing regexp: invalid escape sequence: `\\x{110000`");
	assert_refused("\\8", "error parsing regexp: invalid escape sequence: `\\8`");
	assert_refused("\\C", "error parsing regexp: invalid escape sequence: `\\C`");
	assert_refused("[a-\\d]", "error parsing regexp: invalid escape sequence: `\\d`");
}

Test(regexp, classes_that_go_does_not_know_are_refused)
{
	assert_refused("[b-a]", "error parsing regexp: invalid character class range: `b-a`");
	assert_refused(
		"[[:foo:]]", "error parsing regexp: invalid character class range: `[:foo:]`");
	assert_refused(
		"\\p{Foo}", "error parsing regexp: invalid character class range: `\\p{Foo}`");
	assert_refused("\\pX", "error parsing regexp: invalid character class range: `\\pX`");
	assert_refused("\\p{L", "error parsing regexp: invalid character class range: `\\p{L`");
	assert_refused("[a-", "error parsing regexp: missing closing ]: `[a-`");
}

Test(regexp, text_that_is_no_utf8_is_refused)
{
	assert_refused("\xff", "error parsing regexp: invalid UTF-8: `\xff`");
	assert_refused("[\xff]", "error parsing regexp: invalid UTF-8: `\xff]`");
	assert_refused("[a-\xff]", "error parsing regexp: invalid UTF-8: `\xff]`");
}

Test(regexp, surrogates_match_nothing)
{
	assert_matches("\\x{d800}", "a", false);
	assert_matches("[\\x{d800}]", "a", false);
	assert_matches("[\\x{d800}-\\x{e000}]", "\xee\x80\x80", true);
	assert_matches("[\\x{d7ff}-\\x{dfff}]", "\xed\x9f\xbf", true);
}

Test(regexp, class_of_all_and_of_none)
{
	assert_matches("[\\x{0}-\\x{10FFFF}]", "\n", true);
	assert_matches("[^\\x{0}-\\x{10FFFF}]", "a", false);
	assert_matches("\\p{Any}", "a", true);
	assert_matches("\\P{Any}", "a", false);
	assert_matches("^\\p{^N}\\PN$", "ab", true);
	assert_matches("\\A\\x{4A}[\\x4a-\\x4F]", "JK", true);
	assert_matches("\\p{ASCII}", "\xc3\xa9", false);
	assert_matches("\\P{ASCII}", "\xc3\xa9", true);
}
