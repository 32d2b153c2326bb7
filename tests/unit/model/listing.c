/* SPDX-License-Identifier: MIT
 *
 * Lists of the engine and the first snapshot: tests of src/model/listing.c by way of the inventory.
 */
#include "config.h"

#include "model/inventory.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "unit/loop.h"
#include "unit/model/fake_engine.h"

#include <criterion/criterion.h>
#include <stdio.h>

/* Short pauses, so that no test waits long. */
static const struct inventory_options quick = {
	.name = "fake", .first_deadline_ns = 50 * (int64_t)NS_PER_MS};

TestSuite(listing, .init = fake_quiet);

Test(listing, has_no_snapshot_before_the_first_list_is_complete)
{
	struct fake_engine f;
	char list[4096];

	fake_start(&f, NULL);
	cr_assert_null(inventory_snapshot(f.inv));
	snprintf(list, sizeof(list), "[%s]", fake_row(A, "a", "running", "10.0.0.1"));
	fake_up(&f, list);
	cr_assert_null(inventory_snapshot(f.inv));
	cr_assert_eq(f.changes, 0);
	fake_answer(&f, PATH_A, 200, fake_inspect(A, "a", "running", "10.0.0.1"));
	cr_assert_str_eq(fake_running(&f), "a");
	cr_assert_eq(f.changes, 1);
	cr_assert_str_eq(f.last.event, "first list");
	fake_stop(&f);
}

Test(listing, is_ready_with_no_container_at_all)
{
	struct fake_engine f;

	fake_start(&f, NULL);
	fake_up(&f, "[]");
	cr_assert_str_eq(fake_running(&f), "");
	cr_assert_eq(f.changes, 1);
	fake_stop(&f);
}

Test(listing, asks_once_for_the_networks_info_and_version_at_a_connect)
{
	struct fake_engine f;

	fake_start_with_a(&f, NULL);
	cr_assert_eq(fake_count(&f, "/networks"), 1);
	cr_assert_eq(fake_count(&f, "/info"), 1);
	cr_assert_eq(fake_count(&f, "/version"), 1);
	cr_assert_eq(fake_count(&f, "/containers/json"), 1);
	cr_assert_eq(fake_count(&f, "/containers/aaaa"), 1);
	cr_assert_eq(f.n, 5);
	fake_stop(&f);
}

Test(listing, waits_for_no_unreadable_container)
{
	struct fake_engine f;
	char list[4096];

	fake_start(&f, NULL);
	snprintf(list, sizeof(list), "[%s]", fake_row(A, "a", "running", "10.0.0.1"));
	fake_up(&f, list);
	fake_answer(&f, PATH_A, 200, "{\"Id\":[]}");
	cr_assert_str_eq(fake_running(&f), "");
	fake_stop(&f);
}

Test(listing, shows_what_it_has_when_the_deadline_is_over)
{
	struct fake_engine f;
	char list[8192];
	int n;

	fake_start(&f, &quick);
	n = snprintf(list, sizeof(list), "[%s", fake_row(A, "a", "running", "10.0.0.1"));
	snprintf(list + n, sizeof(list) - (size_t)n, ",%s]",
		fake_row(B, "b", "running", "10.0.0.2"));
	fake_up(&f, list);
	fake_answer(&f, PATH_A, 200, fake_inspect(A, "a", "running", "10.0.0.1"));
	cr_assert_eq(f.changes, 0);
	loop_until(f.base, f.changes == 1);
	cr_assert_str_eq(fake_running(&f), "a");
	fake_answer(&f, PATH_B, 200, fake_inspect(B, "b", "running", "10.0.0.2"));
	cr_assert_str_eq(fake_running(&f), "a b");
	cr_assert_eq(f.changes, 2);
	fake_stop(&f);
}

Test(listing, shows_nothing_without_a_complete_list_even_after_the_deadline)
{
	struct fake_engine f;

	fake_start(&f, &quick);
	inventory_engine_handlers()->on_up(NULL, f.inv);
	fake_answer(&f, "/containers/json", 500, "");
	fake_advance(&f, 2 * quick.first_deadline_ns);
	cr_assert_eq(f.changes, 0);
	cr_assert_null(inventory_snapshot(f.inv));
	loop_until(f.base, fake_waiting(&f, "/containers/json") == 1);
	fake_answer(&f, "/containers/json", 200, "[]");
	cr_assert_eq(f.changes, 0, "the deadline begins with the list");
	loop_until(f.base, f.changes == 1);
	fake_stop(&f);
}

Test(listing, shows_nothing_while_not_one_of_the_listed_containers_is_known)
{
	struct fake_engine f;
	char list[4096];

	fake_start(&f, &quick);
	snprintf(list, sizeof(list), "[%s]", fake_row(A, "a", "running", "10.0.0.1"));
	fake_up(&f, list);
	fake_advance(&f, 3 * quick.first_deadline_ns);
	fake_answer(&f, PATH_A, 500, "");
	fake_advance(&f, 3 * quick.first_deadline_ns);
	cr_assert_eq(f.changes, 0);
	loop_until(f.base, fake_waiting(&f, PATH_A) == 1);
	fake_answer(&f, PATH_A, 200, fake_inspect(A, "a", "running", "10.0.0.1"));
	cr_assert_str_eq(fake_running(&f), "a");
	fake_stop(&f);
}

