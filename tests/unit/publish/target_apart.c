/* SPDX-License-Identifier: MIT
 *
 * Renders that may hold the loop: they run in a process of their own, everything else goes on
 * meanwhile, and whatever becomes of that process costs one cycle at the most.
 */
#include "config.h"

#include "unit/publish/rig.h"

#include "base/clock.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

TestSuite(target_apart, .init = rig_setup, .fini = rig_teardown);

/* --- what renders do ------------------------------------------------------------------------ */

static void add_pid(struct buf *out)
{
	buf_add_fmt(out, "pid %d\n", (int)getpid());
}

/* Says that it runs, and goes on when there is a file called go. */
static void await_go(struct buf *out UNUSED)
{
	const struct timespec pause = {.tv_nsec = 2 * MS};
	char pid[32];

	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	rig_write("runs", pid);
	while (!rig_exists("go"))
		nanosleep(&pause, NULL);
}

static void hang(struct buf *out UNUSED)
{
	for (;;)
		pause();
}

static void die(struct buf *out UNUSED)
{
	raise(SIGKILL);
}

static void leave(struct buf *out UNUSED)
{
	_exit(EXIT_SUCCESS);
}

static void take_long(struct buf *out)
{
	int64_t end = clock_mono_ns() + TARGET_HOLD_NS;

	while (clock_mono_ns() <= end)
		;
	add_pid(out);
}

/* What the process has of the parent's. */
static void look_around(struct buf *out)
{
	DIR *dir = opendir("/proc/self/fd");
	struct sigaction action;
	unsigned fds = 0, handlers = 0;
	sigset_t blocked;

	while (readdir(dir))
		fds++;
	closedir(dir);
	sigprocmask(SIG_SETMASK, NULL, &blocked);
	for (int i = 1; i < NSIG; i++)
		if (sigaction(i, NULL, &action) == 0 && action.sa_handler != SIG_DFL)
			handlers++;
	/* 0, 1, 2, the output, the directory, and its two names. */
	buf_add_fmt(out, "%u descriptors, %u handlers, SIGTERM %s, leader %s\n", fds - 3, handlers,
		sigismember(&blocked, SIGTERM) ? "blocked" : "open",
		getpgid(0) == getpid() ? "yes" : "no");
}

/* Far more than a pipe holds. */
static void add_lines(struct buf *out)
{
	for (int i = 0; i < 70000; i++)
		buf_add_fmt(out, "line %d\n", i);
}

static void overflow(struct buf *out)
{
	static const char block[1 << 16];

	while (!out->full)
		buf_add(out, block, sizeof(block));
}

/* --- where renders run ------------------------------------------------------------------------ */

static bool pid_is_ours(const char *text)
{
	int pid = 0;

	cr_assert_eq(sscanf(text, "pid %d", &pid), 1, "%s", text);
	return pid == (int)getpid();
}

Test(target_apart, a_render_that_is_not_slow_runs_in_the_process)
{
	rig.hook = add_pid;
	rig_target();
	rig_cycle();
	cr_assert(pid_is_ours(rig_read("dest")));
}

Test(target_apart, a_slow_render_runs_in_another_process)
{
	rig.slow = true;
	rig.hook = add_pid;
	rig_target();
	cr_assert_eq(rig_cycle()->result, TARGET_APPLIED);
	cr_assert(!pid_is_ours(rig_read("dest")));
	cr_assert_eq(rig.cycles.v[0].bytes, strlen(rig_read("dest")));
	cr_assert_geq(rig.cycles.v[0].render_ns, 0);
}

Test(target_apart, a_render_that_took_long_holds_the_loop_no_second_time)
{
	rig.hook = take_long;
	rig_target();
	rig_cycle();
	cr_assert(pid_is_ours(rig_read("dest")));
	rig.hash = 2;
	rig.hook = add_pid;
	rig_cycle();
	cr_assert(!pid_is_ours(rig_read("dest")));
	/* It was fast there: it comes back. */
	for (int64_t end = clock_mono_ns() + 20000 * MS;
		!pid_is_ours(rig_read("dest")) && clock_mono_ns() < end;) {
		rig.hash++;
		rig_cycle();
	}
	cr_assert(pid_is_ours(rig_read("dest")));
}

Test(target_apart, a_render_that_gives_up_begins_again_in_another_process)
{
	rig.gives_up = true;
	rig.hook = add_pid;
	rig_target();
	cr_assert_eq(rig_cycle()->result, TARGET_APPLIED);
	cr_assert_eq(rig.cycles.n, 1);
	cr_assert(!pid_is_ours(rig_read("dest")));
	cr_assert(!strstr(rig_read("dest"), "half"));
}

Test(target_apart, the_process_keeps_nothing_of_the_parents)
{
	rig.slow = true;
	rig.hook = look_around;
	rig_target();
	rig_cycle();
	cr_assert_str_eq(
		rig_read("dest"), "4 descriptors, 0 handlers, SIGTERM open, leader yes\none\n");
}

Test(target_apart, a_large_result_comes_whole)
{
	struct buf want;

	buf_init(&want, SIZE_MAX);
	add_lines(&want);
	buf_add_cstr(&want, rig.text);
	rig.slow = true;
	rig.hook = add_lines;
	rig_target();
	cr_assert_eq(rig_cycle()->bytes, want.len);
	cr_assert_str_eq(rig_read("dest"), buf_cstr(&want));
	buf_release(&want);
}

