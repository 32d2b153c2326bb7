/* SPDX-License-Identifier: MIT
 *
 * Debounce and pause on a clock that the tests turn.
 */
#include "config.h"

#include "publish/settle.h"

#include <criterion/criterion.h>

/* When what waits is due, -1 if nothing does. */
static int64_t due(const struct settle *s)
{
	int64_t when = -1;

	return settle_due(s, &when) ? when : -1;
}

Test(settle, nothing_is_due_without_a_change)
{
	struct settle s;

	settle_init(&s, 100, 400, 0);
	cr_assert_eq(due(&s), -1);
}

Test(settle, the_first_change_is_due_at_once)
{
	struct settle s;

	settle_init(&s, 100, 400, 1000);
	settle_note(&s, 5000, false);
	cr_assert_eq(due(&s), 5000);
	settle_take(&s);
	cr_assert_eq(due(&s), -1);
}

Test(settle, a_change_that_follows_waits_for_quiet)
{
	struct settle s;

	settle_init(&s, 100, 400, 0);
	settle_note(&s, 0, false);
	settle_take(&s);
	settle_note(&s, 10, false);
	cr_assert_eq(due(&s), 110);
	settle_note(&s, 90, false);
	cr_assert_eq(due(&s), 190);
}

Test(settle, waiting_for_quiet_ends_at_the_maximum)
{
	struct settle s;

	settle_init(&s, 100, 400, 0);
	settle_note(&s, 0, false);
	settle_take(&s);
	for (int64_t now = 50; now < 450; now += 50)
		settle_note(&s, now, false);
	cr_assert_eq(due(&s), 450);
}

Test(settle, a_change_after_quiet_is_due_at_once_again)
{
	struct settle s;

	settle_init(&s, 100, 400, 0);
	settle_note(&s, 0, false);
	settle_take(&s);
	settle_note(&s, 100, false);
	cr_assert_eq(due(&s), 100);
}

Test(settle, without_wait_every_change_is_due_at_once)
{
	struct settle s;

	settle_init(&s, 0, 0, 0);
	for (int64_t now = 0; now < 5; now++) {
		settle_note(&s, now, false);
		cr_assert_eq(due(&s), now);
		settle_take(&s);
	}
}

Test(settle, nothing_is_due_sooner_than_the_pause_after_a_reload)
{
	struct settle s;

	settle_init(&s, 0, 0, 1000);
	settle_note(&s, 0, false);
	settle_take(&s);
	settle_applied(&s, 20);
	settle_note(&s, 30, false);
	cr_assert_eq(due(&s), 1020);
	settle_note(&s, 500, false);
	cr_assert_eq(due(&s), 1020);
	settle_take(&s);
	settle_note(&s, 5000, false);
	cr_assert_eq(due(&s), 5000);
}

Test(settle, a_reload_that_ends_while_a_change_waits_moves_it)
{
	struct settle s;

	settle_init(&s, 0, 0, 1000);
	settle_note(&s, 0, false);
	settle_applied(&s, 700);
	cr_assert_eq(due(&s), 1700);
}

Test(settle, an_urgent_change_passes_the_wait_but_not_the_pause)
{
	struct settle s;

	settle_init(&s, 100, 400, 50);
	settle_note(&s, 0, false);
	settle_take(&s);
	settle_applied(&s, 1);
	settle_note(&s, 10, false);
	settle_note(&s, 20, true);
	cr_assert_eq(due(&s), 51);
	settle_take(&s);
	settle_note(&s, 60, false);
	cr_assert_eq(due(&s), 160, "urgency outlived what was urgent");
}
