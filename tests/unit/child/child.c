/* SPDX-License-Identifier: MIT
 *
 * Real commands under a real loop.
 */
#include "config.h"

#include "base/child.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "unit/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define MS ((int64_t)NS_PER_MS)
/* Literal words as an argv; exec takes them without const for reasons of age. */
#define WORDS(...) ((char *const *)(uintptr_t)(const char *const[]){__VA_ARGS__, NULL})

/* What a callback saw. */
struct seen {
	bool ended;
	enum child_end end;
	int code;
	char *output, *text;
	size_t len;
	uint64_t dropped;
};

static struct event_base *base;
static struct children *set;
static struct seen seen;

static void setup(void)
{
	base = event_base_new();
	set = children_new(base);
	memset(&seen, 0, sizeof(seen));
}

static void teardown(void)
{
	children_free(set);
	event_base_free(base);
	free(seen.output);
	free(seen.text);
}

TestSuite(child, .init = setup, .fini = teardown);

static void test_on_end(void *arg, const struct child_result *r)
{
	struct seen *s = arg;

	cr_assert(!s->ended, "called twice");
	s->ended = true;
	s->end = r->end;
	s->code = r->code;
	s->output = xmemdup0(r->output.p, r->output.len);
	s->len = r->output.len;
	s->dropped = r->dropped;
	s->text = child_describe(r);
}

static struct child *start(const char *script, int64_t timeout_ns)
{
	struct child_spec spec = {.argv = WORDS("/bin/sh", "-c", script),
		.timeout_ns = timeout_ns,
		.grace_ns = 100 * MS,
		.output_max = CHILD_OUTPUT_MAX,
		.done = test_on_end,
		.arg = &seen};

	return child_start(set, &spec);
}

static void run(const char *script, int64_t timeout_ns)
{
	start(script, timeout_ns);
	cr_assert(!seen.ended, "the callback came from child_start");
	loop_until(base, seen.ended);
}

/* Whether the process still runs (a zombie does not). */
static bool runs(pid_t pid)
{
	char path[64], state = 'Z';
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	f = fopen(path, "re");
	if (!f)
		return false;
	if (fscanf(f, "%*d (%*[^)]) %c", &state) != 1)
		state = 'Z';
	fclose(f);
	return state != 'Z';
}

Test(child, exit_status_and_both_outputs_are_reported)
{
	run("echo out; echo err >&2; exit 3", 0);
	cr_assert_eq(seen.end, CHILD_EXITED);
	cr_assert_eq(seen.code, 3);
	cr_assert_str_eq(seen.output, "out\nerr\n");
	cr_assert_str_eq(seen.text, "exit status 3");
}

Test(child, a_signal_is_reported)
{
	run("kill -9 $$", 0);
	cr_assert_eq(seen.end, CHILD_SIGNALLED);
	cr_assert_eq(seen.code, SIGKILL);
}

Test(child, a_missing_program_is_named_with_the_path)
{
	struct child_spec spec = {
		.argv = WORDS("no-such-program-here"), .done = test_on_end, .arg = &seen};

	setenv("PATH", "/nowhere:/else", 1);
	child_start(set, &spec);
	cr_assert(!seen.ended);
	loop_until(base, seen.ended);
	cr_assert_eq(seen.end, CHILD_NOT_STARTED);
	cr_assert_eq(seen.code, ENOENT);
	cr_assert_str_eq(
		seen.text, "cannot start no-such-program-here: not found in PATH (/nowhere:/else)");
}

Test(child, a_file_that_is_not_executable_is_named)
{
	struct child_spec spec = {.argv = WORDS("/etc/passwd"), .done = test_on_end, .arg = &seen};

	child_start(set, &spec);
	loop_until(base, seen.ended);
	cr_assert_eq(seen.end, CHILD_NOT_STARTED);
	cr_assert_str_eq(seen.text, "cannot start /etc/passwd: Permission denied");
}

