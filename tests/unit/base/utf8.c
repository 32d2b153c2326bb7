/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/utf8.h"

#include <criterion/criterion.h>

static void assert_decodes(struct str s, uint32_t rune, size_t width)
{
	size_t got = 0;

	cr_assert_eq(utf8_decode(s, &got), rune);
	cr_assert_eq(got, width);
	if (s.len == width) {
		cr_assert_eq(utf8_decode_last(s, &got), rune);
		cr_assert_eq(got, width);
	}
}

Test(utf8, every_valid_rune_survives_encoding)
{
	for (uint32_t rune = 0; rune <= RUNE_MAX; rune++) {
		char text[UTF8_MAX];
		size_t width;

		if (!utf8_valid_rune(rune))
			continue;
		width = utf8_encode(rune, text);
		assert_decodes(str_n(text, width), rune, width);
		cr_assert(utf8_valid(str_n(text, width)));
	}
}

Test(utf8, widths_change_at_the_borders)
{
	char text[UTF8_MAX];

	cr_assert_eq(utf8_encode(0x7f, text), 1);
	cr_assert_eq(utf8_encode(0x80, text), 2);
	cr_assert_eq(utf8_encode(0x7ff, text), 2);
	cr_assert_eq(utf8_encode(0x800, text), 3);
	cr_assert_eq(utf8_encode(0xffff, text), 3);
	cr_assert_eq(utf8_encode(0x10000, text), 4);
	cr_assert_eq(utf8_encode(RUNE_MAX, text), 4);
}

Test(utf8, what_is_no_rune_is_encoded_as_the_error_rune)
{
	const uint32_t bad[] = {0xd800, 0xdfff, RUNE_MAX + 1, UINT32_MAX};

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		char text[UTF8_MAX];

		cr_assert(!utf8_valid_rune(bad[i]));
		cr_assert_eq(utf8_encode(bad[i], text), 3);
		cr_assert_eq(memcmp(text, "\xef\xbf\xbd", 3), 0);
	}
}

Test(utf8, invalid_encodings_take_one_byte)
{
	const struct str bad[] = {STR("\x80"), STR("\xbf"), STR("\xc0\x80"), STR("\xc1\xbf"),
		STR("\xc3"), STR("\xc3("), STR("\xe0\x80\x80"), STR("\xe0\x9f\xbf"),
		STR("\xe2\x82"), STR("\xed\xa0\x80"), STR("\xed\xbf\xbf"), STR("\xf0\x80\x80\x80"),
		STR("\xf0\x8f\xbf\xbf"), STR("\xf0\x9f\x98"), STR("\xf4\x90\x80\x80"),
		STR("\xf5\x80\x80\x80"), STR("\xfe"), STR("\xff")};

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		size_t width;

		cr_assert_eq(utf8_decode(bad[i], &width), RUNE_ERROR, "%zu", i);
		cr_assert_eq(width, 1, "%zu", i);
		cr_assert(!utf8_valid(bad[i]), "%zu", i);
	}
}

Test(utf8, the_error_rune_itself_is_valid)
{
	assert_decodes(STR("\xef\xbf\xbd"), RUNE_ERROR, 3);
	cr_assert(utf8_valid(STR("a\xef\xbf\xbd")));
}

Test(utf8, the_last_rune_is_found_from_the_end)
{
	size_t width;

	cr_assert_eq(utf8_decode_last(STR("\xc3\xa4"
					  "b"),
			     &width),
		'b');
	cr_assert_eq(width, 1);
	cr_assert_eq(utf8_decode_last(STR("b\xc3\xa4"), &width), 0xe4);
	cr_assert_eq(width, 2);
	cr_assert_eq(utf8_decode_last(STR("b\xf0\x9f\x98\x80"), &width), 0x1f600);
	cr_assert_eq(width, 4);
	cr_assert_eq(utf8_decode_last(STR("\xc3\xa4\xa4"), &width), RUNE_ERROR);
	cr_assert_eq(width, 1);
	cr_assert_eq(utf8_decode_last(STR("\x80\x80\x80\x80\x80"), &width), RUNE_ERROR);
	cr_assert_eq(width, 1);
}

Test(utf8, each_invalid_byte_counts_as_one)
{
	cr_assert_eq(utf8_count(STR("")), 0);
	cr_assert_eq(utf8_count(STR("a\xc3\xa4\xff\xe2\x82")), 5);
}
