/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/arena.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <setjmp.h>
#include <stdlib.h>

#define BIG ((size_t)3 << 20)

static jmp_buf escape;

static void leave(void *arg)
{
	++*(int *)arg;
	longjmp(escape, 1);
}

Test(arena, memory_is_aligned_and_does_not_overlap)
{
	struct arena a;
	unsigned char *p[1000];

	arena_init(&a);
	for (size_t i = 0; i < ARRAY_LEN(p); i++) {
		p[i] = arena_alloc(&a, i);
		cr_assert_eq((uintptr_t)p[i] % 16, 0);
		memset(p[i], (int)(i & 0xff), i);
	}
	for (size_t i = 0; i < ARRAY_LEN(p); i++)
		for (size_t j = 0; j < i; j++)
			cr_assert_eq(p[i][j], i & 0xff);
	arena_release(&a);
}

Test(arena, a_request_larger_than_any_chunk_is_met)
{
	struct arena a;
	char *small, *big;

	arena_init(&a);
	small = arena_alloc(&a, 10);
	memset(small, 's', 10);
	big = arena_alloc(&a, BIG);
	memset(big, 'b', BIG);
	cr_assert_eq(small[9], 's');
	cr_assert_geq(a.bytes, BIG);
	arena_release(&a);
	cr_assert_eq(a.bytes, 0);
}

Test(arena, release_leaves_it_usable)
{
	struct arena a;

	arena_init(&a);
	arena_alloc(&a, 100);
	arena_release(&a);
	cr_assert_str_eq(arena_strdup(&a, "again"), "again");
	arena_release(&a);
}

Test(arena, clear_keeps_one_chunk)
{
	struct arena a;
	size_t first;

	arena_init(&a);
	arena_alloc(&a, 1);
	first = a.bytes;
	arena_alloc(&a, BIG);
	arena_clear(&a);
	cr_assert_eq(a.bytes, first);
	arena_alloc(&a, 1);
	cr_assert_eq(a.bytes, first);
	arena_release(&a);
}

Test(arena, reset_frees_what_came_after_the_mark)
{
	struct arena a;
	struct arena_mark mark;
	char *kept, *after;

	arena_init(&a);
	kept = arena_strdup(&a, "kept");
	mark = arena_mark(&a);
	after = arena_alloc(&a, 16);
	arena_alloc(&a, BIG);
	arena_reset(&a, mark);
	cr_assert_eq(arena_alloc(&a, 16), after);
	cr_assert_str_eq(kept, "kept");
	cr_assert_lt(a.bytes, BIG);
	arena_release(&a);
}

Test(arena, reset_may_keep_a_text_that_came_after_the_mark)
{
	struct arena a;
	struct arena_mark mark;
	const char *kept, *place;

	arena_init(&a);
	arena_strdup(&a, "before");
	mark = arena_mark(&a);
	place = arena_alloc(&a, 100);
	kept = arena_reset_keep(&a, mark, arena_strdup(&a, "kept"), sizeof("kept"));
	cr_assert_str_eq(kept, "kept");
	cr_assert_eq(kept, place, "it moves to where the first of the freed bytes were");
	cr_assert_neq(arena_alloc(&a, 1), kept);
	arena_release(&a);
}

Test(arena, text_in_a_newer_chunk_than_the_mark_is_kept_where_it_is)
{
	struct arena a;
	struct arena_mark mark;
	const char *text, *kept;

	arena_init(&a);
	arena_alloc(&a, 1);
	mark = arena_mark(&a);
	arena_alloc(&a, BIG);
	text = arena_strdup(&a, "kept");
	kept = arena_reset_keep(&a, mark, text, sizeof("kept"));
	cr_assert_eq(kept, text);
	cr_assert_str_eq(kept, "kept");
	arena_release(&a);
}

Test(arena, knows_what_is_newer_than_a_mark)
{
	struct arena a;
	struct arena_mark mark;
	const char *older, *newer, *newest;

	arena_init(&a);
	older = arena_strdup(&a, "older");
	mark = arena_mark(&a);
	cr_assert(!arena_is_newer(&a, mark, older));
	newer = arena_strdup(&a, "newer");
	cr_assert(arena_is_newer(&a, mark, newer));
	newest = arena_alloc(&a, BIG);
	cr_assert(arena_is_newer(&a, mark, newest));
	cr_assert(arena_is_newer(&a, mark, newer));
	cr_assert(!arena_is_newer(&a, mark, older));
	cr_assert(!arena_is_newer(&a, mark, &a));
	arena_release(&a);
}

