/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "model/inventory.h"

#include "base/alloc.h"
#include "model/container.h"
#include "model/expose.h"
#include "unit/loop.h"
#include "unit/model/fake_engine.h"

#include <criterion/criterion.h>
#include <stdio.h>

TestSuite(inventory, .init = fake_quiet);

Test(inventory, inspects_a_started_container_exactly_once)
{
	struct fake_engine f;
	size_t before;

	fake_start_with_a(&f, NULL);
	before = f.n;
	fake_event(&f, ENGINE_CONTAINER_CREATE, B);
	fake_event(&f, ENGINE_NETWORK_CONNECT, B);
	cr_assert_eq(f.n, before, "a container that does not run costs no request");
	fake_event(&f, ENGINE_CONTAINER_START, B);
	cr_assert_eq(f.n, before + 1);
	fake_answer(&f, PATH_B, 200, fake_inspect(B, "b", "running", "10.0.0.2"));
	cr_assert_eq(f.n, before + 1);
	cr_assert_str_eq(fake_running(&f), "a b");
	cr_assert_eq(f.changes, 2);
	cr_assert_str_eq(f.last.event, "start");
	cr_assert_str_eq(f.last_name, "b");
	cr_assert_str_eq(f.last_id, B);
	cr_assert_gt(f.last.engine_ns, 0);
	cr_assert_not(f.last.urgent);
	fake_stop(&f);
}

Test(inventory, drops_a_stopped_container_at_once_without_asking)
{
	struct fake_engine f;
	size_t before;

	fake_start_with_a(&f, NULL);
	before = f.n;
	fake_event(&f, ENGINE_CONTAINER_KILL, A);
	fake_event(&f, ENGINE_CONTAINER_DIE, A);
	cr_assert_str_eq(fake_running(&f), "");
	cr_assert_eq(f.changes, 2);
	cr_assert_str_eq(f.last.event, "die");
	cr_assert_str_eq(f.last_name, "a");
	cr_assert(f.last.urgent);
	fake_event(&f, ENGINE_NETWORK_DISCONNECT, A);
	fake_event(&f, ENGINE_CONTAINER_STOP, A);
	fake_event(&f, ENGINE_CONTAINER_DESTROY, A);
	fake_advance(&f, 2 * INVENTORY_DISCONNECT_NS);
	cr_assert_eq(f.n, before);
	cr_assert_eq(f.changes, 2, "a stop is one change");
	fake_stop(&f);
}

/* Engines from 26 on disconnect first. */
Test(inventory, asks_nothing_when_a_disconnect_comes_before_the_die)
{
	struct fake_engine f;
	size_t before;

	fake_start_with_a(&f, NULL);
	before = f.n;
	fake_event(&f, ENGINE_NETWORK_DISCONNECT, A);
	fake_event(&f, ENGINE_CONTAINER_STOP, A);
	fake_event(&f, ENGINE_CONTAINER_DIE, A);
	fake_advance(&f, 2 * INVENTORY_DISCONNECT_NS);
	cr_assert_eq(f.n, before);
	cr_assert_str_eq(fake_running(&f), "");
	fake_stop(&f);
}

Test(inventory, inspects_once_after_a_manual_disconnect_and_connect)
{
	struct fake_engine f;
	size_t before;

	fake_start_with_a(&f, NULL);
	before = f.n;
	fake_event(&f, ENGINE_NETWORK_DISCONNECT, A);
	fake_event(&f, ENGINE_NETWORK_DISCONNECT, A);
	cr_assert_eq(f.n, before);
	loop_until(f.base, f.n == before + 1);
	fake_answer(&f, PATH_A, 200, fake_inspect(A, "a", "running", ""));
	fake_event(&f, ENGINE_NETWORK_CONNECT, A);
	cr_assert_eq(f.n, before + 2);
	fake_answer(&f, PATH_A, 200, fake_inspect(A, "a", "running", "10.0.0.9"));
	cr_assert_eq(f.n, before + 2);
	cr_assert_eq(f.changes, 3);
	fake_stop(&f);
}

