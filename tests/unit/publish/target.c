/* SPDX-License-Identifier: MIT
 *
 * Targets when all goes well: what is written, when, and who is told.
 */
#include "config.h"

#include "unit/publish/rig.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(target, .init = rig_setup, .fini = rig_teardown);

Test(target, a_new_file_is_written_and_its_reader_told)
{
	const struct rig_cycle *c;

	rig_set_command(&rig.output.check, rig_script("check", "cat \"$1\" >seen; exit 0"));
	rig_set_command(&rig.output.reload, rig_script("reload", "cat dest >>reloads"));
	rig.containers = 3;
	rig_target();
	c = rig_cycle();
	cr_assert_eq(c->result, TARGET_APPLIED);
	cr_assert_str_eq(rig_read("dest"), "one\n");
	cr_assert_str_eq(rig_read("reloads"), "one\n");
	cr_assert_str_eq(c->event, "start");
	cr_assert_str_eq(c->container, "web-1");
	cr_assert_eq(c->containers, 3);
	cr_assert_eq(c->bytes, 4);
	cr_assert_geq(c->render_ns, 0);
	cr_assert_geq(c->check_ns, 0);
	cr_assert_geq(c->commit_ns, 0);
	cr_assert_geq(c->reload_ns, 0);
	loop_until(rig.base, rig_count(".dest") == 0);
}

Test(target, the_check_sees_a_candidate_beside_dest_while_dest_is_old)
{
	char text[256];

	rig_write("dest", "old\n");
	snprintf(text, sizeof(text), "%s {candidate} {dest}",
		rig_script("check", "cp $1 seen; cp $2 was; echo $1 >name"));
	rig_set_command(&rig.output.check, text);
	rig_target();
	cr_assert_str_eq(rig_cycle()->what, "checked, written");
	cr_assert_str_eq(rig_read("seen"), "one\n");
	cr_assert_str_eq(rig_read("was"), "old\n");
	cr_assert_str_eq(rig_read("dest"), "one\n");
	snprintf(text, sizeof(text), "%s/.dest.upstreamd-", rig.dir);
	cr_assert_eq(strncmp(rig_read("name"), text, strlen(text)), 0);
	cr_assert_eq(strlen(rig_read("name")), strlen(text) + 7);
}

Test(target, a_check_without_candidate_sees_the_new_file_in_place)
{
	rig_write("dest", "old\n");
	rig_set_command(&rig.output.check, rig_script("check", "cp dest seen"));
	rig_set_command(&rig.output.reload, rig_script("reload", "cp dest reloaded"));
	rig_target();
	cr_assert_str_eq(rig_cycle()->what, "checked, written, reloaded");
	cr_assert_str_eq(rig_read("seen"), "one\n");
	cr_assert_str_eq(rig_read("reloaded"), "one\n");
	loop_until(rig.base, rig_count(".dest") == 0);
}

Test(target, paths_in_a_shell_command_are_quoted)
{
	free(rig.output.dest);
	rig.output.dest = strdup(rig_path("it's here"));
	rig_set_command(&rig.output.check, "cat {candidate} && test -n {dest}");
	rig_target();
	cr_assert_eq(rig_cycle()->result, TARGET_APPLIED, "%s", rig.cycles.v[0].error);
	cr_assert_str_eq(rig_read("it's here"), "one\n");
}

Test(target, commands_learn_what_they_run_for)
{
	char want[512];

	rig_set_command(&rig.output.reload,
		rig_script("reload", "echo $UPSTREAMD_OUTPUT $UPSTREAMD_DEST $UPSTREAMD_CAUSE "
				     "$UPSTREAMD_CONTAINER >env"));
	rig_target();
	rig_cycle();
	snprintf(want, sizeof(want), "dest %s/dest start web-1\n", rig.dir);
	cr_assert_str_eq(rig_read("env"), want);
}

