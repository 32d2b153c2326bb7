/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "base/file.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char path[] = "/tmp/upstreamd-file-XXXXXX";

/* Makes the file of n bytes at path. */
static void make_file(size_t n)
{
	int fd = mkstemp(path);

	cr_assert_geq(fd, 0);
	for (size_t i = 0; i < n; i++)
		cr_assert_eq(write(fd, "x", 1), 1);
	close(fd);
}

static void remove_file(void)
{
	unlink(path);
}

TestSuite(file, .fini = remove_file);

Test(file, the_whole_file_is_appended)
{
	struct buf b;

	make_file(100000);
	buf_init(&b, SIZE_MAX);
	buf_add_char(&b, '-');
	cr_assert(file_read(path, 100000, &b, NULL));
	cr_assert_eq(b.len, 100001);
	cr_assert_eq(b.data[0], '-');
	cr_assert_eq(b.data[100000], 'x');
	buf_release(&b);
}

Test(file, an_empty_file_is_no_error)
{
	struct buf b;

	make_file(0);
	buf_init(&b, SIZE_MAX);
	cr_assert(file_read(path, 0, &b, NULL));
	cr_assert_eq(b.len, 0);
	buf_release(&b);
}

Test(file, a_longer_file_is_refused_and_out_stays_as_it_was)
{
	struct error err = ERROR_INIT;
	struct buf b;
	char *expected;

	make_file(11);
	buf_init(&b, SIZE_MAX);
	buf_add_cstr(&b, "ab");
	cr_assert(!file_read(path, 10, &b, &err));
	cr_assert_gt(asprintf(&expected, "%s: longer than 10 bytes", path), 0);
	cr_assert_str_eq(error_text(&err), expected);
	cr_assert_str_eq(buf_cstr(&b), "ab");
	cr_assert(!b.full);
	error_clear(&err);
	free(expected);
	buf_release(&b);
}

Test(file, a_buffer_that_just_holds_the_file_is_enough)
{
	struct buf b;

	make_file(10);
	buf_init(&b, 10);
	cr_assert(file_read(path, 10, &b, NULL));
	cr_assert_eq(b.len, 10);
	buf_release(&b);
	buf_init(&b, 9);
	cr_assert(!file_read(path, 10, &b, NULL));
	cr_assert_eq(b.len, 0);
	buf_release(&b);
}

Test(file, what_cannot_be_read_is_named)
{
	struct error err = ERROR_INIT;
	struct buf b;

	buf_init(&b, SIZE_MAX);
	cr_assert(!file_read("/nonexistent/x", 10, &b, &err));
	cr_assert_str_eq(error_text(&err), "cannot read /nonexistent/x: No such file or directory");
	cr_assert(!file_read("/tmp", 10, &b, &err));
	cr_assert_str_eq(error_text(&err), "cannot read /tmp: Is a directory");
	error_clear(&err);
	buf_release(&b);
}

static void assert_parts(const char *name, const char *dir, const char *base)
{
	char *got = file_dirname(name);

	cr_assert_str_eq(got, dir);
	cr_assert_str_eq(file_basename(name), base);
	free(got);
}

Test(file, a_path_has_a_directory_and_a_name)
{
	assert_parts("a", ".", "a");
	assert_parts("/a", "/", "a");
	assert_parts("a/b", "a", "b");
	assert_parts("/a/b/c", "/a/b", "c");
	assert_parts("a/", "a", "");
	assert_parts("", ".", "");
}
