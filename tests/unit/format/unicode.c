/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "template/format/unicode.h"

#include <criterion/criterion.h>

#define OUT_MAX 4096

Test(unicode, letters_of_all_scripts_are_letters)
{
	cr_assert(rune_is_letter('a') && rune_is_letter('Z') && rune_is_letter(0xe9));
	cr_assert(rune_is_letter(0x4e16) && rune_is_letter(0x10400));
	cr_assert(!rune_is_letter('_') && !rune_is_letter('0') && !rune_is_letter(0x2028));
	cr_assert(!rune_is_letter(0x110000) && !rune_is_letter(UINT32_MAX));
}

Test(unicode, tables_are_of_version_15)
{
	/* Assigned in Unicode 15.0; U+1C89 came with 16.0. */
	cr_assert(rune_is_letter(0x11f04));
	cr_assert(rune_is_print(0x1fae8));
	cr_assert(!rune_is_letter(0x1c89));
}

Test(unicode, digits_are_decimal_and_numbers_are_more)
{
	cr_assert(rune_is_digit('7') && rune_is_digit(0x0664) && !rune_is_digit(0xbd));
	cr_assert(rune_is_number(0xbd) && rune_is_number(0x2160));
}

Test(unicode, spaces_are_those_of_the_white_space_property)
{
	static const uint32_t spaces[] = {' ', '\t', '\n', '\v', '\f', '\r', 0x85, 0xa0, 0x1680,
		0x2000, 0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000};

	for (size_t i = 0; i < ARRAY_LEN(spaces); i++)
		cr_assert(rune_is_space(spaces[i]), "U+%04X", spaces[i]);
	cr_assert(!rune_is_space(0x200b) && !rune_is_space(0xfeff) && !rune_is_space(0));
}

Test(unicode, printing_excludes_controls_formats_and_wide_spaces)
{
	cr_assert(rune_is_print(' ') && rune_is_print('~') && rune_is_print(0xfffd));
	cr_assert(!rune_is_print(0x7f) && !rune_is_print(0xad) && !rune_is_print(0xa0));
	cr_assert(rune_is_graphic(0xa0) && rune_is_graphic(0x3000) && !rune_is_graphic(0x2028));
	cr_assert(!rune_is_print(0xe000) && !rune_is_print(0xd800) && !rune_is_print(0x110000));
}

Test(unicode, case_is_mapped_one_to_one)
{
	cr_assert_eq(rune_to_upper('a'), 'A');
	cr_assert_eq(rune_to_upper(0xff), 0x178);
	cr_assert_eq(rune_to_lower(0x130), 'i');
	cr_assert_eq(rune_to_upper(0xdf), 0xdf);
	cr_assert_eq(rune_to_lower(0x1e9e), 0xdf);
	cr_assert_eq(rune_to_title(0x1c6), 0x1c5);
	cr_assert_eq(rune_to_upper(0x1c5), 0x1c4);
	cr_assert_eq(rune_to_lower(0x100), 0x101);
	cr_assert_eq(rune_to_upper(0x101), 0x100);
	cr_assert_eq(rune_to_upper(0x110000), 0x110000);
}

Test(unicode, folding_walks_all_forms_and_returns)
{
	cr_assert_eq(rune_fold('K'), 'k');
	cr_assert_eq(rune_fold('k'), 0x212a);
	cr_assert_eq(rune_fold(0x212a), 'K');
	cr_assert_eq(rune_fold('1'), '1');
	cr_assert(str_eq_fold(STR("Stra\xc3\x9f"
				  "e"),
		STR("sTRA\xe1\xba\x9e"
		    "E")));
	cr_assert(!str_eq_fold(STR("ab"), STR("abc")));
	cr_assert(str_eq_fold(STR("\xe2\x84\xaa"), STR("k")));
}

Test(unicode, mapped_strings_replace_invalid_bytes)
{
	struct buf out;

	buf_init(&out, OUT_MAX);
	buf_add_upper(&out, STR("h\xc3\xa9\xff"));
	cr_assert_str_eq(buf_cstr(&out), "H\xc3\x89\xef\xbf\xbd");
	buf_clear(&out);
	buf_add_lower(&out, STR("\xc4\xb0\xc3\x89"));
	cr_assert_str_eq(buf_cstr(&out), "i\xc3\xa9");
	buf_clear(&out);
	buf_add_title(&out, STR("\xc7\x86z"));
	cr_assert_str_eq(buf_cstr(&out), "\xc7\x85Z");
	buf_release(&out);
}

Test(unicode, trimming_takes_all_white_space)
{
	cr_assert(str_eqz(str_trim_unicode(STR(" \t\xc2\xa0"
					       "a b\xe3\x80\x80\n")),
		"a b"));
	cr_assert_eq(str_trim_unicode(STR("\xe2\x80\xa8 ")).len, 0);
}
