/* SPDX-License-Identifier: MIT
 *
 * Whatever goes wrong before the reload: the old file stays, it is said once, and all is well as
 * soon as the cause is gone.
 */
#include "config.h"

#include "unit/publish/rig.h"

#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(target_trouble, .init = rig_setup, .fini = rig_teardown);

static const struct rig_cycle *last(void)
{
	return &rig.cycles.v[rig.cycles.n - 1];
}

/* Occurrences of text in the log. */
static unsigned logged(const char *text)
{
	unsigned n = 0;

	for (const char *p = buf_cstr(&rig_log); (p = strstr(p, text)) != NULL; p++)
		n++;
	return n;
}

Test(target_trouble, a_refused_candidate_leaves_the_old_file)
{
	char text[512];

	rig_write("dest", "old\n");
	snprintf(text, sizeof(text), "%s {candidate}",
		rig_script("check", "grep -q bad $1 || exit 0\n"
				    "echo 'a warning'; echo \"[emerg] bad word in $1:1\"; exit 3"));
	rig_set_command(&rig.output.check, text);
	rig_set_command(&rig.output.reload, rig_script("reload", "echo >>reloads"));
	rig.text = "bad\n";
	rig_target();
	rig_cycle();
	cr_assert_eq(last()->result, TARGET_FAILED);
	cr_assert_str_eq(last()->what, "refused by the check, the old file stays");
	snprintf(text, sizeof(text), "exit status 3: [emerg] bad word in %s/dest:1", rig.dir);
	cr_assert_str_eq(last()->error, text);
	cr_assert_eq(logged("  | a warning"), 1);
	cr_assert_str_eq(rig_read("dest"), "old\n");
	loop_until(rig.base, rig_count(".dest") == 0);
	rig_cycle();
	rig_cycle();
	cr_assert_eq(logged("[emerg] bad word"), 2, "once as error, once as output: %s",
		buf_cstr(&rig_log));
	rig.text = "good\n";
	rig_cycle();
	cr_assert_eq(last()->result, TARGET_APPLIED);
	cr_assert_str_eq(rig_read("dest"), "good\n");
	cr_assert_eq(rig_lines("reloads"), 1);
}

Test(target_trouble, a_file_refused_in_place_is_taken_back_before_any_reload)
{
	rig_write("dest", "old\n");
	chmod(rig_path("dest"), 0600);
	rig_set_command(&rig.output.check, rig_script("check", "grep -q good dest"));
	rig_set_command(&rig.output.reload, rig_script("reload", "echo >>reloads"));
	rig_target();
	rig_cycle();
	cr_assert_str_eq(last()->what, "refused by the check, the old file stays");
	cr_assert_str_eq(rig_read("dest"), "old\n");
	loop_until(rig.base, rig_count(".dest") == 0);
	cr_assert_eq(rig_lines("reloads"), 0);
	rig.text = "good\n";
	rig_cycle();
	cr_assert_str_eq(rig_read("dest"), "good\n");
	cr_assert_eq(rig_lines("reloads"), 1);
}

Test(target_trouble, a_bad_file_in_place_does_not_get_a_good_one_refused)
{
	const char *check = rig_script("check", "sleep 0.1; ! grep -q bad a b 2>/dev/null");
	struct config_output outputs[2];
	struct target *targets[2];

	for (int i = 0; i < 2; i++) {
		rig_output(&outputs[i], i ? "b" : "a");
		rig_set_command(&outputs[i].check, check);
		rig_set_command(&outputs[i].reload, "true");
	}
	for (int bad = 0; bad < 2; bad++) {
		size_t before = rig.cycles.n;

		for (int i = 0; i < 2; i++)
			targets[i] = rig_new_target(&outputs[i]);
		rig.bad_dest = outputs[bad].name;
		rig.text = bad ? "one\n" : "two\n";
		rig_cycle();
		for (size_t i = before; i < before + 2; i++) {
			const struct rig_cycle *c = &rig.cycles.v[i];

			cr_assert_eq(c->result,
				strcmp(c->output, rig.bad_dest) == 0 ? TARGET_FAILED
								     : TARGET_APPLIED,
				"%s: %s", c->output, c->what);
		}
		for (int i = 0; i < 2; i++)
			target_free(targets[i]);
	}
	for (int i = 0; i < 2; i++)
		rig_output_release(&outputs[i]);
}