Test(child, a_missing_interpreter_is_told_from_a_missing_program)
{
	char path[] = "/tmp/child-test-XXXXXX";
	int fd = mkstemp(path);
	struct child_spec spec = {.argv = WORDS(path), .done = test_on_end, .arg = &seen};

	cr_assert_eq(write(fd, "#!/no/such/sh\n", 14), 14);
	fchmod(fd, 0700);
	close(fd);
	child_start(set, &spec);
	loop_until(base, seen.ended);
	unlink(path);
	cr_assert(strstr(seen.text, "the interpreter that its first line names does not exist"),
		"%s", seen.text);
}

Test(child, a_cancelled_start_that_failed_calls_nobody)
{
	struct child_spec spec = {
		.argv = WORDS("/no/such/program"), .done = test_on_end, .arg = &seen};

	child_cancel(child_start(set, &spec));
	run("exit 0", 0);
	cr_assert_eq(seen.end, CHILD_EXITED);
}

Test(child, output_beyond_the_cap_is_counted_not_kept)
{
	run("head -c 10485760 /dev/zero | tr '\\0' x; exit 1", 0);
	cr_assert_eq(seen.code, 1);
	cr_assert_eq(seen.len, CHILD_OUTPUT_MAX);
	cr_assert_eq(seen.dropped, 10485760 - CHILD_OUTPUT_MAX);
}

Test(child, a_hung_command_is_ended_by_its_timeout)
{
	int64_t before = clock_mono_ns();

	run("sleep 60", 50 * MS);
	cr_assert_eq(seen.end, CHILD_TIMED_OUT);
	/* The timers of the loop run on a coarse clock. */
	cr_assert_gt(clock_mono_ns() - before, 30 * MS);
	cr_assert(strstr(seen.text, "timed out after 0."), "%s", seen.text);
}

Test(child, a_command_that_ignores_sigterm_is_killed)
{
	run("trap '' TERM; while :; do sleep 60; done", 50 * MS);
	cr_assert_eq(seen.end, CHILD_TIMED_OUT);
}

Test(child, the_whole_group_dies_with_a_timed_out_command)
{
	/* The grandchild ignores SIGTERM, the shell does not. */
	run("(trap '' TERM; exec sleep 60) & echo $!; wait", 200 * MS);
	cr_assert_eq(seen.end, CHILD_TIMED_OUT);
	pid_t grandchild = (pid_t)atoi(seen.output);
	cr_assert_gt(grandchild, 1);
	loop_until(base, !runs(grandchild));
}

Test(child, a_daemon_left_behind_with_the_pipe_open_does_not_hang_us)
{
	run("sleep 60 & echo $!; exit 0", 20000 * MS);
	cr_assert_eq(seen.end, CHILD_EXITED);
	pid_t daemon = (pid_t)atoi(seen.output);
	cr_assert(runs(daemon), "the daemon was killed");
	kill(daemon, SIGKILL);
}

Test(child, a_daemon_left_behind_may_go_on_writing)
{
	char path[] = "/tmp/child-test-XXXXXX", script[256];

	close(mkstemp(path));
	/* More than a pipe holds: it would block, or die of SIGPIPE, if nobody read. */
	snprintf(script, sizeof(script), "(head -c 1048576 /dev/zero && echo done >%s) & exit 0",
		path);
	run(script, 0);
	cr_assert_eq(seen.end, CHILD_EXITED);
	loop_until(base, access(path, R_OK) == 0 && ({
		char word[8] = "";
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		ssize_t n = read(fd, word, sizeof(word) - 1);

		close(fd);
		n > 0 && strcmp(word, "done\n") == 0;
	}));
	unlink(path);
}

Test(child, only_so_many_pipes_are_kept_open_for_daemons)
{
	pid_t daemons[CHILD_LINGER_MAX + 5];
	int before = dup(0), after;

	close(before);
	for (size_t i = 0; i < ARRAY_LEN(daemons); i++) {
		free(seen.output);
		free(seen.text);
		memset(&seen, 0, sizeof(seen));
		run("sleep 60 & echo $!", 0);
		daemons[i] = (pid_t)atoi(seen.output);
	}
	after = dup(0);
	close(after);
	for (size_t i = 0; i < ARRAY_LEN(daemons); i++)
		kill(daemons[i], SIGKILL);
	cr_assert_leq(after, before + CHILD_LINGER_MAX);
}

