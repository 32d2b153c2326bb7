/* SPDX-License-Identifier: MIT
 *
 * Reloads: those that fail, those that outputs share, and their end by force.
 */
#include "config.h"

#include "unit/publish/rig.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

TestSuite(target_reload, .init = rig_setup, .fini = rig_teardown);

Test(target_reload, a_failed_reload_is_tried_again_though_the_bytes_are_the_same)
{
	struct target_status s;

	rig_set_command(&rig.output.reload,
		rig_script("reload", "echo >>reloads; echo no proxy; [ -e proxy ]"));
	rig_target();
	rig_notify("start", "a");
	loop_until(rig.base, rig_lines("reloads") == 3);
	cr_assert_str_eq(rig_read("dest"), "one\n");
	target_get_status(rig.target, &s);
	cr_assert(s.written);
	cr_assert(!s.applied);
	rig_write("proxy", "");
	loop_until(rig.base, rig.cycles.v[rig.cycles.n - 1].result == TARGET_APPLIED);
	cr_assert_str_eq(rig.cycles.v[0].what, "written, reload failed");
	cr_assert_str_eq(rig.cycles.v[0].error, "exit status 1: no proxy");
	cr_assert_str_eq(rig.cycles.v[1].event, "retry");
	cr_assert_str_eq(rig.cycles.v[1].what, "reload failed");
	cr_assert_str_eq(rig.cycles.v[rig.cycles.n - 1].what, "reloaded");
	target_get_status(rig.target, &s);
	cr_assert(s.applied);
	cr_assert_null(s.error);
	cr_assert_eq(s.commits, 1);
	cr_assert_eq(*rig.renders, 1);
}

Test(target_reload, a_failure_that_repeats_is_logged_once)
{
	const char *first;

	rig_set_command(&rig.output.reload, rig_script("reload", "echo >>reloads; exit 7"));
	rig_target();
	rig_notify("start", "a");
	loop_until(rig.base, rig.cycles.n == 4);
	first = strstr(buf_cstr(&rig_log), "reload failed: exit status 7");
	cr_assert_not_null(first);
	cr_assert_null(strstr(first + 1, "reload failed: exit status 7"), "%s", first);
}

Test(target_reload, a_program_that_does_not_exist_is_named)
{
	rig_set_command(&rig.output.reload, "no-such-program -s reload");
	rig_target();
	rig_notify("start", "a");
	loop_until(rig.base, rig.cycles.n == 1);
	cr_assert(
		strstr(rig.cycles.v[0].error, "cannot start no-such-program: not found in PATH ("),
		"%s", rig.cycles.v[0].error);
	cr_assert_str_eq(rig_read("dest"), "one\n");
}

Test(target_reload, a_hung_reload_is_ended)
{
	rig.output.reload_timeout_ns = 50 * MS;
	rig_set_command(&rig.output.reload, "sleep 60");
	rig_target();
	rig_notify("start", "a");
	loop_until(rig.base, rig.cycles.n == 1);
	cr_assert_eq(strncmp(rig.cycles.v[0].error, "timed out after 0.", 18), 0);
}

Test(target_reload, a_reload_that_leaves_a_daemon_behind_is_done_when_it_ends)
{
	rig_set_command(&rig.output.reload, rig_script("reload", "sleep 60 & echo $! >pid"));
	rig_target();
	cr_assert_eq(rig_cycle()->result, TARGET_APPLIED);
	kill((pid_t)atoi(rig_read("pid")), SIGKILL);
}

Test(target_reload, without_a_reload_the_written_file_is_all)
{
	struct target_status s;

	rig_target();
	cr_assert_str_eq(rig_cycle()->what, "written");
	target_get_status(rig.target, &s);
	cr_assert(s.applied);
}