Test(target, equal_bytes_mean_no_write_and_no_reload)
{
	struct stat before, after;

	rig_set_command(&rig.output.reload, rig_script("reload", "echo >>reloads"));
	rig_target();
	rig_cycle();
	stat(rig_path("dest"), &before);
	rig.hash = 77;
	cr_assert_eq(rig_cycle()->result, TARGET_UNCHANGED);
	stat(rig_path("dest"), &after);
	cr_assert_eq(before.st_ino, after.st_ino);
	cr_assert_eq(rig_lines("reloads"), 1);
	cr_assert_eq(*rig.renders, 2);
}

Test(target, an_equal_hash_skips_the_render)
{
	rig_target();
	rig_cycle();
	cr_assert_str_eq(rig_cycle()->what, "unchanged");
	cr_assert_eq(*rig.renders, 1);
	rig.text = "two\n";
	rig_cycle();
	cr_assert_eq(*rig.renders, 2);
}

Test(target, a_restart_with_the_same_content_reloads_nothing)
{
	rig_write("dest", "one\n");
	rig_set_command(&rig.output.reload, rig_script("reload", "echo >>reloads"));
	rig_target();
	cr_assert_eq(rig_cycle()->result, TARGET_UNCHANGED);
	cr_assert_eq(rig_lines("reloads"), 0);
}

Test(target, mode_of_the_old_file_is_kept_and_a_new_one_is_readable)
{
	struct stat st;

	umask(077);
	rig_target();
	rig_cycle();
	stat(rig_path("dest"), &st);
	cr_assert_eq(st.st_mode & 07777, 0644);
	chmod(rig_path("dest"), 0640);
	rig.text = "two\n";
	rig_cycle();
	stat(rig_path("dest"), &st);
	cr_assert_eq(st.st_mode & 07777, 0640);
}

Test(target, blank_lines_are_removed_unless_they_are_to_be_kept)
{
	rig.text = "a\n\n \nb\n";
	rig_target();
	rig_cycle();
	cr_assert_str_eq(rig_read("dest"), "a\nb\n");
	target_free(rig.target);
	rig.output.keep_blank_lines = true;
	rig_target();
	rig_cycle();
	cr_assert_str_eq(rig_read("dest"), "a\n\n \nb\n");
}

Test(target, nothing_is_written_before_there_is_a_state)
{
	rig.no_state = true;
	rig_target();
	rig_notify("start", "a");
	rig_wait_idle();
	cr_assert_eq(rig.cycles.n, 0);
	cr_assert(!rig_exists("dest"));
	rig.no_state = false;
	cr_assert_eq(rig_cycle()->result, TARGET_APPLIED);
	cr_assert_str_eq(rig.cycles.v[0].container, "a");
	cr_assert_eq(rig.cycles.v[0].causes, 2);
}

Test(target, a_burst_makes_one_cycle_after_the_first)
{
	rig.output.wait = (struct config_wait){.min_ns = 1000 * MS, .max_ns = 10000 * MS};
	rig_target();
	rig_cycle();
	rig.text = "two\n";
	for (int i = 0; i < 20; i++)
		rig_notify("start", "b");
	rig_wait_idle();
	cr_assert_eq(rig.cycles.n, 2);
	cr_assert_eq(rig.cycles.v[1].causes, 20);
	cr_assert_str_eq(rig_read("dest"), "two\n");
}

Test(target, events_during_a_check_make_exactly_one_further_cycle)
{
	rig_set_command(&rig.output.check,
		rig_script("check", "echo >>checks; while [ ! -e go ]; do sleep 0.01; done"));
	rig_target();
	rig_notify("start", "a");
	loop_until(rig.base, rig_lines("checks") == 1);
	rig.text = "two\n";
	for (int i = 0; i < 5; i++)
		rig_notify("start", "b");
	rig_write("go", "");
	rig_wait_idle();
	cr_assert_eq(rig.cycles.n, 2);
	cr_assert_eq(rig.cycles.v[1].causes, 5);
	cr_assert_str_eq(rig_read("dest"), "two\n");
	cr_assert_eq(rig_lines("checks"), 2);
}