Test(child, no_descriptor_but_the_three_is_inherited)
{
	int leaked = open("/dev/null", O_RDONLY);

	/* ls itself opens /proc/self/fd as 3. */
	run("ls /proc/self/fd | tr '\\n' ' '", 0);
	close(leaked);
	cr_assert_str_eq(seen.output, "0 1 2 3 ");
}

Test(child, standard_input_is_empty)
{
	run("cat; readlink /proc/$$/fd/0", 0);
	cr_assert_str_eq(seen.output, "/dev/null\n");
}

Test(child, signals_are_as_a_fresh_program_expects)
{
	unsigned long long blocked, ignored;
	sigset_t block;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&block);
	sigaddset(&block, SIGUSR1);
	sigprocmask(SIG_BLOCK, &block, NULL);
	/* Not the shell: it blocks signals for a moment while it waits for grep. */
	run("exec grep -E '^Sig(Blk|Ign)' /proc/self/status", 0);
	cr_assert_eq(sscanf(seen.output, "SigBlk: %llx SigIgn: %llx", &blocked, &ignored), 2);
	/* 32 and 33 belong to the C library. */
	cr_assert_eq(blocked & 0x7fffffff, 0);
	cr_assert_eq(ignored & 0x7fffffff, 0);
}

Test(child, it_leads_a_group_of_its_own)
{
	run("ps -o pgid= -p $$ | tr -d ' \\n'; echo; echo $$", 0);
	cr_assert_neq(strchr(seen.output, '\n'), NULL);
	cr_assert_eq(atoi(seen.output), atoi(strchr(seen.output, '\n') + 1));
}

Test(child, environment_is_added_to_and_replaced)
{
	static const char *const env[] = {"UPSTREAMD_OUTPUT=web", "HOME=/else", NULL};
	struct child_spec spec = {
		.argv = WORDS("/bin/sh", "-c", "echo $UPSTREAMD_OUTPUT $HOME $KEPT"),
		.env = env,
		.output_max = 100,
		.done = test_on_end,
		.arg = &seen};

	setenv("KEPT", "yes", 1);
	setenv("HOME", "/first", 1);
	child_start(set, &spec);
	loop_until(base, seen.ended);
	cr_assert_str_eq(seen.output, "web /else yes\n");
}

Test(child, a_cancelled_command_dies_without_a_callback)
{
	struct child *c = start("echo $$ >/dev/null; sleep 60", 0);
	struct seen other = {.ended = false};
	struct child_spec spec = {
		.argv = WORDS("/bin/sh", "-c", "exit 0"), .done = test_on_end, .arg = &other};

	child_cancel(c);
	child_start(set, &spec);
	loop_until(base, other.ended);
	cr_assert(!seen.ended);
	free(other.output);
	free(other.text);
}

Test(child, strangers_are_reaped_too)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	loop_until(base, waitpid(pid, NULL, WNOHANG) == -1 && errno == ECHILD);
}

static unsigned ended_count;

static void count_on_end(void *arg, const struct child_result *r)
{
	ended_count++;
	cr_assert_eq(r->code, (int)(intptr_t)arg);
}

Test(child, many_at_once_each_get_their_own_result)
{
	static const char *const scripts[] = {"exit 0", "exit 1", "exit 2", "exit 3"};

	ended_count = 0;
	for (unsigned i = 0; i < 40; i++) {
		struct child_spec spec = {.argv = WORDS("/bin/sh", "-c", scripts[i % 4]),
			.output_max = 10,
			.done = count_on_end,
			.arg = (void *)(intptr_t)(i % 4)};

		child_start(set, &spec);
	}
	loop_until(base, ended_count == 40);
}

