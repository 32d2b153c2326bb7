/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "publish/candidate.h"

#include "unit/publish/rig.h"

#include <pwd.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(candidate, .init = rig_setup, .fini = rig_teardown);

static const struct candidate_options plain = {.mode_set = false};

/* Prepares dest with text; the error's text, or NULL. Owned by the caller. */
static char *prepare(
	const struct candidate_options *options, const char *text, struct candidate *c, bool *equal)
{
	struct error err = ERROR_INIT;
	char *message;

	if (candidate_prepare(rig_path("dest"), options, str_from(text), c, equal, &err))
		return NULL;
	message = strdup(error_text(&err));
	error_clear(&err);
	return message;
}

Test(candidate, equal_bytes_need_none)
{
	struct candidate c;
	bool equal;

	rig_write("dest", "one\n");
	cr_assert_null(prepare(&plain, "one\n", &c, &equal));
	cr_assert(equal);
	cr_assert_null(c.path);
	candidate_release(&c);
	cr_assert_null(prepare(&plain, "one", &c, &equal));
	cr_assert(!equal);
	candidate_discard(&c);
	candidate_release(&c);
	cr_assert_eq(rig_count(".dest"), 0);
}

Test(candidate, an_empty_file_is_not_a_missing_one)
{
	struct candidate c;
	bool equal;

	cr_assert_null(prepare(&plain, "", &c, &equal));
	cr_assert(!equal);
	candidate_discard(&c);
	candidate_release(&c);
	rig_write("dest", "");
	cr_assert_null(prepare(&plain, "", &c, &equal));
	cr_assert(equal);
	candidate_release(&c);
}

Test(candidate, a_long_file_is_compared_whole)
{
	static char a[100000], b[100000];
	struct candidate c;
	bool equal;

	memset(a, 'x', sizeof(a) - 1);
	memcpy(b, a, sizeof(b));
	b[sizeof(b) - 2] = 'y';
	rig_write("dest", a);
	cr_assert_null(prepare(&plain, a, &c, &equal));
	cr_assert(equal);
	candidate_release(&c);
	cr_assert_null(prepare(&plain, b, &c, &equal));
	cr_assert(!equal);
	candidate_discard(&c);
	candidate_release(&c);
}

Test(candidate, a_mode_that_is_set_counts)
{
	const struct candidate_options options = {.mode_set = true, .mode = 0600};
	struct candidate c;
	struct stat st;
	bool equal;

	rig_write("dest", "one\n");
	cr_assert_null(prepare(&options, "one\n", &c, &equal));
	cr_assert(!equal, "a wrong mode is a difference");
	stat(c.path, &st);
	cr_assert_eq(st.st_mode & 07777, 0600);
	candidate_discard(&c);
	candidate_release(&c);
}

Test(candidate, the_owner_is_kept)
{
	struct candidate c;
	struct stat st;
	bool equal;

	if (geteuid() != 0)
		cr_skip_test("giving files away needs root");
	rig_write("dest", "old\n");
	cr_assert_eq(chown(rig_path("dest"), 1234, 2345), 0);
	cr_assert_null(prepare(&plain, "new\n", &c, &equal));
	stat(c.path, &st);
	cr_assert_eq(st.st_uid, 1234);
	cr_assert_eq(st.st_gid, 2345);
	cr_assert_null(c.note);
	candidate_discard(&c);
	candidate_release(&c);
}

Test(candidate, an_owner_that_cannot_be_kept_is_an_error_where_it_locks_readers_out)
{
	struct candidate c;
	bool equal;
	char *message;

	if (geteuid() != 0)
		cr_skip_test("becoming somebody else needs root");
	rig_write("dest", "old\n");
	chmod(rig.dir, 0777);
	chmod(rig_path("dest"), 0644);
	cr_assert_eq(seteuid(65534), 0);
	cr_assert_null(prepare(&plain, "new\n", &c, &equal));
	cr_assert(strstr(c.note, "cannot keep its owner 0:0"), "%s", c.note);
	candidate_discard(&c);
	candidate_release(&c);
	cr_assert_eq(seteuid(0), 0);
	cr_assert_eq(chown(rig_path("dest"), 0, 65534), 0);
	chmod(rig_path("dest"), 0640);
	cr_assert_eq(setegid(65534), 0);
	cr_assert_eq(seteuid(65534), 0);
	message = prepare(&plain, "new\n", &c, &equal);
	cr_assert_eq(seteuid(0), 0);
	cr_assert_eq(setegid(0), 0);
	cr_assert(message && strstr(message, "would lock its reader out"), "%s", message);
	free(message);
	cr_assert_eq(rig_count(".dest"), 0);
}

Test(candidate, links_are_followed_to_a_file_that_does_not_exist_yet)
{
	struct error err = ERROR_INIT;
	char *dest, want[128];

	cr_assert_eq(symlink("b", rig_path("a")), 0);
	cr_assert_eq(symlink(rig_path("c"), rig_path("b")), 0);
	cr_assert(candidate_resolve(rig_path("a"), &dest, &err));
	snprintf(want, sizeof(want), "%s/c", rig.dir);
	cr_assert_str_eq(dest, want);
	free(dest);
}

Test(candidate, links_in_a_circle_are_an_error)
{
	struct error err = ERROR_INIT;
	char *dest;

	cr_assert_eq(symlink("b", rig_path("a")), 0);
	cr_assert_eq(symlink("a", rig_path("b")), 0);
	cr_assert(!candidate_resolve(rig_path("a"), &dest, &err));
	cr_assert(strstr(error_text(&err), "more than 40 symbolic links"));
	error_clear(&err);
}

Test(candidate, the_longest_name_leaves_room_for_the_mark)
{
	struct error err = ERROR_INIT;
	struct candidate c;
	char name[256];
	bool equal;

	memset(name, 'n', 255);
	name[255] = '\0';
	cr_assert(candidate_prepare(rig_path(name), &plain, STR("x"), &c, &equal, &err), "%s",
		error_text(&err));
	cr_assert_eq(rig_count(".nnn"), 1);
	candidate_release(&c);
	cr_assert_eq(candidate_sweep(rig_path(name)), 1);
	cr_assert_eq(rig_count(".nnn"), 0);
}