Test(target_reload, outputs_with_the_same_reload_run_it_once_after_all_are_written)
{
	struct config_output outputs[3];
	struct target *targets[3];
	const char *reload = rig_script("reload", "echo $(cat a b c) $UPSTREAMD_OUTPUT >>reloads");

	for (int i = 0; i < 3; i++) {
		const char name[] = {(char)('a' + i), '\0'};

		rig_output(&outputs[i], name);
		rig_set_command(&outputs[i].reload, reload);
		targets[i] = rig_new_target(&outputs[i]);
	}
	/* One of them takes its time. */
	rig_set_command(&outputs[1].check, "sh -c 'sleep 0.2' {candidate}");
	target_free(targets[1]);
	targets[1] = rig_new_target(&outputs[1]);
	rig_cycle();
	cr_assert_eq(rig.cycles.n, 3);
	for (int i = 0; i < 3; i++)
		cr_assert_eq(rig.cycles.v[i].result, TARGET_APPLIED, "%s", rig.cycles.v[i].error);
	cr_assert_str_eq(rig_read("reloads"), "one one one a c b\n");
	for (int i = 0; i < 3; i++) {
		target_free(targets[i]);
		rig_output_release(&outputs[i]);
	}
}

Test(target_reload, an_output_that_fails_does_not_keep_the_others_from_it)
{
	struct config_output other;
	struct target *t;
	const char *reload = rig_script("reload", "echo >>reloads");

	rig_output(&other, "other");
	rig_set_command(&other.reload, reload);
	rig_set_command(&other.check, "false {candidate}");
	rig_set_command(&rig.output.reload, reload);
	rig_target();
	t = rig_new_target(&other);
	rig_notify("start", "a");
	loop_until(rig.base, rig.cycles.n >= 2);
	cr_assert_eq(rig_lines("reloads"), 1);
	cr_assert_str_eq(rig_read("dest"), "one\n");
	cr_assert(!rig_exists("other"));
	target_free(t);
	rig_output_release(&other);
}

Test(target_reload, one_command_never_runs_twice_at_a_time)
{
	struct config_output other;
	struct target *t;
	const char *reload = rig_script("reload", "[ ! -e lock ] || echo overlap >>overlaps\n"
						  "echo >lock; sleep 0.1; rm lock; echo >>reloads");

	rig_output(&other, "other");
	rig_set_command(&other.reload, reload);
	rig_set_command(&rig.output.reload, reload);
	rig_target();
	t = rig_new_target(&other);
	rig_wait_idle();
	target_notify(t, &(struct target_cause){.event = "start"}, false);
	loop_until(rig.base, rig_exists("lock"));
	target_notify(rig.target, &(struct target_cause){.event = "start"}, false);
	rig_wait_idle();
	cr_assert_eq(rig_lines("reloads"), 2);
	cr_assert(!rig_exists("overlaps"));
	target_free(t);
	rig_output_release(&other);
}

Test(target_reload, a_target_freed_during_a_reload_ends_it)
{
	char pid[32];

	rig_set_command(&rig.output.reload, rig_script("reload", "echo $$ >pid; exec sleep 60"));
	rig_target();
	rig_notify("start", "a");
	loop_until(rig.base, rig_lines("pid") == 1);
	snprintf(pid, sizeof(pid), "%s", rig_read("pid"));
	target_free(rig.target);
	rig.target = NULL;
	loop_until(rig.base, kill((pid_t)atoi(pid), 0) != 0);
}

Test(target_reload, a_successor_owes_the_reload_that_its_predecessor_owed)
{
	struct target *old;
	struct target_status s;

	rig_set_command(&rig.output.reload, rig_script("reload", "echo >>reloads; [ -e proxy ]"));
	rig_target();
	rig_notify("start", "a");
	loop_until(rig.base, rig.cycles.n == 1);
	old = rig.target;
	rig_target();
	target_adopt(rig.target, old);
	target_free(old);
	rig_write("proxy", "");
	cr_assert_eq(rig_cycle()->result, TARGET_APPLIED);
	cr_assert_str_eq(rig.cycles.v[rig.cycles.n - 1].what, "reloaded");
	target_get_status(rig.target, &s);
	cr_assert(s.applied);
	cr_assert_eq(s.commits, 1);
}
