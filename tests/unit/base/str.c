/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/str.h"

#include <criterion/criterion.h>
#include <stdio.h>

Test(str, cut_splits_at_the_first_separator)
{
	struct str head, tail;

	cr_assert(str_cut(STR("a=b=c"), '=', &head, &tail));
	cr_assert(str_eqz(head, "a"));
	cr_assert(str_eqz(tail, "b=c"));
}

Test(str, cut_without_separator_keeps_all_in_head)
{
	struct str head, tail;

	cr_assert(!str_cut(STR("abc"), '=', &head, &tail));
	cr_assert(str_eqz(head, "abc"));
	cr_assert_eq(tail.len, 0);
}

Test(str, cut_may_write_to_what_it_reads)
{
	struct str s = STR("a,b,c"), head;

	cr_assert(str_cut(s, ',', &head, &s));
	cr_assert(str_eqz(s, "b,c"));
	cr_assert(str_cut(s, ',', &s, &head));
	cr_assert(str_eqz(s, "b"));
	cr_assert(str_eqz(head, "c"));
}

Test(str, number_that_overflows_is_refused)
{
	uint64_t v = 7;

	cr_assert(str_to_u64(STR("18446744073709551615"), UINT64_MAX, &v));
	cr_assert_eq(v, UINT64_MAX);
	cr_assert(!str_to_u64(STR("18446744073709551616"), UINT64_MAX, &v));
	cr_assert(!str_to_u64(STR("65536"), 65535, &v));
	cr_assert(!str_to_u64(STR(""), 10, &v));
	cr_assert(!str_to_u64(STR("-1"), 10, &v));
	cr_assert(!str_to_u64(STR("+1"), 10, &v));
	cr_assert(!str_to_u64(STR(" 1"), 10, &v));
	cr_assert(!str_to_u64(STR("1x"), 10, &v));
	cr_assert_eq(v, UINT64_MAX);
	cr_assert(str_to_u64(STR("00010"), 10, &v));
	cr_assert_eq(v, 10);
}

Test(str, distance_counts_single_edits)
{
	cr_assert_eq(str_distance(STR("template"), STR("templete")), 1);
	cr_assert_eq(str_distance(STR("dest"), STR("dst")), 1);
	cr_assert_eq(str_distance(STR(""), STR("abc")), 3);
	cr_assert_eq(str_distance(STR("abc"), STR("")), 3);
	cr_assert_eq(str_distance(STR("kitten"), STR("sitting")), 3);
	cr_assert_eq(str_distance(STR("same"), STR("same")), 0);
}

Test(str, long_words_are_far_from_everything)
{
	char word[65];

	memset(word, 'x', sizeof(word));
	cr_assert_eq(str_distance(str_n(word, 65), str_n(word, 65)), 64);
	cr_assert_eq(str_distance(str_n(word, 64), str_n(word, 64)), 0);
	cr_assert_eq(str_distance(str_n(word, 64), STR("")), 64);
}

Test(str, an_empty_string_without_memory_is_like_any_other)
{
	struct str none = {NULL, 0}, head, tail;

	cr_assert(str_eq(none, STR("")));
	cr_assert(str_has_prefix(none, none));
	cr_assert(str_has_suffix(none, STR("")));
	cr_assert(!str_has_prefix(none, STR("a")));
	cr_assert_eq(str_chr(none, 'a'), -1);
	cr_assert_eq(str_rchr(none, 'a'), -1);
	cr_assert_eq(str_find(none, STR("a")), -1);
	cr_assert_eq(str_find(none, none), 0);
	cr_assert_eq(str_cmp(none, none), 0);
	cr_assert_eq(str_trim(none).len, 0);
	cr_assert_eq(str_sub(none, 1, 2).len, 0);
	cr_assert(!str_cut(none, '=', &head, &tail));
	cr_assert_eq(head.len + tail.len, 0);
	cr_assert_eq(str_hash(none), str_hash(STR("")));
	cr_assert_eq(str_from(NULL).len, 0);
}

Test(str, a_part_is_clamped_to_the_whole)
{
	struct str s = STR("abcdef");

	cr_assert(str_eqz(str_sub(s, 1, 3), "bc"));
	cr_assert(str_eqz(str_sub(s, 4, 100), "ef"));
	cr_assert_eq(str_sub(s, 100, 200).len, 0);
	cr_assert_eq(str_sub(s, 3, 1).len, 0);
}

Test(str, order_is_that_of_bytes)
{
	cr_assert_lt(str_cmp(STR("a"), STR("b")), 0);
	cr_assert_lt(str_cmp(STR("a"), STR("aa")), 0);
	cr_assert_gt(str_cmp(STR("\xff"), STR("a")), 0);
	cr_assert_gt(str_cmp(str_n("a\0b", 3), str_n("a\0a", 3)), 0);
	cr_assert_eq(str_cmp(STR("ab"), STR("ab")), 0);
}

Test(str, case_is_ignored_only_where_asked)
{
	cr_assert(str_eq_nocase(STR("Content-Length"), STR("content-length")));
	cr_assert(!str_eq_nocase(STR("a"), STR("ab")));
	cr_assert(!str_eq(STR("A"), STR("a")));
}

Test(str, places_are_found)
{
	cr_assert_eq(str_chr(STR("a/b/c"), '/'), 1);
	cr_assert_eq(str_rchr(STR("a/b/c"), '/'), 3);
	cr_assert_eq(str_find(STR("a/b/c"), STR("b/")), 2);
	cr_assert_eq(str_find(STR("abc"), STR("d")), -1);
	cr_assert_eq(str_find(STR("abc"), STR("")), 0);
}

Test(str, prefix_and_suffix_fit_into_the_string)
{
	cr_assert(str_has_prefix(STR("abc"), STR("ab")));
	cr_assert(str_has_suffix(STR("abc"), STR("bc")));
	cr_assert(!str_has_prefix(STR("a"), STR("ab")));
	cr_assert(!str_has_suffix(STR("c"), STR("bc")));
}

Test(str, trim_removes_ascii_white_space_only)
{
	cr_assert(str_eqz(str_trim(STR(" \t\n\v\f\r a b \r\n")), "a b"));
	cr_assert_eq(str_trim(STR("  ")).len, 0);
	cr_assert(str_eqz(str_trim(STR("\xc2\xa0")), "\xc2\xa0"));
}

Test(str, hashes_of_near_strings_differ)
{
	char text[16];
	uint64_t before = str_hash(STR(""));

	for (int i = 0; i < 1000; i++) {
		snprintf(text, sizeof(text), "%d", i);
		cr_assert_neq(str_hash(str_from(text)), before);
		before = str_hash(str_from(text));
		cr_assert_eq(str_hash(str_from(text)), before);
	}
	cr_assert_neq(str_hash(str_n("a\0", 2)), str_hash(STR("a")));
}