Test(listing, waits_as_long_as_inspects_are_answered)
{
	struct fake_engine f;
	char list[16384], path[64], id[16];
	int n = 0;

	fake_start(&f, &quick);
	for (int i = 0; i < 8; i++) {
		snprintf(id, sizeof(id), "c%d", i);
		n += snprintf(list + n, sizeof(list) - (size_t)n, "%s%s", i ? "," : "[",
			fake_row(id, id, "running", "10.0.0.1"));
	}
	snprintf(list + n, sizeof(list) - (size_t)n, "]");
	fake_up(&f, list);
	for (int i = 0; i < 8; i++) {
		cr_assert_eq(f.changes, 0, "after %d answers", i);
		fake_advance(&f, quick.first_deadline_ns / 3);
		snprintf(id, sizeof(id), "c%d", i);
		snprintf(path, sizeof(path), "/containers/%s/json", id);
		fake_answer(&f, path, 200, fake_inspect(id, id, "running", "10.0.0.1"));
	}
	cr_assert_eq(f.changes, 1);
	fake_stop(&f);
}

Test(listing, waits_for_no_list_of_networks_that_does_not_come)
{
	struct fake_engine f;
	char list[4096];

	fake_start(&f, &quick);
	inventory_engine_handlers()->on_up(NULL, f.inv);
	snprintf(list, sizeof(list), "[%s]", fake_row(A, "a", "running", "10.0.0.1"));
	fake_answer(&f, "/containers/json", 200, list);
	fake_answer(&f, PATH_A, 200, fake_inspect(A, "a", "running", "10.0.0.1"));
	cr_assert_eq(f.changes, 0);
	loop_until(f.base, f.changes == 1);
	cr_assert_str_eq(fake_running(&f), "a");
	/* It comes after all, and the network is internal. */
	fake_answer(&f, "/networks", 200,
		"[{\"Name\":\"front\",\"Internal\":true,\"Id\":"
		"\"1111111111111111111111111111111111111111111111111111111111111111\"}]");
	cr_assert_eq(fake_count(&f, PATH_A), 2);
	fake_stop(&f);
}

Test(listing, keeps_everything_when_a_list_fails_and_lists_again)
{
	struct fake_engine f;

	fake_start_with_a(&f, NULL);
	inventory_engine_handlers()->on_down(NULL, NULL, f.inv);
	cr_assert_str_eq(fake_running(&f), "a");
	inventory_engine_handlers()->on_up(NULL, f.inv);
	fake_answer(&f, "/containers/json", 500, "");
	cr_assert_str_eq(fake_running(&f), "a");
	loop_until(f.base, fake_waiting(&f, "/containers/json") == 1);
	/* Cut in the middle: half a list removes nothing either. */
	fake_answer(&f, "/containers/json", 200, "[");
	cr_assert_str_eq(fake_running(&f), "a");
	loop_until(f.base, fake_waiting(&f, "/containers/json") == 1);
	fake_answer(&f, "/containers/json", 200, "[]");
	cr_assert_str_eq(fake_running(&f), "");
	cr_assert_eq(f.changes, 2);
	fake_stop(&f);
}

Test(listing, inspects_after_a_reconnect_only_what_differs)
{
	struct fake_engine f;
	char list[8192];
	int n;

	fake_start_with_a(&f, NULL);
	inventory_engine_handlers()->on_down(NULL, NULL, f.inv);
	n = snprintf(list, sizeof(list), "[%s", fake_row(A, "a", "running", "10.0.0.1"));
	snprintf(list + n, sizeof(list) - (size_t)n, ",%s]",
		fake_row(B, "b", "running", "10.0.0.2"));
	fake_up(&f, list);
	cr_assert_eq(fake_count(&f, PATH_A), 1, "the first one only");
	cr_assert_eq(fake_count(&f, PATH_B), 1);
	fake_answer(&f, PATH_B, 200, fake_inspect(B, "b", "running", "10.0.0.2"));
	cr_assert_str_eq(fake_running(&f), "a b");
	cr_assert_str_eq(f.last.event, "reconnect");

	/* A restarted while nobody listened: another address. */
	inventory_engine_handlers()->on_down(NULL, NULL, f.inv);
	snprintf(list, sizeof(list), "[%s]", fake_row(A, "a", "running", "10.0.0.3"));
	fake_up(&f, list);
	cr_assert_eq(fake_count(&f, PATH_A), 2);
	fake_answer(&f, PATH_A, 200, fake_inspect(A, "a", "running", "10.0.0.3"));
	cr_assert_str_eq(fake_running(&f), "a", "and b is gone");
	fake_stop(&f);
}

