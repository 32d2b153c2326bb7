/* SPDX-License-Identifier: MIT
 *
 * The splitter of multiplexed streams.
 */
#include "config.h"

#include "base/buf.h"
#include "engine/frames.h"

#include <criterion/criterion.h>

static const char two[] = "\1\0\0\0\0\0\0\4out\n\2\0\0\0\0\0\0\5err!\n";

static struct buf out;

static void set_up(void)
{
	buf_init(&out, 1 << 20);
}

static void tear_down(void)
{
	buf_release(&out);
}

TestSuite(frames, .init = set_up, .fini = tear_down);

static void keep(void *arg, struct str bytes)
{
	buf_add_str(arg, bytes);
}

Test(frames, both_streams_are_passed_on_in_their_order_however_they_are_cut)
{
	struct str all = str_n(two, sizeof(two) - 1);

	for (size_t cut = 0; cut <= all.len; cut++) {
		struct frames f = FRAMES_INIT;

		buf_clear(&out);
		frames_feed(&f, str_sub(all, 0, cut), keep, &out);
		frames_feed(&f, str_sub(all, cut, all.len), keep, &out);
		cr_assert_str_eq(buf_cstr(&out), "out\nerr!\n", "cut at %zu", cut);
		cr_assert(frames_is_whole(&f));
	}
}

Test(frames, a_stream_that_ends_inside_a_frame_is_not_whole)
{
	for (size_t n = 1; n < sizeof(two) - 1; n++) {
		struct frames f = FRAMES_INIT;

		frames_feed(&f, str_n(two, n), keep, &out);
		cr_assert_eq(frames_is_whole(&f), n == 12, "%zu bytes", n);
	}
}

Test(frames, a_terminal_s_stream_without_frames_is_passed_on_as_it_is)
{
	static const char text[] = "\1\0no header\r\nout\r\n";

	for (size_t cut = 0; cut < sizeof(text); cut++) {
		struct str all = str_n(text, sizeof(text) - 1);
		struct frames f = FRAMES_INIT;

		buf_clear(&out);
		frames_feed(&f, str_sub(all, 0, cut), keep, &out);
		frames_feed(&f, str_sub(all, cut, all.len), keep, &out);
		cr_assert(str_eq(buf_str(&out), all), "cut at %zu", cut);
	}
}

Test(frames, a_frame_that_claims_four_gigabytes_costs_no_memory)
{
	struct frames f = FRAMES_INIT;

	frames_feed(&f, str_n("\1\0\0\0\377\377\377\377abc", 11), keep, &out);
	cr_assert_str_eq(buf_cstr(&out), "abc");
	cr_assert_not(frames_is_whole(&f));
}

Test(frames, an_empty_frame_is_nothing)
{
	struct frames f = FRAMES_INIT;

	frames_feed(&f, str_n("\1\0\0\0\0\0\0\0\1\0\0\0\0\0\0\1x", 17), keep, &out);
	cr_assert_str_eq(buf_cstr(&out), "x");
	cr_assert(frames_is_whole(&f));
}
