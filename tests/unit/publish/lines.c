/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "publish/lines.h"

#include <criterion/criterion.h>

static void check(const char *text, const char *want)
{
	struct buf b;

	buf_init(&b, SIZE_MAX);
	buf_add_cstr(&b, text);
	lines_remove_blank(&b);
	cr_assert_str_eq(buf_cstr(&b), want);
	buf_release(&b);
}

Test(lines, blank_lines_go_and_others_stay)
{
	check("", "");
	check("one", "one");
	check("one\n", "one\n");
	check("one\n\ntwo", "one\ntwo");
	check("\n\n\none\n\n\n\ntwo\n\n", "one\ntwo\n");
	check("\n \n\t\n", "");
	check("  indented \n", "  indented \n");
}

Test(lines, carriage_returns_are_white_space_and_are_kept_in_other_lines)
{
	check("\r\n\r\n", "");
	check("one\r\n\r\ntwo\r\n", "one\r\ntwo\r\n");
	check("\v\f\nx\n", "x\n");
}

Test(lines, unicode_spaces_are_blank)
{
	check("\xc2\xa0\n\xe2\x80\x83\xe3\x80\x80\nx\xc2\xa0\n", "x\xc2\xa0\n");
	check("\xc2\x85\nx", "x");
	/* A zero width space is none. */
	check("\xe2\x80\x8b\n", "\xe2\x80\x8b\n");
}

Test(lines, bytes_that_are_not_utf8_are_no_space)
{
	check("\xa0\n\xff\n", "\xa0\n\xff\n");
}

Test(lines, nul_bytes_are_kept)
{
	struct buf b;

	buf_init(&b, SIZE_MAX);
	buf_add(&b, "a\0\n\n\0\n", 6);
	lines_remove_blank(&b);
	cr_assert_eq(b.len, 5);
	cr_assert_eq(memcmp(b.data, "a\0\n\0\n", 5), 0);
	buf_release(&b);
}