Test(listing, believes_events_more_than_a_list_that_was_asked_for_before_them)
{
	struct fake_engine f;
	char list[4096];

	fake_start_with_a(&f, NULL);
	inventory_engine_handlers()->on_up(NULL, f.inv);
	fake_event(&f, ENGINE_CONTAINER_START, B);
	fake_answer(&f, PATH_B, 200, fake_inspect(B, "b", "running", "10.0.0.2"));
	fake_event(&f, ENGINE_CONTAINER_DIE, A);
	cr_assert_str_eq(fake_running(&f), "a b", "an event that may be of before is a hint");
	snprintf(list, sizeof(list), "[%s]", fake_row(A, "a", "running", "10.0.0.1"));
	fake_answer(&f, "/containers/json", 200, list);
	cr_assert_str_eq(fake_running(&f), "a b");
	fake_answer(&f, PATH_A, 200, fake_inspect(A, "a", "exited", ""));
	cr_assert_str_eq(fake_running(&f), "b");
	cr_assert_eq(fake_count(&f, "/containers/aaaa"), 2);
	cr_assert_eq(fake_count(&f, "/containers/bbbb"), 1);
	fake_stop(&f);
}

Test(listing, asks_nothing_twice_when_the_list_and_an_event_name_a_container)
{
	struct fake_engine f;
	char list[4096];

	fake_start(&f, NULL);
	inventory_engine_handlers()->on_up(NULL, f.inv);
	fake_event(&f, ENGINE_CONTAINER_START, A);
	snprintf(list, sizeof(list), "[%s]", fake_row(A, "a", "running", "10.0.0.1"));
	fake_answer(&f, "/containers/json", 200, list);
	cr_assert_eq(fake_count(&f, PATH_A), 1);
	fake_answer(&f, PATH_A, 200, fake_inspect(A, "a", "running", "10.0.0.1"));
	cr_assert_eq(fake_count(&f, PATH_A), 1);
	fake_stop(&f);
}

Test(listing, lists_again_after_a_lost_event_but_not_without_end)
{
	struct fake_engine f;
	size_t before;

	fake_start_with_a(&f, NULL);
	before = fake_count(&f, "/containers/json");
	for (int i = 0; i < 100; i++)
		inventory_engine_handlers()->on_lost(NULL, "bad", f.inv);
	loop_until(f.base, fake_count(&f, "/containers/json") == before + 1);
	for (int i = 0; i < 100; i++)
		inventory_engine_handlers()->on_lost(NULL, "bad", f.inv);
	fake_answer(&f, "/containers/json", 200, "[]");
	cr_assert_eq(fake_count(&f, "/containers/json"), before + 1);
	loop_until(f.base, fake_count(&f, "/containers/json") == before + 2);
	fake_stop(&f);
}

Test(listing, lists_again_at_each_interval)
{
	struct inventory_options options = {.resync_ns = 1200 * (int64_t)NS_PER_MS};
	struct fake_engine f;
	size_t before;

	fake_start_with_a(&f, &options);
	before = f.n;
	loop_until(f.base, f.n > before);
	cr_assert_eq(f.n, before + 1);
	cr_assert_eq(fake_waiting(&f, "/containers/json"), 1);
	fake_stop(&f);
}

/* Podman's rows never tell it. */
Test(listing, asks_for_the_health_that_a_row_does_not_tell)
{
	static const char health[] = ",\"Health\":{\"Status\":\"healthy\"}";
	struct fake_engine f;
	char list[4096];

	fake_start_with_a(&f, NULL);
	fake_event(&f, ENGINE_CONTAINER_START, A);
	fake_answer(&f, PATH_A, 200, fake_inspect_with(A, "a", "running", "10.0.0.1", health, ""));
	inventory_engine_handlers()->on_up(NULL, f.inv);
	snprintf(list, sizeof(list), "[%s]", fake_row(A, "a", "running", "10.0.0.1"));
	fake_answer(&f, "/containers/json", 200, list);
	cr_assert_eq(fake_waiting(&f, PATH_A), 1);
	fake_stop(&f);
}

/* Podman has null for a container without networks. */
Test(listing, no_networks_are_none)
{
	struct fake_engine f;

	fake_start_with_a(&f, NULL);
	inventory_engine_handlers()->on_up(NULL, f.inv);
	fake_answer(&f, "/containers/json", 200,
		"[{\"Id\":\"" A "\",\"Names\":[\"/a\"],\"State\":\"running\",\"Ports\":[],"
		"\"NetworkSettings\":{\"Networks\":null}}]");
	cr_assert_eq(fake_waiting(&f, PATH_A), 1);
	fake_stop(&f);
}

Test(listing, is_believed_where_an_event_led_to_no_inspect)
{
	struct fake_engine f;
	char list[4096];

	fake_start_with_a(&f, NULL);
	fake_event(&f, ENGINE_CONTAINER_DIE, A);
	inventory_engine_handlers()->on_up(NULL, f.inv);
	fake_event(&f, ENGINE_CONTAINER_RENAME, A);
	cr_assert_eq(fake_waiting(&f, PATH_A), 0, "it does not run, as far as is known");
	snprintf(list, sizeof(list), "[%s]", fake_row(A, "a", "running", "10.0.0.1"));
	fake_answer(&f, "/containers/json", 200, list);
	cr_assert_eq(fake_waiting(&f, PATH_A), 1);
	fake_stop(&f);
}
