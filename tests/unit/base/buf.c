/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/buf.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static void assert_holds(struct buf *b, const char *expected)
{
	cr_assert_str_eq(buf_cstr(b), expected);
	cr_assert_eq(b->len, strlen(expected));
	cr_assert_leq(b->len, b->cap);
	cr_assert_leq(b->cap, b->max);
}

Test(buf, appends_grow_it)
{
	struct buf b;

	buf_init(&b, SIZE_MAX);
	buf_add_cstr(&b, "ab");
	buf_add_char(&b, 'c');
	buf_add_str(&b, STR("de"));
	buf_add_fmt(&b, "%d%s", 12, "x");
	assert_holds(&b, "abcde12x");
	for (size_t i = 0; i < 10000; i++)
		buf_add_char(&b, 'y');
	cr_assert_eq(b.len, 10008);
	buf_release(&b);
}

Test(buf, it_holds_max_bytes_and_not_one_more)
{
	struct buf b;

	buf_init(&b, 10);
	for (size_t i = 0; i < 10; i++)
		buf_add_char(&b, 'x');
	cr_assert(!b.full);
	assert_holds(&b, "xxxxxxxxxx");
	buf_add_char(&b, 'y');
	cr_assert(b.full);
	assert_holds(&b, "xxxxxxxxxx");
	buf_release(&b);
}

Test(buf, an_append_that_does_not_fit_adds_nothing_and_sticks)
{
	struct buf b;

	buf_init(&b, 4);
	buf_add_cstr(&b, "ab");
	buf_add_cstr(&b, "cde");
	cr_assert(b.full);
	buf_add_cstr(&b, "c");
	assert_holds(&b, "ab");
	buf_add_fmt(&b, "%d", 1);
	cr_assert_null(buf_reserve(&b, 1));
	assert_holds(&b, "ab");
	buf_clear(&b);
	cr_assert(!b.full);
	buf_add_cstr(&b, "cdef");
	assert_holds(&b, "cdef");
	buf_release(&b);
}

Test(buf, cstr_needs_no_room_of_its_own)
{
	struct buf b;

	buf_init(&b, 3);
	assert_holds(&b, "");
	buf_add_cstr(&b, "abc");
	assert_holds(&b, "abc");
	buf_add_char(&b, 'd');
	cr_assert(b.full);
	buf_release(&b);
}

Test(buf, a_buffer_without_room_stays_empty)
{
	struct buf b;

	buf_init(&b, 0);
	buf_add(&b, "", 0);
	cr_assert(!b.full);
	buf_add_char(&b, 'x');
	cr_assert(b.full);
	assert_holds(&b, "");
	buf_release(&b);
}

Test(buf, nuls_are_bytes_like_others)
{
	struct buf b;

	buf_init(&b, SIZE_MAX);
	buf_add(&b, "a\0b", 3);
	cr_assert_eq(b.len, 3);
	cr_assert(str_eq(buf_str(&b), str_n("a\0b", 3)));
	buf_release(&b);
}

Test(buf, consume_removes_from_the_front)
{
	struct buf b;

	buf_init(&b, SIZE_MAX);
	buf_add_cstr(&b, "abcdef");
	buf_consume(&b, 2);
	assert_holds(&b, "cdef");
	buf_consume(&b, 0);
	assert_holds(&b, "cdef");
	buf_consume(&b, 100);
	assert_holds(&b, "");
	buf_release(&b);
}

Test(buf, take_gives_the_string_away)
{
	struct buf b;
	size_t len = 7;
	char *s;

	buf_init(&b, 100);
	buf_add_cstr(&b, "abc");
	s = buf_take(&b, &len);
	cr_assert_str_eq(s, "abc");
	cr_assert_eq(len, 3);
	cr_assert_eq(b.len, 0);
	cr_assert_eq(b.max, 100);
	free(s);
	s = buf_take(&b, NULL);
	cr_assert_str_eq(s, "");
	free(s);
}

Test(buf, reserved_room_may_be_written_to)
{
	struct buf b;
	char *room;

	buf_init(&b, 1000);
	buf_add_cstr(&b, "a");
	room = buf_reserve(&b, 500);
	cr_assert_not_null(room);
	memset(room, 'b', 500);
	b.len += 500;
	cr_assert_eq(buf_cstr(&b)[500], 'b');
	cr_assert_null(buf_reserve(&b, 500));
	buf_release(&b);
}

Test(buf, a_huge_request_does_not_overflow)
{
	struct buf b;

	buf_init(&b, 100);
	buf_add_cstr(&b, "abc");
	cr_assert_null(buf_reserve(&b, SIZE_MAX));
	cr_assert(b.full);
	assert_holds(&b, "abc");
	buf_release(&b);
}

Test(buf, formats_as_the_c_library_does)
{
	struct buf b;

	buf_init(&b, 1000);
	buf_add_fmt(&b, "%d %5u|%-4s|%04x %zu %lld %c%% %.2f %.3s %*d %s", -7, 42U, "ab", 0xbeU,
		(size_t)9, -5LL, 'x', 1.005, "abcdef", 4, 6, "end");
	assert_holds(&b, "-7    42|ab  |00be 9 -5 x% 1.00 abc    6 end");
	buf_clear(&b);
	buf_add_fmt(&b, "%lu %jd %g %#x", 18446744073709551615UL, (intmax_t)-1, 0.5, 255U);
	assert_holds(&b, "18446744073709551615 -1 0.5 0xff");
	buf_release(&b);
}

Test(buf, a_counted_text_may_hold_nuls)
{
	struct buf b;

	buf_init(&b, 1000);
	buf_add_fmt(&b, "<%.*s>", 3, "a\0b");
	cr_assert_eq(b.len, 5);
	cr_assert_eq(memcmp(b.data, "<a\0b>", 5), 0);
	buf_release(&b);
}

Test(buf, a_format_is_added_whole_or_not_at_all)
{
	struct buf b;

	buf_init(&b, 8);
	buf_add_cstr(&b, "abc");
	buf_add_fmt(&b, "%s-%s", "def", "ghi");
	cr_assert(b.full);
	assert_holds(&b, "abc");
	buf_release(&b);
}
