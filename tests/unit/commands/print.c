/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "commands/print.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/log.h"

#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/upstreamd-print-XXXXXX";
static char path[64];

static void make_dir(void)
{
	cr_assert(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/file", dir);
	log_set_level(LOG_ERROR);
}

static void remove_dir(void)
{
	unlink(path);
	cr_assert_eq(rmdir(dir), 0, "something is left in %s", dir);
}

TestSuite(print, .init = make_dir, .fini = remove_dir);

static void assert_holds(const char *expected)
{
	struct error err = ERROR_INIT;
	struct buf text;

	buf_init(&text, SIZE_MAX);
	cr_assert(file_read(path, 1000, &text, &err), "%s", error_text(&err));
	cr_assert_str_eq(buf_cstr(&text), expected);
	buf_release(&text);
}

static mode_t mode_of_file(void)
{
	struct stat st;

	cr_assert_eq(stat(path, &st), 0);
	return st.st_mode & 07777;
}

Test(print, a_file_is_made_with_its_mode)
{
	cr_assert(print_file(path, 0600, STR("one"), NULL));
	assert_holds("one");
	cr_assert_eq(mode_of_file(), 0600);
}

Test(print, an_old_file_keeps_its_mode_or_gets_another)
{
	cr_assert(print_file(path, 0, STR("one"), NULL));
	cr_assert_eq(chmod(path, 0640), 0);
	cr_assert(print_file(path, 0, STR("two"), NULL));
	assert_holds("two");
	cr_assert_eq(mode_of_file(), 0640);
	cr_assert(print_file(path, 0600, STR("two"), NULL));
	cr_assert_eq(mode_of_file(), 0600);
}

Test(print, a_directory_that_is_not_there_is_an_error)
{
	struct error err = ERROR_INIT;

	cr_assert(!print_file("/nonexistent/x", 0, STR("one"), &err));
	cr_assert(strstr(error_text(&err), "/nonexistent"));
	error_clear(&err);
}

Test(print, signals_are_let_in_again)
{
	sigset_t now;

	cr_assert(print_file(path, 0, STR("one"), NULL));
	cr_assert_eq(sigprocmask(SIG_BLOCK, NULL, &now), 0);
	cr_assert(!sigismember(&now, SIGINT));
	cr_assert(!sigismember(&now, SIGTERM));
}

Test(print, no_path_and_a_dash_are_standard_output, .init = cr_redirect_stdout, .fini = NULL)
{
	cr_assert(print_file(NULL, 0, STR("a"), NULL));
	cr_assert(print_file("-", 0, STR("b\n"), NULL));
	cr_assert(print_bytes(str_n(NULL, 0), NULL));
	cr_assert_stdout_eq_str("ab\n");
}