Test(target_trouble, a_target_freed_in_its_turn_passes_it_on)
{
	struct config_output other;
	struct target *first;

	rig_output(&other, "other");
	rig_set_command(&other.check,
		rig_script("check", "echo >>checks; while [ ! -e go ]; do sleep 0.01; done"));
	rig_set_command(&rig.output.check, other.check.text);
	first = rig_new_target(&other);
	rig_target();
	rig_notify("start", "a");
	loop_until(rig.base, rig_lines("checks") == 1);
	target_free(first);
	rig_write("go", "");
	rig_wait_idle();
	cr_assert_eq(rig.cycles.n, 1);
	cr_assert_str_eq(last()->output, "dest");
	cr_assert_eq(last()->result, TARGET_APPLIED);
	rig_output_release(&other);
}

Test(target_trouble, a_new_file_refused_in_place_is_removed_again)
{
	rig_set_command(&rig.output.check, "false");
	rig_target();
	rig_cycle();
	cr_assert_eq(last()->result, TARGET_FAILED);
	cr_assert(!rig_exists("dest"));
}

Test(target_trouble, a_target_freed_during_a_check_in_place_takes_the_file_back)
{
	rig_write("dest", "old\n");
	rig_set_command(&rig.output.check, rig_script("check", "echo >started; exec sleep 60"));
	rig_target();
	rig_notify("start", "a");
	loop_until(rig.base, rig_exists("started"));
	cr_assert_str_eq(rig_read("dest"), "one\n");
	target_free(rig.target);
	rig.target = NULL;
	loop_until(rig.base, strcmp(rig_read("dest"), "old\n") == 0);
	loop_until(rig.base, rig_count(".dest") == 0);
}

Test(target_trouble, the_end_of_all_during_a_check_in_place_takes_the_file_back)
{
	struct error err = ERROR_INIT;

	rig_write("dest", "old\n");
	rig_set_command(&rig.output.check, rig_script("check", "echo >started; exec sleep 60"));
	rig_target();
	rig_notify("start", "a");
	loop_until(rig.base, rig_exists("started"));
	target_free(rig.target);
	rig.target = NULL;
	publisher_free(rig.pub);
	cr_assert_str_eq(rig_read("dest"), "old\n");
	cr_assert_eq(rig_count(".dest"), 0);
	rig.pub = publisher_new(
		&(struct proxy_services){.base = rig.base, .children = rig.children}, &err);
}

Test(target_trouble, a_refused_check_is_tried_again_for_causes_outside)
{
	rig_set_command(&rig.output.check, rig_script("check", "echo >>checks; [ -e dns ]"));
	rig_target();
	rig_notify("start", "a");
	loop_until(rig.base, rig_lines("checks") == 3);
	rig_write("dns", "");
	loop_until(rig.base, last()->result == TARGET_APPLIED);
	cr_assert_str_eq(rig_read("dest"), "one\n");
	cr_assert_str_eq(last()->event, "retry");
}

Test(target_trouble, a_hung_check_is_ended_and_the_old_file_stays)
{
	rig_write("dest", "old\n");
	rig.output.check_timeout_ns = 50 * MS;
	rig_set_command(&rig.output.check, "sh -c 'sleep 60' {candidate}");
	rig_target();
	rig_notify("start", "a");
	loop_until(rig.base, rig.cycles.n == 1);
	cr_assert_str_eq(rig.cycles.v[0].what, "check failed, the old file stays");
	cr_assert_eq(strncmp(rig.cycles.v[0].error, "timed out after", 15), 0);
	cr_assert_str_eq(rig_read("dest"), "old\n");
}

Test(target_trouble, a_check_that_says_ten_megabytes_is_heard_in_part)
{
	rig_set_command(&rig.output.check,
		"echo '[error] the beginning'; yes line | head -c 10485760; test ! -e {candidate}");
	rig_target();
	rig_notify("start", "a");
	loop_until(rig.base, rig.cycles.n == 1);
	cr_assert_str_eq(rig.cycles.v[0].error, "exit status 1: [error] the beginning");
	cr_assert_lt(rig_log.len, 10000);
}

