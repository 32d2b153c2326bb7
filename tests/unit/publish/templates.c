/* SPDX-License-Identifier: MIT
 *
 * Template files that come, change and go.
 */
#include "config.h"

#include "publish/templates.h"

#include "unit/publish/rig.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static unsigned changes;
static struct templates *templates;

static void test_on_change(void *arg)
{
	cr_assert_eq(arg, &changes);
	changes++;
}

static void setup(void)
{
	rig_setup();
	changes = 0;
	templates = NULL;
}

static void teardown(void)
{
	templates_free(templates);
	rig_teardown();
}

TestSuite(templates, .init = setup, .fini = teardown);

static void open_files(const char *first, const char *second)
{
	char *paths[2] = {strdup(rig_path(first)), second ? strdup(rig_path(second)) : NULL};

	templates = templates_new(rig.base, paths, second ? 2 : 1, test_on_change, &changes);
	free(paths[0]);
	free(paths[1]);
}

/* What comes out, or "error: …" with the directory's name cut out. Valid until the next call. */
static const char *render(void)
{
	static char text[1024];
	struct template_options options = {.env = VALUE_NONE};
	struct error err = ERROR_INIT;
	struct buf out;

	buf_init(&out, 1000);
	if (templates_render(templates, VALUE_NONE, &options, &out, &err)) {
		snprintf(text, sizeof(text), "%s", buf_cstr(&out));
	} else {
		const char *m = error_text(&err), *dir = strstr(m, rig.dir);

		snprintf(text, sizeof(text), "error: %.*s%s", dir ? (int)(dir - m) : 0, m,
			dir ? dir + strlen(rig.dir) : m);
	}
	error_clear(&err);
	buf_release(&out);
	return text;
}

Test(templates, the_first_file_is_rendered_with_what_the_others_define)
{
	rig_write("main.tmpl", "a {{ template \"part\" }} {{ template \"more.tmpl\" }}\n");
	rig_write("more.tmpl", "{{ define \"part\" }}b{{ end }}c");
	open_files("main.tmpl", "more.tmpl");
	cr_assert_str_eq(render(), "a b c\n");
}

Test(templates, a_changed_file_is_noticed_and_read_again)
{
	uint64_t version;

	rig_write("main.tmpl", "one");
	open_files("main.tmpl", NULL);
	cr_assert_str_eq(render(), "one");
	version = templates_version(templates);
	rig_write("main.tmpl", "two!");
	loop_until(rig.base, changes > 0);
	cr_assert_gt(templates_version(templates), version);
	cr_assert_str_eq(render(), "two!");
}

Test(templates, a_file_replaced_by_a_rename_is_noticed)
{
	rig_write("main.tmpl", "one");
	rig_write("new.tmpl", "two");
	open_files("main.tmpl", NULL);
	cr_assert_str_eq(render(), "one");
	rename(rig_path("new.tmpl"), rig_path("main.tmpl"));
	loop_until(rig.base, changes > 0);
	cr_assert_str_eq(render(), "two");
}

Test(templates, a_link_that_is_swapped_is_noticed)
{
	rig_write("v1", "one");
	rig_write("v2", "two");
	cr_assert_eq(symlink("v1", rig_path("main.tmpl")), 0);
	open_files("main.tmpl", NULL);
	cr_assert_str_eq(render(), "one");
	cr_assert_eq(symlink("v2", rig_path("next")), 0);
	rename(rig_path("next"), rig_path("main.tmpl"));
	loop_until(rig.base, changes > 0);
	cr_assert_str_eq(render(), "two");
}

Test(templates, other_files_of_the_directory_change_nothing)
{
	rig_write("main.tmpl", "one");
	rig_write("other", "");
	open_files("main.tmpl", NULL);
	render();
	rig_write("other", "changed");
	rig_write("main.tmpl", "two");
	loop_until(rig.base, changes > 0);
	rig_write("third", "");
	event_base_loop(rig.base, EVLOOP_NONBLOCK);
	cr_assert_eq(changes, 1);
}

Test(templates, an_error_names_the_file_and_goes_with_its_cause)
{
	rig_write("main.tmpl", "a\n{{ nosuch }}\n");
	open_files("main.tmpl", NULL);
	cr_assert_str_eq(render(),
		"error: /main.tmpl: template: main.tmpl:2: function \"nosuch\" not "
		"defined");
	cr_assert(strstr(render(), "nosuch"), "the second time, too");
	rig_write("main.tmpl", "good");
	cr_assert_str_eq(render(), "good");
}

Test(templates, a_render_error_names_the_file)
{
	rig_write("main.tmpl", "{{ template \"nosuch\" }}");
	open_files("main.tmpl", NULL);
	cr_assert_eq(strncmp(render(), "error: /main.tmpl: template: ", 29), 0, "%s", render());
}

Test(templates, a_file_that_is_gone_is_an_error_until_it_is_back)
{
	rig_write("main.tmpl", "one");
	open_files("main.tmpl", NULL);
	render();
	unlink(rig_path("main.tmpl"));
	loop_until(rig.base, changes > 0);
	cr_assert_str_eq(render(), "error: cannot read /main.tmpl: No such file or directory");
	changes = 0;
	rig_write("main.tmpl", "back");
	loop_until(rig.base, changes > 0);
	cr_assert_str_eq(render(), "back");
}

Test(templates, a_directory_that_comes_later_is_found_at_the_next_render)
{
	open_files("sub/main.tmpl", NULL);
	cr_assert_str_eq(render(), "error: cannot read /sub/main.tmpl: No such file or directory");
	mkdir(rig_path("sub"), 0755);
	rig_write("sub/main.tmpl", "one");
	cr_assert_str_eq(render(), "one");
}