Test(inventory, inspects_a_restarted_container_once)
{
	struct fake_engine f;
	size_t before;

	fake_start_with_a(&f, NULL);
	before = f.n;
	fake_event(&f, ENGINE_CONTAINER_KILL, A);
	fake_event(&f, ENGINE_CONTAINER_DIE, A);
	fake_event(&f, ENGINE_NETWORK_DISCONNECT, A);
	fake_event(&f, ENGINE_CONTAINER_STOP, A);
	fake_event(&f, ENGINE_NETWORK_CONNECT, A);
	fake_event(&f, ENGINE_CONTAINER_START, A);
	fake_event(&f, ENGINE_CONTAINER_RESTART, A);
	cr_assert_eq(f.n, before + 1);
	fake_answer(&f, PATH_A, 200, fake_inspect(A, "a", "running", "10.0.0.7"));
	fake_advance(&f, 2 * INVENTORY_DISCONNECT_NS);
	cr_assert_eq(f.n, before + 1);
	cr_assert_str_eq(fake_running(&f), "a");
	fake_stop(&f);
}

Test(inventory, asks_again_when_something_happens_during_an_inspect)
{
	struct fake_engine f;
	size_t before;

	fake_start_with_a(&f, NULL);
	before = f.n;
	fake_event(&f, ENGINE_CONTAINER_RENAME, A);
	fake_event(&f, ENGINE_CONTAINER_UPDATE, A);
	fake_event(&f, ENGINE_CONTAINER_PAUSE, A);
	cr_assert_eq(f.n, before + 1, "one in flight");
	fake_answer(&f, PATH_A, 200, fake_inspect(A, "a2", "running", "10.0.0.1"));
	cr_assert_eq(f.n, before + 2, "and one for all that happened meanwhile");
	cr_assert_str_eq(fake_running(&f), "a2");
	fake_answer(&f, PATH_A, 200, fake_inspect(A, "a3", "running", "10.0.0.1"));
	cr_assert_eq(f.n, before + 2);
	cr_assert_str_eq(fake_running(&f), "a3");
	fake_stop(&f);
}

Test(inventory, lets_no_older_answer_bring_a_stopped_container_back)
{
	struct fake_engine f;
	size_t before;

	fake_start_with_a(&f, NULL);
	before = f.n;
	fake_event(&f, ENGINE_CONTAINER_START, B);
	fake_event(&f, ENGINE_CONTAINER_DIE, B);
	fake_answer(&f, PATH_B, 200, fake_inspect(B, "b", "running", "10.0.0.2"));
	cr_assert_str_eq(fake_running(&f), "a");
	cr_assert_eq(f.changes, 1, "nothing that an output shows has changed");
	cr_assert_eq(f.n, before + 1);
	fake_event(&f, ENGINE_CONTAINER_START, B);
	fake_answer(&f, PATH_B, 200, fake_inspect(B, "b", "running", "10.0.0.2"));
	cr_assert_str_eq(fake_running(&f), "a b");
	cr_assert_eq(f.n, before + 2);
	fake_stop(&f);
}

Test(inventory, removes_a_container_that_is_gone_when_it_is_inspected)
{
	struct fake_engine f;

	fake_start_with_a(&f, NULL);
	fake_event(&f, ENGINE_CONTAINER_RENAME, A);
	fake_answer(&f, PATH_A, 404, "");
	cr_assert_str_eq(fake_running(&f), "");
	cr_assert_eq(f.changes, 2);
	fake_event(&f, ENGINE_CONTAINER_START, B);
	fake_answer(&f, PATH_B, 404, "");
	cr_assert_eq(f.changes, 2);
	fake_stop(&f);
}