Test(target_trouble, a_template_error_leaves_the_old_file_and_is_said_once)
{
	rig_write("dest", "old\n");
	rig.broken = "web.tmpl:12: unexpected \"}\" in operand";
	rig_target();
	for (int i = 0; i < 3; i++)
		rig_cycle();
	cr_assert_geq(rig.cycles.n, 3);
	cr_assert_str_eq(last()->what, "template error, the old file stays");
	cr_assert_str_eq(last()->error, rig.broken);
	cr_assert_eq(logged("web.tmpl:12"), 1);
	cr_assert_str_eq(rig_read("dest"), "old\n");
	rig.broken = NULL;
	rig_cycle();
	cr_assert_str_eq(rig_read("dest"), "one\n");
}

Test(target_trouble, a_template_that_works_again_is_found_without_an_event)
{
	rig.broken = "web.tmpl: cannot read it";
	rig_target();
	rig_cycle();
	rig.broken = NULL;
	loop_until(rig.base, last()->result == TARGET_APPLIED);
	cr_assert_str_eq(last()->event, "retry");
}

Test(target_trouble, a_successor_that_never_ran_touches_nothing)
{
	struct target *never;

	rig_write("dest", "old\n");
	rig_set_command(&rig.output.check,
		rig_script("check", "echo >started; while [ ! -e go ]; do sleep 0.01; done"));
	rig_target();
	rig_notify("start", "a");
	loop_until(rig.base, rig_exists("started"));
	never = rig_new_target(&rig.output);
	target_free(never);
	rig_write("go", "");
	rig_wait_idle();
	cr_assert_eq(last()->result, TARGET_APPLIED);
	cr_assert_str_eq(rig_read("dest"), "one\n");
}

Test(target_trouble, a_successor_takes_over_from_a_check_in_place)
{
	struct target *old;

	rig_write("dest", "old\n");
	rig_set_command(&rig.output.check,
		rig_script("check", "echo >>started; while [ ! -e go ]; do sleep 0.01; done"));
	rig_set_command(&rig.output.reload, rig_script("reload", "echo >>reloads"));
	rig_target();
	rig_notify("start", "a");
	loop_until(rig.base, rig_exists("started"));
	old = rig.target;
	rig_target();
	target_adopt(rig.target, old);
	target_free(old);
	rig_notify("reload", NULL);
	loop_until(rig.base, rig_lines("started") == 2);
	cr_assert_str_eq(rig_read("dest"), "one\n");
	rig_write("go", "");
	rig_wait_idle();
	cr_assert_str_eq(last()->what, "checked, written, reloaded");
	cr_assert_eq(rig_lines("reloads"), 1);
	loop_until(rig.base, rig_count(".dest") == 0);
}

Test(target_trouble, a_broken_template_does_not_stop_an_owed_reload)
{
	rig_set_command(&rig.output.reload, rig_script("reload", "[ -e proxy ]"));
	rig_target();
	rig_notify("start", "a");
	loop_until(rig.base, rig.cycles.n == 1);
	rig.broken = "web.tmpl:1: no";
	rig.hash = 5;
	rig_write("proxy", "");
	rig_notify("start", "b");
	loop_until(rig.base, strstr(last()->what, "reloaded"));
	cr_assert_str_eq(last()->what, "reloaded, template error, the old file stays");
}

Test(target_trouble, a_vanished_directory_is_one_clear_error_until_it_is_back)
{
	char text[256];

	free(rig.output.dest);
	rig.output.dest = strdup(rig_path("sub/dest"));
	rig_target();
	rig_notify("start", "a");
	loop_until(rig.base, rig.cycles.n == 3);
	snprintf(text, sizeof(text),
		"cannot write %s/sub/dest: cannot create a file in %s/sub: No such file or "
		"directory "
		"(create or mount the directory)",
		rig.dir, rig.dir);
	cr_assert_str_eq(rig.cycles.v[0].error, text);
	cr_assert_eq(logged("cannot create a file"), 1);
	mkdir(rig_path("sub"), 0755);
	loop_until(rig.base, last()->result == TARGET_APPLIED);
	cr_assert_str_eq(rig_read("sub/dest"), "one\n");
}

Test(target_trouble, a_directory_in_the_way_is_named)
{
	mkdir(rig_path("dest"), 0755);
	rig_target();
	rig_notify("start", "a");
	loop_until(rig.base, rig.cycles.n == 1);
	cr_assert(strstr(rig.cycles.v[0].error, "it is a directory, not a regular file"), "%s",
		rig.cycles.v[0].error);
}

