/* SPDX-License-Identifier: MIT
 *
 * Which files the functions of templates see: all, none in a sandbox, or those in the directories
 * that are allowed. Each test runs in a scratch directory, which is also the working directory:
 *
 *	in/file in/deep/file       allowed, as in/
 *	out/secret                 not allowed
 *	in-side/secret             not allowed: only its name begins alike
 *	links to both sides
 */
#include "config.h"

#include "base/alloc.h"
#include "template/template.h"

#include <criterion/criterion.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char top[PATH_MAX];
static char *allowed[2]; /* in, and a directory that is not there */

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	cr_assert(f);
	cr_assert_geq(fputs(text, f), 0);
	cr_assert_eq(fclose(f), 0);
}

static void make_link(const char *target, const char *path)
{
	cr_assert_eq(symlink(target, path), 0);
}

static void make_tree(void)
{
	char *secret;

	strcpy(top, "/tmp/upstreamd-files-XXXXXX");
	cr_assert_not_null(mkdtemp(top));
	cr_assert_eq(chdir(top), 0);
	cr_assert(mkdir("in", 0755) == 0 && mkdir("in/deep", 0755) == 0);
	cr_assert(mkdir("out", 0755) == 0 && mkdir("in-side", 0755) == 0);
	write_file("in/file", "inside");
	write_file("in/deep/file", "deep");
	write_file("out/secret", "secret");
	write_file("in-side/secret", "secret");
	secret = xasprintf("%s/out/secret", top);
	make_link(secret, "in/away");
	make_link("../out", "in/away-dir");
	make_link("none", "in/dangling");
	make_link("loop", "in/loop");
	make_link("file", "in/alias");
	make_link("../in/deep", "out/back");
	make_link("in", "way-in");
	cr_assert_eq(mkfifo("in/pipe", 0644), 0);
	free(secret);
	allowed[0] = xasprintf("%s/missing", top);
	allowed[1] = xasprintf("%s/in", top);
}

static void remove_tree(void)
{
	char *command = xasprintf("rm -rf %s", top);

	cr_assert_eq(chdir("/"), 0);
	cr_assert_eq(system(command), 0);
	free(command);
	free(allowed[0]);
	free(allowed[1]);
}

TestSuite(files, .init = make_tree, .fini = remove_tree);

static const struct template_options everything = {.sandbox = false};
static const struct template_options sandboxed = {.sandbox = true};

static struct template_options confined(void)
{
	return (struct template_options){.file_dirs = allowed, .n_file_dirs = 2};
}

/* What {{ FUNCTION PATH }} gives, or its error from the function's name on. Owned by the caller. */
static char *look(const struct template_options *options, const char *function, const char *path)
{
	char *text = xasprintf("{{ %s \"%s\" }}", function, path), *got;
	struct template_set *set = template_set_new();
	struct error err = ERROR_INIT;
	struct buf out;

	buf_init(&out, 1 << 20);
	cr_assert(template_parse(set, "t", str_from(text), &err), "%s", error_text(&err));
	if (template_render(set, STR("t"), value_nil(), options, &out, &err)) {
		got = xstrdup(buf_cstr(&out));
	} else {
		const char *at = strstr(error_text(&err), "error calling ");

		cr_assert(at, "%s", error_text(&err));
		got = xstrdup(at);
	}
	error_clear(&err);
	buf_release(&out);
	template_set_free(set);
	free(text);
	return got;
}

static void assert_looks(const struct template_options *options, const char *function,
	const char *path, const char *want)
{
	char *got = look(options, function, path);

	cr_assert_str_eq(got, want, "%s %s: %s", function, path, got);
	free(got);
}

/* All three functions refuse path; leads: to what it leads, NULL if that is not told. */
static void assert_outside(const char *path, const char *leads)
{
	static const char *const functions[] = {"include", "exists", "dir"};
	struct template_options options = confined();

	for (size_t i = 0; i < ARRAY_LEN(functions); i++) {
		char *way = leads ? xasprintf(" leads to %s/%s, which", top, leads) : xstrdup("");
		char *want = xasprintf("error calling %s: %s%s is in none of the directories that "
				       "template_files allows (%s, %s)",
			functions[i], path, way, allowed[0], allowed[1]);

		assert_looks(&options, functions[i], path, want);
		free(want);
		free(way);
	}
}

static void assert_in_top(const char *function, const char *name, const char *want)
{
	struct template_options options = confined();
	char *path = xasprintf("%s/%s", top, name);

	assert_looks(&options, function, path, want);
	assert_looks(&options, function, name, want);
	free(path);
}

Test(files, all_are_seen_unless_something_else_is_said)
{
	assert_looks(&everything, "include", "out/secret", "secret");
	assert_looks(&everything, "include", "in/away", "secret");
	assert_looks(&everything, "exists", "out/../out/secret", "true");
	assert_looks(&everything, "exists", "none", "false");
	assert_looks(&everything, "dir", "out", "[back secret]");
}

