/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "publish/inplace.h"

#include "publish/commit.h"
#include "unit/publish/rig.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(inplace, .init = rig_setup, .fini = rig_teardown);

static bool commit(const char *text, bool keep, struct error *err)
{
	return inplace_commit(rig_path("dest"), rig_path("journal"), str_from(text), keep, err);
}

static bool recover(bool *ret_restored)
{
	struct error err = ERROR_INIT;
	bool ok = inplace_recover(rig_path("dest"), rig_path("journal"), ret_restored, &err);

	cr_assert(ok, "%s", error_text(&err));
	return ok;
}

Test(inplace, the_file_stays_the_same_one)
{
	struct error err = ERROR_INIT;
	struct stat before, after;

	rig_write("dest", "a longer old text\n");
	stat(rig_path("dest"), &before);
	cr_assert(commit("new\n", false, &err), "%s", error_text(&err));
	stat(rig_path("dest"), &after);
	cr_assert_str_eq(rig_read("dest"), "new\n");
	cr_assert_eq(before.st_ino, after.st_ino);
	cr_assert_eq(rig_count("journal"), 0);
}

Test(inplace, a_kept_old_text_is_put_back_or_forgotten)
{
	struct error err = ERROR_INIT;

	rig_write("dest", "old\n");
	cr_assert(commit("new\n", true, &err));
	cr_assert(inplace_restore(rig_path("dest"), rig_path("journal"), &err));
	cr_assert_str_eq(rig_read("dest"), "old\n");
	cr_assert_eq(rig_count("journal"), 0);
	cr_assert(commit("new\n", true, &err));
	inplace_accept(rig_path("journal"));
	cr_assert_str_eq(rig_read("dest"), "new\n");
	cr_assert_eq(rig_count("journal"), 0);
}

/* As if the process had died behind the commit. */
Test(inplace, what_nobody_accepted_is_undone_at_start)
{
	struct error err = ERROR_INIT;
	bool restored;

	rig_write("dest", "old\n");
	cr_assert(commit("new\n", true, &err));
	recover(&restored);
	cr_assert(restored);
	cr_assert_str_eq(rig_read("dest"), "old\n");
	recover(&restored);
	cr_assert_not(restored);
}

/* As if it had died in the middle of writing. */
Test(inplace, a_half_written_file_gets_its_old_text_back)
{
	struct error err = ERROR_INIT;
	bool restored;

	rig_write("dest", "old\n");
	cr_assert(commit("a new text\n", true, &err));
	rig_write("dest", "a new");
	recover(&restored);
	cr_assert(restored);
	cr_assert_str_eq(rig_read("dest"), "old\n");
}

Test(inplace, a_journal_of_something_else_is_left_alone)
{
	struct error err = ERROR_INIT;
	bool restored;

	rig_write("dest", "new\n");
	rig_write("other", "old\n");
	cr_assert(inplace_commit(rig_path("other"), rig_path("journal"), STR("x\n"), true, &err));
	cr_assert_not(inplace_recover(rig_path("dest"), rig_path("journal"), &restored, &err));
	cr_assert_not_null(strstr(error_text(&err), "is the journal of another file"));
	error_clear(&err);
	for (int i = 0; i < 3; i++) {
		static const char *const texts[] = {
			"", "upstreamd-inplace 2 1 1 1 1\n", "upstreamd-inplace 1 9 9 9 9 9\n"};

		rig_write("journal", texts[i]);
		cr_assert_not(
			inplace_recover(rig_path("dest"), rig_path("journal"), &restored, &err));
		cr_assert_not_null(strstr(error_text(&err), "is no journal of this program"));
		error_clear(&err);
	}
	cr_assert_str_eq(rig_read("dest"), "new\n");
}

Test(inplace, without_a_place_for_the_journal_nothing_is_written)
{
	struct error err = ERROR_INIT;

	rig_write("dest", "old\n");
	cr_assert_not(inplace_commit(
		rig_path("dest"), rig_path("nowhere/journal"), STR("new\n"), false, &err));
	cr_assert_str_eq(rig_read("dest"), "old\n");
	error_clear(&err);
}

Test(inplace, an_output_written_in_place_is_checked_and_applied_like_others)
{
	struct stat before, after;

	rig_write("dest", "old\n");
	stat(rig_path("dest"), &before);
	rig.output.write = CONFIG_WRITE_INPLACE;
	rig_set_command(&rig.output.check, rig_script("check", "! grep -q bad dest"));
	rig_target();
	rig_notify("start", "a");
	loop_until(rig.base, rig.cycles.n == 1);
	cr_assert_str_eq(rig.cycles.v[0].what, "checked, written");
	cr_assert_str_eq(rig_read("dest"), "one\n");
	rig.text = "bad\n";
	rig_notify("start", "b");
	loop_until(rig.base, rig.cycles.n == 2);
	cr_assert_str_eq(rig_read("dest"), "one\n");
	stat(rig_path("dest"), &after);
	cr_assert_eq(before.st_ino, after.st_ino);
	cr_assert_eq(rig_count(".dest"), 0);
}

Test(inplace, a_backup_is_the_file_that_was_there_before)
{
	rig_write("dest", "old\n");
	rig.output.backup = true;
	rig_target();
	rig_notify("start", "a");
	loop_until(rig.base, rig.cycles.n == 1);
	cr_assert_str_eq(rig_read("dest"), "one\n");
	cr_assert_str_eq(rig_read("dest.bak"), "old\n");
	rig.text = "two\n";
	rig_notify("start", "b");
	loop_until(rig.base, rig.cycles.n == 2);
	cr_assert_str_eq(rig_read("dest.bak"), "one\n");
}