Test(inventory, keeps_a_container_whose_inspect_fails_and_asks_again)
{
	struct fake_engine f;
	size_t before;

	fake_start_with_a(&f, NULL);
	before = f.n;
	fake_event(&f, ENGINE_CONTAINER_RENAME, A);
	fake_answer(&f, PATH_A, 500, "");
	cr_assert_str_eq(fake_running(&f), "a");
	cr_assert_eq(f.n, before + 1, "not at once");
	loop_until(f.base, f.n == before + 2);
	fake_answer(&f, PATH_A, 0, "");
	loop_until(f.base, f.n == before + 3);
	fake_answer(&f, PATH_A, 200, fake_inspect(A, "a2", "running", "10.0.0.1"));
	cr_assert_str_eq(fake_running(&f), "a2");
	cr_assert_str_eq(f.last.event, "rename");
	fake_stop(&f);
}

Test(inventory, asks_again_for_a_container_whose_answer_cannot_be_read)
{
	struct fake_engine f;

	fake_start_with_a(&f, NULL);
	fake_event(&f, ENGINE_CONTAINER_START, B);
	fake_answer(&f, PATH_B, 200, "{\"Id\":\"bb");
	cr_assert_str_eq(fake_running(&f), "a");
	cr_assert(!fake_waiting(&f, PATH_B));
	fake_advance(&f, 2 * INVENTORY_RETRY_MIN_NS);
	fake_answer(&f, PATH_B, 200, fake_inspect(B, "b", "running", "10.0.0.2"));
	cr_assert_str_eq(fake_running(&f), "a b");
	cr_assert_str_eq(f.last.event, "start");
	fake_stop(&f);
}

Test(inventory, keeps_what_it_knows_of_a_container_that_becomes_unreadable)
{
	struct inventory_counts counts;
	struct fake_engine f;

	fake_start_with_a(&f, NULL);
	fake_event(&f, ENGINE_CONTAINER_RENAME, A);
	fake_answer(&f, PATH_A, 200, "{\"Id\":\"aaaa\",\"Name\":5}");
	fake_event(&f, ENGINE_CONTAINER_RENAME, A);
	fake_answer(&f, PATH_A, 200, "{\"Id\":\"aa");
	fake_event(&f, ENGINE_CONTAINER_RENAME, A);
	fake_answer(&f, PATH_A, 200, fake_inspect(B, "b", "running", "10.0.0.2"));
	cr_assert_str_eq(fake_running(&f), "a");
	inventory_get_counts(f.inv, &counts);
	cr_assert_eq(counts.unreadable, 3);
	fake_stop(&f);
}

Test(inventory, inspects_when_the_health_changes_and_not_at_every_probe)
{
	struct fake_engine f;
	size_t before;

	fake_start_with_a(&f, NULL);
	before = f.n;
	fake_health(&f, A, "healthy");
	cr_assert_eq(f.n, before + 1);
	fake_answer(&f, PATH_A, 200,
		fake_inspect_with(A, "a", "running", "10.0.0.1",
			",\"Health\":{\"Status\":\"healthy\"}", ""));
	fake_health(&f, A, "healthy");
	cr_assert_eq(f.n, before + 1);
	fake_health(&f, A, "unhealthy");
	cr_assert_eq(f.n, before + 2);
	fake_stop(&f);
}