Test(files, none_are_seen_in_a_sandbox)
{
	assert_looks(&sandboxed, "include", "in/file", "");
	assert_looks(&sandboxed, "exists", "in/file", "false");
	assert_looks(&sandboxed, "dir", "in", "[]");
}

Test(files, what_lies_in_an_allowed_directory_is_seen)
{
	assert_in_top("include", "in/file", "inside");
	assert_in_top("include", "in/deep/file", "deep");
	assert_in_top("include", "in/deep/../file", "inside");
	assert_in_top("include", "in//./file", "inside");
	assert_in_top("exists", "in/file", "true");
	assert_in_top("exists", "in", "true");
	assert_in_top("dir", "in/deep", "[file]");
	assert_in_top("dir", "in/deep/", "[file]");
}

Test(files, links_and_dots_that_end_inside_are_followed)
{
	assert_in_top("include", "in/alias", "inside");
	assert_in_top("include", "way-in/file", "inside");
	assert_in_top("include", "out/back/file", "deep");
	assert_in_top("include", "out/../in/file", "inside");
	assert_in_top("dir", "out/back", "[file]");
	assert_in_top("exists", "in/away-dir/back/file", "true");
}

Test(files, what_is_not_there_inside_is_not_there)
{
	struct template_options options = confined();

	assert_in_top("include", "in/none", "");
	assert_in_top("exists", "in/none", "false");
	assert_in_top("exists", "in/none/none", "false");
	assert_in_top("exists", "in/dangling", "false");
	assert_looks(&options, "exists", "", "false");
	assert_looks(&options, "include", "", "");
	assert_in_top("exists", "in/none/../../out/secret", "false");
	assert_in_top("dir", "in/none", "[]");
	assert_in_top("dir", "in/file", "[]");
}

Test(files, what_cannot_be_looked_at_inside_has_the_words_of_go)
{
	struct template_options options = confined();

	assert_looks(&options, "exists", "in/file/x",
		"error calling exists: stat in/file/x: "
		"not a directory");
	assert_looks(&options, "exists", "in/loop",
		"error calling exists: stat in/loop: "
		"too many levels of symbolic links");
}

Test(files, what_lies_outside_is_an_error_that_names_path_and_key)
{
	char *secret = xasprintf("%s/out/secret", top);

	assert_outside(secret, NULL);
	assert_outside("/", NULL);
	assert_outside("/none/at/all", NULL);
	free(secret);
}

Test(files, dots_that_lead_out_are_an_error)
{
	assert_outside("in/../out/secret", "out/secret");
	assert_outside("in/deep/../../out", "out");
	assert_outside("out/none", NULL);
}

Test(files, links_that_lead_out_are_an_error)
{
	assert_outside("in/away", "out/secret");
	assert_outside("in/away-dir", "out");
	assert_outside("in/away-dir/secret", "out/secret");
	assert_outside("in/away-dir/none", NULL);
}

Test(files, a_name_that_begins_alike_is_outside)
{
	assert_outside("in-side/secret", "in-side/secret");
}

Test(files, a_relative_path_starts_where_the_process_is)
{
	struct template_options options = confined();

	cr_assert_eq(chdir("in"), 0);
	assert_looks(&options, "include", "file", "inside");
	assert_looks(&options, "exists", "none", "false");
	assert_outside("../out/secret", "out/secret");
	cr_assert_eq(chdir(top), 0);
}

Test(files, an_allowed_root_allows_everything)
{
	static char root[] = "/";
	static char *const dirs[] = {root};
	struct template_options options = {.file_dirs = dirs, .n_file_dirs = 1};

	assert_looks(&options, "include", "out/secret", "secret");
	assert_looks(&options, "include", "in/away", "secret");
	assert_looks(&options, "exists", "/", "true");
}

Test(files, an_allowed_directory_may_be_a_link)
{
	char *link = xasprintf("%s/way-in", top);
	struct template_options options = {.file_dirs = &link, .n_file_dirs = 1};

	assert_looks(&options, "include", "in/file", "inside");
	assert_looks(&options, "include", "way-in/file", "inside");
	free(link);
}

Test(files, the_sandbox_goes_before_allowed_directories)
{
	struct template_options options = confined();

	options.sandbox = true;
	assert_looks(&options, "include", "in/file", "");
	assert_looks(&options, "include", "out/secret", "");
}

Test(files, a_pipe_does_not_hold_the_render)
{
	struct template_options options = confined();

	assert_looks(&everything, "include", "in/pipe", "");
	assert_looks(&options, "include", "in/pipe", "");
	assert_looks(&options, "exists", "in/pipe", "true");
}

Test(files, a_path_that_can_be_none_is_never_there)
{
	char *got, *name = xmalloc(5001), *want;

	memset(name, 'x', 5000);
	name[5000] = '\0';
	want = xasprintf("error calling exists: stat %s: file name too long", name);
	assert_looks(&everything, "exists", name, want);
	assert_looks(&everything, "include", name, "");
	got = look(&everything, "include", "in/file\\x00.tmpl");
	cr_assert_str_empty(got);
	free(got);
	free(want);
	free(name);
}
