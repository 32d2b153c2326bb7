/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "publish/commit.h"

#include "unit/publish/rig.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(commit, .init = rig_setup, .fini = rig_teardown);

/* A candidate of dest with text. */
static struct candidate prepared(const char *text)
{
	static const struct candidate_options plain = {.mode_set = false};
	struct error err = ERROR_INIT;
	struct candidate c;
	bool equal;

	cr_assert(candidate_prepare(rig_path("dest"), &plain, str_from(text), &c, &equal, &err));
	cr_assert(!equal);
	return c;
}

Test(commit, the_candidate_takes_the_place)
{
	struct error err = ERROR_INIT;
	struct candidate c;

	rig_write("dest", "old\n");
	c = prepared("new\n");
	cr_assert(commit_candidate(&c, false, &err));
	cr_assert_str_eq(rig_read("dest"), "new\n");
	cr_assert_eq(rig_count(".dest"), 0);
	candidate_release(&c);
}

Test(commit, a_kept_old_file_can_be_put_back)
{
	struct error err = ERROR_INIT;
	struct candidate c;
	struct stat before, after;

	rig_write("dest", "old\n");
	stat(rig_path("dest"), &before);
	c = prepared("new\n");
	cr_assert(commit_candidate(&c, true, &err));
	cr_assert_str_eq(rig_read(".dest.upstreamd-old"), "old\n");
	cr_assert(commit_restore(&c, &err));
	stat(rig_path("dest"), &after);
	cr_assert_eq(before.st_ino, after.st_ino);
	cr_assert_eq(rig_count(".dest"), 0);
	candidate_release(&c);
}

Test(commit, an_accepted_file_leaves_nothing_to_recover)
{
	struct error err = ERROR_INIT;
	struct candidate c;
	bool restored;

	rig_write("dest", "old\n");
	c = prepared("new\n");
	cr_assert(commit_candidate(&c, true, &err));
	commit_accept(&c);
	cr_assert(commit_recover(rig_path("dest"), NULL, &restored, &err));
	cr_assert(!restored);
	cr_assert_str_eq(rig_read("dest"), "new\n");
	candidate_release(&c);
}

Test(commit, a_crash_before_the_rename_is_recovered)
{
	struct error err = ERROR_INIT;
	bool restored;

	/* Both names are one file then. */
	rig_write("dest", "old\n");
	cr_assert_eq(link(rig_path("dest"), rig_path(".dest.upstreamd-old")), 0);
	cr_assert(commit_recover(rig_path("dest"), NULL, &restored, &err));
	cr_assert(restored);
	cr_assert_str_eq(rig_read("dest"), "old\n");
	cr_assert_eq(rig_count(".dest"), 0);
}

Test(commit, a_failure_removes_the_candidate_and_the_second_name)
{
	struct error err = ERROR_INIT;
	struct candidate c;

	rig_write("dest", "old\n");
	c = prepared("new\n");
	unlink(c.path);
	cr_assert(!commit_candidate(&c, true, &err));
	cr_assert(strstr(error_text(&err), "cannot rename"), "%s", error_text(&err));
	cr_assert_str_eq(rig_read("dest"), "old\n");
	cr_assert_eq(rig_count(".dest"), 0);
	error_clear(&err);
	candidate_release(&c);
}