Test(arena, chunk_that_a_reset_gave_back_is_used_again)
{
	struct arena a;
	struct arena_mark mark;
	char *first;

	arena_init(&a);
	arena_alloc(&a, 1);
	mark = arena_mark(&a);
	first = arena_alloc(&a, 5000);
	arena_reset(&a, mark);
	cr_assert_eq(arena_alloc(&a, 5000), first);
	cr_assert_geq(a.peak, a.bytes);
	arena_release(&a);
}

Test(arena, what_lasts_survives_a_reset)
{
	struct arena a, lasting;
	struct arena_mark mark;
	char *text;

	arena_init(&a);
	arena_init(&lasting);
	cr_assert_eq(arena_lasting(&a), &a);
	a.lasting = &lasting;
	mark = arena_mark(&a);
	text = arena_strdup(arena_lasting(&a), "here");
	arena_alloc(&a, 1);
	arena_reset(&a, mark);
	cr_assert_str_eq(text, "here");
	arena_release(&a);
	arena_release(&lasting);
}

Test(arena, reset_to_a_mark_of_an_empty_arena_frees_all)
{
	struct arena a;
	struct arena_mark mark;

	arena_init(&a);
	mark = arena_mark(&a);
	arena_alloc(&a, 100);
	arena_reset(&a, mark);
	cr_assert_eq(a.bytes, 0);
	arena_alloc(&a, 100);
	arena_release(&a);
}

Test(arena, copies_have_a_nul_that_does_not_count)
{
	struct arena a;
	struct str s;

	arena_init(&a);
	s = arena_str(&a, str_n("ab\0cd", 5));
	cr_assert_eq(s.len, 5);
	cr_assert_eq(memcmp(s.p, "ab\0cd", 6), 0);
	s = arena_fmt(&a, "%d-%s", 7, "x");
	cr_assert(str_eqz(s, "7-x"));
	cr_assert_eq(s.p[s.len], '\0');
	cr_assert_eq(arena_str(&a, (struct str){NULL, 0}).len, 0);
	arena_release(&a);
}

Test(arena, calloc_clears_reused_memory)
{
	struct arena a;
	unsigned char *p;

	arena_init(&a);
	memset(arena_alloc(&a, 64), 0xff, 64);
	arena_clear(&a);
	p = arena_calloc(&a, 8, 8);
	for (size_t i = 0; i < 64; i++)
		cr_assert_eq(p[i], 0);
	arena_release(&a);
}

Test(arena, the_limit_can_be_used_up_and_not_passed)
{
	struct arena a;
	volatile size_t got = 0;
	int calls = 0;

	arena_init(&a);
	arena_set_limit(&a, 10000, leave, &calls);
	if (setjmp(escape) == 0) {
		for (;;) {
			memset(arena_alloc(&a, 16), 0, 16);
			got += 16;
		}
	}
	cr_assert_eq(calls, 1);
	cr_assert_leq(a.bytes, 10000);
	cr_assert_gt(got, 9000);
	cr_assert_leq(got, 10000);
	arena_release(&a);
}

Test(arena, a_limit_below_what_is_used_is_hit_by_the_next_chunk)
{
	struct arena a;
	int calls = 0;

	arena_init(&a);
	arena_alloc(&a, BIG);
	arena_set_limit(&a, 100, leave, &calls);
	if (setjmp(escape) == 0)
		arena_alloc(&a, 16);
	cr_assert_eq(calls, 1);
	arena_release(&a);
}

Test(arena, sizes_that_overflow_hit_the_limit)
{
	static volatile int step;
	struct arena a;
	int calls = 0;

	arena_init(&a);
	arena_set_limit(&a, 10000, leave, &calls);
	if (setjmp(escape) == 0 || step < 3) {
		switch (++step) {
		case 1:
			arena_alloc(&a, SIZE_MAX);
			break;
		case 2:
			arena_alloc_array(&a, SIZE_MAX / 2, 4);
			break;
		default:
			arena_alloc(&a, SIZE_MAX - 15);
		}
	}
	cr_assert_eq(calls, 3);
	arena_release(&a);
}

Test(arena, without_a_handler_the_limit_ends_the_process, .signal = SIGABRT)
{
	struct arena a;

	arena_init(&a);
	arena_set_limit(&a, 100, NULL, NULL);
	arena_alloc(&a, 200);
}

Test(arena, an_empty_allocation_has_a_place_of_its_own)
{
	struct arena a;
	void *p, *q;

	arena_init(&a);
	p = arena_alloc(&a, 0);
	q = arena_alloc(&a, 0);
	cr_assert_not_null(p);
	cr_assert_neq(p, q);
	arena_release(&a);
}