Test(target_trouble, a_pipe_in_the_way_does_not_hang)
{
	cr_assert_eq(mkfifo(rig_path("dest"), 0600), 0);
	rig_target();
	rig_notify("start", "a");
	loop_until(rig.base, rig.cycles.n == 1);
	cr_assert_eq(rig.cycles.v[0].result, TARGET_FAILED);
}

Test(target_trouble, a_full_disk_leaves_the_old_file)
{
	static char big[256 * 1024];

	mkdir(rig_path("disk"), 0755);
	if (mount("none", rig_path("disk"), "tmpfs", 0, "size=64k") != 0)
		cr_skip_test("mounting a small file system needs root");
	memset(big, 'x', sizeof(big) - 1);
	free(rig.output.dest);
	rig.output.dest = strdup(rig_path("disk/dest"));
	rig_target();
	rig_cycle();
	rig.text = big;
	rig_notify("start", "b");
	loop_until(rig.base, rig.cycles.n == 2);
	cr_assert(strstr(last()->error, "No space left on device (free some space)"), "%s",
		last()->error);
	cr_assert_str_eq(rig_read("disk/dest"), "one\n");
	rig.text = "two\n";
	rig_cycle();
	cr_assert_str_eq(rig_read("disk/dest"), "two\n");
	target_free(rig.target);
	rig.target = NULL;
	umount2(rig_path("disk"), MNT_DETACH);
}

Test(target_trouble, a_read_only_file_system_is_said_plainly)
{
	mkdir(rig_path("disk"), 0755);
	if (mount("none", rig_path("disk"), "tmpfs", MS_RDONLY, NULL) != 0)
		cr_skip_test("mounting a file system needs root");
	free(rig.output.dest);
	rig.output.dest = strdup(rig_path("disk/dest"));
	rig_target();
	rig_notify("start", "a");
	loop_until(rig.base, rig.cycles.n == 1);
	cr_assert(strstr(last()->error, "Read-only file system (mount it writable)"), "%s",
		last()->error);
	mount("none", rig_path("disk"), "tmpfs", MS_REMOUNT, NULL);
	loop_until(rig.base, last()->result == TARGET_APPLIED);
	target_free(rig.target);
	rig.target = NULL;
	umount2(rig_path("disk"), MNT_DETACH);
}

Test(target_trouble, a_file_mounted_over_dest_is_explained)
{
	rig_write("host", "old\n");
	rig_write("dest", "");
	if (mount(rig_path("host"), rig_path("dest"), NULL, MS_BIND, NULL) != 0)
		cr_skip_test("mounting a file needs root");
	rig.output.write = CONFIG_WRITE_RENAME;
	rig_target();
	rig_notify("start", "a");
	loop_until(rig.base, rig.cycles.n == 1);
	cr_assert(strstr(last()->error,
			  "(it is a mount point: mount its directory instead of the file, or allow "
			  "\"write = inplace\")"),
		"%s", last()->error);
	cr_assert_str_eq(rig_read("host"), "old\n");
	loop_until(rig.base, rig_count(".dest") == 0);
	target_free(rig.target);
	rig.target = NULL;
	umount2(rig_path("dest"), MNT_DETACH);
}

Test(target_trouble, a_file_mounted_over_dest_is_written_in_place)
{
	rig_write("host", "old\n");
	rig_write("dest", "");
	if (mount(rig_path("host"), rig_path("dest"), NULL, MS_BIND, NULL) != 0)
		cr_skip_test("mounting a file needs root");
	rig_target();
	rig_notify("start", "a");
	loop_until(rig.base, rig.cycles.n == 1);
	cr_assert_eq(last()->result, TARGET_APPLIED);
	cr_assert_str_eq(rig_read("host"), "one\n");
	cr_assert_not_null(strstr(buf_cstr(&rig_log), "is written in place"));
	loop_until(rig.base, rig_count(".dest") == 0);
	target_free(rig.target);
	rig.target = NULL;
	umount2(rig_path("dest"), MNT_DETACH);
}

Test(target_trouble, a_target_freed_at_any_moment_leaves_nothing)
{
	rig_write("dest", "old\n");
	for (int turns = 0; turns < 40; turns++) {
		rig.text = turns % 2 ? "one\n" : "two\n";
		rig_target();
		rig_notify("start", "a");
		for (int i = 0; i < turns; i++)
			event_base_loop(rig.base, EVLOOP_NONBLOCK);
		target_free(rig.target);
		rig.target = NULL;
	}
	loop_until(rig.base, rig_count(".dest") == 0);
}
