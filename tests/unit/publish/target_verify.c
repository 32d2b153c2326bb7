/* SPDX-License-Identifier: MIT
 *
 * What happens when it turns out after a reload that the new file is not live.
 */
#include "config.h"

#include "unit/publish/rig.h"

#include <stdlib.h>

TestSuite(target_verify, .init = rig_setup, .fini = rig_teardown);

static const struct rig_cycle *last(void)
{
	return &rig.cycles.v[rig.cycles.n - 1];
}

/* A reader that reads dest at each reload, and does not take what says "bad". */
static void use_reader(void)
{
	rig_set_command(&rig.output.reload,
		rig_script("reload", "echo >>reloads; grep -q bad dest || cp dest live"));
	rig_set_command(
		&rig.output.verify, rig_script("verify", "echo >>verifies; cmp dest live >&2"));
}

Test(target_verify, what_is_live_is_applied)
{
	struct target_status s;

	use_reader();
	rig_target();
	rig_notify("start", "a");
	loop_until(rig.base, rig.cycles.n == 1);
	cr_assert_str_eq(last()->what, "written, reloaded, verified");
	cr_assert_eq(last()->result, TARGET_APPLIED);
	cr_assert_str_eq(rig_read("live"), "one\n");
	cr_assert_eq(rig_count(".dest"), 0);
	target_get_status(rig.target, &s);
	cr_assert(s.written);
	cr_assert(s.applied);
}

Test(target_verify, what_is_not_live_is_taken_back_and_the_old_file_reloaded)
{
	use_reader();
	rig_target();
	rig_notify("start", "a");
	loop_until(rig.base, rig.cycles.n == 1);
	rig.text = "bad\n";
	rig.hash++;
	rig_notify("start", "b");
	loop_until(rig.base, rig.cycles.n == 2);
	cr_assert_eq(last()->result, TARGET_FAILED);
	cr_assert_not_null(strstr(last()->what, "not live after the reload, the old file is back"),
		"%s", last()->what);
	cr_assert_str_eq(rig_read("dest"), "one\n");
	cr_assert_str_eq(rig_read("live"), "one\n");
	cr_assert_eq(rig_lines("reloads"), 3);
	cr_assert_eq(rig_count(".dest"), 0);
}

Test(target_verify, refused_bytes_are_not_tried_again_but_other_ones_are)
{
	use_reader();
	rig_target();
	rig_notify("start", "a");
	loop_until(rig.base, rig.cycles.n == 1);
	rig.text = "bad\n";
	rig.hash++;
	rig_notify("start", "b");
	loop_until(rig.base, rig.cycles.n == 2);
	rig.hash++;
	rig_notify("start", "c");
	loop_until(rig.base, rig.cycles.n == 3);
	cr_assert_eq(last()->result, TARGET_FAILED);
	cr_assert_eq(rig_lines("reloads"), 3);
	cr_assert_str_eq(rig_read("dest"), "one\n");
	rig.text = "two\n";
	rig.hash++;
	rig_notify("start", "d");
	loop_until(rig.base, rig.cycles.n == 4);
	cr_assert_eq(last()->result, TARGET_APPLIED);
	cr_assert_str_eq(rig_read("live"), "two\n");
}

Test(target_verify, a_verify_that_cannot_be_run_takes_nothing_back)
{
	rig_set_command(&rig.output.verify, "no-such-program");
	rig_set_command(&rig.output.reload, rig_script("reload", "echo >>reloads"));
	rig_target();
	rig_notify("start", "a");
	loop_until(rig.base, rig.cycles.n >= 2);
	cr_assert_eq(last()->result, TARGET_FAILED);
	cr_assert_str_eq(rig_read("dest"), "one\n");
	cr_assert_geq(rig_lines("reloads"), 2);
	cr_assert_eq(rig_count(".dest"), 0);
}

Test(target_verify, a_reload_that_fails_says_nothing_about_the_file)
{
	use_reader();
	rig_set_command(&rig.output.reload, rig_script("broken", "echo >>reloads; exit 1"));
	rig_target();
	rig_notify("start", "a");
	loop_until(rig.base, rig_lines("reloads") == 3);
	cr_assert_str_eq(rig_read("dest"), "one\n");
	cr_assert(!rig_exists("verifies"));
}

Test(target_verify, a_first_file_that_is_not_live_is_removed_again)
{
	use_reader();
	rig.text = "bad\n";
	rig_target();
	rig_notify("start", "a");
	loop_until(rig.base, rig.cycles.n == 1);
	cr_assert(!rig_exists("dest"));
}

Test(target_verify, a_check_in_place_and_a_verify_follow_each_other)
{
	use_reader();
	rig_set_command(&rig.output.check, rig_script("check", "! grep -q ugly dest"));
	rig_target();
	rig_notify("start", "a");
	loop_until(rig.base, rig.cycles.n == 1);
	cr_assert_str_eq(last()->what, "checked, written, reloaded, verified");
	rig.text = "ugly\n";
	rig.hash++;
	rig_notify("start", "b");
	loop_until(rig.base, rig.cycles.n == 2);
	cr_assert_str_eq(rig_read("dest"), "one\n");
	cr_assert_eq(rig_lines("reloads"), 1);
	rig.text = "bad\n";
	rig.hash++;
	rig_notify("start", "c");
	loop_until(rig.base, last()->event && strcmp(last()->event, "start") == 0 &&
				     rig.cycles.n >= 3 && rig_lines("reloads") == 3);
	loop_until(rig.base, strcmp(rig_read("dest"), "one\n") == 0);
	cr_assert_str_eq(rig_read("live"), "one\n");
}