Test(target_apart, blank_lines_are_removed_there_too)
{
	rig.slow = true;
	rig.text = "a\n\n  \nb\n";
	rig_target();
	rig_cycle();
	cr_assert_str_eq(rig_read("dest"), "a\nb\n");
}

/* --- what goes on meanwhile ---------------------------------------------------------------------
 */

Test(target_apart, other_outputs_are_served_while_one_renders)
{
	struct config_output other;
	struct target *t;

	rig_set_command(&rig.output.reload, rig_script("reload", "echo >>reloads"));
	rig_output(&other, "other");
	rig_set_command(&other.reload, rig_path("reload"));
	rig.slow = true;
	rig.hook = await_go;
	rig_target();
	rig_notify("start", "web-1");
	loop_until(rig.base, rig_exists("runs"));
	rig.slow = false;
	rig.hook = NULL;
	t = rig_new_target(&other);
	rig_notify("start", "web-2");
	/* Its reload, though the same, does not wait either. */
	loop_until(rig.base, rig_lines("reloads") == 1 && rig.cycles.n == 1);
	cr_assert_str_eq(rig.cycles.v[0].output, "other");
	cr_assert_str_eq(rig_read("other"), "one\n");
	cr_assert(!rig_exists("dest"));
	cr_assert(publisher_busy(rig.pub));
	rig_write("go", "");
	rig_wait_idle();
	cr_assert_str_eq(rig_read("dest"), "one\n");
	target_free(t);
	rig_output_release(&other);
}

Test(target_apart, changes_meanwhile_make_one_more_cycle)
{
	rig.slow = true;
	rig.hook = await_go;
	rig_target();
	rig_notify("start", "web-1");
	loop_until(rig.base, rig_exists("runs"));
	rig.text = "two\n";
	rig.hook = NULL;
	rig_notify("start", "web-2");
	rig_notify("die", "web-1");
	rig_notify("start", "web-3");
	rig_write("go", "");
	rig_wait_idle();
	cr_assert_eq(rig.cycles.n, 2);
	cr_assert_eq(rig.cycles.v[0].causes, 1);
	cr_assert_eq(rig.cycles.v[1].causes, 3);
	cr_assert_str_eq(rig.cycles.v[1].container, "web-2");
	cr_assert_eq(*rig.renders, 2);
	cr_assert_str_eq(rig_read("dest"), "two\n");
}

Test(target_apart, an_output_that_goes_takes_its_render_along)
{
	pid_t pid;

	rig.slow = true;
	rig.hook = await_go;
	rig_target();
	rig_notify("start", "web-1");
	loop_until(rig.base, *rig_read("runs"));
	pid = atoi(rig_read("runs"));
	target_free(rig.target);
	rig.target = NULL;
	loop_until(rig.base, kill(pid, 0) != 0 && errno == ESRCH);
	cr_assert_eq(rig.cycles.n, 0);
	cr_assert(!rig_exists("dest"));
}

Test(target_apart, the_end_takes_renders_along)
{
	rig.slow = true;
	rig.hook = hang;
	rig_target();
	rig_notify("start", "web-1");
	loop_until(rig.base, *rig.renders == 1);
}

/* --- what may become of it
 * ------------------------------------------------------------------------ */

/* A cycle that fails while the file in place is good. */
static const struct rig_cycle *failing_cycle(void (*hook)(struct buf *out))
{
	rig_target();
	rig_cycle();
	rig.slow = true;
	rig.hook = hook;
	rig.hash = 2;
	rig_notify("start", "web-2");
	loop_until(rig.base, rig.cycles.n == 2);
	cr_assert_eq(rig.cycles.v[1].result, TARGET_FAILED);
	cr_assert_str_eq(rig.cycles.v[1].what, "template error, the old file stays");
	cr_assert_str_eq(rig_read("dest"), "one\n");
	return &rig.cycles.v[1];
}

Test(target_apart, a_template_error_is_told_as_it_is)
{
	rig_target();
	rig_cycle();
	rig.slow = true;
	rig.broken = "template: t:1:2: %s\nno";
	rig.hash = 2;
	cr_assert_eq(rig_cycle()->result, TARGET_FAILED);
	cr_assert_str_eq(rig.cycles.v[1].error, rig.broken);
	cr_assert_str_eq(rig_read("dest"), "one\n");
}

Test(target_apart, a_process_that_is_killed_is_an_error_of_that_render)
{
	cr_assert_str_eq(failing_cycle(die)->error,
		"the render's process came to an end too early: killed by signal 9 (Killed)");
	rig.text = "two\n";
	rig.hook = NULL;
	loop_until(rig.base, strcmp(rig_read("dest"), "two\n") == 0);
}

Test(target_apart, a_process_that_says_nothing_is_an_error_of_that_render)
{
	cr_assert_str_eq(failing_cycle(leave)->error,
		"the render's process came to an end too early: exit status 0");
}

Test(target_apart, a_render_that_does_not_end_is_ended)
{
	rig.output.render_timeout_ns = 100 * MS;
	cr_assert_str_eq(
		failing_cycle(hang)->error, "the render was ended after 0.1 s (render_timeout)");
}

Test(target_apart, a_result_that_is_too_large_is_an_error)
{
	cr_assert_str_eq(
		failing_cycle(overflow)->error, "the output is longer than 67108864 bytes");
}