Test(child, freeing_the_set_ends_what_runs)
{
	start("echo $$; sleep 60", 0);
	start("trap '' TERM; sleep 60", 0);
	children_free(set);
	cr_assert(!seen.ended);
	cr_assert_eq(waitpid(-1, NULL, WNOHANG), -1, "a child is left");
	cr_assert_eq(errno, ECHILD);
	set = children_new(base);
}

/* --- functions in a copy of the process ------------------------------------------------------ */

static int private_number = 1;

static void say_hello(void *arg, int output)
{
	private_number = 2;
	cr_assert_eq(write(output, arg, strlen(arg)), (ssize_t)strlen(arg));
}

static void wait_for_ever(void *arg UNUSED, int output UNUSED)
{
	for (;;)
		pause();
}

static void write_much(void *arg UNUSED, int output)
{
	char block[1024];

	memset(block, 'x', sizeof(block));
	for (int i = 0; i < 1000; i++)
		cr_assert_eq(write(output, block, sizeof(block)), (ssize_t)sizeof(block));
	_exit(7);
}

static struct child *start_function(child_run_fn *fn, int64_t timeout_ns)
{
	static char text[] = "hello";
	struct child_spec spec = {.run = fn,
		.run_arg = text,
		.timeout_ns = timeout_ns,
		.grace_ns = 100 * MS,
		.output_max = CHILD_OUTPUT_MAX,
		.done = test_on_end,
		.arg = &seen};

	return child_start(set, &spec);
}

Test(child, a_function_runs_in_a_copy_of_the_process)
{
	start_function(say_hello, 0);
	cr_assert(!seen.ended);
	loop_until(base, seen.ended);
	cr_assert_eq(seen.end, CHILD_EXITED);
	cr_assert_eq(seen.code, 0);
	cr_assert_str_eq(seen.output, "hello");
	cr_assert_eq(private_number, 1);
}

Test(child, what_a_function_writes_is_limited_and_counted)
{
	start_function(write_much, 0);
	loop_until(base, seen.ended);
	cr_assert_eq(seen.code, 7);
	cr_assert_eq(seen.len, CHILD_OUTPUT_MAX);
	cr_assert_eq(seen.dropped, 1000 * 1024 - CHILD_OUTPUT_MAX);
}

Test(child, a_function_that_does_not_end_is_ended)
{
	start_function(wait_for_ever, 50 * MS);
	loop_until(base, seen.ended);
	cr_assert_eq(seen.end, CHILD_TIMED_OUT);
}

Test(child, a_cancelled_function_ends_without_a_callback)
{
	struct child *c = start_function(wait_for_ever, 0);

	child_cancel(c);
	loop_until(base, waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
	cr_assert(!seen.ended);
}

/* A process that starts one, tells its number, and dies. */
static void start_and_die(int output)
{
	struct child_spec spec = {.run = wait_for_ever, .done = test_on_end, .arg = &seen};
	struct event_base *own = event_base_new();
	struct children *own_set = children_new(own);
	FILE *f;
	char path[64], number[32] = "";

	child_start(own_set, &spec);
	snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
	f = fopen(path, "re");
	if (!f || !fgets(number, sizeof(number), f))
		_exit(EXIT_FAILURE);
	cr_assert_gt(write(output, number, strlen(number)), 0);
	raise(SIGKILL);
}

Test(child, a_function_dies_with_its_parent)
{
	char number[32] = "";
	int fds[2], status;
	pid_t parent;

	cr_assert_eq(pipe(fds), 0);
	teardown();
	parent = fork();
	if (parent == 0)
		start_and_die(fds[1]);
	setup();
	close(fds[1]);
	cr_assert_gt(read(fds[0], number, sizeof(number) - 1), 0);
	close(fds[0]);
	cr_assert_gt(atoi(number), 0);
	loop_until(base, !runs((pid_t)atoi(number)));
	waitpid(parent, &status, WNOHANG);
}