Test(inventory, asks_for_a_new_network_once)
{
	static const char network[] =
		"{\"Name\":\"in\",\"Id\":\"2222\",\"Internal\":true}";
	static const char inspect[] = "{\"Id\":\"%s\",\"Name\":\"/%s\",\"State\":{\"Running\":true,"
		"\"Status\":\"running\"},\"NetworkSettings\":{\"Networks\":{\"in\":{"
		"\"NetworkID\":\"2222\"}}}}";
	struct fake_engine f;
	struct snapshot *s;
	char text[1024];

	fake_start_with_a(&f, NULL);
	fake_event(&f, ENGINE_CONTAINER_START, B);
	fake_event(&f, ENGINE_CONTAINER_START, "cccc");
	snprintf(text, sizeof(text), inspect, B, "b");
	fake_answer(&f, PATH_B, 200, text);
	snprintf(text, sizeof(text), inspect, "cccc", "c");
	fake_answer(&f, "/containers/cccc/json", 200, text);
	cr_assert_eq(fake_count(&f, "/networks/2222"), 1);
	cr_assert_str_eq(fake_running(&f), "a", "they wait for it");
	fake_answer(&f, "/networks/2222", 200, network);
	cr_assert_str_eq(fake_running(&f), "a b c");
	s = inventory_snapshot(f.inv);
	cr_assert(container_network(snapshot_find(s, STR("b")), 0)->internal);
	cr_assert_not(container_network(snapshot_find(s, STR("a")), 0)->internal);
	snapshot_unref(s);
	fake_event(&f, ENGINE_CONTAINER_UPDATE, B);
	snprintf(text, sizeof(text), inspect, B, "b2");
	fake_answer(&f, PATH_B, 200, text);
	cr_assert_eq(fake_count(&f, "/networks/"), 1);
	fake_stop(&f);
}

Test(inventory, does_without_networks_when_the_engine_refuses_them)
{
	struct fake_engine f;
	char list[4096];

	fake_start(&f, NULL);
	snprintf(list, sizeof(list), "[%s]", fake_row(A, "a", "running", "10.0.0.1"));
	inventory_engine_handlers()->on_up(NULL, f.inv);
	fake_answer(&f, "/containers/json", 200, list);
	fake_answer(&f, PATH_A, 200, fake_inspect(A, "a", "running", "10.0.0.1"));
	fake_answer(&f, "/networks", 403, "");
	fake_answer(&f, "/info", 403, "");
	fake_answer(&f, "/version", 403, "");
	cr_assert_str_eq(fake_running(&f), "a");
	cr_assert_eq(fake_count(&f, "/networks/"), 0);
	fake_stop(&f);
}

Test(inventory, knows_stopped_containers_only_when_an_output_shows_them)
{
	struct inventory_options options = {.wants_stopped = true};
	struct snapshot *s;
	struct fake_engine f;
	char list[4096];
	size_t before;

	fake_start(&f, &options);
	snprintf(list, sizeof(list), "[%s]", fake_row(A, "a", "exited", ""));
	fake_up(&f, list);
	fake_answer(&f, PATH_A, 200, fake_inspect(A, "a", "exited", ""));
	s = inventory_snapshot(f.inv);
	cr_assert_eq(snapshot_count(s), 1);
	snapshot_unref(s);
	before = f.n;
	fake_event(&f, ENGINE_CONTAINER_START, A);
	fake_answer(&f, PATH_A, 200, fake_inspect(A, "a", "running", "10.0.0.1"));
	fake_event(&f, ENGINE_CONTAINER_DIE, A);
	cr_assert_str_eq(fake_running(&f), "", "at once, before any answer");
	cr_assert_eq(f.n, before + 2, "and confirmed afterwards");
	fake_answer(&f, PATH_A, 200, fake_inspect(A, "a", "exited", ""));
	cr_assert_eq(f.n, before + 2);
	fake_stop(&f);
}

Test(inventory, asks_for_the_counts_at_each_change_when_a_template_reads_them)
{
	struct inventory_options options = {.wants_counts = true};
	struct snapshot *s;
	struct fake_engine f;

	fake_start_with_a(&f, &options);
	fake_event(&f, ENGINE_CONTAINER_START, B);
	fake_answer(&f, PATH_B, 200, fake_inspect(B, "b", "running", "10.0.0.2"));
	cr_assert_eq(f.changes, 1, "the counts come first");
	fake_event(&f, ENGINE_CONTAINER_DIE, A);
	fake_answer(&f, "/info", 200, "{\"Name\":\"host\",\"Containers\":4}");
	cr_assert_eq(f.changes, 1);
	fake_answer(&f, "/info", 200, "{\"Name\":\"host\",\"Containers\":5}");
	cr_assert_eq(f.changes, 2);
	cr_assert_eq(f.last.containers, 2);
	s = inventory_snapshot(f.inv);
	cr_assert_eq(snapshot_docker(s)->num_containers, 5);
	snapshot_unref(s);
	fake_stop(&f);
}

