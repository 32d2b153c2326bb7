/* SPDX-License-Identifier: MIT
 *
 * What stops, what is removed, and an engine that stays away.
 */
#include "config.h"

#include "model/inventory.h"

#include "base/clock.h"
#include "unit/loop.h"
#include "unit/model/fake_engine.h"

#include <criterion/criterion.h>

TestSuite(removals, .init = fake_quiet);
TestSuite(absence, .init = fake_quiet);

/* 2024-05-01T12:00:00Z */
#define NOON ((int64_t)1714564800 * NS_PER_S)

Test(removals, a_stop_is_confirmed_once_later)
{
	struct fake_engine f;
	size_t before;

	fake_start_with_a(&f, NULL);
	before = f.n;
	fake_event(&f, ENGINE_CONTAINER_DIE, A);
	fake_event(&f, ENGINE_CONTAINER_STOP, A);
	cr_assert_str_eq(fake_running(&f), "");
	fake_advance(&f, INVENTORY_CONFIRM_NS / 2);
	cr_assert_eq(f.n, before);
	loop_until(f.base, f.n == before + 1);
	fake_answer(&f, PATH_A, 200, fake_inspect(A, "a", "exited", ""));
	cr_assert_str_eq(fake_running(&f), "");
	cr_assert_eq(f.changes, 2);
	fake_stop(&f);
}

Test(removals, a_stop_that_was_none_is_taken_back)
{
	struct fake_engine f;

	fake_start_with_a(&f, NULL);
	fake_event(&f, ENGINE_CONTAINER_DIE, A);
	loop_until(f.base, fake_waiting(&f, PATH_A) == 1);
	fake_answer(&f, PATH_A, 200, fake_inspect(A, "a", "running", "10.0.0.1"));
	cr_assert_str_eq(fake_running(&f), "a");
	fake_stop(&f);
}

Test(removals, a_removed_container_is_gone_at_once_and_confirmed)
{
	struct inventory_options options = {.name = "fake", .wants_stopped = true};
	struct inventory_counts counts;
	struct fake_engine f;

	fake_start_with_a(&f, &options);
	fake_event(&f, ENGINE_CONTAINER_DIE, A);
	cr_assert_eq(fake_waiting(&f, PATH_A), 1);
	fake_event(&f, ENGINE_CONTAINER_DESTROY, A);
	cr_assert_eq(fake_waiting(&f, PATH_A), 0, "nobody waits for an answer from before");
	inventory_get_counts(f.inv, &counts);
	cr_assert_eq(counts.containers, 0);
	cr_assert_str_eq(f.last.event, "destroy");
	cr_assert_str_eq(f.last_name, "a");
	loop_until(f.base, fake_waiting(&f, PATH_A) == 1);
	fake_answer(&f, PATH_A, 404, "");
	cr_assert_eq(f.inv->entries.n, 0);
	fake_stop(&f);
}

Test(removals, a_removal_that_was_none_is_taken_back)
{
	struct fake_engine f;

	fake_start_with_a(&f, NULL);
	fake_event(&f, ENGINE_CONTAINER_DESTROY, A);
	cr_assert_str_eq(fake_running(&f), "");
	loop_until(f.base, fake_waiting(&f, PATH_A) == 1);
	fake_answer(&f, PATH_A, 200, fake_inspect(A, "a", "running", "10.0.0.1"));
	cr_assert_str_eq(fake_running(&f), "a");
	fake_stop(&f);
}

Test(removals, confirmations_give_way_to_starts)
{
	struct fake_engine f;
	char id[8];
	size_t before;

	fake_start_with_a(&f, NULL);
	for (int i = 0; i < 8; i++) {
		snprintf(id, sizeof(id), "c%d", i);
		fake_event(&f, ENGINE_CONTAINER_START, id);
		fake_event(&f, ENGINE_CONTAINER_DESTROY, id);
	}
	before = f.n;
	loop_until(f.base, f.n == before + INVENTORY_CONFIRMS_MAX);
	fake_advance(&f, INVENTORY_CONFIRM_NS / 4);
	cr_assert_eq(f.n, before + INVENTORY_CONFIRMS_MAX);
	fake_event(&f, ENGINE_CONTAINER_START, B);
	cr_assert_eq(fake_waiting(&f, PATH_B), 1);
	fake_stop(&f);
}