Test(target, events_during_a_reload_make_exactly_one_further_cycle)
{
	rig_set_command(&rig.output.reload,
		rig_script("reload", "echo >>reloads; while [ ! -e go ]; do sleep 0.01; done"));
	rig_target();
	rig_notify("start", "a");
	loop_until(rig.base, rig_lines("reloads") == 1);
	rig.text = "two\n";
	for (int i = 0; i < 5; i++)
		rig_notify("die", "b");
	rig_write("go", "");
	rig_wait_idle();
	cr_assert_eq(rig.cycles.n, 2);
	cr_assert_eq(rig_lines("reloads"), 2);
	cr_assert_str_eq(rig_read("dest"), "two\n");
}

Test(target, reloads_keep_their_least_distance)
{
	int64_t first;

	rig.output.min_interval_ns = 150 * MS;
	rig_set_command(&rig.output.reload, rig_script("reload", "echo >>reloads"));
	rig_target();
	rig_cycle();
	first = clock_mono_ns();
	rig.text = "two\n";
	rig_cycle();
	/* The timers of the loop run on a coarse clock. */
	cr_assert_gt(clock_mono_ns() - first, 100 * MS);
	cr_assert_eq(rig_lines("reloads"), 2);
}

Test(target, a_link_is_followed)
{
	struct stat st;

	rig_write("real", "old\n");
	cr_assert_eq(symlink("real", rig_path("dest")), 0);
	rig_target();
	rig_cycle();
	cr_assert_str_eq(rig_read("real"), "one\n");
	lstat(rig_path("dest"), &st);
	cr_assert(S_ISLNK(st.st_mode));
}

Test(target, left_overs_of_a_crash_are_removed_at_start)
{
	rig_write(".dest.upstreamd-aB3dE6", "half");
	rig_write(".dest.upstreamd-notours", "user's");
	rig_write(".dest2.upstreamd-aB3dE6", "another's");
	rig_target();
	rig_cycle();
	cr_assert(!rig_exists(".dest.upstreamd-aB3dE6"));
	cr_assert(rig_exists(".dest.upstreamd-notours"));
	cr_assert(rig_exists(".dest2.upstreamd-aB3dE6"));
}

Test(target, an_unchecked_file_of_a_crash_is_taken_back_at_start)
{
	rig_write("dest", "unchecked\n");
	rig_write(".dest.upstreamd-old", "good\n");
	rig.text = "good\n";
	rig_target();
	cr_assert_eq(rig_cycle()->result, TARGET_UNCHANGED);
	cr_assert_str_eq(rig_read("dest"), "good\n");
	loop_until(rig.base, rig_count(".dest") == 0);
	cr_assert(strstr(buf_cstr(&rig_log), "put the old"), "%s", buf_cstr(&rig_log));
}

Test(target, the_status_tells_where_it_stands)
{
	struct target_status s;

	rig_target();
	target_get_status(rig.target, &s);
	cr_assert_str_eq(s.step, "new");
	cr_assert(!s.written);
	rig_cycle();
	target_get_status(rig.target, &s);
	cr_assert_str_eq(s.output, "dest");
	cr_assert_str_eq(s.step, "idle");
	cr_assert(s.written);
	cr_assert(s.applied);
	cr_assert_null(s.error);
	cr_assert_eq(s.bytes, 4);
	cr_assert_eq(s.cycles, 1);
	cr_assert_eq(s.commits, 1);
	cr_assert_gt(s.applied_real_ns, 0);
}

Test(target, one_summary_line_tells_a_cycle)
{
	const char *line;

	rig_set_command(&rig.output.check, "true {candidate}");
	rig_set_command(&rig.output.reload, "true");
	rig.containers = 12;
	rig_target();
	rig_cycle();
	line = buf_cstr(&rig_log);
	cr_assert_eq(strchr(line, '\n') + 1 - line, (long)rig_log.len, "%s", line);
	cr_assert(
		strstr(line, "output dest: checked, written, reloaded event=start container=web-1 "
			     "containers=12 bytes=4 render="),
		"%s", line);
	cr_assert(strstr(line, "ms check=") && strstr(line, "ms commit=") &&
			  strstr(line, "ms reload=") && strstr(line, "ms total="),
		"%s", line);
}