Test(inventory, has_at_most_so_many_inspects_under_way)
{
	struct fake_engine f;
	char id[16];

	fake_start_with_a(&f, NULL);
	for (int i = 0; i < 3 * INVENTORY_INSPECTS_MAX; i++) {
		snprintf(id, sizeof(id), "c%d", i);
		fake_event(&f, ENGINE_CONTAINER_START, id);
	}
	cr_assert_eq(fake_count(&f, "/containers/c"), INVENTORY_INSPECTS_MAX);
	fake_answer(&f, "/containers/c0/json", 404, "");
	cr_assert_eq(fake_count(&f, "/containers/c"), INVENTORY_INSPECTS_MAX + 1);
	/* One that waits for its turn and stops is not asked for at all. */
	snprintf(id, sizeof(id), "c%d", INVENTORY_INSPECTS_MAX + 1);
	fake_event(&f, ENGINE_CONTAINER_DIE, id);
	fake_answer(&f, "/containers/c1/json", 404, "");
	cr_assert_eq(fake_count(&f, "/containers/c17"), 0);
	cr_assert_eq(fake_count(&f, "/containers/c18"), 1);
	fake_stop(&f);
}

Test(inventory, ignores_events_without_or_with_absurd_ids)
{
	struct fake_engine f;
	char id[ENTRY_ID_MAX + 2];
	size_t before;

	fake_start_with_a(&f, NULL);
	before = f.n;
	memset(id, 'x', sizeof(id));
	id[ENTRY_ID_MAX + 1] = '\0';
	fake_event(&f, ENGINE_CONTAINER_START, "");
	fake_event(&f, ENGINE_CONTAINER_START, id);
	fake_event(&f, ENGINE_CONTAINER_DIE, "unknown");
	cr_assert_eq(f.n, before);
	fake_stop(&f);
}

Test(inventory, keeps_a_snapshot_until_something_changes)
{
	struct snapshot *one, *two, *three;
	struct fake_engine f;

	fake_start_with_a(&f, NULL);
	one = inventory_snapshot(f.inv);
	two = inventory_snapshot(f.inv);
	cr_assert_eq(one, two);
	fake_event(&f, ENGINE_CONTAINER_UPDATE, A);
	fake_answer(&f, PATH_A, 200, fake_inspect(A, "a", "running", "10.0.0.1"));
	cr_assert_eq(f.changes, 1, "an inspect that says the same changes nothing");
	fake_event(&f, ENGINE_CONTAINER_DIE, A);
	three = inventory_snapshot(f.inv);
	cr_assert_neq(one, three);
	cr_assert_gt(snapshot_generation(three), snapshot_generation(one));
	cr_assert(snapshot_at(one, 0)->rec.state.running, "the old one stays as it was");
	cr_assert_eq(snapshot_at(one, 0)->rec.env, snapshot_at(three, 0)->rec.env,
		"and shares its memory");
	snapshot_unref(one);
	snapshot_unref(two);
	fake_stop(&f);
	cr_assert_not(snapshot_at(three, 0)->rec.state.running, "it outlives the inventory");
	snapshot_unref(three);
}

Test(inventory, a_container_that_is_paused_runs_though_its_start_was_missed)
{
	struct fake_engine f;

	fake_start_with_a(&f, NULL);
	fake_event(&f, ENGINE_CONTAINER_PAUSE, B);
	fake_answer(&f, PATH_B, 200, fake_inspect(B, "b", "paused", "10.0.0.2"));
	cr_assert_str_eq(fake_running(&f), "a b");
	fake_stop(&f);
}