Test(removals, an_event_from_before_the_last_start_is_only_a_hint)
{
	static const char started[] = ",\"StartedAt\":\"2024-05-01T12:00:00.5Z\"";
	struct fake_engine f;

	fake_start_with_a(&f, NULL);
	fake_event(&f, ENGINE_CONTAINER_START, A);
	fake_answer(&f, PATH_A, 200, fake_inspect_with(A, "a", "running", "10.0.0.1", started, ""));
	fake_event_at(&f, ENGINE_CONTAINER_DIE, A, NOON);
	cr_assert_str_eq(fake_running(&f), "a");
	fake_answer(&f, PATH_A, 200, fake_inspect_with(A, "a", "running", "10.0.0.1", started, ""));
	fake_event_at(&f, ENGINE_CONTAINER_DIE, A, NOON + NS_PER_S);
	cr_assert_str_eq(fake_running(&f), "");
	fake_stop(&f);
}

Test(removals, a_start_that_is_no_time_says_nothing)
{
	struct fake_engine f;

	fake_start_with_a(&f, NULL);
	fake_event(&f, ENGINE_CONTAINER_START, A);
	fake_answer(&f, PATH_A, 200,
		fake_inspect_with(A, "a", "running", "10.0.0.1", ",\"StartedAt\":\"soon\"", ""));
	cr_assert_str_eq(fake_running(&f), "a");
	fake_event_at(&f, ENGINE_CONTAINER_DIE, A, NOON);
	cr_assert_str_eq(fake_running(&f), "");
	fake_stop(&f);
}

static void go_down(struct fake_engine *f)
{
	inventory_engine_handlers()->on_down(NULL, NULL, f->inv);
}

Test(absence, an_engine_that_is_away_keeps_its_containers)
{
	struct fake_engine f;

	fake_start_with_a(&f, NULL);
	go_down(&f);
	fake_advance(&f, 100 * NS_PER_MS);
	cr_assert_str_eq(fake_running(&f), "a");
	fake_stop(&f);
}

Test(absence, with_a_time_to_live_they_are_dropped_and_come_back)
{
	struct inventory_options options = {.name = "fake", .ttl_ns = 50 * NS_PER_MS};
	struct fake_engine f;
	char list[4096];

	fake_start_with_a(&f, &options);
	go_down(&f);
	cr_assert_str_eq(fake_running(&f), "a");
	loop_until(f.base, strcmp(fake_running(&f), "") == 0);
	cr_assert_str_eq(f.last.event, "engine away");
	snprintf(list, sizeof(list), "[%s]", fake_row(A, "a", "running", "10.0.0.1"));
	fake_up(&f, list);
	fake_answer(&f, PATH_A, 200, fake_inspect(A, "a", "running", "10.0.0.1"));
	fake_advance(&f, 100 * NS_PER_MS);
	cr_assert_str_eq(fake_running(&f), "a");
	fake_stop(&f);
}

static unsigned absences;

static void count_absence(void *arg)
{
	absences++;
}

Test(absence, is_told_after_its_time_also_of_an_engine_that_never_came)
{
	struct inventory_options options = {
		.name = "fake", .absent_ns = 50 * NS_PER_MS, .on_absent = count_absence};
	struct fake_engine f;

	fake_start(&f, &options);
	loop_until(f.base, absences == 1);
	fake_up(&f, "[]");
	fake_advance(&f, 100 * NS_PER_MS);
	cr_assert_eq(absences, 1);
	go_down(&f);
	loop_until(f.base, absences == 2);
	fake_stop(&f);
}
